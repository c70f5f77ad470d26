"""Ampersands that stop LaTeX."""

from __future__ import annotations

import re
from collections.abc import Iterator

from synthesis.bibliography.lint.fields import PRINTED
from synthesis.bibliography.lint.rule import Edit, Rule, at_offset, first_few, of_each
from synthesis.bibliography.lint.shelf import Shelf, Value
from synthesis.bibliography.splices import Splice
from synthesis.errors import Problem, Severity

BARE = re.compile(r"&(?<!\\&)(?!#?\w{1,31};)")  # entities of HTML are another rule's; & first, which is quick


def check(shelf: Shelf) -> Iterator[Problem]:
    r"""SY498: `&` is a column of a table to LaTeX; `\&` is printed."""
    for value, offset in first_few(_bare(shelf)):
        what = f"& without a backslash in the {value.field.name} of {value.entry.key!r}"
        yield at_offset(value, offset, "SY498", what, r"write \&", severity=Severity.WARNING)


def fix(shelf: Shelf) -> Iterator[Edit]:
    """A backslash before it, where nothing verbatim is near."""
    for value, offsets in of_each(_bare(shelf)):
        if not value.as_it_stands:
            yield from (Edit(value, Splice(offset, offset + 1, r"\&")) for _, offset in offsets)


def _bare(shelf: Shelf) -> Iterator[tuple[Value, int]]:
    for value, match in shelf.hits(BARE, PRINTED):
        if not value.own_rules(match.start()):
            yield value, match.start()


RULE = Rule(
    name="ampersands",
    codes=("SY498",),
    says="& has a backslash before it",
    check=check,
    severity=Severity.WARNING,
    fix=fix,
)
