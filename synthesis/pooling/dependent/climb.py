"""The highest point of a smooth function in a box, from several starts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from synthesis.pooling.batch import BoolArray, FloatArray

STEPS = 200
SCORING = 20  # steps with the information as it is given; a slow climb goes on with that of differences of slopes
DIFFERENCE = 1e-4  # between them, in units of the curvature's own width
NEAR = 1e-10  # the last step, in units of the curvature's own width 1 / sqrt(information)
FLAT = 1e-14  # added to the eigenvalues of the scaled information
LEVEL = 1e-13  # relative to 1 + |value|: heights that rounding cannot tell apart
STIFFEST = 1e12
SHALLOW = 1e-6  # eigenvalues, relative to those given, below which a second derivative is not trusted
GAIN = 1e-9  # a climb that cannot go on has arrived where the gain to be expected is below this
APART = 1e-6  # maxima whose heights differ by less are one
KEPT = 0.1  # a step leaves a parameter that must not jump to its edge this share of its distance to it


@dataclass(frozen=True, slots=True, eq=False)
class Box:
    """Bounds of q parameters; `soft` ones come near their lower bound only step by step."""

    low: FloatArray
    high: FloatArray
    soft: BoolArray
    stride: FloatArray  # the longest step


@dataclass(frozen=True, slots=True, eq=False)
class Slope:
    """How the function goes on from one place."""

    gradient: FloatArray  # (q,)
    information: FloatArray  # (q, q): about the negative second derivative


@dataclass(frozen=True, slots=True, eq=False)
class Spot:
    """The function at one place; its slope is worked out where it is asked for."""

    value: float  # minus infinity where the function is not defined
    gradient: Callable[[], FloatArray]
    slope: Callable[[], Slope]


@dataclass(frozen=True, slots=True, eq=False)
class Top:
    """Where a climb ended."""

    place: FloatArray
    value: float
    iterations: int
    converged: bool


Look = Callable[[FloatArray], Spot]


def climb(look: Look, start: FloatArray, box: Box) -> Top:
    """A maximum in the box, by damped scoring steps along the directions that are not blocked by a bound."""
    place, spot, damping = start, look(start), 1e-4
    slope = spot.slope()
    for iteration in range(1, STEPS + 1):
        move = _move(place, slope, damping, box)
        late = iteration > SCORING and slope.gradient @ move < LEVEL * (1 + abs(spot.value))
        if late or _small(slope, move):
            return Top(place, spot.value, iteration, True)
        target = np.clip(place + move, box.low, box.high)
        ahead = look(target)
        if ahead.value >= spot.value - LEVEL * (1 + abs(spot.value)):
            place, spot, damping = target, ahead, max(damping / 10, 1e-12)
            slope = _sharpened(look, place, spot.slope(), box) if iteration >= SCORING else spot.slope()
        elif damping > STIFFEST:
            break
        else:
            damping = max(damping * 10, 1e-6)
    expected = float(slope.gradient @ _move(place, slope, 1e-8, box))
    return Top(place, spot.value, iteration, expected < GAIN)


def _sharpened(look: Look, place: FloatArray, slope: Slope, box: Box) -> Slope:
    """The slope with the negative second derivative as information, where it is positive definite off the bounds."""
    low, high = _reach(place, slope, box)
    inside = np.flatnonzero((low < 0) & (high > 0) & (np.diag(slope.information) > 0))
    found = slope.information.copy()
    for at in inside:
        width = min(DIFFERENCE / np.sqrt(slope.information[at, at]), high[at], -low[at])
        shift = np.zeros(len(place))
        shift[at] = width
        found[at] = (look(place - shift).gradient() - look(place + shift).gradient()) / (2 * width)
    within = np.ix_(inside, inside)
    found[within] = 0.5 * (found[within] + found[within].T)
    scale = 1 / np.sqrt(np.diag(slope.information)[inside])
    if not len(inside) or np.linalg.eigvalsh(found[within] * np.outer(scale, scale)).min() <= SHALLOW:
        return slope
    information = slope.information.copy()
    information[within] = found[within]
    return Slope(slope.gradient, information)


def _move(place: FloatArray, slope: Slope, damping: float, box: Box) -> FloatArray:
    """The damped step from a place: where a bound cuts it short, the other directions allow for that."""
    low, high = _reach(place, slope, box)
    ahead = ~(((low >= 0) & (slope.gradient <= 0)) | ((high <= 0) & (slope.gradient >= 0)))
    move = np.zeros(len(place))
    for _ in place:
        move[ahead] = _step(slope, ahead, move, damping)
        beyond = ahead & ((move < low) | (move > high))
        if not beyond.any():
            break
        move = np.clip(move, low, high)
        ahead &= ~beyond
    found: FloatArray = np.clip(move, low, high)
    return found


def _reach(place: FloatArray, slope: Slope, box: Box) -> tuple[FloatArray, FloatArray]:
    """How far a step may go down and up; a soft parameter that is all but on its bound is on it."""
    low, high = box.low - place, box.high - place
    on_bound = np.square(low[box.soft]) * np.abs(np.diag(slope.information))[box.soft] <= NEAR
    low[box.soft] *= np.where(on_bound, 0.0, 1 - KEPT)
    return np.maximum(low, -box.stride), np.minimum(high, box.stride)


def _step(slope: Slope, ahead: BoolArray, move: FloatArray, damping: float) -> FloatArray:
    """(|A| + damping diag A)^-1 (gradient - A move) in the directions ahead; |A| has the sizes of A's eigenvalues."""
    a = slope.information
    wanted = slope.gradient[ahead] - a[np.ix_(ahead, ~ahead)] @ move[~ahead]
    curvature = np.abs(np.diag(a)[ahead])
    width = 1 / np.sqrt(np.where(curvature > 0, curvature, 1.0))
    sizes, axes = np.linalg.eigh(a[np.ix_(ahead, ahead)] * np.outer(width, width))
    along = axes.T @ (width * wanted) / (np.abs(sizes) + damping + FLAT)
    found: FloatArray = width * (axes @ along)
    return found


def _small(slope: Slope, move: FloatArray) -> bool:
    near = np.square(move) * np.abs(np.diag(slope.information)) <= NEAR**2
    return bool(near.all()) and abs(float(slope.gradient @ move)) < GAIN


def highest(look: Look, starts: Iterable[FloatArray], box: Box) -> tuple[Top, int]:
    """The highest of the maxima that several climbs find, and how many differ in height."""
    tops = sorted((climb(look, start, box) for start in starts), key=lambda top: -top.value)
    best = _on_edges(look, tops[0], box)
    gaps = -np.diff([top.value for top in tops if top.converged])
    return best, 1 + int((gaps > APART * (1 + abs(best.value))).sum())


def _on_edges(look: Look, top: Top, box: Box) -> Top:
    """The top with every soft parameter that is all but on its bound put there, where that is as high."""
    place, value = top.place, top.value
    for at in np.flatnonzero(box.soft & (place > box.low)):
        moved = place.copy()
        moved[at] = box.low[at]
        found = look(moved).value
        if found >= value - LEVEL * (1 + abs(value)):
            place, value = moved, max(found, value)
    return Top(place, value, top.iterations, top.converged)
