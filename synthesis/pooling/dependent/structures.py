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


def _factor(angles: FloatArray, m: int, turned: int = -1) -> FloatArray:
    """Cholesky factor of R, (m, m): row i is (cos a1, sin a1 cos a2, ..., sin a1 ... sin ai); or its slope by an angle.

    References
    ----------
    Pinheiro JC, Bates DM (1996). Unconstrained parametrizations for variance-covariance matrices. Statistics and
    Computing 6, 289-296.
    """
    sin, cos = np.sin(angles), np.cos(angles)
    if turned >= 0:
        sin[turned], cos[turned] = cos[turned], -sin[turned]
    found, first = np.zeros((m, m)), 0
    found[0, 0] = turned < 0
    for row in range(1, m):
        places = slice(first, first + row)
        products = np.concatenate([[1.0], np.cumprod(sin[places])])
        found[row, : row + 1] = products * np.append(cos[places], 1.0)
        if turned >= 0:
            own = first <= turned < first + row
            found[row, : turned - first if own else row + 1] = 0.0
        first += row
    return found


def _unstructured(angles: FloatArray, distance: FloatArray) -> FloatArray:
    factor = _factor(angles, len(distance))
    found: FloatArray = factor @ factor.T
    return found


def _unstructured_slopes(angles: FloatArray, distance: FloatArray) -> FloatArray:
    m = len(distance)
    factor = _factor(angles, m)
    halves = np.stack([_factor(angles, m, turned) @ factor.T for turned in range(len(angles))])
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
    kind = DEVIATION if structure.each and structure.correlation != "none" else VARIANCE
    spread = (Parameter(kind, 0.0, np.inf),) * (m if structure.each else 1)
    return spread + correlation_of(structure, m).parameters(m)


def covariance(structure: Structure, working: FloatArray, distance: FloatArray) -> FloatArray:
    """G, shape (m, m), at the working parameters."""
    variances, r = _parts(structure, working, distance)
    if not structure.each:
        return variances[0] * r
    if structure.correlation == "none":
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
    if structure.correlation == "none":
        return np.eye(m)[:, :, None] * np.eye(m)[:, None, :]
    half = np.eye(m)[:, :, None] * spread * r
    return np.concatenate([half + half.transpose(0, 2, 1), np.outer(spread, spread) * slopes])


def _parts(structure: Structure, working: FloatArray, distance: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Parameters of the variances, and R."""
    m = len(distance)
    spread = m if structure.each else 1
    return working[:spread], correlation_of(structure, m).matrix(working[spread:], distance)
