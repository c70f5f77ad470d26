"""Sheets as one workbook for Excel, LibreOffice and others: every cell is text, and equal content gives equal bytes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from synthesis.csv_guard import guarded
from synthesis.records.fields import Field
from synthesis.records.review import Review
from synthesis.records.study import NOT_STATED
from synthesis.records.tables.columns import takes
from synthesis.records.tables.sheets import Sheet

ABOUT = "about"  # the sheet of explanations
WORDS = "words"  # the hidden sheet of what may be chosen
BEGIN = datetime(2000, 1, 1)  # noqa: DTZ001 - the format has no time zone; no workbook tells when it was made
ZIP_BEGIN = (1980, 1, 1, 0, 0, 0)
TEXT = "@"  # the number format of text
LAST_ROW = 1_048_576
WIDTHS = {"text": 28, "name": 22, "texts": 24, "names": 24, "word": 18, "judged": 14}
CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0d\x0e-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)"
)  # no XML can hold them; or mistaken
BASE_WIDTH = 12
NO_MARKS = b'<ignoredErrors><ignoredError sqref="A1:XFD1048576" numberStoredAsText="1"/></ignoredErrors>'
HEADER = "DDE6EE"


def workbook(sheets: Sequence[Sheet], review: Review) -> bytes:
    """The bytes of a workbook (.xlsx).

    Parameters
    ----------
    sheets : sequence of Sheet
        In this order, before a sheet that explains the columns.
    review : Review
        Whose names are offered for choice.
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    book.properties.creator = "synth"
    book.properties.created = book.properties.modified = BEGIN
    choices = _choices(sheets, review)
    for sheet in sheets:
        _fill(book, sheet, review, choices)
    _explain(book, sheets)
    _words(book, choices)
    made = io.BytesIO()
    book.save(made)
    return _undated(made.getvalue())


def escaped(text: str) -> str:
    """A text for XML: what it cannot hold is written by its number, as spreadsheets do (ECMA-376, ST_Xstring)."""
    return CONTROL.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def _fill(book: Any, sheet: Sheet, review: Review, choices: Mapping[tuple[str, ...], str]) -> None:
    made = book.create_sheet(sheet.shape.name)
    made.freeze_panes = "C2" if sheet.shape.key else "B2"
    for number, (name, field) in enumerate(sheet.shape.explained(), 1):
        column = made.column_dimensions[_letters(number)]
        column.width = BASE_WIDTH if name == "base" else max(WIDTHS.get(field.kind, 10), len(name) + 2)
        column.hidden = name == "base"
        column.number_format = TEXT
        words = _offered(field, review)
        if words:
            _choose(made, _letters(number), words, choices[words])
    made.append([_head(made, name) for name in sheet.shape.header])
    for row in sheet.rows:
        made.append([_cell(made, text) for text in row])
    made.auto_filter.ref = f"A1:{_letters(len(sheet.shape.header))}{len(sheet.rows) + 1}"


def _cell(sheet: Any, text: str) -> Any:
    """A cell that is text, whatever it looks like."""
    from openpyxl.cell import WriteOnlyCell

    if not text:
        return None
    cell = WriteOnlyCell(sheet, escaped(text))
    cell.data_type = "s"
    cell.number_format = TEXT
    if guarded(text) != text:
        cell.quotePrefix = True
    return cell


def _head(sheet: Any, name: str) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font, PatternFill

    cell = WriteOnlyCell(sheet, name)
    cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor=HEADER)
    cell.number_format = TEXT
    return cell


def _offered(field: Field, review: Review) -> tuple[str, ...]:
    """What may be chosen for a cell of one value."""
    if field.kind == "truth":
        return ("true", "false", NOT_STATED)
    if field.kind == "level":
        return (*field.words, NOT_STATED)
    if field.kind == "name":
        names = {
            "modalities": (*review.modalities, NOT_STATED),
            "outcomes": tuple(review.outcomes),
            "evidence_sets": tuple(review.evidence_sets),
        }
        return names.get(field.of, ())
    return field.words if field.kind == "word" else ()


def _choices(sheets: Sequence[Sheet], review: Review) -> dict[tuple[str, ...], str]:
    """Every list that cells are chosen from, with the column of the hidden sheet that holds it."""
    lists = (_offered(field, review) for sheet in sheets for _, field in sheet.shape.explained())
    return {words: _letters(number) for number, words in enumerate(filter(None, dict.fromkeys(lists)), 1)}


def _choose(sheet: Any, column: str, words: tuple[str, ...], place: str) -> None:
    """A list to choose from in every row of a column; another word is warned of, not forbidden."""
    from openpyxl.worksheet.datavalidation import DataValidation

    listed = f"{WORDS}!${place}$1:${place}${len(words)}"
    choice = DataValidation(type="list", formula1=listed, allow_blank=True, showErrorMessage=True, errorStyle="warning")
    choice.error, choice.errorTitle = "This word is none of the list: see the sheet `about`.", "synth"
    choice.add(f"{column}2:{column}{LAST_ROW}")
    sheet.data_validations.append(choice)


def _explain(book: Any, sheets: Sequence[Sheet]) -> None:
    """The sheet of explanations."""
    made = book.create_sheet(ABOUT)
    made.freeze_panes = "A2"
    for letter, width in zip("ABCD", (14, 30, 60, 90), strict=True):
        made.column_dimensions[letter].width = width
    made.append([_head(made, name) for name in ("sheet", "column", "takes", "meaning")])
    for sheet in sheets:
        for name, field in sheet.shape.explained():
            made.append([_cell(made, text) for text in (sheet.shape.name, name, takes(field), field.about)])


def _words(book: Any, choices: Mapping[tuple[str, ...], str]) -> None:
    """The hidden sheet of what may be chosen, a list in each column."""
    made = book.create_sheet(WORDS)
    made.sheet_state = "hidden"
    for row in range(max(map(len, choices), default=0)):
        made.append([_cell(made, words[row] if row < len(words) else "") for words in choices])


def _letters(number: int) -> str:
    from openpyxl.utils import get_column_letter

    letters: str = get_column_letter(number)
    return letters


def _undated(data: bytes) -> bytes:
    """The same archive without the time of day in it."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, ZIP_BEGIN)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            new.writestr(entry, _fixed(name, old.read(name)))
    return made.getvalue()


def _fixed(name: str, data: bytes) -> bytes:
    """A part of the archive with what openpyxl does not write: one date for all, no marks at numbers that are text."""
    if name.startswith("xl/worksheets/sheet"):
        return data.replace(b"</worksheet>", NO_MARKS + b"</worksheet>")
    if name != "docProps/core.xml":
        return data
    return re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", BEGIN.strftime("%Y-%m-%dT%H:%M:%SZ").encode(), data)
