"""A matrix of studies by reviews from a file: CSV with commas, semicolons or tabs, or XLSX."""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from synthesis import files
from synthesis.citations.overlap import Overlap, overlap
from synthesis.errors import InvalidData, Problem

if TYPE_CHECKING:
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

LIMIT = 50 * files.MEGABYTE
UNPACKED = 100 * files.MEGABYTE  # of an XLSX file, which is a packed one
MOST_ROWS, MOST_COLUMNS, MOST_SHOWN = 100_000, 2_000, 20
DELIMITERS = ",;\t"
HAS, LACKS = ("1",), ("0",)
MISSING = ("X", "NA", "N/A", "")  # the review could not have included the study
REMEDY = "write 1 (included), 0 (not included), X or NA (could not be included: the study is younger than the search)"


@dataclass(frozen=True, slots=True)
class MatrixFile:
    """A matrix as it stands in a file."""

    reviews: tuple[str, ...]
    studies: tuple[str, ...]
    cells: tuple[tuple[bool | None, ...], ...]  # one row per study; None: the review could not have included it
    blank: int  # how many of the None were empty cells
    path: str

    def overlap(self, *, structural: bool = True) -> Overlap:
        """The overlap of its reviews; studies that nobody includes are no rows, a review without studies is a column.

        Parameters
        ----------
        structural : bool
            Whether a cell that could not be included is missing; else it is a study left out.

        Raises
        ------
        InvalidArgument
            Fewer than two reviews, or no study is included.
        """
        columns = dict(zip(self.reviews, zip(*self.cells, strict=True), strict=True))
        has = {review: self._where(column, True) for review, column in columns.items()}
        barred = {review: self._where(column, None) for review, column in columns.items()}
        found = overlap(has, barred if structural else {}, empty=True)
        return replace(found, nobody=tuple(sorted(set(self.studies).difference(found.studies))))

    def _where(self, column: tuple[bool | None, ...], wanted: bool | None) -> list[str]:
        return [study for study, cell in zip(self.studies, column, strict=True) if cell is wanted]


def read_matrix_file(file: Path, path: str = "") -> MatrixFile:
    """A matrix from a file: one row a study, one column a review, names in the first column and the first row.

    Parameters
    ----------
    file : Path
        CSV (commas, semicolons or tabs) in UTF-8, or XLSX, of which the first sheet is read. A cell is 1 (included),
        0 (not included), or X, NA or nothing (could not be included). Rows without anything are passed over.
    path : str, optional
        The file's name in messages.

    Raises
    ------
    InvalidData
        Everything wrong with it, by line and column: SY513 to SY516.
    """
    named = path or file.name
    rows = list(_sheet(file, named) if file.suffix.lower() in (".xlsx", ".xlsm") else _csv(file, named))
    filled = [(line, row) for line, row in rows if any(row)]
    if problems := tuple(_problems(filled, named)):
        raise InvalidData(_shortened(problems))
    reviews = filled[0][1][1:]
    cells = tuple(tuple(_cell(text) for text in row[1:]) for _, row in filled[1:])
    blank = sum(text == "" for _, row in filled[1:] for text in row[1:])
    return MatrixFile(tuple(reviews), tuple(row[0] for _, row in filled[1:]), cells, blank, named)


def _shortened(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """The first problems, and how many more there are."""
    if len(problems) <= MOST_SHOWN:
        return problems
    following, more = problems[MOST_SHOWN], len(problems) - MOST_SHOWN
    rest = f"from here on {more} more problems, not shown"
    return *problems[:MOST_SHOWN], replace(following, what=rest, remedy="mend those above first")


def _cell(text: str) -> bool | None:
    return None if text.upper() in MISSING else text in HAS


def _csv(file: Path, path: str) -> Iterator[tuple[int, list[str]]]:
    try:
        text = files.read_limited(file, LIMIT).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise _refused(path, "this is not UTF-8", "save the file as UTF-8", line) from error
    head = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(DELIMITERS, key=head.count), strict=True)
    line = 1
    try:
        for row in reader:
            yield line, [cell.strip() for cell in row]
            line = reader.line_num + 1
    except csv.Error as error:
        raise _refused(path, f"not CSV: {error}", "quote fields with delimiters or line ends", line) from error


def _sheet(file: Path, path: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of the first sheet, cut to the header's length where what follows is empty."""
    import openpyxl

    data = files.read_limited(file, LIMIT)
    try:
        _check_size(data, path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what openpyxl does not keep: nothing is kept here
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            rows = [[_text(value) for value in row] for row in _values(book.worksheets[0], path)]
    except InvalidData:
        raise
    except Exception as error:  # openpyxl lets through whatever a broken file makes it meet
        raise _refused(path, f"not an XLSX file that can be read ({type(error).__name__})", "save it as CSV") from error
    width = max((place for row in rows for place, text in enumerate(row, 1) if text), default=0)
    for line, row in enumerate(rows, 1):
        yield line, [*row, *[""] * width][:width]


def _check_size(data: bytes, path: str) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        size = sum(part.file_size for part in packed.infolist())
    if size > UNPACKED:
        raise _refused(path, f"it unpacks to {size} bytes, more than {UNPACKED}", "save the sheet as CSV")


def _values(sheet: ReadOnlyWorksheet, path: str) -> Iterator[Sequence[object]]:
    sheet.reset_dimensions()  # a file may claim a width that it has not
    for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
        if number > MOST_ROWS or len(row) > MOST_COLUMNS:
            what = f"more than {MOST_ROWS} rows or {MOST_COLUMNS} columns"
            raise _refused(path, what, "give the matrix alone in the first sheet", number)
        yield row


def _text(value: object) -> str:
    """A cell of a sheet as text; whole numbers without a point, as they are shown."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).strip()


def _problems(rows: Sequence[tuple[int, Sequence[str]]], path: str) -> Iterator[Problem]:
    if len(rows) < 2 or len(rows[0][1]) < 3:
        what = "no matrix: a header with at least two reviews and a row with a study are needed"
        yield _problem(path, "SY514", what, "put studies in rows and reviews in columns")
        return
    header = rows[0][1]
    names = [(rows[0][0], place, name) for place, name in enumerate(header[1:], 2)]
    yield from _twice(names, "review", path)
    yield from _twice([(line, 1, row[0] if row else "") for line, row in rows[1:]], "study", path)
    for line, row in rows[1:]:
        if len(row) != len(header):
            what = f"{len(row)} fields under {len(header)} columns"
            yield _problem(path, "SY514", what, "give each study a cell for each review", (line, 1))
        for place, text in enumerate(row[1:], 2):
            if text not in (*HAS, *LACKS) and text.upper() not in MISSING:
                yield _problem(path, "SY515", f"the cell {text[:40]!r}", REMEDY, (line, place))


def _twice(names: Sequence[tuple[int, int, str]], what: str, path: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for line, column, name in names:
        if not name:
            yield _problem(path, "SY514", f"a {what} without a name", f"name the {what}", (line, column))
        elif name in seen:
            yield _problem(path, "SY516", f"the {what} {name[:60]!r} stands here again", "join the two", (line, column))
        seen.add(name)


def _problem(path: str, code: str, what: str, remedy: str, at: tuple[int, int] = (1, 1)) -> Problem:
    return Problem(path, *at, code, what, remedy)


def _refused(path: str, what: str, remedy: str, line: int = 1) -> InvalidData:
    return InvalidData([_problem(path, "SY513", what, remedy, (line, 1))])
