"""Observed against expected significant studies."""

import json
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import ndtr, ndtri

from synthesis.errors import InvalidArgument
from synthesis.pooling import pool, pool_many
from synthesis.sensitivity.missing_evidence.excess_significance import excess_significance, excess_significance_many
from synthesis.sensitivity.missing_evidence.excess_tests import (
    ALTERNATIVES,
    EXCESS_TESTS,
    chi2,
    chi2_statistic,
    power_at,
)
from tests.pooling.reference import blocks, is_target
from tests.pooling.strategies import studies

REFERENCE = {block["id"]: block for block in blocks("publication_bias")}
CALLS = {
    "chi2": ("chi2", "two-sided"),
    "binom": ("binomial", "two-sided"),
    "exact": ("exact", "two-sided"),
    "greater_alt_chi2": ("chi2", "greater"),
    "less_alt_chi2": ("chi2", "less"),
}
FIELDS = {"k": "k", "O": "observed", "E": "expected", "OEratio": "ratio", "X2": "statistic", "pval": "p_value"}
FIELDS |= {"theta": "theta"}
UNIROOT = np.finfo(float).eps ** 0.25  # default tolerance of the root that metafor seeks, on the scale of the effects
SIDE = 1.959963984540054  # the critical value of a two-sided test at .05
powers = st.lists(st.floats(0.01, 0.99), min_size=1, max_size=8)


def close(value):
    """Equal to 1e-8 of the value, as the README of the reference asks."""
    return pytest.approx(value, rel=1e-8, abs=1e-12)


def columns(name):
    """Effects and variances of one data set."""
    inputs = REFERENCE[name]["inputs"]
    return np.array(inputs["yi"]), np.array(inputs["vi"])


def calls_of(name):
    """The calls of `tes` on one data set that gave a result, without the one with a tau^2."""
    given = REFERENCE[name]["outputs"]["tes"]
    return [(call, given[call]) for call in CALLS if given[call] is not None]


@pytest.mark.parametrize("name", REFERENCE)
def test_metafor_finds_the_same(name):
    """`tes` on six data sets: counts, tests and the power of each study."""
    for call, expected in calls_of(name):
        test, alternative = CALLS[call]
        found = excess_significance(*columns(name), test=test, alternative=alternative)
        assert found.power == tuple(map(close, expected["power"]))
        for theirs, ours in FIELDS.items():
            assert getattr(found, ours) == (close(expected[theirs]) if is_target(expected[theirs]) else None)


def test_how_much_of_the_reference_is_compared():
    """All calls with a result: 27 without a tau^2, which are 717 numbers and 20 limit estimates."""
    calls = [one for name in REFERENCE for _, one in calls_of(name)]
    numbers = sum(len(one["power"]) + sum(is_target(one[key]) for key in FIELDS) for one in calls)

    assert (len(calls), numbers, sum(is_target(one["theta.lim"][0]) for one in calls)) == (27, 717, 20)


@pytest.mark.parametrize("name", REFERENCE)
def test_the_limit_estimates_of_metafor(name):
    """Where metafor finds a limit it is ours, to the tolerance of its root; p is 0.10 there to twelve digits."""
    for call, expected in calls_of(name):
        test, alternative = CALLS[call]
        options = {"test": test, "alternative": alternative}
        limit = excess_significance(*columns(name), **options).limit_estimate
        if is_target(expected["theta.lim"][0]):
            assert abs(limit - expected["theta.lim"][0]) <= UNIROOT
        if limit is not None:
            assert excess_significance(*columns(name), theta=limit, **options).p_value == pytest.approx(0.1, rel=1e-12)


def mean_power(v, theta, tau, reach):
    """The power of one study averaged by quadrature over effects up to `reach` standard deviations from theta."""

    def weighted(u):
        mean = (theta + u * tau) / np.sqrt(v)
        return (ndtr(mean - SIDE) + ndtr(-mean - SIDE)) * np.exp(-u * u / 2) / np.sqrt(2 * np.pi)

    return quad(weighted, -reach, reach, epsabs=1e-14, epsrel=1e-13, limit=200)[0]


@pytest.mark.parametrize("name", REFERENCE)
def test_power_over_effects_that_differ(name):
    """The closed form is the integral; metafor's numbers are that integral cut off at 5 tau, 6e-7 of it."""
    (y, v), expected = columns(name), REFERENCE[name]["outputs"]["tes"]["random_chi2"]
    pooled = pool(y, v, method="REML", test="z")
    found = excess_significance(y, v, theta=pooled.estimate, tau2=pooled.tau2, test="chi2")
    whole, cut = (
        [mean_power(one, pooled.estimate, np.sqrt(pooled.tau2), reach) for one in v.tolist()] for reach in (12, 5)
    )

    assert found.power == tuple(pytest.approx(one, rel=1e-11) for one in whole)
    assert cut == [close(one) for one in expected["power"]]
    assert found.observed == expected["O"]


@pytest.mark.parametrize("name", REFERENCE)
def test_tests_over_effects_that_differ(name):
    """On metafor's own power the tests are metafor's."""
    expected = REFERENCE[name]["outputs"]["tes"]["random_chi2"]
    observed, power = np.array([expected["O"]]), np.array([expected["power"]])

    assert float(power.sum()) == close(expected["E"])
    assert float(chi2_statistic(observed, power)[0]) == close(expected["X2"])
    assert float(chi2(observed, power)[0]) == close(expected["pval"])


@given(power=powers, data=st.data())
def test_exact_is_all_outcomes_enumerated(power, data):
    """Brute force over the 2^k outcomes of up to eight studies."""
    observed = data.draw(st.integers(0, len(power)))
    outcomes = [outcome for outcome in product((0, 1), repeat=len(power)) if sum(outcome) >= observed]
    expected = sum(np.prod([p if hit else 1 - p for p, hit in zip(power, one, strict=True)]) for one in outcomes)

    assert float(EXCESS_TESTS["exact"](np.array([observed]), np.array([power]))[0]) == pytest.approx(
        expected, rel=1e-11
    )


@given(p=st.floats(0.01, 0.99), k=st.integers(1, 12), data=st.data())
def test_binomial_is_exact_for_equal_power(p, k, data):
    """Both are the binomial distribution then."""
    observed, power = np.array([data.draw(st.integers(0, k))]), np.full((1, k), p)

    assert EXCESS_TESTS["binomial"](observed, power) == pytest.approx(EXCESS_TESTS["exact"](observed, power), rel=1e-10)


@pytest.mark.parametrize("test", EXCESS_TESTS)
@given(power=powers, data=st.data())
def test_more_power_makes_an_excess_less_surprising(test, power, data):
    """P-values rise with the power of a study: so there is one limit estimate."""
    observed = np.array([data.draw(st.integers(0, len(power)))])
    more = np.array([[min(1.0, power[0] + data.draw(st.floats(0, 0.5))), *power[1:]]])
    one, other = (EXCESS_TESTS[test](observed, p)[0] for p in (np.array([power]), more))

    assert other >= one * (1 - 1e-9)


@given(data=studies(), theta=st.floats(-2, 2), tau2=st.floats(0, 1))
def test_two_sides_of_power(data, theta, tau2):
    """A two-sided test at .05 is a one-sided one at .025 on each side."""
    v = data[1][None, :]
    both, above, below = (
        power_at(np.array([theta]), np.array([tau2]), v, side, alpha)
        for side, alpha in zip(ALTERNATIVES, (0.05, 0.025, 0.025), strict=True)
    )

    assert both == pytest.approx(above + below, rel=1e-12)


def test_power_of_the_anchors_page():
    """Evidence_rules.md, 3.2: Phi[(theta - z sqrt(v)) / sqrt(v + tau2)] at theta .2, v .02, tau2 .04."""
    expected = ndtr((0.2 + ndtri(0.025) * np.sqrt(0.02)) / np.sqrt(0.06))

    found = excess_significance([0.3], [0.02], theta=0.2, tau2=0.04, alternative="greater", alpha=0.025)
    assert found.power == (pytest.approx(float(expected), rel=1e-14),)


@pytest.mark.parametrize("unit", [1e-9, 1e9])
@given(data=studies())
def test_a_change_of_units_changes_only_the_units(unit, data):
    """Counts and tests stay; theta and its limit are in the new unit."""
    y, v = data
    one, other = excess_significance(y, v), excess_significance(unit * y, unit**2 * v)

    assert (other.observed, other.expected) == (one.observed, pytest.approx(one.expected, rel=1e-9))
    assert other.p_value == pytest.approx(one.p_value, rel=1e-9)
    if one.limit_estimate is not None:
        assert other.limit_estimate == pytest.approx(unit * one.limit_estimate, rel=1e-9)


@given(data=studies())
def test_the_opposite_effects(data):
    """Swapped groups swap the alternatives and flip the limit."""
    y, v = data
    one, other = excess_significance(y, v, alternative="greater"), excess_significance(-y, v, alternative="less")

    assert (one.observed, one.power, one.p_value) == (other.observed, other.power, other.p_value)
    if one.limit_estimate is not None:
        assert other.limit_estimate == -one.limit_estimate


@pytest.mark.parametrize("test", EXCESS_TESTS)
def test_many_groups_are_as_one_by_one(test):
    """Ragged groups with the pools of `pool_many` give the numbers of each group alone."""
    random = np.random.default_rng(4)
    group = random.permutation(np.repeat(np.arange(40), random.integers(1, 9, 40)))
    y, v = random.normal(0.3, 0.5, len(group)), random.uniform(0.01, 0.3, len(group))
    pools = pool_many(y, v, group)
    many = excess_significance_many(y, v, group, theta=pools["estimate"], tau2=pools["tau2"], test=test)

    assert np.isnan(pools["tau2"]).any()
    for place, name in enumerate(many["group"]):
        options = {"theta": float(many["theta"][place]), "tau2": float(many["tau2"][place]), "test": test}
        one = excess_significance(y[group == name], v[group == name], **options)
        row = {key: many.to_dict()[key][place] for key in ("observed", "expected", "p_value", "k", "theta")}
        assert row == {key: pytest.approx(getattr(one, key), rel=1e-13) for key in row}


def test_the_centre_that_is_not_given():
    """Without theta it is the pooled estimate at tau2, one by one and together."""
    y, v = columns("bcg_rr")
    pooled = pool(y, v, method="REML", test="z")
    many = excess_significance_many(y, v, np.zeros(len(y)), tau2=[pooled.tau2])

    assert float(many["theta"][0]) == pytest.approx(pooled.estimate, rel=1e-9)
    assert excess_significance(y, v, tau2=pooled.tau2).theta == pytest.approx(pooled.estimate, rel=1e-9)


def test_no_study_has_any_power():
    """One-sided tests of effects far on the other side: no ratio, with the reason, and no limit."""
    found = excess_significance([-90.0], [1.0], alternative="greater")

    assert (found.observed, found.expected, found.ratio, found.p_value, found.limit_estimate) == (0, 0, None, 1, None)
    assert found.reason("ratio") == "no study has any power"
    assert found.reason("limit_estimate") == "even without an effect p is above 0.1"


@pytest.mark.parametrize(("theta", "p"), [(-90.0, 0.0), (90.0, 0.5)])
def test_chi2_at_the_ends(theta, p):
    """A significant study without power is impossible; one with all power is no surprise."""
    assert excess_significance([3.0], [1.0], theta=theta, test="chi2", alternative="greater").p_value == p


def test_a_result_is_text_and_json():
    """The summary ends with its notes; the dictionaries are JSON."""
    one = excess_significance([0.1, 0.2], [0.1, 0.1])
    many = excess_significance_many([0.1, 0.2, 0.9], [0.1] * 3, ["a", "b", "b"])

    assert one.summary().startswith("0 of 2 studies significant, 0.15 expected: p 1.000 (exact; two-sided at 0.05)\n")
    assert one.summary().splitlines()[-1] == "limit_estimate: even without an effect p is above 0.1"
    assert json.loads(json.dumps(one.to_dict(), allow_nan=False))["power"] == list(one.power)
    assert json.loads(json.dumps(many.to_dict(), allow_nan=False))["observed"] == [0, 1]
    assert many.summary().startswith("2 groups: exact; two-sided at 0.05\n")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"test": "exakt"}, "no test of excess 'exakt': did you mean 'exact'"),
        ({"alternative": "two.sided"}, "did you mean 'two-sided'"),
        ({"alpha": 5}, "alpha must be between 0 and 1"),
        ({"tau2": -0.1}, "tau2, a variance, must not be below 0"),
        ({"tau2": float("inf")}, "tau2 must be a finite number"),
        ({"theta": float("nan")}, "theta must be a finite number"),
        ({"theta": [0.1, 0.2]}, "theta must have 1 row, one for each group, not 2"),
    ],
)
def test_options_that_cannot_be(options, message):
    """Each refusal names what is wrong."""
    with pytest.raises(InvalidArgument, match=message):
        excess_significance([1.0, 2.0], [0.1, 0.1], **options)


def test_a_tau2_that_is_not_known_of_several_studies():
    """Only of a single study may it be absent."""
    with pytest.raises(InvalidArgument, match="tau2 must be a finite number for each group, in their order: row 2"):
        excess_significance_many([1.0, 2.0, 3.0], [0.1] * 3, ["a", "b", "b"], tau2=[None, None])
