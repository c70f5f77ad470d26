"""Colours and signs that mean the same in every figure: none is told by its colour alone."""

from __future__ import annotations

from collections.abc import Sequence

from synthesis.rendering.plots.axis import MINUS, SUPERSCRIPTS
from synthesis.rendering.plots.sheet import PAPER

MARKERS = (("o", 6.0), ("s", 5.6), ("D", 5.2), ("^", 6.8), ("v", 6.8), ("P", 7.0))  # of groups, with their sizes
COLOURS = ("#0b5fa5", "#b0392e", "#2f7d4f", "#7a4f9e", "#8a6100", "#4d4d4d")  # of groups, and of lines
BLANK = "blank"  # the name of what is no score
ZERO = "#f3d3a8"  # evidence of no effect: another hue than any points, and than the white of no evidence
BLUES = ("#cfe1f2", "#9cc3e3", "#6aa5d4", "#2f72ae", "#174a7c")  # from the least to the most points
REDS = ("#f4bfae", "#e89a82", "#dc775c", "#b8432c", "#852a18")  # points below none, from the fewest
DARK = (*BLUES[3:], *REDS[3:])  # grounds that take white letters
SHADES = len(BLUES)  # points above and below 0 that are told apart


def shade(points: int, most: int, least: int = 0) -> str:
    """The ground of so many points out of `most`; below 0, out of `least`."""
    if points == 0:
        return ZERO
    scale, reach = (BLUES, most) if points > 0 else (REDS, -least)
    return scale[round((abs(points) - 1) / (reach - 1) * (SHADES - 1))] if reach > 1 else scale[SHADES - 1]


def grounds(scores: Sequence[str]) -> tuple[str, ...]:
    """The ground of each score, from worst to best: that of its points, or of its place where it is a word."""
    named = [score for score in scores if score != BLANK]
    points = [int(score) for score in named] if all(map(_is_whole, named)) else [*range(len(named))]
    most, least = max(1, *points), min(0, *points)
    found = iter(shade(one, most, least) for one in points)
    return tuple(PAPER if score == BLANK else next(found) for score in scores)


def points_sign(points: int) -> str:
    """Points as they are printed, with a true minus sign."""
    return f"{MINUS}{-points}" if points < 0 else str(points)


def white_on(ground: str) -> bool:
    """Whether letters on this ground are white."""
    return ground in DARK


def note_mark(place: int) -> str:
    """The raised number of the note in this place; the first place is 0."""
    return str(place + 1).translate(SUPERSCRIPTS)


def _is_whole(text: str) -> bool:
    return text.removeprefix("-").isdecimal()
