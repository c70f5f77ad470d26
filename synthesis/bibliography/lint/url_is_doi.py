"""Addresses that only say the DOI again."""

from __future__ import annotations

from collections.abc import Iterator

from synthesis.bibliography.doi import PREFIX, is_doi, normalised_doi
from synthesis.bibliography.lint.rule import Rule, at_field
from synthesis.bibliography.lint.shelf import Shelf
from synthesis.errors import Problem


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY445: the address of a DOI as `url`, where `doi` has it already or should have it."""
    for value in shelf.named("url"):
        text, entry = value.field.value, value.entry
        if not PREFIX.match(text) or not is_doi(text):
            continue
        doi = normalised_doi(text)
        if entry.doi == doi:
            yield at_field(value, "SY445", f"the url of {entry.key!r} only repeats its doi", "take the url out")
        elif not entry.doi:
            what = f"the url of {entry.key!r} is a DOI, and it has no doi"
            yield at_field(value, "SY445", what, f"write doi = {{{doi}}} instead")


RULE = Rule(
    name="url-is-doi",
    codes=("SY445",),
    says="a DOI stands in doi, and not in url",
    check=check,
)
