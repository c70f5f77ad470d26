"""One way of writing an accented letter, so that equal texts are equal."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from synthesis.bibliography.lint.rule import Edit, Rule, at_field
from synthesis.bibliography.lint.shelf import Shelf, Value
from synthesis.bibliography.splices import Splice
from synthesis.errors import Problem

LINKS = frozenset({"crossref", "xref", "xdata", "entryset", "related", "ids", "url", "doi", "file"})


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY480: letters and accents as characters of their own (not Unicode's normal form C)."""
    for value in _decomposed(shelf):
        what = f"the {value.field.name} of {value.entry.key!r} has accents apart from their letters (not NFC)"
        yield at_field(value, "SY480", what, "write each accented letter as one character")


def fix(shelf: Shelf) -> Iterator[Edit]:
    """The canonically equal text in normal form C."""
    for value in _decomposed(shelf):
        text = unicodedata.normalize("NFC", value.field.written)
        yield Edit(value, Splice(*value.span, text))


def _decomposed(shelf: Shelf) -> Iterator[Value]:
    for sheet in shelf.sheets:
        yield from filter(_apart, sheet.values)


def _apart(value: Value) -> bool:
    """Keys and addresses stay as they are: another form of them is another key."""
    text = value.field.value
    return not text.isascii() and value.field.name not in LINKS and not unicodedata.is_normalized("NFC", text)


RULE = Rule(
    name="unicode-form",
    codes=("SY480",),
    says="accented letters are single characters (Unicode's normal form C)",
    check=check,
    fix=fix,
)
