"""Merges of the library on the disk, and their undoing: locked, verified, every file replaced whole."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from synthesis import files
from synthesis.bibliography.duplicates.applying import applied, line_changes
from synthesis.bibliography.duplicates.archive import PATH, Merged, archive_bytes, next_run, read_archive
from synthesis.bibliography.duplicates.merging import Merge
from synthesis.bibliography.duplicates.undoing import chosen, restored
from synthesis.bibliography.editing.shelf import all_locked, files_of
from synthesis.bibliography.library import FOLDER, LIMIT, Library, read_folder
from synthesis.bibliography.splices import encoded
from synthesis.errors import InvalidData, Problem

UNFIT = ("SY400", "SY401")  # not UTF-8, too large


def merge(
    root: Path,
    plan: Callable[[tuple[Library, ...]], Sequence[Merge]],
    follow: Callable[[Mapping[str, str]], contextlib.AbstractContextManager[Mapping[str, tuple[str, str]]]],
) -> tuple[Merged, ...]:
    """Do the merges that `plan` gives for the library as it stands under the locks of all its files.

    The archive is written first: whatever happens afterwards, no byte is lost. When a file cannot be written, those
    that were are put back.

    Parameters
    ----------
    root : Path
        The review folder.
    plan : callable
        Merges by the files of the library.
    follow : callable
        By the keys that go and the key that stands for each: the other files of the review that name one, locked, by
        path their text before and after.

    Raises
    ------
    ChangedMoreError
        Something would change that no merge asks for; nothing was written.
    DiskError
        The disk refused; the files are as they were.
    """
    with _locked(root):
        libraries = read_folder(root)
        merges = tuple(plan(libraries))
        if not merges:
            return ()
        archive = read_archive(root)
        done = applied(libraries, merges, next_run(archive))
        renames = {old: new for one in done.merged for old, new in one.renames.items()}
        with follow(renames) as others:
            data: dict[str, bytes | None] = {PATH: archive_bytes((*archive, *_with_others(done.merged, others)))}
            data |= {libraries[shelf].path: encoded(libraries[shelf], text) for shelf, text in done.texts.items()}
            data |= {path: after.encode() for path, (_, after) in others.items()}
            _write(root, data)
    return done.merged


def undo(root: Path, key: str = "") -> tuple[tuple[Merged, ...], tuple[Problem, ...]]:
    """Take back the last run of merges, or the merge that took out the entry `key`.

    Returns
    -------
    tuple of Merged, tuple of Problem
        What was taken back, and what could not be put where it was.

    Raises
    ------
    InvalidArgument
        There is nothing to undo, or no such key.
    InvalidData
        A file of a merge is gone, or a key of an entry to bring back is taken; nothing was written.
    """
    with _locked(root):
        archive = read_archive(root)
        back = chosen(archive, key)
        paths = sorted({change.path for one in back for change in one.changes})
        with all_locked(files.inside(root, root / path).parent for path in paths if not path.startswith(f"{FOLDER}/")):
            texts = _Texts(root)
            _refuse(texts, back)
            data: dict[str, bytes | None] = {}
            problems: list[Problem] = []
            for path in paths:
                changes = (one for merged in back for one in merged.changes if one.path == path)
                done = restored(texts.text(path), changes, {one.kept for one in back})
                data[path] = texts.encoded(path, done.text)
                problems += done.problems
            rest = tuple(one for one in archive if one not in back)
            _write(root, {**data, PATH: archive_bytes(rest) if rest else None})
    return back, tuple(problems)


def unfit(library: Library) -> Problem | None:
    """What keeps a file from being edited."""
    return next((problem for problem in library.problems if problem.code in UNFIT), None)


class _Texts:
    """The files of a review as texts: those of the library as they are read, others as UTF-8."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.libraries = {library.path: library for library in read_folder(root)}

    def has(self, path: str) -> bool:
        return path in self.libraries or (self.root / path).is_file()

    def text(self, path: str) -> str:
        if path in self.libraries:
            return self.libraries[path].text
        return files.read_limited(files.inside(self.root, self.root / path), LIMIT).decode(errors="surrogateescape")

    def encoded(self, path: str, text: str) -> bytes:
        if path in self.libraries:
            return encoded(self.libraries[path], text)
        return text.encode(errors="surrogateescape")


def _with_others(merged: Sequence[Merged], others: Mapping[str, tuple[str, str]]) -> Iterator[Merged]:
    """Merges with the changes of other files: each line belongs to the first merge of which it names a key."""
    changes = [change for path, (old, new) in others.items() for change in line_changes(path, "", old, new)]
    for one in merged:
        names = re.compile("|".join(rf"(?<!\w){re.escape(key)}(?!\w)" for key in one.renames) or r"(?!)")
        mine = [change for change in changes if names.search(change.before)]
        changes = [change for change in changes if change not in mine]
        yield replace(one, changes=(*one.changes, *(replace(change, key=one.kept) for change in mine)))


def _refuse(texts: _Texts, back: Sequence[Merged]) -> None:
    """Raise InvalidData where a file of a merge is gone, or a key of an entry to bring back is taken."""
    present = {entry.key: entry for library in texts.libraries.values() for entry in library.entries}
    problems = []
    for one in back:
        for change in one.changes:
            if not texts.has(change.path):
                what = f"the file is gone from which {change.key!r} was taken"
                problems.append(Problem(change.path, 1, 1, "SY559", what, "restore it from version control"))
        taken_out = "".join(change.before for change in one.changes)
        for key in one.renames:
            if key in present and present[key].raw not in taken_out:
                entry = present[key]
                what = f"{key!r} was merged into {one.kept!r}, and is the key of another entry now"
                problems.append(Problem(entry.path, entry.line, entry.column, "SY559", what, "rename this entry first"))
    if problems:
        raise InvalidData(problems)


@contextlib.contextmanager
def _locked(root: Path) -> Iterator[None]:
    """All files of the library, its citations and the archive."""
    folder = root / FOLDER
    paths = [*files_of(folder), *folder.glob("*.csv"), root / PATH]
    with all_locked(files.inside(root, path) for path in paths):
        yield


def _write(root: Path, data: Mapping[str, bytes | None]) -> None:
    """All files, in order, None taking one away; when one cannot be written, those before it are as they were."""
    before: dict[Path, bytes | None] = {}
    try:
        for name, content in data.items():
            path = files.inside(root, root / name)
            old = path.read_bytes() if path.exists() else None
            if content is None:
                path.unlink(missing_ok=True)
            else:
                files.write_atomic(path, content)
            before[path] = old
    except BaseException:
        for path, old in before.items():
            with contextlib.suppress(files.DiskError, OSError):
                if old is None:
                    path.unlink(missing_ok=True)
                else:
                    files.write_atomic(path, old)
        raise
