"""Marginal likelihoods of studies with random effects, by adaptive Gauss-Hermite quadrature along a batch."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np

from synthesis.pooling.batch import FloatArray
from synthesis.pooling.sparse.families import Family, Numbers

MODE_STEPS = 100
AT_THE_MODE = 1e-9  # of u; the step after it squares that, and the rest enters by the derivative, see `_integrals`
LEVEL = 1e-12  # how much of a log density may be lost to rounding on the way up
LONGEST_STEP = 4.0  # of eta, on the way to a mode
COMPLEX_STEP = 1e-20  # no difference is taken: nothing cancels, however short the step
REAL_STEP = 1e-6  # of eta, for differences of exact gradients


@dataclass(frozen=True, slots=True, eq=False)
class MixedModel:
    """k studies with r counts each: eta = offset + X phi + (Z * s) u, with u independent standard normal.

    The parameters of a study are phi, its q coefficients, and after them s, the d standard deviations of the random
    effects. Where `own` is 1 the first coefficient is the study's own; the others all studies share.
    """

    family: Family
    offset: FloatArray  # (k, r)
    design: FloatArray  # (k, r, q): X
    loading: FloatArray  # (k, r, d): Z
    own: int  # 0 or 1
    points: int  # of the quadrature, for each random effect; 1 is the approximation of Laplace

    @property
    def k(self) -> int:
        """How many studies there are."""
        return len(self.offset)

    @property
    def effects(self) -> int:
        """d, how many random effects a study has: 0, 1 or 2."""
        effects: int = self.loading.shape[-1]
        return effects

    def predictor(self, parameters: Numbers) -> tuple[Numbers, Numbers]:
        """The fixed part of eta, shape (..., k, r), and Z * s, shape (..., k, r, d); for parameters (..., k, q + d)."""
        q = self.design.shape[-1]
        fixed = self.offset + (self.design * parameters[..., None, :q]).sum(axis=-1)
        return fixed, self.loading * parameters[..., None, q:]


def log_likelihoods(model: MixedModel, parameters: FloatArray) -> FloatArray:
    """Marginal log-likelihood of each study, shape (..., k), with all constants; for parameters (..., k, q + d)."""
    value: FloatArray = _integrals(model, parameters, modes(model, parameters))
    return value


def gradients(model: MixedModel, parameters: FloatArray) -> FloatArray:
    """Derivatives of `log_likelihoods` by each parameter, shape (..., k, q + d).

    They are those of the quadrature itself, whose nodes move with the parameters: so its maximum, not only that of
    the integral, is found to the last digit.

    References
    ----------
    Squire W, Trapp G (1998). Using complex variables to estimate derivatives of real functions. SIAM Review 40(1),
    110-112.
    """
    mode = modes(model, parameters)
    slope = np.empty_like(parameters)
    for j in range(parameters.shape[-1]):
        moved = parameters.astype(np.complex128)
        moved[..., j] += 1j * COMPLEX_STEP
        slope[..., j] = _integrals(model, moved, mode).imag / COMPLEX_STEP
    return slope


def derivatives(model: MixedModel, parameters: FloatArray) -> tuple[FloatArray, FloatArray]:
    """First derivatives, shape (k, p), and second ones, shape (k, p, p), by differences of the exact first ones."""
    p = parameters.shape[-1]
    steps = REAL_STEP * np.eye(p)[:, None, :]
    slope = gradients(model, np.concatenate([parameters[None], parameters + steps, parameters - steps]))
    curvature = np.moveaxis(slope[1 : p + 1] - slope[p + 1 :], 0, -1) / (2 * REAL_STEP)
    return slope[0], 0.5 * (curvature + np.swapaxes(curvature, -1, -2))


def conditional_log_likelihood(model: MixedModel, parameters: FloatArray) -> float:
    """Log density of all counts given the most likely random effects, without the density of these."""
    fixed, loading = model.predictor(parameters)
    eta = fixed + (loading * modes(model, parameters)[..., None, :]).sum(axis=-1)
    return float(model.family.log_density(eta).sum())


def modes(model: MixedModel, parameters: FloatArray) -> FloatArray:
    """The most likely u of each study, shape (..., k, d): Newton's steps, halved wherever one does not rise."""
    fixed, loading = model.predictor(parameters)
    u: FloatArray = np.zeros((*fixed.shape[:-1], model.effects))
    if not model.effects:
        return u
    height, step = _joint(model, fixed, loading, u), _newton_step(model, fixed, loading, u)
    for _ in range(MODE_STEPS):
        there = u + step
        higher = _joint(model, fixed, loading, there)
        rises = (higher >= height - LEVEL * np.abs(height))[..., None]
        u, height = np.where(rises, there, u), np.where(rises[..., 0], higher, height)
        if (np.abs(step) <= AT_THE_MODE).all():
            break
        step = np.where(rises, _newton_step(model, fixed, loading, u), 0.5 * step)
    return u


def _joint(model: MixedModel, fixed: Numbers, loading: Numbers, u: Numbers) -> Numbers:
    """Log density of counts and random effects of each study, shape (..., k), without the constant of the latter."""
    eta = fixed + (loading * u[..., None, :]).sum(axis=-1)
    value: Numbers = model.family.log_density(eta).sum(axis=-1) - 0.5 * np.square(u).sum(axis=-1)
    return value


def _newton_step(model: MixedModel, fixed: FloatArray, loading: FloatArray, u: FloatArray) -> FloatArray:
    """A step towards the mode which moves no eta further than LONGEST_STEP."""
    slope, curvature = _slopes(model, fixed, loading, u)
    step = _solve(curvature, slope)
    longest = np.abs((loading * step[..., None, :]).sum(axis=-1)).max(axis=-1)
    held: FloatArray = step / np.maximum(1.0, longest / LONGEST_STEP)[..., None]
    return held


def _slopes(model: MixedModel, fixed: Numbers, loading: Numbers, u: Numbers) -> tuple[Numbers, Numbers]:
    """Slope of `_joint` by u, shape (..., k, d), and its curvature with the sign changed, shape (..., k, d, d)."""
    score, information = model.family.slopes(fixed + (loading * u[..., None, :]).sum(axis=-1))
    slope = (loading * score[..., None]).sum(axis=-2) - u
    spread = (loading[..., :, None] * loading[..., None, :] * information[..., None, None]).sum(axis=-3)
    return slope, np.eye(model.effects) + spread


def _integrals(model: MixedModel, parameters: Numbers, mode: FloatArray) -> Numbers:
    """Log of the integral over u for each study, shape (..., k); `mode` is that at the real parts of the parameters.

    With C C' the inverse of the curvature at the mode m, and nodes t with weights w of the standard normal, it is
    log |C| + log sum w exp(joint(m + C t) + t't / 2).
    """
    fixed, loading = model.predictor(parameters)
    if not model.effects:
        return _joint(model, fixed, loading, mode)
    slope, curvature = _slopes(model, fixed, loading, mode)
    centre = mode + _solve(curvature, slope)  # carries the derivative of the mode where the parameters are complex
    root = _inverse_root(_slopes(model, fixed, loading, centre)[1])
    nodes, log_weights = _nodes(model.points, model.effects)
    ahead = (slice(None), *(None,) * (centre.ndim - 1))
    u = centre + (root * nodes[ahead][..., None, :]).sum(axis=-1)
    log_terms = _joint(model, fixed, loading, u) + log_weights[ahead]
    top = log_terms.real.max(axis=0)
    determinant = np.diagonal(root, axis1=-2, axis2=-1).prod(axis=-1)
    value: Numbers = np.log(determinant) + top + np.log(np.exp(log_terms - top).sum(axis=0))
    return value


@cache
def _nodes(points: int, effects: int) -> tuple[FloatArray, FloatArray]:
    """Nodes t of all random effects, shape (j, d), and log(w) + t't / 2, shape (j,)."""
    t, w = np.polynomial.hermite_e.hermegauss(points)
    log_w = np.log(w / w.sum()) + 0.5 * np.square(t)
    nodes = np.array(list(product(t, repeat=effects)))
    return nodes, np.array([sum(one) for one in product(log_w, repeat=effects)])


def _solve(matrix: Numbers, vector: Numbers) -> Numbers:
    """The solution of one or two equations for each study."""
    if vector.shape[-1] == 1:
        return vector / matrix[..., 0]
    a, b, c = matrix[..., 0, 0], matrix[..., 0, 1], matrix[..., 1, 1]
    x, y = vector[..., 0], vector[..., 1]
    solution: Numbers = np.stack([c * x - b * y, a * y - b * x], axis=-1) / (a * c - b * b)[..., None]
    return solution


def _inverse_root(matrix: Numbers) -> Numbers:
    """An upper triangular C with C C' the inverse of a matrix of one or two rows, for each study."""
    first = np.sqrt(matrix[..., 0, 0])
    if matrix.shape[-1] == 1:
        return (1 / first)[..., None, None]
    below = matrix[..., 0, 1] / first
    second = np.sqrt(matrix[..., 1, 1] - np.square(below))
    rows = [[1 / first, -below / (first * second)], [np.zeros_like(first), 1 / second]]
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)
