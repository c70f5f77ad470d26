"""Titles that end with a full stop, which styles set themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator

from synthesis.bibliography.lint.rule import Edit, Rule, at_field
from synthesis.bibliography.lint.shelf import Shelf, Value
from synthesis.bibliography.splices import Splice
from synthesis.errors import Problem

WORD = re.compile(r"(?:^|[\s{(-])(?P<word>[a-z]{4,})\.(?P<close>\}?)$")  # small letters: no name, no initials
SHORT = frozenset({"approx", "conf", "corp", "dept", "incl", "inst", "proc", "resp", "spec", "symp", "univ", "vols"})


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY483: a full stop after a whole word at the end of a title."""
    for value, _ in _stops(shelf):
        what = f"the title of {value.entry.key!r} ends with a full stop, which styles set themselves"
        yield at_field(value, "SY483", what, "take the full stop out")


def fix(shelf: Shelf) -> Iterator[Edit]:
    """The title without it."""
    for value, back in _stops(shelf):
        end = value.inside[1] - back
        yield Edit(value, Splice(end - 1, end, ""))


def _stops(shelf: Shelf) -> Iterator[tuple[Value, int]]:
    """Titles with a full stop, and how many characters follow it before the closing delimiter."""
    for value in shelf.named("title"):
        text = value.field.value
        if text.endswith((".", ".}")) and _is_sentence(text) and value.delimited:
            written = value.field.written[1:-1]
            yield value, len(written) - written.rindex(".") - 1


def _is_sentence(text: str) -> bool:
    found = WORD.search(text)
    return found is not None and found["word"] not in SHORT and ". " not in text


RULE = Rule(
    name="title-full-stops",
    codes=("SY483",),
    says="a title does not end with a full stop",
    check=check,
    fix=fix,
)
