"""Entries added to the library: appended in the file's own style, every other byte kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from synthesis import files
from synthesis.bibliography.doi import is_doi
from synthesis.bibliography.editing.admitting import admitted, admitted_anywhere, cannot_take
from synthesis.bibliography.editing.glance import Glance, glance, tail_of
from synthesis.bibliography.editing.manner import in_manner_of
from synthesis.bibliography.editing.refused import RefusedError, at_end
from synthesis.bibliography.editing.shelf import all_locked, files_of, label
from synthesis.bibliography.entry import Entry
from synthesis.bibliography.keys import PATTERN, check_pattern, key_for
from synthesis.bibliography.library import LIMIT, Library, read_library
from synthesis.bibliography.macros import MONTHS
from synthesis.bibliography.splices import Splice, spliced
from synthesis.bibliography.style import LINE_END, Style, laid_out, style_of
from synthesis.errors import Problem


@dataclass(frozen=True, slots=True)
class Added:
    """Entries that are now in the library, or would be, and what is odd about them all the same."""

    path: str
    keys: tuple[str, ...]
    problems: tuple[Problem, ...]  # warnings, of the text that was added
    text: str = ""  # what was appended to the file

    def summary(self) -> str:
        """The keys, one a line."""
        return "".join(f"{key}\n" for key in self.keys)

    def to_dict(self) -> dict[str, object]:
        """Path, keys, the text, and the problems as text."""
        return {
            "path": self.path,
            "keys": list(self.keys),
            "text": self.text,
            "problems": [str(problem) for problem in self.problems],
        }


@dataclass(frozen=True, slots=True)
class _Given:
    """What is to be added, and how."""

    data: bytes
    name: str
    pattern: str
    made: bool

    def read(self, strings: Mapping[str, str]) -> Library:
        return read_library(self.data, self.name, strings)


def add(
    path: Path,
    text: str | bytes,
    name: str = "<text>",
    *,
    pattern: str = PATTERN,
    made: bool = False,
    dry_run: bool = False,
) -> Added:
    """Entries appended to a BibTeX file in the file's own style, every other byte kept.

    Parameters
    ----------
    path : Path
        The library; made where there is none. The other .bib files of its folder count when keys are compared.
    text : str or bytes
        One entry or several, in BibTeX.
    name : str, optional
        How problems call the text.
    pattern : str, optional
        Of the keys of entries that have none; see `key_for`.
    made : bool, optional
        Whether a program made the text, so that nobody chose its order and delimiters: they become those of the file.
    dry_run : bool, optional
        Everything is checked, nothing is written.

    Returns
    -------
    Added
        The keys, in the order of the text.

    Raises
    ------
    RefusedError
        Nothing was written: the text is malformed, or a key (case apart) or a DOI is already in the library.
    InvalidArgument
        `pattern` is none.
    DiskError
        The disk refused; the file is as it was.
    """
    given = _Given(text if isinstance(text, bytes) else text.encode(), name, pattern, made)
    check_pattern(pattern)
    with all_locked({*files_of(path.parent), path}, writing=not dry_run):
        siblings = sorted({*files_of(path.parent), path})
        data = {file: files.read_limited(file, LIMIT) if file.exists() else b"" for file in siblings if _fits(file)}
        whole = data.get(path, b"")
        addition = _quickly(path, data, given) or _thoroughly(path, siblings, data, given)
        if not dry_run:
            files.write_atomic(path, whole + addition.text.encode())
    return addition


def _fits(path: Path) -> bool:
    return not path.exists() or path.stat().st_size <= LIMIT


def _quickly(path: Path, data: Mapping[Path, bytes], given: _Given) -> Added | None:
    """The addition, if a glance at the files is enough to see that it can be made; nothing is refused here."""
    tail = tail_of(data[path], label(path)) if path in data else None
    seen = [one for one in map(glance, data.values()) if one is not None] if tail else []
    if tail is None or len(seen) < len(data):
        return None
    taken = frozenset().union(*(one.keys for one in seen))
    addition, chosen = _keyed(given.read({}), taken, given.pattern)
    if _needs_reading(addition, seen, chosen) or any(cannot_take(tail)):
        return None
    try:
        warnings = admitted_anywhere(addition)
        return _added(tail, _in_manner(tail, addition, given), len(data[path]), warnings)
    except RefusedError:
        return None  # said with its place after reading


def _needs_reading(addition: Library, seen: Sequence[Glance], chosen: Collection[str]) -> bool:
    """Whether macros, keys or DOIs of an addition must be looked up in the whole library."""
    macros = (macro for entry in addition.entries for field in entry.fields for macro in field.macros)
    if any(macro.lower() not in MONTHS for macro in macros):
        return True
    keys = [*chosen, *(entry.key for entry in addition.entries)]
    dois = [entry.doi for entry in addition.entries if is_doi(entry.doi)]
    return any(one.may_have(keys, dois) for one in seen)


def _thoroughly(path: Path, siblings: Sequence[Path], data: Mapping[Path, bytes], given: _Given) -> Added:
    """The addition, after all files of the folder are read."""
    library, others = _read(path, siblings, data)
    known = [entry for one in (library, *others) for entry in one.entries]
    taken = {entry.key.lower() for entry in known}
    addition, _ = _keyed(given.read(library.strings), taken, given.pattern)
    warnings = admitted(library, known, addition)
    return _added(library, _in_manner(library, addition, given), len(data[path]), warnings)


def _in_manner(library: Library, addition: Library, given: _Given) -> Library:
    return in_manner_of(library, addition) if given.made else addition


def _read(path: Path, siblings: Sequence[Path], data: Mapping[Path, bytes]) -> tuple[Library, tuple[Library, ...]]:
    """The library to edit, and the other files of its folder; later files know the macros of earlier ones."""
    strings: dict[str, str] = {}
    read: dict[Path, Library] = {}
    for file in siblings:
        read[file] = read_library(data.get(file, file), label(file), strings)
        strings.update(read[file].strings)
    return read.pop(path), tuple(read.values())


def _keyed(addition: Library, taken: Collection[str], pattern: str) -> tuple[Library, tuple[str, ...]]:
    """The addition with a key for every entry without one, and the keys that the pattern gave before any letter."""
    from synthesis.bibliography.names import names_of

    if all(entry.key for entry in addition.entries):
        return addition, ()
    used = {*taken, *(entry.key.lower() for entry in addition.entries)}
    splices, plain = [], []
    for entry, block in zip(addition.entries, (one for one in addition.blocks if one.kind == "entry"), strict=True):
        if not entry.key and (scan := block.scan):
            names = names_of(entry.get("author") or entry.get("editor"))
            facts = (names, entry.get("year", "date"), entry.get("title"), pattern)
            key = key_for(*facts, used)
            used.add(key.lower())
            plain.append(key_for(*facts, ()))
            splices.append(Splice(scan.key_end, scan.key_end, key))
    text = spliced(addition.text, splices)
    return read_library(text.encode(), addition.path, addition.strings), tuple(plain)


def _added(library: Library, addition: Library, size: int, warnings: tuple[Problem, ...]) -> Added:
    """What is appended to a file, or to one whose end is the library, after it was read again there."""
    text = _appendix(library, addition)
    if size + len(text.encode()) > LIMIT:
        what, remedy = f"the file would be larger than {LIMIT:,} bytes", "begin a second .bib file"
        raise RefusedError([at_end(library, what, remedy)])
    _verify(library, addition, text)
    return Added(library.path, tuple(entry.key for entry in addition.entries), warnings, text)


def _appendix(library: Library, addition: Library) -> str:
    """What is written after the last byte of the file."""
    style = style_of(library)
    between = style.newline * style.gap
    scans = ((block.start, block.scan) for block in addition.blocks)
    entries = [laid_out(addition.text, start, scan, style) for start, scan in scans if scan]
    return _lead(library.text, style) + between.join(entries) + style.newline


def _lead(text: str, style: Style) -> str:
    """The line ends that are missing between the last block of a file and a new one."""
    body = text.rstrip()
    if not body:
        return ""
    present = len(LINE_END.findall(text[len(body) :]))
    unfinished = 0 if LINE_END.fullmatch(text[-1]) else 1
    return style.newline * max(style.gap - present, unfinished)


def _verify(library: Library, addition: Library, appendix: str) -> None:
    """Refuse unless the file, with the new entries at its end, reads as the old ones and exactly the new ones."""
    tail = library.blocks[-1].start if library.blocks else 0
    before = sum(1 for entry in library.entries if entry.start >= tail)
    read = read_library((library.text[tail:] + appendix).encode(), library.path, addition.strings).entries
    if [_content(entry) for entry in read[before:]] != [_content(entry) for entry in addition.entries]:
        what, remedy = "the end of the file would swallow the new entry", "close its last block"
        raise RefusedError([at_end(library, what, remedy)])


def _content(entry: Entry) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    return entry.type, entry.key, tuple((field.name, field.value) for field in entry.fields)
