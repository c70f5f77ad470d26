"""A plot with two scales and the words around it: what figures of points and curves share. Lengths are in points."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from synthesis.rendering.plots.axis import Tick, ticks
from synthesis.rendering.plots.fonts import drawable, measure, wrap
from synthesis.rendering.plots.label_places import Spot
from synthesis.rendering.plots.panels import Box, box, panel, write
from synthesis.rendering.plots.placed import (
    HALF_CAPITAL,
    MARGIN,
    SIZE,
    SMALL,
    TITLE,
    Align,
    Placed,
    block,
    fitting,
)
from synthesis.rendering.plots.sheet import GREY, RULE, Sheet, depth, flow, name, paper, widest

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TINY = 7.5
BAND = 13.0  # height of a line of the legend
SIGN = 22.0  # width of a sign of the legend
OVERHANG = 20.0  # how far the label of a tick may reach beyond the plot
MOST_UPRIGHT = 7  # ticks of a vertical scale
DASHES: tuple[str | tuple[int, tuple[float, ...]], ...] = ("solid", (0, (5, 2.5)), (0, (1, 1.6)), (0, (7, 2, 1, 2)))


@dataclass(frozen=True, slots=True)
class Scale:
    """One scale of a plot."""

    ends: Spot  # its left and right, or its bottom and top
    ticks: tuple[Tick, ...]
    name: str = ""

    def share(self, value: float) -> float:
        """How far a value is from the first end to the second, these being 0 and 1."""
        return (value - self.ends[0]) / (self.ends[1] - self.ends[0])


@dataclass(frozen=True, slots=True)
class Key:
    """An entry of the legend: its words, and what draws its sign at a left edge and a middle height of the sheet."""

    words: str
    draw: Callable[[Sheet, float, float], None]
    starts: bool = False  # on a line of its own


@dataclass(frozen=True, slots=True)
class Chart:
    """A plot and the words around it."""

    title: str
    x: Scale
    y: Scale
    size: Spot  # width and height of the plot
    keys: tuple[Key, ...] = ()
    favours: tuple[str, str] = ("", "")  # left and right of the null
    listed: tuple[str, ...] = ()  # what numbers in the plot stand for
    notes: tuple[str, ...] = ()
    above: float = 0.0  # room over the plot
    right: float = 0.0  # room at its right
    grid: bool = False  # lines at the ticks
    framed: bool = True  # a line all around, else at the left and below

    def spot(self, x: float, y: float) -> Spot:
        """A place on the scales, in points from the lower left corner of the plot."""
        return self.x.share(x) * self.size[0], self.y.share(y) * self.size[1]


@dataclass(frozen=True, slots=True)
class Stage:
    """A chart that is drawn: a sheet of points, and on it the plot with its own units."""

    sheet: Sheet
    plot: Sheet
    place: Box  # of the plot on the sheet: left, top, width, height

    def from_corner(self, x: float, y: float) -> Spot:
        """Points from the lower left corner of the plot, as a place on the sheet."""
        return self.place[0] + x, self.place[1] + self.place[3] - y

    def in_plot(self, x: float, y: float) -> Spot:
        """Points from the lower left corner of the plot, as a place on its scales."""
        (left, right), (low, high) = self.plot.axes.get_xlim(), self.plot.axes.get_ylim()
        return left + x / self.place[2] * (right - left), low + y / self.place[3] * (high - low)


def scale(
    ends: Spot, length: float, name: str = "", *, ratio: bool = False, upright: bool = False, overhang: float = OVERHANG
) -> Scale:
    """A scale of that length with as many round ticks as stand apart; ratios are given as logs."""
    low, high = min(ends), max(ends)
    fit = _fitting_upright(low, high, length) if upright else fitting(low, high, length, overhang)
    found = ticks(low, high, ratio=ratio, fit=lambda marks: len(marks) > 2 and fit(marks))
    if len(found) < 3:
        found = ticks(low, high, ratio=ratio, fit=fit)
    return Scale(ends, tuple(tick for tick in found if low <= tick.value <= high), name)


def widened(values: Sequence[float], share: float = 0.05) -> Spot:
    """The lowest and the highest value, each with a share of what is between them added; never the same twice."""
    low, high = min(values), max(values)
    room = share * ((high - low) or abs(high) or 1.0)
    return low - room, high + room


def stage(chart: Chart, ax: Axes | None, title: str, description: str) -> Stage:
    """Draw the frame of a chart, its ticks and all words around it, on a figure that fits or on `ax`."""
    width, height = chart.size
    left = _left(chart)
    heading = wrap(chart.title, left + width + chart.right - MARGIN, TITLE, bold=True) if chart.title.strip() else ()
    top = MARGIN + depth(heading, TITLE, bold=True) + (8 if heading else 0) + chart.above
    place = (left, top, width, height)
    words = _below(chart, place)
    sheet = paper(left + width + max(chart.right, OVERHANG) + MARGIN / 2, words.end + MARGIN, ax)
    name(sheet.axes, ax, title, description)
    sheet.lines(heading, MARGIN, MARGIN, TITLE, bold=True)
    for text in (*_tick_words(chart, place), *words.texts):
        write(sheet, text)
    for key, (x, y) in zip(chart.keys, words.keys, strict=True):
        key.draw(sheet, x, y)
    drawn = Stage(sheet, panel(sheet, place, chart.x.ends, chart.y.ends), place)
    _draw_frame(drawn, chart)
    return drawn


def line_key(words: str, *, starts: bool = False, **look: Any) -> Key:
    """An entry of the legend with a line of that look as its sign."""
    return Key(words, lambda sheet, x, y: sheet.line([x, x + 18], [y, y], **look), starts=starts)


def mark_key(words: str, marker: str, size: float, *, starts: bool = False, **look: Any) -> Key:
    """An entry of the legend with a marker of that look as its sign."""
    return Key(words, lambda sheet, x, y: sheet.mark(x + 9, y, marker, size, **look), starts=starts)


def area_key(words: str, colour: str, *, starts: bool = False) -> Key:
    """An entry of the legend with a filled box as its sign."""
    look: dict[str, Any] = {"facecolor": colour, "edgecolor": GREY, "linewidth": 0.5}
    return Key(words, lambda sheet, x, y: box(sheet, (x, y - 4.5, 18.0, 9.0), **look), starts=starts)


def listed(labels: Sequence[str]) -> tuple[str, ...]:
    """Labels with their numbers, as a chart lists them; empty ones are left out."""
    return tuple(f"{number} {' '.join(label.split())}" for number, label in enumerate(labels, 1) if label.strip())


def _fitting_upright(low: float, high: float, length: float) -> Callable[[Sequence[Tick]], bool]:
    def fit(candidate: Sequence[Tick]) -> bool:
        places = [(tick.value - low) / (high - low) * length for tick in candidate]
        apart = all(b - a >= 2 * SMALL for a, b in itertools.pairwise(sorted(places)))
        return apart and 1 < len(candidate) <= MOST_UPRIGHT

    return fit


def _left(chart: Chart) -> float:
    """Where the plot begins: after the margin, the name of its vertical scale and the labels of the ticks."""
    lines = _upright_name(chart)
    return MARGIN + (depth(lines, SIZE) + 5 if lines else 0) + widest([t.label for t in chart.y.ticks], SMALL) + 6


def _upright_name(chart: Chart) -> tuple[str, ...]:
    return wrap(chart.y.name, chart.size[1], SIZE) if chart.y.name.strip() else ()


@dataclass(frozen=True, slots=True)
class _Words:
    """The words under a plot, the places of the signs of the legend, and the height where all end."""

    texts: tuple[Placed, ...]
    keys: tuple[Spot, ...]
    end: float


def _tick_words(chart: Chart, place: Box) -> list[Placed]:
    left, top, width, height = place
    y = top + height
    across = [
        Placed(tick.label, left + chart.x.share(tick.value) * width, y + 6 + SMALL, SMALL, align="center")
        for tick in chart.x.ticks
    ]
    upright = [
        Placed(
            tick.label, left - 6, y - chart.y.share(tick.value) * height + HALF_CAPITAL * SMALL, SMALL, align="right"
        )
        for tick in chart.y.ticks
    ]
    return [*across, *upright]


def _below(chart: Chart, place: Box) -> _Words:
    left, top, width, height = place
    y = top + height + (SMALL + 9 if chart.x.ticks else 3)
    names, y = block(wrap(chart.x.name, width, SIZE), left + width / 2, y, SIZE, align="center")
    sides, y = side_words(chart.favours, left, width, y + 2)
    keys, legend, y = _legend(chart.keys, left + width - MARGIN, y + 8) if chart.keys else ([], [], y)
    listing, y = listing_words(chart.listed, MARGIN, left + width - MARGIN, y + 5) if chart.listed else ([], y)
    lines = [line for note in chart.notes for line in wrap(note, width + left - MARGIN, TINY)]
    notes, y = block(lines, MARGIN, y + 4, TINY, grey=True)
    return _Words((*names, *sides, *legend, *listing, *notes), tuple(keys), y)


def side_words(favours: tuple[str, str], left: float, width: float, y: float) -> tuple[list[Placed], float]:
    """Whom each side of the null favours, at the ends of the axis; and where they end."""
    found: list[Placed] = []
    ends = [y]
    for side, words in enumerate(favours):
        if words.strip():
            lines = wrap(f"{words} →" if side else f"← {words}", width / 2 - 8, SMALL, bold=True)
            align: Align = "right" if side else "left"
            placed, end = block(lines, left + width * side, y, SMALL, bold=True, align=align)
            found, ends = [*found, *placed], [*ends, end]
    return found, max(ends)


def _legend(keys: Sequence[Key], room: float, y: float) -> tuple[list[Spot], list[Placed], float]:
    """Where the signs of the legend stand, their words, and where they end."""
    texts = [wrap(key.words, room - SIGN, SMALL)[0] for key in keys]
    starts = [place for place, key in enumerate(keys) if key.starts or place == 0]
    spots: list[Spot] = []
    for first, end in itertools.pairwise([*starts, len(keys)]):
        places = flow([SIGN + widest([text], SMALL) for text in texts[first:end]], MARGIN, MARGIN + room)
        spots += [(x, y + BAND * (row + 0.5)) for x, row in places]
        y = spots[-1][1] + BAND / 2
    words = [
        Placed(text, x + SIGN, middle + HALF_CAPITAL * SMALL, SMALL)
        for text, (x, middle) in zip(texts, spots, strict=True)
    ]
    return spots, words, y


def listing_words(texts: Sequence[str], left: float, room: float, y: float) -> tuple[list[Placed], float]:
    """What numbers stand for, at least one, in columns read downwards; and where they end."""
    across = min(room, max(measure(drawable(text), TINY).width for text in texts) + 14)
    columns = max(1, int(room // across))
    per = math.ceil(len(texts) / columns)
    found: list[Placed] = []
    ends = [y]
    for place in range(columns):
        lines = [line for text in texts[place * per : (place + 1) * per] for line in wrap(text, room, TINY)]
        placed, end = block(lines, left + place * across, y, TINY)
        found, ends = [*found, *placed], [*ends, end]
    return found, max(ends)


def _draw_frame(drawn: Stage, chart: Chart) -> None:
    sheet, (left, top, width, height) = drawn.sheet, drawn.place
    right, bottom = left + width, top + height
    for tick in chart.x.ticks:
        x = left + chart.x.share(tick.value) * width
        sheet.line([x, x], [bottom, bottom + 3.5])
        if chart.grid:
            sheet.line([x, x], [top, bottom], color=RULE, linewidth=0.5, zorder=0.5)
    for tick in chart.y.ticks:
        y = bottom - chart.y.share(tick.value) * height
        sheet.line([left - 3.5, left], [y, y])
        if chart.grid:
            sheet.line([left, right], [y, y], color=RULE, linewidth=0.5, zorder=0.5)
    corners = [(left, top), (left, bottom), (right, bottom)]
    corners += [(right, top), (left, top)] if chart.framed else []
    sheet.line([x for x, _ in corners], [y for _, y in corners], zorder=4.5)
    lines = _upright_name(chart)
    for line in block(lines, 0.0, MARGIN, SIZE)[0]:
        sheet.write(line.text, line.y, (top + bottom) / 2, SIZE, align="center", angle=90)
