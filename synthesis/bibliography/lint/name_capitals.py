"""Names of persons in capitals."""

from __future__ import annotations

import re
from collections.abc import Iterator

from synthesis.bibliography.lint.people import written_names
from synthesis.bibliography.lint.rule import Rule, at_field
from synthesis.bibliography.lint.shelf import Shelf
from synthesis.errors import Problem

LOUD = re.compile(r"[^\W\d_a-z][^\W\d_a-z'\u2019 -]{3,}, *\S+|\S+(?: \S+)* [^\W\d_a-z]{5,}")


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY485: the family names of all persons in capitals; of one among several it may be an acronym."""
    for value, names in written_names(shelf):
        people = [name.strip() for name in names if name.strip() != "others"]
        if people and all(map(_loud, people)):
            what = f"the names of {value.entry.key!r} are in capitals"
            yield at_field(value, "SY485", what, "write them with small letters; put the name of a group in braces")


def _loud(name: str) -> bool:
    if not LOUD.fullmatch(name):
        return False
    family = name.split(",", maxsplit=1)[0] if "," in name else name.rsplit(" ", 1)[1]
    return family.isupper()


RULE = Rule(
    name="name-capitals",
    codes=("SY485",),
    says="names of persons are not in capitals",
    check=check,
)
