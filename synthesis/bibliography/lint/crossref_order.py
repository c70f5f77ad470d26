"""The order that BibTeX needs for `crossref`."""

from __future__ import annotations

from collections.abc import Iterator

from synthesis.bibliography.lint.rule import Rule, at_field
from synthesis.bibliography.lint.shelf import Shelf
from synthesis.errors import Problem


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY427: the entry that is referred to stands above the one that refers; a note, since biber does not mind."""
    places = {entry.key.lower(): number for number, entry in reversed(list(enumerate(shelf.entries)))}
    for value in shelf.named("crossref"):
        parent = places.get(value.field.value.strip().lower())
        if parent is not None and parent < places[value.entry.key.lower()]:
            what = f"{value.entry.key!r} stands after {shelf.entries[parent].key!r}, which its crossref names"
            yield at_field(value, "SY427", what, "move the entry that is named below it, unless biber reads the file")


RULE = Rule(
    name="crossref-order",
    codes=("SY427",),
    says="the entry that a crossref names stands below, as BibTeX needs it",
    check=check,
)
