"""Estimators of the variance between studies, each along the last axis of a batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaincinv

from synthesis.pooling.batch import Batch, BoolArray, FloatArray, IntArray, moments, row_sum, weights_at
from synthesis.pooling.generalised_q import q_reaches
from synthesis.pooling.likelihood import FULL, RESTRICTED, highest_maximum
from synthesis.pooling.quadratic_form import tau2_at


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


def _from_sum_of_squares(batch: Batch, a: FloatArray) -> FloatArray:
    """tau^2 at which y'Ay, the residual sum of squares with weights a, is as large as expected; it may be negative.

    Its expectation is tr(AV) + tau2 tr A.
    """
    residual = batch.residual(a, batch.y)
    excess: FloatArray = row_sum(a * residual, residual) - row_sum(batch.diagonal(a), batch.v)
    return excess / batch.trace(a)


def _se_from_sum_of_squares(batch: Batch, a: FloatArray, tau2: FloatArray) -> FloatArray:
    """Standard error of tau^2 as a linear function of y'Ay: the sd of that for normal y, over tr A."""
    variances = batch.v + np.maximum(tau2, 0.0)[:, None]
    se: FloatArray = np.sqrt(2 * batch.trace_of_square(a, variances)) / batch.trace(a)
    return se


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
    return _closed(value, _se_from_sum_of_squares(batch, batch.w, value))


def _moment_estimate(batch: Batch) -> FloatArray:
    """DerSimonian and Laird's tau^2 before negative values become 0."""
    excess: FloatArray = moments(batch, np.zeros(len(batch.size))).q - batch.df
    return excess / batch.trace(batch.w)


def dersimonian_laird_two_steps(batch: Batch) -> Tau2:
    """Moment estimate of tau^2 with the weights 1 / (v + tau2) of DerSimonian and Laird's first estimate.

    References
    ----------
    DerSimonian R, Kacker R (2007). Random-effects model for meta-analysis of clinical trials: an update.
    Contemporary Clinical Trials 28(2), 105-114.
    """
    a = weights_at(batch, np.maximum(_moment_estimate(batch), 0.0))
    value = _from_sum_of_squares(batch, a)
    return _closed(value, _se_from_sum_of_squares(batch, a, value))


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
    return _closed((q - batch.df) / batch.trace(batch.w), np.full(len(q), np.nan))


def hedges(batch: Batch) -> Tau2:
    """Unweighted moment estimate of tau^2: for one mean, the variance of the y less the mean of the v.

    References
    ----------
    Hedges LV (1983). A random effects model for effect sizes. Psychological Bulletin 93(2), 388-395.
    """
    value = _from_sum_of_squares(batch, batch.present)
    return _closed(value, _se_from_sum_of_squares(batch, batch.present, value))


def generalised_q(batch: Batch) -> Tau2:
    """Moment estimate of tau^2 with weights of the user's own (`given`), which also weight the mean.

    References
    ----------
    DerSimonian R, Kacker R (2007). Random-effects model for meta-analysis of clinical trials: an update.
    Contemporary Clinical Trials 28(2), 105-114.
    """
    a = _given(batch)
    value = _from_sum_of_squares(batch, a)
    return _closed(value, _se_from_sum_of_squares(batch, a, value))


def generalised_q_median(batch: Batch) -> Tau2:
    """tau^2 at which the sum of squares with weights of the user's own is the median of its exact distribution.

    References
    ----------
    Viechtbauer W (2021). Median-unbiased estimators for the amount of heterogeneity in meta-analysis. European
    Congress of Methodology, Valencia. Exact distribution: `quadratic_form`.
    """
    a = _given(batch)
    roots = tau2_at(batch, a, batch.form(a, batch.y), 0.5)
    se = _se_from_sum_of_squares(batch, a, roots.value)
    return Tau2(roots.value, se, roots.iterations, roots.converged, np.ones(len(se), np.int64))


def _given(batch: Batch) -> FloatArray:
    """The weights of the user's own; NaN, and so no estimate, where a caller forgot them."""
    return np.full(batch.w.shape, np.nan) if batch.given is None else batch.given


def hunter_schmidt(batch: Batch) -> Tau2:
    """Moment estimate of tau^2 after Hunter and Schmidt: (Q - k) / S1.

    References
    ----------
    Viechtbauer W (2005). Bias and efficiency of meta-analytic variance estimators in the random-effects model.
    Journal of Educational and Behavioral Statistics 30(3), 261-293.
    """
    return _hunter_schmidt(batch, np.ones(len(batch.size)))


def hunter_schmidt_corrected(batch: Batch) -> Tau2:
    """Hunter and Schmidt's estimate with a correction for few studies: (Q k / (k - p) - k) / S1.

    References
    ----------
    Brannick MT, Potter SM, Benitez B, Morris SB (2019). Bias and precision of alternate estimators in
    meta-analysis: benefits of blending Schmidt-Hunter and Hedges approaches. Organizational Research Methods
    22(2), 490-514.
    """
    return _hunter_schmidt(batch, batch.size / batch.df)


def _hunter_schmidt(batch: Batch, factor: FloatArray) -> Tau2:
    """(Q factor - k) / S1, and its standard error."""
    q, s1 = moments(batch, np.zeros(len(batch.size))).q, row_sum(batch.w, batch.present)
    value = (factor * q - batch.size) / s1
    return _closed(value, factor * batch.trace(batch.w) / s1 * _se_from_sum_of_squares(batch, batch.w, value))


def sidik_jonkman(batch: Batch) -> Tau2:
    """Estimate of tau^2 after Sidik and Jonkman, from the unweighted variance of the y as first value; never 0.

    References
    ----------
    Sidik K, Jonkman JN (2005). Simple heterogeneity variance estimation for meta-analysis. Journal of the Royal
    Statistical Society, Series C 54(2), 367-384.
    """
    first = _variance_of_effects(batch)
    w = weights_at(batch, first)
    value = first * moments(batch, first).q / batch.df
    return _closed(value, first * batch.trace(w) / batch.df * _se_from_sum_of_squares(batch, w, value))


def _variance_of_effects(batch: Batch) -> FloatArray:
    """Unweighted sum of squares of the effects about their mean, divided by k, shape (m,)."""
    effects = batch.effects
    from_mean = (effects - (row_sum(effects, batch.present) / batch.size)[:, None]) * batch.present
    spread: FloatArray = row_sum(from_mean, from_mean) / batch.size
    return spread


def paule_mandel(batch: Batch) -> Tau2:
    """Estimate of tau^2 at which the generalised Q equals k - p, 0 where Q does not reach that; the root is unique.

    The empirical Bayes estimate, and those of DerSimonian and Laird and of Sidik and Jonkman iterated to the end,
    solve the same equation.

    References
    ----------
    Paule RC, Mandel J (1982). Consensus values and weighting factors. Journal of Research of the National Bureau
    of Standards 87(5), 377-385.
    """
    return _where_q_is(batch, batch.df)


def paule_mandel_median(batch: Batch) -> Tau2:
    """tau^2 at which the generalised Q equals the median of its distribution, chi-squared with k - p df.

    References
    ----------
    Viechtbauer W (2021). Median-unbiased estimators for the amount of heterogeneity in meta-analysis. European
    Congress of Methodology, Valencia.
    """
    median: FloatArray = 2 * gammaincinv(batch.df / 2, 0.5)
    return _where_q_is(batch, median)


def _where_q_is(batch: Batch, target: FloatArray) -> Tau2:
    """tau^2 at which the generalised Q equals `target`."""
    roots = q_reaches(batch, target)
    s1 = row_sum(weights_at(batch, roots.value), batch.present)
    se = np.sqrt(2 * np.square(batch.size) / batch.df) / s1
    return Tau2(roots.value, se, roots.iterations, roots.converged, np.ones(len(s1), np.int64))


def restricted_maximum_likelihood(batch: Batch) -> Tau2:
    """Restricted maximum likelihood estimate of tau^2: the highest maximum on [0, infinity), 0 included.

    References
    ----------
    Viechtbauer W (2005). Bias and efficiency of meta-analytic variance estimators in the random-effects model.
    Journal of Educational and Behavioral Statistics 30(3), 261-293.
    """
    found = highest_maximum(batch, RESTRICTED)
    information = batch.trace_of_square(weights_at(batch, found.value)) / 2
    return Tau2(found.value, 1 / np.sqrt(information), found.iterations, found.converged, found.maxima)


def maximum_likelihood(batch: Batch) -> Tau2:
    """Maximum likelihood estimate of tau^2: the highest maximum on [0, infinity), 0 included.

    References
    ----------
    Viechtbauer W (2005). Bias and efficiency of meta-analytic variance estimators in the random-effects model.
    Journal of Educational and Behavioral Statistics 30(3), 261-293.
    """
    found = highest_maximum(batch, FULL)
    w = weights_at(batch, found.value)
    return Tau2(found.value, np.sqrt(2 / row_sum(w, w)), found.iterations, found.converged, found.maxima)


TAU2: Mapping[str, Callable[[Batch], Tau2]] = {
    "EE": equal_effects,
    "DL": dersimonian_laird,
    "DL2": dersimonian_laird_two_steps,
    "DLIT": paule_mandel,  # DL iterated to the end
    "DLMH": dersimonian_laird_about_mantel_haenszel,
    "HE": hedges,
    "HS": hunter_schmidt,
    "HSk": hunter_schmidt_corrected,
    "SJ": sidik_jonkman,
    "SJIT": paule_mandel,  # SJ iterated to the end
    "ML": maximum_likelihood,
    "REML": restricted_maximum_likelihood,
    "EB": paule_mandel,  # the empirical Bayes estimate solves the same equation
    "PM": paule_mandel,
    "PMM": paule_mandel_median,
    "GENQ": generalised_q,
    "GENQM": generalised_q_median,
}
