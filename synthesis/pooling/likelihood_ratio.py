"""Whether a model with more parameters fits better than one within it."""

from __future__ import annotations

from typing import NamedTuple

from scipy.special import chdtrc


class LikelihoodRatio(NamedTuple):
    """A likelihood-ratio test."""

    statistic: float  # twice the difference of the log-likelihoods, at least 0
    df: int
    p_value: float  # from chi-squared; conservative where the smaller model lies on the boundary, as tau2 = 0


def likelihood_ratio(full: float, reduced: float, df: int) -> LikelihoodRatio:
    """The test from two maximised log-likelihoods; `df` counts the parameters that the smaller model lacks."""
    statistic = max(0.0, 2 * (full - reduced))
    return LikelihoodRatio(statistic, df, float(chdtrc(df, statistic)))
