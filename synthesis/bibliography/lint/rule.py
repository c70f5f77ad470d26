"""A rule, the safe edits that it may offer, and how problems are placed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, groupby, islice
from typing import Any, TypeVar

from synthesis.bibliography.entry import Entry
from synthesis.bibliography.lint.shelf import Shelf, Value
from synthesis.bibliography.splices import Splice
from synthesis.errors import Problem, Severity

Hit = TypeVar("Hit", bound="tuple[Any, ...]")  # whose first part is the value
MOST = 20  # problems of one rule in one value
LONGEST = 400  # characters of what a problem says


@dataclass(frozen=True, slots=True)
class Edit:
    """A safe change of one field."""

    value: Value
    splice: Splice


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that can be wrong with a library."""

    name: str
    codes: tuple[str, ...]  # of the problems it reports
    says: str  # one line
    check: Callable[[Shelf], Iterable[Problem]]
    severity: Severity = Severity.NOTE  # the gravest of its problems
    fix: Callable[[Shelf], Iterable[Edit]] | None = None
    slow: bool = False  # only where it is asked for: `synth check` asks for all


def at_entry(entry: Entry, code: str, what: str, remedy: str, severity: Severity = Severity.NOTE) -> Problem:
    """A problem of a whole entry, at its `@`."""
    return Problem(entry.path, entry.line, entry.column, code, _short(what), _short(remedy), severity)


def at_field(value: Value, code: str, what: str, remedy: str, severity: Severity = Severity.NOTE) -> Problem:
    """A problem of a field, at its name."""
    place = (value.entry.path, value.field.line, value.field.column)
    return Problem(*place, code, _short(what), _short(remedy), severity)


def at_offset(
    value: Value, offset: int, code: str, what: str, remedy: str, *, severity: Severity = Severity.NOTE
) -> Problem:
    """A problem of some characters of a value, at the first of them."""
    line, column = value.sheet.lines.place(offset)
    return Problem(value.entry.path, line, column, code, _short(what), _short(remedy), severity)


def of_each(hits: Iterable[Hit]) -> Iterator[tuple[Value, Iterator[Hit]]]:
    """Hits by value, in their order; the first part of each is the value."""
    for of_one in (group for _, group in groupby(hits, key=_which)):
        first = next(of_one)
        yield first[0], chain([first], of_one)


def first_few(hits: Iterable[Hit]) -> Iterator[Hit]:
    """Of many hits in one value the first MOST: who mends these sees the others."""
    for _, of_one in of_each(hits):
        yield from islice(of_one, MOST)


def _which(hit: tuple[Any, ...]) -> tuple[int, int]:
    return id(hit[0].sheet), hit[0].start


def rewritten(value: Value, text: str) -> Edit | None:
    """The edit that puts another text between the delimiters of a value; None where it is not one delimited text."""
    return Edit(value, Splice(*value.inside, text)) if value.delimited else None


def _short(text: str) -> str:
    """Words that quote a value of any length, at a length that can be read."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."
