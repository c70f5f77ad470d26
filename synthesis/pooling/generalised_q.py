"""The generalised Q as a function of tau^2, and where it takes a given value."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from scipy.special import gammainccinv, gammaincinv

from synthesis.pooling.batch import Batch, BoolArray, FloatArray, IntArray, moments, row_sum, variance_range
from synthesis.pooling.roots import Roots, bracketed_roots

ROUNDING = 4 * np.finfo(float).eps
CELLS = 4_096  # numbers in a batch up to which both ends are looked for together


@dataclass(frozen=True, slots=True)
class Outline:
    """What brackets the generalised Q as a function of tau^2, all of shape (m,).

    Q falls all the way, and lies between ss / (tau2 + largest) and ss / (tau2 + smallest); far out it is about
    ss / (tau2 + typical).
    """

    q: FloatArray  # at tau^2 = 0
    q2: FloatArray  # how fast it falls there
    ss: FloatArray  # unweighted residual sum of squares
    smallest: FloatArray  # v
    largest: FloatArray
    typical: FloatArray  # mean of v weighted by the squares


def outline(batch: Batch) -> Outline:
    """The outline of each meta-analysis."""
    at0 = moments(batch, np.zeros(len(batch.size)))
    squares = np.square(batch.residual(batch.present, batch.y)) * batch.present
    ss = batch.sum(squares)
    typical = row_sum(squares, batch.v) / np.maximum(ss, np.finfo(float).tiny)
    return Outline(at0.q, at0.q2, ss, *variance_range(batch), typical)


def q_reaches(batch: Batch, target: FloatArray, known: Outline | None = None) -> Roots:
    """tau^2 at which the generalised Q equals `target`, shape (m,); 0 where it is not above that already at 0.

    1 / Q is nearly straight, so Newton's step is taken on it. It starts where the tangent of 1 / Q at 0, or the one far
    out, is at its goal, whichever lies further.
    """
    all_known = known or outline(batch)
    rows = np.flatnonzero(all_known.q > target * (1 + ROUNDING))
    if len(rows) == len(target):
        part, goals, of = batch, target, all_known
    else:
        part, goals = batch.take(rows), target[rows]
        of = Outline(*(getattr(all_known, field.name)[rows] for field in fields(Outline)))
    reach = of.ss / goals
    low = np.maximum(0.0, (reach - of.largest) * (1 - 1e-9))
    high = np.maximum(reach - of.smallest + 1e-9 * (reach + of.smallest), low)
    start = np.maximum(of.q * (of.q / goals - 1) / of.q2, reach - of.typical)
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
        known = outline(batch)
        low, high = (q_reaches(batch, target, known).value for target in (many, few))
    else:
        rows = np.arange(m)
        ends = q_reaches(batch.take(np.concatenate([rows, rows])), np.concatenate([many, few])).value
        low, high = ends[:m], ends[m:]
    return np.where(empty, np.nan, low), np.where(empty, np.nan, high), empty
