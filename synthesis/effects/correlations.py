"""Correlations of two quantities: as they are, without bias, and as Fisher's z."""

from __future__ import annotations

import numpy as np
from scipy.special import hyp2f1

from synthesis.effects.columns import FloatArray, refuse
from synthesis.effects.convert import correlation_to_z, r_from_p, r_from_t
from synthesis.effects.effect import Effect, Effects
from synthesis.effects.rows import explained, first_known, set_mean

TOO_FEW = "too few people for a variance"
PERFECT = "a correlation of -1 or 1 has no z"
LARGE = 20.0  # of the third argument of the hypergeometric function; from here on its series is used
SERIES = 60  # terms of the series


def pearson(
    *, ni: FloatArray, ri: FloatArray | None = None, ti: FloatArray | None = None, pi: FloatArray | None = None
) -> FloatArray:
    """Correlations, row by row from the first of these that is there.

    Parameters
    ----------
    ni : ndarray
        People.
    ri : ndarray, optional
        The correlations.
    ti, pi : ndarray, optional
        Statistics of the t test that there is no correlation, and its two-sided p-values; a negative p stands for a
        negative correlation.
    """
    candidates = [np.full(ni.shape, np.nan)]
    refuse(ni < 1, "a sample must have at least one person")
    if ri is not None:
        refuse(np.abs(ri) > 1, "correlations must lie between -1 and 1")
        candidates.append(ri)
    if ti is not None:
        candidates.append(r_from_t(ti, ni))
    if pi is not None:
        candidates.append(r_from_p(pi, ni))
    return first_known(*candidates)


def correlation(*, ni: FloatArray, vtype: str = "LS", **shown: FloatArray) -> Effects:
    """Correlation coefficient (COR).

    Parameters
    ----------
    ni, **shown : ndarray
        As `pearson` takes them.
    vtype : str
        "LS": (1 - r^2)^2 / (n - 1); "AV": the same of the mean of the r of the set, weighted by n; "H0" and
        "H0a": (1 - r^2) / (n - 2), that of the t test; "H0b": 1 / n.

    References
    ----------
    Borenstein M (2009). Effect sizes for continuous data. In: The Handbook of Research Synthesis and Meta-Analysis,
    2nd edition, 221-235 (equation 12.27).
    """
    r = pearson(ni=ni, **shown)
    if vtype in ("H0", "H0a"):
        vi = (1 - r**2) / _above(ni, 2)
    else:
        vi = 1 / _least(ni, 2) if vtype == "H0b" else _large_sample(r, ni, average=vtype == "AV")
    return explained("COR", (r, vi), (r, ni), [(ni <= (2 if vtype in ("H0", "H0a") else 1), TOO_FEW)])


def unbiased_correlation(*, ni: FloatArray, vtype: str = "LS", **shown: FloatArray) -> Effects:
    """Correlation coefficient without its bias towards 0 (UCOR): G = r F(1/2, 1/2; (n - 2) / 2; 1 - r^2).

    Parameters
    ----------
    ni, **shown : ndarray
        As `pearson` takes them.
    vtype : str
        "LS", "AV": as for `correlation`, of G; "UB": unbiased, G^2 less the unbiased estimate of rho^2, which is
        1 - (n - 3) / (n - 2) (1 - r^2) F(1, 1; n / 2; 1 - r^2).

    References
    ----------
    Olkin I, Pratt JW (1958). Unbiased estimation of certain correlation coefficients. Annals of Mathematical
    Statistics 29(1), 201-211 (equation 2.3). Hedges LV (1989). An unbiased correction for sampling error in validity
    generalization studies. Journal of Applied Psychology 74(3), 469-477.
    """
    r = pearson(ni=ni, **shown)
    n = _least(ni, 5 if vtype == "UB" else 4)
    rest = 1 - r**2
    yi = without_bias(r, n)
    if vtype == "UB":
        vi = yi**2 - 1 + (n - 3) / (n - 2) * rest * hypergeometric(1.0, n / 2, rest)
    else:
        vi = _large_sample(yi, n, average=vtype == "AV")
    negative = (vi < 0, "the unbiased estimate of the variance is below 0")
    few = (np.isnan(n), TOO_FEW)
    return explained("UCOR", (yi, np.where(vi < 0, np.nan, vi)), (r, ni), [few, negative])


def without_bias(r: FloatArray, n: FloatArray) -> FloatArray:
    """G = r F(1/2, 1/2; (n - 2) / 2; 1 - r^2), the unbiased estimate of a correlation; NaN for less than 4 people."""
    found = r * hypergeometric(0.5, (_least(n, 4) - 2) / 2, 1 - r**2)
    return np.where(r == 0, 0.0 * _least(n, 4), found)


def fisher_z(*, ni: FloatArray, **shown: FloatArray) -> Effects:
    """Fisher's z of a correlation, artanh(r), with variance 1 / (n - 3) (ZCOR); columns as `pearson` takes them.

    References
    ----------
    Fisher RA (1921). On the "probable error" of a coefficient of correlation deduced from a small sample. Metron 1,
    1-32.
    """
    r = pearson(ni=ni, **shown)
    return explained("ZCOR", (artanh(r), 1 / _above(ni, 3)), (r, ni), [(np.abs(r) == 1, PERFECT), (ni <= 3, TOO_FEW)])


def hypergeometric(a: float, c: FloatArray, x: FloatArray) -> FloatArray:
    """F(a, a; c; x) for a of 1/2 or 1, c above 0 and x from 0 to 1.

    SciPy's function has no value for a large c and x near 1, where the series converges at once: its terms fall faster
    than those of sum(k^-c).
    """
    large = np.where(c > LARGE, c, np.inf)
    term = total = np.ones_like(x)
    for k in range(SERIES):
        term = term * (a + k) ** 2 / ((large + k) * (k + 1)) * x
        total = total + term
    found: FloatArray = np.where(c > LARGE, total, hyp2f1(a, a, np.minimum(c, LARGE), x))
    return found


def artanh(r: FloatArray) -> FloatArray:
    """artanh(r); NaN at -1 and 1."""
    z: FloatArray = np.arctanh(np.where(np.abs(r) < 1, r, np.nan))
    return z


def to_z(r: FloatArray, v: FloatArray) -> Effect:
    """As `convert.correlation_to_z`, for correlations of -1 and 1 as well, which have no z: NaN."""
    return correlation_to_z(np.where(np.abs(r) < 1, r, np.nan), v)


def _large_sample(r: FloatArray, n: FloatArray, *, average: bool) -> FloatArray:
    """(1 - r^2)^2 / (n - 1), of each r or of their mean."""
    used = set_mean(r, n) if average else r
    variance: FloatArray = (1 - used**2) ** 2 / _above(n, 1)
    return variance


def _above(n: FloatArray, taken: int) -> FloatArray:
    """N less the degrees of freedom that are taken; NaN where none is left."""
    return np.where(n > taken, n - taken, np.nan)


def _least(n: FloatArray, least: int) -> FloatArray:
    """N where it is at least so many, else NaN."""
    return np.where(n >= least, n, np.nan)
