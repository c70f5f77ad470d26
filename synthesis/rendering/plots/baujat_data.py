"""What a Baujat plot shows, as plain values, and in words."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from synthesis.rendering.plots.fonts import clean
from synthesis.rendering.plots.readable import counted, refuse_problems, shown

NAMED_FROM = 0.1  # of the largest distance from the origin: points nearer to it have no name
MOST_NAMED = 15


@dataclass(frozen=True, slots=True)
class BaujatPoint:
    """One study."""

    label: str
    heterogeneity: float  # its contribution to Q
    influence: float  # squared standardised change of the result without it


@dataclass(frozen=True, slots=True)
class BaujatData:
    """A Baujat plot: what each study contributes to heterogeneity, and how far it moves the result."""

    title: str
    points: tuple[BaujatPoint, ...]
    footnotes: tuple[str, ...] = ()


def named(data: BaujatData) -> tuple[str, ...]:
    """The names of the points that stand out most, by their distance from the origin; empty for the others."""
    widest = max(point.heterogeneity for point in data.points) or 1.0
    highest = max(point.influence for point in data.points) or 1.0
    far = [math.hypot(point.heterogeneity / widest, point.influence / highest) for point in data.points]
    least = max(NAMED_FROM, sorted(far, reverse=True)[:MOST_NAMED][-1])
    return tuple(point.label if away >= least else "" for point, away in zip(data.points, far, strict=True))


def baujat_text(data: BaujatData) -> str:
    """What the plot shows in words, the most influential study first: its alternative text."""
    text = f"Baujat plot of {counted(len(data.points))}: contribution to heterogeneity, and influence on the result."
    for point in sorted(data.points, key=lambda one: -one.influence):
        text += f" {clean(point.label) or 'A study'}: {shown(point.heterogeneity)}, {shown(point.influence)}."
    return text


def checked(data: BaujatData) -> BaujatData:
    """The same data, if it can be drawn.

    Raises
    ------
    InvalidArgument
        With everything that is wrong.
    """
    refuse_problems("this Baujat plot", _problems(data))
    return data


def _problems(data: BaujatData) -> Iterator[str]:
    if not data.points:
        yield "it has no study"
    for point in data.points:
        for words, value in (("contribution", point.heterogeneity), ("influence", point.influence)):
            if not 0 <= value < math.inf:
                yield f"the {words} of {clean(point.label)!r} is {value}, not 0 or more"
