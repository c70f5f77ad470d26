"""The groups of a plain table as methods of sensitivity take them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from synthesis.plain.effects import GENERIC, PlainLeftOut, Reading, TableEffects, effects_of
from synthesis.plain.moderators import moderator, with_all
from synthesis.plain.table import Table
from synthesis.pooling.batch import FloatArray
from synthesis.pooling.check import check_options
from synthesis.sensitivity.overview.subject import Subject

COUNTS = ("ai", "n1i", "ci", "n2i")


@dataclass(frozen=True, slots=True)
class Asked:
    """How the groups of a table are pooled, and what their rows must state."""

    by: tuple[str, ...] = ()  # columns whose values make the groups
    method: str = "REML"
    test: str = "adhoc"
    level: float = 0.95
    names: tuple[str, ...] = ()  # columns that every row must have
    as_names: tuple[str, ...] = ()  # those of them that hold names, whatever they look like
    favours: str = ""  # greater | less: the side that selection favours


@dataclass(frozen=True, slots=True, eq=False)
class GroupSubject:
    """The studies of one group of a table."""

    group: str
    measure: str  # a key of MEASURES, or GENERIC
    subject: Subject


def table_subjects(
    table: Table, given: Mapping[str, str], reading: Reading, asked: Asked
) -> tuple[tuple[GroupSubject, ...], tuple[PlainLeftOut, ...]]:
    """Every group of a table in the order in which they first appear, and the rows left out.

    Parameters
    ----------
    table, given, reading
        As for `effects_of`.
    asked : Asked
        The groups, how they are pooled, and what their rows must state.

    Raises
    ------
    InvalidData
        As `effects_of`; and every cell that is no number in a column of numbers.
    InvalidArgument
        For columns and options that cannot be used.
    """
    check_options(asked.method, asked.test, asked.level)
    found = effects_of(table, given, reading)
    columns = {name: moderator(table, name, names_only=name in asked.as_names) for name in asked.names}
    left, groups = list(found.left_out), []
    for group, rows in found.groups(asked.by).items():
        kept = with_all(found, rows, columns, left)
        if kept:
            stated = {
                name: [value for row in kept if (value := cells[row]) is not None] for name, cells in columns.items()
            }
            groups.append(GroupSubject(group, found.effects.measure, _subject(found, kept, stated, asked)))
    return tuple(groups), tuple(sorted(left, key=lambda one: one.line))


def _subject(
    found: TableEffects, rows: Sequence[int], columns: Mapping[str, Sequence[float | str]], asked: Asked
) -> Subject:
    effects = found.effects
    measure = None if effects.measure == GENERIC else effects.measure
    return Subject(
        tuple(found.studies[row] for row in rows), effects.yi[rows], effects.vi[rows], asked.method, asked.test,
        asked.level, measure, _counts(found, rows), columns, asked.favours,
    )  # fmt: skip


def _counts(found: TableEffects, rows: Sequence[int]) -> dict[str, FloatArray]:
    """Events and people of two groups, or people alone, as far as the table has them."""
    numbers = {name: np.asarray(column, dtype=np.float64) for name, column in found.numbers.items()}
    for size, events, others in (("n1i", "ai", "bi"), ("n2i", "ci", "di")):
        if size not in numbers and {events, others} <= numbers.keys():
            numbers[size] = numbers[events] + numbers[others]
    there = {name: numbers[name][rows] for name in COUNTS if name in numbers}
    whole = {name for name, column in there.items() if np.isfinite(column).all()}
    if whole >= set(COUNTS):
        return {name: there[name] for name in COUNTS}
    return {name: there[name] for name in ("n1i", "n2i")} if whole >= {"n1i", "n2i"} else {}
