"""Common language effect size: how often a person of the first group has more than one of the second.

P(X > Y) + P(X = Y) / 2 for two groups: the area under the ROC curve (AUC), U / (n1 n2) of the Mann-Whitney test.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr, ndtri

from synthesis.effects.columns import FloatArray, refuse
from synthesis.effects.effect import Effect, Effects
from synthesis.effects.means import check_deviations, check_sizes, cohens_d
from synthesis.effects.rows import explained, first_known
from synthesis.effects.smd import over

SMALL = "a group of one person has no variance"
CERTAIN = "a probability of 0 or 1 has no normal quantile"


def superiority(
    measure: str,
    *,
    ai: FloatArray,
    n1i: FloatArray,
    n2i: FloatArray,
    mi: FloatArray | None = None,
    vtype: str = "LS",
) -> Effects:
    """Common language effect size as reported, with a variance from the sizes of the groups (CLES, AUC).

    Parameters
    ----------
    measure : str
        CLES or AUC.
    ai, n1i, n2i : ndarray
        Common language effect sizes, and sizes of the two groups.
    mi : ndarray, optional
        Shares of pairs that are tied, for "LS2"; 0 where not known.
    vtype : str
        With a the effect and N = (n1 - 1) (n2 - 1), "LS": a (1 - a) (1 + h (1 - a) / (2 - a) + h a / (1 + a)) / N,
        h = (n1 + n2) / 2 - 1; "LS2": (a (1 - a) - mi / 4 + (n1 - 1) (q1 - a^2) + (n2 - 1) (q2 - a^2)) / N,
        q1 = a / (2 - a) and q2 = 2 a^2 / (1 + a), as exponential distributions have them.

    References
    ----------
    Newcombe RG (2006). Confidence intervals for an effect size measure based on the Mann-Whitney statistic. Part 2:
    asymptotic methods and evaluation. Statistics in Medicine 25(4), 559-573 (method 4, "LS"). Hanley JA, McNeil BJ
    (1982). The meaning and use of the area under a receiver operating characteristic (ROC) curve. Radiology 143(1),
    29-36 ("LS2"). Cho H, Matthews GJ, Harel O (2019). Confidence intervals for the area under the receiver operating
    characteristic curve in the presence of ignorable missing data. International Statistical Review 87(1), 152-177
    (the denominator, and ties).
    """
    check_sizes(n1i, n2i)
    refuse((ai < 0) | (ai > 1), "ai, a probability, must lie between 0 and 1")
    ties = np.zeros_like(ai) if mi is None else np.where(np.isnan(mi), 0.0, mi)
    refuse((ties < 0) | (ties > 1), "mi, the share of ties, must lie between 0 and 1")
    pairs = np.where((n1i > 1) & (n2i > 1), (n1i - 1) * (n2i - 1), np.nan)
    if vtype == "LS2":
        q1, q2 = ai / (2 - ai), 2 * ai**2 / (1 + ai)
        vi = (ai * (1 - ai) - ties / 4 + (n1i - 1) * (q1 - ai**2) + (n2i - 1) * (q2 - ai**2)) / pairs
    else:
        half = (n1i + n2i) / 2 - 1
        vi = ai * (1 - ai) * (1 + half * (1 - ai) / (2 - ai) + half * ai / (1 + ai)) / pairs
    return explained(measure, (ai, vi), (ai, n1i, n2i), [(np.isnan(pairs), SMALL)])


def normal_superiority(
    measure: str,
    *,
    n1i: FloatArray,
    n2i: FloatArray,
    m1i: FloatArray | None = None,
    sd1i: FloatArray | None = None,
    m2i: FloatArray | None = None,
    sd2i: FloatArray | None = None,
    ai: FloatArray | None = None,
    vtype: str = "LS",
    **shown: FloatArray,
) -> Effects:
    """Common language effect size of two normal distributions (CLESN, AUCN): Phi((m1 - m2) / sqrt(sd1^2 + sd2^2)).

    Parameters
    ----------
    measure : str
        CLESN or AUCN.
    n1i, n2i, m1i, sd1i, m2i, sd2i : ndarray
        Sizes, means and standard deviations (not standard errors) of the two groups.
    ai : ndarray, optional
        The effect itself, where there are no means; its variance is of "LS" where both deviations are there.
    vtype : str
        By the delta method, "LS": each group with its own standard deviation; "HO": both with the pooled one, and
        then the effect is Phi(d / sqrt(2)) as well.
    **shown : ndarray
        di, ri, ti, pi as `means.cohens_d` takes them; all of them mean "HO".

    References
    ----------
    Goddard MJ, Hinberg I (1990). Receiver operator characteristic (ROC) curves and non-normal data: an empirical
    study. Statistics in Medicine 9(3), 325-337 (equations 3 and 4, with n - 1).
    """
    check_sizes(n1i, n2i)
    absent = np.full(n1i.shape, np.nan)
    m1, sd1, m2, sd2, a = (absent if one is None else one for one in (m1i, sd1i, m2i, sd2i, ai))
    check_deviations(sd1, sd2)
    refuse((a < 0) | (a > 1), "ai, a probability, must lie between 0 and 1")
    d = cohens_d(n1i=n1i, n2i=n2i, m1i=m1, sd1i=sd1, m2i=m2, sd2i=sd2, **shown)
    reported = np.where((a > 0) & (a < 1), ndtri(a), np.nan)
    own = absent if vtype == "HO" else first_known(over(m1 - m2, np.hypot(sd1, sd2)), reported)
    separate = _separate(own, sd1, n1i, sd2, n2i)
    alike = _alike(first_known(d / np.sqrt(2), reported), n1i, n2i)
    known = np.isfinite(separate[1])
    effect = np.where(known, separate[0], alike[0]), np.where(known, separate[1], alike[1])
    none = (np.isnan(d) & np.isnan(a), "no standard deviation above 0, or a number is missing")
    reasons = [((n1i < 2) | (n2i < 2), SMALL), ((a == 0) | (a == 1), CERTAIN), none]
    return explained(measure, effect, (n1i, n2i), reasons)


def _separate(u: FloatArray, sd1: FloatArray, n1: FloatArray, sd2: FloatArray, n2: FloatArray) -> Effect:
    """Phi(u) and its variance, each group having a standard deviation of its own."""
    v1, v2, df1, df2 = sd1**2, sd2**2, _above_one(n1), _above_one(n2)
    total = np.where(v1 + v2 > 0, v1 + v2, np.nan)
    of_u = (v1 / df1 + v2 / df2) / total + u**2 * (v1**2 / df1 + v2**2 / df2) / (2 * total**2)
    return ndtr(u), density(u) ** 2 * of_u


def _alike(u: FloatArray, n1: FloatArray, n2: FloatArray) -> Effect:
    """Phi(u) and its variance, both groups having one standard deviation."""
    of_u = (1 / _above_one(n1) + 1 / _above_one(n2)) / 2 + u**2 / (2 * (n1 + n2 - 2))
    return ndtr(u), density(u) ** 2 * of_u


def paired_superiority(
    measure: str,
    *,
    m1i: FloatArray,
    sd1i: FloatArray,
    m2i: FloatArray,
    sd2i: FloatArray,
    ri: FloatArray,
    ni: FloatArray,
) -> Effects:
    """Common language effect size of two correlated normal measurements (CLESCN, AUCCN).

    How often a value at the first measurement is above one at the second, of another person:
    Phi((m1 - m2) / sqrt(sd1^2 + sd2^2)). The correlation enters the variance, by the delta method with n - 1.

    Parameters
    ----------
    measure : str
        CLESCN or AUCCN.
    m1i, sd1i, m2i, sd2i, ri, ni : ndarray
        Means and standard deviations (not standard errors) at the two measurements, their correlation, and people.
    """
    check_deviations(sd1i, sd2i)
    check_sizes(ni)
    refuse(np.abs(ri) > 1, "correlations must lie between -1 and 1")
    v1, v2, df = sd1i**2, sd2i**2, _above_one(ni)
    total = np.where(v1 + v2 > 0, v1 + v2, np.nan)
    u = (m1i - m2i) / np.sqrt(total)
    change = v1 + v2 - 2 * ri * sd1i * sd2i
    of_u = change / (total * df) + u**2 * (v1**2 + v2**2 + 2 * ri**2 * v1 * v2) / (2 * total**2 * df)
    reasons = [(sd1i + sd2i == 0, "both standard deviations are 0"), (ni < 2, SMALL)]
    return explained(measure, (ndtr(u), density(u) ** 2 * of_u), (m1i, sd1i, m2i, sd2i, ri, ni), reasons)


def density(u: FloatArray) -> FloatArray:
    """Density of the standard normal distribution."""
    found: FloatArray = np.exp(-(u**2) / 2) / np.sqrt(2 * np.pi)
    return found


def _above_one(n: FloatArray) -> FloatArray:
    """N - 1; NaN for one person."""
    return np.where(n > 1, n - 1, np.nan)
