"""Page ranges that end before they begin."""

from __future__ import annotations

import re
from collections.abc import Iterator

from synthesis.bibliography.lint.rule import Rule, at_field
from synthesis.bibliography.lint.shelf import Shelf
from synthesis.errors import Problem, Severity

RANGE = re.compile(
    r"(?P<first>[A-Za-z]{0,3}\d+[A-Za-z]?)"
    r"(?P<dash>\s*(?:-{1,3}|[\u2010-\u2015\u2212])\s*)"
    r"(?P<last>[A-Za-z]{0,3}\d+[A-Za-z]?)"
)
NUMBER = re.compile(r"([A-Za-z]*)(\d+)[A-Za-z]?")
SURE = 3  # digits from which on one hyphen can only mean a range


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY449: 130--123; a last page that leaves out the digits it shares with the first, as in 110--5, is in order."""
    for value in shelf.named("pages"):
        for piece in value.field.value.split(","):
            found = RANGE.fullmatch(piece.strip())
            if found and _backward(found):
                what = f"the pages {piece.strip()} of {value.entry.key!r} end before they begin"
                yield at_field(value, "SY449", what, "look the page numbers up", Severity.WARNING)


def _backward(found: re.Match[str]) -> bool:
    if found["dash"].strip() == "-" and min(len(found["first"]), len(found["last"])) < SURE:
        return False
    return last_page(found["first"], found["last"]) is None


def last_page(first: str, last: str) -> int | None:
    """The number of the last page with the digits that it leaves out; None where it would lie before the first."""
    one, two = NUMBER.fullmatch(first), NUMBER.fullmatch(last)
    assert one is not None
    assert two is not None
    if two[1] and one[1].lower() != two[1].lower():
        return int(two[2])  # S12--T3: pages of two kinds cannot be compared
    number = int(two[2])
    if number < int(one[2]) and len(two[2]) < len(one[2]):
        number = int(one[2][: -len(two[2])] + two[2])
    return number if number >= int(one[2]) else None


RULE = Rule(
    name="reversed-pages",
    codes=("SY449",),
    says="pages do not end before they begin",
    check=check,
    severity=Severity.WARNING,
)
