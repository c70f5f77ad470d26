"""Records of tagged lines, as RIS has them: found with their lines, whatever is missing or out of order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from synthesis.bibliography.formats.source import Problems

STRICT = re.compile(r"([A-Z][A-Z0-9])  -(?: (.*)|\s*)$", re.DOTALL)
LOOSE = re.compile(r"([A-Z][A-Z0-9])\s*-(?: (.*)|\s*)$", re.DOTALL)
START = re.compile(r"\s*TY\s{0,4}-(?: |$)")
END_OF_FILE = re.compile(r"EF(?:\s*-\s*)?$")  # Web of Science's last line
LINE_BY_LINE = frozenset({"KW"})  # EndNote writes further keywords on lines of their own
NEAR = 8  # characters in which a TY that begins a record stands
MOST = 50_000  # tagged lines of one record
MANY = 4096  # lines of one text that are put together before more are read, to spare memory
REMARKS = 3  # lines outside of records that are reported one by one


@dataclass(slots=True)
class Line:
    """A tag, its text with the lines that continue it, and where it stands."""

    tag: str
    parts: list[str]
    line: int
    joined: int = 0  # parts at the beginning that are many lines each

    def go_on(self, text: str) -> None:
        """One more line of the text."""
        self.parts.append(text)
        if len(self.parts) - self.joined > MANY:
            self.parts[self.joined :] = ["\n".join(self.parts[self.joined :])]
            self.joined += 1

    @property
    def text(self) -> str:
        """The text with its line ends."""
        return "\n".join(self.parts)


@dataclass(slots=True)
class Record:
    """The tagged lines between two ends, by their tags."""

    line: int
    tags: dict[str, list[Line]] = field(default_factory=dict)
    count: int = 0

    def add(self, line: Line) -> Line:
        """One more line, unless there are MOST of them."""
        self.count += 1
        if self.count <= MOST:
            self.tags.setdefault(line.tag, []).append(line)
        return line

    def report_size(self, problems: Problems) -> None:
        """Say that a part of the record is not read, if it has more than MOST lines."""
        if self.count > MOST:
            what = f"this record has {self.count:,} tags, of which {MOST:,} are read"
            problems.error(self.line, 1, "SY546", what, "split the record, or export the file again")

    def all(self, *tags: str) -> list[Line]:
        """The lines of these tags that have a text, in the order of the tags."""
        return [line for tag in tags if tag in self.tags for line in self.tags[tag] if any(map(str.strip, line.parts))]

    def take(self, *tags: str) -> list[Line]:
        """The lines of these tags, as `all` gives them, out of the record."""
        found = self.all(*tags)
        for tag in tags:
            self.tags.pop(tag, None)
        return found

    def texts(self, *tags: str) -> list[str]:
        """The texts of these tags, out of the record."""
        return [line.text for line in self.take(*tags)]


class Records:
    """The records of a file of RIS; what is no part of one is reported."""

    def __init__(self, lines: Iterable[str], problems: Problems) -> None:
        self.lines, self.problems = lines, problems
        self.form = STRICT
        self.outside = 0
        self.last: Line | None = None

    def __iter__(self) -> Iterator[Record]:
        record: Record | None = None
        number = 0
        for number, text in enumerate(self.lines, 1):
            begins = "TY" in text[:NEAR] and START.match(text) is not None and self._begins(record, text)
            if begins:
                if record and "TY" in record.tags:
                    yield from self._without_end(record, number)
                    record = None
                self.form = STRICT if STRICT.match(text) else LOOSE
            found = self.form.match(text) or (LOOSE.match(text.lstrip()) if begins else None)
            if END_OF_FILE.match(text) and record is None:
                self.last = None
            elif found is None:
                self._continued(record, text, number)
            elif found[1] == "ER":
                yield from self._ended(record, number)
                record = None
            else:
                record = record or Record(number)
                self.last = record.add(Line(found[1], [found[2] or ""], number))
        if record:
            yield from self._without_end(record, number)
        self._report_outside()

    def _ended(self, record: Record | None, number: int) -> Iterator[Record]:
        if record is None:
            self.problems.warning(number, 1, "SY542", "an ER that ends no record", "take it out, or nothing")
        elif len(record.tags) == 1 and "TY" in record.tags:
            what = "an empty record, which is left out"
            self.problems.warning(record.line, 1, "SY542", what, "take it out, or nothing")
        else:
            yield record

    def _without_end(self, record: Record, number: int) -> Iterator[Record]:
        what = f"the record that begins in line {record.line} has no ER before this; it is read up to here"
        self.problems.warning(number, 1, "SY542", what, "end each record with the line 'ER  - '")
        yield from self._ended(record, number)

    def _report_outside(self) -> None:
        if self.outside > REMARKS:
            what = f"{self.outside} lines outside any record, and not read; the first {REMARKS} are named above"
            self.problems.note(1, 1, "SY541", what, "nothing, or put them under a tag of a record")

    def _begins(self, record: Record | None, text: str) -> bool:
        """Whether a line with TY begins a record; inside one, only if it is written as the tags of that record."""
        return record is None or self.form.match(text) is not None

    def _continued(self, record: Record | None, text: str, number: int) -> None:
        if not text.strip():
            return
        if record is None or self.last is None:
            self._outside(text, number)
        elif self.last.tag in LINE_BY_LINE:
            self.last = record.add(Line(self.last.tag, [text], number))
        else:
            self.last.go_on(text)

    def _outside(self, text: str, number: int) -> None:
        self.outside += 1
        if self.outside <= REMARKS:
            what = f"outside any record, and not read: {text.strip()[:60]}"
            self.problems.note(number, 1, "SY541", what, "nothing, or put it under a tag of a record")
