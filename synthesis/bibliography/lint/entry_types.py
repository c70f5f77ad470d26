"""Types that some style knows."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from functools import lru_cache

from synthesis.bibliography.lint.fields import TYPES
from synthesis.bibliography.lint.rule import Rule, at_entry
from synthesis.bibliography.lint.shelf import Shelf
from synthesis.errors import Problem, Severity

LONGEST = 20  # letters of a type that may be a slip


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY415: an unknown type, which styles print as @misc; a warning where a known one is near."""
    own: set[str] = set()
    for entry in shelf.entries:
        if entry.type in TYPES or not entry.type or entry.type in own:
            continue
        near = _near(entry.type)
        if near:
            remedy = f"did you mean @{near}?"
            yield at_entry(entry, "SY415", f"no style knows @{entry.type}", remedy, Severity.WARNING)
        else:
            own.add(entry.type)  # somebody's own type: said once
            yield at_entry(
                entry, "SY415", f"few styles know @{entry.type}", "make it @misc, unless your style knows it"
            )


@lru_cache(maxsize=1000)
def _near(name: str) -> str | None:
    near = difflib.get_close_matches(name, TYPES, n=1, cutoff=0.8) if len(name) <= LONGEST else None
    return near[0] if near else None


RULE = Rule(
    name="entry-types",
    codes=("SY415",),
    says="the type of an entry is one of BibTeX's or biblatex's",
    check=check,
    severity=Severity.WARNING,
)
