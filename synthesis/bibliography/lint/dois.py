"""DOIs: their form, and whether two entries have one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from synthesis.bibliography.doi import is_doi
from synthesis.bibliography.entry import Entry
from synthesis.bibliography.library import Library
from synthesis.errors import Problem, Severity


def malformed_dois(libraries: Sequence[Library]) -> Iterator[Problem]:
    """SY440: a `doi` that is not `10.`, a registrant, a slash and a suffix, with or without an address before it."""
    for library in libraries:
        for entry in library.entries:
            if entry.doi and not is_doi(entry.get("doi")):
                what = f"{entry.get('doi')!r} of {entry.key!r} is not a DOI"
                yield _problem(entry, "SY440", what, "write it as 10.NNNN/SUFFIX, or take it out")


def shared_dois(libraries: Sequence[Library]) -> Iterator[Problem]:
    """SY441: one DOI in two entries; a warning, since chapters of one book may share the DOI of the book."""
    first: dict[str, Entry] = {}
    for library in libraries:
        for entry in library.entries:
            known = first.setdefault(entry.doi, entry) if is_doi(entry.doi) else entry
            if known is not entry:
                what = f"{entry.key!r} has the DOI of {known.key!r}, {known.place}"
                yield _problem(entry, "SY441", what, "keep one entry if both are the same document")


def _problem(entry: Entry, code: str, what: str, remedy: str) -> Problem:
    field = entry.field("doi")
    assert field is not None
    return Problem(entry.path, field.line, field.column, code, what, remedy, Severity.WARNING)
