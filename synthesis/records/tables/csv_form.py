"""Sheets as CSV, and CSV as cells: with commas or semicolons, with or without a byte order mark."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from synthesis.csv_guard import guarded, unguarded
from synthesis.errors import InvalidData, Problem, Severity
from synthesis.records.tables.cells import LATIN
from synthesis.records.tables.columns import SHAPES
from synthesis.records.tables.grid import Cell, Grid, Grids
from synthesis.records.tables.rows import FIRST_ROWS, names_in
from synthesis.records.tables.sheets import Sheet

MARK = "\ufeff"  # by which a spreadsheet knows that a file is UTF-8
DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}
SEPARATOR = re.compile(r'"?sep=(?P<sign>.)"?[;,\t]*(?:\r?\n|\Z)', re.IGNORECASE)  # the first line, as Excel takes it
MOST_CELLS = 1_000_000
LONGEST = 1_000_000  # characters of one cell
LATIN_REMEDY = "look at every letter with an accent in the changes; better, save it as `CSV UTF-8`"


def csv_text(sheet: Sheet) -> str:
    """A sheet as CSV, with a quotation mark before every text that a program could take for a formula."""
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\n")
    writer.writerow(sheet.shape.header)
    for row in sheet.rows:
        writer.writerow([guarded(cell) for cell in row])
    return made.getvalue()


def csv_grids(data: bytes, path: str, name: str = "") -> Grids:
    """The cells of a CSV file.

    Parameters
    ----------
    data : bytes
        The file.
    path : str
        Its name in messages.
    name : str, optional
        Of the sheet; without it, the one whose columns the header has.

    Raises
    ------
    InvalidData
        It is no CSV.
    """
    notes: list[Problem] = []
    latin = False
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        text, latin = _latin(data, path, error), True
        notes.append(_note(path, "this is not UTF-8, and was read as Windows-1252", LATIN_REMEDY))
    delimiter, told = _delimiter(text), SEPARATOR.match(text)
    if told:
        delimiter, text = _told(told, path), text[told.end() :]
        notes.append(
            _note(path, f"the first line, {told[0].strip()}, is no row of the table", "nothing: it is left out")
        )
    if delimiter != ",":
        what = f"the cells are parted by {DELIMITERS[delimiter]}, not by commas"
        notes.append(_note(path, what, "nothing: they are read all the same; numbers need a decimal point"))
    rows = _rows(text, delimiter, path)
    _check(rows, path)
    cells = tuple(
        Cell(unguarded(text), number, column)
        for number, row in enumerate(rows, 1)
        for column, text in enumerate(row, 1)
    )
    return Grids((Grid(name or _name(rows), path, cells, latin=latin),), tuple(notes))


def _latin(data: bytes, path: str, error: UnicodeDecodeError) -> str:
    if b"\0" in data[:1000]:
        what, remedy = "this is no CSV: it holds zero bytes", "save the sheet as CSV UTF-8, or as .xlsx"
        raise InvalidData([Problem(path, 1, 1, "SY330", what, remedy)]) from error
    return data.decode(LATIN, "replace")


def _told(line: re.Match[str], path: str) -> str:
    """What parts the cells by the word of the first line."""
    if line["sign"] not in DELIMITERS:
        what, remedy = f"the cells are parted by {line['sign']!r}", "save the sheet as `CSV UTF-8`"
        raise InvalidData([Problem(path, 1, 1, "SY330", what, remedy)])
    return line["sign"]


def _delimiter(text: str) -> str:
    """What parts the names of the columns: in the first line, or below a title."""
    lines = text.split("\n", FIRST_ROWS)[:FIRST_ROWS]
    names = {sign: max(_most_names([line.replace('"', "").split(sign)]) for line in lines) for sign in DELIMITERS}
    return max(DELIMITERS, key=lambda sign: (names[sign], lines[0].count(sign)))


def _most_names(rows: Iterable[Sequence[str]]) -> int:
    """The most names of columns of one sheet in one row."""
    return max((names_in(row, shape) for row in rows for shape in SHAPES.values()), default=0)


def _rows(text: str, delimiter: str, path: str) -> list[list[str]]:
    before = csv.field_size_limit(LONGEST)
    rows: list[list[str]] = []
    try:
        rows.extend(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        remedy = "quote cells with commas, quotes or line ends; a quote within quotes is written twice"
        raise InvalidData([Problem(path, len(rows) + 1, 1, "SY330", f"not CSV: {error}", remedy)]) from error
    finally:
        csv.field_size_limit(before)
    return rows


def _check(rows: list[list[str]], path: str) -> None:
    """Refuse what is too large, and rows that end too early: their values would seem to be taken away."""
    filled = [(number, row) for number, row in enumerate(rows, 1) if any(cell.strip() for cell in row)]
    if sum(len(row) for _, row in filled) > MOST_CELLS:
        what = f"more than {MOST_CELLS:,} cells"
        raise InvalidData([Problem(path, 1, 1, "SY330", what, "import fewer studies at once")])
    wanted = max((number for number, name in enumerate(filled[0][1], 1) if name.strip()), default=0) if filled else 0
    short = [
        Problem(
            path, number, len(row), "SY332", f"{len(row)} cells under {wanted} columns", "write an empty cell as ,,"
        )
        for number, row in filled
        if len(row) < wanted
    ]
    if short:
        raise InvalidData(short)


def _name(rows: Sequence[Sequence[str]]) -> str:
    """The sheet that a header belongs to: the one that has most of its columns, and the fewest others."""
    header = max(rows[:FIRST_ROWS], key=lambda row: _most_names([row]), default=())
    return max(SHAPES, key=lambda name: (names_in(header, SHAPES[name]), -len(SHAPES[name].header)))


def _note(path: str, what: str, remedy: str) -> Problem:
    return Problem(path, 1, 1, "SY344", what, remedy, Severity.NOTE)
