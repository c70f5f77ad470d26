"""What the rows of a plain table show: a direction, its p-value, and what else figures of studies need."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from scipy.special import ndtr

from synthesis.effects.columns import check_known
from synthesis.errors import InvalidArgument, InvalidData, Problem
from synthesis.plain.effects import Reading, effects_of
from synthesis.plain.table import MISSING, Table

EFFECTS = ("yi", "vi", "sei")
BETTER = ("higher", "lower")
SIGNS: Mapping[str, int] = {  # of directions in words, in capitals or not: benefit above 0
    **dict.fromkeys(("benefit", "effective", "positive", "up"), 1),
    **dict.fromkeys(("harm", "contrary", "negative", "down"), -1),
    **dict.fromkeys(("none", "ineffective", "mixed", "undetermined", "sideways", "no difference"), 0),
}
NUMBERS: Mapping[str, tuple[Callable[[float], bool], str]] = {  # what a column of numbers may hold
    "p": (lambda p: 0 < p <= 1, "a p-value above 0 and at most 1"),
    "n": (lambda n: 0 < n < math.inf, "a number of participants above 0"),
    "level": (lambda level: level in {1, 2, 3, 4, 5}, "a level from 1 to 5"),
}


@dataclass(frozen=True, slots=True)
class PlainResult:
    """One row; None and empty text where its cell is empty, or its column was not named."""

    study: str
    line: int
    group: str
    sign: int | None = None  # 1 benefit, -1 harm, 0 neither
    effect: float | None = None  # as the table has it
    p: float | None = None  # two-sided
    reported: int | None = None  # a sign
    n: float | None = None
    level: float | None = None
    texts: Mapping[str, str] | None = None  # other columns, by what they are

    def text(self, role: str) -> str:
        """A cell of another column; empty where it was not named."""
        return (self.texts or {}).get(role, "")


def results_of(
    table: Table, given: Mapping[str, str], *, better: str = "higher", by: Sequence[str] = (), study: str | None = None
) -> tuple[PlainResult, ...]:
    """The rows of a table as results of studies.

    Parameters
    ----------
    table : Table
        Its columns.
    given : mapping
        What a column is -> its name: `direction` (words of SIGNS, or numbers whose sign counts) or `yi` with or
        without `vi` or `sei`; `p` (two-sided), `reported` (as direction), `n`, `level`; others are texts.
    better : {"higher", "lower"}
        Which sign of a number is a benefit.
    by, study
        Columns of the groups, and of the studies' names.

    Raises
    ------
    InvalidArgument
        For a column that there is not, and for effects beside directions.
    InvalidData
        For cells that are no numbers or directions, or out of their range, each with its line.
    """
    check_known(better, BETTER, "good direction")
    effects = {role: column for role, column in given.items() if role in EFFECTS}
    if "direction" in given and effects:
        raise InvalidArgument("give --direction, or effects with --yi; not both")
    turn = 1 if better == "higher" else -1
    signs = _signs(table, given["direction"], turn) if "direction" in given else {}
    shown, p = _of_effects(table, effects) if effects else ({}, {})
    numbers = {role: _numbers(table, role, given[role]) for role in NUMBERS if role in given}
    reported = _signs(table, given["reported"], turn) if "reported" in given else {}
    texts = {role: table.text(column) for role, column in given.items() if role not in _KNOWN}
    names, groups = table.studies(study), _groups(table, by)
    return tuple(
        PlainResult(
            study=names[row],
            line=line,
            group=groups[row],
            sign=_sign(shown[row] * turn) if row in shown else signs.get(row),
            effect=shown.get(row),
            p=numbers.get("p", p).get(row),
            reported=reported.get(row),
            n=numbers.get("n", {}).get(row),
            level=numbers.get("level", {}).get(row),
            texts={role: column[row] for role, column in texts.items()},
        )
        for row, line in enumerate(table.lines)
    )


_KNOWN = ("direction", "reported", *EFFECTS, *NUMBERS)


def _groups(table: Table, by: Sequence[str]) -> dict[int, str]:
    found = table.groups(by, range(len(table.lines))) if by else {"": range(len(table.lines))}
    return {row: group for group, rows in found.items() for row in rows}


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)


def _signs(table: Table, column: str, turn: int) -> dict[int, int]:
    """The directions of a column that are not empty: words, or the signs of numbers."""
    cells = [cell if cell in MISSING else cell.lower() for cell in table.text(column)]
    if not any(cell in SIGNS for cell in cells):
        values = table.numbers({"direction": column})["direction"]
        return {row: _sign(value * turn) for row, value in enumerate(values) if not math.isnan(value)}
    wrong = [row for row, cell in enumerate(cells) if cell not in (*SIGNS, *MISSING)]
    if wrong:
        remedy = f"write one of {', '.join(SIGNS)}, or leave the cell empty"
        raise InvalidData(table.problems(column, wrong, "SY183", "is no direction", remedy))
    return {row: SIGNS[cell] for row, cell in enumerate(cells) if cell in SIGNS}


def _of_effects(table: Table, given: Mapping[str, str]) -> tuple[dict[int, float], dict[int, float]]:
    """Effects by row, and their two-sided p-values where they have variances."""
    if "yi" not in given:
        raise InvalidArgument("variances are of effects: name these with --yi")
    if len(given) == 1:
        values = table.numbers({"yi": given["yi"]})["yi"]
        return {row: value for row, value in enumerate(values) if not math.isnan(value)}, {}
    effects = effects_of(table, given, Reading()).effects
    rows = [row for row, usable in enumerate(effects.usable.tolist()) if usable]
    yi = {row: float(effects.yi[row]) for row in rows}
    return yi, {row: float(2 * ndtr(-abs(yi[row]) / math.sqrt(effects.vi[row]))) for row in rows}


def _numbers(table: Table, role: str, column: str) -> dict[int, float]:
    """The numbers of a column that are not empty, if they can be what they are said to be."""
    holds, words = NUMBERS[role]
    values = table.numbers({role: column})[role]
    wrong = [row for row, value in enumerate(values) if not (math.isnan(value) or holds(value))]
    problems: list[Problem] = table.problems(column, wrong, "SY184", f"is not {words}", "correct it, or leave it empty")
    if problems:
        raise InvalidData(problems)
    return {row: value for row, value in enumerate(values) if not math.isnan(value)}
