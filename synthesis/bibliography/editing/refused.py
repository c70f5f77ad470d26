"""An edit that is not made, and why."""

from __future__ import annotations

from collections.abc import Sequence

from synthesis.bibliography.blocks import LINE_END
from synthesis.bibliography.entry import Entry
from synthesis.bibliography.library import Library
from synthesis.errors import InvalidData, Problem


class RefusedError(InvalidData):
    """Everything that keeps an edit out; `existing` are the entries of the library that the new ones clash with."""

    def __init__(self, problems: Sequence[Problem], existing: Sequence[Entry] = ()) -> None:
        super().__init__(problems)
        self.existing = tuple(existing)

    def __str__(self) -> str:
        shown = (f"{entry.place}: this entry is in the library:\n{entry.raw}" for entry in self.existing)
        return "\n".join([*map(str, self.problems), *shown])


def at(entry: Entry, code: str, what: str, remedy: str) -> Problem:
    """A problem at the beginning of an entry."""
    return Problem(entry.path, entry.line, entry.column, code, what, remedy)


def at_end(library: Library, what: str, remedy: str) -> Problem:
    """A problem of a file that cannot take an edit, at its end."""
    return Problem(library.path, len(LINE_END.findall(library.text)) + 1, 1, "SY462", what, remedy)
