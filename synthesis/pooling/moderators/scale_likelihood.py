"""The likelihood of a location-scale model as a function of alpha, and its maxima."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from synthesis.pooling.batch import FloatArray

MOST_ITERATIONS = 100
HALVINGS = 40
SETTLED = 1e-12  # of the log-likelihood: the expected gain of a step below which there is nothing left to gain
NOTHING = -25.0  # log of tau2 over the typical sampling variance below which a study's tau2 is 0 to all purposes
SLOPES = (1.0, -1.0)  # of log tau2 in each standardised moderator, from which the search begins beside 0
LEAST_START = 0.05  # tau2 to start from, in units of the median sampling variance: at 0 the slopes would be 0 too
CONSTANT = 1e-8  # spread of an orthonormal column below which it is an intercept


@dataclass(frozen=True, slots=True, eq=False)
class ScaleProblem:
    """Effects and variances in a unit of their own, and both designs."""

    y: FloatArray  # (k,) effects, over the root of `unit`
    v: FloatArray  # (k,) sampling variances, over `unit`
    x: FloatArray  # (k, p)
    z: FloatArray  # (k, q) orthonormal columns
    r: FloatArray  # (q, q) upper triangular: the columns of log tau2 as given are z r
    unit: float  # the median sampling variance
    restricted: bool

    @property
    def count(self) -> int:
        """Observations that the likelihood has: k, or k - p error contrasts for the restricted one."""
        p = self.x.shape[1] if self.restricted else 0
        return len(self.y) - int(p)


@dataclass(frozen=True, slots=True, eq=False)
class ScalePoint:
    """The likelihood at one alpha, on the orthonormal columns."""

    alpha: FloatArray  # (q,)
    height: float  # the log-likelihood
    slope: FloatArray  # (q,)
    information: FloatArray  # (q, q) observed: less the second derivatives
    expected: FloatArray  # (q, q) expected information


def starts(problem: ScaleProblem, common: float) -> Iterator[FloatArray]:
    """Where to begin: the same tau2 for all, and tau2 rising or falling with each moderator."""
    level = np.log(max(common, LEAST_START))
    flat = problem.z.T @ np.full(len(problem.y), level)
    size = np.sqrt(len(problem.y))
    yield flat
    for column in range(problem.z.shape[1]):
        centred = problem.z[:, column] - problem.z[:, column].mean()
        if np.abs(centred).max() > CONSTANT:
            for slope in SLOPES:
                yield flat + problem.z.T @ (slope * size * centred)


def tau2_of(problem: ScaleProblem, alpha: FloatArray) -> FloatArray:
    """tau2 of each study."""
    return np.exp(np.clip(problem.z @ alpha, 2 * NOTHING, -2 * NOTHING))


def point_at(problem: ScaleProblem, alpha: FloatArray) -> ScalePoint:
    """The log-likelihood and its derivatives.

    With D_j = diag(tau2 z_j) the slope is (y'P D_j P y - tr P D_j) / 2, W in the place of the last P for ML.
    """
    d = tau2_of(problem, alpha)
    w = 1 / (problem.v + d)
    wx = w[:, None] * problem.x
    gram = problem.x.T @ wx
    p = np.diag(w) - wx @ np.linalg.solve(gram, wx.T)
    pull = p @ problem.y
    common = problem.y @ pull - np.log(w).sum()
    if problem.restricted:
        common += np.linalg.slogdet(gram)[1] - np.linalg.slogdet(problem.x.T @ problem.x)[1]
    height = -0.5 * (problem.count * np.log(2 * np.pi) + common)
    kernel = p if problem.restricted else np.diag(w)
    dz = d[:, None] * problem.z
    excess = np.square(pull) - np.diag(kernel)
    bend = problem.z.T @ ((d * excess)[:, None] * problem.z)
    moved = pull[:, None] * dz
    quadratic = moved.T @ p @ moved
    square = dz.T @ np.square(kernel) @ dz
    return ScalePoint(alpha, float(height), 0.5 * dz.T @ excess, -0.5 * bend + quadratic - 0.5 * square, 0.5 * square)


def climb(problem: ScaleProblem, start: FloatArray) -> tuple[ScalePoint, int, bool]:
    """Newton's iteration, Fisher's scoring where that would not climb; each step is halved until it does."""
    here = point_at(problem, start)
    for count in range(1, MOST_ITERATIONS + 1):
        step = _step(here)
        gain = float(here.slope @ step)
        if gain <= SETTLED * max(1.0, abs(here.height)):
            return here, count, True
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
        except np.linalg.LinAlgError:
            continue
        step: FloatArray = np.asarray(np.linalg.solve(matrix, here.slope), dtype=np.float64)
        return step
    return here.slope
