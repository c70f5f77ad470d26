"""`and others`, once and last."""

from __future__ import annotations

from collections.abc import Iterator

from synthesis.bibliography.lint.people import written_names
from synthesis.bibliography.lint.rule import Rule, at_field
from synthesis.bibliography.lint.shelf import Shelf
from synthesis.errors import Problem, Severity


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY488: `others` before the last name, or alone; only at the end it means what it says."""
    for value, names in written_names(shelf):
        if "others" in names and (names.index("others") < len(names) - 1 or len(names) == 1):
            what = f"`others` is not the last of several names of {value.entry.key!r}"
            yield at_field(value, "SY488", what, "write `and others` once, at the end", Severity.WARNING)


RULE = Rule(
    name="and-others",
    codes=("SY488",),
    says="`and others` stands once, after the last name",
    check=check,
    severity=Severity.WARNING,
)
