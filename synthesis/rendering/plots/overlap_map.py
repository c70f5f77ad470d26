"""The overlap of reviews as a map: the corrected covered area of every two, in a triangle."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from synthesis.rendering.plots.canvas import drawing
from synthesis.rendering.plots.chart import TINY
from synthesis.rendering.plots.fonts import wrap
from synthesis.rendering.plots.overlap_map_data import OverlapMapData, OverlapPair, checked, overlap_text
from synthesis.rendering.plots.panels import Box, box, figure_of, hatch, write
from synthesis.rendering.plots.placed import HALF_CAPITAL, MARGIN, SIZE, SMALL, TITLE, Placed, block, centred
from synthesis.rendering.plots.shades import BLUES, white_on
from synthesis.rendering.plots.sheet import GREY, PAPER, Sheet, flow, name, paper, widest
from synthesis.text import percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["OverlapMapData", "OverlapPair", "overlap_map", "plot_overlap"]

CELL = (34.0, 22.0)
LABEL_WIDTH = 170.0
SIGN = 24.0
LEAST_WIDTH = 360.0


def overlap_map(data: OverlapMapData) -> Figure:
    """A figure with the map of `plot_overlap`, as large as its content."""
    return figure_of(plot_overlap(data))


def plot_overlap(data: OverlapMapData, *, ax: Axes | None = None) -> Axes:
    """Draw the corrected covered area of every two reviews.

    Parameters
    ----------
    data : OverlapMapData
        Reviews with their sizes, and the area of each pair.
    ax : Axes, optional
        Where to draw, scaled to fit; None: a new figure as large as its content.

    Returns
    -------
    Axes
        In points from its top left. Rows and columns are the reviews; the cell of row N and column M is `pair-N-M`
        (N above M in number, the first is 1), shaded by the band of its area, which is printed in it as a percentage.
        On the diagonal `size-N` is the number of studies. A hatched cell has no defined area.

    Raises
    ------
    InvalidArgument
        If there are fewer than two reviews, or sizes, pairs and areas do not fit together.
    """
    plan = _layout(checked(data))
    with drawing():
        sheet = paper(plan.width, plan.height, ax)
        name(sheet.axes, ax, data.title or "Overlap of reviews", overlap_text(data))
        for pair in data.pairs:
            _draw_pair(sheet, data, pair, plan.cell(pair.other, pair.one))
        for place, size in enumerate(data.sizes):
            _draw_size(sheet, size, plan.cell(place, place), place)
        for shade, (x, y) in plan.signs:
            box(sheet, (x, y - 5, 18.0, 10.0), facecolor=shade, edgecolor=GREY, linewidth=0.5)
        for text in plan.texts:
            write(sheet, text)
    return sheet.axes


@dataclass(frozen=True, slots=True)
class _Plan:
    """The canvas; heights run downwards."""

    width: float
    height: float
    corner: tuple[float, float]  # top left of the cells
    texts: tuple[Placed, ...]
    signs: tuple[tuple[str, tuple[float, float]], ...]  # of the legend: shade, left edge and middle height

    def cell(self, row: int, column: int) -> Box:
        """A cell's place."""
        return self.corner[0] + column * CELL[0], self.corner[1] + row * CELL[1], *CELL


def _layout(data: OverlapMapData) -> _Plan:
    labels = [wrap(f"{number} {label}", LABEL_WIDTH, SIZE) for number, label in enumerate(data.reviews, 1)]
    left = MARGIN + widest((line for lines in labels for line in lines), SIZE) + 8
    width = max(left + len(labels) * CELL[0] + MARGIN, LEAST_WIDTH)
    heading, y = block(wrap(data.title, width - 2 * MARGIN, TITLE, bold=True), MARGIN, MARGIN, TITLE, bold=True)
    top = y + (8 if heading else 0) + SIZE + 4
    heads = [
        Placed(str(number + 1), left + (number + 0.5) * CELL[0], top - 4, SIZE, align="center")
        for number in range(len(labels))
    ]
    names = [text for row, lines in enumerate(labels) for text in _label(lines, top + (row + 0.5) * CELL[1])]
    signs, words, y = _legend(data, width, top + len(labels) * CELL[1] + 10)
    notes = [line for note in _notes(data) for line in wrap(note, width - 2 * MARGIN, TINY)]
    below, y = block(notes, MARGIN, y + 3, TINY, grey=True)
    return _Plan(width, y + MARGIN, (left, top), (*heading, *heads, *names, *words, *below), signs)


def _label(lines: tuple[str, ...], middle: float) -> list[Placed]:
    """A name about the middle of its row; of a long one the first two lines."""
    shown = lines if len(lines) < 3 else (lines[0], f"{lines[1][:-1]}…")
    height = block(shown, 0.0, 0.0, SMALL)[1]
    return block(shown, MARGIN, middle - height / 2, SMALL)[0]


def _legend(
    data: OverlapMapData, width: float, y: float
) -> tuple[tuple[tuple[str, tuple[float, float]], ...], list[Placed], float]:
    """The shades with their areas; and where they end."""
    bounds = [0.0, *(bound for bound, _ in data.bands)]
    names = [*(word for _, word in data.bands), data.highest]
    ends = [*(f"below {percent(bound, 0)} %" for bound in bounds[1:]), f"{percent(bounds[-1], 0)} % or more"]
    words = ["no study in both", *(f"{end} ({word})" for end, word in zip(ends, names, strict=True))]
    shades = [PAPER, *BLUES[: len(names)]]
    places = flow([SIGN + widest([text], SMALL) for text in words], MARGIN, width - MARGIN)
    spots = [(x, y + 14.0 * (row + 0.5)) for x, row in places]
    texts = [
        Placed(text, x + SIGN, middle + HALF_CAPITAL * SMALL, SMALL)
        for text, (x, middle) in zip(words, spots, strict=True)
    ]
    return tuple(zip(shades, spots, strict=True)), texts, spots[-1][1] + 8


def _notes(data: OverlapMapData) -> Iterator[str]:
    yield "In each cell the corrected covered area of two reviews in percent; on the diagonal the studies of each."
    if any(pair.area is None for pair in data.pairs):
        yield "Hatched: neither review could have had a study of the other."
    yield from data.footnotes


def _shade(data: OverlapMapData, pair: OverlapPair) -> str:
    if not pair.both or pair.area is None:
        return PAPER
    return BLUES[sum(pair.area >= bound for bound, _ in data.bands)]


def _draw_pair(sheet: Sheet, data: OverlapMapData, pair: OverlapPair, place: Box) -> None:
    left, top, width, height = place
    ground = _shade(data, pair)
    gid = f"pair-{pair.other + 1}-{pair.one + 1}"
    box(sheet, (left + 0.5, top + 0.5, width - 1, height - 1), facecolor=ground, edgecolor=GREY, linewidth=0.4, gid=gid)
    if pair.area is None:
        hatch(sheet, (left + 0.5, top + 0.5, width - 1, height - 1))
        return
    middle = (left + width / 2, top + height / 2)
    write(sheet, centred(percent(pair.area), *middle, SMALL, white=white_on(ground)))


def _draw_size(sheet: Sheet, size: int, place: Box, number: int) -> None:
    left, top, width, height = place
    text = centred(f"{size}", left + width / 2, top + height / 2, SMALL, bold=True)
    write(sheet, text, f"size-{number + 1}")
