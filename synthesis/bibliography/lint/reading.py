"""What could not be read as it was written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from synthesis.bibliography.library import Library
from synthesis.errors import Problem


def unread(libraries: Sequence[Library]) -> Iterable[Problem]:
    """The problems of the reading itself, SY400 to SY435."""
    return (problem for library in libraries for problem in library.problems)
