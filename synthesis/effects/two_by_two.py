"""Odds ratio, risk ratio and differences of risks from the counts of two groups."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from synthesis.effects.columns import BoolArray, FloatArray, columns, refuse
from synthesis.effects.effect import Effect, Effects, effects, note_rows
from synthesis.effects.rows import set_mean
from synthesis.effects.zeros import which_corrected

Cells = tuple[FloatArray, FloatArray, FloatArray, FloatArray]
ONE_PERSON = "a group of one person has no unbiased variance"


def odds_ratio(a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray, *, vtype: str = "LS") -> Effect:
    """Log odds ratio and its variance; events a and c, non-events b and d.

    Parameters
    ----------
    a, b, c, d : ndarray
        Cells of the table, row by row.
    vtype : str
        "LS": 1/a + 1/b + 1/c + 1/d; "AV", "H0": the same of other risks, see `variance_of_shared`.

    References
    ----------
    Woolf B (1955). On estimating the relation between blood group and disease. Annals of Human Genetics 19(4),
    251-253.
    """
    yi = np.log(a * d) - np.log(b * c)
    if vtype == "LS":
        return yi, 1 / a + 1 / b + 1 / c + 1 / d
    return yi, variance_of_shared(of_log_odds, (a, b, c, d), vtype)


def risk_ratio(a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray, *, vtype: str = "LS") -> Effect:
    """Log risk ratio and its variance, "LS": 1/a - 1/n1 + 1/c - 1/n2; "AV", "H0": see `variance_of_shared`."""
    n1, n2 = a + b, c + d
    yi = np.log(a / n1) - np.log(c / n2)
    if vtype == "LS":
        return yi, 1 / a - 1 / n1 + 1 / c - 1 / n2
    return yi, variance_of_shared(of_log_risk, (a, b, c, d), vtype)


def risk_difference(a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray, *, vtype: str = "LS") -> Effect:
    """Risk difference and its variance.

    Parameters
    ----------
    a, b, c, d : ndarray
        Cells of the table, row by row.
    vtype : str
        "LS": p1 (1 - p1) / n1 + p2 (1 - p2) / n2; "UB": with n - 1 for n, unbiased; "AV", "H0": as "LS" with other
        risks, see `variance_of_shared`.
    """
    n1, n2 = a + b, c + d
    yi = a / n1 - c / n2
    if vtype == "LS":
        return yi, a * b / n1**3 + c * d / n2**3
    if vtype == "UB":
        return yi, unbiased(a, n1) + unbiased(c, n2)
    return yi, variance_of_shared(of_risk, (a, b, c, d), vtype)


def of_risk(p: FloatArray) -> FloatArray:
    """Variance of one person's risk p: p (1 - p)."""
    return p * (1 - p)


def of_log_risk(p: FloatArray) -> FloatArray:
    """First-order variance of the log of one person's risk p: (1 - p) / p."""
    return (1 - p) / p


def of_log_odds(p: FloatArray) -> FloatArray:
    """First-order variance of the log of one person's odds, p being the risk: 1 / (p (1 - p))."""
    variance: FloatArray = 1 / (p * (1 - p))
    return variance


def unbiased(x: FloatArray, n: FloatArray) -> FloatArray:
    """Unbiased estimate p (1 - p) / (n - 1) of the variance of a proportion p = x / n; NaN for one person."""
    return of_risk(x / n) / np.where(n > 1, n - 1, np.nan)


def variance_of_shared(of: Callable[[FloatArray], FloatArray], four: Cells, vtype: str) -> FloatArray:
    """Variance v(p1) / n1 + v(p2) / n2 of a comparison, with risks from more than the group itself.

    Parameters
    ----------
    of : callable
        The variance v per person, from the risk.
    four : tuple of ndarray
        The cells.
    vtype : str
        "AV": p1 is that of all first groups of the set together, p2 that of all second ones; "H0": both are that of
        the study, as if the groups did not differ.

    References
    ----------
    Berkey CS, Hoaglin DC, Mosteller F, Colditz GA (1995). A random-effects regression model for meta-analysis.
    Statistics in Medicine 14(4), 395-411 (smoothed variances of log risk ratios, the idea of "AV"; their mean is the
    plain one of (1 - p) / p).
    """
    a, b, c, d = four
    n1, n2 = a + b, c + d
    if vtype == "H0":
        p1 = p2 = (a + c) / (n1 + n2)
    else:
        p1, p2 = set_mean(a / n1, n1), set_mean(c / n2, n2)
    return of(p1) / n1 + of(p2) / n2


def arcsine_difference(a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray) -> Effect:
    """Difference of asin(sqrt(p)) and its variance 1 / (4 n1) + 1 / (4 n2), which zero cells do not touch.

    References
    ----------
    Rücker G, Schwarzer G, Carpenter J, Olkin I (2009). Why add anything to nothing? The arcsine difference as a
    measure of treatment effect in meta-analysis with zero cells. Statistics in Medicine 28(5), 721-738.
    """
    n1, n2 = a + b, c + d
    return np.arcsin(np.sqrt(a / n1)) - np.arcsin(np.sqrt(c / n2)), 1 / (4 * n1) + 1 / (4 * n2)


def peto_odds_ratio(a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray) -> Effect:
    """Peto's one-step log odds ratio (O - E) / V and its variance 1 / V.

    Notes
    -----
    O = a, E = n1 (a + c) / n and V = n1 n2 (a + c) (b + d) / (n^2 (n - 1)), mean and variance of the hypergeometric
    distribution of a where the groups do not differ.

    References
    ----------
    Yusuf S, Peto R, Lewis J, Collins R, Sleight P (1985). Beta blockade during and after myocardial infarction: an
    overview of the randomized trials. Progress in Cardiovascular Diseases 27(5), 335-371.
    """
    n1, n2, events, none = a + b, c + d, a + c, b + d
    n = n1 + n2
    variance = n1 * n2 * events * none / (n**2 * (n - 1))
    return (a - n1 * events / n) / variance, 1 / variance


def cells(ai: FloatArray, ci: FloatArray, *, bi: Any = None, di: Any = None, n1i: Any = None, n2i: Any = None) -> Cells:
    """The four cells: events and non-events of the first and of the second group, in the shape of the columns.

    Parameters
    ----------
    ai, ci : ndarray
        Events in the first and the second group.
    bi, di, n1i, n2i : ndarray, optional
        Non-events, or else sizes of the groups; where both are given, the non-events, and the sizes in the rows in
        which these are missing.

    Raises
    ------
    InvalidArgument
        For counts below 0, more events than people, empty groups, and sizes that the counts do not add up to, with
        the rows.
    """
    b, d = non_events(ai, bi, n1i, "the first group"), non_events(ci, di, n2i, "the second group")
    refuse((b < 0) & (ai >= 0), "more events than people, or counts below 0, in the first group")
    refuse((d < 0) & (ci >= 0), "more events than people, or counts below 0, in the second group")
    refuse((ai < 0) | (ci < 0), "events must not be below 0")
    refuse((ai + b == 0) | (ci + d == 0), "a group has nobody in it")
    return ai, b, ci, d


def non_events(events: FloatArray, others: FloatArray | None, size: FloatArray | None, group: str) -> FloatArray:
    """Non-events of `group` as given, or the rest of its size where they are not."""
    if size is None:
        return np.full(events.shape, np.nan) if others is None else others
    if others is None:
        return size - events
    refuse(np.abs(events + others - size) > 0, f"events and non-events do not add up to the size of {group}")
    return np.where(np.isnan(others), size - events, others)


def double_zero(a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray) -> tuple[BoolArray, BoolArray]:
    """Studies without any event, and studies with nothing but events, in both groups."""
    return (a == 0) & (c == 0), (b == 0) & (d == 0)


def from_counts(
    measure: str,
    formula: Callable[..., Effect],
    *,
    add: float,
    to: str,
    drop00: bool,
    vtype: str | None = None,
    **counts: FloatArray,
) -> Effects:
    """A measure of two groups' counts.

    Parameters
    ----------
    measure : str
        A key of MEASURES.
    formula : callable
        From the four cells, and `vtype` if it takes one, to effects and variances.
    add, to, drop00
        What is done about zero cells; see `zeros`. The review leaves double zeros out of OR and RR, where they say
        nothing about the effect, and keeps them in RD.
    **counts : ndarray
        As `cells` takes them.

    Returns
    -------
    Effects
        With a note for each study that was corrected or left out. An estimate at its bound (a tetrachoric correlation
        of 1) stands without a variance, and is left out of pools.
    """
    four = cells(**counts)
    missing = np.isnan(sum(four))
    none, full = (empty & drop00 for empty in double_zero(*four))
    out = missing | none | full
    where = which_corrected(np.any([cell == 0 for cell in four], axis=0) & ~out, add=add, to=to) & ~out
    used = (np.where(out, np.nan, cell + np.where(where, add, 0.0)) for cell in four)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        yi, vi = formula(*used, **({"vtype": vtype} if vtype else {}))
    alone = ~out & (vtype == "UB") & ((four[0] + four[1] <= 1) | (four[2] + four[3] <= 1)) & ~np.isfinite(vi)
    bound = np.isfinite(yi) & ~np.isfinite(vi) & ~alone
    notes = note_rows(where, f"{add:g} added to each of the four cells", dropped=False)
    notes += note_rows(missing, "a count is missing", dropped=True)
    notes += note_rows(none, "no events in either group", dropped=True)
    notes += note_rows(full, "nothing but events in both groups", dropped=True)
    notes += note_rows(alone, ONE_PERSON, dropped=True)
    notes += note_rows(bound, "an estimate at its bound has no sampling variance", dropped=True)
    return effects(measure, yi, vi, notes, keep=bound)


def complement(events: Any, n: Any) -> FloatArray:
    """Counts of the other event, n - events: abstinent people from positive ones.

    The log OR and the RD of the other event have the opposite sign and the same variance; the RR is another number.
    """
    count, people = columns(events=events, n=n)
    refuse((count < 0) | (count > people), "events must lie between 0 and n")
    return people - count
