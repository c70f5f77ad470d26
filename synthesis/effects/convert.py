"""Effects from printed estimates and test statistics, and from one measure to another."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.special import ndtri, stdtrit

from synthesis.effects.columns import BoolArray, FloatArray, broadcast, check_known, looked_up, refuse
from synthesis.effects.effect import Effect, Effects, effects, note_rows
from synthesis.effects.rows import first_known
from synthesis.errors import InvalidArgument

LOGISTIC = math.pi / math.sqrt(3)  # standard deviation of the standard logistic distribution
COX_SNELL = 1.65  # log odds ratio of a normal difference of one standard deviation, about
FORMS = {"logistic": LOGISTIC, "normal": COX_SNELL}
OFF_CENTRE = 0.1  # of the half width of an interval; more than rounding to two decimals does as a rule


def arrays(**given: Any) -> tuple[FloatArray, ...]:
    """Columns as arrays of one shape, in the order given; see `columns.broadcast`."""
    return tuple(broadcast(**given).values())


def or_absent(given: Mapping[str, Any], data: Any = None) -> dict[str, Any]:
    """Columns as they are or, by their names, from `data`; NaN in place of those that were not given."""
    return {name: np.nan if one is None else looked_up(one, data) for name, one in given.items()}


def from_estimate(
    measure: str,
    estimate: Any,
    *,
    ratio: bool,
    data: Any = None,
    se: Any = None,
    ci_low: Any = None,
    ci_high: Any = None,
    level: Any = 0.95,
    p: Any = None,
    z: Any = None,
) -> Effects:
    """Effects from what a report prints: an estimate with its standard error, interval, test statistic or exact p.

    Parameters
    ----------
    measure : str
        A key of MEASURES.
    estimate : array-like, shape (k,), or str
        Estimates as printed: ratios as ratios, not as logs.
    ratio : bool
        Whether `estimate` and its bounds are ratios, to be taken as logs.
    data : mapping or data frame, optional
        Where columns are looked up that are given by name.
    se : array-like, optional
        Standard errors; that of a ratio is of its log.
    ci_low, ci_high : array-like, optional
        Bounds of the interval, as printed, used where there is no `se`.
    level : float or array-like
        Confidence level of the intervals.
    p : array-like, optional
        Exact two-sided p-values of a z test, used where there is neither `se` nor interval nor `z`.
    z : array-like, optional
        Statistics of a z test (of the log, for a ratio), used where there is neither `se` nor interval.

    Returns
    -------
    Effects
        yi (logs of ratios) and vi: se^2; ((high - low) / (2 z))^2 with bounds on the scale of yi; (yi / z)^2.

    Raises
    ------
    InvalidArgument
        For ratios not above 0, bounds in the wrong order or not holding the estimate, standard errors not above
        0, p-values outside (0, 1), statistics of another sign than the effect, each with its rows; and where no
        spread is given at all.

    References
    ----------
    Higgins JPT, Li T, Deeks JJ (2023). Choosing effect measures and computing estimates of effect. In: Cochrane
    Handbook for Systematic Reviews of Interventions, version 6.4, sections 6.3.1 and 6.3.2.
    """
    if se is None and p is None and z is None and (ci_low is None or ci_high is None):
        raise InvalidArgument("an estimate needs se, or ci_low and ci_high, or an exact p")
    confidence = looked_up(level, data)
    _check_levels(confidence)
    given = {"estimate": estimate, "se": se, "ci_low": ci_low, "ci_high": ci_high, "p": p, "z": z}
    y, error, low, high, tail, statistic, confidence = arrays(**or_absent(given, data), level=confidence)
    refuse(error <= 0, "se must be greater than 0")
    refuse((low > y) | (high < y) | (low >= high), "the interval must hold the estimate, its low bound first")
    refuse((tail <= 0) | (tail >= 1), "p must lie between 0 and 1, both excluded")
    if ratio:
        refuse((y <= 0) | (low <= 0), "ratios and their bounds must be greater than 0")
        y, low, high = np.log(y), np.log(low), np.log(high)
    refuse(y * statistic < 0, "z and the effect must have the same sign")
    error = first_known(
        error,
        (high - low) / (2 * ndtri((1 + confidence) / 2)),
        np.divide(y, statistic, out=np.full_like(y, np.nan), where=statistic != 0),
        np.abs(y) / -ndtri(tail / 2),
    )
    null = error == 0
    notes = note_rows(null, "an estimate of no effect has no standard error from its p", dropped=True)
    return effects(measure, y, np.where(null, np.nan, error**2), notes)


def _check_levels(level: Any) -> None:
    """Raise InvalidArgument for a confidence level that is not between 0 and 1."""
    (confidence,) = arrays(level=level)
    wrong = ~((confidence > 0) & (confidence < 1))
    if wrong.any():
        raise InvalidArgument(f"level must be between 0 and 1, as 0.95, not {confidence[wrong].flat[0]:g}")


def off_centre(estimate: Any, ci_low: Any, ci_high: Any, *, ratio: bool) -> BoolArray:
    """Which intervals do not have their estimate halfway, on the scale of the log for ratios.

    An interval so printed is rounded coarsely, or no Wald interval on this scale; a standard error taken from it
    is in doubt. True where the estimate is further from the middle than a tenth of the half width.
    """
    y, low, high = arrays(estimate=estimate, ci_low=ci_low, ci_high=ci_high)
    if ratio:
        refuse((y <= 0) | (low <= 0), "ratios and their bounds must be greater than 0")
        y, low, high = np.log(y), np.log(low), np.log(high)
    found: BoolArray = np.abs(2 * y - (low + high)) > OFF_CENTRE * (high - low)
    return found


def t_from_p(p: Any, df: Any) -> FloatArray:
    """The t of a two-sided p-value; a negative p stands for a negative t."""
    tail, freedom = arrays(p=p, df=df)
    refuse((tail == 0) | (np.abs(tail) > 1), "p must lie between 0 and 1, 0 excluded; negative for a negative effect")
    refuse(freedom <= 0, "degrees of freedom must be greater than 0")
    found: FloatArray = -np.sign(tail) * stdtrit(freedom, np.abs(tail) / 2)
    return found


def d_from_t(ti: Any, n1i: Any, n2i: Any) -> FloatArray:
    """Cohen's d, without small-sample correction, from the t of two independent groups: t sqrt(1/n1 + 1/n2)."""
    t, n1, n2 = arrays(ti=ti, n1i=n1i, n2i=n2i)
    refuse((n1 < 1) | (n2 < 1), "groups must have at least one person")
    found: FloatArray = t * np.sqrt(1 / n1 + 1 / n2)
    return found


def d_from_f(fi: Any, n1i: Any, n2i: Any, sign: Any) -> FloatArray:
    """Cohen's d from the F of two independent groups, on 1 and n1 + n2 - 2 degrees of freedom.

    F has lost the sign of the difference: `sign` is above 0 where the first group has the greater mean.
    """
    f, n1, n2, direction = arrays(fi=fi, n1i=n1i, n2i=n2i, sign=sign)
    refuse(f < 0, "F must not be below 0")
    refuse((direction == 0) & (f > 0), "sign must be above or below 0")
    return d_from_t(np.sign(direction) * np.sqrt(f), n1, n2)


def d_from_p(pi: Any, n1i: Any, n2i: Any) -> FloatArray:
    """Cohen's d from the exact two-sided p of a t test of two groups; a negative p stands for a negative d."""
    p, n1, n2 = arrays(pi=pi, n1i=n1i, n2i=n2i)
    return d_from_t(t_from_p(p, n1 + n2 - 2), n1, n2)


def r_from_t(ti: Any, ni: Any) -> FloatArray:
    """Correlation from its t on n - 2 degrees of freedom: t / sqrt(t^2 + n - 2)."""
    t, n = arrays(ti=ti, ni=ni)
    refuse(n <= 2, "a correlation needs more than two people")
    found: FloatArray = t / np.hypot(t, np.sqrt(n - 2))
    return found


def r_from_f(fi: Any, ni: Any, sign: Any) -> FloatArray:
    """Correlation from the F of one predictor, on 1 and n - 2 degrees of freedom; `sign` is that of the slope."""
    f, n, direction = arrays(fi=fi, ni=ni, sign=sign)
    refuse(f < 0, "F must not be below 0")
    refuse((direction == 0) & (f > 0), "sign must be above or below 0")
    return r_from_t(np.sign(direction) * np.sqrt(f), n)


def r_from_p(pi: Any, ni: Any) -> FloatArray:
    """Correlation from its exact two-sided p; a negative p stands for a negative correlation."""
    p, n = arrays(pi=pi, ni=ni)
    return r_from_t(t_from_p(p, n - 2), n)


def log_odds_ratio_to_smd(yi: Any, vi: Any, form: str = "logistic") -> Effect:
    """SMD and variance from a log odds ratio, as if the outcome were a cut through a continuous one.

    Parameters
    ----------
    yi, vi : array-like
        Log odds ratios and their variances.
    form : str
        The distribution that was cut: "logistic" divides by pi / sqrt(3), "normal" by 1.65.

    References
    ----------
    Chinn S (2000). A simple method for converting an odds ratio to effect size for use in meta-analysis. Statistics
    in Medicine 19(22), 3127-3131. Cox DR, Snell EJ (1989). Analysis of Binary Data, 2nd edition. Chapman & Hall.
    """
    check_known(form, FORMS, "form")
    y, v = arrays(yi=yi, vi=vi)
    return y / FORMS[form], v / FORMS[form] ** 2


def smd_to_log_odds_ratio(yi: Any, vi: Any, form: str = "logistic") -> Effect:
    """Log odds ratio and variance from an SMD; the inverse of `log_odds_ratio_to_smd`."""
    check_known(form, FORMS, "form")
    d, v = arrays(yi=yi, vi=vi)
    return d * FORMS[form], v * FORMS[form] ** 2


def allocation(n1i: Any = None, n2i: Any = None) -> FloatArray:
    """What d^2 is set against in r = d / sqrt(d^2 + h): h = (n1 + n2 - 2) (1 / n1 + 1 / n2); 4 without sizes.

    References
    ----------
    Jacobs P, Viechtbauer W (2017). Estimation of the biserial correlation and its sampling variance for use in
    meta-analysis. Research Synthesis Methods 8(2), 161-180.
    """
    if (n1i is None) != (n2i is None):
        raise InvalidArgument("give the sizes of both groups, n1i and n2i, or of neither")
    if n1i is None:
        return np.full((), 4.0)
    n1, n2 = arrays(n1i=n1i, n2i=n2i)
    refuse((n1 < 1) | (n2 < 1) | (n1 + n2 <= 2), "groups must have at least one person, and three together")
    return (n1 + n2 - 2) * (1 / n1 + 1 / n2)


def smd_to_correlation(yi: Any, vi: Any, n1i: Any = None, n2i: Any = None) -> Effect:
    """Point-biserial correlation r = d / sqrt(d^2 + h) and its variance h^2 v / (d^2 + h)^3, from an SMD.

    Parameters
    ----------
    yi, vi : array-like
        SMDs and their variances.
    n1i, n2i : array-like, optional
        Sizes of the groups; without them h = 4, as for two large groups of one size.

    References
    ----------
    Borenstein M, Hedges LV, Higgins JPT, Rothstein HR (2009). Introduction to Meta-Analysis. Wiley, chapter 7.
    """
    d, v = arrays(yi=yi, vi=vi)
    h = allocation(n1i, n2i)
    refuse(np.isinf(d), "yi must be finite")
    total = d**2 + h
    return d / np.sqrt(total), h**2 * v / total**3


def correlation_to_smd(yi: Any, vi: Any, n1i: Any = None, n2i: Any = None) -> Effect:
    """SMD sqrt(h) r / sqrt(1 - r^2) and its variance h v / (1 - r^2)^3; the inverse of `smd_to_correlation`."""
    r, v = arrays(yi=yi, vi=vi)
    refuse(np.abs(r) >= 1, "correlations must lie between -1 and 1, both excluded")
    h, rest = allocation(n1i, n2i), (1 - r) * (1 + r)
    return np.sqrt(h) * r / np.sqrt(rest), h * v / rest**3


def correlation_to_z(yi: Any, vi: Any) -> Effect:
    """Fisher's z = artanh(r) and its variance v / (1 - r^2)^2, by the delta method."""
    r, v = arrays(yi=yi, vi=vi)
    refuse(np.abs(r) >= 1, "correlations must lie between -1 and 1, both excluded")
    return np.arctanh(r), v / ((1 - r) * (1 + r)) ** 2


def z_to_correlation(yi: Any, vi: Any) -> Effect:
    """Correlation tanh(z) and its variance v (1 - r^2)^2; the inverse of `correlation_to_z`."""
    z, v = arrays(yi=yi, vi=vi)
    return np.tanh(z), v / np.cosh(z) ** 4
