"""Partial and semi-partial correlations of an outcome with one predictor of a regression."""

from __future__ import annotations

import numpy as np

from synthesis.effects.columns import BoolArray, FloatArray, refuse
from synthesis.effects.convert import t_from_p
from synthesis.effects.correlations import PERFECT, TOO_FEW, artanh, to_z
from synthesis.effects.effect import Effect, Effects
from synthesis.effects.rows import Reason, explained, first_known, set_mean

TOO_LARGE = "the mean correlation of the set is too large for this R^2: the variance is below 0"


def partial_correlation(*, mi: FloatArray, ni: FloatArray, vtype: str = "LS", **shown: FloatArray) -> Effects:
    """Partial correlation r = t / sqrt(t^2 + df), df = n - m - 1 (PCOR).

    Parameters
    ----------
    mi, ni, **shown : ndarray
        As `partial_r` takes them.
    vtype : str
        "LS": (1 - r^2)^2 / (n - m); "AV": the same of the mean of the r of the set, weighted by n.

    References
    ----------
    Aloe AM, Thompson CG (2013). The synthesis of partial effect sizes. Journal of the Society for Social Work and
    Research 4(4), 390-405.
    """
    r = partial_r(mi=mi, ni=ni, **shown)
    df = _freedom(mi, ni)
    used = _set_mean(r, mi, ni) if vtype == "AV" else r
    return explained("PCOR", (r, (1 - used**2) ** 2 / (df + 1)), (r, mi, ni), [(np.isnan(df), TOO_FEW)])


def partial_z(*, mi: FloatArray, ni: FloatArray, **shown: FloatArray) -> Effects:
    """Fisher's z of a partial correlation, with variance 1 / (n - m - 2) (ZPCOR); columns as for PCOR."""
    r = partial_r(mi=mi, ni=ni, **shown)
    few = ni - mi <= 2
    vi = 1 / np.where(few, np.nan, ni - mi - 2)
    return explained("ZPCOR", (artanh(r), vi), (r, mi, ni), [(np.abs(r) == 1, PERFECT), (few, TOO_FEW)])


def semipartial_correlation(
    *, mi: FloatArray, ni: FloatArray, r2i: FloatArray, vtype: str = "LS", **shown: FloatArray
) -> Effects:
    """Semi-partial correlation r = t sqrt((1 - R^2) / df), df = n - m - 1, of a regression with R^2 (SPCOR).

    Parameters
    ----------
    mi, ni, **shown : ndarray
        As `partial_r` takes them, ri being semi-partial.
    r2i : ndarray
        R^2 of the regression with all predictors.
    vtype : str
        With Q = R^2 - r^2, the R^2 without the predictor, "LS": (R^4 - 2 R^2 + Q + 1 - Q^2) / n; "AV": the same with
        the mean of the r of the set, weighted by n, in Q.

    References
    ----------
    Aloe AM, Becker BJ (2012). An effect size for regression predictors in meta-analysis. Journal of Educational and
    Behavioral Statistics 37(2), 278-297.
    """
    yi, vi = semipartial_r(mi=mi, ni=ni, r2i=r2i, vtype=vtype, **shown)
    return explained("SPCOR", (yi, vi), (yi, mi, ni, r2i), _reasons(mi, ni, vtype))


def semipartial_z(
    *, mi: FloatArray, ni: FloatArray, r2i: FloatArray, vtype: str = "LS", **shown: FloatArray
) -> Effects:
    """Fisher's z of a semi-partial correlation, by the delta method (ZSPCOR); columns and vtype as for SPCOR."""
    r, v = semipartial_r(mi=mi, ni=ni, r2i=r2i, vtype=vtype, **shown)
    reasons = [(np.abs(r) == 1, PERFECT), *_reasons(mi, ni, vtype)]
    return explained("ZSPCOR", to_z(r, v), (r, mi, ni, r2i), reasons)


def partial_r(
    *,
    mi: FloatArray,
    ni: FloatArray,
    ri: FloatArray | None = None,
    ti: FloatArray | None = None,
    pi: FloatArray | None = None,
    r2i: FloatArray | None = None,
) -> FloatArray:
    """Partial correlations: row by row as given, or from the t of the coefficient, or from its two-sided p.

    Parameters
    ----------
    mi, ni : ndarray
        Predictors of the regression, the one in question among them but not the intercept; people.
    ri : ndarray, optional
        Partial correlations.
    ti, pi : ndarray, optional
        Statistics of the coefficient's t test, and its p-values; a negative p stands for a negative coefficient.
    r2i : ndarray, optional
        Not used.
    """
    del r2i
    t = _statistic(mi, ni, ti, pi)
    return first_known(_given(ri, ni), t / np.sqrt(t**2 + _freedom(mi, ni)))


def semipartial_r(
    *,
    mi: FloatArray,
    ni: FloatArray,
    r2i: FloatArray,
    ri: FloatArray | None = None,
    ti: FloatArray | None = None,
    pi: FloatArray | None = None,
    vtype: str = "LS",
) -> Effect:
    """Semi-partial correlations and their variances."""
    refuse((r2i < 0) | (r2i > 1), "R^2 must lie between 0 and 1")
    t = _statistic(mi, ni, ti, pi)
    r = first_known(_given(ri, ni), t * np.sqrt((1 - r2i) / _freedom(mi, ni)))
    refuse(r**2 > r2i * (1 + 1e-9), "r2i must not be below the square of the semi-partial correlation")
    q = r2i - (_set_mean(r, mi, ni) if vtype == "AV" else r) ** 2
    vi = (r2i**2 - 2 * r2i + q + 1 - q**2) / ni
    return r, np.where(vi < 0, np.nan, vi) if vtype == "AV" else vi


def _set_mean(r: FloatArray, mi: FloatArray, ni: FloatArray) -> FloatArray:
    """Mean of the set, weighted by n, without the studies that have no effect."""
    return set_mean(r, np.where(_few(mi, ni), np.nan, ni))


def _reasons(mi: FloatArray, ni: FloatArray, vtype: str) -> list[Reason]:
    few = _few(mi, ni)
    return [(few, TOO_FEW), (~few & (vtype == "AV"), TOO_LARGE)]


def _given(ri: FloatArray | None, like: FloatArray) -> FloatArray:
    """The correlations that were given, or none."""
    if ri is None:
        return np.full(like.shape, np.nan)
    refuse(np.abs(ri) > 1, "correlations must lie between -1 and 1")
    return ri


def _statistic(mi: FloatArray, ni: FloatArray, ti: FloatArray | None, pi: FloatArray | None) -> FloatArray:
    """T of the coefficient: as given, or from its p; checks the numbers of predictors and people, too."""
    refuse((mi < 1) | (ni < 1), "mi, the number of predictors, and ni, that of people, must be at least 1")
    t = np.full(ni.shape, np.nan) if ti is None else ti
    return t if pi is None else first_known(t, t_from_p(pi, _freedom(mi, ni)))


def _freedom(mi: FloatArray, ni: FloatArray) -> FloatArray:
    """Residual degrees of freedom n - m - 1; NaN where there is none."""
    return np.where(_few(mi, ni), np.nan, ni - mi - 1)


def _few(mi: FloatArray, ni: FloatArray) -> BoolArray:
    few: BoolArray = ni - mi <= 1
    return few
