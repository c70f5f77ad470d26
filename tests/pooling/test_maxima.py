"""REML and ML on simulated data against another way to the highest maximum."""

import os

import numpy as np
import pytest
from scipy.optimize import brentq

from synthesis.pooling import pool, pool_groups
from tests.pooling.reference import blocks

SHARE = 1 if os.environ.get("SYNTH_FULL") else 20  # one of so many data sets is tried ordinarily
METHODS = pytest.mark.parametrize("method", ["REML", "ML"])
SETS = {"ordinary": (2_000, 10, 30), "tiny": (3_000, 3, 6)}  # how many, and studies from and to
# Four studies with two local maxima of the restricted likelihood, found by search.
HIGHEST_INSIDE = ([0.8, 0.1, 0.1, -2.9], [0.189, 0.006, 0.023, 0.865])
HIGHEST_AT_ZERO = ([-7.5, -0.5, -0.1, -0.2], [7.203, 0.313, 0.269, 7.626])
THREE_STUDIES = ([0.008, 1.726, 0.096], [0.0051, 0.4484, 0.0232])
RATIO = next(block["inputs"] for block in blocks("edge_cases") if block["id"] == "ratio_1e8")
FIXED = (HIGHEST_INSIDE, HIGHEST_AT_ZERO, THREE_STUDIES, (RATIO["yi"], RATIO["vi"]))


def simulated(kind, number):
    """Studies with variances within a factor of some hundreds, tau2 from none to large."""
    _, least, most = SETS[kind]
    random = np.random.default_rng([number, least])
    k = random.integers(least, most + 1)
    v = random.uniform(0.05, 1.0, k) ** 2
    return random.normal(0.3, np.sqrt(v + random.choice([0.0, 0.02, 0.2, 1.0]))), v


class Oracle:
    """All local maxima on [0, infinity): 0, and the falls through 0 of the slope on a fine grid, refined by brentq."""

    def __init__(self, y, v, method):
        self.y, self.v, self.restricted = np.asarray(y), np.asarray(v), method == "REML"
        far = np.var(y, ddof=1) + np.max(v)
        points = np.concatenate([[0.0], np.geomspace(np.min(v) / 1e5, far, 2_000)])
        rising = self.slope(points[:, None]) > 0
        falls = np.flatnonzero(rising[:-1] & ~rising[1:])
        self.maxima = [0.0] * (not rising[0])
        self.maxima += [brentq(self.slope, points[i], points[i + 1], xtol=1e-300, rtol=1e-14) for i in falls]
        self.highest = max(self.maxima, key=self.height)

    def parts(self, tau2):
        w = 1 / (self.v + tau2)
        s1 = w.sum(axis=-1)
        return w, s1, self.y - np.expand_dims((w * self.y).sum(axis=-1) / s1, -1)

    def slope(self, tau2):
        """Twice the slope of the log-likelihood."""
        w, s1, r = self.parts(tau2)
        return ((w * r) ** 2).sum(axis=-1) - s1 + ((w**2).sum(axis=-1) / s1 if self.restricted else 0)

    def height(self, tau2):
        w, s1, r = self.parts(tau2)
        return 0.5 * np.sum(np.log(w)) - 0.5 * np.sum(w * r**2) - (0.5 * np.log(s1) if self.restricted else 0)


def assert_highest(pooled, oracle):
    """The oracle's answer within 1e-9 of tau2 and of the smallest variance, and as many maxima."""
    assert pooled.converged
    assert abs(pooled.tau2 - oracle.highest) <= 1e-9 * (oracle.highest + oracle.v.min())
    assert pooled.maxima == len(oracle.maxima)
    assert (f"{pooled.maxima} local maxima" in pooled.reason("tau2")) == (pooled.maxima > 1)


@METHODS
@pytest.mark.parametrize("part", range(10))
@pytest.mark.parametrize("kind", SETS)
def test_simulated_data(kind, part, method):
    """No data set fails, and each estimate is the highest maximum."""
    groups = [simulated(kind, number) for number in range(part, SETS[kind][0] // SHARE, 10)]
    for group, pooled in zip(groups, pool_groups(groups, method=method), strict=True):
        assert_highest(pooled, Oracle(*group, method))


@METHODS
@pytest.mark.parametrize(("y", "v"), FIXED)
def test_fixed_data(y, v, method):
    """Data sets that are hard to get right, alone."""
    pooled, oracle = pool(y, v, method=method), Oracle(y, v, method)

    assert_highest(pooled, oracle)
    assert pooled.boundary == (oracle.highest == 0)


@pytest.mark.parametrize(("y", "v"), [HIGHEST_INSIDE, HIGHEST_AT_ZERO])
def test_several_maxima_are_named(y, v):
    """With two maxima the higher one is given, and a note says that there are two, and where."""
    pooled, oracle = pool(y, v), Oracle(y, v, "REML")
    places = ", ".join(f"{value:.4g}" for value in oracle.maxima)

    assert pooled.maxima == 2
    assert pooled.reason("tau2") == f"the likelihood has 2 local maxima, at {places}; the highest is given"


def test_some_tiny_data_sets_have_several_maxima():
    """The simulated data try what they are meant to try."""
    counts = [pool(*simulated("tiny", number)).maxima for number in range(500)]

    assert max(counts) > 1


@pytest.mark.parametrize("method", ["REML", "ML", "PM"])
def test_variances_over_forty_powers_of_ten(method):
    """Variances from 1e-20 to 1e20 are fitted without overflow."""
    pooled = pool([0.1, 0.2, 0.4, 0.3], [1e-20, 1e20, 1.0, 0.01], method=method)

    assert pooled.converged
    assert 0.1 <= pooled.estimate <= 0.4
