"""A directed graph as two arrays: what the kernels for large graphs work on."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from synthesis.errors import InvalidArgument

if TYPE_CHECKING:
    import networkx as nx

IntArray = npt.NDArray[np.integer[Any]]
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Adjacency:
    """The edges of a directed graph, those of one source together (compressed sparse rows).

    Nodes are the numbers from 0. The targets of node i are `target[start[i]:start[i + 1]]`, sorted, each once; edge
    number e is the one to `target[e]`. Indices have 32 bits where they fit, so that an edge takes 4 bytes.
    """

    start: IntArray  # shape (nodes + 1,)
    target: IntArray  # shape (edges,)
    labels: tuple[Hashable, ...] = ()  # names of the nodes; without them nodes are called by their numbers

    @property
    def nodes(self) -> int:
        """How many nodes."""
        return len(self.start) - 1

    @property
    def edges(self) -> int:
        """How many edges."""
        return len(self.target)

    def label(self, node: int) -> Hashable:
        """The name of a node; its number where nodes have none."""
        return self.labels[node] if self.labels else int(node)

    def source(self) -> IntArray:
        """The node that each edge leaves."""
        return np.repeat(np.arange(self.nodes, dtype=self.target.dtype), np.diff(self.start))

    def out_degree(self) -> IntArray:
        """How many edges leave each node."""
        return np.diff(self.start)

    def in_degree(self) -> IntArray:
        """How many edges enter each node."""
        return np.bincount(self.target, minlength=self.nodes)

    def incoming(self) -> tuple[Adjacency, IntArray]:
        """The graph with every edge turned round, and the number that each of its edges has here."""
        by_target = self.matrix(np.arange(self.edges)).tocsc()
        return Adjacency(by_target.indptr, by_target.indices, self.labels), by_target.data

    def reversed(self) -> Adjacency:
        """The graph with every edge turned round."""
        return self.incoming()[0]

    def without_loops(self) -> Adjacency:
        """The graph without edges from a node to itself."""
        source = self.source()
        keep = source != self.target
        return self if keep.all() else from_edges(source[keep], self.target[keep], self.nodes, self.labels)

    def matrix(self, data: npt.NDArray[Any]) -> Any:
        """A sparse array with these values, one per edge, at row source and column target."""
        from scipy.sparse import csr_array

        return csr_array((data, self.target, self.start), shape=(self.nodes, self.nodes))


def from_edges(
    source: npt.ArrayLike, target: npt.ArrayLike, nodes: int | None = None, labels: Sequence[Hashable] = ()
) -> Adjacency:
    """A graph from the two ends of its edges; an edge given twice is one edge.

    Parameters
    ----------
    source, target : array_like of int
        Numbers of nodes, one pair per edge.
    nodes : int, optional
        How many nodes; by default as many as there are labels, else as the largest number needs.
    labels : sequence, optional
        Names of the nodes.

    Raises
    ------
    InvalidArgument
        The two differ in length, are not whole numbers, or a number is negative or too large.
    """
    from scipy.sparse import coo_array

    ends = np.asarray([source, target]) if np.size(source) == np.size(target) else np.zeros(0)
    if ends.ndim != 2 or not (ends.dtype.kind in "iu" or ends.size == 0):
        raise InvalidArgument("edges need two lists of whole numbers of one length: sources and targets")
    largest = int(ends.max(initial=-1))
    count = nodes if nodes is not None else len(labels) or largest + 1
    if largest >= count or ends.min(initial=0) < 0 or (labels and len(labels) != count):
        raise InvalidArgument(f"an edge leads to a node outside 0 to {count - 1}, or nodes and labels differ in number")
    index = np.int32 if max(count, ends.shape[1]) < 2**31 else np.int64
    pairs = (ends[0].astype(index), ends[1].astype(index))
    found = coo_array((np.ones(ends.shape[1], np.int8), pairs), shape=(count, count)).tocsr()
    found.sum_duplicates()
    return Adjacency(found.indptr, found.indices, tuple(labels))


def from_pairs(pairs: Iterable[tuple[str, str]], names: Iterable[str] = ()) -> Adjacency:
    """A graph from edges between names; nodes are sorted by name.

    Parameters
    ----------
    pairs : iterable of (source, target)
        The edges.
    names : iterable of str, optional
        Nodes that are there also without an edge.
    """
    edges = list(pairs)
    labels = sorted({*names, *(name for edge in edges for name in edge)})
    number = {name: place for place, name in enumerate(labels)}
    ends = np.array([[number[one], number[other]] for one, other in edges], dtype=np.int64).reshape(-1, 2)
    return from_edges(ends[:, 0], ends[:, 1], labels=labels, nodes=len(labels))


def from_graph(graph: nx.DiGraph[Any]) -> Adjacency:
    """The edges of a networkx graph; nodes keep its order and are the labels."""
    labels = tuple(graph)
    number = {node: place for place, node in enumerate(labels)}
    ends = np.array([[number[one], number[other]] for one, other in graph.edges()], dtype=np.int64).reshape(-1, 2)
    return from_edges(ends[:, 0], ends[:, 1], len(labels), labels)
