"""Rate ratio from events and person-time."""

from __future__ import annotations

from typing import Any

import numpy as np

from synthesis.effects.columns import columns, refuse
from synthesis.effects.effect import Effects, effects, note_rows
from synthesis.effects.two_by_two import which_corrected


def rate_ratio(
    *, x1i: Any, t1i: Any, x2i: Any, t2i: Any, add: float = 0.5, to: str = "only0", drop00: bool = False
) -> Effects:
    """Log of the ratio of two rates, x1 / t1 over x2 / t2, with variance 1 / x1 + 1 / x2.

    Parameters
    ----------
    x1i, x2i : array-like, shape (k,)
        Events in the two groups.
    t1i, t2i : array-like, shape (k,)
        Person-time at risk.
    add, to, drop00
        As in `two_by_two.from_counts`, for studies with no event in one of the groups.
    """
    x1, t1, x2, t2 = columns(x1i=x1i, t1i=t1i, x2i=x2i, t2i=t2i)
    refuse((x1 < 0) | (x2 < 0), "events must not be below 0")
    refuse((t1 <= 0) | (t2 <= 0), "person-time must be greater than 0")
    zero, none = (x1 == 0) | (x2 == 0), (x1 == 0) & (x2 == 0)
    where = which_corrected(zero, add=add, to=to)
    extra = np.where(where, add, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        yi = np.log((x1 + extra) / t1) - np.log((x2 + extra) / t2)
        vi = 1 / (x1 + extra) + 1 / (x2 + extra)
    if drop00:
        yi, where = np.where(none, np.nan, yi), where & ~none
    notes = note_rows(where & (add > 0), f"{add:g} added to the events of both groups", dropped=False)
    notes += note_rows(none & drop00, "no events in either group", dropped=True)
    return effects("IRR", yi, vi, notes)
