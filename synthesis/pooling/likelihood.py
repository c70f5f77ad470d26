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
GRID = 1.2 ** np.arange(2_400)  # points of the scan for maxima, in tau2 + the smallest v, as shares of that v
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

    q2: FloatArray  # (m,) y'PPy, which falls as tau^2 grows
    expected: FloatArray  # (m,) what is expected of it, which falls too
    w: FloatArray  # (m, k) weights 1 / (v + tau2)
    pull: FloatArray  # (m, k) weighted residuals P y

    @property
    def score(self) -> FloatArray:
        """Twice the first derivative, shape (m,)."""
        return self.q2 - self.expected

    @property
    def noise(self) -> FloatArray:
        """The size of the score that is rounding error, shape (m,)."""
        return ROUNDING * (self.q2 + self.expected)


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
    pull = batch.residual(w, batch.y)
    pull *= w
    return Slope(row_sum(pull, pull), kind.expected(batch, w), w, pull)


def newton_step(batch: Batch, at: Slope, kind: Likelihood) -> FloatArray:
    """Newton's step towards the maximum, shape (m,); infinite where it is of no use.

    The step is taken on E / q2 = 1, with the two parts of the slope: that quotient is nearly straight in tau^2, as it
    is altogether where all v are equal. q2 falls at the rate 2 y'PPPy, and E at the rate tr PP (W in the place of the
    first two P for the full likelihood).
    """
    rate = 2 * at.expected * batch.form(at.w, at.pull) - at.q2 * kind.information(batch, at.w)
    rising = rate > 0
    step: FloatArray = np.where(rising, at.q2 * at.score / np.where(rising, rate, 1.0), np.inf)
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
    grid = GRID[: 1 + np.searchsorted(GRID, ratio.max())]
    inner = smallest[:, None] * (np.minimum(grid, ratio[:, None]) - 1)
    return np.concatenate([inner, np.maximum(end, inner[:, -1])[:, None]], axis=-1)


@dataclass(frozen=True, slots=True)
class Scan:
    """What was seen of the slopes of m likelihoods at n points, all of shape (m, n); the last point ends the search."""

    rising: BoolArray  # whether the likelihood rises there
    q2: FloatArray  # the two parts of the slope (`Slope`), at least on both sides of each fall through 0
    expected: FloatArray


def highest_maximum(batch: Batch, kind: Likelihood) -> Maximum:
    """Highest maximum of each likelihood on [0, infinity), the boundary included.

    Parameters
    ----------
    batch : Batch
        m meta-analyses, each with at least one residual degree of freedom.
    kind : Likelihood
        `RESTRICTED` or `FULL`.

    Returns
    -------
    Maximum
        Every fall of the slope through 0 between the points of `scan_points` is refined by Newton's iteration
        inside its bracket; where there is more than one maximum the likelihoods decide.
    """
    rows, roots, at_zero = _maxima(batch, kind)
    m = len(at_zero)
    if m == 1 and len(rows) + at_zero[0] == 1:
        return Maximum(roots.value, roots.iterations, roots.converged, np.ones(1, np.int64)) if len(rows) else _zero()
    best = _best(batch, rows, roots.value, at_zero, restricted=kind.restricted)
    iterations, converged = np.zeros(m, np.int64), np.ones(m, np.bool_)
    np.maximum.at(iterations, rows, roots.iterations)
    np.logical_and.at(converged, rows, roots.converged)
    return Maximum(best, iterations, converged, np.bincount(rows, minlength=m) + at_zero)


def _zero() -> Maximum:
    """A single maximum at the boundary 0."""
    none = np.zeros(1, np.int64)
    return Maximum(np.zeros(1), none, np.ones(1, np.bool_), none + 1)


def local_maxima(batch: Batch, kind: Likelihood) -> list[float]:
    """All local maxima of the likelihood of a single meta-analysis that `highest_maximum` finds, in order."""
    _, roots, at_zero = _maxima(batch, kind)
    inside: list[float] = roots.value.tolist()
    return [0.0, *inside] if at_zero[0] else inside


def _maxima(batch: Batch, kind: Likelihood) -> tuple[IntArray, Roots, BoolArray]:
    """Inner local maxima with the numbers of their meta-analyses; and where there is one at 0, shape (m,)."""
    points = scan_points(batch)
    scan = _scan(batch, kind, points)
    rows, left = np.nonzero(scan.rising[:, :-1] & ~scan.rising[:, 1:])
    low, high = points[rows, left], points[rows, left + 1]

    def evaluate(part: Batch, _: IntArray, tau2: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        at = slope(part, tau2, kind)
        return at.score, newton_step(part, at, kind), at.noise

    start = _between(scan, rows, left, low, high)
    return rows, bracketed_roots(evaluate, batch.take(rows), low, high, start), ~scan.rising[:, 0]


def _between(scan: Scan, rows: IntArray, left: IntArray, low: FloatArray, high: FloatArray) -> FloatArray:
    """Where the straight line through expected / q2 at both ends of each bracket is 1, as in `newton_step`."""
    tiny = np.finfo(float).tiny
    short, over = (scan.expected[rows, at] / np.maximum(scan.q2[rows, at], tiny) - 1 for at in (left, left + 1))
    start = low + (high - low) * (-short / np.maximum(over - short, tiny))
    found: FloatArray = np.where((start > low) & (start < high), start, 0.5 * (low + high))
    return found


def _scan(batch: Batch, kind: Likelihood, points: FloatArray) -> Scan:
    """The slopes at the points of shape (m, n)."""
    m, n = points.shape
    if n * batch.y.size > CELLS:
        return _scan_by_halves(batch, kind, points)
    at = slope(batch.take(np.repeat(np.arange(m), n)), points.ravel(), kind)
    q2, expected = at.q2.reshape(m, n), at.expected.reshape(m, n)
    rising = q2 > expected
    rising[:, -1] = False
    return Scan(rising, q2, expected)


def _scan_by_halves(batch: Batch, kind: Likelihood, points: FloatArray) -> Scan:
    """The same, looking between two points only where these leave a doubt.

    The two parts of the slope (`Slope`) are sums of c / (u + tau2)^2 and of 1 / (u + tau2), and no u exceeds v, the
    largest variance: so q2 (tau2 + v)^2 and expected (tau2 + v) fall as tau^2 grows. With r = (b + v) / (a + v) it
    follows that the likelihood rises all along the stretch from a to b where r q2(b) > expected(a), and falls all
    along it where q2(a) < r expected(b). All other stretches are halved.
    """
    m, n = points.shape
    far = points + variance_range(batch)[1][:, None]
    scan = Scan(np.zeros((m, n), np.bool_), np.full((m, n), np.nan), np.full((m, n), np.nan))

    def look(rows: IntArray, column: int) -> None:
        at = slope(batch if len(rows) == m else batch.take(rows), points[rows, column], kind)
        scan.q2[rows, column], scan.expected[rows, column] = at.q2, at.expected
        scan.rising[rows, column] = (at.q2 > at.expected) & (column < n - 1)

    everywhere = np.arange(m)
    look(everywhere, 0)
    look(everywhere, n - 1)
    stretches = [(0, n - 1, everywhere)]
    while stretches:
        left, right, rows = stretches.pop()
        if right - left < 2:
            continue
        r = far[rows, right] / far[rows, left]
        up = r * scan.q2[rows, right] > scan.expected[rows, left]
        down = scan.q2[rows, left] < r * scan.expected[rows, right]
        scan.rising[rows[up], left:right] = True
        doubtful = rows[~(up | down)]
        if doubtful.size:
            middle = (left + right) // 2
            look(doubtful, middle)
            stretches += [(left, middle, doubtful), (middle, right, doubtful)]
    return scan


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
