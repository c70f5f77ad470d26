"""What is said of blocks that are no entries, and of what BibTeX reads otherwise between the fields of an entry.

BibTeX knows comments of no kind: it looks for the next `@`, wherever that stands, and reads an entry there if a word
and a bracket follow. Of `@comment` it skips the word alone. Only blanks, tabs and line ends are white space to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from synthesis.bibliography.blocks import Block, Lines
from synthesis.bibliography.scan import MOST_FIELDS, Fault, RawField, Scan
from synthesis.errors import Severity

LBRACE = r"write \lbrace or \rbrace for a brace that is printed"
PERCENT = re.compile(r"\s*+%")
READ_BY_BIBTEX = r"""@(?=\s*+(?!(?i:comment)\b)[^\s"#%'(),={}@]++\s*+[{(])"""
IN_COMMENT = re.compile(READ_BY_BIBTEX)
ENTRY_LIKE = re.compile(rf"^[ \t]*+@(?!(?i:comment)\b)|{READ_BY_BIBTEX}", re.MULTILINE)
FIELD_LIKE = re.compile(r"^(?!\s*%)[\s,}]*[\w:+-]+\s*=\s*(?:[{\"\d]|\w+\s*[,}\n])", re.MULTILINE)
ODD_KEY = re.compile(r"""@\w*+[ \t]*+[{(]\s*+([^\s,={}"]*+(["{])[^\s,=]*+)\s*+,""")
ODD_BLANK = re.compile(r"[^\S \t\r\n]")  # white space to Unicode, not to BibTeX


def of_text(text: str, lines: Lines, block: Block, before: Block | None) -> Iterator[Fault]:
    """Text between blocks is a comment, unless it looks like something that was meant to be read."""
    piece = text[block.start : block.end]
    if before and before.kind == "entry" and _goes_on(text, piece, before, block):
        what = f"this follows the closing brace of {before.scan.key if before.scan else ''!r} and is not read"
        yield Fault(block.start, "SY411", what, "take out the brace that closes the entry too early")
        return
    said: set[bool] = set()  # the first after a % and the first elsewhere
    for found in ENTRY_LIKE.finditer(piece):
        offset = block.start + found.end() - 1
        commented = _after_percent(text, lines, offset)
        if commented in said:
            continue
        said.add(commented)
        if commented:
            yield _read_all_the_same(offset, "%", "by BibTeX, and not here")
        else:
            what, remedy = "this looks like an entry and is not read", "write @TYPE{KEY, ...} with its own brackets"
            yield Fault(offset, "SY411", what, remedy)


def of_comment(text: str, block: Block) -> Iterator[Fault]:
    """The first entry inside an @comment."""
    if found := IN_COMMENT.search(text, block.start + 1, block.end):
        yield _read_all_the_same(found.start(), "@comment{...}", "by BibTeX, and not here")


def of_braces(text: str, block: Block) -> Iterator[Fault]:
    """An @string or @preamble that ends elsewhere for BibTeX, which counts a brace after a backslash too."""
    if "\\" in text[block.start : block.end] and _count(text, "{", block) != _count(text, "}", block):
        what = f"the braces of this @{block.kind} do not balance: BibTeX counts one after a backslash too"
        yield Fault(block.start, "SY434", what, LBRACE, Severity.WARNING)


def of_name(field: RawField) -> Fault:
    """A name with a digit at its beginning, or an apostrophe, at which BibTeX stops."""
    what = f"BibTeX takes {field.name!r} for no name, and loses this field and those after it"
    return Fault(field.start, "SY431", what, "begin it with a letter, and write it without an apostrophe")


def of_percent(text: str, lines: Lines, block: Block) -> Iterator[Fault]:
    """An entry after a %."""
    if _after_percent(text, lines, block.start):
        yield _read_all_the_same(block.start, "%", "")


def of_unreadable(text: str, block: Block) -> Fault:
    """Why a block could not be read, as far as that can be told."""
    first = text[block.start : min(block.end, block.start + 60)].splitlines()[0]
    if odd := ODD_KEY.match(text, block.start, block.end):
        what = f"this block cannot be read: {odd[2]} in the key {odd[1]!r}"
        return Fault(odd.start(1), "SY410", what, "write the key without it, with letters and digits")
    if text.count("=", block.start, block.end) > MOST_FIELDS:
        what = f"this block is not closed, or has more than {MOST_FIELDS:,} fields: {first}"
        return Fault(block.start, "SY410", what, "close it, or take fields out: no entry needs so many")
    what = f"this block is not closed before the next one, or the file, ends it: {first}"
    return Fault(block.start, "SY410", what, "balance its braces and quotes, and close it with a brace")


def of_blanks(text: str, start: int, end: int, scan: Scan) -> Iterator[Fault]:
    """Blanks of Unicode between the parts of an entry, which BibTeX reads as a part of a name, or stops at."""
    if ODD_BLANK.search(text, start, end) is None:
        return
    for name, first, last in _gaps(start, end, text, scan):
        if found := ODD_BLANK.search(text, first, last):
            where = f"beside {name!r}" if name else "before the key"
            what = f"U+{ord(found[0]):04X} {where} is no blank to BibTeX, which loses what stands there"
            yield Fault(found.start(), "SY431", what, "write an ordinary blank")


def of_string(text: str, scan: Scan, shift: int) -> Iterator[Fault]:
    """What is wrong in an @string, which was read as an entry of `text` and stands `shift` characters further on."""
    for fault in (*scan.faults, *of_blanks(text, 0, len(text), scan)):
        yield Fault(fault.offset + shift, fault.code, fault.what, fault.remedy, fault.severity)
    for lost in scan.fields[1:]:
        what = f"an @string defines one macro, and {lost.name!r} is not read"
        yield Fault(lost.start + shift, "SY431", what, f"write an @string of its own for {lost.name}")


def _count(text: str, brace: str, block: Block) -> int:
    return text.count(brace, block.start, block.end)


def _read_all_the_same(offset: int, comment: str, where: str) -> Fault:
    what = f"BibTeX knows no {comment} comments: this entry is read {where}".rstrip()
    return Fault(offset, "SY412", what, "delete it, or take away its @", Severity.WARNING)


def _after_percent(text: str, lines: Lines, offset: int) -> bool:
    line_start = lines.starts[lines.place(offset)[0] - 1]
    return PERCENT.match(text, line_start, offset) is not None


def _goes_on(text: str, piece: str, before: Block, block: Block) -> bool:
    """Whether text goes on where an entry ended: on its last line, with a field, or with a closing brace."""
    gap = text[before.end : block.start]
    same_line = not any(end in gap for end in "\r\n") and not piece.startswith("%")
    return same_line or FIELD_LIKE.match(piece) is not None or piece[0] in "},"


def _gaps(start: int, end: int, text: str, scan: Scan) -> Iterator[tuple[str, int, int]]:
    """Where an entry has neither key nor values nor names: the name of the field nearby, beginning and end."""
    yield "", start, scan.key_end - len(scan.key)
    position = scan.key_end
    for raw in scan.fields:
        yield raw.name, position, raw.start
        position = raw.start + len(raw.name)
        for part in raw.parts:
            first = text.index(part.delimiter + part.text, max(position, raw.value_start))
            yield raw.name, position, first
            position = first + len(part.text) + 2 * len(part.delimiter)
    yield scan.fields[-1].name if scan.fields else "", position, end
