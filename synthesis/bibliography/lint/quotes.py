"""Quotation marks in titles."""

from __future__ import annotations

import re
from collections.abc import Iterator

from synthesis.bibliography.lint.fields import TITLES
from synthesis.bibliography.lint.rule import Rule, at_field
from synthesis.bibliography.lint.shelf import Shelf
from synthesis.errors import Problem

STRAIGHT = re.compile(r'(?<!\\)"(?![a-z]\b)')
INCHES = re.compile(r'\d"|\$[^$]*\$')


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY477: a quotation that is opened and not closed, or the other way round."""
    for value in shelf.named(*TITLES):
        if lone := _lone(value.field.value):
            what = f"a {lone} without its other half in the {value.field.name} of {value.entry.key!r}"
            yield at_field(value, "SY477", what, "write quotations as ``words''")


def _lone(text: str) -> str | None:
    """The kind of quotation mark that does not come in pairs."""
    if "``" in text and "''" not in text.replace('"', "''"):
        return "``"
    if text.count("\u201c") != text.count("\u201d") and "\u201e" not in text:
        return "\u201c" if "\u201c" in text else "\u201d"
    if '"' in text and "``" not in text and len(STRAIGHT.findall(INCHES.sub("", text))) % 2:
        return '"'
    return None


RULE = Rule(
    name="quotes",
    codes=("SY477",),
    says="quotation marks in a title come in pairs",
    check=check,
)
