"""Log ratios of two groups: of their means, of their standard deviations, and of their coefficients of variation."""

from __future__ import annotations

import numpy as np

from synthesis.effects.columns import FloatArray
from synthesis.effects.effect import Effects
from synthesis.effects.means import check_deviations, check_sizes, pooled_variance
from synthesis.effects.rows import Reason, explained, set_mean

NO_RATIO = "a mean is 0, or the two means have opposite signs"
NO_SPREAD = "a standard deviation is 0"
ONE_PERSON = "a group of one person has no standard deviation"


def ratio_of_means(
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
    """Log of the ratio of two means of one sign, the log response ratio (ROM).

    Parameters
    ----------
    m1i, sd1i, n1i, m2i, sd2i, n2i : ndarray
        Means, standard deviations (not standard errors) and sizes of the two groups.
    vtype : str
        With CV = sd / |mean| and c = CV^2 / n of each group, "LS": c1 + c2; "HO": as "LS", with the pooled standard
        deviation; "LS2": c1 + c2 + (c1^2 + c2^2) / 2, of the second order; "AV": as "LS", with the means of CV1 and
        of CV2 over the studies, weighted by n; "AVHO": with one mean of all of them.
    correct : bool
        Whether to add (c1 - c2) / 2, which takes away most of the bias.

    References
    ----------
    Hedges LV, Gurevitch J, Curtis PS (1999). The meta-analysis of response ratios in experimental ecology. Ecology
    80(4), 1150-1156 ("LS", "HO"). Lajeunesse MJ (2015). Bias and correction for the log response ratio in ecological
    meta-analysis. Ecology 96(8), 2056-2063 (equations 8 and 9, "LS2"). Nakagawa S and others (2023). A robust and
    readily implementable method for the meta-analysis of response ratios with and without missing standard
    deviations. Ecology Letters 26(2), 232-244 ("AV", "AVHO").
    """
    check_deviations(sd1i, sd2i)
    check_sizes(n1i, n2i)
    yi = log_ratio(m1i, m2i)
    cv1, cv2 = variation(sd1i, m1i), variation(sd2i, m2i)
    c1, c2 = cv1**2 / n1i, cv2**2 / n2i
    if vtype == "HO":
        spread = np.sqrt(pooled_variance(sd1i, n1i, sd2i, n2i))
        vi = variation(spread, m1i) ** 2 / n1i + variation(spread, m2i) ** 2 / n2i
    elif vtype in ("AV", "AVHO"):
        vi = _average_variance(cv1, n1i, cv2, n2i, one=vtype == "AVHO")
    else:
        vi = c1 + c2 + (c1**2 + c2**2) / 2 if vtype == "LS2" else c1 + c2
    yi = yi + (c1 - c2) / 2 if correct else yi
    return explained("ROM", (yi, vi), (m1i, sd1i, n1i, m2i, sd2i, n2i), [(m1i * m2i <= 0, NO_RATIO)])


def _average_variance(cv1: FloatArray, n1: FloatArray, cv2: FloatArray, n2: FloatArray, *, one: bool) -> FloatArray:
    """Variance of log ratios from coefficients of variation that all studies of a set share."""
    mean1, mean2 = set_mean(cv1, n1), set_mean(cv2, n2)
    if one:
        mean1 = mean2 = set_mean(np.concatenate([cv1, cv2], axis=-1), np.concatenate([n1, n2], axis=-1))
    return mean1**2 / n1 + mean2**2 / n2


def variability_ratio(
    *,
    sd1i: FloatArray,
    n1i: FloatArray,
    sd2i: FloatArray,
    n2i: FloatArray,
    m1i: FloatArray | None = None,
    m2i: FloatArray | None = None,
    vtype: str = "LS",
    correct: bool = True,
) -> Effects:
    """Log of the ratio of two standard deviations (VR).

    Parameters
    ----------
    sd1i, n1i, sd2i, n2i : ndarray
        Standard deviations (not standard errors) and sizes of the two groups.
    m1i, m2i : ndarray, optional
        Not used.
    vtype : str
        The sum over both groups, "LS": of 1 / (2 (n - 1)); "LS2": of n / (2 (n - 1)^2), of the second order.
    correct : bool
        Whether to add 1 / (2 (n1 - 1)) - 1 / (2 (n2 - 1)), which takes away the bias.

    References
    ----------
    Senior AM, Viechtbauer W, Nakagawa S (2020). Revisiting and expanding the meta-analysis of variation: the log
    coefficient of variation ratio. Research Synthesis Methods 11(4), 553-567 (equations 5, 11 and 15).
    """
    check_deviations(sd1i, sd2i)
    check_sizes(n1i, n2i)
    del m1i, m2i
    yi, vi = _variability(sd1i, n1i, sd2i, n2i, vtype=vtype, correct=correct)
    return explained("VR", (yi, vi), (sd1i, n1i, sd2i, n2i), _spread_reasons(sd1i, n1i, sd2i, n2i))


def coefficient_of_variation_ratio(
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
    """Log of the ratio of two coefficients of variation, sd / mean (CVR).

    Parameters
    ----------
    m1i, sd1i, n1i, m2i, sd2i, n2i : ndarray
        Means of one sign, standard deviations (not standard errors) and sizes of the two groups.
    vtype : str
        With c = (sd / mean)^2 / n of each group, that of `variability_ratio` and, "LS": c1 + c2; "LS2":
        c1 + c2 + (c1^2 + c2^2) / 2.
    correct : bool
        Whether to correct as `variability_ratio` does, and to take away (c1 - c2) / 2.

    References
    ----------
    Senior AM, Viechtbauer W, Nakagawa S (2020). Revisiting and expanding the meta-analysis of variation: the log
    coefficient of variation ratio. Research Synthesis Methods 11(4), 553-567 (equations 6, 13, and 16 with the halves
    that the expansion gives its third and sixth term).
    """
    check_deviations(sd1i, sd2i)
    check_sizes(n1i, n2i)
    yi, vi = _variability(sd1i, n1i, sd2i, n2i, vtype=vtype, correct=correct)
    c1, c2 = variation(sd1i, m1i) ** 2 / n1i, variation(sd2i, m2i) ** 2 / n2i
    yi = yi - log_ratio(m1i, m2i) - ((c1 - c2) / 2 if correct else 0.0)
    vi = vi + c1 + c2 + ((c1**2 + c2**2) / 2 if vtype == "LS2" else 0.0)
    reasons = [(m1i * m2i <= 0, NO_RATIO), *_spread_reasons(sd1i, n1i, sd2i, n2i)]
    return explained("CVR", (yi, vi), (m1i, sd1i, n1i, m2i, sd2i, n2i), reasons)


def _variability(
    sd1: FloatArray, n1: FloatArray, sd2: FloatArray, n2: FloatArray, *, vtype: str, correct: bool
) -> tuple[FloatArray, FloatArray]:
    """Log ratio of standard deviations and its variance."""
    half1, half2 = half_over_df(n1), half_over_df(n2)
    yi = log_ratio(sd1, sd2) + (half1 - half2 if correct else 0.0)
    return yi, half1 + half2 + (2 * (half1**2 + half2**2) if vtype == "LS2" else 0.0)


def _spread_reasons(sd1: FloatArray, n1: FloatArray, sd2: FloatArray, n2: FloatArray) -> list[Reason]:
    return [((sd1 == 0) | (sd2 == 0), NO_SPREAD), ((n1 < 2) | (n2 < 2), ONE_PERSON)]


def half_over_df(n: FloatArray) -> FloatArray:
    """1 / (2 (n - 1)), the variance and the bias of a log standard deviation; NaN for one person."""
    half: FloatArray = 0.5 / np.where(n > 1, n - 1, np.nan)
    return half


def log_ratio(one: FloatArray, other: FloatArray) -> FloatArray:
    """log(one / other); NaN where either is 0 or the signs are opposite."""
    quotient = np.divide(one, other, out=np.full_like(one, np.nan), where=one * other > 0)
    logs: FloatArray = np.log(quotient)
    return logs


def variation(sd: FloatArray, mean: FloatArray) -> FloatArray:
    """Coefficient of variation sd / |mean|; NaN where the mean is 0."""
    found: FloatArray = sd / np.where(mean != 0, np.abs(mean), np.nan)
    return found
