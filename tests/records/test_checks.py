"""Each check of plausibility: a small file with one fault, and the line that is named; and what is no fault."""

import pytest

from synthesis.errors import Severity
from synthesis.records import read_records
from synthesis.records.checks import CHECKS
from synthesis.records.codes import CODES
from synthesis.records.twice import ACROSS
from tests.records.example import STUDY, spoilt, write

COUNTS = "{events: [32, 120], control_events: [88, 120]}"
MEANS = "{mean: 3.1, sd: 4.7, n: 20, control_mean: 2.7, control_sd: 2.7, control_n: 17}"

# what stands there, what is put there, the line, the code
FAULTS = [
    (COUNTS, "{measure: OR, estimate: 0.51, ci: [0.35, 0.90]}", 23, "SY201"),
    (COUNTS, "{measure: HR, estimate: 2.5, ci: [1.5, 3.5]}", 23, "SY201"),
    (COUNTS, "{measure: RD, estimate: -0.1, ci: [-0.35, 0.2]}", 23, "SY201"),
    ("events: [32, 120], c", "events: [32, 121], c", 23, "SY203"),
    ("control_events: [88, 120]", "control_events: [88, 130]", 23, "SY203"),
    (MEANS, "{mean: 3.1, sd: 0.6, n: 20, control_mean: 2.7, control_sd: 2.7, control_n: 17}", 28, "SY204"),
    (MEANS, "{mean: 5.1, sd: 0.6, n: 20, control_mean: 2.7, control_sd: 0.7, control_n: 17}", 28, "SY204"),
    ("  n: 240", "  n: 239", 12, "SY205"),
    ("  n: 240", "  n: 500", 12, None),
    ("waiting list, n: 120}", "waiting list, n: 121, split_of: cbt}", 12, "SY205"),
    ("unit: individual", "unit: individual, comparison: false", 9, "SY206"),
    ("unit: individual", "unit: individual, method: before-after", 9, "SY206"),
    ("unit: individual", "unit: individual, several_units: false", 9, "SY206"),
    ("unit: individual", "unit: individual, method: difference in differences, comparison: true", 9, None),
    ("months: 4", "months: 7", 21, "SY207"),
    ("months: 4", "months: 6", 21, None),
    ("class: short, months: 4", "class: medium, months: 6", 21, "SY207"),
    ("class: short, months: 4", "class: long, months: 12", 21, "SY207"),
    ("class: short, months: 4", "class: end of treatment, months: 24", 21, None),
    ("cite: [Doe2001]\n", "", 1, "SY208"),
    (STUDY[STUDY.index("findings:") :], "", 1, "SY209"),
]


@pytest.mark.parametrize(("old", "new", "line", "code"), FAULTS)
def test_a_fault(tmp_path, old, new, line, code):
    """The line and code of the one thing that is implausible, or silence; the record can be used."""
    records = read_records(write(tmp_path, {"doe2001": spoilt(STUDY, old, new)}))

    expected = [(line, code)] if code else []
    assert [(problem.line, problem.code) for problem in records.problems] == expected
    assert all(problem.severity is not Severity.ERROR and problem.remedy for problem in records.problems)
    assert len(records.studies) == 1


@pytest.mark.parametrize(
    "effect",
    [
        "{measure: OR, estimate: 0.51, ci: [0.35, 0.76]}",
        "{measure: RR, estimate: 0.5, ci: [0.35, 0.71]}",
        "{measure: RR, estimate: 0.02, ci: [0.01, 0.05]}",  # 0.015 to 0.025, 0.005 to 0.015, 0.045 to 0.055
        "{measure: OR, estimate: 12.0, ci: [9.5, 15.1]}",
        "{measure: RD, estimate: -0.05, ci: [-0.301, 0.2]}",
        "{measure: RR, estimate: 0.004, ci: [0.0, 0.1]}",
    ],
)
def test_rounding_is_no_fault(tmp_path, effect):
    """An interval that is symmetric for some numbers that round to the printed ones is not blamed."""
    problems = read_records(write(tmp_path, {"doe2001": spoilt(STUDY, COUNTS, effect)})).problems
    assert [problem.code for problem in problems if problem.code != "SY108"] == []


def other(text=STUDY, *changes):
    """The same study in a second file, with changes."""
    for old, new in (("study: doe2001", "study: roe2002"), *changes):
        text = spoilt(text, old, new)
    return text


def test_one_report_of_two_studies(tmp_path):
    """A key cited twice is named at the later file, with the path of the earlier one."""
    text = other(STUDY[: STUDY.index("findings:")] + STUDY[STUDY.index("findings:") :].replace("88", "87"))
    text = text.replace("mean: 3.1", "mean: 3.2")
    (problem,) = read_records(write(tmp_path, {"doe2001": STUDY, "roe2002": text})).problems

    assert (problem.path, problem.line, problem.code) == ("studies/roe2002.yaml", 2, "SY210")
    assert "studies/doe2001.yaml" in problem.what


def test_the_same_numbers_in_two_studies(tmp_path):
    """Equal counts, also of the other event, and equal means are named at the later file."""
    turned = "event: abstinence", "{events: [88, 120], control_events: [32, 120]}"
    text = other(STUDY, ("[Doe2001]", "[Roe2002]"), ("event: use", turned[0]), (COUNTS, turned[1]))
    problems = read_records(write(tmp_path, {"doe2001": STUDY, "roe2002": text})).problems

    places = [(problem.path, problem.line, problem.code) for problem in problems]
    assert places == [("studies/roe2002.yaml", 23, "SY211"), ("studies/roe2002.yaml", 28, "SY211")]


def test_no_events_are_no_fingerprint(tmp_path):
    """Two small trials without any event are not taken for one."""
    empty = STUDY[: STUDY.rindex("  - modality")].replace("[32, 120]", "[0, 20]").replace("[88, 120]", "[0, 20]")
    text = other(empty, ("[Doe2001]", "[Roe2002]"))

    assert read_records(write(tmp_path, {"doe2001": empty, "roe2002": text})).problems == ()


def test_checks_can_be_left_out(tmp_path):
    """Without the checks only errors are told."""
    root = write(tmp_path, {"doe2001": spoilt(STUDY, "months: 4", "months: 9")})
    assert read_records(root, checks=False).problems == ()


def test_every_check_has_a_fault_here():
    """Each code of a warning is that of a fault above; each check and code says what it is."""
    told = {code for *_, code in FAULTS} | {"SY210", "SY211", None}

    assert {code for code in CODES if code[2] == "2"} == told - {None}
    assert all(check.__doc__ for check in [*CHECKS.values(), *ACROSS.values()])
