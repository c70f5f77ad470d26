"""The steps of a rule file, from nodes, in the order in which each knows the names that the ones before it made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from synthesis.errors import did_you_mean
from synthesis.scoring.fields import FIELDS, NUMBER, OF_A_POOL
from synthesis.scoring.language import Declared, Expression, Kind
from synthesis.scoring.reading.clauses import ClauseReader
from synthesis.scoring.reading.expressions import ExpressionReader, Names
from synthesis.scoring.reading.lines import LineReader
from synthesis.scoring.reading.nodes import Node, Nodes
from synthesis.scoring.rule import (
    AGGREGATES,
    FOLLOW_UPS,
    KINDS,
    ONE,
    Ask,
    Definition,
    Feature,
    Line,
    Output,
    Procedure,
    Table,
    asked_of,
    labels_of,
)

STEPS = (
    "values", "facts", "admit", "one", "follow_up", "findings", "details", "studies", "carry", "derived", "count",
    "features", "blank", "clauses", "caps", "flags", "marks",
)  # fmt: skip
TAKEN = ("studies", "state", "points")  # names that the steps themselves make


@dataclass(frozen=True, slots=True)
class Common:
    """What all policies of a rule share."""

    grades: str
    asks: Mapping[str, Ask]
    tables: Mapping[str, Table]
    outputs: Mapping[str, Output]

    def asked(self, of: str) -> Names:
        """The names that people supply of a study or of an intervention."""
        return asked_of(self.asks, of)


class ProcedureReader:
    """The steps of one policy, one method each; faults are collected in `nodes`."""

    def __init__(self, nodes: Nodes, common: Common, parts: Mapping[str, Node]) -> None:
        self.nodes = nodes
        self.reader = ExpressionReader(nodes)
        self.common = common
        self.parts = parts
        self.values = self.read_values()
        named = {name: Declared("a text" if isinstance(of, str) else "a number") for name, of in self.values.items()}
        self.of_finding = {**FIELDS, **common.asked("study"), **dict.fromkeys(common.tables, NUMBER), **named}
        self.of_cell = {**OF_A_POOL, **common.asked("intervention"), **named, "studies": NUMBER}

    def read(self, name: str, says: str, because: str) -> Procedure:
        """The whole of it."""
        facts = self.definitions("facts", self.of_finding)
        findings = self.lines("findings", self.of_finding)
        details = self.lines("details", counted=labels_of(findings))
        studies = self.lines("studies", counted=labels_of(details) or labels_of(findings))
        of_study = {**self.of_finding, "state": Declared("a text", labels_of(studies))}
        derived = self.definitions("derived", of_study)
        features = self.features(of_study)
        names = of_study if self.common.grades == "study" else self.with_features(features)
        clauses = ClauseReader(self.reader, names, self.common.outputs)
        flags = ClauseReader(self.reader, {**names, "points": NUMBER}, self.common.outputs)
        return Procedure(
            name=name,
            says=says,
            because=because,
            values=self.values,
            facts=facts,
            admit=self.admit(),
            one=self.choice("one", ONE),
            follow_up=self.choice("follow_up", FOLLOW_UPS),
            findings=findings,
            details=details,
            studies=studies,
            carry=self.carry(),
            derived=derived,
            count=self.one_expression("count", of_study),
            features=features,
            blank=clauses.clause(self.parts["blank"], blank=True) if "blank" in self.parts else None,
            clauses=clauses.clauses(self.parts["clauses"]),
            caps=self.nodes.each(self.parts.get("caps"), clauses.cap),
            flags=self.nodes.each(self.parts.get("flags"), flags.flag),
            marks=self.marks(names),
        )

    def pairs(self, step: str) -> tuple[tuple[str, Node], ...]:
        """The pairs of a step that is a mapping; none where it is not given."""
        return self.nodes.pairs(self.parts[step]) if step in self.parts else ()

    def read_values(self) -> Mapping[str, float | str]:
        """The named constants."""
        return {self.fresh(name, node): self.nodes.number_or_text(node) for name, node in self.pairs("values")}

    def fresh(self, name: str, node: Node) -> str:
        """A name of the rule's own, which may not hide one that there is already."""
        if name in FIELDS or name in OF_A_POOL or name in TAKEN or not name.isidentifier():
            self.nodes.fault(node, "SY654", f"{name!r} cannot be a name here", "choose another word, without blanks")
        return name

    def choice(self, step: str, words: tuple[str, ...]) -> str:
        """One of some words; the first where nothing is said."""
        return self.nodes.one_of(self.parts[step], words, step) if step in self.parts else words[0]

    def one_expression(self, step: str, names: Names) -> Expression | None:
        """The condition that is a whole step."""
        return self.reader.expression(self.parts[step], names, step, "a condition") if step in self.parts else None

    def admit(self) -> Expression | None:
        """Which findings count: a condition alone, or one with its source."""
        node = self.parts.get("admit")
        if node is None or node.kind == "scalar":
            return self.one_expression("admit", self.of_finding)
        parts = self.nodes.fields(node, "admit", ("when", "at", "says", "because"), ("at", "says", "because"))
        self.nodes.texts(parts.get("because"))
        return self.reader.condition(parts, self.of_finding, "admit")

    def lines(self, step: str, names: Names | None = None, counted: tuple[str, ...] = ()) -> tuple[Line, ...]:
        """The lines of a step, about findings or about what comes together."""
        known_names = dict.fromkeys(counted, NUMBER) if names is None else names
        return LineReader(self.reader, step, known_names, counted).read(self.parts.get(step))

    def definitions(self, step: str, names: dict[str, Declared]) -> Mapping[str, Definition]:
        """Values by name, each of which the next may use; `names` learns them."""
        made: dict[str, Definition] = {}
        for name, node in self.pairs(step):
            choices = self.reader.choices(node, names, f"{step}, {name!r}")
            if not choices:
                continue
            kind = choices[0].value.kind
            if name not in FIELDS:
                self.fresh(name, node)
            elif FIELDS[name].kind != kind:
                self.nodes.fault(node, "SY654", f"{name} is {FIELDS[name].kind}, not {kind}", "choose another name")
            made[name] = choices
            names[name] = Declared(kind)
        return made

    def carry(self) -> Mapping[str, str]:
        """How a study takes a number from its findings."""
        for name, node in self.pairs("carry"):
            declared = self.of_finding.get(name)
            if declared is None or declared.kind != "a number":
                numbers = [each for each, of in self.of_finding.items() if of.kind == "a number"]
                self.nodes.fault(node, "SY654", f"carry: {name!r} is no number here", did_you_mean(name, numbers))
        return {name: self.nodes.one_of(node, AGGREGATES, "carry") for name, node in self.pairs("carry")}

    def with_features(self, features: Mapping[str, Feature]) -> Names:
        """The names of a cell with the features so far."""
        return {**self.of_cell, **{name: feature.gives for name, feature in features.items()}}

    def features(self, of_study: Names) -> Mapping[str, Feature]:
        """The facts of a cell, each of which the next may use."""
        made: dict[str, Feature] = {}
        for name, node in self.pairs("features"):
            feature = self.feature(self.fresh(name, node), node, of_study, self.with_features(made))
            if feature is not None:
                made[name] = feature
        return made

    def feature(self, name: str, node: Node, of_study: Names, of_cell: Names) -> Feature | None:
        """One fact of a cell; None, with a fault, where it cannot be read."""
        parts = dict(self.nodes.pairs(node))
        kinds = [kind for kind in KINDS if kind in parts]
        if len(kinds) != 1 or set(parts) - {kinds[0], "when", "because"}:
            what = f"feature {name!r} is {' and '.join(kinds) or 'nothing'} of {', '.join(KINDS)}"
            self.nodes.fault(node, "SY651", what, "give exactly one of them, and `when` if need be")
            return None
        kind, where = kinds[0], f"feature {name!r}"
        if kind in ("value", "first"):
            choices = self.reader.choices(parts[kind], of_cell, where)
            return Feature("value", choices=choices) if choices else None
        if kind in ("count", "any"):
            held = self.reader.expression(parts[kind], of_study, where, "a condition")
            return Feature(kind, held) if held else None
        wanted: Kind | None = None if kind == "distinct" else "a number"
        of = self.reader.expression(parts[kind], of_study, where, wanted)
        when = self.reader.condition(parts, of_study, where)
        return Feature(kind, when, of) if of and (when or "when" not in parts) else None

    def marks(self, names: Names) -> Mapping[str, Expression]:
        """Conditions by name."""
        read = {
            name: self.reader.expression(node, names, f"the mark {name!r}", "a condition")
            for name, node in self.pairs("marks")
        }
        return {name: when for name, when in read.items() if when is not None}
