"""Tests and intervals of the pooled effect, along a batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri, stdtr, stdtrit

from synthesis.pooling.batch import Batch, FloatArray, row_sum


@dataclass(frozen=True, slots=True)
class Mean:
    """Pooled effects before they are tested: all that the tests look at."""

    batch: Batch
    tau2: FloatArray  # (m,)
    w: FloatArray  # (m, k) weights 1 / (v + tau2)
    estimate: FloatArray  # (m,)
    se: FloatArray  # (m,) from v and tau2 and the weights that were used: 1 / sqrt(sum w) for w
    factor: FloatArray  # (m,) sum(w (y - m)^2) / df about the mean m weighted by w: the factor of Knapp and Hartung
    df: FloatArray  # (m,) residual degrees of freedom
    level: float  # of all intervals


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
Test = Callable[[Mean], SeAndDf]


def normal(mean: Mean) -> SeAndDf:
    """The standard error 1 / sqrt(sum w), judged by the normal distribution."""
    return mean.se, np.full(len(mean.se), np.inf)


def student(mean: Mean) -> SeAndDf:
    """The standard error 1 / sqrt(sum w), judged by the t distribution."""
    return mean.se, mean.df


def knapp_hartung(mean: Mean) -> SeAndDf:
    """The standard error times sqrt(sum(w (y - m)^2) / (k - 1)), judged by the t distribution.

    References
    ----------
    Hartung J, Knapp G (2001). On tests of the overall treatment effect in meta-analysis with normally distributed
    responses. Statistics in Medicine 20(12), 1771-1782.
    Knapp G, Hartung J (2003). Improved tests for a random effects meta-regression with a single covariate.
    Statistics in Medicine 22(17), 2693-2710.
    """
    return mean.se * np.sqrt(mean.factor), mean.df


def knapp_hartung_ad_hoc(mean: Mean) -> SeAndDf:
    """As `knapp_hartung`, with the variance factor not below 1, as Knapp and Hartung (2003) advise."""
    return mean.se * np.sqrt(np.maximum(1.0, mean.factor)), mean.df


def knapp_hartung_or_normal(mean: Mean) -> SeAndDf:
    """As `knapp_hartung`, but as `normal` where that gives the wider interval.

    References
    ----------
    Wiksten A, Rucker G, Schwarzer G (2016). Hartung-Knapp method is not always conservative compared with
    fixed-effect meta-analysis. Statistics in Medicine 35(15), 2503-2515.
    Jackson D, Law M, Rucker G, Schwarzer G (2017). The Hartung-Knapp modification for random-effects meta-analysis: a
    useful refinement but are there any residual concerns? Statistics in Medicine 36(25), 3923-3934.
    """
    (own, infinite), (se, df) = normal(mean), knapp_hartung(mean)
    narrower = quantile(df, mean.level) * se < quantile(infinite, mean.level) * own
    return np.where(narrower, own, se), np.where(narrower, infinite, df)


def kenward_roger(mean: Mean) -> SeAndDf:
    """The standard error with what the estimation of tau^2 by REML adds, and t with the degrees of freedom for that.

    With Sr = sum(w^r) and the expected information I = tr(PP) / 2 of tau^2, the variance is
    u = 1 / S1 + 2 (S3 - S2^2 / S1) / (I S1^2), on 2 I / (u S2)^2 degrees of freedom. (Kenward and Roger have 1 / S1 in
    the place of u in the last formula; Partlett and Riley, and the R package meta, have u.)

    References
    ----------
    Kenward MG, Roger JH (1997). Small sample inference for fixed effects from restricted maximum likelihood.
    Biometrics 53(3), 983-997.
    Partlett C, Riley RD (2017). Random effects meta-analysis: coverage performance of 95% confidence and prediction
    intervals following REML estimation. Statistics in Medicine 36(2), 301-317.
    """
    w, batch = mean.w, mean.batch
    information = batch.trace_of_square(w) / 2
    s1, s2 = row_sum(w, batch.present), row_sum(w, w)
    from_lead = batch.residual(w, w - row_sum(w, batch.lead)[:, None])  # nothing cancels, as in `Batch`
    added = 2 * row_sum(w * from_lead, from_lead) / (information * np.square(s1))
    variance = 1 / s1 + added
    return np.sqrt(variance), 2 * information / np.square(variance * s2)


TESTS: Mapping[str, Test] = {
    "z": normal,
    "t": student,
    "knha": knapp_hartung,
    "adhoc": knapp_hartung_ad_hoc,
    "adhoc-ci": knapp_hartung_or_normal,
    "kr": kenward_roger,  # for REML only
}


def quantile(df: FloatArray, level: float) -> FloatArray:
    """Half width of a two-sided interval in standard errors: of t, or of the normal where df is infinite."""
    upper = (1 + level) / 2
    if len(df) == 1:
        one: FloatArray = stdtrit(df, upper) if np.isfinite(df[0]) else np.full(1, ndtri(upper))
        return one
    kinds, kind = np.unique(df, return_inverse=True)  # many meta-analyses have few numbers of studies
    finite = np.isfinite(kinds)
    value: FloatArray = np.where(finite, stdtrit(np.where(finite, kinds, 1.0), upper), ndtri(upper))[kind]
    return value


def half_width(df: float | None, level: float) -> float:
    """`quantile` for one number of degrees of freedom; None for the normal distribution."""
    return float(quantile(np.array([np.inf if df is None else df]), level)[0])


def two_sided(statistic: FloatArray, df: FloatArray) -> FloatArray:
    """Two-sided p-values, of t or, where df is infinite, of the normal distribution."""
    tail, finite = -np.abs(statistic), np.isfinite(df)
    if np.count_nonzero(finite) == len(finite):
        of_t: FloatArray = 2 * stdtr(df, tail)
        return of_t
    value: FloatArray = 2 * np.where(finite, stdtr(np.where(finite, df, 1.0), tail), ndtr(tail))
    return value


def wald(estimate: FloatArray, se: FloatArray, df: FloatArray, level: float) -> Wald:
    """Test of 0 and interval of an estimate; with a standard error of 0, no statistic and an interval of no width."""
    reach = quantile(df, level) * se
    sure = se == 0
    if not np.count_nonzero(sure):
        ratio = estimate / se
        return Wald(se, df, ratio, two_sided(ratio, df), estimate - reach, estimate + reach)
    statistic = np.where(sure, np.nan, estimate / np.where(sure, 1.0, se))
    certain = np.where(estimate == 0, np.nan, 0.0)
    p_value = np.where(sure, certain, two_sided(np.where(sure, 0.0, statistic), df))
    return Wald(se, df, statistic, p_value, estimate - reach, estimate + reach)


def prediction(
    estimate: FloatArray, se: FloatArray, tau2: FloatArray, df: FloatArray, level: float, *, least: float = 1.0
) -> tuple[FloatArray, FloatArray]:
    """Interval for the effect in a new study, estimate +- t(df) sqrt(tau2 + se^2); NaN where df is below `least`."""
    reach = np.sqrt(tau2 + np.square(se))
    enough = df >= least
    if np.count_nonzero(enough) < len(enough):
        reach, df = np.where(enough, reach, np.nan), np.where(enough, df, 1.0)
    reach = quantile(df, level) * reach
    return estimate - reach, estimate + reach
