"""The pool over assumed correlations, and the one at which the answer tips."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtri

from synthesis.errors import InvalidArgument
from synthesis.pooling import pool
from synthesis.pooling.dependent import aggregate, correlated_effects, vcalc
from synthesis.pooling.dependent.dependence import compound, pool_dependent
from synthesis.sensitivity.many_worlds.dependence_assumed import WAYS, dependence_assumed
from tests.pooling.strategies import few_examples

STUDY = list("aabbbccddeef")
Y = np.array([0.4, 0.2, 0.35, 0.1, 0.2, 0.55, 0.3, -0.1, 0.15, 0.3, 0.25, 0.2])
V = np.array([0.05, 0.04, 0.06, 0.05, 0.03, 0.08, 0.06, 0.05, 0.05, 0.04, 0.06, 0.02])
NAMES = ("estimate", "se", "ci_low", "ci_high", "p_value", "tau2")


def numbers(fit):
    return [getattr(fit, name) for name in NAMES]


def row(found, i):
    return [found[name][i] for name in NAMES]


def test_aggregated_effects_are_pooled_at_each_correlation():
    """21 correlations from 0 to 1, each the pool of the means of the studies."""
    found = dependence_assumed(Y, V, STUDY)

    assert (found.rho[0], found.rho[-1], len(found)) == (0, 1, 21)
    for i, rho in enumerate(found.rho.tolist()):
        one = aggregate(Y, V, STUDY, rho=rho, weighted=False)
        assert row(found, i) == pytest.approx(numbers(pool(one.yi, one.vi)), rel=1e-12)


@pytest.mark.parametrize("way", ["multilevel", "robust"])
def test_models_of_covariances_are_fitted_at_each_correlation(way):
    """Up to 0.99, where a covariance matrix there still is."""
    found = dependence_assumed(Y, V, STUDY, way=way, rhos=[0, 0.4, 0.99])

    for i, rho in enumerate((0, 0.4, 0.99)):
        alone = pool_dependent(way, Y, compound(V, STUDY, rho), STUDY, profile=False)
        assert row(found, i) == pytest.approx(numbers(alone), rel=1e-12)


def test_the_correlated_effects_model_at_each_correlation():
    """There rho bears on tau2 alone, and the verdict says so."""
    found = dependence_assumed(Y, V, STUDY, way="correlated", rhos=[0, 0.5, 1])

    for i, rho in enumerate((0, 0.5, 1)):
        fit = correlated_effects(Y, V, STUDY, rho=rho)
        mean = fit.coefficients[0]
        expected = [mean.estimate, mean.se, mean.ci_low, mean.ci_high, mean.p_value, fit.tau2]
        assert row(found, i) == pytest.approx(expected, rel=1e-12)
    assert "weights" in {note.field for note in found.findings}


def test_covariances_of_ones_own():
    """What `vcalc` makes of outcomes: only effects that differ in outcome correlate by rho."""
    outcome = ["x", "y", "x", "y", "z", "x", "y", "x", "y", "x", "y", "x"]
    found = dependence_assumed(
        Y, V, STUDY, covariance=lambda rho: vcalc(V, STUDY, obs=outcome, rho=rho), rhos=[0.1, 0.7]
    )

    for i, rho in enumerate((0.1, 0.7)):
        alone = pool_dependent("aggregate", Y, vcalc(V, STUDY, obs=outcome, rho=rho), STUDY)
        assert row(found, i) == pytest.approx(numbers(alone), rel=1e-12)


@few_examples
@given(r=st.integers(2, 5), m=st.integers(3, 9), tipping=st.floats(0.05, 0.95), v=st.floats(1e-6, 1e6))
def test_the_tipping_correlation_in_closed_form(r, m, tipping, v):
    """Equal effects and variances: the interval touches 0 where mean^2 = z^2 v (1 + (r - 1) rho) / (r m)."""
    mean = -ndtri(0.025) * np.sqrt(v * (1 + (r - 1) * tipping) / (r * m))
    study = np.repeat(np.arange(m), r)
    found = dependence_assumed(np.full(r * m, mean), np.full(r * m, v), study, method="EE", test="z")

    assert found.tipping_rho == pytest.approx(tipping, rel=1e-8)
    assert found.crossings == (found.tipping_rho,)
    assert {note.field for note in found.findings} >= {"tips", "not_estimated"}


@pytest.mark.parametrize("way", WAYS)
def test_the_bound_is_0_where_it_tips(way):
    """At the crossing a bound of the interval is 0, for every way that has one; on either side it is not."""
    random = np.random.default_rng(3)
    y, study = random.normal(0.2, 0.25, 24), np.repeat(np.arange(8), 3)
    found = dependence_assumed(y, np.full(24, 0.06), study, way=way)
    if found.tipping_rho is None:
        assert len(set(found.ci_low > 0)) == 1
        return
    at = dependence_assumed(y, np.full(24, 0.06), study, way=way, rhos=[found.tipping_rho])

    assert min(abs(at.ci_low[0]), abs(at.ci_high[0])) < 1e-9 * (at.ci_high[0] - at.ci_low[0])


def test_two_of_the_ways_tip_there():
    """So that the test above compares something."""
    random = np.random.default_rng(3)
    y, study = random.normal(0.2, 0.25, 24), np.repeat(np.arange(8), 3)
    tips = [way for way in WAYS if dependence_assumed(y, np.full(24, 0.06), study, way=way).crossings]

    assert tips == ["aggregate", "multilevel"]


@pytest.mark.parametrize("scale", [1e-9, 1e9])
def test_the_tipping_correlation_has_no_unit(scale):
    """Effects in other units tip at the same correlation."""
    y, study = np.random.default_rng(3).normal(0.2, 0.25, 24), np.repeat(np.arange(8), 3)
    plain = dependence_assumed(y, np.full(24, 0.06), study)
    scaled = dependence_assumed(y * scale, np.full(24, 0.06 * scale**2), study)

    assert scaled.tipping_rho == pytest.approx(plain.tipping_rho, rel=1e-7)


def test_one_effect_a_study_depends_on_nothing():
    """Then no correlation is assumed, and the verdict says only that."""
    found = dependence_assumed([0.1, 0.5, 0.3], [0.04, 0.05, 0.06], ["a", "b", "c"])

    assert found.tipping_rho is None
    assert [note.field for note in found.findings] == ["no_dependence"]
    assert np.ptp(found.se) == 0


def test_tau2_takes_up_what_the_correlation_adds():
    """Balanced and heterogeneous: a firm answer, because tau2 falls as the correlation rises, which is told."""
    study = np.repeat(np.arange(6), 3)
    y = np.repeat([0.1, 0.9, 0.5, 0.2, 1.0, 0.6], 3) + np.tile([-0.05, 0, 0.05], 6)
    found = dependence_assumed(y, np.full(18, 0.02), study)

    assert found.tipping_rho is None
    assert (np.diff(found.tau2) < 0).all()
    assert found.se == pytest.approx(np.full(21, found.se[0]), rel=1e-9)
    assert {"firm", "absorbed"} <= {note.field for note in found.findings}


def test_three_studies_are_few():
    """The verdict names them."""
    assert "few" in {note.field for note in dependence_assumed(Y[:7], V[:7], STUDY[:7]).findings}


def test_the_result_is_plain():
    """JSON without NaN, and text with the verdict."""
    found = dependence_assumed(Y, V, STUDY)

    assert json.loads(json.dumps(found.to_dict(), allow_nan=False))["k"] == 6
    assert found.verdict in found.summary()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"way": "aggregated"}, r"no way 'aggregated': did you mean 'aggregate'"),
        ({"rhos": [0.5, 1.2]}, r"rhos must be correlations from 0 to 1"),
        ({"assumed": -0.1}, r"assumed must be a correlation"),
        ({"way": "correlated", "test": "z"}, r"has the test CR2 alone"),
        ({"way": "correlated", "covariance": lambda rho: compound(V, STUDY, rho)}, r"takes no covariance"),
        ({"covariance": 3}, r"covariance must take rho, as lambda rho"),
        ({"cluster": ["a"] * 12}, r"there is one study"),
        ({"method": "XX"}, r"no method 'XX'"),
    ],
)
def test_what_cannot_be_asked(given, message):
    """Each mistake with its remedy."""
    with pytest.raises(InvalidArgument, match=message):
        dependence_assumed(Y, V, **{"cluster": STUDY, **given})
