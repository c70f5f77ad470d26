"""Intervals for the effect in a new study, beyond the reference (test_pooling_reference, test_intervals_reference)."""

import numpy as np
import pytest
from hypothesis import given
from scipy.special import ndtri, stdtrit

from synthesis.errors import InvalidArgument
from synthesis.pooling import pool
from synthesis.pooling.prediction import PREDICTION
from tests.pooling.strategies import few_examples, studies

Y, V = [0.1, 0.9, 0.45, 0.3, -0.2], [0.04, 0.05, 0.2, 0.1, 0.1]
FREE = ("metafor", "simple", "t", "V", "HK", "KR")  # of a degree of freedom more than two studies have


def ends(y, v, kind, **options):
    pooled = pool(y, v, prediction=kind, **options)
    return pooled.pi_low, pooled.pi_high


@pytest.mark.parametrize("kind", PREDICTION)
@few_examples
@given(data=studies(least=3))
def test_an_interval_lies_about_the_estimate(kind, data):
    """Both ends are equally far from the estimate, by at least tau times the normal quantile."""
    pooled = pool(*data, prediction=kind)
    if pooled.pi_low is None:
        assert kind == "KR-PR"
        return
    middle = (pooled.pi_low + pooled.pi_high) / 2

    assert middle == pytest.approx(pooled.estimate, rel=1e-9, abs=1e-9 * (pooled.pi_high - pooled.pi_low))
    assert pooled.pi_high - middle >= ndtri(0.975) * np.sqrt(pooled.tau2) * (1 - 1e-9)


@few_examples
@given(data=studies(least=3))
def test_what_the_kinds_have_in_common(data):
    """With z, `riley` is HTS and `t` is V; with knha they are HK-PR and HK, with kr `metafor` is KR."""
    assert ends(*data, "riley", test="z") == ends(*data, "HTS")
    assert ends(*data, "t", test="z") == ends(*data, "V")
    assert ends(*data, "riley", test="knha") == ends(*data, "HK-PR")
    assert ends(*data, "t", test="knha") == ends(*data, "HK")
    assert ends(*data, "metafor", test="kr") == ends(*data, "KR")


def test_the_default_by_hand():
    """Five studies: estimate -+ t(3) sqrt(tau2 + se^2), se of the test."""
    pooled = pool(Y, V)
    reach = stdtrit(3, 0.975) * np.sqrt(pooled.tau2 + pooled.se**2)

    assert pooled.prediction == "riley"
    assert (pooled.pi_low, pooled.pi_high) == pytest.approx((pooled.estimate - reach, pooled.estimate + reach))


@pytest.mark.parametrize("kind", PREDICTION)
def test_two_studies(kind):
    """k - 2 leaves nothing, with the reason; k - 1 leaves one degree of freedom."""
    pooled = pool(Y[:2], V[:2], prediction=kind)

    assert (pooled.pi_low is not None) == (kind in FREE)
    assert bool(pooled.reason("pi_high")) == (kind not in FREE)


def test_fewer_degrees_of_freedom_than_one():
    """KR-PR may have a part of a degree of freedom, and says so where it has none."""
    few = pool([0.5, 0.51, 0.49], [1.0, 0.01, 1.0], prediction="KR-PR")

    assert few.pi_low is None
    assert few.reason("pi_low") == "Kenward-Roger's degrees of freedom less 1 leave none for a prediction interval"


@pytest.mark.parametrize("kind", PREDICTION)
def test_equal_effects_predict_nothing(kind):
    """EE has no interval of any kind."""
    if kind.startswith("KR"):
        with pytest.raises(InvalidArgument, match="goes with a REML estimate"):
            pool(Y, V, method="EE", prediction=kind)
    else:
        assert ends(Y, V, kind, method="EE") == (None, None)


@pytest.mark.parametrize("options", [{"method": "DL"}, {"weights": [1] * 5}, {"tau2": 0.1}])
@pytest.mark.parametrize("kind", ["KR", "KR-PR"])
def test_kenward_roger_wants_reml(kind, options):
    """Its variance is that of a REML estimate."""
    with pytest.raises(InvalidArgument, match="goes with a REML estimate and its own weights"):
        pool(Y, V, prediction=kind, **options)
