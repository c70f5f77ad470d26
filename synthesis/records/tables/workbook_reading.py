"""A workbook as cells. It may come from anybody: its size is limited before it is unpacked, and nothing is run."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Any

from synthesis.errors import InvalidData, Problem, Severity, did_you_mean
from synthesis.records.tables.columns import SHAPES
from synthesis.records.tables.grid import Cell, Grid, Grids
from synthesis.records.tables.workbook import ABOUT, WORDS

UNPACKED = 40_000_000  # bytes of all parts of a workbook
MOST_CELLS = 1_000_000  # of one sheet, from its first to its last
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
DATE_REMEDY = "format the cell as text, and type the value again"
FORMULA_REMEDY = "copy the cells, and paste them as values"


def workbook_grids(data: bytes, path: str) -> Grids:
    """The cells of the sheets of a workbook that are known.

    Raises
    ------
    InvalidData
        It is no workbook, it is too large once unpacked, it declares entities, or it has no sheet of records.
    """
    _check(data, path)
    book = _opened(data, path)
    notes: list[Problem] = []
    grids = []
    for sheet in book.worksheets:
        if sheet.title in SHAPES:
            where = f"{path}[{sheet.title}]"
            notes += _merged(sheet, where)
            if sheet.sheet_state != "visible":
                notes.append(_note(where, "a hidden sheet: it is read", "remove it if it is not meant"))
            grids.append(Grid(sheet.title, where, tuple(_cells(sheet, where))))
        elif sheet.title not in (ABOUT, WORDS):
            near = did_you_mean(sheet.title, SHAPES)
            severity = Severity.ERROR if near.startswith("did you") else Severity.NOTE
            what = f"the sheet {sheet.title!r} is none of a review: it is not read"
            notes.append(
                Problem(path, 1, 1, "SY342", what, near if severity is Severity.ERROR else "nothing", severity)
            )
    if not grids:
        raise InvalidData([_fault(path, "no sheet of records", f"it needs one of: {', '.join(SHAPES)}"), *notes])
    return Grids(tuple(grids), tuple(notes))


def _check(data: bytes, path: str) -> None:
    """Refuse what would not fit into memory, and entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
            if size > UNPACKED:
                what = f"its parts are larger than {UNPACKED:,} bytes"
                raise InvalidData([_fault(path, what, "remove what does not belong; import fewer studies at once")])
            for entry in archive.infolist():
                _check_part(archive.read(entry), entry.filename, path)
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        RuntimeError,
        EOFError,
        zipfile.error,
        ValueError,
        OSError,
    ) as error:
        if isinstance(error, InvalidData):
            raise
        what = f"no workbook (.xlsx): {error}"
        remedy = "save it as .xlsx, without a password; an .xls or .ods file is another form"
        raise InvalidData([_fault(path, what, remedy)]) from error


def _check_part(part: bytes, name: str, path: str) -> None:
    if name.endswith((".xml", ".rels")) and (b"<!DOCTYPE" in part or b"<!ENTITY" in part or b"\0" in part[:200]):
        raise InvalidData([_fault(path, f"{name} declares entities", "save the workbook again with your program")])


def _opened(data: bytes, path: str) -> Any:
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what openpyxl does not keep: nothing is kept here
            return load_workbook(io.BytesIO(data), rich_text=False)
    except Exception as error:  # openpyxl raises whatever a broken workbook brings about
        what = f"no workbook that can be read: {type(error).__name__}"
        raise InvalidData([_fault(path, what, "save it again with your program")]) from error


def _cells(sheet: Any, path: str) -> Iterator[Cell]:
    if sheet.max_row * sheet.max_column > MOST_CELLS:
        what = f"a sheet of {sheet.max_row:,} rows and {sheet.max_column:,} columns"
        remedy = "remove the empty rows and columns behind the table, and save it again"
        raise InvalidData([_fault(path, what, remedy)])
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value is not None:
                yield _cell(cell)


def _cell(cell: Any) -> Cell:
    value, row, column = cell.value, cell.row, cell.column
    if cell.data_type == "f":
        return Cell("", row, column, "SY333", "a formula, whose value is not known here", FORMULA_REMEDY)
    if cell.data_type == "e":
        return Cell("", row, column, "SY333", f"an error of the spreadsheet, {value}", "write the value, or nothing")
    if isinstance(value, (date, time, timedelta)):
        return Cell("", row, column, "SY334", f"a date or time, {value}", DATE_REMEDY)
    if isinstance(value, bool):
        return Cell("true" if value else "false", row, column)
    if isinstance(value, (int, float)):
        return Cell(repr(value), row, column)
    return Cell(ESCAPED.sub(lambda found: chr(int(found[1], 16)), str(value)), row, column)


def _merged(sheet: Any, path: str) -> Iterator[Problem]:
    for cells in sheet.merged_cells.ranges:
        what = f"merged cells, {cells.coord}"
        yield Problem(path, cells.min_row, cells.min_col, "SY332", what, "part them, and write the value in each row")


def _fault(path: str, what: str, remedy: str) -> Problem:
    return Problem(path, 1, 1, "SY330", what, remedy)


def _note(path: str, what: str, remedy: str) -> Problem:
    return Problem(path, 1, 1, "SY342", what, remedy, Severity.NOTE)
