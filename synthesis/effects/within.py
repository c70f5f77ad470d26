"""Change of one group, or the difference of matched pairs, in means and standard deviations.

Everywhere m1i, sd1i and m2i, sd2i are the means and standard deviations (not standard errors) at the two measurements,
ri is the correlation of the measurements and ni the number of people or pairs; the effect is the first less the
second.
"""

from __future__ import annotations

import numpy as np

from synthesis.effects.columns import FloatArray, refuse
from synthesis.effects.convert import t_from_p
from synthesis.effects.correlations import without_bias
from synthesis.effects.effect import Effects
from synthesis.effects.means import Precision, check_deviations, check_sizes, hedges_correction, smd_variance
from synthesis.effects.rows import Reason, explained, first_known
from synthesis.effects.smd import NO_UNIT, TOO_SMALL, over, people_behind


def mean_change(
    *, m1i: FloatArray, m2i: FloatArray, sd1i: FloatArray, sd2i: FloatArray, ni: FloatArray, ri: FloatArray
) -> Effects:
    """Mean change, with variance (sd1^2 + sd2^2 - 2 r sd1 sd2) / n (MC)."""
    check_pairs(ri, ni, sd1i, sd2i)
    return explained("MC", (m1i - m2i, change_variance(sd1i, sd2i, ri) / ni), (m1i, m2i, sd1i, sd2i, ni, ri))


def by_change(
    *,
    ni: FloatArray,
    m1i: FloatArray | None = None,
    m2i: FloatArray | None = None,
    sd1i: FloatArray | None = None,
    sd2i: FloatArray | None = None,
    ri: FloatArray | None = None,
    di: FloatArray | None = None,
    ti: FloatArray | None = None,
    pi: FloatArray | None = None,
    vtype: str = "LS",
    correct: bool = True,
) -> Effects:
    """Mean change in units of the standard deviation of the changes (SMCC).

    Parameters
    ----------
    ni, m1i, m2i, sd1i, sd2i, ri : ndarray
        See the module; where there are none of them but ni:
    di : ndarray, optional
        Standardised mean changes, not corrected.
    ti, pi : ndarray, optional
        Statistics of the paired t test, and its two-sided p-values; a negative p stands for a negative change.
    vtype : str
        Formula of the variance; see `means.smd_variance`, with h = 1 / n, n - 1 degrees of freedom and n people.
    correct : bool
        Whether to multiply by Hedges' J of n - 1 degrees of freedom.

    References
    ----------
    Gibbons RD, Hedeker DR, Davis JM (1993). Estimation of effect size from a series of experiments involving paired
    comparisons. Journal of Educational Statistics 18(3), 271-279. Viechtbauer W (2007). Approximate confidence
    intervals for standardized effect sizes in the two-independent and two-dependent samples design. Journal of
    Educational and Behavioral Statistics 32(1), 39-60 (equation 26, "UB").
    """
    check_sizes(ni)
    candidates = [np.full(ni.shape, np.nan)]
    if m1i is not None and m2i is not None and sd1i is not None and sd2i is not None and ri is not None:
        check_pairs(ri, ni, sd1i, sd2i)
        candidates.append(over(m1i - m2i, np.sqrt(change_variance(sd1i, sd2i, ri))))
    if di is not None:
        candidates.append(di)
    if ti is not None:
        candidates.append(ti / np.sqrt(ni))
    if pi is not None:
        candidates.append(t_from_p(pi, ni - 1) / np.sqrt(ni))
    d = first_known(*candidates)
    yi = _corrected(d, ni - 1, correct=correct)
    vi = _change_unit_variance(d, 1 / ni, ni, vtype, correct=correct)
    none = (np.isnan(d), "the changes have no standard deviation above 0, or a number is missing")
    return explained("SMCC", (yi, vi), (ni,), [none, (np.isnan(yi + vi), TOO_SMALL)])


def by_first(
    *,
    m1i: FloatArray,
    m2i: FloatArray,
    sd1i: FloatArray,
    ni: FloatArray,
    ri: FloatArray,
    sd2i: FloatArray | None = None,
    vtype: str = "LS",
    correct: bool = True,
) -> Effects:
    """Mean change in units of the first standard deviation (SMCR).

    Parameters
    ----------
    m1i, m2i, sd1i, ni, ri : ndarray
        See the module.
    sd2i : ndarray, optional
        Not used.
    vtype : str
        Formula of the variance; see `means.smd_variance`, with h = 2 (1 - r) / n, n - 1 degrees of freedom and n
        people. "UB" and "H0" have the unbiased estimate of the correlation for r; see
        `correlations.unbiased_correlation`.
    correct : bool
        Whether to multiply by Hedges' J of n - 1 degrees of freedom.

    References
    ----------
    Becker BJ (1988). Synthesizing standardized mean-change measures. British Journal of Mathematical and Statistical
    Psychology 41(2), 257-278 (equation 13, "LS"). Viechtbauer W (2007). Approximate confidence intervals for
    standardized effect sizes in the two-independent and two-dependent samples design. Journal of Educational and
    Behavioral Statistics 32(1), 39-60 (equation 37, "UB").
    """
    check_pairs(ri, ni, sd1i, *(() if sd2i is None else (sd2i,)))
    d = over(m1i - m2i, sd1i)
    r = without_bias(ri, ni) if vtype in ("UB", "H0") else ri
    vi = _change_unit_variance(d, 2 * (1 - r) / ni, ni, vtype, correct=correct)
    yi = _corrected(d, ni - 1, correct=correct)
    return explained("SMCR", (yi, vi), (m1i, m2i, sd1i, ni, ri), [(sd1i == 0, NO_UNIT), (np.isnan(yi + vi), TOO_SMALL)])


def by_first_unequal(
    *,
    m1i: FloatArray,
    m2i: FloatArray,
    sd1i: FloatArray,
    sd2i: FloatArray,
    ni: FloatArray,
    ri: FloatArray,
    vtype: str = "LS",
    correct: bool = True,
) -> Effects:
    """As `by_first`, the variances being different (SMCRH).

    The variance is, "LS": (c / sd1^2 + y^2 / 2) / (n - 1), c being the variance of the changes; "LS2": with n for
    n - 1.

    References
    ----------
    Bonett DG (2008). Confidence intervals for standardized linear contrasts of means. Psychological Methods 13(2),
    99-109.
    """
    check_pairs(ri, ni, sd1i, sd2i)
    yi = _corrected(over(m1i - m2i, sd1i), ni - 1, correct=correct)
    vi = (over(change_variance(sd1i, sd2i, ri), sd1i**2) + yi**2 / 2) / people_behind(ni, vtype)[0]
    return explained("SMCRH", (yi, vi), (m1i, m2i, sd1i, sd2i, ni, ri), _unit_reasons(sd1i, ni))


def by_both(
    *,
    m1i: FloatArray,
    m2i: FloatArray,
    sd1i: FloatArray,
    sd2i: FloatArray,
    ni: FloatArray,
    ri: FloatArray,
    correct: bool = True,
) -> Effects:
    """Mean change in units of s = sqrt((sd1^2 + sd2^2) / 2) (SMCRP).

    The variance is 2 (1 - r) / n + y^2 (1 + r^2) / (4 n). `correct` multiplies by Hedges' J of 2 (n - 1) / (1 + r^2)
    degrees of freedom.

    References
    ----------
    Cousineau D (2020). Approximating the distribution of Cohen's d_p in within-subject designs. The Quantitative
    Methods for Psychology 16(4), 418-421.
    """
    check_pairs(ri, ni, sd1i, sd2i)
    unit = np.sqrt((sd1i**2 + sd2i**2) / 2)
    yi = _corrected(over(m1i - m2i, unit), 2 * (ni - 1) / (1 + ri**2), correct=correct)
    vi = 2 * (1 - ri) / ni + yi**2 * (1 + ri**2) / (4 * ni)
    return explained("SMCRP", (yi, vi), (m1i, m2i, sd1i, sd2i, ni, ri), _unit_reasons(unit, ni))


def by_both_unequal(
    *,
    m1i: FloatArray,
    m2i: FloatArray,
    sd1i: FloatArray,
    sd2i: FloatArray,
    ni: FloatArray,
    ri: FloatArray,
    vtype: str = "LS",
    correct: bool = True,
) -> Effects:
    """As `by_both`, the variances being different (SMCRPH).

    The variance is, "LS": (c / s^2 + y^2 (sd1^4 + sd2^4 + 2 r^2 sd1^2 sd2^2) / (8 s^4)) / (n - 1), c being the variance
    of the changes; "LS2": with n for n - 1.

    References
    ----------
    Bonett DG (2008). Confidence intervals for standardized linear contrasts of means. Psychological Methods 13(2),
    99-109.
    """
    check_pairs(ri, ni, sd1i, sd2i)
    v1, v2 = sd1i**2, sd2i**2
    average = (v1 + v2) / 2
    yi = _corrected(over(m1i - m2i, np.sqrt(average)), 2 * (ni - 1) / (1 + ri**2), correct=correct)
    fourth = over(v1**2 + v2**2 + 2 * ri**2 * v1 * v2, 8 * average**2)
    vi = (over(change_variance(sd1i, sd2i, ri), average) + yi**2 * fourth) / people_behind(ni, vtype)[0]
    return explained("SMCRPH", (yi, vi), (m1i, m2i, sd1i, sd2i, ni, ri), _unit_reasons(average, ni))


def change_variance(sd1: FloatArray, sd2: FloatArray, r: FloatArray) -> FloatArray:
    """Variance of the changes, sd1^2 + sd2^2 - 2 r sd1 sd2, not below 0 where it is 0 but for rounding."""
    variance: FloatArray = (sd1 - sd2) ** 2 + 2 * (1 - r) * sd1 * sd2
    return variance


def check_pairs(ri: FloatArray, ni: FloatArray, *deviations: FloatArray) -> None:
    """Raise InvalidArgument for deviations, numbers of pairs and correlations that cannot be."""
    check_deviations(*deviations)
    check_sizes(ni)
    refuse(np.abs(ri) > 1, "correlations must lie between -1 and 1")


def _change_unit_variance(d: FloatArray, h: FloatArray, n: FloatArray, vtype: str, *, correct: bool) -> FloatArray:
    """Variance of changes over a standard deviation with n - 1 degrees of freedom, h being that of the mean change."""
    precision = Precision(h=h, df=n - 1, size=n, n=n)
    return smd_variance(d, hedges_correction(n - 1), precision, vtype=vtype, correct=correct)


def _corrected(d: FloatArray, df: FloatArray, *, correct: bool) -> FloatArray:
    return d * hedges_correction(df) if correct else d


def _unit_reasons(unit: FloatArray, ni: FloatArray) -> list[Reason]:
    return [(unit == 0, NO_UNIT), (ni <= 2, TOO_SMALL)]
