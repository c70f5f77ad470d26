"""Keys that every program can write."""

from __future__ import annotations

from collections.abc import Iterator

from synthesis.bibliography.lint.rule import Rule, at_entry
from synthesis.bibliography.lint.shelf import Shelf
from synthesis.errors import Problem


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY424: letters that are not ASCII, which BibTeX counts byte by byte and some programs refuse."""
    for entry in shelf.entries:
        if not entry.key.isascii():
            odd = "".join(dict.fromkeys(char for char in entry.key if not char.isascii()))
            what = f"{odd} in the key {entry.key!r} is not ASCII"
            yield at_entry(entry, "SY424", what, "rename it with `synth bib rename`")


RULE = Rule(
    name="odd-keys",
    codes=("SY424",),
    says="a key is of letters and digits that every program knows (ASCII)",
    check=check,
)
