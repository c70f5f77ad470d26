"""Names that BibTeX takes apart in another way than they are meant."""

from __future__ import annotations

import re
from collections.abc import Iterator

from synthesis.bibliography.lint.people import written_names
from synthesis.bibliography.lint.rule import Rule, at_field
from synthesis.bibliography.lint.shelf import Shelf
from synthesis.errors import Problem, Severity

INITIALS_LAST = re.compile(r"[^\W\d_][^\W\d_'\u2019-]*[a-z][\w'\u2019-]*(?: [A-Z]{1,3}| (?:[A-Z]\.-?){1,4})")
SUFFIX_LAST = re.compile(r"[^,]+ (?P<suffix>Jr\.?|Sr\.?|I{2,3}|IV)")
SUFFIX_SECOND = re.compile(r"[^,]+, *(?P<suffix>Jr\.?|Sr\.?|III)")  # II and IV may be initials
SUFFIX_THIRD = re.compile(r"[^,]+,[^,]+, *(?P<suffix>Jr\.?|Sr\.?|I{2,3}|IV)")


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY491: `Smith JA` is a Mr JA to BibTeX, `John Smith Jr` a Mr Jr; `Smith, John, Jr` has a given name Jr."""
    for value, names in written_names(shelf):
        for name in names:
            if found := _wrong(name.strip()):
                wrong, remedy = found
                what = f"{name.strip()!r} of {value.entry.key!r}: {wrong}"
                yield at_field(value, "SY491", what, remedy, Severity.WARNING)
                break  # who writes one name so writes all so


def _wrong(name: str) -> tuple[str, str] | None:
    if "," not in name and INITIALS_LAST.fullmatch(name):
        family, initials = name.rsplit(" ", 1)
        return f"{initials!r} is read as the family name", f"write {family}, {initials}"
    if "," not in name and (last := SUFFIX_LAST.fullmatch(name)):
        return f"{last['suffix']!r} is read as the family name", f"write FAMILY, {last['suffix']}, GIVEN"
    if third := SUFFIX_THIRD.fullmatch(name) or SUFFIX_SECOND.fullmatch(name):
        return f"{third['suffix']!r} is read as the given name", f"write FAMILY, {third['suffix']}, GIVEN"
    return None


RULE = Rule(
    name="name-order",
    codes=("SY491",),
    says="initials and Jr do not stand where BibTeX looks for the family name",
    check=check,
    severity=Severity.WARNING,
)
