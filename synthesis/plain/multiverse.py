"""The multiverse of a plain table: its columns of yes and no decide which rows a choice keeps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from synthesis.errors import InvalidArgument, InvalidData
from synthesis.plain.effects import PlainLeftOut, Reading, TableEffects, effects_of
from synthesis.plain.table import Table
from synthesis.sensitivity.many_worlds.choices import METHODS, USUAL_TESTS, YES_NO
from synthesis.sensitivity.many_worlds.specifications import Multiverse, multiverse

ALL = "all"


@dataclass(frozen=True, slots=True, eq=False)
class PlainMultiverse:
    """One group of a table in every combination of choices."""

    group: str
    measure: str  # a key of MEASURES, or GENERIC
    studies: tuple[str, ...]
    found: Multiverse | None
    problem: str = ""  # why there is none


@dataclass(frozen=True, slots=True)
class Offered:
    """What is varied, and how it is judged."""

    keep: tuple[str, ...] = ()  # COLUMN, or FAMILY=COLUMN,COLUMN,... of which one may be `all`
    methods: tuple[str, ...] = METHODS
    tests: tuple[str, ...] = USUAL_TESTS
    predictions: tuple[str, ...] = ("riley",)
    level: float = 0.95
    better: str = "higher"


def multiverse_table_of(
    table: Table, given: Mapping[str, str], reading: Reading, offered: Offered, by: Sequence[str] = ()
) -> tuple[tuple[PlainMultiverse, ...], tuple[PlainLeftOut, ...]]:
    """A multiverse for each group of a table, and the rows left out.

    Parameters
    ----------
    table, given, reading
        As for `effects_of`.
    offered : Offered
        The columns of yes and no (or 1 and 0) that decide which rows are kept, and the ways to pool.
    by : sequence of str
        Columns whose values make the groups; none for one multiverse.

    Raises
    ------
    InvalidData
        As `effects_of`; and every cell of such a column that is neither yes nor no, of the rows that have an effect.
    InvalidArgument
        For columns and options that cannot be used.
    """
    families = dict(_family(text, table) for text in offered.keep)
    if len(families) < len(offered.keep):
        raise InvalidArgument("each family of --keep once")
    found = effects_of(table, given, reading)
    _refuse_cells(found, {column for choices in families.values() for column in choices.values() if column is not None})
    made = []
    for group, rows in found.groups(by).items():
        inclusion = {
            name: {choice: _kept(table, column, rows) for choice, column in choices.items()}
            for name, choices in families.items()
        }
        made.append(_one(found, group, rows, inclusion, offered))
    return tuple(made), found.left_out


def _family(text: str, table: Table) -> tuple[str, dict[str, str | None]]:
    """A family of `--keep`: its name, and the column of each choice, None for all rows."""
    name, equals, listed = (part.strip() for part in text.partition("="))
    if not equals:
        table.text(name)
        return name, {ALL: None, f"{name} only": name}
    columns = [part.strip() for part in listed.split(",") if part.strip()]
    if not name or not columns:
        raise InvalidArgument(f"{text!r} is no family: write COLUMN, or NAME=COLUMN,COLUMN (all: every row)")
    for column in columns:
        if column != ALL or ALL in table.columns:
            table.text(column)
    return name, {column: None if column == ALL and ALL not in table.columns else column for column in columns}


def _refuse_cells(found: TableEffects, columns: Iterable[str]) -> None:
    """Raise InvalidData for cells that are neither yes nor no."""
    problems = []
    for column in sorted(columns):
        cells = found.table.text(column)
        wrong = [row for row in found.usable if cells[row].lower() not in YES_NO]
        remedy = "write yes or no, or 1 or 0"
        problems += found.table.problems(column, wrong, "SY184", "is neither yes nor no", remedy)
    if problems:
        raise InvalidData(problems)


def _kept(table: Table, column: str | None, rows: Sequence[int]) -> list[bool]:
    cells = None if column is None else table.text(column)
    return [cells is None or YES_NO[cells[row].lower()] for row in rows]


def _one(
    found: TableEffects, group: str, rows: Sequence[int], inclusion: Mapping[str, Any], offered: Offered
) -> PlainMultiverse:  # fmt: skip
    """The multiverse of one group; where no choice leaves a row, the reason."""
    about = (group, found.effects.measure, tuple(found.studies[row] for row in rows))
    how = {name: getattr(offered, name) for name in ("methods", "tests", "predictions", "level", "better")}
    for name, choices in inclusion.items():
        if not any(any(kept) for kept in choices.values()):
            return PlainMultiverse(*about, None, f"no choice of {name} keeps a row")
    try:
        made = multiverse(found.effects.yi[rows], found.effects.vi[rows], inclusion, **how)
    except InvalidArgument as wrong:
        if not wrong.what.startswith("no specification"):
            raise
        return PlainMultiverse(*about, None, wrong.what)
    return PlainMultiverse(*about, made)
