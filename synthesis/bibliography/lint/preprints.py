"""A preprint and its article as reports of two studies."""

from __future__ import annotations

import re
from collections.abc import Iterator

from synthesis.bibliography.entry import Entry
from synthesis.bibliography.lint.rule import Rule
from synthesis.bibliography.lint.shelf import SampleLike, Shelf
from synthesis.bibliography.titles import title_letters
from synthesis.errors import Problem, Severity

SERVERS = re.compile(
    r"\b(?:arxiv|biorxiv|medrxiv|psyarxiv|socarxiv|chemrxiv|techrxiv|osf preprints?|ssrn|research square|preprints?"
    r"|authorea|f1000 ?research preprints?)\b",
    re.IGNORECASE,
)
# Registrants: bioRxiv and medRxiv, arXiv, Research Square, PsyArXiv and OSF, SSRN, Preprints.org, Authorea.
REGISTRANTS = (
    "10.1101/",
    "10.48550/",
    "10.21203/rs",
    "10.31234/",
    "10.31219/",
    "10.2139/ssrn",
    "10.20944/",
    "10.22541/",
)
STATED = ("journal", "journaltitle", "publisher", "howpublished", "archiveprefix", "eprinttype", "institution", "type")
REMEDY = "if both are of one sample, write one record that cites both; else nothing"


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY453: two records, one with the preprint and the other with the article of the same title."""
    first: dict[str, list[tuple[SampleLike, Entry]]] = {}
    for sample in shelf.samples:
        for key in sample.cite:
            entry = shelf.by_key.get(key)
            title = title_letters(entry.get("title")) if entry else ""
            if not entry or not title:
                continue
            for known, other in first.setdefault(title, []):
                if known is not sample and other.key != key and is_preprint(entry) != is_preprint(other):
                    yield _problem(sample, entry, known, other)
            first[title].append((sample, entry))


def is_preprint(entry: Entry) -> bool:
    """Whether an entry is of a preprint server, by its DOI or by what it says of where it stands."""
    return entry.doi.startswith(REGISTRANTS) or any(SERVERS.search(entry.get(name)) for name in STATED)


def _problem(sample: SampleLike, entry: Entry, known: SampleLike, other: Entry) -> Problem:
    pair = "the preprint" if is_preprint(entry) else "the article"
    what = f"its report {entry.key!r} is {pair} of {other.key!r}, a report of {known.place.path}"
    place = sample.at("cite")
    return Problem(place.path, place.line, place.column, "SY453", what, REMEDY, Severity.WARNING)


RULE = Rule(
    name="preprints",
    codes=("SY453",),
    says="a preprint and its article are not reports of two samples",
    check=check,
    severity=Severity.WARNING,
)
