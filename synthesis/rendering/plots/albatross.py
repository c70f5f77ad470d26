"""The albatross plot: each study's p-value against its size, with contours of equal effect."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from synthesis.rendering.plots.albatross_data import (
    AlbatrossData,
    AlbatrossPoint,
    albatross_text,
    checked,
    groups,
    participants,
)
from synthesis.rendering.plots.albatross_layout import (
    Frame,
    Plan,
    frame_for,
    height_of,
    n_ticks,
    p_ticks,
    place_of,
    plan,
)
from synthesis.rendering.plots.canvas import drawing
from synthesis.rendering.plots.chart import TINY
from synthesis.rendering.plots.fonts import wrap
from synthesis.rendering.plots.label_places import Label, Spot
from synthesis.rendering.plots.panels import figure_of
from synthesis.rendering.plots.placed import HALF_CAPITAL, MARGIN, SIZE, SMALL, TITLE, block
from synthesis.rendering.plots.point_names import leader
from synthesis.rendering.plots.shades import COLOURS, MARKERS
from synthesis.rendering.plots.sheet import GREY, INK, PAPER, RULE, Sheet, depth, name, new_figure, on, widest

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["AlbatrossData", "AlbatrossPoint", "albatross", "albatross_text", "plot_albatross"]

WIDTH, HEIGHT = 430.0, 300.0  # of the plot, where the figure is our own
DASHES = ((0, (1, 2)), (0, (5, 2.5)), "solid", (0, (7, 2, 1, 2)))


def albatross(data: AlbatrossData) -> Figure:
    """A figure with the albatross plot of `plot_albatross`, as large as its content."""
    return figure_of(plot_albatross(data))


def plot_albatross(data: AlbatrossData, *, ax: Axes | None = None) -> Axes:
    """An albatross plot.

    Parameters
    ----------
    data : AlbatrossData
        Studies as two-sided p-value, direction and number of participants, and the sizes of the contours.
    ax : Axes, optional
        The frame of the plot, as large as it is; labels of its scales and notes stand outside. Otherwise a figure.

    Returns
    -------
    Axes
        Along x, -log10 of the two-sided p-value, negative left of the null; along y, the square of log10 of the
        number of participants, as in the paper. The first study is the marker `point-1`; contours are `contour-1-right`
        and so on, smallest effect first. Hollow marks stand at the effective number of participants of a trial of
        clusters. A label for which there is no room is named under the plot.

    Raises
    ------
    InvalidArgument
        If there is no study, a number is out of its range, or a contour is not possible.

    References
    ----------
    Harrison S, Jones HE, Martin RM, Lewis SJ, Higgins JPT (2017). The albatross plot: a novel graphical tool for
    presenting results of diversely reported studies in a systematic review. Research Synthesis Methods 8(3), 281-289.
    """
    checked(data)
    with drawing():
        found = plan(data, frame_for(data, *(_size(ax) if ax else (WIDTH, HEIGHT))))
        axes, frame = ax or _own_axes(data, found), found.frame
        axes.set(xlim=(-frame.reach, frame.reach), ylim=(0.0, frame.top), autoscale_on=False)
        axes.set_axis_off()
        name(axes, ax, data.title or "Albatross plot", albatross_text(data))
        sheet = on(axes)
        _draw_scales(sheet, frame)
        _draw_contours(sheet, found)
        _draw_points(sheet, data, found)
        _draw_words(sheet, data, found)
    return axes


def _size(axes: Axes) -> Spot:
    """Width and height of an Axes in points."""
    box, inch = axes.get_window_extent(), figure_of(axes).dpi / 72
    return box.width / inch, box.height / inch


def _own_axes(data: AlbatrossData, found: Plan) -> Axes:
    """The frame in a figure that has room for all words around it."""
    left = MARGIN + SIZE + 8 + widest([label for _, label in n_ticks(found.frame)], SMALL) + 5
    right = left + found.frame.width
    title = wrap(data.title, found.frame.width, TITLE, bold=True) if data.title.strip() else ()
    top = MARGIN + depth(title, TITLE, bold=True) + (9 if title else 0)
    width, height = math.ceil(right + MARGIN + 4), math.ceil(top + found.frame.height + found.depth + MARGIN)
    box = (left / width, 1 - (top + HEIGHT) / height, WIDTH / width, HEIGHT / height)
    return new_figure(width, height).add_axes(box)


def _draw_scales(sheet: Sheet, frame: Frame) -> None:
    for side in (-1, 1):
        for x, label in p_ticks(frame)[side < 0 :]:
            sheet.line([side * x] * 2, [0.0, frame.top], color=RULE, linewidth=0.5, zorder=0.5)
            sheet.write(label, side * x, frame.y(-12.0), SMALL, align="center")
    for y, label in n_ticks(frame):
        sheet.line([-frame.reach, frame.reach], [y, y], color=RULE, linewidth=0.5, zorder=0.5)
        sheet.write(label, frame.x(-5.0), y - frame.y(HALF_CAPITAL * SMALL), SMALL, align="right")
    edges = [-frame.reach, frame.reach, frame.reach, -frame.reach, -frame.reach]
    sheet.line(edges, [0.0, 0.0, frame.top, frame.top, 0.0], zorder=1.5)
    sheet.line([0.0, 0.0], [0.0, frame.top], linewidth=1.0, color=GREY, gid="null", zorder=1)
    away = frame.x(-5.0 - widest([label for _, label in n_ticks(frame)], SMALL) - 6.0)
    sheet.write("Number of participants", away, frame.top / 2, SIZE, align="center", angle=90)


def _draw_contours(sheet: Sheet, found: Plan) -> None:
    for contour, (x, y), (left, low, right, high) in found.contours:
        gid = f"contour-{contour.rank + 1}-{'right' if contour.side > 0 else 'left'}"
        look = {"linestyle": DASHES[contour.rank % len(DASHES)], "linewidth": 1.0, "color": GREY, "zorder": 1}
        sheet.line(x.tolist(), y.tolist(), gid=gid, **look)
        corners = [(left, low), (right, low), (right, high), (left, high)]
        sheet.shape([(found.frame.x(a), found.frame.y(b)) for a, b in corners], facecolor=PAPER, zorder=1.2)
        base = (low + high) / 2 - HALF_CAPITAL * TINY
        look = {"align": "center", "gid": f"{gid}-label"}
        sheet.write(contour.label, found.frame.x((left + right) / 2), found.frame.y(base), TINY, **look)


def _draw_points(sheet: Sheet, data: AlbatrossData, found: Plan) -> None:
    kinds = groups(data)
    for number, point in enumerate(data.points, 1):
        x, y = place_of(point.p, point.direction), height_of(participants(point))
        _draw_mark(sheet, (x, y), kinds.index(point.group), full=not point.clusters, gid=f"point-{number}")
    for spot, lines, label in zip(found.names.spots, found.names.lines, found.names.labels, strict=True):
        if label is not None:
            _draw_label(sheet, found.frame, lines, spot, label)


def _draw_mark(sheet: Sheet, place: Spot, kind: int, *, full: bool, gid: str | None = None) -> None:
    (marker, size), colour = MARKERS[kind], COLOURS[kind]
    fill = colour if full else PAPER
    sheet.mark(*place, marker, size, markerfacecolor=fill, markeredgecolor=INK if full else colour, gid=gid)


def _draw_label(sheet: Sheet, frame: Frame, lines: Sequence[str], spot: Spot, label: Label) -> None:
    if label.ring:
        ends = leader(spot, label)
        look = {"color": GREY, "linewidth": 0.5, "zorder": 2}
        sheet.line([frame.x(x) for x, _ in ends], [frame.y(y) for _, y in ends], **look)
    left, _, _, high = label.box
    for line in block(lines, left, 0.0, TINY)[0]:
        sheet.write(line.text, frame.x(left), frame.y(high - line.y), TINY)


def _draw_words(sheet: Sheet, data: AlbatrossData, found: Plan) -> None:
    """Title, the text under the frame, and the legend."""
    frame = found.frame
    title = wrap(data.title, frame.width, TITLE, bold=True) if data.title.strip() else ()
    for line in block(title, 0.0, 0.0, TITLE, bold=True)[0]:
        up = frame.height + 9 + depth(title, TITLE, bold=True) - line.y
        sheet.write(line.text, frame.x(0.0), frame.y(up), TITLE, bold=True)
    for text in found.texts:
        look = {"bold": text.bold, "align": text.align, "color": GREY if text.grey else INK}
        sheet.write(text.text, frame.x(text.x), frame.y(-text.y), text.size, **look)
    for x, y, group, words, full in found.keys:
        _draw_mark(sheet, (frame.x(x + 4), frame.y(-y)), groups(data).index(group), full=full)
        sheet.write(words, frame.x(x + 12), frame.y(-y - HALF_CAPITAL * SMALL), SMALL)
