"""Mean difference and standardised mean difference of two groups."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from scipy.special import gammaln

from synthesis.effects.columns import FloatArray, broadcast, refuse
from synthesis.effects.convert import correlation_to_smd, d_from_p, d_from_t
from synthesis.effects.effect import Effects
from synthesis.effects.rows import explained, first_known, set_mean
from synthesis.errors import InvalidArgument

SMD_VARIANCES = ("LS", "LS2", "UB", "AV", "H0", "LS3")
MD_VARIANCES = ("LS", "UB", "HO")
LS3_TAKEN = 3.94  # people, from the size behind the standard deviation


class Precision(NamedTuple):
    """What the variance of a standardised difference follows from, each of the shape of the effects."""

    h: FloatArray  # variance of the difference of the means, in squared standard deviations: 1 / n1 + 1 / n2
    df: FloatArray  # degrees of freedom of the standard deviation
    size: FloatArray  # people behind the standard deviation
    n: FloatArray  # people in the study


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
        "LS" and "UB": sd1^2 / n1 + sd2^2 / n2, which is unbiased; "HO": with one variance for both groups.
    """
    given = broadcast(m1i=m1i, sd1i=sd1i, n1i=n1i, m2i=m2i, sd2i=sd2i, n2i=n2i)
    m1, sd1, n1, m2, sd2, n2 = given.values()
    check_deviations(sd1, sd2)
    check_sizes(n1, n2)
    if vtype not in MD_VARIANCES:
        raise InvalidArgument(f"vtype of MD must be one of {', '.join(MD_VARIANCES)}, not {vtype!r}")
    common = pooled_variance(sd1, n1, sd2, n2)
    vi = common * (1 / n1 + 1 / n2) if vtype == "HO" else sd1**2 / n1 + sd2**2 / n2
    alone = (n1 + n2 <= 2, "two people have no standard deviation in common")
    return explained("MD", (m1 - m2, vi), given.values(), [alone])


def standardised_mean_difference(
    *, n1i: Any, n2i: Any, vtype: str = "LS", correct: bool = True, **shown: Any
) -> Effects:
    """Mean difference in units of the pooled standard deviation, with Hedges' exact correction.

    Parameters
    ----------
    n1i, n2i : array-like, shape (k,)
        Sizes of the two groups.
    vtype : str
        Formula of the variance, named as in metafor's `escalc`; see `smd_variance`.
    correct : bool
        Whether to multiply by Hedges' J.
    **shown : array-like, shape (k,)
        What the studies show, as `cohens_d` takes it.
    """
    given = broadcast(n1i=n1i, n2i=n2i, **shown)
    d, n1, n2 = cohens_d(**given), given["n1i"], given["n2i"]
    precision = Precision(h=1 / n1 + 1 / n2, df=n1 + n2 - 2, size=n1 + n2, n=n1 + n2)
    return standardised("SMD", d, precision, vtype=vtype, correct=correct)


def smd_from_d(di: Any, n1i: Any, n2i: Any, *, vtype: str = "LS", correct: bool = True) -> Effects:
    """SMD from Cohen's d (not yet corrected) and the sizes of the groups, shape (k,) each."""
    return standardised_mean_difference(n1i=n1i, n2i=n2i, di=di, vtype=vtype, correct=correct)


def cohens_d(
    *,
    n1i: FloatArray,
    n2i: FloatArray,
    m1i: FloatArray | None = None,
    sd1i: FloatArray | None = None,
    m2i: FloatArray | None = None,
    sd2i: FloatArray | None = None,
    di: FloatArray | None = None,
    ri: FloatArray | None = None,
    ti: FloatArray | None = None,
    pi: FloatArray | None = None,
) -> FloatArray:
    """Cohen's d, not corrected: row by row from the first of these that is there.

    Parameters
    ----------
    n1i, n2i : ndarray
        Sizes of the two groups.
    m1i, sd1i, m2i, sd2i : ndarray, optional
        Means and standard deviations (not standard errors) of the two groups.
    di : ndarray, optional
        Cohen's d itself.
    ri : ndarray, optional
        Point-biserial correlations with belonging to the first group.
    ti, pi : ndarray, optional
        Statistics of Student's t test of the two groups, and its two-sided p-values; a negative p stands for a
        negative difference.

    Returns
    -------
    ndarray
        NaN where nothing is known, or no standard deviation is above 0.
    """
    candidates = [np.full(n1i.shape, np.nan)]
    check_sizes(n1i, n2i)
    if m1i is not None and sd1i is not None and m2i is not None and sd2i is not None:
        check_deviations(sd1i, sd2i)
        spread = np.sqrt(pooled_variance(sd1i, n1i, sd2i, n2i))
        candidates.append(np.divide(m1i - m2i, spread, out=candidates[0].copy(), where=spread > 0))
    if di is not None:
        candidates.append(di)
    if ri is not None:
        candidates.append(correlation_to_smd(ri, np.zeros_like(ri), n1i, n2i)[0])
    if ti is not None:
        candidates.append(d_from_t(ti, n1i, n2i))
    if pi is not None:
        candidates.append(d_from_p(pi, n1i, n2i))
    return first_known(*candidates)


def standardised(measure: str, d: FloatArray, precision: Precision, *, vtype: str, correct: bool) -> Effects:
    """A standardised mean difference with its variance, from the difference without correction."""
    factor = hedges_correction(precision.df)
    vi = smd_variance(d, factor, precision, vtype=vtype, correct=correct)
    yi = factor * d if correct else d
    few = (np.isnan(factor + vi) & ~np.isnan(d), "the groups are too small for the correction or the variance")
    none = (np.isnan(d), "no standard deviation above 0, or a number is missing")
    return explained(measure, (yi, vi), (precision.n,), [none, few])


def smd_variance(d: FloatArray, factor: FloatArray, precision: Precision, *, vtype: str, correct: bool) -> FloatArray:
    """Sampling variance of standardised mean differences.

    Parameters
    ----------
    d, factor : ndarray
        Differences without correction, and Hedges' J.
    precision : Precision
        h, df, and the numbers of people.
    vtype : str
        With y the effect (g = J d, or d itself), "LS": h + y^2 / (2 size); "LS2": J^2 (h + d^2 / (2 size));
        "LS3": h + y^2 / (2 (size - 3.94)), as RevMan has it; "UB": h + (1 - (df - 2) / (df J^2)) g^2, unbiased; "AV":
        as "LS", with the mean of the y of the set weighted by n; "H0": J^2 df / (df - 2) h, the variance where there
        is no effect.
    correct : bool
        Whether the effect is g; for d, "LS2", "UB" and "H0" are divided by J^2.

    References
    ----------
    Hedges LV (1982). Estimation of effect size from a series of independent experiments. Psychological Bulletin
    92(2), 490-499 (equation 8, "LS"). Borenstein M (2009). Effect sizes for continuous data. In: The Handbook of
    Research Synthesis and Meta-Analysis, 2nd edition, 221-235 (12.17, "LS2"). Lin L, Aloe AM (2021). Evaluation of
    various estimators for standardized mean difference in meta-analysis. Statistics in Medicine 40(2), 403-426
    (equation 14, "LS3"). Hedges LV (1983). A random effects
    model for effect sizes. Psychological Bulletin 93(2), 388-395 (equation 9, "UB").
    """
    h, df, size, n = precision
    y = factor * d if correct else d
    scale = factor**2 if correct else 1.0
    if vtype == "LS":
        return h + y**2 / (2 * size)
    if vtype == "LS2":
        return scale * (h + d**2 / (2 * size))
    if vtype == "LS3":
        fewer: FloatArray = np.where(size > LS3_TAKEN, size - LS3_TAKEN, np.nan)
        return h + y**2 / (2 * fewer)
    if vtype == "UB":
        unbiased: FloatArray = h + (1 - (df - 2) / (df * factor**2)) * (factor * d) ** 2
        return unbiased if correct else unbiased / factor**2
    if vtype == "AV":
        average: FloatArray = h + set_mean(y, n) ** 2 / (2 * size)
        return average
    if vtype == "H0":
        return scale * h * np.divide(df, df - 2, out=np.full_like(df, np.nan), where=df > 2)
    raise InvalidArgument(f"vtype of SMD must be one of {', '.join(SMD_VARIANCES)}, not {vtype!r}")


def check_deviations(*deviations: FloatArray) -> None:
    """Raise InvalidArgument for standard deviations below 0."""
    for sd in deviations:
        refuse(sd < 0, "standard deviations must not be below 0")


def check_sizes(*sizes: FloatArray) -> None:
    """Raise InvalidArgument for groups of nobody."""
    for n in sizes:
        refuse(n < 1, "groups must have at least one person")


def pooled_variance(sd1: FloatArray, n1: FloatArray, sd2: FloatArray, n2: FloatArray) -> FloatArray:
    """The variance that the two groups share; NaN for two groups of one person."""
    df = np.where(n1 + n2 > 2, n1 + n2 - 2, np.nan)
    common: FloatArray = ((n1 - 1) * sd1**2 + (n2 - 1) * sd2**2) / df
    return common
