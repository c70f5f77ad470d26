"""Addresses that stand where they are not looked for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from synthesis.bibliography.lint.rule import Rule, at_field
from synthesis.bibliography.lint.shelf import Shelf
from synthesis.errors import Problem

ONLY_ADDRESS = re.compile(
    r"(?:(?:available|retrieved|accessed|online)(?: +(?:online|at|from))*:? *)?"
    r"(?:\\url *\{[^{}]*\}|\{?(?:https?|ftp)://[^\s{}]+\}?)\.?",
    re.IGNORECASE,
)


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY475: a `note` or `howpublished` that is nothing but an address."""
    for value in shelf.named("note", "howpublished"):
        if ONLY_ADDRESS.fullmatch(value.field.value):
            what = f"the {value.field.name} of {value.entry.key!r} is only an address"
            yield at_field(value, "SY475", what, "write it as url")


RULE = Rule(
    name="note-urls",
    codes=("SY475",),
    says="an address stands in url, not alone in note or howpublished",
    check=check,
)
