"""The check digit of an ISBN."""

from __future__ import annotations

import re
from collections.abc import Iterator

from synthesis.bibliography.lint.rule import Rule, at_field
from synthesis.bibliography.lint.shelf import Shelf
from synthesis.errors import Problem, Severity

LONGEST = 100
SPLIT = re.compile(r"\s*[,;/]\s*|\s+and\s+|\s*\([^()]*\)\s*")
LABEL = re.compile(r"^(?:isbn(?:-1[03])?:?\s*)", re.IGNORECASE)
JOINERS = re.compile(r"[-\s\u2010-\u2015]+")


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY470: neither ten characters nor thirteen digits, or a wrong check digit (ISO 2108)."""
    for value in shelf.named("isbn"):
        for text in filter(None, SPLIT.split(value.field.value.strip("{} "))):
            if len(text) > LONGEST or not _in_order(text):
                what = f"{text!r} of {value.entry.key!r} is no ISBN: its length or its check digit is wrong"
                yield at_field(value, "SY470", what, "look it up on the imprint page", Severity.WARNING)


def _in_order(text: str) -> bool:
    bare = JOINERS.sub("", LABEL.sub("", text)).upper()
    runs = [text, *text.split()] if len(bare) > 13 else [text]  # several in one value, blanks between
    if len(runs) > 2:
        return all(map(_in_order, runs[1:]))
    return is_isbn(bare)


def is_isbn(text: str) -> bool:
    """Whether ten characters or thirteen digits have the right check digit."""
    if re.fullmatch(r"[0-9]{9}[0-9X]", text):
        digits = [10 if char == "X" else int(char) for char in text]
        return sum(weight * digit for weight, digit in zip(range(10, 0, -1), digits, strict=True)) % 11 == 0
    if re.fullmatch(r"97[89][0-9]{10}", text):
        return sum(int(char) * (1, 3)[place % 2] for place, char in enumerate(text)) % 10 == 0
    return False


RULE = Rule(
    name="isbns",
    codes=("SY470",),
    says="an ISBN has ten or thirteen characters and the right check digit",
    check=check,
    severity=Severity.WARNING,
)
