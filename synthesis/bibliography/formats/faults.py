"""Which records of a file have errors, so that they can be left out, named and counted."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from synthesis.bibliography.blocks import Block, Lines
from synthesis.bibliography.formats.reference import Faulty, Place, Reference
from synthesis.bibliography.library import Library
from synthesis.errors import Problem, Severity

RECORDS = frozenset({"entry", "unreadable"})  # kinds of blocks that are one, or were meant to be
UNLISTED = "one of more errors than are listed may be in it"


def faulty_at(references: Sequence[Reference], problems: Iterable[Problem]) -> tuple[Faulty, ...]:
    """Of a file whose readers report an error at the record that it is in: these records, and those not read.

    Parameters
    ----------
    references : sequence of Reference
        All that were read.
    problems : iterable of Problem
        An error at the place of a reference is one of that reference; any other is of a record that was not read.
    """
    numbers = {(one.place.line, one.place.column): number for number, one in enumerate(references)}
    found: dict[tuple[int, int], list[Problem]] = {}
    for problem in problems:
        if problem.severity is Severity.ERROR:
            found.setdefault((problem.line, problem.column), []).append(problem)
    return tuple(_faulty(errors, numbers.get(place)) for place, errors in sorted(found.items()))


def faulty_in(library: Library) -> tuple[Faulty, ...]:
    """Of a file of BibTeX: the entries in which an error stands, and the blocks that are none because of one.

    Text that goes on where an entry was closed is an error of that entry. Where more errors of a kind stand in a file
    than the library lists, every entry after the last that is listed counts as faulty.
    """
    blocks = list(library.blocks)
    begins, lines = [block.start for block in blocks], Lines.of(library.text)
    found: dict[int, list[Problem]] = {}
    for problem in library.problems:
        if problem.severity is Severity.ERROR:
            offset = lines.starts[problem.line - 1] + problem.column - 1 if library.text else 0
            found.setdefault(_record(library.text, blocks, bisect_right(begins, offset) - 1, offset), []).append(
                problem
            )
    entries = [number for number, block in enumerate(blocks) if block.kind == "entry"]
    places = {number: place for place, number in enumerate(entries)}
    faulty = {number: _faulty(errors, places.get(number)) for number, errors in found.items() if number >= 0}
    if unlisted := _first_unlisted(library):
        for number in entries:
            line, column = lines.place(blocks[number].start)
            if (line, column) >= unlisted:
                faulty.setdefault(number, Faulty(Place(library.path, line, column), UNLISTED, places[number]))
    return _with_children(library, [faulty[number] for number in sorted(faulty)])


def _with_children(library: Library, faulty: Sequence[Faulty]) -> tuple[Faulty, ...]:
    """Also the entries that take fields from one of them by crossref."""
    numbers = {one.number for one in faulty}
    bad = {library.entries[number].key.lower() for number in numbers if number is not None}
    children = [
        Faulty(Place(entry.path, entry.line, entry.column), f"{entry.get('crossref')!r} has an error", number)
        for number, entry in enumerate(library.entries)
        if number not in numbers and entry.get("crossref").lower() in bad
    ]
    return tuple(sorted((*faulty, *children), key=lambda one: (one.place.line, one.place.column)))


def _record(text: str, blocks: Sequence[Block], number: int, offset: int) -> int:
    """The number of the block that an error in a block belongs to; -1 where it is no record's."""
    if number < 0 or blocks[number].kind in RECORDS:
        return number
    if blocks[number].kind != "text":
        return -1
    goes_on = number and blocks[number - 1].kind == "entry" and blocks[number].start == offset
    return number - 1 if goes_on and text[offset] != "@" else number


def _first_unlisted(library: Library) -> tuple[int, int] | None:
    """Line and column from which on errors are not listed."""
    listed = [problem for problem in library.problems if problem.severity is Severity.ERROR]
    codes = library.unlisted.keys() & {problem.code for problem in listed}
    return min((max((one.line, one.column) for one in listed if one.code == code) for code in codes), default=None)


def _faulty(errors: Sequence[Problem], number: int | None) -> Faulty:
    first = errors[0]
    why = "; ".join(dict.fromkeys(f"{one.code} {one.what}" for one in errors))
    return Faulty(Place(first.path, first.line, first.column), why, number)
