"""Mean difference and standardised mean difference."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import gammaln

from synthesis.effects.columns import FloatArray, columns, refuse
from synthesis.effects.effect import Effects, effects, note_rows
from synthesis.errors import InvalidArgument

MD_VARIANCES = ("LS", "HO")
SMD_VARIANCES = ("LS", "LS2", "UB", "AV", "H0")


def hedges_correction(df: FloatArray) -> FloatArray:
    """Factor J = gamma(df / 2) / (sqrt(df / 2) gamma((df - 1) / 2)) that takes the bias from Cohen's d.

    References
    ----------
    Hedges LV (1981). Distribution theory for Glass's estimator of effect size and related estimators. Journal of
    Educational Statistics 6(2), 107-128.
    """
    enough = np.where(df > 1, df, np.nan)
    factor: FloatArray = np.exp(gammaln(enough / 2) - 0.5 * np.log(enough / 2) - gammaln((enough - 1) / 2))
    return factor


def mean_difference(*, m1i: Any, sd1i: Any, n1i: Any, m2i: Any, sd2i: Any, n2i: Any, vtype: str = "LS") -> Effects:
    """Mean of the first group less that of the second.

    Parameters
    ----------
    m1i, sd1i, n1i, m2i, sd2i, n2i : array-like, shape (k,)
        Means, standard deviations (not standard errors) and sizes of the two groups.
    vtype : str
        "LS": sd1^2 / n1 + sd2^2 / n2; "HO": with one variance for both groups.
    """
    m1, sd1, n1, m2, sd2, n2 = _groups(m1i=m1i, sd1i=sd1i, n1i=n1i, m2i=m2i, sd2i=sd2i, n2i=n2i)
    if vtype not in MD_VARIANCES:
        raise InvalidArgument(f"vtype of MD must be one of {', '.join(MD_VARIANCES)}, not {vtype!r}")
    common = _pooled_variance(sd1, n1, sd2, n2)
    vi = common * (1 / n1 + 1 / n2) if vtype == "HO" else sd1**2 / n1 + sd2**2 / n2
    return effects("MD", m1 - m2, vi, note_rows(vi == 0, "both standard deviations are 0", dropped=False))


def standardised_mean_difference(
    *, m1i: Any, sd1i: Any, n1i: Any, m2i: Any, sd2i: Any, n2i: Any, vtype: str = "LS", correct: bool = True
) -> Effects:
    """Mean difference in units of the pooled standard deviation, with Hedges' exact correction.

    Parameters
    ----------
    m1i, sd1i, n1i, m2i, sd2i, n2i : array-like, shape (k,)
        Means, standard deviations (not standard errors) and sizes of the two groups.
    vtype : str
        Formula of the variance, named as in metafor's `escalc`; see `smd_variance`.
    correct : bool
        Whether to multiply by Hedges' J.
    """
    m1, sd1, n1, m2, sd2, n2 = _groups(m1i=m1i, sd1i=sd1i, n1i=n1i, m2i=m2i, sd2i=sd2i, n2i=n2i)
    spread = np.sqrt(_pooled_variance(sd1, n1, sd2, n2))
    d = np.divide(m1 - m2, spread, out=np.full(len(m1), np.nan), where=spread > 0)
    return _smd(d, n1, n2, vtype=vtype, correct=correct)


def smd_from_d(di: Any, n1i: Any, n2i: Any, *, vtype: str = "LS", correct: bool = True) -> Effects:
    """SMD from Cohen's d (not yet corrected) and the sizes of the groups, shape (k,) each."""
    d, n1, n2 = columns(di=di, n1i=n1i, n2i=n2i)
    refuse((n1 < 1) | (n2 < 1), "groups must have at least one person")
    return _smd(d, n1, n2, vtype=vtype, correct=correct)


def _smd(d: FloatArray, n1: FloatArray, n2: FloatArray, *, vtype: str, correct: bool) -> Effects:
    """SMD from an uncorrected d."""
    factor = hedges_correction(n1 + n2 - 2)
    yi = factor * d if correct else d
    vi = smd_variance(yi, factor, n1, n2, vtype)
    missing = note_rows(np.isnan(d), "no standard deviation above 0, or a number is missing", dropped=True)
    return effects("SMD", yi, vi, missing)


def smd_variance(yi: FloatArray, factor: FloatArray, n1: FloatArray, n2: FloatArray, vtype: str) -> FloatArray:
    """Sampling variance of SMDs.

    Parameters
    ----------
    yi, factor, n1, n2 : ndarray, shape (k,)
        SMDs, Hedges' J, and the sizes of the groups.
    vtype : str
        With h = 1 / n1 + 1 / n2 and n = n1 + n2. "LS": h + yi^2 / (2 n); "LS2": J^2 times the same of yi / J;
        "UB": h + (1 - (n - 4) / ((n - 2) J^2)) yi^2, unbiased; "AV": as "LS", with the mean of the yi weighted
        by n; "H0": J^2 (n - 2) / (n - 4) h, the variance where there is no effect.
    """
    h, n = 1 / n1 + 1 / n2, n1 + n2
    if vtype == "LS":
        return h + yi**2 / (2 * n)
    if vtype == "LS2":
        return factor**2 * (h + (yi / factor) ** 2 / (2 * n))
    if vtype == "UB":
        return h + (1 - (n - 4) / ((n - 2) * factor**2)) * yi**2
    if vtype == "AV":
        mean = np.nansum(n * yi) / np.sum(np.where(np.isnan(yi), 0.0, n))
        average: FloatArray = h + mean**2 / (2 * n)
        return average
    if vtype == "H0":
        return factor**2 * (n - 2) / (n - 4) * h
    raise InvalidArgument(f"vtype of SMD must be one of {', '.join(SMD_VARIANCES)}, not {vtype!r}")


def _groups(**given: Any) -> tuple[FloatArray, ...]:
    """Means, standard deviations and sizes of the first and of the second group, checked."""
    found = columns(**given)
    refuse((found[1] < 0) | (found[4] < 0), "standard deviations must not be below 0")
    refuse((found[2] < 1) | (found[5] < 1), "groups must have at least one person")
    return found


def _pooled_variance(sd1: FloatArray, n1: FloatArray, sd2: FloatArray, n2: FloatArray) -> FloatArray:
    """The variance that the two groups share."""
    df = np.where(n1 + n2 > 2, n1 + n2 - 2, np.nan)
    common: FloatArray = ((n1 - 1) * sd1**2 + (n2 - 1) * sd2**2) / df
    return common
