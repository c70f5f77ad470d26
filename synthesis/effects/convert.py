"""Effects from printed estimates, and from one measure to another."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import ndtri

from synthesis.effects.columns import FloatArray, columns, refuse
from synthesis.effects.effect import Effects, effects, note_rows
from synthesis.errors import InvalidArgument

LOGISTIC = np.pi / np.sqrt(3)  # standard deviation of the standard logistic distribution


def from_estimate(
    measure: str,
    estimate: Any,
    *,
    ratio: bool,
    se: Any = None,
    ci_low: Any = None,
    ci_high: Any = None,
    level: float = 0.95,
    p: Any = None,
) -> Effects:
    """Effects from what a report prints: an estimate with its standard error, interval or exact p.

    Parameters
    ----------
    measure : str
        A key of MEASURES.
    estimate : array-like, shape (k,)
        Estimates as printed: ratios as ratios, not as logs.
    ratio : bool
        Whether `estimate` and its bounds are ratios, to be taken as logs.
    se : array-like, optional
        Standard errors; that of a ratio is of its log.
    ci_low, ci_high : array-like, optional
        Bounds of the interval, as printed, used where there is no `se`.
    level : float
        Confidence level of the interval.
    p : array-like, optional
        Exact two-sided p-values of a z test, used where there is neither `se` nor interval.

    Returns
    -------
    Effects
        yi (logs of ratios) and vi: se^2; ((high - low) / (2 z))^2 with bounds on the scale of yi; (yi / z_p)^2.

    Raises
    ------
    InvalidArgument
        For ratios not above 0, bounds in the wrong order or not holding the estimate, standard errors not above
        0, p-values outside (0, 1), each with its rows; and where no spread is given at all.

    References
    ----------
    Higgins JPT, Li T, Deeks JJ (2023). Choosing effect measures and computing estimates of effect. In: Cochrane
    Handbook for Systematic Reviews of Interventions, version 6.4, sections 6.3.1 and 6.3.2.
    """
    if se is None and p is None and (ci_low is None or ci_high is None):
        raise InvalidArgument("an estimate needs se, or ci_low and ci_high, or an exact p")
    if not 0 < level < 1:
        raise InvalidArgument(f"level must be between 0 and 1, as 0.95, not {level!r}")
    none = np.nan
    y, error, low, high, tail = columns(
        estimate=estimate,
        se=none if se is None else se,
        ci_low=none if ci_low is None else ci_low,
        ci_high=none if ci_high is None else ci_high,
        p=none if p is None else p,
    )
    refuse(error <= 0, "se must be greater than 0")
    refuse((low > y) | (high < y) | (low >= high), "the interval must hold the estimate, its low bound first")
    refuse((tail <= 0) | (tail >= 1), "p must lie between 0 and 1, both excluded")
    if ratio:
        refuse((y <= 0) | (low <= 0), "ratios and their bounds must be greater than 0")
        y, low, high = np.log(y), np.log(low), np.log(high)
    by_interval = (high - low) / (2 * ndtri((1 + level) / 2))
    by_p = np.abs(y) / -ndtri(tail / 2)
    error = np.where(np.isnan(error), np.where(np.isnan(by_interval), by_p, by_interval), error)
    null = error == 0
    notes = note_rows(null, "an estimate of no effect has no standard error from its p", dropped=True)
    return effects(measure, y, np.where(null, np.nan, error**2), notes)


def log_odds_ratio_to_smd(yi: FloatArray, vi: FloatArray) -> tuple[FloatArray, FloatArray]:
    """SMD and variance from a log odds ratio, as if the outcome were a cut through a logistic distribution.

    References
    ----------
    Chinn S (2000). A simple method for converting an odds ratio to effect size for use in meta-analysis. Statistics
    in Medicine 19(22), 3127-3131.
    """
    return yi / LOGISTIC, vi / LOGISTIC**2


def smd_to_log_odds_ratio(yi: FloatArray, vi: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Log odds ratio and variance from an SMD; the inverse of `log_odds_ratio_to_smd`."""
    return yi * LOGISTIC, vi * LOGISTIC**2
