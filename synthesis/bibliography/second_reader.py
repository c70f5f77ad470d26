"""The library read a second time, by bibtexparser: where the two readings differ and nothing else says why.

As statsmodels is the second engine of the pools, bibtexparser is the second reader of the library. It reads macros
and `#` as they are written, so values are compared as written. Its writer is never used.
"""

from __future__ import annotations

import bisect
import contextlib
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from synthesis.bibliography.entry import Entry
from synthesis.bibliography.library import Library
from synthesis.bibliography.macros import one_blank
from synthesis.errors import Problem, Severity

MOST_MARKS = 2_000_000  # of a file that is read a second time: bibtexparser takes some seconds for as many
MARKS = '{}"=,@'
Fields = tuple[tuple[str, str], ...]  # name in small letters, and value as written with single blanks


def read_otherwise(library: Library, told: Iterable[Problem] = ()) -> tuple[Problem, ...]:
    """SY417, notes: entries that bibtexparser reads with other fields or values, or does not give at all.

    Parameters
    ----------
    library : Library
        One file.
    told : iterable of Problem, optional
        What is known of the file beside the problems of its reading. An entry that has an error or a warning is
        passed over, since that says what is wrong with it. A file of more than 2,000,000 braces, quotes, commas and
        signs is not read a second time, and a note says so.
    """
    if sum(map(library.text.count, MARKS)) > MOST_MARKS:
        what, remedy = "too large to be read a second time by bibtexparser", "nothing, or split the library"
        return (Problem(library.path, 1, 1, "SY417", what, remedy, Severity.NOTE),)
    lines = _lines_with_faults((*library.problems, *told), library.path)
    theirs = _second_reading(library.text)
    found = []
    for place, entry in enumerate(library.entries):
        after = library.entries[place + 1].line if place + 1 < len(library.entries) else None
        if not _any_within(lines, entry.line, after) and (what := _difference(entry, theirs)):
            found.append(_problem(entry, what))
    return tuple(found)


def _lines_with_faults(problems: Iterable[Problem], path: str) -> list[int]:
    return sorted(one.line for one in problems if one.path == path and one.severity is not Severity.NOTE)


def _any_within(lines: Sequence[int], first: int, after: int | None) -> bool:
    """Whether a line lies between that of an entry and that of the next one."""
    place = bisect.bisect_left(lines, first)
    return place < len(lines) and (after is None or lines[place] < after)


def _difference(entry: Entry, theirs: Mapping[int, Fields]) -> str:
    """What bibtexparser makes of an entry, where that is something else; otherwise nothing."""
    other = theirs.get(entry.start)
    if other is None:
        return "bibtexparser does not give this entry"
    own = tuple((field.name, one_blank(field.written)) for field in entry.fields)
    if own == other:
        return ""
    names, other_names = ([name for name, _ in fields] for fields in (own, other))
    if names != other_names:
        return f"bibtexparser reads the fields {', '.join(other_names) or 'none'}"
    differing = next(name for (name, value), (_, second) in zip(own, other, strict=True) if value != second)
    return f"bibtexparser reads another value of {differing!r}"


def _problem(entry: Entry, what: str) -> Problem:
    said = f"{what}; synth reads {', '.join(field.name for field in entry.fields) or 'no field'} in {entry.key!r}"
    remedy = "look whether a brace, quote or comma is out of place; other programs may read it as bibtexparser does"
    return Problem(entry.path, entry.line, entry.column, "SY417", said, remedy, Severity.NOTE)


def _second_reading(text: str) -> dict[int, Fields]:
    """The fields of each entry by the offset of its `@`; blocks are located in the text in their order."""
    found: dict[int, Fields] = {}
    position = 0
    for block in _blocks(text):
        start = text.find(block.raw or "", position)
        if start < 0 or not block.raw:
            continue
        entry = getattr(block, "ignore_error_block", None) or block
        position = start + (1 if getattr(block, "error", None) is not None and entry is block else len(block.raw))
        if hasattr(entry, "fields"):
            found[start] = tuple((field.key.lower(), one_blank(field.value)) for field in entry.fields)
    return found


def _blocks(text: str) -> Sequence[Any]:
    from bibtexparser.splitter import Splitter

    with _quiet("bibtexparser.splitter"):
        blocks: Sequence[Any] = Splitter(text).split().blocks
    return blocks


@contextlib.contextmanager
def _quiet(logger: str) -> Iterator[None]:
    """Keep a library from logging what is reported as a problem here."""

    def drop(_: logging.LogRecord) -> bool:
        return False

    logging.getLogger(logger).addFilter(drop)
    try:
        yield
    finally:
        logging.getLogger(logger).removeFilter(drop)
