"""Waivers: what they cover, what they do not, and that none stays without need."""

import pytest

from synthesis.errors import Problem, Severity
from synthesis.records import read_records
from synthesis.records.waivers import apply_waivers
from tests.records.example import STUDY, spoilt, write

LATE = spoilt(STUDY, "months: 4", "months: 9")  # SY207 in the first finding, line 21
FIRST = "    comparator: none\n"
SECOND = "    time: {class: long}\n"


def judged(tmp_path, text, **more):
    """Code, fails and accepting words of all problems, waivers applied."""
    records = read_records(write(tmp_path, {"doe2001": text, **more}))
    return [(p.code, p.fails, p.accepted) for p in apply_waivers(records.problems, records.studies)]


def accept(text, after, codes, indent="    "):
    """The text with a waiver after a line."""
    return spoilt(text, after, f'{after}{indent}accept: {{codes: [{codes}], because: "as printed"}}\n')


def test_a_finding_accepts_its_warning(tmp_path):
    """The warning stays, with the words, and no longer fails."""
    assert judged(tmp_path, accept(LATE, FIRST, "SY207")) == [("SY207", False, "as printed")]


def test_a_study_accepts_all_its_warnings(tmp_path):
    """A waiver of the study covers every line of it, before and after its own."""
    text = accept(spoilt(LATE, "  n: 240", "  n: 20"), "cite: [Doe2001]\n", "SY207, SY205", "")
    assert judged(tmp_path, text) == [("SY205", False, "as printed"), ("SY207", False, "as printed")]


@pytest.mark.parametrize("codes", ["SY207", "SY203"])
def test_a_waiver_reaches_no_further_than_its_finding(tmp_path, codes):
    """A waiver of another finding, or of another code, covers nothing and is an error itself."""
    after = SECOND if codes == "SY207" else FIRST
    assert (
        judged(tmp_path, accept(LATE, after, codes))
        == [("SY207", True, ""), ("SY701", True, "")][:: 1 if codes == "SY207" else -1]
    )


def test_a_study_level_warning_after_the_findings(tmp_path):
    """The last finding's waiver does not cover fields of the study that stand below it."""
    arms = STUDY[STUDY.index("arms:") : STUDY.index("findings:")]
    text = spoilt(STUDY, arms, "") + spoilt(arms, "n: 120", "n: 220")
    assert judged(tmp_path, accept(text, SECOND, "SY205")) == [("SY701", True, ""), ("SY205", True, "")]


def test_the_last_line_of_the_file_is_covered(tmp_path):
    """A waiver covers the last line of the last finding, also without a line end."""
    text = accept(STUDY, "    outcome: craving\n", "SY204").rstrip("\n")
    effect = text[text.index("    effect: {mean") : text.index("\n    source: {document: Doe2001}")]
    text = spoilt(text, effect + "\n", "") + "\n" + effect.replace("4.7", "0.47")
    assert judged(tmp_path, text) == [("SY204", False, "as printed")]


def test_an_idle_waiver_is_an_error_at_its_place(tmp_path):
    """A waiver of something that is well: SY701 at the waiver's line."""
    records = read_records(write(tmp_path, {"doe2001": accept(STUDY, SECOND, "SY204")}))
    (problem,) = apply_waivers(records.problems, records.studies)

    assert (problem.line, problem.column, problem.code) == (28, 13, "SY701")
    assert "remove it" in problem.remedy


def test_notes_cannot_be_accepted(tmp_path):
    """A note needs no waiver, so a waiver of it is idle."""
    text = accept(spoilt(STUDY, "level: 5", "level: 4"), "cite: [Doe2001]\n", "SY301", "")
    records = read_records(write(tmp_path, {"doe2001": text}))
    note = Problem("studies/doe2001.yaml", 11, 11, "SY301", "level 4", "", Severity.NOTE)

    found = apply_waivers([note], records.studies)
    assert sorted((problem.code, problem.fails, problem.accepted) for problem in found) == [
        ("SY301", False, ""),
        ("SY701", True, ""),
    ]


def test_a_waiver_stays_in_its_file(tmp_path):
    """The same warning in another record is not covered."""
    text = spoilt(spoilt(LATE, "study: doe2001", "study: roe2002"), "[Doe2001]", "[Roe2002]").replace("3.1", "3.3")
    text = text.replace("[32, 120]", "[31, 120]")
    found = judged(tmp_path, accept(LATE, FIRST, "SY207"), roe2002=text)
    assert found == [("SY207", False, "as printed"), ("SY207", True, "")]
