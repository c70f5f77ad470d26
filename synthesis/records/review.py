"""What review.toml says: the protocol of a review, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from synthesis.records.study import COMPARATORS, Judgement, Place

FILE = "review.toml"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One outcome: its declared event, which direction is good, which detail comes first."""

    key: str
    label: str
    event: str = ""  # the event that ratios are brought to, e.g. "use"
    complement: str = ""  # the other event, e.g. "abstinence"
    better: str = "lower"  # is the event (or a higher score) good: "higher", or bad: "lower"
    details: tuple[str, ...] = ()  # in order of preference; an unlisted one comes after all of them
    smallest_worthwhile: Mapping[str, float] = field(default_factory=dict)  # measure -> benefit-coded effect
    column: str = ""  # the label of its matrix column, or nothing where it is not scored
    pooled: bool = True  # False for a collection of unlike outcomes, which no pool may mix


@dataclass(frozen=True, slots=True)
class Modality:
    """One kind of treatment; maps to at most one row of the matrix, under a condition on the people."""

    key: str
    label: str
    row: str = ""  # a code of `rows`, or nothing
    population: tuple[str, ...] = ()  # every one of these must be in a sample's population
    basis: str = ""  # why it maps to that row, or to none
    judgements: tuple[Judgement, ...] = ()  # each name once


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the scoring matrix, in the order of review.toml."""

    code: str
    label: str
    group: str = ""
    footnote: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceSet:
    """A named body of evidence. A living one is pooled and scored; others are scored on their own."""

    key: str
    label: str
    living: bool = True


@dataclass(frozen=True, slots=True)
class Defaults:
    """Pooling defaults of the review; the command line overrides them."""

    method: str = "REML"
    test: str = "adhoc"
    tau2_interval: str = "QP"
    prediction: str = "riley"
    level: tuple[int, ...] = (4, 5)
    comparators: tuple[str, ...] = ("none", "usual care", "placebo")
    follow_up: str = "longest"  # end | longest | nearest:MONTHS
    rho: float = 0.6
    measure: Mapping[str, str] = field(default_factory=lambda: {"binary": "RR", "continuous": "SMD", "time": "HR"})

    def __post_init__(self) -> None:
        assert set(self.comparators) <= set(COMPARATORS)


@dataclass(frozen=True, slots=True)
class Review:
    """The whole of review.toml."""

    title: str
    outcomes: Mapping[str, Outcome]
    modalities: Mapping[str, Modality]
    populations: Mapping[str, str]  # name -> what it means
    evidence_sets: Mapping[str, EvidenceSet]
    rows: tuple[Row, ...] = ()
    rule: str = "pdtsrg-2009"  # a file of scoring/rules, or of the review's own folder rules, without .yaml
    policy: str = ""  # of that rule; nothing for its first
    defaults: Defaults = Defaults()
    prisma: Mapping[str, int] = field(default_factory=dict)
    where: Mapping[str, tuple[int, int]] = field(default_factory=dict, compare=False, repr=False)  # of its keys

    @property
    def report(self) -> str:
        """The evidence set of the report: the first one that is not living; nothing where all are."""
        return next((key for key, each in self.evidence_sets.items() if not each.living), "")

    def at(self, name: str) -> Place:
        """Where a key of review.toml stands; the file itself where it has no such key."""
        return Place(FILE, *self.where.get(name, (1, 1)))
