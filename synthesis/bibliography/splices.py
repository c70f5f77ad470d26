"""Changes of a text as the few places that change: the one way in which a library is edited.

A splice replaces the characters from `start` to `end` of the text of one file (after a BOM, as offsets of blocks and
fields are). Whoever edits a library gives splices and says what may differ afterwards; `respliced` reads the new text
and refuses where anything else would differ.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from synthesis.bibliography.entry import Entry
from synthesis.bibliography.library import STRING, Library, read_library
from synthesis.errors import SynthesisError

BEYOND = re.compile(r"[^\x00-\x7f]")


@dataclass(frozen=True, slots=True, order=True)
class Splice:
    """The characters from `start` to `end` of a text, and what stands there instead."""

    start: int
    end: int
    text: str


class OverlapError(SynthesisError):
    """Two splices that change the same characters, or one that lies outside the text."""


class ChangedMoreError(SynthesisError):
    """An edit that would change more of a library than it may; nothing is written."""


def spliced(text: str, splices: Iterable[Splice]) -> str:
    """The text with every splice made; all other characters as they were.

    Raises
    ------
    OverlapError
        Two splices touch the same characters, or two put text into the same place.
    """
    pieces, position = [], 0
    last: Splice | None = None
    for splice in sorted(splices):
        if not position <= splice.start <= splice.end <= len(text) or (last and last.start == splice.start):
            raise OverlapError(f"two edits of the same characters, or one outside the text: {last}, {splice}")
        pieces += [text[position : splice.start], splice.text]
        position, last = splice.end, splice
    return "".join([*pieces, text[position:]])


def encoded(library: Library, text: str) -> bytes:
    """A new text of a library in the bytes of its file: its encoding, and its BOM if it has one."""
    if library.encoding != "utf-8" and Counter(BEYOND.findall(text)) - Counter(BEYOND.findall(library.text)):
        what = f"{library.path} is read as {library.encoding}: nothing beyond ASCII can be written; save it as UTF-8"
        raise ChangedMoreError(what)
    return (codecs.BOM_UTF8 if library.bom else b"") + text.encode(library.encoding)


def respliced(library: Library, splices: Iterable[Splice], touched: Mapping[int, Collection[str]]) -> Library:
    """The library as it reads after the splices.

    Parameters
    ----------
    library : Library
        As it was read.
    splices : iterable of Splice
        On `library.text`; none inside an @string.
    touched : mapping
        By the number of an entry (its place in `library.entries`) the names of the fields whose value may change, or
        that may go. Everything else must read as before.

    Raises
    ------
    OverlapError
        Two splices change the same characters.
    ChangedMoreError
        An entry, key, type or field would change that is not `touched`, or the new text would have a problem of
        reading that the old one has not.
    """
    text = spliced(library.text, splices)
    read = read_library(encoded(library, text), library.path, _of_other_files(library))
    if len(read.entries) != len(library.entries):
        raise ChangedMoreError(f"{library.path} would have {len(read.entries)} entries, not {len(library.entries)}")
    for number, (old, new) in enumerate(zip(library.entries, read.entries, strict=True)):
        if old.raw != new.raw and _kept(old, touched.get(number, ())) != _kept(new, touched.get(number, ())):
            raise ChangedMoreError(f"{old.place}: more of {old.key!r} would change than was meant")
    if more := read.faults() - library.faults():
        raise ChangedMoreError(f"{library.path} would have new problems of reading: {', '.join(sorted(more))}")
    return read


def _of_other_files(library: Library) -> dict[str, str]:
    """The macros that a library does not define itself, so that they come from files read before."""
    blocks = (block for block in library.blocks if block.kind == "string")
    heads = (STRING.match(library.text, block.start, block.end) for block in blocks)
    own = {head["name"].lower() for head in heads if head}
    return {name: text for name, text in library.strings.items() if name not in own}


def _kept(entry: Entry, touched: Collection[str]) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    """What an edit of some fields leaves alone: key, type, and the other fields in their order."""
    return entry.key, entry.type, tuple((one.name, one.value) for one in entry.fields if one.name not in touched)
