"""Rules about two records whose titles are not one title, and vetoes that no agreement outweighs."""

from __future__ import annotations

from synthesis.bibliography.duplicates.evidence import DIFFER, NEAR, SAME, UNKNOWN
from synthesis.bibliography.duplicates.rule import Rule, Verdict, identified, in_one_place

ONE_WORD = 95.0  # likeness in percent of two titles of which one word differs
D, U, V, X = Verdict.DUPLICATE, Verdict.UNSURE, Verdict.VERSIONS, Verdict.DISTINCT
TITLE_RULES: tuple[Rule, ...] = (
    # What no agreement outweighs
    Rule(
        "another-kind",
        X,
        "one is a correction, reply, comment or the like, the other is not",
        lambda e: e.kind and not (e.titled and (identified(e) or in_one_place(e))),
    ),
    Rule(
        "kind-doubtful",
        U,
        "one title says that it is a correction, reply or the like, and identifier or place are the same",
        lambda e: e.kind,
    ),
    Rule("other-edition", V, "two editions of one work", lambda e: e.edition and e.titled),
    Rule("other-version", V, "two versions of one document, by their DOIs or titles", lambda e: e.version and e.titled),
    Rule(
        "reissued",
        V,
        "two versions of one Cochrane review, by their issues or years",
        lambda e: (
            e.reviewed and (e.titled or e.title == "similar") and DIFFER in (e.year, e.number) and not identified(e)
        ),
    ),
    Rule(
        "reissued-doubtful",
        U,
        "one Cochrane review, but issue or year are not the same",
        lambda e: e.reviewed and e.titled and (e.year in (NEAR, DIFFER) or DIFFER in (e.number, e.volume)),
    ),
    Rule(
        "edition-doubtful",
        U,
        "one says that it is an edition, without a number; the other says nothing of editions",
        lambda e: e.revised and e.titled and e.authors == "same" and not identified(e) and e.isbn != SAME,
    ),
    Rule(
        "updated",
        V,
        "one is an update of the other",
        lambda e: e.updated and e.title in ("part", "similar", "close") and not (identified(e) and e.pages == SAME),
    ),
    Rule(
        "part-doubtful",
        U,
        "the numbers in the titles differ, but the page and the identifier or the place are the same",
        lambda e: e.parts and e.pages == SAME and (identified(e) or in_one_place(e)),
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
            and (identified(e) or (e.placed and e.journal == SAME and e.year == SAME))
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
        lambda e: e.title == UNKNOWN and identified(e) and e.pages != DIFFER and e.authors != "differ" and e.dated,
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
            and not e.abstracts
            and e.authors == "same"
            and e.pages == SAME
            and e.dated
            and DIFFER not in (e.volume, e.doi, e.pmid)
            and identified(e)
        ),
    ),
    Rule(
        "variant-in-place",
        D,
        "nearly one title in one place: journal, volume, page, year and authors are the same",
        lambda e: e.title == "similar" and not e.abstracts and in_one_place(e) and DIFFER not in (e.doi, e.pmid),
    ),
    Rule(
        "variant-unsure",
        U,
        "nearly one title with the same authors, and the rest does not decide",
        lambda e: (
            e.title == "similar"
            and e.authors == "same"
            and e.dated
            and (identified(e) or e.pages == SAME)
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
)
