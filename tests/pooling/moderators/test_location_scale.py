"""Location-scale models against the reference, and against the models within them."""

import numpy as np
import pytest

from synthesis.pooling.moderators import scale_likelihood
from synthesis.pooling.moderators.location_scale import location_scale
from synthesis.pooling.moderators.regress import regress
from tests.pooling.reference import blocks

BLOCK = next(block for block in blocks("meta_regression") if block["id"] == "location_scale_bcg_rr")
GIVEN = BLOCK["inputs"]


def fitted(method="REML", scale="~ ablat", unit=1.0):
    y, v = np.array(GIVEN["yi"]) * unit, np.array(GIVEN["vi"]) * unit**2
    return location_scale(y, v, None, scale, data=GIVEN["moderators"], method=method)


@pytest.mark.parametrize("method", ["REML", "ML"])
def test_location_scale(method):
    """All 22 numbers of each fit.

    The likelihood agrees to 1e-10. metafor stops its optimiser where alpha is right to about 1e-6 of its standard
    error, and takes second derivatives numerically: alpha is compared to 1e-5 of its standard error, se.alpha to 1e-4.
    """
    ours, expected = fitted(method), BLOCK["outputs"][method]
    alpha, se = (np.array([getattr(one, name) for one in ours.scale]) for name in ("estimate", "se"))

    assert ours.log_likelihood == pytest.approx(expected["logLik"], rel=1e-10)
    assert ours.coefficients[0].estimate == pytest.approx(expected["b"], rel=1e-6)
    assert ours.coefficients[0].se == pytest.approx(expected["se"], rel=1e-6)
    assert (np.abs(alpha - expected["alpha"]) < 1e-5 * se).all()
    assert se == pytest.approx(expected["se.alpha"], rel=1e-4)
    assert [one.p_value for one in ours.scale] == pytest.approx(expected["pval.alpha"], rel=1e-4)
    assert ours.tau2 == pytest.approx(expected["tau2"], rel=1e-6)
    assert sum(np.size(value) for value in expected.values()) == 3 + 3 * 2 + 13


def test_the_reference_holds_nothing_else():
    """Two fits, each of the same seven results."""
    names = {"b", "se", "alpha", "se.alpha", "pval.alpha", "tau2", "logLik"}

    assert {method: set(fit) for method, fit in BLOCK["outputs"].items()} == {"REML": names, "ML": names}


@pytest.mark.parametrize("method", ["REML", "ML"])
def test_one_tau2_is_the_ordinary_model(method):
    """Without moderators of tau2 the model is that of `regress`."""
    ours = fitted(method, scale=None)
    plain = regress(GIVEN["yi"], GIVEN["vi"], method=method, test="z")

    assert ours.tau2 == pytest.approx(plain.tau2, rel=1e-8)
    assert ours.log_likelihood == pytest.approx(plain.log_likelihood, rel=1e-10)
    assert ours.coefficients[0].estimate == pytest.approx(plain.coefficients[0].estimate, rel=1e-8)


@pytest.mark.parametrize("unit", [1e-9, 1e-3, 1e6])
def test_a_change_of_units_changes_only_the_units(unit):
    """Slopes of log tau2 stay, its intercept moves by the log of the squared unit."""
    one, other = fitted(), fitted(unit=unit)

    assert other.scale[1].estimate == pytest.approx(one.scale[1].estimate, rel=1e-8, abs=1e-10)
    assert other.scale[0].estimate == pytest.approx(one.scale[0].estimate + 2 * np.log(unit), rel=1e-8)
    assert other.coefficients[0].estimate == pytest.approx(one.coefficients[0].estimate * unit, rel=1e-9)


def test_two_groups_are_two_models():
    """With a factor in mean and tau2 each group has the REML estimate of its own."""
    random = np.random.default_rng(3)
    group = np.repeat(["a", "b"], 20)
    v = random.uniform(0.01, 0.1, 40)
    y = random.normal(0.0, np.sqrt(v + np.where(group == "a", 0.05, 0.5)))
    both = location_scale(y, v, "~ 0 + g", "~ 0 + g", data={"g": group})
    own = [regress(y[group == name], v[group == name]).tau2 for name in "ab"]

    assert [both.tau2[0], both.tau2[-1]] == pytest.approx(own, rel=1e-6)


def test_a_climb_that_stops_early_is_said(monkeypatch):
    """Not converged: a note says so."""
    monkeypatch.setattr(scale_likelihood, "MOST_ITERATIONS", 1)
    fit = fitted()

    assert (fit.converged, fit.reason("converged")) == (False, "the iteration stopped at its limit")


def test_tau2_that_vanishes_is_said():
    """Where the studies agree, log tau2 has no finite maximum, and a note says so."""
    fit = location_scale([0.5, 0.5, 0.5, 0.5, 0.5], [0.1, 0.2, 0.1, 0.3, 0.2], None, None)

    assert [note.field for note in fit.notes] == ["scale"]
    assert fit.tau2.max() < 1e-9


def test_years_as_they_are():
    """A cubic in years as written has the tau2 of the centred one, and the likelihood and errors of `regress`."""
    random = np.random.default_rng(4)
    year = random.integers(1970, 2024, 24).astype(float)
    v = random.uniform(0.02, 0.3, 24)
    table = {"year": year, "y": random.normal(0.2, np.sqrt(v + 0.1)), "v": v}
    raw = location_scale("y", "v", "~ year + I(year**2) + I(year**3)", data=table)
    centred = location_scale("y", "v", "~ year + I(year**2) + I(year**3)", data=table | {"year": (year - 2000) / 20})
    plain = regress("y", "v", "~ year + I(year**2) + I(year**3)", data=table, test="z")

    assert raw.tau2[0] == pytest.approx(centred.tau2[0], rel=1e-6)
    assert raw.log_likelihood == pytest.approx(plain.log_likelihood, rel=1e-9)
    assert [one.se for one in raw.coefficients] == pytest.approx([one.se for one in plain.coefficients], rel=1e-6)


def test_one_study_may_have_all_the_spread():
    """The highest likelihood can lie where one study alone has any tau2: the steep starts find it.

    -5.98918 is the highest value on a grid of 17 x 17 starts of scipy's Nelder-Mead, by an audit of its own.
    """
    x = [-0.38, 1.09, -1.27, -1.25, -1.39, -0.16, 0.39, -0.09, 0.55, 0.83]
    v = [0.201, 0.071, 0.109, 0.367, 0.059, 0.111, 0.097, 0.117, 0.057, 0.046]
    y = [1.63, 1.11, -0.24, 0.01, 0.24, 0.1, 0.71, -0.02, 0.22, 0.42]
    fit = location_scale(y, v, "~ x", "~ x", data={"x": x}, method="ML")

    assert fit.log_likelihood == pytest.approx(-5.98918, abs=5e-6)
    assert fit.maxima > 1
