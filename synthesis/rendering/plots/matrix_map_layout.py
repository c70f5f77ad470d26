"""Where everything of a heat map of the scoring matrix stands, in points from the top left of a canvas that fits it."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from synthesis.rendering.plots.axis import DASH
from synthesis.rendering.plots.fonts import measure, wrap
from synthesis.rendering.plots.matrix_map_data import PLACEMENTS, MapCell, MapRow, MatrixMapData, cells, flags
from synthesis.rendering.plots.placed import HALF_CAPITAL, MARGIN, SIZE, SMALL, TITLE, Placed, block, centred
from synthesis.rendering.plots.shades import note_mark, points_sign, shade, white_on
from synthesis.rendering.plots.sheet import widest

NUMBER, TINY = 13.0, 7.5  # sizes of the points, and of what stands beside them
GROUND = 30.0  # width of the shaded part of a cell
CELL_HEIGHT, ROW_GAP, COLUMN_GAP = 28.0, 3.0, 10.0
SLOT, SLOT_GAP = 6.5, 1.5  # squares of the readings: blank, 0, 1, ...
PAD = 5.0
KEY_WIDTH, LABEL_WIDTH, LABEL_GAP, INDENT = 60.0, 200.0, 14.0, 10.0
LEAST_WIDTH = 330.0  # of the canvas, for the legend
LEGEND_SYMBOL = 78.0  # room of the signs at the left of the legend
TO = " to "  # where a dash would stand before a minus
FLIP = "↕"


@dataclass(frozen=True, slots=True)
class Ground:
    """The shaded part of a cell; hatched where it is blank."""

    left: float
    top: float
    width: float
    height: float
    points: int | None
    gid: str = ""


@dataclass(frozen=True, slots=True)
class Slot:
    """A square of the readings: filled where one of them gives these points (None: blank)."""

    left: float
    top: float
    points: int | None
    filled: bool


@dataclass(frozen=True, slots=True)
class MapLayout:
    """A map's canvas; heights run downwards."""

    width: float
    height: float
    texts: tuple[tuple[Placed, str], ...]  # with their names in the drawing; most have none
    grounds: tuple[Ground, ...]
    frames: tuple[tuple[float, float, float, float], ...]  # left, top, width, height of whole cells
    slots: tuple[Slot, ...]
    rules: tuple[float, float]  # heights of the lines above and under the rows


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where the columns of the map begin."""

    label: float
    cells: tuple[float, ...]
    cell_width: float

    @property
    def label_width(self) -> float:
        return self.cells[0] - LABEL_GAP - self.label


@dataclass(slots=True)
class _Parts:
    """What the layout gathers."""

    texts: list[tuple[Placed, str]] = field(default_factory=list)
    grounds: list[Ground] = field(default_factory=list)
    frames: list[tuple[float, float, float, float]] = field(default_factory=list)
    slots: list[Slot] = field(default_factory=list)

    def write(self, texts: Iterable[Placed], gid: str = "") -> None:
        self.texts += [(text, gid) for text in texts if text.text]


def layout(data: MatrixMapData) -> MapLayout:
    """The places of all text, grounds and slots."""
    parts, columns = _Parts(), _columns(data)
    width = max(columns.cells[-1] + columns.cell_width + MARGIN, LEAST_WIDTH)
    top = _header(parts, data, columns, _heading(parts, data, width))
    bottom = _rows(parts, data, columns, top + 4)
    y = _legend(parts, data, width, bottom + 8)
    for line in _footnotes(data):
        placed, y = block(wrap(line, width - 2 * MARGIN, SMALL), MARGIN, y + 2, SMALL, grey=True)
        parts.write(placed)
    gathered = (tuple(parts.texts), tuple(parts.grounds), tuple(parts.frames), tuple(parts.slots))
    return MapLayout(width, y + MARGIN, *gathered, rules=(top, bottom))


def _columns(data: MatrixMapData) -> _Columns:
    keys = widest((line for row in data.rows for line in wrap(row.key, KEY_WIDTH, SIZE, bold=True)), SIZE, bold=True)
    left = MARGIN + (keys + 8 if keys else 0.0)
    label = max(
        measure(line, SIZE).width + _indent(row) for row in data.rows for line in wrap(row.label, LABEL_WIDTH, SIZE)
    )
    width = GROUND + max(_beside_width(data, cell) for cell in cells(data))
    first = left + label + LABEL_GAP
    return _Columns(left, tuple(first + place * (width + COLUMN_GAP) for place in range(len(data.outcomes))), width)


def _indent(row: MapRow) -> float:
    return INDENT if row.group else 0.0


def range_text(cell: MapCell) -> str:
    """The points over all readings, such as `1-3` or `0-2 or blank`; empty where they agree."""
    found = {points for points in cell.readings if points is not None}
    if len(set(cell.readings)) < 2:
        return ""
    low, high = points_sign(min(found)), points_sign(max(found))
    span = low if low == high else f"{low}{DASH if min(found) >= 0 else TO}{high}"
    return f"{span} or {DASH}" if None in cell.readings else span


def printed_text(cell: MapCell) -> str:
    """The printed points, with a mark where their column is doubtful; empty where nothing was printed."""
    return "" if cell.printed is None else f"print {points_sign(cell.printed)}{PLACEMENTS[cell.placement]}"


def beside_text(data: MatrixMapData, cell: MapCell) -> str:
    """The second line beside the points: what was printed, the fragility, the numbers of the flags."""
    numbers = flags(data)
    marks = " ".join(note_mark(numbers.index(flag)) for flag in dict.fromkeys(cell.flags))
    flip = "" if cell.fragility is None else f"{FLIP}{cell.fragility}"
    return "  ".join(part for part in (printed_text(cell), flip, marks) if part)


def _strip(data: MatrixMapData) -> float:
    """The width of the slots of one cell."""
    return (data.most - data.least + 2) * (SLOT + SLOT_GAP) - SLOT_GAP


def _beside_width(data: MatrixMapData, cell: MapCell) -> float:
    first = _strip(data) + 4 + measure(range_text(cell), TINY).width if cell.readings else 0.0
    return 2 * PAD + max(first, measure(beside_text(data, cell), TINY).width, 20.0)


def _heading(parts: _Parts, data: MatrixMapData, width: float) -> float:
    placed, y = block(wrap(data.title, width - 2 * MARGIN, TITLE, bold=True), MARGIN, MARGIN, TITLE, bold=True)
    parts.write(placed)
    placed, y = block(wrap(data.reading, width - 2 * MARGIN, SMALL), MARGIN, y + 1, SMALL, grey=True)
    parts.write(placed)
    return y + 8 if parts.texts else y


def _header(parts: _Parts, data: MatrixMapData, columns: _Columns, y: float) -> float:
    """The outcomes' names, their last lines on one height; and where they end."""
    blocks = [
        block(wrap(outcome, columns.cell_width, SIZE, bold=True), left, y, SIZE, bold=True)
        for outcome, left in zip(data.outcomes, columns.cells, strict=True)
    ]
    end = max(own for _, own in blocks)
    for lines, own in blocks:
        parts.write(replace(line, y=line.y + end - own) for line in lines)
    return end + 4


def _rows(parts: _Parts, data: MatrixMapData, columns: _Columns, y: float) -> float:
    """Every intervention, headings of groups above their first; and where they end."""
    group = ""
    for number, row in enumerate(data.rows, 1):
        if row.group not in ("", group):
            lines = wrap(row.group, columns.label_width, SIZE, bold=True)
            placed, y = block(lines, columns.label, y + 2, SIZE, bold=True)
            parts.write(placed)
            y += 2
        group = row.group
        height = _row_height(row)
        _row(parts, columns, row, number, y + height / 2)
        for place, (cell, left) in enumerate(zip(row.cells, columns.cells, strict=True), 1):
            _cell(parts, data, cell, (left, y + (height - CELL_HEIGHT) / 2), f"{number}-{place}")
            parts.frames.append((left, y + (height - CELL_HEIGHT) / 2, columns.cell_width, CELL_HEIGHT))
        y += height + ROW_GAP
    return y + 2


def _row_height(row: MapRow) -> float:
    lines = max(len(wrap(row.label, LABEL_WIDTH, SIZE)), len(wrap(row.key, KEY_WIDTH, SIZE, bold=True)))
    return max(CELL_HEIGHT, block(["-"] * lines, 0.0, 0.0, SIZE)[1] + 2)


def _row(parts: _Parts, columns: _Columns, row: MapRow, number: int, middle: float) -> None:
    """The key and the label of a row about its middle."""
    label = wrap(row.label, LABEL_WIDTH, SIZE)
    start = middle - block(label, 0.0, 0.0, SIZE)[1] / 2 - 0.5
    parts.write(block(label, columns.label + _indent(row), start, SIZE)[0], f"label-{number}")
    parts.write(block(wrap(row.key, KEY_WIDTH, SIZE, bold=True), MARGIN, start, SIZE, bold=True)[0], f"key-{number}")


def _cell(parts: _Parts, data: MatrixMapData, cell: MapCell, corner: tuple[float, float], place: str) -> None:
    left, top = corner
    _ground(parts, Ground(left, top, GROUND, CELL_HEIGHT, cell.points, f"cell-{place}"), data, f"points-{place}")
    inside, middle, words = left + GROUND + PAD, top + CELL_HEIGHT / 2, beside_text(data, cell)
    base = middle + HALF_CAPITAL * TINY
    if any(points is not None for points in cell.readings):
        slots = list(_slots(cell.readings, data, inside, middle - (SLOT + 2.5 if words else SLOT / 2)))
        parts.slots += slots
        last = slots[-1]
        beyond = Placed(range_text(cell), last.left + SLOT + 4, last.top + SLOT / 2 + HALF_CAPITAL * TINY, TINY)
        parts.write([beyond], f"range-{place}")
        base = top + 22.8
    parts.write([Placed(words, inside, base, TINY)], f"beside-{place}")


def _ground(parts: _Parts, ground: Ground, data: MatrixMapData, gid: str = "", size: float = NUMBER) -> None:
    """A shaded part with its points printed in it."""
    parts.grounds.append(ground)
    white = ground.points is not None and white_on(shade(ground.points, data.most, data.least))
    text = DASH if ground.points is None else points_sign(ground.points)
    middle = (ground.left + ground.width / 2, ground.top + ground.height / 2)
    parts.write([centred(text, *middle, size, bold=True, white=white)], gid)


def _slots(readings: tuple[int | None, ...], data: MatrixMapData, left: float, top: float) -> Iterator[Slot]:
    for place, points in enumerate((None, *range(data.least, data.most + 1))):
        yield Slot(left + place * (SLOT + SLOT_GAP), top, points, points in readings)


def _legend(parts: _Parts, data: MatrixMapData, width: float, y: float) -> float:
    """What the signs mean; only those that the map has."""
    scores = range(data.least, data.most + 1)
    symbol = max(LEGEND_SYMBOL, 14.0 * len(scores) + 10, _strip(data) + 10)
    for place, points in enumerate(scores):
        _ground(parts, Ground(MARGIN + place * 14.0, y + 1, 13.0, 11.0, points), data, size=SMALL)
    y = _meaning(
        parts,
        f"points, {points_sign(data.least)} to {data.most}; 0 is a score: evidence of no effect or of harm",
        width,
        y,
        symbol,
    )
    _ground(parts, Ground(MARGIN, y + 1, 27.0, 11.0, None), data, size=SMALL)
    y = _meaning(parts, "blank: no admissible finding, so no score; not the same as 0", width, y, symbol)
    if any(cell.readings for cell in cells(data)):
        parts.slots += _slots((1, data.most), data, MARGIN, y + 3)
        numbers = ", ".join(map(points_sign, scores))
        y = _meaning(parts, f"blank, {numbers}: filled where a reading gives it; the range beside it", width, y, symbol)
    for sign, words in _signs(data):
        parts.write([Placed(sign, MARGIN, y + 10, SMALL)])
        y = _meaning(parts, words, width, y, symbol)
    return y + 3


def _signs(data: MatrixMapData) -> Iterator[tuple[str, str]]:
    """Signs beside the points, each with its meaning."""
    found = list(cells(data))
    if any(cell.printed is not None for cell in found):
        yield "print 2", "points printed in the source"
    for placement in ("inferred", "ambiguous"):
        if any(cell.printed is not None and cell.placement == placement for cell in found):
            yield PLACEMENTS[placement].strip(), f"the printed points stand without their column, which is {placement}"
    if any(cell.fragility is not None for cell in found):
        yield f"{FLIP}2", "fewest studies whose state must flip to change the points"


def _meaning(parts: _Parts, words: str, width: float, y: float, symbol: float) -> float:
    left = MARGIN + symbol
    placed, end = block(wrap(words, width - MARGIN - left, SMALL), left, y + 1.5, SMALL)
    parts.write(placed)
    return max(end, y + 12) + 2


def _footnotes(data: MatrixMapData) -> list[str]:
    marked = [f"{note_mark(place)} {flag}" for place, flag in enumerate(flags(data))]
    return list(itertools.chain(marked, data.footnotes))
