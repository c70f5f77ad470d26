"""Years that can be compared."""

from __future__ import annotations

import re
from collections.abc import Iterator

from synthesis.bibliography.lint.rule import Rule, at_field
from synthesis.bibliography.lint.shelf import Shelf
from synthesis.errors import Problem, Severity

FORMS = {"year": re.compile(r"\d{4}"), "date": re.compile(r"-?\d{4}\b.*")}
NOT_PRINTED = re.compile(r"\{\\noopsort\s*\{[^{}]*\}\s*\}")  # xampl.bib's way of sorting
NOT_YET = re.compile(
    r"(?:in press|forthcoming|to appear|n\.?\s?d\.?|no date|undated|accepted|submitted|in preparation)", re.IGNORECASE
)
REMEDY = "write the year as 2009"


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY443: a `year` that is not four digits, a `date` that begins otherwise; a note where there is none yet."""
    for value in shelf.named(*FORMS):
        name, text = value.field.name, value.field.value
        if text and not FORMS[name].fullmatch(NOT_PRINTED.sub("", text).strip("{} ")):
            what = f"the {name} {text!r} of {value.entry.key!r} is not a year in four digits"
            if NOT_YET.fullmatch(text.strip("{}().[] ")):
                yield at_field(value, "SY443", what, "nothing until there is one: it is printed as it stands")
            else:
                yield at_field(value, "SY443", what, REMEDY, Severity.WARNING)


RULE = Rule(
    name="years",
    codes=("SY443",),
    says="a year is four digits",
    check=check,
    severity=Severity.WARNING,
)
