"""The harvest plot: every study a bar, under the direction of its effect, as high as its design is strong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from synthesis.rendering.plots.canvas import drawing
from synthesis.rendering.plots.fonts import wrap
from synthesis.rendering.plots.harvest_data import (
    DIRECTIONS,
    LEVELS,
    HarvestBar,
    HarvestData,
    HarvestRow,
    all_kinds,
    basis,
    checked,
    counts,
    direction,
    harvest_text,
    other_direction,
)
from synthesis.rendering.plots.panels import figure_of
from synthesis.rendering.plots.placed import HALF_CAPITAL, MARGIN, SIZE, SMALL, TITLE, block
from synthesis.rendering.plots.readable import counted
from synthesis.rendering.plots.sheet import (
    GREY,
    INK,
    PAPER,
    RULE,
    Sheet,
    depth,
    flow,
    name,
    paper,
    widest,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["HarvestBar", "HarvestData", "HarvestRow", "harvest", "harvest_text", "plot_harvest"]

PATTERNS = (  # fill and hatch of each kind: told apart by the hatch alone
    ("#5b9bd5", ""),
    ("#f8cfa4", "////"),
    ("#c9e6cd", "....."),
    ("#ecd3e7", "xxxx"),
    ("#f7efb2", "----"),
    ("#ffffff", "+++"),
    ("#dedede", "||||"),
    ("#ffffff", "\\\\\\\\"),
)
TINY = 7.5
LABEL_WIDTH, NAME_WIDTH = 130.0, 108.0
AXIS = 26.0  # room for the levels, at the left of the panels
BAR, PITCH, UNIT = 11.0, 15.0, 12.0  # of a bar: width, distance to the next, height of a level
LEAST_PANEL, PANEL_GAP = 92.0, 10.0
HEAD = 15.0  # above a bar of level 5, for its marks
DOT, TRIANGLE, MARK_SHIFT = 5.0, 5.0, 3.4


@dataclass(frozen=True, slots=True)
class _Bar:
    """A bar in its panel: where its middle is, from the panel's left, and its name in lines."""

    bar: HarvestBar
    gid: str
    kind: int  # its pattern
    x: float
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Plan:
    """The places of a harvest plot on a sheet of points."""

    title: tuple[str, ...]
    labels: tuple[tuple[str, ...], ...]  # of rows
    panels: tuple[tuple[tuple[_Bar, ...], ...], ...]  # of rows
    spans: tuple[tuple[float, float], ...]  # of panels: left and right
    tops: tuple[float, ...]  # of rows, and the end of the last
    notes: tuple[str, ...]

    @property
    def right(self) -> float:
        return self.spans[-1][1]


def harvest(data: HarvestData) -> Figure:
    """A figure with the harvest plot of `plot_harvest`, as large as its content."""
    return figure_of(plot_harvest(data))


def plot_harvest(data: HarvestData, *, ax: Axes | None = None) -> Axes:
    """A harvest plot.

    Parameters
    ----------
    data : HarvestData
        Rows of studies; each study is a bar in the panel of its direction, as high as the level of its design.
    ax : Axes, optional
        Where to draw, at the size that fits in; otherwise a figure as large as its content.

    Returns
    -------
    Axes
        In points from the top left corner. The second study of the first row, numbered as given, is the polygon
        `row-1-bar-2`; in a panel the strongest designs stand first. A full dot above a bar says that its direction
        was computed, a ring that it is the authors'; a triangle points to the panel where the other would put it.

    Raises
    ------
    InvalidArgument
        If there is no study, a level is not 1 to 5, a study has no known direction, or there are too many kinds.

    References
    ----------
    Ogilvie D, Fayter D, Petticrew M, Sowden A, Thomas S, Whitehead M, Worthy G (2008). The harvest plot: a method for
    synthesising evidence about the differential effects of interventions. BMC Medical Research Methodology 8, 8.
    """
    kinds = all_kinds(checked(data))
    plan = _plan(data, kinds)
    keys = _keys(data, kinds)
    places = flow([_indent(key) + widest([key.text], SMALL) for key in keys], MARGIN, plan.right)
    legend_top = plan.tops[-1] + 4
    notes_top = legend_top + (places[-1][1] + 1) * 1.6 * SMALL + 7
    height = notes_top + depth(plan.notes, TINY) + MARGIN
    with drawing():
        sheet = paper(plan.right + MARGIN, height, ax)
        name(sheet.axes, ax, data.title or "Harvest plot", harvest_text(data))
        _draw_header(sheet, data, plan)
        for place in range(len(data.rows)):
            _draw_row(sheet, data, plan, place)
        for key, (x, row) in zip(keys, places, strict=True):
            _draw_key(sheet, key, x, legend_top + (row + 1) * 1.6 * SMALL)
        sheet.lines(plan.notes, MARGIN, notes_top, TINY, color=GREY)
    return sheet.axes


def _plan(data: HarvestData, kinds: Sequence[str]) -> _Plan:
    labels = tuple(_label(data, row) for row in data.rows)
    panels = tuple(tuple(_panel(data, place, one, kinds) for one in DIRECTIONS) for place in range(len(data.rows)))
    x = MARGIN + max(widest(one, SIZE, bold=True) for one in labels) + AXIS
    spans = []
    for place in range(len(DIRECTIONS)):
        header = widest([_header(data, place)], SIZE, bold=True) + 8
        width = max(LEAST_PANEL, header, *(_width(row[place]) for row in panels))
        spans.append((x, x + width))
        x += width + PANEL_GAP
    right = spans[-1][1]
    title = wrap(data.title, right - MARGIN, TITLE, bold=True) if data.title.strip() else ()
    y = MARGIN + depth(title, TITLE, bold=True) + (8 if title else 0) + depth(["X"], SIZE, bold=True) + 5
    tops = [y]
    for label, row in zip(labels, panels, strict=True):
        names = max((widest(bar.names, TINY) for panel in row for bar in panel), default=0.0)
        y += max(HEAD + 5 * UNIT + 4 + names, HEAD + depth(label, SIZE, bold=True)) + 9
        tops.append(y)
    notes = tuple(line for note in data.footnotes for line in wrap(note, right - MARGIN, TINY))
    return _Plan(title, labels, panels, tuple(spans), tuple(tops), notes)


def _label(data: HarvestData, row: HarvestRow) -> tuple[str, ...]:
    """The name of a row, and under it the number of studies in each panel."""
    found = [f"{count} {name.lower()}" for count, name in zip(counts(data, row), data.panels, strict=True)]
    lines = [counted(len(row.bars)), *found]
    return (
        *wrap(row.label, LABEL_WIDTH, SIZE, bold=True),
        *(part for line in lines for part in wrap(line, LABEL_WIDTH, SMALL)),
    )


def _header(data: HarvestData, place: int) -> str:
    words = wrap(data.panels[place], 400, SIZE, bold=True)[0]
    return (f"← {words}", words, f"{words} →")[place]


def _panel(data: HarvestData, place: int, one: str, kinds: Sequence[str]) -> tuple[_Bar, ...]:
    """The bars of one panel of a row: strongest design first, then by kind, then by name."""
    numbered = enumerate(data.rows[place].bars, 1)
    chosen = [(number, bar) for number, bar in numbered if direction(bar, data.by) == one]
    chosen.sort(key=lambda found: (-found[1].level, kinds.index(found[1].kind), found[1].label, found[0]))
    bars, x = [], 6.0
    for number, bar in chosen:
        names = wrap(bar.label, NAME_WIDTH, TINY)
        pitch = _pitch(names)
        bars.append(_Bar(bar, f"row-{place + 1}-bar-{number}", kinds.index(bar.kind), x + pitch / 2, names))
        x += pitch
    return tuple(bars)


def _pitch(names: Sequence[str]) -> float:
    """The width that a bar and its name take."""
    return max(PITCH, depth(names, TINY) + 2)


def _width(bars: Sequence[_Bar]) -> float:
    if not bars:
        return 0.0
    return bars[-1].x + _pitch(bars[-1].names) / 2 + 6


def _draw_header(sheet: Sheet, data: HarvestData, plan: _Plan) -> None:
    sheet.lines(plan.title, MARGIN, MARGIN, TITLE, bold=True)
    y = plan.tops[0] - 5
    for place, (left, right) in enumerate(plan.spans):
        sheet.write(_header(data, place), (left + right) / 2, y - 4, SIZE, bold=True, align="center")
    sheet.write("Level", plan.spans[0][0] - 4, y - 4, SMALL, align="right", color=GREY)
    sheet.line([MARGIN, plan.right], [y, y], linewidth=0.9)


def _draw_row(sheet: Sheet, data: HarvestData, plan: _Plan, place: int) -> None:
    top, base = plan.tops[place], plan.tops[place] + HEAD + 5 * UNIT
    _draw_label(sheet, data.rows[place], plan.labels[place], top + 8)
    for (left, right), bars in zip(plan.spans, plan.panels[place], strict=True):
        for level in LEVELS:
            sheet.line([left, right], [base - level * UNIT] * 2, color=RULE, linewidth=0.5, zorder=0.5)
        for bar in bars:
            _draw_bar(sheet, data.by, bar, (left + right - _width(bars)) / 2 + bar.x, base)
        sheet.line([left, right], [base, base], linewidth=0.9, zorder=4)
        if not bars:
            sheet.write("no study", (left + right) / 2, base - 5, TINY, align="center", color=GREY)
    for level in LEVELS:
        y = base - level * UNIT + HALF_CAPITAL * TINY
        sheet.write(str(level), plan.spans[0][0] - 5, y, TINY, align="right", color=GREY)
    sheet.line([MARGIN, plan.right], [plan.tops[place + 1] - 4] * 2, color=GREY, linewidth=0.5)


def _draw_label(sheet: Sheet, row: HarvestRow, label: Sequence[str], y: float) -> None:
    titles = len(wrap(row.label, LABEL_WIDTH, SIZE, bold=True))
    y = sheet.lines(label[:titles], MARGIN, y, SIZE, bold=True)
    sheet.lines(label[titles:], MARGIN, y, SMALL, color=GREY)


def _draw_bar(sheet: Sheet, by: str, bar: _Bar, x: float, base: float) -> None:
    """A bar with its marks above and its name below; `x` is its middle."""
    top = base - bar.bar.level * UNIT
    _fill(sheet, (x - BAR / 2, base, x + BAR / 2, top), bar.kind, bar.gid)
    _draw_marks(sheet, by, bar, x, top - 5.5)
    lines, end = block(bar.names, 0.0, 0.0, TINY)
    for line in lines:
        sheet.write(line.text, x - end / 2 + line.y, base + 4, TINY, align="right", angle=90)


def _draw_marks(sheet: Sheet, by: str, bar: _Bar, x: float, y: float) -> None:
    """What the direction rests on, and a triangle towards the panel of the other basis."""
    other, here = other_direction(bar.bar, by), direction(bar.bar, by)
    side = 0 if other is None else 1 if DIRECTIONS.index(other) > DIRECTIONS.index(here) else -1
    full = INK if basis(bar.bar, by) == "computed" else PAPER
    sheet.mark(x - side * MARK_SHIFT, y, "o", DOT, markerfacecolor=full, gid=f"{bar.gid}-basis")
    if side:
        look = {"markerfacecolor": INK, "gid": f"{bar.gid}-other"}
        sheet.mark(x + side * MARK_SHIFT, y, ">" if side > 0 else "<", TRIANGLE, **look)


def _fill(sheet: Sheet, box: tuple[float, float, float, float], kind: int, gid: str | None = None) -> None:
    """A box with the fill and hatch of a kind."""
    import matplotlib as mpl

    left, bottom, right, top = box
    colour, hatch = PATTERNS[kind]
    corners = [(left, bottom), (left, top), (right, top), (right, bottom)]
    with mpl.rc_context({"hatch.linewidth": 0.6}):
        sheet.shape(corners, facecolor=colour, hatch=hatch or None, linewidth=0.8, zorder=2, gid=gid)


@dataclass(frozen=True, slots=True)
class _Key:
    """An entry of the legend: the swatch of a kind, a marker, or words alone."""

    text: str
    kind: int | None = None
    marker: str = ""
    full: bool = True


def _keys(data: HarvestData, kinds: Sequence[str]) -> list[_Key]:
    """What the legend explains: patterns, and those marks that occur."""
    bars = [bar for row in data.rows for bar in row.bars]
    found = {basis(bar, data.by) for bar in bars}
    keys = [_Key(wrap(data.kind_name, 400, SMALL)[0])] if data.kind_name.strip() else []
    keys += [
        _Key(wrap(kind or "not stated", 400, SMALL)[0], kind=place)
        for place, kind in enumerate(kinds)
        if len(kinds) > 1 or kind
    ]
    if "computed" in found:
        keys.append(_Key("direction computed from the study's numbers", marker="o"))
    if "reported" in found:
        keys.append(_Key("direction as the authors report it", marker="o", full=False))
    if any(other_direction(bar, data.by) for bar in bars):
        who = "authors report" if data.by == "computed" else "numbers show"
        keys.append(_Key(f"{who} the direction to which the triangle points", marker=">"))
    return keys


def _draw_key(sheet: Sheet, key: _Key, x: float, y: float) -> None:
    middle = y - HALF_CAPITAL * SMALL
    sheet.write(key.text, x + _indent(key), y, SMALL)
    if key.kind is not None:
        _fill(sheet, (x, middle + 4.5, x + 11, middle - 4.5), key.kind)
    elif key.marker:
        sheet.mark(x + 6, middle, key.marker, DOT, markerfacecolor=INK if key.full else PAPER)


def _indent(key: _Key) -> float:
    return 16.0 if key.marker or key.kind is not None else 0.0
