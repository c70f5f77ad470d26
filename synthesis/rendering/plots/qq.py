"""The normal quantile plot of standardised residuals, with an envelope."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from synthesis.rendering.plots.canvas import drawing
from synthesis.rendering.plots.chart import Chart, area_key, line_key, mark_key, scale, stage, widened
from synthesis.rendering.plots.label_places import Spot
from synthesis.rendering.plots.panels import figure_of
from synthesis.rendering.plots.point_names import PointNames, draw_names, point_names
from synthesis.rendering.plots.qq_data import QQData, QQPoint, checked, envelope, ordered, outside, qq_text, quantiles
from synthesis.rendering.plots.shades import COLOURS
from synthesis.rendering.plots.sheet import GREY, INK, PAPER

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["QQData", "QQPoint", "plot_qq", "qq"]

SIZE = (320.0, 300.0)
ENVELOPE = "#e3e9f0"
WITHIN: Any = {"markerfacecolor": COLOURS[0], "markeredgecolor": PAPER, "markeredgewidth": 0.5}
BEYOND: Any = {"markerfacecolor": COLOURS[1], "markeredgecolor": INK, "markeredgewidth": 0.6}


def qq(data: QQData) -> Figure:
    """A figure with the normal quantile plot of `plot_qq`, as large as its content."""
    return figure_of(plot_qq(data))


def plot_qq(data: QQData, *, ax: Axes | None = None) -> Axes:
    """Draw a normal quantile plot of residuals.

    Parameters
    ----------
    data : QQData
        Standardised residuals of the studies, in any order.
    ax : Axes, optional
        Where to draw, scaled to fit; None: a new figure as large as its content.

    Returns
    -------
    Axes
        In points from its top left. Its one child has the expected normal quantile along x and the residual along y;
        studies are `point-1` and so on in the order of the data. Those outside the envelope (`envelope`) are diamonds
        and have names.

    Raises
    ------
    InvalidArgument
        If there is no study, or a number is out of its range.

    References
    ----------
    Wang MC, Bushman BJ (1998). Using the normal quantile plot to explore meta-analytic data sets. Psychological
    Methods 3(1), 46-54.
    """
    chart, names, places = _plan(checked(data))
    beyond = outside(data)
    low, high = envelope(data)
    x = quantiles(len(data.points))
    with drawing():
        drawn = stage(chart, ax, data.title or "Normal quantile plot", qq_text(data))
        corners = [*zip(x, low, strict=True), *zip(x[::-1], high[::-1], strict=True)]
        look: dict[str, Any] = {"facecolor": ENVELOPE, "edgecolor": GREY, "linewidth": 0.5, "clip_on": True}
        drawn.plot.shape([(float(a), float(b)) for a, b in corners], zorder=0.3, gid="envelope", **look)
        ends = [max(chart.x.ends[0], chart.y.ends[0]), min(chart.x.ends[1], chart.y.ends[1])]
        drawn.plot.line(ends, ends, linewidth=0.9, zorder=1, gid="expected")
        for place, spot in enumerate(places):
            marker: tuple[str, float, Any] = ("D", 5.6, BEYOND) if place in beyond else ("o", 5.6, WITHIN)
            drawn.plot.mark(*spot, *marker[:2], gid=f"point-{place + 1}", **marker[2])
        draw_names(drawn, names)
    return drawn.sheet.axes


def _plan(data: QQData) -> tuple[Chart, PointNames, list[Spot]]:
    x, order = quantiles(len(data.points)), ordered(data)
    places = [(0.0, 0.0)] * len(order)
    for rank, place in enumerate(order):
        places[place] = (float(x[rank]), data.points[place].residual)
    low, high = envelope(data)
    reach = max(1.0, float(np.abs(x).max()))
    across = scale(widened((-reach, reach), 0.07), SIZE[0], "Quantile of the standard normal distribution")
    up = scale(
        widened([y for _, y in places] + [float(low.min()), float(high.max())]), SIZE[1], data.residuals, upright=True
    )
    beyond = outside(data)
    labels = [point.label if place in beyond else "" for place, point in enumerate(data.points)]
    bare = Chart(data.title, across, up, SIZE)
    names = point_names([bare.spot(*place) for place in places], labels, SIZE)
    kind = "of all points at once" if data.simultaneous else "of each point"
    keys = [
        line_key("as expected of normal residuals", linewidth=0.9),
        area_key(f"{100 * data.level:g} % envelope, {kind}", ENVELOPE),
        mark_key("inside", "o", 5.6, starts=True, **WITHIN),
        mark_key("outside, with its name", "D", 5.6, **BEYOND),
    ]
    notes = (*names.notes, *data.footnotes)
    chart = Chart(data.title, across, up, SIZE, tuple(keys if beyond else keys[:2]), listed=names.listed, notes=notes)
    return chart, names, places
