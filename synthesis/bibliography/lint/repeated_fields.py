"""A field stands once in an entry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from synthesis.bibliography.entry import Entry, Field
from synthesis.bibliography.library import Library
from synthesis.errors import Problem


def repeated_fields(libraries: Sequence[Library]) -> Iterator[Problem]:
    """SY432: of two fields with one name, in whatever case, most programs read only one."""
    return (problem for library in libraries for entry in library.entries for problem in repeats(entry))


def repeats(entry: Entry) -> Iterator[Problem]:
    """The repeated fields of one entry, each at its second and later places."""
    first: dict[str, Field] = {}
    for field in entry.fields:
        known = first.setdefault(field.name, field)
        if known is not field:
            what = f"the field {field.name!r} of {entry.key!r} is already given in line {known.line}"
            yield Problem(entry.path, field.line, field.column, "SY432", what, "keep one of the two")
