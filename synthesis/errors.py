"""Everything a user can get wrong, as values: a place, a code, what is wrong, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

SHOWN_ROWS = 10  # of an error about rows


class Severity(StrEnum):
    """How much a problem weighs.

    An error: the record cannot be used. A warning: the record is implausible. A note: two sources
    disagree, which is itself evidence; notes never change an exit code.
    """

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong in one place of one file."""

    path: str  # relative to the review folder, with forward slashes
    line: int  # the first is 1
    column: int  # the first is 1
    code: str  # SY and three digits
    what: str
    remedy: str
    severity: Severity = Severity.ERROR
    accepted: str = ""  # the words of a waiver that covers this problem, or nothing

    def __str__(self) -> str:
        mark = f" [accepted: {self.accepted}]" if self.accepted else ""
        label = "" if self.severity is Severity.ERROR else f"{self.severity}: "
        return f"{self.path}:{self.line}:{self.column}: {self.code} {label}{self.what}{mark}\n    remedy: {self.remedy}"

    @property
    def fails(self) -> bool:
        """Whether `synth check` exits 1 because of this problem."""
        return self.severity is not Severity.NOTE and not self.accepted


class SynthesisError(Exception):
    """Base of all errors that a user can cause; the command line turns it into a message."""


class NotFound(SynthesisError):
    """Something named does not exist: a review, a modality, a study, a column."""


class InvalidArgument(SynthesisError, ValueError):
    """A value handed to a function or option that it cannot take: `what` is wrong, in which `rows` of a column.

    The first row is 1; there are none where the mistake is not of rows. The message names the first ten.
    """

    def __init__(self, what: str, rows: Sequence[int] = ()) -> None:
        super().__init__(what, rows)
        self.what, self.rows = what, tuple(rows)

    def __str__(self) -> str:
        return f"{self.what}: {rows_text(self.rows, SHOWN_ROWS)}" if self.rows else self.what


def rows_text(rows: Sequence[int], most: int | None = None) -> str:
    """The numbers of some rows in words: `row 3`, `rows 1, 2`; of more than `most` only the first, and dots."""
    more = ", ..." if most is not None and len(rows) > most else ""
    return f"row{'s' if len(rows) > 1 else ''} {', '.join(map(str, rows[:most]))}{more}"


class InvalidData(SynthesisError, ValueError):
    """All the problems of one reading, in file order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))


def did_you_mean(given: str, known: Iterable[str]) -> str:
    """The nearest known name as a remedy, else the list of known names (the first twelve).

    A name that differs in capitals only is the nearest. What has no order of its own, such as a set, is sorted.
    """
    import difflib

    names = list(known) if isinstance(known, Sequence | Mapping) else sorted(known)
    folded = {name.casefold(): name for name in reversed(names)}
    given = given.casefold()
    if near := [given] if given in folded else difflib.get_close_matches(given, folded, n=1, cutoff=0.6):
        return f"did you mean {folded[near[0]]!r}?"
    shown = ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
    return f"choose one of: {shown}" if names else "there are none"
