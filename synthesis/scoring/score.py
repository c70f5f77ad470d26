"""The points of one cell: pure, from findings and a rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from synthesis.errors import InvalidArgument, did_you_mean
from synthesis.scoring.rule import Clause, Policy, Rule, Sets
from synthesis.scoring.states import ScoredFinding, StudyState, study_states


@dataclass(frozen=True, slots=True)
class Score:
    """Points with the clause that gave them and every study behind them."""

    points: int | None  # None: blank, no admissible finding
    clause: str  # the label of the clause, with what capped it
    paragraph: str  # where the clause was printed
    says: str  # the clause in words
    policy: str
    studies: tuple[StudyState, ...]  # sorted by study
    counts: tuple[tuple[str, int], ...]  # set of the rule -> number of studies
    flags: tuple[str, ...]
    harm: bool  # contrary studies and nothing in favour
    contradicted: bool  # in favour, and opposed at level 5

    @property
    def digits(self) -> str:
        """The points as text: a digit, or nothing for blank."""
        return "" if self.points is None else str(self.points)

    def in_state(self, *states: str) -> tuple[StudyState, ...]:
        """The studies of these states."""
        return tuple(study for study in self.studies if study.state in states)


def score(findings: Iterable[ScoredFinding], rule: Rule, policy: str | None = None) -> Score:
    """Points of the findings of one cell under one policy of a rule.

    Parameters
    ----------
    findings : iterable of ScoredFinding
        Of one matrix row and one outcome; in any order, repeated or not.
    rule : Rule
        What is admitted, and which clause gives which points.
    policy : str, optional
        A policy of the rule; by default its first.

    Raises
    ------
    InvalidArgument
        The rule has no policy of that name.
    """
    chosen = _policy(rule, policy)
    studies = study_states(findings, rule)
    counts = count_sets(studies, chosen.sets)
    clause = _first(rule, counts) if studies else rule.blank
    points, label = _capped(clause, chosen, counts)
    return Score(
        points=points,
        clause=label,
        paragraph=clause.paragraph,
        says=clause.says,
        policy=chosen.name,
        studies=studies,
        counts=tuple(counts.items()),
        flags=_flags(rule, studies),
        harm="harm" in rule.marks and bool(rule.marks["harm"].holds(counts)),
        contradicted="contradicted" in rule.marks and bool(rule.marks["contradicted"].holds(counts)),
    )


def count_sets(studies: Iterable[StudyState], sets: Sets) -> dict[str, int]:
    """The number of studies in each set of a rule."""
    held = tuple(studies)
    return {
        name: sum(any(study.state in part.states and study.level in part.levels for part in parts) for study in held)
        for name, parts in sets.items()
    }


def _policy(rule: Rule, name: str | None) -> Policy:
    chosen = rule.base if name is None else name
    if chosen not in rule.policies:
        raise InvalidArgument(f"rule {rule.key} has no policy {chosen!r}: {did_you_mean(chosen, rule.policies)}")
    return rule.policies[chosen]


def _first(rule: Rule, counts: Mapping[str, int]) -> Clause:
    return next(clause for clause in rule.clauses if clause.when is None or clause.when.holds(counts))


def _capped(clause: Clause, policy: Policy, counts: Mapping[str, int]) -> tuple[int | None, str]:
    """The points and the label, after the first cap that holds."""
    for cap in policy.caps:
        if clause.points == cap.points and cap.when.holds(counts):
            return cap.becomes, cap.label.replace("{clause}", clause.label).replace("{points}", str(cap.becomes))
    return clause.points, clause.label


def _flags(rule: Rule, studies: tuple[StudyState, ...]) -> tuple[str, ...]:
    """Flags of the cell, the same under every policy: they speak of the points of the rule's first one."""
    base = rule.policies[rule.base]
    counts = count_sets(studies, base.sets)
    points = _capped(_first(rule, counts), base, counts)[0] if studies else 0
    found = [flag.text for flag in rule.flags if flag.when.holds({**counts, "points": points or 0})]
    return (*found, *(flag for study in studies for flag in study.flags))
