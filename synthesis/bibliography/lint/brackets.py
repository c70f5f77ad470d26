"""Round and square brackets in titles."""

from __future__ import annotations

import re
from collections.abc import Iterator

from synthesis.bibliography.lint.fields import TITLES
from synthesis.bibliography.lint.rule import Rule, at_field
from synthesis.bibliography.lint.shelf import Shelf
from synthesis.errors import Problem

MARKS = re.compile(r"[()\[\]]")
NOT_A_PAIR = re.compile(
    r"(?<![\w(])\w{1,2}\)|[:;]-?[()]|\$[^$]*\$|\\[()\[\]]|[\[(]\d[^\[\]()]*[\])]"
)  # a), :-), [0, 1)
PAIR = {")": "(", "]": "["}


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY476: a bracket that is opened and not closed, or closed and not opened."""
    for value in shelf.named(*TITLES):
        text = value.field.value
        if ("(" in text or ")" in text or "[" in text or "]" in text) and (lone := _lone(text)):
            yield at_field(
                value, "SY476", f"a {lone} without its other half in the {value.field.name} of {value.entry.key!r}",
                "close the bracket, or take it out",
            )  # fmt: skip


def _lone(text: str) -> str | None:
    """The first bracket that has no partner."""
    opened: list[str] = []
    for mark in MARKS.findall(text) if text.count("(") == text.count(")") else MARKS.findall(NOT_A_PAIR.sub("", text)):
        if mark in "([":
            opened.append(mark)
        elif not opened or opened.pop() != PAIR[mark]:
            return str(mark)
    return opened[0] if opened else None


RULE = Rule(
    name="brackets",
    codes=("SY476",),
    says="brackets in a title come in pairs",
    check=check,
)
