"""Names of which a part, or everything, is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from synthesis.bibliography.lint.people import written_names
from synthesis.bibliography.lint.rule import Rule, at_field
from synthesis.bibliography.lint.shelf import Shelf
from synthesis.errors import Problem, Severity

LOOSE_AND = re.compile(r"^and(?:\s|$)|\sand$", re.IGNORECASE)


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY490: `and` with no name beside it, or a comma with nothing before or after it."""
    for value, names in written_names(shelf):
        wrong = next(filter(None, map(_wrong, names)), None)
        if wrong:
            what = f"{wrong} in the {value.field.name} of {value.entry.key!r}"
            yield at_field(value, "SY490", what, "write FAMILY, GIVEN for each name", Severity.WARNING)


def _wrong(name: str) -> str | None:
    bare = name.strip()
    if not bare or LOOSE_AND.search(bare):
        return "`and` without a name beside it"
    if bare.startswith(","):
        return f"no family name before the comma of {bare!r}"
    if bare.endswith(","):
        return f"nothing after the comma of {bare!r}"
    return None


RULE = Rule(
    name="incomplete-names",
    codes=("SY490",),
    says="every name has a family name, and every `and` two names",
    check=check,
    severity=Severity.WARNING,
)
