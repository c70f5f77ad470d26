"""Files of sheets: a CSV file, a folder of them, or a workbook; the ending of the name says which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from synthesis.errors import InvalidArgument, InvalidData, Problem, Severity, did_you_mean
from synthesis.files import read_limited, write_atomic
from synthesis.records.review import Review
from synthesis.records.tables.columns import SHAPES, SHEETS
from synthesis.records.tables.csv_form import MARK, csv_grids, csv_text
from synthesis.records.tables.grid import Grid, Grids
from synthesis.records.tables.sheets import Sheet

CSV = (".csv", ".tsv", ".txt")
WORKBOOK = ".xlsx"
LIMIT = 50_000_000  # bytes of a file that is imported


def read_grids(file: Path) -> Grids:
    """The cells of a file or a folder of sheets.

    Raises
    ------
    InvalidArgument
        Its ending is none of a table.
    InvalidData
        It cannot be read as what its ending says.
    """
    if file.is_dir():
        return _folder(file)
    ending = file.suffix.lower()
    if ending in CSV:
        return csv_grids(read_limited(file, LIMIT), file.name)
    if ending == WORKBOOK:
        from synthesis.records.tables.workbook_reading import workbook_grids

        return workbook_grids(read_limited(file, LIMIT), file.name)
    raise InvalidArgument(f"{file.name}: give a .csv or .xlsx file, or a folder of .csv files")


def write_sheets(target: Path, sheets: Sequence[Sheet], review: Review, *, force: bool = False) -> tuple[Path, ...]:
    """Write sheets, and give the files that were written.

    Parameters
    ----------
    target : Path
        A name that ends in .csv, for one sheet, or in .xlsx; else a folder, for a CSV file of each sheet.
    sheets : sequence of Sheet
        At least one.
    review : Review
        Whose names a workbook offers for choice.
    force : bool, optional
        Write over files that are there already.

    Raises
    ------
    InvalidArgument
        A file is there already, or one CSV file should hold several sheets.
    """
    files = _files(target, sheets, review)
    present = [file for file in files if file.exists()]
    if present and not force:
        raise InvalidArgument(f"{present[0]} is there already, maybe with your changes: take another name, or --force")
    for file, data in files.items():
        write_atomic(file, data)
    return tuple(files)


def _files(target: Path, sheets: Sequence[Sheet], review: Review) -> Mapping[Path, bytes]:
    ending = target.suffix.lower()
    if ending == WORKBOOK:
        from synthesis.records.tables.workbook import workbook

        return {target: workbook(sheets, review)}
    if ending == ".csv" and not target.is_dir():
        if len(sheets) > 1:
            raise InvalidArgument(
                f"{target.name} can hold one sheet: choose it with --sheet, or name a folder or .xlsx"
            )
        return {target: _csv(sheets[0])}
    if ending and not target.is_dir():
        raise InvalidArgument(f"{target.name}: let the name end in .csv or .xlsx, or give a folder")
    return {target / f"{sheet.shape.name}.csv": _csv(sheet) for sheet in sheets}


def _csv(sheet: Sheet) -> bytes:
    """With a byte order mark, without which Excel takes the letters for others."""
    return (MARK + csv_text(sheet)).encode()


def _folder(folder: Path) -> Grids:
    grids: list[Grid] = []
    notes: list[Problem] = []
    for file in sorted(folder.glob("*.csv")):
        if file.stem not in SHAPES:
            near = did_you_mean(file.stem, SHEETS)
            what = "no sheet of records by its name: it is not read"
            notes.append(Problem(f"{folder.name}/{file.name}", 1, 1, "SY342", what, near, Severity.NOTE))
            continue
        found = csv_grids(read_limited(file, LIMIT), f"{folder.name}/{file.name}", file.stem)
        grids += found.grids
        notes += found.notes
    if not grids:
        what, remedy = "no sheet of records in this folder", f"it needs one of: {', '.join(SHEETS)}, each .csv"
        raise InvalidData([Problem(folder.name, 1, 1, "SY330", what, remedy), *notes])
    return Grids(tuple(grids), tuple(notes))
