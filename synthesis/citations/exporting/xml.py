"""GraphML and GEXF, through networkx; without a date, and with no sign that XML cannot hold."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import networkx as nx

    from synthesis.citations.exporting.plain import Attributes, PlainGraph

UNFIT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # for XML 1.0, section 2.2
META = re.compile(rb"<meta\b[^>]*>.*?</meta>", re.DOTALL)  # today's date and the version of networkx
OURS = b"<meta><creator>synth</creator></meta>"


def graphml(graph: PlainGraph) -> bytes:
    """GraphML; the same whether lxml is installed or not."""
    import networkx as nx

    file = io.BytesIO()
    nx.readwrite.graphml.write_graphml_xml(_networkx(graph), file)
    return file.getvalue() + b"\n"


def gexf(graph: PlainGraph) -> bytes:
    """GEXF 1.2; the key of a node is its label."""
    import networkx as nx

    file = io.BytesIO()
    labelled = tuple(
        (name, {"label" if key == "key" else key: value for key, value in of.items()}) for name, of in graph.nodes
    )
    nx.write_gexf(_networkx(replace(graph, nodes=labelled)), file, version="1.2draft")
    return META.sub(OURS, file.getvalue(), count=1) + b"\n"


def _networkx(graph: PlainGraph) -> nx.DiGraph[str]:
    import networkx as nx

    found: nx.DiGraph[str] = nx.DiGraph()
    for name, attributes in graph.nodes:
        found.add_node(_fit(name), **_fitted(attributes))
    for source, target, attributes in graph.edges:
        found.add_edge(_fit(source), _fit(target), **_fitted(attributes))
    return found


def _fitted(attributes: Attributes) -> dict[str, Any]:
    return {name: _fit(value) if isinstance(value, str) else value for name, value in attributes.items()}


def _fit(text: str) -> str:
    """The text with a replacement sign for each that XML cannot hold."""
    return UNFIT.sub("\N{REPLACEMENT CHARACTER}", text)
