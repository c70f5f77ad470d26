"""A rule set as a frozen value: what it grades, and for each of its policies everything settled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from synthesis.errors import InvalidArgument, did_you_mean
from synthesis.scoring.fields import FIELDS
from synthesis.scoring.language import Declared, Expression

GRADES = ("study", "intervention and outcome", "intervention")
OURS = "ours"  # of a clause or reading that no source prints
MARKS_OF_READING = ("text", "partial", "recalled", OURS)  # how far a clause was seen in its source
COLOURS = ("red", "grey", "blue", "yellow", "green")  # Results First's five, from worst to best
OUTSIDE = "insufficient"  # beside the five: too little to say
ONE = ("study", "report", "finding")
FOLLOW_UPS = ("all", "longest", "end")
AGGREGATES = ("highest", "lowest", "mean")
KINDS = ("count", "any", "distinct", "sum", "highest", "lowest", "value", "first")  # of features
TOLD_APART = ("study", "report", "detail", "level")  # fields that every rule needs
DEFAULT_POLICY = "as stated"
BLANK = "blank"  # the word for no output at all


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where something was read, what it says there in our words, and whether it was seen."""

    source: str
    at: str
    says: str
    verified: str  # one of MARKS_OF_READING


@dataclass(frozen=True, slots=True)
class Ask:
    """What people must supply; it is never inferred."""

    of: str  # study | intervention
    declared: Declared
    says: str


@dataclass(frozen=True, slots=True)
class Table:
    """A number for each of some texts."""

    of: str  # a field
    numbers: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Choice:
    """A value, and when it is the one."""

    value: Expression
    when: Expression | None = None  # None: always


Definition = tuple[Choice, ...]  # the first that surely holds


@dataclass(frozen=True, slots=True)
class Line:
    """A word for what a finding says, or for what several of them come to."""

    label: str
    when: Expression | None
    by: frozenset[str] | None = None  # the words whose findings decide it; None: all
    flag: str = ""
    because: str = ""


@dataclass(frozen=True, slots=True)
class Feature:
    """One fact of a cell, from the studies that count or from other features."""

    kind: str  # one of KINDS, `first` being a value of several choices
    when: Expression | None = None
    of: Expression | None = None  # what is summed or compared
    choices: Definition = ()  # of a value

    @property
    def gives(self) -> Declared:
        """What an expression may take it for."""
        if self.kind == "any":
            return Declared("a condition")
        return Declared(self.choices[0].value.kind if self.choices else "a number")


@dataclass(frozen=True, slots=True)
class Clause:
    """What is given, under which condition, and where that was printed."""

    label: str
    output: str  # a key of the rule's outputs, where it is not a number
    number: Expression | None  # what is given as a number
    when: Expression | None  # None: always
    at: str
    says: str
    verified: str  # one of MARKS_OF_READING
    because: Mapping[str, str] = field(default_factory=dict)  # ambiguity -> how it was settled


@dataclass(frozen=True, slots=True)
class Cap:
    """Points that become fewer under a condition."""

    points: float
    becomes: float
    when: Expression
    label: str
    because: str = ""


@dataclass(frozen=True, slots=True)
class Flag:
    """What a reader must know beside the output."""

    text: str
    when: Expression
    because: str = ""


@dataclass(frozen=True, slots=True)
class Output:
    """One output, and its place in the vocabulary that all rules share."""

    colour: str  # one of COLOURS, or OUTSIDE; empty where the rule grades something else than effects
    label: str


@dataclass(frozen=True, slots=True)
class Procedure:
    """A rule under one policy: every step from findings to an output."""

    name: str
    says: str
    because: str
    values: Mapping[str, float | str]
    facts: Mapping[str, Definition]
    admit: Expression | None
    one: str  # one of ONE
    follow_up: str  # one of FOLLOW_UPS
    findings: tuple[Line, ...]
    details: tuple[Line, ...]
    studies: tuple[Line, ...]
    carry: Mapping[str, str]  # field -> one of AGGREGATES
    derived: Mapping[str, Definition]
    count: Expression | None
    features: Mapping[str, Feature]
    blank: Clause | None
    clauses: tuple[Clause, ...]
    caps: tuple[Cap, ...]
    flags: tuple[Flag, ...]
    marks: Mapping[str, Expression]

    @property
    def names(self) -> frozenset[str]:
        """Every name that a step speaks of."""
        used: set[str] = set()
        for expression in self._expressions():
            used |= expression.names
        return frozenset(used)

    def _expressions(self) -> Iterator[Expression]:
        defined = (*self.facts.values(), *self.derived.values(), *(each.choices for each in self.features.values()))
        choices = tuple(choice for definition in defined for choice in definition)
        features, clauses = self.features.values(), (*self.clauses, *((self.blank,) if self.blank else ()))
        several = (
            (self.admit, self.count),
            (choice.value for choice in choices),
            (one.when for one in (*choices, *self.findings, *features, *clauses, *self.caps, *self.flags)),
            (feature.of for feature in features),
            (clause.number for clause in clauses),
            self.marks.values(),
        )
        yield from (expression for group in several for expression in group if expression is not None)


@dataclass(frozen=True, slots=True)
class Example:
    """Studies, and what each policy must come to."""

    line: int
    name: str
    studies: tuple[tuple[Mapping[str, object], ...], ...]  # study -> findings -> fields
    context: Mapping[str, object]  # of the intervention and the pool
    expect: Mapping[str, str]  # policy -> output or clause
    published: bool
    note: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A whole rule file. The first policy is the one that holds where none is named."""

    key: str
    title: str
    grades: str  # one of GRADES
    provenance: tuple[Provenance, ...]
    asks: Mapping[str, Ask]
    tables: Mapping[str, Table]
    outputs: Mapping[str, Output]  # from worst to best
    policies: Mapping[str, Procedure]
    ambiguities: tuple[str, ...]
    examples: tuple[Example, ...]

    def asked(self, of: str) -> dict[str, Declared]:
        """The names that people supply of a study or of an intervention."""
        return asked_of(self.asks, of)

    @property
    def fields(self) -> Mapping[str, Declared]:
        """What the rule must know of each finding: what a step speaks of, and what tells findings apart."""
        used = {*TOLD_APART, *(table.of for table in self.tables.values())}
        for procedure in self.policies.values():
            used |= procedure.names
        asked = self.asked("study")
        return {name: declared for name, declared in {**FIELDS, **asked}.items() if name in used or name in asked}

    @property
    def base(self) -> str:
        """The policy named first."""
        return next(iter(self.policies))

    @property
    def gives_points(self) -> bool:
        """Whether some clause gives a number."""
        return any(clause.number is not None for policy in self.policies.values() for clause in policy.clauses)


def procedure_of(rule: Rule, policy: str | None = None) -> Procedure:
    """The steps of a rule under one of its policies.

    Raises
    ------
    InvalidArgument
        The rule has no policy of that name.
    """
    chosen = rule.base if policy is None else policy
    if chosen not in rule.policies:
        raise InvalidArgument(f"rule {rule.key} has no policy {chosen!r}: {did_you_mean(chosen, rule.policies)}")
    return rule.policies[chosen]


def asked_of(asks: Mapping[str, Ask], of: str) -> dict[str, Declared]:
    """Those names that are asked of a study, or of an intervention."""
    return {name: ask.declared for name, ask in asks.items() if ask.of == of}


def is_numeric(output: str) -> bool:
    """Whether an output is a number as text."""
    return output.removeprefix("-").replace(".", "", 1).isdecimal()


def labels_of(lines: Iterable[Line]) -> tuple[str, ...]:
    """The words of some lines, each once, in the order in which they first occur."""
    return tuple(dict.fromkeys(line.label for line in lines))
