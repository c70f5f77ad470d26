"""The marginal covariance of the effects of a fitted model, as blocks."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import numpy as np

from synthesis.pooling.batch import FloatArray, IntArray
from synthesis.pooling.blocks import Blocks, diagonal_blocks
from synthesis.pooling.dependent.by_blocks import ByBlocks, grouped
from synthesis.pooling.dependent.multilevel_problem import Problem
from synthesis.pooling.dependent.nested import Nested


def marginal(problem: Problem, working: FloatArray) -> Blocks:
    """V and the covariance of all random effects at some working values, in squared units of yi."""
    if isinstance(problem.covariance, Nested):
        return _nested(problem.covariance, working, problem.scale)
    whole = problem.covariance
    if not isinstance(whole, ByBlocks):
        assert not isinstance(problem.sampling, Blocks)
        whole = grouped(problem.components, diagonal_blocks(problem.sampling))
    groups = whole.groups
    matrices = [whole.matrix(group, working) * problem.scale**2 for group in groups]
    return Blocks(tuple(chain.from_iterable(group.rows for group in groups)), tuple(chain.from_iterable(matrices)))


def _nested(nested: Nested, working: FloatArray, scale: float) -> Blocks:
    """A block for each cluster of the coarsest level."""
    if not nested.level:
        return diagonal_blocks(scale**2 / nested.w)
    coarsest = nested.level[-1]
    order = np.argsort(coarsest, kind="stable")
    rows = np.split(order, np.cumsum(np.bincount(coarsest))[:-1])
    variances = working[list(nested.order)] * scale**2
    return Blocks(tuple(rows), tuple(_block(nested.level, variances, scale**2 / nested.w[one], one) for one in rows))


def _block(levels: Sequence[IntArray], variances: FloatArray, v: FloatArray, rows: IntArray) -> FloatArray:
    matrix = np.diag(v)
    for level, variance in zip(levels, variances.tolist(), strict=True):
        own = level[rows]
        matrix += variance * (own[:, None] == own)
    return matrix
