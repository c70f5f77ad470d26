"""A rule under a policy: its steps with those that the policy changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from synthesis.errors import did_you_mean
from synthesis.scoring.reading.nodes import Node, Nodes

MERGED = ("values", "facts", "carry", "derived", "features", "marks")  # a policy changes single names of these


def under_policy(nodes: Nodes, base: Mapping[str, Node], changes: Mapping[str, Node]) -> dict[str, Node]:
    """The steps of a rule with those that a policy changes."""
    steps = dict(base)
    for step, node in changes.items():
        if step in MERGED and step in base:
            steps[step] = _with_pairs(base[step], {**dict(nodes.pairs(base[step])), **dict(nodes.pairs(node))})
        elif step == "clauses":
            steps[step] = _with_items(base[step], tuple(_clauses(nodes, base[step], node)))
        else:
            steps[step] = node
    return steps


def _clauses(nodes: Nodes, base: Node, changes: Node) -> Iterator[Node]:
    """The clauses of a rule as a policy has them: changed in some fields, or left out."""
    changed = dict(nodes.pairs(changes))
    labels = {}
    for item in nodes.items(base):
        fields = dict(nodes.pairs(item))
        label = nodes.text(fields.get("clause"))
        labels[label] = item
        change = changed.get(label)
        if change is None:
            yield item
        elif change.value != "never":
            yield _with_pairs(item, {**fields, **dict(nodes.pairs(change))})
    for label in sorted(set(changed) - set(labels)):
        remedy = did_you_mean(label, labels)
        nodes.fault(changed[label], "SY654", f"a policy changes a clause {label!r} that there is not", remedy)


def _with_pairs(node: Node, pairs: Mapping[str, Node]) -> Node:
    return Node(tuple(pairs.items()), "mapping", node.line, node.column)


def _with_items(node: Node, items: tuple[Node, ...]) -> Node:
    return Node(items, "list", node.line, node.column)
