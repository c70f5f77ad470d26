"""Volumes and numbers without the words that styles put before them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from synthesis.bibliography.lint.rule import Rule, at_field
from synthesis.bibliography.lint.shelf import Shelf
from synthesis.errors import Problem

LABEL = re.compile(r"(?:vol(?:ume)?s?|no|nos|nr|num(?:ber)?|issues?|heft|band|bd)\.?[ ~:]*\d.*", re.IGNORECASE)
BOTH = re.compile(r"\d+\s*\(\s*[\w -]+\s*\)")
PERIODICALS = frozenset({"article", "periodical", "suppperiodical"})


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY497: `vol. 12`, or volume and number in one field as in `12(3)`."""
    for value in shelf.named("volume", "number"):
        text, entry = value.field.value, value.entry
        if entry.type not in PERIODICALS or text.isdigit():
            continue
        if LABEL.fullmatch(text):
            what = f"the {value.field.name} {text!r} of {entry.key!r} holds the word that styles print before it"
            yield at_field(value, "SY497", what, "write the number alone")
        elif value.field.name == "volume" and BOTH.fullmatch(text):
            what = f"the volume {text!r} of {entry.key!r} holds the number of the issue as well"
            yield at_field(value, "SY497", what, "write volume and number apart")


RULE = Rule(
    name="volumes",
    codes=("SY497",),
    says="volume and number are numbers alone, one in each",
    check=check,
)
