"""The fields that the type of an entry asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from synthesis.bibliography.entry import Entry
from synthesis.bibliography.lint.rule import Rule, at_entry
from synthesis.bibliography.lint.shelf import Shelf
from synthesis.errors import Problem

# Patashnik O (1988), BibTeXing, section 3.1. Each group asks for one of its fields; biblatex's names count too.
_YEAR = ("year", "date")
_AUTHOR_OR_EDITOR = ("author", "editor")
REQUIRED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "article": (("author",), ("title",), ("journal", "journaltitle"), _YEAR),
    "book": (_AUTHOR_OR_EDITOR, ("title",), ("publisher",), _YEAR),
    "booklet": (("title",),),
    "inbook": (_AUTHOR_OR_EDITOR, ("title",), ("chapter", "pages"), ("publisher",), _YEAR),
    "incollection": (("author",), ("title",), ("booktitle",), ("publisher",), _YEAR),
    "inproceedings": (("author",), ("title",), ("booktitle",), _YEAR),
    "conference": (("author",), ("title",), ("booktitle",), _YEAR),
    "manual": (("title",),),
    "mastersthesis": (("author",), ("title",), ("school", "institution"), _YEAR),
    "phdthesis": (("author",), ("title",), ("school", "institution"), _YEAR),
    "proceedings": (("title",), _YEAR),
    "techreport": (("author",), ("title",), ("institution",), _YEAR),
    "unpublished": (("author",), ("title",), ("note",)),
}
INHERITS = ("crossref", "xdata")  # from another entry


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY442: a note, not a fault: a review may know no more of a report than who wrote it and when."""
    for entry in shelf.entries:
        if missing := _missing(entry):
            what = f"@{entry.type} {entry.key!r} has no {', no '.join(missing)}"
            yield at_entry(entry, "SY442", what, "add what the source states, and nothing else")


def _missing(entry: Entry) -> list[str]:
    groups = REQUIRED.get(entry.type)
    if not groups:
        return []
    given = {field.name for field in entry.fields if field.value}
    if not given.isdisjoint(INHERITS):
        return []
    return [" or ".join(names) for names in groups if given.isdisjoint(names)]


RULE = Rule(
    name="required-fields",
    codes=("SY442",),
    says="an entry has the fields that its type asks for",
    check=check,
)
