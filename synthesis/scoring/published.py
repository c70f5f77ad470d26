"""What others printed, read strictly: the scoring matrix and the statements of reviews, guidelines and reports."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from synthesis.errors import InvalidData, Problem, did_you_mean
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
    "SY650": "a rule file is not plain YAML",
    "SY651": "a rule file lacks a field, or has one it cannot use",
    "SY652": "a value of a rule file is of the wrong kind",
    "SY653": "a condition of a rule cannot be read",
    "SY654": "a rule file names something that is not known, or contradicts itself",
    "SY655": "a rule leaves findings that can occur together without a state",
}

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
    table = Table(text, path, MATRIX_COLUMNS)
    cells: dict[tuple[str, str], PrintedCell] = {}
    totals: dict[str, int] = {}
    for line in table.lines():
        row, outcome = line.one_of("row", rows), line.one_of("outcome", (*outcomes, TOTAL))
        line.once("SY606", f"the {outcome} of row {row}", (row, outcome))
        points = line.points("points")
        if outcome != TOTAL:
            placement = line.one_of("placement", PLACEMENTS)
            words = line.text("reason"), line.text("other_readings")
            cells[row, outcome] = PrintedCell(row, outcome, points, placement, *words, line.place())
        elif points is not None:
            totals[row] = points
            _check_total(line, row, points, [cell for cell in cells.values() if cell.row == row])
    table.stop()
    return PrintedMatrix(cells, totals)


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
    table = Table(text, path, STATEMENT_COLUMNS)
    found = []
    for line in table.lines():
        key = line.required("statement")
        line.once("SY606", f"statement {key}", (key,))
        codes = tuple(code.strip() for code in line.text("rows").split(";") if code.strip())
        for code in codes:
            line.check("rows", code, rows)
        found.append(
            Statement(
                key=key,
                document=line.required("document"),
                at=line.text("at"),
                rows=codes,
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


class Table:
    """The lines of a CSV text under a checked header; problems are collected."""

    def __init__(self, text: str, path: str, columns: tuple[str, ...]) -> None:
        self.path = path
        self.columns = columns
        self.problems: list[Problem] = []
        self.seen: set[tuple[str, ...]] = set()
        self.reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)

    def lines(self) -> Iterator[Line]:
        """Every row that has as many fields as the header, after the header was checked."""
        header: list[str] = []
        rows = self._rows()
        for _, header in rows:
            self._check_header(header)
            break
        else:
            self.fault(1, 1, "SY601", "the table is empty", f"begin it with {','.join(self.columns)}")
        self.stop()
        for number, row in rows:
            if len(row) != len(header):
                what = f"{len(row)} fields under {len(header)} columns"
                self.fault(number, 1, "SY602", what, "write one field per column; quote a field that holds a comma")
            elif any(row):
                yield Line(self, number, dict(zip(header, row, strict=True)))

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        """Every row with the number of its first line."""
        number = 1
        try:
            for row in self.reader:
                yield number, row
                number = self.reader.line_num + 1
        except csv.Error as error:
            self.fault(number, 1, "SY600", f"not CSV: {error}", "quote fields with commas, quotes or line ends")

    def _check_header(self, header: list[str]) -> None:
        for name in self.columns:
            if header.count(name) != 1:
                often = "no column" if name not in header else "more than one column"
                self.fault(1, 1, "SY601", f"{often} {name!r}", f"begin the table with {','.join(self.columns)}")

    def fault(self, line: int, column: int, code: str, what: str, remedy: str) -> None:
        """A problem at a place of the file."""
        self.problems.append(Problem(self.path, line, column, code, what, remedy))

    def stop(self) -> None:
        """Raise InvalidData with every problem so far, if there is one."""
        if self.problems:
            raise InvalidData(self.problems)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table by column name."""

    table: Table
    number: int
    values: Mapping[str, str]

    def place(self) -> Place:
        """Where the row begins."""
        return Place(self.table.path, self.number, 1)

    def text(self, name: str) -> str:
        """A field without white space around it; nothing where the table lacks the column."""
        return self.values.get(name, "").strip()

    def required(self, name: str) -> str:
        """A field that must not be empty: SY603."""
        text = self.text(name)
        if not text:
            self.fault(name, "SY603", f"{name} is empty", "fill it in")
        return text

    def one_of(self, name: str, known: Collection[str], empty: str = "") -> str:
        """A field with one of a few values, `empty` where it is blank: SY603, SY604."""
        text = self.text(name) or empty
        if not text:
            return self.required(name)
        self.check(name, text, known)
        return text

    def check(self, name: str, text: str, known: Collection[str]) -> None:
        """SY604 unless the text is known."""
        if text not in known:
            self.fault(name, "SY604", f"{name} {text!r} is not known", did_you_mean(text, known))

    def points(self, name: str) -> int | None:
        """A whole number, None where the field is blank: SY605."""
        text = self.text(name)
        if text and not (text.isascii() and text.isdecimal()):
            self.fault(name, "SY605", f"{name} {text!r} is not a whole number", "write a number, or nothing for blank")
            return None
        return int(text) if text else None

    def once(self, code: str, what: str, key: tuple[str, ...]) -> None:
        """A problem if the key was seen in an earlier row."""
        if key in self.table.seen:
            self.fault(next(iter(self.values)), code, f"{what} is given twice", "keep one of them")
        self.table.seen.add(key)

    def fault(self, name: str, code: str, what: str, remedy: str) -> None:
        """A problem at a field; the column counts fields from 1, as a spreadsheet does."""
        self.table.fault(self.number, list(self.values).index(name) + 1, code, what, remedy)
