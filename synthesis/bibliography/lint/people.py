"""The names in a field as they are written, for the rules about how they are written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from synthesis.bibliography.lint.fields import PEOPLE
from synthesis.bibliography.lint.shelf import Shelf, Value

BRACES = re.compile(r"[{}]")
LONGEST = 300
AND = re.compile(r"\s+and\s+", re.IGNORECASE)


def written_names(shelf: Shelf) -> Sequence[tuple[Value, tuple[str, ...]]]:
    """Each field that holds names, with its names; what stands in braces is a single letter `X` in each.

    So a comma, an `and` or a digit inside braces is not one of the name's own. What is longer than LONGEST is no name.
    """
    return shelf.once("names", lambda: list(_names(shelf.named(*PEOPLE))))


def _names(values: Iterable[Value]) -> Iterator[tuple[Value, tuple[str, ...]]]:
    for value in values:
        if text := value.field.value:
            names = AND.split(unbraced(text) if "{" in text else text)
            yield value, tuple(name for name in names if len(name) <= LONGEST)


def unbraced(text: str) -> str:
    """Text with everything in braces as one letter."""
    pieces, depth, position = [], 0, 0
    for brace in BRACES.finditer(text):
        if depth == 0:
            pieces.append(text[position : brace.start()])
        if brace[0] == "{":
            depth += 1
        elif depth:
            depth -= 1
            pieces += ["X"] if depth == 0 else []
        position = brace.end()
    return "".join([*pieces, text[position:]]) if depth == 0 else "".join(pieces)
