"""Partial conjunctions and the r-value."""

import json
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtri

from synthesis.errors import InvalidArgument
from synthesis.pooling.conjunctions import CONJUNCTIONS, partial_conjunction
from synthesis.pooling.p_combinations import COMBINATIONS
from synthesis.pooling.replicability import replicability, replicability_many
from tests.pooling.reference import blocks
from tests.pooling.strategies import studies

ANCHOR = [0.003, 0.012, 0.20, 0.41, 0.74]  # evidence_rules.md, 3.2
REFERENCE = {block["id"]: block["inputs"] for block in blocks("publication_bias")}
p_values = st.lists(st.floats(1e-12, 1.0), min_size=2, max_size=9)


def as_printed(text):
    """Equal to every number that rounds to `text`."""
    return pytest.approx(float(text), rel=0, abs=0.5 * 10 ** -len(text.partition(".")[2]))


def effects_of(p):
    """Effects with variance 1 that have these p-values for an effect above 0."""
    return -ndtri(np.array(p)), np.ones(len(p))


def reference_of(combine, p):
    """The p-value of a combination, by the functions of `combine_p` or in plain Python."""
    ordered = sorted(p)
    if combine == "bonferroni":
        return min(1.0, len(p) * ordered[0])
    if combine == "simes":
        return min(len(p) * one / rank for rank, one in enumerate(ordered, 1))
    function, options = (COMBINATIONS[combine].function, {"tau": 0.05} if combine == "truncated" else {})
    return function(np.array(p), **options).tail.p


@pytest.mark.parametrize(
    ("combine", "u", "printed"), [("bonferroni", 2, "0.0480"), ("fisher", 2, "0.0708"), ("bonferroni", 1, "0.0150")]
)
def test_the_vector_of_the_anchors(combine, u, printed):
    """The bar of issue 4: five studies of which two are significant are not replicated at 5 %."""
    assert float(partial_conjunction(ANCHOR, u=u, combine=combine)) == as_printed(printed)


def test_the_r_value_of_the_anchors():
    """Twice the smaller of both directions."""
    found = replicability(*effects_of(ANCHOR), combine="bonferroni")

    assert found.r_value == as_printed("0.0960")
    assert (found.direction, found.p_greater, found.p_less) == ("greater", as_printed("0.0480"), 1.0)


@pytest.mark.parametrize(("combine", "printed"), [("fisher", 0.007616871850449092), ("simes", 0.04)])
def test_one_of_all_is_the_combination_itself(combine, printed):
    """As printed in the documentation of the Julia package MultipleTesting 0.6, `combine`, for .01, .02, .3, .5."""
    assert float(partial_conjunction([0.01, 0.02, 0.3, 0.5], u=1, combine=combine)) == pytest.approx(printed, rel=1e-13)


@pytest.mark.parametrize("combine", CONJUNCTIONS)
@given(p=p_values, data=st.data())
def test_the_largest_over_all_sets_of_studies(combine, p, data):
    """Brute force over every set of k - u + 1 studies: the least convincing one is that of the largest p-values."""
    u = data.draw(st.integers(1, len(p)))
    found = float(partial_conjunction(p, u=u, combine=combine))
    expected = max(reference_of(combine, chosen) for chosen in combinations(p, len(p) - u + 1))

    assert found == pytest.approx(expected, rel=1e-11)


@given(p=p_values)
def test_truncated_at_one_is_fisher(p):
    """Pearson's test without truncation combines all p-values."""
    whole = partial_conjunction(p, combine="truncated", tau=1)

    assert float(whole) == pytest.approx(float(partial_conjunction(p)), rel=1e-12)


@given(p=p_values)
def test_truncated_for_all_studies_is_the_largest_p(p):
    """With u = k metarep gives the largest p-value up to tau, and 1 above it."""
    found = float(partial_conjunction(p, u=len(p), combine="truncated"))

    assert found == pytest.approx(max(p) if max(p) <= 0.05 else 1.0, rel=1e-12)


@pytest.mark.parametrize("combine", CONJUNCTIONS)
@given(data=studies())
def test_the_opposite_effects_have_the_opposite_direction(combine, data):
    """Swapped groups swap directions and bounds; the r-value stays."""
    y, v = data
    one, other = replicability(y, v, combine=combine), replicability(-y, v, combine=combine)

    assert (one.r_value, one.p_greater, one.least_greater) == (other.r_value, other.p_less, other.least_less)
    assert {one.direction, other.direction} in ({"greater", "less"}, {None})


@pytest.mark.parametrize("unit", [1e-9, 1e9])
@given(data=studies())
def test_a_change_of_units_changes_nothing(unit, data):
    """Effects in other units are as well replicated."""
    y, v = data
    one, other = replicability(y, v), replicability(unit * y, unit**2 * v)

    assert other.r_value == pytest.approx(one.r_value, rel=1e-9)
    assert (one.least_greater, one.least_less) == (other.least_greater, other.least_less)


@pytest.mark.parametrize("combine", CONJUNCTIONS)
@pytest.mark.parametrize("name", REFERENCE)
def test_the_bound_is_the_last_of_the_numbers_that_are_shown(combine, name):
    """Counted up from one study until (1 - level) / 2 is exceeded, in both directions."""
    y, v = (np.array(REFERENCE[name][column]) for column in ("yi", "vi"))
    found = replicability(y, v, combine=combine)
    for sign, least in ((1, found.least_greater), (-1, found.least_less)):
        p = [replicability(sign * y, v, u=u, combine=combine).p_greater for u in range(1, len(y) + 1)]
        assert least == next((u for u, one in enumerate(p) if one > 0.025), len(y))


def test_the_bound_stops_at_the_first_number_that_is_not_shown():
    """One study is not shown at .025 (2 x .020), though two would be (.021): no study is claimed, as in metarep."""
    found = replicability(*effects_of([0.020, 0.021]), combine="bonferroni")

    assert (found.p_greater, found.least_greater) == (pytest.approx(0.021), 0)


@pytest.mark.parametrize("combine", CONJUNCTIONS)
def test_many_groups_are_as_one_by_one(combine):
    """Ragged groups in any order of rows give the numbers of each group alone, to the last bit."""
    random = np.random.default_rng(4)
    size = random.integers(1, 9, 60)
    group = random.permutation(np.repeat(np.arange(60), size))
    y, v = random.normal(0.3, 0.5, len(group)), random.uniform(0.01, 0.3, len(group))
    many = replicability_many(y, v, group, combine=combine, u=3)

    for place, name in enumerate(many["group"]):
        one = replicability(y[group == name], v[group == name], combine=combine, u=3)
        row = {key: many.to_dict()[key][place] for key in ("r_value", "p_greater", "p_less", "k")}
        assert row == {key: getattr(one, key) for key in row}
        assert (many["least_greater"][place], many["least_less"][place]) == (one.least_greater, one.least_less)
        assert many["direction"][place] == (one.direction or "")


@pytest.mark.parametrize("combine", CONJUNCTIONS)
def test_level_is_held_without_effects(combine):
    """With one true effect of four, 20,000 draws: two are claimed in at most 5 %, up to the error of simulation."""
    z = np.random.default_rng(8).normal([[6.0, 0.0, 0.0, 0.0]], 1.0, (20_000, 4))
    group = np.repeat(np.arange(20_000), 4)
    many = replicability_many(z.ravel(), np.ones(80_000), group, combine=combine)

    assert np.mean(many["r_value"] <= 0.05) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 20_000)
    assert np.mean(many["least_greater"] > 1) <= 0.025 + 3 * np.sqrt(0.025 * 0.975 / 20_000)


def test_fewer_studies_than_asked_for():
    """One study has no r-value for two, with the reason; that it shows an effect is known."""
    found = replicability([1.0], [0.01])

    assert (found.r_value, found.direction, found.least_greater, found.least_less) == (None, None, 1, 0)
    assert found.reason("r_value") == "fewer studies than u = 2"


def test_no_direction_where_neither_has_more_evidence():
    """Effects of 0 speak for no direction, with the reason."""
    found = replicability([0.0, 0.0], [1.0, 1.0])

    assert (found.r_value, found.direction) == (1.0, None)
    assert found.reason("direction") == "the evidence for both directions is the same"


@pytest.mark.parametrize("combine", CONJUNCTIONS)
def test_effects_beyond_every_probability(combine):
    """Effects of a hundred standard errors are replicated, and no number gets lost on the other side."""
    found = replicability([100.0, 90.0, -80.0], [1.0, 1.0, 1.0], combine=combine)

    assert found.r_value <= 1e-300
    assert (found.p_less, found.least_greater, found.least_less) == (1.0, 2, 1)


def test_a_result_is_text_and_json():
    """The summary ends with its notes; the dictionaries are JSON."""
    one, many = replicability([1.0], [0.01]), replicability_many([1.0, 2.0, 1.0], [0.1] * 3, ["a", "b", "b"])

    assert one.summary().startswith("replicated in 2 of 1: r - (fisher")
    assert one.summary().splitlines()[-1] == "r_value: fewer studies than u = 2"
    assert json.loads(json.dumps(one.to_dict(), allow_nan=False))["least_greater"] == 1
    assert json.loads(json.dumps(many.to_dict(), allow_nan=False))["r_value"][0] is None
    assert many.summary().startswith("2 groups: replicated in 2 studies (fisher, 95 %)\n")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"u": 0}, "u must be a number of studies, 1 or more, not 0"),
        ({"u": 2.0}, "u must be a number of studies"),
        ({"u": True}, "u must be a number of studies"),
        ({"combine": "fischer"}, "did you mean 'fisher'"),
        ({"tau": 0.05}, "the combination fisher takes no tau; 'truncated' does"),
        ({"combine": "truncated", "tau": 0}, "tau must be above 0 and at most 1, not 0"),
        ({"level": 95}, "level must be between 0 and 1"),
    ],
)
def test_options_that_cannot_be(options, message):
    """Each refusal names what is wrong."""
    with pytest.raises(InvalidArgument, match=message):
        replicability([1.0, 2.0], [0.1, 0.1], **options)


@pytest.mark.parametrize(
    ("p", "options", "message"),
    [
        ([0.1, 1.2, -0.1], {}, "p must lie between 0 and 1: rows 2, 3"),
        ([0.1, None], {}, "p must lie between 0 and 1: row 2"),
        ([0.1], {}, "u is 2 and there is a p-value for 1"),
        (0.1, {}, "p must be a column of p-values"),
        ([], {}, "p must be a column of p-values"),
    ],
)
def test_p_values_that_cannot_be(p, options, message):
    """Rows are named, the first being 1."""
    with pytest.raises(InvalidArgument, match=message):
        partial_conjunction(p, **options)
