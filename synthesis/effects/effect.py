"""Effects of studies as two columns, and the notes that all measures share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from synthesis.effects.columns import BoolArray, FloatArray


class RowNote(NamedTuple):
    """What happened to one study on its way to an effect."""

    row: int  # the first is 0
    reason: str
    dropped: bool  # whether the study has no effect for that reason


@dataclass(frozen=True, slots=True)
class Effects:
    """Effects of k studies; a study that has none is NaN in both columns, with its reason in `notes`."""

    yi: FloatArray  # (k,) effects; logs of ratios
    vi: FloatArray  # (k,) sampling variances, squared units of yi
    measure: str  # a key of MEASURES
    notes: tuple[RowNote, ...] = ()

    def __len__(self) -> int:
        """How many studies there are, those without an effect included."""
        return len(self.yi)

    @property
    def usable(self) -> BoolArray:
        """Which studies have an effect and a variance above 0, shape (k,)."""
        usable: BoolArray = np.isfinite(self.yi) & np.isfinite(self.vi) & (self.vi > 0)
        return usable

    @property
    def dropped(self) -> tuple[RowNote, ...]:
        """The notes of the studies that have no effect."""
        return tuple(note for note in self.notes if note.dropped)

    def complete(self) -> Effects:
        """Only the studies that can be pooled; notes keep the numbers of the rows as they were."""
        return Effects(self.yi[self.usable], self.vi[self.usable], self.measure, self.notes)


def note_rows(where: BoolArray, reason: str, *, dropped: bool) -> list[RowNote]:
    """One note for each row that is true in `where`."""
    return [RowNote(row, reason, dropped) for row in np.flatnonzero(where).tolist()]


def effects(measure: str, yi: FloatArray, vi: FloatArray, notes: Iterable[RowNote] = ()) -> Effects:
    """Effects with every row that is not finite made NaN and given a reason, if it has none yet."""
    known = list(notes)
    have = {note.row for note in known if note.dropped}
    absent = ~(np.isfinite(yi) & np.isfinite(vi))
    unknown = absent & ~np.isin(np.arange(len(yi)), list(have))
    known += note_rows(unknown, "the numbers given make no effect", dropped=True)
    return Effects(np.where(absent, np.nan, yi), np.where(absent, np.nan, vi), measure, tuple(sorted(known)))
