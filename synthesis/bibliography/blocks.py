"""Where the blocks of a BibTeX file begin and end.

A block begins with `@`, a word and a bracket, and ends where its bracket is closed. One that is not closed ends before
the next line that begins like a block, so that the rest is read. A line inside a value may begin like a block; it is
taken for a part of the value if the value is closed soon after, but never a line that begins like a whole entry. So
such a line always begins a block, and what is before it and what follows can be read apart (`last_whole_entries`).
"""

from __future__ import annotations

import bisect
import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from synthesis.bibliography.braces import closing
from synthesis.bibliography.scan import Scan, calm_end, has_too_many_fields, scan_entry

AHEAD = 20  # following lines like blocks that an entry may turn out to hold, as text inside its values
START = re.compile(r"@\w*+[ \t]*+(?=[{(])")
LINE_START = re.compile(r"(?:\A|[\r\n])[^\S\r\n]*+(@)\w*+[ \t]*+(?=[{(])")
KIND = re.compile(r"@(string|preamble|comment)[ \t]*+[{(]", re.IGNORECASE)
WHOLE_ENTRY = re.compile(r"@\w++[ \t]*+[{(]\s*+[^\s,{}=]++\s*+,\s*+[^\s=,{}()\"#@%]++\s*+=")
MOST_UNREADABLE = 10_000  # blocks; the last of them is the whole rest of the file
TRIES = 4  # signs @ that are looked at for one entry
WIDEST = 100  # blanks before an entry
AFTER_BACKSLASH = re.compile(r"""\\[{}"]""")
LINE_END = re.compile(r"\r\n|\n|\r")
IN_PARENTHESES = re.compile(r"(?<!\\)[{}\")]")


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a file: an entry, a string, a preamble, a comment, something unreadable, or text between them."""

    kind: str  # entry | string | preamble | comment | unreadable | text
    start: int
    end: int
    text: str = field(default="", repr=False, compare=False)  # of the whole file
    every_brace: bool = False  # of an entry that is closed only if braces after a backslash count
    inner: tuple[int, ...] = ()  # offsets inside an entry's values where a line begins like a block

    @property
    def scan(self) -> Scan | None:
        """Key and fields of an entry; read again each time, since they take more memory than the text."""
        if self.kind != "entry":
            return None
        return scan_entry(self.text, self.start, self.end, every_brace=self.every_brace)


@dataclass(frozen=True, slots=True)
class Lines:
    """The beginnings of the lines of a text, which end in LF, CRLF or CR."""

    starts: Sequence[int]

    @classmethod
    def of(cls, text: str) -> Lines:
        """The lines of a text."""
        starts = array("Q", (0,))
        starts.extend(end.end() for end in LINE_END.finditer(text))
        return cls(starts)

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset; the first of each is 1."""
        line = bisect.bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1


def blocks_of(text: str) -> tuple[Block, ...]:
    """All blocks of a text in order; what lies between two of them is white space."""
    found: list[Block] = []
    for block in _marked_blocks(text):
        found.extend(_text_between(text, found[-1].end if found else 0, block.start))
        found.append(block)
    found.extend(_text_between(text, found[-1].end if found else 0, len(text)))
    return tuple(found)


def last_whole_entries(text: str, number: int) -> int:
    """The offset of a line that begins like a whole entry, so many of them before the end; 0 where there are fewer.

    A block begins there whatever is before it, so the text from there on can be read by itself.
    """
    start = len(text)
    for _ in range(TRIES * number):
        start = text.rfind("@", 0, start)
        if start <= 0:
            return 0
        number -= _begins_line(text, start) and WHOLE_ENTRY.match(text, start) is not None
        if not number:
            return start
    return 0


def _begins_line(text: str, offset: int) -> bool:
    """Whether only blanks, and not many, stand before an offset on its line."""
    before = text[max(0, offset - WIDEST) : offset].rstrip(" \t")
    return before.endswith(("\n", "\r"))


def _text_between(text: str, start: int, end: int) -> Iterator[Block]:
    piece = text[start:end]
    if stripped := piece.strip():
        first = start + piece.index(stripped)
        yield Block("text", first, first + len(stripped), text)


def _marked_blocks(text: str) -> Iterator[Block]:
    """The blocks that begin with `@`."""
    lines = array("Q", (line.start(1) for line in LINE_START.finditer(text)))
    position, number, unreadable = 0, 0, 0
    while mark := START.search(text, position):
        number = bisect.bisect_right(lines, mark.start(), number)  # of the next line that begins like a block
        block = _block(text, mark.start(), lines, number)
        unreadable += block.kind == "unreadable"
        if unreadable == MOST_UNREADABLE:
            block = Block("unreadable", block.start, len(text.rstrip()), text)
        yield block
        position = block.end


def _block(text: str, start: int, lines: Sequence[int], number: int) -> Block:
    limit = lines[number] if number < len(lines) else len(text)
    if kind := KIND.match(text, start):
        end = _closed(text, kind.end() - 1, limit, quotes=kind[1].lower() != "comment")
        if end is not None:
            return Block(kind[1].lower(), start, end, text)
    elif (end := calm_end(text, start, limit)) is not None:
        kind_of = "unreadable" if has_too_many_fields(text, start, end) else "entry"
        return Block(kind_of, start, end, text)
    elif found := _scanned(text, start, limit):
        return Block("entry", start, found[0], text, found[1])
    elif block := _longer_entry(text, start, lines, number):
        return block
    return Block("unreadable", start, start + len(text[start:limit].rstrip()), text)


def _closed(text: str, opening: int, limit: int, *, quotes: bool) -> int | None:
    """The offset after the bracket that closes the one at `opening`."""
    if text[opening] == "{":
        return closing(text, opening, limit)
    depth, quoted = 0, False
    for mark in IN_PARENTHESES.finditer(text, opening + 1, limit):
        if mark[0] == '"':
            quoted = quotes and depth == 0 and not quoted
        elif mark[0] == ")":
            if depth == 0 and not quoted:
                return mark.end()
        else:
            depth = max(0, depth + (1 if mark[0] == "{" else -1))
    return None


def _scanned(text: str, start: int, limit: int) -> tuple[int, bool] | None:
    """The end of an entry by counting braces, and whether those after a backslash count."""
    escapes = AFTER_BACKSLASH.search(text, start, limit) is not None  # else both ways of counting agree
    for every_brace in (False, True) if escapes else (False,):
        if scan := scan_entry(text, start, limit, every_brace=every_brace):
            return scan.end, every_brace
    return None


def _longer_entry(text: str, start: int, lines: Sequence[int], number: int) -> Block | None:
    """The entry that counting braces gives beyond lines that begin like blocks, but none like a whole entry."""
    following = lines[number : number + AHEAD]
    whole = next((line for line in following if WHOLE_ENTRY.match(text, line)), None)
    beyond = lines[number + AHEAD] if number + AHEAD < len(lines) else len(text)
    limit = beyond if whole is None else whole
    if not following or limit == following[0]:
        return None
    found = _scanned(text, start, limit)
    if found is None:
        return None
    end, every_brace = found
    return Block("entry", start, end, text, every_brace, tuple(line for line in following if line < end))
