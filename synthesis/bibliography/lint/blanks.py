"""Blanks that mean nothing: at the ends of a value, and two where one does."""

from __future__ import annotations

import re
from collections.abc import Iterator

from synthesis.bibliography.entry import BRACES, QUOTES
from synthesis.bibliography.lint.fields import SPACED
from synthesis.bibliography.lint.rule import Edit, Rule, at_offset
from synthesis.bibliography.lint.shelf import Shelf, Value
from synthesis.bibliography.splices import Splice
from synthesis.errors import Problem

DOUBLED = re.compile(r"(?<=[^\s\\])[ \t]{2,}(?=[^\s}\"])")
LEADING = re.compile(r"[ \t]+(?=[^\s])")
TRAILING = re.compile(r"(?<=[^\s\\])[ \t]+\Z")


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY482: `{ Title }`, or two blanks in a row; where a line is broken, blanks are layout."""
    last = None
    for value, start, _, _ in _idle(shelf):
        if value is not last:
            what = f"blanks too many in the {value.field.name} of {value.entry.key!r}"
            yield at_offset(value, start, "SY482", what, "write one blank between words, none at the ends")
        last = value


def fix(shelf: Shelf) -> Iterator[Edit]:
    """One blank, or none."""
    return (Edit(value, Splice(start, end, text)) for value, start, end, text in _idle(shelf))


def _idle(shelf: Shelf) -> Iterator[tuple[Value, int, int, str]]:
    """Value, start, end and what stands there instead, of all blanks that mean nothing."""
    for value in (value for sheet in shelf.sheets for value in sheet.values):
        if value.field.text in (BRACES, QUOTES) or value.field.name in SPACED:
            continue  # kept so where white space is in order
        text = value.field.written[1:-1]
        idle = "  " in text or "\t" in text or text[:1] == " " or text[-1:] == " "
        if idle and value.delimited and not value.as_it_stands:
            yield from _of(value, text, value.inside[0])


def _of(value: Value, text: str, start: int) -> Iterator[tuple[Value, int, int, str]]:
    if found := LEADING.match(text):
        yield value, start, start + found.end(), ""
    for found in DOUBLED.finditer(text):
        yield value, start + found.start(), start + found.end(), " "
    if found := TRAILING.search(text):
        yield value, start + found.start(), start + found.end(), ""


RULE = Rule(
    name="blanks",
    codes=("SY482",),
    says="one blank between words, none at the ends of a value",
    check=check,
    fix=fix,
)
