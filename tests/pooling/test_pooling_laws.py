"""What holds for every estimator and every test."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis.pooling import TAU2, TESTS
from tests.pooling.strategies import pool, studies

TAU2_UNITS = ("tau2", "tau2_se", "tau2_ci_low", "tau2_ci_high")
EFFECT_UNITS = ("estimate", "se", "ci_low", "ci_high", "pi_low", "pi_high")
NO_UNITS = ("i2", "h2", "q")
EVERY_METHOD = pytest.mark.parametrize("method", TAU2)


def assert_alike(one, other, v, *, scale=1.0, tolerance=1e-10, also=0.0):
    """`other` is `one` in a unit `scale` times smaller; the tolerance is relative to the number and its spread."""
    typical = np.median(v) * scale**2
    for names, unit, spread in ((EFFECT_UNITS, scale, np.sqrt(typical)), (TAU2_UNITS, scale**2, typical)):
        for name in names:
            a, b = getattr(one, name), getattr(other, name)
            assert (a is None) == (b is None), name
            assert a is None or abs(b - a * unit) <= tolerance * (abs(a) * unit + spread) + also * unit, name
    for name in NO_UNITS:
        assert getattr(other, name) == pytest.approx(getattr(one, name), rel=1e-10, abs=1e-10)


@EVERY_METHOD
@given(data=studies(), order=st.randoms(use_true_random=False))
def test_the_order_of_studies_changes_nothing(method, data, order):
    """Shuffled studies give the same pool."""
    y, v = data
    places = list(range(len(y)))
    order.shuffle(places)

    assert_alike(pool(y, v, method=method), pool(y[places], v[places], method=method), v)


@EVERY_METHOD
@given(data=studies(), exponent=st.floats(-9, 9))
def test_a_change_of_units_changes_only_the_units(method, data, exponent):
    """Effects times s and variances times s^2 give estimates times s and tau2 times s^2, s from 1e-9 to 1e9."""
    y, v = data
    s = 10**exponent

    assert_alike(pool(y, v, method=method), pool(y * s, v * s**2, method=method), v, scale=s)


@EVERY_METHOD
@given(data=studies(), test=st.sampled_from(list(TESTS)))
def test_swapped_groups_flip_the_sign(method, data, test):
    """The opposite effects give the opposite estimate and interval, and the same tau2 and p."""
    y, v = data
    one, other = pool(y, v, method=method, test=test), pool(-y, v, method=method, test=test)
    if method != "DLMH":  # its centre is shifted to one side
        assert (other.estimate, other.ci_low, other.ci_high) == (-one.estimate, -one.ci_high, -one.ci_low)
        assert (other.tau2, other.p_value) == (one.tau2, one.p_value)


@EVERY_METHOD
@given(data=studies(), shift=st.integers(-8, 8))
def test_a_shift_of_all_effects_shifts_the_estimate(method, data, shift):
    """The spread does not depend on where the effects lie."""
    y, v = data
    one, other = pool(y, v, method=method), pool(y + shift, v, method=method)

    assert other.estimate == pytest.approx(one.estimate + shift, abs=1e-8)
    assert other.tau2 == pytest.approx(one.tau2, rel=1e-8, abs=1e-9 * np.median(v))


@EVERY_METHOD
@given(data=studies())
def test_weights_are_shares(method, data):
    """No study counts less than nothing, and all of them make one whole."""
    weights = pool(*data, method=method).weights

    assert min(weights) >= 0
    assert sum(weights) == pytest.approx(1)


@EVERY_METHOD
@given(data=studies())
def test_the_spread_is_never_negative(method, data):
    """tau2, I2 and Q are at least 0, the iteration converged, and intervals hold what they are of."""
    pooled = pool(*data, method=method)

    assert pooled.converged
    assert pooled.tau2 >= 0
    assert 0 <= pooled.i2 <= 100
    assert pooled.q >= 0
    assert pooled.ci_low <= pooled.estimate <= pooled.ci_high


@EVERY_METHOD
@given(data=studies())
def test_what_is_none_has_a_reason(method, data):
    """No NaN; and every None but df, which is None for z, is explained."""
    pooled = pool(*data, method=method, test="knha")
    values = {name: value for name, value in pooled.to_dict().items() if not isinstance(value, (str, list))}

    assert [name for name, value in values.items() if value is not None and not np.isfinite(value)] == []
    assert [name for name, value in values.items() if value is None and not pooled.reason(name)] == []
