"""Power of studies, and tests of how many are significant against it: O observed of k, E expected.

A function takes m groups of k studies: `observed`, shape (m,), and the power of each study, shape (m, k). It gives the
one-sided p-value, shape (m,), which is small where O exceeds E.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from scipy.special import betainc, ndtr, ndtri

from synthesis.pooling.batch import BoolArray, FloatArray, IntArray

ALTERNATIVES = ("two-sided", "greater", "less")


def power_at(theta: FloatArray, tau2: FloatArray, v: FloatArray, alternative: str, alpha: float) -> FloatArray:
    """The power of each study, shape (m, k), where effects are normal about theta with variance tau2, both (m,).

    For effects above 0, Phi((theta - z sqrt(v)) / sqrt(v + tau2)), and alike below 0; z is the critical value.
    """
    z = -ndtri(alpha / 2 if alternative == "two-sided" else alpha)
    se, spread = np.sqrt(v), np.sqrt(v + tau2[:, None])
    greater = ndtr((theta[:, None] - z * se) / spread)
    less = ndtr((-theta[:, None] - z * se) / spread)
    found: FloatArray = {"two-sided": greater + less, "greater": greater, "less": less}[alternative]
    return found


def significant(y: FloatArray, v: FloatArray, alternative: str, alpha: float) -> BoolArray:
    """Which studies have p <= alpha by their normal deviate."""
    z, ratio = -ndtri(alpha / 2 if alternative == "two-sided" else alpha), y / np.sqrt(v)
    found: BoolArray = {"two-sided": np.abs(ratio), "greater": ratio, "less": -ratio}[alternative] >= z
    return found


def exact(observed: IntArray, power: FloatArray) -> FloatArray:
    """P(N >= O), N the number of successes of k trials with these probabilities (Poisson-binomial), shape (m,).

    References
    ----------
    Francis G (2013). Replication, statistical consistency, and publication bias. Journal of Mathematical Psychology
    57(5), 153-169.
    """
    m, k = power.shape
    found = np.zeros((m, k + 1))  # the probability of 0, 1, ..., k successes among the studies so far
    found[:, 0] = 1.0
    for study in range(k):
        p = power[:, study, None]
        found[:, 1:] = found[:, 1:] * (1 - p) + found[:, :-1] * p
        found[:, :1] *= 1 - p
    tail: FloatArray = np.sum(found, axis=-1, where=np.arange(k + 1) >= observed[:, None])
    return np.minimum(1.0, tail)


def binomial(observed: IntArray, power: FloatArray) -> FloatArray:
    """P(N >= O), N binomial with k trials and the mean power, shape (m,)."""
    k, some = power.shape[-1], np.maximum(observed, 1)
    found: FloatArray = np.where(observed > 0, betainc(some, k - some + 1, power.mean(axis=-1)), 1.0)
    return found


def chi2(observed: IntArray, power: FloatArray) -> FloatArray:
    """P(Z > sqrt(A)), Z standard normal, below E of P(Z > -sqrt(A)), shape (m,); see `chi2_statistic`."""
    above = np.sign(observed - power.sum(axis=-1))
    found: FloatArray = ndtr(-above * np.sqrt(chi2_statistic(observed, power)))
    return found


def chi2_statistic(observed: IntArray, power: FloatArray) -> FloatArray:
    """A = (O - E)^2 / E + (O - E)^2 / (k - E), shape (m,)."""
    expected, k = power.sum(axis=-1), power.shape[-1]
    square = (observed - expected) ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        found: FloatArray = np.where(square > 0, square / expected + square / (k - expected), 0.0)
    return found


EXCESS_TESTS: Mapping[str, Callable[[IntArray, FloatArray], FloatArray]] = {
    "exact": exact,
    "binomial": binomial,
    "chi2": chi2,
}
