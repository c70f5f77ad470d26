"""Coefficients of determination, R^2 of a regression."""

from __future__ import annotations

import numpy as np
from scipy.special import betaincinv, gammaln, logsumexp

from synthesis.effects.columns import FloatArray, refuse
from synthesis.effects.correlations import artanh
from synthesis.effects.effect import Effects
from synthesis.effects.rows import explained, first_known, set_mean

TOO_FEW = "too few people for the number of predictors"
PERFECT = "an R^2 of 1 has no z"
NODES = 200  # of the quadrature over the population R^2
REACH = 12.0  # standard deviations beyond which a likelihood or a term is negligible
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
    F = (R^2 / m) / ((1 - R^2) / v), v = n - m - 1, has a noncentral F distribution with the noncentrality
    n P / (1 - P), P being the R^2 of the population. The variance is that of P when the likelihood of P, from 0 to 1,
    is taken for its distribution; metafor's R2F is the same from 0.0001 to 0.9999.

    References
    ----------
    Johnson NL, Kotz S, Balakrishnan N (1995). Continuous Univariate Distributions, volume 2, 2nd edition, chapter 30.
    Wiley.
    """
    r2 = r_squared(mi=mi, ni=ni, **shown)
    reasons = [(ni - mi <= 1, TOO_FEW), (r2 == 1, PERFECT)]
    return explained("R2F", (r2, _fixed_variance(r2, mi, ni)), (r2, mi, ni), reasons)


def fixed_predictors_z(*, mi: FloatArray, ni: FloatArray, **shown: FloatArray) -> Effects:
    """artanh(sqrt(R^2)) where the values of the predictors are fixed by the design, by the delta method (ZR2F).

    The derivative in R^2 is 1 / (2 sqrt(R^2) (1 - R^2)); metafor divides by (1 - R^4)^2 instead, that of artanh(R^2).
    """
    r2 = r_squared(mi=mi, ni=ni, **shown)
    slope = 4 * np.where((r2 > 0) & (r2 < 1), r2, np.nan) * (1 - r2) ** 2
    reasons = [(r2 == 1, PERFECT), (r2 == 0, NO_SLOPE), (ni - mi <= 1, TOO_FEW)]
    return explained("ZR2F", (artanh(np.sqrt(r2)), _fixed_variance(r2, mi, ni) / slope), (r2, mi, ni), reasons)


def _fixed_variance(r2: FloatArray, m: FloatArray, n: FloatArray) -> FloatArray:
    """Variance of the population's R^2 under its normalised likelihood, study by study; NaN where there is none."""
    rows = zip(r2.ravel().tolist(), m.ravel().tolist(), n.ravel().tolist(), strict=True)
    found = [_likelihood_variance(*row) if 0 <= row[0] < 1 and row[2] - row[1] > 1 else np.nan for row in rows]
    return np.array(found).reshape(r2.shape)


def _likelihood_variance(r2: float, m: float, n: float) -> float:
    """The same for one study, by Gauss-Legendre quadrature where the likelihood is not negligible."""
    spread = np.sqrt(4 * r2 * (1 - r2) ** 2 / n + 4 / n**2)
    farthest = 2 * r2 / (1 - r2) + 200 / n  # of half the noncentrality, over n; beyond it the likelihood is nothing
    low, high = max(0.0, r2 - REACH * spread), min(2 * farthest / (1 + 2 * farthest), r2 + REACH * spread)
    node, weight = np.polynomial.legendre.leggauss(NODES)
    p = low + (high - low) * (node + 1) / 2
    log_l = _log_likelihood(n * p / (1 - p) / 2, r2, m, n)
    share = weight * np.exp(log_l - log_l.max())
    share /= share.sum()
    return float(share @ np.square(p - share @ p))


def _log_likelihood(half: FloatArray, r2: float, m: float, n: float) -> FloatArray:
    """log(exp(-h) 1F1((n - 1) / 2, m / 2, h R^2)) at half noncentralities h, shape (NODES,).

    The series is summed in logarithms, around its largest term.
    """
    a, b, z = (n - 1) / 2, m / 2, half * r2
    largest = 0.5 * (z - b + np.sqrt(np.square(z - b) + 4 * z * a))
    reach = REACH * np.sqrt(largest + 1) + 60
    sums = [_log_sum(*row, a, b) for row in zip(z, np.maximum(0.0, largest - reach), largest + reach, strict=True)]
    return np.array(sums) - half


def _log_sum(z: float, first: float, last: float, a: float, b: float) -> float:
    """Logarithm of the sum of z^j Gamma(a + j) / (j! Gamma(b + j)) from the term `first` to the term `last`."""
    if z == 0:
        return float(gammaln(a) - gammaln(b))
    j = np.arange(np.floor(first), np.ceil(last))
    return float(logsumexp(j * np.log(z) - gammaln(j + 1) + gammaln(a + j) - gammaln(b + j)))


def _share(mi: FloatArray, ni: FloatArray, *, second: bool) -> FloatArray:
    """What the variance of R^2 has of 1 / n: all of it, or less for the predictors."""
    df = np.where(ni - mi > 1, ni - mi - 1, np.nan)
    return df**2 / ((ni**2 - 1) * (ni + 3)) if second else 1 / ni
