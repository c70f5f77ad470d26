"""The GOSH plot: the density of the pools of all subsets over estimate and I2, with subsets told apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from synthesis.rendering.plots.canvas import drawing
from synthesis.rendering.plots.chart import Chart, Key, Stage, area_key, line_key, mark_key, scale, stage, widened
from synthesis.rendering.plots.gosh_data import Array, Density, GoshData, checked, density, drawn, gosh_text
from synthesis.rendering.plots.label_places import Spot
from synthesis.rendering.plots.panels import Box, figure_of, panel
from synthesis.rendering.plots.readable import scale_name, shown
from synthesis.rendering.plots.sheet import GREY, INK, PAPER, Sheet

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["GoshData", "gosh", "plot_gosh"]

SIZE = (400.0, 260.0)
SIDE, GAP = 58.0, 6.0  # depth of the marginal histograms, and their distance
SHADES = ("#dfe5ec", "#b9c6d6", "#8fa3bb", "#62799a", "#34496b")  # from the fewest subsets to the most
ALL = "#d5dde7"  # ground of a marginal histogram
MARKED: Any = {"color": "#c2410c", "linewidth": 1.6}
OTHERS: Any = {"color": "#0b6e4f", "linewidth": 1.6, "linestyle": (0, (4, 2))}
WHOLE: Any = {"markerfacecolor": "#ffd23f", "markeredgecolor": INK, "markeredgewidth": 0.9, "zorder": 5}
INSIDE = 0.8  # share of subsets that an outline holds


def gosh(data: GoshData) -> Figure:
    """A figure with the GOSH plot of `plot_gosh`, as large as its content."""
    return figure_of(plot_gosh(data))


def plot_gosh(data: GoshData, *, ax: Axes | None = None) -> Axes:
    """Draw a GOSH plot.

    Parameters
    ----------
    data : GoshData
        Estimates (ratios as logs) and I2 of the subsets; marked subsets have outlines and histograms of their own.
    ax : Axes, optional
        Where to draw, scaled to fit; None: a new figure as large as its content.

    Returns
    -------
    Axes
        In points from its top left. Its children are the density (`cells`, the estimate along x and I2 along y, the
        darker the more subsets on a log scale) and the histograms above and at the right of it (`all`, `marked`,
        `others`). `marked-outline` and `others-outline` hold the densest cells with 80 % of their subsets, smoothed
        over neighbouring cells; `whole` is the pool of all studies.

    Raises
    ------
    InvalidArgument
        If there is no subset, or the arrays do not fit together.

    References
    ----------
    Olkin I, Dahabreh IJ, Trikalinos TA (2012). GOSH - a graphical display of study heterogeneity. Research Synthesis
    Methods 3(3), 214-223.
    """
    checked(data)
    ends = _ends(data)
    cells = density(data, ends)
    chart = _chart(data, ends, cells)
    with drawing():
        found = stage(chart, ax, data.title or "GOSH plot", gosh_text(data))
        _draw_cells(found.plot, cells)
        if data.marked is not None:
            for count, name, look in ((cells.marked, "marked", MARKED), (cells.count - cells.marked, "others", OTHERS)):
                _draw_outlines(found.plot, cells, count, f"{name}-outline", look)
        if data.whole is not None:
            found.plot.mark(*data.whole, "D", 7.0, gid="whole", **WHOLE)
        _draw_sides(found, data, cells)
    return found.sheet.axes


def _ends(data: GoshData) -> Spot:
    values = data.estimate[drawn(data)]
    found = [float(values.min()), float(values.max())]
    return widened(found if data.whole is None else [*found, data.whole[0]], 0.02)


def _chart(data: GoshData, ends: Spot, cells: Density) -> Chart:
    across = scale(ends, SIZE[0], scale_name(data.measure, ratio=data.ratio), ratio=data.ratio)
    up = scale((0.0, 100.0), SIZE[1], "I², %", upright=True)
    around: dict[str, Any] = {"above": SIDE + GAP, "right": SIDE + GAP + 8}
    return Chart(data.title, across, up, SIZE, tuple(_keys(data, cells)), notes=data.footnotes, **around)


def _thresholds(cells: Density) -> list[int]:
    """The least number of subsets of each shade: even steps on a log scale, each number once."""
    most = cells.count.max()
    steps = [int(np.ceil(most ** (place / len(SHADES)) + 1e-9)) for place in range(1, len(SHADES))]
    return sorted({1, *(step for step in steps if step <= most)})


def _keys(data: GoshData, cells: Density) -> Iterator[Key]:
    if data.marked is not None:
        for words, count, look in (
            (data.marked_label or "marked subsets", cells.marked.sum(), MARKED),
            (data.others_label or "other subsets", (cells.count - cells.marked).sum(), OTHERS),
        ):
            yield line_key(f"{words}: {count:,.0f} ({100 * INSIDE:g} % inside the outline)", starts=True, **look)
    if data.whole is not None:
        words = f"all studies: {shown(data.whole[0], ratio=data.ratio)}, I² {data.whole[1]:.0f} %"
        yield mark_key(words, "D", 7.0, starts=True, **WHOLE)
    steps = _thresholds(cells)
    for place, (least, colour) in enumerate(zip(steps, _shades(len(steps)), strict=True)):
        words = f"≥ {least:,}" if place else "Subsets in a cell: 1 or more" if len(steps) > 1 else "a subset"
        yield area_key(words, colour, starts=place == 0)


def _shades(count: int) -> Sequence[str]:
    """So many of the shades, from the palest to the darkest."""
    last = len(SHADES) - 1
    return [SHADES[round(place * last / max(1, count - 1))] for place in range(count)]


def _draw_cells(plot: Sheet, cells: Density) -> None:
    """A box for each cell with subsets, darker where there are more."""
    from matplotlib.collections import PolyCollection
    from matplotlib.colors import to_rgba

    at, up = np.nonzero(cells.count)
    left, right, low, high = cells.x[at], cells.x[at + 1], cells.y[up], cells.y[up + 1]
    corners = np.stack([np.stack([left, right, right, left], 1), np.stack([low, low, high, high], 1)], 2)
    steps = _thresholds(cells)
    shades = [to_rgba(shade) for shade in _shades(len(steps))]
    colours = [shades[place] for place in np.searchsorted(steps, cells.count[at, up], side="right") - 1]
    look: dict[str, Any] = {"facecolors": colours, "edgecolors": "none", "antialiaseds": False, "gid": "cells"}
    made = PolyCollection(list(corners), transform=plot.transform, zorder=0.6, **look)
    plot.axes.add_collection(made, autolim=False)


def _draw_outlines(plot: Sheet, cells: Density, count: Array, gid: str, look: dict[str, Any]) -> None:
    """Lines around the densest cells that hold most of the subsets."""
    if not count.any():
        return
    smooth = _smoothed(np.pad(count, 1))
    values = np.sort(smooth[smooth > 0])[::-1]
    level = float(values[np.searchsorted(np.cumsum(values), INSIDE * values.sum() * (1 - 1e-12))])
    middles = [_middles(edges) for edges in (cells.x, cells.y)]
    made = plot.axes.contour(*middles, smooth.T, levels=[0.999 * level])
    made.remove()  # its lines are drawn by ours, which are named
    for line in made.allsegs[0]:
        places = np.asarray(line)
        inside = np.column_stack([np.clip(places[:, 0], *cells.x[[0, -1]]), np.clip(places[:, 1], 0.0, 100.0)])
        plot.line(inside[:, 0].tolist(), inside[:, 1].tolist(), color=PAPER, linewidth=3.2, zorder=1.9)
        plot.line(inside[:, 0].tolist(), inside[:, 1].tolist(), gid=gid, zorder=2, **look)


def _smoothed(count: Array) -> Array:
    """Each cell as a mean of itself and its neighbours, weighted 1-2-1 in both directions."""
    for axis in (0, 1):
        edge = np.pad(count, [(1, 1) if one == axis else (0, 0) for one in (0, 1)])
        parts = [np.take(edge, range(start, start + count.shape[axis]), axis=axis) for start in (0, 1, 2)]
        count = (parts[0] + 2 * parts[1] + parts[2]) / 4
    return count


def _middles(edges: Array) -> Array:
    """The middles of cells and of one more on each side."""
    step = edges[1] - edges[0]
    return np.concatenate([[edges[0] - step / 2], (edges[:-1] + edges[1:]) / 2, [edges[-1] + step / 2]])


def _draw_sides(found: Stage, data: GoshData, cells: Density) -> None:
    """The histograms of the estimates, above, and of I2, at the right."""
    left, top, width, height = found.place
    _draw_side(found.sheet, data, cells, (left, top - GAP - SIDE, width, SIDE), upright=False)
    _draw_side(found.sheet, data, cells, (left + width + GAP, top, SIDE, height), upright=True)


def _draw_side(sheet: Sheet, data: GoshData, cells: Density, place: Box, *, upright: bool) -> None:
    axis, edges = (0, cells.y) if upright else (1, cells.x)
    total = cells.count.sum(axis=axis)
    limits = ((edges[0], edges[-1]), (0.0, 1.04 * total.max()))
    plot = panel(sheet, place, *(limits[::-1] if upright else limits))
    across, counts = _steps(edges, total)
    corners = [(b, a) if upright else (a, b) for a, b in zip(across, counts, strict=True)]
    plot.shape(corners, facecolor=ALL, edgecolor=GREY, linewidth=0.5, zorder=0.5, gid="all")
    if data.marked is None:
        return
    marked = cells.marked.sum(axis=axis)
    for values, name, look in ((marked, "marked", MARKED), (total - marked, "others", OTHERS)):
        across, counts = _steps(edges, values)
        ends = (counts, across) if upright else (across, counts)
        plot.line(*ends, gid=name, zorder=1, **{**look, "linewidth": 1.1})


def _steps(edges: Array, values: Array) -> tuple[list[float], list[float]]:
    """The outline of a histogram, from and to 0."""
    across = np.repeat(edges, 2).tolist()
    return across, [0.0, *np.repeat(values, 2).tolist(), 0.0]
