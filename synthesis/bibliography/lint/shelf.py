"""What the rules look at: the libraries of a review, what the review says about them, and what is worked out once."""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

from synthesis.bibliography.blocks import Block, Lines
from synthesis.bibliography.entry import BRACES, QUOTES, Entry, Field
from synthesis.bibliography.library import Library
from synthesis.bibliography.lint.fields import AS_IT_STANDS, OWN_RULES
from synthesis.bibliography.scan import RawField, Scan

if TYPE_CHECKING:
    from synthesis.bibliography.retractions import Row

T = TypeVar("T")
DELIMITERS = ("{", '"')
TO_VALUE = re.compile(r"[^\s=,{}()\"#@%]+\s*=\s*")


class PlaceLike(Protocol):
    """Where something is cited: a file of the review, a line and a column, from 1."""

    @property
    def path(self) -> str:
        """Relative to the review folder."""

    @property
    def line(self) -> int:
        """The first is 1."""

    @property
    def column(self) -> int:
        """The first is 1."""


class SampleLike(Protocol):
    """A record of one sample of people."""

    @property
    def key(self) -> str:
        """Its name."""

    @property
    def place(self) -> PlaceLike:
        """Where it stands."""

    @property
    def cite(self) -> Sequence[str]:
        """Its reports, keys of the library."""

    def at(self, name: str, /) -> PlaceLike:
        """Where a field of it stands."""


@dataclass(frozen=True)
class Sheet:
    """One file of the library."""

    library: Library

    @cached_property
    def lines(self) -> Lines:
        """The beginnings of its lines."""
        return Lines.of(self.library.text)

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks of its entries, in their order."""
        return tuple(block for block in self.library.blocks if block.kind == "entry")

    @cached_property
    def values(self) -> tuple[Value, ...]:
        """Every field of every entry, in the order of the text."""
        starts = self.lines.starts
        return tuple(
            Value(self, number, entry, field, starts[field.line - 1] + field.column - 1)
            for number, entry in enumerate(self.library.entries)
            for field in entry.fields
        )

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Where each of `values` begins."""
        return tuple(value.start for value in self.values)

    def at(self, offset: int) -> Value | None:
        """The value in which an offset of the text lies, delimiters included."""
        number = bisect.bisect_right(self.starts, offset) - 1
        if number < 0:
            return None
        value = self.values[number]
        start, end = value.span
        return value if start <= offset < end else None

    @cached_property
    def _spans(self) -> dict[int, tuple[int, int]]:
        return {}

    def span(self, value: Value) -> tuple[int, int]:
        """Where a value begins and ends; found once, for as many questions."""
        if value.start not in self._spans:
            name = TO_VALUE.match(self.library.text, value.start)
            assert name is not None
            self._spans[value.start] = name.end(), name.end() + _length(value.field)
        return self._spans[value.start]

    @cached_property
    def _own_rules(self) -> dict[tuple[int, int], list[tuple[int, int]]]:
        return {}

    def own_rules(self, span: tuple[int, int]) -> list[tuple[int, int]]:
        """Where, between two offsets, characters are LaTeX's own business; found once, for as many questions."""
        if span not in self._own_rules:
            self._own_rules[span] = [found.span() for found in OWN_RULES.finditer(self.library.text, *span)]
        return self._own_rules[span]

    @cached_property
    def _scans(self) -> dict[int, Scan | None]:
        return {}

    def scan(self, number: int) -> Scan:
        """The entry of a number as it stands in the text; read once."""
        if number not in self._scans:
            self._scans[number] = self.blocks[number].scan
        scan = self._scans[number]
        assert scan is not None
        return scan


class Value(NamedTuple):
    """A field of an entry with its place in the text of its file."""

    sheet: Sheet
    number: int  # of the entry in its file
    entry: Entry
    field: Field
    start: int  # the offset of its name

    @property
    def raw(self) -> RawField:
        """The field as it stands in the text."""
        return next(raw for raw in self.sheet.scan(self.number).fields if raw.start == self.start)

    @property
    def span(self) -> tuple[int, int]:
        """Where the value begins and ends in the text of its file, delimiters included."""
        return self.sheet.span(self)

    @property
    def whole(self) -> bool:
        """Whether the value is of one part; macros and `#` make values of several."""
        return self.field.text in (BRACES, QUOTES) or len(self.raw.parts) == 1

    @property
    def delimited(self) -> bool:
        """Whether the value is one text in braces or quotes."""
        return self.sheet.library.text[self.span[0]] in DELIMITERS and self.whole

    @property
    def inside(self) -> tuple[int, int]:
        """Where the text of a delimited value begins and ends."""
        start, end = self.span
        return start + 1, end - 1

    @property
    def as_it_stands(self) -> bool:
        """Whether it has verbatim text, an address in a command or an environment: no fix changes its text."""
        return AS_IT_STANDS.search(self.field.written) is not None

    def own_rules(self, offset: int) -> bool:
        """Whether an offset of the file lies in mathematics, an address or a command that reads it in its own way."""
        spans = self.sheet.own_rules(self.span)
        number = bisect.bisect_right(spans, (offset, len(self.sheet.library.text))) - 1
        return number >= 0 and offset < spans[number][1]


@dataclass(frozen=True)
class Shelf:
    """The files of a library, and what a review says of its entries; empty where there is no review."""

    libraries: tuple[Library, ...]
    cited: Mapping[str, PlaceLike | Sequence[PlaceLike]] | None = None  # None: nobody has looked
    samples: Sequence[SampleLike] = ()
    retractions: Sequence[Row] = ()  # of a list
    as_of: int | None = None  # the latest year that an entry may have

    @cached_property
    def sheets(self) -> tuple[Sheet, ...]:
        """One for each file."""
        return tuple(map(Sheet, self.libraries))

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Of all files."""
        return tuple(entry for library in self.libraries for entry in library.entries)

    @cached_property
    def by_key(self) -> Mapping[str, Entry]:
        """Of a repeated key the first."""
        return {entry.key: entry for entry in reversed(self.entries)}

    @cached_property
    def _by_name(self) -> Mapping[str, list[Value]]:
        found: dict[str, list[Value]] = {}
        for sheet in self.sheets:
            for value in sheet.values:
                found.setdefault(value.field.name, []).append(value)
        return found

    @cached_property
    def _worked_out(self) -> dict[str, Any]:
        return {}

    def once(self, what: str, make: Callable[[], T]) -> T:
        """What several rules ask for, worked out for the first of them."""
        if what not in self._worked_out:
            self._worked_out[what] = make()
        found: T = self._worked_out[what]
        return found

    def named(self, *names: str) -> Iterator[Value]:
        """The fields with these names, one name after the other."""
        return (value for name in names for value in self._by_name.get(name, ()))

    @property
    def names(self) -> Iterable[tuple[str, Sequence[Value]]]:
        """The fields by name."""
        return self._by_name.items()

    def hits(
        self, pattern: re.Pattern[str], names: frozenset[str] | None = None
    ) -> Iterator[tuple[Value, re.Match[str]]]:
        """Where a pattern stands in values as they are written in the files; of fields with some names, or of all."""
        for sheet in self.sheets:
            value, start, end, wanted = None, 0, 0, False
            for match in pattern.finditer(sheet.library.text):
                if not start <= match.start() < end:
                    value = sheet.at(match.start())
                    start, end = value.span if value else (0, 0)
                    wanted = value is not None and (names is None or value.field.name in names)
                if value and wanted and match.end() <= end:
                    yield value, match


def _length(field: Field) -> int:
    """Of the value as it is written, without writing it."""
    return len(field.value) + 2 if field.text in (BRACES, QUOTES) else len(field.text)
