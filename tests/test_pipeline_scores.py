"""Rules asked about a part of the evidence; the review of tests.crosscheck.made, its points worked out by hand."""

import pytest

from synthesis.errors import InvalidArgument, NotFound
from synthesis.pipeline import BY_MODALITY, BY_ROW, Asked, answer_of, check_review, rules_of, steadiness_of
from synthesis.pipeline.narrowing import narrowed
from tests.crosscheck.made import made

CELL = (
    "J",
    "reoffending",
)  # alpha, delta for it, beta without effect, all at level 5; gamma for it at level 4: 3 points
OWN_RULE = """\
rule: heads
title: How many studies there are
grades: intervention and outcome
provenance: [{source: invented, says: nothing, verified: ours}]
findings: [{is: seen}]
studies: [{is: seen}]
clauses: [{clause: counted, gives: studies, says: the number of studies, verified: ours}]
outputs: {"0": {colour: grey, label: none}}
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    return made(tmp_path_factory.mktemp("scores"))


def cell(loaded, asked, key=CELL, by=BY_ROW):
    return next(one for one in answer_of(loaded, asked, by).cells if one.key == key)


def edited(folder, study, *changes):
    """The review with a record in which texts are replaced."""
    text = (made(folder).root / f"studies/{study}.yaml").read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return made(folder, **{study: text})


def test_nothing_asked_is_the_living_evidence(loaded):
    """Without a question there is nothing to set it beside."""
    answer = answer_of(loaded, Asked(), BY_ROW)

    assert answer.whole is None
    assert cell(loaded, Asked()).asked.points == 3


def test_as_of_a_year(loaded):
    """In 2002 one trial was in favour and one was not: 1(b); the two later studies are told as missing."""
    found = cell(loaded, Asked(as_of=2002))

    assert (found.asked.clause, found.whole.points) == ("1(b)", 3)
    assert [study.study for study in found.gone] == ["delta2004", "gamma2003"]
    assert answer_of(loaded, Asked(as_of=2002), BY_ROW).left_out == (
        ("delta2004", "first reported in 2004"), ("gamma2003", "first reported in 2003")
    )  # fmt: skip


def test_a_study_without_a_year_is_left_out_with_the_reason(tmp_path):
    """Where the library states no year nobody knows whether it stood then."""
    loaded = made(tmp_path)
    path = loaded.root / "bibliography/references.bib"
    path.write_text(path.read_text().replace("  year = {2001}\n", ""))
    kept, left = narrowed(loaded, as_of=2004)

    assert left == (("alpha2001", "the library states no year of a report of it"),)
    assert "alpha2001" not in {study.key for study in kept.records.studies}


def test_a_later_report_of_a_study_did_not_stand_then(tmp_path):
    """A finding that a later report of the study itself states is left out; one that a review of it states stays."""
    loaded = edited(
        tmp_path, "alpha2001", ("cite: [Alpha2001]", "cite: [Alpha2001, Other2010]"),
        ('source: {document: Alpha2001, at: "p. 7, Table 2"}', 'source: {document: Other2010, at: "p. 1"}'),
    )  # fmt: skip
    kept, left = narrowed(loaded, as_of=2005)

    assert left == (("alpha2001", "2 findings of its reports after 2005"),)
    assert kept.records.studies[0].findings == ()


def test_a_setting_borrows_nothing(tmp_path):
    """One trial in prison: 2 points of it alone, 3 with what is borrowed."""
    loaded = edited(tmp_path, "alpha2001", ("design:", "sample: {setting: prison}\ndesign:"))
    found = cell(loaded, Asked(setting="prison"))

    assert (found.asked.clause, found.whole.clause) == ("2(a)", "3")
    assert [study.study for study in found.gone] == ["beta2002", "delta2004", "gamma2003"]


def test_what_a_report_says_of_its_studies(loaded):
    """The report has alpha2001 as contrary; the study itself says effective, and so do 3 points of all."""
    found = cell(loaded, Asked(evidence_set="old"))

    assert (found.asked.points, found.shared.clause, found.whole.points) == (0, "2(a)", 3)
    assert [(one.study, one.state, other.state) for one, other in found.turned] == [
        ("alpha2001", "contrary", "effective")
    ]


def test_a_living_set_by_name(loaded):
    """The only living set is all of the living evidence."""
    assert not any(one.differs for one in answer_of(loaded, Asked(evidence_set="new"), BY_ROW).cells)


def test_another_policy_beside_the_review_s_own(loaded):
    """`cautious` takes a point off for the trial without effect."""
    found = cell(loaded, Asked(policy="cautious"))

    assert (found.asked.points, found.whole.points) == (2, 3)


def test_a_part_is_set_beside_the_whole_under_the_same_policy(loaded):
    """Policy and year together: both scores are of the policy that is asked for."""
    answer = answer_of(loaded, Asked(policy="cautious", as_of=2002), BY_ROW)

    assert answer.whole.policy == answer.asked.policy == "cautious"


def test_another_rule_is_not_said_to_differ(loaded):
    """Points and verdicts are different words."""
    answer = answer_of(loaded, Asked(rule="sherman-1998"), BY_MODALITY)

    assert not answer.comparable
    assert answer.asked.policy == answer.asked.rule.base


def test_a_rule_of_the_review_s_own(tmp_path):
    """A file in the folder rules/ works as a shipped one does."""
    loaded = made(tmp_path)
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules/heads.yaml").write_text(OWN_RULE)

    assert cell(loaded, Asked(rule="heads")).asked.points == 4
    assert rules_of(loaded)["heads"]["programme", "reoffending"].points == 3


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        (OWN_RULE.replace("gives: studies", "gives: studis"), "SY653", "studis"),
        (OWN_RULE + "examples: [{studies: [[{level: 5}]], expect: '2'}]\n", "SY656", "not '2'"),
    ],
)
def test_a_rule_of_the_review_s_own_is_checked(tmp_path, text, code, says):
    """A fault of the file and an example that it does not come to are problems of the review, with their place."""
    loaded = made(tmp_path)
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules/heads.yaml").write_text(text)
    found = [problem for problem in check_review(loaded.root) if problem.path == "rules/heads.yaml"]

    assert [problem.code for problem in found] == [code]
    assert says in found[0].what


def test_every_rule_over_modality_and_outcome(loaded):
    """Rules that grade interventions, each on every cell with a finding, outcomes without a column among them."""
    found = rules_of(loaded)

    assert {"pdtsrg-2009", "sherman-1998", "wwc-v1"} <= set(found)
    assert "maryland-1998" not in found
    assert list(found["pdtsrg-2009"]) == [
        ("programme", "reoffending"), ("support", "reoffending"), ("court", "reoffending")
    ]  # fmt: skip


def test_policies_of_a_part(loaded):
    """Side by side of what stood in 2002."""
    _, cells = steadiness_of(loaded, Asked(as_of=2002), BY_ROW)

    assert cells[CELL].score.clause == "1(b)"
    assert cells[CELL].without_one == "0 to 2"


@pytest.mark.parametrize(
    ("asked", "error", "guess"),
    [
        (Asked(rule="sherman"), NotFound, "sherman-1998"),
        (Asked(policy="cautius"), InvalidArgument, "cautious"),
        (Asked(setting="prson"), InvalidArgument, "prison"),
        (Asked(evidence_set="nw"), InvalidArgument, "new"),
        (Asked(rule="maryland-1998"), InvalidArgument, "synth levels"),
    ],
)
def test_a_mistyped_name(loaded, asked, error, guess):
    """The nearest name is suggested."""
    with pytest.raises(error, match=guess):
        answer_of(loaded, asked, BY_ROW)
