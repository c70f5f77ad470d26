"""Documents cited together, and documents that cite the same: pairs, counts and similarity."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from synthesis.citations.adjacency import Adjacency, FloatArray, IntArray, from_edges
from synthesis.errors import InvalidArgument, did_you_mean

PAIRS = 100_000_000  # pairs that are counted at most, each as often as it occurs; above, hubs are left out
BLOCK = 4_000_000  # of them at a time, which bounds the memory

SIMILARITIES: Mapping[str, Callable[[FloatArray, FloatArray, FloatArray], FloatArray]] = {
    "association": lambda both, one, other: both / (one * other),
    "jaccard": lambda both, one, other: both / (one + other - both),
    "salton": lambda both, one, other: both / np.sqrt(one * other),
    "inclusion": lambda both, one, other: both / np.minimum(one, other),
    "equivalence": lambda both, one, other: both**2 / (one * other),
}
"""By name: from the number of common neighbours and the numbers that each of the two has."""


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Pairs of nodes with neighbours in common, `one` below `other`, sorted."""

    one: IntArray
    other: IntArray
    both: IntArray  # neighbours in common
    size: IntArray  # by node: neighbours that count, in all
    left_out: tuple[int, ...] = ()  # hubs: neighbours that do not count since they have too many
    most: int | None = None  # edges that a neighbour may have to count

    def similarity(self, kind: str) -> FloatArray:
        """How alike the two of each pair are.

        Parameters
        ----------
        kind : str
            A key of SIMILARITIES. With c the common neighbours and a, b those of each: association c / (a b), Jaccard
            c / (a + b - c), Salton c / sqrt(a b), inclusion c / min(a, b), equivalence c^2 / (a b).

        Raises
        ------
        InvalidArgument
            No such kind.

        References
        ----------
        The names and formulas are those of `normalizeSimilarity` in the R package bibliometrix (its association
        formula was read in the code, the others as its manual describes them).
        """
        if kind not in SIMILARITIES:
            raise InvalidArgument(f"no similarity {kind!r}: {did_you_mean(kind, SIMILARITIES)}")
        both, one, other = (part.astype(float) for part in (self.both, self.size[self.one], self.size[self.other]))
        return SIMILARITIES[kind](both, one, other)


def cocitation(graph: Adjacency, at_least: int = 1, most: int | None = None) -> Pairs:
    """Every pair of documents that some document cites both, with how many do: A'A above its diagonal.

    Parameters
    ----------
    graph : Adjacency
        Edges from the citing to the cited.
    at_least : int, optional
        Pairs with fewer citing documents in common are left out.
    most : int, optional
        A citing document with more references than this does not count: with d references it makes d (d - 1) / 2
        pairs. By default the largest number for which at most `PAIRS` pairs are counted. What is left out is named.

    Raises
    ------
    InvalidArgument
        `at_least` or `most` is below 1.
    """
    if at_least < 1 or (most is not None and most < 1):
        raise InvalidArgument("at least 1 document in common, from documents with at most 1 or more links")
    used, left_out, most = _without_hubs(graph.without_loops(), most)
    none = np.zeros(0, used.target.dtype)
    parts = [(none, none, none), *(_pairs_of(*part, at_least) for part in _blocks(used))]
    one, other, both = (np.concatenate([part[place] for part in parts]) for place in range(3))
    return Pairs(one, other, both, used.in_degree(), left_out, most)


def coupling(graph: Adjacency, at_least: int = 1, most: int | None = None) -> Pairs:
    """Every pair of documents that cite a document in common, with how many: AA' above its diagonal.

    Parameters
    ----------
    graph : Adjacency
        Edges from the citing to the cited.
    at_least, most
        As for `cocitation`; a cited document with more than `most` citations does not count.
    """
    return cocitation(graph.reversed(), at_least, most)


def cocited_with(graph: Adjacency, seeds: Iterable[int], at_least: int = 1) -> Pairs:
    """The documents that are cited together with some seeds, without counting any other pair.

    Parameters
    ----------
    graph : Adjacency
        Edges from the citing to the cited; turned round, the result is the coupling with the seeds.
    seeds : iterable of int
        Nodes.
    at_least : int, optional
        Pairs with fewer citing documents in common are left out.

    Returns
    -------
    Pairs
        With a seed as one of the two; `one` is below `other` here too, and no hub is left out.
    """
    plain = graph.without_loops()
    chosen = np.unique(np.fromiter(seeds, np.int64))
    if chosen.size and not 0 <= chosen[0] <= chosen[-1] < graph.nodes:
        raise InvalidArgument(f"a seed is not a node: they are 0 to {graph.nodes - 1}")
    matrix = plain.matrix(np.ones(plain.edges, np.int32))
    found = (matrix[:, chosen].T @ matrix).tocoo()
    seed, near = chosen[found.row], found.col
    # a pair of two seeds is found from both sides: kept from the lower one
    keep = (found.data >= at_least) & ((seed < near) | ((seed > near) & ~np.isin(near, chosen)))
    one, other, both = np.minimum(seed, near)[keep], np.maximum(seed, near)[keep], found.data[keep]
    order = np.lexsort((other, one))
    return Pairs(one[order], other[order], both[order], plain.in_degree())


def _without_hubs(graph: Adjacency, most: int | None) -> tuple[Adjacency, tuple[int, ...], int | None]:
    """The graph without the edges of sources that have too many, these sources, and how many are too many."""
    degree = graph.out_degree().astype(np.int64)
    if most is None:
        most = _affordable(degree)
    hubs = np.flatnonzero(degree > most) if most is not None else np.zeros(0, np.int64)
    if not hubs.size:
        return graph, (), most
    source = graph.source()
    keep = ~np.isin(source, hubs)
    return from_edges(source[keep], graph.target[keep], graph.nodes, graph.labels), tuple(hubs.tolist()), most


def _affordable(degree: IntArray) -> int | None:
    """The most edges that a source may have for all pairs to be PAIRS at most; None where no bound is needed."""
    by_size = np.sort(degree)
    total = np.cumsum(by_size * (by_size - 1) // 2)
    within = np.searchsorted(total, PAIRS, side="right")
    if within == len(by_size):
        return None
    return int(by_size[within]) - 1  # all of that size go, so that which of them go is no matter of order


def _blocks(graph: Adjacency) -> Iterator[tuple[Any, Any, int]]:
    """Rows of A' to be multiplied with A, in blocks of bounded work, with the number of the first row."""
    matrix = graph.matrix(np.ones(graph.edges, np.int32))
    turned = matrix.T.tocsr()
    work = np.concatenate([[0], np.cumsum(graph.out_degree().astype(np.int64)[turned.indices])])[turned.indptr]
    begin = 0
    while begin < graph.nodes:
        end = max(begin + 1, int(np.searchsorted(work, work[begin] + BLOCK, side="right")) - 1)
        yield turned[begin:end], matrix, begin
        begin = end


def _pairs_of(rows: Any, matrix: Any, begin: int, at_least: int) -> tuple[IntArray, IntArray, IntArray]:
    """The pairs in some rows of A'A, above the diagonal."""
    from scipy.sparse import csr_array

    found = rows @ matrix
    one = np.repeat(np.arange(begin, begin + found.shape[0], dtype=found.indices.dtype), np.diff(found.indptr))
    keep = (found.indices > one) & (found.data >= at_least)
    kept = np.concatenate([[0], np.cumsum(keep)])[found.indptr].astype(found.indices.dtype)
    pairs = csr_array((found.data[keep], found.indices[keep], kept), shape=found.shape)
    pairs.sort_indices()  # half of the product is gone by now
    return one[keep], pairs.indices, pairs.data
