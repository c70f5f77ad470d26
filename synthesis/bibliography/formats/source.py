"""Bytes from anywhere as text, and the problems of one file, gathered."""

from __future__ import annotations

import codecs
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TypeVar

from synthesis.bibliography.formats.faults import faulty_at
from synthesis.bibliography.formats.reference import Imported, Reference
from synthesis.errors import Problem, Severity
from synthesis.files import MEGABYTE

T = TypeVar("T")
LIMIT = 50 * MEGABYTE
RECORDS = 200_000  # of one file
BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
WINDOWS = {
    byte: bytes((byte,)).decode("cp1252") for byte in range(0x80, 0xA0) if byte not in {0x81, 0x8D, 0x8F, 0x90, 0x9D}
}
MOST = 1000  # problems of one code that are reported one by one
SHOWN = 12  # unknown tags that are named


class Problems:
    """The problems of one file on their way to a report."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.found: list[Problem] = []
        self.counts: Counter[str] = Counter()
        self.more: dict[str, Problem] = {}  # of each code the first one beyond MOST
        self.controls, self.first_control = 0, (1, 1)
        self.dropped, self.unknown = Tags(), Tags()
        self.known: Callable[[str], str] = str  # what to do about an unknown tag

    def error(self, line: int, column: int, code: str, what: str, remedy: str) -> None:
        """Something that could not be read."""
        self._add(Problem(self.path, line, column, code, what, remedy))

    def warning(self, line: int, column: int, code: str, what: str, remedy: str) -> None:
        """Something that was read, and is odd."""
        self._add(Problem(self.path, line, column, code, what, remedy, Severity.WARNING))

    def note(self, line: int, column: int, code: str, what: str, remedy: str) -> None:
        """Something to know."""
        self._add(Problem(self.path, line, column, code, what, remedy, Severity.NOTE))

    def _add(self, problem: Problem) -> None:
        self.counts[problem.code] += 1
        if self.counts[problem.code] <= MOST:
            self.found.append(problem)
        else:
            self.more.setdefault(problem.code, problem)

    def not_taken(self, tag: str, line: int) -> None:
        """A tag that is known and has no place in a library; all of them make one note."""
        self.dropped.add(tag, line)

    def not_known(self, tag: str, line: int) -> None:
        """A tag that is not known, and kept under a name of its own; all of them make one note."""
        self.unknown.add(tag, line)

    def dropped_controls(self, line: int, column: int, count: int) -> None:
        """Control characters that were taken out of a value; all of them make one warning."""
        self.first_control = self.first_control if self.controls else (line, column)
        self.controls += count

    def imported(self, references: Iterable[Reference]) -> Imported:
        """The references that have any content, with all problems, sorted by place."""
        kept = tuple(reference for reference in references if self._has_content(reference))
        self._summarise()
        problems = tuple(sorted(self.found))
        return Imported(kept, problems, faulty_at(kept, problems))

    def _has_content(self, reference: Reference) -> bool:
        people = reference.authors.people or reference.editors.people
        if reference.fields or people or reference.key:
            return True
        place = reference.place
        self.warning(place.line, place.column, "SY542", "an empty record, which is left out", "take it out, or nothing")
        return False

    def _summarise(self) -> None:
        if self.dropped.counts:
            what = f"known and not taken over: {self.dropped}"
            self.note(
                self.dropped.line,
                1,
                "SY545",
                what,
                "nothing, or copy by hand what you need; the reference is whole without them",
            )
        if self.unknown.counts:
            first = next(iter(self.unknown.counts))
            what = f"not known, and kept under names that begin with x-: {self.unknown}"
            self.note(self.unknown.line, 1, "SY544", what, f"{first}: {self.known(first)}")
        if self.controls:
            what = f"{self.controls} control character{'s' if self.controls > 1 else ''}, dropped; the first is here"
            self.warning(*self.first_control, "SY548", what, "export the file again, or nothing")
        for code, problem in self.more.items():
            more = self.counts[code] - MOST
            self.found.append(replace(problem, what=f"{problem.what} (and {more - 1} more after this, of one kind)"))


class Tags:
    """Tags with how often they stand in a file, and the line of the first."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.line = 1

    def add(self, tag: str, line: int) -> None:
        """Count one."""
        self.line = self.line if self.counts else line
        self.counts[tag] += 1

    def __str__(self) -> str:
        shown = [f"{tag} ({count})" for tag, count in sorted(self.counts.items())[:SHOWN]]
        return ", ".join([*shown, "..."] if len(self.counts) > SHOWN else shown)


def decoded(data: bytes, problems: Problems) -> str:
    """The text of a file, after a BOM; what is not UTF-8 is read as Windows-1252, and said to be."""
    if len(data) > LIMIT:
        problems.error(1, 1, "SY546", f"larger than {LIMIT:,} bytes", "split the file, and import its parts")
        return ""
    for bom, encoding in BOMS:
        if data.startswith(bom):
            return _strict(data[len(bom) :], encoding, problems)
    return _strict(data, "utf-8", problems)


def _strict(data: bytes, encoding: str, problems: Problems) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(encoding, "replace")
        line, column = line_and_column(before, len(before))
        label = {"utf-8": "UTF-8"}.get(encoding, "UTF-16")
        shown = "Windows-1252" if encoding == "utf-8" else "UTF-16 with what is broken replaced"
        problems.warning(line, column, "SY540", f"this is not {label}; read as {shown}", "export the file as UTF-8")
        return _windows(data) if encoding == "utf-8" else data.decode(encoding, "replace")


def _windows(data: bytes) -> str:
    """Windows-1252, its five unused bytes as Latin-1 has them."""
    return data.decode("latin-1").translate(WINDOWS)


def lines_of(text: str) -> Iterator[str]:
    """The lines of a text, which end in LF, CRLF or CR."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    start = 0
    while (end := text.find("\n", start)) >= 0:
        yield text[start:end]
        start = end + 1
    yield text[start:]


def limited(records: Iterable[T], problems: Problems) -> Iterator[T]:
    """The records of a file, up to RECORDS; that there are more is an error."""
    for number, record in enumerate(records):
        if number == RECORDS:
            what = f"more than {RECORDS:,} records; the rest is not read"
            problems.error(1, 1, "SY546", what, "split the file, and import its parts")
            return
        yield record


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Line and column of an offset; the first of each is 1."""
    before = text[:offset].replace("\r\n", "\n").replace("\r", "\n")
    return before.count("\n") + 1, len(before) - before.rfind("\n")
