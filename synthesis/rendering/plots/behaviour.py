"""How a rule behaves: the probabilities of its scores over the number of studies, as stacked bars in panels."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from synthesis.rendering.plots.axis import DASH
from synthesis.rendering.plots.behaviour_data import BehaviourData, behaviour_text, checked_behaviour
from synthesis.rendering.plots.canvas import drawing
from synthesis.rendering.plots.fonts import drawable, measure, wrap
from synthesis.rendering.plots.panels import PALE, Box, box, figure_of, hatch, panel, write
from synthesis.rendering.plots.placed import HALF_CAPITAL, MARGIN, SIZE, SMALL, TITLE, Placed, block, centred
from synthesis.rendering.plots.shades import BLANK, grounds, white_on
from synthesis.rendering.plots.sheet import GREY, INK, PAPER, Sheet, flow, name, paper, widest

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["BehaviourData", "behaviour", "plot_behaviour"]

LEAST_PANEL, BAR, HIGH = 130.0, 13.0, 112.0  # least width of a panel, usual width of a bar, height of a panel
LARGEST_PANEL = 330.0
GAP = 14.0  # between panels
PERCENT = 30.0  # room for the labels of the vertical axis
ROW_WIDTH, TINY = 90.0, 7.0
LEAST_ROOM, EVERY = 8.5, 22.0  # height of a bar's part that prints its score; how far apart these are at least


@dataclass(frozen=True, slots=True)
class _Plan:
    width: float
    height: float
    texts: tuple[Placed, ...]
    panels: tuple[tuple[Box, ...], ...]  # rows of places
    swatches: tuple[tuple[int, float, float], ...]  # score, left, top
    line: tuple[float, float] | None  # left and middle of the sample of the other probability


def behaviour(data: BehaviourData) -> Figure:
    """How a rule behaves as a figure of its own; see `plot_behaviour`."""
    return figure_of(plot_behaviour(data))


def plot_behaviour(data: BehaviourData, *, ax: Axes | None = None) -> Axes:
    """Draw how often a rule gives each score, over the number of studies.

    Parameters
    ----------
    data : BehaviourData
        Probabilities of the scores for each heterogeneity (rows), size of studies (columns) and number of studies.
    ax : Axes, optional
        Where to draw, scaled to fit; None: a new figure as large as its content.

    Returns
    -------
    Axes
        In points from its top left. Its `child_axes` are the panels, row by row, with the place of k (the first is
        0) along x and the probability along y. Parts of bars are named `score-S-K`, S the place of the score (the
        worst is 0), K the number of studies; a part prints its score where it is large enough.

    Raises
    ------
    InvalidArgument
        If there is nothing to draw, or the arrays do not fit together.
    """
    plan = _layout(checked_behaviour(data))
    with drawing():
        sheet = paper(plan.width, plan.height, ax)
        name(sheet.axes, ax, data.title or "How a rule behaves", behaviour_text(data))
        for row, places in enumerate(plan.panels):
            for column, place in enumerate(places):
                _draw_panel(sheet, data, place, (row, column))
        for score, left, top in plan.swatches:
            _draw_part(sheet, (left, top, 14.0, 11.0), data.scores, score)
        if plan.line is not None:
            left, middle = plan.line
            _draw_beside(sheet, [left, left + 9.0, left + 18.0], [middle] * 3)
        for text in plan.texts:
            write(sheet, text)
    return sheet.axes


def _layout(data: BehaviourData) -> _Plan:
    wide = min(LARGEST_PANEL, max(LEAST_PANEL, BAR * len(data.k)))
    rows = [wrap(row, ROW_WIDTH, SIZE, bold=True) for row in data.rows]
    left = MARGIN + widest((line for row in rows for line in row), SIZE, bold=True) + PERCENT + 6
    lefts = [left + place * (wide + GAP) for place in range(len(data.columns))]
    width = max(lefts[-1] + wide + MARGIN + 6, 360.0)
    texts, y = _heading(data, width)
    swatches, line, words, y = _key(data, width, y + 5)
    heads, y = _heads(data, lefts, wide, y + 8)
    panels = []
    for row in rows:
        panels.append(tuple((one, y, wide, HIGH) for one in lefts))
        start = y + HIGH / 2 - block(row, 0.0, 0.0, SIZE, bold=True)[1] / 2
        texts += block(row, MARGIN, start, SIZE, bold=True)[0]
        y = max(y + HIGH, start + block(row, 0.0, 0.0, SIZE)[1]) + GAP
    texts += [*words, *heads, *(text for row in panels for text in _scale_words(row[0]))]
    texts += [text for place in panels[-1] for text in _k_words(data, place)]
    lines = [part for note in data.footnotes for part in wrap(note, width - 2 * MARGIN, SMALL)]
    notes, y = block(lines, MARGIN, y + 12, SMALL, grey=True)
    texts = [text for text in (*texts, *notes) if text.text]
    return _Plan(width, y + MARGIN, tuple(texts), tuple(panels), swatches, line)


def _heading(data: BehaviourData, width: float) -> tuple[list[Placed], float]:
    title, y = block(wrap(data.title, width - 2 * MARGIN, TITLE, bold=True), MARGIN, MARGIN, TITLE, bold=True)
    truth, y = block(wrap(data.truth, width - 2 * MARGIN, SIZE), MARGIN, y + 2, SIZE)
    return [*title, *truth], y


def _key(
    data: BehaviourData, width: float, y: float
) -> tuple[tuple[tuple[int, float, float], ...], tuple[float, float] | None, list[Placed], float]:
    """The scores, best first, and the other probability: swatches, the line's place, words, and where they end."""
    room = width - 2 * MARGIN
    scores = [drawable(score) if score == BLANK else f"score {drawable(score)}" for score in data.scores]
    labels = [wrap(score, room - 20, SMALL)[0] for score in reversed(scores)]
    places = flow([20 + measure(label, SMALL).width for label in labels], MARGIN, width - MARGIN)
    tops = [y + row * 16.0 for _, row in places]
    base = [top + 5.5 + HALF_CAPITAL * SMALL for top in tops]
    words = [Placed(one, x + 20, at, SMALL) for one, (x, _), at in zip(labels, places, base, strict=True)]
    last = len(data.scores) - 1
    swatches = tuple((last - place, x, top) for place, ((x, _), top) in enumerate(zip(places, tops, strict=True)))
    y = tops[-1] + 14.0
    if data.beside is None:
        return swatches, None, words, y
    beside = data.beside_name.strip() or "another probability"
    lines, end = block(wrap(beside, room - 24, SMALL), MARGIN + 24, y, SMALL)
    return swatches, (MARGIN, lines[0].y - HALF_CAPITAL * SMALL), [*words, *lines], end


def _heads(data: BehaviourData, lefts: Sequence[float], wide: float, y: float) -> tuple[list[Placed], float]:
    blocks = [
        block(wrap(column, wide, SIZE, bold=True), left + wide / 2, y, SIZE, bold=True, align="center")
        for column, left in zip(data.columns, lefts, strict=True)
    ]
    end = max(own for _, own in blocks)
    return [replace(line, y=line.y + end - own) for lines, own in blocks for line in lines], end + 5


def _scale_words(place: Box) -> Iterator[Placed]:
    """Labels of the vertical axis, at the left of a row."""
    left, top, _, height = place
    for share in (0, 50, 100):
        text = f"{share} %" if share == 100 else str(share)
        base = top + height * (1 - share / 100) + HALF_CAPITAL * TINY
        yield Placed(text, left - 6, base, TINY, align="right")


def _k_words(data: BehaviourData, place: Box) -> Iterator[Placed]:
    """Numbers of studies under a panel, as many as stand apart, and what they are."""
    left, top, width, height = place
    bar = width / len(data.k)
    needed = max(measure(str(k), TINY).width for k in data.k) + 3
    stride = _stride(bar, needed)
    for number in range(0, len(data.k), stride):
        yield Placed(str(data.k[number]), left + (number + 0.5) * bar, top + height + 11, TINY, align="center")
    yield Placed("number of studies", left + width / 2, top + height + 22, SMALL, align="center")


def _draw_panel(sheet: Sheet, data: BehaviourData, place: Box, which: tuple[int, int]) -> None:
    drawn = panel(sheet, place, (-0.5, len(data.k) - 0.5), (0.0, 1.0))
    drawn.axes.set_label(", ".join(part for part in (data.rows[which[0]], data.columns[which[1]]) if part))
    shares = data.probabilities[which]
    colours = grounds(data.scores)
    for number, k in enumerate(data.k):
        low = 0.0
        for score in reversed(range(len(data.scores))):  # the best at the bottom, where heights are read most easily
            share = float(shares[number, score])
            look: dict[str, Any] = {"facecolor": colours[score], "edgecolor": PAPER, "linewidth": 0.4}
            box(drawn, (number - 0.5, low, 1.0, share), gid=f"score-{score}-{k}", zorder=1, **look)
            low += share
    _write_scores(sheet, data, place, which)
    box(drawn, (-0.5, 0.0, float(len(data.k)), 1.0), facecolor="none", linewidth=0.6, edgecolor=GREY, zorder=3)
    for share in (0.0, 0.5, 1.0):
        drawn.line([-0.5 - 3 / place[2] * len(data.k), -0.5], [share, share], zorder=3)
    if data.beside is not None:
        _draw_beside(drawn, list(range(len(data.k))), data.beside[which].tolist(), "beside")


def _write_scores(sheet: Sheet, data: BehaviourData, place: Box, which: tuple[int, int]) -> None:
    """The score in the parts that have room for it, on every few bars, off the line of the other probability."""
    left, top, width, height = place
    bar = width / len(data.k)
    colours = grounds(data.scores)
    marks = [DASH if score == BLANK else drawable(score) for score in data.scores]
    widths = [measure(mark, TINY).width for mark in marks]
    stride = _stride(bar, max(EVERY, max(widths) + 2))
    for number in range((len(data.k) - 1) % stride // 2, len(data.k), stride):
        low, line, middle = 0.0, _line_about(data, which, number), (number + 0.5) * bar
        for score in reversed(range(len(data.scores))):
            share = float(data.probabilities[which][number, score])
            height_of = _free_height(low, share, line, height)
            low += share
            if height_of is not None and widths[score] / 2 <= min(middle, width - middle):
                y = top + height * (1 - height_of)
                write(sheet, centred(marks[score], left + middle, y, TINY, white=white_on(colours[score])))


def _stride(bar: float, needed: float) -> int:
    """Every how many bars a text of this width has room."""
    return max(1, math.ceil(needed / bar - 1e-9))


def _line_about(data: BehaviourData, which: tuple[int, int], number: int) -> tuple[float, float] | None:
    """The lowest and highest place of the other probability's line on a bar."""
    if data.beside is None:
        return None
    values = data.beside[which]
    here, near = values[number], values[max(0, number - 1) : number + 2]
    found = [float(here), *((float(one) + float(here)) / 2 for one in near)]
    return min(found), max(found)


def _free_height(low: float, share: float, line: tuple[float, float] | None, height: float) -> float | None:
    """Where in a part of a bar a digit is clear of its ends and of the line; all but `height` in shares of 1."""
    room = LEAST_ROOM / height
    for place in (0.5, 0.25, 0.75):
        middle = low + place * share
        ends = min(middle - low, low + share - middle) >= room / 2
        if ends and (line is None or middle <= line[0] - 0.8 * room or middle >= line[1] + 0.8 * room):
            return middle
    return None


def _draw_part(sheet: Sheet, place: Box, scores: Sequence[str], score: int) -> None:
    """A swatch of the key, with its score."""
    ground = grounds(scores)[score]
    box(sheet, place, facecolor=ground, zorder=1)
    if scores[score] == BLANK:
        hatch(sheet, place, zorder=1.5)
        box(sheet, place, facecolor="none", edgecolor=PALE, linewidth=0.6, zorder=2)
        return
    mark = drawable(scores[score])
    if measure(mark, TINY).width < place[2] - 2:
        middle = (place[0] + place[2] / 2, place[1] + place[3] / 2)
        write(sheet, centred(mark, *middle, TINY, white=white_on(ground)))


def _draw_beside(sheet: Sheet, x: Sequence[float], y: Sequence[float], gid: str = "") -> None:
    """The other probability: a dashed line with rings, on a pale edge that parts it from the bars."""
    sheet.line(x, y, color=PAPER, linewidth=3.2, zorder=3.5)
    look: dict[str, Any] = {"linestyle": (0, (4, 2)), "linewidth": 1.3, "color": INK, "zorder": 4}
    sheet.line(x, y, gid=gid or None, **look)
    for one, other in zip(x, y, strict=True):
        sheet.mark(one, other, "o", 3.2, markerfacecolor=PAPER, markeredgewidth=0.8, zorder=4.5)
