"""What stands between two authors."""

from __future__ import annotations

import re
from collections.abc import Iterator

from synthesis.bibliography.lint.people import written_names
from synthesis.bibliography.lint.rule import Rule, at_field
from synthesis.bibliography.lint.shelf import Shelf
from synthesis.errors import Problem, Severity

ENTITY = re.compile(r"&#?\w+;")
INITIALS = re.compile(r"[^\W\d_][\w'\u2019-]+ [A-Z]{1,3}(?:, [^\W\d_][\w'\u2019-]+ [A-Z]{1,3})+")  # Smith JA, Jones B
ET_AL = re.compile(r",? et\.? al\.?$", re.IGNORECASE)
MOST_COMMAS = 2  # family, suffix, given
SHOWN = 60


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY486: semicolons, commas or & between names; BibTeX knows only `and`."""
    for value, names in written_names(shelf):
        wrong = next(filter(None, map(_wrong, names)), None)
        if wrong:
            text = value.field.value
            shown = text if len(text) <= SHOWN else text[:SHOWN] + "..."
            what = f"{wrong} between the names of {value.entry.key!r}: {shown}"
            yield at_field(value, "SY486", what, "write `and` between two names", Severity.WARNING)


def _wrong(written: str) -> str | None:
    name = ET_AL.sub("", written)
    if ";" in name and ";" in ENTITY.sub("", name):
        return "semicolons"
    if " & " in name or r"\&" in name:
        return "&"
    if name.count(",") > MOST_COMMAS or ("," in name and INITIALS.fullmatch(name)):
        return "commas"
    return None


RULE = Rule(
    name="author-separators",
    codes=("SY486",),
    says="`and` stands between two names: no comma, semicolon or &",
    check=check,
    severity=Severity.WARNING,
)
