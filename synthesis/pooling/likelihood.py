"""The likelihood of tau^2, full and restricted, and its highest maximum."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from synthesis.pooling.batch import (
    Batch,
    BoolArray,
    FloatArray,
    IntArray,
    row_sum,
    sum_of_squares,
    variance_range,
    weights_at,
)
from synthesis.pooling.roots import Roots, bracketed_roots

CELLS = 16_384  # numbers worked on at a time in the scan: a few arrays of so many fit into a processor's cache
GRID_RATIO = 1.2  # neighbouring points of the scan for maxima, in tau2 + the smallest v
ROUNDING = 4 * np.finfo(float).eps


@dataclass(frozen=True, slots=True)
class Likelihood:
    """A log-likelihood of tau^2: twice its slope is y'PPy - `expected`, with P = W - WX(X'WX)^-1 X'W."""

    restricted: bool
    expected: Callable[[Batch, FloatArray], FloatArray]  # of the weights: tr P for the restricted one, else tr W
    information: Callable[[Batch, FloatArray], FloatArray]  # of the weights: tr PP, or tr WW


@dataclass(frozen=True, slots=True)
class Slope:
    """The slopes of m log-likelihoods in tau^2, and what was made on the way."""

    score: FloatArray  # (m,) twice the first derivative
    noise: FloatArray  # (m,) the size of score that is rounding error
    w: FloatArray  # (m, k) weights 1 / (v + tau2)
    pull: FloatArray  # (m, k) weighted residuals P y


@dataclass(frozen=True, slots=True)
class Maximum:
    """The highest maximum of m likelihoods on [0, infinity), all of shape (m,)."""

    value: FloatArray
    iterations: IntArray
    converged: BoolArray
    maxima: IntArray  # how many local maxima were found


RESTRICTED = Likelihood(True, lambda batch, w: batch.trace(w), lambda batch, w: batch.trace_of_square(w))
FULL = Likelihood(False, lambda batch, w: row_sum(w, batch.present), lambda _, w: row_sum(w, w))


def slope(batch: Batch, tau2: FloatArray, kind: Likelihood) -> Slope:
    """Twice the slope of the log-likelihood at tau2, shape (m,)."""
    w = weights_at(batch, tau2)
    pull = w * batch.residual(w, batch.y)
    q2, expected = row_sum(pull, pull), kind.expected(batch, w)
    return Slope(q2 - expected, ROUNDING * (q2 + expected), w, pull)


def newton_step(batch: Batch, at: Slope, kind: Likelihood) -> FloatArray:
    """Newton's step towards the maximum, shape (m,); infinite where the log-likelihood is not concave.

    Twice the second derivative is tr PP - 2 y'PPPy (W in the place of the first two P for the full likelihood).
    """
    fall = 2 * batch.form(at.w, at.pull) - kind.information(batch, at.w)
    peaked = fall > 0
    step: FloatArray = np.where(peaked, at.score / np.where(peaked, fall, 1.0), np.inf)
    return step


def log_likelihood(batch: Batch, tau2: FloatArray, *, restricted: bool) -> FloatArray:
    """Log-likelihood with all its constants, shape (m,); the restricted one has + log|X'X| / 2, as in metafor.

    That term makes the restricted likelihood the one of the error contrasts.
    """
    w = weights_at(batch, tau2)
    residual = batch.residual(w, batch.y)
    common = row_sum(np.log(batch.v + tau2[:, None]), batch.present) + row_sum(w * residual, residual)
    if not restricted:
        full: FloatArray = -0.5 * (batch.size * np.log(2 * np.pi) + common)
        return full
    half: FloatArray = -0.5 * (batch.df * np.log(2 * np.pi) + batch.log_det(w) + common)
    return half


def scan_points(batch: Batch) -> FloatArray:
    """Points of tau^2 at which the slope is looked at, shape (m, n), the first 0.

    The last point, the unweighted residual variance of the y plus the largest v, lies beyond every maximum. Above
    (largest v - 2 smallest v) a stationary point can only be a maximum, because there the eigenvalues of P (of W)
    differ by less than a factor of 2; two maxima would have a minimum between them, so there is one at most, and
    no point is needed there. Below, the points stand in geometric progression in tau2 + smallest v.
    """
    smallest, largest = variance_range(batch)
    end = sum_of_squares(batch) / batch.df + largest
    ratio = np.maximum(largest / smallest - 1, 1.0)
    steps = np.arange(1 + int(np.ceil(np.log(ratio.max()) / np.log(GRID_RATIO))))
    inner = smallest[:, None] * (np.minimum(GRID_RATIO**steps, ratio[:, None]) - 1)
    return np.concatenate([inner, np.maximum(end, inner[:, -1])[:, None]], axis=-1)


def highest_maximum(batch: Batch, kind: Likelihood, start: FloatArray) -> Maximum:
    """Highest maximum of each likelihood on [0, infinity), the boundary included.

    Parameters
    ----------
    batch : Batch
        m meta-analyses, each with at least one residual degree of freedom.
    kind : Likelihood
        `RESTRICTED` or `FULL`.
    start : ndarray, shape (m,)
        A first guess, used in the bracket that holds it.

    Returns
    -------
    Maximum
        Every fall of the slope through 0 between the points of `scan_points` is refined by Newton's iteration
        inside its bracket; where there is more than one maximum the likelihoods decide.
    """
    rows, roots, at_zero = _maxima(batch, kind, start)
    best = _best(batch, rows, roots.value, at_zero, restricted=kind.restricted)
    iterations, converged = np.zeros(len(best), np.int64), np.ones(len(best), np.bool_)
    np.maximum.at(iterations, rows, roots.iterations)
    np.logical_and.at(converged, rows, roots.converged)
    return Maximum(best, iterations, converged, np.bincount(rows, minlength=len(best)) + at_zero)


def local_maxima(batch: Batch, kind: Likelihood) -> list[float]:
    """All local maxima of the likelihood of a single meta-analysis that `highest_maximum` finds, in order."""
    _, roots, at_zero = _maxima(batch, kind, np.zeros(1))
    return [0.0] * bool(at_zero[0]) + roots.value.tolist()


def _maxima(batch: Batch, kind: Likelihood, start: FloatArray) -> tuple[IntArray, Roots, BoolArray]:
    """Inner local maxima with the numbers of their meta-analyses; and where there is one at 0, shape (m,)."""
    points = scan_points(batch)
    rising = _rising(batch, kind, points[:, :-1])
    falls = rising & ~np.concatenate([rising[:, 1:], np.zeros((len(rising), 1), np.bool_)], axis=-1)
    rows, columns = np.nonzero(falls)
    low, high = points[rows, columns], points[rows, columns + 1]
    guess = start[rows]
    guess = np.where((guess > low) & (guess < high), guess, 0.5 * (low + high))

    def evaluate(part: Batch, _: IntArray, tau2: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        at = slope(part, tau2, kind)
        return at.score, newton_step(part, at, kind), at.noise

    return rows, bracketed_roots(evaluate, batch.take(rows), low, high, guess), ~rising[:, 0]


def _rising(batch: Batch, kind: Likelihood, points: FloatArray) -> BoolArray:
    """Whether each likelihood rises at each of its points, shape (m, n); several points are looked at together."""
    m, n = points.shape
    together = max(1, CELLS // batch.y.size)
    if together == 1:
        return np.stack([slope(batch, point, kind).score > 0 for point in points.T], axis=-1)
    parts = [points[:, begin : begin + together] for begin in range(0, n, together)]
    found = [slope(batch.take(np.repeat(np.arange(m), part.shape[1])), part.ravel(), kind).score > 0 for part in parts]
    return np.concatenate([one.reshape(m, -1) for one in found], axis=-1)


def _best(batch: Batch, rows: IntArray, value: FloatArray, at_zero: BoolArray, *, restricted: bool) -> FloatArray:
    """The maximum with the highest likelihood, for each meta-analysis."""
    best = np.zeros(len(at_zero))
    several = np.bincount(rows, minlength=len(best)) + at_zero > 1
    alone = ~several[rows]
    best[rows[alone]] = value[alone]
    if not several.any():
        return best
    contested = rows[~alone]
    heights = log_likelihood(batch.take(contested), value[~alone], restricted=restricted)
    top = np.full(len(best), -np.inf)
    edge = np.flatnonzero(several & at_zero)
    top[edge] = log_likelihood(batch.take(edge), np.zeros(len(edge)), restricted=restricted)
    for row, tau2, height in zip(contested, value[~alone], heights, strict=True):
        if height > top[row]:
            best[row], top[row] = tau2, height
    return best
