"""The highest likelihood of a selection model, from many starts at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from synthesis.pooling.batch import BoolArray, FloatArray, IntArray
from synthesis.sensitivity.selection.ascent import Box, Peaks, ascend, second_derivatives

APART = 1e-6  # maxima whose heights differ by less, relative to 1 + |height|, are one
WAYS = ((1.0, 0.0, 1.0, 0.0), (0.5, 0.0, 1.0, 0.5), (0.0, -2.0, 2.0, 0.5))
"""Ways to begin: the share of the coefficients, what is added to all means, the share of tau2, what is added to it."""
SURE = 1e-9  # of the eigenvalues of a scaled information that is positive definite


class Surface(Protocol):
    """A log-likelihood with its gradient."""

    def evaluate(self, rows: IntArray, place: FloatArray) -> tuple[FloatArray, FloatArray]:
        """As `ascent.Evaluate`."""


@dataclass(frozen=True, slots=True, eq=False)
class Falling:
    """A likelihood whose parameters after the first `before` are quotients of each weight and the one before it."""

    inner: Surface
    before: int

    def evaluate(self, rows: IntArray, place: FloatArray) -> tuple[FloatArray, FloatArray]:
        """As `Surface`."""
        delta = self.delta(place)
        value, slope = self.inner.evaluate(rows, np.concatenate([place[:, : self.before], delta], axis=1))
        sums = np.cumsum((slope[:, self.before :] * delta)[:, ::-1], axis=1)[:, ::-1]
        return value, np.concatenate([slope[:, : self.before], sums / place[:, self.before :]], axis=1)

    def delta(self, place: FloatArray) -> FloatArray:
        """The weights."""
        return np.cumprod(place[:, self.before :], axis=1, dtype=np.float64)

    def jacobian(self, place: FloatArray) -> FloatArray:
        """Derivatives of all parameters by the ones of the search, at one place, shape (q, q)."""
        found: FloatArray = np.eye(len(place))
        delta = self.delta(place[None])[0]
        found[self.before :, self.before :] = np.tril(delta[:, None] / place[None, self.before :])
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """The highest maximum, and the others."""

    place: FloatArray  # (q,)
    value: float
    converged: bool
    iterations: int
    starts: int
    others: tuple[tuple[float, FloatArray], ...]  # lower maxima: height and place, the highest first
    bound: BoolArray  # (q,) free parameters that lie on a bound
    covariance: FloatArray | None  # (q, q), 0 for parameters that are fixed or on a bound; None where there is none


def starting_places(
    centre: FloatArray, level: FloatArray, tau2: float | None, delta: Sequence[Sequence[float]], fixed: FloatArray
) -> FloatArray:
    """Where to begin, shape (n, q).

    Parameters
    ----------
    centre : ndarray, shape (p,)
        Coefficients without selection.
    level : ndarray, shape (p,)
        Coefficients whose means are about 1 for all studies.
    tau2 : float, optional
        Without selection; None where it is 0 by assumption.
    delta : sequence
        Parameters of the selection function to begin with.
    fixed : ndarray
        Those that are not sought; NaN for the others.
    """
    places = []
    for of_b, shift, of_tau2, more in WAYS:
        spread = 0.0 if tau2 is None else of_tau2 * tau2 + more
        for one in delta:
            chosen = np.where(np.isnan(fixed), np.asarray(one, dtype=np.float64), fixed)
            places.append(np.concatenate([of_b * centre + shift * level, [spread], chosen]))
    return np.unique(np.array(places), axis=0)


def best(surface: Surface, start: FloatArray, box: Box, free: BoolArray) -> Found:
    """The highest of the maxima that are found from several starts.

    Parameters
    ----------
    surface : Surface
        The likelihood.
    start : ndarray, shape (n, q)
        Where to begin.
    box : Box
        Bounds.
    free : ndarray, shape (q,)
        Which parameters are sought.
    """
    peaks = ascend(surface.evaluate, start, box, np.broadcast_to(free, start.shape), alike=True)
    return best_of(surface, peaks, box, free)


def best_of(surface: Surface, peaks: Peaks, box: Box, free: BoolArray) -> Found:
    """The highest of the places where climbs ended."""
    order = np.lexsort((-peaks.converged.astype(np.float64), -peaks.value))
    top = int(order[0])
    level = peaks.value[top] - APART * (1 + abs(peaks.value[top]))
    arrived = [row for row in order if peaks.converged[row] and peaks.value[row] >= level]
    top = int(arrived[0]) if arrived else top
    place = peaks.place[top]
    bound = free & box.on_bound(place)
    return Found(
        place, float(peaks.value[top]), bool(peaks.converged[top]), int(peaks.iterations[top]), len(order),
        _others(peaks, order, float(peaks.value[top])), bound, covariance(surface, place, box, free & ~bound),
    )  # fmt: skip


def _others(peaks: Peaks, order: IntArray, height: float) -> tuple[tuple[float, FloatArray], ...]:
    """Maxima that lie lower than the highest, each once."""
    found: list[tuple[float, FloatArray]] = []
    for row in order:
        value = float(peaks.value[row])
        if peaks.converged[row] and height - value > APART * (1 + abs(height)):
            found.append((value, peaks.place[row]))
            height = value
    return tuple(found)


def covariance(surface: Surface, place: FloatArray, box: Box, free: BoolArray) -> FloatArray | None:
    """The inverse of the information of the free parameters; None where that is not positive definite."""
    whole = np.zeros((len(place), len(place)))
    chosen = np.flatnonzero(free)
    if not len(chosen):
        return whole
    information = -second_derivatives(surface.evaluate, np.zeros(1, np.int64), place[None], box, free[None])[0]
    part = information[np.ix_(chosen, chosen)]
    if not (np.diag(part) > 0).all():
        return None
    width = 1 / np.sqrt(np.diag(part))
    scaled = part * np.outer(width, width)
    if np.linalg.eigvalsh(scaled)[0] <= SURE:
        return None
    whole[np.ix_(chosen, chosen)] = np.linalg.inv(scaled) * np.outer(width, width)
    return whole
