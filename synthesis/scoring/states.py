"""Findings as a rule sees them, and what each study comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from synthesis.records.study import NOT_STATED, Place

Basis = Literal["computed", "reported"]
Fact = float | bool | str
Context = Mapping[str, Fact]  # what is known of a cell beside its findings
Facts = tuple[tuple[str, Fact], ...]  # name and value, each name once


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
    facts: Facts = ()  # what else is known of it, by names of `fields.FIELDS` and of a rule's asks
    beside: str = ""  # what the other basis of its direction gives, where that is something else

    @property
    def order(self) -> tuple[str, ...]:
        """Study, then detail, then everything else that tells two findings apart, as text."""
        place = self.place
        where = (place.path, f"{place.line:07d}", f"{place.column:07d}") if place else ("", "", "")
        says = (str(self.level), self.direction, self.significant, str(self.limited), self.direction_basis)
        rest = (self.source, self.effect, self.note, str(self.facts))
        return (self.study, self.detail, *where, self.reference, *says, *rest)


@dataclass(frozen=True, slots=True)
class StudyState:
    """What one study says about one outcome."""

    study: str
    state: str  # one of the rule's words
    level: int  # among the findings that decide the state, as the rule carries it; 0 where not known
    findings: tuple[ScoredFinding, ...]  # all that count, sorted
    says: tuple[str, ...]  # what each finding says, one of the rule's words
    flags: tuple[str, ...] = ()
    counts: bool = True  # whether the rule surely counts it
