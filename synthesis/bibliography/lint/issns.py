"""The check digit of an ISSN."""

from __future__ import annotations

import re
from collections.abc import Iterator

from synthesis.bibliography.lint.rule import Rule, at_field
from synthesis.bibliography.lint.shelf import Shelf
from synthesis.errors import Problem, Severity

SPLIT = re.compile(r"\s*[,;/]\s*|\s+and\s+|\s*\([^()]*\)\s*|\s+")
FORM = re.compile(r"(\d{4})-?(\d{3}[\dXx])")


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY471: not NNNN-NNNC, or a wrong check digit (ISO 3297)."""
    for value in shelf.named("issn"):
        for text in filter(None, SPLIT.split(value.field.value.strip("{} "))):
            if not is_issn(text) and text.lower().strip(":") not in {"issn", "print", "online", "electronic"}:
                what = f"{text!r} of {value.entry.key!r} is no ISSN: its form or its check digit is wrong"
                yield at_field(value, "SY471", what, "write it as 1234-5679", Severity.WARNING)


def is_issn(text: str) -> bool:
    """Whether a text is an ISSN with the right check digit."""
    found = FORM.fullmatch(text.replace("\u2013", "-"))
    if not found:
        return False
    digits = [10 if char in "Xx" else int(char) for char in found[1] + found[2]]
    return sum(weight * digit for weight, digit in zip(range(8, 0, -1), digits, strict=True)) % 11 == 0


RULE = Rule(
    name="issns",
    codes=("SY471",),
    says="an ISSN is NNNN-NNNC with the right check digit",
    check=check,
    severity=Severity.WARNING,
)
