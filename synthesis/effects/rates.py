"""Rates of events in person-time: of one group, and of two compared."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from synthesis.effects import scales
from synthesis.effects.columns import FloatArray, refuse
from synthesis.effects.effect import Effect, Effects, effects, note_rows
from synthesis.effects.zeros import which_corrected


def rate_ratio(x1: FloatArray, t1: FloatArray, x2: FloatArray, t2: FloatArray) -> Effect:
    """Log of the ratio of two rates, x1 / t1 over x2 / t2, with variance 1 / x1 + 1 / x2.

    References
    ----------
    Rothman KJ, Greenland S, Lash TL (2008). Modern Epidemiology, 3rd edition, chapter 14. Lippincott.
    """
    return np.log(x1 / t1) - np.log(x2 / t2), 1 / x1 + 1 / x2


def rate_difference(x1: FloatArray, t1: FloatArray, x2: FloatArray, t2: FloatArray) -> Effect:
    """Difference of two rates, with variance x1 / t1^2 + x2 / t2^2."""
    return x1 / t1 - x2 / t2, x1 / t1**2 + x2 / t2**2


def root_rate_difference(x1: FloatArray, t1: FloatArray, x2: FloatArray, t2: FloatArray) -> Effect:
    """Difference of the square roots of two rates, with variance 1 / (4 t1) + 1 / (4 t2).

    References
    ----------
    Bagos PG, Nikolopoulos GK (2009). Mixed-effects Poisson regression models for meta-analysis of follow-up studies
    with constant or varying durations. International Journal of Biostatistics 5(1), 21.
    """
    return np.sqrt(x1 / t1) - np.sqrt(x2 / t2), 1 / (4 * t1) + 1 / (4 * t2)


def rate(x: FloatArray, t: FloatArray) -> Effect:
    """A rate x / t, with variance x / t^2."""
    return x / t, x / t**2


def log_rate(x: FloatArray, t: FloatArray) -> Effect:
    """Log of a rate, with variance 1 / x."""
    return np.log(x / t), 1 / x


def root_rate(x: FloatArray, t: FloatArray) -> Effect:
    """Square root of a rate, with variance 1 / (4 t)."""
    return np.sqrt(x / t), 1 / (4 * t)


def freeman_tukey_rate(x: FloatArray, t: FloatArray) -> Effect:
    """Mean of the square roots of x / t and (x + 1) / t, with variance 1 / (4 t).

    References
    ----------
    Freeman MF, Tukey JW (1950). Transformations related to the angular and the square root. Annals of Mathematical
    Statistics 21(4), 607-611.
    """
    return scales.freeman_tukey_rate(x / t, t), 1 / (4 * t)


def from_rates(
    measure: str,
    formula: Callable[[FloatArray, FloatArray, FloatArray, FloatArray], Effect],
    *,
    x1i: FloatArray,
    t1i: FloatArray,
    x2i: FloatArray,
    t2i: FloatArray,
    add: float,
    to: str,
    drop00: bool,
) -> Effects:
    """A measure of two groups' events x1i, x2i in the person-time t1i, t2i.

    `add` is added to the events of both groups in the studies that `to` names (see `zeros`); a zero is a group without
    events. `drop00` leaves out studies without events in either group.
    """
    refuse((x1i < 0) | (x2i < 0), "events must not be below 0")
    refuse((t1i <= 0) | (t2i <= 0), "person-time must be greater than 0")
    missing, none = np.isnan(x1i + t1i + x2i + t2i), (x1i == 0) & (x2i == 0) & drop00
    out = missing | none
    where = which_corrected(((x1i == 0) | (x2i == 0)) & ~out, add=add, to=to) & ~out
    extra = np.where(out, np.nan, np.where(where, add, 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        yi, vi = formula(x1i + extra, t1i, x2i + extra, t2i)
    notes = note_rows(where, f"{add:g} added to the events of both groups", dropped=False)
    notes += note_rows(missing, "a number is missing", dropped=True)
    notes += note_rows(none, "no events in either group", dropped=True)
    return effects(measure, yi, vi, notes)


def from_rate(
    measure: str,
    formula: Callable[[FloatArray, FloatArray], Effect],
    *,
    xi: FloatArray,
    ti: FloatArray,
    add: float,
    to: str,
) -> Effects:
    """A measure of the events xi of one group in the person-time ti; `add` and `to` as in `from_rates`."""
    refuse(xi < 0, "events must not be below 0")
    refuse(ti <= 0, "person-time must be greater than 0")
    missing = np.isnan(xi + ti)
    where = which_corrected(xi == 0, add=add, to=to) & ~missing
    with np.errstate(divide="ignore", invalid="ignore"):
        yi, vi = formula(xi + np.where(where, add, 0.0), ti)
    notes = note_rows(where, f"{add:g} added to the events", dropped=False)
    notes += note_rows(missing, "a number is missing", dropped=True)
    return effects(measure, yi, vi, notes)
