"""Fits of the Copas selection model over many selections."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc, ndtr

from synthesis.pooling.batch import BoolArray, FloatArray, IntArray, batch_of_one
from synthesis.pooling.fit import fit
from synthesis.sensitivity.selection.ascent import Box, Peaks, ascend, second_derivatives
from synthesis.sensitivity.selection.copas_likelihood import Copas
from synthesis.sensitivity.selection.profile import profile_bounds
from synthesis.sensitivity.selection.search import best_of

LOWEST, HIGHEST = -1.3, 2.0  # of gamma0; with gamma1 up to the largest standard error
RHO_BOUND = 0.9999
RHO_STARTS = ((0.1, 0.7, 0.99), (0.1, -0.1, 0.7, -0.7, 0.99, -0.99))  # of one sign, and of both
TAU2_STARTS = ((0.0, 0.0), (1.0, 0.1))  # share of tau2 without selection, and what is added
SLOPE_STARTS = (0.0, 1.0, -1.0)  # shares of the slope without selection
SURE = 1e-8
LEAST = 1e-12  # scatter of standard errors, in units of theirs, below which no slope is sought
PLAIN = (True, True, True, False)  # which parameters are sought: all but the slope
SLOPE, NO_EFFECT = (True, True, True, True), (False, True, True, False)


@dataclass(frozen=True, slots=True, eq=False)
class Contour:
    """The mean on a grid of selections; NaN where the fit did not end."""

    gamma0: FloatArray  # (n,)
    gamma1: FloatArray  # (m,) in units of yi
    estimate: FloatArray  # (n, m)
    probability: FloatArray  # (n, m) of publication of the study with the largest standard error


class Fits:
    """Fits of the model to studies in units of their typical standard error."""

    def __init__(self, y: FloatArray, s: FloatArray, alternative: str | None) -> None:
        self.y, self.s, self.alternative = y, s, alternative or _leaning(y, s)
        alternative = self.alternative
        plain = fit(batch_of_one(y, np.square(s)), method="ML", test="z", level=0.95)
        self.mean, self.tau2 = float(plain.estimate[0]), float(plain.tau2[0])
        size = float(np.abs(y).max() + s.max())
        low = 0.0 if alternative == "greater" else -RHO_BOUND
        high = 0.0 if alternative == "less" else RHO_BOUND
        far = np.array([20 * size, 100 * size**2, high, 20 * size])
        starts = np.array(RHO_STARTS[alternative == "two-sided"])
        self.rho = -starts if alternative == "less" else starts
        self.box = Box(np.array([-far[0], 0.0, low, -far[3]]), far, np.array([1.0, 1.0, 0.1, 1.0]), np.full(4, 3.0))

    def selections(self, gamma0: FloatArray, a: FloatArray) -> FloatArray:
        """gamma0 + gamma1 / s, shape (m, k); `a` is gamma1 in units of the largest standard error."""
        found: FloatArray = gamma0[:, None] + a[:, None] * (self.s.max() / self.s)
        return found

    def starts(self, free: Sequence[bool]) -> FloatArray:
        """Where to begin, shape (n, 4): with lines through the effects, with their mean, or with 0 for it."""
        lines = self._lines() if free[3] else [(self.mean if free[0] else 0.0, 0.0)]
        spreads = [share * self.tau2 + more for share, more in TAU2_STARTS]
        return np.array([(theta, tau2, rho, beta) for theta, beta in lines for tau2 in spreads for rho in self.rho])

    def _lines(self) -> list[tuple[float, float]]:
        """Means at a standard error of 0, and slopes on it: shares of the slope without selection."""
        w = 1 / (np.square(self.s) + self.tau2)
        centre, mean = float(np.average(self.s, weights=w)), float(np.average(self.y, weights=w))
        scatter = float(np.average(np.square(self.s - centre), weights=w))
        slope = float(np.average((self.s - centre) * self.y, weights=w)) / max(scatter, LEAST)
        return [(mean - share * slope * centre, share * slope) for share in SLOPE_STARTS]

    def fitted(self, gamma0: FloatArray, a: FloatArray, free: Sequence[bool]) -> Peaks:
        """Where climbs end for each of m selections, shape (n, m): from all starts, and from what others have found."""
        first = self.climbed(gamma0, a, self.starts(free), free)
        again = self.climbed(gamma0, a, highest(first).place, free)
        return Peaks(
            np.concatenate([first.place, again.place]), np.concatenate([first.value, again.value]),
            np.concatenate([first.converged, again.converged]), np.concatenate([first.iterations, again.iterations]),
        )  # fmt: skip

    def climbed(self, gamma0: FloatArray, a: FloatArray, start: FloatArray, free: Sequence[bool]) -> Peaks:
        """Where climbs from n starts end for each of m selections, shape (n, m)."""
        n, m = len(start), len(gamma0)
        model = Copas(self.y, self.s, np.tile(self.selections(gamma0, a), (n, 1)))
        peaks = ascend(model.evaluate, np.repeat(start, m, axis=0), self.box, np.broadcast_to(free, (n * m, 4)))
        return _each(peaks, lambda one: one.reshape(n, m, *one.shape[1:]))

    def contour(self, grid: int) -> tuple[Contour, FloatArray]:
        """The mean on the grid, gamma1 in units of the largest standard error; and the direction of its descent."""
        gamma0, a = np.linspace(LOWEST, HIGHEST, grid), np.linspace(0.0, 1.0, grid)
        each0, each1 = (one.ravel() for one in np.meshgrid(gamma0, a, indexing="ij"))
        start = np.array([(self.mean, self.tau2 + 0.1, rho, 0.0) for rho in self.rho[: len(self.rho) * 2 // 3]])
        peaks = highest(self.climbed(each0, each1, start, PLAIN))
        estimate = np.where(peaks.converged, peaks.place[:, 0], np.nan)
        there = np.isfinite(estimate)
        direction = np.array([1.0, 0.0])
        if there.sum() > 3:
            design = np.column_stack([np.ones(there.sum()), each0[there], each1[there]])
            slopes = np.linalg.lstsq(design, estimate[there], rcond=None)[0][1:]
            across = slopes * np.array([HIGHEST - LOWEST, 1.0])  # by shares of the ranges
            if across[0] * across[1] >= 0 and np.abs(across).max() > 0:  # both less publication, the same way
                direction = np.abs(across) * np.array([HIGHEST - LOWEST, 1.0])
        shape = (grid, grid)
        return Contour(gamma0, a, estimate.reshape(shape), ndtr(each0 + each1).reshape(shape)), direction

    def rows(self, gamma0: FloatArray, a: FloatArray, level: float) -> dict[str, Any]:
        """Everything that a selection gives."""
        plain = self.fitted(gamma0, a, PLAIN)
        peaks, with_slope, without_effect = (
            highest(one) for one in (plain, self.fitted(gamma0, a, SLOPE), self.fitted(gamma0, a, NO_EFFECT))
        )
        u = self.selections(gamma0, a)
        low, high = self._intervals(u, plain, level)
        published = ndtr(u)
        return {
            "probability": ndtr(gamma0 + a), "estimate": peaks.place[:, 0],
            "se": self._errors(gamma0, a, peaks.place), "ci_low": low, "ci_high": high,
            "p_value": _p_value(peaks, without_effect), "tau2": peaks.place[:, 1], "rho": peaks.place[:, 2],
            "residual_p": _p_value(with_slope, peaks),
            "unpublished": ((1 - published) / published).sum(axis=1), "log_likelihood": peaks.value,
            "converged": peaks.converged,
        }  # fmt: skip

    def _intervals(self, u: FloatArray, climbed: Peaks, level: float) -> FloatArray:
        """The profile intervals of the mean under m selections, shape (m, k): low and high ends, shape (2, m)."""
        free, start, ends = np.array(PLAIN), self.starts(PLAIN), np.empty((2, len(u)))
        for row, one in enumerate(u):
            surface = _One(Copas(self.y, self.s, one[None]))
            found = best_of(surface, _of_row(climbed, row), self.box, free)
            wanted = np.zeros(1, np.int64)
            bounds = profile_bounds(surface, found, self.box, free, wanted=wanted, level=level, tries=start)
            ends[:, row] = bounds.low[0], bounds.high[0]
        return ends

    def _errors(self, gamma0: FloatArray, a: FloatArray, place: FloatArray) -> FloatArray:
        """Standard errors of the mean, from the information of the parameters that are not on a bound."""
        model, m = Copas(self.y, self.s, self.selections(gamma0, a)), len(gamma0)
        free = np.array([True, True, True, False]) & ~self.box.on_bound(place)
        free[np.abs(place[:, 2]) >= RHO_BOUND, 0] = False
        information = -second_derivatives(model.evaluate, np.arange(m), place, self.box, free)
        return np.array([_error(one, chosen) for one, chosen in zip(information, free, strict=True)])


@dataclass(frozen=True, slots=True, eq=False)
class _One:
    """The likelihood under one selection, for any number of places."""

    model: Copas

    def evaluate(self, rows: IntArray, place: FloatArray) -> tuple[FloatArray, FloatArray]:
        """As `Surface`."""
        return self.model.evaluate(np.zeros(len(rows), np.int64), place)


def _each(peaks: Peaks, change: Callable[[NDArray[Any]], NDArray[Any]]) -> Peaks:
    """The same done to all fields."""
    return Peaks(change(peaks.place), change(peaks.value), change(peaks.converged), change(peaks.iterations))


def _of_row(climbed: Peaks, row: int) -> Peaks:
    """All climbs for one selection."""
    return _each(climbed, lambda one: one[:, row])


def highest(climbed: Peaks) -> Peaks:
    """The highest of several climbs for each selection, one that arrived before one that did not."""
    best = np.where(climbed.converged, climbed.value, climbed.value - 1e-6).argmax(axis=0)
    return _each(climbed, lambda one: one[best, np.arange(len(best))])


def _leaning(y: FloatArray, s: FloatArray) -> str:
    """The side to which the effects of small studies lean, by weighted regression of effects on standard errors."""
    w = 1 / np.square(s)
    x = s - np.average(s, weights=w)
    return "less" if float(np.sum(w * x * y)) < 0 else "greater"


def _p_value(larger: Peaks, smaller: Peaks) -> FloatArray:
    """Of the likelihood-ratio tests with one degree of freedom; NaN where a fit did not end."""
    p = chdtrc(1, np.maximum(0.0, 2 * (larger.value - smaller.value)))
    return np.where(larger.converged & smaller.converged, p, np.nan)


def _error(information: FloatArray, free: BoolArray) -> float:
    """The standard error of the first parameter; a parameter about which nothing is known is left out."""
    chosen = [at for at in np.flatnonzero(free) if information[at, at] > SURE * information[0, 0]]
    if 0 not in chosen:
        return float("nan")
    part = information[np.ix_(chosen, chosen)]
    width = 1 / np.sqrt(np.diag(part))
    scaled = part * np.outer(width, width)
    if np.linalg.eigvalsh(scaled)[0] <= SURE:
        return float("nan")
    return float(np.sqrt(np.linalg.inv(scaled)[0, 0]) * width[0])


def line(direction: FloatArray, u: FloatArray) -> tuple[FloatArray, FloatArray]:
    """gamma0 and gamma1 (in units of the largest standard error) where the line has gamma0 + gamma1 = u.

    It begins at the corner of the weakest selection; where gamma1 has come down to 0, gamma0 alone goes on falling.
    """
    steps = HIGHEST + 1.0 - u
    a = np.clip(1.0 - direction[1] / direction.sum() * steps, 0.0, None)
    return u - a, a
