"""Sheets as CSV, and CSV as cells: with commas or semicolons, with or without a byte order mark."""

from __future__ import annotations

import csv
import io

from synthesis.csv_guard import guarded, unguarded
from synthesis.errors import InvalidData, Problem, Severity
from synthesis.records.tables.cells import LATIN
from synthesis.records.tables.columns import SHAPES
from synthesis.records.tables.grid import Cell, Grid, Grids
from synthesis.records.tables.sheets import Sheet

MARK = "\ufeff"  # by which a spreadsheet knows that a file is UTF-8
DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}
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
    delimiter = _delimiter(text)
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
    return Grids((Grid(name or _name(rows[0] if rows else []), path, cells, latin=latin),), tuple(notes))


def _latin(data: bytes, path: str, error: UnicodeDecodeError) -> str:
    if b"\0" in data[:1000]:
        what, remedy = "this is no CSV: it holds zero bytes", "save the sheet as CSV UTF-8, or as .xlsx"
        raise InvalidData([Problem(path, 1, 1, "SY330", what, remedy)]) from error
    return data.decode(LATIN, "replace")


def _delimiter(text: str) -> str:
    """What parts the names in the first line."""
    line = text.split("\n", 1)[0]
    return max(DELIMITERS, key=line.count)


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


def _name(header: list[str]) -> str:
    """The sheet that a header belongs to: the one that has most of its columns, and the fewest others."""
    names = {name.strip() for name in header}
    return max(SHAPES, key=lambda name: (len(names & set(SHAPES[name].header)), -len(SHAPES[name].header)))


def _note(path: str, what: str, remedy: str) -> Problem:
    return Problem(path, 1, 1, "SY344", what, remedy, Severity.NOTE)
