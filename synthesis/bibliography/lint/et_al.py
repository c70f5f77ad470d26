"""`et al.` as if it were an author."""

from __future__ import annotations

import re
from collections.abc import Iterator

from synthesis.bibliography.lint.fields import PEOPLE
from synthesis.bibliography.lint.rule import Edit, Rule, at_field
from synthesis.bibliography.lint.shelf import Shelf, Value
from synthesis.bibliography.splices import Splice
from synthesis.errors import Problem, Severity

LAST = re.compile(r"\bet\.?[\s~]{1,9}al\b\.?(?P<after>\}?\s*)[}\"]$", re.IGNORECASE)
BEFORE = re.compile(
    r"(?:\s{0,9},)?\s{1,99}(?:and\s{1,99})?(?P<command>(?:\\(?:emph|textit|textsl)\s{0,9})?\{?(?:\\(?:em|it)\s{1,9})?)$"
)
REACH = 300  # characters before `et al.` among which its beginning is looked for
ANYWHERE = re.compile(r"\bet\.?[\s~]+al\b", re.IGNORECASE)


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY487: a style prints it as a person's name; `and others` is translated and abbreviated."""
    for value in _so_written(shelf):
        what = f"`et al.` among the names of {value.entry.key!r} is read as a person"
        yield at_field(value, "SY487", what, "write `and others`", Severity.WARNING)


def fix(shelf: Shelf) -> Iterator[Edit]:
    """`and others`, where `et al.` ends the names."""
    for value in _so_written(shelf):
        last = LAST.search(value.field.written) if value.delimited else None
        before = BEFORE.search(last.string[max(0, last.start() - REACH) : last.start()]) if last else None
        if last and before and before["command"].count("{") == last["after"].count("}"):
            start = value.span[0]
            first = start + last.start() - len(before[0])
            yield Edit(value, Splice(first, start + last.end("after"), " and others"))


def _so_written(shelf: Shelf) -> Iterator[Value]:
    return (value for value in shelf.named(*PEOPLE) if ANYWHERE.search(value.field.value))


RULE = Rule(
    name="et-al",
    codes=("SY487",),
    says="further authors are `and others`, not et al.",
    check=check,
    severity=Severity.WARNING,
    fix=fix,
)
