"""How a rule came to its output in one cell: every feature with its value, every clause and whether it held."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from synthesis.scoring.engine.collapse import study_rows
from synthesis.scoring.engine.decide import number_text
from synthesis.scoring.engine.features import context_columns, features_of
from synthesis.scoring.engine.table import table_of
from synthesis.scoring.language import Column, Columns, Numbers, maybe, numbers, surely
from synthesis.scoring.rule import Clause, Rule, procedure_of
from synthesis.scoring.states import Context, ScoredFinding

HOLDS, MAY_HOLD, FAILS = "holds", "may hold", "does not hold"
UNKNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Step:
    """One clause: its condition, whether it holds, and the values of the names that it speaks of."""

    clause: Clause
    condition: str  # as written in the rule; `otherwise` where there is none
    holds: str  # HOLDS | MAY_HOLD | FAILS
    values: tuple[tuple[str, str], ...]  # name and value


@dataclass(frozen=True, slots=True)
class Trace:
    """All clauses in order, and the first of them that surely holds, which is the one that gives the output."""

    steps: tuple[Step, ...]
    fired: int  # a place in `steps`


def trace(
    findings: Iterable[ScoredFinding], rule: Rule, policy: str | None = None, context: Context | None = None
) -> Trace:
    """Every clause of a rule on the findings of one cell; see `score`."""
    procedure = procedure_of(rule, policy)
    table, _ = table_of([findings], rule.fields)
    rows = study_rows(rule, procedure, table)
    columns = features_of(procedure, rows, context_columns(rule, [context or {}]), 1)
    clauses = (*((procedure.blank,) if procedure.blank else ()), *procedure.clauses)
    steps = tuple(_step(clause, columns) for clause in clauses)
    return Trace(steps, next(place for place, step in enumerate(steps) if step.holds == HOLDS))


def _step(clause: Clause, columns: Columns) -> Step:
    if clause.when is None:
        return Step(clause, "otherwise", HOLDS, ())
    found = numbers(clause.when, columns, 1)
    holds = HOLDS if surely(found)[0] else MAY_HOLD if maybe(found)[0] else FAILS
    return Step(clause, clause.when.text, holds, tuple(_values(clause, columns)))


def _values(clause: Clause, columns: Columns) -> Iterator[tuple[str, str]]:
    names = clause.when.names if clause.when is not None else frozenset()
    return ((name, _value(columns[name])) for name in sorted(names))


def _value(column: Column) -> str:
    """A value, or the two between which it lies."""
    if not isinstance(column, Numbers):
        return column.words[column.codes[0]] if column.codes[0] >= 0 else UNKNOWN
    low, high = float(column.low[0]), float(column.high[0])
    if low == high:
        return number_text(low)
    return UNKNOWN if (low, high) == (float("-inf"), float("inf")) else f"{number_text(low)} to {number_text(high)}"
