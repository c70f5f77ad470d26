"""The covariance of nested random intercepts and independent sampling errors, in O(n) time and memory.

M = diag(v) + sum over levels l of s_l Z_l Z_l', where the clusters of a finer level lie within those of a coarser
one. Level by level, from the finest, W = M^-1 changes within each cluster c by the rank-one identity of Sherman and
Morrison, W - k W1 1'W with k = s / (1 + s a) and a = 1'W1, so that sums over clusters are all that is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from synthesis.pooling.batch import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Nested:
    """Levels from the finest to the coarsest."""

    w: FloatArray  # (n,) precisions 1 / v
    order: tuple[int, ...]  # of the levels among the parameters
    level: tuple[IntArray, ...]  # (n,) the cluster of each row, for each level
    ancestor: tuple[tuple[IntArray, ...], ...]  # of a level's clusters: their cluster at each coarser level in turn
    single: tuple[BoolArray, ...]  # which clusters have one row: there W shrinks, and nothing is subtracted

    def at(self, working: FloatArray) -> NestedAt:
        """The matrix with the variances `working`, in the order of the parameters."""
        return _at(self, working[list(self.order)])


@dataclass(frozen=True, slots=True, eq=False)
class NestedAt:
    """The matrix at one point."""

    nested: Nested
    log_determinant: float
    alone: FloatArray  # (n,) precisions with the variances of all clusters in which the row is alone
    before: tuple[FloatArray, ...]  # (n,) for each level, W 1_c on the rows of c, before that level is added
    change: tuple[FloatArray, ...]  # k of each cluster, for each level; 0 for a single row
    shrink: tuple[FloatArray, ...]  # 1 / (1 + s a) of each cluster, for each level
    total: tuple[FloatArray, ...]  # 1'W1 of each cluster after its level is added

    def solve(self, u: FloatArray) -> FloatArray:
        """M^-1 u, shape (n, c)."""
        found: FloatArray = self.alone[:, None] * u
        for level, before, change in zip(self.nested.level, self.before, self.change, strict=True):
            found -= (change[:, None] * sums(level, found))[level] * before[:, None]
        return found

    def traces(self) -> FloatArray:
        """The trace of M^-1 Z Z' for each parameter, shape (q,)."""
        found = np.empty(len(self.nested.order))
        for place, parameter in enumerate(self.nested.order):
            found[parameter] = self.own(place).sum()
        return found

    def apply(self, u: FloatArray) -> FloatArray:
        """Z Z' u for each parameter, shape (q, n, c)."""
        found = np.empty((len(self.nested.order), *u.shape))
        for parameter, level in zip(self.nested.order, self.nested.level, strict=True):
            found[parameter] = sums(level, u)[level]
        return found

    def bend(self, pull: FloatArray, half: FloatArray) -> FloatArray:  # noqa: ARG002 - as other covariances take
        """M is linear in the variances: no bend, (q, q)."""
        return np.zeros((len(self.nested.order), len(self.nested.order)))

    def own(self, place: int) -> FloatArray:
        """1_c' M^-1 1_c of each cluster c of a level."""
        value = self.total[place].copy()
        pull = self.total[place]
        for up, ancestor in enumerate(self.nested.ancestor[place], place + 1):
            shrink = self.shrink[up][ancestor]
            value *= np.where(self.nested.single[up][ancestor], shrink, 1.0)
            value -= self.change[up][ancestor] * np.square(pull)
            pull = pull * shrink
        return value

    def diagonal(self) -> FloatArray:
        """The diagonal of M^-1, shape (n,)."""
        value = self.alone.copy()
        for level, before, change in zip(self.nested.level, self.before, self.change, strict=True):
            value -= change[level] * np.square(before)
        return value


def _at(nested: Nested, s: FloatArray) -> NestedAt:
    e = alone = nested.w
    weight = None
    log_determinant = -float(np.log(e).sum())
    before, changes, shrinks, totals = [], [], [], []
    for place, (level, single, variance) in enumerate(zip(nested.level, nested.single, s.tolist(), strict=True)):
        a = np.bincount(level, e) if weight is None else np.bincount(nested.ancestor[place - 1][0], weight)
        shrink = 1 / (1 + variance * a)
        before.append(e)
        changes.append(np.where(single, 0.0, variance * shrink))
        shrinks.append(shrink)
        totals.append(a * shrink)
        log_determinant += float(np.log1p(variance * a).sum())
        alone = alone * np.where(single, shrink, 1.0)[level]
        e, weight = e * shrink[level], a * shrink
    return NestedAt(nested, log_determinant, alone, tuple(before), tuple(changes), tuple(shrinks), tuple(totals))


def sums(level: IntArray, u: FloatArray) -> FloatArray:
    """Sums of the columns of u over each cluster, shape (clusters, c)."""
    return np.stack([np.bincount(level, column) for column in u.T], axis=-1)


def nested_levels(v: FloatArray, levels: Sequence[IntArray]) -> Nested | None:
    """The levels as a nested chain, or None where two of them cross; `levels` in the order of the parameters."""
    order = sorted(range(len(levels)), key=lambda place: int(levels[place].max()), reverse=True)
    chain = [levels[place] for place in order]
    parents = []
    for fine, coarse in pairwise(chain):
        parent = np.empty(fine.max() + 1, np.int64)
        parent[fine] = coarse
        if (parent[fine] != coarse).any():
            return None
        parents.append(parent)
    upward = tuple(_upward(parents[place:]) for place in range(len(chain)))
    single = tuple(np.bincount(level) == 1 for level in chain)
    return Nested(1 / v, tuple(order), tuple(chain), upward, single)


def _upward(parents: Sequence[IntArray]) -> tuple[IntArray, ...]:
    """For the clusters of a level, their cluster at each coarser level in turn."""
    found: list[IntArray] = []
    for parent in parents:
        found.append(parent[found[-1]] if found else parent)
    return tuple(found)
