"""A BibTeX file as blocks that keep their bytes, with everything that its reading finds wrong."""

from __future__ import annotations

import bisect
import codecs
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from synthesis import files
from synthesis.bibliography.blocks import Block, Lines, blocks_of
from synthesis.bibliography.entry import BRACES, QUOTES, Entry, Field
from synthesis.bibliography.macros import LONGEST, MONTHS, TooLongError, macros_in, one_blank, resolved, undefined
from synthesis.bibliography.scan import Part, RawField, scan_entry
from synthesis.errors import Problem, Severity, did_you_mean

LIMIT = 50 * files.MEGABYTE
FOLDER = "bibliography"
MOST_NAMES = 2000  # of macros, among which the one that was meant is looked for
MOST_MADE = 10 * LONGEST  # characters of all values that are put together from parts, in a small file
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
PERCENT = re.compile(r"\s*+%")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
ENTRY_LIKE = re.compile(r"^[ \t]*@(?!(?i:comment)\b)|^(?![ \t]*%).*?@(?=[\w-]+[ \t]*[{(])", re.MULTILINE)
FIELD_LIKE = re.compile(r"^(?!\s*%)[\s,}]*[\w:+-]+\s*=\s*(?:[{\"\d]|\w+\s*[,}\n])", re.MULTILINE)
STRING = re.compile(r"@[ \t]*string\s*[{(]\s*(?P<name>[^\s={}()\"#,]+)\s*=", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Library:
    """One BibTeX file.

    `blocks` and the white space between them are the whole of `text`; `rebuilt()` gives the bytes that were read.
    """

    path: str  # relative to the review folder
    text: str  # after a BOM
    entries: tuple[Entry, ...]  # in file order, repeated keys included
    strings: Mapping[str, str]  # macro name in small letters -> text; those of files read before included
    blocks: tuple[Block, ...]
    problems: tuple[Problem, ...]  # of the reading; `lint` adds what the rules find
    encoding: str = "utf-8"  # or latin-1, which keeps every byte of what is not UTF-8
    bom: bool = False

    def rebuilt(self) -> bytes:
        """The bytes of the file, put together again from the blocks and what lies between them."""
        pieces, position = [], 0
        for block in self.blocks:
            pieces += [self.text[position : block.start], self.text[block.start : block.end]]
            position = block.end
        pieces.append(self.text[position:])
        return (codecs.BOM_UTF8 if self.bom else b"") + "".join(pieces).encode(self.encoding)

    def by_key(self) -> dict[str, Entry]:
        """Entries by key; of a repeated key the first."""
        return {entry.key: entry for entry in reversed(self.entries)}


def read_library(source: Path | str | bytes, name: str = "", strings: Mapping[str, str] | None = None) -> Library:
    """Everything in one BibTeX file, readable or not.

    Parameters
    ----------
    source : Path, str or bytes
        A file, or the text of one.
    name : str, optional
        How problems call the file; by default its name, or `<text>`.
    strings : mapping, optional
        Macros of files that were read before, by name in small letters.

    Returns
    -------
    Library
        With `problems` for what could not be read as written, each with line, column and remedy.

    Raises
    ------
    DiskError
        The file cannot be read.
    """
    label = name or (source.name if isinstance(source, Path) else "<text>")
    if isinstance(source, Path):
        data = _bounded(source)
        if data is None:
            return _too_large(label)
    else:
        data = source.encode() if isinstance(source, str) else source
    return _Reader(label, data, strings or {}).library()


def read_folder(root: Path) -> tuple[Library, ...]:
    """Every `bibliography/*.bib` of a review, by name; later files know the macros of earlier ones."""
    libraries: list[Library] = []
    for path in sorted((root / FOLDER).glob("*.bib")):
        strings = libraries[-1].strings if libraries else {}
        libraries.append(read_library(path, f"{FOLDER}/{path.name}", strings))
    return tuple(libraries)


def _bounded(path: Path) -> bytes | None:
    if path.is_file() and path.stat().st_size > LIMIT:
        return None
    return files.read_limited(path, LIMIT)


def _too_large(name: str) -> Library:
    problem = Problem(name, 1, 1, "SY401", f"larger than {LIMIT:,} bytes", "split the library into several files")
    return Library(name, "", (), {}, (), (problem,))


class _Reader:
    """The text of one file on its way to a Library."""

    def __init__(self, name: str, data: bytes, strings: Mapping[str, str]) -> None:
        self.name, self.strings = name, dict(strings)
        self.problems: list[Problem] = []
        self.made = 0
        self.nearest: dict[tuple[str, int], str] = {}
        self.bom = data.startswith(codecs.BOM_UTF8)
        self.text, self.encoding, wrong = _decoded(data[3:] if self.bom else data)
        self.lines = Lines.of(self.text)
        if wrong is not None:
            what = "this is UTF-16, not UTF-8" if data.startswith(UTF_16) else "this is not UTF-8"
            self._problem(wrong, "SY400", what, "save the file as UTF-8")

    def library(self) -> Library:
        self._control_characters()
        blocks = blocks_of(self.text)
        entries = tuple(entry for number in range(len(blocks)) for entry in self._block(blocks, number))
        problems = tuple(sorted(self.problems))
        return Library(self.name, self.text, entries, self.strings, blocks, problems, self.encoding, self.bom)

    def _problem(self, offset: int, code: str, what: str, remedy: str, severity: Severity = Severity.ERROR) -> None:
        line, column = self.lines.place(offset)
        self.problems.append(Problem(self.name, line, column, code, what, remedy, severity))

    def _control_characters(self) -> None:
        if found := CONTROL.search(self.text):
            what = f"control character U+{ord(found[0]):04X}"
            self._problem(found.start(), "SY402", what, "take it out", Severity.WARNING)

    def _block(self, blocks: Sequence[Block], number: int) -> Iterator[Entry]:
        block = blocks[number]
        if block.kind == "entry":
            self._commented_out(block)
            yield self._entry(block)
        elif block.kind == "string":
            self._string(block)
        elif block.kind == "unreadable":
            self._unreadable(block)
        elif block.kind == "text":
            before = blocks[number - 1] if number else None
            self._text(block, before)

    def _entry(self, block: Block) -> Entry:
        scan = block.scan
        assert scan is not None
        for fault in scan.faults:
            self._problem(fault.offset, fault.code, fault.what, fault.remedy)
        for offset in block.inner:
            self._inner(offset, scan.key)
        line, column = self.lines.place(block.start)
        fields = tuple(self._fields(scan.fields, line))
        return Entry(scan.key, scan.type, fields, self.name, line, column, self.text, block.start, block.end)

    def _fields(self, given: Sequence[RawField], line: int) -> Iterator[Field]:
        """The fields of an entry that begins in a line."""
        starts = self.lines.starts
        for raw in given:
            line = bisect.bisect_right(starts, raw.start, line - 1)
            column = raw.start - starts[line - 1] + 1
            name = sys.intern(raw.name.lower())
            only = raw.parts[0] if len(raw.parts) == 1 else None
            if only is None or not only.delimiter:
                yield self._joined(raw, name, line, column)
            else:
                value = one_blank(only.text)
                alone = raw.value_end - raw.value_start == len(only.text) + 2
                written = self._written(raw, same=alone and only.text == value)
                yield Field(name, value, line, column, written)

    def _inner(self, offset: int, key: str) -> None:
        self._problem(
            offset,
            "SY413",
            f"this line of a value of {key!r} begins like an entry; it is read as part of the value",
            "write something before the @, or close the value before it",
            Severity.WARNING,
        )

    def _joined(self, raw: RawField, name: str, line: int, column: int) -> Field:
        """A field whose value is a number or a macro, or is put together with `#`."""
        names = macros_in(raw.parts)
        for unknown in undefined(names, self.strings):
            remedy = f"put it in braces, or define it with @string; {self._nearest(unknown)}"
            self._problem(raw.value_start, "SY433", f"{unknown!r} is no macro that is defined above", remedy)
        return Field(name, self._value(raw), line, column, self._written(raw, same=False), names)

    def _written(self, raw: RawField, *, same: bool) -> str:
        """A value as it stands in the text, or its delimiters where the value between them is the `same`."""
        written = self.text[raw.value_start : raw.value_end]
        if "\\" in written and written.count("{") != written.count("}"):
            self._unbalanced(raw)
        if same:
            return BRACES if written[0] == "{" else QUOTES
        return written

    def _nearest(self, unknown: str) -> str:
        """The macro that was meant by an unknown one; a name that is used often is looked for once."""
        asked = (unknown, len(self.strings))
        if asked not in self.nearest:
            self.nearest[asked] = did_you_mean(unknown, islice(chain(self.strings, MONTHS), MOST_NAMES))
        return self.nearest[asked]

    def _value(self, raw: RawField) -> str:
        try:
            value = resolved(raw.parts, self.strings)
            if len(raw.parts) > 1:
                self._made(len(value))
        except TooLongError:
            self._problem(raw.value_start, "SY435", f"macros make {raw.name!r} too long", "write the value itself")
            return ""
        return value

    def _made(self, length: int) -> None:
        """Count the characters that were put together from macros and parts; a file must not make too many."""
        self.made += length
        if self.made > MOST_MADE + 2 * len(self.text):
            raise TooLongError

    def _unbalanced(self, raw: RawField) -> None:
        self._problem(
            raw.value_start,
            "SY434",
            f"the braces of {raw.name!r} do not balance: BibTeX counts one after a backslash too",
            r"write \lbrace or \rbrace for a brace that is printed",
            Severity.WARNING,
        )

    def _string(self, block: Block) -> None:
        head = STRING.match(self.text, block.start, block.end)
        body = self.text[block.start : block.end]
        opening = re.search(r"[{(]", body)
        assert opening is not None
        scan = scan_entry(f"@x{opening[0]}k,{body[opening.end() :]}", 0, len(body) + 4)
        if head is None or scan is None or not scan.fields:
            self._problem(block.start, "SY410", "this @string cannot be read", "write @string{NAME = {TEXT}}")
            return
        self._define(block, head["name"].lower(), scan.fields[0].parts)

    def _define(self, block: Block, name: str, parts: tuple[Part, ...]) -> None:
        for unknown in undefined(macros_in(parts), self.strings):
            remedy = f"define it above; {self._nearest(unknown)}"
            self._problem(block.start, "SY433", f"{unknown!r} is no macro that is defined above", remedy)
        try:
            self.strings[name] = resolved(parts, self.strings)
        except TooLongError:
            self._problem(block.start, "SY435", f"macros make {name!r} too long", "write the text itself")
            self.strings[name] = ""

    def _unreadable(self, block: Block) -> None:
        first = self.text[block.start : min(block.end, block.start + 60)].splitlines()[0]
        what = f"this block is not closed before the next one, or the file, ends it: {first}"
        self._problem(block.start, "SY410", what, "balance its braces and quotes, and close it with a brace")

    def _commented_out(self, block: Block) -> None:
        line_start = self.lines.starts[self.lines.place(block.start)[0] - 1]
        if PERCENT.match(self.text, line_start, block.start):
            what = "BibTeX knows no % comments: this entry is read"
            self._problem(block.start, "SY412", what, "delete it, or take away its @", Severity.WARNING)

    def _text(self, block: Block, before: Block | None) -> None:
        """Text between blocks is a comment, unless it looks like something that was meant to be read."""
        text = self.text[block.start : block.end]
        if before and before.kind == "entry" and self._fields_after(text, before, block):
            what = f"this follows the closing brace of {before.scan.key if before.scan else ''!r} and is not read"
            self._problem(block.start, "SY411", what, "take out the brace that closes the entry too early")
        elif found := ENTRY_LIKE.search(text):
            what = "this looks like an entry and is not read"
            self._problem(block.start + found.end() - 1, "SY411", what, "write @TYPE{KEY, ...} with its own brackets")

    def _fields_after(self, text: str, before: Block, block: Block) -> bool:
        """Whether text goes on where an entry ended: on its last line, with a field, or with a closing brace."""
        gap = self.text[before.end : block.start]
        same_line = not any(end in gap for end in "\r\n") and not text.startswith("%")
        return same_line or FIELD_LIKE.match(text) is not None or text[0] in "},"


def _decoded(data: bytes) -> tuple[str, str, int | None]:
    """Text, encoding, and the offset of the first character that is not UTF-8."""
    try:
        return data.decode("utf-8"), "utf-8", None
    except UnicodeDecodeError as error:
        return data.decode("latin-1"), "latin-1", len(data[: error.start].decode("utf-8"))
