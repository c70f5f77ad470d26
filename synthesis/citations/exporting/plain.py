"""The typed graph as names and plain attributes, in a fixed order: what every format writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from synthesis.citations.cells import CELL, STUDY

if TYPE_CHECKING:
    from synthesis.citations.graph import CitationGraph, Node

Attributes = dict[str, str | int]
OF_NODES = ("n", "evidence_set", "modality", "outcome")  # taken over where the node has them
OF_EDGES = ("n", "direction")


@dataclass(frozen=True, slots=True)
class PlainGraph:
    """Nodes and edges, sorted; an attribute that is not known is absent."""

    nodes: tuple[tuple[str, Attributes], ...]  # `room:key`, as `study:Smith2001`
    edges: tuple[tuple[str, str, Attributes], ...]


def plain_graph(graph: CitationGraph) -> PlainGraph:
    """A citation graph as plain values.

    Parameters
    ----------
    graph : CitationGraph
        The whole graph or a part of it.

    Returns
    -------
    PlainGraph
        A node has `key`, `kind`, `role` (all its roles) and, where known, `year`, `title`, `n`, `evidence_set`,
        `modality`, `outcome`; `studies` (of a document those that it reports, of a cell those that count in it) and
        `findings` (of a study and of a cell). An edge has `relation`, and where there are `locator`, `findings`, `n`,
        `direction`, `evidence_set`. Several values of one attribute are joined by `; `.
    """
    locators = _locators(graph)
    nodes = ((_name(node), _of_node(graph, node, data)) for node, data in graph.graph.nodes(data=True))
    edges = (
        (_name(source), _name(target), _of_edge(data, locators.get((source, target), ())))
        for source, target, data in graph.graph.edges(data=True)
    )
    return PlainGraph(tuple(sorted(nodes, key=lambda one: one[0])), tuple(sorted(edges, key=lambda one: one[:2])))


def _name(node: Node) -> str:
    return ":".join(node)


def _of_node(graph: CitationGraph, node: Node, data: Mapping[str, Any]) -> Attributes:
    room, key = node
    found: Attributes = {"key": key, "kind": data["kind"], "role": _joined(data["roles"])}
    known = {name: data.get(name) for name in ("year", "title", *OF_NODES)}
    found |= {name: value for name, value in known.items() if value not in (None, "")}
    before, after = graph.graph.in_edges(node, data=True), graph.graph.out_edges(node, data=True)
    if room != STUDY:
        found["studies"] = sum(source[0] == STUDY for source, _, _ in before)
    if room in (STUDY, CELL):
        found["findings"] = sum(len(edge.get("findings", ())) for _, _, edge in (after if room == STUDY else before))
    return found


def _of_edge(data: Mapping[str, Any], locators: tuple[str, ...]) -> Attributes:
    found: Attributes = {"relation": _joined(data["relations"])}
    if locators:
        found["locator"] = _joined(locators)
    if "findings" in data:
        found["findings"] = len(data["findings"])
    found |= {name: data[name] for name in OF_EDGES if data.get(name) is not None}
    if "evidence_sets" in data:
        found["evidence_set"] = _joined(data["evidence_sets"])
    return found


def _locators(graph: CitationGraph) -> dict[tuple[Node, Node], tuple[str, ...]]:
    """Where each citation stands in its source, in the order of the file."""
    found: dict[tuple[Node, Node], dict[str, None]] = {}
    for edge in graph.edges:
        if edge.locator:
            ends = (("document", edge.source), ("document", edge.target))
            found.setdefault(ends, {})[edge.locator] = None
    return {ends: tuple(locators) for ends, locators in found.items()}


def _joined(values: Any) -> str:
    return "; ".join(map(str, values))
