"""2x2 tables from their margins and one number that says how the two groups differ."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import ndtri

from synthesis.effects.columns import BoolArray, FloatArray, refuse
from synthesis.effects.convert import arrays, or_absent
from synthesis.effects.effect import RowNote, note_rows, notes_text, plain_notes, plain_numbers
from synthesis.errors import InvalidArgument
from synthesis.text import decimal, table

ROUNDING = 1e-9  # of all people: a cell so little below 0 is 0
CELLS = ("ai", "bi", "ci", "di")
Margins = tuple[FloatArray, FloatArray, FloatArray]  # all people, the first group, all events
FirstCell = Callable[[FloatArray, Margins], FloatArray]


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """Cells of 2x2 tables, of the shape of what was given; a table that cannot be is NaN, with its reason."""

    ai: FloatArray  # events in the first group
    bi: FloatArray  # non-events in the first group
    ci: FloatArray  # events in the second group
    di: FloatArray  # non-events in the second group
    notes: tuple[RowNote, ...] = ()

    def __len__(self) -> int:
        """How many tables there are, those that cannot be included."""
        return self.ai.size

    @property
    def dropped(self) -> tuple[RowNote, ...]:
        """The notes of the tables that cannot be."""
        return tuple(note for note in self.notes if note.dropped)

    def counts(self) -> dict[str, FloatArray]:
        """The cells by the names that `escalc` takes: `escalc("OR", **tables.counts())`."""
        return {name: getattr(self, name) for name in CELLS}

    def summary(self) -> str:
        """The tables as text, one a line, and the notes below."""
        cells = zip(*(getattr(self, name).ravel().tolist() for name in CELLS), strict=True)
        rows = [[str(row), *(decimal(cell, 2) for cell in four)] for row, four in enumerate(cells, start=1)]
        return table(["row", *CELLS], rows, numeric=range(5)) + notes_text(self.notes)

    def to_dict(self) -> dict[str, Any]:
        """Cells and notes as plain values, fit for JSON; absent cells are None, and the first row is 1."""
        return {name: plain_numbers(getattr(self, name)) for name in CELLS} | {"notes": plain_notes(self.notes)}


def from_phi(phi: FloatArray, margins: Margins) -> FloatArray:
    """The first cell, (phi sqrt(n1 n2 m (n - m)) + n1 m) / n, because a n - n1 m = a d - b c."""
    n, n1, m = margins
    found: FloatArray = (phi * np.sqrt(n1 * (n - n1)) * np.sqrt(m * (n - m)) + n1 * m) / n
    return found


def from_odds_ratio(ratio: FloatArray, margins: Margins) -> FloatArray:
    """The first cell: the one root of a (n - n1 - m + a) = OR (n1 - a) (m - a) that leaves no cell below 0.

    Either form of the root is taken where it does not subtract what is nearly equal.

    References
    ----------
    Bonett DG (2007). Transforming odds ratios into correlations for meta-analytic research. American Psychologist
    62(3), 254-255.
    """
    n, n1, m = margins
    s = n - n1 - m + ratio * (n1 + m)
    root = np.sqrt(np.maximum(s**2 + 4 * (1 - ratio) * ratio * n1 * m, 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        found: FloatArray = np.where(s > 0, 2 * ratio * n1 * m / (s + root), (root - s) / (2 * (1 - ratio)))
    return found


def from_risk_ratio(ratio: FloatArray, margins: Margins) -> FloatArray:
    """The first cell, RR m n1 / (n2 + RR n1), because a / n1 = RR (m - a) / n2."""
    n, n1, m = margins
    found: FloatArray = ratio * m * n1 / (n - n1 + ratio * n1)
    return found


def from_chi_squared(signed: FloatArray, margins: Margins) -> FloatArray:
    """The first cell, from Pearson's chi-squared with the sign of a d - b c; see `from_phi`."""
    return from_phi(np.sign(signed) * np.sqrt(np.abs(signed) / margins[0]), margins)


def from_corrected_chi_squared(signed: FloatArray, margins: Margins) -> FloatArray:
    """As `from_chi_squared`, where Yates's correction took n / 2 from |a d - b c|; NaN where 0 is left of it."""
    n, n1, m = margins
    spread = np.sqrt(n1 * (n - n1)) * np.sqrt(m * (n - m))
    size = n / 2 + np.sqrt(np.abs(signed) / n) * spread
    return np.where(signed == 0, np.nan, (np.sign(signed) * size + n1 * m) / n)


def tables_from_margins(
    ni: Any,
    n1i: Any,
    events: Any,
    *,
    data: Any = None,
    ori: Any = None,
    rri: Any = None,
    ri: Any = None,
    x2i: Any = None,
    pi: Any = None,
    correct: bool = True,
    integer: bool = False,
) -> Tables:
    """Cells of 2x2 tables from their margins and an odds ratio, risk ratio, phi, chi-squared or p-value.

    Parameters
    ----------
    ni : array-like or str
        People in both groups together.
    n1i : array-like or str
        People in the first group.
    events : array-like or str
        People with the event in both groups together (metafor's `conv.2x2` calls this margin n2i).
    data : mapping or data frame, optional
        Where columns are looked up that are given by name.
    ori, rri : array-like, optional
        Odds ratios and risk ratios (first group to second), as ratios, not as logs.
    ri : array-like, optional
        Phi coefficients.
    x2i : array-like, optional
        Chi-squared statistics, below 0 where the event is rarer in the first group.
    pi : array-like, optional
        Exact p-values of the chi-squared test, below 0 where the event is rarer in the first group.
    correct : bool
        Whether chi-squared statistics and p-values have Yates's correction.
    integer : bool
        Whether cells are rounded to whole people. A cell that a rounded statistic puts less than half a person
        below 0 is then 0.

    Returns
    -------
    Tables
        Row by row from the first statistic given, in the order above. A table that the margins do not allow is
        NaN with its reason. Exact but for the rounding of the statistic.

    Raises
    ------
    InvalidArgument
        For margins that cannot be, ratios below 0, phi and p outside [-1, 1], p = 0, each with its rows.
    """
    given = {"ori": ori, "rri": rri, "ri": ri, "x2i": x2i, "pi": pi}
    if all(one is None for one in given.values()):
        raise InvalidArgument("margins need one statistic: ori, rri, ri (phi), x2i (chi-squared) or pi (p-value)")
    n, n1, m, *statistics = arrays(**or_absent({"ni": ni, "n1i": n1i, "events": events, **given}, data))
    margins = (n, n1, m)
    _check_margins(margins, whole=integer)
    _check_statistics(*statistics)
    a = _first_cell(margins, statistics, correct=correct)
    return _completed(a, margins, integer=integer)


def _check_margins(margins: Margins, *, whole: bool) -> None:
    n, n1, m = margins
    refuse(np.isinf(n), "ni must be finite")
    refuse((n1 <= 0) | (n1 >= n), "n1i must lie between 0 and ni, both excluded: a group has nobody in it")
    refuse((m < 0) | (m > n), "events must lie between 0 and ni")
    if whole:
        broken = np.any([np.isfinite(one) & (one != np.round(one)) for one in margins], axis=0)
        refuse(broken, "margins must be whole numbers for whole cells")


def _check_statistics(
    odds: FloatArray, risks: FloatArray, phi: FloatArray, chi_squared: FloatArray, p: FloatArray
) -> None:
    refuse(~np.isfinite(odds) & ~np.isnan(odds) | (odds < 0), "ori must be a finite number, not below 0")
    refuse(~np.isfinite(risks) & ~np.isnan(risks) | (risks < 0), "rri must be a finite number, not below 0")
    refuse(np.abs(phi) > 1, "ri, a phi coefficient, must lie between -1 and 1")
    refuse(np.isinf(chi_squared), "x2i must be finite")
    refuse((p == 0) | (np.abs(p) > 1), "pi must lie between 0 and 1, 0 excluded, with the sign of the effect")


def _first_cell(margins: Margins, statistics: list[FloatArray], *, correct: bool) -> FloatArray:
    """The first cell, row by row from the first statistic that is there."""
    odds, risks, phi, chi_squared, p = statistics
    by_chi_squared = from_corrected_chi_squared if correct else from_chi_squared
    of_p = np.sign(p) * ndtri(np.abs(p) / 2) ** 2
    ways: list[tuple[FloatArray, FirstCell]] = [
        (odds, from_odds_ratio), (risks, from_risk_ratio), (phi, from_phi),
        (chi_squared, by_chi_squared), (of_p, by_chi_squared),
    ]  # fmt: skip
    found = np.full_like(margins[0], np.nan)
    for statistic, way in reversed(ways):
        found = np.where(np.isnan(statistic), found, way(statistic, margins))
    return found


def _completed(a: FloatArray, margins: Margins, *, integer: bool) -> Tables:
    """The four cells from the first, and the reasons of the tables that cannot be."""
    n, n1, m = margins
    low, high = np.maximum(n1 + m - n, 0.0), np.minimum(n1, m)
    slack = 0.5 if integer else ROUNDING * n
    outside: BoolArray = (a < low - slack) | (a > high + slack)
    a = np.where(outside, np.nan, np.clip(np.round(a) if integer else a, low, high))
    notes = [
        *note_rows(outside, "the margins do not allow this statistic: a cell would be below 0", dropped=True),
        *note_rows(np.isnan(a) & ~outside, "a number is missing, or does not fix the table", dropped=True),
    ]
    return Tables(a, n1 - a, m - a, n - n1 - m + a, tuple(sorted(notes)))
