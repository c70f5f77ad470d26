"""Tests and intervals of the pooled effect, along a batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri, stdtr, stdtrit

from synthesis.pooling.batch import FloatArray


@dataclass(frozen=True, slots=True)
class Wald:
    """An estimate's standard error, test and interval, all of shape (m,)."""

    se: FloatArray
    df: FloatArray  # infinity for the normal distribution
    statistic: FloatArray  # NaN where the standard error is 0
    p_value: FloatArray  # two-sided
    low: FloatArray
    high: FloatArray


SeAndDf = tuple[FloatArray, FloatArray]
Test = Callable[[FloatArray, FloatArray, FloatArray], SeAndDf]


def normal(se: FloatArray, factor: FloatArray, df: FloatArray) -> SeAndDf:  # noqa: ARG001 - all tests take the same
    """The standard error 1 / sqrt(sum w), judged by the normal distribution."""
    return se, np.full(len(se), np.inf)


def student(se: FloatArray, factor: FloatArray, df: FloatArray) -> SeAndDf:  # noqa: ARG001 - all tests take the same
    """The standard error 1 / sqrt(sum w), judged by the t distribution."""
    return se, df


def knapp_hartung(se: FloatArray, factor: FloatArray, df: FloatArray) -> SeAndDf:
    """The standard error times sqrt(sum(w (y - m)^2) / (k - 1)), judged by the t distribution.

    References
    ----------
    Knapp G, Hartung J (2003). Improved tests for a random effects meta-regression with a single covariate.
    Statistics in Medicine 22(17), 2693-2710.
    """
    return se * np.sqrt(factor), df


def knapp_hartung_ad_hoc(se: FloatArray, factor: FloatArray, df: FloatArray) -> SeAndDf:
    """As `knapp_hartung`, with the variance factor not below 1."""
    return se * np.sqrt(np.maximum(1.0, factor)), df


TESTS: Mapping[str, Test] = {
    "z": normal,
    "t": student,
    "knha": knapp_hartung,
    "adhoc": knapp_hartung_ad_hoc,
}


def quantile(df: FloatArray, level: float) -> FloatArray:
    """Half width of a two-sided interval in standard errors: of t, or of the normal where df is infinite."""
    upper = (1 + level) / 2
    kinds, kind = np.unique(df, return_inverse=True)  # many meta-analyses have few numbers of studies
    finite = np.isfinite(kinds)
    value: FloatArray = np.where(finite, stdtrit(np.where(finite, kinds, 1.0), upper), ndtri(upper))[kind]
    return value


def two_sided(statistic: FloatArray, df: FloatArray) -> FloatArray:
    """Two-sided p-values, of t or, where df is infinite, of the normal distribution."""
    finite = np.isfinite(df)
    tail = -np.abs(statistic)
    value: FloatArray = 2 * np.where(finite, stdtr(np.where(finite, df, 1.0), tail), ndtr(tail))
    return value


def wald(estimate: FloatArray, se: FloatArray, df: FloatArray, level: float) -> Wald:
    """Test of 0 and interval of an estimate; with a standard error of 0, no statistic and an interval of no width."""
    sure = se == 0
    statistic = np.where(sure, np.nan, estimate / np.where(sure, 1.0, se))
    certain = np.where(estimate == 0, np.nan, 0.0)
    p_value = np.where(sure, certain, two_sided(np.where(sure, 0.0, statistic), df))
    reach = quantile(df, level) * se
    return Wald(se, df, statistic, p_value, estimate - reach, estimate + reach)


def prediction(
    estimate: FloatArray, se: FloatArray, tau2: FloatArray, df: FloatArray, level: float
) -> tuple[FloatArray, FloatArray]:
    """Interval for the effect in a new study: estimate +- t(df) sqrt(tau2 + se^2); NaN below one degree of freedom.

    References
    ----------
    Riley RD, Higgins JPT, Deeks JJ (2011). Interpretation of random effects meta-analyses. BMJ 342, d549.
    """
    enough = df >= 1
    reach = quantile(np.where(enough, df, 1.0), level) * np.sqrt(tau2 + np.square(se))
    return np.where(enough, estimate - reach, np.nan), np.where(enough, estimate + reach, np.nan)
