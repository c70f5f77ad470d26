"""What a heat map of the scoring matrix shows, as plain values and in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from synthesis.errors import did_you_mean
from synthesis.rendering.plots.readable import refuse_problems
from synthesis.rendering.plots.shades import SHADES

PLACEMENTS: Mapping[str, str] = {"": "", "certain": "", "inferred": " (i)", "ambiguous": " (?)"}


@dataclass(frozen=True, slots=True)
class MapCell:
    """The points of one intervention on one outcome, and how certain they are."""

    points: int | None  # None: blank, which is no admissible finding, and not 0
    readings: tuple[int | None, ...] = ()  # under every reading or policy, `points` among them
    printed: int | None = None  # None: nothing printed
    placement: str = ""  # of the printed points in their column, a key of PLACEMENTS
    fragility: int | None = None  # fewest studies whose state must flip to change the points
    flags: tuple[str, ...] = ()  # become numbered footnotes


@dataclass(frozen=True, slots=True)
class MapRow:
    """One intervention."""

    key: str  # such as "A"; may be empty
    label: str
    cells: tuple[MapCell, ...]  # one for each outcome
    group: str = ""  # rows of one group follow each other under its heading


@dataclass(frozen=True, slots=True)
class MatrixMapData:
    """A scoring matrix: interventions by outcomes."""

    title: str
    outcomes: tuple[str, ...]
    rows: tuple[MapRow, ...]
    reading: str = ""  # what the points are read from, such as "living evidence, literal policy"
    most: int = 3  # the most points that there are
    least: int = 0  # the least; below 0 where a rule takes points away
    footnotes: tuple[str, ...] = ()


def cells(data: MatrixMapData) -> Iterator[MapCell]:
    """All cells, row by row."""
    return (cell for row in data.rows for cell in row.cells)


def flags(data: MatrixMapData) -> list[str]:
    """The different flags, in order; the number of a flag is its place plus one."""
    return list(dict.fromkeys(flag for cell in cells(data) for flag in cell.flags))


def moves(cell: MapCell) -> bool:
    """Whether the points differ between the readings."""
    return len(set(cell.readings)) > 1


def description(data: MatrixMapData) -> str:
    """What the map shows: its alternative text."""
    text = f"Scoring matrix of {len(data.rows)} interventions by {len(data.outcomes)} outcomes."
    for place, outcome in enumerate(data.outcomes):
        counts = Counter(row.cells[place].points for row in data.rows)
        parts = [f"{points} points {counts[points]}" for points in range(data.most, data.least - 1, -1)]
        text += f" {outcome}: {', '.join(parts)}, blank {counts[None]}."
    moving = sum(map(moves, cells(data)))
    return f"{text} {moving} of {len(data.rows) * len(data.outcomes)} cells differ between the readings."


def checked(data: MatrixMapData) -> MatrixMapData:
    """The same data, if it can be drawn.

    Raises
    ------
    InvalidArgument
        With everything that is wrong: no intervention or outcome, rows of another length, points outside `least`
        to `most`, readings without the points themselves, a placement that there is not.
    """
    refuse_problems("this matrix", _problems(data))
    return data


def _problems(data: MatrixMapData) -> Iterator[str]:
    if not data.rows:
        yield "it has no intervention"
    if not data.outcomes:
        yield "it has no outcome"
    if not (1 <= data.most <= SHADES and -SHADES <= data.least <= 0):
        yield f"the points are {data.least} to {data.most}: give a least of {-SHADES} to 0 and a most of 1 to {SHADES}"
    for row in data.rows:
        if len(row.cells) != len(data.outcomes):
            yield f"{row.label!r} has {len(row.cells)} cells for {len(data.outcomes)} outcomes"
        for cell in row.cells:
            yield from (f"{row.label!r} {problem}" for problem in _cell_problems(cell, data))


def _cell_problems(cell: MapCell, data: MatrixMapData) -> Iterator[str]:
    for points in (cell.points, cell.printed, *cell.readings):
        if points is not None and not data.least <= points <= data.most:
            yield f"has {points} points, not {data.least} to {data.most}"
    if cell.readings and cell.points not in cell.readings:
        yield f"has {cell.points} points, which is none of its readings"
    if cell.fragility is not None and cell.fragility < 1:
        yield f"has a fragility of {cell.fragility}, not 1 or more studies"
    if cell.placement not in PLACEMENTS:
        yield f"has a placement {cell.placement!r}: {did_you_mean(cell.placement, PLACEMENTS)}"
