"""Counts of k studies as the common-effect methods take them, and what is done about their zeros."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from synthesis.effects import escalc
from synthesis.effects.columns import BoolArray, refuse
from synthesis.effects.effect import Effects, RowNote, note_rows
from synthesis.effects.two_by_two import double_zero
from synthesis.effects.zeros import which_corrected
from synthesis.errors import rows_text
from synthesis.pooling.pooled import Note
from synthesis.pooling.sparse.columns import MISSING, Four, NoEstimate, four_cells, two_rates

LARGEST = 1e60  # of a count or a person-time; beyond it, products of four of them leave double precision


@dataclass(frozen=True, slots=True)
class Zeros:
    """What is done about zeros, once for the studies' own effects and once for the pooled tables."""

    add: float
    to: str
    drop00: bool


@dataclass(frozen=True, slots=True, eq=False)
class Strata:
    """Counts of k studies: the cells a, b, c, d, or events and person-time x1, t1, x2, t2."""

    four: Four  # shape (k,) each; NaN where missing
    names: tuple[str, str, str, str]
    grows: tuple[bool, bool, bool, bool]  # to which of the four something is added against zeros
    zero: BoolArray  # studies with a zero among those
    empty: BoolArray  # studies without events, or with nothing but events, in both groups
    missing: BoolArray


def two_by_two(given: Mapping[str, Any], measure: str) -> Strata:
    """2x2 tables; columns and errors as of `four_cells`, and none without a study that has all its counts."""
    four = four_cells(given, measure)
    zero = np.any([cell == 0 for cell in four], axis=0)
    none, full = double_zero(*four)
    return _within_limits(Strata(four, ("ai", "bi", "ci", "di"), (True,) * 4, zero, none | full, np.isnan(sum(four))))


def person_time(given: Mapping[str, Any], measure: str) -> Strata:
    """Events and person-time; columns and errors as of `two_rates`, and none without a study that has them all."""
    x1, t1, x2, t2 = four = two_rates(given, measure)
    refuse(np.minimum(t1, t2) < 1 / LARGEST, f"person-time must not be below {1 / LARGEST:.0e}; change its unit")
    zero, none = (x1 == 0) | (x2 == 0), (x1 == 0) & (x2 == 0)
    grows = (True, False, True, False)
    return _within_limits(Strata(four, ("x1i", "t1i", "x2i", "t2i"), grows, zero, none, np.isnan(sum(four))))


def _within_limits(strata: Strata) -> Strata:
    """The strata, if no count is too large and there is a study to pool."""
    for name, column in zip(strata.names, strata.four, strict=True):
        refuse(column > LARGEST, f"{name} must not exceed {LARGEST:.0e}")
    if strata.missing.all():
        raise NoEstimate("there is no study with all its counts: nothing can be pooled")
    return strata


def pooled_tables(strata: Strata, zeros: Zeros) -> tuple[Four, list[Note]]:
    """The counts that are pooled, and what was left out or touched."""
    out = strata.missing | (strata.empty & zeros.drop00)
    where = which_corrected(strata.zero & ~out, add=zeros.add, to=zeros.to) & ~out
    extra = np.where(where, zeros.add, 0.0)
    a, b, c, d = ((column + extra * grows)[~out] for column, grows in zip(strata.four, strata.grows, strict=True))
    notes = note_rows(strata.missing, f"{MISSING}; left out", dropped=True)
    if zeros.drop00:
        notes += note_rows(strata.empty, "no events, or nothing but events, in both groups; left out", dropped=True)
    if zeros.add > 0:
        notes += note_rows(where, f"{zeros.add:g} added to the counts that are pooled", dropped=False)
    return (a, b, c, d), row_notes("estimate", notes)


def own_effects(measure: str, strata: Strata, zeros: Zeros) -> tuple[Effects, list[Note]]:
    """The studies' own effects, which only Q needs, and what was left out or touched."""
    given: dict[str, Any] = dict(zip(strata.names, strata.four, strict=True))
    found = escalc(measure, add=zeros.add, to=zeros.to, drop00=zeros.drop00, **given)
    known = [note for note in found.notes if not strata.missing[note.row]]
    without = ~found.usable & ~strata.missing & ~np.isin(np.arange(len(found.yi)), [n.row for n in known if n.dropped])
    notes = [note._replace(reason=f"{note.reason}; left out") if note.dropped else note for note in known]
    notes += note_rows(without, "an effect without variance; left out", dropped=True)
    return found.complete(), row_notes("q", notes)


def row_notes(field: str, notes: Iterable[RowNote]) -> list[Note]:
    """One note for each reason, naming all its rows; the first row is 1."""
    rows: dict[str, list[int]] = {}
    for note in notes:
        rows.setdefault(note.reason, []).append(note.row + 1)
    return [Note(field, f"{rows_text(found)}: {reason}") for reason, found in rows.items()]
