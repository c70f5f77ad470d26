"""The covariance of crossed random intercepts and independent sampling errors.

As many factors as form a nested chain make a matrix N of which `nested` knows the inverse; the others, with q levels
together, are added by Woodbury's identity: M = N + Z S Z' with S diagonal, so that an evaluation takes time in
proportion to n q + q^3.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from synthesis.pooling.batch import FloatArray, IntArray
from synthesis.pooling.dependent.nested import Nested, NestedAt, nested_levels, sums


@dataclass(frozen=True, slots=True, eq=False)
class Crossed:
    """A nested chain, and factors that cross it."""

    nested: Nested
    chain: tuple[int, ...]  # the parameters of the chain
    others: tuple[int, ...]  # the parameters of the factors that cross it
    level: tuple[IntArray, ...]  # (n,) of each of them
    z: FloatArray  # (n, q) 1 where a row has a level, else 0
    factor: IntArray  # (q,) to which of them a level belongs

    def at(self, working: FloatArray) -> CrossedAt:
        """The matrix with the variances `working`, in the order of the parameters."""
        within = self.nested.at(working[list(self.chain)])
        solved = within.solve(self.z)
        overlap = self.across(solved)
        root = np.sqrt(working[list(self.others)])[self.factor]
        core = np.eye(len(root)) + root[:, None] * overlap * root
        factor = np.linalg.cholesky(core)
        half = np.linalg.inv(factor) * root
        log_determinant = within.log_determinant + 2 * float(np.log(np.diag(factor)).sum())
        return CrossedAt(self, log_determinant, within, solved, overlap, half.T @ half)

    def across(self, u: FloatArray) -> FloatArray:
        """Z'u, shape (q, c)."""
        return np.concatenate([sums(level, u) for level in self.level])


@dataclass(frozen=True, slots=True, eq=False)
class CrossedAt:
    """The matrix at one point."""

    crossed: Crossed
    log_determinant: float
    within: NestedAt
    solved: FloatArray  # (n, q) N^-1 Z
    overlap: FloatArray  # (q, q) Z' N^-1 Z
    middle: FloatArray  # (q, q) such that M^-1 = N^-1 - N^-1 Z middle Z' N^-1

    def solve(self, u: FloatArray) -> FloatArray:
        """M^-1 u, shape (n, c)."""
        found = self.within.solve(u)
        less: FloatArray = found - self.solved @ (self.middle @ self.crossed.across(found))
        return less

    def traces(self) -> FloatArray:
        """The trace of M^-1 Z Z' for each parameter, shape (q,)."""
        crossed = self.crossed
        found = np.empty(len(crossed.chain) + len(crossed.others))
        found[list(crossed.chain)] = self.within.traces()
        for place, level in zip(crossed.nested.order, crossed.nested.level, strict=True):
            own = sums(level, self.solved)
            found[crossed.chain[place]] -= np.vdot(own @ self.middle, own)
        own_levels = np.diag(self.overlap - self.overlap @ self.middle @ self.overlap)
        found[list(crossed.others)] = np.bincount(crossed.factor, own_levels)
        return found

    def apply(self, u: FloatArray) -> FloatArray:
        """Z Z' u for each parameter, shape (q, n, c)."""
        crossed = self.crossed
        found = np.empty((len(crossed.chain) + len(crossed.others), *u.shape))
        found[list(crossed.chain)] = self.within.apply(u)
        for parameter, level in zip(crossed.others, crossed.level, strict=True):
            found[parameter] = sums(level, u)[level]
        return found

    def bend(self, pull: FloatArray, half: FloatArray) -> FloatArray:  # noqa: ARG002 - as other covariances take
        """M is linear in the variances: no bend, (q, q)."""
        count = len(self.crossed.chain) + len(self.crossed.others)
        return np.zeros((count, count))

    def diagonal(self) -> FloatArray:
        """The diagonal of M^-1, shape (n,)."""
        found: FloatArray = self.within.diagonal() - ((self.solved @ self.middle) * self.solved).sum(axis=1)
        return found


def chain_and_others(levels: Sequence[IntArray]) -> tuple[list[int], list[int]]:
    """Factors that form a nested chain, begun with those of most levels, and those that cross it."""
    chain: list[int] = []
    others: list[int] = []
    ones = np.ones(len(levels[0]))
    for place in sorted(range(len(levels)), key=lambda one: int(levels[one].max()), reverse=True):
        fits = nested_levels(ones, [levels[one] for one in (*chain, place)]) is not None
        (chain if fits else others).append(place)
    return chain, others


def crossed_levels(v: FloatArray, levels: Sequence[IntArray], chain: Sequence[int], others: Sequence[int]) -> Crossed:
    """The factors as `chain_and_others` parts them; at least one must be among the others."""
    nested = nested_levels(v, [levels[one] for one in chain])
    assert nested is not None
    counts = [int(levels[one].max()) + 1 for one in others]
    z = np.hstack([np.eye(count)[levels[one]] for one, count in zip(others, counts, strict=True)])
    factor = np.repeat(np.arange(len(others)), counts)
    return Crossed(nested, tuple(chain), tuple(others), tuple(levels[one] for one in others), z, factor)
