"""The form of a DOI."""

from __future__ import annotations

from collections.abc import Iterator

from synthesis.bibliography.doi import is_doi
from synthesis.bibliography.lint.rule import Rule, at_field
from synthesis.bibliography.lint.shelf import Shelf
from synthesis.errors import Problem, Severity


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY440: a `doi` that is not `10.`, a registrant, a slash and a suffix, with or without an address before it."""
    for value in shelf.named("doi"):
        text = value.field.value
        if text and not is_doi(text):
            what = f"{text!r} of {value.entry.key!r} is not a DOI"
            yield at_field(value, "SY440", what, "write it as 10.NNNN/SUFFIX, or take it out", Severity.WARNING)


RULE = Rule(
    name="malformed-dois",
    codes=("SY440",),
    says="a DOI is 10., a registrant of four to nine digits, a slash and a suffix",
    check=check,
    severity=Severity.WARNING,
)
