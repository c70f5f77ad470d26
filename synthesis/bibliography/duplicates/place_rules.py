"""Rules about two records of one title: what place, identifiers, authors and years say."""

from __future__ import annotations

from synthesis.bibliography.duplicates.evidence import DIFFER, NEAR, SAME, UNKNOWN
from synthesis.bibliography.duplicates.rule import Rule, Verdict, contradicted, identified, named

D, U, V, X = Verdict.DUPLICATE, Verdict.UNSURE, Verdict.VERSIONS, Verdict.DISTINCT
PLACE_RULES: tuple[Rule, ...] = (
    # One title; first what may be two documents of one work
    Rule(
        "preprint",
        V,
        "a preprint and its published form: one work, two documents",
        lambda e: "preprint" in e.forms and named(e) and e.doi != SAME,
    ),
    Rule(
        "other-form",
        V,
        "one work in two forms",
        lambda e: (
            e.forms != ("", "")
            and named(e)
            and not identified(e)
            and not e.placed
            and (e.forms != ("article", "conference paper") or contradicted(e))
        ),
    ),
    Rule(
        "part-elsewhere",
        X,
        "one title begins or ends the other, and they stand in other places or years",
        lambda e: e.title == "part" and not identified(e) and DIFFER in (e.doi, e.pmid, e.pages, e.year),
    ),
    Rule(
        "pubmed-numbers",
        U,
        "two PubMed numbers in one place",
        lambda e: e.pmid == DIFFER and (e.placed or e.doi == SAME),
    ),
    Rule("other-pubmed", V, "one title, but two PubMed numbers", lambda e: e.pmid == DIFFER and named(e)),
    Rule("other-pubmed-and-authors", X, "one title, but other PubMed numbers and authors", lambda e: e.pmid == DIFFER),
    Rule(
        "abstract-doubtful",
        U,
        "the titles differ in a word, a letter or an end, among the abstracts of a meeting, where a page has several",
        lambda e: (
            e.title in ("close", "part")
            and e.abstracts
            and e.authors != "differ"
            and e.dated
            and e.pmid != SAME
            and (identified(e) or e.pages == SAME)
            and e.pages != DIFFER
        ),
    ),
    # An identifier is shared
    Rule(
        "shared-id-other-authors",
        U,
        "identifier and title are the same, the authors are not",
        lambda e: identified(e) and e.authors == "differ",
    ),
    Rule(
        "shared-id-other-pages",
        U,
        "identifier and title are the same, but they stand on other pages",
        lambda e: identified(e) and e.pages == DIFFER and (e.meeting or e.generic or not e.ahead or e.title != "same"),
    ),
    Rule(
        "shared-id-other-year",
        U,
        "identifier and title are the same, but the years are far apart",
        lambda e: identified(e) and e.year == DIFFER and e.pages != SAME,
    ),
    Rule(
        "shared-doi-spelling",
        U,
        "the DOI is the same, but the titles differ in a letter or a word, and no page says that it is one document",
        lambda e: e.doi == SAME and e.title == "close" and SAME not in (e.pages, e.pmid),
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
        lambda e: e.doi == DIFFER and named(e),
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
        lambda e: e.year == DIFFER and named(e),
    ),
    Rule("other-year-unknown-authors", X, "one title in other years", lambda e: e.year == DIFFER),
    Rule(
        "same-isbn",
        D,
        "title and ISBN are the same",
        lambda e: (
            e.isbn == SAME
            and e.year != NEAR
            and DIFFER not in (e.pages, e.volume)
            and (e.title == "same" or e.pages == SAME)
        ),
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
            and (e.number != DIFFER or e.volume == SAME)
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
        lambda e: (
            e.placed
            and e.journal == SAME
            and e.year == SAME
            and e.authors in ("some", UNKNOWN)
            and (e.number != DIFFER or e.volume == SAME)
        ),
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
        "spelling",
        U,
        "the titles differ in a letter or a word, authors are the same, and no page says that it is one document",
        lambda e: e.title == "close" and e.authors == "same",
    ),
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
        lambda e: e.book and e.authors == "same" and e.year == SAME and DIFFER not in (e.isbn, e.number),
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
        lambda e: (
            e.authors == "same"
            and e.year in (NEAR, UNKNOWN)
            and e.journal == SAME
            and e.volume == SAME
            and e.number != DIFFER
        ),
    ),
    Rule(
        "no-place",
        D,
        "a long title, authors and year are the same, and one has no place that could contradict it",
        lambda e: (
            e.title == "same"
            and e.long
            and e.authors == "same"
            and e.year == SAME
            and e.journal == UNKNOWN
            and e.volume != DIFFER
            and e.forms == ("", "")
            and not e.book
            and not e.loose
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
