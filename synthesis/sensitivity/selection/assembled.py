"""A selection model in the units of the user, from what was found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from scipy.special import ndtr, ndtri

from synthesis.pooling.batch import FloatArray
from synthesis.pooling.likelihood_ratio import LikelihoodRatio, likelihood_ratio
from synthesis.pooling.pooled import Note
from synthesis.sensitivity.selection.asked import Asked
from synthesis.sensitivity.selection.fitting import Fitting
from synthesis.sensitivity.selection.functions import STEPS, TRUNCATED
from synthesis.sensitivity.selection.masses import StepWeights
from synthesis.sensitivity.selection.model_rules import model_findings
from synthesis.sensitivity.selection.profile import Bounds
from synthesis.sensitivity.selection.result import Maximum, Parameter, SelectionModel, Unselected


def assembled(fitting: Fitting, asked: Asked, names: Sequence[str], notes: tuple[Note, ...]) -> SelectionModel:
    """The result."""
    found, p, k = fitting.found, fitting.problem.p, len(fitting.problem.y)
    covariance = _covariance(fitting, asked)
    parameters = _parameters(fitting, asked, covariance, [*names, "tau2", *_named(asked)])
    shift = -k * float(np.log(fitting.scale))  # of log-likelihoods, from units of the search
    b, se, tau2, height = fitting.plain
    plain = Unselected(
        tuple((asked.sign * fitting.scale * b).tolist()), tuple((fitting.scale * se).tolist()),
        fitting.scale**2 * tau2, height + shift,
    )  # fmt: skip
    tests = _tests(fitting, asked)
    weights = fitting.problem.weights
    counts = tuple(weights.counts.tolist()) if isinstance(weights, StepWeights) else ()
    maxima = ((found.value, found.place), *found.others)
    result = SelectionModel(
        coefficients=tuple(parameters[:p]), tau2=parameters[p], delta=tuple(parameters[p + 1 :]),
        covariance=covariance, log_likelihood=found.value + shift, unselected=plain,
        selection_test=tests[0], tau2_test=tests[1], k=k, counts=counts, steps=tuple(asked.steps.tolist()),
        type=asked.type, alternative=asked.alternative, precision=asked.precision, method=asked.method,
        level=asked.level, converged=found.converged, iterations=found.iterations, starts=found.starts,
        maxima=tuple(_maximum(value + shift, place, fitting, asked) for value, place in maxima), weights=weights,
        findings=(), notes=(*notes, *_notes(fitting, asked, covariance)),
    )  # fmt: skip
    return replace(result, findings=tuple(model_findings(result, fitting, asked)))


def _named(asked: Asked) -> list[str]:
    """The names of the parameters of the selection function."""
    if asked.type == STEPS:
        ends = ["0", *(f"{one:g}" for one in asked.steps)]
        return [f"delta{n}: {low} < p <= {high}" for n, (low, high) in enumerate(pairwise(ends), 1)]
    if asked.type == TRUNCATED:
        side = "below" if asked.sign > 0 else "above"
        return ["delta0: the other effects", f"delta1: effects {side} {asked.steps[0]:g}"]
    q = len(asked.fixed)
    return ["delta"] if q == 1 else [f"delta{number}" for number in range(1, q + 1)]


def _units(fitting: Fitting, asked: Asked) -> FloatArray:
    """What the parameters of the search are multiplied by, shape (q,)."""
    p, q = fitting.problem.p, len(asked.fixed)
    return np.concatenate([np.full(p, asked.sign * fitting.scale), [fitting.scale**2], np.ones(q)])


def _places(place: FloatArray, fitting: Fitting, asked: Asked) -> FloatArray:
    """A place of the search in the units of the user."""
    if fitting.falling is not None:
        place = np.concatenate([place[: fitting.problem.p + 1], fitting.falling.delta(place[None])[0]])
    found: FloatArray = place * _units(fitting, asked)
    return found


def _covariance(fitting: Fitting, asked: Asked) -> FloatArray | None:
    """Of all parameters; 0 where they are fixed or on a bound."""
    found = fitting.found.covariance
    if found is None:
        return None
    if fitting.falling is not None:
        rates = fitting.falling.jacobian(fitting.found.place)
        found = rates @ found @ rates.T
    units = _units(fitting, asked)
    scaled: FloatArray = found * np.outer(units, units)
    return scaled


def _nulls(fitting: Fitting, asked: Asked) -> FloatArray:
    """What each parameter is tested against; NaN where there is nothing to test."""
    if asked.kind is None:
        delta = np.ones(len(asked.fixed))
    else:
        delta = np.array(asked.kind.null)
        delta[1:] = np.where(asked.type == "negexppow", np.nan, delta[1:])
    return np.concatenate([np.zeros(fitting.problem.p), [np.nan], delta])


def _parameters(fitting: Fitting, asked: Asked, covariance: FloatArray | None, names: list[str]) -> list[Parameter]:
    """All parameters with their intervals."""
    place, null, z = (
        _places(fitting.found.place, fitting, asked),
        _nulls(fitting, asked),
        float(ndtri((1 + asked.level) / 2)),
    )
    fixed = np.concatenate([np.zeros(fitting.problem.p, np.bool_), [asked.method == "EE"], ~asked.free])
    low, high = _limits(fitting, asked)
    found = []
    for at, name in enumerate(names):
        variance = 0.0 if covariance is None or fitting.found.bound[at] or fixed[at] else float(covariance[at, at])
        se = float(np.sqrt(variance)) if variance > 0 else None
        status = "fixed" if fixed[at] else "on its bound" if fitting.found.bound[at] else "estimated"
        value = float(place[at])
        tested = se is not None and np.isfinite(null[at])
        statistic = (value - float(null[at])) / se if se is not None and tested else None
        p = None if statistic is None else float(2 * ndtr(-abs(statistic)))
        wald_low = None if se is None else max(value - z * se, float(low[at]))
        wald_high = None if se is None else min(value + z * se, float(high[at]))
        bounds = _profile(fitting, asked, at)
        found.append(Parameter(name, value, se, statistic, p, wald_low, wald_high, bounds[0], bounds[1], status))
    return found


def _limits(fitting: Fitting, asked: Asked) -> tuple[FloatArray, FloatArray]:
    """Beyond which no Wald interval goes: 0 for tau2, the bounds for the selection function."""
    p, q = fitting.problem.p, len(asked.fixed)
    floor = np.zeros(q) if asked.kind is None else np.array(asked.kind.low)
    low = np.concatenate([np.full(p, -np.inf), [0.0], floor])
    return low, np.concatenate([np.full(p + 1, np.inf), np.full(q, asked.largest)])


def _profile(fitting: Fitting, asked: Asked, at: int) -> tuple[float | None, float | None]:
    """The profile interval of one parameter."""
    bounds = fitting.bounds
    if bounds is None or (fitting.falling is not None and at > fitting.problem.p):
        return None, None
    unit = _units(fitting, asked)[at]
    low, high = sorted((float(unit * bounds.low[at]), float(unit * bounds.high[at])))
    return (low, high) if np.isfinite(low) and np.isfinite(high) else (None, None)


def _maximum(height: float, place: FloatArray, fitting: Fitting, asked: Asked) -> Maximum:
    there, p = _places(place, fitting, asked), fitting.problem.p
    return Maximum(height, tuple(there[:p].tolist()), float(there[p]), tuple(there[p + 1 :].tolist()))


def _tests(fitting: Fitting, asked: Asked) -> tuple[LikelihoodRatio | None, LikelihoodRatio | None]:
    """The tests of selection and of tau2."""
    estimated = int(asked.free.sum())
    of_selection = likelihood_ratio(fitting.found.value, fitting.plain[3], estimated) if estimated else None
    without = fitting.without_tau2
    return of_selection, None if without is None else likelihood_ratio(fitting.found.value, without.value, 1)


def _notes(fitting: Fitting, asked: Asked, covariance: FloatArray | None) -> Iterator[Note]:
    """Why something is missing, and what a number does not say by itself."""
    if covariance is None:
        yield Note("se", "the likelihood is flat in some direction: there are no standard errors")
    if not asked.free.any():
        yield Note("selection_test", "the selection function is given: there is nothing to test")
    if asked.method == "EE":
        yield Note("tau2", "0 by assumption: the model is that of equal effects")
        yield Note("tau2_test", "tau2 is 0 by assumption")
    if fitting.falling is not None:
        yield Note("delta", "weights that may only fall have no profile intervals here")
    if fitting.bounds is None:
        yield Note("profile_low", "not asked for")
    else:
        yield from _open(fitting.bounds, fitting, asked)


def _open(bounds: Bounds, fitting: Fitting, asked: Asked) -> Iterator[Note]:
    """Profile intervals that end at the bound of a parameter, and those that were not found."""
    names = ["coefficient"] * fitting.problem.p + ["tau2", *_named(asked)]
    for at, name in enumerate(names):
        ends = [word for word, there in (("low", bounds.low_open[at]), ("high", bounds.high_open[at])) if there]
        if ends and not (name == "tau2" and ends == ["low"]):
            yield Note(
                f"profile_{ends[0]}", f"{name}: the interval ends at the bound of the parameter ({', '.join(ends)})"
            )
    wanted = np.flatnonzero(np.concatenate([np.ones(fitting.problem.p, np.bool_), [asked.method == "ML"], asked.free]))
    if fitting.falling is not None:
        wanted = wanted[wanted <= fitting.problem.p]
    lost = [names[at] for at in wanted if not np.isfinite([bounds.low[at], bounds.high[at]]).all()]
    if lost:
        yield Note("profile_low", f"the search for the interval did not end: {', '.join(lost)}")
