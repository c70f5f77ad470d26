"""The result of one meta-analysis, from a fitted batch of one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from synthesis.pooling.batch import Batch, FloatArray, weights_at
from synthesis.pooling.fit import Fit
from synthesis.pooling.generalised_q import q_profile
from synthesis.pooling.heterogeneity import i2_and_h2, typical_variance
from synthesis.pooling.likelihood import log_likelihood
from synthesis.pooling.pooled import Note, Pooled

Reasons = list[Note]
FIXED_BY_MODEL = "the equal-effects model has tau^2 = 0 by assumption"
GIVEN = "tau^2 was given, not estimated"
ONE_STUDY = "one study says nothing about how studies differ"
INTERVALS = ("tau2_ci_low", "tau2_ci_high", "i2_ci_low", "i2_ci_high", "h2_ci_low", "h2_ci_high")
HETEROGENEITY = ("tau2", "tau2_se", "i2", "h2", "q", "q_p_value", "pi_low", "pi_high", *INTERVALS)
CRITERIA = ("log_likelihood", "aic", "bic", "aicc")
Bounds = tuple[float | None, float | None]


def _value(array: FloatArray) -> float | None:
    """The only entry of an array of a batch of one; None where it is not finite."""
    value = float(array[0])
    return value if math.isfinite(value) else None


def single(batch: Batch, fitted: Fit, *, method: str, test: str, level: float, shares: FloatArray | None) -> Pooled:
    """The result for a batch of one with at least two studies."""
    notes: Reasons = []
    spread = _Spread.of(batch, method, level, notes)
    likely = _Likely.of(batch, fitted, method, weighted=shares is not None, notes=notes)
    weights = weights_at(batch, fitted.tau2) if shares is None else shares
    pi_low, pi_high = _value(fitted.pi_low), _value(fitted.pi_high)
    _explain(fitted, method, notes)
    return Pooled(
        **_mean_fields(fitted), pi_low=pi_low, pi_high=pi_high,
        tau2=float(fitted.tau2[0]), tau2_se=_value(fitted.tau2_se),
        tau2_ci_low=spread.tau2[0], tau2_ci_high=spread.tau2[1],
        i2=_value(fitted.i2), i2_ci_low=spread.i2[0], i2_ci_high=spread.i2[1],
        h2=_value(fitted.h2), h2_ci_low=spread.h2[0], h2_ci_high=spread.h2[1],
        q=_value(fitted.q), q_df=int(fitted.q_df[0]), q_p_value=_value(fitted.q_p_value),
        k=int(fitted.k[0]), weights=tuple((weights[0] / weights[0].sum()).tolist()),
        log_likelihood=likely.log_likelihood, aic=likely.aic, bic=likely.bic, aicc=likely.aicc,
        method=method, test=test, level=level, converged=bool(fitted.converged[0]),
        iterations=int(fitted.iterations[0]), boundary=_at_boundary(fitted, method), notes=tuple(notes),
    )  # fmt: skip


def _at_boundary(fitted: Fit, method: str) -> bool:
    """Whether tau^2 was estimated and is 0."""
    return method not in ("EE", "given") and float(fitted.tau2[0]) == 0


def _mean_fields(fitted: Fit) -> dict[str, Any]:
    """The fields about the mean."""
    return {
        "estimate": float(fitted.estimate[0]),
        "se": float(fitted.se[0]),
        "statistic": _value(fitted.statistic),
        "df": _value(fitted.df),
        "p_value": _value(fitted.p_value),
        "ci_low": float(fitted.ci_low[0]),
        "ci_high": float(fitted.ci_high[0]),
    }


def _explain(fitted: Fit, method: str, notes: Reasons) -> None:
    """Reasons for what the model could not give, and what else to know about it."""
    if fitted.se[0] == 0:
        notes.append(Note("statistic", "the standard error is 0: the studies agree to the last digit"))
    if method == "EE":
        notes += [Note("tau2_se", FIXED_BY_MODEL), *_pi("an equal-effects model predicts no spread of effects")]
    elif fitted.k[0] < 3:
        notes += _pi("a prediction interval has k - 2 degrees of freedom, and two studies leave none")
    if method == "given":
        notes.append(Note("tau2_se", GIVEN))
    if method == "DLMH":
        notes.append(Note("tau2_se", "no standard error is known for this estimator"))
    if fitted.maxima[0] > 1:
        notes.append(Note("tau2", f"the likelihood has {int(fitted.maxima[0])} local maxima; the highest is given"))
    if not fitted.converged[0]:
        notes.append(Note("converged", "the iteration stopped at its limit"))


def _pi(reason: str) -> Reasons:
    return [Note("pi_low", reason), Note("pi_high", reason)]


@dataclass(frozen=True, slots=True)
class _Spread:
    """Q-profile intervals of tau^2 and what follows from it."""

    tau2: Bounds
    i2: Bounds
    h2: Bounds

    @classmethod
    def of(cls, batch: Batch, method: str, level: float, notes: Reasons) -> _Spread:
        """The intervals, or the reason why there are none."""
        nothing = (None, None)
        if method in ("EE", "given"):
            reason = FIXED_BY_MODEL if method == "EE" else GIVEN
            notes += [Note(field, reason) for field in INTERVALS]
            return cls(nothing, nothing, nothing)
        low, high, empty = q_profile(batch, level)
        if empty[0]:
            reason = "the Q-profile interval is empty: the studies differ less than chance alone would make them"
            notes += [Note(field, reason) for field in INTERVALS]
            return cls(nothing, nothing, nothing)
        ends = [i2_and_h2(end, typical_variance(batch)) for end in (low, high)]
        i2, h2 = zip(*ends, strict=True)
        return cls((_value(low), _value(high)), (_value(i2[0]), _value(i2[1])), (_value(h2[0]), _value(h2[1])))


@dataclass(frozen=True, slots=True)
class _Likely:
    """The log-likelihood and the information criteria that go with it."""

    log_likelihood: float | None
    aic: float | None
    bic: float | None
    aicc: float | None

    @classmethod
    def of(cls, batch: Batch, fitted: Fit, method: str, *, weighted: bool, notes: Reasons) -> _Likely:
        """Restricted for REML, else full; none with weights of the user's own."""
        if weighted:
            notes += [Note(field, "no likelihood goes with weights of one's own") for field in CRITERIA]
            return cls(None, None, None, None)
        restricted = method == "REML"
        log_l = float(log_likelihood(batch, fitted.tau2, restricted=restricted)[0])
        parameters = 1 if method in ("EE", "given") else 2
        n = int(fitted.k[0]) - restricted
        enough = max(n, parameters + 2)
        aic = -2 * log_l + 2 * parameters
        aicc = -2 * log_l + 2 * parameters * enough / (enough - parameters - 1)
        return cls(log_l, aic, -2 * log_l + parameters * math.log(n), aicc)


def one_study(fitted: Fit, asked: str, level: float) -> Pooled:
    """A study's own effect, with the z interval; None for all that needs a second study."""
    notes = [Note(field, ONE_STUDY) for field in HETEROGENEITY]
    notes += [Note(field, "nothing is fitted to one study") for field in CRITERIA]
    if asked != "z":
        notes.append(Note("test", "z: one study leaves no degree of freedom"))
    notes.append(Note("estimate", "the study's own effect: nothing is pooled"))
    nothing: dict[str, Any] = dict.fromkeys((*HETEROGENEITY, *CRITERIA))
    return Pooled(
        **_mean_fields(fitted), **nothing, q_df=0, k=1, weights=(1.0,), method="none", test="z", level=level,
        converged=True, iterations=0, boundary=False, notes=tuple(notes),
    )  # fmt: skip
