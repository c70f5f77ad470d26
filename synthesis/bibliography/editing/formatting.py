"""One layout for the entries of a library: the only edit that changes white space which nobody asked to touch.

Names, values, macros, brackets and their order stay; comments, strings and text between the entries stay as they are.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from synthesis import files
from synthesis.bibliography.editing.refused import RefusedError, at, at_end
from synthesis.bibliography.editing.shelf import Held, all_locked, files_of, find_entry, held, not_utf8
from synthesis.bibliography.entry import Entry
from synthesis.bibliography.library import Library
from synthesis.bibliography.splices import Splice, encoded, respliced
from synthesis.bibliography.style import Style, laid_out, style_of
from synthesis.errors import Problem, Severity

OWN_LINES = ",\n"


@dataclass(frozen=True, slots=True)
class Layout:
    """What is asked of a layout; None leaves it as most entries of the file have it."""

    indent: int | None = None  # blanks before a field
    align: str | None = None  # none, entry or file: where `=` stands in one column
    trailing_comma: bool | None = None  # after the last field

    def style(self, library: Library) -> Style:
        """The style of a file with what is asked instead."""
        style = style_of(library)
        if self.indent is not None:
            start = OWN_LINES + " " * self.indent
            style = dataclasses.replace(style, first=start, separator=start)
        if self.align is not None:
            aligned = "" if self.align == "none" else self.align
            before = " " if style.aligned or len(style.before) > 1 else style.before
            style = dataclasses.replace(style, aligned=aligned, column=_column(library), before=before)
        if self.trailing_comma is not None:
            rest = style.ending.replace(",", "")
            style = dataclasses.replace(style, ending=f",{rest}" if self.trailing_comma else rest)
        return style


@dataclass(frozen=True, slots=True)
class Formatted:
    """The entries of a file whose layout changes, and those left alone since parts of them cannot be read."""

    path: str
    keys: tuple[str, ...]
    places: tuple[str, ...]  # `file:line` of each
    skipped: tuple[Problem, ...]
    changed: bool  # also where only gaps between entries change

    def summary(self) -> str:
        """One line an entry."""
        return "".join(f"{place}: {key}\n" for place, key in zip(self.places, self.keys, strict=True))

    def to_dict(self) -> dict[str, object]:
        """Path, keys, places, and the problems as text."""
        skipped = [str(problem) for problem in self.skipped]
        keys, places = list(self.keys), list(self.places)
        return {"path": self.path, "changed": self.changed, "keys": keys, "places": places, "skipped": skipped}


def format_entries(
    folder: Path, keys: Collection[str] = (), layout: Layout | None = None, *, check: bool = False
) -> tuple[Formatted, ...]:
    """The entries of a folder's files laid out alike, file by file.

    Parameters
    ----------
    folder : Path
        Of the library.
    keys : collection of str, optional
        The entries; by default all, and the gaps between entries that follow one another too.
    layout : Layout, optional
        By default the layout of most entries of each file.
    check : bool, optional
        Only say which entries would change.

    Raises
    ------
    NotFound
        There is no entry with one of the keys.
    RefusedError, ChangedMoreError
        A file would read differently afterwards; no file is written.
    """
    with all_locked(files_of(folder), writing=not check):
        shelf = held(folder)
        for key in keys:
            find_entry(shelf, key)
        done = [_formatted(one, keys, layout or Layout()) for one in shelf]
        for one, (after, _) in zip(shelf, done, strict=True):
            if after is not one.library and not check:
                files.write_atomic(one.path, encoded(one.library, after.text))
    return tuple(said for _, said in done)


def _formatted(one: Held, keys: Collection[str], layout: Layout) -> tuple[Library, Formatted]:
    library, style = one.library, layout.style(one.library)
    if wrong := not_utf8(library):  # bytes of its letters may be blanks here
        return library, Formatted(library.path, (), (), tuple(wrong), changed=False)
    splices, changed, skipped = [], [], []
    blocks = [(block, after) for block, after in pairwise((*library.blocks, None)) if block and block.kind == "entry"]
    for entry, (block, after) in zip(library.entries, blocks, strict=True):
        scan = block.scan
        if scan is None or (keys and entry.key not in keys):
            continue
        text, end = entry.raw, block.end
        if scan.faults or block.inner:
            skipped.append(_left_alone(entry))
        elif (new := laid_out(library.text, block.start, scan, style)) != text:
            changed.append(entry)
            text = new
        if after and after.kind == "entry" and not keys:
            text, end = text + style.newline * style.gap, after.start
        if text != library.text[block.start : end]:
            splices.append(Splice(block.start, end, text))
    after_all = _checked(library, splices) if splices else library
    named, placed = tuple(entry.key for entry in changed), tuple(entry.place for entry in changed)
    return after_all, Formatted(library.path, named, placed, tuple(skipped), after_all is not library)


def _checked(library: Library, splices: list[Splice]) -> Library:
    after = respliced(library, splices, {})
    if _others(after) != _others(library):
        what, remedy = "another layout would change what is read", "mend what `synth bib lint` reports first"
        raise RefusedError([at_end(library, what, remedy)])
    return after


def _others(library: Library) -> list[tuple[str, str]]:
    """All blocks that are no entries."""
    return [(one.kind, library.text[one.start : one.end]) for one in library.blocks if one.kind != "entry"]


def _left_alone(entry: Entry) -> Problem:
    problem = at(
        entry, "SY465", f"{entry.key!r} is left as it is: parts of it cannot be read", "mend what lint reports"
    )
    return dataclasses.replace(problem, severity=Severity.WARNING)


def _column(library: Library) -> int:
    """Where `=` stands if it stands in one column: after the longest name of the file."""
    names = (len(field.name) for entry in library.entries for field in entry.fields)
    return max(names, default=0) + 1
