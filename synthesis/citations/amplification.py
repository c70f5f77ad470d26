"""How citations multiply what rests on data: paths of citations through papers that have none."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from synthesis.citations.cells import STUDY
from synthesis.citations.edges import RELATIONS
from synthesis.citations.graph import CitationGraph, Node


@dataclass(frozen=True, slots=True)
class Amplifier:
    """A paper without data, and the paths of citations that run through it to a paper with data."""

    paper: str
    paths: int


@dataclass(frozen=True, slots=True)
class Amplification:
    """The citation paths that end in papers with data."""

    data_papers: int
    citations: int  # of papers with data: paths of one step
    paths: int  # all of them, of one step or more
    through: int  # those that run through at least one paper without data
    amplifiers: tuple[Amplifier, ...] = ()  # papers without data that a path runs through, the most first
    reason: str = ""  # why nothing could be counted

    @property
    def share(self) -> float | None:
        """The share of paths that run through a paper without data; None where there is no path."""
        return self.through / self.paths if self.paths else None


def amplification(graph: CitationGraph, relations: Sequence[str] = tuple(RELATIONS)) -> Amplification:
    """Count the paths of citations from any paper to papers with data, and those through papers that have none.

    Parameters
    ----------
    graph : CitationGraph
        A paper with data is one that a record names as a report of its study.
    relations : sequence of str
        Which edges between documents are citations.

    Returns
    -------
    Amplification
        Paths of one step or more, counted in full, in whole numbers, along the order of the citations. Where papers
        cite one another in a circle there is no such order, and `reason` names them.

    References
    ----------
    Greenberg SA (2009). How citation distortions create unfounded authority: analysis of a citation network. BMJ 339,
    b2680: amplification is the growth of a belief by papers that present no data on it, shown by the paths of
    citations. What is counted here is ours in its details.
    """
    import networkx as nx

    documents = graph.between_documents(relations)
    data = {node for node in documents if any(room == STUDY for room, _ in graph.graph.predecessors(node))}
    if not nx.is_directed_acyclic_graph(documents):
        circle = sorted({key for edge in nx.find_cycle(documents) for _, key in edge[:2]})
        return Amplification(len(data), 0, 0, 0, reason=f"{', '.join(circle)} cite one another in a circle")
    order = list(nx.topological_sort(documents))  # the citing before the cited
    every = set(order)
    into = _totals(order, documents.predecessors, every, every)
    onwards = _totals(order[::-1], documents.successors, data, every)
    direct = _totals(order[::-1], documents.successors, data, data)
    found = [Amplifier(node[1], into[node] * onwards[node]) for node in order if node not in data]
    ranked = sorted((each for each in found if each.paths), key=lambda each: (-each.paths, each.paper))
    paths = sum(onwards.values())
    steps = sum(documents.in_degree(node) for node in data)
    return Amplification(len(data), steps, paths, paths - sum(direct.values()), tuple(ranked))


def _totals(
    order: Iterable[Node], nexts: Callable[[Node], Iterable[Node]], ends: Collection[Node], passing: Collection[Node]
) -> dict[Node, int]:
    """Of each node the paths of one step or more to an end, by way of nodes that may be passed.

    `order` has every node after those that its paths can lead to.
    """
    totals: dict[Node, int] = {}
    for node in order:
        totals[node] = sum((other in ends) + totals[other] * (other in passing) for other in nexts(node))
    return totals
