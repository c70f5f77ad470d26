"""Log ratios of two measurements of one group, or of matched pairs; the columns are those of `within`."""

from __future__ import annotations

import numpy as np

from synthesis.effects.columns import FloatArray
from synthesis.effects.effect import Effects
from synthesis.effects.ratios import NO_RATIO, NO_SPREAD, ONE_PERSON, half_over_df, log_ratio, variation
from synthesis.effects.rows import Reason, explained
from synthesis.effects.within import check_pairs


def log_ratio_of_means(
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
    """Log of the ratio of two means of one sign (ROMC).

    The variance is that of `_mean_variance`; `correct` adds (c1 - c2) / 2.

    References
    ----------
    Lajeunesse MJ (2011). On the meta-analysis of response ratios for studies with correlated and multi-group designs.
    Ecology 92(11), 2049-2055 (equation 6, "LS"). Senior AM, Viechtbauer W, Nakagawa S (2020). Revisiting and expanding
    the meta-analysis of variation: the log coefficient of variation ratio. Research Synthesis Methods 11(4), 553-567
    ("LS2", the second order derived anew).
    """
    check_pairs(ri, ni, sd1i, sd2i)
    c1, c2 = variation(sd1i, m1i) ** 2 / ni, variation(sd2i, m2i) ** 2 / ni
    yi = log_ratio(m1i, m2i) + ((c1 - c2) / 2 if correct else 0.0)
    vi = _mean_variance(c1, c2, ri, vtype)
    return explained("ROMC", (yi, vi), (m1i, m2i, sd1i, sd2i, ni, ri), [(m1i * m2i <= 0, NO_RATIO)])


def log_ratio_of_deviations(
    *,
    sd1i: FloatArray,
    sd2i: FloatArray,
    ni: FloatArray,
    ri: FloatArray,
    m1i: FloatArray | None = None,
    m2i: FloatArray | None = None,
    vtype: str = "LS",
) -> Effects:
    """Log of the ratio of two standard deviations (VRC).

    Both biases being of one size, 1 / (2 (n - 1)), there is nothing to correct; m1i and m2i are not used. With
    m = n - 1 the variance is, "LS": (1 - r^2) / m; "LS2": (1 - r^2) / m + (1 - r^4) / m^2, of the second order for
    normal values.

    References
    ----------
    Senior AM, Viechtbauer W, Nakagawa S (2020). Revisiting and expanding the meta-analysis of variation: the log
    coefficient of variation ratio. Research Synthesis Methods 11(4), 553-567 (equation 21; the second order derived
    anew).
    """
    check_pairs(ri, ni, sd1i, sd2i)
    del m1i, m2i
    vi = _deviation_variance(ni, ri, vtype)
    return explained("VRC", (log_ratio(sd1i, sd2i), vi), (sd1i, sd2i, ni, ri), _spread_reasons(sd1i, sd2i, ni))


def log_ratio_of_variation(
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
    """Log of the ratio of two coefficients of variation, sd / mean, of means of one sign (CVRC).

    The variance is the sum of those of VRC and of ROMC; `correct` takes away (c1 - c2) / 2.

    References
    ----------
    Senior AM, Viechtbauer W, Nakagawa S (2020). Revisiting and expanding the meta-analysis of variation: the log
    coefficient of variation ratio. Research Synthesis Methods 11(4), 553-567 (equation 23; the second order derived
    anew).
    """
    check_pairs(ri, ni, sd1i, sd2i)
    c1, c2 = variation(sd1i, m1i) ** 2 / ni, variation(sd2i, m2i) ** 2 / ni
    yi = log_ratio(sd1i, sd2i) - log_ratio(m1i, m2i) - ((c1 - c2) / 2 if correct else 0.0)
    vi = _deviation_variance(ni, ri, vtype) + _mean_variance(c1, c2, ri, vtype)
    reasons = [(m1i * m2i <= 0, NO_RATIO), *_spread_reasons(sd1i, sd2i, ni)]
    return explained("CVRC", (yi, vi), (m1i, m2i, sd1i, sd2i, ni, ri), reasons)


def _mean_variance(c1: FloatArray, c2: FloatArray, r: FloatArray, vtype: str) -> FloatArray:
    """Variance of the log ratio of two correlated means.

    With c = (sd / mean)^2 / n at each measurement, "LS": c1 + c2 - 2 r sqrt(c1 c2); "LS2": besides,
    (c1^2 + c2^2) / 2 - r^2 c1 c2, of the second order for normal values.
    """
    first: FloatArray = c1 + c2 - 2 * r * np.sqrt(c1 * c2)
    return first + (c1**2 + c2**2) / 2 - r**2 * c1 * c2 if vtype == "LS2" else first


def _deviation_variance(ni: FloatArray, ri: FloatArray, vtype: str) -> FloatArray:
    """Variance of the log ratio of two correlated standard deviations."""
    share = 2 * half_over_df(ni)
    first: FloatArray = (1 - ri**2) * share
    return first + (1 - ri**4) * share**2 if vtype == "LS2" else first


def _spread_reasons(sd1: FloatArray, sd2: FloatArray, n: FloatArray) -> list[Reason]:
    return [((sd1 == 0) | (sd2 == 0), NO_SPREAD), (n < 2, ONE_PERSON)]
