"""Estimators of the variance between studies, each along the last axis of a batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from synthesis.pooling.batch import (
    Batch,
    BoolArray,
    FloatArray,
    IntArray,
    moments,
    row_sum,
    sum_of_squares,
    trace,
    trace_of_square,
    weights_at,
)
from synthesis.pooling.generalised_q import q_reaches
from synthesis.pooling.likelihood import FULL, RESTRICTED, highest_maximum


@dataclass(frozen=True, slots=True)
class Tau2:
    """Estimates of tau^2 of m meta-analyses, all of shape (m,)."""

    value: FloatArray  # squared units of y, at least 0
    se: FloatArray  # its standard error; NaN where the method has none
    iterations: IntArray  # 0 for a closed form
    converged: BoolArray
    maxima: IntArray  # local maxima of the likelihood that were found, the boundary 0 included; else 1


def _closed(value: FloatArray, se: FloatArray) -> Tau2:
    """The result of an estimator that is a formula: negative values become 0."""
    m = len(value)
    return Tau2(np.maximum(value, 0.0), se, np.zeros(m, np.int64), np.ones(m, np.bool_), np.ones(m, np.int64))


def _quadratic_form_sd(batch: Batch, a: FloatArray, tau2: FloatArray) -> FloatArray:
    """Standard deviation of sum(a (y - m)^2), m the mean weighted by `a`, for normal y with variance v + tau2."""
    sd: FloatArray = np.sqrt(2 * trace_of_square(batch, a, batch.v + np.maximum(tau2, 0.0)[:, None]))
    return sd


def equal_effects(batch: Batch) -> Tau2:
    """tau^2 = 0 by assumption; it has no standard error."""
    m = len(batch.size)
    return _closed(np.zeros(m), np.full(m, np.nan))


def dersimonian_laird(batch: Batch) -> Tau2:
    """Moment estimate of tau^2 after DerSimonian and Laird.

    Parameters
    ----------
    batch : Batch
        m meta-analyses, each of at least two studies.

    Returns
    -------
    Tau2
        max(0, (Q - (k - 1)) / (S1 - S2 / S1)), where Sr = sum(w^r) and Q = sum(w (y - m)^2) about the weighted
        mean m; squared units of y.

    References
    ----------
    DerSimonian R, Laird N (1986). Meta-analysis in clinical trials. Controlled Clinical Trials 7(3), 177-188.
    """
    value = _moment_estimate(batch)
    return _closed(value, _quadratic_form_sd(batch, batch.w, value) / trace(batch, batch.w))


def _moment_estimate(batch: Batch) -> FloatArray:
    """DerSimonian and Laird's tau^2 before negative values become 0."""
    excess: FloatArray = moments(batch, np.zeros(len(batch.size))).q - (batch.size - 1)
    return excess / trace(batch, batch.w)


def dersimonian_laird_about_mantel_haenszel(batch: Batch) -> Tau2:
    """DerSimonian and Laird's estimate with Q about the Mantel-Haenszel estimate, as RevMan 5 does for 2x2 data.

    Parameters
    ----------
    batch : Batch
        Its `centre` holds the Mantel-Haenszel estimates, on the scale of y (the log, for a ratio).

    Returns
    -------
    Tau2
        max(0, (Q - (k - 1)) / (S1 - S2 / S1)), Q = sum(w (y - centre)^2); without a standard error.

    References
    ----------
    Deeks JJ, Higgins JPT (2010). Statistical algorithms in Review Manager 5. The Cochrane Collaboration.
    """
    centre = np.full(len(batch.size), np.nan) if batch.centre is None else batch.centre
    residual = batch.y - centre[:, None]
    q = row_sum(batch.w * residual, residual)
    return _closed((q - (batch.size - 1)) / trace(batch, batch.w), np.full(len(q), np.nan))


def hedges(batch: Batch) -> Tau2:
    """Unweighted moment estimate of tau^2: the variance of the y less the mean of the v.

    References
    ----------
    Hedges LV (1983). A random effects model for effect sizes. Psychological Bulletin 93(2), 388-395.
    """
    value = sum_of_squares(batch) / (batch.size - 1) - row_sum(batch.present, batch.v) / batch.size
    return _closed(value, _quadratic_form_sd(batch, batch.present, value) / (batch.size - 1))


def hunter_schmidt(batch: Batch) -> Tau2:
    """Moment estimate of tau^2 after Hunter and Schmidt: (Q - k) / S1.

    References
    ----------
    Viechtbauer W (2005). Bias and efficiency of meta-analytic variance estimators in the random-effects model.
    Journal of Educational and Behavioral Statistics 30(3), 261-293.
    """
    at0, s1 = moments(batch, np.zeros(len(batch.size))), row_sum(batch.w, batch.present)
    value = (at0.q - batch.size) / s1
    return _closed(value, _quadratic_form_sd(batch, batch.w, value) / s1)


def sidik_jonkman(batch: Batch) -> Tau2:
    """Estimate of tau^2 after Sidik and Jonkman, from the unweighted variance of the y as first value; never 0.

    References
    ----------
    Sidik K, Jonkman JN (2005). Simple heterogeneity variance estimation for meta-analysis. Journal of the Royal
    Statistical Society, Series C 54(2), 367-384.
    """
    first = sum_of_squares(batch) / batch.size
    at_first = moments(batch, first)
    value = first * at_first.q / (batch.size - 1)
    sd = _quadratic_form_sd(batch, weights_at(batch, first), value)
    return _closed(value, first * sd / (batch.size - 1))


def paule_mandel(batch: Batch) -> Tau2:
    """Estimate of tau^2 at which the generalised Q equals k - 1, 0 where Q does not reach that; the root is unique.

    References
    ----------
    Paule RC, Mandel J (1982). Consensus values and weighting factors. Journal of Research of the National Bureau
    of Standards 87(5), 377-385.
    """
    q0 = moments(batch, np.zeros(len(batch.size))).q
    roots = q_reaches(batch, q0, (batch.size - 1).astype(np.float64))
    s1 = row_sum(weights_at(batch, roots.value), batch.present)
    se = np.sqrt(2 * np.square(batch.size) / (batch.size - 1)) / s1
    return Tau2(roots.value, se, roots.iterations, roots.converged, np.ones(len(s1), np.int64))


def restricted_maximum_likelihood(batch: Batch) -> Tau2:
    """Restricted maximum likelihood estimate of tau^2: the highest maximum on [0, infinity), 0 included.

    References
    ----------
    Viechtbauer W (2005). Bias and efficiency of meta-analytic variance estimators in the random-effects model.
    Journal of Educational and Behavioral Statistics 30(3), 261-293.
    """
    found = highest_maximum(batch, RESTRICTED, _moment_estimate(batch))
    information = trace_of_square(batch, weights_at(batch, found.value)) / 2
    return Tau2(found.value, 1 / np.sqrt(information), found.iterations, found.converged, found.maxima)


def maximum_likelihood(batch: Batch) -> Tau2:
    """Maximum likelihood estimate of tau^2: the highest maximum on [0, infinity), 0 included.

    References
    ----------
    Viechtbauer W (2005). Bias and efficiency of meta-analytic variance estimators in the random-effects model.
    Journal of Educational and Behavioral Statistics 30(3), 261-293.
    """
    found = highest_maximum(batch, FULL, _moment_estimate(batch))
    w = weights_at(batch, found.value)
    return Tau2(found.value, np.sqrt(2 / row_sum(w, w)), found.iterations, found.converged, found.maxima)


TAU2: Mapping[str, Callable[[Batch], Tau2]] = {
    "EE": equal_effects,
    "DL": dersimonian_laird,
    "DLMH": dersimonian_laird_about_mantel_haenszel,
    "HE": hedges,
    "HS": hunter_schmidt,
    "SJ": sidik_jonkman,
    "ML": maximum_likelihood,
    "REML": restricted_maximum_likelihood,
    "EB": paule_mandel,  # the empirical Bayes estimate solves the same equation
    "PM": paule_mandel,
}
