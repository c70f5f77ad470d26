"""The library read a second time, by bibtexparser."""

from __future__ import annotations

from collections.abc import Iterator

from synthesis.bibliography.lint import repeated_fields, repeated_keys
from synthesis.bibliography.lint.rule import Rule
from synthesis.bibliography.lint.shelf import Shelf
from synthesis.bibliography.second_reader import read_otherwise
from synthesis.errors import Problem


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY417: entries that bibtexparser reads otherwise, although nothing is wrong with them that is known."""
    told = [*repeated_keys.check(shelf), *repeated_fields.check(shelf)]
    for library in shelf.libraries:
        yield from read_otherwise(library, told)


RULE = Rule(
    name="second-reader",
    codes=("SY417",),
    says="bibtexparser reads every entry as synth does",
    check=check,
    slow=True,
)
