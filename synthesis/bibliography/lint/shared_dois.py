"""Whether two entries have one DOI."""

from __future__ import annotations

from collections.abc import Iterator

from synthesis.bibliography.doi import is_doi, normalised_doi
from synthesis.bibliography.entry import Entry
from synthesis.bibliography.lint.rule import Rule, at_field
from synthesis.bibliography.lint.shelf import Shelf
from synthesis.errors import Problem, Severity


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY441: one DOI in two entries; a warning, since chapters of one book may share the DOI of the book."""
    first: dict[str, Entry] = {}
    for value in shelf.named("doi"):
        doi, entry = normalised_doi(value.field.value), value.entry
        known = first.setdefault(doi, entry) if is_doi(doi) else entry
        if known is not entry:
            what = f"{entry.key!r} has the DOI of {known.key!r}, {known.place}"
            yield at_field(value, "SY441", what, "keep one entry if both are the same document", Severity.WARNING)


RULE = Rule(
    name="shared-dois",
    codes=("SY441",),
    says="two entries have two DOIs",
    check=check,
    severity=Severity.WARNING,
)
