"""The generalised Q as a function of tau^2, and where it takes a given value."""

from __future__ import annotations

import numpy as np
from scipy.special import gammainccinv, gammaincinv

from synthesis.pooling.batch import Batch, BoolArray, FloatArray, IntArray, moments, row_sum, variance_range
from synthesis.pooling.roots import Roots, bracketed_roots

ROUNDING = 4 * np.finfo(float).eps
CELLS = 4_096  # numbers in a batch up to which both ends are looked for together


def q_reaches(batch: Batch, q0: FloatArray, target: FloatArray) -> Roots:
    """tau^2 at which the generalised Q equals `target`, shape (m,); 0 where `q0`, Q at tau^2 = 0, is not above it.

    Q falls all the way, and lies between SS / (tau2 + largest v) and SS / (tau2 + smallest v), SS being the
    unweighted sum of squares: that gives the bracket. 1 / Q is nearly straight, so Newton's step is taken on it. It
    starts where the tangent of 1 / Q at 0, or the one far out, is at its goal, whichever lies further.
    """
    rows = np.flatnonzero(q0 > target * (1 + ROUNDING))
    part, goals = batch if len(rows) == len(target) else batch.take(rows), target[rows]
    squares = np.square(part.residual(part.present, part.y)) * part.present
    ss = row_sum(squares, part.present)
    smallest, largest = variance_range(part)
    reach = ss / goals
    low = np.maximum(0.0, (reach - largest) * (1 - 1e-9))
    high = np.maximum(reach - smallest + 1e-9 * (reach + smallest), low)
    at0 = moments(part, np.zeros(len(rows)))
    start = np.maximum(at0.q * (at0.q / goals - 1) / at0.q2, reach - row_sum(squares, part.v) / ss)
    start = np.where((start > low) & (start < high), start, 0.5 * (low + high))

    def evaluate(left: Batch, active: IntArray, tau2: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        at, goal = moments(left, tau2), goals[active]
        return at.q - goal, at.q * (at.q / goal - 1) / at.q2, ROUNDING * goal

    return _placed(bracketed_roots(evaluate, part, low, high, start), rows, len(target))


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
    if batch.y.size > CELLS:
        low, high = (q_reaches(batch, q, target).value for target in (many, few))
    else:
        rows = np.arange(m)
        both = batch.take(np.concatenate([rows, rows]))
        ends = q_reaches(both, np.concatenate([q, q]), np.concatenate([many, few])).value
        low, high = ends[:m], ends[m:]
    return np.where(empty, np.nan, low), np.where(empty, np.nan, high), empty
