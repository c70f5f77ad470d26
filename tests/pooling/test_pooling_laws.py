"""What holds for every estimator and every test."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import chdtri

from synthesis import pooling
from synthesis.pooling import TAU2, TESTS
from synthesis.pooling.batch import batch_of_one, moments
from tests.pooling.strategies import UNWEIGHTED, few_examples, fitting_tests, pool, studies, weighted_studies

TAU2_UNITS = ("tau2", "tau2_se", "tau2_ci_low", "tau2_ci_high")
EFFECT_UNITS = ("estimate", "se", "ci_low", "ci_high", "pi_low", "pi_high")
NO_UNITS = ("i2", "h2", "q")
EVERY_METHOD = pytest.mark.parametrize("method", TAU2)


def assert_alike(one, other, v, *, scale=1.0, tolerance=1e-10):
    """`other` is `one` in a unit `scale` times smaller; the tolerance is relative to the number and its spread."""
    typical = np.median(v) * scale**2
    for names, unit, spread in ((EFFECT_UNITS, scale, np.sqrt(typical)), (TAU2_UNITS, scale**2, typical)):
        for name in names:
            a, b = getattr(one, name), getattr(other, name)
            assert (a is None) == (b is None), name
            assert a is None or abs(b - a * unit) <= tolerance * (abs(a) * unit + spread), name
    for name in NO_UNITS:
        assert getattr(other, name) == pytest.approx(getattr(one, name), rel=tolerance, abs=tolerance)


@EVERY_METHOD
@few_examples
@given(data=weighted_studies(), order=st.randoms(use_true_random=False), options=st.data())
def test_the_order_of_studies_changes_nothing(method, data, order, options):
    """Shuffled studies give the same pool, by every test."""
    test = options.draw(st.sampled_from(fitting_tests(method)))
    places = list(range(len(data[0])))
    order.shuffle(places)
    shuffled = [column[places] for column in data]

    assert_alike(pool(*data, method=method, test=test), pool(*shuffled, method=method, test=test), data[1])


@EVERY_METHOD
@few_examples
@given(data=weighted_studies(), exponent=st.floats(-9, 9), options=st.data())
def test_a_change_of_units_changes_only_the_units(method, data, exponent, options):
    """Effects times s and variances times s^2 give estimates times s and tau2 times s^2, s from 1e-9 to 1e9."""
    test = options.draw(st.sampled_from(fitting_tests(method)))
    (y, v, a), s = data, 10**exponent
    one, other = pool(y, v, a, method=method, test=test), pool(y * s, v * s**2, a, method=method, test=test)

    assert_alike(one, other, v, scale=s)


@EVERY_METHOD
@few_examples
@given(data=weighted_studies(), options=st.data())
def test_swapped_groups_flip_the_sign(method, data, options):
    """The opposite effects give the opposite estimate and interval, and the same tau2 and p."""
    test = options.draw(st.sampled_from(fitting_tests(method)))
    y, v, a = data
    needed = {"GENQ": {"weights": a}, "GENQM": {"weights": a}, "DLMH": {"mantel_haenszel": np.mean(y)}}.get(method, {})
    mirrored = needed | ({"mantel_haenszel": -np.mean(y)} if method == "DLMH" else {})
    one = pooling.pool(y, v, method=method, test=test, **needed)
    other = pooling.pool(-y, v, method=method, test=test, **mirrored)

    assert (other.estimate, other.ci_low, other.ci_high) == (-one.estimate, -one.ci_high, -one.ci_low)
    assert (other.tau2, other.p_value) == (one.tau2, one.p_value)


@EVERY_METHOD
@few_examples
@given(data=weighted_studies(), exponent=st.floats(-3, 4), sign=st.sampled_from([-1, 1]))
def test_a_shift_of_all_effects_shifts_the_estimate(method, data, exponent, sign):
    """A shift by c moves the estimate by c and leaves the spread, to 1e-10 (1 + |c| / sd)^2."""
    (y, v, a), c = data, sign * 10**exponent
    sd = np.sqrt(np.median(v))
    one, other = pool(y, v, a, method=method), pool(y + c, v, a, method=method)
    tolerance = 1e-10 * (1 + abs(c) / sd) ** 2

    assert abs(other.estimate - one.estimate - c) <= tolerance * (abs(one.estimate) + sd)
    assert abs(other.tau2 - one.tau2) <= tolerance * (one.tau2 + sd**2)


@pytest.mark.parametrize("method", [method for method in UNWEIGHTED if method != "SJ"])
@few_examples
@given(data=studies())
def test_without_spread_every_method_is_equal_effects(method, data):
    """Where tau2 is 0 the mean and its z interval are those of EE; SJ is never 0."""
    y, v = data[0] / 1_000, data[1]
    centre = np.average(y, weights=1 / v) if method == "DLMH" else None
    pooled = pooling.pool(y, v, method=method, test="z", mantel_haenszel=centre)
    equal = pooling.pool(y, v, method="EE", test="z")

    assert (pooled.tau2, pooled.boundary) == (0.0, method != "EE")
    for name in ("estimate", "se", "ci_low", "ci_high", "p_value", "q"):
        assert getattr(pooled, name) == pytest.approx(getattr(equal, name), rel=1e-12, abs=1e-15)


@pytest.mark.parametrize("method", ["GENQ", "GENQM"])
@few_examples
@given(data=weighted_studies())
def test_without_spread_the_weights_still_weight(method, data):
    """With weights of one's own and tau2 = 0 the mean is theirs, with the variance sum(a^2 v) / sum(a)^2."""
    y, v, a = data[0] / 1_000, *data[1:]
    pooled = pool(y, v, a, method=method, test="z")

    assert pooled.tau2 == 0
    assert pooled.estimate == pytest.approx(np.average(y, weights=a), rel=1e-9, abs=1e-12)
    assert pooled.se == pytest.approx(np.sqrt(np.sum(a**2 * v)) / a.sum(), rel=1e-12)


@EVERY_METHOD
@few_examples
@given(data=weighted_studies())
def test_shares_and_spread(method, data):
    """Weights are shares of one whole; tau2, I2 and Q are at least 0; it converged; intervals hold what they are of."""
    pooled = pool(*data, method=method)

    assert min(pooled.weights) >= 0
    assert sum(pooled.weights) == pytest.approx(1)
    assert pooled.converged
    assert pooled.maxima >= 1
    assert pooled.tau2 >= 0
    assert 0 <= pooled.i2 <= 100
    assert pooled.q >= 0
    assert pooled.ci_low <= pooled.estimate <= pooled.ci_high


@EVERY_METHOD
@few_examples
@given(data=weighted_studies(), options=st.data())
def test_what_is_none_has_a_reason(method, data, options):
    """No NaN; and every None but df, which is None for z, is explained."""
    pooled = pool(*data, method=method, test=options.draw(st.sampled_from(fitting_tests(method))))
    values = {name: value for name, value in pooled.to_dict().items() if not isinstance(value, (str, list))}

    assert [name for name, value in values.items() if value is not None and not np.isfinite(value)] == []
    assert [name for name, value in values.items() if value is None and name != "df" and not pooled.reason(name)] == []


@few_examples
@given(data=studies(), level=st.sampled_from([0.5, 0.8, 0.95, 0.999]))
def test_q_falls_through_the_ends_of_its_interval(data, level):
    """The generalised Q falls as tau2 grows, and takes the quantiles of chi-squared at the ends of the Q-profile."""
    y, v = data
    batch, pooled = batch_of_one(y, v), pooling.pool(y, v, level=level)
    q = [moments(batch, np.array([tau2])).q[0] for tau2 in (0.0, *np.geomspace(1e-6, 1e4, 40))]
    tails = {"tau2_ci_low": (1 - level) / 2, "tau2_ci_high": (1 + level) / 2}

    assert all(later <= earlier for earlier, later in pairwise(q))
    for name, upper in tails.items():
        end = getattr(pooled, name)
        if end:
            assert moments(batch, np.array([end])).q[0] == pytest.approx(chdtri(len(y) - 1, upper), rel=1e-9)
        elif end == 0:
            assert q[0] <= chdtri(len(y) - 1, upper) * (1 + 1e-9)


@few_examples
@given(data=studies())
def test_a_wider_interval_holds_the_narrower_one(data):
    """A higher level gives a wider interval of the mean by every test, and of tau2."""
    for test in TESTS:
        narrow, wide = (pooling.pool(*data, test=test, level=level) for level in (0.8, 0.95))
        assert wide.ci_low <= narrow.ci_low <= narrow.ci_high <= wide.ci_high
    if narrow.tau2_ci_low is not None:
        assert wide.tau2_ci_low <= narrow.tau2_ci_low <= narrow.tau2_ci_high <= wide.tau2_ci_high


@few_examples
@given(data=studies())
def test_adhoc_ci_is_the_wider_of_two(data):
    """Its interval is that of Knapp and Hartung or of z, whichever is wider."""
    widest = pooling.pool(*data, test="adhoc-ci")
    either = [pooling.pool(*data, test=test) for test in ("z", "knha")]

    assert widest.ci_high - widest.ci_low == max(one.ci_high - one.ci_low for one in either)
    assert (widest.se, widest.df, widest.p_value) in [(one.se, one.df, one.p_value) for one in either]


@few_examples
@given(data=studies())
def test_kenward_roger_adds_to_the_variance(data):
    """The standard error is that of z or larger; with equal variances it is the same."""
    y, v = data
    assert pooling.pool(y, v, test="kr").se >= pooling.pool(y, v, test="z").se * (1 - 1e-12)
    same = np.full(len(v), v[0])
    assert pooling.pool(y, same, test="kr").se == pytest.approx(pooling.pool(y, same, test="z").se, rel=1e-12)
