"""Which documents stand in the middle of a network of citations."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from synthesis.citations.adjacency import Adjacency, FloatArray, from_pairs
from synthesis.citations.edges import RELATIONS, Edge
from synthesis.citations.kernels import pagerank
from synthesis.errors import InvalidArgument, did_you_mean

WORK = 20_000_000  # nodes times edges: above, betweenness is estimated from a sample
MEASURES: Mapping[str, str] = {
    "pagerank": "share of a random reader's time",
    "cited": "documents that cite it",
    "citing": "documents that it cites",
    "betweenness": "share of shortest ways that lead over it",
}


@dataclass(frozen=True, slots=True)
class Central:
    """One document."""

    key: str
    pagerank: float
    cited: int
    citing: int
    betweenness: float | None  # None where it was not asked for


@dataclass(frozen=True, slots=True)
class Centrality:
    """Documents, the first in the chosen measure first; equal ones by key."""

    documents: tuple[Central, ...]
    by: str  # a key of MEASURES
    edges: int
    sampled: int | None = None  # documents that betweenness is estimated from, where not from all

    def summary(self) -> str:
        """One line: how many documents and citations, and how betweenness was found."""
        text = f"{len(self.documents):,} documents, {self.edges:,} citations, by {self.by}"
        if self.sampled is not None:
            text += f"; betweenness is estimated from {self.sampled:,} documents, drawn with seed 0"
        return text


def document_network(edges: Iterable[Edge], relations: Collection[str] = tuple(RELATIONS)) -> Adjacency:
    """The documents of a review's citations, by key; an edge leads from the citing to the cited.

    Parameters
    ----------
    edges : iterable of Edge
        See `read_citations`. Several relations between two documents are one edge.
    relations : collection of str, optional
        Keys of RELATIONS: those that count.

    Raises
    ------
    InvalidArgument
        A relation that there is not.
    """
    for relation in relations:
        if relation not in RELATIONS:
            raise InvalidArgument(f"no relation {relation!r}: {did_you_mean(relation, RELATIONS)}")
    return from_pairs((edge.source, edge.target) for edge in edges if edge.relation in relations)


def centrality(graph: Adjacency, by: str = "pagerank", alpha: float = 0.85) -> Centrality:
    """The documents of a network by how central they are.

    Parameters
    ----------
    graph : Adjacency
        Edges from the citing to the cited, with labels.
    by : str, optional
        A key of MEASURES. Betweenness is computed only when it is asked for, by networkx: exactly where nodes times
        edges are at most 20 million, else from a sample of nodes.
    alpha : float, optional
        Of PageRank.

    Raises
    ------
    InvalidArgument
        No document, no such measure, or an `alpha` out of bounds.
    """
    if by not in MEASURES:
        raise InvalidArgument(f"no measure {by!r}: {did_you_mean(by, MEASURES)}")
    if not graph.nodes:
        raise InvalidArgument("the network has no citation")
    sampled = _sample(graph) if by == "betweenness" else None
    between = betweenness(graph, sampled).tolist() if by == "betweenness" else [None] * graph.nodes
    columns = (pagerank(graph, alpha).tolist(), graph.in_degree().tolist(), graph.out_degree().tolist(), between)
    documents = [Central(str(graph.label(node)), *row) for node, row in enumerate(zip(*columns, strict=True))]
    # PageRank is found to some 10 digits: alike to 9, documents stand by key
    documents.sort(key=lambda one: (-float(f"{getattr(one, by):.9g}"), one.key))
    return Centrality(tuple(documents), by, graph.edges, sampled)


def _sample(graph: Adjacency) -> int | None:
    """How many sources betweenness can be estimated from within WORK; None where from all."""
    affordable = max(1, WORK // max(graph.edges, 1))
    return affordable if affordable < graph.nodes else None


def betweenness(graph: Adjacency, sample: int | None = None) -> FloatArray:
    """The share of shortest ways between two others that lead over each node, as networkx gives it.

    Parameters
    ----------
    graph : Adjacency
        The edges.
    sample : int, optional
        From how many sources, drawn with seed 0; by default from all.

    References
    ----------
    Freeman LC (1977). A set of measures of centrality based on betweenness. Sociometry 40, 35-41 (as computed by
    `networkx.betweenness_centrality`, normalised, ends not counted).
    """
    import networkx as nx

    plain: nx.DiGraph[int] = nx.DiGraph()
    plain.add_nodes_from(range(graph.nodes))
    plain.add_edges_from(zip(graph.source().tolist(), graph.target.tolist(), strict=True))
    found = nx.betweenness_centrality(plain, k=sample, seed=0)
    return np.array([found[node] for node in range(graph.nodes)])
