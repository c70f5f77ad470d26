"""A field stands once in an entry."""

from __future__ import annotations

from collections.abc import Iterator

from synthesis.bibliography.entry import Entry, Field
from synthesis.bibliography.lint.rule import Rule
from synthesis.bibliography.lint.shelf import Shelf
from synthesis.errors import Problem, Severity


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY432: of two fields with one name, in whatever case, most programs read only one."""
    return (problem for entry in shelf.entries for problem in repeats(entry))


def repeats(entry: Entry) -> Iterator[Problem]:
    """The repeated fields of one entry, each at its second and later places."""
    first: dict[str, Field] = {}
    for field in entry.fields:
        known = first.setdefault(field.name, field)
        if known is not field:
            what = f"the field {field.name!r} of {entry.key!r} is already given in line {known.line}"
            yield Problem(entry.path, field.line, field.column, "SY432", what, "keep one of the two")


RULE = Rule(
    name="repeated-fields",
    codes=("SY432",),
    says="a field stands once in an entry",
    check=check,
    severity=Severity.ERROR,
)
