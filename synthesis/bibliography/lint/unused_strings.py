"""Macros that nothing uses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from synthesis.bibliography.library import STRING, Library
from synthesis.bibliography.lint.rule import Rule
from synthesis.bibliography.lint.shelf import Shelf
from synthesis.errors import Problem, Severity

TEXTS = re.compile(r'\{[^{}]*\}|"[^"]*"')
NAME = re.compile(r"[^\s={}()\"#,@]+")


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY414: an @string whose name no field and no other @string has; one note where a whole file of them is unused."""
    used = {name.lower() for entry in shelf.entries for field in entry.fields for name in field.macros}
    used.update(name for library in shelf.libraries for name in _used_by_strings(library))
    for sheet in shelf.sheets:
        unused = [(offset, name) for offset, name in _defined(sheet.library) if name.lower() not in used]
        if unused and sheet.library.entries:  # a file of macros alone is kept for others
            for offset, name in unused:
                line, column = sheet.lines.place(offset)
                what = f"nothing uses the macro {name!r}"
                yield Problem(sheet.library.path, line, column, "SY414", what, "take it out, or use it", Severity.NOTE)


def _defined(library: Library) -> Iterator[tuple[int, str]]:
    for block in library.blocks:
        if block.kind == "string" and (head := STRING.match(library.text, block.start, block.end)):
            yield block.start, head["name"]


def _used_by_strings(library: Library) -> Iterator[str]:
    """Names after the `=` of every @string, outside its delimited texts."""
    for block in library.blocks:
        if block.kind == "string":
            value = library.text[block.start : block.end].partition("=")[2].rstrip(" \t\r\n})")
            yield from map(str.lower, NAME.findall(TEXTS.sub(" ", value)))


RULE = Rule(
    name="unused-strings",
    codes=("SY414",),
    says="every @string is used",
    check=check,
)
