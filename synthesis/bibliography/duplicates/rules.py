"""The rules that say whether two records are one document, each in words; the first that applies decides.

No rule adds points: each names what speaks for it. An identifier that two records share is strong but no proof (one DOI
may stand for a whole supplement of conference abstracts), so title and pages are asked first. A title that two records
share is no proof either: editions, parts, replies and corrections, an abstract and its article, a preprint and its
article, yearly reports and updated reviews all share one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from synthesis.bibliography.duplicates.evidence import DIFFER, NEAR, SAME, UNKNOWN, Evidence


class Verdict(StrEnum):
    """What two records are to one another."""

    DUPLICATE = "duplicate"  # one document, twice
    UNSURE = "unsure"  # somebody must look
    VERSIONS = "versions"  # one work, two documents: both stay
    DISTINCT = "distinct"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: when it applies, what it says, and why."""

    name: str
    verdict: Verdict
    because: str
    applies: Callable[[Evidence], bool]


WEAK = frozenset(("similar-title", "other-title", "no-title", "part-title-only", "generic", "only-title"))
ONE_WORD = 95.0  # likeness in percent of two titles of which one word differs


def _identified(e: Evidence) -> bool:
    return SAME in (e.doi, e.pmid)


def _named(e: Evidence) -> bool:
    return e.authors in ("same", "some")


def _contradicted(e: Evidence) -> bool:
    return DIFFER in (e.pages, e.volume, e.journal, e.doi, e.pmid)


D, U, V, X = Verdict.DUPLICATE, Verdict.UNSURE, Verdict.VERSIONS, Verdict.DISTINCT
RULES: tuple[Rule, ...] = (
    # What no agreement outweighs
    Rule(
        "another-kind",
        X,
        "one is a correction, reply, comment or the like, the other is not",
        lambda e: e.kind and not (_identified(e) and e.titled),
    ),
    Rule(
        "kind-doubtful",
        U,
        "one title says that it is a correction, reply or the like, and they share an identifier",
        lambda e: e.kind,
    ),
    Rule("other-edition", V, "two editions of one work", lambda e: e.edition and e.titled),
    Rule("other-version", V, "two versions of one document, by their DOIs or titles", lambda e: e.version and e.titled),
    Rule(
        "updated",
        V,
        "one is an update of the other",
        lambda e: e.updated and e.title in ("part", "similar", "close") and not (_identified(e) and e.pages == SAME),
    ),
    Rule(
        "part-doubtful",
        U,
        "the numbers in the titles differ, but identifier and pages are the same",
        lambda e: e.parts and _identified(e) and e.pages == SAME,
    ),
    Rule("other-part", X, "the numbers in the titles differ: two parts, years or doses", lambda e: e.parts),
    # Titles that are not one title
    Rule(
        "translated",
        U,
        "the titles differ, but authors, place and identifier are the same: a translated title?",
        lambda e: (
            e.title == "differ"
            and e.authors == "same"
            and e.dated
            and e.pages == SAME
            and e.volume != DIFFER
            and (_identified(e) or (e.placed and e.journal == SAME and e.year == SAME))
        ),
    ),
    Rule(
        "pubmed-title",
        U,
        "one PubMed number, but the titles differ",
        lambda e: e.title == "differ" and e.pmid == SAME and e.pages != DIFFER,
    ),
    Rule("other-title", X, "the titles differ", lambda e: e.title == "differ"),
    Rule(
        "untitled",
        U,
        "one has no title; the identifier is the same and nothing contradicts it",
        lambda e: e.title == UNKNOWN and _identified(e) and e.pages != DIFFER and e.authors != "differ" and e.dated,
    ),
    Rule(
        "labels",
        U,
        "every field is the same, but neither has a title or an identifier: labels of one or of two documents",
        lambda e: e.title == UNKNOWN and e.copied,
    ),
    Rule("no-title", X, "one has no title and no identifier is shared", lambda e: e.title == UNKNOWN),
    Rule(
        "variant-title",
        D,
        "nearly one title, and authors, year, identifier and page are the same",
        lambda e: (
            e.title == "similar"
            and e.authors == "same"
            and e.pages == SAME
            and e.dated
            and DIFFER not in (e.volume, e.doi, e.pmid)
            and _identified(e)
        ),
    ),
    Rule(
        "variant-in-place",
        D,
        "nearly one title in one place: journal, volume, page, year and authors are the same",
        lambda e: (
            e.title == "similar"
            and e.authors == "same"
            and e.placed
            and e.journal == SAME
            and e.volume == SAME
            and e.year == SAME
            and DIFFER not in (e.doi, e.pmid)
        ),
    ),
    Rule(
        "variant-unsure",
        U,
        "nearly one title with the same authors, and the rest does not decide",
        lambda e: (
            e.title == "similar"
            and e.authors == "same"
            and e.dated
            and (_identified(e) or e.pages == SAME)
            and DIFFER not in (e.pmid, e.pages)
        ),
    ),
    Rule(
        "one-word",
        U,
        "the titles differ in a word or a letter; authors, year, journal and volume are the same, and no page is known",
        lambda e: (
            e.title == "similar"
            and e.like >= ONE_WORD
            and e.authors == "same"
            and e.year == SAME
            and e.journal == SAME
            and e.volume == SAME
            and DIFFER not in (e.pages, e.doi, e.pmid)
        ),
    ),
    Rule(
        "similar-title",
        X,
        "whole words of the titles differ, and nothing says that it is one document",
        lambda e: e.title == "similar",
    ),
    # One title; first what may be two documents of one work
    Rule(
        "preprint",
        V,
        "a preprint and its published form: one work, two documents",
        lambda e: "preprint" in e.forms and _named(e) and e.doi != SAME,
    ),
    Rule(
        "other-form",
        V,
        "one work in two forms",
        lambda e: (
            e.forms != ("", "")
            and _named(e)
            and not _identified(e)
            and not e.placed
            and (e.forms != ("article", "conference paper") or _contradicted(e))
        ),
    ),
    Rule(
        "part-elsewhere",
        X,
        "one title begins or ends the other, and they stand in other places or years",
        lambda e: e.title == "part" and not _identified(e) and DIFFER in (e.doi, e.pmid, e.pages, e.year),
    ),
    Rule(
        "pubmed-numbers",
        U,
        "two PubMed numbers in one place",
        lambda e: e.pmid == DIFFER and (e.placed or e.doi == SAME),
    ),
    Rule("other-pubmed", V, "one title, but two PubMed numbers", lambda e: e.pmid == DIFFER and _named(e)),
    Rule("other-pubmed-and-authors", X, "one title, but other PubMed numbers and authors", lambda e: e.pmid == DIFFER),
    # An identifier is shared
    Rule(
        "shared-id-other-authors",
        U,
        "identifier and title are the same, the authors are not",
        lambda e: _identified(e) and e.authors == "differ",
    ),
    Rule(
        "shared-id-other-pages",
        U,
        "identifier and title are the same, but they stand on other pages",
        lambda e: _identified(e) and e.pages == DIFFER and (e.meeting or e.generic or not e.ahead or e.title != "same"),
    ),
    Rule(
        "shared-id-other-year",
        U,
        "identifier and title are the same, but the years are far apart",
        lambda e: _identified(e) and e.year == DIFFER and e.pages != SAME,
    ),
    Rule("same-doi", D, "title and DOI are the same", lambda e: e.doi == SAME),
    Rule("same-pubmed", D, "title and PubMed number are the same", lambda e: e.pmid == SAME),
    # Two DOIs
    Rule(
        "two-dois-one-place",
        D,
        "two DOIs, but title, authors, year, journal, volume and page are the same",
        lambda e: e.doi == DIFFER and e.placed and e.journal == SAME and e.authors == "same" and e.dated,
    ),
    Rule(
        "two-dois-unsure",
        U,
        "two DOIs, and title and page are the same",
        lambda e: e.doi == DIFFER and e.pages == SAME and e.authors != "differ" and e.dated,
    ),
    Rule(
        "two-dois",
        V,
        "one title and its authors under two DOIs, in other places: two documents",
        lambda e: e.doi == DIFFER and _named(e),
    ),
    Rule("two-dois-other-authors", X, "one title, but other DOIs and authors", lambda e: e.doi == DIFFER),
    # No identifier in common
    Rule(
        "other-authors-in-place",
        U,
        "one title in one place, but other authors",
        lambda e: e.authors == "differ" and e.placed and e.year == SAME,
    ),
    Rule("other-authors", X, "one title, but other authors", lambda e: e.authors == "differ"),
    Rule(
        "generic-elsewhere",
        X,
        "a title that many documents have, in other years or on other pages",
        lambda e: e.generic and not e.book and DIFFER in (e.year, e.pages),
    ),
    Rule(
        "far-year-in-place",
        U,
        "one title in one place, but the years are far apart",
        lambda e: e.year == DIFFER and e.placed,
    ),
    Rule(
        "other-year",
        V,
        "one title and its authors in other years: a series, an edition or a later document",
        lambda e: e.year == DIFFER and _named(e),
    ),
    Rule("other-year-unknown-authors", X, "one title in other years", lambda e: e.year == DIFFER),
    Rule(
        "same-isbn",
        D,
        "title and ISBN are the same",
        lambda e: e.isbn == SAME and e.year != NEAR and DIFFER not in (e.pages, e.volume),
    ),
    Rule(
        "in-place",
        D,
        "title, authors, year and place are the same",
        lambda e: (
            e.pages == SAME
            and e.authors == "same"
            and (e.year == SAME or (e.year == NEAR and e.volume != DIFFER))
            and (e.journal == SAME or (e.volume != DIFFER and e.journal == UNKNOWN))
        ),
    ),
    Rule(
        "in-place-other-name",
        D,
        "title, authors, year, volume and page are the same; the journal's name is not",
        lambda e: e.pages == SAME and e.authors == "same" and e.year == SAME and e.volume == SAME,
    ),
    Rule(
        "in-place-few-authors",
        D,
        "title, year, journal, volume and page are the same, and some authors",
        lambda e: e.placed and e.journal == SAME and e.year == SAME and e.authors in ("some", UNKNOWN),
    ),
    Rule("same-page", U, "title and page are the same, and the rest does not decide", lambda e: e.pages == SAME),
    Rule(
        "ahead",
        D,
        "one has the pages of a paper before it is placed; title, authors, journal and year are the same",
        lambda e: (
            e.pages == DIFFER
            and e.ahead
            and e.title == "same"
            and e.authors == "same"
            and e.journal == SAME
            and e.year in (SAME, NEAR)
            and not e.generic
            and not e.meeting
        ),
    ),
    Rule(
        "other-page-in-volume",
        U,
        "one title and its authors on two pages of one volume",
        lambda e: (
            e.pages == DIFFER and e.authors == "same" and e.journal == SAME and e.year == SAME and e.volume != DIFFER
        ),
    ),
    Rule(
        "other-place",
        V,
        "one title and its authors in two places: two documents",
        lambda e: e.pages == DIFFER and e.authors == "same",
    ),
    Rule("other-pages", X, "one title on other pages", lambda e: e.pages == DIFFER),
    # No page to compare
    Rule(
        "part-title",
        U,
        "one title begins or ends the other, with the same authors and year, and no page to compare",
        lambda e: e.title == "part" and e.authors == "same" and e.year == SAME and DIFFER not in (e.journal, e.volume),
    ),
    Rule("part-title-only", X, "one title begins or ends the other, and little else", lambda e: e.title == "part"),
    Rule(
        "generic-title",
        U,
        "a title that many documents have, with the same authors and year, and no page to compare",
        lambda e: (
            e.generic and not e.book and e.authors == "same" and e.year == SAME and DIFFER not in (e.journal, e.volume)
        ),
    ),
    Rule(
        "generic",
        X,
        "a title that many documents have, and nothing else that decides",
        lambda e: e.generic and not e.book,
    ),
    Rule("other-volume", X, "two volumes of one book", lambda e: e.book and e.volume == DIFFER),
    Rule(
        "book",
        D,
        "title, authors and year are the same, of a book, thesis or report",
        lambda e: e.book and e.authors == "same" and e.year == SAME and e.isbn != DIFFER,
    ),
    Rule(
        "in-journal",
        D,
        "title, authors, year and journal are the same, and no page contradicts it",
        lambda e: e.authors == "same" and e.year == SAME and e.journal == SAME and DIFFER not in (e.volume, e.number),
    ),
    Rule(
        "in-volume",
        D,
        "title, authors, journal and volume are the same, in years next to one another",
        lambda e: e.authors == "same" and e.year in (NEAR, UNKNOWN) and e.journal == SAME and e.volume == SAME,
    ),
    Rule(
        "no-place",
        D,
        "a long title, authors and year are the same, and one has no place that could contradict it",
        lambda e: (
            e.title == "same" and e.authors == "same" and e.year == SAME and e.journal == UNKNOWN and e.volume != DIFFER
        ),
    ),
    Rule(
        "no-authors-in-volume",
        D,
        "title, year, journal and volume are the same; one names no authors",
        lambda e: (
            e.title == "same" and e.authors == UNKNOWN and e.year == SAME and e.journal == SAME and e.volume == SAME
        ),
    ),
    Rule("same-title", U, "one title, and the rest does not decide", lambda e: e.authors != "some" or e.year == SAME),
    Rule("only-title", X, "one title, and little else", lambda _: True),
)
