"""What a plain table allows that gives no effects with precision: p-values combined, and votes by direction."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from synthesis.errors import InvalidArgument, InvalidData
from synthesis.plain.effects import PlainLeftOut, Reading, effects_of, unusable
from synthesis.plain.table import MISSING, Table
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
    alternative: str | None = None,
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
    alternative : str, optional
        Of effects: "greater" or "less"; "greater" where not given. P-values that are given have their direction.
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
    columns = {"p": _p_of(table, given, alternative), **table.numbers(roles)}
    names, left, kept = table.studies(study), [], []
    for row, line in enumerate(table.lines):
        absent = next((role for role, values in columns.items() if math.isnan(values[row])), "")
        if absent:
            left.append(PlainLeftOut(names[row], line, f"no {absent}"))
        else:
            kept.append(row)
    found = [
        Synthesis(group, tuple(names[row] for row in rows), _combined(table, columns, rows, method, options))
        for group, rows in table.groups(by, kept).items()
    ]
    return tuple(found), tuple(left)


def _combined(
    table: Table, columns: Mapping[str, Sequence[float]], rows: Sequence[int], method: str, options: Mapping[str, Any]
) -> CombinedP:
    """The p-values of some rows combined; what is wrong with a row at its line."""
    used: dict[str, Any] = {role: [values[row] for row in rows] for role, values in columns.items()}
    try:
        return combine_p(used.pop("p"), method, **used, **options)
    except InvalidArgument as error:
        if not error.rows:
            raise
        raise InvalidData(unusable(table, rows[row - 1], error.what) for row in error.rows) from error


def _p_of(table: Table, given: Mapping[str, str], alternative: str | None) -> list[float]:
    """The p-values of the rows, given or of effects; NaN where there is none."""
    effects = {role: column for role, column in given.items() if role in ("yi", "vi", "sei")}
    if "p" not in given:
        return _of_effects(table, effects, alternative or "greater")
    if effects or alternative is not None:
        raise InvalidArgument("p-values that are given have their direction: --alternative and --yi go without --p")
    return _given_p(table, given["p"])


def _given_p(table: Table, column: str) -> list[float]:
    found = table.numbers({"p": column})["p"]
    wrong = [row for row, p in enumerate(found) if p <= 0 or p > 1]
    if wrong:
        remedy = "write an exact p-value above 0 and at most 1, or leave the cell empty"
        raise InvalidData(table.problems(column, wrong, "SY184", "is no p-value that can be combined", remedy))
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
        signs = table.numbers({"direction": column})["direction"]
    names = table.studies(study)
    found = []
    for group, rows in table.groups(by, range(len(names))).items():
        one = vote_count([signs[row] for row in rows], alternative=alternative, interval=interval, level=level)
        found.append(Synthesis(group, tuple(names[row] for row in rows), one))
    return tuple(found), ()


def _refuse_words(table: Table, column: str, signs: Sequence[float]) -> None:
    """Raise InvalidData for cells that are neither a direction nor empty."""
    wrong = [row for row, sign in enumerate(signs) if sign == math.inf]
    if wrong:
        remedy = f"write {', '.join(DIRECTIONS)}, or leave the cell empty"
        raise InvalidData(table.problems(column, wrong, "SY183", "is no direction", remedy))
