"""Words with a place on the canvas: what the layouts of all figures are made of. Sizes and places are in points."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from synthesis.rendering.plots.axis import Tick
from synthesis.rendering.plots.fonts import measure

Align = Literal["left", "right", "center"]

SIZE, SMALL, TITLE = 9.0, 8.0, 11.0  # of letters
MARGIN = 14.0
HALF_CAPITAL = 0.36  # of the size: the middle of a line of text above its baseline


@dataclass(frozen=True, slots=True)
class Placed:
    """One line of text: its baseline `y`, and the place that `align` holds to `x`."""

    text: str
    x: float
    y: float
    size: float = SIZE
    bold: bool = False
    align: Align = "left"
    grey: bool = False
    white: bool = False  # on a dark ground


def block(
    lines: Sequence[str],
    x: float,
    y: float,
    size: float,
    *,
    bold: bool = False,
    grey: bool = False,
    align: Align = "left",
) -> tuple[list[Placed], float]:
    """Lines set under each other from height `y`, and the height where they end."""
    placed = []
    for line in lines if any(lines) else ():
        extent = measure(line, size, bold=bold)
        y += extent.ascent + 0.12 * size
        placed.append(Placed(line, x, y, size, bold=bold, grey=grey, align=align))
        y += extent.descent
    return placed, y


def centred(text: str, x: float, y: float, size: float, *, bold: bool = False, white: bool = False) -> Placed:
    """A short line of text whose capitals and digits have their middle at (x, y)."""
    return Placed(text, x, y + HALF_CAPITAL * size, size, bold=bold, align="center", white=white)


def fitting(low: float, high: float, width: float, overhang: float) -> Callable[[Sequence[Tick]], bool]:
    """Whether the labels of ticks stand apart on an axis so many points wide, and reach no further beyond its ends."""

    def fit(candidate: Sequence[Tick]) -> bool:
        places = [(tick.value - low) / (high - low) * width for tick in candidate]
        halves = [measure(tick.label, SMALL).width / 2 for tick in candidate]
        ends = zip(places, halves, strict=True)
        apart = all(b[0] - b[1] - a[0] - a[1] >= 7 for a, b in itertools.pairwise(ends))
        return apart and max(halves, default=0) < overhang and len(candidate) > 1

    return fit
