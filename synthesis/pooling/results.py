"""Results of single meta-analyses, from a fitted batch of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import isfinite
from typing import Any

import numpy as np

from synthesis.pooling.batch import Batch, FloatArray, row_sum, weights_at
from synthesis.pooling.fit import Fit, fit
from synthesis.pooling.generalised_q import q_profile
from synthesis.pooling.heterogeneity import i2_and_h2, typical_variance
from synthesis.pooling.likelihood import log_likelihood
from synthesis.pooling.pooled import Note, Pooled

FIXED_BY_MODEL = "the equal-effects model has tau^2 = 0 by assumption"
GIVEN = "tau^2 was given, not estimated"
ONE_STUDY = "one study says nothing about how studies differ"
EMPTY = "the Q-profile interval is empty: the studies differ less than chance alone would make them"
INTERVALS = ("tau2_ci_low", "tau2_ci_high", "i2_ci_low", "i2_ci_high", "h2_ci_low", "h2_ci_high")
HETEROGENEITY = ("tau2", "tau2_se", "i2", "h2", "q", "q_p_value", "pi_low", "pi_high", *INTERVALS)
CRITERIA = ("log_likelihood", "aic", "bic", "aicc")
FROM_FIT = (
    "estimate", "se", "statistic", "df", "p_value", "ci_low", "ci_high", "pi_low", "pi_high",
    "tau2", "tau2_se", "i2", "h2", "q", "q_p_value",
)  # fmt: skip
Columns = dict[str, FloatArray]


def results(
    batch: Batch,
    *,
    method: str,
    test: str,
    level: float,
    tau2: float | None = None,
    shares: FloatArray | None = None,
) -> list[Pooled]:
    """The results of meta-analyses that all have at least two studies, or all have one.

    Parameters
    ----------
    batch : Batch
        m meta-analyses of at most k studies.
    method, test : str
        Keys of `TAU2` and `TESTS`.
    level : float
        Confidence level of all intervals.
    tau2 : float, optional
        tau^2 known from elsewhere, in place of an estimate.
    shares : ndarray, shape (m, k), optional
        Weights of the user's own, as shares of 1.
    """
    if batch.size.max() == 1:
        return _lone(fit(batch, method=method, test="z", level=level), test, level)
    fitted = fit(batch, method=method, test=test, level=level, tau2=tau2, weights=shares)
    label = method if tau2 is None else "given"
    columns = {name: getattr(fitted, name) for name in FROM_FIT}
    columns |= _spread(batch, fitted, label, level) | _criteria(batch, fitted, label, weighted=shares is not None)
    weights = _shares(batch, fitted) if shares is None else shares
    reasons = _Reasons(fitted, columns, label, weighted=shares is not None)
    estimated = label not in ("EE", "given")
    return [
        Pooled(
            **values, q_df=int(fitted.q_df[row]), k=int(fitted.k[row]),
            weights=tuple(weights[row, : fitted.k[row]].tolist()), method=label, test=test, level=level,
            converged=bool(fitted.converged[row]), iterations=int(fitted.iterations[row]),
            boundary=estimated and values["tau2"] == 0, notes=tuple(reasons.of(row)),
        )
        for row, values in enumerate(_rows(columns))
    ]  # fmt: skip


def _rows(columns: Columns) -> Iterator[dict[str, Any]]:
    """One mapping for each row of the columns; None where a value is not finite."""
    plain = [[value if isfinite(value) else None for value in column.tolist()] for column in columns.values()]
    for values in zip(*plain, strict=True):
        yield dict(zip(columns, values, strict=True))


def _shares(batch: Batch, fitted: Fit) -> FloatArray:
    """The weights 1 / (v + tau2) as shares of 1, shape (m, k)."""
    w = weights_at(batch, fitted.tau2)
    shares: FloatArray = w / row_sum(w, batch.present)[:, None]
    return shares


def _spread(batch: Batch, fitted: Fit, method: str, level: float) -> Columns:
    """Q-profile intervals of tau^2 and what follows from it; NaN where there are none."""
    if method in ("EE", "given"):
        return dict.fromkeys(INTERVALS, np.full(len(fitted.q), np.nan))
    low, high, _ = q_profile(batch, fitted.q, level)
    typical = typical_variance(batch)
    (i2_low, h2_low), (i2_high, h2_high) = i2_and_h2(low, typical), i2_and_h2(high, typical)
    return dict(zip(INTERVALS, (low, high, i2_low, i2_high, h2_low, h2_high), strict=True))


def _criteria(batch: Batch, fitted: Fit, method: str, *, weighted: bool) -> Columns:
    """The log-likelihood, restricted for REML, and its information criteria; NaN with weights of the user's own."""
    if weighted:
        return dict.fromkeys(CRITERIA, np.full(len(fitted.q), np.nan))
    restricted = method == "REML"
    log_l = log_likelihood(batch, fitted.tau2, restricted=restricted)
    parameters = 1 if method in ("EE", "given") else 2
    n = batch.size - restricted
    enough = np.maximum(n, parameters + 2)
    aic = -2 * log_l + 2 * parameters
    bic = -2 * log_l + parameters * np.log(n)
    aicc = -2 * log_l + 2 * parameters * enough / (enough - parameters - 1)
    return dict(zip(CRITERIA, (log_l, aic, bic, aicc), strict=True))


class _Reasons:
    """Why a result cannot give a number, and what else to know about it."""

    def __init__(self, fitted: Fit, columns: Columns, method: str, *, weighted: bool) -> None:
        self.fitted, self.columns, self.method, self.weighted = fitted, columns, method, weighted

    def of(self, row: int) -> Iterator[Note]:
        """The notes of one meta-analysis."""
        yield from self._intervals(row)
        if self.weighted:
            yield from _notes(CRITERIA, "no likelihood goes with weights of one's own")
        if self.fitted.se[row] == 0:
            yield Note("statistic", "the standard error is 0: the studies agree to the last digit")
            if self.fitted.estimate[row] == 0:
                yield Note("p_value", "the standard error is 0, and so is the estimate: there is nothing to test")
        yield from self._model(row)
        if self.fitted.maxima[row] > 1:
            found = int(self.fitted.maxima[row])
            yield Note("tau2", f"the likelihood has {found} local maxima; the highest is given")
        if not self.fitted.converged[row]:
            yield Note("converged", "the iteration stopped at its limit")

    def _intervals(self, row: int) -> Iterator[Note]:
        """Why there is no Q-profile interval, where there is none."""
        if self.method in ("EE", "given"):
            yield from _notes(INTERVALS, FIXED_BY_MODEL if self.method == "EE" else GIVEN)
        elif np.isnan(self.columns["tau2_ci_low"][row]):
            yield from _notes(INTERVALS, EMPTY)

    def _model(self, row: int) -> Iterator[Note]:
        """What the model, or its few studies, cannot give."""
        if self.method == "EE":
            yield Note("tau2_se", FIXED_BY_MODEL)
            yield from _notes(("pi_low", "pi_high"), "an equal-effects model predicts no spread of effects")
        elif self.fitted.k[row] < 3:
            reason = "a prediction interval has k - 2 degrees of freedom, and two studies leave none"
            yield from _notes(("pi_low", "pi_high"), reason)
        if self.method == "given":
            yield Note("tau2_se", GIVEN)
        if self.method == "DLMH":
            yield Note("tau2_se", "no standard error is known for this estimator")


def _notes(fields: Iterable[str], reason: str) -> Iterator[Note]:
    """One reason for several fields."""
    return (Note(field, reason) for field in fields)


def _lone(fitted: Fit, asked: str, level: float) -> list[Pooled]:
    """Single studies: their own effects with z intervals; None for all that needs a second study."""
    notes = [*_notes(HETEROGENEITY, ONE_STUDY), *_notes(CRITERIA, "nothing is fitted to one study")]
    if asked != "z":
        notes.append(Note("test", "z: one study leaves no degree of freedom"))
    notes.append(Note("estimate", "the study's own effect: nothing is pooled"))
    nothing = np.full(len(fitted.k), np.nan)
    columns = {name: getattr(fitted, name) for name in FROM_FIT} | dict.fromkeys((*INTERVALS, *CRITERIA), nothing)
    return [
        Pooled(
            **values, q_df=0, k=1, weights=(1.0,), method="none", test="z", level=level,
            converged=True, iterations=0, boundary=False, notes=tuple(notes),
        )
        for values in _rows(columns)
    ]  # fmt: skip
