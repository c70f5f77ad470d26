"""Maximum likelihood of mixed models: Newton's method on the marginal likelihood, and a search over tau."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from synthesis.pooling.batch import BoolArray, FloatArray
from synthesis.pooling.sparse.quadrature import MixedModel, derivatives, log_likelihoods

MOST_STEPS = 100
MOST_HALVINGS = 40
LONGEST_STEP = 2.0  # of any parameter
PRECISE = 1e-13  # how much higher the maximum may lie, by Newton's estimate, before the last of his steps
ROUGH = 1e-8  # the same, where rounding hides what the step gains
SCALES = np.concatenate([[0.0], 2.0 ** np.arange(-9, 5)])  # standard deviations of log odds and log rates
LARGEST_SCALE = 25.0  # standard deviation of logs: odds that differ by e^25 are those of never and always
NEGLIGIBLE_SCALE = 1e-4
FLATTEST = 1e-10  # least curvature, or share of the greatest one, by which a slope is divided
OFF_ZERO = 0.4  # standard deviation to try where 0 is a minimum


@dataclass(frozen=True, slots=True, eq=False)
class Maximum:
    """A maximum of the likelihood of a model with p shared parameters."""

    own: FloatArray  # (k, 0) or (k, 1): the studies' own coefficients
    shared: FloatArray  # (p,) shared coefficients, and after them the standard deviations
    value: float  # log-likelihood
    slope: FloatArray  # (k, own + p) first derivatives, study by study
    curvature: FloatArray  # (k, own + p, own + p) second derivatives, study by study, with the sign changed
    information: FloatArray  # (p, p) of the shared parameters, the studies' own eliminated
    converged: bool = False
    iterations: int = 0
    maxima: int = 1  # how many the search found


def parameters_of(own: FloatArray, shared: FloatArray) -> FloatArray:
    """The parameters of each study, shape (k, own + p)."""
    return np.hstack([own, np.broadcast_to(shared, (len(own), len(shared)))])


def climb(model: MixedModel, own: FloatArray, shared: FloatArray, free: BoolArray, within: float = PRECISE) -> Maximum:
    """The maximum that Newton's method reaches from a start.

    Parameters
    ----------
    model : MixedModel
        k studies.
    own, shared : ndarray, shapes (k, 0 or 1) and (p,)
        Where to begin.
    free : ndarray of bool, shape (p,)
        Which shared parameters may move.
    within : float
        Where to stop: how much higher the maximum may still lie.
    """
    here, scales = _at(model, own, shared), slice(len(shared) - model.effects, None)
    while here.iterations < MOST_STEPS and here.shared[scales].max(initial=0.0) <= LARGEST_SCALE:
        own_step, step, rise = _newton(model, here, free)
        found = None
        if rise > within:
            found = _rising(model, here, own_step, step)
        elif (away := _away_from_zero(model, here, free)).any():
            found = _rising(model, here, np.zeros_like(own), away)
        if found is None:
            last = _at(model, here.own + own_step, _unsigned(model, here.shared + step)) if rise <= ROUGH else here
            return replace(last, converged=rise <= ROUGH, iterations=here.iterations + 1)
        here = replace(found, iterations=here.iterations + 1)
    return here


def search(model: MixedModel, own: FloatArray, shared: FloatArray, free: BoolArray) -> Maximum:
    """The highest maximum over the last standard deviation, tau, in [0, inf).

    The likelihood is climbed for each tau of a grid, and then from every maximum of the grid with tau free; tau = 0 is
    a candidate where the likelihood falls from there.

    Parameters
    ----------
    model, own, shared, free
        As for `climb`; the last of `shared` is tau, wherever it begins.
    """
    held = free.copy()
    held[-1] = False
    path = _path(model, own, shared, held)
    height = np.array([one.value for one in path])
    peaks = np.flatnonzero((height >= np.append(height[1:], -np.inf)) & (height > np.append(-np.inf, height[:-1])))
    found: list[Maximum] = []
    if peaks[0] == 0:
        found.append(climb(model, path[0].own, path[0].shared, held))
    if peaks[0] == 0 and found[0].information[-1, -1] < 0:  # the likelihood rises from 0, but not far
        found, peaks = [], np.append(peaks[1:], 1)
    found += [climb(model, path[one].own, path[one].shared, free) for one in peaks if one > 0]
    found = [_settled(model, one, free) for one in found]
    best = max(found, key=lambda one: one.value)
    apart = {float(f"{one.shared[-1]:.3g}") for one in found if one.converged}
    return replace(best, maxima=max(1, len(apart)))


def _path(model: MixedModel, own: FloatArray, shared: FloatArray, held: BoolArray) -> list[Maximum]:
    """Climbs at each tau of the grid, each from the end of the last; by Laplace for integrals of two dimensions."""
    rough = replace(model, points=1) if model.effects > 1 else model
    path: list[Maximum] = []
    for scale in SCALES:
        shared = np.append(shared[:-1], scale)
        path.append(climb(rough, own, shared, held, ROUGH))
        own, shared = path[-1].own, path[-1].shared
    return path


def _settled(model: MixedModel, found: Maximum, free: BoolArray) -> Maximum:
    """The maximum with a standard deviation of 0, where one had come so close to it that no digit tells them apart."""
    for place in range(len(found.shared) - model.effects, len(found.shared)):
        if 0 < found.shared[place] < NEGLIGIBLE_SCALE:
            shared, held = found.shared.copy(), free.copy()
            shared[place], held[place] = 0.0, False
            at_zero = climb(model, found.own, shared, held)
            found = at_zero if at_zero.value >= found.value - ROUGH else found
    return found


def _at(model: MixedModel, own: FloatArray, shared: FloatArray) -> Maximum:
    """The likelihood and its derivatives at a point."""
    parameters = parameters_of(own, shared)
    slope, second = derivatives(model, parameters)
    curvature = -second
    information = curvature[:, model.own :, model.own :].sum(axis=0)
    if model.own:
        cross = curvature[:, 0, 1:]
        information -= (cross / _own_information(curvature)[:, None]).T @ cross
    return Maximum(own, shared, float(log_likelihoods(model, parameters).sum()), slope, curvature, information)


def _unsigned(model: MixedModel, shared: FloatArray) -> FloatArray:
    """The shared parameters with standard deviations above 0: the likelihood does not know their sign."""
    scale = np.arange(len(shared)) >= len(shared) - model.effects
    return np.where(scale, np.abs(shared), shared)


def _own_information(curvature: FloatArray) -> FloatArray:
    """Information of the studies' own coefficients, shape (k,), held above 0."""
    return np.maximum(curvature[:, 0, 0], FLATTEST)


def _newton(model: MixedModel, here: Maximum, free: BoolArray) -> tuple[FloatArray, FloatArray, float]:
    """Steps of the own and of the shared parameters, always uphill, and by how much the likelihood may rise."""
    slope = here.slope
    total, lent = slope[:, model.own :].sum(axis=0), slope[:, : model.own]
    cross = here.curvature[:, 0, model.own :]
    if model.own:
        lent = lent / _own_information(here.curvature)[:, None]
        total = total - (cross * lent).sum(axis=0)
    step = np.zeros_like(here.shared)
    step[free] = _uphill(here.information[np.ix_(free, free)], total[free])
    rise = float(total @ step + (slope[:, : model.own] * lent).sum())
    own_step = lent - (cross @ step / _own_information(here.curvature))[:, None] if model.own else lent
    longest = max(np.abs(step).max(initial=0.0), np.abs(own_step).max(initial=0.0), LONGEST_STEP)
    return own_step * (LONGEST_STEP / longest), step * (LONGEST_STEP / longest), rise


def _uphill(information: FloatArray, slope: FloatArray) -> FloatArray:
    """Newton's step, with directions of wrong curvature turned round."""
    size, direction = np.linalg.eigh(information)
    least = FLATTEST * np.abs(size).max(initial=FLATTEST)
    step: FloatArray = direction @ ((direction.T @ slope) / np.maximum(np.abs(size), least))
    return step


def _away_from_zero(model: MixedModel, here: Maximum, free: BoolArray) -> FloatArray:
    """A step of the free standard deviations that are 0 where the likelihood is least: level, but rising both ways."""
    scale = np.arange(len(free)) >= len(free) - model.effects
    least = scale & free & (here.shared == 0) & (np.diag(here.information) < 0)
    return np.where(least, OFF_ZERO, 0.0)


def _rising(model: MixedModel, here: Maximum, own_step: FloatArray, step: FloatArray) -> Maximum | None:
    """The point after the step, or after the half of it, or the quarter, that rises; None where none does."""
    for _ in range(MOST_HALVINGS):
        own, shared = here.own + own_step, _unsigned(model, here.shared + step)
        if log_likelihoods(model, parameters_of(own, shared)).sum() > here.value:
            return _at(model, own, shared)
        own_step, step = 0.5 * own_step, 0.5 * step
    return None
