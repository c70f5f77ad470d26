"""What is drawn on a sheet beyond lines and shapes: placed words, boxes, hatching, intervals, panels of other units."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from synthesis.rendering.plots.axis import Span
from synthesis.rendering.plots.placed import Placed
from synthesis.rendering.plots.sheet import GREY, INK, PAPER, Sheet, on

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PALE = "#bdbdbd"
Box = tuple[float, float, float, float]  # left, top, width, height


def write(sheet: Sheet, text: Placed, gid: str = "") -> None:
    """One line of text where its layout has it."""
    look: dict[str, Any] = {"bold": text.bold, "align": text.align, "gid": gid or None, "zorder": 5}
    colour = PAPER if text.white else GREY if text.grey else INK
    sheet.write(text.text, text.x, text.y, text.size, color=colour, **look)


def box(sheet: Sheet, place: Box, **look: Any) -> None:
    """A rectangle, on a sheet of points or in the units of a panel."""
    left, top, width, height = place
    sheet.shape([(left, top), (left + width, top), (left + width, top + height), (left, top + height)], **look)


def hatch(sheet: Sheet, place: Box, step: float = 4.5, **look: Any) -> None:
    """Slanting lines across a rectangle of a sheet of points."""
    from matplotlib.collections import LineCollection

    look = {"linewidths": 0.6 * sheet.scale, "colors": PALE, "clip_on": False, **look}
    sheet.axes.add_collection(LineCollection(slanted(place, step), transform=sheet.transform, **look), autolim=False)


def slanted(place: Box, step: float) -> list[list[tuple[float, float]]]:
    """Lines of 45 degrees across a rectangle, `step` apart along its top."""
    left, top, width, height = place
    reaches = [step * number for number in range(1, math.ceil((width + height) / step))]
    return [
        [
            (left + min(reach, width), top + max(0.0, reach - width)),
            (left + max(0.0, reach - height), top + min(reach, height)),
        ]
        for reach in reaches
    ]


def panel(sheet: Sheet, place: Box, x: tuple[float, float], y: tuple[float, float]) -> Sheet:
    """A part of a sheet of points with units of its own: an Axes inside its Axes; `y` is bottom and top."""
    (_, wide), (high, _) = sheet.axes.get_xlim(), sheet.axes.get_ylim()
    left, top, width, height = place
    axes = sheet.axes.inset_axes((left / wide, 1 - (top + height) / high, width / wide, height / high), zorder=4)
    axes.set(xlim=x, ylim=y, autoscale_on=False)
    axes.set_axis_off()
    return on(axes, sheet.scale)


def interval(sheet: Sheet, span: Span, y: float, gid: str, *, width: float = 1.1, **look: Any) -> None:
    """An interval as a line of a panel, with an arrowhead where it leaves the panel's limits."""
    from matplotlib.markers import CARETLEFT, CARETRIGHT

    first, last = map(float, sheet.axes.get_xlim())
    low, high = max(span.low, first), min(span.high, last)
    if low <= high:
        sheet.line([low, high], [y, y], linewidth=width, gid=gid, **look)
    for beyond, end, marker in ((span.low < first, first, CARETLEFT), (span.high > last, last, CARETRIGHT)):
        if beyond:
            head: dict[str, Any] = {
                "marker": marker,
                "markersize": (5 + width / 2) * sheet.scale,
                "markeredgewidth": 0.0,
            }
            sheet.line([end], [y], linestyle="none", gid=f"{gid}-arrow", **{**look, **head})


def figure_of(axes: Axes) -> Figure:
    """The figure that an Axes of our own stands on."""
    figure: Any = axes.figure
    return figure  # type: ignore[no-any-return]  # matplotlib types it as perhaps a part of a figure
