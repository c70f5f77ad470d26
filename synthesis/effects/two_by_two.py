"""Odds ratio, risk ratio and risk difference from the counts of two groups."""

from __future__ import annotations

from typing import Any

import numpy as np

from synthesis.effects.columns import BoolArray, FloatArray, columns, refuse
from synthesis.effects.effect import Effects, RowNote, effects, note_rows
from synthesis.errors import InvalidArgument

TO = ("only0", "all", "if0all", "none")
Cells = tuple[FloatArray, FloatArray, FloatArray, FloatArray]
Effect = tuple[FloatArray, FloatArray]


def odds_ratio(a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray) -> Effect:
    """Log odds ratio and its variance; events a and c, non-events b and d.

    References
    ----------
    Woolf B (1955). On estimating the relation between blood group and disease. Annals of Human Genetics 19(4),
    251-253.
    """
    return np.log(a * d) - np.log(b * c), 1 / a + 1 / b + 1 / c + 1 / d


def risk_ratio(a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray) -> Effect:
    """Log risk ratio and its variance 1/a - 1/n1 + 1/c - 1/n2."""
    n1, n2 = a + b, c + d
    return np.log(a / n1) - np.log(c / n2), 1 / a - 1 / n1 + 1 / c - 1 / n2


def risk_difference(a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray) -> Effect:
    """Risk difference and its variance p1 (1 - p1) / n1 + p2 (1 - p2) / n2."""
    n1, n2 = a + b, c + d
    return a / n1 - c / n2, a * b / n1**3 + c * d / n2**3


FORMULAS = {"OR": odds_ratio, "RR": risk_ratio, "RD": risk_difference}


def cells(*, ai: Any = None, bi: Any = None, ci: Any = None, di: Any = None, n1i: Any = None, n2i: Any = None) -> Cells:
    """The four cells, shape (k,) each: events and non-events of the first and of the second group.

    Parameters
    ----------
    ai, ci : array-like
        Events in the first and the second group.
    bi, di : array-like, optional
        Non-events; or else
    n1i, n2i : array-like, optional
        sizes of the groups.

    Raises
    ------
    InvalidArgument
        For missing columns, counts below 0, more events than people, and empty groups, with the rows.
    """
    if ai is None or ci is None or (bi is None and n1i is None) or (di is None and n2i is None):
        raise InvalidArgument("counts need ai and ci (events), and bi and di (non-events) or n1i and n2i (group sizes)")
    a, first, c, second = columns(
        ai=ai, **({"bi": bi} if n1i is None else {"n1i": n1i}),
        ci=ci, **({"di": di} if n2i is None else {"n2i": n2i}),
    )  # fmt: skip
    b, d = first if n1i is None else first - a, second if n2i is None else second - c
    refuse((b < 0) & (a >= 0), "more events than people, or counts below 0, in the first group")
    refuse((d < 0) & (c >= 0), "more events than people, or counts below 0, in the second group")
    refuse((a < 0) | (c < 0), "events must not be below 0")
    refuse((a + b == 0) | (c + d == 0), "a group has nobody in it")
    return a, b, c, d


def double_zero(a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray) -> tuple[BoolArray, BoolArray]:
    """Studies without any event, and studies with nothing but events, in both groups."""
    return (a == 0) & (c == 0), (b == 0) & (d == 0)


def which_corrected(zero: BoolArray, *, add: float, to: str) -> BoolArray:
    """Studies to whose cells `add` is added, from those that have a zero; see `from_counts`."""
    if to not in TO:
        raise InvalidArgument(f"to must be one of {', '.join(TO)}, not {to!r}")
    if not (np.isfinite(add) and add >= 0):
        raise InvalidArgument(f"add must be a number not below 0, not {add!r}")
    everything = np.full(len(zero), to == "all" or (to == "if0all" and bool(zero.any())))
    return zero if to == "only0" else everything


def from_counts(measure: str, four: Cells, *, add: float = 0.5, to: str = "only0", drop00: bool = False) -> Effects:
    """OR, RR (as logs) or RD of k studies.

    Parameters
    ----------
    measure : str
        "OR", "RR" or "RD".
    four : tuple of ndarray
        As `cells` gives them.
    add : float
        Added to every cell of the studies that `to` names.
    to : str
        "only0": studies with a zero cell (the default, as in metafor); "all"; "if0all": all, if any has one; "none".
    drop00 : bool
        Whether studies without any event, and with nothing but events, in both groups are left out. The review
        leaves them out of OR and RR, where they say nothing about the effect, and keeps them in RD.

    Returns
    -------
    Effects
        With a note for each study that was corrected or left out.
    """
    where = which_corrected(np.any([cell == 0 for cell in four], axis=0), add=add, to=to)
    none, full = double_zero(*four)
    extra = np.where(where, add, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        yi, vi = FORMULAS[measure](*(cell + extra for cell in four))
    notes: list[RowNote] = []
    if drop00:
        yi = np.where(none | full, np.nan, yi)
        notes += note_rows(none, "no events in either group", dropped=True)
        notes += note_rows(full, "nothing but events in both groups", dropped=True)
        where = where & ~none & ~full
    notes += note_rows(where & (add > 0), f"{add:g} added to each of the four cells", dropped=False)
    notes += note_rows(np.isnan(sum(four)), "a count is missing", dropped=True)
    return effects(measure, yi, vi, notes)


def complement(events: Any, n: Any) -> FloatArray:
    """Counts of the other event, n - events: abstinent people from positive ones.

    The log OR and the RD of the other event have the opposite sign and the same variance; the RR is another number.
    """
    count, people = columns(events=events, n=n)
    refuse((count < 0) | (count > people), "events must lie between 0 and n")
    return people - count
