"""Whatever somebody types into any cell: it is refused in words, or it stands in the record and nothing else moved."""

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthesis.csv_guard import guarded, unguarded
from synthesis.records import read_records
from synthesis.records.tables import SHAPES, write_plan
from synthesis.records.tables.cells import Sameness, sameness, tidy, value_of
from tests.records.example import write
from tests.records.tables.editing import exported, planned
from tests.records.tables.test_round_trip import WORDS
from tests.records.test_every_field import TEXT

FULL = bool(os.environ.get("SYNTH_FULL"))
LIKELY = st.sampled_from([
    "", "12", "13.0", "0.5", "0.25", "-1", "not stated", "low", "high", "none", "cbt", "craving", "A", "A; B", "true",
    "FALSE", "drug_use", "half", "5", "randomised", "SY204", "SY204; SY205", "RR", "update", "use", "yes", "no",
    "Doe2001", "offenders",
])  # fmt: skip


@pytest.fixture(scope="module")
def sheets():
    """Every sheet of the record with every field."""
    with tempfile.TemporaryDirectory() as folder:
        root = write(Path(folder), {"doe2001": TEXT})
        yield {name: exported(root, name) for name in SHAPES}


@settings(max_examples=1500 if FULL else 60)
@given(data=st.data())
def test_any_edit(sheets, data):
    """One cell of one sheet changes to anything."""
    name = data.draw(st.sampled_from(sorted(SHAPES)))
    number = data.draw(st.integers(0, len(sheets[name]) - 1))
    keys = {"study", "base", SHAPES[name].key}
    column = data.draw(st.sampled_from([each for each in SHAPES[name].header if each not in keys]))
    words = data.draw(LIKELY | WORDS)
    rows = [dict(row) for row in sheets[name]]
    before = unguarded(rows[number][column])
    rows[number][column] = guarded(words)
    with tempfile.TemporaryDirectory() as folder:
        root = write(Path(folder), {"doe2001": TEXT})
        plan = planned(root, rows)
        if plan.errors:
            assert all(problem.remedy and problem.path == "t.csv" for problem in plan.errors)
            return
        write_plan(root, plan)
        assert read_records(root).broken == ()
        after = exported(root, name)
        field = next(each.field for each in SHAPES[name].columns if each.name == column)
        same = sameness(words, before, field) is not Sameness.NO
        now = unguarded(after[number].pop(column)) if len(after) == len(rows) else ""
        assert same or not tidy(words) or value_of(now, field) == value_of(words, field)
        if same:
            assert (root / "studies/doe2001.yaml").read_text(encoding="utf-8") == TEXT
        others = [{k: v for k, v in row.items() if k not in {"base", column}} for row in sheets[name]]
        if len(after) == len(rows):
            assert [{k: v for k, v in row.items() if k not in {"base", column}} for row in after] == others
