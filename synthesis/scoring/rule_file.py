"""A rule file read and checked: every fault with its line, its column and the clause it is in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, combinations
from typing import TypeVar

from synthesis.errors import InvalidData, NotFound, Problem, did_you_mean
from synthesis.records.study import DIRECTIONS, SIGNIFICANCES
from synthesis.scoring.expression import Condition, ExpressionError, parse_condition
from synthesis.scoring.nodes import Node, Nodes
from synthesis.scoring.rule import (
    FOLDER,
    RESULTS,
    STATES,
    Cap,
    Clause,
    Collapse,
    Example,
    FindingLine,
    Flag,
    Members,
    Policy,
    Rule,
    Sets,
)

T = TypeVar("T")

KEYS = (
    "rule", "title", "unit", "provenance", "admit", "findings", "detail", "study", "sets", "clauses", "blank",
    "policies", "flags", "marks", "examples",
)  # fmt: skip
LEVELS = (1, 2, 3, 4, 5)


def rule_names() -> tuple[str, ...]:
    """The rules that there are: the files of `scoring/rules`."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


def load_rule(name: str) -> Rule:
    """The rule of that name in `scoring/rules`.

    Raises
    ------
    NotFound
        No rule has that name; the nearest one is suggested.
    InvalidData
        The file has faults.
    """
    if name not in rule_names():
        raise NotFound(f"no rule {name!r}: {did_you_mean(name, rule_names())}")
    path = FOLDER / f"{name}.yaml"
    return read_rule(path.read_text(encoding="utf-8"), f"synthesis/scoring/rules/{path.name}", name)


def read_rule(text: str, path: str, key: str | None = None) -> Rule:
    """The rule that the text of a rule file states; `path` names it in messages, `key` is its file's name.

    Raises
    ------
    InvalidData
        Everything wrong with it, in file order.
    """
    reader = _Reader(path)
    root = reader.nodes.root(text)
    reader.nodes.stop()
    rule = reader.rule(root, key)
    reader.nodes.stop()
    return rule


class _Reader:
    """The sections of a rule file, one method each; faults are collected in `nodes`."""

    def __init__(self, path: str) -> None:
        self.nodes = Nodes(path)
        self.sets: Sets = {}

    def rule(self, root: Node, key: str | None) -> Rule:
        parts = self.nodes.fields(root, "the rule", KEYS, optional=("flags", "marks", "examples"))
        self.nodes.stop()
        if key is not None:
            self.one_of(parts["rule"], (key,), "the rule must be named as its file")
        admit = self.nodes.fields(parts["admit"], "admit", ("levels", "paragraph", "settled"), ("paragraph", "settled"))
        self.nodes.stop()
        self.sets = self.members(parts["sets"])
        self.nodes.stop()
        return Rule(
            key=self.nodes.text(parts["rule"]),
            title=self.nodes.text(parts["title"]),
            unit=self.nodes.text(parts["unit"]),
            provenance=self.nodes.texts(parts["provenance"]),
            levels=self.levels(admit["levels"]),
            settled=self.nodes.texts(admit.get("settled")),
            findings=self.each(parts["findings"], self.finding),
            detail=self.collapses(parts["detail"], RESULTS),
            study=self.collapses(parts["study"], STATES),
            clauses=self.clauses(parts["clauses"]),
            blank=self.blank(parts["blank"]),
            policies=self.policies(parts["policies"]),
            flags=self.each(parts.get("flags"), self.flag),
            marks=self.marks(parts.get("marks")),
            examples=self.each(parts.get("examples"), self.example),
        )

    def each(self, node: Node | None, read: Callable[[Node], T | None]) -> tuple[T, ...]:
        """What `read` makes of every item of a list, without those it could not read."""
        made = [read(item) for item in (self.nodes.items(node) if node else ())]
        return tuple(value for value in made if value is not None)

    def finding(self, node: Node) -> FindingLine | None:
        names = ("result", "direction", "significant", "limited", "because")
        parts = self.nodes.fields(node, "a line of findings", names, names[2:])
        if not {"result", "direction"} <= set(parts):
            return None
        return FindingLine(
            result=self.one_of(parts["result"], RESULTS, "a result"),
            directions=self.several(parts["direction"], DIRECTIONS, "a direction"),
            significant=self.several(parts["significant"], SIGNIFICANCES, "significant")
            if "significant" in parts
            else None,
            limited=self.nodes.boolean(parts["limited"]) if "limited" in parts else None,
            because=self.nodes.text(parts.get("because")),
        )

    def collapses(self, node: Node, counted: tuple[str, ...]) -> tuple[Collapse, ...]:
        """The lines of a collapse; whatever may occur together must come to a state."""
        lines = self.each(node, lambda item: self.collapse(item, counted))
        if len(lines) == len(self.nodes.items(node)):
            for present in _together(counted):
                self.covered(node, lines, {name: int(name in present) for name in counted})
        return lines

    def covered(self, node: Node, lines: Iterable[Collapse], counts: Mapping[str, int]) -> None:
        line = next((line for line in lines if line.when.holds(counts)), None)
        present = [name for name, count in counts.items() if count]
        if line is None or not line.decided_by.intersection(present):
            what = f"no state for {' with '.join(present)}" if line is None else f"{line.state} has nobody to decide it"
            self.nodes.fault(node, "SY655", what, f"add a line that holds for {' with '.join(present)}")

    def collapse(self, node: Node, counted: tuple[str, ...]) -> Collapse | None:
        names = ("state", "when", "decided_by", "flag", "because")
        parts = self.nodes.fields(node, "a line of states", names, names[3:])
        if not set(names[:3]) <= set(parts):
            return None
        state = self.one_of(parts["state"], STATES, "a state")
        when = self.condition(parts["when"], counted, f"the state {state}")
        decided_by = self.several(parts["decided_by"], counted, "decided_by")
        flag, because = self.nodes.text(parts.get("flag")), self.nodes.text(parts.get("because"))
        return Collapse(state, when, decided_by, flag, because) if when else None

    def members(self, node: Node) -> Sets:
        """Sets of studies by name."""
        return {name: self.each(value, self.member) for name, value in self.nodes.pairs(node)}

    def member(self, node: Node) -> Members | None:
        parts = self.nodes.fields(node, "a set", ("states", "levels"))
        if len(parts) < 2:
            return None
        return Members(self.several(parts["states"], STATES, "a state"), self.levels(parts["levels"]))

    def clauses(self, node: Node) -> tuple[Clause, ...]:
        """The clauses in file order; all but the last have a condition."""
        clauses = self.each(node, self.clause)
        items = self.nodes.items(node)
        for item in items:
            parts = dict(self.nodes.pairs(item))
            label = self.nodes.text(parts.get("clause"))
            if item is items[-1] and "when" in parts:
                remedy = "end with a clause that always holds"
                self.nodes.fault(item, "SY654", f"the last clause, {label!r}, has a condition", remedy)
            if item is not items[-1] and "when" not in parts:
                what = f"clause {label!r} has no condition, so no later clause is reached"
                self.nodes.fault(item, "SY654", what, "only the last clause goes without `when`")
        return clauses

    def clause(self, node: Node) -> Clause | None:
        names = ("clause", "points", "when", "paragraph", "says", "settled")
        parts = self.nodes.fields(node, "a clause", names, ("when", "settled"))
        if not {"clause", "points", "paragraph", "says"} <= set(parts):
            return None
        label = self.nodes.text(parts["clause"])
        when = self.condition(parts["when"], self.sets, f"clause {label!r}") if "when" in parts else None
        points = self.nodes.integer(parts["points"])
        return Clause(label, points, when, *self.words(parts)) if when or "when" not in parts else None

    def blank(self, node: Node) -> Clause:
        parts = self.nodes.fields(node, "blank", ("clause", "paragraph", "says", "settled"), ("settled",))
        return Clause(self.nodes.text(parts.get("clause")), None, None, *self.words(parts))

    def words(self, parts: Mapping[str, Node]) -> tuple[str, str, Mapping[str, str]]:
        paragraph, says = self.nodes.text(parts.get("paragraph")), self.nodes.text(parts.get("says"))
        return paragraph, says, self.nodes.texts(parts.get("settled"))

    def policies(self, node: Node) -> Mapping[str, Policy]:
        found = {name: self.policy(name, value) for name, value in self.nodes.pairs(node)}
        if not found:
            self.nodes.fault(node, "SY651", "no policy is given", "name at least one, with what it `says`")
        return found

    def policy(self, name: str, node: Node) -> Policy:
        parts = self.nodes.fields(node, f"policy {name!r}", ("says", "sets", "caps"), ("sets", "caps"))
        own = self.members(parts["sets"]) if "sets" in parts else {}
        for unknown in sorted(set(own) - set(self.sets)):
            what = f"policy {name!r} changes a set {unknown!r} that there is not"
            self.nodes.fault(parts["sets"], "SY654", what, did_you_mean(unknown, self.sets))
        caps = self.each(parts.get("caps"), lambda cap: self.cap(cap, name))
        return Policy(name, self.nodes.text(parts.get("says")), {**self.sets, **own}, caps)

    def cap(self, node: Node, policy: str) -> Cap | None:
        names = ("points", "becomes", "when", "label", "because")
        parts = self.nodes.fields(node, f"a cap of policy {policy!r}", names, ("because",))
        if not set(names[:4]) <= set(parts):
            return None
        points, becomes = self.nodes.integer(parts["points"]), self.nodes.integer(parts["becomes"])
        when = self.condition(parts["when"], self.sets, f"the cap of {points} of policy {policy!r}")
        if becomes >= points:
            self.nodes.fault(parts["becomes"], "SY654", f"a cap from {points} to {becomes} lowers nothing", "lower it")
        label, because = self.nodes.text(parts["label"]), self.nodes.text(parts.get("because"))
        return Cap(points, becomes, when, label, because) if when else None

    def flag(self, node: Node) -> Flag | None:
        parts = self.nodes.fields(node, "a flag", ("flag", "when", "because"), ("because",))
        if not {"flag", "when"} <= set(parts):
            return None
        text = self.nodes.text(parts["flag"])
        when = self.condition(parts["when"], (*self.sets, "points"), f"the flag {text!r}")
        return Flag(text, when, self.nodes.text(parts.get("because"))) if when else None

    def marks(self, node: Node | None) -> Mapping[str, Condition]:
        pairs = self.nodes.pairs(node) if node else ()
        found = {name: self.condition(value, self.sets, f"the mark {name!r}") for name, value in pairs}
        return {name: when for name, when in found.items() if when is not None}

    def example(self, node: Node) -> Example | None:
        parts = dict(self.nodes.pairs(node))
        if "studies" not in parts:
            self.nodes.fault(node, "SY651", "an example has no studies", "add `studies`, a list of lists of findings")
            return None
        studies = tuple(
            tuple(dict(self.nodes.plain_pairs(finding)) for finding in self.nodes.items(study))
            for study in self.nodes.items(parts["studies"])
        )
        expected = {name: self.nodes.text(value) for name, value in parts.items() if name != "studies"}
        return Example(node.line, studies, expected)

    def condition(self, node: Node, names: Iterable[str], where: str) -> Condition | None:
        text = self.nodes.text(node)
        try:
            return parse_condition(text, tuple(names))
        except ExpressionError as bad:
            remedy = f"the condition reads {text!r}; write counts compared and joined, such as 'E5 >= 2 and not C > 0'"
            self.nodes.fault(node, "SY653", f"{where}: {bad}", remedy, bad.column - 1)
            return None

    def levels(self, node: Node) -> frozenset[int]:
        found = {self.nodes.integer(item) for item in self.nodes.items(node)}
        for level in sorted(found - set(LEVELS)):
            self.nodes.fault(node, "SY654", f"level {level} is not on the Maryland scale", "levels are 1 to 5")
        return frozenset(found)

    def several(self, node: Node, known: tuple[str, ...], what: str) -> frozenset[str]:
        return frozenset(self.one_of(item, known, what) for item in self.nodes.items(node))

    def one_of(self, node: Node, known: Iterable[str], what: str) -> str:
        text, names = self.nodes.text(node), tuple(known)
        if text not in names:
            self.nodes.fault(node, "SY654", f"{what}: {text!r} is not known here", did_you_mean(text, names))
        return text


def _together(names: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Every choice of one or more of the names."""
    return chain.from_iterable(combinations(names, size) for size in range(1, len(names) + 1))


def rule_problems(text: str, path: str) -> tuple[Problem, ...]:
    """Everything wrong with the text of a rule file; nothing where it can be used."""
    try:
        read_rule(text, path)
    except InvalidData as invalid:
        return invalid.problems
    return ()
