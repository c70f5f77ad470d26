"""Coefficients of determination, R^2 of a regression."""

from __future__ import annotations

import numpy as np
from scipy.special import betaincinv

from synthesis.effects.columns import FloatArray, refuse
from synthesis.effects.correlations import artanh
from synthesis.effects.effect import Effects
from synthesis.effects.rows import explained, first_known, set_mean

TOO_FEW = "too few people for the number of predictors"
PERFECT = "an R^2 of 1 has no z"
NO_SLOPE = "at an R^2 of 0 the z has no variance by the delta method"


def r_squared(
    *,
    mi: FloatArray,
    ni: FloatArray,
    r2i: FloatArray | None = None,
    fi: FloatArray | None = None,
    pi: FloatArray | None = None,
) -> FloatArray:
    """R^2, row by row from the first of these that is there.

    Parameters
    ----------
    mi, ni : ndarray
        Predictors, the intercept not counted, and people.
    r2i : ndarray, optional
        R^2.
    fi, pi : ndarray, optional
        F of all predictors, on m and n - m - 1 degrees of freedom, R^2 = m F / (m F + n - m - 1); and its p-value.
    """
    refuse((mi < 1) | (ni < 1), "mi, the number of predictors, and ni, that of people, must be at least 1")
    df = np.where(ni - mi > 1, ni - mi - 1, np.nan)
    candidates = [np.full(ni.shape, np.nan)]
    if r2i is not None:
        refuse((r2i < 0) | (r2i > 1), "R^2 must lie between 0 and 1")
        candidates.append(r2i)
    if fi is not None:
        refuse(fi < 0, "F must not be below 0")
        candidates.append(mi * fi / (mi * fi + df))
    if pi is not None:
        refuse((pi <= 0) | (pi > 1), "p must lie between 0 and 1, 0 excluded")
        candidates.append(1 - betaincinv(df / 2, mi / 2, pi))
    return first_known(*candidates)


def random_predictors(*, mi: FloatArray, ni: FloatArray, vtype: str = "LS", **shown: FloatArray) -> Effects:
    """R^2 where predictors and outcome were sampled together (R2).

    Parameters
    ----------
    mi, ni, **shown : ndarray
        As `r_squared` takes them.
    vtype : str
        "LS": 4 R^2 (1 - R^2)^2 / n; "LS2": 4 R^2 (1 - R^2)^2 (n - m - 1)^2 / ((n^2 - 1) (n + 3)); "AV", "AV2": the same
        of the mean of the R^2 of the set, weighted by n.

    References
    ----------
    Kendall M, Stuart A (1979). The Advanced Theory of Statistics, volume 2, 4th edition. Macmillan (equations 27.88
    and 27.87).
    """
    r2 = r_squared(mi=mi, ni=ni, **shown)
    used = set_mean(r2, ni) if vtype.startswith("AV") else r2
    vi = 4 * used * (1 - used) ** 2 * _share(mi, ni, second=vtype.endswith("2"))
    return explained("R2", (r2, vi), (r2, mi, ni), [(ni - mi <= 1, TOO_FEW)])


def random_predictors_z(*, mi: FloatArray, ni: FloatArray, **shown: FloatArray) -> Effects:
    """artanh(sqrt(R^2)), with variance 1 / n (ZR2); columns as for R2.

    References
    ----------
    Olkin I, Finn JD (1995). Correlations redux. Psychological Bulletin 118(1), 155-164.
    """
    r2 = r_squared(mi=mi, ni=ni, **shown)
    return explained("ZR2", (artanh(np.sqrt(r2)), 1 / ni), (r2, mi, ni), [(r2 == 1, PERFECT)])


def fixed_predictors(*, mi: FloatArray, ni: FloatArray, **shown: FloatArray) -> Effects:
    """R^2 where the values of the predictors are fixed by the design (R2F); columns as for R2.

    Notes
    -----
    F = (R^2 / m) / ((1 - R^2) / v), v = n - m - 1, has a noncentral F distribution. Its mean is the observed F where
    the noncentrality is c = max(0, m F (v - 2) / v - m), and its variance then
    2 (v / m)^2 ((m + c)^2 + (m + 2 c) (v - 2)) / ((v - 2)^2 (v - 4)); that of R^2 follows by the delta method.

    References
    ----------
    Johnson NL, Kotz S, Balakrishnan N (1995). Continuous Univariate Distributions, volume 2, 2nd edition, chapter 30.
    Wiley.
    """
    r2 = r_squared(mi=mi, ni=ni, **shown)
    return explained("R2F", (r2, _fixed_variance(r2, mi, ni)), (r2, mi, ni), [(ni - mi <= 5, TOO_FEW)])


def fixed_predictors_z(*, mi: FloatArray, ni: FloatArray, **shown: FloatArray) -> Effects:
    """artanh(sqrt(R^2)) where the values of the predictors are fixed by the design, by the delta method (ZR2F)."""
    r2 = r_squared(mi=mi, ni=ni, **shown)
    slope = 4 * np.where((r2 > 0) & (r2 < 1), r2, np.nan) * (1 - r2) ** 2
    reasons = [(r2 == 1, PERFECT), (r2 == 0, NO_SLOPE), (ni - mi <= 5, TOO_FEW)]
    return explained("ZR2F", (artanh(np.sqrt(r2)), _fixed_variance(r2, mi, ni) / slope), (r2, mi, ni), reasons)


def _fixed_variance(r2: FloatArray, m: FloatArray, n: FloatArray) -> FloatArray:
    """Variance of R^2 from that of the noncentral F whose mean is the observed one."""
    v = np.where(n - m > 5, n - m - 1, np.nan)
    odds = r2 / np.where(r2 < 1, 1 - r2, np.nan)  # R^2 / (1 - R^2) = m F / v
    c = np.maximum(0.0, odds * (v - 2) - m)
    of_odds = 2 * ((m + c) ** 2 + (m + 2 * c) * (v - 2)) / ((v - 2) ** 2 * (v - 4))
    variance: FloatArray = (1 - r2) ** 4 * of_odds
    return variance


def _share(mi: FloatArray, ni: FloatArray, *, second: bool) -> FloatArray:
    """What the variance of R^2 has of 1 / n: all of it, or less for the predictors."""
    df = np.where(ni - mi > 1, ni - mi - 1, np.nan)
    return df**2 / ((ni**2 - 1) * (ni + 3)) if second else 1 / ni
