"""The rows of one study held against its record: what would change, cell by cell."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from synthesis.errors import Problem, Severity
from synthesis.records.edit import Path, Value
from synthesis.records.fields import Field
from synthesis.records.scalars import REFUSED
from synthesis.records.tables.cells import Sameness, cell_of, is_error, is_made_date, sameness, tidy, value_of
from synthesis.records.tables.columns import Column, Shape
from synthesis.records.tables.grid import Row
from synthesis.records.tables.sheets import Record, cell_at, parts_of, path_in
from synthesis.records.trees import Tree, at

Sheets = Mapping[str, tuple[Shape, Sequence[Row]]]  # by name: the rows of one study in each sheet of the file

NAME = Field("name", "a value that goes")
ERROR_REMEDY = "write the value, or nothing"
UNSEEN = ("Cc", "Cf", "Co", "Cs", "Zl", "Zp")  # categories of characters that nobody sees


@dataclass(frozen=True, slots=True)
class Change:
    """One value of a record that would change."""

    path: Path
    old: str  # as a cell; nothing where it is new
    new: str  # nothing where it goes


@dataclass(slots=True)
class Compared:
    """What the rows of one study would do to its record."""

    key: str
    record: Record | None  # None where there is none yet
    values: dict[Path, Value | None] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    places: dict[Path, tuple[Row, str]] = field(default_factory=dict)  # of every value: its row and column
    gone: list[Path] = field(default_factory=list)  # parts that are taken away
    problems: list[Problem] = field(default_factory=list)
    habits: Counter[tuple[str, Sameness]] = field(default_factory=Counter)  # by the path of the sheet

    @property
    def tree(self) -> Tree:
        """What the record says now."""
        return self.record.tree if self.record is not None else {}

    def place_of(self, path: Path) -> tuple[Row, str]:
        """The row and the column of a value; of what changes in it, of what it is a part of, or of the study."""
        within = [place for place in self.places if place[: len(path)] == path]
        changed = [place for place in within if place in self.values]
        if changed or within:
            return self.places[path if path in self.values else (changed or within)[0]]
        return self.place_of(path[:-1])


def compared(key: str, record: Record | None, sheets: Sheets, *, delete: bool = False, again: bool = False) -> Compared:
    """What would change in a record.

    Parameters
    ----------
    key : str
        The study.
    record : Record or None
        Its record, of which the spreadsheet was made; None for a new one.
    sheets : mapping
        The study's rows.
    delete : bool, optional
        Take away the findings, arms and judgements that the sheets no longer have.
    again : bool, optional
        The record is not the one of which the spreadsheet was made: a new finding that it has already is no new one.
    """
    found = Compared(key, record)
    for shape, rows in sheets.values():
        for row in rows:
            found.places.setdefault((), (row, "study"))
        placed = _placed(found, shape, rows, again=again)
        for place, row in placed.items():
            if shape.key:
                found.places[place] = (row, shape.key)
            for column in shape.columns:
                if not column.of_study and column.name in row.cells:
                    _compare(found, row, place, column)
        _of_study(found, shape, rows)
        _missing(found, shape, rows, placed, delete=delete)
    return found


def _placed(found: Compared, shape: Shape, rows: Sequence[Row], *, again: bool) -> dict[Path, Row]:
    """The rows by the place of what they tell; a new finding comes behind the last one."""
    parts = parts_of(found.tree, shape)
    numbered = shape.part == "findings"
    keys = [_key(row, shape) for row in rows]
    free = [place for key, place in parts.items() if place and key not in keys] if again else []
    placed: dict[Path, Row] = {}
    new = len([place for place in parts.values() if place])
    for row, key in zip(rows, keys, strict=True):
        if not shape.key:
            place: Path = ()
        elif key and key in parts:
            place = parts[key]
        elif key and not numbered:
            place = (shape.part, key)
            found.problems += _odd_key(row, shape, key)
        elif not key and numbered:
            if not any(row.text(column.name) for column in shape.columns if not column.of_study):
                continue
            there = next((place for place in free if _says(found.tree, place, shape, row)), None)
            if there is not None:
                place = free.pop(free.index(there))
            else:
                place, new = ("findings", new), new + 1
        else:
            found.problems.append(_no_part(row, shape, key, new))
            continue
        if place in placed:
            what = f"this is in row {placed[place].number} already"
            found.problems.append(row.problem(shape.key or "study", "SY336", what, "keep one of the two rows"))
        placed.setdefault(place, row)
    return placed


def _key(row: Row, shape: Shape) -> str:
    """What tells a row from the others of its study; of a finding its number, also where it was written 2.0."""
    key = row.text(shape.key) if shape.key else ""
    return key.removesuffix(".0") if shape.part == "findings" else key


def _says(tree: Tree, place: Path, shape: Shape, row: Row) -> bool:
    """Whether a row says of itself what the record has at a place."""
    return all(
        sameness(row.cells[column.name].text, cell_at(tree, place, column), column.field, latin=row.grid.latin)
        is not Sameness.NO
        for column in shape.columns
        if not column.of_study and column.name in row.cells
    )


def _odd_key(row: Row, shape: Shape, key: str) -> Iterator[Problem]:
    """What keeps a text from being the key of something new."""
    if is_error(key):
        yield row.problem(shape.key, "SY333", f"an error of the spreadsheet, {key}", ERROR_REMEDY)
    elif not any(sign.isalnum() for sign in key) or any(unicodedata.category(sign) in UNSEEN for sign in key):
        what = f"{key!r} cannot be the key of a new {shape.key}"
        yield row.problem(shape.key, "SY337", what, "take letters and digits, and no character that nobody sees")


def _no_part(row: Row, shape: Shape, key: str, number: int) -> Problem:
    if shape.part == "findings":
        what = f"the record has no finding {key!r}: its findings are 1 to {number}"
        return row.problem(shape.key, "SY337", what, "leave the cell empty for a new finding")
    return row.problem(shape.key, "SY337", f"no key of the {shape.key}", "write one")


def _compare(found: Compared, row: Row, place: Path, column: Column) -> None:
    """One cell against what the record holds."""
    cell = row.cells[column.name]
    own = cell_at(found.tree, place, column)
    path = path_in(found.tree, place, column)
    found.places[path] = (row, column.name)
    if cell.fault:
        return
    same = sameness(cell.text, own, column.field, latin=row.grid.latin)
    if same is not Sameness.NO:
        found.habits[row.grid.path, same] += same is not Sameness.EQUAL
        return
    if is_error(cell.text):
        what = f"an error of the spreadsheet, {tidy(cell.text)}"
        found.problems.append(row.problem(column.name, "SY333", what, ERROR_REMEDY))
    elif is_made_date(cell.text, own, column.field):
        what = f"{tidy(cell.text)!r} looks like a date that a spreadsheet made of {own!r}"
        remedy = "format the column as text, and write the value again"
        found.problems.append(row.problem(column.name, "SY334", what, remedy))
    elif REFUSED.search(tidy(cell.text)):
        found.problems.append(row.problem(column.name, "SY340", "a control character", "remove it"))
    else:
        _put(found, path, column, cell.text, (row, own))


def _put(found: Compared, path: Path, column: Column, text: str, was: tuple[Row, str]) -> None:
    """Note that a value changes."""
    row, own = was
    value = value_of(text, column.field) if tidy(text) else None
    if path in found.values and found.values[path] != value:
        what = f"{tidy(text)!r} here, and another value in another row"
        found.problems.append(row.problem(column.name, "SY336", what, "write the same value in both"))
        return
    if path not in found.values:
        found.changes.append(Change(path, own, tidy(text)))
    found.values[path] = value


def _of_study(found: Compared, shape: Shape, rows: Sequence[Row]) -> None:
    """The columns of the study in a sheet of its findings: all rows say the same; a new row may leave them empty."""
    for column in shape.columns:
        if not column.of_study:
            continue
        told = [row for row in rows if column.name in row.cells and (row.text(shape.key) or row.text(column.name))]
        told = told or [row for row in rows if found.record is None and column.name in row.cells]
        texts = {tidy(row.cells[column.name].text): row for row in told}
        if len(texts) > 1:
            first, other, *_ = sorted(texts.values(), key=lambda row: row.number)
            what = f"{other.text(column.name)!r} here, and {first.text(column.name)!r} in row {first.number}"
            remedy = "write the same value in every row of the study"
            found.problems.append(other.problem(column.name, "SY336", what, remedy))
        elif told:
            _compare(found, told[0], (), column)


def _missing(found: Compared, shape: Shape, rows: Sequence[Row], placed: Mapping[Path, Row], *, delete: bool) -> None:
    """What the record has, and the sheet has no longer."""
    if not shape.part or found.record is None:
        return
    gone = [place for place in parts_of(found.tree, shape).values() if place and place not in placed]
    if not gone:
        return
    if delete:
        found.gone += gone
        found.values.update(dict.fromkeys(gone))
        found.changes += [Change(place, _told(at(found.tree, place)), "") for place in gone]
        return
    names = ", ".join(str(step + 1) if isinstance(step, int) else step for step in (place[-1] for place in gone))
    row, _ = found.place_of(())
    path = rows[0].grid.path if rows else row.grid.path
    what = f"{shape.part} of {found.key} that are not in the sheet: {names}; they stay in the record"
    remedy = "import with --delete to take them out of the record"
    found.problems.append(Problem(path, rows[0].number if rows else 1, 1, "SY345", what, remedy, Severity.NOTE))


def _told(part: Tree | None) -> str:
    """What goes, in a few words."""
    if isinstance(part, dict):
        words = (cell_of(value, NAME) for value in part.values())
        return ", ".join(filter(None, words))
    return cell_of(part, NAME)
