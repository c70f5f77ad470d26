"""JSON as networkx reads it with `node_link_graph(data, edges="edges")`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from synthesis.citations.exporting.plain import PlainGraph


def node_link(graph: PlainGraph) -> bytes:
    """Node-link JSON: nodes by `id`, edges by `source` and `target`, with their attributes beside these."""
    value = {
        "directed": True,
        "multigraph": False,
        "graph": {},
        "nodes": [{"id": name, **attributes} for name, attributes in graph.nodes],
        "edges": [{"source": source, "target": target, **attributes} for source, target, attributes in graph.edges],
    }
    return (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode("utf-8", "replace")
