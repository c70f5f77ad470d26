"""A model to be fitted: effects, design, sampling covariance and components; and its maximum likelihood."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from synthesis.pooling.batch import BoolArray, FloatArray, IntArray
from synthesis.pooling.blocks import Blocks, diagonal_blocks
from synthesis.pooling.dependent.by_blocks import ByBlocks, block_sizes, grouped
from synthesis.pooling.dependent.climb import Box, Slope, Spot, Top, climb, highest
from synthesis.pooling.dependent.crossed import chain_and_others, crossed_levels
from synthesis.pooling.dependent.multilevel_likelihood import Covariance, Point, gradient, point, slope
from synthesis.pooling.dependent.nested import nested_levels
from synthesis.pooling.dependent.random_terms import Correlated, Intercept
from synthesis.pooling.dependent.structures import ANGLE, DEVIATION, Parameter
from synthesis.pooling.dependent.variance_components import Components, start

RHO = (0.0, 0.5, -0.9, 0.9)  # correlations to start from
SLIGHT = 0.05  # share of a variance that is little
MANY = 6  # inner levels from which there are no starts with each of them near 0
TURN = 0.5  # radians; the longest step of an angle
HEAVY = 1e8  # cubes of block sizes, added up, from which two starts must do


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """Data in units of `scale`, so that nothing depends on the unit of yi.

    `y` are the residuals of ordinary least squares; the columns of `x` are orthonormal, X = x r.
    """

    y: FloatArray  # (n,)
    x: FloatArray  # (n, p)
    r: FloatArray  # (p, p)
    origin: FloatArray  # (p,) coefficients of ordinary least squares on x
    scale: float
    sampling: Blocks | FloatArray  # V, or its diagonal (n,)
    without: Point  # least squares with the sampling covariance alone
    components: Components
    covariance: Covariance


@dataclass(frozen=True, slots=True, eq=False)
class Maximum:
    """Where the likelihood of a problem is highest."""

    working: FloatArray  # (q,)
    point: Point
    iterations: int
    converged: bool
    maxima: int  # how many of different height were seen


def problem_of(yi: FloatArray, design: FloatArray, sampling: Blocks | FloatArray, components: Components) -> Problem:
    """The problem in its own unit: the median standard error."""
    diagonal = sampling.diagonal() if isinstance(sampling, Blocks) else sampling
    scale = float(np.sqrt(np.median(diagonal)))
    x, r = np.linalg.qr(design)
    origin = x.T @ (yi / scale)
    if isinstance(sampling, Blocks):
        rescaled: Blocks | FloatArray = Blocks(sampling.rows, tuple(one / scale**2 for one in sampling.matrices))
    else:
        rescaled = sampling / scale**2
    y = yi / scale - x @ origin
    components = in_unit(components, scale)
    covariance = covariance_of(components, rescaled)
    return Problem(y, x, r, origin, scale, rescaled, _without_effects(y, x, rescaled), components, covariance)


def _without_effects(y: FloatArray, x: FloatArray, sampling: Blocks | FloatArray) -> Point:
    covariance = covariance_of(Components((), np.empty(0)), sampling).at(np.empty(0))
    assert covariance is not None
    return point(covariance, x, y)


def in_unit(components: Components, scale: float) -> Components:
    """Components with their fixed variances in units of scale^2."""
    fixed = [value / _unit(one, scale) for one, value in zip(components.parameters, components.fixed, strict=True)]
    return replace(components, fixed=np.array(fixed, dtype=np.float64))


def _unit(parameter: Parameter, scale: float) -> float:
    return {"variance": scale**2, DEVIATION: scale}.get(parameter.kind, 1.0)


def covariance_of(components: Components, sampling: Blocks | FloatArray) -> Covariance:
    """With independent sampling errors and intercepts alone a closed form, nested or crossed; else blocks."""
    if isinstance(sampling, Blocks):
        return grouped(components, sampling)
    terms = [part.term for part in components.parts]
    levels = [term.level for term in terms if isinstance(term, Intercept)]
    if len(levels) == len(terms):
        return nested_levels(sampling, levels) or _crossed(components, sampling, levels)
    return grouped(components, diagonal_blocks(sampling))


def _crossed(components: Components, sampling: FloatArray, levels: Sequence[IntArray]) -> Covariance:
    """Crossed intercepts by whichever form does less: the closed one, or blocks."""
    chain, others = chain_and_others(levels)
    q = sum(float(levels[one].max()) + 1 for one in others)
    blocks = diagonal_blocks(sampling)
    if len(sampling) * q + q**3 < (block_sizes(components, blocks).astype(np.float64) ** 3).sum():
        return crossed_levels(sampling, levels, chain, others)
    return grouped(components, blocks)


def with_components(problem: Problem, components: Components) -> Problem:
    """The same data with other components (fixed ones, or another order of levels)."""
    if not isinstance(problem.covariance, ByBlocks):
        return replace(problem, components=components)
    return replace(problem, components=components, covariance=replace(problem.covariance, components=components))


def point_at(problem: Problem, working: FloatArray) -> Point | None:
    """Least squares at some working values; None where the matrix is not positive definite."""
    covariance = problem.covariance.at(working)
    return None if covariance is None else point(covariance, problem.x, problem.y)


def box_of(components: Components) -> Box:
    """Bounds of the free parameters."""
    parameters = [one for one, free in zip(components.parameters, components.free, strict=True) if free]
    low, high = np.array([(one.low, one.high) for one in parameters]).reshape(-1, 2).T
    soft = np.array([one.kind == DEVIATION for one in parameters], dtype=np.bool_)
    return Box(low, high, soft, np.array([TURN if one.kind == ANGLE else np.inf for one in parameters]))


def maximum(problem: Problem, *, restricted: bool, near: FloatArray | None = None) -> Maximum:
    """The highest likelihood over the free components; from `near` alone where it is given."""
    components = problem.components
    free = components.free

    def whole(place: FloatArray) -> FloatArray:
        working = components.fixed.copy()
        working[free] = place
        return working

    def look(place: FloatArray) -> Spot:
        found = point_at(problem, whole(place))
        value = -np.inf if found is None else found.restricted if restricted else found.full
        return _spot(found, value, free, restricted=restricted)

    if not free.any():
        return _at(problem, Top(np.empty(0), 0.0, 0, True), 1, whole)
    box = box_of(components)
    if near is not None:
        return _at(problem, climb(look, near[free], box), 1, whole)
    return _at(problem, *highest(look, (one[free] for one in starts(problem)), box), whole)


def _spot(found: Point | None, value: float, free: BoolArray, *, restricted: bool) -> Spot:
    """What a climb sees of the likelihood: its value, and by the free parameters its slope."""

    def steepness() -> FloatArray:
        assert found is not None
        return gradient(found, restricted=restricted)[0][free]

    def all_of_it() -> Slope:
        assert found is not None
        whole = slope(found, restricted=restricted)
        return Slope(whole.gradient[free], whole.information[np.ix_(free, free)])

    return Spot(value, steepness, all_of_it)


def _at(problem: Problem, top: Top, maxima: int, whole: Callable[[FloatArray], FloatArray]) -> Maximum:
    working = whole(top.place)
    found = point_at(problem, working)
    assert found is not None
    return Maximum(working, found, top.iterations, top.converged, maxima)


def starts(problem: Problem) -> list[FloatArray]:
    """Working values to start from: a moment estimate of the whole variance, shared out in several ways."""
    components, total = problem.components, total_variance(problem)
    equal = [np.full(len(part.variances), total / len(components.parts)) for part in components.parts]
    rhos = _correlations(components)
    found = [start(components, equal, rho) for rho in rhos]
    if _heavy(problem.covariance):
        return found[:2]
    found += [start(components, one, rhos[-1]) for one in _one_sided(equal)]
    found += [start(components, one, rho) for one in _uneven(problem, total) for rho in (rhos[-1], -rhos[-1])]
    if not _unstructured(components):
        n, p = problem.x.shape
        raw = float(problem.y @ problem.y) / (n - p) / total
        found += [start(components, [one * factor for one in equal], rhos[-1]) for factor in (max(raw, SLIGHT), SLIGHT)]
    return list({tuple(one.round(9).tolist()): one for one in found}.values())


def _correlations(components: Components) -> tuple[float, ...]:
    """Correlations to start from."""
    if not any(part.correlations for part in components.parts):
        return RHO[:1]
    return RHO[:2] if _unstructured(components) else RHO


def _unstructured(components: Components) -> bool:
    """Whether there are angles: then a climb is long, and from wherever it begins it mostly ends at one place."""
    return any(one.kind == ANGLE for one in components.parameters)


def _one_sided(equal: Sequence[FloatArray]) -> Iterator[list[FloatArray]]:
    """Most of the variance in one part, for each of several parts."""
    for most in range(len(equal) if len(equal) > 1 else 0):
        yield [one * (0.8 * len(equal) if place == most else 0.2) for place, one in enumerate(equal)]


def _uneven(problem: Problem, total: float) -> Iterator[list[FloatArray]]:
    """Moment estimates for inner levels that differ, where there is no other part; and each near 0 in turn."""
    parts = problem.components.parts
    sampling = problem.sampling
    excess = np.square(problem.y) - (sampling.diagonal() if isinstance(sampling, Blocks) else sampling)
    for part in parts:
        term = part.term
        if not isinstance(term, Correlated) or not term.structure.each or len(parts) > 1:
            continue
        sums, size = np.bincount(term.inner, excess), np.bincount(term.inner)
        own = np.maximum(sums / size, SLIGHT * total)
        yield [own]
        in_turn = len(own) <= MANY and term.structure.correlation != "each"
        for level in range(len(own) if in_turn else 0):
            yield [np.where(np.arange(len(own)) == level, SLIGHT**2 * own, own)]


def _heavy(covariance: Covariance) -> bool:
    if not isinstance(covariance, ByBlocks):
        return False
    return sum(len(group.rows) * float(group.rows.shape[1]) ** 3 for group in covariance.groups) > HEAVY


def total_variance(problem: Problem) -> float:
    """(Q - (n - p)) / tr P of the model without random effects, but at least a tenth of (n - p) / tr P."""
    n, p = problem.x.shape
    excess = float(problem.y @ problem.without.py) - (n - p)
    typical = typical_variance(problem)
    return float(max(excess * typical / (n - p), 0.1 * typical))


def typical_variance(problem: Problem) -> float:
    """(n - p) / tr P, with P of the model without random effects; in units of scale^2.

    References
    ----------
    Higgins JPT, Thompson SG (2002). Quantifying heterogeneity in a meta-analysis. Statistics in Medicine 21(11),
    1539-1558.
    """
    n, p = problem.x.shape
    return float((n - p) / projector_diagonal(problem.without).sum())


def projector_diagonal(at: Point) -> FloatArray:
    """The diagonal of P = M^-1 - M^-1 X (X' M^-1 X)^-1 X' M^-1, shape (n,)."""
    found: FloatArray = at.covariance.diagonal() - np.einsum("ni,ij,nj->n", at.wx, at.inverse, at.wx)
    return found
