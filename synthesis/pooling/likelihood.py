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
from synthesis.pooling.roots import bracketed_roots

GRID_RATIO = 1.5  # neighbouring points of the scan for maxima, in tau2 + the smallest v
ROUNDING = 4 * np.finfo(float).eps


@dataclass(frozen=True, slots=True)
class Slope:
    """A log-likelihood's slope in tau^2 and what goes with it, all of shape (m,)."""

    score: FloatArray  # twice the first derivative
    curvature: FloatArray  # twice the second derivative
    noise: FloatArray  # the size of score that is rounding error


@dataclass(frozen=True, slots=True)
class Maximum:
    """The highest maximum of m likelihoods on [0, infinity), all of shape (m,)."""

    value: FloatArray
    iterations: IntArray
    converged: BoolArray
    maxima: IntArray  # how many local maxima were found


Likelihood = Callable[[Batch, FloatArray], Slope]


def restricted_likelihood(batch: Batch, tau2: FloatArray) -> Slope:
    """Slope of the restricted log-likelihood: y'PPy - tr P, with P = W - W11'W / 1'W1."""
    w, pull, s1, s2 = _parts(batch, tau2)
    q2, bend = row_sum(pull, pull), _bend(w, pull, s1)
    trace = s1 - s2 / s1
    trace_of_square = s2 - 2 * row_sum(w * w, w) / s1 + np.square(s2 / s1)
    return Slope(q2 - trace, trace_of_square - 2 * bend, ROUNDING * (q2 + trace))


def likelihood(batch: Batch, tau2: FloatArray) -> Slope:
    """Slope of the profile log-likelihood: y'PPy - tr W."""
    w, pull, s1, s2 = _parts(batch, tau2)
    q2, bend = row_sum(pull, pull), _bend(w, pull, s1)
    return Slope(q2 - s1, s2 - 2 * bend, ROUNDING * (q2 + s1))


def _parts(batch: Batch, tau2: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Weights, weighted residuals, and the sums of the weights and of their squares."""
    w = weights_at(batch, tau2)
    s1 = w.sum(axis=-1)
    pull = w * (batch.y - (row_sum(w, batch.y) / s1)[:, None])
    return w, pull, s1, row_sum(w, w)


def _bend(w: FloatArray, pull: FloatArray, s1: FloatArray) -> FloatArray:
    """Y'PPPy = sum(w^3 r^2) - (sum w^2 r)^2 / s1, half the slope of -y'PPy."""
    return row_sum(w * pull, pull) - np.square(row_sum(w, pull)) / s1


def log_likelihood(batch: Batch, tau2: FloatArray, *, restricted: bool) -> FloatArray:
    """Log-likelihood with all its constants, shape (m,); the restricted one has + log(k) / 2, as in metafor.

    The term log|X'X| / 2 = log(k) / 2 makes the restricted likelihood that of the error contrasts.
    """
    w = weights_at(batch, tau2)
    s1 = w.sum(axis=-1)
    residual = batch.y - (row_sum(w, batch.y) / s1)[:, None]
    logs = np.where(batch.w > 0, np.log(batch.v + tau2[:, None]), 0.0).sum(axis=-1)
    common = logs + row_sum(w * residual, residual)
    if not restricted:
        full: FloatArray = -0.5 * (batch.size * np.log(2 * np.pi) + common)
        return full
    half: FloatArray = -0.5 * ((batch.size - 1) * np.log(2 * np.pi) - np.log(batch.size) + np.log(s1) + common)
    return half


def scan_points(batch: Batch) -> FloatArray:
    """Points of tau^2 at which the slope is looked at, shape (m, n), the first 0.

    The last point, the unweighted variance of the y plus the largest v, lies beyond every maximum. Above
    (largest v - 2 smallest v) a stationary point can only be a maximum, because there the eigenvalues of P (of W)
    differ by less than a factor of 2; two maxima would have a minimum between them, so there is one at most, and
    no point is needed there. Below, the points stand in geometric progression in tau2 + smallest v.
    """
    smallest, largest = variance_range(batch)
    end = sum_of_squares(batch) / (batch.size - 1) + largest
    ratio = np.maximum(largest / smallest - 1, 1.0)
    steps = int(np.ceil(np.log(ratio.max()) / np.log(GRID_RATIO)))
    exponents = np.arange(steps + 1) / max(steps, 1)
    inner = smallest[:, None] * (ratio[:, None] ** exponents - 1)
    return np.concatenate([inner, np.maximum(end, inner[:, -1])[:, None]], axis=-1)


def highest_maximum(batch: Batch, slope: Likelihood, start: FloatArray) -> Maximum:
    """Highest maximum of each likelihood on [0, infinity), the boundary included.

    Parameters
    ----------
    batch : Batch
        m meta-analyses, each of at least two studies.
    slope : callable
        `restricted_likelihood` or `likelihood`.
    start : ndarray, shape (m,)
        A first guess, used in the bracket that holds it.

    Returns
    -------
    Maximum
        Every fall of the slope through 0 between the points of `scan_points` is refined by Newton's iteration
        inside its bracket; where there is more than one maximum the likelihoods decide.
    """
    points = scan_points(batch)
    rising = np.stack([slope(batch, point).score > 0 for point in points.T[:-1]], axis=-1)
    falls = rising & ~np.concatenate([rising[:, 1:], np.zeros((len(rising), 1), np.bool_)], axis=-1)
    rows, columns = np.nonzero(falls)
    low, high = points[rows, columns], points[rows, columns + 1]
    guess = start[rows]
    guess = np.where((guess > low) & (guess < high), guess, 0.5 * (low + high))

    def evaluate(active: IntArray, tau2: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        at = slope(batch.take(rows[active]), tau2)
        peaked = at.curvature < 0
        step = np.where(peaked, at.score / np.where(peaked, -at.curvature, 1.0), np.inf)
        return at.score, step, at.noise

    roots = bracketed_roots(evaluate, low, high, guess)
    best = _best(batch, rows, roots.value, ~rising[:, 0], restricted=slope is restricted_likelihood)
    iterations, converged = np.zeros(len(rising), np.int64), np.ones(len(rising), np.bool_)
    np.maximum.at(iterations, rows, roots.iterations)
    np.logical_and.at(converged, rows, roots.converged)
    return Maximum(best, iterations, converged, falls.sum(axis=-1) + ~rising[:, 0])


def _best(batch: Batch, rows: IntArray, value: FloatArray, at_zero: BoolArray, *, restricted: bool) -> FloatArray:
    """The maximum with the highest likelihood, for each meta-analysis."""
    best = np.zeros(len(at_zero))
    several = np.bincount(rows, minlength=len(best)) + at_zero > 1
    alone = ~several[rows]
    best[rows[alone]] = value[alone]
    contested = rows[~alone]
    heights = log_likelihood(batch.take(contested), value[~alone], restricted=restricted)
    top = np.full(len(best), -np.inf)
    edge = np.flatnonzero(several & at_zero)
    top[edge] = log_likelihood(batch.take(edge), np.zeros(len(edge)), restricted=restricted)
    for row, tau2, height in zip(contested, value[~alone], heights, strict=True):
        if height > top[row]:
            best[row], top[row] = tau2, height
    return best
