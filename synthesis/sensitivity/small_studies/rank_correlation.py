"""Kendall's rank correlation, with its exact distribution where no values are tied."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import ndtr

from synthesis.pooling.batch import FloatArray

MOST_EXACT = 49  # studies up to which p is exact, as in R's cor.test; the normal distribution is near enough beyond


class Kendall(NamedTuple):
    """Kendall's tau-b of two columns."""

    tau: float
    s: float  # concordant pairs less discordant ones
    s_se: float  # of s, where the columns are independent; ties accounted for
    z: float  # s / s_se
    p_value: float  # two-sided
    exact: bool


def kendall(a: FloatArray, b: FloatArray, *, exact: bool = True) -> Kendall | None:
    """Kendall's tau-b and its test, of columns of shape (k,); None where all values of a column are alike.

    The test is exact where no values are tied and there are at most 49, if `exact`; else by the normal distribution
    of s with its variance under ties, without a correction for continuity.

    References
    ----------
    Kendall MG, Gibbons JD (1990). Rank correlation methods (5th ed.), chapters 3-5. London: Edward Arnold.
    """
    k = len(a)
    s, ties_a, ties_b = float(concordance(a, b)), _ties(a), _ties(b)
    pairs = k * (k - 1) / 2
    untied_a, untied_b = (pairs - float(np.sum(t * (t - 1)) / 2) for t in (ties_a, ties_b))
    if untied_a <= 0 or untied_b <= 0:
        return None
    se = float(np.sqrt(_variance(k, ties_a, ties_b)))
    tau, z = s / float(np.sqrt(untied_a * untied_b)), s / se
    if exact and k <= MOST_EXACT and untied_a == untied_b == pairs:
        return Kendall(tau, s, se, z, exact_p(k, s), exact=True)
    return Kendall(tau, s, se, z, 2 * float(ndtr(-abs(z))), exact=False)


def concordance(a: FloatArray, b: FloatArray) -> FloatArray:
    """Concordant pairs less discordant ones: of a, shape (k,), with b, shape (..., k)."""
    signs = np.sign(b[..., :, None] - b[..., None, :])
    found: FloatArray = np.sum(np.sign(a[:, None] - a) * signs, axis=(-1, -2)) / 2
    return found


def exact_p(k: int, s: float) -> float:
    """Two-sided probability of an s as far from 0, when all k! orders of one column are as likely."""
    share = np.ones(1)  # the distribution of the number of inversions among the first 1, 2, ..., k values
    for n in range(2, k + 1):
        share = np.convolve(share, np.full(n, 1 / n))
    inversions = round((k * (k - 1) / 2 - abs(s)) / 2)
    return min(1.0, 2 * float(share[: inversions + 1].sum()))


def _ties(values: FloatArray) -> FloatArray:
    """How often each value occurs."""
    counts: FloatArray = np.unique(values, return_counts=True)[1].astype(np.float64)
    return counts


def _variance(k: int, t: FloatArray, u: FloatArray) -> float:
    """Variance of s for ties of the sizes t in one column and u in the other (Kendall and Gibbons 1990, 4.3)."""
    plain = k * (k - 1) * (2 * k + 5) - sum(float(np.sum(c * (c - 1) * (2 * c + 5))) for c in (t, u))
    two = float(np.sum(t * (t - 1)) * np.sum(u * (u - 1)) / (2 * k * (k - 1)))
    three = float(np.sum(t * (t - 1) * (t - 2)) * np.sum(u * (u - 1) * (u - 2)))
    return plain / 18 + two + (three / (9 * k * (k - 1) * (k - 2)) if k > 2 else 0.0)
