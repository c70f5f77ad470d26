"""How far counts are told apart, and where effects matter: by hand, and against telling everything."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthesis.scoring.operating import behaviour
from synthesis.scoring.operating.compared import count_limits, effect_constants, slimmed
from synthesis.scoring.reading.rule_file import load_rule, read_rule
from tests.scoring.points_template import TEMPLATE, enumerated, scored


def rule_of(*conditions):
    """The template with clauses that give 3, 2, ... where these conditions hold, and else 0."""
    clauses = "\n".join(
        f'  - {{clause: c{place}, gives: {3 - place}, when: "{when}", says: x, verified: ours}}'
        for place, when in enumerate(conditions)
    )
    text = TEMPLATE[: TEMPLATE.index("clauses:")] + f"values: {{several: 2}}\nclauses:\n{clauses}\n"
    other = "  - {clause: other, gives: 0, says: x, verified: ours}\n"
    return read_rule(text + other + TEMPLATE[TEMPLATE.index("outputs:") :], "x.yaml")


def limits_of(*conditions):
    """The limits of B and C in a rule with these conditions."""
    found = count_limits(slimmed(rule_of(*conditions).policies["harm_only"]), ["B", "C"])
    return found["B"], found["C"]


INFINITE = float("inf")


@pytest.mark.parametrize(
    ("condition", "limits"),
    [
        ("B >= several and C < 1", (2, 1)),
        ("B > 3 or C == 2", (4, 3)),
        ("3 <= B", (3, 0)),
        ("B + C > 0", (1, 1)),
        ("2 * B + C >= 5", (3, 5)),
        ("B > C", (INFINITE, INFINITE)),
        ("not (B in (1, 4)) and C != 0", (5, 1)),
        ("B - C > 0", (INFINITE, INFINITE)),
        ("min(C, 3) + B > 0", (INFINITE, 3)),
        ("B / 2 >= 1", (INFINITE, 0)),
        ("B is stated", (INFINITE, 0)),
        ("sign_test(B, B + C) < 0.05", (INFINITE, INFINITE)),
        ("B >= 1.5", (2, 0)),
        ("B >= 0 - 2", (0, 0)),
    ],
)
def test_counts_are_told_apart_up_to_the_largest_constant(condition, limits):
    """Equal beyond it, whatever the count: by hand from each condition."""
    assert limits_of(condition) == limits


def test_of_several_conditions_the_largest_counts():
    """Each clause raises the limits."""
    assert limits_of("B >= 2", "B >= 5 and C == 0", "C > 1") == (5, 2)


@pytest.mark.parametrize(
    ("condition", "constants"),
    [
        ("effect >= 0.25", (0.25,)),
        ("-0.25 < effect < important", (-0.25, 0.4)),
        ("abs(effect) > important", (-0.4, 0.4)),
        ("effect is stated and direction == 'effective'", ()),
        ("effect in (0.1, 0.2) or not effect < 0", (0.0, 0.1, 0.2)),
        ("effect * 2 > 1", None),
        ("effect > n", None),
    ],
)
def test_where_an_effect_matters(condition, constants):
    """The constants that it is compared with; none where the rule does more with it."""
    text = TEMPLATE.replace("B: {count: state == 'benefit'}", f"B: {{count: \"state == 'benefit' and ({condition})\"}}")
    rule = read_rule(text.replace("findings:", "values: {important: 0.4}\nfindings:", 1), "x.yaml")

    assert effect_constants(rule.policies["harm_only"]) == constants


def test_a_rule_that_reckons_with_effects_is_simulated():
    """With the reason why there is no exact distribution."""
    rule = read_rule(TEMPLATE.replace("state == 'benefit'}", "state == 'benefit' and effect * 2 > 1}", 1), "x.yaml")
    found = behaviour(rule, [0.02] * 3, theta=0.3, draws=200)

    assert (found.method, found.reason) == (
        "simulation", "the rule reckons with effects, and does not only compare them with constants",
    )  # fmt: skip


def test_sums_of_people_are_exact_where_they_are_known():
    """Sherman's preponderance of people: exact with people stated, simulated where they are not."""
    rule = load_rule("sherman-1998")
    how = {"theta": 0.3, "policy": "weighted"}
    exact = behaviour(rule, [0.02, 0.05, 0.03], facts={"n": [200, 90, 130]}, **how)
    drawn = behaviour(rule, [0.02, 0.05, 0.03], facts={"n": [200, 90, 130]}, method="simulation", **how)
    unknown = behaviour(rule, [0.02, 0.05, 0.03], draws=200, **how)

    assert (exact.method, unknown.method) == ("exact", "simulation")
    assert max(abs(exact.probability(one) - drawn.probability(one)) for one in exact.outputs) < 0.01
    assert "not known of every study" in unknown.reason


def test_too_many_sets_of_values_are_simulated():
    """Sums of 24 different powers of two have 2^24 values."""
    rule = load_rule("sherman-1998")
    found = behaviour(rule, [0.02] * 24, policy="weighted", facts={"n": [2.0**place for place in range(24)]}, draws=50)

    assert found.method == "simulation"
    assert "more than 50,000" in found.reason


COUNTS = st.sampled_from(["B", "C", "studies", "B + C", "2 * B + C", "B - C", "min(B, 2)", "max(B, C)", "abs(B - C)"])
CONDITIONS = st.recursive(
    st.builds(
        "{} {} {}".format,
        COUNTS,
        st.sampled_from(["<", "<=", ">", ">=", "==", "!="]),
        st.one_of(st.integers(0, 3), COUNTS),
    )
    | st.builds("{} in ({}, {})".format, COUNTS, st.integers(0, 4), st.integers(0, 4)),
    lambda inner: (
        st.builds("({} {} {})".format, inner, st.sampled_from(["and", "or"]), inner)
        | st.builds("(not {})".format, inner)
    ),
    max_leaves=3,
)
V = [0.01, 0.03, 0.05, 0.02]


@settings(max_examples=40)
@given(conditions=st.lists(CONDITIONS, min_size=1, max_size=3))
def test_any_rule_of_counts_is_as_enumerated(conditions):
    """Rules drawn at random: the same as scoring all 3^4 results, so nothing is told apart too little."""
    rule = rule_of(*conditions)
    found = behaviour(rule, V, theta=0.15, tau2=0.02)
    expected = enumerated(scored(rule, None, [5] * 4), V, 0.15, 0.02)

    assert found.method == "exact"
    assert {name: found.probability(name) for name in expected} == pytest.approx(expected, abs=1e-12)
    assert sum(expected.values()) == pytest.approx(1, abs=1e-12)
