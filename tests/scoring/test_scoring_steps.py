"""The steps of the engine that the points rule does not use: follow-up, what counts once, sums, extremes, unknowns."""

import pytest

from synthesis.scoring.reading.rule_file import read_rule
from synthesis.scoring.score import score, score_cells
from synthesis.scoring.states import ScoredFinding

HEAD = """
rule: made
title: made for this test
grades: intervention and outcome
provenance: [{source: this test, says: nothing, verified: ours}]
outputs: {"yes": {colour: green, label: "Yes"}, "no": {colour: grey, label: "No"}}
asks:
  team: {of: study, kind: text, says: who did it}
  sold: {of: intervention, kind: truth, says: whether it can be bought}
findings: [{is: good, when: direction == 'effective'}, {is: bad}]
studies: [{is: good, when: good > 0, by: [good]}, {is: bad}]
"""
END = """
clauses:
  - {clause: A, gives: "yes", when: WHEN, says: so, verified: ours}
  - {clause: B, gives: "no", says: else, verified: ours}
"""


def rule(steps, when):
    return read_rule(HEAD + steps + END.replace("WHEN", when), "made.yaml")


def finding(study, direction="effective", **facts):
    detail = facts.pop("detail", "")
    return ScoredFinding(study, 5, "o", detail, direction, reference=str(facts), facts=tuple(facts.items()))


TIMES = [
    finding("a", "effective", time="end of treatment"),
    finding("a", "ineffective", months=9.0, time="medium"),
    finding("a", "effective"),
]


@pytest.mark.parametrize(
    ("follow_up", "output"),
    [("all", "yes"), ("end", "yes"), ("longest", "no")],
)
def test_follow_up(follow_up, output):
    """Of one study the time asked for counts; a time that is not stated is neither the first nor the last."""
    made = rule(f"follow_up: {follow_up}\nfeatures: {{good: {{count: state == 'good'}}}}", "good > 0")

    assert score(TIMES, made).output == output


@pytest.mark.parametrize(("one", "number"), [("study", 2), ("report", 3), ("finding", 4)])
def test_what_counts_once(one, number):
    """Studies, reports or findings, of two findings in one report, one in another, and another study."""
    findings = [
        finding("a", report="R1", detail="x"),
        finding("a", report="R1", detail="y"),
        finding("a", report="R2"),
        finding("b", report="R3"),
    ]
    made = rule(f"one: {one}\nfeatures: {{good: {{count: state == 'good'}}}}", f"good == {number}")

    assert score(findings, made).output == "yes"


@pytest.mark.parametrize(
    ("feature", "when", "output", "could_be"),
    [
        ("{sum: n}", "x >= 100", "no", ("yes",)),  # 60 and one that is not stated
        ("{sum: n}", "x >= 60", "yes", ()),
        ("{highest: n}", "x >= 40", "yes", ()),
        ("{highest: n}", "x >= 41", "no", ("yes",)),
        ("{lowest: n}", "x <= 20", "yes", ()),
        ("{lowest: n, when: n > 30}", "x <= 40", "yes", ()),
        ("{highest: n, when: n > 999}", "x > 0", "no", ("yes",)),  # nobody is sure to be there
        ("{distinct: team}", "x >= 2", "yes", ()),  # York, Leeds, and one that is not stated
        ("{distinct: team}", "x >= 3", "no", ("yes",)),
        ("{any: n > 30}", "x", "yes", ()),
        ("{count: n > 30}", "x >= 2", "no", ("yes",)),
        ("{value: studies * 2}", "x == 6", "yes", ()),
        ("{first: [{is: 1, when: sold}, {is: 2, when: not sold}]}", "x == 1", "no", ("yes",)),
    ],
)
def test_features_of_what_is_not_stated(feature, when, output, could_be):
    """A feature lies between what is sure and what may be, and the score tells what is still open."""
    findings = [finding("a", n=40.0, team="York"), finding("b", n=20.0, team="Leeds"), finding("c")]
    found = score(findings, rule(f"features: {{x: {feature}}}", when))

    assert (found.output, found.could_be) == (output, could_be)


def test_what_people_supply():
    """What is asked of the intervention comes with the cell."""
    made = rule("features: {x: {any: level == 5}}", "x and sold")
    cells = {name: [finding("a")] for name in ("sold", "not sold", "nobody said")}
    found = score_cells(cells, made, contexts={"sold": {"sold": True}, "not sold": {"sold": False}})

    assert {key: (one.output, one.could_be) for key, one in found.items()} == {
        "sold": ("yes", ()),
        "not sold": ("no", ()),
        "nobody said": ("no", ("yes",)),
    }


def test_a_study_that_may_count():
    """Where it is open whether the rule counts a study, its features are open too."""
    made = rule("count: team == 'York'\nfeatures: {x: {count: state == 'good'}}", "x > 0")

    assert score([finding("a", team="York")], made).output == "yes"
    assert score([finding("a", team="Leeds")], made).could_be == ()
    assert score([finding("a")], made).could_be == ("yes",)


def test_cells_do_not_touch_one_another():
    """Many cells at once come to what each comes to alone."""
    made = rule("features: {x: {count: state == 'good'}}", "x >= 2")
    cells = {0: [], 1: [finding("a"), finding("b")], 2: [finding("a")], 3: [finding("b", "ineffective"), *TIMES]}
    together = score_cells(cells, made)

    assert together == {key: score(findings, made) for key, findings in cells.items()}
