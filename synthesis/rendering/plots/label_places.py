"""Places for labels beside points so that no two overlap. All lengths are points of print, from one corner."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Box = tuple[float, float, float, float]  # left, low, right, high
Spot = tuple[float, float]
Array = NDArray[np.float64]

RINGS = (0.0, 4.0, 9.0, 16.0, 25.0, 36.0, 50.0)  # from a point to its label
ANGLES = (0, 180, 45, 315, 135, 225, 90, 270, 22, 338, 158, 202, 68, 292, 112, 248)  # the best first
CROSSING, DISTANCE = 4.0, 2.0  # cost of a crossed line's dot, and of the next ring
AIR = 1.5


@dataclass(frozen=True, slots=True)
class Label:
    """Where a label stands, and the spot of its edge that is nearest to its point; `ring` 0 touches the point."""

    box: Box
    anchor: Spot
    ring: int


def place_labels(
    points: Sequence[Spot],
    sizes: Sequence[Spot],
    frame: Box,
    radius: float,
    *,
    taken: Sequence[Box] = (),
    lines: Sequence[Spot] = (),
    furthest: float = RINGS[-1],
) -> list[Label | None]:
    """A place for each label, None where there is no room.

    Parameters
    ----------
    points : sequence of (x, y)
        What is labelled; no label covers one of them.
    sizes : sequence of (width, height)
        Of the labels.
    frame : Box
        Where labels may stand.
    radius : float
        Of the marks at the points.
    taken : sequence of Box
        Where labels may not stand.
    lines : sequence of (x, y)
        Dots along lines that labels cross only if they must.
    furthest : float
        The distance from a point beyond which its label does not go.

    Returns
    -------
    list
        In the order of the points; the most crowded ones are labelled first.
    """
    marks = np.array([(x - radius, y - radius, x + radius, y + radius) for x, y in points])
    boxes, dots = np.array(taken, dtype=float).reshape(-1, 4), np.array(lines, dtype=float).reshape(-1, 2)
    found: list[Label | None] = [None] * len(points)
    for place in _crowded_first(points):
        made = _boxes(points[place], sizes[place], radius, furthest)
        label = _best(points[place], made, frame, (boxes, marks, dots))
        if label is not None:
            found[place] = label
            boxes = np.vstack([boxes, np.array([label.box])])
            dots = np.vstack([dots, _between(points[place], label.anchor)]) if label.ring else dots
    return found


def touch(box: Box, other: Box) -> bool:
    """Whether two boxes overlap."""
    return box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]


def _crowded_first(points: Sequence[Spot]) -> list[int]:
    """The places of the points by the distance to their nearest neighbour."""
    where = np.array(points)
    apart = np.hypot(*(where[:, None] - where[None]).transpose(2, 0, 1))
    np.fill_diagonal(apart, math.inf)
    order: list[int] = np.argsort(np.round(apart.min(axis=1), 6), kind="stable").tolist()
    return order


def _best(point: Spot, made: Array, frame: Box, things: tuple[Array, Array, Array]) -> Label | None:
    """The cheapest of the boxes around one point that covers nothing."""
    boxes, marks, dots = things
    free = _inside(made, frame) & ~_meets(made, np.vstack([boxes, marks])).any(axis=1)
    if not free.any():
        return None
    rings, angles = np.divmod(np.arange(len(made)), len(ANGLES))
    costs = DISTANCE * rings + angles / 100 + CROSSING * _hits(made, dots)
    others = np.vstack([boxes, marks[~_meets(marks, np.array([[*point, *point]]))[:, 0]]])
    chosen, least = -1, math.inf
    for place in np.flatnonzero(free)[np.argsort(costs[free], kind="stable")].tolist():
        if costs[place] >= least:
            break
        crossed = _hits(others, _between(point, _anchor(point, made[place]))).sum() if rings[place] else 0
        if costs[place] + CROSSING * crossed < least:
            chosen, least = place, costs[place] + CROSSING * crossed
    left, low, right, high = made[chosen].tolist()
    return Label((left, low, right, high), _anchor(point, made[chosen]), int(rings[chosen]))


def _boxes(point: Spot, size: Spot, radius: float, furthest: float) -> Array:
    """The places of a label, ring by ring, shape (rings x angles, 4)."""
    rings = [ring for ring in RINGS if ring <= furthest]
    return np.array([_box(point, size, ring + radius + 2, angle) for ring in rings for angle in ANGLES])


def _box(point: Spot, size: Spot, gap: float, angle: float) -> Box:
    """The box of a label in one direction: beside, above or at a corner of its point."""
    across, up = (max(-1.0, min(1.0, 1.5 * turn(math.radians(angle)))) for turn in (math.cos, math.sin))
    left = point[0] + across * (size[0] / 2 + gap) - size[0] / 2
    low = point[1] + up * (size[1] / 2 + gap) - size[1] / 2
    return left, low, left + size[0], low + size[1]


def _anchor(point: Spot, box: Array) -> Spot:
    left, low, right, high = box.tolist()
    return min(max(point[0], left), right), min(max(point[1], low), high)


def _between(start: Spot, end: Spot) -> Array:
    """Dots along a leader, its ends left out."""
    steps = np.linspace(0.1, 0.9, 9)[:, None]
    return np.array(start) * (1 - steps) + np.array(end) * steps


def _inside(boxes: Array, frame: Box) -> NDArray[np.bool_]:
    within = np.hstack([boxes[:, :2] >= np.array(frame[:2]), boxes[:, 2:] <= np.array(frame[2:])])
    return np.asarray(within.all(axis=1), dtype=np.bool_)


def _meets(boxes: Array, others: Array) -> NDArray[np.bool_]:
    """Which boxes overlap which others, or come too near: shape (boxes, others)."""
    low = boxes[:, None, :2] < others[None, :, 2:] + AIR
    high = boxes[:, None, 2:] > others[None, :, :2] - AIR
    return np.asarray(np.concatenate([low, high], axis=2).all(axis=2), dtype=np.bool_)


def _hits(boxes: Array, dots: Array) -> NDArray[np.int64]:
    """How many dots lie in each box."""
    inside = (dots[None] >= boxes[:, None, :2]) & (dots[None] <= boxes[:, None, 2:])
    found: NDArray[np.int64] = inside.all(axis=2).sum(axis=1)
    return found
