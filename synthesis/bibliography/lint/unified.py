"""The difference of two readings of one file as a unified diff, entry by entry.

Comparing all lines of a large library with one another takes long; which entries differ is known.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from synthesis.bibliography.blocks import Lines
from synthesis.bibliography.entry import Entry
from synthesis.bibliography.library import Library

HUNK = re.compile(r"^@@ -(\d+)(,\d+)? \+(\d+)(,\d+)? @@")
CONTEXT = 3
Range = tuple[int, int]  # first and last line; the first is 1


def unified(before: Library, after: Library) -> str:
    """What turns one text into the other; both have the same entries in the same order."""
    old, new = Lines.of(before.text), Lines.of(after.text)
    hunks = [
        hunk
        for one, two in _ranges(before.entries, after.entries, old, new)
        for hunk in _hunks(_lines(before.text, old, one), _lines(after.text, new, two), one[0] - 1, two[0] - 1)
    ]
    return "".join([f"--- a/{before.path}\n", f"+++ b/{after.path}\n", *hunks]) if hunks else ""


def _ranges(before: Sequence[Entry], after: Sequence[Entry], old: Lines, new: Lines) -> Iterator[tuple[Range, Range]]:
    """The lines of the entries that differ, old and new; entries that lie near one another together."""
    found: list[tuple[Range, Range]] = []
    for one, two in zip(before, after, strict=True):
        if one.raw != two.raw:
            here = _about(one, old), _about(two, new)
            if found and here[0][0] <= found[-1][0][1]:
                last = found.pop()
                here = (last[0][0], here[0][1]), (last[1][0], here[1][1])
            found.append(here)
    yield from found


def _about(entry: Entry, lines: Lines) -> Range:
    """The lines of an entry, with some about it."""
    last = lines.place(max(0, len(entry.text) - 1))[0]  # no line begins after the last line end
    return max(1, entry.line - CONTEXT), min(last, lines.place(entry.end)[0] + CONTEXT)


def _lines(text: str, lines: Lines, some: Range) -> list[str]:
    edges = [*lines.starts[some[0] - 1 : some[1] + 1], len(text)][: some[1] - some[0] + 2]
    return [text[start:end] for start, end in pairwise(edges)]


def _hunks(old: Sequence[str], new: Sequence[str], old_before: int, new_before: int) -> Iterator[str]:
    """The hunks of a piece, with the numbers that its lines have in the file."""
    for line in list(difflib.unified_diff(old, new))[2:]:
        if found := HUNK.match(line):
            a, b = int(found[1]) + old_before, int(found[3]) + new_before
            yield f"@@ -{a}{found[2] or ''} +{b}{found[4] or ''} @@\n"
        else:
            yield line if line.endswith(("\n", "\r")) else f"{line}\n\\ No newline at end of file\n"
