"""The Baujat plot: each study's contribution to heterogeneity against its influence on the result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from synthesis.rendering.plots.baujat_data import BaujatData, BaujatPoint, baujat_text, checked, named
from synthesis.rendering.plots.canvas import drawing
from synthesis.rendering.plots.chart import Chart, scale, stage
from synthesis.rendering.plots.panels import figure_of
from synthesis.rendering.plots.point_names import PointNames, draw_names, point_names
from synthesis.rendering.plots.shades import COLOURS
from synthesis.rendering.plots.sheet import PAPER

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["BaujatData", "BaujatPoint", "baujat", "plot_baujat"]

SIZE = (380.0, 270.0)
X, Y = "Contribution to heterogeneity (squared Pearson residual)", "Influence on the result"
ROOM = 0.07  # beyond the largest values


def baujat(data: BaujatData) -> Figure:
    """A figure with the Baujat plot of `plot_baujat`, as large as its content."""
    return figure_of(plot_baujat(data))


def plot_baujat(data: BaujatData, *, ax: Axes | None = None) -> Axes:
    """Draw a Baujat plot.

    Parameters
    ----------
    data : BaujatData
        Studies with their contribution to Q and their influence.
    ax : Axes, optional
        Where to draw, scaled to fit; None: a new figure as large as its content.

    Returns
    -------
    Axes
        In points from its top left. Its one child has the contribution along x and the influence along y; studies
        are `point-1` and so on. Studies near the origin, which stand out in neither, have no name.

    Raises
    ------
    InvalidArgument
        If there is no study, or a number is below 0 or not finite.

    References
    ----------
    Baujat B, Mahe C, Pignon JP, Hill C (2002). A graphical method for exploring heterogeneity in meta-analyses:
    application to a meta-analysis of 65 trials. Statistics in Medicine 21(18), 2641-2652.
    """
    chart, names = _plan(checked(data))
    look: dict[str, Any] = {"markerfacecolor": COLOURS[0], "markeredgecolor": PAPER, "markeredgewidth": 0.5}
    with drawing():
        drawn = stage(chart, ax, data.title or "Baujat plot", baujat_text(data))
        for number, point in enumerate(data.points, 1):
            place = (point.heterogeneity, point.influence)
            drawn.plot.mark(*place, "o", 6.0, gid=f"point-{number}", **look)
        draw_names(drawn, names)
    return drawn.sheet.axes


def _plan(data: BaujatData) -> tuple[Chart, PointNames]:
    most = [max(one) or 1.0 for one in zip(*((p.heterogeneity, p.influence) for p in data.points), strict=True)]
    across = scale((-0.03 * most[0], (1 + ROOM) * most[0]), SIZE[0], X)
    up = scale((-0.03 * most[1], (1 + ROOM) * most[1]), SIZE[1], Y, upright=True)
    bare = Chart(data.title, across, up, SIZE, grid=True)
    spots = [bare.spot(point.heterogeneity, point.influence) for point in data.points]
    names = point_names(spots, named(data), SIZE)
    notes = (*names.notes, *data.footnotes)
    return Chart(data.title, across, up, SIZE, listed=names.listed, notes=notes, grid=True), names
