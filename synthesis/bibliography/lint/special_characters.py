"""Characters that LaTeX takes for commands."""

from __future__ import annotations

import re
from collections.abc import Iterator

from synthesis.bibliography.lint.fields import PRINTED
from synthesis.bibliography.lint.rule import Edit, Rule, at_offset, first_few, of_each
from synthesis.bibliography.lint.shelf import Shelf, Value
from synthesis.bibliography.splices import Splice
from synthesis.errors import Problem, Severity

BARE = re.compile(r"[%_#](?<!\\.)(?!\d?\w{0,30};)")
NEAR_MATH = re.compile(r"\$|\\\(|\\ensuremath|\\text|\\cite|\\hskip|\\cprime|\\#")


def check(shelf: Shelf) -> Iterator[Problem]:
    r"""SY499: `%` hides the rest of its line, `_` and `#` stop LaTeX; `\%`, `\_` and `\#` are printed."""
    for value, match in first_few(_bare(shelf)):
        what = f"{match[0]} without a backslash in the {value.field.name} of {value.entry.key!r}"
        yield at_offset(value, match.start(), "SY499", what, rf"write \{match[0]}", severity=Severity.WARNING)


def fix(shelf: Shelf) -> Iterator[Edit]:
    """A backslash before it, where no mathematics and no command is near that may want it as it is."""
    for value, matches in of_each(_bare(shelf)):
        if not value.as_it_stands and not NEAR_MATH.search(value.field.written):
            for _, match in matches:
                yield Edit(value, Splice(match.start(), match.end(), f"\\{match[0]}"))


def _bare(shelf: Shelf) -> Iterator[tuple[Value, re.Match[str]]]:
    for value, match in shelf.hits(BARE, PRINTED):
        if value.own_rules(match.start()) or _joins(value, match.start()):
            continue
        yield value, match


def _joins(value: Value, offset: int) -> bool:
    """Whether `#` stands between the parts of a value, where it is BibTeX's own."""
    if value.whole:
        return False
    text = value.sheet.library.text[value.span[0] : offset]
    quoted = text.replace('\\"', "").count('"') % 2 and value.field.written.startswith('"')
    return text.count("{") == text.count("}") and not quoted


RULE = Rule(
    name="special-characters",
    codes=("SY499",),
    says="%, _ and # have a backslash before them",
    check=check,
    severity=Severity.WARNING,
    fix=fix,
)
