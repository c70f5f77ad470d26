"""How surprising a score is, and how little would change it: against trying everything."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis.errors import InvalidArgument
from synthesis.scoring.operating import ScoredCell, behaviour, fragility, fragility_many, surprise, surprise_many
from synthesis.scoring.reading.rule_file import load_rule, read_rule
from synthesis.scoring.score import score
from tests.scoring.points_template import TEMPLATE
from tests.scoring.strategies import cells, findings_of

PDTSRG = load_rule("pdtsrg-2009")
# of each state of the points rule, a finding that is of that state alone
STATED = {"effective": "significant", "limited": "limited", "ineffective": "ineffective", "contrary": "contrary"}


def points_of(states, levels, policy="literal"):
    """What the rule gives for studies of these states, from findings that have them."""
    text = "; ".join(
        f"s{place} {level} significant; s{place} {level} contrary"
        if state == "divided"
        else f"s{place} {level} {STATED[state]}"
        for place, (state, level) in enumerate(zip(states, levels, strict=True))
    )
    return score(findings_of(text), PDTSRG, policy).output


def fewest(states, levels):
    """The fewest flips that change the points, by trying all states of all studies."""
    now = points_of(states, levels)
    others = (
        sum(one != other for one, other in zip(states, tried, strict=True))
        for tried in itertools.product([*STATED, "divided"], repeat=len(states))
        if points_of(tried, levels) != now
    )
    return min(others, default=None)


@pytest.mark.parametrize(
    ("cell", "flips"),
    [
        ([("effective", 5)] * 3, 2),
        ([("effective", 5)] * 4, 3),
        ([("effective", 5)] * 2 + [("ineffective", 4)], 1),
        ([("ineffective", 5)] * 3, 1),
        ([("effective", 4), ("effective", 4), ("limited", 4)], 1),
    ],
)
def test_the_fewest_flips_of_known_cells(cell, flips):
    """As trying all states of all studies finds them."""
    states, levels = zip(*cell, strict=True)

    assert fewest(states, levels) == flips
    text = "; ".join(f"s{place} {level} {STATED[state]}" for place, (state, level) in enumerate(cell))
    assert fragility(findings_of(text), PDTSRG).flips == flips


@given(found=cells(levels=(4, 5)), policy=st.sampled_from(list(PDTSRG.policies)))
def test_the_example_does_what_it_says(found, policy):
    """As many flips are named as counted, each to another state, and what they lead to is another output."""
    one = fragility(found, PDTSRG, policy)

    assert one.output == (score(found, PDTSRG, policy).output or "blank")
    assert len({flip.study for flip in one.example}) == (one.flips or 0)
    assert one.flips is None or (one.becomes != one.output and all(flip.state != flip.becomes for flip in one.example))


@given(found=cells(levels=(4, 5)), policy=st.sampled_from(["literal", "cautious"]))
def test_the_flips_lead_where_they_say(found, policy):
    """Findings that have the states after the flips are scored as the output that is named."""
    one, studies = fragility(found, PDTSRG, policy), score(found, PDTSRG, policy).studies
    turned = {study.study: study.state for study in studies} | {flip.study: flip.becomes for flip in one.example}
    levels = [study.level for study in studies]

    assert one.flips is None or one.becomes == points_of([turned[study.study] for study in studies], levels, policy)


@given(found=cells(levels=(3, 4, 5, None)), policy=st.sampled_from(list(PDTSRG.policies)))
def test_without_each_study(found, policy):
    """As scoring the findings without those of the study."""
    one = fragility(found, PDTSRG, policy)

    for left in one.without if policy not in ("findings-count", "reports-count") else ():
        rest = [finding for finding in found if finding.study != left.study]
        assert left.output == (score(rest, PDTSRG, policy).output or "blank")
    assert {left.study for left in one.without} == {study.study for study in score(found, PDTSRG, policy).studies}


def test_all_states_tried_agree_with_the_programme():
    """A rule whose counts are written as numbers of different studies is tried set by set, with the same answer."""
    other = read_rule(TEMPLATE.replace("C: {count:", "C: {distinct: report, when:"), "other.yaml")
    same = read_rule(TEMPLATE, "same.yaml")
    found = findings_of("a 5 significant; b 5 significant; c 5 significant; d 5 ineffective")
    one, tried = fragility(found, same), fragility(found, other)

    assert (one.flips, one.output) == (1, "3")
    assert (tried.flips, tried.output, tried.becomes) == (1, "3", "1")


def test_many_cells_are_cells_alone():
    """Cells of several sizes and contexts, an empty one among them."""
    rule = load_rule("sherman-1998")
    held = {
        1: findings_of("a 5 significant; b 4 significant; c 3 ineffective"),
        2: [],
        3: findings_of("a 5 ineffective; b 4 ineffective"),
        4: findings_of("x 3 significant"),
    }
    contexts = {3: {"upper": 0.1, "worthwhile": 0.2}, 4: {"upper": 0.5, "worthwhile": 0.2}}
    together = fragility_many(held, rule, "equivalence", contexts)

    for key, found in held.items():
        assert together[key] == fragility(found, rule, "equivalence", contexts.get(key))
    assert (together[3].output, together[2].output, together[2].flips) == ("what_does_not_work", "blank", None)
    assert together[2].reason == "no study counts, so none can flip"


def test_text_and_values_of_fragility():
    """The flips by name, the range without one study, the studies that decide."""
    one = fragility(findings_of("a 5 significant; b 4 ineffective"), PDTSRG)

    assert one.summary().startswith("2: becomes ")
    assert one.summary().endswith("without one study: 0 to 2\n".strip())
    assert one.deciding == ("a",)
    assert one.to_dict()["deciding"] == ["a"]


def test_surprise_is_behaviour_of_the_own_studies():
    """P(S = s) and P(S >= s) under the pooled model and under no effect."""
    v, levels = [0.02, 0.05, 0.011], [5, 4, 5]
    one = surprise(PDTSRG, ScoredCell("2", v, 0.25, 0.03, levels))
    pooled, nothing = (behaviour(PDTSRG, v, theta=theta, tau2=0.03, levels=levels) for theta in (0.25, 0.0))

    assert one.pooled.same == pytest.approx(pooled.probability("2"))
    assert one.pooled.as_good == pytest.approx(pooled.at_least("2"))
    assert one.nothing.as_good == pytest.approx(nothing.probability("2") + nothing.probability("3"))
    assert (one.pooled.expected, one.k, one.method) == (pytest.approx(pooled.expected), 3, "exact")
    assert one.to_dict()["nothing"]["same"] == one.nothing.same
    assert "under no effect; k = 3, exact" in one.summary()


def test_surprise_of_many_cells():
    """Cells of other sizes, models, scales and contexts, each as alone; one that is blank."""
    rule = load_rule("wwc-v1")
    held = {
        "a": ScoredCell("positive", [0.02, 0.03], 0.3, 0.0, 5),
        "b": ScoredCell("", [], 0.0, 0.0),
        "c": ScoredCell("mixed", [0.02, 0.03, 0.1], -0.1, 0.1, [5, 4, 3], scale=0.55),
        "d": ScoredCell("not_rated", [0.02], 0.1, 0.0, 5, {"quality": "high"}, scale=None),
    }
    together = surprise_many(rule, held, policy="from_level")

    assert list(together) == list(held)
    for key, cell in held.items():
        alone = surprise(rule, cell, policy="from_level")
        for truth in ("pooled", "nothing"):
            one, other = getattr(together[key], truth), getattr(alone, truth)
            assert (one.same, one.as_good) == pytest.approx((other.same, other.as_good), abs=1e-14)
            assert one.likeliest == other.likeliest
    assert (together["b"].output, together["b"].pooled.same) == ("blank", 1.0)


def test_surprise_of_a_rule_that_is_no_sum_is_simulated():
    """With the reason why."""
    rule = load_rule("sherman-1998")
    one = surprise(
        rule, ScoredCell("unknown", [0.02, 0.03], 0.1, 0.0), policy="equivalence", context={"worthwhile": 0.2}
    )

    assert one.method == "simulation"
    assert "upper of the pool" in one.reason


def test_an_output_that_the_rule_does_not_have():
    """The nearest one is suggested."""
    with pytest.raises(InvalidArgument, match="did you mean 'what_works'"):
        surprise(load_rule("sherman-1998"), ScoredCell("what_work", [0.02], 0.1, 0.0))
