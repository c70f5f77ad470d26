"""Findings to states: what is admitted, what each finding says, and the one state of each study."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Literal

from synthesis.records.study import NOT_STATED, Place
from synthesis.scoring.rule import RESULTS, STATES, Collapse, FindingLine, Rule

Basis = Literal["computed", "reported"]


@dataclass(frozen=True, slots=True)
class ScoredFinding:
    """One finding as a rule sees it, however it was selected."""

    study: str  # the underlying trial, not the publication
    level: int | None  # of the contrast; None where not known
    outcome: str
    detail: str  # definition or instrument within the outcome
    direction: str  # one of records.study.DIRECTIONS
    significant: str = NOT_STATED  # as to the stated direction
    limited: bool = False  # hedged by its source
    direction_basis: Basis = "reported"
    reference: str = ""  # of the finding, where it has an identifier: F027
    place: Place | None = None  # in the review's files
    source: str = ""  # document and paragraph, as text
    effect: str = ""  # the effect as text, where there is one
    note: str = ""  # what a reading changed about it: counted as level 5


@dataclass(frozen=True, slots=True)
class StudyState:
    """What one study says about one outcome."""

    study: str
    state: str  # one of rule.STATES
    level: int  # the highest among the findings that decide the state
    findings: tuple[ScoredFinding, ...]  # all admitted ones, sorted
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Part:
    """A result or state that takes part in a collapse, and its level."""

    says: str
    level: int


def study_states(findings: Iterable[ScoredFinding], rule: Rule) -> tuple[StudyState, ...]:
    """One state per study with an admitted finding, sorted by study.

    Repeated findings count once and order does not matter (section 3, step 2 of the formalisation of
    the Patel report, Appendix B 6.14; A14 to A16).
    """
    admitted = sorted({finding for finding in findings if result_of(finding, rule)}, key=_order)
    by_study = groupby(admitted, key=attrgetter("study"))
    return tuple(_study(study, tuple(group), rule) for study, group in by_study)


def result_of(finding: ScoredFinding, rule: Rule) -> str:
    """What an admitted finding says, one of RESULTS; nothing where it is not admitted."""
    if finding.level not in rule.levels:
        return ""
    return next((line.result for line in rule.findings if _fits(finding, line)), "")


def _fits(finding: ScoredFinding, line: FindingLine) -> bool:
    return (
        finding.direction in line.directions
        and (line.significant is None or finding.significant in line.significant)
        and (line.limited is None or finding.limited == line.limited)
    )


def _study(study: str, findings: tuple[ScoredFinding, ...], rule: Rule) -> StudyState:
    details, flags = [], set()
    for _, group in groupby(findings, key=attrgetter("detail")):
        parts = [_Part(result_of(finding, rule), finding.level or 0) for finding in group]
        part, flag = _collapse(parts, rule.detail, RESULTS)
        details.append(part)
        if flag:
            flags.add(flag.replace("{study}", study))
    whole, _ = _collapse(details, rule.study, STATES)
    return StudyState(study, whole.says, whole.level, findings, tuple(sorted(flags)))


def _collapse(parts: Sequence[_Part], lines: Sequence[Collapse], names: Sequence[str]) -> tuple[_Part, str]:
    """The state of the first line that holds, at the highest level among the parts that decide it."""
    seen = Counter(part.says for part in parts)
    counts = {name: seen[name] for name in names}
    line = next(line for line in lines if line.when.holds(counts))
    level = max(part.level for part in parts if part.says in line.decided_by)
    return _Part(line.state, level), line.flag


def _order(finding: ScoredFinding) -> tuple[str, ...]:
    """Study, then detail, then everything else that tells two findings apart, as text."""
    place = finding.place
    where = (place.path, f"{place.line:07d}", f"{place.column:07d}") if place else ("", "", "")
    says = (str(finding.level), finding.direction, finding.significant, str(finding.limited), finding.direction_basis)
    return (
        finding.study,
        finding.detail,
        *where,
        finding.reference,
        *says,
        finding.source,
        finding.effect,
        finding.note,
    )
