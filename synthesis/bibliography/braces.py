"""Braces that close one another, counted in large texts at the speed of a search."""

from __future__ import annotations

import re

CALM = r"[^{}\\]*+(?:\\++(?![{}])[^{}\\]*+)*+"  # without a brace, also without one after a backslash
BRACED = rf"\{{{CALM}\}}"
for _ in range(3):  # levels of braces within braces; what is deeper is counted one brace at a time
    BRACED = rf"\{{{CALM}(?:{BRACED}{CALM})*+\}}"
SKIPPED = re.compile(rf"(?:{CALM}{BRACED})*+{CALM}")
BACKSLASHES = re.compile(r"\\*+")
PIECE = 10_000  # characters whose braces are counted at once


def closing(text: str, first: int, limit: int, *, every_brace: bool = False) -> int | None:
    """The offset after the brace that closes the one at `first`; None where none does before `limit`.

    Most text is counted piece by piece: the braces of a piece are looked at one by one only where the depth could
    come to zero in it.
    """
    depth, position = 1, first + 1
    while position < limit:
        stop = _piece_end(text, position, limit)
        if (closed := _count(text, "}", position, stop, every_brace=every_brace)) < depth:
            depth += _count(text, "{", position, stop, every_brace=every_brace) - closed
            position = stop
            continue
        while position < stop:
            position, step = _next_brace(text, position, limit, every_brace=every_brace)
            depth += step
            if depth == 0:
                return position
    return None


def _next_brace(text: str, position: int, limit: int, *, every_brace: bool) -> tuple[int, int]:
    """The offset after the next brace that counts, beyond whole groups, and what it adds to the depth."""
    skipped = SKIPPED.match(text, position, limit)
    position = skipped.end() if skipped else position
    if position >= limit:
        return limit, 0
    if text[position] == "\\":  # with others perhaps, and a brace after the last of them
        position = beyond_backslashes(text, position, limit)
        if not every_brace or position >= limit:
            return min(position + 1, limit), 0
    return position + 1, 1 if text[position] == "{" else -1


def beyond_backslashes(text: str, position: int, limit: int) -> int:
    """The offset after the backslashes at a place."""
    backslashes = BACKSLASHES.match(text, position, limit)
    return backslashes.end() if backslashes else position


def _piece_end(text: str, position: int, limit: int) -> int:
    """Where a piece of text ends, not between a backslash and the brace after it."""
    stop = min(position + PIECE, limit)
    if stop < limit and text[stop - 1] == "\\":
        stop = min(beyond_backslashes(text, stop, limit) + 1, limit)
    return stop


def _count(text: str, brace: str, start: int, stop: int, *, every_brace: bool) -> int:
    escaped = 0 if every_brace else text.count("\\" + brace, start, stop)
    return text.count(brace, start, stop) - escaped
