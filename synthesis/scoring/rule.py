"""A scoring rule as a frozen value: what is admitted, how findings become states, which clause gives which points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from synthesis.scoring.expression import Condition

RESULTS = ("effective", "limited", "ineffective", "contrary")  # what one finding can say
STATES = (*RESULTS, "divided")  # what a study can be: divided where benefit and harm stand together
FOLDER = Path(__file__).parent / "rules"


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A kind of finding and its result; what is None does not matter."""

    result: str
    directions: frozenset[str]
    significant: frozenset[str] | None = None
    limited: bool | None = None
    because: str = ""


@dataclass(frozen=True, slots=True)
class Collapse:
    """A state that several results, or the states of several details, come to."""

    state: str
    when: Condition
    decided_by: frozenset[str]
    flag: str = ""
    because: str = ""


@dataclass(frozen=True, slots=True)
class Members:
    """Studies of these states at these levels."""

    states: frozenset[str]
    levels: frozenset[int]


Sets = Mapping[str, tuple[Members, ...]]


@dataclass(frozen=True, slots=True)
class Clause:
    """Points, the condition under which they are given, and where that was printed."""

    label: str
    points: int | None  # None: blank
    when: Condition | None  # None: always
    paragraph: str
    says: str
    settled: Mapping[str, str] = field(default_factory=dict)  # ambiguity -> how it was settled


@dataclass(frozen=True, slots=True)
class Cap:
    """Points that become fewer under a condition."""

    points: int
    becomes: int
    when: Condition
    label: str
    because: str = ""


@dataclass(frozen=True, slots=True)
class Flag:
    """What a reader must know beside the points."""

    text: str
    when: Condition
    because: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """One way to settle the contradictions: its own sets where it widens one, and its caps."""

    name: str
    says: str
    sets: Sets
    caps: tuple[Cap, ...] = ()


@dataclass(frozen=True, slots=True)
class Example:
    """Studies, and the clause that each policy must come to."""

    line: int
    studies: tuple[tuple[Mapping[str, object], ...], ...]  # study -> findings -> fields
    expected: Mapping[str, str]  # policy -> clause label, or `blank`


@dataclass(frozen=True, slots=True)
class Rule:
    """A whole rule file. The first policy is the one whose points the flags speak of."""

    key: str
    title: str
    unit: str
    provenance: Mapping[str, str]
    levels: frozenset[int]
    settled: Mapping[str, str]
    findings: tuple[FindingLine, ...]
    detail: tuple[Collapse, ...]
    study: tuple[Collapse, ...]
    clauses: tuple[Clause, ...]
    blank: Clause
    policies: Mapping[str, Policy]
    flags: tuple[Flag, ...]
    marks: Mapping[str, Condition]
    examples: tuple[Example, ...]

    @property
    def base(self) -> str:
        """The policy named first."""
        return next(iter(self.policies))
