"""Which findings are pooled and scored: the contrasts of a review, and why each other finding is not one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from synthesis.evidence.attributes import ATTRIBUTES, Subject, text_of
from synthesis.evidence.options import Options
from synthesis.records.review import Review
from synthesis.records.study import NOT_STATED, Finding, Study

INACTIVE = "inactive"  # none, usual care or placebo
ACTIVE = "active"


@dataclass(frozen=True, slots=True)
class Contrast:
    """A finding that may be pooled and scored."""

    study: Study
    finding: Finding
    level: int  # Maryland level of the contrast
    group: str  # INACTIVE or ACTIVE; the two are never mixed in a pool
    by: tuple[str, ...]  # the values that the options group by

    @property
    def own_key(self) -> tuple[str, ...]:
        """What tells one contrast of a study from another at one time: arms and detail."""
        return (self.finding.treatment, self.finding.control, self.finding.detail)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A finding that no pool or score takes, and why."""

    study: Study
    finding: Finding
    reason: str

    @property
    def order(self) -> tuple[str, str, str, int]:
        """Modality, outcome, study, and the place in its file."""
        return (self.finding.modality, self.finding.outcome, self.study.key, self.finding.place.line)


@dataclass(frozen=True, slots=True)
class Selection:
    """The contrasts in file order, what was left out, and how many findings nobody asked for."""

    contrasts: tuple[Contrast, ...]
    left_out: tuple[LeftOut, ...]
    unasked: int = 0  # by modality, outcome or where


def select(studies: Iterable[Study], review: Review, options: Options) -> Selection:
    """The contrasts of the asked evidence sets.

    A finding of another evidence set is not looked at. One that no option asks for is counted; every other one is
    a contrast or is left out with its reason.
    """
    chosen: list[Contrast] = []
    left: list[LeftOut] = []
    unasked = 0
    for study in studies:
        year = options.years.get(study.key)
        for finding in study.findings:
            if finding.evidence_set not in options.sets:
                continue
            subject = Subject(study, finding, year)
            if not _asked(subject, options):
                unasked += 1
            elif reason := _reason(study, finding, review, options):
                left.append(LeftOut(study, finding, reason))
            else:
                by = tuple(text_of(ATTRIBUTES[name](subject)) for name in options.by)
                group = ACTIVE if finding.comparator == ACTIVE else INACTIVE
                chosen.append(Contrast(study, finding, study.level_of(finding).level or 0, group, by))
    return Selection(tuple(chosen), tuple(left), unasked)


def _asked(subject: Subject, options: Options) -> bool:
    return (
        (not options.modalities or subject.finding.modality in options.modalities)
        and (not options.outcomes or subject.finding.outcome in options.outcomes)
        and all(condition.holds(subject) for condition in options.where)
    )


def _reason(study: Study, finding: Finding, review: Review, options: Options) -> str:
    """Why a finding is no contrast; empty if it is one."""
    if finding.comparator == NOT_STATED:
        return "comparator not stated"
    if finding.modality not in review.modalities:
        return "modality not stated"
    if finding.comparator not in (*options.comparators, ACTIVE):
        return f"comparator {finding.comparator}"
    level = study.level_of(finding).level
    if level not in options.maryland:
        return f"Maryland level {level or NOT_STATED}"
    wanted = review.modalities[finding.modality].population
    missing = [name for name in wanted if name not in study.sample.population]
    return f"sample not stated to be {' and '.join(missing)}" if missing else ""
