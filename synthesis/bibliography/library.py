"""A BibTeX file as blocks that keep their bytes, with everything that its reading finds wrong."""

from __future__ import annotations

import bisect
import codecs
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path

from synthesis import files
from synthesis.bibliography import remarks
from synthesis.bibliography.blocks import Block, Lines, blocks_of
from synthesis.bibliography.entry import BRACES, QUOTES, Entry, Field
from synthesis.bibliography.macros import LONGEST, MONTHS, TooLongError, macros_in, one_blank, resolved, undefined
from synthesis.bibliography.scan import Fault, Part, RawField, scan_entry
from synthesis.errors import Problem, Severity, did_you_mean

LIMIT = 50 * files.MEGABYTE
FOLDER = "bibliography"
MOST_OF_A_KIND = 1000  # problems of one code that are listed; of further ones the number is said
MOST_NAMES = 2000  # of macros, among which the one that was meant is looked for
MOST_MADE = 10 * LONGEST  # characters of all values that are put together from parts, in a small file
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
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
    unlisted: Mapping[str, int] = field(default_factory=dict)  # by code, problems beyond MOST_OF_A_KIND
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

    def faults(self) -> Counter[str]:
        """How many problems of each code the reading found, those that are not listed included."""
        return Counter(problem.code for problem in self.problems) + Counter(self.unlisted)

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
    for path in bib_files(root / FOLDER):
        strings = libraries[-1].strings if libraries else {}
        libraries.append(read_library(path, f"{FOLDER}/{path.name}", strings))
    return tuple(libraries)


def bib_files(folder: Path) -> list[Path]:
    """The .bib files of a folder, in the order in which they are read.

    Raises
    ------
    DiskError
        One of that name is a pipe, a device or a folder.
    """
    return [files.regular(path) for path in sorted(folder.glob("*.bib"))]


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
        self.counts: Counter[str] = Counter()
        self.made = 0
        self.nearest: dict[tuple[str, int], str] = {}
        self.bom = data.startswith(codecs.BOM_UTF8)
        self.text, self.encoding, wrong = _decoded(data[3:] if self.bom else data)
        self.lines = Lines.of(self.text)
        self.odd_blanks = remarks.ODD_BLANK.search(self.text) is not None
        if wrong is not None:
            what = "this is UTF-16, not UTF-8" if data.startswith(UTF_16) else "this is not UTF-8"
            self._problem(wrong, "SY400", what, "save the file as UTF-8")

    def library(self) -> Library:
        self._control_characters()
        blocks = blocks_of(self.text)
        entries = tuple(entry for number in range(len(blocks)) for entry in self._block(blocks, number))
        unlisted = {code: count - MOST_OF_A_KIND for code, count in self.counts.items() if count > MOST_OF_A_KIND}
        problems = tuple(sorted([*self.problems, *self._more(unlisted)]))
        return Library(self.name, self.text, entries, self.strings, blocks, problems, unlisted, self.encoding, self.bom)

    def _more(self, unlisted: Mapping[str, int]) -> Iterator[Problem]:
        """Of each code that is there too often, how many problems are not listed, after the last that is."""
        for code, number in unlisted.items():
            last = max(problem for problem in self.problems if problem.code == code)
            what = f"{number:,} more problems with this code are not listed"
            yield replace(last, what=what, remedy="mend the first ones, and look again")

    def _problem(self, offset: int, code: str, what: str, remedy: str, severity: Severity = Severity.ERROR) -> None:
        self.counts[code] += 1
        if self.counts[code] > MOST_OF_A_KIND:
            return
        line, column = self.lines.place(offset)
        self.problems.append(Problem(self.name, line, column, code, what, remedy, severity))

    def _faults(self, faults: Iterable[Fault]) -> None:
        for fault in faults:
            self._problem(fault.offset, fault.code, fault.what, fault.remedy, fault.severity)

    def _control_characters(self) -> None:
        if found := CONTROL.search(self.text):
            what = f"control character U+{ord(found[0]):04X}"
            self._problem(found.start(), "SY402", what, "take it out", Severity.WARNING)

    def _block(self, blocks: Sequence[Block], number: int) -> Iterator[Entry]:
        block = blocks[number]
        if block.kind in {"string", "preamble"}:
            self._faults(remarks.of_braces(self.text, block))
        if block.kind == "entry":
            self._faults(remarks.of_percent(self.text, self.lines, block))
            yield self._entry(block)
        elif block.kind == "string":
            self._string(block)
        elif block.kind == "comment":
            self._faults(remarks.of_comment(self.text, block))
        elif block.kind == "unreadable":
            self._faults((remarks.of_unreadable(self.text, block),))
        elif block.kind == "text":
            self._faults(remarks.of_text(self.text, self.lines, block, blocks[number - 1] if number else None))

    def _entry(self, block: Block) -> Entry:
        scan = block.scan
        assert scan is not None
        self._faults(scan.faults)
        for offset in block.inner:
            self._inner(offset, scan.key)
        if self.odd_blanks:
            self._faults(remarks.of_blanks(self.text, block.start, block.end, scan))
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
            if name[0].isdecimal() or "'" in name:
                self._faults((remarks.of_name(raw),))
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
            remarks.LBRACE,
            Severity.WARNING,
        )

    def _string(self, block: Block) -> None:
        head = STRING.match(self.text, block.start, block.end)
        body = self.text[block.start : block.end]
        opening = re.search(r"[{(]", body)
        assert opening is not None
        before = f"@x{opening[0]}k,"
        text = before + body[opening.end() :]
        scan = scan_entry(text, 0, len(text))
        if head is None or scan is None or not scan.fields:
            self._problem(block.start, "SY410", "this @string cannot be read", "write @string{NAME = {TEXT}}")
            return
        self._faults(remarks.of_string(text, scan, block.start + opening.end() - len(before)))
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


def _decoded(data: bytes) -> tuple[str, str, int | None]:
    """Text, encoding, and the offset of the first character that is not UTF-8."""
    try:
        return data.decode("utf-8"), "utf-8", None
    except UnicodeDecodeError as error:
        return data.decode("latin-1"), "latin-1", len(data[: error.start].decode("utf-8"))
