"""The influence plot: a row for each study, and a narrow panel for each measure of its influence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from synthesis.rendering.plots.canvas import drawing
from synthesis.rendering.plots.chart import TINY, Scale, scale, widened
from synthesis.rendering.plots.fonts import wrap
from synthesis.rendering.plots.influence_data import InfluenceData, InfluenceMeasure, checked, influence_text
from synthesis.rendering.plots.panels import figure_of, panel
from synthesis.rendering.plots.placed import MARGIN, SMALL, TITLE
from synthesis.rendering.plots.shades import COLOURS
from synthesis.rendering.plots.sheet import GREY, INK, PAPER, RULE, Sheet, depth, name, paper, widest

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["InfluenceData", "InfluenceMeasure", "influence", "plot_influence"]

WIDE, GAP = 64.0, 25.0  # of a panel, and between two
LABEL_WIDTH, PITCH = 150.0, 13.5  # of the names; least height of a row
HALF_LABEL = 12.5  # how far the label of a tick may reach beyond its panel
USUAL: Any = {"markerfacecolor": COLOURS[0], "markeredgecolor": PAPER, "markeredgewidth": 0.4}
LIMIT: Any = {"color": COLOURS[1], "linewidth": 1.0, "linestyle": (0, (1, 1.6))}
FLAGGED: Any = {"markerfacecolor": COLOURS[1], "markeredgecolor": INK, "markeredgewidth": 0.6}


@dataclass(frozen=True, slots=True)
class _Plan:
    title: tuple[str, ...]
    names: tuple[tuple[str, ...], ...]  # of the studies, as lines
    headers: tuple[tuple[str, ...], ...]
    lefts: tuple[float, ...]  # of the panels
    scales: tuple[Scale, ...]
    tops: tuple[float, ...]  # of the rows, and the end of the last
    notes: tuple[str, ...]
    width: float


def influence(data: InfluenceData) -> Figure:
    """A figure with the influence plot of `plot_influence`, as large as its content."""
    return figure_of(plot_influence(data))


def plot_influence(data: InfluenceData, *, ax: Axes | None = None) -> Axes:
    """Draw measures of influence.

    Parameters
    ----------
    data : InfluenceData
        The studies, and for each measure a value of each.
    ax : Axes, optional
        Where to draw, scaled to fit; None: a new figure as large as its content.

    Returns
    -------
    Axes
        In points from its top left. Its children are the panels, in the order of the measures, with the value along x
        and heights of the sheet along y. Marks are `study-1` and so on, on a stem from what the measure would be
        without influence; influential studies are diamonds, and their names bold. Dotted lines are the limits of flags.

    Raises
    ------
    InvalidArgument
        If there is no study, or the values do not fit the studies.

    References
    ----------
    Viechtbauer W, Cheung MWL (2010). Outlier and influence diagnostics for meta-analysis. Research Synthesis Methods
    1(2), 112-125.
    """
    plan = _plan(checked(data))
    bottom = plan.tops[-1]
    notes_top = bottom + 26
    with drawing():
        sheet = paper(plan.width, notes_top + depth(plan.notes, TINY) + MARGIN, ax)
        name(sheet.axes, ax, data.title or "Influence of each study", influence_text(data))
        sheet.lines(plan.title, MARGIN, MARGIN, TITLE, bold=True)
        _draw_rows(sheet, data, plan)
        for place, one in enumerate(data.measures):
            _draw_measure(sheet, data, plan, place, one)
        sheet.lines(plan.notes, MARGIN, notes_top, TINY, color=GREY)
    return sheet.axes


def _plan(data: InfluenceData) -> _Plan:
    names = tuple(wrap(label, LABEL_WIDTH, SMALL, bold=True) for label in data.labels)
    headers = tuple(wrap(one.name, WIDE + GAP - 4, SMALL, bold=True) for one in data.measures)
    start = MARGIN + max(widest(one, SMALL, bold=True) for one in names) + GAP
    lefts = tuple(start + place * (WIDE + GAP) for place in range(len(headers)))
    width = max(lefts[-1] + WIDE + HALF_LABEL + MARGIN, 300.0)
    title = wrap(data.title, width - 2 * MARGIN, TITLE, bold=True) if data.title.strip() else ()
    y = MARGIN + depth(title, TITLE, bold=True) + (8 if title else 0)
    y += max(depth(one, SMALL, bold=True) for one in headers) + 6
    tops = [y]
    for one in names:
        tops.append(tops[-1] + max(PITCH, depth(one, SMALL, bold=True) + 3))
    lines = [*data.footnotes, *_explained(data)]
    notes = tuple(line for note in lines for line in wrap(note, width - 2 * MARGIN, TINY))
    return _Plan(title, names, headers, lefts, tuple(map(_scale, data.measures)), tuple(tops), notes, width)


def _explained(data: InfluenceData) -> list[str]:
    found = ["Solid line: the value without influence."]
    if any(one.limits for one in data.measures):
        found[0] += " Dotted line: beyond it a study is flagged."
    if any(data.influential):
        found[0] += " Diamond and bold name: a study that some measure flags."
    if any(value is None for one in data.measures for value in one.values):
        found.append("Cross: no value.")
    return found


def _scale(one: InfluenceMeasure) -> Scale:
    """Ends that hold all values, the reference, and a limit where a value comes near it."""
    known = [value for value in one.values if value is not None] + [one.reference]
    low, high = min(known), max(known)
    reach = (high - low) or 1.0
    near = [limit for limit in one.limits if low - 0.6 * reach <= limit <= high + 0.6 * reach]
    return scale(widened([*known, *near], 0.08), WIDE, overhang=HALF_LABEL)


def _draw_rows(sheet: Sheet, data: InfluenceData, plan: _Plan) -> None:
    end = plan.lefts[-1] + WIDE
    for place, lines in enumerate(plan.names):
        top, bottom = plan.tops[place : place + 2]
        bold = data.influential[place]
        start = (top + bottom) / 2 - depth(lines, SMALL, bold=True) / 2
        sheet.lines(lines, MARGIN, start, SMALL, bold=bold)
        sheet.line([MARGIN, end], [bottom, bottom], color=RULE, linewidth=0.4, zorder=0.5)
    sheet.line([MARGIN, end], [plan.tops[0]] * 2, linewidth=0.8)


def _draw_measure(sheet: Sheet, data: InfluenceData, plan: _Plan, place: int, one: InfluenceMeasure) -> None:
    left, found, (top, bottom) = plan.lefts[place], plan.scales[place], (plan.tops[0], plan.tops[-1])
    header = plan.headers[place]
    y = top - 6 - depth(header, SMALL, bold=True)
    sheet.lines(header, left + WIDE / 2, y, SMALL, bold=True, align="center")
    sheet.line([left, left + WIDE], [bottom, bottom], linewidth=0.8)
    for tick in found.ticks:
        x = left + found.share(tick.value) * WIDE
        sheet.line([x, x], [bottom, bottom + 3.0], linewidth=0.7)
        sheet.write(tick.label, x, bottom + 5 + TINY, TINY, align="center")
    for x, look in [(one.reference, {"color": GREY, "linewidth": 0.8}), *((x, LIMIT) for x in one.limits)]:
        if found.ends[0] <= x <= found.ends[1]:
            at = left + found.share(x) * WIDE
            sheet.line([at, at], [top, bottom], zorder=0.8, **look)
    _draw_studies(sheet, data, plan, place, one)


def _draw_studies(sheet: Sheet, data: InfluenceData, plan: _Plan, place: int, one: InfluenceMeasure) -> None:
    found, (top, bottom) = plan.scales[place], (plan.tops[0], plan.tops[-1])
    drawn = panel(sheet, (plan.lefts[place], top, WIDE, bottom - top), found.ends, (bottom, top))
    drawn.axes.set_label(one.name)
    for row, value in enumerate(one.values):
        y = (plan.tops[row] + plan.tops[row + 1]) / 2
        if value is None:
            drawn.mark(one.reference, y, "x", 4.5, markeredgecolor=GREY, gid=f"none-{row + 1}")
            continue
        drawn.line([one.reference, value], [y, y], color=GREY, linewidth=0.8, zorder=1)
        marker: tuple[str, float, Any] = ("D", 5.4, FLAGGED) if data.influential[row] else ("o", 5.2, USUAL)
        drawn.mark(value, y, *marker[:2], gid=f"study-{row + 1}", **marker[2])
