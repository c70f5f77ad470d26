"""The effect-direction plot: studies by outcomes, an arrow for what each shows, a sign test under each column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from synthesis.rendering.plots.axis import DASH
from synthesis.rendering.plots.canvas import drawing
from synthesis.rendering.plots.effect_direction_data import (
    ARROWS,
    EffectArrow,
    EffectDirectionData,
    EffectDirectionRow,
    checked,
    effect_direction_text,
    size_class,
    vote_cells,
    votes,
)
from synthesis.rendering.plots.fonts import drawable, wrap
from synthesis.rendering.plots.panels import figure_of
from synthesis.rendering.plots.placed import HALF_CAPITAL, MARGIN, SIZE, SMALL, TITLE
from synthesis.rendering.plots.sheet import GREY, PAPER, Corner, Sheet, depth, flow, name, paper, widest

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "EffectArrow",
    "EffectDirectionData",
    "EffectDirectionRow",
    "effect_direction",
    "effect_direction_text",
    "plot_effect_direction",
]

COLOURS = {"up": "#0b5fa5", "down": "#b0392e", "sideways": "#595959"}
HEIGHTS = (6.5, 10.0, 14.0)  # of small, medium and large arrows; a hollow one is medium
SHAPES = {  # corners in units of the height of an arrow, about its middle; y runs downwards
    "up": ((0.0, -0.5), (0.46, 0.02), (0.17, 0.02), (0.17, 0.5), (-0.17, 0.5), (-0.17, 0.02), (-0.46, 0.02)),
    "down": ((0.0, 0.5), (0.46, -0.02), (0.17, -0.02), (0.17, -0.5), (-0.17, -0.5), (-0.17, -0.02), (-0.46, -0.02)),
    "sideways": (
        *((-0.66, 0.0), (-0.24, -0.42), (-0.24, -0.15), (0.24, -0.15), (0.24, -0.42)),
        *((0.66, 0.0), (0.24, 0.42), (0.24, 0.15), (-0.24, 0.15), (-0.24, 0.42)),
    ),
}
TINY = 6.5  # of the number of findings
LABEL_WIDTH, DESIGN_WIDTH, HEADER_WIDTH, MOST_HEADER = 150.0, 110.0, 74.0, 110.0
SIDE_WIDTH = 240.0  # of the words beside the counts
LEAST_WIDTH = 340.0  # of the whole, so that notes are not too narrow
LEAST_COLUMN, GAP, ROW_GAP, LEAST_ROW, HEADING = 62.0, 14.0, 5.0, 20.0, 20.0
SHADES = ("#ffffff", "#ececec", "#d6d6d6", "#c4c4c4")


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of text, or of arrows: its header, and its cells as lines."""

    header: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    right: bool = False  # set to the right

    @property
    def width(self) -> float:
        """What the column takes; a header over arrows and counts may not be narrower than these."""
        return max(widest(self.header, SIZE, bold=True), *(widest(cell, SIZE) for cell in self.cells))


@dataclass(frozen=True, slots=True)
class _Plan:
    """The places of an effect-direction plot on a sheet of points."""

    title: tuple[str, ...]
    columns: tuple[_Column, ...]  # of text
    lefts: tuple[float, ...]  # of these
    headers: tuple[tuple[str, ...], ...]  # of outcomes
    counts: tuple[tuple[str, str, str], ...]  # under outcomes
    middles: tuple[float, ...]  # of outcomes
    right: float
    tops: tuple[float, ...]  # of the rows with their headings, and the end of the last
    heads: tuple[float, ...]  # heights of the headings above the rows; 0 where there is none
    notes: tuple[str, ...]


def effect_direction(data: EffectDirectionData) -> Figure:
    """A figure with the plot of `plot_effect_direction`, as large as its content."""
    return figure_of(plot_effect_direction(data))


def plot_effect_direction(data: EffectDirectionData, *, ax: Axes | None = None) -> Axes:
    """An effect-direction plot.

    Parameters
    ----------
    data : EffectDirectionData
        Studies, and for each outcome the direction of what they found, whatever its significance.
    ax : Axes, optional
        Where to draw, at the size that fits in; otherwise a figure as large as its content.

    Returns
    -------
    Axes
        In points from the top left corner. The arrow of the first study on the second outcome is the polygon
        `row-1-outcome-2`; it is small, medium or large by the number of participants, hollow where that is not
        stated. A small number beside it says how many findings it sums up, if more than one. Under each outcome
        stand the studies in favour of those with a direction (sideways arrows are ties, and dropped), Wilson's
        interval of their share, and the exact two-sided sign test.

    Raises
    ------
    InvalidArgument
        If there is no arrow, cells and outcomes do not fit together, or an arrow, size or quality is not known.

    References
    ----------
    Thomson HJ, Thomas S (2013). The effect direction plot: visual display of non-standardised effects across multiple
    outcome domains. Research Synthesis Methods 4(1), 95-101.
    Boon MH, Thomson H (2021). The effect direction plot revisited: application of the 2019 Cochrane Handbook guidance
    on alternative synthesis methods. Research Synthesis Methods 12(1), 29-33.
    """
    plan = _plan(checked(data))
    keys = _keys(data)
    places = flow([22 + widest([text], SMALL) for _, _, text in keys], MARGIN, plan.right)
    legend = plan.tops[-1] + 3 * 13.0 + 14
    notes = legend + (places[-1][1] + 1) * 15.0 + 4
    with drawing():
        sheet = paper(plan.right + MARGIN, notes + depth(plan.notes, SMALL) + MARGIN, ax)
        name(sheet.axes, ax, data.title or "Effect-direction plot", effect_direction_text(data))
        _draw_header(sheet, plan)
        for place, row in enumerate(data.rows):
            _draw_row(sheet, data, plan, place, row)
        _draw_counts(sheet, data, plan)
        for (arrow, kind, text), (x, line) in zip(keys, places, strict=True):
            y = legend + line * 15.0 + 8
            _draw_arrow(sheet, (x + 9, y), arrow, kind)
            sheet.write(text, x + 22, y + HALF_CAPITAL * SMALL, SMALL)
        sheet.lines(plan.notes, MARGIN, notes, SMALL, color=GREY)
    return sheet.axes


def _plan(data: EffectDirectionData) -> _Plan:
    columns = _columns(data)
    lefts, x = [], MARGIN
    for column in columns:
        lefts.append(x)
        x += column.width + GAP
    x = max(x, MARGIN + widest(_sides(data), SIZE) + GAP)
    headers = tuple(wrap(outcome, _header_width(outcome), SIZE, bold=True) for outcome in data.outcomes)
    cells = tuple(vote_cells(votes(data, place)) for place in range(len(data.outcomes)))
    middles = []
    for header, cell in zip(headers, cells, strict=True):
        width = max(LEAST_COLUMN, widest(header, SIZE, bold=True) + 8, widest(cell, SMALL) + 8)
        middles.append(x + width / 2)
        x += width
    x = max(x, MARGIN + LEAST_WIDTH)
    title = wrap(data.title, x - MARGIN, TITLE, bold=True) if data.title.strip() else ()
    y = MARGIN + depth(title, TITLE, bold=True) + (8 if title else 0)
    y += max(depth(header, SIZE, bold=True) for header in [*headers, *(column.header for column in columns)]) + 6
    tops, heads = [y], _heads(data.rows)
    for place, head in enumerate(heads):
        y += head + max(LEAST_ROW, *(depth(column.cells[place], SIZE) + ROW_GAP for column in columns))
        tops.append(y)
    notes = tuple(line for note in _notes(data) for line in wrap(note, x - MARGIN, SMALL))
    return _Plan(title, columns, tuple(lefts), headers, cells, tuple(middles), x, tuple(tops), heads, notes)


def _heads(rows: Sequence[EffectDirectionRow]) -> tuple[float, ...]:
    """The heights of the headings: one above each row whose group is not that of the row before."""
    before = ["", *(row.group for row in rows)]
    return tuple(
        HEADING if row.group.strip() not in {"", last} else 0.0 for row, last in zip(rows, before, strict=False)
    )


def _header_width(outcome: str) -> float:
    """The usual width of a header, or that of its longest word where it is not much longer."""
    return min(MOST_HEADER, max(HEADER_WIDTH, widest(drawable(outcome).split(), SIZE, bold=True) + 0.1))


def _columns(data: EffectDirectionData) -> tuple[_Column, ...]:
    """The columns of text: study, design where one is known, participants, and quality where rows are shaded by it."""
    labels = tuple(wrap(row.label, LABEL_WIDTH, SIZE) for row in data.rows)
    designs = tuple(wrap(row.design, DESIGN_WIDTH, SIZE) for row in data.rows)
    numbers = tuple((DASH if row.n is None else f"{row.n:,.0f}",) for row in data.rows)
    found = [_Column(("Study",), labels)]
    found += [_Column(("Design",), designs)] if any(row.design.strip() for row in data.rows) else []
    found.append(_Column(("n",), numbers, right=True))
    if data.qualities:
        cells = tuple(wrap(row.quality, DESIGN_WIDTH, SIZE) for row in data.rows)
        found.append(_Column(wrap(data.quality_name, DESIGN_WIDTH, SIZE, bold=True), cells))
    return tuple(found)


def _sides(data: EffectDirectionData) -> tuple[str, str, str]:
    """What the lines under the studies are."""
    up = wrap(f"Up: {data.meaning[0]}", SIDE_WIDTH, SIZE)[0]
    return up, f"Share in % [{100 * data.level:g}% CI]", "Sign test, two-sided"


def _notes(data: EffectDirectionData) -> list[str]:
    small, large = data.sizes
    sizes = (
        f"Size of arrows (our choice): small below {small:g} participants, medium {small:g} to {large:g}, "
        f"large above {large:g}"
    )
    hollow = any(size_class(data, row, arrow) is None for row in data.rows for arrow in row.arrows if arrow)
    several = any(arrow.findings > 1 for row in data.rows for arrow in row.arrows if arrow)
    found = [f"{sizes}; hollow where not stated." if hollow else f"{sizes}."]
    found += ["Number beside an arrow: findings of the study that it sums up, if more than one."] if several else []
    found.append(
        "Sign test: exact, of up against down; sideways arrows are left out. Arrows say nothing of significance."
    )
    return [*found, *data.footnotes]


def _draw_header(sheet: Sheet, plan: _Plan) -> None:
    sheet.lines(plan.title, MARGIN, MARGIN, TITLE, bold=True)
    y = plan.tops[0] - 5
    for column, left in zip(plan.columns, plan.lefts, strict=True):
        x, align = (left + column.width, "right") if column.right else (left, "left")
        sheet.lines(column.header, x, y - depth(column.header, SIZE, bold=True), SIZE, bold=True, align=align)
    for header, x in zip(plan.headers, plan.middles, strict=True):
        sheet.lines(header, x, y - depth(header, SIZE, bold=True), SIZE, bold=True, align="center")
    sheet.line([MARGIN, plan.right], [y + 3] * 2, linewidth=0.9)


def _draw_row(sheet: Sheet, data: EffectDirectionData, plan: _Plan, place: int, row: EffectDirectionRow) -> None:
    top, end = plan.tops[place] + plan.heads[place], plan.tops[place + 1]
    if plan.heads[place]:
        heading = wrap(row.group, plan.right - MARGIN, SIZE, bold=True)[0]
        sheet.write(heading, MARGIN, top - 5, SIZE, bold=True, gid=f"heading-{place + 1}")
    if data.qualities:
        shade = SHADES[min(data.qualities.index(row.quality), len(SHADES) - 1)]
        left, right = MARGIN - 4, plan.right + 4
        corners = [(left, top), (right, top), (right, end), (left, end)]
        sheet.shape(corners, facecolor=shade, zorder=0, gid=f"row-{place + 1}")
    for column, left in zip(plan.columns, plan.lefts, strict=True):
        x, align = (left + column.width, "right") if column.right else (left, "left")
        cell = column.cells[place]
        sheet.lines(cell, x, (top + end - depth(cell, SIZE)) / 2, SIZE, align=align)
    for number, (arrow, x) in enumerate(zip(row.arrows, plan.middles, strict=True), 1):
        if arrow:
            gid = f"row-{place + 1}-outcome-{number}"
            _draw_arrow(sheet, (x, (top + end) / 2), arrow, size_class(data, row, arrow), gid)


def _draw_arrow(sheet: Sheet, middle: Corner, arrow: EffectArrow, size: int | None, gid: str | None = None) -> None:
    """An arrow, hollow where its size is not known, and beside it the number of findings."""
    (x, y), height, colour = middle, HEIGHTS[1 if size is None else size], COLOURS[arrow.direction]
    corners = [(x + across * height, y + down * height) for across, down in SHAPES[arrow.direction]]
    fill = PAPER if size is None else colour
    sheet.shape(corners, facecolor=fill, edgecolor=colour, linewidth=0.9, joinstyle="miter", zorder=2, gid=gid)
    if arrow.findings > 1:
        reach = max(across for across, _ in SHAPES[arrow.direction]) * height
        sheet.write(str(arrow.findings), x + reach + 2, y + 0.5 * height + 1.2, TINY)


def _draw_counts(sheet: Sheet, data: EffectDirectionData, plan: _Plan) -> None:
    """The three lines under the studies."""
    y = plan.tops[-1] + 3
    sheet.line([MARGIN, plan.right], [y, y], linewidth=0.9)
    for line, side in enumerate(_sides(data)):
        base = y + 13.0 * (line + 1) - 1
        sheet.write(side, MARGIN, base, SIZE)
        for number, (cells, x) in enumerate(zip(plan.counts, plan.middles, strict=True), 1):
            sheet.write(cells[line], x, base, SMALL, align="center", gid=f"outcome-{number}-{line + 1}")
    sheet.line([MARGIN, plan.right], [y + 3 * 13.0 + 5] * 2, linewidth=0.5, color=GREY)


def _keys(data: EffectDirectionData) -> list[tuple[EffectArrow, int | None, str]]:
    """The legend: what each direction means."""
    return [(EffectArrow(one), 1, wrap(words, 300, SMALL)[0]) for one, words in zip(ARROWS, data.meaning, strict=True)]
