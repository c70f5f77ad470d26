"""The lines of a rule file that give findings, details and studies their words."""

from __future__ import annotations

from itertools import product

import numpy as np

from synthesis.scoring.language import FloatArray, known, numbers, surely
from synthesis.scoring.reading.expressions import ExpressionReader, Names
from synthesis.scoring.reading.nodes import Node
from synthesis.scoring.rule import Line

MOST_WORDS = 8  # of a step whose lines must cover everything that can occur together


class LineReader:
    """The lines of one step."""

    def __init__(self, reader: ExpressionReader, step: str, names: Names, counted: tuple[str, ...] = ()) -> None:
        self.reader = reader
        self.nodes = reader.nodes
        self.step = step
        self.names = names
        self.counted = counted  # the words that come together in this step; none where it reads findings

    def read(self, node: Node | None) -> tuple[Line, ...]:
        """All lines; of details and studies, whatever may occur together must come to a word."""
        made = self.nodes.each(node, self.line)
        if node is not None and self.counted and len(made) == len(self.nodes.items(node)):
            self.covered(node, made)
        return made

    def line(self, node: Node) -> Line | None:
        """One line; None, with a fault, where it cannot be read."""
        fields = ("is", "when", "because", "by", "flag") if self.counted else ("is", "when", "because")
        parts = self.nodes.fields(node, f"a line of {self.step}", fields, fields[1:])
        if "is" not in parts:
            return None
        label = self.nodes.text(parts["is"])
        if not label.isidentifier():
            self.nodes.fault(parts["is"], "SY654", f"{label!r} is no word", "write one word of letters and _")
            return None
        when = self.reader.condition(parts, self.names, f"{self.step}, {label!r}")
        by = None
        if "by" in parts:
            by = frozenset(self.nodes.one_of(item, self.counted, "by") for item in self.nodes.items(parts["by"]))
        flag, because = self.nodes.text(parts.get("flag")), self.nodes.text(parts.get("because"))
        return Line(label, when, by, flag, because) if when or "when" not in parts else None

    def covered(self, node: Node, lines: tuple[Line, ...]) -> None:
        """Try every choice of words that may come together."""
        if len(self.counted) > MOST_WORDS:
            self.nodes.fault(node, "SY655", f"more than {MOST_WORDS} words come together here", "use fewer words")
            return
        present = np.array([row for row in product((0.0, 1.0), repeat=len(self.counted)) if any(row)])
        columns = {name: known(present[:, place]) for place, name in enumerate(self.counted)}
        left = np.ones(len(present), dtype=bool)
        for line in lines:
            holds = left if line.when is None else left & surely(numbers(line.when, columns, len(present)))
            decided = present[:, [line.by is None or name in line.by for name in self.counted]].any(axis=1)
            self.uncovered(node, present[holds & ~decided], f"{line.label} has nobody to decide it")
            left = left & ~holds
        self.uncovered(node, present[left], "no line")

    def uncovered(self, node: Node, rows: FloatArray, what: str) -> None:
        """Tell the first choice of words that is not covered, if there is one."""
        if len(rows):
            words = " with ".join(name for name, there in zip(self.counted, rows[0], strict=True) if there)
            self.nodes.fault(node, "SY655", f"{what} for {words}", f"add a line that holds for {words}")
