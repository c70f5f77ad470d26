"""The covariance of any model, by independent blocks; blocks of one size are worked on together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg.lapack import dpotrf, dpotri

from synthesis.pooling.batch import BoolArray, FloatArray, IntArray
from synthesis.pooling.blocks import Blocks
from synthesis.pooling.dependent.random_terms import Correlated
from synthesis.pooling.dependent.structures import covariance, covariance_bends, covariance_slopes, is_linear
from synthesis.pooling.dependent.variance_components import Components, Part

LARGE = 48  # rows from which a block is inverted on its own, by LAPACK's routine for symmetric matrices


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """b blocks of r rows each."""

    rows: IntArray  # (b, r)
    v: FloatArray  # (b, r, r) sampling covariance
    shared: tuple[FloatArray, ...]  # for each part (b, r, r): 1 where two rows share its level, else 0


@dataclass(frozen=True, slots=True, eq=False)
class ByBlocks:
    """The matrix M = V + the covariance of all random effects, as a function of the working values."""

    components: Components
    groups: tuple[Group, ...]

    def at(self, working: FloatArray) -> ByBlocksAt | None:
        """The matrix at the working values; None where it is not positive definite."""
        inverses, log_determinant = [], 0.0
        for group in self.groups:
            found = inverse(self.matrix(group, working))
            if found is None:
                return None
            inverses.append(found[0])
            log_determinant += found[1]
        return ByBlocksAt(self, working, log_determinant, tuple(inverses), tuple(self._slopes(working)))

    def matrix(self, group: Group, working: FloatArray) -> FloatArray:
        """M of the blocks of one group, (b, r, r)."""
        m = group.v.copy()
        for part, place, shared in zip(self.components.parts, self.components.slices(), group.shared, strict=True):
            if isinstance(part.term, Correlated):
                g = covariance(part.term.structure, working[place], part.term.distance)
                m += _spread(g, part.term, group) * shared
            else:
                m += working[place.start] * shared
        return m

    def _slopes(self, working: FloatArray) -> Iterator[FloatArray | None]:
        """Slopes dG of each part at the working values; None for an intercept."""
        for part, place in zip(self.components.parts, self.components.slices(), strict=True):
            yield _slopes_of(part, working[place])


@dataclass(frozen=True, slots=True, eq=False)
class ByBlocksAt:
    """The matrix at one point."""

    whole: ByBlocks
    working: FloatArray  # (q,)
    log_determinant: float
    inverses: tuple[FloatArray, ...]  # (b, r, r) of each group
    slopes: tuple[FloatArray | None, ...]  # (q, m, m) of each part

    def solve(self, u: FloatArray) -> FloatArray:
        """M^-1 u, shape (n, c)."""
        found = np.empty(u.shape)
        for group, w in zip(self.whole.groups, self.inverses, strict=True):
            found[group.rows] = w @ u[group.rows]
        return found

    def traces(self) -> FloatArray:
        """The trace of M^-1 dM by each working value, shape (q,)."""
        found = np.zeros(len(self.whole.components.fixed))
        for group, w in zip(self.whole.groups, self.inverses, strict=True):
            for place, slope in self._by_parameter(group):
                found[place] += np.vdot(w, slope)
        return found

    def apply(self, u: FloatArray) -> FloatArray:
        """The products dM u by each working value, shape (q, n, c)."""
        found = np.empty((len(self.whole.components.fixed), *u.shape))
        for group in self.whole.groups:
            for place, slope in self._by_parameter(group):
                found[place, group.rows] = slope @ u[group.rows]
        return found

    def bend(self, pull: FloatArray, half: FloatArray) -> FloatArray:
        """The trace of (pull pull' - M^-1 + half half') d2M by each two working values, shape (q, q)."""
        components = self.whole.components
        found = np.zeros((len(components.fixed), len(components.fixed)))
        for number, (part, place) in enumerate(zip(components.parts, components.slices(), strict=True)):
            if isinstance(part.term, Correlated) and not is_linear(part.term.structure, len(part.term.levels)):
                cells = self._cells(number, part.term, pull, half)
                bends = covariance_bends(part.term.structure, self.working[place], part.term.distance)
                found[place, place] = np.einsum("ij,abij->ab", cells, bends)
        return found

    def _cells(self, number: int, term: Correlated, pull: FloatArray, half: FloatArray) -> FloatArray:
        """Sums of pull pull' - M^-1 + half half' over the pairs of rows of each two inner levels, (m, m)."""
        m = len(term.levels)
        found = np.zeros(m * m)
        for group, w in zip(self.whole.groups, self.inverses, strict=True):
            own, part = pull[group.rows], half[group.rows]
            values = own[:, :, None] * own[:, None, :] - w + part @ part.transpose(0, 2, 1)
            inner = term.inner[group.rows]
            pair = inner[:, :, None] * m + inner[:, None, :]
            found += np.bincount(pair.ravel(), (values * group.shared[number]).ravel(), m * m)
        return found.reshape(m, m)

    def diagonal(self) -> FloatArray:
        """The diagonal of M^-1, shape (n,)."""
        found = np.empty(sum(group.rows.size for group in self.whole.groups))
        for group, w in zip(self.whole.groups, self.inverses, strict=True):
            found[group.rows] = np.diagonal(w, axis1=1, axis2=2)
        return found

    def _by_parameter(self, group: Group) -> Iterator[tuple[int, FloatArray]]:
        components = self.whole.components
        for part, place, shared, slopes in zip(
            components.parts, components.slices(), group.shared, self.slopes, strict=True
        ):
            if slopes is None or not isinstance(part.term, Correlated):
                yield place.start, shared
                continue
            for at, slope in enumerate(slopes, place.start):
                yield at, _spread(slope, part.term, group) * shared


def _slopes_of(part: Part, working: FloatArray) -> FloatArray | None:
    if not isinstance(part.term, Correlated):
        return None
    return covariance_slopes(part.term.structure, working, part.term.distance)


def _spread(g: FloatArray, term: Correlated, group: Group) -> FloatArray:
    """G between the inner levels of the rows of each block."""
    inner = term.inner[group.rows]
    found: FloatArray = g[inner[:, :, None], inner[:, None, :]]
    return found


def inverse(m: FloatArray) -> tuple[FloatArray, float] | None:
    """Inverses of b symmetric matrices, (b, r, r), and the sum of the logs of their determinants.

    None where one of them is not positive definite.
    """
    if m.shape[-1] >= LARGE:
        return _inverse_one_by_one(m)
    try:
        factor = np.linalg.cholesky(m)
    except np.linalg.LinAlgError:
        return None
    half = np.linalg.inv(factor)
    logs = np.log(np.diagonal(factor, axis1=1, axis2=2)).sum()
    return half.transpose(0, 2, 1) @ half, 2 * float(logs)


def _inverse_one_by_one(m: FloatArray) -> tuple[FloatArray, float] | None:
    found, logs = np.empty(m.shape), 0.0
    for place, one in enumerate(m):
        factor, failed = dpotrf(one, lower=True)
        if failed:
            return None
        logs += float(np.log(np.diag(factor)).sum())
        lower = np.tril(dpotri(factor, lower=True)[0])
        found[place] = lower + np.tril(lower, -1).T
    return found, 2 * logs


def grouped(components: Components, sampling: Blocks) -> ByBlocks:
    """The rows of a model in blocks that are independent for every value of its components."""
    label = _connected(components, sampling)
    order = np.argsort(label, kind="stable")
    size = np.bincount(label)
    first = np.cumsum(size) - size
    groups = []
    for r in np.unique(size).tolist():
        rows = order[first[size == r][:, None] + np.arange(r)]
        groups.append(Group(rows, np.zeros((len(rows), r, r)), _shared(components, rows)))
    _fill(groups, sampling)
    return ByBlocks(components, tuple(groups))


def block_sizes(components: Components, sampling: Blocks) -> IntArray:
    """How many rows each block has that is independent for every value of the components."""
    return np.bincount(_connected(components, sampling))


def factor_of(part: Part) -> IntArray:
    """The level of each row of the factor whose levels are independent."""
    return part.term.outer if isinstance(part.term, Correlated) else part.term.level


def _shared(components: Components, rows: IntArray) -> tuple[FloatArray, ...]:
    factors = [factor_of(part)[rows] for part in components.parts]
    return tuple((one[:, :, None] == one[:, None, :]).astype(np.float64) for one in factors)


def _connected(components: Components, sampling: Blocks) -> IntArray:
    """The number of each row's block: rows that share a level or a block of V, directly or through others."""
    n = len(sampling)
    block = np.empty(n, np.int64)
    block[np.concatenate(sampling.rows)] = np.repeat(np.arange(len(sampling.rows)), [len(one) for one in sampling.rows])
    factors = [block, *(factor_of(part) for part in components.parts)]
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    starts = n + np.cumsum([0, *(int(one.max()) + 1 for one in factors)])
    nodes = np.concatenate([one + begin for one, begin in zip(factors, starts[:-1].tolist(), strict=True)])
    edges = (np.ones(len(nodes)), (np.tile(np.arange(n), len(factors)), nodes))
    _, label = connected_components(coo_array(edges, shape=(starts[-1], starts[-1])), directed=False)
    found: IntArray = np.unique(label[:n], return_inverse=True)[1]
    return found


def _fill(groups: Sequence[Group], sampling: Blocks) -> None:
    """Put the blocks of V where they belong."""
    where = np.empty((len(sampling), 3), np.int64)
    for number, group in enumerate(groups):
        block, place = np.indices(group.rows.shape)
        where[group.rows] = np.stack([np.full(block.shape, number), block, place], axis=-1)
    alone = np.array([len(rows) == 1 for rows in sampling.rows], dtype=np.bool_)
    single = np.array([rows[0] for rows, one in zip(sampling.rows, alone, strict=True) if one], dtype=np.int64)
    values = np.array([m[0, 0] for m, one in zip(sampling.matrices, alone, strict=True) if one])
    for number, group in enumerate(groups):
        own: BoolArray = where[single, 0] == number
        _, block, place = where[single[own]].T
        group.v[block, place, place] = values[own]
    for (rows, matrix), one in zip(sampling, alone, strict=True):
        if not one:
            number, block = where[rows[0], :2].tolist()
            place = where[rows, 2]
            groups[number].v[block, place[:, None], place] = matrix
