"""Intervals of tau2, beyond what the reference can tell."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import chdtri

from synthesis.errors import InvalidArgument
from synthesis.pooling import pool, pool_many
from synthesis.pooling.tau2_intervals import TAU2_INTERVALS
from tests.pooling import ruben
from tests.pooling.reference import blocks
from tests.pooling.strategies import few_examples, weighted_studies
from tests.pooling.test_maxima import HIGHEST_AT_ZERO, HIGHEST_INSIDE, Oracle, simulated

DATA = {block["id"]: tuple(np.array(block["inputs"][name]) for name in ("yi", "vi")) for block in blocks("pooling")}
WEIGHTS = {"BJ": lambda v: 1 / v, "J": lambda v: 1 / np.sqrt(v)}
EVERY_KIND = pytest.mark.parametrize("kind", TAU2_INTERVALS)


def interval(y, v, kind, a=None, **options):
    """The ends by a kind of interval; `a` are the weights of GENQ."""
    weights = a if kind == "GENQ" else None
    pooled = pool(y, v, tau2_interval=kind, weights=weights, **options)
    return pooled.tau2_ci_low, pooled.tau2_ci_high


@pytest.mark.parametrize("kind", WEIGHTS)
@pytest.mark.parametrize("name", [name for name in DATA if name != "bcg_rd"])
def test_ends_of_exact_intervals(name, kind):
    """BJ and J: at the ends the form lies at the quantiles of its distribution, by Ruben's series.

    The variances of bcg_rd differ too much for the series.
    """
    y, v = DATA[name]
    a = WEIGHTS[kind](v)
    q = np.sum(a * (y - np.average(y, weights=a)) ** 2)
    low, high = interval(y, v, kind, method="DL")

    assert ruben.probability(a, v + high, q) == pytest.approx(0.025, abs=1e-10)
    if low:
        assert ruben.probability(a, v + low, q) == pytest.approx(0.975, abs=1e-10)
    else:
        assert ruben.probability(a, v, q) <= 0.975


@pytest.mark.parametrize("name", DATA)
def test_genq_with_the_weights_of_j(name):
    """GENQ takes weights of one's own; with 1 / sqrt(v) it is J."""
    y, v = DATA[name]

    assert interval(y, v, "GENQ", 3 / np.sqrt(v)) == pytest.approx(interval(y, v, "J"), rel=1e-9)


@given(data=weighted_studies(), v=st.floats(0.01, 10))
@few_examples
def test_equal_variances_make_exact_intervals_one(data, v):
    """With equal variances Q is chi-squared times a constant: QP, BJ and J are the same."""
    y, variances = data[0], np.full(len(data[0]), v)
    one = interval(y, variances, "QP")

    for kind in ("BJ", "J"):
        assert interval(y, variances, kind) == (one if None in one else pytest.approx(one, rel=1e-8, abs=1e-10 * v))


@pytest.mark.parametrize("method", ["REML", "ML"])
@pytest.mark.parametrize("number", range(40))
def test_the_likelihood_at_the_ends(number, method):
    """PL: the log-likelihood has fallen by half the quantile of chi-squared at each end, or the end is 0."""
    y, v = simulated("tiny", number)
    oracle = Oracle(y, v, method)
    low, high = interval(y, v, "PL", method=method)
    least = oracle.height(oracle.highest) - chdtri(1, 0.05) / 2

    assert low <= oracle.highest <= high
    assert oracle.height(high) == pytest.approx(least, abs=1e-9)
    if low:
        assert oracle.height(low) == pytest.approx(least, abs=1e-9)
    else:
        assert oracle.height(0.0) >= least


@pytest.mark.parametrize(("y", "v"), [HIGHEST_INSIDE, HIGHEST_AT_ZERO])
def test_profile_likelihood_spans_all_maxima(y, v):
    """PL: with two maxima the interval reaches from the first to the last tau2 that is not rejected."""
    oracle = Oracle(y, v, "REML")
    low, high = interval(y, v, "PL")
    grid = np.concatenate([[0.0], np.geomspace(1e-5, 1e3, 4_000)])
    heights = np.array([oracle.height(tau2) for tau2 in grid])
    kept = grid[heights >= heights.max() - chdtri(1, 0.05) / 2]

    assert low <= kept[0]
    assert kept[-1] <= high <= kept[-1] * 1.01


@EVERY_KIND
@few_examples
@given(data=weighted_studies(), exponent=st.floats(-9, 9))
def test_a_change_of_units(kind, data, exponent):
    """Effects times s give ends times s^2."""
    (y, v, a), s = data, 10**exponent
    one, other = interval(y, v, kind, a), interval(y * s, v * s**2, kind, a)

    assert (None in one) == (None in other)
    if None not in one:
        np.testing.assert_allclose(np.array(other) / s**2, one, rtol=1e-9, atol=1e-9 * np.median(v))


@EVERY_KIND
@few_examples
@given(data=weighted_studies(), order=st.randoms(use_true_random=False))
def test_the_order_of_studies(kind, data, order):
    """Shuffled studies have the same interval."""
    places = list(range(len(data[0])))
    order.shuffle(places)
    y, v, a = data
    one, other = interval(y, v, kind, a), interval(y[places], v[places], kind, a[places])

    assert (None in one) == (None in other)
    if None not in one:
        np.testing.assert_allclose(other, one, rtol=1e-9, atol=1e-9 * np.median(v))


@EVERY_KIND
@few_examples
@given(data=st.lists(weighted_studies(), min_size=1, max_size=6))
def test_many_intervals_at_once(kind, data):
    """pool_many gives each group its interval, NaN where it is empty."""
    y, v, a = (np.concatenate([one[place] for one in data]) for place in range(3))
    group = np.repeat(np.arange(len(data)), [len(one[0]) for one in data])
    many = pool_many(y, v, group, tau2_interval=kind, weights=a if kind == "GENQ" else None)

    for row, (y_, v_, a_) in enumerate(data):
        alone = [np.nan if end is None else end for end in interval(y_, v_, kind, a_)]
        ours = [many["tau2_ci_low"][row], many["tau2_ci_high"][row]]
        np.testing.assert_allclose(ours, alone, rtol=1e-9, atol=1e-9 * np.median(v_))


def test_equal_estimates_have_an_empty_interval():
    """All kinds but PL: None, with the reason; PL begins at 0."""
    y, v = [0.5] * 4, [0.1, 0.2, 0.3, 0.4]

    for kind in ("QP", "BJ", "J"):
        pooled = pool(y, v, tau2_interval=kind)
        assert (pooled.tau2_ci_low, pooled.i2_ci_high) == (None, None)
        assert "interval is empty" in pooled.reason("tau2_ci_high")
    assert interval(y, v, "PL")[0] == 0


def test_long_data():
    """The intervals of 2,000 studies are narrow and hold the true tau2 of 0.04."""
    random = np.random.default_rng(2)
    v = random.uniform(0.05, 1.0, 2_000) ** 2
    y = random.normal(0.3, np.sqrt(v + 0.04))

    for kind in ("QP", "PL", "BJ", "J"):
        low, high = interval(y, v, kind)
        assert 0.02 < low < 0.04 < high < 0.06


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"method": "DL", "tau2_interval": "PL"}, "goes with ML or REML, not with DL"),
        ({"tau2_interval": "GENQ"}, "needs weights: try 'J'"),
        ({"tau2_interval": "qp"}, "no interval of tau2 'qp': did you mean 'QP'"),
    ],
)
def test_kinds_that_do_not_fit(options, message):
    """One error with the remedy."""
    with pytest.raises(InvalidArgument, match=message):
        pool([0.1, 0.2, 0.3], [1, 1, 1], **options)
