"""One key, one entry, over all files of the library."""

from __future__ import annotations

from collections.abc import Iterator

from synthesis.bibliography.entry import Entry
from synthesis.bibliography.lint.rule import Rule
from synthesis.bibliography.lint.shelf import Shelf
from synthesis.errors import Problem, Severity


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY421 and SY422: keys used twice, or that BibTeX cannot tell apart because only their case differs."""
    first: dict[str, Entry] = {}
    for entry in shelf.entries:
        known = first.setdefault(entry.key.lower(), entry)
        if entry.key and known is not entry:
            yield clash(entry, known)


def clash(entry: Entry, known: Entry) -> Problem:
    """The problem of an entry whose key is taken, exactly or but for case."""
    if entry.key == known.key:
        code, what = "SY421", f"the key {entry.key!r} is taken by {known.place}"
    else:
        code, what = "SY422", f"the key {entry.key!r} differs only in case from {known.key!r}, {known.place}"
    return Problem(entry.path, entry.line, entry.column, code, what, "give it another key, or keep one of the two")


RULE = Rule(
    name="repeated-keys",
    codes=("SY421", "SY422"),
    says="one key, one entry, over all files and whatever the case of its letters",
    check=check,
    severity=Severity.ERROR,
)
