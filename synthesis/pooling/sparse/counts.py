"""The counts of a generalised linear mixed model: checked, and without the studies that say nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from synthesis.effects.columns import BoolArray, FloatArray, columns, refuse
from synthesis.effects.effect import RowNote, note_rows
from synthesis.effects.two_by_two import cells, non_events
from synthesis.errors import InvalidArgument
from synthesis.pooling.batch import IntArray

LARGEST_COUNT = 1e9  # beyond it, logs of probabilities lose the digits that matter
MEASURES_OF_GLMM = {
    "OR": "ai, ci, and bi, di or n1i, n2i",
    "IRR": "x1i, t1i, x2i, t2i",
    "PLO": "xi, and mi or ni",
    "IRLN": "xi, ti",
}
MISSING = "a count is missing"


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """k studies with r groups (1 or 2) each: events in so many people, or during so much person-time."""

    measure: str  # a key of MEASURES_OF_GLMM
    events: FloatArray  # (k, r)
    size: FloatArray  # (k, r) people, or person-time
    left_out: tuple[RowNote, ...]

    @property
    def people(self) -> bool:
        """Whether events are counted in people, who can have one each."""
        return self.measure in ("OR", "PLO")

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


def counts(measure: str, given: dict[str, Any], *, drop00: bool) -> Counts:
    """The counts of the studies that enter.

    Parameters
    ----------
    measure : str
        A key of `MEASURES_OF_GLMM`.
    given : dict
        Columns by name, None for those that were not given.
    drop00 : bool
        Whether studies are left out that have no event, or nothing but events, in both groups.

    Raises
    ------
    InvalidArgument
        For missing columns, columns of other measures, impossible counts, and where no study is left.
    """
    events, size = READERS[measure]({name: values for name, values in given.items() if values is not None})
    refuse(_any(np.isinf(events + size)), "counts must be finite")
    refuse(_any(events > LARGEST_COUNT), f"counts must not exceed {LARGEST_COUNT:g}")
    absent = _any(np.isnan(events + size))
    whole = np.hstack([events, size]) if measure in ("OR", "PLO") else events
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
        raise InvalidArgument(f"there is no study to pool ({'; '.join(reasons) or 'no rows'})")
    return found


def _tables(given: dict[str, Any]) -> tuple[FloatArray, FloatArray]:
    """Events and sizes of two groups of people."""
    a, b, c, d = cells(**_columns(given, "OR", ("ai", "ci"), (("bi", "n1i"), ("di", "n2i"))))
    return np.stack([a, c], axis=1), np.stack([a + b, c + d], axis=1)


def _two_rates(given: dict[str, Any]) -> tuple[FloatArray, FloatArray]:
    """Events and person-times of two groups."""
    known = _columns(given, "IRR", ("x1i", "t1i", "x2i", "t2i"))
    events, time = (np.stack([known[f"{name}1i"], known[f"{name}2i"]], axis=1) for name in ("x", "t"))
    return _rates_of(events, time)


def _proportions(given: dict[str, Any]) -> tuple[FloatArray, FloatArray]:
    """Events and people of one group."""
    known = _columns(given, "PLO", ("xi",), (("mi", "ni"),))
    x = known["xi"]
    n = non_events(x, known.get("mi"), known.get("ni"), "the group") + x
    refuse((x < 0) | (n < x), "events must lie between 0 and the number of people")
    refuse(n == 0, "a group has nobody in it")
    return x[:, None], n[:, None]


def _rates(given: dict[str, Any]) -> tuple[FloatArray, FloatArray]:
    """Events and person-times of one group."""
    known = _columns(given, "IRLN", ("xi", "ti"))
    return _rates_of(known["xi"][:, None], known["ti"][:, None])


def _rates_of(events: FloatArray, time: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Events and person-times, if they can be."""
    refuse(_any(events < 0), "events must not be below 0")
    refuse(_any(time <= 0), "person-time must be greater than 0")
    return events, time


READERS = {"OR": _tables, "IRR": _two_rates, "PLO": _proportions, "IRLN": _rates}


def _columns(
    given: dict[str, Any], measure: str, needed: tuple[str, ...], either: tuple[tuple[str, str], ...] = ()
) -> dict[str, FloatArray]:
    """The columns given, of one length, if they are those of the measure."""
    foreign = sorted(set(given).difference(needed, *either))
    if foreign or not set(needed) <= set(given) or not all(set(pair) & set(given) for pair in either):
        also = f", not {', '.join(foreign)}" if foreign else ""
        raise InvalidArgument(f"{measure} needs {MEASURES_OF_GLMM[measure]}{also}")
    return dict(zip(given, columns(**given), strict=True))
