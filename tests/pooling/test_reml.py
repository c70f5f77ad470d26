"""REML on simulated data against another way to the same answer."""

import os

import numpy as np
import pytest
from scipy.optimize import brentq

from synthesis.pooling import pool
from synthesis.pooling.batch import batch_of_one
from synthesis.pooling.likelihood import RESTRICTED, log_likelihood, slope

DATA_SETS = 2_000 if os.environ.get("SYNTH_FULL") else 200
# Four studies with two local maxima of the restricted likelihood, found by search.
HIGHEST_INSIDE = ([0.8, 0.1, 0.1, -2.9], [0.189, 0.006, 0.023, 0.865])
HIGHEST_AT_ZERO = ([-7.5, -0.5, -0.1, -0.2], [7.203, 0.313, 0.269, 7.626])


def simulated(number):
    """Ten to thirty studies with variances within a factor of some tens, tau2 from none to large."""
    random = np.random.default_rng(number)
    k = random.integers(10, 31)
    v = random.uniform(0.05, 1.0, k) ** 2
    return random.normal(0.3, np.sqrt(v + random.choice([0.0, 0.02, 0.2, 1.0]))), v


def oracle(y, v):
    """The highest point among 0 and all roots of the score, found by brentq between 400 points."""
    batch = batch_of_one(np.asarray(y), np.asarray(v))

    def score(tau2):
        return slope(batch, np.array([tau2]), RESTRICTED).score[0]

    def height(tau2):
        return log_likelihood(batch, np.array([tau2]), restricted=True)[0]

    points = np.concatenate([[0.0], np.geomspace(np.min(v) / 1e4, np.var(y, ddof=1) + np.max(v), 400)])
    signs = [score(point) > 0 for point in points]
    ends = [(a, b) for a, b, up, down in zip(points, points[1:], signs, signs[1:], strict=False) if up and not down]
    return max([0.0, *(brentq(score, a, b, xtol=1e-300, rtol=1e-14) for a, b in ends)], key=height)


@pytest.mark.parametrize("part", range(10))
def test_reml_never_fails(part):
    """Every data set converges, to the oracle's answer within 1e-9 of tau2 and of the smallest variance."""
    for number in range(part, DATA_SETS, 10):
        y, v = simulated(number)
        pooled, expected = pool(y, v), oracle(y, v)
        assert pooled.converged
        assert abs(pooled.tau2 - expected) <= 1e-9 * (expected + v.min()), number


@pytest.mark.parametrize(("y", "v"), [HIGHEST_INSIDE, HIGHEST_AT_ZERO])
def test_the_highest_of_several_maxima(y, v):
    """With two maxima the higher one is given, 0 among the candidates, and a note says that there are two."""
    pooled = pool(y, v)

    assert pooled.tau2 == pytest.approx(oracle(y, v), rel=1e-9)
    assert pooled.boundary == (pooled.tau2 == 0)
    assert pooled.reason("tau2") == "the likelihood has 2 local maxima; the highest is given"


@pytest.mark.parametrize("method", ["REML", "ML", "PM"])
def test_variances_over_forty_powers_of_ten(method):
    """Variances from 1e-20 to 1e20 are fitted without overflow."""
    pooled = pool([0.1, 0.2, 0.4, 0.3], [1e-20, 1e20, 1.0, 0.01], method=method)

    assert pooled.converged
    assert 0.1 <= pooled.estimate <= 0.4
