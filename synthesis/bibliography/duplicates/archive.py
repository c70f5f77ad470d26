"""`bibliography/merged.jsonl`: every merge with the bytes that it took out and put in, so that it can be undone.

One line of JSON a merge. The file is never read as part of the library; deleting a line destroys the only copy of what
it holds.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from synthesis import files
from synthesis.errors import InvalidData, Problem

PATH = "bibliography/merged.jsonl"
LIMIT = 200 * files.MEGABYTE
AROUND = 160  # characters before and after a change that find its place again


@dataclass(frozen=True, slots=True)
class Change:
    """One place of one file that a merge changed."""

    path: str  # relative to the review folder
    key: str  # of the entry that was there, for one that was taken out; of the kept entry for what was put in
    was: int  # offset in the text of the file before all merges of the run, after a BOM
    start: int  # offset after them
    before: str  # what stood there
    after: str  # what stands there now
    lead: str  # what stands before it now
    trail: str  # what stands after it now


@dataclass(frozen=True, slots=True)
class Merged:
    """One merge that was done."""

    run: int  # merges of one command have one number
    kept: str
    removed: tuple[str, ...]
    because: str
    changes: tuple[Change, ...]

    @property
    def renames(self) -> dict[str, str]:
        """The keys that went, and the key that stands for them; not that of a copy under the same key."""
        return {key: self.kept for key in self.removed if key != self.kept}


def read_archive(root: Path) -> tuple[Merged, ...]:
    """Every merge that was done and not undone, the oldest first.

    Raises
    ------
    InvalidData
        A line cannot be read.
    """
    path = root / PATH
    if not path.is_file():
        return ()
    lines = files.read_limited(path, LIMIT).decode("utf-8", errors="surrogateescape").split("\n")
    return tuple(_merged(line, number) for number, line in enumerate(lines, 1) if line.strip())


def archive_bytes(merges: Iterable[Merged]) -> bytes:
    """The file that holds these merges."""
    lines = (json.dumps(asdict(one), ensure_ascii=False, sort_keys=True) + "\n" for one in merges)
    return "".join(lines).encode("utf-8", errors="surrogateescape")


def removed_keys(merges: Iterable[Merged]) -> frozenset[str]:
    """The keys of entries that were merged into others."""
    return frozenset(key for one in merges for key in one.removed)


def kept_for(merges: Iterable[Merged]) -> dict[str, str]:
    """By the key of an entry that was merged away, the key of the entry that stands for it now."""
    renames: dict[str, str] = {}
    for one in merges:
        renames = {old: one.renames.get(new, new) for old, new in renames.items()} | one.renames
    return renames


def next_run(merges: Sequence[Merged]) -> int:
    """The number of the next run."""
    return max((one.run for one in merges), default=0) + 1


def _merged(line: str, number: int) -> Merged:
    try:
        value: dict[str, Any] = json.loads(line)
        changes = tuple(Change(**change) for change in value["changes"])
        return Merged(int(value["run"]), value["kept"], tuple(value["removed"]), value["because"], changes)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        remedy = "restore the line from version control"
        raise InvalidData([Problem(PATH, number, 1, "SY550", f"this is no merge: {error}", remedy)]) from error
