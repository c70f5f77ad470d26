"""The fits behind a selection model: with selection, with tau2 = 0, and without selection."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synthesis.effects.columns import refuse
from synthesis.errors import InvalidArgument
from synthesis.pooling.batch import BoolArray, FloatArray
from synthesis.pooling.likelihood import log_likelihood
from synthesis.pooling.moderators.design_batch import design_batch
from synthesis.pooling.moderators.linear_fit import linear_fit
from synthesis.sensitivity.selection.ascent import Box
from synthesis.sensitivity.selection.asked import Asked
from synthesis.sensitivity.selection.functions import STEPS
from synthesis.sensitivity.selection.likelihood import Problem
from synthesis.sensitivity.selection.masses import (
    SmoothWeights,
    StepWeights,
    Weights,
    smooth_weights,
    step_weights,
    truncation_weights,
)
from synthesis.sensitivity.selection.profile import Bounds, best_with_bounds
from synthesis.sensitivity.selection.search import Falling, Found, Surface, best, starting_places

STEP_STARTS = (1.0, 0.3, 0.05, 3.0)  # of the weights of all intervals but the first
LEAST_WEIGHT = 1e-6  # of an interval that has studies: its logarithm is part of the likelihood
WIDE = 20.0  # times the largest effect: how far a mean may go
WIDE_TAU2 = 100.0  # times the largest squared effect and variance
FEW_STARTS = 4  # beside the maximum itself, for the model with tau2 = 0


@dataclass(frozen=True, slots=True, eq=False)
class Fitting:
    """What was found, in units of `scale`."""

    problem: Problem
    scale: float  # of effects
    found: Found
    bounds: Bounds | None  # of profiles
    without_tau2: Found | None
    plain: tuple[FloatArray, FloatArray, float, float]  # without selection: b, se, tau2, log-likelihood
    falling: Falling | None  # where the weights were sought as quotients


def fitted(y: FloatArray, v: FloatArray, x: FloatArray, asked: Asked, *, profile: bool) -> Fitting:
    """The fits, for effects in the units of the user."""
    scale = float(np.sqrt(np.median(v)))
    y, v = asked.sign * y / scale, v / scale**2
    weights, breadth = _weights(y, v, asked, scale)
    if isinstance(weights, StepWeights):
        _check_possible(weights, asked)
    problem = Problem(y, v, x, weights, breadth)
    falling = Falling(problem, x.shape[1] + 1) if asked.decreasing else None
    surface: Surface = falling or problem
    plain = _plain(y, v, x, asked.method)
    box = _box(problem, asked)
    free = np.concatenate([np.ones(x.shape[1], np.bool_), [asked.method == "ML"], asked.free])
    start = starting_places(
        plain[0], _level(x), plain[2] if asked.method == "ML" else None, _deltas(asked), asked.fixed
    )
    if not np.isfinite(surface.evaluate(np.zeros(len(start), np.int64), start)[0]).any():
        raise InvalidArgument("no study at all would be selected with this delta: give values nearer to no selection")
    wanted = np.flatnonzero(free[: problem.p + 1] if asked.decreasing else free)
    bounds = None
    if profile:
        found, bounds = best_with_bounds(surface, start, box, free, wanted=wanted, level=asked.level)
    else:
        found = best(surface, start, box, free)
    without = _without_tau2(surface, start, box, free, found=found, at=problem.p)
    return Fitting(problem, scale, found, bounds, without, plain, falling)


def _weights(y: FloatArray, v: FloatArray, asked: Asked, scale: float) -> tuple[Weights, int]:
    """The selection function, and how many numbers it takes for each study."""
    z = y / np.sqrt(v)
    if asked.type == STEPS:
        return step_weights(z, asked.steps, two_sided=asked.two_sided), 4 * len(asked.steps)
    if asked.kind is None:
        return truncation_weights(z, asked.sign * asked.steps[0] / scale / np.sqrt(v)), 8
    alpha = float(asked.steps[0]) if len(asked.steps) else None
    smooth: SmoothWeights = smooth_weights(asked.kind, z, _imprecision(v, asked), alpha, two_sided=asked.two_sided)
    return smooth, 4 * len(smooth.node)


def _check_possible(weights: StepWeights, asked: Asked) -> None:
    """Raise InvalidArgument where a weight of 0 is given to an interval that holds studies: none could be there."""
    never = np.zeros(int(asked.rows.max()), np.bool_)
    never[asked.rows - 1] = asked.fixed[weights.interval] == 0
    refuse(never, "delta is 0 for an interval that holds studies, which then could not be there: give more, as 0.01")


def _imprecision(v: FloatArray, asked: Asked) -> FloatArray:
    """What delta is multiplied by, as a share of its largest value, shape (k,)."""
    if asked.precision is None:
        return np.ones(1)
    if asked.sizes is None:
        measure = v if asked.precision == "vi" else np.sqrt(v)
    else:
        measure = 1 / asked.sizes if asked.precision == "ninv" else 1 / np.sqrt(asked.sizes)
    shares: FloatArray = measure / measure.max()
    return shares


def _deltas(asked: Asked) -> list[tuple[float, ...]]:
    """Parameters of the selection function to begin with."""
    if asked.kind is not None:
        return [asked.kind.null, *asked.kind.starts]
    starts = [one for one in STEP_STARTS if one <= 1] if asked.decreasing else STEP_STARTS
    return [(1.0,) + (one,) * (len(asked.fixed) - 1) for one in starts]


def _box(problem: Problem, asked: Asked) -> Box:
    """Bounds and units of all parameters."""
    size = np.abs(problem.y).max() + np.sqrt(problem.v.max())
    unit = np.asarray(1 / np.sqrt(np.square(problem.x).mean(axis=0)), dtype=np.float64)
    if asked.kind is not None:
        low, high = np.array(asked.kind.low), np.full(len(asked.fixed), asked.largest)
    else:
        counts = problem.weights.counts if isinstance(problem.weights, StepWeights) else np.zeros(0)
        low = np.where((counts > 0) | asked.decreasing, LEAST_WEIGHT, 0.0)
        high = np.full(len(asked.fixed), 1.0 if asked.decreasing else asked.largest)
    fixed = np.isfinite(asked.fixed)
    low, high = np.where(fixed, np.minimum(low, asked.fixed), low), np.where(fixed, np.maximum(high, asked.fixed), high)
    return Box(
        np.concatenate([-WIDE * size * unit, [0.0], low]),
        np.concatenate([WIDE * size * unit, [WIDE_TAU2 * size**2], high]),
        np.concatenate([unit, [1.0], np.full(len(low), 0.01)]),
        np.concatenate([np.full(problem.p + 1, 5.0), np.full(len(low), 500.0)]),
    )


def _level(x: FloatArray) -> FloatArray:
    """Coefficients with means near 1."""
    return np.asarray(np.linalg.lstsq(x, np.ones(len(x)), rcond=None)[0], dtype=np.float64)


def _plain(y: FloatArray, v: FloatArray, x: FloatArray, method: str) -> tuple[FloatArray, FloatArray, float, float]:
    """Coefficients, their standard errors, tau2 and the log-likelihood without selection."""
    batch = design_batch(y[None], v[None], x[None])
    fit = linear_fit(batch, method, "z")
    height = float(log_likelihood(batch, fit.tau2.value, restricted=False)[0])
    return fit.estimate[0], np.sqrt(np.diagonal(fit.covariance[0])), float(fit.tau2.value[0]), height


def _without_tau2(
    surface: Surface, start: FloatArray, box: Box, free: BoolArray, *, found: Found, at: int
) -> Found | None:
    """The model with tau2, the parameter numbered `at`, at 0; None where that is what was fitted."""
    if not free[at]:
        return None
    if found.place[at] == 0:
        return found
    places, others = np.concatenate([found.place[None], start[:: max(1, len(start) // FEW_STARTS)]]), free.copy()
    places[:, at], others[at] = 0.0, False
    return best(surface, np.unique(places, axis=0), box, others)
