"""The p-curve: how the significant p-values are distributed, beside what no effect and low power let expect."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from synthesis.rendering.plots.axis import Tick
from synthesis.rendering.plots.canvas import drawing
from synthesis.rendering.plots.chart import TINY, Chart, Scale, Stage, line_key, scale, stage
from synthesis.rendering.plots.fonts import measure
from synthesis.rendering.plots.label_places import Spot, place_labels
from synthesis.rendering.plots.p_curve_data import BINS, PCurveData, checked, observed, p_curve_text
from synthesis.rendering.plots.panels import figure_of
from synthesis.rendering.plots.readable import counted
from synthesis.rendering.plots.shades import COLOURS
from synthesis.rendering.plots.sheet import PAPER

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["PCurveData", "p_curve", "plot_p_curve"]

SIZE = (340.0, 250.0)
OBSERVED: Any = {"color": COLOURS[0], "linewidth": 1.8}
NO_EFFECT: Any = {"color": COLOURS[1], "linewidth": 1.2, "linestyle": (0, (1, 1.6))}
LOW_POWER: Any = {"color": COLOURS[2], "linewidth": 1.2, "linestyle": (0, (5, 2.5))}
DOTS = 40  # along each line, that numbers do not cross
CENTRES = tuple(end - 0.005 for end in BINS)


def p_curve(data: PCurveData) -> Figure:
    """A figure with the p-curve of `plot_p_curve`, as large as its content."""
    return figure_of(plot_p_curve(data))


def plot_p_curve(data: PCurveData, *, ax: Axes | None = None) -> Axes:
    """Draw a p-curve.

    Parameters
    ----------
    data : PCurveData
        How many significant p-values lie in each hundredth, and the shares to expect with 33 % power.
    ax : Axes, optional
        Where to draw, scaled to fit; None: a new figure as large as its content.

    Returns
    -------
    Axes
        In points from its top left. Its one child has the p-value along x, each bin at its middle, and the share of
        the significant p-values along y; the lines are `observed`, `no-effect` and `low-power`.

    Raises
    ------
    InvalidArgument
        If no p-value is below .05, or a number is out of its range.

    References
    ----------
    Simonsohn U, Nelson LD, Simmons JP (2014). P-curve: a key to the file-drawer. Journal of Experimental Psychology:
    General 143(2), 534-547.
    """
    chart = _chart(checked(data))
    shares = observed(data)
    with drawing():
        drawn = stage(chart, ax, data.title or "p-curve", p_curve_text(data))
        flat = [1 / len(BINS)] * len(BINS)
        for values, gid, look in ((flat, "no-effect", NO_EFFECT), (data.low_power, "low-power", LOW_POWER)):
            drawn.plot.line(CENTRES, values, gid=gid, zorder=1, **look)
        drawn.plot.line(CENTRES, shares, gid="observed", zorder=2, **OBSERVED)
        for number, (x, y) in enumerate(zip(CENTRES, shares, strict=True), 1):
            look = {"markerfacecolor": COLOURS[0], "markeredgecolor": PAPER}
            drawn.plot.mark(x, y, "o", 6.5, gid=f"observed-{number}", **look)
        _write_shares(drawn, chart, data)
    return drawn.sheet.axes


def _chart(data: PCurveData) -> Chart:
    most = max(*observed(data), *data.low_power, 0.2)
    ticks = tuple(Tick(centre, f"{end:g}".removeprefix("0")) for centre, end in zip(CENTRES, BINS, strict=True))
    across = Scale((0.0, BINS[-1]), ticks, "Two-sided p-value, up to")
    up = scale((0.0, 1.16 * most), SIZE[1], "", upright=True)
    percent = tuple(Tick(tick.value, f"{100 * tick.value:.3g} %") for tick in up.ticks)
    total = sum(data.counts)
    keys = (
        line_key(f"observed ({counted(total, 'significant result', 'significant results')})", **OBSERVED),
        line_key("no effect", **NO_EFFECT),
        line_key("33 % power", **LOW_POWER),
    )
    notes = [f"{data.others} of {data.others + total} p-values are .05 or more, and not shown."] if data.others else []
    up = Scale(up.ends, percent, "Share of significant results")
    return Chart(data.title, across, up, SIZE, keys, notes=(*data.findings, *notes, *data.footnotes), grid=True)


def _write_shares(drawn: Stage, chart: Chart, data: PCurveData) -> None:
    """The observed shares beside their points, off the lines."""
    shares = observed(data)
    texts = [f"{100 * share:.0f} %" for share in shares]
    spots = [chart.spot(x, y) for x, y in zip(CENTRES, shares, strict=True)]
    dots = [dot for values in (shares, data.low_power, [0.2] * len(BINS)) for dot in _dots(chart, values)]
    sizes = [(measure(text, TINY, bold=True).width, TINY) for text in texts]
    frame = (1.0, 1.0, SIZE[0] - 1, SIZE[1] - 1)
    for text, label in zip(texts, place_labels(spots, sizes, frame, 3.5, lines=dots), strict=True):
        if label is not None:
            x, y = drawn.from_corner(label.box[0], label.box[1])
            drawn.sheet.write(text, x, y, TINY, bold=True, color=COLOURS[0], zorder=5)


def _dots(chart: Chart, values: Sequence[float]) -> list[Spot]:
    """Dots along one line."""
    found: list[Spot] = []
    for place in range(len(values) - 1):
        for step in range(DOTS):
            share = step / DOTS
            x = CENTRES[place] + share * (CENTRES[place + 1] - CENTRES[place])
            found.append(chart.spot(x, values[place] + share * (values[place + 1] - values[place])))
    return found
