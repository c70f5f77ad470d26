"""The highest point of a smooth function in a box, from several starts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from synthesis.pooling.batch import BoolArray, FloatArray

STEPS = 300
NEAR = 1e-10  # the last step, in units of the curvature's own width 1 / sqrt(information)
LEVEL = 1e-13  # relative to 1 + |value|: heights that rounding cannot tell apart
STIFFEST = 1e12
GAIN = 1e-9  # a climb that cannot go on has arrived where the gain to be expected is below this
APART = 1e-6  # maxima whose heights differ by less are one
KEPT = 0.1  # a step leaves a parameter that must not jump to its edge this share of its distance to it


@dataclass(frozen=True, slots=True, eq=False)
class Box:
    """Bounds of q parameters; `soft` ones come near their lower bound only step by step."""

    low: FloatArray
    high: FloatArray
    soft: BoolArray


@dataclass(frozen=True, slots=True, eq=False)
class Hill:
    """The function at one place."""

    value: float
    gradient: FloatArray  # (q,)
    information: FloatArray  # (q, q), positive semi-definite: about the negative second derivative


@dataclass(frozen=True, slots=True, eq=False)
class Top:
    """Where a climb ended."""

    place: FloatArray
    value: float
    iterations: int
    converged: bool


Height = Callable[[FloatArray], float]  # minus infinity where the function is not defined
Look = Callable[[FloatArray], Hill]


def climb(height: Height, look: Look, start: FloatArray, box: Box) -> Top:
    """A maximum in the box, by damped scoring steps along the directions that are not blocked by a bound."""
    place, hill, damping = start, look(start), 1e-4
    for iteration in range(1, STEPS + 1):
        ahead = _unblocked(place, hill.gradient, box)
        step = _step(hill, ahead, damping)
        target = _within(place, step, box)
        if _small(hill, target - place):
            return Top(place, hill.value, iteration, True)
        value = height(target)
        if value >= hill.value - LEVEL * (1 + abs(hill.value)):
            place, hill, damping = target, look(target), max(damping / 10, 1e-12)
        elif damping > STIFFEST:
            break
        else:
            damping = max(damping * 10, 1e-6)
    ahead = _unblocked(place, hill.gradient, box)
    expected = float(hill.gradient[ahead] @ _step(hill, ahead, 1e-8)[ahead])
    return Top(place, hill.value, iteration, expected < GAIN)


def _unblocked(place: FloatArray, gradient: FloatArray, box: Box) -> BoolArray:
    found: BoolArray = ~(((place <= box.low) & (gradient <= 0)) | ((place >= box.high) & (gradient >= 0)))
    return found


def _step(hill: Hill, ahead: BoolArray, damping: float) -> FloatArray:
    """A step that solves (A + damping diag A) step = gradient; 0 along flat directions."""
    step = np.zeros(len(ahead))
    curvature = np.diag(hill.information)
    use = np.flatnonzero(ahead & (curvature > 0))
    if len(use):
        width = 1 / np.sqrt(curvature[use])
        scaled = hill.information[np.ix_(use, use)] * np.outer(width, width)
        step[use] = width * np.linalg.solve(scaled + (damping + 1e-14) * np.eye(len(use)), width * hill.gradient[use])
    return step


def _within(place: FloatArray, step: FloatArray, box: Box) -> FloatArray:
    floor = box.low.copy()
    floor[box.soft] += KEPT * (place - box.low)[box.soft]
    return np.clip(place + step, floor, box.high)


def _small(hill: Hill, moved: FloatArray) -> bool:
    return bool((np.square(moved) * np.diag(hill.information) <= NEAR**2).all())


def highest(height: Height, look: Look, starts: Iterable[FloatArray], box: Box) -> tuple[Top, int]:
    """The highest of the maxima that several climbs find, and how many differ in height."""
    tops = sorted((climb(height, look, start, box) for start in starts), key=lambda top: -top.value)
    best = _on_edges(height, tops[0], box)
    heights = [top.value for top in tops if top.converged]
    gaps = -np.diff(heights)
    return best, 1 + int((gaps > APART * (1 + abs(best.value))).sum())


def _on_edges(height: Height, top: Top, box: Box) -> Top:
    """The top with every soft parameter that is all but on its bound put there, where that is as high."""
    place, value = top.place, top.value
    for at in np.flatnonzero(box.soft & (place > box.low)):
        moved = place.copy()
        moved[at] = box.low[at]
        found = height(moved)
        if found >= value - LEVEL * (1 + abs(value)):
            place, value = moved, max(found, value)
    return Top(place, value, top.iterations, top.converged)
