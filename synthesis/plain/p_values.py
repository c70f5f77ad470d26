"""What a plain table allows that gives no effects with precision: p-values combined, and votes by direction."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from synthesis.errors import InvalidArgument, InvalidData, Problem
from synthesis.plain.effects import PlainLeftOut, Reading, effects_of
from synthesis.plain.table import MISSING, Table, numbers_of
from synthesis.pooling.p_values import CombinedP, combine_p, one_sided_p
from synthesis.pooling.vote_count import DIRECTIONS, VoteCount, vote_count


@dataclass(frozen=True, slots=True)
class Synthesis:
    """One group of a table."""

    group: str
    studies: tuple[str, ...]
    found: CombinedP | VoteCount


Syntheses = tuple[tuple[Synthesis, ...], tuple[PlainLeftOut, ...]]


def combined_p_of(
    table: Table,
    given: Mapping[str, str],
    *,
    method: str = "fisher",
    alternative: str = "greater",
    by: Sequence[str] = (),
    study: str | None = None,
    **options: Any,
) -> Syntheses:
    """The p-values of each group combined, and the rows without one.

    Parameters
    ----------
    table : Table
        Its columns.
    given : mapping
        `p`, one-sided p-values of one direction, and `weights` or `df` -> the column's name; or in place of p
        `yi` with `vi` or `sei`, whose one-sided p-values are taken.
    method : str
        A key of COMBINATIONS.
    alternative : str
        Of effects: "greater" or "less".
    by, study
        Columns of the groups, and of the studies' names.
    **options
        r, tau, alpha: as `combine_p` takes them.

    Raises
    ------
    InvalidData
        For cells that are no numbers, and p-values that cannot be, with their lines.
    InvalidArgument
        As `combine_p`.
    """
    roles = {role: column for role, column in given.items() if role in ("weights", "df")}
    effects = {role: column for role, column in given.items() if role in ("yi", "vi", "sei")}
    p = _given_p(table, given["p"]) if "p" in given else _of_effects(table, effects, alternative)
    columns = numbers_of(table, roles)
    names, left, kept = _names(table, study), [], []
    for row, value in enumerate(p):
        absent = next((role for role, values in (("p", p), *columns.items()) if math.isnan(values[row])), "")
        if absent:
            left.append(PlainLeftOut(names[row], table.lines[row], f"no {absent}"))
        else:
            kept.append((row, value))
    found = []
    for group, rows in _grouped(table, by, [row for row, _ in kept]).items():
        options |= {role: [values[row] for row in rows] for role, values in columns.items()}
        one = combine_p([p[row] for row in rows], method, **options)
        found.append(Synthesis(group, tuple(names[row] for row in rows), one))
    return tuple(found), tuple(left)


def _given_p(table: Table, column: str) -> list[float]:
    found = numbers_of(table, {"p": column})["p"]
    place = list(table.columns).index(column) + 1
    wrong = [row for row, p in enumerate(found) if p <= 0 or p > 1]
    if wrong:
        remedy = "write an exact p-value above 0 and at most 1, or leave the cell empty"
        what = f"{column} {table.text(column)[wrong[0]]} is no p-value that can be combined"
        raise InvalidData(Problem(table.path, table.lines[row], place, "SY184", what, remedy) for row in wrong)
    return found


def _of_effects(table: Table, given: Mapping[str, str], alternative: str) -> list[float]:
    if not given:
        raise InvalidArgument("give --p, a column of one-sided p-values, or --yi with --vi or --sei")
    effects = effects_of(table, given, Reading()).effects
    found = [math.nan] * len(table.lines)
    rows = [row for row, usable in enumerate(effects.usable.tolist()) if usable]
    if rows:
        for row, p in zip(rows, one_sided_p(effects.yi[rows], effects.vi[rows], alternative=alternative), strict=True):
            found[row] = float(p)
    return found


def votes_of(
    table: Table,
    column: str,
    *,
    alternative: str = "two-sided",
    interval: str = "wilson",
    level: float = 0.95,
    by: Sequence[str] = (),
    study: str | None = None,
) -> Syntheses:
    """The directions of each group counted.

    Parameters
    ----------
    table : Table
        Its columns.
    column : str
        Effects, of which only the sign counts, or the words positive, negative and undetermined; an empty cell is
        undetermined.
    alternative, interval, level
        As `vote_count` takes them.
    by, study
        Columns of the groups, and of the studies' names.

    Raises
    ------
    InvalidData
        For cells that are neither a number nor one of the words, with their lines.
    InvalidArgument
        As `vote_count`.
    """
    cells = table.text(column)
    if any(cell in DIRECTIONS for cell in cells):
        signs: list[float] = [DIRECTIONS.get(cell, math.nan if cell in MISSING else math.inf) for cell in cells]
        _refuse_words(table, column, signs)
    else:
        signs = numbers_of(table, {"direction": column})["direction"]
    names = _names(table, study)
    found = []
    for group, rows in _grouped(table, by, range(len(names))).items():
        one = vote_count([signs[row] for row in rows], alternative=alternative, interval=interval, level=level)
        found.append(Synthesis(group, tuple(names[row] for row in rows), one))
    return tuple(found), ()


def _refuse_words(table: Table, column: str, signs: Sequence[float]) -> None:
    place = list(table.columns).index(column) + 1
    problems = [
        Problem(
            table.path, table.lines[row], place, "SY183", f"{column} {table.text(column)[row]!r} is no direction",
            f"write {', '.join(DIRECTIONS)}, or leave the cell empty",
        )
        for row, sign in enumerate(signs)
        if sign == math.inf
    ]  # fmt: skip
    if problems:
        raise InvalidData(problems)


def _names(table: Table, study: str | None) -> Sequence[str]:
    return table.text(study) if study else [f"row {number}" for number in range(1, len(table.lines) + 1)]


def _grouped(table: Table, by: Sequence[str], rows: Sequence[int]) -> dict[str, list[int]]:
    columns = [table.text(name) for name in by]
    found: dict[str, list[int]] = {}
    for row in rows:
        found.setdefault(" ".join(column[row] for column in columns), []).append(row)
    return found
