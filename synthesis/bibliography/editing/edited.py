"""What an edit of one entry changed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Change:
    """A piece of a file that changed: what stood there and what stands there now, each as written."""

    what: str  # the field or entry
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Edited:
    """The changes of an edit, of which nothing else of the file is different."""

    path: str
    key: str
    changes: tuple[Change, ...]

    def summary(self) -> str:
        """Each change as lines that begin with - for what went and + for what came."""
        lines = [f"{self.path}: {self.key}"]
        for change in self.changes:
            lines += [f"- {line}" for line in change.before.splitlines()]
            lines += [f"+ {line}" for line in change.after.splitlines()]
        return "\n".join(lines) + "\n"

    def to_dict(self) -> dict[str, object]:
        """Path, key, and the changes."""
        changes = [{"what": one.what, "before": one.before, "after": one.after} for one in self.changes]
        return {"path": self.path, "key": self.key, "changes": changes}
