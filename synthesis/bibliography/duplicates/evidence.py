"""What two records have in common and where they differ, field by field."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from synthesis.bibliography.duplicates.journals import same_journal
from synthesis.bibliography.duplicates.people import compare_people
from synthesis.bibliography.duplicates.record import Record
from synthesis.bibliography.duplicates.titles import compare_titles, parts_differ

SAME, NEAR, DIFFER, UNKNOWN = "same", "near", "differ", "unknown"


@dataclass(frozen=True, slots=True)
class Evidence:
    """How two records compare; the order of the two changes nothing."""

    title: str  # same | close | part | similar | differ | unknown
    like: float  # of the titles, in percent
    kind: bool  # one is a correction, a reply or another document about a document, the other is not
    parts: bool  # the numbers in the titles differ
    edition: bool
    revised: bool  # one says that it is an edition, but not which; the other says nothing of editions
    version: bool
    reviewed: bool  # one review of the Cochrane Library, which is issued anew under one number
    updated: bool  # one title says that it is an update
    forms: tuple[str, str]  # what each is, where both are known and differ; else nothing twice
    authors: str  # same | some | differ | unknown
    year: str  # same | near | differ | unknown
    journal: str
    volume: str
    number: str
    pages: str
    doi: str
    pmid: str
    isbn: str
    generic: bool  # a title that many documents have
    long: bool  # a title that no other document has by chance
    book: bool  # a book, a thesis or a report, which has no journal
    ahead: bool  # one has pages from 1, or none in a volume, as papers have before they are placed
    meeting: bool  # both stand in supplements or among conference papers
    abstracts: bool  # one does
    loose: bool  # one is of no journal or book by its type (a website, a poster, a manuscript), the other is elsewhere
    copied: bool  # every field of the source is the same

    @property
    def titled(self) -> bool:
        """Whether the titles are one title."""
        return self.title in ("same", "close", "part")

    @property
    def placed(self) -> bool:
        """Whether both stand in one place: the page, and the volume or the journal."""
        return self.pages == SAME and SAME in (self.volume, self.journal) and DIFFER not in (self.volume, self.journal)

    @property
    def dated(self) -> bool:
        """Whether the years allow one document."""
        return self.year in (SAME, NEAR, UNKNOWN)


def compare(one: Record, other: Record) -> Evidence:
    """All that two records say about being one document."""
    title, like = compare_titles(one.title, other.title)
    return Evidence(
        title=title,
        like=like,
        kind=title != "same" and one.title.kind != other.title.kind,
        parts=title in ("close", "similar") and parts_differ(one.title, other.title),
        edition=_state(one.edition, other.edition) == DIFFER,
        revised=_revised(one.edition, other.edition),
        version=_state(one.version[1], other.version[1]) == DIFFER,
        reviewed=one.reviewed and one.first_page == other.first_page,
        updated=one.title.updated != other.title.updated,
        forms=_forms(one.form, other.form),
        authors=compare_people(one.authors, other.authors),
        year=_years(one.year, other.year),
        journal=_journals(one, other),
        volume=_state(one.volume, other.volume),
        number=_state(one.number, other.number),
        pages=_state(one.first_page, other.first_page),
        doi=_dois(one, other),
        pmid=_state(one.pmid, other.pmid),
        isbn=_sets(one.isbns, other.isbns),
        generic=one.title.generic or other.title.generic,
        long=one.title.long and other.title.long,
        book=one.form in BOOKS or other.form in BOOKS,
        ahead="1" in (one.first_page, other.first_page),
        meeting=one.meeting and other.meeting,
        abstracts=one.meeting or other.meeting,
        loose=one.loose != other.loose or _state(one.standing, other.standing) == DIFFER,
        copied=bool(one.exact) and one.exact == other.exact,
    )


BOOKS = frozenset(("book", "thesis", "report"))


def _state(one: Hashable, other: Hashable) -> str:
    if not one or not other:
        return UNKNOWN
    return SAME if one == other else DIFFER


def _revised(one: str, other: str) -> bool:
    said = one or other
    return bool(said) and not (one and other) and not said.isdecimal()


def _sets(one: frozenset[str], other: frozenset[str]) -> str:
    if not one or not other:
        return UNKNOWN
    return DIFFER if one.isdisjoint(other) else SAME


def _years(one: int | None, other: int | None) -> str:
    if one is None or other is None:
        return UNKNOWN
    return SAME if one == other else NEAR if abs(one - other) == 1 else DIFFER


def _journals(one: Record, other: Record) -> str:
    if not one.issns.isdisjoint(other.issns):
        return SAME
    if not one.journal or not other.journal:
        return UNKNOWN
    return SAME if same_journal(*sorted((one.journal, other.journal))) else DIFFER


def _dois(one: Record, other: Record) -> str:
    if not one.doi or not other.doi:
        return UNKNOWN
    stems = (one.version[0] or one.doi, other.version[0] or other.doi)
    return SAME if one.doi == other.doi or stems[0] == stems[1] else DIFFER


def _forms(one: str, other: str) -> tuple[str, str]:
    if not one or not other or one == other:
        return "", ""
    first, second = sorted((one, other))
    return first, second
