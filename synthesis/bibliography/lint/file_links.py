"""Links to files of one computer."""

from __future__ import annotations

import re
from collections.abc import Iterator

from synthesis.bibliography.lint.rule import Rule, at_field
from synthesis.bibliography.lint.shelf import Shelf
from synthesis.errors import Problem

FIELDS = ("file", "pdf", "local-url", "localfile")
ABSOLUTE = re.compile(r"(?:^|[:;]|file://)\s*(?:~|/(?:[^/\s:;]+/)|[A-Za-z]\\?:[\\/])")


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY438: an absolute path, which shows whose computer it was and leads nowhere on another."""
    for value in shelf.named(*FIELDS):
        if ABSOLUTE.search(value.field.value):
            what = f"the {value.field.name} of {value.entry.key!r} leads to a place on one computer"
            yield at_field(value, "SY438", what, "write a path relative to the library, or take it out")


RULE = Rule(
    name="file-links",
    codes=("SY438",),
    says="a link to a file is relative: an absolute one tells of one computer",
    check=check,
)
