"""Authors and editors who are the same persons."""

from __future__ import annotations

from collections.abc import Iterator

from synthesis.bibliography.lint.rule import Rule, at_field
from synthesis.bibliography.lint.shelf import Shelf
from synthesis.errors import Problem


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY492: the names of the authors once more as editors; a style prints both."""
    for value in shelf.named("editor"):
        if value.field.value and value.field.value == value.entry.get("author") and value.entry.type != "incollection":
            what = f"author and editor of {value.entry.key!r} are the same"
            yield at_field(value, "SY492", what, "keep the one that the title page names")


RULE = Rule(
    name="same-people",
    codes=("SY492",),
    says="author and editor are not the same persons",
    check=check,
)
