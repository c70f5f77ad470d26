r"""DOT, the language of Graphviz.

Keys and titles come from files of others. No text of theirs is a name here: nodes are called n0, n1, ..., and texts
stand only in quoted values. There a quote ends the value, a backslash begins an escape (`\N` is the node's name), and
Graphviz reads `&...;` as a character: all three are escaped. (Graphviz documentation: The DOT Language; escString.)
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from synthesis.citations.exporting.plain import Attributes, PlainGraph

SHAPES = {"study": "ellipse", "cell": "diamond"}  # by kind; documents are boxes
STYLES = {"review": "bold", "guideline": "rounded"}  # of documents, by kind


def dot(graph: PlainGraph) -> bytes:
    """A directed graph in DOT: labels are keys, tooltips titles, and the kind of a node is its class and shape."""
    name = {node: f"n{place}" for place, (node, _) in enumerate(graph.nodes)}
    lines = ["digraph citations {", "  node [shape=box];"]
    lines += [f"  {name[node]} {_listed(_of_node(attributes))};" for node, attributes in graph.nodes]
    lines += [
        f"  {name[source]} -> {name[target]} {_listed(_of_edge(attributes))};"
        for source, target, attributes in graph.edges
    ]
    return "\n".join([*lines, "}", ""]).encode("utf-8", "replace")


def quoted(text: str) -> str:
    """A text as a quoted value of DOT that shows it as it is."""
    plain = "".join(char if char.isprintable() else " " for char in text)
    for sign, safe in (("&", "&amp;"), ("\\", "\\\\"), ('"', '\\"')):
        plain = plain.replace(sign, safe)
    return f'"{plain}"'


def _of_node(attributes: Attributes) -> dict[str, str]:
    kind, key = str(attributes["kind"]), str(attributes["key"])
    year = f" ({attributes['year']})" if "year" in attributes else ""
    found = {"label": key, "tooltip": f"{attributes.get('title', key)}{year}", "class": kind}
    found |= {"shape": SHAPES[kind]} if kind in SHAPES else {}
    return found | ({"style": STYLES[kind]} if kind in STYLES else {})


def _of_edge(attributes: Attributes) -> dict[str, str]:
    relation = str(attributes["relation"])
    locator = f": {attributes['locator']}" if "locator" in attributes else ""
    classes = re.sub(r"[ _]", "-", relation).replace(";-", " ")  # blanks part the classes
    return {"class": classes, "tooltip": f"{relation}{locator}"}


def _listed(attributes: dict[str, str]) -> str:
    return f"[{', '.join(f'{name}={quoted(value)}' for name, value in attributes.items())}]"
