"""How many paths of an acyclic graph run over each edge: SPC, SPLC and SPNP."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from synthesis.citations.adjacency import Adjacency, FloatArray, IntArray
from synthesis.citations.kernels import Layers, layers
from synthesis.errors import InvalidArgument, did_you_mean

EXACT = 2.0**53  # up to here every whole number is a double
COUNTS: Mapping[str, str] = {
    "spc": "paths from every source to every sink (search path count)",
    "splc": "paths from every node to every sink (search path link count)",
    "spnp": "paths from every node to every node (search path node pair)",
}
Scaled = tuple[FloatArray, IntArray]  # fractions and powers of two
FROM_EVERY, TO_EVERY = ("splc", "spnp"), ("spnp",)


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """An acyclic graph renumbered so that every edge leads to a larger number: what the sweeps run over."""

    graph: Adjacency
    rank: IntArray  # the new number of each node
    bounds: IntArray  # where each layer begins, and the number of nodes
    ahead: tuple[IntArray, IntArray, IntArray]  # start, target and edge number, by new numbers
    back: tuple[IntArray, IntArray, IntArray]  # the same with every edge turned round


@dataclass(frozen=True, slots=True, eq=False)
class PathCounts:
    """The paths over each edge, as shares of all paths, which no number of paths can overflow.

    A large graph has more paths than a float can hold (10^400 and more). The counts are then kept as a fraction and a
    power of two, exact to some 15 digits; `counts` has whole numbers where all paths together, times the
    longest path, are at most 2^53.
    """

    order: Order
    kind: str  # a key of COUNTS
    share: FloatArray  # by edge of the graph; 0 where it is below 1e-308
    log10: FloatArray  # of the count, by edge
    total_log10: float  # of the number of all paths
    counts: IntArray | None  # by edge
    total: int | None

    @property
    def graph(self) -> Adjacency:
        """The graph, edges in the direction in which knowledge flows."""
        return self.order.graph

    @property
    def weight(self) -> FloatArray:
        """What a main path adds up: the counts where they are exact, else the shares."""
        return self.share if self.counts is None else self.counts.astype(float)


def ordered(graph: Adjacency) -> Order:
    """The order of an acyclic graph.

    Raises
    ------
    Circular
        The graph has a circle.
    """
    from scipy.sparse import coo_array

    found: Layers = layers(graph)
    rank = np.empty(graph.nodes, graph.target.dtype)
    rank[found.order] = np.arange(graph.nodes, dtype=rank.dtype)
    ends = (np.repeat(rank, graph.out_degree()), rank[graph.target])
    edges = coo_array((np.arange(graph.edges, dtype=rank.dtype), ends), shape=(graph.nodes, graph.nodes))
    ahead, back = edges.tocsr(), edges.tocsc()
    return Order(
        graph,
        rank,
        found.bounds,
        (ahead.indptr, ahead.indices, ahead.data),
        (back.indptr, back.indices, back.data),
    )


def count_paths(graph: Adjacency, kind: str = "spc") -> PathCounts:
    """The paths over each edge.

    Parameters
    ----------
    graph : Adjacency
        An acyclic graph with edges from the cited to the citing, the way that knowledge flows: sources cite nothing,
        sinks are not cited. Of a graph of citations that is `graph.reversed()`.
    kind : str, optional
        A key of COUNTS.

    Raises
    ------
    Circular
        The graph has a circle.
    InvalidArgument
        No such kind.

    Notes
    -----
    The count of an edge from u to v is n_in(u) n_out(v), where n_in(u) is the number of paths that end in u and
    n_out(v) of those that begin in v: for SPC from a source and to a sink, for SPLC from any node (u itself among
    them) and to a sink, for SPNP from any node and to any node. Both follow in one sweep over the edges each.

    References
    ----------
    Hummon NP, Doreian P (1989). Connectivity in a citation network: the development of DNA theory. Social Networks
    11, 39-63 (not read; as told by the next two). Batagelj V (2003). Efficient algorithms for citation network
    analysis. arXiv:cs/0309023 (read in part). Wikipedia, Main path analysis (sections on traversal counts).
    """
    if kind not in COUNTS:
        raise InvalidArgument(f"no count {kind!r}: {did_you_mean(kind, COUNTS)}")
    order = ordered(graph)
    into = _paths(order.back, _layers_of(order.bounds), every=kind in FROM_EVERY)
    out = _paths(order.ahead, reversed(list(_layers_of(order.bounds))), every=kind in TO_EVERY)
    source, target = np.repeat(order.rank, graph.out_degree()), order.rank[graph.target]
    fraction, power = into[0][source] * out[0][target], into[1][source] + out[1][target]
    last = np.diff(order.ahead[0])[target] == 0
    ends = source if kind in TO_EVERY else source[last]  # a path is told by the last of its edges
    whole, scale = _sum(into[0][ends], into[1][ends])
    total_log10 = float(np.log10(whole) + scale * np.log10(2)) if whole else -np.inf
    exact = total_log10 + np.log10(len(order.bounds)) < np.log10(EXACT)  # sums along a path are exact too
    return PathCounts(
        order,
        kind,
        share=np.ldexp(fraction / (whole or 1.0), power - scale),
        log10=np.log10(fraction) + power * np.log10(2),
        total_log10=total_log10,
        counts=np.rint(np.ldexp(fraction, power)).astype(np.int64) if exact else None,
        total=round(float(np.ldexp(whole, scale))) if exact else None,
    )


def _layers_of(bounds: IntArray) -> Iterator[tuple[int, int]]:
    return zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True)


def _paths(edges: tuple[IntArray, IntArray, IntArray], parts: Iterable[tuple[int, int]], *, every: bool) -> Scaled:
    """The number of paths that end in each node, from every node or from those without edges into them.

    `edges` lists for each node those that come before it, and `parts` its layers in the order of the paths.
    """
    start, before, _ = edges
    degree = np.diff(start)
    filled = np.flatnonzero(degree)  # a node without edges has one path, which has no edge
    length = degree[filled]
    fraction, power = np.full(len(degree), 0.5), np.ones(len(degree), np.int32)
    for first, last in parts:
        low, high = np.searchsorted(filled, (first, last))
        if low == high:
            continue
        nodes = filled[low:high]
        edge, end = start[nodes[0]], start[nodes[-1] + 1]
        near, cut = before[edge:end], start[nodes] - edge
        powers = power[near]
        top = np.maximum.reduceat(powers, cut)
        total = np.add.reduceat(np.ldexp(fraction[near], powers - np.repeat(top, length[low:high])), cut)
        fraction[nodes], more = np.frexp(total + np.ldexp(1.0, -top) if every else total)
        power[nodes] = top + more
    return fraction, power


def _sum(fraction: FloatArray, power: IntArray) -> tuple[float, int]:
    """The sum of fraction 2^power, as a fraction and a power."""
    top = int(power.max(initial=0))
    whole, more = np.frexp(np.ldexp(fraction, power - top).sum())
    return float(whole), top + int(more)
