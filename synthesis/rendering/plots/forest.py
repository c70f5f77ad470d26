"""The forest plot: each study's effect, its interval and weight, and what they amount to."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from synthesis.rendering.plots.axis import Span
from synthesis.rendering.plots.canvas import describe, drawing, render
from synthesis.rendering.plots.fonts import properties
from synthesis.rendering.plots.forest_data import ForestData, ForestRow, ForestSummary, checked
from synthesis.rendering.plots.forest_layout import PLOT_WIDTH, Layout, layout
from synthesis.rendering.plots.forest_numbers import description
from synthesis.rendering.plots.placed import MARGIN, Placed

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.transforms import Transform

__all__ = ["ForestData", "ForestRow", "ForestSummary", "forest", "render"]

LARGEST, LEAST, UNWEIGHTED = 10.0, 2.25, 5.0  # sides of boxes in points; 2.25 points are 3 pixels of a browser
HALF_DIAMOND = 5.0
INK, STUDY, PREDICTION, GREY = "#1a1a1a", "#3a6ea5", "#b0392e", "#595959"


@dataclass(frozen=True, slots=True)
class Stage:
    """The axes that marks are drawn on: x on the scale of the effects, y the points of the layout."""

    axes: Axes
    transform: Transform
    low: float
    high: float

    def line(self, x: Sequence[float], y: Sequence[float], **look: Any) -> None:
        """A line through points of the axes; its ends are cut square."""
        from matplotlib.lines import Line2D

        look = {"solid_capstyle": "butt", "clip_on": False, "color": INK, **look}
        self.axes.add_artist(Line2D(x, y, transform=self.transform, **look))


def forest(data: ForestData) -> Figure:
    """A forest plot.

    Parameters
    ----------
    data : ForestData
        Studies, pooled estimates and words; for ratios all numbers are logs.

    Returns
    -------
    Figure
        As large as its content. Its one Axes has the effect (for ratios its log) along x and, along y, points
        from the top of the canvas. The area of a box is proportional to the weight, down to a visible minimum;
        a diamond's ends are the bounds of its interval; an arrowhead says that an interval goes on.

    Raises
    ------
    InvalidArgument
        If there is nothing to draw, or numbers or columns do not fit together.
    """
    from matplotlib.figure import Figure

    plan = layout(checked(data))
    with drawing():
        figure = Figure(figsize=(math.ceil(plan.width) / 72, math.ceil(plan.height) / 72), dpi=72)
        describe(figure, data.title or f"Forest plot, {data.measure}", description(data))
        stage = _stage(figure, plan)
        _draw_frame(stage, data, plan)
        for place, (row, y) in enumerate(zip(data.rows, plan.middles, strict=False)):
            _draw_study(stage, row, y, _side(data, row), f"study-{place + 1}")
        for place, (line, y) in enumerate(zip(data.summaries, plan.middles[len(data.rows) :], strict=False)):
            _draw_summary(stage, line, y, f"summary-{place + 1}")
        if data.prediction is not None:
            _draw_interval(stage, Span(*data.prediction), plan.middles[-1], "prediction", colour=PREDICTION, width=3.2)
        for text in plan.texts:
            _write(figure, text)
    return figure


def _stage(figure: Figure, plan: Layout) -> Stage:
    from synthesis.rendering.plots.grid import Grid

    width, height = figure.get_size_inches() * 72
    left, right, top, bottom = plan.plot
    axes = figure.add_axes((left / width, 1 - bottom / height, (right - left) / width, (bottom - top) / height))
    axes.set(xlim=plan.limits, ylim=(bottom, top), autoscale_on=False)
    axes.set_axis_off()
    return Stage(axes, axes.transData + Grid(), *plan.limits)


def _draw_frame(stage: Stage, data: ForestData, plan: Layout) -> None:
    """Rules of the table, the axis with its ticks, the line of no effect and that of the first pool."""
    left, right, top, bottom = plan.plot
    unit = (stage.high - stage.low) / PLOT_WIDTH  # one point, on the scale of the effects
    start, end = stage.low - (left - MARGIN) * unit, stage.high + (plan.width - MARGIN - right) * unit
    stage.line([start, end], [plan.rules[0]] * 2, linewidth=0.9)
    for rule in plan.rules[1:]:
        stage.line([start, stage.low - 12 * unit], [rule] * 2, linewidth=0.5, color=GREY)
    stage.line([stage.low, stage.high], [bottom] * 2, linewidth=0.8)
    for tick in plan.ticks:
        stage.line([tick.value] * 2, [bottom, bottom + 3.5], linewidth=0.8)
    stage.line([0.0, 0.0], [top, bottom], linewidth=0.8, color=GREY, gid="null", zorder=1)
    pooled = [line.estimate for line in data.summaries if line.diamond and stage.low <= line.estimate <= stage.high]
    if pooled:
        look = {"linewidth": 0.8, "linestyle": (0, (4, 3)), "color": GREY, "gid": "pooled", "zorder": 1}
        stage.line(pooled[:1] * 2, [top + 3, bottom], **look)


def _side(data: ForestData, row: ForestRow) -> float:
    """The side of a study's box in points: its square is proportional to the weight."""
    largest = max((other.weight or 0.0 for other in data.rows), default=0.0)
    if not largest:
        return UNWEIGHTED
    return max(LEAST, LARGEST * math.sqrt((row.weight or 0.0) / largest))


def _draw_study(stage: Stage, row: ForestRow, y: float, side: float, gid: str) -> None:
    if row.estimate is None or row.low is None or row.high is None:
        return
    half = side / 2 * (stage.high - stage.low) / PLOT_WIDTH
    inside = row.estimate - row.low < half and row.high - row.estimate < half
    if not inside:
        _draw_interval(stage, Span(row.low, row.high), y, f"{gid}-interval")
    if stage.low <= row.estimate <= stage.high:
        _draw_box(stage, row.estimate, y, side, gid)
        if inside:
            stage.line([row.low, row.high], [y, y], linewidth=0.8, color="white", zorder=4)
            tall = min(0.3 * side, 2.0)
            look = {"linewidth": 0.8, "color": "white", "zorder": 4, "gid": f"{gid}-tick"}
            stage.line([row.estimate] * 2, [y - tall, y + tall], **look)


def _draw_box(stage: Stage, x: float, y: float, side: float, gid: str) -> None:
    from matplotlib.collections import RegularPolyCollection

    box = RegularPolyCollection(
        4,
        rotation=math.pi / 4,
        sizes=(round(side * side * math.pi / 2, 3),),
        offsets=[(x, y)],
        offset_transform=stage.transform,
        facecolors=STUDY,
        linewidths=0,
        clip_on=False,
        zorder=3,
        gid=gid,
    )
    stage.axes.add_artist(box)


def _draw_interval(stage: Stage, span: Span, y: float, gid: str, *, colour: str = INK, width: float = 1.1) -> None:
    """An interval as a line, an arrowhead where it leaves the axis."""
    from matplotlib.markers import CARETLEFT, CARETRIGHT

    low, high = max(span.low, stage.low), min(span.high, stage.high)
    if low <= high:
        stage.line([low, high], [y, y], color=colour, linewidth=width, gid=gid, zorder=2)
    for beyond, end, marker in (
        (span.low < stage.low, stage.low, CARETLEFT),
        (span.high > stage.high, stage.high, CARETRIGHT),
    ):
        if beyond:
            look = {"marker": marker, "markersize": 5 + width / 2, "markeredgewidth": 0, "gid": f"{gid}-arrow"}
            stage.line([end], [y], color=colour, linestyle="none", zorder=2, **look)


def _draw_summary(stage: Stage, line: ForestSummary, y: float, gid: str) -> None:
    from matplotlib.patches import Polygon
    from matplotlib.path import Path

    if not line.diamond:
        _draw_interval(stage, Span(line.low, line.high), y, f"{gid}-interval", width=1.6)
        if stage.low <= line.estimate <= stage.high:
            _draw_box(stage, line.estimate, y, 6.0, gid)
        return
    corners = [(line.low, y), (line.estimate, y - HALF_DIAMOND), (line.high, y), (line.estimate, y + HALF_DIAMOND)]
    diamond = Polygon(corners, facecolor=INK, linewidth=0, transform=stage.transform, zorder=3, gid=gid)
    frame = [(stage.low, y - 9), (stage.high, y - 9), (stage.high, y + 9), (stage.low, y + 9), (stage.low, y - 9)]
    diamond.set_clip_path(Path(frame), stage.transform)
    stage.axes.add_artist(diamond)
    if line.low < stage.low or line.high > stage.high:
        _draw_interval(stage, Span(line.low, line.high), y, f"{gid}-interval")
    elif line.high - line.low < 2 * (stage.high - stage.low) / PLOT_WIDTH:
        stage.line([line.estimate] * 2, [y - HALF_DIAMOND, y + HALF_DIAMOND], linewidth=0.8, zorder=3)


def _write(figure: Figure, text: Placed) -> None:
    height = figure.get_size_inches()[1]
    figure.text(
        text.x / 72,
        height - text.y / 72,
        text.text,
        transform=figure.dpi_scale_trans,
        fontproperties=properties(text.size, bold=text.bold),
        color=GREY if text.grey else INK,
        horizontalalignment=text.align,
        verticalalignment="baseline",
        parse_math=False,
    )
