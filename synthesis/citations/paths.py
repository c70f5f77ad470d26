"""Main paths: the chains of citations that most paths run over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from synthesis.citations.adjacency import FloatArray, IntArray
from synthesis.citations.main_path import MainPath, Tie
from synthesis.citations.path_counts import Order, PathCounts
from synthesis.errors import InvalidArgument, did_you_mean

SAME = 1e-9  # two weights that are not exact and differ by this share of the larger are alike
SEARCHES: Mapping[str, str] = {
    "global": "the path with the largest sum of weights, from a source to a sink",
    "forward": "from the heaviest edge out of a source, always on over the heaviest edge",
    "backward": "from the heaviest edge into a sink, always back over the heaviest edge",
    "key-route": "through each of the heaviest edges, the path with the largest sum",
    "key-route-local": "through each of the heaviest edges, on and back over the heaviest edge",
}
LOCAL = ("forward", "backward", "key-route-local")


@dataclass(frozen=True, slots=True, eq=False)
class _Ways:
    """The edges of each node in one direction, with how good it is to go on over them."""

    start: IntArray
    other: IntArray
    edge: IntArray
    worth: FloatArray  # by place in `edge`
    same: float  # see `_best`

    def best(self, node: int) -> list[int]:
        """Places of the best edges of a node; none where it has no edge."""
        first, last = int(self.start[node]), int(self.start[node + 1])
        return [first + int(place) for place in _best(self.worth[first:last], self.same)] if first < last else []


def _best(worth: FloatArray, same: float) -> IntArray:
    """Where the largest number stands, or those that differ from it by the share `same` of it or less."""
    largest = worth.max()
    return np.flatnonzero(worth >= largest - same * abs(largest))


def main_path(counts: PathCounts, search: str = "global", routes: int = 1) -> MainPath:
    """The main path, or paths where several are equally good.

    Parameters
    ----------
    counts : PathCounts
        See `count_paths`. The weights that paths add up are the counts where these are exact, else the shares.
    search : str, optional
        A key of SEARCHES.
    routes : int, optional
        How many edges a key-route search begins from; more where several weigh the same as the last.

    Returns
    -------
    MainPath
        With every tie: all equally good ways are kept. Exact counts tie where they are equal, shares where they are
        alike to 9 digits.

    Raises
    ------
    InvalidArgument
        No such search, no edge, or `routes` below 1.

    References
    ----------
    Global, local and key-route searches after Wikipedia, Main path analysis, which follows Liu JS, Lu LYY (2012). An
    integrated approach for main path analysis. Journal of the American Society for Information Science and Technology
    63(3), 528-542 (not read). Batagelj V (2003), arXiv:cs/0309023, calls the global one the critical path method.
    """
    if search not in SEARCHES:
        raise InvalidArgument(f"no search {search!r}: {did_you_mean(search, SEARCHES)}")
    if not counts.graph.edges:
        raise InvalidArgument("there is no citation, and so no path: bibliography/citations.csv, or --edges, has them")
    if routes < 1:
        raise InvalidArgument("a key-route search needs at least one route")
    order, weight = counts.order, counts.weight
    after, before = _longest(order, weight, forward=True), _longest(order, weight, forward=False)
    source, target = np.repeat(order.rank, counts.graph.out_degree()), order.rank[counts.graph.target]
    alone = weight if counts.counts is not None else counts.log10  # a logarithm does not underflow
    local = search in LOCAL
    same = SAME if counts.counts is None else 0.0
    ahead = _ways(order.ahead, alone if local else weight + after[target], same)
    back = _ways(order.back, alone if local else weight + before[source], same)
    begin, alike = _begin(search, routes, alone, ahead, back)
    found, ties = set(begin), [Tie(None, alike)] if len(alike) > 1 else []
    if search != "backward":
        _follow(ahead, target[list(begin)].tolist(), found, ties)
    if search not in {"forward", "global"}:
        _follow(back, source[list(begin)].tolist(), found, ties)
    edges = sorted(found, key=lambda edge: (int(source[edge]), int(target[edge])))
    return MainPath(counts, search, tuple(edges), _by_node(order, ties), float(after.max()))


def _by_node(order: Order, ties: Iterable[Tie]) -> tuple[Tie, ...]:
    """Ties with the numbers of nodes in the graph in place of their ranks, in the order of these."""
    node = np.argsort(order.rank)
    by_rank = sorted(ties, key=lambda tie: -1 if tie.at is None else tie.at)
    return tuple(Tie(None if tie.at is None else int(node[tie.at]), tuple(sorted(tie.edges))) for tie in by_rank)


def _begin(
    search: str, routes: int, alone: FloatArray, ahead: _Ways, back: _Ways
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The edges that a search begins with, the best of those it may begin with; and those of them that are a tie."""
    if search.startswith("key-route"):
        least = np.sort(alone)[-min(routes, len(alone))]
        slack = ahead.same * abs(least)
        chosen = np.flatnonzero(alone >= least - slack)
        alike = chosen[alone[chosen] <= least + slack] if len(chosen) > routes else chosen[:0]
        return tuple(chosen.tolist()), tuple(alike.tolist())
    ways, others = (back, ahead) if search == "backward" else (ahead, back)
    first = np.repeat(np.diff(others.start) == 0, np.diff(ways.start))  # the node begins no way of the other direction
    edges, worth = ways.edge[first], ways.worth[first]
    best = tuple(sorted(edges[_best(worth, ways.same)].tolist()))
    return best, best


def _ways(edges: tuple[IntArray, IntArray, IntArray], worth: FloatArray, same: float) -> _Ways:
    start, other, edge = edges
    return _Ways(start, other, edge, worth[edge], same)


def _follow(ways: _Ways, begin: Iterable[int], found: set[int], ties: list[Tie]) -> None:
    """Go on from some nodes over the best edges to the end, and note edges and ties."""
    waiting = list(dict.fromkeys(begin))
    seen = set(waiting)
    while waiting:
        node = waiting.pop()
        best = ways.best(node)
        edges = tuple(int(ways.edge[place]) for place in best)
        found.update(edges)
        if len(edges) > 1:
            ties.append(Tie(node, edges))
        new = [other for place in best if (other := int(ways.other[place])) not in seen]
        seen.update(new)
        waiting += new


def _longest(order: Order, weight: FloatArray, *, forward: bool) -> FloatArray:
    """The largest sum of weights of a path from each node to a sink; with `forward` false from a source to it."""
    start, other, edge = order.ahead if forward else order.back
    best = np.zeros(order.graph.nodes)
    filled = np.flatnonzero(np.diff(start))
    cuts = np.searchsorted(filled, order.bounds)
    parts = list(zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True))
    for low, high in reversed(parts) if forward else parts:
        if low < high:
            nodes = filled[low:high]
            first, last = start[nodes[0]], start[nodes[-1] + 1]
            worth = weight[edge[first:last]] + best[other[first:last]]
            best[nodes] = np.maximum.reduceat(worth, start[nodes] - first)
    return best
