"""The counts of a generalised linear mixed model: checked, and without the studies that say nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from synthesis.effects.columns import BoolArray, FloatArray, refuse
from synthesis.effects.effect import RowNote, note_rows
from synthesis.pooling.batch import IntArray
from synthesis.pooling.sparse.columns import MISSING, NoEstimate, four_cells, one_proportion, one_rate, two_rates

LARGEST_COUNT = 1e9  # beyond it, logs of probabilities lose the digits that matter
OF_PEOPLE = ("OR", "PLO")
Pair = tuple[FloatArray, FloatArray]


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """k studies with r groups (1 or 2) each: events in so many people, or during so much person-time."""

    measure: str  # a key of READERS
    events: FloatArray  # (k, r)
    size: FloatArray  # (k, r) people, or person-time
    left_out: tuple[RowNote, ...]

    @property
    def people(self) -> bool:
        """Whether events are counted in people, who can have one each."""
        return self.measure in OF_PEOPLE

    @property
    def full(self) -> BoolArray:
        """Groups with nothing but events, shape (k, r)."""
        full: BoolArray = (self.events == self.size) & self.people
        return full

    @property
    def sampling_variance(self) -> FloatArray:
        """Large-sample variances of the studies' own effects, shape (k,); 1/2 added to the cells of one with a zero."""
        cells_ = np.hstack([self.events, self.size - self.events]) if self.people else self.events
        extra = np.where((cells_ == 0).any(axis=1, keepdims=True), 0.5, 0.0)
        variance: FloatArray = (1 / (cells_ + extra)).sum(axis=1)
        return variance

    def take(self, which: BoolArray, notes: list[RowNote]) -> Counts:
        """Some of the studies, with notes on the others."""
        return Counts(self.measure, self.events[which], self.size[which], (*self.left_out, *notes))


def counts(measure: str, given: Mapping[str, Any], *, drop00: bool) -> Counts:
    """The counts of the studies that enter.

    Parameters
    ----------
    measure : str
        A key of `READERS`.
    given : mapping of name to array-like, shape (k,)
        The columns of the measure.
    drop00 : bool
        Whether studies are left out that have no event, or nothing but events, in both groups.

    Raises
    ------
    InvalidArgument
        For missing columns, columns of other measures, and impossible counts; NoEstimate where no study is left.
    """
    events, size = READERS[measure](given, measure)
    refuse(_any(np.isinf(events + size)), "counts must be finite")
    refuse(_any(events > LARGEST_COUNT), f"counts must not exceed {LARGEST_COUNT:g}")
    absent = _any(np.isnan(events + size))
    whole = np.hstack([events, size]) if measure in OF_PEOPLE else events
    refuse(_any(whole != np.round(whole)) & ~absent, "counts must be whole numbers")
    found = Counts(measure, events, size, ()).take(~absent, note_rows(absent, MISSING, dropped=True))
    return _informative(found, np.flatnonzero(~absent)) if drop00 and events.shape[1] == 2 else _some(found)


def _any(which: BoolArray) -> BoolArray:
    """Rows in which something is true, shape (k,)."""
    return np.asarray(which.any(axis=1))


def _informative(found: Counts, rows: IntArray) -> Counts:
    """Without the studies that have no event, or nothing but events, in both groups."""
    none, full = (found.events == 0).all(axis=1), found.full.all(axis=1)
    notes = [RowNote(int(row), "no events in either group", dropped=True) for row in rows[none]]
    notes += [RowNote(int(row), "nothing but events in both groups", dropped=True) for row in rows[full]]
    return _some(found.take(~none & ~full, notes))


def _some(found: Counts) -> Counts:
    """The counts, if there is a study left."""
    if not len(found.events):
        reasons = sorted({note.reason for note in found.left_out})
        raise NoEstimate(f"there is no study to pool ({'; '.join(reasons) or 'no rows'})")
    return found


def _tables(given: Mapping[str, Any], measure: str) -> Pair:
    """Events and sizes of two groups of people, shape (k, 2) each."""
    a, b, c, d = four_cells(given, measure)
    return np.stack([a, c], axis=1), np.stack([a + b, c + d], axis=1)


def _two_rates(given: Mapping[str, Any], measure: str) -> Pair:
    """Events and person-times of two groups, shape (k, 2) each."""
    x1, t1, x2, t2 = two_rates(given, measure)
    return np.stack([x1, x2], axis=1), np.stack([t1, t2], axis=1)


def _proportion(given: Mapping[str, Any], measure: str) -> Pair:
    """Events and people of one group, shape (k, 1) each."""
    x, n = one_proportion(given, measure)
    return x[:, None], n[:, None]


def _rate(given: Mapping[str, Any], measure: str) -> Pair:
    """Events and person-times of one group, shape (k, 1) each."""
    x, t = one_rate(given, measure)
    return x[:, None], t[:, None]


READERS: Mapping[str, Callable[[Mapping[str, Any], str], Pair]] = {
    "OR": _tables,
    "IRR": _two_rates,
    "PLO": _proportion,
    "IRLN": _rate,
}
