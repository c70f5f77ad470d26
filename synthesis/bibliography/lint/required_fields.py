"""The fields that the type of an entry asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from synthesis.bibliography.entry import Entry
from synthesis.bibliography.library import Library
from synthesis.errors import Problem, Severity

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


def missing_fields(libraries: Sequence[Library]) -> Iterator[Problem]:
    """SY442: a note, not a fault: a review may know no more of a report than who wrote it and when."""
    for library in libraries:
        for entry in library.entries:
            if missing := _missing(entry):
                what = f"@{entry.type} {entry.key!r} has no {', no '.join(missing)}"
                yield _problem(entry, what)


def _missing(entry: Entry) -> list[str]:
    if entry.get(*INHERITS):
        return []
    return [" or ".join(names) for names in REQUIRED.get(entry.type, ()) if not entry.get(*names)]


def _problem(entry: Entry, what: str) -> Problem:
    remedy = "add what the source states, and nothing else"
    return Problem(entry.path, entry.line, entry.column, "SY442", what, remedy, Severity.NOTE)
