"""The scoring matrix as the data of its heat map."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from synthesis.errors import InvalidArgument
from synthesis.rendering.plots.matrix_map_data import PLACEMENTS, MapCell, MapRow, MatrixMapData, cells
from synthesis.scoring.matrix import Cell, Matrix, MatrixRow
from synthesis.scoring.steadiness import Steadiness

USUAL = 3  # the most points of the rule that the matrix was made for
LONGEST_KEY = 3  # letters of a row that print gives; a longer one is a name of our own
HARM = "harm, with nothing in favour"


def matrix_map_data(matrix: Matrix, title: str) -> MatrixMapData:
    """The headline of a matrix, with its points under every policy of the rule, its fragility and what was printed.

    Parameters
    ----------
    matrix : Matrix
        Under a rule that gives points.
    title : str
        Of the figure.

    Raises
    ------
    InvalidArgument
        If the rule gives words: these have no shades.
    """
    rows = tuple(_row(matrix, row) for row in matrix.rows)
    reading = next((one for one in matrix.readings if one.name == matrix.headline), None)
    about = "" if reading is None else f": {reading.means}"
    data = MatrixMapData(
        title=title,
        outcomes=tuple(outcome.column for outcome in matrix.outcomes),
        rows=rows,
        reading=f"Rule {matrix.rule.key}, {matrix.headline}{about}; squares: the policies of the rule",
        footnotes=tuple(f"{row.row.label}: {row.row.footnote}" for row in matrix.rows if row.row.footnote),
    )
    points = [one for cell in cells(data) for one in (cell.points, cell.printed, *cell.readings) if one is not None]
    return _within(data, points)


def _within(data: MatrixMapData, points: Sequence[int]) -> MatrixMapData:
    """The same with shades for all points that there are."""
    return replace(data, most=max(USUAL, *points), least=min(0, *points)) if points else data


def _row(matrix: Matrix, row: MatrixRow) -> MapRow:
    found = tuple(_cell(matrix, cell) for cell in row.cells)
    code = row.row.code if len(row.row.code) <= LONGEST_KEY else ""
    return MapRow(code, row.row.label, found, row.row.group)


def _cell(matrix: Matrix, cell: Cell) -> MapCell:
    score = cell.scores[matrix.headline]
    if score.output and score.points is None:
        raise InvalidArgument(
            f"rule {matrix.rule.key} gives {score.output!r}, not points: a heat map needs a rule of points"
        )
    steady = matrix.steady.get((cell.row, cell.outcome))
    placement = cell.printed.placement
    return MapCell(
        points=score.points,
        readings=tuple(_readings(steady)),
        printed=cell.printed.points,
        placement=placement if placement in PLACEMENTS else "",
        fragility=None if steady is None else steady.fragile.flips,
        flags=(*score.flags, *((HARM,) if score.harm else ())),
    )


def _readings(steady: Steadiness | None) -> Iterator[int | None]:
    """The points under every policy."""
    if steady is not None:
        yield from (score.points for score in steady.by_policy.values())
