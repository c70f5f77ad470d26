"""Months as the macros that every style knows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from synthesis.bibliography.lint.rule import Edit, Rule, at_field
from synthesis.bibliography.lint.shelf import Shelf, Value
from synthesis.bibliography.macros import MONTHS
from synthesis.bibliography.splices import Splice
from synthesis.errors import Problem

MACRO = {**{name.lower(): macro for macro, name in MONTHS.items()}, **{macro: macro for macro in MONTHS}, "sept": "sep"}
NUMBER = re.compile(r"0?[1-9]|1[0-2]")
SEASON = re.compile(r"spring|summer|autumn|fall|winter|easter|christmas|quarter|\bq[1-4]\b", re.IGNORECASE)
WORD = re.compile(r"[^\W\d_]{3,}")
NAMES = tuple(name.lower() for name in MONTHS.values())


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY447: a month in letters that no style can translate, or a text that is no month."""
    for value in shelf.named("month"):
        text = value.field.value
        if macro := _macro(value):
            what = f"the month of {value.entry.key!r} is text, which a style can neither shorten nor translate"
            yield at_field(value, "SY447", what, f"write month = {macro}")
        elif text and not value.field.macros and not _understood(text):
            yield at_field(value, "SY447", f"{text!r} of {value.entry.key!r} is no month", "write month = jan")


def fix(shelf: Shelf) -> Iterator[Edit]:
    """The macro, unless the file gives it a meaning of its own."""
    for value in shelf.named("month"):
        macro = _macro(value)
        if macro and macro not in value.sheet.library.strings:
            yield Edit(value, Splice(*value.span, macro))


def _macro(value: Value) -> str | None:
    """The macro of a month that is written as delimited text."""
    if value.field.macros:
        return None
    macro = MACRO.get(value.field.value.strip(" .{}").lower())
    return macro if macro and value.delimited else None


def _understood(text: str) -> bool:
    if NUMBER.fullmatch(text.strip("{} ")) or SEASON.search(text):
        return True
    return any(name.startswith(word) for word in WORD.findall(text.lower()) for name in NAMES)


RULE = Rule(
    name="months",
    codes=("SY447",),
    says="a month is a macro: jan, feb, ...",
    check=check,
    fix=fix,
)
