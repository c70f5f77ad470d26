"""Safe fixes: worked out on the text, read again, and written only where nothing else has changed."""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from synthesis import files
from synthesis.bibliography.library import FOLDER, Library, bib_files, read_library
from synthesis.bibliography.lint import chosen
from synthesis.bibliography.lint.rule import Edit, Rule
from synthesis.bibliography.lint.shelf import Shelf
from synthesis.bibliography.lint.unified import unified
from synthesis.bibliography.splices import Splice, encoded, respliced

ROUNDS = 20  # a fix may make room for another one: an entity becomes a blank at the end of a value


@dataclass(frozen=True, slots=True)
class Change:
    """One field that is otherwise now."""

    path: str
    line: int  # of the field before the change
    column: int
    rules: tuple[str, ...]
    key: str
    name: str
    before: str  # as it stood in the file
    after: str  # as it stands now; nothing where the field has gone

    def __str__(self) -> str:
        made = f"{self.before} -> {self.after}" if self.after else f"{self.before} taken out"
        return f"{self.path}:{self.line}:{self.column}: {', '.join(self.rules)}: {self.key} {self.name}: {made}"


@dataclass(frozen=True, slots=True)
class Fixed:
    """One file with its safe fixes."""

    before: Library
    after: Library
    changes: tuple[Change, ...]

    @property
    def data(self) -> bytes:
        """The bytes of the file."""
        return encoded(self.after, self.after.text)

    def diff(self) -> str:
        """The change as a unified diff."""
        return unified(self.before, self.after)


def fixed(library: Library, *, select: Sequence[str] = (), ignore: Sequence[str] = ()) -> Fixed:
    """A file after the safe fixes of the chosen rules, repeated until there is nothing left to fix.

    Entries with a fault of reading, and files that are not UTF-8, are left as they are.

    Raises
    ------
    ChangedMoreError
        A fix would change more than it says, which is a mistake of the fix: nothing has been written.
    """
    rules = [rule for rule in chosen(select, ignore)[0] if rule.fix]
    now = library
    changes: list[Change] = []
    for _ in range(ROUNDS if library.encoding == "utf-8" else 0):
        edits = _edits(now, rules)
        if not edits:
            break
        following = _made(now, [edit for _, edit in edits])
        changes += _changes(now, following, edits)
        now = following
    return Fixed(library, now, tuple(changes))


def fix_folder(
    root: Path, *, select: Sequence[str] = (), ignore: Sequence[str] = (), write: bool = True
) -> tuple[Fixed, ...]:
    """Safe fixes of every `bibliography/*.bib` of a review, each file locked, checked and replaced in one step.

    Parameters
    ----------
    root : Path
        The review folder.
    select, ignore : sequence of str, optional
        As `lint` takes them.
    write : bool
        Whether the files are written; otherwise the fixes are only worked out.

    Returns
    -------
    tuple of Fixed
        The files that have changed, or would.
    """
    strings: dict[str, str] = {}
    done = []
    for path in bib_files(root / FOLDER):
        files.inside(root, path)
        one = _fix_file(path, strings, (select, ignore), write=write)
        strings.update(one.after.strings)
        if one.changes:
            done.append(one)
    return tuple(done)


def _fix_file(path: Path, strings: dict[str, str], words: tuple[Sequence[str], Sequence[str]], *, write: bool) -> Fixed:
    label = f"{FOLDER}/{path.name}"
    if not write:
        return fixed(read_library(path, label, strings), select=words[0], ignore=words[1])
    with files.locked(path):
        one = fixed(read_library(path, label, strings), select=words[0], ignore=words[1])
        if one.changes:
            files.write_atomic(path, one.data)
    return one


def _edits(library: Library, rules: Iterable[Rule]) -> list[tuple[str, Edit]]:
    """Edits with the names of their rules, no two on the same characters: of two, the later waits for a next round."""
    shelf = Shelf((library,))
    taken: list[tuple[str, Edit]] = []
    splices: list[Splice] = []  # sorted
    for rule in rules:
        for edit in rule.fix(shelf) if rule.fix else ():
            if _sound(edit) and _has_room(splices, edit.splice):
                bisect.insort(splices, edit.splice)
                taken.append((rule.name, edit))
    return taken


def _sound(edit: Edit) -> bool:
    """Whether the entry reads as it is meant, so that a fix can be sure of what it changes."""
    value = edit.value
    block = value.sheet.blocks[value.number]
    return not block.inner and not value.sheet.scan(value.number).faults


def _has_room(splices: Sequence[Splice], one: Splice) -> bool:
    """Whether a splice changes no character that another one changes, and does not begin where another one does."""
    place = bisect.bisect_left(splices, one)
    neighbours = splices[max(0, place - 1) : place + 1]
    return not any(
        one.start == other.start or (one.start < other.end and other.start < one.end) for other in neighbours
    )


def _made(library: Library, edits: Iterable[Edit]) -> Library:
    touched: dict[int, set[str]] = {}
    for edit in edits:
        touched.setdefault(edit.value.number, set()).add(edit.value.field.name)
    return respliced(library, (edit.splice for edit in edits), touched)


def _changes(before: Library, after: Library, edits: Iterable[tuple[str, Edit]]) -> Iterator[Change]:
    rules: dict[tuple[int, int], list[str]] = {}
    values = {}
    for name, edit in edits:
        place = (edit.value.number, edit.value.start)
        values[place] = edit.value
        rules.setdefault(place, []).append(name)
    for place in sorted(values):
        value = values[place]
        field, key = value.field, value.entry.key
        new = after.entries[place[0]].field(field.name)
        names = tuple(dict.fromkeys(rules[place]))
        now = new.written if new else ""
        yield Change(before.path, field.line, field.column, names, key, field.name, field.written, now)
