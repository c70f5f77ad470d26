"""The .bib files of a folder, held for an edit: locked, read, and written where they change."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from synthesis import files
from synthesis.bibliography.blocks import Block
from synthesis.bibliography.editing.refused import RefusedError, at
from synthesis.bibliography.entry import Entry
from synthesis.bibliography.library import FOLDER, Library, bib_files, read_library
from synthesis.errors import NotFound, Problem, did_you_mean


@dataclass(frozen=True, slots=True)
class Held:
    """One file of the library, as it was read under its lock."""

    path: Path
    library: Library


def entry_block(library: Library, number: int) -> Block:
    """The block of an entry, by its number among the entries."""
    return [block for block in library.blocks if block.kind == "entry"][number]


@contextlib.contextmanager
def all_locked(paths: Iterable[Path], *, writing: bool = True) -> Iterator[None]:
    """Hold the locks of several files, taken in one order so that two writers never wait for each other.

    Who writes nothing needs none, since files are replaced whole, and so can read where nothing can be written.
    """
    with contextlib.ExitStack() as locks:
        for path in sorted({files.followed(path) for path in paths}) if writing else ():
            locks.enter_context(files.locked(path))
        yield


def files_of(folder: Path) -> list[Path]:
    """The .bib files of the folder of a review, in the order in which they are read.

    Raises
    ------
    SynthesisError
        One is a link that leads out of the review, or is no regular file.
    """
    paths = bib_files(folder)
    for path in paths:
        files.inside(folder.parent, path)
    return paths


def held(folder: Path) -> tuple[Held, ...]:
    """Every .bib file of a folder; later ones know the macros of earlier ones."""
    found: list[Held] = []
    for path in files_of(folder):
        strings = found[-1].library.strings if found else {}
        found.append(Held(path, read_library(path, label(path), strings)))
    return tuple(found)


def not_utf8(library: Library) -> list[Problem]:
    """What keeps text beyond ASCII out of a file: it is not UTF-8, and the text would be, or the other way round."""
    return [problem for problem in library.problems if problem.code == "SY400"]


def label(path: Path) -> str:
    """How problems call a file of the library."""
    return f"{FOLDER}/{path.name}" if path.parent.name == FOLDER else path.name


def find_entry(shelf: Sequence[Held], key: str) -> tuple[Held, int]:
    """The file and the number of the entry with a key.

    Raises
    ------
    NotFound
        There is none; the nearest key is named.
    RefusedError
        Two entries have the key, so that it is not clear which one is meant.
    """
    found = [
        (one, number) for one in shelf for number, entry in enumerate(one.library.entries) if entry.key == key and key
    ]
    if not found:
        keys = [entry.key for one in shelf for entry in one.library.entries if entry.key]
        raise NotFound(f"no entry {key!r} in the library: {did_you_mean(key, keys)}")
    if len(found) > 1:
        entries = [one.library.entries[number] for one, number in found]
        first = entries[0].place
        raise RefusedError([_twice(entry, first) for entry in entries[1:]])
    return found[0]


def _twice(entry: Entry, first: str) -> Problem:
    return at(entry, "SY421", f"the key {entry.key!r} stands in {first} too", "give one of the two another key by hand")
