"""Names beside the points of a plot; numbers in their stead where not every name has room."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from synthesis.rendering.plots.chart import TINY, Stage, listed
from synthesis.rendering.plots.fonts import wrap
from synthesis.rendering.plots.label_places import Box, Label, Spot, place_labels
from synthesis.rendering.plots.placed import block
from synthesis.rendering.plots.sheet import GREY, PAPER, depth, widest

LABEL_WIDTH = 110.0
NEAR, FAR = 25.0, 50.0  # how far from its point a name, and a number, may stand
LEADER_AIR = 1.5  # between a leader and its label
HALO = 1.6  # width of the pale edge of the letters
MOST_NAMED = 60  # where there are more names, none is written
FEW = 25  # up to so many points all have names; of more, those that stand out


def names_of(labels: Sequence[str], *, outside: Sequence[bool]) -> tuple[str, ...]:
    """The names that are written: of few points all, of many those of the points outside of what is expected."""
    few = len(labels) <= FEW
    return tuple(label if few or far else "" for label, far in zip(labels, outside, strict=True))


def note_of(labels: Sequence[str], where: str) -> tuple[str, ...]:
    """A note on which of many points have names."""
    many = len(labels) > FEW and any(label.strip() for label in labels)
    return (f"Of {len(labels)} studies those {where} are named.",) if many else ()


@dataclass(frozen=True, slots=True)
class PointNames:
    """What stands beside the points that have names, in points from the lower left corner of the plot."""

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
    most: int = MOST_NAMED,
) -> PointNames:
    """The places of the names of points.

    Parameters
    ----------
    spots : sequence of (x, y)
        The points, in points of print from the lower left corner of the plot.
    labels : sequence of str
        Their names; an empty one is not written.
    size : (width, height)
        Of the plot.
    radius : float
        Of the marks.
    taken, dots
        Boxes where no name stands, and dots along lines that names cross only if they must.
    most : int
        How many names are written; where there are more, none is.
    """
    named = [place for place, label in enumerate(labels) if label.strip()]
    if not 0 < len(named) <= most:
        return PointNames()
    others = [_mark(spot, radius) for place, spot in enumerate(spots) if place not in set(named)]
    boxes, lines, points = [*taken, *others], tuple(dots), [spots[place] for place in named]
    frame = (2.0, 2.0, size[0] - 2.0, size[1] - 2.0)

    def placed(words: Sequence[tuple[str, ...]], furthest: float) -> list[Label | None]:
        sizes = [(widest(one, TINY), depth(one, TINY)) for one in words]
        return place_labels(points, sizes, frame, radius, taken=boxes, lines=lines, furthest=furthest)

    names = [wrap(labels[place], LABEL_WIDTH, TINY) for place in named]
    found = placed(names, NEAR)
    if None not in found:
        return PointNames(tuple(points), tuple(names), tuple(found))
    numbers = [(str(place + 1),) for place in named]
    found = placed(numbers, FAR)
    absent = [one[0] for one, label in zip(numbers, found, strict=True) if label is None]
    notes = (f"No room for the numbers {', '.join(absent)}.",) if absent else ()
    return PointNames(tuple(points), tuple(numbers), tuple(found), listed(labels), notes)


def _mark(spot: Spot, radius: float) -> Box:
    return spot[0] - radius, spot[1] - radius, spot[0] + radius, spot[1] + radius


def leader(spot: Spot, label: Label) -> tuple[Spot, Spot]:
    """The ends of a line from a point to its label, which it does not quite touch."""
    away = math.dist(spot, label.anchor)
    short = (away - LEADER_AIR) / away
    return spot, (spot[0] + (label.anchor[0] - spot[0]) * short, spot[1] + (label.anchor[1] - spot[1]) * short)


def draw_names(drawn: Stage, names: PointNames) -> None:
    """Write the names, with a leader to each point from which its name stands off."""
    from matplotlib.patheffects import withStroke

    halo = [withStroke(linewidth=HALO * drawn.sheet.scale, foreground=PAPER)]  # where a name crosses a line
    for spot, lines, label in zip(names.spots, names.lines, names.labels, strict=True):
        if label is None:
            continue
        if label.ring:
            _draw_leader(drawn, spot, label)
        left, _, _, high = label.box
        for line in block(lines, left, 0.0, TINY)[0]:
            drawn.sheet.write(line.text, *drawn.from_corner(left, high - line.y), TINY, zorder=5, path_effects=halo)


def _draw_leader(drawn: Stage, spot: Spot, label: Label) -> None:
    ends = [drawn.in_plot(*end) for end in leader(spot, label)]
    drawn.plot.line([x for x, _ in ends], [y for _, y in ends], color=GREY, linewidth=0.5, zorder=2)
