"""What thresholds of a rule trade: finding what is useful against being taken in by what is useless."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from synthesis.rendering.plots.axis import Tick, ticks
from synthesis.rendering.plots.behaviour_data import FrontierData, Threshold, checked_frontier, frontier_text
from synthesis.rendering.plots.canvas import drawing
from synthesis.rendering.plots.fonts import measure, wrap
from synthesis.rendering.plots.label_places import touch
from synthesis.rendering.plots.panels import figure_of, panel, write
from synthesis.rendering.plots.placed import HALF_CAPITAL, MARGIN, SMALL, TITLE, Placed, block, centred, fitting
from synthesis.rendering.plots.sheet import GREY, INK, PAPER, RULE, Sheet, name, paper

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["FrontierData", "Threshold", "frontier", "plot_frontier"]

SIDE = 300.0  # of the square panel
LEFT = 46.0  # room for the labels of the vertical axis
KEY_GAP, KEY_WIDTH, SHARE = 26.0, 190.0, 62.0  # at the right of the panel, of a label, of a probability
DIRECTIONS = ((-1, -1), (0, -1), (-1, 0), (1, 0), (1, 1), (0, 1), (1, -1), (-1, 1))  # up and left first: it is empty
REACH = 0.05  # share of the largest value that the axis goes beyond it
FRONT, CHOSEN, OTHER = "#2f72ae", "#b0392e", "#9a9a9a"
SHOWN = 2  # names of sets in one place
Rectangle = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True)
class _Plan:
    width: float
    height: float
    corner: tuple[float, float]  # left and top of the panel
    ends: tuple[float, float]  # of the horizontal and the vertical axis, which begin at 0
    ticks: tuple[tuple[Tick, ...], tuple[Tick, ...]]
    texts: tuple[Placed, ...]
    numbers: tuple[tuple[Placed, tuple[float, float]], ...]  # with the mark that each belongs to


def frontier(data: FrontierData) -> Figure:
    """What thresholds trade, as a figure of its own; see `plot_frontier`."""
    return figure_of(plot_frontier(data))


def plot_frontier(data: FrontierData, *, ax: Axes | None = None) -> Axes:
    """Draw what sets of thresholds trade: 3 points for the useful against 2 or more for the useless.

    Parameters
    ----------
    data : FrontierData
        Sets of thresholds with both probabilities; those on the frontier, and the chosen one, are numbered and named.
    ax : Axes, optional
        Where to draw, scaled to fit; None: a new figure as large as its content.

    Returns
    -------
    Axes
        In points from its top left. Its one of `child_axes` has P(useless is believed) along x and P(useful is
        found) along y. Marks are named `threshold-N`, N the place in `data.thresholds`; the first is 1.

    Raises
    ------
    InvalidArgument
        If there is nothing to draw, or a number is no probability.
    """
    plan = _layout(checked_frontier(data))
    with drawing():
        sheet = paper(plan.width, plan.height, ax)
        name(sheet.axes, ax, data.title or "What thresholds trade", frontier_text(data))
        left, top = plan.corner
        drawn = panel(sheet, (left, top, SIDE, SIDE), (0.0, plan.ends[0]), (0.0, plan.ends[1]))
        _draw_frame(drawn, plan)
        _draw_front(drawn, data)
        for number, one in enumerate(data.thresholds, 1):
            _draw_threshold(drawn, one, f"threshold-{number}")
        for text, mark in plan.numbers:
            _draw_leader(sheet, text, mark)
        for text in (*plan.texts, *(text for text, _ in plan.numbers)):
            write(sheet, text)
    return sheet.axes


def numbered(data: FrontierData) -> list[tuple[Threshold, ...]]:
    """The sets that are named, on the frontier or chosen, from the least to the most that is believed wrongly.

    Sets with the same two probabilities are one; the chosen one is its first.
    """
    places: dict[tuple[float, float], list[Threshold]] = {}
    for one in data.thresholds:
        if one.frontier or one.chosen:
            places.setdefault((round(one.useless, 9), round(one.useful, 9)), []).append(one)
    return [tuple(sorted(places[place], key=lambda one: not one.chosen)) for place in sorted(places)]


def label_of(sets: Sequence[Threshold]) -> str:
    """The names of sets in one place: the first ones, and how many more there are."""
    names = [f"{one.label} (chosen)" if one.chosen else one.label for one in sets]
    more = len(names) - SHOWN
    return "; ".join(names[:SHOWN]) + (f"; and {more} other{'s' if more > 1 else ''}" if more > 0 else "")


def frontier_steps(data: FrontierData) -> list[tuple[float, float]]:
    """The frontier's corners (useless, useful): between two sets the one that is believed wrongly less often holds."""
    best = sorted((one.useless, one.useful) for one in data.thresholds if one.frontier)
    corners = [corner for one, after in itertools.pairwise(best) for corner in (one, (after[0], one[1]))]
    return [*corners, *best[-1:]]


def _layout(data: FrontierData) -> _Plan:
    width = MARGIN + LEFT + SIDE + KEY_GAP + 28 + 2 * SHARE + KEY_WIDTH + MARGIN
    title, y = block(wrap(data.title, width - 2 * MARGIN, TITLE, bold=True), MARGIN, MARGIN, TITLE, bold=True)
    upper, y = block(wrap(data.useful, SIDE, SMALL, bold=True), MARGIN, y + 5, SMALL, bold=True)
    corner = (MARGIN + LEFT, y + 8)
    ends = _end([one.useless for one in data.thresholds]), _end([one.useful for one in data.thresholds])
    x_ticks, y_ticks = (ticks(0.0, end, ratio=False, fit=fitting(0.0, end, SIDE, 40.0)) for end in ends)
    scale, end = _scale_words(data, corner, ends, (x_ticks, y_ticks))
    key, key_end = _key(data, corner)
    lines = [part for note in data.footnotes for part in wrap(note, width - 2 * MARGIN, SMALL)]
    notes, y = block(lines, MARGIN, max(end, key_end) + 6, SMALL, grey=True)
    texts = tuple(text for text in (*title, *upper, *scale, *key, *notes) if text.text)
    return _Plan(width, y + MARGIN, corner, ends, (x_ticks, y_ticks), texts, tuple(_numbers(data, corner, ends)))


def _end(values: Sequence[float]) -> float:
    """Where an axis that begins at 0 ends: 1 where values come near it, else a little beyond the largest."""
    largest = max(values)
    return 1.0 + REACH if largest > 0.75 else max(largest * (1 + 2 * REACH), 1e-3)


def _scale_words(
    data: FrontierData,
    corner: tuple[float, float],
    ends: tuple[float, float],
    marks: tuple[tuple[Tick, ...], tuple[Tick, ...]],
) -> tuple[list[Placed], float]:
    left, top = corner
    base = top + SIDE + 6 + SMALL
    placed = [
        Placed(tick.label, left + tick.value / ends[0] * SIDE, base, SMALL, align="center")
        for tick in marks[0]
        if tick.value <= 1
    ]
    placed += [
        Placed(
            tick.label, left - 7, top + (1 - tick.value / ends[1]) * SIDE + HALF_CAPITAL * SMALL, SMALL, align="right"
        )
        for tick in marks[1]
        if tick.value <= 1
    ]
    words = wrap(data.useless, SIDE, SMALL, bold=True)
    lines, end = block(words, left + SIDE / 2, base + 4, SMALL, bold=True, align="center")
    return [*placed, *lines], end


def _key(data: FrontierData, corner: tuple[float, float]) -> tuple[list[Placed], float]:
    """A table of the numbered sets with their two probabilities, from the left of the figure to the right."""
    left, y = corner[0] + SIDE + KEY_GAP, corner[1] - 16
    places = (left + 16, left + 16 + SHARE, left + 16 + 2 * SHARE, left + 28 + 2 * SHARE)
    heads = [block(wrap(words, SHARE - 8, SMALL, bold=True), x, y, SMALL, bold=True, align="right")
             for words, x in zip((data.useful, data.useless), places[1:3], strict=True)]  # fmt: skip
    placed, y = [*heads[0][0], *heads[1][0]], max(end for _, end in heads) + 4
    for number, sets in enumerate(numbered(data), 1):
        chosen = sets[0].chosen
        lines, end = block(wrap(label_of(sets), KEY_WIDTH, SMALL, bold=chosen), places[3], y, SMALL, bold=chosen)
        values, end_of_values = block((str(number),), places[0], y, SMALL, bold=True, align="right")
        shares = zip((sets[0].useful, sets[0].useless), places[1:3], strict=True)
        values += [Placed(f"{share:.3f}", x, values[0].y, SMALL, align="right") for share, x in shares]
        placed += [*values, *lines]
        y = max(end, end_of_values) + 2.5
    others = [one for one in data.thresholds if not (one.frontier or one.chosen)]
    words = "Small grey rings: sets of thresholds that another one beats." if others else ""
    lines, y = block(wrap(words, KEY_WIDTH + 2 * SHARE, SMALL), left, y + 3, SMALL, grey=True)
    return [*placed, *lines], y


def _numbers(
    data: FrontierData, corner: tuple[float, float], ends: tuple[float, float]
) -> Iterator[tuple[Placed, tuple[float, float]]]:
    """A number beside each named mark, where it touches nothing.

    One that finds no such place is left out; the table names its mark all the same.
    """
    marks = [_place(sets[0].useless, sets[0].useful, corner, ends) for sets in numbered(data)]
    rings = [_place(one.useless, one.useful, corner, ends) for one in data.thresholds]
    taken = [(x - 2.5, y - 2.5, x + 2.5, y + 2.5) for x, y in rings]
    taken += [(x - 4.5, y - 4.5, x + 4.5, y + 4.5) for x, y in marks]
    taken += [_line_box(start, end) for start, end in itertools.pairwise(_steps(data, corner, ends))]
    inside = (corner[0] + 2, corner[1] - 6, corner[0] + SIDE + KEY_GAP - 4, corner[1] + SIDE - 1)
    for number, mark in enumerate(marks, 1):
        around = _around(mark, measure(str(number), SMALL, bold=True).width, inside)
        rectangle = next((one for one in around if not any(touch(one, other) for other in taken)), None)
        if rectangle is not None:
            taken.append(rectangle)
            middle = ((rectangle[0] + rectangle[2]) / 2, (rectangle[1] + rectangle[3]) / 2)
            yield centred(str(number), *middle, SMALL, bold=True), mark


def _steps(data: FrontierData, corner: tuple[float, float], ends: tuple[float, float]) -> list[tuple[float, float]]:
    """The corners of the frontier on the sheet."""
    return [_place(x, y, corner, ends) for x, y in frontier_steps(data)]


def _line_box(start: tuple[float, float], end: tuple[float, float]) -> Rectangle:
    """The room of one step, a line along one of the axes."""
    (x, y), (other_x, other_y) = start, end
    return min(x, other_x) - 1, min(y, other_y) - 1, max(x, other_x) + 1, max(y, other_y) + 1


def _place(
    useless: float, useful: float, corner: tuple[float, float], ends: tuple[float, float]
) -> tuple[float, float]:
    """A mark's place on the sheet, to the thousandth of a point."""
    return round(corner[0] + useless / ends[0] * SIDE, 3), round(corner[1] + (1 - useful / ends[1]) * SIDE, 3)


def _around(mark: tuple[float, float], width: float, inside: Rectangle) -> Iterator[Rectangle]:
    """Places for a text about a mark and inside the panel, near ones first."""
    half, tall = width / 2 + 1, 5.0
    for distance, (right, down) in itertools.product(range(8, 2 * round(SIDE), 4), DIRECTIONS):
        x, y = mark[0] + right * (distance + half - 2), mark[1] + down * distance
        if inside[0] <= x - half and x + half <= inside[2] and inside[1] <= y - tall and y + tall <= inside[3]:
            yield (x - half, y - tall, x + half, y + tall)


def _draw_frame(drawn: Sheet, plan: _Plan) -> None:
    right, top = plan.ends
    point_x, point_y = right / SIDE, top / SIDE  # one point of the sheet, in units of the axes
    for tick in plan.ticks[0]:
        if tick.value <= 1:
            drawn.line([tick.value] * 2, [0.0, top], color=RULE, linewidth=0.5, zorder=0)
            drawn.line([tick.value] * 2, [-3.5 * point_y, 0.0])
    for tick in plan.ticks[1]:
        if tick.value <= 1:
            drawn.line([0.0, right], [tick.value] * 2, color=RULE, linewidth=0.5, zorder=0)
            drawn.line([-3.5 * point_x, 0.0], [tick.value] * 2)
    drawn.line([0.0, 0.0, right], [top, 0.0, 0.0], linewidth=0.9)


def _draw_front(drawn: Sheet, data: FrontierData) -> None:
    steps = frontier_steps(data)
    if len(steps) > 1:
        drawn.line([x for x, _ in steps], [y for _, y in steps], color=FRONT, linewidth=1.2, gid="frontier", zorder=1)


def _draw_threshold(drawn: Sheet, one: Threshold, gid: str) -> None:
    marker, size, face = ("o", 3.6, PAPER) if not one.frontier else ("o", 6.0, FRONT)
    if one.chosen:
        marker, size, face = "D", 7.5, CHOSEN
    edge = INK if one.frontier or one.chosen else OTHER
    look: dict[str, Any] = {"markerfacecolor": face, "markeredgecolor": edge, "markeredgewidth": 0.8}
    drawn.mark(
        one.useless, one.useful, marker, size, gid=gid, zorder=3.5 if one.chosen else 3 if one.frontier else 2, **look
    )


def _draw_leader(sheet: Sheet, text: Placed, mark: tuple[float, float]) -> None:
    """A thin line from a number that stands far off to its mark."""
    x, y = text.x, text.y - HALF_CAPITAL * SMALL
    if math.hypot(x - mark[0], y - mark[1]) > 20:
        sheet.line([x, mark[0]], [y, mark[1]], color=GREY, linewidth=0.4, zorder=1)
