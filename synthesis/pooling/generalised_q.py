"""The generalised Q as a function of tau^2, and where it takes a given value."""

from __future__ import annotations

import numpy as np
from scipy.special import gammainccinv, gammaincinv

from synthesis.pooling.batch import Batch, BoolArray, FloatArray, IntArray, moments, sum_of_squares, variance_range
from synthesis.pooling.roots import Roots, bracketed_roots

ROUNDING = 4 * np.finfo(float).eps


def q_reaches(batch: Batch, q0: FloatArray, target: FloatArray) -> Roots:
    """tau^2 at which the generalised Q equals `target`, shape (m,); 0 where `q0`, Q at tau^2 = 0, is not above it.

    Q falls all the way, and lies between SS / (tau2 + largest v) and SS / (tau2 + smallest v), SS being the
    unweighted sum of squares: that gives the bracket. 1 / Q is nearly straight, so Newton's step is taken on it.
    """
    smallest, largest = variance_range(batch)
    reach = sum_of_squares(batch) / target
    rows = np.flatnonzero(q0 > target * (1 + ROUNDING))
    low = np.maximum(0.0, (reach - largest)[rows] * (1 - 1e-9))
    high = np.maximum((reach - smallest)[rows] + 1e-9 * (reach + smallest)[rows], low)

    goals = target[rows]

    def evaluate(part: Batch, active: IntArray, tau2: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        at, goal = moments(part, tau2), goals[active]
        return at.q - goal, at.q * (at.q / goal - 1) / at.q2, ROUNDING * goal

    return _placed(bracketed_roots(evaluate, batch.take(rows), low, high, 0.5 * (low + high)), rows, len(target))


def _placed(roots: Roots, rows: IntArray, m: int) -> Roots:
    """The roots among m meta-analyses, with a converged 0 for those that had none to look for."""
    value, iterations, converged = np.zeros(m), np.zeros(m, np.int64), np.ones(m, np.bool_)
    value[rows], iterations[rows], converged[rows] = roots.value, roots.iterations, roots.converged
    return Roots(value, iterations, converged)


def q_profile(batch: Batch, q: FloatArray, level: float) -> tuple[FloatArray, FloatArray, BoolArray]:
    """Q-profile interval of tau^2, without any upper limit to the search.

    Parameters
    ----------
    batch : Batch
        m meta-analyses, each of at least two studies.
    q : ndarray, shape (m,)
        Their Cochran's Q.
    level : float
        Confidence level, 0.95 for a 95 % interval.

    Returns
    -------
    low, high : ndarray, shape (m,)
        Squared units of y; NaN where the interval is empty.
    empty : ndarray, shape (m,)
        Whether Q lies below the whole interval already at tau^2 = 0.

    References
    ----------
    Viechtbauer W (2007). Confidence intervals for the amount of heterogeneity in meta-analysis. Statistics in
    Medicine 26(1), 37-52.
    """
    m, tail = len(q), (1 - level) / 2
    half_df = batch.df / 2
    few, many = 2 * gammaincinv(half_df, tail), 2 * gammainccinv(half_df, tail)
    empty = q < few
    ends = q_reaches(batch.take(np.tile(np.arange(m), 2)), np.tile(q, 2), np.concatenate([many, few])).value
    return np.where(empty, np.nan, ends[:m]), np.where(empty, np.nan, ends[m:]), empty
