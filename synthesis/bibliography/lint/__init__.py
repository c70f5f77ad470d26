"""What is wrong with a library: one rule a module, all of them in `RULES`.

A rule takes the libraries of a review, since a key is repeated also where the two entries stand in two files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from synthesis.bibliography.codes import CODES
from synthesis.bibliography.library import Library
from synthesis.bibliography.lint.cited import PlaceLike, check_cited
from synthesis.bibliography.lint.dois import malformed_dois, shared_dois
from synthesis.bibliography.lint.reading import unread
from synthesis.bibliography.lint.repeated_fields import repeated_fields
from synthesis.bibliography.lint.repeated_keys import repeated_keys
from synthesis.bibliography.lint.required_fields import missing_fields
from synthesis.bibliography.lint.years import odd_years
from synthesis.errors import Problem

__all__ = ["CODES", "RULES", "PlaceLike", "check_cited", "lint"]

RULES: Mapping[str, Callable[[Sequence[Library]], Iterable[Problem]]] = {
    "reading": unread,
    "repeated-keys": repeated_keys,
    "repeated-fields": repeated_fields,
    "malformed-dois": malformed_dois,
    "shared-dois": shared_dois,
    "required-fields": missing_fields,
    "years": odd_years,
}


def lint(library: Library | Sequence[Library]) -> tuple[Problem, ...]:
    """Everything that the rules find in one file, or in all files of a review, in file order."""
    libraries = (library,) if isinstance(library, Library) else tuple(library)
    return tuple(sorted(problem for rule in RULES.values() for problem in rule(libraries)))
