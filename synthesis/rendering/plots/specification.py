"""The specification curve: estimates of all combinations of choices, lowest first, above the choices that made them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from synthesis.rendering.plots.axis import Span, limits
from synthesis.rendering.plots.canvas import drawing
from synthesis.rendering.plots.chart import BAND, SIGN, TINY, Key, Scale, mark_key, scale
from synthesis.rendering.plots.fonts import measure, wrap
from synthesis.rendering.plots.forest_numbers import number as number_text
from synthesis.rendering.plots.forest_numbers import places
from synthesis.rendering.plots.panels import figure_of, panel
from synthesis.rendering.plots.placed import HALF_CAPITAL, MARGIN, SIZE, SMALL, TITLE, block
from synthesis.rendering.plots.readable import scale_name, shown
from synthesis.rendering.plots.shades import COLOURS
from synthesis.rendering.plots.sheet import GREY, INK, PAPER, RULE, Sheet, depth, flow, name, paper, widest
from synthesis.rendering.plots.specification_data import (
    IntArray,
    SpecificationData,
    SpecificationFamily,
    checked,
    curve,
    side,
    specification_text,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["SpecificationData", "SpecificationFamily", "plot_specification", "specification"]

WIDE, HIGH = 430.0, 170.0  # of the curve
MOST_LINES = 7  # of the words beside the curve
ROW, HEAD, LABEL_WIDTH, VALUE = 12.0, 14.0, 170.0, 62.0  # of the choices: heights, widths
LOOKS: dict[int, tuple[str, str]] = {-1: ("below", COLOURS[1]), 0: ("holds", "#7d8894"), 1: ("above", COLOURS[0])}
OWN: Any = {"markerfacecolor": "#ffd23f", "markeredgecolor": INK, "zorder": 4}
OWN_LINE: Any = {"color": INK, "linewidth": 0.7, "linestyle": (0, (2, 1.5)), "zorder": 0.9}


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of the table of choices: the head of a family, or one choice."""

    lines: tuple[str, ...]
    top: float
    family: int
    choice: int | None
    values: tuple[str, str] = ("", "")  # median, and share of intervals without the null


@dataclass(frozen=True, slots=True)
class _Plan:
    title: tuple[str, ...]
    left: float
    top: float
    scale: Scale
    rows: tuple[_Row, ...]
    end: float  # of the rows
    keys: tuple[Key, ...]
    spots: tuple[tuple[float, int], ...]
    notes: tuple[str, ...]
    width: float


def specification(data: SpecificationData) -> Figure:
    """A figure with the specification curve of `plot_specification`, as large as its content."""
    return figure_of(plot_specification(data))


def plot_specification(data: SpecificationData, *, ax: Axes | None = None) -> Axes:
    """Draw a specification curve.

    Parameters
    ----------
    data : SpecificationData
        Estimates (ratios as logs) with their intervals, and which choice of each family made them.
    ax : Axes, optional
        Where to draw, scaled to fit; None: a new figure as large as its content.

    Returns
    -------
    Axes
        In points from its top left. Its first child has the place on the curve along x (the lowest estimate is 0) and
        the estimate along y; marks and intervals are `above`, `below`, `holds` and `above-intervals` and so on, by the
        side of the null where the interval lies; `own` is the planned specification. Its second child has the same x
        and heights of the sheet; `choice-1-2` are the specifications with the second choice of the first family.

    Raises
    ------
    InvalidArgument
        If there is no specification, or the arrays do not fit together.

    References
    ----------
    Simonsohn U, Simmons JP, Nelson LD (2020). Specification curve analysis. Nature Human Behaviour 4(11), 1208-1214.
    """
    rows = curve(checked(data))
    plan = _plan(data, rows)
    keys_top = plan.end + 10
    notes_top = keys_top + BAND * (plan.spots[-1][1] + 1) + 5
    with drawing():
        sheet = paper(plan.width, notes_top + depth(plan.notes, TINY) + MARGIN, ax)
        name(sheet.axes, ax, data.title or "Specification curve", specification_text(data))
        sheet.lines(plan.title, MARGIN, MARGIN, TITLE, bold=True)
        _draw_frame(sheet, data, plan)
        _draw_curve(sheet, data, plan, rows)
        _draw_choices(sheet, data, plan, rows)
        for key, (x, row) in zip(plan.keys, plan.spots, strict=True):
            y = keys_top + BAND * (row + 0.5)
            key.draw(sheet, x, y)
            sheet.write(wrap(key.words, WIDE, SMALL)[0], x + SIGN, y + HALF_CAPITAL * SMALL, SMALL)
        sheet.lines(plan.notes, MARGIN, notes_top, TINY, color=GREY)
    return sheet.axes


def _plan(data: SpecificationData, rows: IntArray) -> _Plan:
    names = [wrap(one, LABEL_WIDTH, SMALL) for family in data.families for one in family.choices]
    heads = [wrap(family.name, LABEL_WIDTH, SMALL, bold=True) for family in data.families]
    label = max([widest(one, SMALL) + 8 for one in names] + [widest(one, SMALL, bold=True) for one in heads], default=0)
    spans = [Span(*one) for one in zip(data.low[rows].tolist(), data.high[rows].tolist(), strict=True)]
    points = [Span(one, one, one) for one in data.estimate[rows].tolist()]
    found = scale(limits(points, _middle(spans)), HIGH, _measure(data), ratio=data.ratio, upright=True)
    upright = widest([tick.label for tick in found.ticks], SMALL) + 10 + 1.3 * SIZE
    left = MARGIN + max(label + 10, upright)
    width = left + WIDE + 2 * VALUE + MARGIN
    title = wrap(data.title, width - 2 * MARGIN, TITLE, bold=True) if data.title.strip() else ()
    top = MARGIN + depth(title, TITLE, bold=True) + (10 if title else 0)
    table, end = _rows(data, top + HIGH + 14)
    keys = tuple(_keys(data))
    widths = [SIGN + measure(wrap(key.words, WIDE, SMALL)[0], SMALL).width for key in keys]
    spots = tuple(flow(widths, MARGIN, width - MARGIN))
    lines = [*data.footnotes, *_thinned(data, rows)]
    notes = tuple(line for note in lines for line in wrap(note, width - 2 * MARGIN, TINY))
    return _Plan(title, left, top, found, tuple(table), end, keys, spots, notes, width)


def _middle(spans: Sequence[Span]) -> list[Span]:
    """The interval that most intervals lie inside: wider ones are cut, so that one cannot hide the others."""
    low, high = np.array([one.low for one in spans]), np.array([one.high for one in spans])
    return [Span(float(np.quantile(low, 0.02)), float(np.quantile(high, 0.98)))]


def _measure(data: SpecificationData) -> str:
    return scale_name(data.measure, ratio=data.ratio)


def _thinned(data: SpecificationData, rows: IntArray) -> list[str]:
    n = len(data.estimate)
    return [f"{len(rows)} of {n:,} specifications are drawn, evenly spaced."] if len(rows) < n else []


def _rows(data: SpecificationData, y: float) -> tuple[list[_Row], float]:
    """The table of choices: families with what could be chosen, and what the estimates with each choice are."""
    sides = side(data)
    digits = places([Span(float(data.estimate.min()), float(data.estimate.max()))], ratio=data.ratio)
    found: list[_Row] = []
    for place, family in enumerate(data.families):
        head = wrap(family.name, LABEL_WIDTH, SMALL, bold=True)
        found.append(_Row(head, y, place, None))
        y += max(HEAD, depth(head, SMALL, bold=True) + 3)
        for number, choice in enumerate(family.choices):
            with_it = data.choice[:, place] == number
            values = ("", "")
            if with_it.any():
                median = number_text(float(np.median(data.estimate[with_it])), digits, ratio=data.ratio)
                values = (median, f"{100 * float((sides[with_it] != 0).mean()):.0f} %")
            lines = wrap(choice, LABEL_WIDTH, SMALL)
            found.append(_Row(lines, y, place, number, values))
            y += max(ROW, depth(lines, SMALL) + 2)
        y += 4
    return found, y


def _draw_frame(sheet: Sheet, data: SpecificationData, plan: _Plan) -> None:
    left, top, right, bottom = plan.left, plan.top, plan.left + WIDE, plan.top + HIGH
    for tick in plan.scale.ticks:
        y = bottom - plan.scale.share(tick.value) * HIGH
        sheet.line([left - 3.5, left], [y, y])
        sheet.write(tick.label, left - 6, y + HALF_CAPITAL * SMALL, SMALL, align="right")
        sheet.line([left, right], [y, y], color=RULE, linewidth=0.5, zorder=0.4)
    sheet.line([left, left, right, right, left], [top, bottom, bottom, top, top], zorder=4.5)
    away = left - widest([tick.label for tick in plan.scale.ticks], SMALL) - 11
    for line in wrap(_measure(data), HIGH, SIZE)[:1]:
        sheet.write(line, away, (top + bottom) / 2, SIZE, align="center", angle=90)
    _draw_sides(sheet, data, plan)


def _draw_sides(sheet: Sheet, data: SpecificationData, plan: _Plan) -> None:
    """Whom each side of the null favours, right of the curve: next to the null, where both have room there."""
    below, above = (
        wrap(f"{arrow} {words}", 2 * VALUE - 10, SMALL, bold=True)[:MOST_LINES] if words.strip() else ()
        for arrow, words in zip("↓↑", data.favours, strict=True)
    )
    x, null = plan.left + WIDE + 6, plan.top + HIGH * (1 - plan.scale.share(0.0))
    deep, tall = (depth(lines, SMALL, bold=True) for lines in (below, above))
    low, high = min(null + 5, plan.top + HIGH - deep), max(plan.top, null - 5 - tall)
    if high + tall > low:
        low, high = plan.top + HIGH - deep, plan.top
    sheet.lines(below, x, low, SMALL, bold=True)
    sheet.lines(above, x, high, SMALL, bold=True)


def _draw_curve(sheet: Sheet, data: SpecificationData, plan: _Plan, rows: IntArray) -> None:
    from matplotlib.collections import LineCollection

    low, high = plan.scale.ends
    drawn = panel(sheet, (plan.left, plan.top, WIDE, HIGH), _across(rows), (low, high))
    drawn.line(_across(rows), [0.0, 0.0], color=GREY, linewidth=0.9, zorder=0.8, gid="null")
    sides, size = side(data)[rows], _size(rows)
    for value, (gid, colour) in LOOKS.items():
        at = np.flatnonzero(sides == value)
        if not len(at):
            continue
        chosen = rows[at]
        ends = [np.clip(one[chosen], low, high) for one in (data.low, data.high)]
        lines = np.stack([np.stack([at, at], 1), np.stack(ends, 1)], 2).astype(float)
        look: dict[str, Any] = {"colors": colour, "linewidths": min(1.2, 0.35 * size) * sheet.scale, "alpha": 0.55}
        made = LineCollection(list(lines), transform=drawn.transform, gid=f"{gid}-intervals", zorder=1, **look)
        drawn.axes.add_collection(made, autolim=False)
        face = PAPER if value == 0 else colour
        look = {"markerfacecolor": face, "markeredgecolor": colour, "markeredgewidth": min(0.8, 0.3 * size)}
        dots: dict[str, Any] = {"linestyle": "none", "marker": "o", "markersize": size * sheet.scale, "zorder": 2}
        drawn.line(at.tolist(), data.estimate[chosen].tolist(), gid=gid, **dots, **look)
    if data.own is not None:
        x = int(np.flatnonzero(rows == data.own)[0])
        drawn.line([x, x], [low, high], **OWN_LINE)
        drawn.mark(x, float(data.estimate[data.own]), "D", 6.0, gid="own", **OWN)


def _across(rows: IntArray) -> tuple[float, float]:
    room = max(0.5, 0.012 * len(rows))
    return -room, len(rows) - 1 + room


def _size(rows: IntArray) -> float:
    """The width of a mark: that of a place on the curve, within limits."""
    return min(5.0, max(1.6, 0.8 * WIDE / len(rows)))


def _draw_choices(sheet: Sheet, data: SpecificationData, plan: _Plan, rows: IntArray) -> None:
    """Which specifications made which choice: strokes under the curve, in the colours of their intervals."""
    from matplotlib.collections import LineCollection

    top, bottom = plan.top + HIGH, plan.end
    drawn = panel(sheet, (plan.left, top, WIDE, bottom - top), _across(rows), (bottom, top))
    sides = side(data)[rows]
    colours = np.array([LOOKS[value][1] for value in (-1, 0, 1)])
    for number, row in enumerate(plan.rows):
        _write_row(sheet, plan, row, first=number == 0)
        if row.choice is None:
            continue
        at = np.flatnonzero(data.choice[rows, row.family] == row.choice)
        y = row.top + ROW / 2
        drawn.line(_across(rows), [y, y], color=RULE, linewidth=0.4, zorder=0.4)
        if len(at):
            half = np.where(sides[at] == 0, 2.2, 4.2)  # short where the interval holds the null
            lines = np.stack([np.stack([at, at], 1), np.stack([y - half, y + half], 1)], 2).astype(float)
            gid = f"choice-{row.family + 1}-{row.choice + 1}"
            wide = min(3.0, max(0.45, 0.7 * WIDE / len(rows))) * sheet.scale
            look: dict[str, Any] = {"colors": colours[sides[at] + 1].tolist(), "linewidths": wide, "zorder": 1}
            drawn.axes.add_collection(
                LineCollection(list(lines), transform=drawn.transform, gid=gid, **look), autolim=False
            )
    if data.own is not None:
        x = int(np.flatnonzero(rows == data.own)[0])
        drawn.line([x, x], [top, bottom], **OWN_LINE)


def _write_row(sheet: Sheet, plan: _Plan, row: _Row, *, first: bool) -> None:
    """The name of a family or choice at the left, the numbers of a choice at the right."""
    bold = row.choice is None
    y = row.top + ROW / 2 + HALF_CAPITAL * SMALL
    for line in block(row.lines, 0.0, 0.0, SMALL, bold=bold)[0]:
        base = y + line.y - block(row.lines[:1], 0.0, 0.0, SMALL, bold=bold)[0][0].y
        sheet.write(line.text, MARGIN + (0 if bold else 8), base, SMALL, bold=bold)
    right = plan.left + WIDE
    texts = ("median", "excludes null") if first else row.values
    for text, x in zip(texts, (right + VALUE - 14, right + 2 * VALUE), strict=True):
        sheet.write(text, x, y, TINY if first else SMALL, align="right", color=GREY if first else INK)


def _keys(data: SpecificationData) -> Iterator[Key]:
    sides = side(data)
    n = len(sides)
    for value, words in (
        (1, "interval above the null"),
        (-1, "interval below the null"),
        (0, "interval holds the null"),
    ):
        share = int((sides == value).sum())
        colour = LOOKS[value][1]
        look: dict[str, Any] = {"markerfacecolor": PAPER if value == 0 else colour, "markeredgecolor": colour}
        if share:
            yield mark_key(f"{words}: {share:,} of {n:,}", "o", 5.0, **look)
    if data.own is not None:
        yield mark_key(f"as planned: {shown(float(data.estimate[data.own]), ratio=data.ratio)}", "D", 6.0, **OWN)
