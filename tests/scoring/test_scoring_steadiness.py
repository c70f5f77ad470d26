"""How far a cell hangs on a reading of the rule and on single studies; points of the brief truth table by hand."""

from synthesis.scoring.engine.trace import FAILS, HOLDS, MAY_HOLD, trace
from synthesis.scoring.reading.rule_file import load_rule
from synthesis.scoring.score import score
from synthesis.scoring.steadiness import span, steadiness
from tests.scoring.strategies import findings_of

RULE = load_rule("pdtsrg-2009")
MIXED = "a 5 significant; b 5 significant; c 5 ineffective; d 4 limited"


def steady(text, policy=None):
    return steadiness({"cell": findings_of(text)}, RULE, policy)["cell"]


def test_policies_that_move_a_cell():
    """Two of three level 5 trials: capped by the cautious reading, 1 point where several is three."""
    found = steady(MIXED)
    points = {name: found.by_policy[name].points for name in ("literal", "cautious", "three-are-several")}

    assert points == {"literal": 3, "cautious": 2, "three-are-several": 1}
    assert {"cautious", "three-are-several"} <= set(found.moved_by)
    assert "literal" not in found.moved_by
    assert found.over_policies == "1 to 3"


def test_each_study_left_out():
    """Without either trial in favour it is 1(b); without the one against it nothing changes."""
    found = steady(MIXED)

    assert {study: score.points for study, score in found.without.items()} == {"a": 1, "b": 1, "c": 3, "d": 3}
    assert found.decisive == ("a", "b")
    assert found.without_one == "1 to 3"


def test_each_cell_without_each_study_is_the_score_of_the_rest():
    """Leaving out is the score of the other findings, whatever the policy."""
    found = steady(MIXED, "cautious")
    rest = [finding for finding in findings_of(MIXED) if finding.study != "c"]

    assert found.without["c"] == score(rest, RULE, "cautious")


def test_fragility_of_a_cell():
    """One trial in favour turned makes 1 point of 3."""
    assert steady(MIXED).fragile.flips == 1


def test_the_span_of_outputs():
    """Blank lies below 0, numbers in their order, words in the order of the rule."""
    assert span(["3", "", "0"], RULE) == "blank to 3"
    assert span(["2", "2"], RULE) == "2"
    assert span(["10", "9"], RULE) == "9 to 10"
    assert span(["what_works", "unknown"], load_rule("sherman-1998")) == "unknown to what_works"


def test_every_clause_is_told():
    """The clauses in order with the values they speak of; the first that holds is the one of the score."""
    found = trace(findings_of("a 5 significant; b 5 ineffective"), RULE)
    steps = {step.clause.label: step for step in found.steps}

    assert found.steps[found.fired].clause.label == "1(b)"
    assert (steps["3"].holds, steps["1(b)"].holds) == (FAILS, HOLDS)
    assert steps["1(b)"].values == (("E5", "1"), ("N5", "1"))
    assert steps["3"].condition == "E5 >= several"


def test_a_clause_that_may_hold_is_told_as_such():
    """Studies that may count leave a clause open."""
    found = trace(findings_of("a 5 significant; b 5 significant"), load_rule("est-jccap"))

    assert MAY_HOLD in {step.holds for step in found.steps}
    assert ("studies", "0 to 2") in next(step for step in found.steps if not step.clause.output).values
