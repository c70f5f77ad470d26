"""The form of an address."""

from __future__ import annotations

import re
from collections.abc import Iterator

from synthesis.bibliography.lint.rule import Rule, at_field
from synthesis.bibliography.lint.shelf import Shelf
from synthesis.errors import Problem, Severity

FORM = re.compile(r"(?:https?|ftp|file)://[^\s/]\S*|(?:mailto|urn):\S+", re.IGNORECASE)
WRAPPED = re.compile(r"\\url\s*\{(.*)\}|<(.*)>|\{(.*)\}")


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY474: no `https://`, a blank inside, or more than one address."""
    for value in shelf.named("url"):
        wrapped = WRAPPED.fullmatch(value.field.value)
        bare = (wrapped[1] or wrapped[2] or wrapped[3] or "").strip() if wrapped else value.field.value
        if bare and not FORM.fullmatch(bare):
            what = f"the url of {value.entry.key!r} {_wrong(bare)}"
            yield at_field(value, "SY474", what, "write one whole address, with https:// before it", Severity.WARNING)


def _wrong(text: str) -> str:
    if text.count("://") > 1:
        return "holds more than one address"
    return "has a blank in it" if " " in text else "is no address: it has no https:// or the like"


RULE = Rule(
    name="urls",
    codes=("SY474",),
    says="a url is one address with its scheme",
    check=check,
    severity=Severity.WARNING,
)
