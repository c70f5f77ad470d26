"""DOIs with an address, `doi:` or a command about them."""

from __future__ import annotations

from collections.abc import Iterator

from synthesis.bibliography.doi import bare_doi, is_doi
from synthesis.bibliography.lint.rule import Edit, Rule, at_field, rewritten
from synthesis.bibliography.lint.shelf import Shelf, Value
from synthesis.errors import Problem


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY444: styles print the address themselves, and then twice."""
    for value, bare in _dressed(shelf):
        what = f"the doi of {value.entry.key!r} has more about it than the DOI"
        yield at_field(value, "SY444", what, f"write {bare}")


def fix(shelf: Shelf) -> Iterator[Edit]:
    """The bare DOI, unless the address has its characters as %XX."""
    return (edit for value, bare in _dressed(shelf) if "%" not in bare and (edit := rewritten(value, bare)))


def _dressed(shelf: Shelf) -> Iterator[tuple[Value, str]]:
    for value in shelf.named("doi"):
        text = value.field.value
        if is_doi(text) and (bare := bare_doi(text)) != text:
            yield value, bare


RULE = Rule(
    name="bare-dois",
    codes=("SY444",),
    says="a DOI has no address, `doi:` or command about it",
    check=check,
    fix=fix,
)
