"""Years in which nothing can have been printed."""

from __future__ import annotations

from collections.abc import Iterator

from synthesis.bibliography.lint.rule import Rule, at_field
from synthesis.bibliography.lint.shelf import Shelf
from synthesis.errors import Problem, Severity

FIRST, LAST = 1000, 2100  # LAST where no other year is given: the rules know no clock


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY446: a year before 1000, or after the one that the library is checked as of."""
    last = shelf.as_of or LAST
    for value in shelf.named("year", "date"):
        text = value.field.value.strip("{} ")[:4]
        if len(text) == 4 and text.isascii() and text.isdigit() and not FIRST <= int(text) <= last:
            what = f"the {value.field.name} of {value.entry.key!r} is {text}, which is not between {FIRST} and {last}"
            yield at_field(value, "SY446", what, "write the year of publication", Severity.WARNING)


RULE = Rule(
    name="future-years",
    codes=("SY446",),
    says="a year is not in the future (--as-of YEAR) and not before 1000",
    check=check,
    severity=Severity.WARNING,
)
