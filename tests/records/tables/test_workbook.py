"""A workbook: text cells that no program takes for something else, and reading that takes nothing on trust."""

import io
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook, load_workbook

from synthesis.errors import InvalidData
from synthesis.records.nodes import compose
from synthesis.records.protocol import read_review
from synthesis.records.tables import SHEETS, plan_import, sheets_of, workbook_reading
from synthesis.records.tables.columns import takes
from synthesis.records.tables.sheets import Record
from synthesis.records.tables.workbook import escaped, workbook
from synthesis.records.tables.workbook_reading import workbook_grids
from synthesis.records.trees import tree
from tests.records.example import REVIEW, STUDY, write
from tests.records.tables.editing import codes, notes
from tests.records.test_every_field import TEXT

EXAMPLE = read_review(REVIEW)


def record(text=STUDY):
    return Record("doe2001", text.encode(), tree(compose(text, "")[0]))


def made(text=STUDY):
    """The workbook of one record."""
    return workbook(sheets_of([record(text)], list(SHEETS)), EXAMPLE)


def opened(data):
    return load_workbook(io.BytesIO(data))


def saved(book):
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def cell_under(sheet, name, row=2):
    """The cell below a header."""
    return next(sheet.cell(row, cell.column) for cell in sheet[1] if cell.value == name)


def planned(tmp_path, book, text=STUDY):
    """What an import of an open workbook would do."""
    root = write(tmp_path, {"doe2001": text})
    return plan_import(root, workbook_grids(saved(book), "t.xlsx"))


def test_equal_records_give_equal_bytes():
    """No date, no time, no chance."""
    data = made()

    assert data == made()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.read("docProps/core.xml").count(b"2000-01-01T00:00:00Z") == 2
        assert archive.read("xl/worksheets/sheet1.xml").endswith(
            b'numberStoredAsText="1"/></ignoredErrors></worksheet>'
        )


def test_every_cell_is_text():
    """Whatever it looks like: numbers, dates and formulas, too; empty cells are formatted as text."""
    text = STUDY.replace('at: "p. 61"', "at: 1-2").replace("label: CBT", 'label: "=1+1"')
    book = opened(made(text))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None]

    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.number_format for cell in cells} == {"@"}
    assert cell_under(book["findings"], "source.at").value == "1-2"
    assert cell_under(book["arms"], "label").value == "=1+1"
    assert cell_under(book["arms"], "label").quotePrefix
    assert book["findings"].column_dimensions["E"].number_format == "@"


def test_what_helps_the_reader():
    """A frozen header, a hidden base, choices, and a sheet that explains every column."""
    book = opened(made())
    findings = book["findings"]

    assert book.sheetnames == [*SHEETS, "about", "words"]
    assert findings.freeze_panes == "C2"
    assert book["words"].sheet_state == "hidden"
    assert findings.column_dimensions[cell_under(findings, "base").column_letter].hidden
    explained = {(row[0].value, row[1].value) for row in book["about"].iter_rows(min_row=2)}
    assert explained == {(name, column) for name, shape in SHEETS.items() for column in shape.header}
    assert all(takes(field) for shape in SHEETS.values() for _, field in shape.explained())


@pytest.mark.parametrize(
    ("column", "words"),
    [
        ("comparator", ["none", "usual care", "placebo", "active", "not stated"]),
        ("modality", ["cbt", "not stated"]),
        ("level.level", ["1", "2", "3", "4", "5", "not stated"]),
        ("effect.adjusted", ["true", "false", "not stated"]),
    ],
)
def test_what_may_be_chosen(column, words):
    """The list of a cell holds the words that the reader takes, and the names of the review."""
    book = opened(made())
    sheet = book["findings"]
    letter = cell_under(sheet, column).column_letter
    (choice,) = [each for each in sheet.data_validations.dataValidation if str(each.sqref).startswith(f"{letter}2:")]
    place = choice.formula1.removeprefix("words!").replace("$", "")

    assert [cell.value for (cell,) in book["words"][place]] == words


def test_a_changed_workbook(tmp_path):
    """Numbers and truths typed as such arrive as a record writes them."""
    book = opened(made())
    cell_under(book["studies"], "sample.n").value = 241
    cell_under(book["studies"], "sample.female").value = 0.25
    cell_under(book["studies"], "design.sound").value = True
    cell_under(book["findings"], "time.months").value = 4.0
    plan = planned(tmp_path, book)

    assert codes(plan) == []
    assert [(c.path, c.old, c.new) for c in plan.records[0].changes] == [
        (("sample", "n"), "240", "241"), (("sample", "female"), "0.1", "0.25"), (("design", "sound"), "", "true"),
    ]  # fmt: skip
    assert b"sound: true}" in plan.records[0].new


@pytest.mark.parametrize(
    ("value", "code", "words"),
    [
        ("=1+1", "SY333", "a formula"), ("=HYPERLINK(1)", "SY333", "a formula"), ("#N/A", "SY333", "#N/A"),
        (date(2024, 1, 2), "SY334", "2024-01-02"),
    ],
)  # fmt: skip
def test_a_cell_without_a_text(tmp_path, value, code, words):
    """Formulas, errors and dates are refused at their cell: nobody knows what they mean."""
    book = opened(made())
    cell = cell_under(book["findings"], "time.months")
    cell.value, cell.quotePrefix = value, False
    (error,) = planned(tmp_path, book).errors

    assert (error.code, error.path, error.line, error.column) == (code, "t.xlsx[findings]", 2, cell.column)
    assert words in error.what


def test_merged_cells(tmp_path):
    """They hide values: refused."""
    book = opened(made())
    book["findings"].merge_cells("D2:D3")

    assert "SY332" in codes(planned(tmp_path, book))


def test_sheets_of_ones_own(tmp_path):
    """A further sheet is told and not read; a hidden one of ours is told and read; a misspelt one is an error."""
    book = opened(made())
    book.create_sheet("my notes")["A1"] = "x"
    book["arms"].sheet_state = "hidden"
    plan = planned(tmp_path, book)
    assert (codes(plan), notes(plan), plan.records) == ([], ["SY342"], ())

    book["arms"].title = "arm"
    assert codes(planned(tmp_path, book)) == ["SY342"]


def test_rows_removed_from_a_workbook(tmp_path):
    """A sheet without any row of a study that the other sheets have: its arms stay, and this is told."""
    book = opened(made())
    book["arms"].delete_rows(2, 5)
    plan = planned(tmp_path, book)

    assert (codes(plan), notes(plan), plan.records) == ([], ["SY345"], ())


def zipped(**parts):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", text)
    return data.getvalue()


HOSTILE = {
    "nothing": b"",
    "no archive": b"PK\x03\x04 broken",
    "text": b"study,finding\n",
    "an old workbook": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    "another archive": zipped(a="<a/>"),
    "entities": zipped(a='<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
    "half a workbook": made()[:5000],
    "no sheet": saved(Workbook()),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_workbook(name):
    """It is told in words, without a traceback."""
    with pytest.raises(InvalidData, match="SY330"):
        workbook_grids(HOSTILE[name], "t.xlsx")


def test_a_bomb_is_not_unpacked(monkeypatch):
    """A small archive of large parts is refused by the sizes that it declares."""
    monkeypatch.setattr(workbook_reading, "UNPACKED", 1_000_000)
    with pytest.raises(InvalidData, match="larger than"):
        workbook_grids(zipped(a="0" * 2_000_000), "t.xlsx")


def test_a_sheet_of_a_million_empty_rows():
    """One cell far away is no table: refused before every cell between is made."""
    book = opened(made())
    book["arms"].cell(1_048_576, 16_384, "x")
    with pytest.raises(InvalidData, match="1,048,576 rows"):
        workbook_grids(saved(book), "t.xlsx")


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/worksheets/sheet2.xml", "xl/styles.xml", "[Content_Types].xml"]
)
@pytest.mark.parametrize("damage", [b"", b"<a/>", b"<a", b"\xff\xfe<\0a\0"])
def test_a_damaged_part(part, damage):
    """A part that is missing its content: told, or read as what is left, never a traceback."""
    data = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made())) as old, zipfile.ZipFile(data, "w") as new:
        for name in old.namelist():
            new.writestr(name, damage if name == part else old.read(name))
    try:
        grids = workbook_grids(data.getvalue(), "t.xlsx").grids
    except InvalidData as error:
        found = {problem.code for problem in error.problems}
    else:
        found = {grid.name for grid in grids}
    assert found <= {"SY330", "SY342", *SHEETS}


def test_signs_that_xml_cannot_hold():
    """They are written by their number, as are words that look like such a number."""
    assert escaped("a\x07b_x0041_\r") == "a_x0007_b_x005F_x0041__x000D_"
    text = TEXT.replace("note: free words", 'note: "a\\x07b_x0041_"')
    grids = workbook_grids(made(text), "t.xlsx").grids
    cell = next(cell for cell in grids[0].cells if cell.row == 2 and cell.text.startswith("a\x07"))

    assert cell.text == "a\x07b_x0041_"
