"""A publisher's own words at the end of an abstract."""

from __future__ import annotations

import re
from collections.abc import Iterator

from synthesis.bibliography.lint.rule import Rule, at_field
from synthesis.bibliography.lint.shelf import Shelf
from synthesis.errors import Problem

RIGHTS = re.compile(
    r"(?:\u00a9|\(c\)|\\copyright|\\textcopyright|copyright)\W{0,5}(?:\(c\)\s*)?(?:19|20)\d\d|all rights reserved"
    r"|published by elsevier|(?:\u00a9|copyright) the author"
)
SIGNS = ("\u00a9", "(c)", "copyright", "rights reserved", "published by elsevier")  # quicker to look for


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY403: a line about rights, which is no part of what the authors say and disturbs comparisons."""
    for value in shelf.named("abstract"):
        text = value.field.value.lower()
        if any(sign in text for sign in SIGNS) and RIGHTS.search(text):
            what = f"the abstract of {value.entry.key!r} has the publisher's line about rights"
            yield at_field(value, "SY403", what, "take the line out, or into a field `copyright`")


RULE = Rule(
    name="copyright-lines",
    codes=("SY403",),
    says="an abstract has no line about rights",
    check=check,
)
