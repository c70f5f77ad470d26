"""Risks and numbers needed to treat from ratios, given the risk of the second group. `transform.py` names them."""

from __future__ import annotations

import numpy as np
from scipy.special import expit, logit

from synthesis.effects.columns import BoolArray, FloatArray


def odds_to_probability(x: FloatArray) -> FloatArray:
    """Odds over 1 + odds."""
    with np.errstate(divide="ignore"):
        found: FloatArray = 1 / (1 + 1 / x)
    return found


def probability_to_odds(x: FloatArray) -> FloatArray:
    """Probability over its rest."""
    with np.errstate(divide="ignore"):
        found: FloatArray = x / (1 - x)
    return found


def log_odds_ratio_to_risk(x: FloatArray, base_risk: FloatArray) -> FloatArray:
    """Risk of the first group, that of the second being `base_risk`."""
    found: FloatArray = expit(logit(base_risk) + x)
    return found


def risk_to_log_odds_ratio(x: FloatArray, base_risk: FloatArray) -> FloatArray:
    """The inverse of `log_odds_ratio_to_risk`."""
    found: FloatArray = logit(x) - logit(base_risk)
    return found


def log_odds_ratio_to_risk_ratio(x: FloatArray, base_risk: FloatArray) -> FloatArray:
    """OR / (1 - p + p OR) at the base risk p; a ratio, not its log."""
    small, positive = np.exp(-np.abs(x)), x > 0
    found: FloatArray = np.where(positive, 1.0, small) / _mixed(small, positive, base_risk)
    return found


def log_odds_ratio_to_risk_difference(x: FloatArray, base_risk: FloatArray) -> FloatArray:
    """The difference p (1 - p) (OR - 1) / (1 - p + p OR) at the base risk p."""
    small, positive = np.exp(-np.abs(x)), x > 0
    change = np.copysign(-np.expm1(-np.abs(x)), x)
    found: FloatArray = base_risk * (1 - base_risk) * change / _mixed(small, positive, base_risk)
    return found


def _mixed(small: FloatArray, positive: BoolArray, base_risk: FloatArray) -> FloatArray:
    """1 - p + p OR, divided by OR where that is above 1: nothing overflows."""
    return np.where(positive, (1 - base_risk) * small + base_risk, 1 - base_risk + base_risk * small)


def risk_ratio_to_log_odds_ratio(x: FloatArray, base_risk: FloatArray) -> FloatArray:
    """The inverse of `log_odds_ratio_to_risk_ratio`; NaN where the risk would be above 1."""
    return risk_to_log_odds_ratio(np.where(x * base_risk <= 1, x * base_risk, np.nan), base_risk)


def risk_difference_to_log_odds_ratio(x: FloatArray, base_risk: FloatArray) -> FloatArray:
    """The inverse of `log_odds_ratio_to_risk_difference`; NaN where the risk would not lie between 0 and 1."""
    risk = x + base_risk
    return risk_to_log_odds_ratio(np.where((risk >= 0) & (risk <= 1), risk, np.nan), base_risk)


def log_risk_ratio_to_risk_difference(x: FloatArray, base_risk: FloatArray) -> FloatArray:
    """The difference p (RR - 1) at the base risk p; NaN where the risk would be above 1."""
    found: FloatArray = base_risk * np.expm1(x)
    return np.where(found <= 1 - base_risk, found, np.nan)


def number_needed(x: FloatArray) -> FloatArray:
    """1 / x, x a risk difference: people treated for one event more, or below 0 for one event less."""
    with np.errstate(divide="ignore"):
        found: FloatArray = 1 / np.where(x == 0, 0.0, x)
    return found


def log_odds_ratio_to_number_needed(x: FloatArray, base_risk: FloatArray) -> FloatArray:
    """`number_needed` of `log_odds_ratio_to_risk_difference`."""
    return number_needed(log_odds_ratio_to_risk_difference(x, base_risk))


def log_risk_ratio_to_number_needed(x: FloatArray, base_risk: FloatArray) -> FloatArray:
    """`number_needed` of `log_risk_ratio_to_risk_difference`."""
    return number_needed(log_risk_ratio_to_risk_difference(x, base_risk))
