"""A preprint and its article as reports of two studies."""

from __future__ import annotations

from collections.abc import Iterator

from synthesis.bibliography.entry import Entry
from synthesis.bibliography.lint.rule import Rule
from synthesis.bibliography.lint.shelf import SampleLike, Shelf
from synthesis.bibliography.preprints import is_preprint
from synthesis.bibliography.titles import title_letters
from synthesis.errors import Problem, Severity

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
                if known is not sample and other.key != key and _preprint(entry) != _preprint(other):
                    yield _problem(sample, entry, known, other)
            first[title].append((sample, entry))


def _preprint(entry: Entry) -> bool:
    return is_preprint(entry.doi, entry.get)


def _problem(sample: SampleLike, entry: Entry, known: SampleLike, other: Entry) -> Problem:
    pair = "the preprint" if _preprint(entry) else "the article"
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
