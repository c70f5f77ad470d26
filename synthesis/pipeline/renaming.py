"""A key of the library renamed, or an entry removed, with all that cites it: records, citations, tables, retractions.

A rename is checked in every file before the first is written, and the file of the entry is written last. One that is
cut short therefore leaves the old key in the library: `synth check` reports the new one as unknown (SY450), and the
same command, given again, changes what is left.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from synthesis import files
from synthesis.bibliography.blocks import Lines, blocks_of
from synthesis.bibliography.duplicates.decisions import PATH as DECISIONS
from synthesis.bibliography.editing import Edited, RefusedError
from synthesis.bibliography.editing.rekeying import Rewritten, rekeyed
from synthesis.bibliography.editing.removing import cited_at
from synthesis.bibliography.editing.removing import remove as remove_entry
from synthesis.bibliography.editing.shelf import all_locked, files_of, held
from synthesis.bibliography.library import FOLDER, LIMIT
from synthesis.bibliography.retractions import PATH as RETRACTIONS
from synthesis.bibliography.retractions import read_retractions
from synthesis.citations.cited import FOLDER as PUBLISHED
from synthesis.citations.cited import cited_keys, keys_of_edges
from synthesis.citations.edges import PATH as CITATIONS
from synthesis.citations.edges import read_citations
from synthesis.errors import InvalidArgument, Problem, SynthesisError
from synthesis.pipeline.reciting import recited, refusal, unfit, words_of
from synthesis.records import read_records
from synthesis.records.folder import ENDING, STUDIES

JABREF = "jabref-meta"  # begins the comments in which JabRef keeps its groups, broken into lines inside of keys


@dataclass(frozen=True, slots=True)
class Renamed:
    """The files in which a key was renamed, with the number of places in each, and where it is still mentioned."""

    old: str
    new: str
    places: tuple[tuple[str, int], ...]
    mentions: tuple[str, ...] = ()  # `file:line` where the old key still stands: words, comments, unreadable blocks

    def summary(self) -> str:
        """One line a file."""
        return "".join(f"{path}: {number} place{'' if number == 1 else 's'}\n" for path, number in self.places)

    def to_dict(self) -> dict[str, object]:
        """Both keys, places by file, and mentions."""
        return {"old": self.old, "new": self.new, "places": dict(self.places), "mentions": list(self.mentions)}


def rename(root: Path, old: str, new: str, *, dry_run: bool = False) -> Renamed:
    """Another key for an entry, in every place of a review that names it; each place only by the bytes of the key.

    Parameters
    ----------
    root : Path
        The review folder.
    old, new : str
        The keys.
    dry_run : bool, optional
        Everything is checked, nothing is written.

    Raises
    ------
    NotFound
        There is no entry `old`.
    InvalidArgument
        `new` cannot be a key.
    RefusedError
        `new` is taken, or a file cannot be rewritten: nothing was written.
    SynthesisError
        The disk refused after some files were written: give the same command again.
    """
    if old == new:
        raise InvalidArgument(f"{old!r} is its key already")
    with all_locked([*files_of(root / FOLDER), *_cited_from(root)], writing=not dry_run):
        library = rekeyed(held(root / FOLDER), old, new)
        changed = [*_outside(root, old, new), *library]
        mentions = mentions_of(root, old, {one.path: one.data for one in changed})
        if not dry_run:
            _write(changed, old, new)
    return Renamed(old, new, tuple((one.label, one.places) for one in changed), mentions)


def remove(root: Path, key: str, *, dry_run: bool = False) -> Edited:
    """An entry taken out of the library, if nothing in the review cites it.

    Raises
    ------
    RefusedError
        Something does: every place is named, SY464.
    NotFound
        There is no such entry.
    """

    def cited() -> list[Problem]:
        return list(_uses(root, key))

    return remove_entry(root / FOLDER, key, cited, with_locks=_cited_from(root), dry_run=dry_run)


def _cited_from(root: Path) -> list[Path]:
    """What is locked while keys change: records, published tables, and the tables of the library."""
    folders = (folder for folder in (root / STUDIES, root / PUBLISHED) if folder.is_dir())
    tables = (root / path for path in (RETRACTIONS, DECISIONS) if (root / path).is_file())
    return [*folders, root / CITATIONS, *tables]


def _uses(root: Path, key: str) -> Iterator[Problem]:
    """Every place outside the library's entries that cites a key; a file that cannot be read and names it is one."""
    records, edges, listed = read_records(root, checks=False), read_citations(root), read_retractions(root)
    citing = (*cited_keys(root, records.studies).get(key, ()), *keys_of_edges(edges.edges).get(key, ()))
    places = [(place.path, place.line, place.column) for place in citing]
    places += [(row.path, row.line, 1) for row in listed.rows if row.document == key]
    for path, line, column in places:
        yield cited_at(path, line, column, key, "this")
    said = {place[:2] for place in places}
    wrong = (problem.path for problem in (*edges.problems, *listed.problems))
    for path in dict.fromkeys([*records.broken, *wrong, *_unfit_tables(root, key)]):
        for line in _lines_with(root / path, _bytes(root, root / path), key):
            if (path, line) not in said:
                yield cited_at(path, line, 1, key, "this file has errors and perhaps")


def _unfit_tables(root: Path, key: str) -> Iterator[str]:
    """Tables that name a key, and in which the keys cannot be found."""
    for path in citing_files(root, key):
        label, data = path.relative_to(root).as_posix(), _bytes(root, path)
        if not label.endswith(ENDING) and (not _is_utf8(data) or unfit(label, data.decode())):
            yield label


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def citing_files(root: Path, key: str) -> list[Path]:
    """The files outside the library that could name a key in a place that counts."""
    records, tables = root / STUDIES, root / PUBLISHED
    paths = [*records.glob(f"*{ENDING}"), *tables.glob("*.csv"), root / CITATIONS, root / RETRACTIONS]
    return _naming(root, paths, key)


def _naming(root: Path, paths: Sequence[Path], key: str) -> list[Path]:
    return sorted(path for path in paths if path.is_file() and key.encode() in _bytes(root, path))


def _outside(root: Path, old: str, new: str) -> Iterator[Rewritten]:
    """The records and tables that change, each checked."""
    for path in _all_files(root, old):
        label, data = path.relative_to(root).as_posix(), _bytes(root, path)
        try:
            text = data.decode()
        except UnicodeDecodeError as error:
            raise RefusedError([refusal(label, old, "is not UTF-8")]) from error
        after = recited(label, text, old, new)
        if after != text:
            yield Rewritten(path, label, after.encode(), words_of(text, old) - words_of(after, old))


def _write(changed: Sequence[Rewritten], old: str, new: str) -> None:
    for number, one in enumerate(changed):
        try:
            files.write_atomic(one.path, one.data)
        except SynthesisError as error:
            if not number:
                raise
            again = (
                f"{number} of {len(changed)} files are written; `synth bib rename {old} {new}` again changes the rest"
            )
            raise SynthesisError(f"{error}\n{again}") from error


def _all_files(root: Path, key: str) -> list[Path]:
    """The files outside the library that name a key, decisions about duplicates among them."""
    return sorted([*citing_files(root, key), *_naming(root, [root / DECISIONS], key)])


def mentions_of(root: Path, key: str, changed: Mapping[Path, bytes] | None = None) -> tuple[str, ...]:
    """Where a key is still mentioned, as `file:line`: words, comments with JabRef's groups, blocks that are unreadable.

    Parameters
    ----------
    root : Path
        The review folder.
    key : str
        The key that is gone.
    changed : mapping, optional
        Files that are to be written, with what they then hold.
    """
    data = changed or {}
    return tuple(
        f"{path.relative_to(root).as_posix()}:{line}"
        for path in [*_all_files(root, key), *files_of(root / FOLDER)]
        for line in _lines_with(path, data[path] if path in data else _bytes(root, path), key)
    )


def _lines_with(path: Path, data: bytes, key: str) -> list[int]:
    """The lines of a file in which a key is a word."""
    text = data.decode(errors="replace")
    word = rf"(?<!\w){re.escape(key)}(?!\w)"
    found = {place.start() for place in re.finditer(word, text)} if key in text else set()
    for start, end in _groups(text) if path.suffix == ".bib" else ():
        found = {place for place in found if not start <= place < end} | set(_in_groups(text, start, end, key))
    lines = Lines.of(text) if found else None
    return sorted({lines.place(start)[0] for start in found}) if lines else []


def _groups(text: str) -> list[tuple[int, int]]:
    """The comments of JabRef in a file of the library."""
    comments = (block for block in blocks_of(text) if block.kind == "comment") if JABREF in text else ()
    return [(block.start, block.end) for block in comments if text.find(JABREF, block.start, block.end) >= 0]


def _in_groups(text: str, start: int, end: int, key: str) -> Iterator[int]:
    """Where a comment of JabRef names a key, also one that a line end divides."""
    broken = r"(?:\r?\n)?".join(map(re.escape, key))
    word = re.compile(rf"(?<!\w)(?<!\w\n)(?<!\w\r\n){broken}(?!(?:\r?\n)?\w)")
    return (place.start() for place in word.finditer(text, start, end))


def _bytes(root: Path, path: Path) -> bytes:
    return files.read_limited(files.inside(root, path), LIMIT)
