"""Standardised mean differences by other standard deviations than the pooled one, and log odds ratios from them."""

from __future__ import annotations

import numpy as np

from synthesis.effects.columns import BoolArray, FloatArray
from synthesis.effects.convert import smd_to_log_odds_ratio
from synthesis.effects.effect import Effects, RowNote, note_rows
from synthesis.effects.means import (
    Precision,
    check_deviations,
    check_sizes,
    cohens_d,
    hedges_correction,
    standardised,
)
from synthesis.effects.rows import Reason, explained

NO_UNIT = "the standard deviation that is the unit is 0"
TOO_SMALL = "the groups are too small for the correction or the variance"
STANDARDISED = ("SMD", "SMDH", "SMD1", "SMD1H", "SMCC", "SMCR", "SMCRH", "SMCRP", "SMCRPH")
SUSPICIOUS = 2.0  # standard deviations


def suspicious(effects: Effects, beyond: float = SUSPICIOUS) -> tuple[RowNote, ...]:
    """Standardised differences so large that standard errors may have been taken for standard deviations.

    Parameters
    ----------
    effects : Effects
        Effects of any measure; only those of STANDARDISED can be suspicious.
    beyond : float
        Largest difference that is not, in standard deviations.

    Returns
    -------
    tuple of RowNote
        A note for each such row, which none of them drops.
    """
    if effects.measure not in STANDARDISED:
        return ()
    reason = f"more than {beyond:g} standard deviations: were these standard errors?"
    return tuple(note_rows(np.abs(effects.yi) > beyond, reason, dropped=False))


def over(difference: FloatArray, unit: FloatArray) -> FloatArray:
    """A difference in units of a standard deviation; NaN where that is 0."""
    return np.divide(difference, unit, out=np.full_like(difference, np.nan), where=unit > 0)


def unequal_variances(
    *,
    m1i: FloatArray,
    sd1i: FloatArray,
    n1i: FloatArray,
    m2i: FloatArray,
    sd2i: FloatArray,
    n2i: FloatArray,
    vtype: str = "LS",
    correct: bool = True,
) -> Effects:
    """Mean difference in units of sqrt((sd1^2 + sd2^2) / 2), the variances being different (SMDH).

    Parameters
    ----------
    m1i, sd1i, n1i, m2i, sd2i, n2i : ndarray
        Means, standard deviations (not standard errors) and sizes of the two groups.
    vtype : str
        What stands for k and m of each group, "LS": n - 1 and n - 1; "LS2": n and n; "LS3": n and n - 1, what the
        delta method gives.
    correct : bool
        Whether to multiply by Hedges' J of n1 + n2 - 2 degrees of freedom.

    Notes
    -----
    With s^2 = (sd1^2 + sd2^2) / 2, the variance is
    (sd1^2 / k1 + sd2^2 / k2) / s^2 + y^2 (sd1^4 / m1 + sd2^4 / m2) / (8 s^4).

    References
    ----------
    Bonett DG (2009). Meta-analytic interval estimation for standardized and unstandardized mean differences.
    Psychological Methods 14(3), 225-238.
    """
    check_deviations(sd1i, sd2i)
    check_sizes(n1i, n2i)
    v1, v2 = sd1i**2, sd2i**2
    average = (v1 + v2) / 2
    d = over(m1i - m2i, np.sqrt(average))
    yi = d * hedges_correction(n1i + n2i - 2) if correct else d
    with np.errstate(divide="ignore", invalid="ignore"):
        (k1, m1), (k2, m2) = people_behind(n1i, vtype), people_behind(n2i, vtype)
        vi = (v1 / k1 + v2 / k2) / average + yi**2 * (v1**2 / m1 + v2**2 / m2) / (8 * average**2)
    reasons = _reasons(average == 0, (n1i < 2) | (n2i < 2))
    return explained("SMDH", (yi, vi), (m1i, sd1i, n1i, m2i, sd2i, n2i), reasons)


def people_behind(n: FloatArray, vtype: str) -> tuple[FloatArray, FloatArray]:
    """What a mean's and a standard deviation's variance are divided by: "LS2": n; "LS3": n and n - 1; any other: n - 1.

    NaN for one person, who has no standard deviation.
    """
    size, df = np.where(n > 1, n, np.nan), np.where(n > 1, n - 1, np.nan)
    return size if vtype in ("LS2", "LS3") else df, size if vtype == "LS2" else df


def by_second_group(
    *,
    m1i: FloatArray,
    n1i: FloatArray,
    m2i: FloatArray,
    sd2i: FloatArray,
    n2i: FloatArray,
    sd1i: FloatArray | None = None,
    vtype: str = "LS",
    correct: bool = True,
) -> Effects:
    """Mean difference in units of the standard deviation of the second group, as a control (SMD1, Glass's delta).

    Parameters
    ----------
    m1i, n1i, m2i, sd2i, n2i : ndarray
        Means and sizes of the two groups, and the standard deviation (not standard error) of the second.
    sd1i : ndarray, optional
        Not used.
    vtype : str
        Formula of the variance; see `means.smd_variance`, with n2 - 1 degrees of freedom and n2 people.
    correct : bool
        Whether to multiply by Hedges' J of n2 - 1 degrees of freedom.

    References
    ----------
    Hedges LV (1981). Distribution theory for Glass's estimator of effect size and related estimators. Journal of
    Educational Statistics 6(2), 107-128.
    """
    check_deviations(sd2i, *(() if sd1i is None else (sd1i,)))
    check_sizes(n1i, n2i)
    precision = Precision(h=1 / n1i + 1 / n2i, df=n2i - 1, size=n2i, n=n1i + n2i)
    return standardised("SMD1", over(m1i - m2i, sd2i), precision, vtype=vtype, correct=correct)


def by_second_group_unequal(
    *,
    m1i: FloatArray,
    sd1i: FloatArray,
    n1i: FloatArray,
    m2i: FloatArray,
    sd2i: FloatArray,
    n2i: FloatArray,
    correct: bool = True,
) -> Effects:
    """As `by_second_group`, the variances being different (SMD1H).

    The variance is (sd1 / sd2)^2 / (n1 - 1) + 1 / (n2 - 1) + y^2 / (2 (n2 - 1)).

    References
    ----------
    Bonett DG (2008). Confidence intervals for standardized linear contrasts of means. Psychological Methods 13(2),
    99-109.
    """
    check_deviations(sd1i, sd2i)
    check_sizes(n1i, n2i)
    d = over(m1i - m2i, sd2i)
    yi = d * hedges_correction(n2i - 1) if correct else d
    with np.errstate(divide="ignore", invalid="ignore"):
        vi = over(sd1i, sd2i) ** 2 / (n1i - 1) + 1 / (n2i - 1) + yi**2 / (2 * (n2i - 1))
    reasons = _reasons(sd2i == 0, (n1i < 2) | (n2i <= 2))
    return explained("SMD1H", (yi, vi), (m1i, sd1i, n1i, m2i, sd2i, n2i), reasons)


def _reasons(flat: BoolArray, small: BoolArray) -> list[Reason]:
    return [(flat, NO_UNIT), (small, TOO_SMALL)]


def log_odds_ratio(measure: str, form: str, *, n1i: FloatArray, n2i: FloatArray, **shown: FloatArray) -> Effects:
    """Log odds ratio behind a standardised difference: Cohen's d, not corrected, times pi / sqrt(3) or 1.65.

    Parameters
    ----------
    measure, form : str
        D2ORL or D2OR with "logistic"; D2ORN with "normal"; see `convert.log_odds_ratio_to_smd`.
    n1i, n2i, **shown : ndarray
        As `means.cohens_d` takes them. The variance of d is 1 / n1 + 1 / n2 + d^2 / (2 (n1 + n2)).
    """
    d = cohens_d(n1i=n1i, n2i=n2i, **shown)
    effect = smd_to_log_odds_ratio(d, 1 / n1i + 1 / n2i + d**2 / (2 * (n1i + n2i)), form)
    none = (np.isnan(d), "no standard deviation above 0, or a number is missing")
    return explained(measure, effect, (n1i, n2i), [none])
