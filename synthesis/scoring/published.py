"""What others printed, read strictly: the scoring matrix and the statements of reviews, guidelines and reports."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from synthesis.files import MEGABYTE
from synthesis.records.csv_table import Line, Table, TableCodes, table_text
from synthesis.records.study import DIRECTIONS, NOT_STATED, SIGNIFICANCES, Place

CODES: Mapping[str, str] = {
    "SY600": "a published table cannot be read as UTF-8 CSV",
    "SY601": "a published table lacks a column, or has one twice",
    "SY602": "a row has more or fewer fields than the header",
    "SY603": "a value is missing",
    "SY604": "a value is not one of the allowed ones",
    "SY605": "points are not a whole number",
    "SY606": "a cell, a total or a statement is given twice",
    "SY607": "a printed total is not the sum of its printed cells",
}

T = TypeVar("T")
FOLDER = "studies/published"
LIMIT = 50 * MEGABYTE
PUBLISHED = TableCodes("SY600", "SY601", "SY602", "SY603", "SY604", "SY605")
PLACEMENTS = ("certain", "inferred", "ambiguous", "none")
TOTAL = "total"  # stands where an outcome does in the row of a total
MATRIX_COLUMNS = ("row", "outcome", "points", "placement", "reason")
STATEMENT_COLUMNS = (
    "statement", "document", "at", "rows", "outcome", "direction", "significant", "limited", "design", "evidence_set",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PrintedCell:
    """A cell of the printed matrix; without points where none were printed."""

    row: str  # a code of the review's rows
    outcome: str  # an outcome with a column
    points: int | None = None
    placement: str = "none"  # how sure the column is, one of PLACEMENTS
    reason: str = ""
    other_readings: str = ""  # the columns that the printed numbers could also belong to
    place: Place | None = None

    @property
    def doubtful(self) -> bool:
        """Whether the column of the printed points was inferred."""
        return self.placement in ("inferred", "ambiguous")


@dataclass(frozen=True, slots=True)
class PrintedMatrix:
    """The matrix as somebody printed it."""

    cells: Mapping[tuple[str, str], PrintedCell]  # by row and outcome
    totals: Mapping[str, int]  # by row
    total_places: Mapping[str, Place] = field(default_factory=dict)  # by row, where the total was read

    def cell(self, row: str, outcome: str) -> PrintedCell:
        """The cell, an empty one where nothing was printed."""
        return self.cells.get((row, outcome), PrintedCell(row, outcome))


@dataclass(frozen=True, slots=True)
class Statement:
    """What a review, a guideline or a report says of an intervention; never a study."""

    key: str
    document: str  # a key of the library
    at: str  # where it was read
    rows: tuple[str, ...]  # matrix rows under which the source places it
    outcome: str
    direction: str  # one of DIRECTIONS
    significant: str  # one of SIGNIFICANCES
    limited: str  # the words that hedge it, or nothing
    design: str
    evidence_set: str
    place: Place


def read_published(root: Path, name: str, read: Callable[[str, str], T], absent: T) -> T:
    """A published table of a review folder, as `read` makes it of text and path; `absent` where there is no such file.

    Raises
    ------
    InvalidData
        The file is not UTF-8, and whatever `read` finds wrong.
    """
    path = f"{FOLDER}/{name}"
    if not (root / path).is_file():
        return absent
    return read(table_text(root / path, path, PUBLISHED.unreadable, LIMIT), path)


def read_matrix(text: str, path: str, rows: Collection[str], outcomes: Collection[str]) -> PrintedMatrix:
    """The printed matrix from the text of `scoring_matrix.csv`.

    Parameters
    ----------
    text, path : str
        The file's text, and its name in messages.
    rows, outcomes : collection of str
        The row codes and the scored outcomes that there are.

    Raises
    ------
    InvalidData
        Everything wrong with it: SY600 to SY607.
    """
    table = Table(text, path, MATRIX_COLUMNS, PUBLISHED)
    cells: dict[tuple[str, str], PrintedCell] = {}
    totals: dict[str, int] = {}
    places: dict[str, Place] = {}
    for line in table.lines():
        row, outcome = line.one_of("row", rows), line.one_of("outcome", (*outcomes, TOTAL))
        line.once("SY606", f"the {outcome} of row {row}", (row, outcome))
        points = line.points("points")
        if outcome != TOTAL:
            placement = line.one_of("placement", PLACEMENTS)
            words = line.text("reason"), line.text("other_readings")
            cells[row, outcome] = PrintedCell(row, outcome, points, placement, *words, line.place())
        elif points is not None:
            totals[row], places[row] = points, line.place()
            _check_total(line, row, points, [cell for cell in cells.values() if cell.row == row])
    table.stop()
    return PrintedMatrix(cells, totals, places)


def _check_total(line: Line, row: str, total: int, cells: list[PrintedCell]) -> None:
    printed = [cell.points for cell in cells if cell.points is not None]
    if printed and sum(printed) != total:
        what = f"the total of row {row} is {total}, its cells printed before it make {sum(printed)}"
        line.fault("points", "SY607", what, "correct a cell or the total; a total stands after its cells")


def read_statements(
    text: str, path: str, rows: Collection[str], outcomes: Collection[str], evidence_sets: Collection[str]
) -> tuple[Statement, ...]:
    """The statements from the text of `statements.csv`, in file order.

    Raises
    ------
    InvalidData
        Everything wrong with it: SY600 to SY606.
    """
    table = Table(text, path, STATEMENT_COLUMNS, PUBLISHED)
    found = []
    for line in table.lines():
        key = line.required("statement")
        line.once("SY606", f"statement {key}", (key,))
        found.append(
            Statement(
                key=key,
                document=line.required("document"),
                at=line.text("at"),
                rows=line.several("rows", rows),
                outcome=line.one_of("outcome", outcomes),
                direction=line.one_of("direction", DIRECTIONS, NOT_STATED),
                significant=line.one_of("significant", SIGNIFICANCES, NOT_STATED),
                limited=line.text("limited"),
                design=line.text("design"),
                evidence_set=line.one_of("evidence_set", evidence_sets),
                place=line.place(),
            )
        )
    table.stop()
    return tuple(found)
