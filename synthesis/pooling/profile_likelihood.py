"""Profile-likelihood interval of tau^2, along a batch."""

from __future__ import annotations

import numpy as np
from scipy.special import gammaincinv

from synthesis.pooling.batch import Batch, FloatArray, IntArray, row_sum, sum_of_squares
from synthesis.pooling.likelihood import FULL, RESTRICTED, log_likelihood, scan_points, slope
from synthesis.pooling.roots import bracketed_roots

ROUNDING = 4 * np.finfo(float).eps
GROWTH = 4.0  # of the upper end of the bracket, until it lies beyond the interval
MOST_GROWTH = 400


def profile_likelihood(
    batch: Batch, tau2: FloatArray, level: float, *, restricted: bool
) -> tuple[FloatArray, FloatArray]:
    """From the first to the last tau^2 whose log-likelihood lies within chi-squared(1) / 2 of the highest.

    Parameters
    ----------
    batch : Batch
        m meta-analyses, each of at least two studies.
    tau2 : ndarray, shape (m,)
        Where the likelihood is highest.
    level : float
        Confidence level.
    restricted : bool
        Which likelihood.

    Returns
    -------
    low, high : ndarray, shape (m,)
        Squared units of y. `low` is 0 where the likelihood has not fallen enough there; `high` always exists, for the
        likelihood falls without end.
    """
    m = len(tau2)
    points = np.sort(np.concatenate([scan_points(batch), tau2[:, None]], axis=-1), axis=-1)
    drop = float(gammaincinv(0.5, level))  # half of the quantile of chi-squared on one degree of freedom
    least = log_likelihood(batch, tau2, restricted=restricted) - drop
    heights = np.stack([log_likelihood(batch, point, restricted=restricted) for point in points.T], axis=-1)
    inside = (heights >= least[:, None]) | (points == tau2[:, None])
    first, last = inside.argmax(axis=-1), inside.shape[1] - 1 - inside[:, ::-1].argmax(axis=-1)
    rows = np.arange(m)
    beyond = _beyond(batch, points[:, -1], least, restricted=restricted)
    after = np.concatenate([points, beyond[:, None]], axis=-1)[rows, last + 1]
    high = _crossing(batch, points[rows, last], after, least, falling=True, restricted=restricted)
    low = np.zeros(m)
    some = np.flatnonzero(first > 0)
    before, at = points[some, first[some] - 1], points[some, first[some]]
    low[some] = _crossing(batch.take(some), before, at, least[some], falling=False, restricted=restricted)
    return low, high


def _beyond(batch: Batch, high: FloatArray, least: FloatArray, *, restricted: bool) -> FloatArray:
    """Values of tau^2 at least `high` at which the log-likelihood is below `least`."""
    reached = np.maximum(high, sum_of_squares(batch))
    for _ in range(MOST_GROWTH):
        short = log_likelihood(batch, reached, restricted=restricted) >= least
        if not short.any():
            break
        reached = np.where(short, GROWTH * reached, reached)
    return reached


def _crossing(
    batch: Batch, low: FloatArray, high: FloatArray, least: FloatArray, *, falling: bool, restricted: bool
) -> FloatArray:
    """Where the log-likelihood falls (or rises) through `least` between `low` and `high`."""
    sign, kind = (1.0 if falling else -1.0), (RESTRICTED if restricted else FULL)

    def evaluate(part: Batch, active: IntArray, tau2: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        above = sign * (log_likelihood(part, tau2, restricted=restricted) - least[active])
        rate = 0.5 * sign * slope(part, tau2, kind).score
        downhill = rate < 0
        step = np.where(downhill, above / np.where(downhill, -rate, 1.0), np.inf)
        noise = ROUNDING * (1 + row_sum(np.abs(np.log(part.v + tau2[:, None])), part.present))
        return above, step, noise

    return bracketed_roots(evaluate, batch, low, high, 0.5 * (low + high)).value
