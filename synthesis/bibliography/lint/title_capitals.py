"""Titles in capitals, which no style can bring back to small letters."""

from __future__ import annotations

import re
from collections.abc import Iterator

from synthesis.bibliography.lint.rule import Rule, at_field
from synthesis.bibliography.lint.shelf import Shelf
from synthesis.errors import Problem

WORD = re.compile(r"[^\W\d_]{4,}")
COMMAND = re.compile(r"\\[A-Za-z]+")
FEWEST = 3  # words of four letters and more; fewer may be acronyms


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY484: a title of several words without one small letter."""
    for value in shelf.named("title", "booktitle"):
        text = value.field.value
        if text[1:8].isupper() or text[:8].isupper():
            bare = COMMAND.sub("", text)
            if bare.isupper() and len(WORD.findall(bare)) >= FEWEST:
                what = f"the {value.field.name} of {value.entry.key!r} is in capitals"
                yield at_field(value, "SY484", what, "write it as a sentence, names and acronyms in braces")


RULE = Rule(
    name="title-capitals",
    codes=("SY484",),
    says="a title is not in capitals",
    check=check,
)
