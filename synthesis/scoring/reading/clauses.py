"""The clauses of a rule file, what caps their points, and the flags beside them."""

from __future__ import annotations

from collections.abc import Collection

from synthesis.scoring.reading.expressions import ExpressionReader, Names
from synthesis.scoring.reading.nodes import Node
from synthesis.scoring.rule import MARKS_OF_READING, Cap, Clause, Flag, is_numeric

CLAUSE = ("clause", "gives", "when", "at", "says", "verified", "because")
CAP = ("points", "becomes", "when", "label", "because")


class ClauseReader:
    """The last steps of a rule, in which the names of a cell may be spoken of."""

    def __init__(self, reader: ExpressionReader, names: Names, outputs: Collection[str]) -> None:
        self.reader = reader
        self.nodes = reader.nodes
        self.names = names
        self.outputs = outputs

    def clauses(self, node: Node) -> tuple[Clause, ...]:
        """All clauses; every one but the last has a condition."""
        made = self.nodes.each(node, self.clause)
        items = self.nodes.items(node)
        if len(made) < len(items):
            return made
        if not made:
            self.nodes.fault(node, "SY655", "no clause is given", "add a clause without a condition at the end")
        for clause, item in zip(made, items, strict=True):
            if (clause.when is None) != (clause is made[-1]):
                what = "the last clause has a condition" if clause is made[-1] else "a clause before the last has none"
                self.nodes.fault(item, "SY655", what, "give every clause but the last a `when`")
        return made

    def clause(self, node: Node, *, blank: bool = False) -> Clause | None:
        """One clause; a blank one need not give anything."""
        optional = ("when", "at", "because", "gives") if blank else ("when", "at", "because")
        parts = self.nodes.fields(node, "a clause", CLAUSE, optional)
        label = self.nodes.text(parts.get("clause"))
        where = f"clause {label!r}"
        when = self.reader.condition(parts, self.names, where)
        given = self.nodes.text(parts.get("gives"))
        named = given in self.outputs and not is_numeric(given)
        number = None
        if "gives" in parts and not named:
            number = self.reader.expression(parts["gives"], self.names, f"{where} gives", "a number")
        if not {"clause", "says", "verified"} <= set(parts) or (when is None and "when" in parts):
            return None
        if not blank and "gives" not in parts:
            return None
        return Clause(
            label=label,
            output=given if named else "",
            number=number,
            when=when,
            at=self.nodes.text(parts.get("at")),
            says=self.nodes.text(parts["says"]),
            verified=self.nodes.one_of(parts["verified"], MARKS_OF_READING, "verified"),
            because=self.nodes.texts(parts.get("because")),
        )

    def cap(self, node: Node) -> Cap | None:
        """Points that become fewer under a condition."""
        parts = self.nodes.fields(node, "a cap", CAP, ("because",))
        if not set(CAP[:4]) <= set(parts):
            return None
        points, becomes = self.nodes.number(parts["points"]), self.nodes.number(parts["becomes"])
        when = self.reader.condition(parts, self.names, f"the cap of {points:g}")
        if becomes >= points:
            self.nodes.fault(
                parts["becomes"], "SY654", f"a cap from {points:g} to {becomes:g} lowers nothing", "lower it"
            )
        label, because = self.nodes.text(parts["label"]), self.nodes.text(parts.get("because"))
        return Cap(points, becomes, when, label, because) if when else None

    def flag(self, node: Node) -> Flag | None:
        """What a reader must know under a condition."""
        parts = self.nodes.fields(node, "a flag", ("flag", "when", "because"), ("because",))
        if not {"flag", "when"} <= set(parts):
            return None
        text = self.nodes.text(parts["flag"])
        when = self.reader.condition(parts, self.names, f"the flag {text!r}")
        return Flag(text, when, self.nodes.text(parts.get("because"))) if when else None
