"""The scoring matrix as a heat map: the points, and beside each how certain they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from synthesis.rendering.plots.canvas import drawing
from synthesis.rendering.plots.matrix_map_data import MapCell, MapRow, MatrixMapData, checked, description
from synthesis.rendering.plots.matrix_map_layout import SLOT, Ground, MapLayout, Slot, layout
from synthesis.rendering.plots.panels import PALE, box, figure_of, hatch, write
from synthesis.rendering.plots.placed import MARGIN
from synthesis.rendering.plots.shades import shade
from synthesis.rendering.plots.sheet import GREY, INK, PAPER, Sheet, name, paper

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["MapCell", "MapRow", "MatrixMapData", "matrix_map", "plot_matrix_map"]


def matrix_map(data: MatrixMapData) -> Figure:
    """The heat map of a scoring matrix as a figure of its own; see `plot_matrix_map`."""
    return figure_of(plot_matrix_map(data))


def plot_matrix_map(data: MatrixMapData, *, ax: Axes | None = None) -> Axes:
    """Draw the scoring matrix as a heat map with its certainty.

    Parameters
    ----------
    data : MatrixMapData
        Interventions by outcomes: points, what other readings give, what was printed, what would flip them.
    ax : Axes, optional
        Where to draw, scaled to fit; None: a new figure as large as its content.

    Returns
    -------
    Axes
        In points from its top left. Every cell prints its points on their shade; a blank cell is hatched and has
        a dash. Marks are named `cell-ROW-COLUMN`, their numbers `points-ROW-COLUMN`; the first is 1.

    Raises
    ------
    InvalidArgument
        If there is nothing to draw, or numbers do not fit together.
    """
    plan = layout(checked(data))
    with drawing():
        sheet = paper(plan.width, plan.height, ax)
        name(sheet.axes, ax, data.title or "Scoring matrix", description(data))
        _draw_frames(sheet, plan)
        for ground in plan.grounds:
            _draw_ground(sheet, ground, data)
        for slot in plan.slots:
            _draw_slot(sheet, slot, data)
        for text, gid in plan.texts:
            write(sheet, text, gid)
    return sheet.axes


def _draw_frames(sheet: Sheet, plan: MapLayout) -> None:
    for rule in plan.rules:
        sheet.line([MARGIN, plan.width - MARGIN], [rule, rule], linewidth=0.8, zorder=1)
    for frame in plan.frames:
        box(sheet, frame, facecolor="none", edgecolor=PALE, linewidth=0.6, zorder=2.5)


def _draw_ground(sheet: Sheet, ground: Ground, data: MatrixMapData) -> None:
    place = (ground.left, ground.top, ground.width, ground.height)
    if ground.points is not None:
        box(sheet, place, facecolor=shade(ground.points, data.most, data.least), gid=ground.gid or None, zorder=2)
        return
    box(sheet, place, facecolor=PAPER, gid=ground.gid or None, zorder=2)
    hatch(sheet, place, zorder=2.1)
    half = min(6.5, ground.height / 2 - 1)
    middle = (ground.left + ground.width / 2, ground.top + ground.height / 2)
    box(sheet, (middle[0] - half, middle[1] - half, 2 * half, 2 * half), facecolor=PAPER, zorder=2.2)


def _draw_slot(sheet: Sheet, slot: Slot, data: MatrixMapData) -> None:
    place = (slot.left, slot.top, SLOT, SLOT)
    if not slot.filled:
        box(sheet, place, facecolor=PAPER, edgecolor=PALE, linewidth=0.5, zorder=2)
        return
    ground = PAPER if slot.points is None else shade(slot.points, data.most, data.least)
    box(sheet, place, facecolor=ground, edgecolor=INK, linewidth=0.8, zorder=3)
    if slot.points is None:
        ends = [slot.left + 1.2, slot.left + SLOT - 1.2]
        sheet.line(ends, [slot.top + SLOT / 2] * 2, color=GREY, linewidth=1.0, zorder=4)
