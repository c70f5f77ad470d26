"""The findings of many cells as columns."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from synthesis.evidence.entries import MONTHS
from synthesis.records.study import NOT_STATED
from synthesis.scoring.language import Column, Declared, FloatArray, IntArray, column_of
from synthesis.scoring.states import Fact, ScoredFinding

OWN: Mapping[str, Callable[[ScoredFinding], Fact | None]] = {
    "level": lambda finding: finding.level,
    "trial_level": lambda finding: finding.level,
    "direction": lambda finding: _stated(finding.direction),
    "significant": lambda finding: _truth(finding.significant),
    "limited": lambda finding: finding.limited,
    "basis": lambda finding: finding.direction_basis,
    "outcome": lambda finding: finding.outcome,
    "detail": lambda finding: finding.detail,
    "study": lambda finding: finding.study,
    "report": lambda finding: finding.source or finding.reference,
}


@dataclass(frozen=True, slots=True, eq=False)
class FindingTable:
    """Findings in the order of their cells."""

    size: int  # n, the number of findings
    cells: int  # the number of cells, those without a finding among them
    cell: IntArray  # shape (n,), ascending
    columns: Mapping[str, Column]  # of the fields that the rule must know, each of shape (n,)
    measured: FloatArray  # months after treatment, or the latest that the class of the time allows; NaN unknown


def table_of(
    cells: Sequence[Iterable[ScoredFinding]], fields: Mapping[str, Declared]
) -> tuple[FindingTable, list[ScoredFinding]]:
    """The findings of each cell as columns, and the findings themselves in the order of the rows.

    Parameters
    ----------
    cells : sequence of iterables of ScoredFinding
        Each cell's findings in any order; a finding that is repeated counts once.
    fields : mapping
        What a rule must know of each finding.
    """
    found: list[ScoredFinding] = []
    cell: list[int] = []
    for place, findings in enumerate(cells):
        unique = sorted(set(findings), key=lambda finding: finding.order)
        found += unique
        cell += [place] * len(unique)
    facts = [dict(finding.facts) for finding in found]
    columns = {
        name: column_of(declared, [_value(name, finding, known) for finding, known in zip(found, facts, strict=True)])
        for name, declared in fields.items()
    }
    times = [(known.get("months"), str(known.get("time", ""))) for known in facts]
    table = FindingTable(
        size=len(found),
        cells=len(cells),
        cell=np.array(cell, dtype=np.intp),
        columns=columns,
        measured=np.array([_measured(months, time) for months, time in times], dtype=float),
    )
    return table, found


def _value(name: str, finding: ScoredFinding, facts: Mapping[str, Fact]) -> Fact | None:
    """A field of a finding: what its facts say, else its own."""
    if name in facts:
        return facts[name]
    return OWN[name](finding) if name in OWN else None


def _measured(months: Fact | None, time: str) -> float:
    if isinstance(months, (int, float)):
        return float(months)
    return MONTHS.get(time, math.nan)


def _stated(text: str) -> str | None:
    return None if text in ("", NOT_STATED) else text


def _truth(text: str) -> bool | None:
    return None if text == NOT_STATED else text == "yes"
