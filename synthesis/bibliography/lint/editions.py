"""Editions as BibTeX and biblatex take them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from synthesis.bibliography.lint.rule import Rule, at_field
from synthesis.bibliography.lint.shelf import Shelf
from synthesis.errors import Problem

ORDINAL = re.compile(
    r"(?:\d+(?:st|nd|rd|th)|[a-z]\w*)\.?(?:\s+ed(?:ition|n)?\.?)?|.*\bed(?:ition|n)?\.?", re.IGNORECASE
)
WORD = re.compile(r"[A-Z][a-z]+(?:[ -][A-Za-z]+)?")


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY496: `2nd`, `second` or `2nd edition`: styles add the word, and change the case of Second only."""
    for value in shelf.named("edition"):
        text = value.field.value.strip("{} ")
        plain_ordinal = WORD.fullmatch(text) and not text.lower().endswith(("edition", " ed"))
        if ORDINAL.fullmatch(text) and not plain_ordinal:
            what = f"the edition {text!r} of {value.entry.key!r} is printed with `edition` behind it, or not understood"
            yield at_field(value, "SY496", what, "write Second for BibTeX, or 2 for biblatex")


RULE = Rule(
    name="editions",
    codes=("SY496",),
    says="an edition is an ordinal word (Second) or a whole number",
    check=check,
)
