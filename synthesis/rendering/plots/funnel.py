"""The funnel plot: effects against their standard errors, with contours of significance."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import ndtri

from synthesis.rendering.plots.axis import Span, limits
from synthesis.rendering.plots.canvas import drawing
from synthesis.rendering.plots.chart import DASHES, Chart, Key, area_key, line_key, mark_key, scale, stage
from synthesis.rendering.plots.funnel_data import (
    FunnelData,
    FunnelLine,
    FunnelPoint,
    FunnelTrend,
    checked,
    funnel_text,
    groups,
)
from synthesis.rendering.plots.label_places import Spot
from synthesis.rendering.plots.panels import box, figure_of
from synthesis.rendering.plots.point_names import PointNames, draw_names, names_of, note_of, point_names
from synthesis.rendering.plots.readable import scale_name, shown
from synthesis.rendering.plots.shades import COLOURS, MARKERS
from synthesis.rendering.plots.sheet import GREY, INK, PAPER, Sheet

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["FunnelData", "FunnelLine", "FunnelPoint", "FunnelTrend", "funnel", "plot_funnel"]

SIZE = (400.0, 300.0)
SHADES = ("#eceff4", "#dae1e9", "#c5cfda")  # the more significant, the darker
REGION: Any = {"color": INK, "linewidth": 0.7, "linestyle": (0, (2, 1.5))}
TREND = "#7a3b8f"
HOLLOW: Any = {"markerfacecolor": PAPER, "markeredgecolor": INK, "markeredgewidth": 1.0, "zorder": 3.1}
STEPS = 60  # of a curve


def funnel(data: FunnelData) -> Figure:
    """A figure with the funnel plot of `plot_funnel`, as large as its content."""
    return figure_of(plot_funnel(data))


def plot_funnel(data: FunnelData, *, ax: Axes | None = None) -> Axes:
    """Draw a funnel plot.

    Parameters
    ----------
    data : FunnelData
        Studies with their effects (ratios as logs) and standard errors, and what they are compared to.
    ax : Axes, optional
        Where to draw, scaled to fit; None: a new figure as large as its content.

    Returns
    -------
    Axes
        In points from its top left. Its one child has the effect along x and the standard error along y, 0 on top.
        Studies are `point-1` and so on, those that trim-and-fill adds `filled-1`; lines of reference `line-1`, trends
        `trend-1`, the sides of the region `region-low` and `region-high`; areas between contours `contour-1`, the
        least significant first.

    Raises
    ------
    InvalidArgument
        If there is no study, or a number is out of its range.

    References
    ----------
    Peters JL, Sutton AJ, Jones DR, Abrams KR, Rushton L (2008). Contour-enhanced meta-analysis funnel plots help
    distinguish publication bias from other causes of asymmetry. Journal of Clinical Epidemiology 61(10), 991-996.
    """
    chart, names = _plan(checked(data))
    with drawing():
        drawn = stage(chart, ax, data.title or "Funnel plot", funnel_text(data))
        plot = drawn.plot
        _draw_contours(plot, data, chart)
        _draw_lines(plot, data, chart)
        kinds = groups(data)
        for number, point in enumerate(data.points, 1):
            kind = kinds.index(point.group)
            plot.mark(point.estimate, point.se, *MARKERS[kind], gid=f"point-{number}", **_look(kind))
        for number, place in enumerate(data.filled, 1):
            plot.mark(*place, "o", 6.0, gid=f"filled-{number}", **HOLLOW)
        draw_names(drawn, names)
    return drawn.sheet.axes


def _plan(data: FunnelData) -> tuple[Chart, PointNames]:
    se = [point.se for point in data.points] + [one for _, one in data.filled]
    deepest = 1.06 * max(se)
    across = scale(_ends(data, deepest), SIZE[0], _name(data), ratio=data.ratio)
    down = scale((deepest, 0.0), SIZE[1], "Standard error", upright=True)
    bare = Chart(data.title, across, down, SIZE)
    spots = [bare.spot(point.estimate, point.se) for point in data.points]
    dots = [bare.spot(*place) for place in _dots(data, deepest)]
    hollow = [bare.spot(*place) for place in data.filled]
    taken = [(x - 3.5, y - 3.5, x + 3.5, y + 3.5) for x, y in hollow]
    labels = names_of([point.label for point in data.points], outside=_outside(data))
    names = point_names(spots, labels, SIZE, taken=taken, dots=dots)
    keys = tuple(_keys(data))
    where = "outside the dotted lines"
    told = note_of([point.label for point in data.points], where) if _reach(data) else ()
    notes = (*names.notes, *told, *data.footnotes)
    chart = Chart(data.title, across, down, SIZE, keys, data.favours, names.listed, notes)
    return chart, names


def _name(data: FunnelData) -> str:
    return scale_name(data.measure, ratio=data.ratio)


def _ends(data: FunnelData, deepest: float) -> Spot:
    """Ends that hold the null, the studies, the lines, and the region about the first line."""
    found = [point.estimate for point in data.points] + [estimate for estimate, _ in data.filled]
    found += [line.estimate for line in data.lines] + [trend.start for trend in data.trends]
    for side in (-1, 1):
        reach = _reach(data)
        if reach is not None:
            found.append(data.lines[0].estimate + side * reach * deepest)
    return limits([Span(one, one, one) for one in found], [])


def _reach(data: FunnelData) -> float | None:
    """How many standard errors the sides of the region are from the first line; None without either."""
    if data.region is None or not data.lines:
        return None
    return float(ndtri(0.5 + data.region / 2))


def _outside(data: FunnelData) -> list[bool]:
    """Whether each study lies outside the region; without a region all do."""
    reach = _reach(data)
    if reach is None:
        return [True] * len(data.points)
    return [abs(point.estimate - data.lines[0].estimate) > reach * point.se for point in data.points]


def _dots(data: FunnelData, deepest: float) -> Iterator[Spot]:
    """Dots along the lines, which names had better not cross."""
    reach = _reach(data) or 0.0
    for se in np.linspace(0.0, deepest, STEPS).tolist():
        yield from ((line.estimate, se) for line in data.lines)
        yield from ((trend.start + trend.slope * se**trend.power, se) for trend in data.trends)
        if reach:
            yield from ((data.lines[0].estimate + side * reach * se, se) for side in (-1, 1))


def _draw_contours(plot: Sheet, data: FunnelData, chart: Chart) -> None:
    """Areas of significance about the null, each over the next more significant one."""
    (left, right), (deepest, _) = chart.x.ends, chart.y.ends
    if data.contours:
        ground = (left, 0.0, right - left, deepest)
        box(plot, ground, facecolor=SHADES[len(data.contours) - 1], zorder=0.1)
    contours = sorted(data.contours)
    for place, p in enumerate(contours):
        reach = -float(ndtri(p / 2)) * deepest
        number = len(contours) - place
        colour = PAPER if number == 1 else SHADES[number - 2]
        look: dict[str, Any] = {"facecolor": colour, "edgecolor": GREY, "linewidth": 0.4, "clip_on": True}
        plot.shape(
            [(0.0, 0.0), (-reach, deepest), (reach, deepest)], gid=f"contour-{number}", zorder=0.2 + place / 10, **look
        )
    if left <= 0 <= right:
        plot.line([0.0, 0.0], [0.0, deepest], color=GREY, linewidth=0.8, zorder=0.9, gid="null")


def _draw_lines(plot: Sheet, data: FunnelData, chart: Chart) -> None:
    deepest = chart.y.ends[0]
    for number, line in enumerate(data.lines, 1):
        look: dict[str, Any] = {"linestyle": DASHES[number - 1], "linewidth": 1.2, "zorder": 1}
        plot.line([line.estimate] * 2, [0.0, deepest], gid=f"line-{number}", **look)
    reach = _reach(data)
    if reach is not None:
        middle = data.lines[0].estimate
        for side, name in ((-1, "low"), (1, "high")):
            ends = [middle, middle + side * reach * deepest]
            plot.line(ends, [0.0, deepest], gid=f"region-{name}", clip_on=True, zorder=1, **REGION)
    for number, trend in enumerate(data.trends, 1):
        se = np.linspace(0.0, deepest, STEPS)
        x = trend.start + trend.slope * se**trend.power
        look = {"linestyle": DASHES[number], "color": TREND, "linewidth": 1.4, "clip_on": True, "zorder": 1}
        plot.line(x.tolist(), se.tolist(), gid=f"trend-{number}", **look)


def _look(kind: int) -> dict[str, Any]:
    return {"markerfacecolor": COLOURS[kind], "markeredgecolor": PAPER, "markeredgewidth": 0.5, "zorder": 3}


def _keys(data: FunnelData) -> Iterator[Key]:
    """The legend: groups, added studies, lines, the region, contours."""
    kinds = groups(data)
    if len(kinds) > 1:
        for kind, group in enumerate(kinds):
            yield mark_key(group or "not stated", *MARKERS[kind], **_look(kind))
    if data.filled:
        yield mark_key(data.filled_label, "o", 6.0, **HOLLOW)
    for number, line in enumerate(data.lines):
        yield line_key(
            f"{line.label}: {shown(line.estimate, ratio=data.ratio)}", linestyle=DASHES[number], linewidth=1.2
        )
    if _reach(data) is not None:
        yield line_key(f"{100 * (data.region or 0):g} % of studies without heterogeneity or bias", **REGION)
    for number, trend in enumerate(data.trends, 1):
        yield line_key(trend.label, linestyle=DASHES[number], color=TREND, linewidth=1.4)
    yield from _contour_keys(sorted(data.contours, reverse=True))


def _contour_keys(contours: Sequence[float]) -> Iterator[Key]:
    """The areas, the least significant first."""
    if not contours:
        return
    signs = [f"{p:g}" for p in contours]
    words = [f"p ≥ {signs[0]}", *(f"p {b} to {a}" for a, b in itertools.pairwise(signs)), f"p < {signs[-1]}"]
    for place, (text, colour) in enumerate(zip(words, (PAPER, *SHADES), strict=False)):
        yield area_key(text, colour, starts=place == 0)
