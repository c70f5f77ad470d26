"""What could not be read as it was written."""

from __future__ import annotations

from collections.abc import Iterator

from synthesis.bibliography.lint.rule import Rule
from synthesis.bibliography.lint.shelf import Shelf
from synthesis.errors import Problem, Severity

OF_READING = (
    "SY400", "SY401", "SY402", "SY405", "SY410", "SY411", "SY412", "SY413", "SY420", "SY423", "SY430", "SY431", "SY433",
    "SY434", "SY435",
)  # fmt: skip


def check(shelf: Shelf) -> Iterator[Problem]:
    """The problems of the reading itself."""
    return (problem for library in shelf.libraries for problem in library.problems)


RULE = Rule(
    name="reading",
    codes=OF_READING,
    says="everything in a file is read as it was meant: braces, commas, macros, keys",
    check=check,
    severity=Severity.ERROR,
)
