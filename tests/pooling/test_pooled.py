"""The result of a pool, and what stands beside it when there are few studies."""

import json
from dataclasses import FrozenInstanceError, fields

import pytest

from synthesis.pooling import Pooled, companion, few_studies, pool

Y, V = [0.1, 0.9, 0.45, 0.3, 0.2], [0.04, 0.05, 0.2, 0.1, 0.1]
PROMISED = """estimate se statistic p_value ci_low ci_high pi_low pi_high tau2 tau2_se tau2_ci_low tau2_ci_high i2 h2 q
q_df q_p_value k weights log_likelihood aic bic aicc method test level converged notes"""


def test_the_fields_that_the_library_promises():
    """Every name is there."""
    assert set(PROMISED.split()) <= {field.name for field in fields(Pooled)}


def test_a_result_is_frozen():
    """Results are values."""
    with pytest.raises(FrozenInstanceError):
        pool(Y, V).estimate = 0.0


def test_one_study_is_not_pooled():
    """k = 1: the study's own effect with the z interval; all about heterogeneity is None, with the reason."""
    one = pool([0.42], [0.09], method="REML", test="adhoc")

    assert (one.estimate, one.se, one.test, one.method) == (0.42, 0.3, "z", "none")
    assert one.ci_low == pytest.approx(0.42 - 1.959963984540054 * 0.3)
    assert {one.tau2, one.i2, one.pi_low, one.pi_high, one.q, one.aic} == {None}
    assert one.reason("tau2") == "one study says nothing about how studies differ"
    assert one.summary().startswith("one study, not pooled: 0.4200 [-0.1680, 1.0080]")


def test_two_studies_have_no_prediction_interval():
    """k = 2: tau2 with its interval, no prediction interval, and the equal-effects z interval beside it."""
    pooled = pool(Y[:2], V[:2])

    assert pooled.pi_low is None
    assert "k - 2 degrees of freedom" in pooled.reason("pi_low")
    assert pooled.tau2_ci_high > pooled.tau2
    assert few_studies(Y[:2], V[:2]) == (companion(Y[:2], V[:2]),)
    assert (companion(Y, V).method, companion(Y, V).test) == ("EE", "z")


@pytest.mark.parametrize("k", [3, 4])
def test_three_or_four_studies_show_z_too(k):
    """k = 3, 4: the same model with the z interval stands beside the adhoc one."""
    assert few_studies(Y[:k], V[:k], method="PM") == (pool(Y[:k], V[:k], method="PM", test="z"),)
    assert few_studies(Y[:k], V[:k], test="z") == ()


def test_one_or_five_studies_show_nothing_beside():
    """Otherwise one result is enough."""
    assert few_studies(Y[:1], V[:1]) == few_studies(Y, V) == ()


def test_equal_effects_have_no_tau2_interval():
    """EE: tau2 is 0 by assumption, and what follows from its estimate is None with that reason."""
    pooled = pool(Y, V, method="EE", test="z")

    assert (pooled.tau2, pooled.boundary) == (0.0, False)
    assert {pooled.tau2_se, pooled.tau2_ci_low, pooled.i2_ci_high, pooled.pi_low} == {None}
    assert pooled.reason("tau2_ci_low") == "the equal-effects model has tau^2 = 0 by assumption"


def test_equal_estimates():
    """Studies that agree to the last digit: Knapp-Hartung has a standard error of 0 and says so."""
    pooled = pool([0.5, 0.5, 0.5], [0.25, 0.25, 0.25], test="knha")

    assert (pooled.se, pooled.statistic, pooled.ci_low, pooled.p_value) == (0.0, None, 0.5, 0.0)
    assert "standard error is 0" in pooled.reason("statistic")
    assert "interval is empty" in pooled.reason("tau2_ci_low")


def test_a_dictionary_is_json():
    """to_dict holds plain values: JSON without NaN, notes as objects."""
    text = json.dumps(pool(Y[:2], V[:2]).to_dict(), allow_nan=False)

    assert json.loads(text)["notes"][0]["field"] == "pi_low"


def test_a_frame_is_one_row():
    """to_frame gives the numbers in one row."""
    frame = pool(Y, V).to_frame()

    assert len(frame) == 1
    assert frame.loc[0, "estimate"] == pool(Y, V).estimate


def test_the_summary_is_text():
    """The summary names estimate, interval, method, test and spread.

    By hand: mean 1/6, Q 0.32667 / 0.1, tau2 (Q - 2) / 20, se sqrt((0.1 + tau2) / 3) = 0.23333; Q equals the 2.5 %
    quantile 0.050636 of chi-squared on 2 df at tau2 = 6.3513; t on 1 df 12.7062 times sqrt(tau2 + se^2) = 4.3606.
    """
    assert pool([-0.2, 0.1, 0.6], [0.1, 0.1, 0.1], method="DL", test="z").summary() == (
        "k = 3: 0.1667 [-0.2907, 0.6240], p 0.475 (DL, z, 95 %)\n"
        "tau^2 0.0633 [0.0000, 6.3513], I^2 38.8 %, Q 3.2667 on 2 df, p 0.195\n"
        "prediction interval [-4.1939, 4.5273]\n"
    )


def test_no_effect_without_any_spread():
    """Estimate and standard error of 0: no p-value, and the reason."""
    pooled = pool([0.0, 0.0], [1.0, 1.0], test="knha")

    assert (pooled.estimate, pooled.se, pooled.p_value) == (0.0, 0.0, None)
    assert "nothing to test" in pooled.reason("p_value")
