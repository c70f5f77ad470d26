"""Effects of the rows of a plain table, each row's mistakes at its line."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from synthesis.effects import MEASURES, Effects, escalc
from synthesis.effects.measures import REVIEWED
from synthesis.errors import InvalidArgument, InvalidData, Problem
from synthesis.plain.table import Table, numbers_of
from synthesis.pooling.check import LARGEST

GENERIC = "effect"  # the measure of a table that gives yi and vi themselves
ROWS = re.compile(r": rows? [0-9, .]+$")  # where `escalc` names the rows that it refuses


@dataclass(frozen=True, slots=True)
class Reading:
    """How the columns of a table become effects."""

    measure: str | None = None  # a key of MEASURES; not needed for yi with vi or sei
    study: str | None = None  # the column of the studies' names
    add: float | None = None  # what is done about zero cells, as `escalc` takes it
    to: str | None = None
    drop00: bool | None = None  # whether double zeros are left out; by default for ratios of counts
    vtype: str | None = None  # formula of the variance


@dataclass(frozen=True, slots=True)
class PlainLeftOut:
    """A row that no pool took, and why."""

    study: str
    line: int
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class TableEffects:
    """The effects of a table, row by row; those that cannot be pooled are NaN and stand in `left_out`."""

    table: Table
    numbers: Mapping[str, Sequence[float]]  # the columns that were named, by what they are
    effects: Effects
    studies: tuple[str, ...]
    left_out: tuple[PlainLeftOut, ...]

    @property
    def usable(self) -> list[int]:
        """The rows that have an effect, the first being 0."""
        rows: list[int] = np.flatnonzero(self.effects.usable).tolist()
        return rows

    def leave_out(self, row: int, reason: str) -> PlainLeftOut:
        """One more row that is not taken."""
        return PlainLeftOut(self.studies[row], self.table.lines[row], reason)

    def groups(self, by: Sequence[str], rows: Sequence[int] | None = None) -> dict[str, list[int]]:
        """The usable rows, or those given, by the values of some columns; groups in the order they first appear."""
        labels = zip(*(self.table.text(name) for name in by), strict=True) if by else [()] * len(self.studies)
        named = [" ".join(parts) for parts in labels]
        found: dict[str, list[int]] = {}
        for row in self.usable if rows is None else rows:
            found.setdefault(named[row], []).append(row)
        return found


def effects_of(table: Table, given: Mapping[str, str], reading: Reading) -> TableEffects:
    """The effects of a table.

    Parameters
    ----------
    table : Table
        Its columns.
    given : mapping
        What a column is to `escalc` (yi, vi, sei, ai, m1i, estimate, ...) -> the column's name.
    reading : Reading
        The measure, and what else `escalc` takes.

    Raises
    ------
    InvalidData
        Every cell that is no number, with line and column; else every row whose numbers cannot be used.
    InvalidArgument
        For columns or options that cannot be used.
    """
    numbers = numbers_of(table, given)
    try:
        effects = _effects(numbers, reading)
    except InvalidArgument as error:
        raise by_line(error, table, numbers, lambda one: _effects(one, reading)) from error
    _refuse_extreme(table, effects)
    names = _names(table, reading.study)
    left = tuple(
        PlainLeftOut(names[row], table.lines[row], _reason(effects, row))
        for row in np.flatnonzero(~effects.usable).tolist()
    )
    return TableEffects(table, numbers, effects, names, left)


def _names(table: Table, study: str | None) -> tuple[str, ...]:
    return tuple(table.text(study)) if study else tuple(f"row {number}" for number in range(1, len(table.lines) + 1))


def _effects(numbers: Mapping[str, Sequence[float]], reading: Reading) -> Effects:
    asked = {name: getattr(reading, name) for name in ("add", "to", "drop00", "vtype")}
    options: dict[str, Any] = {name: value for name, value in asked.items() if value is not None}
    if "yi" in numbers:
        return _given_effects(numbers, reading.measure, options)
    if reading.measure is None:
        raise InvalidArgument(f"name the measure of these columns: --measure, such as {', '.join(REVIEWED)}")
    if "estimate" not in numbers and is_ratio_of_counts(reading.measure):
        options.setdefault("drop00", True)
    columns: dict[str, Any] = dict(numbers)
    return escalc(reading.measure, **options, **columns)


def _given_effects(numbers: Mapping[str, Sequence[float]], measure: str | None, options: Mapping[str, Any]) -> Effects:
    if "vi" not in numbers and "sei" not in numbers:
        raise InvalidArgument("yi needs vi, its sampling variance, or sei, its standard error")
    if options:
        raise InvalidArgument(f"{next(iter(options))} goes with counts or means, not with effects that are given")
    vi = numbers["vi"] if "vi" in numbers else [value * value for value in numbers["sei"]]
    return Effects(np.array(numbers["yi"]), np.array(vi), measure or GENERIC)


def is_ratio_of_counts(measure: str) -> bool:
    """Whether studies without events, or with nothing but events, in both groups say nothing about a measure."""
    return measure in MEASURES and MEASURES[measure].is_ratio and MEASURES[measure].family == "binary"


def by_line(
    error: InvalidArgument, table: Table, numbers: Mapping[str, Sequence[float]], compute: Any
) -> InvalidArgument | InvalidData:
    """Every refused row at its line, where the error is about rows; else the error itself.

    Parameters
    ----------
    error : InvalidArgument
        What `compute` said of all rows together.
    table : Table
        Where the rows stand.
    numbers : mapping
        Columns of numbers.
    compute : callable
        Takes such a mapping and refuses rows.
    """
    if not ROWS.search(str(error)):
        return error
    problems = []
    for row, line in enumerate(table.lines):
        try:
            compute({role: [values[row]] for role, values in numbers.items()})
        except InvalidArgument as wrong:
            problems.append(_unusable(table, line, ROWS.sub("", str(wrong))))
    return InvalidData(problems) if problems else error


def _refuse_extreme(table: Table, effects: Effects) -> None:
    """Raise InvalidData for effects beyond what can be pooled."""
    tiny = effects.vi < 1 / LARGEST
    wrong = effects.usable & ((np.abs(effects.yi) > LARGEST) | (effects.vi > LARGEST) | tiny)
    what = f"the effect or its variance is not within {1 / LARGEST:.0e} and {LARGEST:.0e}"
    if wrong.any():
        raise InvalidData(_unusable(table, table.lines[row], what) for row in np.flatnonzero(wrong).tolist())


def _unusable(table: Table, line: int, what: str) -> Problem:
    return Problem(table.path, line, 1, "SY184", what, "correct the row, or leave its cells empty")


def _reason(effects: Effects, row: int) -> str:
    found = [note.reason for note in effects.notes if note.row == row and note.dropped]
    return "; ".join(found) or "a number is missing, or the variance is not above 0"
