"""Effects of studies as two columns, and the notes that all measures share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from synthesis.effects.columns import BoolArray, FloatArray, refuse
from synthesis.text import decimal, table

Effect = tuple[FloatArray, FloatArray]  # effects and their sampling variances, of one shape
UNEXPLAINED = "the numbers given make no effect"  # where no other note says why


class RowNote(NamedTuple):
    """What happened to one study on its way to an effect."""

    row: int  # the first is 0; of an array of more than one axis, counted through with the last axis fastest
    reason: str
    dropped: bool  # whether the study has no effect for that reason


@dataclass(frozen=True, slots=True)
class Effects:
    """Effects of k studies; a study that has none is NaN in both columns, with its reason in `notes`.

    An estimate at its bound, of which no sampling variance exists, is NaN in `vi` alone and counts as dropped.
    Of several sets of studies the arrays have more axes, (m, k, ...); the notes number the entries of `yi.ravel()`.
    """

    yi: FloatArray  # (k,) effects; logs of ratios
    vi: FloatArray  # (k,) sampling variances, squared units of yi
    measure: str  # a key of MEASURES
    notes: tuple[RowNote, ...] = ()

    def __len__(self) -> int:
        """How many studies there are, those without an effect included."""
        return self.yi.size

    @property
    def usable(self) -> BoolArray:
        """Which studies have an effect and a variance above 0, in the shape of `yi`."""
        usable: BoolArray = np.isfinite(self.yi) & np.isfinite(self.vi) & (self.vi > 0)
        return usable

    @property
    def dropped(self) -> tuple[RowNote, ...]:
        """The notes of the studies that have no effect."""
        return tuple(note for note in self.notes if note.dropped)

    def complete(self) -> Effects:
        """Only the studies that can be pooled, shape (usable,); notes keep the numbers of the rows as they were."""
        return Effects(self.yi[self.usable], self.vi[self.usable], self.measure, self.notes)

    def summary(self) -> str:
        """The effects as text, one a line, and the notes below."""
        effects_ = zip(self.yi.ravel().tolist(), self.vi.ravel().tolist(), strict=True)
        rows = [[str(row), decimal(y), decimal(v)] for row, (y, v) in enumerate(effects_, start=1)]
        return table(["row", f"yi ({self.measure})", "vi"], rows, numeric=range(3)) + notes_text(self.notes)

    def to_dict(self) -> dict[str, Any]:
        """Columns and notes as plain values, fit for JSON; what is absent is None, and the first row is 1."""
        columns = {"yi": plain_numbers(self.yi), "vi": plain_numbers(self.vi)}
        return {"measure": self.measure, **columns, "notes": plain_notes(self.notes)}


def note_rows(where: BoolArray, reason: str, *, dropped: bool) -> list[RowNote]:
    """One note for each row that is true in `where`, an array of any shape."""
    return [RowNote(row, reason, dropped) for row in np.flatnonzero(where).tolist()]


def notes_text(notes: Iterable[RowNote]) -> str:
    """Notes as text, one a line; the first row is 1."""
    return "".join(f"row {note.row + 1}: {note.reason}\n" for note in notes)


def plain_notes(notes: Iterable[RowNote]) -> list[dict[str, Any]]:
    """Notes as plain values, fit for JSON; the first row is 1."""
    return [{"row": note.row + 1, "reason": note.reason, "dropped": note.dropped} for note in notes]


def plain_numbers(array: FloatArray) -> list[float | None]:
    """An array of any shape as a list of plain numbers, None for what is not finite."""
    return [value if np.isfinite(value) else None for value in array.ravel().tolist()]


def effects(
    measure: str, yi: FloatArray, vi: FloatArray, notes: Iterable[RowNote] = (), *, keep: BoolArray | None = None
) -> Effects:
    """Effects with every row that is not finite made NaN and given a reason, if it has none yet.

    An estimate stands without a variance only in the rows `keep`.
    """
    known = list(notes)
    have = {note.row for note in known if note.dropped}
    absent = ~(np.isfinite(yi) & np.isfinite(vi))
    unknown = absent & ~np.isin(np.arange(yi.size), list(have)).reshape(yi.shape)
    known += note_rows(unknown, UNEXPLAINED, dropped=True)
    blank = absent if keep is None else absent & ~keep
    return Effects(np.where(blank, np.nan, yi), np.where(absent, np.nan, vi), measure, tuple(sorted(known)))


def generic(*, yi: FloatArray, vi: FloatArray | None = None, sei: FloatArray | None = None) -> Effects:
    """Effects of no measure named here, as they are given: with their variances, or else standard errors."""
    none = np.full(yi.shape, np.nan)
    variance, error = none if vi is None else vi, none if sei is None else sei
    refuse((variance < 0) | (error < 0), "vi and sei must not be below 0")
    return effects("GEN", yi, np.where(np.isnan(variance), error**2, variance))
