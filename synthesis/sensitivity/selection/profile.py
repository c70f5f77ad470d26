"""Profile-likelihood intervals of all parameters of a model, found together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtri

from synthesis.pooling.batch import BoolArray, FloatArray, IntArray
from synthesis.sensitivity.selection.ascent import Box, Peaks, ascend
from synthesis.sensitivity.selection.search import APART, Found, Surface, best

GROWTH = 1.6  # of the distance from the estimate, until the likelihood is low enough
MOST = 60
ROUNDS = 3  # of searches, while the profiles meet a higher likelihood
OTHERS = 2  # lower maxima from which each climb is tried as well
ENOUGH = 1e-8  # the gain at the last step of a climb, which brings its height to the square of that
NEAR = 1e-6  # first damping: the starts are near their maxima
LEAST = 1e-3  # share of a bracket that a secant must leave on each side
CLOSE = 1e-6  # relative width of the last bracket; or distance of the root of the likelihood ratio from its quantile


@dataclass(frozen=True, slots=True, eq=False)
class Bounds:
    """Intervals of the parameters; NaN where none was asked for or the search did not end."""

    low: FloatArray  # (q,)
    high: FloatArray
    low_open: BoolArray  # (q,) the likelihood is not low enough even at the bound of the parameter
    high_open: BoolArray
    top: float  # the highest likelihood met on the way: above that of the estimate where the search has missed it
    top_place: FloatArray  # (q,)


def profile_bounds(
    surface: Surface, found: Found, box: Box, free: BoolArray, *, wanted: IntArray, level: float,
    tries: FloatArray | None = None,
) -> Bounds:  # fmt: skip
    """Where the likelihood, highest over all other parameters, is chi-squared(1) / 2 below its maximum.

    Parameters
    ----------
    surface, found, box, free
        As in and from `best`.
    wanted : ndarray
        The parameters that get an interval.
    level : float
        Confidence level.
    tries : ndarray, shape (n, q), optional
        Where each climb begins as well; by default at the highest of the other maxima.

    Notes
    -----
    The signed root of the likelihood ratio is about straight in the parameter, so its root is sought by secants inside
    a bracket. The other parameters follow from the nearest place that is known.
    Other maxima that are high enough lie within the interval, even where the likelihood is lower in between.
    """
    if tries is None:
        tries = np.array([place for _, place in found.others[:OTHERS]]).reshape(-1, len(free))
    target = float(np.sqrt(chdtri(1, 1 - level)))
    search = _Search(surface, found, box, free, wanted=wanted, target=target, tries=tries)
    for _ in range(MOST):
        if search.done.all():
            break
        search.step()
    return search.bounds()


def best_with_bounds(
    surface: Surface, start: FloatArray, box: Box, free: BoolArray, *, wanted: IntArray, level: float
) -> tuple[Found, Bounds]:  # fmt: skip
    """The highest maximum and profile intervals; where these meet a higher place, the search goes on from there."""
    found = best(surface, start, box, free)
    for _ in range(ROUNDS):
        bounds = profile_bounds(surface, found, box, free, wanted=wanted, level=level)
        if bounds.top <= found.value + APART * (1 + abs(found.value)):
            break
        start = np.concatenate([start, bounds.top_place[None]])
        found = best(surface, start, box, free)
    return found, bounds


class _Search:
    """The search for all bounds, side by side; one entry for each."""

    def __init__(
        self, surface: Surface, found: Found, box: Box, free: BoolArray, *, wanted: IntArray, target: float,
        tries: FloatArray,
    ) -> None:  # fmt: skip
        self.surface, self.found, self.box, self.target, self.tries = surface, found, box, target, tries
        self.column, self.side = np.repeat(wanted, 2), np.tile([-1.0, 1.0], len(wanted))
        n = len(self.column)
        self.end = np.where(self.side < 0, box.low[self.column], box.high[self.column])
        self.places, self.at_last = _outermost(found, self.column, self.side, target)
        self.start = self.places[np.arange(n), self.column]
        self.inner, self.outer = self.start.copy(), np.full(n, np.nan)  # within the interval, and beyond it
        self.last = self.start.copy()  # the latest place; `at_last` is the root of the ratio there
        self.before, self.at_before = self.last.copy(), self.at_last.copy()
        self.others = np.broadcast_to(free, (n, len(free))).copy()
        self.others[np.arange(n), self.column] = False
        self.reach = _first_reach(found, box, self.column, target)
        self.open, self.done = np.zeros(n, np.bool_), np.zeros(n, np.bool_)
        self.top, self.top_place = found.value, found.place

    def step(self) -> None:
        """One more place for each bound that is still sought."""
        act = np.flatnonzero(~self.done)
        trial = self._trial(act)
        peaks = self._peaks(act, trial)
        drop = 2 * (self.found.value - peaks.value)
        root = np.where(np.isfinite(drop), np.sqrt(np.maximum(drop, 0.0)), 10 * self.target)
        within, hit = root < self.target, np.abs(root - self.target) <= CLOSE
        self.inner[act] = np.where(within | hit, trial, self.inner[act])
        self.outer[act] = np.where(within, self.outer[act], trial)
        self.before[act], self.at_before[act] = self.last[act], self.at_last[act]
        self.last[act], self.at_last[act] = trial, root
        self.places[act] = np.where(np.isfinite(drop)[:, None], peaks.place, self.places[act])
        self.open[act] = within & (trial == self.end[act])
        self.reach[act] *= GROWTH
        size = self.box.unit[self.column[act]] + np.abs(self.inner[act])
        narrow = np.abs(self.outer[act] - self.inner[act]) <= CLOSE * size
        self.done[act] = self.open[act] | narrow | hit

    def _trial(self, act: IntArray) -> FloatArray:
        """Farther out, until the bound lies between two places; then by secants, or in the middle of the two."""
        inner, outer, side = self.inner[act], self.outer[act], self.side[act]
        ahead = self.start[act] + side * self.reach[act]
        ahead = np.where(side < 0, np.maximum(ahead, self.end[act]), np.minimum(ahead, self.end[act]))
        rise = self.at_last[act] - self.at_before[act]
        with np.errstate(all="ignore"):
            secant = self.last[act] + (self.target - self.at_last[act]) * (self.last[act] - self.before[act]) / rise
            share = (secant - inner) / (outer - inner)
        between = inner + np.where((share > LEAST) & (share < 1 - LEAST), share, 0.5) * (outer - inner)
        return np.where(np.isfinite(outer), between, ahead)

    def _peaks(self, act: IntArray, trial: FloatArray) -> Peaks:
        """The highest places with the parameters so set: from the place before, and from the other maxima."""
        starts = [_carried(self.found, self.places[act], self.column[act], trial)]
        for place in self.tries:
            start = np.repeat(place[None], len(act), axis=0)
            start[np.arange(len(act)), self.column[act]] = trial
            starts.append(start)
        free = np.tile(self.others[act], (len(starts), 1))
        peaks = ascend(self.surface.evaluate, np.concatenate(starts), self.box, free, damping=NEAR, done=ENOUGH)
        best = np.argmax(peaks.value.reshape(len(starts), -1), axis=0) * len(act) + np.arange(len(act))
        found = Peaks(peaks.place[best], peaks.value[best], peaks.converged[best], peaks.iterations[best])
        highest = int(found.value.argmax())
        if found.value[highest] > self.top:
            self.top, self.top_place = float(found.value[highest]), found.place[highest]
        return found

    def bounds(self) -> Bounds:
        """The bounds by parameter."""
        q = len(self.found.place)
        ends, opens = np.full((2, q), np.nan), np.zeros((2, q), np.bool_)
        which = (self.side > 0).astype(np.int64)
        ends[which, self.column] = np.where(self.done, self.inner, np.nan)
        opens[which, self.column] = self.open
        return Bounds(ends[0], ends[1], opens[0], opens[1], self.top, self.top_place)


def _outermost(found: Found, column: IntArray, side: FloatArray, target: float) -> tuple[FloatArray, FloatArray]:
    """The outermost maximum within each interval, shape (n, q), and the root of its likelihood ratio, (n,)."""
    near = [(value, place) for value, place in found.others if 2 * (found.value - value) < target**2]
    places = np.array([found.place, *(place for _, place in near)])
    roots = np.sqrt(2 * np.maximum(found.value - np.array([found.value, *(value for value, _ in near)]), 0.0))
    which = (side * places[:, column]).argmax(axis=0)
    return places[which], roots[which]


def _first_reach(found: Found, box: Box, column: IntArray, target: float) -> FloatArray:
    """How far to go first: a Wald interval's way where there is one."""
    size = box.unit[column] + np.abs(found.place[column])
    if found.covariance is None:
        return 0.1 * size
    se = np.sqrt(found.covariance[column, column])
    return np.where(se > 0, 1.05 * target * se, 0.1 * size)


def _carried(found: Found, places: FloatArray, column: IntArray, trial: FloatArray) -> FloatArray:
    """The other parameters moved along with the one that is set."""
    start, rows = places.copy(), np.arange(len(places))
    if found.covariance is not None:
        variance = found.covariance[column, column]
        rate = np.where(variance > 0, 1 / np.where(variance > 0, variance, 1.0), 0.0)
        start += found.covariance[column] * (rate * (trial - places[rows, column]))[:, None]
    start[rows, column] = trial
    return start
