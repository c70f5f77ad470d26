"""Names beside the points of a plot; numbers in their stead where not every name has room."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from synthesis.rendering.plots.chart import TINY, Stage, listed
from synthesis.rendering.plots.fonts import wrap
from synthesis.rendering.plots.label_places import Box, Label, Spot, place_labels
from synthesis.rendering.plots.placed import block
from synthesis.rendering.plots.sheet import GREY, depth, widest

LABEL_WIDTH = 110.0
NEAR, FAR = 25.0, 50.0  # how far from its point a name, and a number, may stand
LEADER_AIR = 1.5  # between a leader and its label
MOST_NAMED = 60  # more points have no names beside them


@dataclass(frozen=True, slots=True)
class PointNames:
    """What stands beside the points, and where; lengths are points from the lower left corner of the plot."""

    spots: tuple[Spot, ...] = ()
    lines: tuple[tuple[str, ...], ...] = ()
    labels: tuple[Label | None, ...] = ()
    listed: tuple[str, ...] = ()  # what the numbers stand for, where there are numbers
    notes: tuple[str, ...] = ()


def point_names(
    spots: Sequence[Spot],
    labels: Sequence[str],
    size: Spot,
    radius: float = 3.5,
    *,
    taken: Sequence[Box] = (),
    dots: Sequence[Spot] = (),
) -> PointNames:
    """The places of the names of points.

    Parameters
    ----------
    spots : sequence of (x, y)
        The points, in points of print from the lower left corner of the plot.
    labels : sequence of str
        Their names; an empty one is not written, and none where more than 60 have one.
    size : (width, height)
        Of the plot.
    radius : float
        Of the marks.
    taken, dots
        Boxes where no name stands, and dots along lines that names cross only if they must.
    """
    if not 0 < sum(bool(label.strip()) for label in labels) <= MOST_NAMED:
        return PointNames()
    lines = [wrap(label, LABEL_WIDTH, TINY) for label in labels]
    found = _placed(lines, spots, size, radius, taken, dots, NEAR)
    if None not in found:
        return PointNames(tuple(spots), tuple(lines), tuple(found))
    numbers = [(str(number) if label.strip() else "",) for number, label in enumerate(labels, 1)]
    found = _placed(numbers, spots, size, radius, taken, dots, FAR)
    absent = [one[0] for one, label in zip(numbers, found, strict=True) if label is None and one[0]]
    notes = (f"No room for the numbers {', '.join(absent)}.",) if absent else ()
    return PointNames(tuple(spots), tuple(numbers), tuple(found), listed(labels), notes)


def _placed(
    lines: Sequence[tuple[str, ...]],
    spots: Sequence[Spot],
    size: Spot,
    radius: float,
    taken: Sequence[Box],
    dots: Sequence[Spot],
    furthest: float,
) -> list[Label | None]:
    sizes = [(widest(one, TINY), depth(one, TINY)) for one in lines]
    frame = (2.0, 2.0, size[0] - 2.0, size[1] - 2.0)
    return place_labels(spots, sizes, frame, radius, taken=taken, lines=dots, furthest=furthest)


def draw_names(drawn: Stage, names: PointNames) -> None:
    """Write the names, with a leader to each point from which its name stands off."""
    for spot, lines, label in zip(names.spots, names.lines, names.labels, strict=True):
        if label is None:
            continue
        if label.ring:
            _draw_leader(drawn, spot, label)
        left, _, _, high = label.box
        for line in block(lines, left, 0.0, TINY)[0]:
            drawn.sheet.write(line.text, *drawn.from_corner(left, high - line.y), TINY, zorder=5)


def _draw_leader(drawn: Stage, spot: Spot, label: Label) -> None:
    away = math.dist(spot, label.anchor)
    short = (away - LEADER_AIR) / away
    end = (spot[0] + (label.anchor[0] - spot[0]) * short, spot[1] + (label.anchor[1] - spot[1]) * short)
    ends = [drawn.from_corner(*spot), drawn.from_corner(*end)]
    drawn.sheet.line([x for x, _ in ends], [y for _, y in ends], color=GREY, linewidth=0.5, zorder=2)
