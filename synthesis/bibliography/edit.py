"""Edits of the library that touch only the bytes they must."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from synthesis import files
from synthesis.bibliography.blocks import Block
from synthesis.bibliography.doi import is_doi
from synthesis.bibliography.entry import Entry
from synthesis.bibliography.library import FOLDER, LIMIT, Library, read_library
from synthesis.bibliography.lint.dois import malformed_dois
from synthesis.bibliography.lint.repeated_fields import repeated_fields
from synthesis.bibliography.lint.repeated_keys import clash
from synthesis.bibliography.lint.years import odd_years
from synthesis.bibliography.style import LINE_END, Style, laid_out, style_of
from synthesis.errors import InvalidData, Problem, Severity


@dataclass(frozen=True, slots=True)
class Added:
    """Entries that are now in the library, and what is odd about them all the same."""

    path: str
    keys: tuple[str, ...]
    problems: tuple[Problem, ...]  # warnings, of the text that was added


class RefusedError(InvalidData):
    """Everything that keeps the entries out; `existing` are the entries of the library that they clash with."""

    def __init__(self, problems: Sequence[Problem], existing: Sequence[Entry] = ()) -> None:
        super().__init__(problems)
        self.existing = tuple(existing)

    def __str__(self) -> str:
        shown = (f"{entry.place}: this entry is in the library:\n{entry.raw}" for entry in self.existing)
        return "\n".join([*map(str, self.problems), *shown])


def add(path: Path, text: str | bytes, name: str = "<text>") -> Added:
    """Entries appended to a BibTeX file in the file's own style, every other byte kept.

    Parameters
    ----------
    path : Path
        The library; made where there is none. The other .bib files of its folder count when keys are compared.
    text : str or bytes
        One entry or several, in BibTeX.
    name : str, optional
        How problems call the text.

    Returns
    -------
    Added
        The keys, in the order of the text.

    Raises
    ------
    RefusedError
        Nothing was written: the text is malformed, or a key (case apart) or a DOI is already in the library.
    DiskError
        The disk refused; the file is as it was.
    """
    with files.locked(path):
        library, others = _read(path)
        addition = read_library(text if isinstance(text, bytes) else text.encode(), name, library.strings)
        warnings = _checked(library, others, addition)
        data = library.rebuilt() + _appendix(library, addition).encode()
        _verify(library, addition, data)
        files.write_atomic(path, data)
    return Added(library.path, tuple(entry.key for entry in addition.entries), warnings)


def _read(path: Path) -> tuple[Library, tuple[Library, ...]]:
    """The library to edit, and the other files of its folder."""
    folder = f"{FOLDER}/" if path.parent.name == FOLDER else ""
    siblings = sorted({*path.parent.glob("*.bib"), path})
    strings: dict[str, str] = {}
    read: dict[Path, Library] = {}
    for file in siblings:
        label = folder + file.name
        read[file] = read_library(file, label, strings) if file.exists() else read_library("", label, strings)
        strings.update(read[file].strings)
    return read.pop(path), tuple(read.values())


def _checked(library: Library, others: Sequence[Library], addition: Library) -> tuple[Problem, ...]:
    """The warnings about an addition, if it may be made."""
    known = [entry for one in (library, *others) for entry in one.entries]
    clashes = list(_clashes(known, addition.entries))
    problems = [*_cannot_take(library), *_malformed(addition), *(problem for problem, _ in clashes)]
    if any(problem.severity is Severity.ERROR for problem in problems):
        added = {id(entry) for entry in addition.entries}
        existing = {id(entry): entry for _, entry in clashes if id(entry) not in added}
        raise RefusedError(problems, tuple(existing.values()))
    return tuple(sorted(problems))


def _cannot_take(library: Library) -> Iterator[Problem]:
    """What keeps a file from taking any entry."""
    for problem in library.problems:
        if problem.code in {"SY400", "SY401"}:
            yield problem
    last = library.blocks[-1] if library.blocks else None
    if last is not None and last.kind == "unreadable":
        yield next(problem for problem in reversed(library.problems) if problem.code == "SY410")


def _malformed(addition: Library) -> Iterator[Problem]:
    yield from addition.problems
    for block in addition.blocks:
        if block.kind not in {"entry", "unreadable"}:
            yield _no_entry(addition, block)
    for rule in (repeated_fields, malformed_dois, odd_years):
        yield from rule([addition])
    for entry in addition.entries:
        if not entry.type:
            yield _at(entry, "SY461", "an entry without a type", "write one between @ and {, as in @article{")
    if {block.kind for block in addition.blocks} <= {"comment", "text"}:
        yield Problem(addition.path, 1, 1, "SY461", "there is no entry here", "give at least one entry in BibTeX")


def _no_entry(addition: Library, block: Block) -> Problem:
    """Text or a block beside the entries: an error, unless it is a comment, which is only not taken over."""
    line = len(LINE_END.findall(addition.text[: block.start])) + 1
    lines = addition.text[block.start : block.end].splitlines()
    if block.kind == "comment" or (block.kind == "text" and all(one.lstrip().startswith("%") for one in lines)):
        what, remedy = "a comment, which is not added", "nothing, or write it into the file in an editor"
        return Problem(addition.path, line, 1, "SY461", what, remedy, Severity.NOTE)
    what = "text outside any entry" if block.kind == "text" else f"an @{block.kind}, which is no entry"
    return Problem(addition.path, line, 1, "SY461", what, "take it out, or write it into the file in an editor")


def _clashes(known: Sequence[Entry], entries: Sequence[Entry]) -> Iterator[tuple[Problem, Entry]]:
    """Keys and DOIs of an addition that the library, or an earlier entry of the addition, already has."""
    keys = {entry.key.lower(): entry for entry in reversed(known)}
    dois = {entry.doi: entry for entry in reversed(known)}
    for entry in entries:
        same_key = keys.setdefault(entry.key.lower(), entry)
        if same_key is not entry and entry.key:
            yield clash(entry, same_key), same_key
        same_doi = dois.setdefault(entry.doi, entry) if is_doi(entry.doi) else entry
        if same_doi is not entry:
            what = f"the DOI {entry.doi} is taken by {same_doi.key!r}, {same_doi.place}"
            yield _at(entry, "SY460", what, "cite the existing entry"), same_doi


def _at(entry: Entry, code: str, what: str, remedy: str) -> Problem:
    return Problem(entry.path, entry.line, entry.column, code, what, remedy)


def _appendix(library: Library, addition: Library) -> str:
    """What is written after the last byte of the file."""
    style = style_of(library)
    between = style.newline * style.gap
    entries = [laid_out(addition.text, block.start, block.scan, style) for block in addition.blocks if block.scan]
    return _lead(library.text, style) + between.join(entries) + style.newline


def _lead(text: str, style: Style) -> str:
    """The line ends that are missing between the last block of a file and a new one."""
    body = text.rstrip()
    if not body:
        return ""
    present = len(LINE_END.findall(text[len(body) :]))
    unfinished = 0 if LINE_END.fullmatch(text[-1]) else 1
    return style.newline * max(style.gap - present, unfinished)


def _verify(library: Library, addition: Library, data: bytes) -> None:
    """Refuse unless the file, with the new entries at its end, reads as the old ones and exactly the new ones."""
    if len(data) > LIMIT:
        raise RefusedError(
            [_unfit(library, f"the file would be larger than {LIMIT:,} bytes", "begin a second .bib file")]
        )
    tail = library.blocks[-1].start if library.blocks else 0
    before = sum(1 for entry in library.entries if entry.start >= tail)
    bom = 3 if library.bom else 0
    text = data[bom:].decode(library.encoding)[tail:]
    read = read_library(text, library.path, library.strings).entries
    if [_content(entry) for entry in read[before:]] != [_content(entry) for entry in addition.entries]:
        raise RefusedError([_unfit(library, "the end of the file would swallow the new entry", "close its last block")])


def _content(entry: Entry) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    return entry.type, entry.key, tuple((field.name, field.value) for field in entry.fields)


def _unfit(library: Library, what: str, remedy: str) -> Problem:
    return Problem(library.path, len(LINE_END.findall(library.text)) + 1, 1, "SY462", what, remedy)
