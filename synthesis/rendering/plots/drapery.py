"""The drapery plot: p-value functions of every study and of the pools."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import ndtri

from synthesis.rendering.plots.axis import Span, limits
from synthesis.rendering.plots.canvas import drawing
from synthesis.rendering.plots.chart import TINY, Chart, Key, Stage, area_key, line_key, scale, stage
from synthesis.rendering.plots.drapery_data import Array, DraperyCurve, DraperyData, checked, drapery_text, p_values
from synthesis.rendering.plots.fonts import wrap
from synthesis.rendering.plots.label_places import Spot
from synthesis.rendering.plots.panels import figure_of
from synthesis.rendering.plots.placed import HALF_CAPITAL, SIZE, SMALL, block
from synthesis.rendering.plots.readable import scale_name, shown
from synthesis.rendering.plots.shades import COLOURS
from synthesis.rendering.plots.sheet import GREY, INK, depth, widest

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["DraperyCurve", "DraperyData", "drapery", "plot_drapery"]

AREA = (420.0, 280.0)
STEPS = 240  # of a curve, besides its peak
NAME_WIDTH, LEADER, AIR = 110.0, 16.0, 3.0
STUDY: Any = {"color": "#7d8894", "linewidth": 0.8}
POOLS = (INK, COLOURS[0], COLOURS[1])
DASHES: tuple[str | tuple[int, tuple[float, ...]], ...] = ("solid", (0, (2.6, 1.2)), (0, (1, 1)))
PREDICTION = "#dfe7f1"
CONFIDENCE = "Confidence level"


def drapery(data: DraperyData) -> Figure:
    """A figure with the drapery plot of `plot_drapery`, as large as its content."""
    return figure_of(plot_drapery(data))


def plot_drapery(data: DraperyData, *, ax: Axes | None = None) -> Axes:
    """Draw a drapery plot.

    Parameters
    ----------
    data : DraperyData
        Studies and pools with effects (ratios as logs), standard errors and, for t-tests, degrees of freedom.
    ax : Axes, optional
        Where to draw, scaled to fit; None: a new figure as large as its content.

    Returns
    -------
    Axes
        In points from its top left. Its one child has the effect along x and the two-sided p-value along y. Curves are
        `study-1` and so on, `pool-1`, and `prediction`; an interval is what a curve spans at the p-value of `level`.
        Names stand over the peaks, where all have room.

    Raises
    ------
    InvalidArgument
        If there is no study, or a number is out of its range.

    References
    ----------
    Rucker G, Schwarzer G (2021). Beyond the forest plot: the drapery plot. Research Synthesis Methods 12(1), 13-19.
    """
    chart, names = _plan(checked(data))
    with drawing():
        drawn = stage(chart, ax, data.title or "Drapery plot", drapery_text(data))
        _draw_prediction(drawn, data, chart)
        _draw_levels(drawn, data, chart)
        for number, curve in enumerate(data.studies, 1):
            x = _effects(curve, chart)
            drawn.plot.line(
                x.tolist(), p_values(curve, x).tolist(), zorder=1, gid=f"study-{number}", clip_on=True, **STUDY
            )
        for number, curve in enumerate(data.pools, 1):
            x = _effects(curve, chart)
            look: dict[str, Any] = {"color": POOLS[number - 1], "linestyle": DASHES[number - 1], "linewidth": 2.0}
            drawn.plot.line(
                x.tolist(), p_values(curve, x).tolist(), zorder=2, gid=f"pool-{number}", clip_on=True, **look
            )
        _draw_names(drawn, data, chart, names)
    return drawn.sheet.axes


def _plan(data: DraperyData) -> tuple[Chart, list[tuple[str, ...]]]:
    across = scale(_ends(data), AREA[0], _measure(data), ratio=data.ratio)
    up = scale((0.0, 1.0), AREA[1], "Two-sided p-value", upright=True)
    names = [wrap(curve.label, NAME_WIDTH, TINY) for curve in data.studies]
    pitches = [depth(name, TINY) + AIR for name in names]
    if sum(pitches) > AREA[0] or not any(curve.label.strip() for curve in data.studies):
        names = []
    above = max((widest(name, TINY) for name in names), default=0.0) + (LEADER if names else 0.0)
    right = 8 + widest(["100 %"], SMALL) + 6 + depth([CONFIDENCE], SIZE)
    notes = (*_notes(data, named=bool(names)), *data.footnotes)
    return Chart(data.title, across, up, AREA, _keys(data), data.favours, (), notes, above=above, right=right), names


def _notes(data: DraperyData, *, named: bool) -> tuple[str, ...]:
    if named or not any(curve.label.strip() for curve in data.studies):
        return ()
    return (f"{len(data.studies)} studies: too many for their names.",)


def _measure(data: DraperyData) -> str:
    return scale_name(data.measure, ratio=data.ratio)


def _ends(data: DraperyData) -> Spot:
    """Ends that hold the null, all peaks, and intervals as far as they leave the rest readable."""
    reach = float(ndtri(0.5 + data.level / 2))

    def spans(curves: Sequence[DraperyCurve]) -> list[Span]:
        return [Span(one.estimate - reach * one.se, one.estimate + reach * one.se, one.estimate) for one in curves]

    return limits(spans(data.studies), spans(data.pools))


def _effects(curve: DraperyCurve, chart: Chart) -> Array:
    """Hypotheses along the axis: even steps, denser about the peak, and the peak itself."""
    low, high = chart.x.ends
    near = curve.estimate + curve.se * np.linspace(-4, 4, STEPS + 1)
    return np.unique(np.concatenate([np.linspace(low, high, STEPS), near[(near >= low) & (near <= high)]]))


def _draw_prediction(drawn: Stage, data: DraperyData, chart: Chart) -> None:
    """The ground under the p-value function of the effect of a new study."""
    if data.prediction is None:
        return
    x = _effects(data.prediction, chart)
    p = p_values(data.prediction, x)
    corners = [(float(x[0]), 0.0), *zip(x.tolist(), p.tolist(), strict=True), (float(x[-1]), 0.0)]
    drawn.plot.shape(corners, facecolor=PREDICTION, zorder=0.2, gid="prediction")


def _draw_levels(drawn: Stage, data: DraperyData, chart: Chart) -> None:
    """The null, the p-value where intervals are read off, and confidence levels at the right."""
    low, high = chart.x.ends
    drawn.plot.line([0.0, 0.0], [0.0, 1.0], color=GREY, linewidth=0.8, zorder=0.8, gid="null")
    look: dict[str, Any] = {"color": GREY, "linewidth": 0.8, "linestyle": (0, (2, 1.5)), "zorder": 0.8}
    drawn.plot.line([low, high], [1 - data.level] * 2, gid="level", **look)
    left, top, width, height = drawn.place
    for share in (*(p for p in (0.0, 0.5) if abs(p - data.level) > 0.08), data.level):
        y = top + share * height
        drawn.sheet.line([left + width, left + width + 3.5], [y, y])
        drawn.sheet.write(f"{100 * share:.3g} %", left + width + 6, y + HALF_CAPITAL * SMALL, SMALL)
    x = left + width + 8 + widest(["100 %"], SMALL) + SIZE + 2
    drawn.sheet.write(CONFIDENCE, x, top + height / 2, SIZE, align="center", angle=90)


def _draw_names(drawn: Stage, data: DraperyData, chart: Chart, names: Sequence[tuple[str, ...]]) -> None:
    """Names over the peaks, turned upright, each with a leader to its peak."""
    if not names:
        return
    left, top, width, _ = drawn.place
    peaks = [chart.x.share(curve.estimate) * width for curve in data.studies]
    middles = _apart(peaks, [depth(name, TINY) + AIR for name in names], width)
    for peak, middle, name in zip(peaks, middles, names, strict=True):
        x, y = (
            [left + peak, left + peak, left + middle, left + middle],
            [top - 1, top - 4, top - LEADER + 4, top - LEADER + 1],
        )
        drawn.sheet.line(x, y, color=GREY, linewidth=0.5)
        start = left + middle - depth(name, TINY) / 2
        for line in block(name, 0.0, start, TINY)[0]:
            drawn.sheet.write(line.text, line.y, top - LEADER, TINY, angle=90)


def _apart(places: Sequence[float], widths: Sequence[float], room: float) -> list[float]:
    """Middles of things so wide, near their places, in their order, none over another and all inside the room."""
    order = sorted(range(len(places)), key=lambda place: places[place])
    starts: list[float] = []
    end = 0.0
    for place in order:
        starts.append(max(end, places[place] - widths[place] / 2))
        end = starts[-1] + widths[place]
    end = room
    for rank in range(len(order) - 1, -1, -1):
        wide = widths[order[rank]]
        wanted = max(places[order[rank]] - wide / 2, sum(widths[one] for one in order[:rank]))
        starts[rank] = min(end - wide, max(wanted, (starts[rank] + wanted) / 2))
        end = starts[rank]
    found = [0.0] * len(places)
    for rank, place in enumerate(order):
        found[place] = starts[rank] + widths[place] / 2
    return found


def _keys(data: DraperyData) -> tuple[Key, ...]:
    keys = [line_key("studies", **STUDY)]
    for number, curve in enumerate(data.pools):
        words = f"{curve.label}: {shown(curve.estimate, ratio=data.ratio)}"
        keys.append(line_key(words, color=POOLS[number], linestyle=DASHES[number], linewidth=2.0))
    if data.prediction is not None:
        keys.append(area_key("effect of a new study", PREDICTION))
    keys.append(line_key(f"{100 * data.level:g} % intervals", color=GREY, linewidth=0.8, linestyle=(0, (2, 1.5))))
    return tuple(keys)
