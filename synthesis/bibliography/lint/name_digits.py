"""Digits in the name of a person."""

from __future__ import annotations

import re
from collections.abc import Iterator

from synthesis.bibliography.lint.people import written_names
from synthesis.bibliography.lint.rule import Rule, at_field
from synthesis.bibliography.lint.shelf import Shelf
from synthesis.errors import Problem

DIGIT = re.compile(r"\d")
DBLP = re.compile(r" 0\d{3}\b")  # tells persons of one name apart in the dblp library


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY489: a mark of a footnote or an address that has come along, or a group without its braces."""
    for value, names in written_names(shelf):
        if not DIGIT.search(value.field.value):
            continue
        for name in names:
            if DIGIT.search(DBLP.sub("", name)):
                what = f"a digit in the name {name!r} of {value.entry.key!r}"
                yield at_field(value, "SY489", what, "take it out; put the name of a group in braces")
                break


RULE = Rule(
    name="name-digits",
    codes=("SY489",),
    says="no digit in a person's name",
    check=check,
)
