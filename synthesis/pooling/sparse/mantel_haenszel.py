"""Mantel and Haenszel's common effect of 2x2 tables and of rates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import sqrt
from typing import Any, NamedTuple

import numpy as np

from synthesis.effects.columns import FloatArray, check_known, given_columns, refuse
from synthesis.pooling.check import check_level
from synthesis.pooling.pooled import Note
from synthesis.pooling.sparse.association import TableTests, association, overcorrected, table_tests
from synthesis.pooling.sparse.columns import MISSING, Four, NoEstimate, four_cells
from synthesis.pooling.sparse.common_effect import CommonEffect, judged, spread_about
from synthesis.pooling.sparse.strata import Zeros, own_effects, person_time, pooled_tables, two_by_two

ROUNDING = 1e-14  # a variance that is smaller, relative to the terms that make it up, is 0
NO_RATIO = "one of the groups has no (or nothing but) events"


class Common(NamedTuple):
    """A common effect and its sampling variance."""

    estimate: float  # log of a ratio
    variance: float


def odds_ratio(a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray) -> Common | None:
    """Log odds ratio: log(R / S), R = sum of a d / N and S = sum of b c / N; None where either is 0.

    References
    ----------
    Mantel N, Haenszel W (1959). Statistical aspects of the analysis of data from retrospective studies of disease.
    Journal of the National Cancer Institute 22(4), 719-748.
    Robins J, Breslow N, Greenland S (1986). Estimators of the Mantel-Haenszel variance consistent in both sparse data
    and large-strata limiting models. Biometrics 42(2), 311-323.
    """
    n = a + b + c + d
    r, s = a * d / n, b * c / n
    R, S = float(np.sum(r)), float(np.sum(s))
    if R <= 0 or S <= 0:
        return None
    p, q = (a + d) / n, (b + c) / n
    variance = np.sum(p * r) / R**2 + np.sum(p * s + q * r) / (R * S) + np.sum(q * s) / S**2
    return Common(float(np.log(R / S)), float(variance) / 2)


def risk_ratio(a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray) -> Common | None:
    """Log risk ratio: log(R / S), R = sum of a n2 / N and S = sum of c n1 / N; None where either is 0.

    References
    ----------
    Greenland S, Robins JM (1985). Estimation of a common effect parameter from sparse follow-up data. Biometrics
    41(1), 55-68.
    """
    n1, n2 = a + b, c + d
    n = n1 + n2
    R, S = float(np.sum(a * n2 / n)), float(np.sum(c * n1 / n))
    if R <= 0 or S <= 0:
        return None
    # (n1 n2 (a + c) - a c N) / N^2 without a difference
    above = float(np.sum(a / n * (d / n) * n1 + b / n * (c / n) * n2))
    return Common(float(np.log(R / S)), above / R / S)


def risk_difference(a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray) -> Common:
    """Risk difference: sum of (a n2 - c n1) / N over sum of n1 n2 / N.

    References
    ----------
    Greenland S, Robins JM (1985). Estimation of a common effect parameter from sparse follow-up data. Biometrics
    41(1), 55-68.
    Sato T, Greenland S, Robins JM (1989). On the variance estimator for the Mantel-Haenszel risk difference.
    Biometrics 45(4), 1323-1324.
    """
    n1, n2 = a + b, c + d
    n = n1 + n2
    weight = float(np.sum(n1 * n2 / n))
    estimate = float(np.sum((a * n2 - c * n1) / n)) / weight
    share1, share2 = n1 / n, n2 / n
    P = float(np.sum(share1**2 * c - share2**2 * a + share1 * share2 * (n2 - n1) / 2))
    Q = float(np.sum(a * d / n + b * c / n)) / 2
    variance = estimate * P + Q
    size = abs(estimate * P) + Q
    return Common(estimate, variance / weight**2 if variance > ROUNDING * size else 0.0)


def rate_ratio(x1: FloatArray, t1: FloatArray, x2: FloatArray, t2: FloatArray) -> Common | None:
    """Log rate ratio: log(R / S), R = sum of x1 t2 / T and S = sum of x2 t1 / T; None where either is 0.

    References
    ----------
    Rothman KJ, Greenland S, Lash TL (2008). Modern epidemiology (3rd ed.), chapter 15. Philadelphia: Lippincott.
    """
    t = t1 + t2
    R, S = float(np.sum(x1 * (t2 / t))), float(np.sum(x2 * (t1 / t)))
    if R <= 0 or S <= 0:
        return None
    return Common(float(np.log(R / S)), float(np.sum((x1 + x2) * (t1 / t) * (t2 / t))) / R / S)


def rate_difference(x1: FloatArray, t1: FloatArray, x2: FloatArray, t2: FloatArray) -> Common:
    """Rate difference: sum of (x1 t2 - x2 t1) / T over sum of t1 t2 / T, events per unit of person-time.

    References
    ----------
    Greenland S, Robins JM (1985). Estimation of a common effect parameter from sparse follow-up data. Biometrics
    41(1), 55-68.
    """
    t = t1 + t2
    share1, share2 = t1 / t, t2 / t
    weight = float(np.sum(t1 * share2))
    estimate = float(np.sum(x1 * share2 - x2 * share1)) / weight
    return Common(estimate, float(np.sum(x1 * share2**2 + x2 * share1**2)) / weight**2)


Formula = Callable[[FloatArray, FloatArray, FloatArray, FloatArray], Common | None]
TWO_BY_TWO: Mapping[str, Formula] = {"OR": odds_ratio, "RR": risk_ratio, "RD": risk_difference}
PERSON_TIME: Mapping[str, Formula] = {"IRR": rate_ratio, "IRD": rate_difference}
FORMULAS: Mapping[str, Formula] = {**TWO_BY_TWO, **PERSON_TIME}


def mantel_haenszel(
    measure: str,
    *,
    data: Any = None,
    add: float = 0.5,
    to: str = "only0",
    drop00: bool = True,
    add_pooled: float = 0.0,
    to_pooled: str = "only0",
    drop00_pooled: bool = False,
    correct: bool = True,
    level: float = 0.95,
    **counts: Any,
) -> CommonEffect:
    """Mantel-Haenszel estimate of an effect common to k studies, from their counts.

    Parameters
    ----------
    measure : str
        "OR", "RR", "RD" of counts; "IRR", "IRD" of events and person-time.
    data : mapping or data frame, optional
        Where columns are looked up that are given by name.
    add, to, drop00
        What is done about zeros before the studies' own effects are computed, which only Q needs; as in `escalc`. The
        defaults are those of metafor's rma.mh.
    add_pooled, to_pooled, drop00_pooled
        The same for the tables that are pooled. The method needs nothing added, so nothing is.
    correct : bool
        Whether the tests of no association have a continuity correction.
    level : float
        Confidence level.
    **counts : array-like, shape (k,), or str
        ai, ci (events) with bi, di (non-events) or n1i, n2i (group sizes); or x1i, t1i, x2i, t2i (events and
        person-time). Studies with a missing count are left out, with a note.

    Returns
    -------
    CommonEffect
        Logs for OR, RR and IRR. Tests over the tables only for OR, and that of no association for IRR.

    Raises
    ------
    InvalidArgument
        For an unknown measure or column, counts that cannot be, and where no study has all its counts.

    References
    ----------
    As of the function of each measure here; Deeks JJ, Higgins JPT, Altman DG (2019), Cochrane Handbook for Systematic
    Reviews of Interventions, chapter 10, section 10.4.1.

    Examples
    --------
    >>> fit = mantel_haenszel("RR", ai=[4, 6], n1i=[123, 306], ci=[11, 29], n2i=[139, 303])
    >>> round(fit.estimate, 4)
    -1.3517
    """
    check_known(measure, FORMULAS, "Mantel-Haenszel estimate of")
    check_level(level)
    given = given_columns(counts, data)
    strata = two_by_two(given, measure) if measure in TWO_BY_TWO else person_time(given, measure)
    four, notes = pooled_tables(strata, Zeros(add_pooled, to_pooled, drop00_pooled))
    own, about_own = own_effects(measure, strata, Zeros(add, to, drop00))
    found = FORMULAS[measure](*four) if len(four[0]) else None
    estimate, se = (found.estimate, sqrt(found.variance)) if found else (None, None)
    wald, untested = judged(estimate, se, level)
    spread, unspread = spread_about(estimate, own.yi, own.vi)
    tests = _tests(measure, four, estimate, correct=correct)
    absent = NO_RATIO if len(four[0]) else "no table is left to pool"
    why = [Note(name, absent) for name in ("estimate", "se")] if found is None else []
    return CommonEffect(
        measure, "MH", estimate, se, *wald, 0.0, spread.i2, spread.h2, spread.q, spread.df, spread.p_value,
        **tests.fields(),
        k=len(four[0]), k_effects=spread.k, level=level,
        notes=(*why, *notes, *untested, *about_own, *unspread, *tests.notes),
    )  # fmt: skip


def _tests(measure: str, four: Four, estimate: float | None, *, correct: bool) -> TableTests:
    """The tests that there are for a measure."""
    if measure == "OR":
        return table_tests(four, estimate, correct=correct)
    if measure != "IRR":
        return TableTests()
    x1, t1, x2, t2 = four
    t = t1 + t2
    excess = x1 * (t2 / t) - x2 * (t1 / t)
    statistic, p = association(excess, (x1 + x2) * (t1 / t) * (t2 / t), correct=correct)
    if statistic is None:
        return TableTests(notes=[Note("mantel_haenszel", "there are no events")])
    notes = overcorrected(excess, ("mantel_haenszel",)) if correct else []
    return TableTests(mantel_haenszel=statistic, mantel_haenszel_p_value=p, notes=notes)


def mantel_haenszel_estimate(
    measure: str, ai: Any, n1i: Any, ci: Any, n2i: Any, *, data: Any = None, add: float = 0.0
) -> float:
    """Only the Mantel-Haenszel estimate of OR, RR (as logs) or RD, for the method DLMH of `pool`.

    Parameters
    ----------
    measure : str
        "OR", "RR" or "RD".
    ai, n1i, ci, n2i : array-like, shape (k,), or str
        Events and people in the first group, and in the second.
    data : mapping or data frame, optional
        Where columns are looked up that are given by name.
    add : float
        Added to the four cells of each study with a zero. The method needs none; RevMan 5 adds 0.5 before it
        takes Q about the estimate, so that is the value for the method DLMH, with double-zero studies left out (with
        it the printed weights of Cochrane reviews come out to the last digit).

    Raises
    ------
    InvalidArgument
        For another measure, counts that cannot be or are missing, and where no event (or only events) in one of the
        groups leaves no estimate.
    """
    check_known(measure, TWO_BY_TWO, "Mantel-Haenszel estimate of")
    given = given_columns({"ai": ai, "n1i": n1i, "ci": ci, "n2i": n2i}, data)
    a, b, c, d = four = four_cells(given, measure)
    refuse(np.isnan(sum(four)), f"{MISSING}; leave such rows out")
    if not len(a):
        raise NoEstimate("there is no study: nothing can be pooled")
    extra = np.where((a == 0) | (b == 0) | (c == 0) | (d == 0), add, 0.0)
    found = TWO_BY_TWO[measure](a + extra, b + extra, c + extra, d + extra)
    if found is None:
        raise NoEstimate(f"there is no Mantel-Haenszel {measure}: {NO_RATIO}")
    return found.estimate
