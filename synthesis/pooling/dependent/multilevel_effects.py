"""What a fitted model says of single levels and new rows: random effects, weights, predictions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from synthesis.pooling.batch import FloatArray, IntArray
from synthesis.pooling.dependent.multilevel_problem import Maximum, Problem
from synthesis.pooling.dependent.random_terms import Correlated, Intercept
from synthesis.pooling.dependent.structures import covariance
from synthesis.pooling.dependent.variance_components import Part

COLUMNS = 256  # levels worked on at a time


@dataclass(frozen=True, slots=True, eq=False)
class RandomEffects:
    """Predicted random effects of one term (best linear unbiased predictions), on the scale of yi."""

    term: str  # as in `random`
    levels: tuple[str, ...]  # of an intercept; of `inner | outer`, each inner level within each outer one
    estimate: FloatArray  # (levels,)
    se: FloatArray  # (levels,) of the prediction: root of the variance of the effect given the data, b being estimated


def random_effects(problem: Problem, top: Maximum) -> tuple[RandomEffects, ...]:
    """The random effects of every term.

    With C the covariance of the effects and y, u = C P y and its prediction variance is G - C P C'.

    References
    ----------
    Robinson GK (1991). That BLUP is a good thing: the estimation of random effects. Statistical Science 6(1), 15-32.
    """
    found = []
    for part, place in zip(problem.components.parts, problem.components.slices(), strict=True):
        estimate, spread = [], []
        for c, prior in _columns(part, top.working[place]):
            estimate.append(c.T @ top.point.py)
            spread.append(prior - _projected(top, c))
        se = problem.scale * np.sqrt(np.maximum(np.concatenate(spread), 0.0))
        found.append(RandomEffects(part.term.name, _labels(part), problem.scale * np.concatenate(estimate), se))
    return tuple(found)


def _projected(top: Maximum, c: FloatArray) -> FloatArray:
    """The diagonal of C P C', for the columns c of C'."""
    half = c.T @ top.point.wx
    whole = (c * top.point.covariance.solve(c)).sum(axis=0)
    found: FloatArray = whole - ((half @ top.point.inverse) * half).sum(axis=1)
    return found


def _columns(part: Part, working: FloatArray) -> Iterator[tuple[FloatArray, FloatArray]]:
    """Covariance of some effects with each row, (n, some), and their own variances."""
    term = part.term
    if isinstance(term, Intercept):
        for some in _some(len(term.levels)):
            yield working[0] * (term.level[:, None] == some), np.full(len(some), working[0])
        return
    g = covariance(term.structure, working, term.distance)
    m = len(g)
    for some in _some(len(term.outer_levels) * m):
        outer, inner = np.divmod(some, m)
        yield g[term.inner[:, None], inner] * (term.outer[:, None] == outer), np.diag(g)[inner]


def _some(count: int) -> Iterator[IntArray]:
    for begin in range(0, count, COLUMNS):
        yield np.arange(begin, min(begin + COLUMNS, count))


def _labels(part: Part) -> tuple[str, ...]:
    term = part.term
    if isinstance(term, Correlated):
        return tuple(f"{outer}: {inner}" for outer in term.outer_levels for inner in term.levels)
    return term.levels


def row_weights(top: Maximum) -> FloatArray:
    """Shares of 1 by which the rows make the coefficient of a model with the intercept alone, shape (n,)."""
    pull: FloatArray = top.point.wx[:, 0]
    shares: FloatArray = pull / pull.sum()
    return shares


def diagonal_weights(top: Maximum) -> FloatArray:
    """The diagonal of M^-1 as shares of 1, shape (n,)."""
    diagonal = top.point.covariance.diagonal()
    shares: FloatArray = diagonal / diagonal.sum()
    return shares
