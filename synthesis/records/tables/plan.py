"""What an import would do, to be looked at before it is done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from synthesis.errors import Problem, Severity
from synthesis.records.edit import dotted
from synthesis.records.tables.comparing import Change
from synthesis.text import one_line

SHOWN = 100  # characters of a value in the list of changes
NOTHING = "(nothing)"


@dataclass(frozen=True, slots=True)
class RecordChange:
    """What would be written to one file."""

    path: str  # relative to the review folder
    old: bytes | None  # None for a new record
    new: bytes
    changes: tuple[Change, ...]

    def lines(self) -> Iterator[str]:
        """The changes of the record, one a line."""
        yield self.path + (": a new record" if self.old is None else "")
        for change in self.changes:
            old, new = (_short(text) or NOTHING for text in (change.old, change.new))
            yield f"  {dotted(change.path)}: {new}" if self.old is None else f"  {dotted(change.path)}: {old} -> {new}"

    def to_dict(self) -> dict[str, Any]:
        """The same as plain values."""
        return {
            "path": self.path,
            "new": self.old is None,
            "changes": [
                {"field": dotted(change.path), "old": change.old, "new": change.new} for change in self.changes
            ],
        }


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do."""

    records: tuple[RecordChange, ...]  # those that change, and new ones; nothing of them is written yet
    unchanged: int
    problems: tuple[Problem, ...]  # errors, for which nothing can be written, and notes

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What stands in the way."""
        return tuple(problem for problem in self.problems if problem.severity is Severity.ERROR)

    def summary(self) -> str:
        """The changes of every record, and how many there are."""
        lines = [line for record in self.records for line in record.lines()]
        new = [record for record in self.records if record.old is None]
        changed = [record for record in self.records if record.old is not None]
        values = sum(len(record.changes) for record in changed)
        counts = [f"{counted(values, 'value')} of {counted(len(changed), 'record')}"] if changed else []
        counts += [f"{counted(len(new), 'new record')}"] if new else []
        said = f"to change: {', '.join(counts)}" if counts else "nothing to change"
        ends = [f"{said}; {counted(self.unchanged, 'record')} unchanged"] if counts or not self.errors else []
        ends += [f"nothing can be written: {counted(len(self.errors), 'error')}"] if self.errors else []
        return "\n".join([*lines, *ends]) + "\n"

    def to_dict(self) -> dict[str, Any]:
        """The same as plain values."""
        return {
            "records": [record.to_dict() for record in self.records],
            "unchanged": self.unchanged,
            "problems": [
                {
                    "path": found.path, "line": found.line, "column": found.column, "code": found.code,
                    "severity": str(found.severity), "what": found.what, "remedy": found.remedy,
                }
                for found in self.problems
            ],
        }  # fmt: skip


def counted(number: int, what: str) -> str:
    """A number of things: `1 record`, `2 records`."""
    return f"{number} {what}{'' if number == 1 else 's'}"


def _short(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= SHOWN else f"{line[: SHOWN - 3]}..."
