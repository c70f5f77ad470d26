"""Walks over large graphs on sparse arrays: rank, circles, order, reach.

Each function gives what networkx gives for the same graph, at a thousandth to a tenth of the time; the tests compare
them. Times at a million edges are in `benchmarks/citations.py`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from synthesis.citations.adjacency import Adjacency, FloatArray, IntArray, from_edges
from synthesis.errors import InvalidArgument, SynthesisError

LARGEST_ALPHA = 0.999
NAMED = 12  # nodes of a circle that a message names


class Circular(SynthesisError):
    """Documents cite one another in a circle, where an order of all documents is needed."""


def pagerank(
    graph: Adjacency,
    alpha: float = 0.85,
    personalisation: npt.ArrayLike | None = None,
    tolerance: float = 1e-10,
) -> FloatArray:
    """The share of time that a reader spends at each node who follows edges at random.

    With probability `alpha` the reader follows one of the edges of the node, each alike; otherwise, and where no edge
    leaves the node, the reader begins anew at a node drawn by `personalisation`.

    Parameters
    ----------
    graph : Adjacency
        Edges from the citing to the cited.
    alpha : float, optional
        From 0 to 0.999; nearer to 1 the steps take for ever.
    personalisation : array_like, shape (nodes,), optional
        Not negative and not all zero; by default all nodes alike. It is divided by its sum.
    tolerance : float, optional
        The steps end when all shares together change by less than this. (networkx ends at its `tol` times the number
        of nodes.) A share is then right to `tolerance` alpha / (1 - alpha).

    Returns
    -------
    ndarray, shape (nodes,)
        Shares; their sum is 1.

    Raises
    ------
    InvalidArgument
        No node, or an argument outside its bounds.

    References
    ----------
    Page L, Brin S, Motwani R, Winograd T (1999). The PageRank citation ranking: bringing order to the web. The
    treatment of nodes without edges and the personalisation are those of `networkx.pagerank`.
    """
    if not 0 <= alpha <= LARGEST_ALPHA or not tolerance > 0:
        raise InvalidArgument(f"alpha is from 0 to {LARGEST_ALPHA} and the tolerance above 0, not {alpha}, {tolerance}")
    begin = _start_shares(graph.nodes, personalisation)
    degree = graph.out_degree()
    dangling, follow = np.flatnonzero(degree == 0), alpha / np.maximum(degree, 1)
    steps = graph.matrix(np.ones(graph.edges)).tocsc().T  # rows are targets: one pass over the edges per step
    share: FloatArray = np.full(graph.nodes, 1 / graph.nodes)
    # each step brings the shares nearer by the factor alpha, so that this many always do
    for _ in range(1 + math.ceil(math.log(min(tolerance, 1) / 4) / math.log(alpha)) if alpha else 2):
        before = share
        share = steps @ (before * follow)
        share += (1 - alpha + alpha * before[dangling].sum()) * begin
        if np.abs(share - before).sum() < tolerance:
            break
    return share


def _start_shares(nodes: int, personalisation: npt.ArrayLike | None) -> FloatArray:
    begin = np.ones(nodes) if personalisation is None else np.array(personalisation, dtype=float)
    if begin.shape != (nodes,) or not np.isfinite(begin).all() or begin.min(initial=0) < 0 or not begin.any():
        raise InvalidArgument(
            f"the personalisation is {nodes} numbers, none negative, not all zero; and there is a node"
        )
    shares: FloatArray = begin / begin.sum()
    return shares


def groups(graph: Adjacency) -> IntArray:
    """The number of the strongly connected group of each node: nodes that lead to one another are in one group."""
    from scipy.sparse.csgraph import connected_components

    data = np.ones(graph.edges, np.int8)
    found: IntArray = connected_components(graph.matrix(data), directed=True, connection="strong")[1]
    return found


def circles(graph: Adjacency) -> tuple[tuple[int, ...], ...]:
    """The groups of several nodes that lead to one another, and nodes with an edge to themselves, sorted."""
    group = groups(graph)
    order = np.argsort(group, kind="stable")
    size = np.bincount(group)
    large = [part for part in np.split(order, np.cumsum(size)[:-1]) if len(part) > 1] if size.max(initial=0) > 1 else []
    loops = graph.target[graph.source() == graph.target]
    alone: list[Any] = [[node] for node in loops if size[group[node]] == 1]
    return tuple(sorted(tuple(int(node) for node in part) for part in (*large, *alone)))


def contracted(graph: Adjacency) -> tuple[Adjacency, tuple[tuple[int, ...], ...]]:
    """The graph with every circle drawn together into one node, which makes it acyclic.

    Returns
    -------
    Adjacency
        A group's label is those of its nodes, joined by ` = `; edges within a group are left out.
    tuple of tuple of int
        The nodes of `graph` that each node stands for.
    """
    group = groups(graph)
    order = np.argsort(group, kind="stable")
    parts = np.split(order, np.cumsum(np.bincount(group, minlength=1))[:-1])
    members = sorted(tuple(sorted(map(int, part))) for part in parts if len(part))
    number = np.empty(graph.nodes, np.int64)
    for place, part in enumerate(members):
        number[list(part)] = place
    labels = [
        graph.label(part[0]) if len(part) == 1 else " = ".join(str(graph.label(node)) for node in part)
        for part in members
    ]
    source, target = number[graph.source()], number[graph.target]
    between = source != target
    return from_edges(source[between], target[between], len(members), labels), tuple(members)


@dataclass(frozen=True, slots=True, eq=False)
class Layers:
    """The nodes of an acyclic graph in an order in which every edge leads forward.

    Layer k has the nodes whose longest way from a node without edges into it has k steps.
    """

    order: IntArray  # the nodes, layer by layer
    bounds: IntArray  # where in `order` each layer begins, and the number of nodes


def layers(graph: Adjacency) -> Layers:
    """The layers of an acyclic graph.

    Raises
    ------
    Circular
        The graph has circles; the first is named.
    """
    waiting = graph.in_degree()
    now = np.flatnonzero(waiting == 0)
    found: list[Any] = []
    while now.size:
        found.append(now)
        reached = graph.target[ranges(graph.start[now], graph.start[now + 1])]
        np.subtract.at(waiting, reached, 1)
        now = np.unique(reached[waiting[reached] == 0])
    order = np.concatenate(found) if found else np.zeros(0, np.int64)
    if len(order) < graph.nodes:
        raise Circular(_circle_message(graph))
    return Layers(order, np.cumsum([0, *map(len, found)]))


def _circle_message(graph: Adjacency) -> str:
    found = circles(graph)
    names = [str(graph.label(node)) for node in found[0]]
    shown = ", ".join(names[:NAMED]) + (f" and {len(names) - NAMED} more" if len(names) > NAMED else "")
    more = f" ({len(found)} circles in all)" if len(found) > 1 else ""
    return (
        f"these cite one another in a circle: {shown}{more}; paths cannot be counted round a circle: take the wrong "
        "citation out, or let every circle count as one document (--contract)"
    )


def ranges(begin: IntArray, end: IntArray) -> IntArray:
    """The whole numbers from each beginning to before its end, one range after the other."""
    length = end - begin
    total = int(length.sum())
    return np.repeat(begin - (np.cumsum(length) - length), length) + np.arange(total)


def hops(graph: Adjacency, seeds: Iterable[int], most: int | None = None) -> IntArray:
    """How many steps along edges lead from the nearest seed to each node.

    Parameters
    ----------
    graph : Adjacency
        Its edges are followed forward; turn it round for the other way.
    seeds : iterable of int
        Nodes, at 0 steps.
    most : int, optional
        The most steps; by default as many as there are.

    Returns
    -------
    ndarray, shape (nodes,)
        -1 for nodes that are not reached.
    """
    steps = np.full(graph.nodes, -1)
    now = np.unique(np.fromiter(seeds, np.int64))
    if now.size and not 0 <= now[0] <= now[-1] < graph.nodes:
        raise InvalidArgument(f"a seed is not a node: they are 0 to {graph.nodes - 1}")
    done = 0
    while now.size:
        steps[now] = done
        if done == most:
            break
        done += 1
        reached = graph.target[ranges(graph.start[now], graph.start[now + 1])]
        now = np.unique(reached[steps[reached] < 0])
    return steps
