"""The random-effects model fitted to a batch: everything that `pool` and `pool_many` give, as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from synthesis.pooling.batch import Batch, BoolArray, FloatArray, IntArray, row_sum, weights_at
from synthesis.pooling.heterogeneity import cochran_q, i2_and_h2, i2_and_h2_from_q, typical_variance
from synthesis.pooling.intervals import TESTS, Wald, prediction, wald
from synthesis.pooling.tau2 import TAU2, Tau2


@dataclass(frozen=True, slots=True)
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
    batch: Batch,
    *,
    method: str,
    test: str,
    level: float,
    tau2: float | None = None,
    weights: FloatArray | None = None,
) -> Fit:
    """Models for meta-analyses that all have at least two studies, or all have one.

    Parameters
    ----------
    batch : Batch
        m meta-analyses.
    method, test : str
        Keys of `TAU2` and `TESTS`.
    level : float
        Confidence level of all intervals.
    tau2 : float, optional
        tau^2 known from elsewhere, in place of an estimate.
    weights : ndarray, shape (m, k), optional
        Shares to weight by, in place of 1 / (v + tau2).
    """
    if batch.size.max() == 1:
        return _lone(batch, level)
    known = None if tau2 is None else _given(tau2, len(batch.size))
    found = TAU2[method](batch) if known is None else known
    estimate, mean = _mean(batch, found.value, test, level, weights)
    q, q_p = cochran_q(batch)
    equal = method == "EE" and known is None
    df = batch.df
    i2, h2 = i2_and_h2_from_q(q, df) if equal else i2_and_h2(found.value, typical_variance(batch))
    no_df: FloatArray = np.zeros(len(q))
    pi_low, pi_high = prediction(estimate, mean.se, found.value, no_df if equal else df - 1, level)
    return Fit(
        batch.size, estimate, mean.se, mean.statistic, mean.df, mean.p_value, mean.low, mean.high, pi_low, pi_high,
        found.value, found.se, i2, h2, q, df, q_p, found.converged, found.iterations, found.maxima,
    )  # fmt: skip


def _given(tau2: float, m: int) -> Tau2:
    """A tau^2 that was not estimated, and has no standard error."""
    none = np.zeros(m, np.int64)
    return Tau2(np.full(m, float(tau2)), np.full(m, np.nan), none, np.ones(m, np.bool_), none + 1)


def _mean(
    batch: Batch, tau2: FloatArray, test: str, level: float, weights: FloatArray | None
) -> tuple[FloatArray, Wald]:
    """The pooled effects, with test and interval.

    With weights a of the user's own, the estimate is sum(a y) and its variance sum(a^2 (v + tau2)).
    """
    w = weights_at(batch, tau2)
    shares = w / row_sum(w, batch.present)[:, None] if weights is None else weights
    mean = row_sum(shares, batch.y)
    se = np.sqrt(row_sum(np.square(shares), batch.v + tau2[:, None]))
    residual = batch.y - mean[:, None]
    df = batch.df
    estimate = mean + batch.origin
    chosen_se, chosen_df = TESTS[test](se, row_sum(w * residual, residual) / df, df)
    return estimate, wald(estimate, chosen_se, chosen_df, level)


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
