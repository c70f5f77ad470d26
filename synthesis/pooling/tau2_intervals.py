"""Confidence intervals of the variance between studies, each along a batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from synthesis.pooling.batch import Batch, FloatArray
from synthesis.pooling.generalised_q import q_profile
from synthesis.pooling.profile_likelihood import profile_likelihood
from synthesis.pooling.quadratic_form import NODES, cdf_and_slope, tau2_at

CELLS = 1_000_000  # numbers worked on at a time, for the nodes make many of each study


@dataclass(frozen=True, slots=True)
class Estimated:
    """The estimate of tau^2, and what else an interval of it may start from."""

    tau2: FloatArray  # (m,) the estimate
    q: FloatArray  # (m,) Cochran's Q
    restricted: bool  # whether the likelihood is the restricted one
    level: float


Interval = tuple[FloatArray, FloatArray]


def by_q_profile(batch: Batch, found: Estimated) -> Interval:
    """Where the generalised Q with weights 1 / (v + tau2) is neither too large nor too small for chi-squared.

    References
    ----------
    Viechtbauer W (2007). Confidence intervals for the amount of heterogeneity in meta-analysis. Statistics in
    Medicine 26(1), 37-52.
    """
    low, high, _ = q_profile(batch, found.q, found.level)
    return low, high


def by_profile_likelihood(batch: Batch, found: Estimated) -> Interval:
    """From the first to the last tau^2 that the likelihood-ratio test does not reject; for ML and REML.

    References
    ----------
    Hardy RJ, Thompson SG (1996). A likelihood approach to meta-analysis with random effects. Statistics in Medicine
    15(6), 619-629.
    """
    return profile_likelihood(batch, found.tau2, found.level, restricted=found.restricted)


def biggerstaff_jackson(batch: Batch, found: Estimated) -> Interval:
    """Where Cochran's Q is neither too large nor too small for its exact distribution.

    References
    ----------
    Biggerstaff BJ, Jackson D (2008). The exact distribution of Cochran's heterogeneity statistic in one-way random
    effects meta-analysis. Statistics in Medicine 27(29), 6093-6110.
    """
    return _by_quadratic_form(batch, batch.w, found.level)


def jackson(batch: Batch, found: Estimated) -> Interval:
    """As `biggerstaff_jackson` with the weights 1 / sqrt(v).

    References
    ----------
    Jackson D (2013). Confidence intervals for the between-study variance in random effects meta-analysis using
    generalised Cochran heterogeneity statistics. Research Synthesis Methods 4(3), 220-229.
    """
    return _by_quadratic_form(batch, np.sqrt(batch.w), found.level)


def generalised(batch: Batch, found: Estimated) -> Interval:
    """As `jackson` with weights of the user's own."""
    weights = np.full(batch.w.shape, np.nan) if batch.given is None else batch.given
    return _by_quadratic_form(batch, weights, found.level)


TAU2_INTERVALS: Mapping[str, Callable[[Batch, Estimated], Interval]] = {
    "QP": by_q_profile,
    "PL": by_profile_likelihood,
    "BJ": biggerstaff_jackson,
    "J": jackson,
    "GENQ": generalised,
}


def _by_quadratic_form(batch: Batch, a: FloatArray, level: float) -> Interval:
    """Ends at which y'Ay is as large, or as small, as the level allows; NaN where it is too small already at 0."""
    step = max(1, CELLS // (NODES * a.shape[1]))
    parts = [np.arange(begin, min(begin + step, len(a))) for begin in range(0, len(a), step)]
    ends = [_ends(batch.take(rows), a[rows], (1 - level) / 2) for rows in parts]
    low, high = (np.concatenate(column) for column in zip(*ends, strict=True))
    return low, high


def _ends(batch: Batch, a: FloatArray, tail: float) -> Interval:
    """The ends for a few meta-analyses."""
    residual = batch.residual(a, batch.y)
    q = np.einsum("ij,ij,ij->i", a, residual, residual)
    low, high = tau2_at(batch, a, q, 1 - tail).value, tau2_at(batch, a, q, tail).value
    empty = high == 0
    rows = np.flatnonzero(empty & (q > 0))
    empty[rows] = cdf_and_slope(batch.take(rows), a[rows], q[rows], np.zeros(len(rows)))[0] < tail
    return np.where(empty, np.nan, low), np.where(empty, np.nan, high)
