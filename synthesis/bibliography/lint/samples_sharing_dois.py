"""One document, under two keys, as report of two samples."""

from __future__ import annotations

from collections.abc import Iterator

from synthesis.bibliography.doi import is_doi
from synthesis.bibliography.lint.rule import Rule
from synthesis.bibliography.lint.shelf import SampleLike, Shelf
from synthesis.errors import Problem, Severity


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY452: two records whose reports are two entries with one DOI; one key in two records is SY210 of the records."""
    first: dict[str, tuple[SampleLike, str]] = {}
    for sample in shelf.samples:
        for key in sample.cite:
            entry = shelf.by_key.get(key)
            if entry is None or not is_doi(entry.doi):
                continue
            known, its_key = first.setdefault(entry.doi, (sample, key))
            if known is not sample and its_key != key:
                what = f"its report {key!r} has the DOI of {its_key!r}, a report of {known.place.path}"
                remedy = "if both records are one sample, write one; else keep one entry and cite it in both"
                place = sample.at("cite")
                yield Problem(place.path, place.line, place.column, "SY452", what, remedy, Severity.WARNING)


RULE = Rule(
    name="samples-sharing-dois",
    codes=("SY452",),
    says="two samples are not told of in one document under two keys",
    check=check,
    severity=Severity.WARNING,
)
