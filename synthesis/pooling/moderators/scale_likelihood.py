"""The likelihood of a location-scale model as a function of alpha, and its maxima."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from synthesis.pooling.batch import FloatArray
from synthesis.pooling.moderators.design_batch import DesignBatch

MOST_ITERATIONS = 100
HALVINGS = 40
SETTLED = 1e-12  # of the log-likelihood: the expected gain of a step below which there is nothing left to gain
NOTHING = -25.0  # log of tau2 over the typical sampling variance below which a study's tau2 is 0 to all purposes
SLOPES = (1.0, -1.0)  # of log tau2 in each standardised moderator, from which the search begins beside 0
STEEP = (3.0, -3.0, 9.0, -9.0)  # the same where one end has nearly all of the spread
LEAST_START = 0.05  # tau2 to start from, in units of the median sampling variance: at 0 the slopes would be 0 too
CONSTANT = 1e-8  # spread of an orthonormal column below which it is an intercept


@dataclass(frozen=True, slots=True, eq=False)
class ScaleProblem:
    """Effects and variances in a unit of their own, and both designs."""

    batch: DesignBatch  # one regression: effects over the root of `unit`, variances over `unit`
    z: FloatArray  # (k, q) orthonormal columns
    r: FloatArray  # (q, q) upper triangular: the columns of log tau2 as given are z r
    unit: float  # the median sampling variance
    restricted: bool

    @property
    def count(self) -> int:
        """Observations that the likelihood has: k, or k - p error contrasts for the restricted one."""
        return int(self.batch.df[0]) if self.restricted else len(self.z)


@dataclass(frozen=True, slots=True, eq=False)
class ScalePoint:
    """The likelihood at one alpha, on the orthonormal columns."""

    alpha: FloatArray  # (q,)
    height: float  # the log-likelihood
    slope: FloatArray  # (q,)
    information: FloatArray  # (q, q) observed: less the second derivatives
    expected: FloatArray  # (q, q) expected information


def starts(problem: ScaleProblem, common: float) -> Iterator[FloatArray]:
    """Where to begin: the same tau2 for all, and tau2 rising or falling with each moderator, more or less steeply.

    The steep ones have `common`, a little raised, at their upper end.
    """
    z, level = problem.z, np.log(max(common, LEAST_START))
    yield z.T @ np.full(len(z), level)
    for column in z.T:
        centred = np.sqrt(len(z)) * (column - column.mean())
        if np.abs(centred).max() > CONSTANT * np.sqrt(len(z)):
            for slope in SLOPES:
                yield z.T @ (level + slope * centred)
            for slope in STEEP:
                yield z.T @ (level + 1 + slope * centred - (slope * centred).max())


def tau2_of(problem: ScaleProblem, alpha: FloatArray) -> FloatArray:
    """tau2 of each study."""
    return np.exp(np.clip(problem.z @ alpha, 2 * NOTHING, -NOTHING))


def point_at(problem: ScaleProblem, alpha: FloatArray) -> ScalePoint:
    """The log-likelihood and its derivatives, in time proportional to k.

    With D_j = diag(tau2 z_j) the slope is (y'P D_j P y - tr P D_j) / 2, W in the place of the last P for ML.
    """
    batch = problem.batch
    d = tau2_of(problem, alpha)
    w = (1 / (batch.v[0] + d))[None]
    residual = batch.residual(w, batch.y)
    pull = (w * residual)[0]
    common = pull @ batch.y[0] - np.log(w).sum() + (batch.log_det(w)[0] if problem.restricted else 0.0)
    height = -0.5 * (problem.count * np.log(2 * np.pi) + common)
    dz = d[:, None] * problem.z
    kernel = batch.diagonal(w)[0] if problem.restricted else w[0]
    excess = np.square(pull) - kernel
    bend = problem.z.T @ ((d * excess)[:, None] * problem.z)
    moved = pull[:, None] * dz
    left = np.stack([batch.residual(w, column[None])[0] for column in moved.T], axis=-1)
    quadratic = moved.T @ (w[0][:, None] * left)
    square = _squared_kernel(batch, w, kernel, dz) if problem.restricted else dz.T @ (np.square(w[0])[:, None] * dz)
    return ScalePoint(alpha, float(height), 0.5 * dz.T @ excess, -0.5 * bend + quadratic - 0.5 * square, 0.5 * square)


def _squared_kernel(batch: DesignBatch, w: FloatArray, diagonal: FloatArray, u: FloatArray) -> FloatArray:
    """Sums of P_ij^2 u_ia u_jb over i and j, shape (q, q); off the diagonal P_ij = -w_i w_j x_i'Mx_j, M = (X'WX)^-1."""
    inverse = np.linalg.inv(batch.gram(w)[0])
    q = u.shape[1]
    parts = [inverse @ batch.gram(np.square(w) * column)[0] for column in u.T]
    between = np.array([[np.trace(parts[a] @ parts[b]) for b in range(q)] for a in range(q)])
    own = np.square(diagonal) - np.square(w[0] * batch.leverages(w)[0])
    total: FloatArray = u.T @ (own[:, None] * u) + between
    return total


def climb(problem: ScaleProblem, start: FloatArray) -> tuple[ScalePoint, int, bool]:
    """Newton's iteration, Fisher's scoring where that would not climb; each step is halved until it does."""
    here = point_at(problem, start)
    for count in range(1, MOST_ITERATIONS + 1):
        step = _step(here)
        gain = float(here.slope @ step)
        if gain <= SETTLED * max(1.0, abs(here.height)):
            return point_at(problem, here.alpha + step), count, True
        for halving in range(HALVINGS):
            following = point_at(problem, here.alpha + step / 2**halving)
            if following.height > here.height:
                break
        else:
            return here, count, True
        here = following
    return here, MOST_ITERATIONS, False


def _step(here: ScalePoint) -> FloatArray:
    """The direction of the next step; it always climbs."""
    for matrix in (here.information, here.expected):
        try:
            np.linalg.cholesky(matrix)
            step: FloatArray = np.asarray(np.linalg.solve(matrix, here.slope), dtype=np.float64)
        except np.linalg.LinAlgError:
            continue
        return step
    return here.slope
