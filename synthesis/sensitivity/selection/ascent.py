"""The highest points of many smooth functions in one box, climbed together.

Each climb is Newton's on the directions that no bound blocks, damped until it ascends. Second derivatives are
differences of the gradient, which is exact; where they do not curve downward their sizes are taken, so that a climb
never heads for a saddle.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from synthesis.pooling.batch import BoolArray, FloatArray, IntArray

STEPS = 150
DIFFERENCE = 1e-5  # between gradients, relative to the parameter or its unit
DONE = 1e-11  # the gain still to be expected at the last step, relative to 1 + |height|
ARRIVED = 1e-7  # the same for a climb that rounding stops
ROUNDING = 1e-13  # relative to 1 + |height|
LEAST_DAMPING, NO_DAMPING, FIRST_DAMPING, MOST_DAMPING = 1e-12, 1e-8, 1e-2, 1e12
MET = 1e-3  # between the places of climbs that go on as one, in units and relative
SPOILT = 1e-3  # of the gain of a step straight uphill
FLAT = 1e-10  # added to the sizes of the scaled curvature

Evaluate = Callable[[IntArray, FloatArray], tuple[FloatArray, FloatArray]]
"""Takes the numbers of the functions, shape (n,), and a place for each, (n, q); gives heights (n,), minus infinity
where there is none, and gradients (n, q)."""


@dataclass(frozen=True, slots=True, eq=False)
class Box:
    """Bounds of q parameters, and the size that counts as one unit of each."""

    low: FloatArray
    high: FloatArray
    unit: FloatArray
    stride: FloatArray  # the longest step is `stride` * (`unit` + the size of the parameter)

    def on_bound(self, place: FloatArray) -> BoolArray:
        """Which parameters lie on a bound, of the shape of `place`."""
        return (place <= self.low) | (place >= self.high)


@dataclass(frozen=True, slots=True, eq=False)
class Peaks:
    """Where n climbs ended."""

    place: FloatArray  # (n, q)
    value: FloatArray  # (n,)
    converged: BoolArray  # (n,)
    iterations: IntArray  # (n,)


def ascend(
    evaluate: Evaluate, start: FloatArray, box: Box, free: BoolArray, *,
    damping: float = FIRST_DAMPING, done: float = DONE, alike: bool = False,
) -> Peaks:  # fmt: skip
    """Maxima of n functions of q parameters, one for each start.

    Parameters
    ----------
    evaluate : callable
        Heights and gradients.
    start : ndarray, shape (n, q)
        Where to begin.
    box : Box
        Bounds, which are never left.
    free : ndarray, shape (n, q)
        Which parameters of each function are sought; the others stay as they are.
    damping : float
        How much the first steps are held back, in units of the curvature; little, where a start is near its maximum.
    done : float
        The gain still to be expected, relative to 1 + |height|, at which a climb takes its last step.
    alike : bool
        Whether all functions are the same: a climb that meets a higher one is then given up, and not converged.
    """
    climbs = _Climbs(evaluate, start, box, free, damping=damping, done=done)
    for count in range(1, STEPS + 1):
        if not len(climbs.active):
            break
        climbs.step(count)
        if alike:
            climbs.meet()
    return Peaks(climbs.place, climbs.value, climbs.converged, climbs.iterations)


class _Climbs:
    """Climbs side by side, each where it stands."""

    def __init__(
        self, evaluate: Evaluate, start: FloatArray, box: Box, free: BoolArray, *, damping: float, done: float
    ) -> None:  # fmt: skip
        self.evaluate, self.box, self.free, self.done = evaluate, box, free, done
        self.place = np.clip(start, box.low, box.high)
        n, q = self.place.shape
        self.value, self.gradient = evaluate(np.arange(n), self.place)
        self.curvature, self.stale = np.zeros((n, q, q)), np.ones(n, np.bool_)
        self.damping, self.iterations = np.full(n, damping), np.full(n, STEPS)
        self.converged, self.active = np.zeros(n, np.bool_), np.flatnonzero(np.isfinite(self.value))

    def step(self, count: int) -> None:
        """One step of each climb that has not ended; a step that does not ascend is not taken, and held back more."""
        act, size = self.active, 1 + np.abs(self.value[self.active])
        anew = act[self.stale[act]]
        self.curvature[anew] = second_derivatives(self.evaluate, anew, self.place[anew], self.box, self.free[anew])
        move, gain = self._moves(act, self.damping[act])
        target = np.clip(self.place[act] + move, self.box.low, self.box.high)
        height, slope = self.evaluate(act, target)
        better = height >= self.value[act] - ROUNDING * size
        took = act[better]
        self.place[took], self.value[took], self.gradient[took] = target[better], height[better], slope[better]
        self.stale[act] = better
        small, stuck = gain <= self.done * size, ~better & (self.damping[act] >= MOST_DAMPING)
        self.converged[act] = small & (better | (self.damping[act] <= 1))
        self._judge(act[stuck])
        self.iterations[act[small | stuck]] = count
        self.damping[act] = np.clip(self.damping[act] * np.where(better, 0.1, 10.0), LEAST_DAMPING, MOST_DAMPING)
        self.active = act[~(small | stuck)]

    def meet(self) -> None:
        """Give up climbs that have come to a higher one."""
        rows = self.active[np.argsort(-self.value[self.active], kind="stable")]
        place = self.place[rows]
        apart = np.abs(place[:, None] - place) / (self.box.unit + np.abs(place))
        met = np.tril((apart <= MET).all(axis=-1), -1).any(axis=1)
        self.active = np.sort(rows[~met])

    def _judge(self, rows: IntArray) -> None:
        """Whether climbs that rounding has stopped have arrived."""
        if len(rows):
            _, left = self._moves(rows, np.full(len(rows), NO_DAMPING))
            self.converged[rows] = left <= ARRIVED * (1 + np.abs(self.value[rows]))

    def _moves(self, rows: IntArray, damping: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Damped steps, shape (n, q), and the gain of each were the slope to stay, (n,)."""
        place, gradient, curvature, box = self.place[rows], self.gradient[rows], self.curvature[rows], self.box
        blocked = ((place <= box.low) & (gradient <= 0)) | ((place >= box.high) & (gradient >= 0))
        ahead = self.free[rows] & ~blocked
        slope, held = np.where(ahead, gradient, 0.0), damping[:, None]
        sizes = np.abs(np.diagonal(curvature, axis1=1, axis2=2))
        width = np.where(sizes > 0, 1 / np.sqrt(np.where(sizes > 0, sizes, 1.0)), box.unit)
        both = ahead[:, :, None] & ahead[:, None, :]
        values, axes = np.linalg.eigh(np.where(both, curvature * width[:, :, None] * width[:, None, :], 0.0))
        along = np.einsum("nij,ni->nj", axes, width * slope) / (np.abs(values) + held + FLAT)
        newton = np.where(ahead, width * np.einsum("nij,nj->ni", axes, along), 0.0)
        move, gain = _reach(place, newton, slope, box)
        uphill, least = _reach(place, np.square(width) * slope / (1 + held), slope, box)
        cut = gain < SPOILT * least  # a bound has taken from the step what made it ascend
        return np.where(cut[:, None], uphill, move), np.where(cut, least, gain)


def second_derivatives(
    evaluate: Evaluate, rows: IntArray, place: FloatArray, box: Box, free: BoolArray
) -> FloatArray:  # fmt: skip
    """Second derivatives at n places, shape (n, q, q), as differences of gradients; 0 where a parameter is not free."""
    n, q = place.shape
    found = np.zeros((n, q, q))
    columns = np.flatnonzero(free.any(axis=0))
    if not n or not len(columns):
        return found
    width = DIFFERENCE * np.maximum(np.abs(place), box.unit)
    ahead = np.repeat(place[None], 2 * len(columns), axis=0)
    for number, column in enumerate(columns):
        ahead[2 * number, :, column] = np.minimum(place[:, column] + width[:, column], box.high[column])
        ahead[2 * number + 1, :, column] = np.maximum(place[:, column] - width[:, column], box.low[column])
    _, gradient = evaluate(np.tile(rows, 2 * len(columns)), ahead.reshape(-1, q))
    gradient = gradient.reshape(2 * len(columns), n, q)
    for number, column in enumerate(columns):
        apart = ahead[2 * number, :, column] - ahead[2 * number + 1, :, column]
        found[:, column] = (gradient[2 * number] - gradient[2 * number + 1]) / apart[:, None]
    both = free[:, :, None] & free[:, None, :]
    return np.where(both & np.isfinite(found), 0.5 * (found + found.swapaxes(1, 2)), 0.0)


def _reach(place: FloatArray, move: FloatArray, slope: FloatArray, box: Box) -> tuple[FloatArray, FloatArray]:
    """Steps no longer than allowed and inside the box, and the gain of each were the slope to stay."""
    longest = box.stride * (box.unit + np.abs(place))
    move = move / np.maximum(1.0, (np.abs(move) / longest).max(axis=1))[:, None]
    move = np.clip(place + move, box.low, box.high) - place
    gain: FloatArray = np.einsum("ni,ni->n", slope, move)
    return move, gain
