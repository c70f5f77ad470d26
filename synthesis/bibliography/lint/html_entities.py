"""Characters written as HTML writes them, which LaTeX prints letter by letter."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from synthesis.bibliography.lint.fields import FIELDS, VERBATIM
from synthesis.bibliography.lint.rule import Edit, Rule, at_offset, first_few
from synthesis.bibliography.lint.shelf import Shelf, Value
from synthesis.bibliography.splices import Splice
from synthesis.errors import Problem, Severity

ENTITY = re.compile(r"&(?:amp;|\\?#)?\\?#?\w{1,31};")
IN_LATEX = {
    "&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_", "$": r"\$", "\u2013": "--", "\u2014": "---",
    "\u2018": "`", "\u2019": "'", "\u201c": "``", "\u201d": "''",
}  # fmt: skip
NO_BREAK = "\u00a0"
UNSAFE = frozenset('{}\\"~^')


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY478: `&amp;`, `&#233;` and their like."""
    for value, start, end, char in first_few(_entities(shelf)):
        written = value.sheet.library.text[start:end]
        what = f"{written!r} in the {value.field.name} of {value.entry.key!r} is HTML for {char!r}"
        severity = Severity.NOTE if value.field.name in VERBATIM else Severity.WARNING
        remedy = "write a blank" if char.isspace() else f"write {_written(value, start, char) or char}"
        yield at_offset(value, start, "SY478", what, remedy, severity=severity)


def fix(shelf: Shelf) -> Iterator[Edit]:
    """The character itself, in LaTeX's own way where it has one."""
    for value, start, end, char in _entities(shelf):
        if value.delimited and not value.as_it_stands and (text := _written(value, start, char)) is not None:
            yield Edit(value, Splice(start, end, text))


def _entities(shelf: Shelf) -> Iterator[tuple[Value, int, int, str]]:
    """Value, start, end and character of each entity, with a backslash that may stand before it."""
    for value, match in shelf.hits(ENTITY, FIELDS):
        char = html.unescape(html.unescape(match[0].replace("\\", "")))
        if len(char) == 1 and char != match[0]:
            start = match.start()
            yield value, start - (match.string[start - 1] == "\\"), match.end(), char


def _written(value: Value, offset: int, char: str) -> str | None:
    """The character as the value can hold it; None where that needs thought."""
    verbatim = value.field.name in VERBATIM or value.own_rules(offset)
    if char.isspace():
        return "~" if char == NO_BREAK and not verbatim else " "
    if char in UNSAFE or not char.isprintable():
        return None
    if verbatim:
        return char
    return f"${char}$" if char in "<>" else IN_LATEX.get(char, char)


RULE = Rule(
    name="html-entities",
    codes=("SY478",),
    says="no character is written as &amp; or the like",
    check=check,
    severity=Severity.WARNING,
    fix=fix,
)
