"""From the facts of a cell to the clause that fires and what it gives."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from synthesis.scoring.language import BoolArray, Columns, FloatArray, IntArray, known, maybe, numbers, surely
from synthesis.scoring.rule import Clause, Procedure

UNCAPPED = -1


@dataclass(frozen=True, slots=True, eq=False)
class Decided:
    """What a rule gives for many cells."""

    clauses: tuple[Clause, ...]  # those that may fire, the blank one among them at the front
    clause: IntArray  # the one that fires, a place in `clauses`, shape (m,)
    number: FloatArray  # what is given as a number, after caps; NaN for other outputs and for blank
    cap: IntArray  # the cap that lowered it, a place in the procedure's caps, else UNCAPPED
    open: BoolArray  # which clauses may fire, given what is not known; shape (m, clauses)
    numbers: FloatArray  # what each clause would give, after caps, shape (m, clauses)


def decide(procedure: Procedure, columns: Columns, cells: int) -> Decided:
    """The first clause that surely holds, in every cell.

    Parameters
    ----------
    procedure : Procedure
        The steps under one policy.
    columns : mapping
        The facts of the cells, as `features_of` gives them, or those of single studies; each of shape (cells,) or (1,).
    cells : int
        How many cells there are, m.
    """
    clauses = (*((procedure.blank,) if procedure.blank else ()), *procedure.clauses)
    held, may = np.ones((2, cells, len(clauses)), dtype=bool)
    for place, clause in enumerate(clauses):
        if clause.when is not None:
            holds = numbers(clause.when, columns, cells)
            held[:, place], may[:, place] = surely(holds), maybe(holds)
    first = held.argmax(axis=1)
    may &= np.arange(len(clauses)) <= first[:, None]
    given = np.stack([_given(clause, columns, cells) for clause in clauses], axis=1)
    cap = np.full((cells, len(clauses)), UNCAPPED)
    for place, rule in reversed(list(enumerate(procedure.caps))):
        lowers = surely(numbers(rule.when, columns, cells))[:, None] & (given == rule.points)
        cap[lowers] = place
    becomes = np.array([*(rule.becomes for rule in procedure.caps), np.nan])
    capped = np.where(cap == UNCAPPED, given, becomes[cap])
    row = np.arange(cells)
    return Decided(clauses, first, capped[row, first], cap[row, first], may, capped)


def flags_of(procedure: Procedure, columns: Columns, decided: Decided) -> list[tuple[str, ...]]:
    """The flags of each cell; their conditions may speak of the points, 0 where there are none."""
    cells = len(decided.clause)
    with_points = {**columns, "points": known(np.nan_to_num(decided.number))}
    held = [(flag.text, surely(numbers(flag.when, with_points, cells)).tolist()) for flag in procedure.flags]
    return [tuple(text for text, holds in held if holds[cell]) for cell in range(cells)]


def number_text(number: float) -> str:
    """A number that a rule gives, as text; whole ones without a point."""
    return f"{number:.10g}"


def output_of(clause: Clause, number: float) -> str:
    """What a clause gives as text; nothing for blank."""
    return clause.output or ("" if math.isnan(number) else number_text(number))


def _given(clause: Clause, columns: Columns, cells: int) -> FloatArray:
    """The number that a clause gives; NaN where it gives another output, nothing, or a number that is not known."""
    if clause.number is None:
        return np.full(cells, np.nan)
    value = numbers(clause.number, columns, cells)
    return np.where(value.low == value.high, value.low, np.nan)
