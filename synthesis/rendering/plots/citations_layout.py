"""Where everything of a drawing of citations stands, in points from the top left of a canvas that fits it.

Columns from left to right: documents that cite and review, reports, studies, cells; a kind with many nodes has several
columns, the newer ones further left. Every node has a row of its own with its whole name, so no name meets another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from synthesis.rendering.plots.chart import BAND, SIGN, TINY
from synthesis.rendering.plots.citations_data import (
    COLUMNS,
    KINDS,
    RELATIONS,
    CitationLink,
    CitationsData,
    kinds_of,
    relations_of,
)
from synthesis.rendering.plots.citations_order import arranged, split
from synthesis.rendering.plots.fonts import wrap
from synthesis.rendering.plots.placed import HALF_CAPITAL, MARGIN, SIZE, SMALL, TITLE, Placed, block
from synthesis.rendering.plots.sheet import depth, flow, widest

LABEL_WIDTH = 150.0
ROW_GAP = 2.6
MARK = 9.0  # width of the room of a mark
AIR = 3.0  # between a name and a line
HEAD = 6.0  # room for an arrowhead behind the longest name
GAP = 74.0  # between columns: where the lines run
BULGE = (10.0, 0.12, 44.0)  # of a line within one column: at least, of its height, at most
HEAD_WIDTH = 90.0  # of the last column, at least
LEAST_WIDTH = 330.0

Spot = tuple[float, float]
Run = tuple[float, float, float]  # from x to x at a height


@dataclass(frozen=True, slots=True)
class Row:
    """A node: the middle of its mark, and where its name ends."""

    x: float
    y: float
    end: float
    column: int


@dataclass(frozen=True, slots=True)
class Line:
    """A link: straight parts, each from x to x at one height, which curves join."""

    relation: str
    runs: tuple[Run, ...]

    @property
    def leftwards(self) -> bool:
        """Whether it ends towards the left."""
        return self.runs[-1][1] < self.runs[-1][0]

    def corners(self) -> list[Spot]:
        """The path: its start, then for each curve where it begins, two control points, where it ends; its end."""
        points = [(self.runs[0][0], self.runs[0][2])]
        for (_, end, height), (start, _, other) in pairwise(self.runs):
            bend = _bulge(height - other) if start == end else (start - end) / 2
            back = bend if start == end else -bend
            points += [(end, height), (end + bend, height), (start + back, other), (start, other)]
        return [*points, (self.runs[-1][1], self.runs[-1][2])]


@dataclass(frozen=True, slots=True)
class Sign:
    """An entry of the legend: a kind or a relation, and its middle height and left edge."""

    name: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class CitationsLayout:
    """The canvas; heights run downwards."""

    width: float
    height: float
    texts: tuple[Placed, ...]  # beside the names
    names: tuple[tuple[Placed, ...], ...]  # the lines of each node's name
    rows: tuple[Row, ...]  # of each node
    lines: tuple[Line, ...]  # of each link
    kinds: tuple[Sign, ...]
    relations: tuple[Sign, ...]


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of nodes: its name, its left side, where its names end, and the heights that they take."""

    name: str
    nodes: tuple[int, ...]
    left: float
    right: float
    taken: tuple[Spot, ...] = ()  # from top to bottom; rows that follow each other share an end


def layout(data: CitationsData) -> CitationsLayout:
    """The places of all names, marks and lines."""
    labels = [wrap(node.label, LABEL_WIDTH, TINY) for node in data.nodes]
    columns = _columns(data, labels)
    width = max(columns[-1].right + GAP / 2, columns[-1].left + HEAD_WIDTH + MARGIN, LEAST_WIDTH)
    heading, y = block(wrap(data.title, width - 2 * MARGIN, TITLE, bold=True), MARGIN, MARGIN, TITLE, bold=True)
    heads, top = _heads(columns, width - MARGIN, y + 8 if heading else y)
    heights = [depth(label, TINY) + ROW_GAP for label in labels]
    pairs = [(link.source, link.target) for link in data.links]
    middles = [top + middle for middle in arranged([column.nodes for column in columns], pairs, heights)]
    rows = _rows(columns, labels, middles)
    names = tuple(_name(label, row) for label, row in zip(labels, rows, strict=True))
    y = max(middle + height / 2 for middle, height in zip(middles, heights, strict=True)) + 12
    kinds, words, y = _legend({kind: KINDS[kind][1] for kind in kinds_of(data)}, width, y)
    relations, more, y = _legend({relation: RELATIONS[relation] for relation in relations_of(data)}, width, y)
    placed = [_taking(column, middles, heights) for column in columns]
    lines = tuple(Line(link.relation, _runs(link, rows, placed)) for link in data.links)
    notes = [line for note in data.footnotes for line in wrap(note, width - 2 * MARGIN, TINY)]
    below, y = block(notes, MARGIN, y + 2, TINY, grey=True)
    texts = (*heading, *heads, *words, *more, *below)
    return CitationsLayout(width, y + MARGIN, texts, names, rows, lines, kinds, relations)


def _columns(data: CitationsData, labels: Sequence[Sequence[str]]) -> list[_Column]:
    """The nodes of each column, newer ones first, and its sides."""
    found: list[_Column] = []
    left = MARGIN
    for name, kinds in COLUMNS.items():
        nodes = [place for place, node in enumerate(data.nodes) if node.kind in kinds]
        nodes.sort(key=lambda place: (-(data.nodes[place].year or 0), data.nodes[place].label, place))
        for part in split(nodes):
            right = left + MARK + AIR + max(widest(labels[place], TINY) for place in part) + AIR + HEAD
            found.append(_Column(_titled(name, part, data), tuple(part), left, right))
            left = right + GAP
    return found


def _titled(name: str, part: Sequence[int], data: CitationsData) -> str:
    """The name of a column with the years in it."""
    years = sorted({year for place in part if (year := data.nodes[place].year) is not None})
    span = f"{years[0]}" if len(years) == 1 else f"{years[-1]} to {years[0]}" if years else ""
    return f"{name}, {span}" if span else name


def _heads(columns: Sequence[_Column], edge: float, y: float) -> tuple[list[Placed], float]:
    """The names of the columns; and where the rows begin."""
    found: list[Placed] = []
    ends = [y]
    for column in columns:
        wide = min(column.right - column.left + GAP - 2 * AIR, edge - column.left)
        placed, end = block(wrap(column.name, wide, SIZE, bold=True), column.left, y, SIZE, bold=True)
        found, ends = [*found, *placed], [*ends, end]
    return found, max(ends) + 6


def _taking(column: _Column, middles: Sequence[float], heights: Sequence[float]) -> _Column:
    rows = sorted((middles[node] - heights[node] / 2, middles[node] + heights[node] / 2) for node in column.nodes)
    return replace(column, taken=tuple(rows))


def _bulge(height: float) -> float:
    """How far a line that stays in one column goes out of it."""
    least, share, most = BULGE
    return min(least + share * abs(height), most)


def _rows(columns: Sequence[_Column], labels: Sequence[Sequence[str]], middles: Sequence[float]) -> tuple[Row, ...]:
    found: dict[int, Row] = {}
    for number, column in enumerate(columns):
        for node in column.nodes:
            end = column.left + MARK + AIR + widest(labels[node], TINY) + AIR
            found[node] = Row(column.left + MARK / 2, middles[node], end, number)
    return tuple(found[node] for node in range(len(found)))


def _name(label: Sequence[str], row: Row) -> tuple[Placed, ...]:
    """The lines of a name about the middle of its row."""
    height = depth(label, TINY)
    return tuple(block(label, row.x + MARK / 2 + AIR, row.y - height / 2 - 0.06 * TINY, TINY)[0])


def _runs(link: CitationLink, rows: Sequence[Row], columns: Sequence[_Column]) -> tuple[Run, ...]:
    """The straight parts of a link: along the rows of its ends, and between rows through the columns on its way."""
    source, target = rows[link.source], rows[link.target]
    first, last = columns[source.column], columns[target.column]
    if source.column < target.column:
        between = range(source.column + 1, target.column)
        passed = [(columns[place].left - AIR, columns[place].right) for place in between]
        start, end = (source.end, first.right), (last.left - AIR, target.x - MARK / 2)
    elif source.column > target.column:
        between = range(source.column - 1, target.column, -1)
        passed = [(columns[place].right, columns[place].left - AIR) for place in between]
        start, end = (source.x - MARK / 2, first.left - AIR), (last.right, target.end)
    else:
        return (source.end, first.right, source.y), (first.right, target.end, target.y)
    steps = [(target.y - source.y) * number / (len(passed) + 1) + source.y for number in range(1, len(passed) + 1)]
    heights = [_free(columns[place], step) for place, step in zip(between, steps, strict=True)]
    middle = [(*sides, height) for sides, height in zip(passed, heights, strict=True)]
    return (*start, source.y), *middle, (*end, target.y)


def _free(column: _Column, height: float) -> float:
    """The height nearest to one at which a line meets no name of a column."""
    for top, bottom in column.taken:
        if top < height < bottom:
            return top if height - top <= bottom - height else bottom
    return height


def _legend(entries: dict[str, str], width: float, y: float) -> tuple[tuple[Sign, ...], list[Placed], float]:
    """Where the signs of the legend stand, their words, and where they end."""
    if not entries:
        return (), [], y
    words = [wrap(text, width - 2 * MARGIN - SIGN, SMALL)[0] for text in entries.values()]
    places = flow([SIGN + widest([text], SMALL) for text in words], MARGIN, width - MARGIN)
    signs = [Sign(name, x, y + BAND * (row + 0.5)) for name, (x, row) in zip(entries, places, strict=True)]
    texts = [
        Placed(text, sign.x + SIGN, sign.y + HALF_CAPITAL * SMALL, SMALL)
        for text, sign in zip(words, signs, strict=True)
    ]
    return tuple(signs), texts, signs[-1].y + BAND / 2
