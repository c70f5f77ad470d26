"""A citation graph as the data of its drawing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from heapq import heappop, heappush
from itertools import islice

from synthesis.citations.graph import KINDS, CitationGraph, Node
from synthesis.errors import InvalidArgument
from synthesis.rendering.plots.citations_data import RELATIONS, CitationLink, CitationNode, CitationsData

MOST = 300


def citations_data(
    graph: CitationGraph, title: str = "", most: int = MOST, keep: Collection[Node] = ()
) -> CitationsData:
    """The nodes and edges of a graph as a drawing has them.

    Parameters
    ----------
    graph : CitationGraph
        The graph, or a part of one.
    title : str, optional
        Of the figure.
    most : int
        How many nodes are drawn at most: those with the most edges, each beside one that it is linked with; a note says
        how many there are.
    keep : collection of Node
        Nodes that are drawn whatever edges they have. Others without an edge are left out, which a note says too.

    Raises
    ------
    InvalidArgument
        There is nothing to draw.
    """
    degree = {
        node: len(set(graph.graph.predecessors(node)) | set(graph.graph.successors(node))) for node in graph.nodes()
    }
    linked = [node for node, edges in degree.items() if edges or node in keep]
    if not linked:
        raise InvalidArgument("no two nodes of this graph are linked: there is nothing to draw")
    chosen = _most_linked({node: _near(graph, node) for node in linked}, most, keep)
    nodes = sorted(chosen, key=lambda node: (list(KINDS).index(graph.data(node)["kind"]), node[1]))
    place = {node: number for number, node in enumerate(nodes)}
    links = [
        CitationLink(place[source], place[target], strongest(data["relations"]))
        for source, target, data in graph.graph.edges(data=True)
        if source in place and target in place
    ]
    notes = (*_left_out(len(degree) - len(linked)), *_limited(len(linked), len(nodes)))
    links.sort(key=lambda link: (link.source, link.target))
    return CitationsData(title, tuple(_node(graph, node) for node in nodes), tuple(links), notes)


def _most_linked(near: Mapping[Node, set[Node]], most: int, keep: Collection[Node]) -> set[Node]:
    """The nodes with the most links that hang together, and what is kept; no other one without a link."""
    order = sorted(near, key=lambda node: (node not in keep, -len(near[node]), node))
    chosen = set(islice(_growing(near, order, keep), most))
    return {node for node in chosen if node in keep or not near[node].isdisjoint(chosen)}


def _growing(near: Mapping[Node, set[Node]], order: Sequence[Node], keep: Collection[Node]) -> Iterator[Node]:
    """What is kept, then always the first in order beside those before; where there is none, the first of the rest."""
    rank = {node: place for place, node in enumerate(order)}
    seen: set[Node] = set()
    for starts in ([node for node in order if node in keep], *([node] for node in order)):
        rim = [rank[node] for node in starts]
        while rim:
            node = order[heappop(rim)]
            if node not in seen:
                seen.add(node)
                yield node
                for other in near[node] - seen:
                    heappush(rim, rank[other])


def strongest(relations: Iterable[str]) -> str:
    """Of several relations between two nodes the one that is drawn: pooling tells more than citing."""
    named = set(relations)
    return next(relation for relation in RELATIONS if relation in named)


def _near(graph: CitationGraph, node: Node) -> set[Node]:
    """The others that a node is linked with."""
    return {*graph.graph.predecessors(node), *graph.graph.successors(node)}


def _node(graph: CitationGraph, node: Node) -> CitationNode:
    data = graph.data(node)
    return CitationNode(_label(graph, node), data["kind"], data["year"])


def _label(graph: CitationGraph, node: Node) -> str:
    """Its key, with the year where the key does not tell it."""
    year = graph.data(node)["year"]
    return node[1] if year is None or str(year) in node[1] else f"{node[1]} ({year})"


def _left_out(alone: int) -> tuple[str, ...]:
    return (f"{alone} without a link are not drawn.",) if alone else ()


def _limited(linked: int, drawn: int) -> tuple[str, ...]:
    return (f"Of {linked} the {drawn} with the most links are drawn.",) if drawn < linked else ()
