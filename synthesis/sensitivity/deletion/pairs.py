"""Pairs of outliers that hide one another: each alone makes the other look ordinary."""

from __future__ import annotations

from itertools import combinations
from typing import NamedTuple

import numpy as np

from synthesis.pooling.batch import BoolArray, FloatArray, IntArray
from synthesis.pooling.intervals import half_width
from synthesis.pooling.moderators.deletion import ALONE, refitted
from synthesis.pooling.moderators.regression import Regression
from synthesis.pooling.moderators.residuals import deleted_residuals

MOST = 40  # studies up to which all pairs are looked at
LEAST_DF = 3  # residual degrees of freedom that two studies must leave
ALPHA = 0.05  # for all studies, or all pairs, together (Bonferroni)


class Pair(NamedTuple):
    """Two studies that are outlying when both are left out, of which one at least does not look so by itself."""

    first: int  # row of the data, the first 1
    second: int
    first_residual: float  # standardised, from the model without both
    second_residual: float
    tau2: float  # without both


def masked_pairs(fit: Regression, rstudent: FloatArray) -> tuple[Pair, ...]:
    """Masked pairs, the most outlying first; none is looked for beyond 40 studies, or where too few would be left.

    Both residuals from the model without the two must stand out (`critical_residual`, of the number of pairs), and one
    of them at least must not do so when it alone is left out: so a pair is named only where there is little doubt.

    References
    ----------
    Barnett V, Lewis T (1994). Outliers in Statistical Data, 3rd edition, chapter 4 (masking). Wiley.
    """
    k, p = fit.k, fit.p
    if not can_look_at_pairs(fit):
        return ()
    pairs = np.array(list(combinations(range(k), 2)))
    hidden = np.abs(rstudent[pairs]).min(axis=1) <= critical_residual(k, k - 1 - p)
    pairs, count = pairs[hidden & _determined(fit.model.design, pairs)], len(pairs)
    if not len(pairs):
        return ()
    residual, tau2 = _residuals_without(fit, pairs)
    weaker = np.abs(residual).min(axis=1)
    found = np.flatnonzero(weaker > critical_residual(count, k - 2 - p))
    rows = fit.design.rows
    return tuple(
        Pair(int(first), int(second), float(residual[one, 0]), float(residual[one, 1]), float(tau2[one]))
        for one in found[np.argsort(-weaker[found], kind="stable")].tolist()
        for first, second in [rows[pairs[one]]]
    )


def critical_residual(count: int, df: int) -> float:
    """What the largest of so many standardised residuals exceeds in size 1 time in 20: t, Bonferroni."""
    return half_width(df, 1 - ALPHA / count)


def can_look_at_pairs(fit: Regression) -> bool:
    """Whether pairs can be looked at: enough studies without them, and not too many with them."""
    return fit.k <= MOST and fit.k - 2 - fit.p >= LEAST_DF


def _determined(x: FloatArray, pairs: IntArray) -> BoolArray:
    """Whether the studies without each pair determine all coefficients."""
    q = np.linalg.qr(x / np.abs(x).max(axis=0))[0]
    h = q @ q.T
    i, j = pairs.T
    left: BoolArray = (1 - h[i, i]) * (1 - h[j, j]) - np.square(h[i, j]) > ALONE
    return left


def _residuals_without(fit: Regression, pairs: IntArray) -> tuple[FloatArray, FloatArray]:
    """Standardised residuals of both studies from the models without them, shape (n, 2), and the tau^2 of these."""
    y, v, x = fit.model.yi, fit.vi, fit.model.design
    present = np.ones((len(pairs), fit.k))
    np.put_along_axis(present, pairs, 0.0, axis=1)
    _, without = refitted(y, v, x, present, method=fit.method, test=fit.test)
    return deleted_residuals(y, v, x, pairs, without), without.tau2.value
