"""What figures are drawn on: an Axes whose unit is the point of print, or one with scales of its own.

Every mark has a name (its gid), by which a test or a reader finds it again.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from synthesis.rendering.plots.canvas import describe
from synthesis.rendering.plots.fonts import measure, properties
from synthesis.rendering.plots.placed import block

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.transforms import Transform

Corner = tuple[float, float]

INK, GREY, RULE, PAPER = "#1a1a1a", "#595959", "#d9d9d9", "#ffffff"


@dataclass(frozen=True, slots=True)
class Sheet:
    """An Axes to draw on; places are on its scales, sizes and widths in points of the layout."""

    axes: Axes
    transform: Transform
    scale: float = 1.0  # points of print to one of the layout: not 1 on an Axes that is smaller or larger

    def line(self, x: Sequence[float], y: Sequence[float], **look: Any) -> None:
        """A line through places; its ends are cut square."""
        from matplotlib.lines import Line2D

        look = {"solid_capstyle": "butt", "clip_on": False, "color": INK, "linewidth": 0.8, **look}
        look["linewidth"] *= self.scale
        self.axes.add_artist(Line2D(x, y, transform=self.transform, **look))

    def mark(self, x: float, y: float, marker: str | int, size: float, **look: Any) -> None:
        """One of matplotlib's markers, so many points wide."""
        look = {"markeredgecolor": INK, "markeredgewidth": 0.8, "zorder": 3, **look}
        look["markeredgewidth"] *= self.scale
        self.line([x], [y], linestyle="none", marker=marker, markersize=size * self.scale, **look)

    def shape(self, corners: Sequence[Corner], **look: Any) -> None:
        """A filled polygon."""
        from matplotlib.patches import Polygon

        look = {"linewidth": 0.0, "edgecolor": INK, "clip_on": False, "closed": True, **look}
        look["linewidth"] *= self.scale
        self.axes.add_artist(Polygon(corners, transform=self.transform, **look))

    def write(self, text: str, x: float, y: float, size: float, **look: Any) -> None:
        """One drawable line of text: its baseline at `y`, at `x` what `align` says; `angle` turns it about there."""
        bold, align, angle = look.pop("bold", False), look.pop("align", "left"), look.pop("angle", 0.0)
        if not text:
            return
        self.axes.text(
            x,
            y,
            text,
            transform=self.transform,
            fontproperties=properties(size * self.scale, bold=bold),
            horizontalalignment=align,
            verticalalignment="baseline",
            rotation=angle,
            rotation_mode="anchor",
            parse_math=False,
            clip_on=False,
            **{"color": INK, **look},
        )

    def lines(self, texts: Iterable[str], x: float, y: float, size: float, **look: Any) -> float:
        """Lines of text under each other from height `y` of a sheet of points, and the height where they end."""
        placed, end = block(tuple(texts), x, y, size, bold=bool(look.get("bold")))
        for line in placed:
            self.write(line.text, x, line.y, size, **look)
        return end


def paper(width: float, height: float, ax: Axes | None) -> Sheet:
    """A sheet so many points wide and high, measured from its top left corner: a figure of that size, or `ax`.

    On an Axes of another size everything is drawn smaller or larger, letters too.
    """
    if ax is None:
        ax = new_figure(width, height).add_axes((0.0, 0.0, 1.0, 1.0))
        width, height = math.ceil(width), math.ceil(height)
    box, inch = ax.get_window_extent(), ax.figure.dpi / 72
    ax.set(xlim=(0, width), ylim=(height, 0), autoscale_on=False)
    ax.set_aspect("equal", anchor="NW")
    ax.set_axis_off()
    return on(ax, min(box.width / width, box.height / height) / inch)


def on(ax: Axes, scale: float = 1.0) -> Sheet:
    """A sheet with the scales of an Axes; places are rounded to the same ones on every processor."""
    from synthesis.rendering.plots.grid import Grid

    return Sheet(ax, ax.transData + Grid(), scale)


def new_figure(width: float, height: float) -> Figure:
    """An empty figure of whole points."""
    from matplotlib.figure import Figure

    return Figure(figsize=(math.ceil(width) / 72, math.ceil(height) / 72), dpi=72)


def name(ax: Axes, given: Axes | None, title: str, description: str) -> None:
    """Write title and description into a figure of our own; one that was given keeps its label."""
    if given is None:
        figure: Any = ax.figure
        describe(figure, title, description)


def depth(texts: Sequence[str], size: float, *, bold: bool = False) -> float:
    """The height of lines of text under each other."""
    return block(texts, 0.0, 0.0, size, bold=bold)[1]


def widest(texts: Iterable[str], size: float, *, bold: bool = False) -> float:
    """The width of the widest line."""
    return max((measure(text, size, bold=bold).width for text in texts), default=0.0)


def flow(widths: Sequence[float], left: float, right: float, gap: float = 16.0) -> list[tuple[float, int]]:
    """Places of things set beside each other: where each begins, and on which row (the first is 0)."""
    places: list[tuple[float, int]] = []
    x, row = left, 0
    for width in widths:
        if x > left and x + width > right:
            x, row = left, row + 1
        places.append((x, row))
        x += width + gap
    return places
