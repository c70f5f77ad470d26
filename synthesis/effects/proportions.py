"""The proportion of one group that has an event, on several scales."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from synthesis.effects import scales
from synthesis.effects.columns import FloatArray, refuse
from synthesis.effects.effect import Effect, Effects, effects, note_rows
from synthesis.effects.rows import set_mean
from synthesis.effects.two_by_two import ONE_PERSON, non_events, of_log_odds, of_log_risk, of_risk, unbiased
from synthesis.effects.zeros import which_corrected


def proportion(x: FloatArray, n: FloatArray, *, vtype: str = "LS") -> Effect:
    """A proportion p = x / n.

    Parameters
    ----------
    x, n : ndarray
        Events, and people.
    vtype : str
        "LS": p (1 - p) / n; "UB": p (1 - p) / (n - 1), unbiased; "AV": as "LS", with the proportion of the whole set.
    """
    if vtype == "UB":
        return x / n, unbiased(x, n)
    return x / n, of_risk(set_mean(x / n, n)) / n if vtype == "AV" else x * (n - x) / n**3


def log_proportion(x: FloatArray, n: FloatArray, *, vtype: str = "LS") -> Effect:
    """Log of a proportion, with variance 1 / x - 1 / n; "AV": that of the proportion of the whole set."""
    return np.log(x / n), of_log_risk(set_mean(x / n, n)) / n if vtype == "AV" else 1 / x - 1 / n


def logit_proportion(x: FloatArray, n: FloatArray, *, vtype: str = "LS") -> Effect:
    """Log odds, with variance 1 / x + 1 / (n - x); "AV": that of the proportion of the whole set."""
    return np.log(x / (n - x)), of_log_odds(set_mean(x / n, n)) / n if vtype == "AV" else 1 / x + 1 / (n - x)


def arcsine_proportion(x: FloatArray, n: FloatArray) -> Effect:
    """asin(sqrt(p)), with variance 1 / (4 n)."""
    return np.arcsin(np.sqrt(x / n)), 1 / (4 * n)


def freeman_tukey_proportion(x: FloatArray, n: FloatArray) -> Effect:
    """Mean of asin(sqrt(x / (n + 1))) and asin(sqrt((x + 1) / (n + 1))), with variance 1 / (4 n + 2).

    References
    ----------
    Freeman MF, Tukey JW (1950). Transformations related to the angular and the square root. Annals of Mathematical
    Statistics 21(4), 607-611.
    """
    return scales.freeman_tukey(x / n, n), 1 / (4 * n + 2)


def from_proportion(
    measure: str,
    formula: Callable[..., Effect],
    *,
    xi: FloatArray,
    ni: FloatArray | None = None,
    mi: FloatArray | None = None,
    add: float,
    to: str,
    vtype: str | None = None,
) -> Effects:
    """A measure of the xi of ni people who had an event, or of xi who had it and mi who had not.

    `add` is added to both counts in the studies that `to` names (see `zeros`); a zero is a group in which nobody, or
    everybody, had the event. `vtype` is handed to the formula if it takes one.
    """
    other = non_events(xi, mi, ni, "the group")
    refuse((xi < 0) | (other < 0), "events must lie between 0 and the size of the group")
    refuse(xi + other == 0, "a group has nobody in it")
    missing = np.isnan(xi + other)
    where = which_corrected((xi == 0) | (other == 0), add=add, to=to) & ~missing
    extra = np.where(where, add, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        yi, vi = formula(xi + extra, xi + other + 2 * extra, **({"vtype": vtype} if vtype else {}))
    notes = note_rows(where, f"{add:g} added to the events and to the non-events", dropped=False)
    notes += note_rows(missing, "a count is missing", dropped=True)
    notes += note_rows(np.isnan(vi) & (vtype == "UB") & (xi + other <= 1), ONE_PERSON, dropped=True)
    return effects(measure, yi, vi, notes)
