"""Moderators of a plain table: its columns, regressed on and compared by, in each of its groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from synthesis.errors import InvalidArgument, InvalidData
from synthesis.plain.effects import PlainLeftOut, Reading, TableEffects, effects_of
from synthesis.plain.table import MISSING, Table
from synthesis.pooling.moderators.asked import (
    Answer,
    Request,
    Value,
    answer,
    compared_groups,
    refuse_hopeless,
    settled,
)
from synthesis.pooling.moderators.formulas import as_factor
from synthesis.pooling.moderators.subgroups import Subgroups

NOT_STATED = "not stated"  # the name of the kind whose cells are empty
Column = Sequence[Value | None]


@dataclass(frozen=True, slots=True, eq=False)
class PlainRegression:
    """A regression of one group of a table."""

    group: str
    measure: str  # a key of MEASURES, or GENERIC
    studies: tuple[str, ...]  # those that have every moderator
    data: Mapping[str, Sequence[Value]]  # their moderators
    answer: Answer


@dataclass(frozen=True, slots=True, eq=False)
class PlainSubgroups:
    """The kinds of studies in one group of a table, compared."""

    group: str
    measure: str
    studies: Mapping[str, tuple[str, ...]]  # of each kind
    found: Subgroups | None
    problem: str = ""  # why there is no comparison


def regress_table_of(
    table: Table, given: Mapping[str, str], reading: Reading, request: Request, by: Sequence[str] = ()
) -> tuple[Request, tuple[PlainRegression, ...], tuple[PlainLeftOut, ...]]:
    """The request with its defaults, a regression for each group of a table, and the rows left out.

    Parameters
    ----------
    table, given, reading
        As for `effects_of`.
    request : Request
        Its formulas name columns of the table. A column is of numbers if all its cells are, else of names; one of both
        is refused, unless the formula says C(column).
    by : sequence of str
        Columns whose values make the groups; none for one regression.

    Raises
    ------
    InvalidData
        As `effects_of`; and every cell that is no number in a column of numbers.
    InvalidArgument
        For columns, options and formulas that cannot be used.
    """
    chosen = settled(request, table.columns)
    found = effects_of(table, given, reading)
    formulas = f"{chosen.moderators} {chosen.scale or ''}"
    columns = {name: moderator(table, name, names_only=as_factor(formulas, name)) for name in chosen.names}
    left = list(found.left_out)
    regressions = []
    for group, rows in found.groups(by).items():
        kept = with_all(found, rows, columns, left)
        data = {name: [value for row in kept if (value := cells[row]) is not None] for name, cells in columns.items()}
        made = answer(chosen, *_numbers(found, kept), data)
        studies = tuple(found.studies[row] for row in kept)
        regressions.append(PlainRegression(group, found.effects.measure, studies, data, made))
    refuse_hopeless(one.answer for one in regressions)
    return chosen, tuple(regressions), tuple(sorted(left, key=lambda one: one.line))


def subgroup_table_of(
    table: Table, given: Mapping[str, str], reading: Reading, group: str, by: Sequence[str] = (), *,
    not_stated: bool = False, tau2: str = "separate", method: str = "REML", test: str = "adhoc", level: float = 0.95,
) -> tuple[tuple[PlainSubgroups, ...], tuple[PlainLeftOut, ...]]:  # fmt: skip
    """The kinds of studies that a column tells apart, compared in each group of a table; and the rows left out.

    Parameters
    ----------
    table, given, reading, by
        As for `regress_table_of`.
    group : str
        The column of the kinds.
    not_stated : bool
        Whether rows whose cell is empty are a kind of their own; else they are left out.
    tau2, method, test, level
        As for `subgroups`.
    """
    instead = NOT_STATED if not_stated else None
    column = [instead if cell in MISSING else cell for cell in table.text(group)]
    found = effects_of(table, given, reading)
    left = list(found.left_out)
    comparisons = []
    for label, rows in found.groups(by).items():
        kept = with_all(found, rows, {group: column}, left)
        kinds = [str(column[row]) for row in kept]
        made, problem = compared_groups(*_numbers(found, kept), kinds, tau2=tau2, method=method, test=test, level=level)
        studies: dict[str, tuple[str, ...]] = dict.fromkeys(sorted(set(kinds)), ())
        for row, kind in zip(kept, kinds, strict=True):
            studies[kind] += (found.studies[row],)
        comparisons.append(PlainSubgroups(label, found.effects.measure, studies, made, problem))
    return tuple(comparisons), tuple(sorted(left, key=lambda one: one.line))


def _numbers(found: TableEffects, rows: Sequence[int]) -> tuple[list[float], list[float]]:
    """Effects and variances of some rows."""
    return found.effects.yi[rows].tolist(), found.effects.vi[rows].tolist()


def moderator(table: Table, name: str, *, names_only: bool) -> Column:
    """A column as numbers where they all are, else as text; None where a cell is empty."""
    cells = [None if cell in MISSING else cell for cell in table.text(name)]
    try:
        numbers = table.numbers({name: name})[name]
    except InvalidData as error:
        if names_only or len(error.problems) == sum(cell is not None for cell in cells):
            return cells
        remedy = f"write a number, leave the cell empty, or write C({name}) in the formula if the column holds names"
        raise InvalidData(replace(problem, remedy=remedy) for problem in error.problems) from None
    whole = all(value.is_integer() for value, cell in zip(numbers, cells, strict=True) if cell is not None)
    return [
        None if cell is None else int(value) if whole else value for value, cell in zip(numbers, cells, strict=True)
    ]


def with_all(
    found: TableEffects, rows: Sequence[int], columns: Mapping[str, Column], left: list[PlainLeftOut]
) -> list[int]:
    """The rows that have all moderators; the others are left out, with the columns that they lack."""
    kept = []
    for row in rows:
        absent = [name for name, cells in columns.items() if cells[row] is None]
        if absent:
            left.append(found.leave_out(row, f"{' and '.join(absent)} {NOT_STATED}"))
        else:
            kept.append(row)
    return kept


def new_values(table: Table, names: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The rows of a table to predict for, as columns of text.

    Raises
    ------
    InvalidArgument
        For a column that is not there, and an empty cell.
    """
    columns = {name: tuple(table.text(name)) for name in names}
    for name, cells in columns.items():
        lines = [line for line, cell in zip(table.lines, cells, strict=True) if cell in MISSING]
        if lines:
            raise InvalidArgument(f"{table.path}:{lines[0]}: {name} is empty: a prediction needs every moderator")
    return columns
