"""From a fitted generalised linear mixed model to its result, with the reasons for what it cannot give."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from synthesis.pooling.batch import batch_of_one
from synthesis.pooling.criteria import information_criteria
from synthesis.pooling.heterogeneity import i2_and_h2, typical_variance
from synthesis.pooling.intervals import prediction, wald
from synthesis.pooling.pooled import Note
from synthesis.pooling.sparse.counts import Counts
from synthesis.pooling.sparse.generalised_fit import Fitted, GlmmOptions
from synthesis.pooling.sparse.generalised_pooled import GeneralisedPooled
from synthesis.pooling.sparse.maximise import parameters_of
from synthesis.pooling.sparse.quadrature import conditional_log_likelihood
from synthesis.pooling.sparse.saturated import Heterogeneity

ONE_STUDY = "one study: nothing is pooled"
ABSENT_WITH_ONE = (
    "tau2", "tau2_se", "pi_low", "pi_high", "i2", "h2", "q_wald", "q_wald_p_value", "q_lrt", "q_lrt_p_value",
)  # fmt: skip


def pooled(found: Counts, fitted: Fitted, spread: Heterogeneity, options: GlmmOptions) -> GeneralisedPooled:
    """Everything that a fit gives."""
    plain = _numbers(found, fitted, spread, options)
    return replace(plain, notes=(*_on_tau2(plain, fitted), *_on_the_fit(plain, fitted, spread)))


def one_study(found: Counts, equal: Fitted, spread: Heterogeneity, options: GlmmOptions) -> GeneralisedPooled:
    """The study's own effect, with z interval: nothing is pooled."""
    plain = _numbers(found, equal, spread, replace(options, method="none", test="z"))
    notes = [Note(field, ONE_STUDY) for field in ABSENT_WITH_ONE]
    if options.test != "z":
        notes.append(Note("test", "z: one study leaves no degree of freedom"))
    return replace(plain, tau2=None, q_wald=None, q_lrt=None, notes=(*notes, *_on_the_fit(plain, equal, spread)))


def _numbers(found: Counts, fitted: Fitted, spread: Heterogeneity, options: GlmmOptions) -> GeneralisedPooled:
    """Everything but the notes."""
    k, maximum, differ = fitted.model.k, fitted.maximum, options.method == "ML"
    tau = float(maximum.shared[-1]) if differ else 0.0
    mean = _mean(fitted, tau, options)
    i2, h2 = _inconsistency(found, tau**2)
    parameters = len(maximum.shared) + k * fitted.model.own
    n = np.array(float(k * (2 if fitted.kind.studies in ("fixed", "random") else 1)))
    aic, bic, aicc = (float(one) for one in information_criteria(np.array(maximum.value), parameters, n))
    known = differ and tau > 0 and fitted.regular
    conditional = conditional_log_likelihood(fitted.model, parameters_of(maximum.own, maximum.shared))
    return GeneralisedPooled(
        **mean, tau2=tau**2, tau2_se=2 * tau * math.sqrt(fitted.variance[-1]) if known else None,
        sigma2=float(maximum.shared[2]) ** 2 if fitted.kind.studies == "random" else None, i2=i2, h2=h2,
        q_wald=spread.wald, q_wald_p_value=spread.wald_p_value, q_lrt=spread.lrt,
        q_lrt_p_value=spread.lrt_p_value, q_df=spread.df, k=k, log_likelihood=maximum.value,
        conditional_log_likelihood=conditional, parameters=parameters, aic=aic, bic=bic, aicc=aicc,
        measure=options.measure, model=options.model, method=options.method, test=options.test, level=options.level,
        coding=float(options.coding), nAGQ=int(options.points), converged=maximum.converged and fitted.regular,
        iterations=maximum.iterations, boundary=differ and tau == 0, left_out=found.left_out,
    )  # fmt: skip


def _mean(fitted: Fitted, tau: float, options: GlmmOptions) -> dict[str, Any]:
    """The effect, with its test, interval and prediction interval."""
    estimate = fitted.maximum.shared[[fitted.effect]]
    se, k = np.sqrt(fitted.variance[[fitted.effect]]), fitted.model.k
    found = wald(estimate, se, np.array([k - 1.0 if options.test == "t" else np.inf]), options.level)
    df = np.array([k - 2.0 if options.method == "ML" else 0.0])
    pi_low, pi_high = prediction(estimate, se, np.array([tau**2]), df, options.level)
    columns = {
        "estimate": estimate, "se": se, "statistic": found.statistic, "df": found.df, "p_value": found.p_value,
        "ci_low": found.low, "ci_high": found.high, "pi_low": pi_low, "pi_high": pi_high,
    }  # fmt: skip
    return {name: float(one[0]) if np.isfinite(one[0]) else None for name, one in columns.items()}


def _inconsistency(found: Counts, tau2: float) -> tuple[float | None, float | None]:
    """I^2 in percent and H^2, from tau2 and the typical variance of the studies' own effects."""
    if len(found.events) == 1:
        return None, None
    variance = found.sampling_variance
    i2, h2 = i2_and_h2(np.array([tau2]), typical_variance(batch_of_one(np.zeros_like(variance), variance)))
    return float(i2[0]), float(h2[0])


def _on_tau2(plain: GeneralisedPooled, fitted: Fitted) -> Iterator[Note]:
    """What tau2, and how well it is known, leave open."""
    if plain.method == "EE":
        yield Note("tau2_se", "tau2 is 0 by the model")
        reason = "an equal-effects model predicts no spread of effects"
    else:
        reason = "a prediction interval has k - 2 degrees of freedom, and two studies leave none"
    if plain.pi_low is None:
        yield from (Note(field, reason) for field in ("pi_low", "pi_high"))
    if plain.boundary:
        yield Note("tau2_se", "tau2 is on its boundary, 0")
    elif plain.method == "ML" and not fitted.regular:
        yield Note("tau2_se", "the information is not positive")
    if fitted.maximum.maxima > 1:
        yield Note("tau2", f"the likelihood has {fitted.maximum.maxima} local maxima; the highest is given")


def _on_the_fit(plain: GeneralisedPooled, fitted: Fitted, spread: Heterogeneity) -> Iterator[Note]:
    """What else to know."""
    if not fitted.regular:
        yield Note("se", "the information is not positive: given the variances, as if they were known")
    if spread.infinite and plain.k > 1:
        yield Note("q_wald", f"studies without a finite effect of their own have no weight in it: {spread.infinite}")
    if not plain.converged:
        stopped = "the iteration stopped at its limit"
        yield Note("converged", stopped if fitted.regular else "the iteration rests where there is no maximum")
