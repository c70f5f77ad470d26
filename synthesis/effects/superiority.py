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
from synthesis.effects.smd import over, people_behind

Group = tuple[FloatArray, FloatArray]  # variance, and people
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
        q1 = a / (2 - a) and q2 = 2 a^2 / (1 + a), as exponential distributions have them; "H0":
        (n1 + n2 + 1) / (12 n1 n2), that of two equal distributions without ties; "MAX": a (1 - a) / (n - 1) of the
        smaller group, the most that there can be.

    References
    ----------
    Newcombe RG (2006). Confidence intervals for an effect size measure based on the Mann-Whitney statistic. Part 2:
    asymptotic methods and evaluation. Statistics in Medicine 25(4), 559-573 (method 4, "LS"). Hanley JA, McNeil BJ
    (1982). The meaning and use of the area under a receiver operating characteristic (ROC) curve. Radiology 143(1),
    29-36 ("LS2"). Cho H, Matthews GJ, Harel O (2019). Confidence intervals for the area under the receiver operating
    characteristic curve in the presence of ignorable missing data. International Statistical Review 87(1), 152-177
    (the denominator, and ties). Mann HB, Whitney DR (1947). On a test of whether one of two random variables is
    stochastically larger than the other. Annals of Mathematical Statistics 18(1), 50-60 ("H0"). Bamber D (1975). The
    area above the ordinal dominance graph and the area below the receiver operating characteristic graph. Journal of
    Mathematical Psychology 12(4), 387-415 (equation 7, "MAX", with n - 1).
    """
    check_sizes(n1i, n2i)
    refuse((ai < 0) | (ai > 1), "ai, a probability, must lie between 0 and 1")
    ties = np.zeros_like(ai) if mi is None else np.where(np.isnan(mi), 0.0, mi)
    refuse((ties < 0) | (ties > 1), "mi, the share of ties, must lie between 0 and 1")
    vi = _superiority_variance(ai, n1i, n2i, ties, vtype)
    return explained(measure, (ai, vi), (ai, n1i, n2i), [((n1i <= 1) | (n2i <= 1), SMALL)])


def _superiority_variance(a: FloatArray, n1: FloatArray, n2: FloatArray, ties: FloatArray, vtype: str) -> FloatArray:
    if vtype == "H0":
        return (n1 + n2 + 1) / (12 * n1 * n2) + 0 * a
    if vtype == "MAX":
        return a * (1 - a) / _above_one(np.minimum(n1, n2))
    pairs = _above_one(n1) * _above_one(n2)
    if vtype == "LS2":
        q1, q2 = a / (2 - a), 2 * a**2 / (1 + a)
        return (a * (1 - a) - ties / 4 + (n1 - 1) * (q1 - a**2) + (n2 - 1) * (q2 - a**2)) / pairs
    half = (n1 + n2) / 2 - 1
    return a * (1 - a) * (1 + half * (1 - a) / (2 - a) + half * a / (1 + a)) / pairs


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
        By the delta method, "LS": each group with its own standard deviation, and n - 1; "LS2": with n; "LS3": with n
        for the means and n - 1 for the deviations; "H0": as "LS", where there is no effect; "HO": both groups with
        the pooled deviation, and then the effect is Phi(d / sqrt(2)) as well.
    **shown : ndarray
        di, ri, ti, pi as `means.cohens_d` takes them; all of them mean "HO", or its "H0".

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
    separate = _separate(own, (sd1**2, n1i), (sd2**2, n2i), vtype)
    alike = _alike(first_known(d / np.sqrt(2), reported), n1i, n2i, vtype)
    known = np.isfinite(separate[1])
    effect = np.where(known, separate[0], alike[0]), np.where(known, separate[1], alike[1])
    none = (np.isnan(d) & np.isnan(a), "no standard deviation above 0, or a number is missing")
    reasons = [((n1i < 2) | (n2i < 2), SMALL), ((a == 0) | (a == 1), CERTAIN), none]
    return explained(measure, effect, (n1i, n2i), reasons)


def _separate(u: FloatArray, first: Group, second: Group, vtype: str) -> Effect:
    """Phi(u) and its variance, each group having a standard deviation of its own."""
    (v1, n1), (v2, n2) = first, second
    (k1, m1), (k2, m2) = people_behind(n1, vtype), people_behind(n2, vtype)
    total = np.where(v1 + v2 > 0, v1 + v2, np.nan)
    at = _put_in(u, vtype)
    of_u = (v1 / k1 + v2 / k2) / total + at**2 * (v1**2 / m1 + v2**2 / m2) / (2 * total**2)
    return ndtr(u), density(at) ** 2 * of_u


def _alike(u: FloatArray, n1: FloatArray, n2: FloatArray, vtype: str) -> Effect:
    """Phi(u) and its variance, both groups having one standard deviation."""
    at = _put_in(u, vtype)
    of_u = (1 / _above_one(n1) + 1 / _above_one(n2)) / 2 + at**2 / (2 * (n1 + n2 - 2))
    return ndtr(u), density(at) ** 2 * of_u


def _put_in(u: FloatArray, vtype: str) -> FloatArray:
    """The quantile that the variance is that of: u itself, or 0 where there is no effect."""
    return 0 * u if vtype == "H0" else u


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
