"""A plain CSV table: its columns as text and as numbers, every mistake with its line."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from synthesis import files
from synthesis.errors import InvalidArgument, InvalidData, Problem, did_you_mean

CODES: Mapping[str, str] = {
    "SY180": "a plain table that is not UTF-8 or not CSV",
    "SY181": "a plain table without a header, or with one name twice",
    "SY182": "a row with more or fewer fields than the header",
    "SY183": "a cell that is no number",
    "SY184": "a row whose numbers cannot be right together, or are out of all range",
}
LIMIT = 50_000_000  # bytes of a table
MISSING = ("", "NA", "NaN", "nan", ".")
OTHER_SIGNS = {";": "semicolons", "\t": "tabs"}  # what other programs put between fields


@dataclass(frozen=True, slots=True)
class Table:
    """Columns of a CSV table, as text, with the line on which each row begins."""

    path: str
    columns: Mapping[str, Sequence[str]]
    lines: Sequence[int]

    def text(self, name: str) -> Sequence[str]:
        """One column.

        Raises
        ------
        InvalidArgument
            There is none of that name; the nearest is suggested.
        """
        if name not in self.columns:
            raise InvalidArgument(f"{self.path} has no column {name!r}: {did_you_mean(name, self.columns)}")
        return self.columns[name]

    def problems(self, name: str, rows: Iterable[int], code: str, what: str, remedy: str) -> list[Problem]:
        """What is wrong with the cells of a column in some rows, each at its line and column."""
        place = list(self.columns).index(name) + 1
        return [
            Problem(self.path, self.lines[row], place, code, f"{name} {self.columns[name][row]!r} {what}", remedy)
            for row in rows
        ]

    def numbers(self, given: Mapping[str, str]) -> dict[str, list[float]]:
        """Columns as numbers, by what they are; a missing cell is NaN.

        Parameters
        ----------
        given : mapping
            What a column is -> its name.

        Raises
        ------
        InvalidArgument
            As `text`.
        InvalidData
            Every cell that is no number, with line and column.
        """
        problems: list[Problem] = []
        found: dict[str, list[float]] = {}
        remedy = "write a number with a decimal point, or leave the cell empty"
        for role, name in given.items():
            values = [_number(cell) for cell in self.text(name)]
            wrong = [row for row, value in enumerate(values) if value is None]
            problems += self.problems(name, wrong, "SY183", "is no number", remedy)
            found[role] = [math.nan if value is None else value for value in values]
        if problems:
            raise InvalidData(problems)
        return found

    def studies(self, name: str | None) -> tuple[str, ...]:
        """The names of the studies, from a column or, where there is none, from the numbers of the rows."""
        return tuple(self.text(name)) if name else tuple(f"row {row}" for row in range(1, len(self.lines) + 1))

    def groups(self, by: Sequence[str], rows: Iterable[int]) -> dict[str, list[int]]:
        """Some rows by the values of some columns; groups in the order in which they first appear."""
        columns = [self.text(name) for name in by]
        found: dict[str, list[int]] = {}
        for row in rows:
            found.setdefault(" ".join(column[row] for column in columns), []).append(row)
        return found


def read_table(path: Path) -> Table:
    """A CSV table with a header, from a file of at most 50 MB.

    Raises
    ------
    InvalidData
        Every row whose number of fields differs from the header's, with its line; a repeated or absent header.
    SynthesisError
        The file is not there, too large, or not UTF-8.
    """
    data = files.read_limited(path, LIMIT)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise InvalidData([_problem(path, line, "SY180", "this is not UTF-8", "save the file as UTF-8")]) from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[tuple[int, list[str]]] = []
    begin = 1
    try:
        for row in reader:
            if row:
                rows.append((begin, row))
            begin = reader.line_num + 1
    except csv.Error as error:
        remedy = "quote fields that hold commas, quotes or line ends"
        raise InvalidData([_problem(path, begin, "SY180", f"not CSV: {error}", remedy)]) from None
    return _table(path, rows)


def _table(path: Path, rows: Sequence[tuple[int, list[str]]]) -> Table:
    if not rows:
        raise InvalidData([_problem(path, 1, "SY181", "the table is empty", "begin it with the names of its columns")])
    header = [name.strip() for name in rows[0][1]]
    sign = next((sign for sign in OTHER_SIGNS if len(header) == 1 and sign in header[0]), None)
    if sign:
        remedy = "save it as CSV with commas between the fields, and with decimal points"
        raise InvalidData([_problem(path, 1, "SY181", f"fields parted by {OTHER_SIGNS[sign]}, not commas", remedy)])
    problems = [
        _problem(path, 1, "SY181", f"the column {name!r} stands twice", "give each column a name of its own")
        for name in dict.fromkeys(header)
        if header.count(name) > 1
    ]
    problems += [
        _problem(
            path, line, "SY182", f"{len(row)} fields under {len(header)} columns", "write one field for each column"
        )
        for line, row in rows[1:]
        if len(row) != len(header)
    ]
    if problems:
        raise InvalidData(problems)
    columns = {name: [row[place].strip() for _, row in rows[1:]] for place, name in enumerate(header)}
    return Table(str(path), columns, [line for line, _ in rows[1:]])


def _number(cell: str) -> float | None:
    """A finite number, NaN where it is missing, None where the cell is neither."""
    if cell in MISSING:
        return math.nan
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if math.isfinite(value) and "_" not in cell else None


def _problem(path: Path, line: int, code: str, what: str, remedy: str) -> Problem:
    return Problem(str(path), line, 1, code, what, remedy)
