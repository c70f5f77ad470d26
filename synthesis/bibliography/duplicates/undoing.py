"""Merges taken back: every place that a merge changed holds again what stood there."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from synthesis.bibliography.duplicates.archive import AROUND, Change, Merged
from synthesis.errors import InvalidArgument, Problem, Severity, did_you_mean

CLOSING = re.compile(r"[})]")
NEAR = 40  # characters of the surroundings that are enough to find a place in an edited file


@dataclass(frozen=True, slots=True)
class Restored:
    """A text with changes taken back."""

    text: str
    problems: tuple[Problem, ...]  # what could not be put where it was


def chosen(merges: Sequence[Merged], key: str = "") -> tuple[Merged, ...]:
    """The merges to take back: those of the last run, or the one that took out the entry `key`.

    Raises
    ------
    InvalidArgument
        There is none.
    """
    if not merges:
        raise InvalidArgument("nothing was merged, or all of it was undone")
    if not key:
        last = max(one.run for one in merges)
        return tuple(one for one in merges if one.run == last)
    found = [one for one in merges if key in one.removed]
    if not found:
        known = sorted({removed for one in merges for removed in one.removed})
        raise InvalidArgument(f"no entry {key!r} was merged: {did_you_mean(key, known)}")
    return (found[-1],)


def restored(text: str, changes: Iterable[Change], kept: Collection[str] = ()) -> Restored:
    """A text of one file with changes taken back.

    A change whose surroundings are still there is taken back in place, so that the bytes are those of before. An entry
    whose surroundings are gone comes to the end of the file; a value whose place is gone stays as it is. Both are
    reported. A change that was never made, or is back already (a merge that was cut short, a file restored from version
    control), is left alone. `kept` are the keys of entries that stayed: one that was taken out under such a key was a
    copy, and its text may stand in the file twice.
    """
    placed: list[tuple[int, Change]] = []
    problems: list[Problem] = []
    lost: list[Change] = []
    for change in changes:
        copy = change.key in kept and not change.after
        if _is_there(text, change):
            placed.append((change.start, change))
        elif _is_back(text, change, copy=copy):
            continue
        elif (place := _found(text, change)) is not None:
            placed.append((place, change))
        elif change.after:
            problems.append(_stays(change))
        else:
            lost.append(change)
            problems.append(_at_end(change))
    pieces, position = [], 0
    for place, change in sorted(placed, key=lambda one: (one[0], one[1].was)):
        pieces += [text[position:place], change.before]
        position = place + len(change.after)
    pieces.append(text[position:])
    body = "".join(pieces)
    newline = "\r\n" if "\r\n" in text else "\n"
    for change in lost:
        body = f"{body.rstrip()}{newline * 2}{change.before.strip()}{newline}"
    return Restored(body, tuple(problems))


def _is_there(text: str, change: Change) -> bool:
    """Whether a change and its surroundings are where they were left.

    A trail shorter than AROUND was the end of the file, and must be its end now: a newline alone is no surroundings.
    """
    whole = f"{change.lead}{change.after}{change.trail}"
    end = change.start + len(change.after) + len(change.trail)
    return text.startswith(whole, change.start - len(change.lead)) and (len(change.trail) == AROUND or end == len(text))


def _found(text: str, change: Change) -> int | None:
    """Where a change is after other edits; None where that is not certain."""
    for width in (AROUND, NEAR):
        lead, trail = change.lead[-width:], change.trail[:width]
        sought = f"{lead}{change.after}{trail}"
        first = text.find(sought)
        if len(sought) >= NEAR and first >= 0 and text.find(sought, first + 1) < 0:
            return first + len(lead)
    return None


def _is_back(text: str, change: Change, *, copy: bool) -> bool:
    """Whether what a merge took away stands in the text, or what it put in does not.

    An entry is asked for before its surroundings are: the ends of two entries are often alike.
    """
    if not change.before.strip():
        return _found(text, change) is None and f"{change.lead[-NEAR:]}{_closing(change.trail)}" in text
    if change.after:
        return _found(text, change) is None and change.before in text
    return text.count(change.before.strip()) > copy


def _closing(trail: str) -> str:
    """What follows added fields up to the end of their entry; the entry behind it may be another one than before."""
    end = CLOSING.search(trail, 0, NEAR)
    return trail[: end.end() if end else NEAR]


def _stays(change: Change) -> Problem:
    what = f"what {change.key!r} took over has changed since, and stays"
    return Problem(change.path, 1, 1, "SY559", what, "compare it with bibliography/merged.jsonl", Severity.WARNING)


def _at_end(change: Change) -> Problem:
    what = f"the place of {change.key!r} has changed since: it is at the end of the file"
    return Problem(change.path, 1, 1, "SY559", what, "move it, if its place matters", Severity.WARNING)
