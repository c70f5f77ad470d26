"""Effects of the rows of a plain table, each row's mistakes at its line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from synthesis.effects import MEASURES, Effects, escalc
from synthesis.effects.columns import check_known
from synthesis.effects.measures import REVIEWED
from synthesis.errors import InvalidArgument, InvalidData, Problem
from synthesis.plain.table import Table
from synthesis.pooling.check import LARGEST
from synthesis.text import one_line

GENERIC = "effect"  # the measure of a table that gives yi and vi themselves


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

    def __str__(self) -> str:
        """One line of text."""
        return one_line(f"left out: {self.study} (line {self.line}): {self.reason}")


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
        return self.table.groups(by, self.usable if rows is None else rows)


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
    numbers = table.numbers(given)
    try:
        effects = _effects(numbers, reading)
    except InvalidArgument as error:
        raise by_line(error, table, numbers, lambda one: _effects(one, reading)) from error
    _refuse_extreme(table, effects)
    names = table.studies(reading.study)
    left = tuple(
        PlainLeftOut(names[row], table.lines[row], _reason(effects, row))
        for row in np.flatnonzero(~effects.usable).tolist()
    )
    return TableEffects(table, numbers, effects, names, left)


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
    if measure is not None:
        check_known(measure, MEASURES, "measure")
    vi = numbers["vi"] if "vi" in numbers else [value * value for value in numbers["sei"]]
    return Effects(np.array(numbers["yi"]), np.array(vi), measure or GENERIC)


def is_ratio_of_counts(measure: str) -> bool:
    """Whether studies without events, or with nothing but events, in both groups say nothing about a measure."""
    return measure in MEASURES and MEASURES[measure].is_ratio and MEASURES[measure].family == "binary"


def by_line(
    error: InvalidArgument,
    table: Table,
    numbers: Mapping[str, Sequence[float]],
    compute: Callable[[dict[str, Sequence[float]]], object],
) -> InvalidArgument | InvalidData:
    """Every refused row at its line, where the error is about rows; else the error itself.

    Parameters
    ----------
    error : InvalidArgument
        What `compute` said of all rows together, which may be the first mistake of several.
    table : Table
        Where the rows stand.
    numbers : mapping
        Columns of numbers.
    compute : callable
        Takes such a mapping and refuses rows.
    """
    if not error.rows:
        return error
    problems = []
    for row in range(len(table.lines)):
        try:
            compute({role: [values[row]] for role, values in numbers.items()})
        except InvalidArgument as wrong:
            problems.append(unusable(table, row, wrong.what))
    return InvalidData(problems) if problems else error


def _refuse_extreme(table: Table, effects: Effects) -> None:
    """Raise InvalidData for effects beyond what can be pooled."""
    tiny = effects.vi < 1 / LARGEST
    wrong = effects.usable & ((np.abs(effects.yi) > LARGEST) | (effects.vi > LARGEST) | tiny)
    what = f"the effect or its variance is not within {1 / LARGEST:.0e} and {LARGEST:.0e}"
    if wrong.any():
        raise InvalidData(unusable(table, row, what) for row in np.flatnonzero(wrong).tolist())


def unusable(table: Table, row: int, what: str) -> Problem:
    """What is wrong with a row, the first being 0, at its line."""
    return Problem(table.path, table.lines[row], 1, "SY184", what, "correct the row, or leave its cells empty")


def _reason(effects: Effects, row: int) -> str:
    found = [note.reason for note in effects.notes if note.row == row and note.dropped]
    return "; ".join(found) or "a number is missing, or the variance is not above 0"
