"""Results of single meta-analyses, from a fitted batch of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from synthesis.pooling.batch import Batch, FloatArray, row_sum, weights_at
from synthesis.pooling.criteria import information_criteria
from synthesis.pooling.fit import Fit, fit
from synthesis.pooling.heterogeneity import i2_and_h2, typical_variance
from synthesis.pooling.likelihood import FULL, RESTRICTED, local_maxima, log_likelihood
from synthesis.pooling.options import Options
from synthesis.pooling.pooled import Note, Pooled
from synthesis.pooling.tabular import plain_column
from synthesis.pooling.tau2_intervals import TAU2_INTERVALS, Estimated

FIXED_BY_MODEL = "the equal-effects model has tau^2 = 0 by assumption"
GIVEN = "tau^2 was given, not estimated"
ONE_STUDY = "one study says nothing about how studies differ"
STOPPED = "the iteration stopped at its limit"
EMPTY = "the interval is empty: the studies differ less than chance alone would make them"
NO_DF = "a prediction interval has k - 2 degrees of freedom, and two studies leave none"
NO_DF_OF_KR = "Kenward-Roger's degrees of freedom less 1 leave none for a prediction interval"
INTERVALS = ("tau2_ci_low", "tau2_ci_high", "i2_ci_low", "i2_ci_high", "h2_ci_low", "h2_ci_high")
PREDICTIONS = ("pi_low", "pi_high")
HETEROGENEITY = ("tau2", "tau2_se", "i2", "h2", "q", "q_p_value", *PREDICTIONS, *INTERVALS)
CRITERIA = ("log_likelihood", "aic", "bic", "aicc")
FROM_FIT = (
    "estimate", "se", "statistic", "df", "p_value", "ci_low", "ci_high", "pi_low", "pi_high",
    "tau2", "tau2_se", "i2", "h2", "q", "q_p_value",
)  # fmt: skip
Columns = dict[str, FloatArray]


def results(batch: Batch, options: Options) -> list[Pooled]:
    """The results of meta-analyses that all have at least two studies, or all have one.

    Parameters
    ----------
    batch : Batch
        m meta-analyses of at most k studies, with weights of the user's own (`given`) or without.
    options : Options
        How to pool them.
    """
    fitted = fit(
        batch, method=options.method, test=options.test, level=options.level, tau2=options.tau2,
        prediction=options.prediction,
    )  # fmt: skip
    if batch.size.max() == 1:
        return _lone(fitted, options)
    columns = {name: getattr(fitted, name) for name in FROM_FIT}
    columns |= _spread(batch, fitted, options) | _criteria(batch, fitted, options)
    weights = _shares(batch, fitted)
    reasons = _Reasons(batch, fitted, columns, options)
    return [
        Pooled(
            **values, q_df=int(fitted.q_df[row]), k=int(fitted.k[row]),
            weights=tuple(weights[row, : fitted.k[row]].tolist()), method=options.label, test=options.test,
            level=options.level, converged=bool(fitted.converged[row]), iterations=int(fitted.iterations[row]),
            boundary=options.estimated and values["tau2"] == 0, maxima=int(fitted.maxima[row]),
            tau2_interval=options.tau2_interval, prediction=options.prediction, notes=tuple(reasons.of(row)),
        )
        for row, values in enumerate(_rows(columns))
    ]  # fmt: skip


def _rows(columns: Columns) -> Iterator[dict[str, Any]]:
    """One mapping for each row of the columns; None where a value is not finite."""
    for values in zip(*map(plain_column, columns.values()), strict=True):
        yield dict(zip(columns, values, strict=True))


def _shares(batch: Batch, fitted: Fit) -> FloatArray:
    """The weights as shares of 1, shape (m, k): 1 / (v + tau2), or the user's own."""
    if batch.given is not None:
        return batch.given
    w = weights_at(batch, fitted.tau2)
    shares: FloatArray = w / row_sum(w, batch.present)[:, None]
    return shares


def _spread(batch: Batch, fitted: Fit, options: Options) -> Columns:
    """Intervals of tau^2 and of what follows from it; NaN where there are none."""
    if not options.estimated:
        return dict.fromkeys(INTERVALS, np.full(len(fitted.q), np.nan))
    found = Estimated(fitted.tau2, fitted.q, options.restricted, options.level)
    low, high = TAU2_INTERVALS[options.tau2_interval](batch, found)
    typical = typical_variance(batch)
    (i2_low, h2_low), (i2_high, h2_high) = i2_and_h2(low, typical), i2_and_h2(high, typical)
    return dict(zip(INTERVALS, (low, high, i2_low, i2_high, h2_low, h2_high), strict=True))


def _criteria(batch: Batch, fitted: Fit, options: Options) -> Columns:
    """The log-likelihood at the estimate and tau^2, restricted for REML, and its information criteria.

    Where weights of the user's own move the estimate off the weighted mean, the residual sum of squares grows by
    S1 times the square of that distance.
    """
    height = log_likelihood(batch, fitted.tau2, restricted=options.restricted)
    if batch.given is not None:
        w = weights_at(batch, fitted.tau2)
        s1 = row_sum(w, batch.present)
        off = fitted.estimate - batch.origin - row_sum(w, batch.y) / s1
        height = height - 0.5 * s1 * np.square(off)
    parameters = 2 if options.estimated else 1
    criteria = information_criteria(height, parameters, batch.df if options.restricted else batch.df + 1)
    return dict(zip(CRITERIA, (height, *criteria), strict=True))


class _Reasons:
    """Why a result cannot give a number, and what else to know about it."""

    def __init__(self, batch: Batch, fitted: Fit, columns: Columns, options: Options) -> None:
        self.batch, self.fitted, self.columns, self.options = batch, fitted, columns, options

    def of(self, row: int) -> Iterator[Note]:
        """The notes of one meta-analysis."""
        yield from self._intervals(row)
        if self.batch.given is not None:
            yield Note("log_likelihood", "taken at the estimate, which weights of one's own have moved off its maximum")
        if self.fitted.se[row] == 0:
            yield Note("statistic", "the standard error is 0: the studies agree to the last digit")
            if self.fitted.estimate[row] == 0:
                yield Note("p_value", "the standard error is 0, and so is the estimate: there is nothing to test")
        yield from self._model()
        if self.fitted.maxima[row] > 1:
            yield self._maxima(row)
        if not self.fitted.converged[row]:
            yield Note("converged", STOPPED)

    def _intervals(self, row: int) -> Iterator[Note]:
        """Why there is no interval of tau^2, or for a new study, where there is none."""
        if not self.options.estimated:
            yield from _notes(INTERVALS, FIXED_BY_MODEL if self.options.label == "EE" else GIVEN)
        elif np.isnan(self.columns["tau2_ci_low"][row]):
            yield from _notes(INTERVALS, EMPTY)
        if np.isnan(self.fitted.pi_low[row]) and self.options.label != "EE":
            yield from _notes(PREDICTIONS, NO_DF_OF_KR if self.options.prediction == "KR-PR" else NO_DF)

    def _model(self) -> Iterator[Note]:
        """What the model cannot give."""
        if self.options.label == "EE":
            yield Note("tau2_se", FIXED_BY_MODEL)
            yield from _notes(PREDICTIONS, "an equal-effects model predicts no spread of effects")
        elif self.options.label == "given":
            yield Note("tau2_se", f"{GIVEN}: this is what a REML estimate of that size would have")
        elif self.options.label == "DLMH":
            yield Note("tau2_se", "no standard error is known for this estimator")

    def _maxima(self, row: int) -> Note:
        """Where the maxima of a likelihood lie that has several."""
        kind = RESTRICTED if self.options.restricted else FULL
        found = local_maxima(self.batch.take(np.array([row])), kind)
        places = ", ".join(f"{value:.4g}" for value in found)
        return Note("tau2", f"the likelihood has {len(found)} local maxima, at {places}; the highest is given")


def _notes(fields: Iterable[str], reason: str) -> Iterator[Note]:
    """One reason for several fields."""
    return (Note(field, reason) for field in fields)


def _lone(fitted: Fit, options: Options) -> list[Pooled]:
    """Single studies: their own effects with z intervals; None for all that needs a second study."""
    notes = [*_notes(HETEROGENEITY, ONE_STUDY), *_notes(CRITERIA, "nothing is fitted to one study")]
    if options.test != "z":
        notes.append(Note("test", "z: one study leaves no degree of freedom"))
    notes.append(Note("estimate", "the study's own effect: nothing is pooled"))
    nothing = np.full(len(fitted.k), np.nan)
    columns = {name: getattr(fitted, name) for name in FROM_FIT} | dict.fromkeys((*INTERVALS, *CRITERIA), nothing)
    return [
        Pooled(
            **values, q_df=0, k=1, weights=(1.0,), method="none", test="z", level=options.level, converged=True,
            iterations=0, boundary=False, maxima=1, tau2_interval=options.tau2_interval,
            prediction=options.prediction, notes=tuple(notes),
        )
        for values in _rows(columns)
    ]  # fmt: skip
