"""The random-effects model fitted to a batch: everything that `pool` and `pool_many` give, as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from synthesis.pooling.batch import Batch, BoolArray, FloatArray, IntArray, row_sum, weights_at
from synthesis.pooling.heterogeneity import cochran_q, i2_and_h2, i2_and_h2_from_q, typical_variance
from synthesis.pooling.intervals import TESTS, Mean, wald
from synthesis.pooling.prediction import prediction_interval
from synthesis.pooling.tau2 import TAU2, Tau2

SHOWN = ("k", "estimate", "ci_low", "ci_high", "p_value", "tau2", "i2")  # columns of a summary


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """m fitted models; every array has shape (m,), and NaN where a value cannot be given."""

    k: IntArray
    estimate: FloatArray
    se: FloatArray
    statistic: FloatArray
    df: FloatArray  # infinity where the normal distribution is used
    p_value: FloatArray
    ci_low: FloatArray
    ci_high: FloatArray
    pi_low: FloatArray
    pi_high: FloatArray
    tau2: FloatArray
    tau2_se: FloatArray
    i2: FloatArray
    h2: FloatArray
    q: FloatArray
    q_df: FloatArray
    q_p_value: FloatArray
    converged: BoolArray
    iterations: IntArray
    maxima: IntArray


def fit(
    batch: Batch, *, method: str, test: str, level: float, tau2: float | None = None, prediction: str = "riley"
) -> Fit:
    """Models for meta-analyses that all have at least two studies, or all have one.

    Parameters
    ----------
    batch : Batch
        m meta-analyses; where they have weights of the user's own (`given`), these replace 1 / (v + tau2) in the mean.
    method, test, prediction : str
        Keys of `TAU2`, `TESTS` and `PREDICTION`.
    level : float
        Confidence level of all intervals.
    tau2 : float, optional
        tau^2 known from elsewhere, in place of an estimate.
    """
    if batch.size.max() == 1:
        return _lone(batch, level)
    found = TAU2[method](batch) if tau2 is None else _given(batch, tau2)
    mean = mean_of(batch, found.value, level)
    chosen = wald(mean.estimate, *TESTS[test](mean), level)
    q, q_p = cochran_q(batch)
    if method == "EE" and tau2 is None:
        i2, h2 = i2_and_h2_from_q(q, mean.df)
        pi_low = pi_high = np.full(len(q), np.nan)
    else:
        i2, h2 = i2_and_h2(found.value, typical_variance(batch))
        pi_low, pi_high = prediction_interval(prediction, mean, chosen)
    return Fit(
        batch.size, mean.estimate, chosen.se, chosen.statistic, chosen.df, chosen.p_value, chosen.low, chosen.high,
        pi_low, pi_high, found.value, found.se, i2, h2, q, mean.df, q_p,
        found.converged, found.iterations, found.maxima,
    )  # fmt: skip


def _given(batch: Batch, tau2: float) -> Tau2:
    """A tau^2 that was not estimated; with the standard error that a REML estimate of that size would have."""
    m = len(batch.size)
    value, none = np.full(m, float(tau2)), np.zeros(m, np.int64)
    se = np.sqrt(2 / batch.trace_of_square(weights_at(batch, value)))
    return Tau2(value, se, none, np.ones(m, np.bool_), none + 1)


def mean_of(batch: Batch, tau2: FloatArray, level: float) -> Mean:
    """The pooled effects; with weights a, as shares of 1, they are sum(a y) with the variance sum(a^2 (v + tau2))."""
    w = weights_at(batch, tau2)
    s1, df = row_sum(w, batch.present), batch.df
    weighted = row_sum(w, batch.y) / s1
    residual = batch.y - weighted[:, None]
    factor = row_sum(w * residual, residual) / df
    if batch.given is None:
        return Mean(batch, tau2, w, weighted + batch.origin, 1 / np.sqrt(s1), factor, df, level)
    mean = row_sum(batch.given, batch.y) + batch.origin
    se = np.sqrt(row_sum(np.square(batch.given), batch.v + tau2[:, None]))
    return Mean(batch, tau2, w, mean, se, factor, df, level)


def _lone(batch: Batch, level: float) -> Fit:
    """Single studies: their own effects with z intervals, and nothing on how studies differ."""
    m = len(batch.size)
    y, se, none = batch.origin, np.sqrt(batch.v[:, 0]), np.full(m, np.nan)
    own = wald(y, se, np.full(m, np.inf), level)
    return Fit(
        batch.size, y, se, own.statistic, own.df, own.p_value, own.low, own.high, none, none,
        none, none, none, none, none, none, none, np.ones(m, np.bool_), np.zeros(m, np.int64), np.ones(m, np.int64),
    )  # fmt: skip


def joined(fits: Sequence[Fit], order: IntArray | None = None) -> Fit:
    """Fits of several batches as one, in the order of the batches or in that of `order`."""
    columns = [np.concatenate([getattr(one, field.name) for one in fits]) for field in fields(Fit)]
    return Fit(*(column if order is None else column[order] for column in columns))
