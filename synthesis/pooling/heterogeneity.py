"""How far the studies differ beyond chance, along a batch."""

from __future__ import annotations

import numpy as np
from scipy.special import chdtrc

from synthesis.pooling.batch import Batch, FloatArray, moments


def cochran_q(batch: Batch) -> tuple[FloatArray, FloatArray]:
    """Cochran's Q, on the residual degrees of freedom, and its p-value, shape (m,) each."""
    q = moments(batch, np.zeros(len(batch.size))).q
    return q, chdtrc(batch.df, q)


def typical_variance(batch: Batch) -> FloatArray:
    """Typical sampling variance df / tr P at tau^2 = 0, shape (m,).

    For one mean it is (k - 1) / (S1 - S2 / S1), Sr = sum(v^-r).

    References
    ----------
    Higgins JPT, Thompson SG (2002). Quantifying heterogeneity in a meta-analysis. Statistics in Medicine 21(11),
    1539-1558.
    """
    typical: FloatArray = batch.df / batch.trace(batch.w)
    return typical


def i2_and_h2(tau2: FloatArray, typical: FloatArray) -> tuple[FloatArray, FloatArray]:
    """I^2 in percent and H^2, from tau^2 and the typical sampling variance."""
    return 100 * tau2 / (typical + tau2), 1 + tau2 / typical


def i2_and_h2_from_q(q: FloatArray, df: FloatArray) -> tuple[FloatArray, FloatArray]:
    """I^2 in percent and H^2 of an equal-effects model, from Q: H^2 = Q / df, I^2 = 100 max(0, (Q - df) / Q)."""
    return 100 * np.maximum(0.0, q - df) / np.maximum(q, np.finfo(float).tiny), q / df
