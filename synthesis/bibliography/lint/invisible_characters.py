"""Characters that nobody sees, and that make equal texts unequal."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from synthesis.bibliography.lint.rule import Edit, Rule, at_offset, first_few, of_each
from synthesis.bibliography.lint.shelf import Shelf, Value
from synthesis.bibliography.splices import Splice
from synthesis.errors import Problem, Severity

# Not U+200C and U+200D, which join and part letters in Persian and the scripts of India.
_UNSEEN = "\x7f-\x84\x86-\x9f\u00ad\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
UNSEEN = re.compile(f"[{_UNSEEN}]+")
UNSEEN_OR_CONTROL = re.compile(f"[{_UNSEEN}\x00-\x08\x0b\x0c\x0e-\x1f]+")
NEEDED = frozenset("\u200b\u200e\u200f\u2066\u2067\u2068\u2069")  # ends of words, and directions, in some scripts
NEEDED_BY = re.compile("[\u0590-\u08ff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\ufb1d-\ufdff\ufe70-\ufefc]")
BLANK = frozenset("\x0b\x0c\u2028\u2029")


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY481: zero-width blanks, soft hyphens, marks of direction; control characters are SY402 of the reading."""
    if all(library.text.isascii() and "\x7f" not in library.text for library in shelf.libraries):
        return
    for value, match, _ in first_few(_unseen(shelf, UNSEEN)):
        name = unicodedata.name(match[0][0], "a control character").lower()
        what = f"U+{ord(match[0][0]):04X}, {name}, in the {value.field.name} of {value.entry.key!r}"
        yield at_offset(value, match.start(), "SY481", what, "take it out", severity=Severity.WARNING)


def fix(shelf: Shelf) -> Iterator[Edit]:
    """The value without them; what parts lines becomes a blank. Control characters go as well."""
    for value, match, kept in _unseen(shelf, UNSEEN_OR_CONTROL):
        if value.delimited:
            yield Edit(value, Splice(match.start(), match.end(), kept))


def _unseen(shelf: Shelf, pattern: re.Pattern[str]) -> Iterator[tuple[Value, re.Match[str], str]]:
    """Value, run of such characters, and what of it may stay."""
    for value, hits in of_each(shelf.hits(pattern)):
        needed = NEEDED if NEEDED_BY.search(value.field.value) else frozenset()
        for _, match in hits:
            kept = "".join(" " if char in BLANK else char for char in match[0] if char in BLANK or char in needed)
            if kept != match[0]:
                yield value, match, kept


RULE = Rule(
    name="invisible-characters",
    codes=("SY481",),
    says="no character that nobody sees",
    check=check,
    severity=Severity.WARNING,
    fix=fix,
)
