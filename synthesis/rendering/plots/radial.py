"""The radial (Galbraith) plot: effects in standard errors against precision, with an arc of effects."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from synthesis.rendering.plots.axis import Tick, ticks
from synthesis.rendering.plots.canvas import drawing
from synthesis.rendering.plots.chart import Chart, Stage, area_key, line_key, scale, stage
from synthesis.rendering.plots.fonts import wrap
from synthesis.rendering.plots.label_places import Box, Spot
from synthesis.rendering.plots.panels import figure_of
from synthesis.rendering.plots.placed import HALF_CAPITAL, SMALL, block
from synthesis.rendering.plots.point_names import PointNames, draw_names, names_of, note_of, point_names
from synthesis.rendering.plots.radial_data import RadialData, RadialPoint, checked, coordinates, radial_text
from synthesis.rendering.plots.readable import scale_name, shown
from synthesis.rendering.plots.shades import COLOURS
from synthesis.rendering.plots.sheet import GREY, PAPER, depth, widest

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["RadialData", "RadialPoint", "plot_radial", "radial"]

WIDE, HIGH = 330.0, 230.0  # room of the points
BEYOND = 1.08  # radius of the arc, of the furthest point's distance
STEEPEST = math.radians(45)  # of the arc's ends
WITHIN = 1.959963984540054  # standard errors on both sides of the line
BAND = "#e3e9f0"
STEPS = 90  # of the arc


@dataclass(frozen=True, slots=True)
class _Arc:
    """The arc of effects: its radius in points, the points of a unit of both scales, the effects at its ends."""

    radius: float
    unit: Spot
    ends: Spot

    def spot(self, effect: float, beyond: float = 0.0) -> Spot:
        """Where an effect stands on the arc, or so many points beyond it; on the scales of the plot."""
        angle = self.angle(effect)
        away = self.radius + beyond
        return away * math.cos(angle) / self.unit[0], away * math.sin(angle) / self.unit[1]

    def angle(self, effect: float) -> float:
        """Of the line through the origin with that slope."""
        return math.atan2(effect * self.unit[1], self.unit[0])


def radial(data: RadialData) -> Figure:
    """A figure with the radial plot of `plot_radial`, as large as its content."""
    return figure_of(plot_radial(data))


def plot_radial(data: RadialData, *, ax: Axes | None = None) -> Axes:
    """Draw a radial plot.

    Parameters
    ----------
    data : RadialData
        Studies with their effects (ratios as logs) and standard errors, and the pooled effect.
    ax : Axes, optional
        Where to draw, scaled to fit; None: a new figure as large as its content.

    Returns
    -------
    Axes
        In points from its top left. Its one child has 1 / sqrt(v + tau2) along x and the effect times it along y.
        Studies are `point-1` and so on; the line of the pooled effect is `pooled`, the band of 1.96 standard errors
        about it `band`, the arc `arc`, the interval of the pool on it `interval`.

    Raises
    ------
    InvalidArgument
        If there is no study, or a number is out of its range.

    References
    ----------
    Galbraith RF (1988). Graphical display of estimates having differing standard errors. Technometrics 30(3), 271-281.
    """
    chart, arc, marks, names = _plan(checked(data))
    with drawing():
        drawn = stage(chart, ax, data.title or "Radial plot", radial_text(data))
        _draw_lines(drawn, data, arc)
        _draw_arc(drawn, data, arc, marks)
        look: dict[str, Any] = {"markerfacecolor": COLOURS[0], "markeredgecolor": PAPER, "markeredgewidth": 0.5}
        for number, point in enumerate(data.points, 1):
            drawn.plot.mark(*coordinates(data, point), "o", 6.0, gid=f"point-{number}", **look)
        draw_names(drawn, names)
    return drawn.sheet.axes


def _plan(data: RadialData) -> tuple[Chart, _Arc, Sequence[Tick], PointNames]:
    places = [coordinates(data, point) for point in data.points]
    arc = _arc(data, places)
    marks = _arc_ticks(data, arc)
    low, high = _upright_ends(data, places, arc)
    size = (arc.radius, (high - low) * arc.unit[1])
    across = scale((0.0, arc.radius / arc.unit[0]), size[0], _precision(data))
    up = scale((low, high), size[1], "Effect / its standard deviation", upright=True)
    bare = Chart(data.title, across, up, size, framed=False)
    spots = [bare.spot(*place) for place in places]
    far = [abs(y - data.estimate * x) > WITHIN for x, y in places]
    labels = names_of([one.label for one in data.points], outside=far)
    names = point_names(spots, labels, size, taken=_taken(arc, bare), dots=list(_dots(data, arc, bare)))
    keys = (
        line_key(f"pooled: {shown(data.estimate, ratio=data.ratio)}", linewidth=1.2),
        area_key("within 1.96 standard deviations of it", BAND),
    )
    right = 14 + widest([tick.label for tick in marks], SMALL) + 6 + depth(_arc_name(data, size[1]), SMALL)
    told = note_of([one.label for one in data.points], "outside the band")
    notes = (*names.notes, *told, *data.footnotes)
    return (
        Chart(data.title, across, up, size, keys, listed=names.listed, notes=notes, right=right, framed=False),
        arc, marks, names,
    )  # fmt: skip


def _precision(data: RadialData) -> str:
    return "Precision, 1 / √(v + τ²)" if data.tau2 else "Precision, 1 / standard error"


def _arc_name(data: RadialData, high: float) -> tuple[str, ...]:
    return wrap(scale_name(data.measure, ratio=data.ratio), high, SMALL)


def _arc(data: RadialData, places: Sequence[Spot]) -> _Arc:
    """An arc beyond all points; effects whose lines are too steep are not on it."""
    heights = [y for _, y in places] + [WITHIN, -WITHIN, 0.0]
    unit = (WIDE / max(x for x, _ in places), HIGH / (max(heights) - min(heights)))
    last = max(x for x, _ in places)
    corners = [(last, data.estimate * last + side * WITHIN) for side in (-1, 1)]
    radius = BEYOND * max(math.hypot(x * unit[0], y * unit[1]) for x, y in (*places, *corners))
    steepest = math.tan(STEEPEST) * unit[0] / unit[1]
    effects = [point.estimate for point in data.points] + [data.estimate]
    effects += [one for one in (data.low, data.high) if one is not None]
    ends = (max(min(effects), -steepest), min(max(effects), steepest))
    if ends[1] - ends[0] < 0.1 * steepest:
        ends = (max(ends[0] - 0.1 * steepest, -steepest), min(ends[1] + 0.1 * steepest, steepest))
    return _Arc(radius, unit, ends)


def _arc_ticks(data: RadialData, arc: _Arc) -> tuple[Tick, ...]:
    """Round effects whose labels stand apart along the arc."""

    def fit(candidate: Sequence[Tick]) -> bool:
        heights = sorted(arc.spot(tick.value)[1] * arc.unit[1] for tick in candidate)
        return len(candidate) > 1 and all(b - a >= 1.5 * SMALL for a, b in itertools.pairwise(heights))

    found = ticks(*arc.ends, ratio=data.ratio, fit=fit)
    return tuple(tick for tick in found if arc.ends[0] <= tick.value <= arc.ends[1])


def _upright_ends(data: RadialData, places: Sequence[Spot], arc: _Arc) -> Spot:
    """The ends of the vertical scale: all points, the band and the arc."""
    heights = [y for _, y in places] + [WITHIN, -WITHIN] + [arc.spot(effect)[1] for effect in arc.ends]
    last = _last(arc)
    heights += [data.estimate * last + side * WITHIN for side in (-1, 1)]
    room = 11 / arc.unit[1]
    return min(heights) - room, max(heights) + room


def _last(arc: _Arc) -> float:
    """The precision of the most precise study."""
    return WIDE / arc.unit[0]


def _dots(data: RadialData, arc: _Arc, bare: Chart) -> Iterator[Spot]:
    for x in np.linspace(0.0, _last(arc), 60).tolist():
        yield from (bare.spot(x, data.estimate * x + side * WITHIN) for side in (-1, 0, 1))


def _taken(arc: _Arc, bare: Chart) -> list[Box]:
    """Boxes along the arc and the labels of its ticks, where no name stands."""
    angles = np.linspace(arc.angle(arc.ends[0]), arc.angle(arc.ends[1]), STEPS).tolist()
    places = [
        (arc.radius * math.cos(angle) / arc.unit[0], arc.radius * math.sin(angle) / arc.unit[1]) for angle in angles
    ]
    return [(x - 3.0, y - 3.0, x + 30.0, y + 3.0) for x, y in (bare.spot(*place) for place in places)]


def _draw_lines(drawn: Stage, data: RadialData, arc: _Arc) -> None:
    """The band, the line of the pooled effect, and that of no effect."""
    last = _last(arc)
    end = data.estimate * last
    corners = [(0.0, -WITHIN), (last, end - WITHIN), (last, end + WITHIN), (0.0, WITHIN)]
    drawn.plot.shape(corners, facecolor=BAND, edgecolor=GREY, linewidth=0.4, zorder=0.2, gid="band")
    reach = arc.radius / arc.unit[0]
    drawn.plot.line([0.0, reach], [0.0, 0.0], color=GREY, linewidth=0.6, linestyle=(0, (1, 2)), zorder=0.5, gid="null")
    x, y = arc.spot(data.estimate)
    drawn.plot.line([0.0, x], [0.0, y], linewidth=1.2, zorder=1, gid="pooled")


def _draw_arc(drawn: Stage, data: RadialData, arc: _Arc, marks: Sequence[Tick]) -> None:
    _draw_part(drawn, arc, arc.ends, linewidth=0.9, gid="arc")
    if data.low is not None and data.high is not None:
        bounds = (max(data.low, arc.ends[0]), min(data.high, arc.ends[1]))
        _draw_part(drawn, arc, bounds, linewidth=3.0, gid="interval")
    for tick in marks:
        inner, outer = arc.spot(tick.value), arc.spot(tick.value, 4.0)
        drawn.plot.line([inner[0], outer[0]], [inner[1], outer[1]], linewidth=0.8)
        x, y = _on_sheet(drawn, arc.spot(tick.value, 8.0))
        drawn.sheet.write(tick.label, x, y + HALF_CAPITAL * SMALL, SMALL)
    left, top, width, height = drawn.place
    x = left + width + 14 + widest([tick.label for tick in marks], SMALL)
    for line in block(_arc_name(data, height), 0.0, x, SMALL)[0]:
        drawn.sheet.write(line.text, line.y, top + height / 2, SMALL, align="center", angle=90)


def _draw_part(drawn: Stage, arc: _Arc, ends: Spot, **look: Any) -> None:
    angles = np.linspace(arc.angle(ends[0]), arc.angle(ends[1]), STEPS)
    x, y = arc.radius * np.cos(angles) / arc.unit[0], arc.radius * np.sin(angles) / arc.unit[1]
    drawn.plot.line(x.tolist(), y.tolist(), zorder=2, **look)


def _on_sheet(drawn: Stage, place: Spot) -> Spot:
    """A place on the scales of the plot, as one on the sheet."""
    (left, right), (low, high) = drawn.plot.axes.get_xlim(), drawn.plot.axes.get_ylim()
    x = (place[0] - left) / (right - left) * drawn.place[2]
    return drawn.from_corner(x, (place[1] - low) / (high - low) * drawn.place[3])
