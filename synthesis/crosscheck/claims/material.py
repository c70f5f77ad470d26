"""What the checks of printed claims look at, and how they speak."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from synthesis.crosscheck.claims.published_facts import Fact, Listed
from synthesis.crosscheck.claims.published_tables import NamedRows, SubOutcome, Theme, Verdict
from synthesis.errors import Problem, Severity
from synthesis.records.review import Review
from synthesis.records.study import Finding, Place, Study
from synthesis.scoring.matrix import REPORT_GENEROUS, Matrix
from synthesis.scoring.published import PrintedMatrix, Statement
from synthesis.scoring.report import Cells

if TYPE_CHECKING:
    from synthesis.bibliography.entry import Entry
    from synthesis.citations.edges import Edge


@dataclass(frozen=True, slots=True)
class Tables:
    """What others printed beside the matrix; an absent table is an empty one."""

    statements: tuple[Statement, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    framework: tuple[SubOutcome, ...] = ()
    themes: tuple[Theme, ...] = ()
    named_rows: tuple[NamedRows, ...] = ()
    facts: tuple[Fact, ...] = ()
    listed: tuple[Listed, ...] = ()


@dataclass(frozen=True, slots=True)
class Material:
    """A review with its matrix, its published tables, its library and who cites whom in it."""

    review: Review
    studies: tuple[Study, ...]
    printed: PrintedMatrix
    matrix: Matrix
    tables: Tables = Tables()
    entries: tuple[Entry, ...] = ()
    edges: tuple[Edge, ...] = ()

    @property
    def told(self) -> Cells:
        """All that the report tells by row and outcome: studies of every design, reviews and guidelines."""
        return self.reading(REPORT_GENEROUS)

    def reading(self, name: str) -> Cells:
        """The findings of a reading of the matrix; none where it has no such reading."""
        return next((reading.findings for reading in self.matrix.readings if reading.name == name), {})

    def of_report(self, study: Study) -> tuple[Finding, ...]:
        """What the report tells of a study."""
        return tuple(finding for finding in study.findings if finding.evidence_set == self.review.report)

    def own(self, study: Study) -> tuple[Finding, ...]:
        """What the sources of a study itself tell."""
        sets = self.review.evidence_sets
        return tuple(finding for finding in study.findings if sets[finding.evidence_set].living)

    def total_place(self, row: str) -> Place | None:
        """Where the printed total of a row stands."""
        return self.printed.total_places.get(row)

    def points(self, row: str, outcome: str) -> int | None:
        """The printed points of a cell."""
        return self.printed.cell(row, outcome).points


@dataclass(frozen=True, slots=True)
class Check:
    """One question to the material; each answer is a note."""

    code: str
    says: str  # what it finds, in words
    run: Callable[[Material], Iterator[Problem]]


def note(place: Place, code: str, what: str, remedy: str) -> Problem:
    """A disagreement that is itself evidence."""
    return Problem(place.path, place.line, place.column, code, what, remedy, Severity.NOTE)


def paragraph(at: str) -> str:
    """The paragraph of a place: `4.42 (F076)` is in 4.42."""
    return at.partition(" ")[0].rstrip(",;")


def listing(names: Mapping[str, object] | list[str] | tuple[str, ...], most: int = 8) -> str:
    """Names in words: the first ones, and how many more there are."""
    given = list(names)
    more = f" and {len(given) - most} more" if len(given) > most else ""
    return ", ".join(given[:most]) + more
