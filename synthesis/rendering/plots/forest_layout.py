"""Where everything of a forest plot stands, in points from the top left of a canvas that fits it.

Columns as in Cochrane reviews: study, its own columns, weight, effect with interval; the plot at the right.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

from synthesis.rendering.plots.axis import Tick, limits, ticks
from synthesis.rendering.plots.fonts import measure, wrap
from synthesis.rendering.plots.forest_data import ForestData, study_spans, summary_spans
from synthesis.rendering.plots.forest_numbers import interval_cells, level_text, places, weight_cells
from synthesis.rendering.plots.placed import HALF_CAPITAL, MARGIN, SIZE, SMALL, TITLE, Align, Placed, block, fitting
from synthesis.rendering.plots.readable import scale_name
from synthesis.rendering.plots.shades import note_mark

Lines = tuple[str, ...]

PLOT_WIDTH = 240.0
PLOT_GAP = 22.0  # half a tick label, and air, on both sides of the plot
COLUMN_GAP = 16.0
ROW_GAP = 4.5  # between two rows, beyond the lines of text
LABEL_WIDTH, CELL_WIDTH, HEADER_WIDTH = 215.0, 130.0, 95.0


@dataclass(frozen=True, slots=True)
class Layout:
    """A forest plot's canvas; heights run downwards."""

    width: float
    height: float
    texts: tuple[Placed, ...]
    rules: tuple[float, ...]  # heights of lines across the table
    plot: tuple[float, float, float, float]  # left, right, top, bottom
    limits: tuple[float, float]
    ticks: tuple[Tick, ...]
    middles: tuple[float, ...]  # heights of the marks: studies, summaries, prediction interval


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table: its header, and a cell of one or more lines for each row."""

    header: Lines
    cells: tuple[Lines, ...]
    align: Align = "right"
    gap: float = COLUMN_GAP  # to the column at its left


def layout(data: ForestData) -> Layout:
    """The places of all text and marks of a forest plot."""
    columns = _columns(data)
    edges = _edges(columns, len(data.rows))
    left = edges[-1] + PLOT_GAP
    right = left + PLOT_WIDTH
    width = right + PLOT_GAP
    heading, y = block(wrap(data.title, width - 2 * MARGIN, TITLE, bold=True), MARGIN, MARGIN, TITLE, bold=True)
    header, header_end = _header(columns, edges, y + 6 if heading else MARGIN)
    body, middles, splits = _body(columns, edges, len(data.rows), header_end + 3)
    bottom = splits[-1] + 3
    low_high = data.limits or limits(study_spans(data), summary_spans(data))
    marks = ticks(*low_high, ratio=data.ratio, fit=fitting(*low_high, PLOT_WIDTH, PLOT_GAP - 4))
    scale, scale_end = _scale(data, marks, low_high, (left, bottom))
    beside, beside_end = block(_heterogeneity(data, edges[-1] - MARGIN), MARGIN, bottom, SMALL)
    notes, end = block(_footnotes(data, width - 2 * MARGIN), MARGIN, max(scale_end, beside_end) + 5, SMALL, grey=True)
    return Layout(
        width=width,
        height=end + MARGIN,
        texts=tuple(placed for placed in (*heading, *header, *body, *scale, *beside, *notes) if placed.text),
        rules=(header_end, splits[0]) if len(splits) > 1 else (header_end,),
        plot=(left, right, header_end, bottom),
        limits=low_high,
        ticks=marks,
        middles=middles,
    )


def _columns(data: ForestData) -> list[Column]:
    """The columns of the table, the label first; rows are studies, summaries, prediction interval."""
    labels = [_noted(data, place) for place in range(len(data.rows))]
    pooled = [line.label for line in data.summaries]
    last = [] if data.prediction is None else ["Prediction interval"]
    study_lines = [wrap(label, LABEL_WIDTH, SIZE) for label in labels]
    pooled_lines = [wrap(label, LABEL_WIDTH, SIZE, bold=True) for label in [*pooled, *last]]
    return [
        Column(wrap(data.header, LABEL_WIDTH, SIZE, bold=True), (*study_lines, *pooled_lines), "left", 0.0),
        *(_own_column(data, place) for place in range(len(data.columns))),
        *_weight_column(data),
        *_effect_columns(data),
    ]


def _noted(data: ForestData, place: int) -> str:
    row = data.rows[place]
    return f"{row.label} {note_mark(_notes(data).index(row.note))}" if row.note else row.label


def _notes(data: ForestData) -> list[str]:
    """The different notes of the rows, in order; a note's number is its place plus one."""
    return list(dict.fromkeys(row.note for row in data.rows if row.note))


def _own_column(data: ForestData, place: int) -> Column:
    studies = [row.columns[place] for row in data.rows]
    totals = [line.columns[place] if line.columns else "" for line in data.summaries]
    last = [] if data.prediction is None else [""]
    cells = (
        *(wrap(cell, CELL_WIDTH, SIZE) for cell in studies),
        *(wrap(cell, CELL_WIDTH, SIZE, bold=True) for cell in [*totals, *last]),
    )
    return Column(wrap(data.columns[place], HEADER_WIDTH, SIZE, bold=True), cells)


def _weight_column(data: ForestData) -> list[Column]:
    if all(row.weight is None for row in data.rows):
        return []
    cells, total = weight_cells(data)
    below = [""] * (len(data.summaries) - 1 + (data.prediction is not None))
    return [Column(("Weight",), tuple((cell,) for cell in [*cells, *([total] if data.summaries else []), *below]))]


def _effect_columns(data: ForestData) -> list[Column]:
    """Estimate, lower and upper bound under one header, which the last of the three carries."""
    spans = (*study_spans(data), *summary_spans(data))
    digits = places(spans, ratio=data.ratio)
    found = iter(spans)
    present = [row.estimate is not None for row in data.rows] + [True] * len(summary_spans(data))
    cells = [interval_cells(next(found) if given else None, digits, ratio=data.ratio) for given in present]
    parts = [tuple((cell[place],) for cell in cells) for place in range(3)]
    header = wrap(f"{data.measure}\n[{level_text(data.level)}]", CELL_WIDTH, SIZE, bold=True)
    needed = max(measure(line, SIZE, bold=True).width for line in header)
    widths = [_cells_width(part, len(data.rows)) for part in parts]
    spare = max(0.0, needed - sum(widths) - 10.0)
    return [
        Column((), parts[0], gap=COLUMN_GAP + spare),
        Column((), parts[1], gap=6.0),
        Column(header, parts[2], gap=4.0),
    ]


def _cells_width(cells: Sequence[Lines], studies: int) -> float:
    return max(measure(line, SIZE, bold=place >= studies).width for place, lines in enumerate(cells) for line in lines)


def _edges(columns: Sequence[Column], studies: int) -> list[float]:
    """The right edge of each column; a header over the three effect columns does not widen the last."""
    edges, x = [], MARGIN
    for place, column in enumerate(columns):
        own = column.header if place < len(columns) - 1 else ()
        header = max((measure(line, SIZE, bold=True).width for line in own), default=0.0)
        x += column.gap + max(_cells_width(column.cells, studies), header)
        edges.append(x)
    return edges


def _header(columns: Sequence[Column], edges: Sequence[float], y: float) -> tuple[list[Placed], float]:
    """The header, its last lines on one height, and the height of the rule under it."""
    blocks = [block(column.header, edge, y, SIZE, bold=True) for column, edge in zip(columns, edges, strict=True)]
    end = max(block[1] for block in blocks)
    placed = [
        Placed(
            line.text, MARGIN if column.align == "left" else line.x, line.y + end - own, bold=True, align=column.align
        )
        for (lines, own), column in zip(blocks, columns, strict=True)
        for line in lines
    ]
    return placed, end + 4


def _body(
    columns: Sequence[Column], edges: Sequence[float], studies: int, y: float
) -> tuple[list[Placed], tuple[float, ...], tuple[float, ...]]:
    """The table's cells, the heights of the marks, and where the studies and the whole end."""
    placed: list[Placed] = []
    middles: list[float] = []
    ends: list[float] = []
    for place in range(len(columns[0].cells)):
        y += 4 if place == studies else 0
        row, middle, y = _row([column.cells[place] for column in columns], columns, edges, y, bold=place >= studies)
        placed += row
        middles.append(middle)
        ends.append(y)
    splits = (ends[studies - 1] + 2, ends[-1]) if len(ends) > studies else (ends[-1],)
    return placed, tuple(middles), splits


def _row(
    cells: Sequence[Lines], columns: Sequence[Column], edges: Sequence[float], y: float, *, bold: bool
) -> tuple[list[Placed], float, float]:
    """One row from height `y`: its text, the height of its mark (beside the first line), and its end."""
    placed: list[Placed] = []
    middle, top = y, y + ROW_GAP / 2
    for depth, lines in enumerate(itertools.zip_longest(*cells, fillvalue="")):
        extents = [measure(line, SIZE, bold=bold) for line in lines]
        base = top + max(extent.ascent for extent in extents)
        for line, column, edge in zip(lines, columns, edges, strict=True):
            placed.append(Placed(line, MARGIN if column.align == "left" else edge, base, bold=bold, align=column.align))
        middle = base - HALF_CAPITAL * SIZE if depth == 0 else middle
        top = base + max(extent.descent for extent in extents) + 0.5
    return placed, middle, top + ROW_GAP / 2


def _scale(
    data: ForestData, marks: Sequence[Tick], limits: tuple[float, float], corner: tuple[float, float]
) -> tuple[list[Placed], float]:
    """Labels of the ticks, the name of the axis, and whom each side favours; and where they end."""
    left, bottom = corner
    low, high = limits
    base = bottom + 6 + SMALL
    placed = [
        Placed(tick.label, left + (tick.value - low) / (high - low) * PLOT_WIDTH, base, SMALL, align="center")
        for tick in marks
    ]
    name = wrap(scale_name(data.measure, ratio=data.ratio), PLOT_WIDTH, SMALL)
    names, end = block(name, left + PLOT_WIDTH / 2, base + 4, SMALL)
    placed += [replace(line, align="center") for line in names]
    sides = [_side(words, left, end + 3, right=place == 1) for place, words in enumerate(data.favours)]
    return [*placed, *sides[0][0], *sides[1][0]], max(end, sides[0][1], sides[1][1])


def _side(words: str, left: float, y: float, *, right: bool) -> tuple[list[Placed], float]:
    """Whom one side of the null favours, set to that end of the axis."""
    if not words.strip():
        return [], y
    lines = wrap(f"{words} →" if right else f"← {words}", PLOT_WIDTH / 2 - 6, SMALL, bold=True)
    placed, end = block(lines, left + PLOT_WIDTH if right else left, y, SMALL, bold=True)
    align: Align = "right" if right else "left"
    return [replace(line, align=align) for line in placed], end


def _heterogeneity(data: ForestData, width: float) -> list[str]:
    """What stands under the table, beside the axis."""
    reason = data.prediction_reason if data.summaries else ""
    lines = [f"Prediction interval: none, {reason}"] if reason else []
    return [part for line in [*lines, data.heterogeneity] for part in wrap(line, width, SMALL) if part]


def _footnotes(data: ForestData, width: float) -> list[str]:
    marked = [f"{note_mark(place)} {note}" for place, note in enumerate(_notes(data))]
    return [part for line in [*marked, *data.footnotes] for part in wrap(line, width, SMALL) if part]
