"""Points against pooled effects: what a count of studies says beside what their effects amount to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from synthesis.rendering.plots.axis import Span
from synthesis.rendering.plots.canvas import drawing
from synthesis.rendering.plots.panels import PALE, box, figure_of, hatch, interval, panel, write
from synthesis.rendering.plots.placed import MARGIN
from synthesis.rendering.plots.points_pools_data import (
    MARKERS,
    BenefitAxis,
    PointsCell,
    PointsPoolsData,
    PooledEffect,
    Status,
    checked,
    description,
)
from synthesis.rendering.plots.points_pools_layout import BAND, PANEL, STRIP, PoolsLayout, Scale, layout
from synthesis.rendering.plots.shades import shade
from synthesis.rendering.plots.sheet import GREY, INK, PAPER, RULE, Sheet, name, paper

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "BenefitAxis",
    "PointsCell",
    "PointsPoolsData",
    "PooledEffect",
    "Status",
    "plot_points_pools",
    "points_pools",
]

ALIKE, DIFFER = "#2f72ae", "#b0392e"
PLAIN = Status("", "", "circle")


def points_pools(data: PointsPoolsData) -> Figure:
    """Points against pooled effects as a figure of its own; see `plot_points_pools`."""
    return figure_of(plot_points_pools(data))


def plot_points_pools(data: PointsPoolsData, *, ax: Axes | None = None) -> Axes:
    """Draw points against pooled effects with their intervals, each cell with its name and status.

    Parameters
    ----------
    data : PointsPoolsData
        Cells with points, a pooled effect (benefit above 0, ratios as logs), or both, or neither.
    ax : Axes, optional
        Where to draw, scaled to fit; None: a new figure as large as its content.

    Returns
    -------
    Axes
        In points from its top left. Its `child_axes` are one for each measure, with the effect along x and heights
        of the sheet along y; marks are named `cell-N`, `cell-N-interval`, `cell-N-prediction`, N from the top.
        Cells without a pool have their own strip (`cell-N` on the sheet), those without points their own band.

    Raises
    ------
    InvalidArgument
        If there is nothing to draw, or numbers do not fit together.
    """
    plan = layout(checked(data))
    with drawing():
        sheet = paper(plan.width, plan.height, ax)
        name(sheet.axes, ax, data.title or "Points against pooled effects", description(data))
        _draw_bands(sheet, plan, data)
        panels = {scale.axis.measure: _draw_scale(sheet, plan, scale) for scale in plan.scales}
        statuses = {status.name: status for status in data.statuses}
        for number, (cell, y) in enumerate(plan.rows, 1):
            if cell.effect is None and plan.strip is not None:
                look: dict[str, Any] = {"markerfacecolor": PAPER, "markeredgecolor": GREY, "markeredgewidth": 1.0}
                sheet.mark(plan.strip + STRIP / 2, y, "o", 6, gid=f"cell-{number}", **look)
            elif cell.effect is not None:
                _draw_effect(panels[cell.effect.measure], cell.effect, statuses.get(cell.status, PLAIN), y, number)
        for status, y in plan.key:
            _draw_mark(sheet, MARGIN + 6, y, status)
        for text in plan.texts:
            write(sheet, text)
    return sheet.axes


def _draw_bands(sheet: Sheet, plan: PoolsLayout, data: PointsPoolsData) -> None:
    """The ground of each band's points, lines between the bands, guides along the rows, and the strip without pools."""
    top, bottom = plan.span
    if plan.strip is not None:
        box(sheet, (plan.strip, top, STRIP, bottom - top), facecolor="#f4f4f4", zorder=0)
    for points, start, end in plan.bands:
        place = (MARGIN, start, BAND, end - start)
        if points is None:
            hatch(sheet, place, colors=RULE, zorder=1)
            box(sheet, place, facecolor="none", edgecolor=PALE, linewidth=0.6, zorder=1)
            box(sheet, (MARGIN + 1, (start + end) / 2 - 11, BAND - 2, 22), facecolor=PAPER, zorder=2)
        else:
            box(sheet, place, facecolor=shade(points, data.most, data.least), zorder=1)
        sheet.line([MARGIN + BAND, plan.width - MARGIN], [start, start], linewidth=0.6, color=GREY, zorder=1)
    sheet.line([MARGIN + BAND, plan.width - MARGIN], [bottom, bottom], linewidth=0.8, zorder=1)


def _draw_scale(sheet: Sheet, plan: PoolsLayout, scale: Scale) -> Sheet:
    """The panel of one measure with its ticks, the line of no effect and that of a worthwhile one."""
    top, bottom = plan.span
    drawn = panel(sheet, (scale.left, top, PANEL, bottom - top), scale.limits, (bottom, top))
    drawn.axes.set_label(scale.axis.measure)
    for _, y in plan.rows:
        drawn.line(scale.limits, [y, y], color=RULE, linewidth=0.5, linestyle=(0, (1, 2)), zorder=0)
    for tick in scale.ticks:
        drawn.line([tick.value] * 2, [bottom, bottom + 3.5])
    drawn.line([0.0, 0.0], [top, bottom], color=GREY, gid="null", zorder=1)
    if scale.axis.worthwhile is not None:
        look: dict[str, Any] = {"color": GREY, "linestyle": (0, (1, 1.5)), "gid": "worthwhile", "zorder": 1}
        drawn.line([scale.axis.worthwhile] * 2, [top, bottom], **look)
    return drawn


def _draw_effect(drawn: Sheet, effect: PooledEffect, status: Status, y: float, number: int) -> None:
    if effect.pi_low is not None and effect.pi_high is not None:
        interval(drawn, Span(effect.pi_low, effect.pi_high), y, f"cell-{number}-prediction", width=0.6, color=GREY)
    interval(drawn, Span(effect.low, effect.high), y, f"cell-{number}-interval", width=1.8, zorder=2.5)
    low, high = drawn.axes.get_xlim()
    if low <= effect.estimate <= high:
        _draw_mark(drawn, effect.estimate, y, status, f"cell-{number}")


def _draw_mark(sheet: Sheet, x: float, y: float, status: Status, gid: str = "") -> None:
    colour = DIFFER if status.differ else ALIKE
    look: dict[str, Any] = {"markerfacecolor": colour, "markeredgecolor": INK, "markeredgewidth": 0.6}
    sheet.mark(x, y, MARKERS[status.marker], 7.5, gid=gid or None, zorder=4, **look)
