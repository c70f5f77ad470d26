"""Covariance structures of correlated random effects: G over the m levels of the inner factor.

A structure is worked with in parameters in which the likelihood is smooth up to its edges: variances where G is
linear in them, else standard deviations; correlations; for an unstructured G the angles of its Cholesky factor.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from synthesis.pooling.batch import FloatArray

VARIANCE, DEVIATION, CORRELATION, ANGLE = "variance", "deviation", "correlation", "angle"
DIFFERENCE = 1e-6  # of correlations and angles, in a numerical derivative


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number that is worked with, and where it may lie."""

    kind: str  # variance, deviation (its root), correlation or angle
    low: float
    high: float


@dataclass(frozen=True, slots=True, eq=False)
class Correlation:
    """How the correlations R over m levels depend on c parameters; `distance`, (m, m), lies between levels."""

    parameters: Callable[[int], tuple[Parameter, ...]]  # of m
    matrix: Callable[[FloatArray, FloatArray], FloatArray]  # of parameters and distance: R, (m, m)
    slopes: Callable[[FloatArray, FloatArray], FloatArray]  # dR by each parameter, (c, m, m)


@dataclass(frozen=True, slots=True)
class Structure:
    """One kind of G = diag(sd) R diag(sd)."""

    meaning: str
    each: bool  # a variance for each level, or one for all
    correlation: str  # a key of CORRELATIONS
    numeric: bool = False  # the inner factor holds times, and its values count


def _none(_: int) -> tuple[Parameter, ...]:
    return ()


def _identity(_: FloatArray, distance: FloatArray) -> FloatArray:
    return np.eye(len(distance))


def _no_slopes(_: FloatArray, distance: FloatArray) -> FloatArray:
    return np.zeros((0, *distance.shape))


def _exchangeable_parameters(m: int) -> tuple[Parameter, ...]:
    """One correlation; below -1 / (m - 1) the matrix would not be positive semi-definite."""
    return (Parameter(CORRELATION, -1 / (m - 1), 1.0),)


def _exchangeable(rho: FloatArray, distance: FloatArray) -> FloatArray:
    found: FloatArray = np.where(np.eye(len(distance)) == 1, 1.0, rho[0])
    return found


def _exchangeable_slopes(_: FloatArray, distance: FloatArray) -> FloatArray:
    found: FloatArray = (1.0 - np.eye(len(distance)))[None]
    return found


def _by_steps_parameters(_: int) -> tuple[Parameter, ...]:
    return (Parameter(CORRELATION, -1.0, 1.0),)


def _by_time_parameters(_: int) -> tuple[Parameter, ...]:
    return (Parameter(CORRELATION, 0.0, 1.0),)


def _decay(rho: FloatArray, distance: FloatArray) -> FloatArray:
    """The correlation rho to the power of the distance, which is 0 or at least 1."""
    found: FloatArray = rho[0] ** distance
    return found


def _decay_slopes(rho: FloatArray, distance: FloatArray) -> FloatArray:
    found: FloatArray = (distance * rho[0] ** np.maximum(distance - 1, 0.0))[None]
    return found


def _angle_parameters(m: int) -> tuple[Parameter, ...]:
    return (Parameter(ANGLE, -np.inf, np.inf),) * (m * (m - 1) // 2)


def _factor(angles: FloatArray, m: int) -> FloatArray:
    """Cholesky factor of R, (m, m): row i is (cos a1, sin a1 cos a2, ..., sin a1 ... sin ai).

    References
    ----------
    Pinheiro JC, Bates DM (1996). Unconstrained parametrizations for variance-covariance matrices. Statistics and
    Computing 6, 289-296.
    """
    found = np.zeros((m, m))
    found[0, 0] = 1.0
    for row, places in _angle_rows(m):
        products = np.append(1.0, np.cumprod(np.sin(angles[places])))
        found[row, : row + 1] = products * np.append(np.cos(angles[places]), 1.0)
    return found


def _angle_rows(m: int) -> list[tuple[int, slice]]:
    """Rows of the factor that have angles, and which."""
    return [(row, slice(row * (row - 1) // 2, row * (row + 1) // 2)) for row in range(1, m)]


def _factor_slopes(angles: FloatArray, m: int) -> FloatArray:
    """The derivatives of the factor by each angle, (c, m, m): in row i the angle's sine and cosine change places."""
    found = np.zeros((len(angles), m, m))
    for row, places in _angle_rows(m):
        sin, cos = np.tile(np.sin(angles[places]), (row, 1)), np.tile(np.cos(angles[places]), (row, 1))
        own = np.arange(row)
        sin[own, own], cos[own, own] = cos[own, own], -sin[own, own]
        products = np.cumprod(np.hstack([np.ones((row, 1)), sin]), axis=1)
        found[places, row, : row + 1] = np.triu(products * np.hstack([cos, np.ones((row, 1))]))
    return found


def _unstructured(angles: FloatArray, distance: FloatArray) -> FloatArray:
    factor = _factor(angles, len(distance))
    found: FloatArray = factor @ factor.T
    return found


def _unstructured_slopes(angles: FloatArray, distance: FloatArray) -> FloatArray:
    halves = _factor_slopes(angles, len(distance)) @ _factor(angles, len(distance)).T
    found: FloatArray = halves + halves.transpose(0, 2, 1)
    return found


CORRELATIONS: Mapping[str, Correlation] = {
    "none": Correlation(_none, _identity, _no_slopes),
    "one": Correlation(_exchangeable_parameters, _exchangeable, _exchangeable_slopes),
    "by steps": Correlation(_by_steps_parameters, _decay, _decay_slopes),
    "by time": Correlation(_by_time_parameters, _decay, _decay_slopes),
    "each": Correlation(_angle_parameters, _unstructured, _unstructured_slopes),
}

STRUCTURES: Mapping[str, Structure] = {
    "CS": Structure("compound symmetry: one variance, one correlation", False, "one"),
    "HCS": Structure("heteroscedastic compound symmetry: a variance for each level, one correlation", True, "one"),
    "UN": Structure("unstructured: a variance for each level, a correlation for each pair", True, "each"),
    "DIAG": Structure("diagonal: a variance for each level, no correlation", True, "none"),
    "ID": Structure("scaled identity: one variance, no correlation", False, "none"),
    "AR": Structure("autoregressive: one variance, rho to the power of the steps between levels", False, "by steps"),
    "HAR": Structure("autoregressive with a variance for each level", True, "by steps"),
    "CAR": Structure("continuous-time autoregressive: rho to the power of the time between", False, "by time", True),
}


def correlation_of(structure: Structure, m: int) -> Correlation:
    """The correlations of a structure; there are none with a single level."""
    return CORRELATIONS[structure.correlation if m > 1 else "none"]


def parameters_of(structure: Structure, m: int) -> tuple[Parameter, ...]:
    """The parameters worked with, for m levels: those of the variances, then those of the correlations."""
    kind = DEVIATION if structure.each and not is_linear(structure, m) else VARIANCE
    spread = (Parameter(kind, 0.0, np.inf),) * (m if structure.each else 1)
    return spread + correlation_of(structure, m).parameters(m)


def is_linear(structure: Structure, m: int) -> bool:
    """Whether G is linear in its parameters."""
    return not correlation_of(structure, m).parameters(m)


def covariance(structure: Structure, working: FloatArray, distance: FloatArray) -> FloatArray:
    """G, shape (m, m), at the working parameters."""
    variances, r = _parts(structure, working, distance)
    if not structure.each:
        scaled: FloatArray = variances[0] * r
        return scaled
    if is_linear(structure, len(distance)):
        return np.diag(variances)
    found: FloatArray = np.outer(variances, variances) * r
    return found


def covariance_slopes(structure: Structure, working: FloatArray, distance: FloatArray) -> FloatArray:
    """The derivatives of G by each working parameter, shape (q, m, m)."""
    spread, r = _parts(structure, working, distance)
    m = len(distance)
    slopes = correlation_of(structure, m).slopes(working[len(spread) :], distance)
    if not structure.each:
        return np.concatenate([r[None], spread[0] * slopes])
    if is_linear(structure, m):
        return np.eye(m)[:, :, None] * np.eye(m)[:, None, :]
    half = np.eye(m)[:, :, None] * spread * r
    return np.concatenate([half + half.transpose(0, 2, 1), np.outer(spread, spread) * slopes])


def covariance_bends(structure: Structure, working: FloatArray, distance: FloatArray) -> FloatArray:
    """The second derivatives of G, shape (q, q, m, m), for a structure with correlations."""
    spread, r = _parts(structure, working, distance)
    m, first = len(distance), len(spread)
    rho = working[first:]
    slopes = correlation_of(structure, m).slopes(rho, distance)
    bends = _correlation_bends(structure, rho, distance)
    found = np.zeros((len(working), len(working), m, m))
    if not structure.each:
        found[0, 1:] = found[1:, 0] = slopes
        found[1:, 1:] = spread[0] * bends
        return found
    pairs = np.eye(m)[:, None, :, None] * np.eye(m)[None, :, None, :]
    half = np.eye(m)[:, None, :, None] * spread * slopes
    found[:first, :first] = (pairs + pairs.transpose(0, 1, 3, 2)) * r
    found[:first, first:] = half + half.transpose(0, 1, 3, 2)
    found[first:, :first] = found[:first, first:].transpose(1, 0, 2, 3)
    found[first:, first:] = np.outer(spread, spread) * bends
    return found


def _correlation_bends(structure: Structure, rho: FloatArray, distance: FloatArray) -> FloatArray:
    """The second derivatives of R, (c, c, m, m), by differences of the first."""
    correlation = correlation_of(structure, len(distance))
    here = correlation.slopes(rho, distance)
    found = np.empty((len(rho), len(rho), *distance.shape))
    for at, one in enumerate(correlation.parameters(len(distance))):
        width = DIFFERENCE if rho[at] + DIFFERENCE <= one.high else -DIFFERENCE
        moved = rho.copy()
        moved[at] += width
        found[at] = (correlation.slopes(moved, distance) - here) / width
    return found


def _parts(structure: Structure, working: FloatArray, distance: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Parameters of the variances, and R."""
    m = len(distance)
    spread = m if structure.each else 1
    return working[:spread], correlation_of(structure, m).matrix(working[spread:], distance)
