"""Where the blocks of a BibTeX file begin and end.

bibtexparser's Splitter finds them; what it cannot read, or reads too short, is read again here by counting braces.
Its writer is never used: blocks are places in a text that stays as it is.
"""

from __future__ import annotations

import bisect
import contextlib
import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from synthesis.bibliography.scan import Scan, scan_entry

AHEAD = 20  # following blocks that an entry may turn out to hold, as text inside its values
KIND = re.compile(r"@[ \t]*(string|preamble|comment)\b", re.IGNORECASE)
WHOLE_ENTRY = re.compile(r"@[ \t]*\w+\s*[{(]\s*[^\s,{}=]+\s*,\s*[^\s=,{}()\"#@%]+\s*=")
LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a file: an entry, a string, a preamble, a comment, something unreadable, or text between them."""

    kind: str  # entry | string | preamble | comment | unreadable | text
    start: int
    end: int
    scan: Scan | None = None  # of an entry
    inner: tuple[int, ...] = ()  # offsets inside an entry's values where a line begins like an entry


@dataclass(frozen=True, slots=True)
class Lines:
    """The beginnings of the lines of a text, which end in LF, CRLF or CR."""

    starts: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> Lines:
        """The lines of a text."""
        return cls((0, *(end.end() for end in LINE_END.finditer(text))))

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


def _text_between(text: str, start: int, end: int) -> Iterator[Block]:
    piece = text[start:end]
    if stripped := piece.strip():
        first = start + piece.index(stripped)
        yield Block("text", first, first + len(stripped))


def _marked_blocks(text: str) -> Iterator[Block]:
    """The blocks that begin with `@`."""
    spans = _spans(text)
    position = 0
    for number, (start, end, failed) in enumerate(spans):
        if start < position:
            continue  # inside the block before it
        block = _block(text, spans, number, failed=failed, end=end)
        position = block.end
        yield block


def _block(text: str, spans: Sequence[tuple[int, int, bool]], number: int, *, failed: bool, end: int) -> Block:
    start = spans[number][0]
    kind = KIND.match(text, start)
    if not failed:
        if kind:
            return Block(kind[1].lower(), start, end)
        if scan := scan_entry(text, start, end) or scan_entry(text, start, end, every_brace=True):
            return Block("entry", start, scan.end, scan)
    elif not kind and (block := _longer_entry(text, spans, number)):
        return block
    following = spans[number + 1][0] if number + 1 < len(spans) else len(text)
    return Block("unreadable", start, start + len(text[start:following].rstrip()))


def _longer_entry(text: str, spans: Sequence[tuple[int, int, bool]], number: int) -> Block | None:
    """The entry that counting braces gives, unless a whole other entry would lie in it."""
    start = spans[number][0]
    limit = spans[number + AHEAD][0] if number + AHEAD < len(spans) else len(text)
    scan = scan_entry(text, start, limit) or scan_entry(text, start, limit, every_brace=True)
    if scan is None:
        return None
    inner = [other for other, _, _ in spans[number + 1 : number + AHEAD] if other < scan.end]
    if any(WHOLE_ENTRY.match(text, other) for other in inner):
        return None
    return Block("entry", start, scan.end, scan, tuple(other for other in inner if _begins_line(text, other)))


def _begins_line(text: str, offset: int) -> bool:
    before = text[max(0, offset - 200) : offset].rstrip(" \t")
    return not before or before[-1] in "\r\n"


def _spans(text: str) -> list[tuple[int, int, bool]]:
    """Start, end and failure of every block that the Splitter finds, located in the text in order."""
    from bibtexparser.model import ImplicitComment, ParsingFailedBlock

    newlines = (0, *(place + 1 for place, char in enumerate(text) if char == "\n"))
    spans: list[tuple[int, int, bool]] = []
    position = 0
    for block in _split(text):
        if isinstance(block, ImplicitComment):
            continue
        failed = isinstance(block, ParsingFailedBlock) and block.ignore_error_block is None
        raw = block.raw or ""
        start = text.find(raw, max(position, newlines[min(block.start_line or 0, len(newlines) - 1)]))
        if start < 0 or not raw.startswith("@"):
            continue  # its text is then reported as text between the entries
        spans.append((start, start + len(raw), failed))
        position = start + (1 if failed else len(raw))
    return spans


def _split(text: str) -> Sequence[Any]:
    from bibtexparser.splitter import Splitter

    with _quiet("bibtexparser.splitter"):
        blocks: Sequence[Any] = Splitter(text).split().blocks
    return blocks


@contextlib.contextmanager
def _quiet(logger: str) -> Iterator[None]:
    """Keep a library from logging what is reported as a problem here."""

    def drop(_: logging.LogRecord) -> bool:
        return False

    logging.getLogger(logger).addFilter(drop)
    try:
        yield
    finally:
        logging.getLogger(logger).removeFilter(drop)
