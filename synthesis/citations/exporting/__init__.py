"""The citation graph for other programs: GraphML, GEXF, JSON and DOT, the same bytes for the same graph."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from synthesis.citations.exporting.dot import dot
from synthesis.citations.exporting.node_link import node_link
from synthesis.citations.exporting.plain import PlainGraph, plain_graph
from synthesis.citations.exporting.xml import gexf, graphml

__all__ = ["FORMATS", "Format", "PlainGraph", "plain_graph"]


@dataclass(frozen=True, slots=True)
class Format:
    """A form of a graph as a file."""

    extension: str
    write: Callable[[PlainGraph], bytes]
    about: str


FORMATS: Mapping[str, Format] = {
    "graphml": Format(".graphml", graphml, "XML for Gephi, yEd, Cytoscape, igraph, networkx"),
    "gexf": Format(".gexf", gexf, "XML for Gephi"),
    "json": Format(".json", node_link, "node-link data for networkx and D3"),
    "dot": Format(".dot", dot, "the language of Graphviz"),
}
