"""Expressions and values of a rule file, read from nodes with the names that are known where they stand."""

from __future__ import annotations

from collections.abc import Mapping

from synthesis.scoring.language import Declared, Expression, ExpressionError, Kind, parse
from synthesis.scoring.reading.nodes import Node, Nodes
from synthesis.scoring.rule import Choice, Definition

Names = Mapping[str, Declared]


class ExpressionReader:
    """What every step of a rule file is read with; faults are collected in `nodes`."""

    def __init__(self, nodes: Nodes) -> None:
        self.nodes = nodes

    def expression(self, node: Node, names: Names, where: str, kind: Kind | None = None) -> Expression | None:
        """The expression of a node; None, with a fault, where it cannot be read."""
        text = self.nodes.text(node)
        try:
            return parse(text, names, kind)
        except ExpressionError as bad:
            remedy = f'it reads {text!r}; an expression is such as "effective >= 2 and level in (4, 5)"'
            self.nodes.fault(node, "SY653", f"{where}: {bad}", remedy, bad.column - 1)
            return None

    def condition(self, parts: Mapping[str, Node], names: Names, where: str) -> Expression | None:
        """The condition that stands under `when`, where there is one."""
        return self.expression(parts["when"], names, where, "a condition") if "when" in parts else None

    def choices(self, node: Node, names: Names, where: str) -> Definition:
        """One value, or several of which the first that surely holds is taken."""
        if node.kind != "list":
            value = self.expression(node, names, where)
            return (Choice(value),) if value else ()
        made = tuple(filter(None, (self._choice(item, names, where) for item in self.nodes.items(node))))
        for other in (choice for choice in made[1:] if choice.value.kind != made[0].value.kind):
            what = f"{where}: {other.value.text!r} is {other.value.kind}, the first is {made[0].value.kind}"
            self.nodes.fault(node, "SY654", what, "make all of one kind")
        return made

    def _choice(self, node: Node, names: Names, where: str) -> Choice | None:
        parts = self.nodes.fields(node, where, ("is", "when", "because"), ("when", "because"))
        value = self.expression(parts["is"], names, where) if "is" in parts else None
        when = self.condition(parts, names, where)
        return Choice(value, when) if value and (when or "when" not in parts) else None
