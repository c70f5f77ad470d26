"""The citation graph as a drawing: who cites and reviews whom, what they report, and where it counts."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from synthesis.rendering.plots.canvas import drawing
from synthesis.rendering.plots.citations_data import CitationLink, CitationNode, CitationsData, checked, citations_text
from synthesis.rendering.plots.citations_layout import CitationsLayout, Line, layout
from synthesis.rendering.plots.panels import figure_of, write
from synthesis.rendering.plots.shades import COLOURS
from synthesis.rendering.plots.sheet import GREY, INK, Sheet, name, paper

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["CitationLink", "CitationNode", "CitationsData", "citations", "plot_citations"]

MARKS = {  # marker, size, colour
    "guideline": ("P", 7.0, COLOURS[3]),
    "review": ("D", 5.2, COLOURS[1]),
    "document": ("^", 6.4, COLOURS[5]),
    "report": ("s", 5.4, COLOURS[2]),
    "study": ("o", 6.0, COLOURS[0]),
    "cell": ("h", 6.8, COLOURS[4]),
}
LOOKS: dict[str, dict[str, Any]] = {
    "meta_analyses": {"color": COLOURS[1], "linewidth": 1.4},
    "reviews": {"color": COLOURS[1], "linewidth": 0.6},
    "extracts": {"color": COLOURS[3], "linewidth": 0.6, "linestyle": (0, (5, 2))},
    "cites": {"color": GREY, "linewidth": 0.5},
    "reported in": {"color": COLOURS[2], "linewidth": 0.7, "linestyle": (0, (1, 1.4))},
    "counts in": {"color": COLOURS[0], "linewidth": 0.5, "linestyle": (0, (6, 1.5, 1, 1.5))},
}
HEAD = 3.4  # size of an arrowhead


def citations(data: CitationsData) -> Figure:
    """A figure with the drawing of `plot_citations`, as large as its content."""
    return figure_of(plot_citations(data))


def plot_citations(data: CitationsData, *, ax: Axes | None = None) -> Axes:
    """Draw a citation graph in columns: documents, reports, studies, cells.

    Parameters
    ----------
    data : CitationsData
        Nodes of the kinds guideline, review, document, report, study and cell, and the links between them.
    ax : Axes, optional
        Where to draw, scaled to fit; None: a new figure as large as its content.

    Returns
    -------
    Axes
        In points from its top left. Marks are `node-1` and so on, links `link-1` and so on, in the order of the data;
        kinds differ in shape and colour, relations in dashes, width and colour. Every node has a row of its own with
        its name, the canvas grows with them, and rows are sorted so that linked nodes stand at about the same height.

    Raises
    ------
    InvalidArgument
        If there is no node, a kind or relation that there is not, or a link that leads nowhere.

    References
    ----------
    Sugiyama K, Tagawa S, Toda M (1981). Methods for visual understanding of hierarchical system structures. IEEE
    Transactions on Systems, Man, and Cybernetics 11(2), 109-125: columns, and their order by barycentres.
    """
    plan = layout(checked(data))
    with drawing():
        sheet = paper(plan.width, plan.height, ax)
        name(sheet.axes, ax, data.title or "Citations", citations_text(data))
        for number, line in enumerate(plan.lines, 1):
            _draw_line(sheet, line, f"link-{number}")
        for number, (node, row) in enumerate(zip(data.nodes, plan.rows, strict=True), 1):
            _draw_mark(sheet, row.x, row.y, node.kind, f"node-{number}")
        _draw_words(sheet, plan)
        _draw_legend(sheet, plan)
    return sheet.axes


def _draw_line(sheet: Sheet, line: Line, gid: str) -> None:
    """A path with a curve in its middle, and an arrowhead at its end."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    look = {**LOOKS[line.relation]}
    look["linewidth"] *= sheet.scale
    corners = line.corners()
    codes = [Path.MOVETO, *[Path.LINETO, *[Path.CURVE4] * 3] * (len(line.runs) - 1), Path.LINETO]
    more: dict[str, Any] = {"fill": False, "clip_on": False, "capstyle": "butt", "transform": sheet.transform}
    sheet.axes.add_artist(PathPatch(Path(corners, codes), gid=gid, zorder=1, **more, **look))
    x, y = corners[-1]
    back = HEAD if line.leftwards else -HEAD
    head = [(x, y), (x + back, y - HEAD / 2.6), (x + back, y + HEAD / 2.6)]
    sheet.shape(head, facecolor=look["color"], zorder=1.5)


def _draw_mark(sheet: Sheet, x: float, y: float, kind: str, gid: str | None = None) -> None:
    marker, size, colour = MARKS[kind]
    look: dict[str, Any] = {"markerfacecolor": colour, "markeredgecolor": INK, "markeredgewidth": 0.4}
    sheet.mark(x, y, marker, size, gid=gid, **look)


def _draw_words(sheet: Sheet, plan: CitationsLayout) -> None:
    for text in itertools.chain(*plan.names, plan.texts):
        write(sheet, text)


def _draw_legend(sheet: Sheet, plan: CitationsLayout) -> None:
    for sign in plan.kinds:
        _draw_mark(sheet, sign.x + 9, sign.y, sign.name)
    for sign in plan.relations:
        runs = ((sign.x, sign.x + 6, sign.y), (sign.x + 12, sign.x + 18, sign.y))
        _draw_line(sheet, Line(sign.name, runs), f"key-{sign.name}")
