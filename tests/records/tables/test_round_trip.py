"""What goes out into a spreadsheet and comes back untouched changes no byte."""

import hashlib
import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthesis.errors import InvalidArgument
from synthesis.records.edit import leaves, with_scalars
from synthesis.records.fields import ANY, STUDY, values_of
from synthesis.records.nodes import compose
from synthesis.records.protocol import read_review
from synthesis.records.tables import SHAPES, chosen_records, plan_import, sheets_of
from synthesis.records.tables.columns import IDS, PARTS, STUDIES
from synthesis.records.tables.comparing import compared
from synthesis.records.tables.csv_form import csv_grids, csv_text
from synthesis.records.tables.rows import rows_of
from synthesis.records.tables.sheets import Record
from synthesis.records.tables.workbook import workbook
from synthesis.records.tables.workbook_reading import workbook_grids
from synthesis.records.trees import tree
from tests.records.example import REVIEW
from tests.records.test_every_field import TEXT

ROOT = Path(__file__).parents[3]
EXAMPLE = read_review(REVIEW)
TREE = tree(compose(TEXT, "")[0])
PLACES = sorted((path for path, _ in leaves(TREE) if path != ("study",)), key=str)
WORDS = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), min_size=1, max_size=10),
    st.sampled_from([
        "=1+1", "+1", "-1", "-x", "@a", "'", "''", "'=1", "'x", "' x", '"', '"2"', "a;b", ";", 'a"b;c', "1-2", "0.10",
        "12.0", "007", "1e3", "TRUE", "true", "no", "~", "null", "two\nlines", "a\n\n b", "_x000D_", "_x0041_", "a,b",
        "\U0001f600", "\u2028", "x\ty", "=cmd|' /C calc'!A0", "not stated",
    ]),
)  # fmt: skip


@pytest.fixture(scope="module")
def shipped():
    """All records of this repository, and how their bytes are."""
    records = chosen_records(ROOT)
    assert len(records) > 350
    return records


def as_csv(sheets):
    """The sheets through CSV and back."""
    return [grid for sheet in sheets for grid in csv_grids(csv_text(sheet).encode(), "t.csv", sheet.shape.name).grids]


def as_workbook(sheets, review=EXAMPLE):
    """The sheets through a workbook and back."""
    return workbook_grids(workbook(sheets, review), "t.xlsx").grids


def changes(records, grids):
    """What would change in some records, and the problems."""
    tables = [rows_of(grid) for grid in grids]
    found, problems = [], [problem for table in tables for problem in table.problems]
    for record in records:
        rows = {
            table.shape.name: (table.shape, [row for row in table.rows if row.text("study") == record.key])
            for table in tables
        }
        if any(some for _, some in rows.values()):
            each = compared(record.key, record, rows)
            found += each.changes
            problems += each.problems
            assert not each.habits.total()
    return found, problems


@pytest.mark.parametrize("name", SHAPES)
def test_every_shipped_record_through_csv(shipped, name):
    """All records, in each kind of sheet: nothing changes, and nothing is told."""
    assert changes(shipped, as_csv(sheets_of(shipped, [name]))) == ([], [])


def test_every_shipped_record_through_a_workbook(shipped):
    """All records in all sheets of one workbook: nothing changes, and nothing is told."""
    names = [name for name in SHAPES if name != "long"]

    assert changes(shipped, as_workbook(sheets_of(shipped, names))) == ([], [])


def test_an_import_of_all_shipped_records(shipped):
    """The whole way on the disk: the plan is empty, and each file has the bytes that it had."""
    before = {path: path.read_bytes() for path in (ROOT / "studies").glob("*.yaml")}
    (sheet,) = sheets_of(shipped, ["findings"])
    plan = plan_import(ROOT, csv_grids(csv_text(sheet).encode(), "t.csv"))

    assert (plan.records, plan.problems, plan.unchanged) == ((), (), len(shipped))
    assert {path: path.read_bytes() for path in (ROOT / "studies").glob("*.yaml")} == before


def made(path, words):
    """A record with every field, one of them with other words; None where no record can hold them."""
    try:
        text = with_scalars(TEXT, {path: words})
    except InvalidArgument:
        return None
    return Record("doe2001", text.encode(), tree(compose(text, "")[0]))


@settings(max_examples=500 if os.environ.get("SYNTH_FULL") else 40)
@given(path=st.sampled_from(PLACES), words=WORDS)
def test_any_text_comes_back_from_csv(path, words):
    """Formulas, apostrophes, quotes, separators, line ends, what looks like a number or a date: in any field."""
    record = made(path, words)
    if record is not None:
        assert changes([record], as_csv(sheets_of([record], SHAPES))) == ([], [])


@settings(max_examples=20 if os.environ.get("SYNTH_FULL") else 1)
@given(st.lists(st.tuples(st.sampled_from(PLACES), WORDS), min_size=40, max_size=60))
def test_any_text_comes_back_from_a_workbook(several):
    """The same, through a workbook of many records."""
    records = [record for path, words in several if (record := made(path, words)) is not None]
    records = [replace(record, key=f"r{number}") for number, record in enumerate(records)]

    assert changes(records, as_workbook(sheets_of(records, SHAPES))) == ([], [])


def test_every_field_has_a_column():
    """Each value that a record can hold is in a cell; nothing is left out of the sheets."""
    held = set()
    for shape in SHAPES.values():
        for column in shape.columns:
            before = (shape.part, ANY) if shape.part and not column.of_study else ()
            held.add((*before, *(step for step in column.path if not isinstance(step, int))))
    told = {
        (path[0], ANY, *path[2:]) if path[0] == "risk_of_bias" else path
        for path, _ in values_of(STUDY)
        if path != ("study",)
    }

    assert held == told
    assert set(PARTS.values()) == set(IDS)


def test_every_value_of_a_record_is_in_a_cell():
    """Of the record with every field: each value stands in some cell, as its own text."""
    record = Record("doe2001", TEXT.encode(), TREE)
    cells = {cell for sheet in sheets_of([record], SHAPES) for row in sheet.rows for cell in row}
    parts = {part for cell in cells for part in cell.replace('"', "").split("; ")}

    assert {leaf.text for _, leaf in leaves(TREE)} <= parts


def test_the_base_is_the_sum_of_the_file():
    """As `sha256sum` prints it."""
    record = Record("doe2001", TEXT.encode(), TREE)
    (sheet,) = sheets_of([record], ["studies"])

    assert sheet.rows[0][-1] == hashlib.sha256(TEXT.encode()).hexdigest()
    assert sheet.shape.header[0] == "study"
    assert sheet.shape.header[-1] == "base"
    assert STUDIES.header == sheet.shape.header
