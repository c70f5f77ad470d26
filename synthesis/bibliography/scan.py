"""One entry, read from its `@` on, with the place of every field and of every fault.

A fault never stops the reading: what follows it is read as the writer most likely meant it, and the fault says so.
Braces after a backslash are not counted, unless `every_brace` asks for BibTeX's own way of counting. A calm entry, in
which nothing is doubtful and both ways of counting agree, is found and read by regular expressions alone.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from typing import NamedTuple

from synthesis.bibliography.braces import BRACED, beyond_backslashes, closing
from synthesis.errors import Severity

HEAD = re.compile(r"@[ \t]*(\w*)\s*([{(])")
SPACE = re.compile(r"\s*+")
NAME = re.compile(r"[^\s=,{}()\"#@%]++")
NEXT_FIELD = re.compile(r"\s*+[^\s=,{}()\"#@%]++\s*+=")
KEY_END = {"{": re.compile(r"[,={}\"]"), "(": re.compile(r"[,={}\")]")}
BARE = {"{": re.compile(r"[^\s,#{}\"=]++"), "(": re.compile(r"[^\s,#{}\"=)]++")}
QUOTED = rf'''"[^"{{}}\\]*+(?:(?:{BRACED}|\\++(?!["{{}}]))[^"{{}}\\]*+)*+"'''
VALUE = rf"""(?:{BRACED}|{QUOTED}|[^\s,#{{}}"=]++)"""
VALUES = rf"{VALUE}(?:\s*+\#\s*+{VALUE})*+"
CALM_HEAD = re.compile(r"""@(\w++)\{\s*+([^\s,={}()"#%~\\]++)\s*+,\s*+""")
CALM_FIELD = re.compile(rf"({NAME.pattern})\s*+=\s*+({VALUES})\s*+(?:,\s*+|(?=\}}))")
CALM_ENTRY = re.compile(rf"{CALM_HEAD.pattern}(?:{NAME.pattern}\s*+=\s*+{VALUES}\s*+(?:,\s*+|(?=\}})))*+\}}")
PART = re.compile(VALUE)
SHALLOW, PLAIN = re.compile(BRACED), re.compile(QUOTED)
UNQUOTED = re.compile(r"""[^"{}\\]*+(?:\\++(?!["{}])[^"{}\\]*+)*+""")
MOST_FAULTS = 100  # of an entry; one with more is no entry
MOST_FIELDS = 1000  # of an entry; one with more is no entry
VALUE_END = {  # what follows a value: the next field, another part, or the end of the entry
    bracket: re.compile(rf"""\s*+(?:[{close}]|\#\s*+["{{\w]|,\s*+(?:[{close}]|{NAME.pattern}\s*+=))""")
    for bracket, close in (("{", "}"), ("(", ")"))
}
STOP = {"{": re.compile(r"(?<!\\)[{},]"), "(": re.compile(r"(?<!\\)[{},)]")}
BAD_IN_KEY = re.compile(r"[\s#%~\\]")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in the text of an entry."""

    offset: int
    code: str
    what: str
    remedy: str
    severity: Severity = Severity.ERROR


class Part(NamedTuple):
    """A piece of a value: delimited text (`{` or `"`), or a bare number or macro (nothing)."""

    delimiter: str
    text: str


class RawField(NamedTuple):
    """A field as it stands in the text."""

    name: str
    start: int  # of the name
    equals: int  # of the `=`
    value_start: int
    value_end: int
    parts: tuple[Part, ...]


@dataclass(slots=True)
class Scan:
    """What was read of one entry; `end` is the offset after its closing delimiter."""

    type: str  # in small letters
    key: str
    opening: str  # { or (
    key_end: int = 0
    fields: list[RawField] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    end: int = 0


class NotClosedError(Exception):
    """The text ends before the entry does, or too much is wrong in it."""


def calm_end(text: str, start: int, limit: int) -> int | None:
    """The end of the entry at `start`, if nothing in it is doubtful."""
    found = CALM_ENTRY.match(text, start, limit)
    return found.end() if found else None


def has_too_many_fields(text: str, start: int, end: int) -> bool:
    """Whether a calm entry has more than MOST_FIELDS."""
    if text.count("=", start, end) <= MOST_FIELDS:
        return False
    head = CALM_HEAD.match(text, start, end)
    position, number = head.end() if head else end, 0
    while number <= MOST_FIELDS and (found := CALM_FIELD.match(text, position, end)):
        position, number = found.end(), number + 1
    return number > MOST_FIELDS


def scan_entry(text: str, start: int, limit: int, *, every_brace: bool = False) -> Scan | None:
    """The entry that begins with the `@` at `start`, or None where it is not closed before `limit`."""
    if (end := calm_end(text, start, limit)) is not None:
        return _calm_scan(text, start, end)
    try:
        return _Scanner(text, start, limit, every_brace=every_brace).entry()
    except NotClosedError:
        return None


def _calm_scan(text: str, start: int, end: int) -> Scan:
    """An entry in which nothing is doubtful, field by field."""
    head = CALM_HEAD.match(text, start, end)
    assert head is not None
    scan = Scan(sys.intern(head[1].lower()), head[2], "{", head.end(2), end=end)
    position = head.end()
    while found := CALM_FIELD.match(text, position, end):
        name, value = found.group(1, 2)
        first, last = found.span(2)
        equals = text.index("=", found.end(1))
        scan.fields.append(RawField(name, position, equals, first, last, _calm_parts(value)))
        position = found.end()
    return scan


def _calm_parts(value: str) -> tuple[Part, ...]:
    """The parts of a value whose braces balance."""
    if "#" not in value:
        return (_calm_part(value),)
    return tuple(_calm_part(found[0]) for found in PART.finditer(value))


def _calm_part(value: str) -> Part:
    return Part(value[0], value[1:-1]) if value[0] in '{"' else Part("", value)


class _Scanner:
    """A position that moves forward through one entry."""

    def __init__(self, text: str, start: int, limit: int, *, every_brace: bool) -> None:
        self.text, self.start, self.limit, self.every_brace = text, start, limit, every_brace
        head = HEAD.match(text, start, limit)
        if head is None:
            raise NotClosedError
        self.opening = head[2]
        self.bracket = "}" if self.opening == "{" else ")"
        self.position = head.end()
        self.name = ""  # of the field whose value is read
        self.scan = Scan(type=head[1].lower(), key="", opening=self.opening)

    def entry(self) -> Scan:
        self._key()
        while (char := self._peek()) != self.bracket:
            if char == ",":
                self._fault("SY431", "a comma without a field before it", "take it out")
                self.position += 1
            else:
                self._field()
                self._after_value()
        self.scan.end = self.position + 1
        return self.scan

    def _peek(self) -> str:
        """The next character that is not white space, which the position moves to."""
        space = SPACE.match(self.text, self.position, self.limit)
        self.position = space.end() if space else self.position
        if self.position >= self.limit:
            raise NotClosedError
        return self.text[self.position]

    def _fault(
        self, code: str, what: str, remedy: str, offset: int | None = None, severity: Severity = Severity.ERROR
    ) -> None:
        if len(self.scan.faults) >= MOST_FAULTS:
            raise NotClosedError
        self.scan.faults.append(Fault(self.position if offset is None else offset, code, what, remedy, severity))

    def _key(self) -> None:
        self._peek()
        first = self.position
        stop = KEY_END[self.opening].search(self.text, first, self.limit)
        if stop is None or stop[0] in '{"' or (stop[0] == "}" and self.bracket == ")"):
            raise NotClosedError
        words = self.text[first : stop.start()].strip()
        if stop[0] == "=":
            words = self._key_without_comma(first, words)
        else:
            self.position = stop.end() if stop[0] == "," else stop.start()
        self.scan.key, self.scan.key_end = words, first + len(words)
        if not words:
            remedy = "write one after the opening brace" + (", without the sign =" if stop[0] == "=" else "")
            self._fault("SY420", f"@{self.scan.type} has no key", remedy, self.start)
        elif bad := BAD_IN_KEY.search(words):
            char = bad[0] if bad[0].strip() else "white space"
            self._fault("SY423", f"{char} in the key {words!r}", "write the key without it", first + bad.start())

    def _key_without_comma(self, first: int, words: str) -> str:
        """The key where `=` comes before any comma: the words but the last, which is a field's name."""
        name = words.rsplit(None, 1)[-1] if words else ""
        key = words[: len(words) - len(name)].rstrip()
        self.position = first + len(words) - len(name)
        if key:
            self._fault("SY430", f"no comma after the key {key!r}", "write one", first + len(key))
        return key

    def _field(self) -> None:
        name = NAME.match(self.text, self.position, self.limit)
        if name is None:
            self._fault("SY431", f"{self.text[self.position]!r} where a field should begin", "write NAME = {VALUE}")
            self._skip()
            return
        start, self.position = self.position, name.end()
        if self._peek() != "=":
            self._fault("SY431", f"{name[0]!r} is no field: it has no value", f"write {name[0]} = {{...}}", start)
            self._skip()
            return
        equals = self.position
        self.position += 1
        self._value(name[0], start, equals)

    def _value(self, name: str, start: int, equals: int) -> None:
        self._peek()
        self.name = name
        first, parts = self.position, [self._part()]
        end = self.position
        while any(parts[-2:]) + (len(parts) == 1) and self._peek() == "#":  # not two signs # without a value between
            self.position += 1
            self._peek()
            parts.append(self._part())
            end = self.position
        if not all(parts):
            self._fault("SY431", f"the field {name!r} has no value", "write one, or take the field out", start)
        if len(self.scan.fields) >= MOST_FIELDS:
            raise NotClosedError
        given = tuple(part for part in parts if part)
        self.scan.fields.append(RawField(name, start, equals, first, end, given))
        self.position = end

    def _part(self) -> Part | None:
        char = self.text[self.position]
        if char == "{":
            return self._braced()
        if char == '"':
            return self._quoted()
        bare = BARE[self.opening].match(self.text, self.position, self.limit)
        if bare is None:
            return None
        self.position = bare.end()
        return Part("", bare[0])

    def _braced(self) -> Part:
        first = self.position
        shallow = SHALLOW.match(self.text, first, self.limit)
        self.position = shallow.end() if shallow else self._balanced(first)
        return Part("{", self.text[first + 1 : self.position - 1])

    def _balanced(self, first: int) -> int:
        end = closing(self.text, first, self.limit, every_brace=self.every_brace)
        if end is None:
            raise NotClosedError
        return end

    def _quoted(self) -> Part:
        first = self.position
        plain = PLAIN.match(self.text, first, self.limit)
        self.position = plain.end() if plain else self._quote_end(first)
        return Part('"', self.text[first + 1 : self.position - 1])

    def _quote_end(self, first: int) -> int:
        """The offset after the quote that closes the one at `first`: at brace depth 0, else simply the next one."""
        position: int | None = first + 1
        escaped: list[int] = []  # the first quote after a backslash, if there is one
        while position is not None and (char := self._marked(position, escaped)) < self.limit:
            if self.text[char] == '"':
                self._cut_off(escaped)
                return char + 1
            position = self._group_end(char)
        last = self.text.find('"', first + 1, self.limit)
        if last < 0:
            raise NotClosedError
        self._fault("SY434", "braces that do not balance inside quotes", "balance them", first)
        return last + 1

    def _cut_off(self, escaped: list[int]) -> None:
        r"""Say of a value with `\"` that it is longer here than for BibTeX, where a backslash does not save a quote."""
        if escaped:
            what = rf"BibTeX ends the value of {self.name!r} at the quotation mark of \" and loses the rest"
            remedy = r"write the accent in braces, as in {\"u}, or the whole value"
            self._fault("SY434", what, remedy, escaped[0], Severity.WARNING)

    def _marked(self, position: int, escaped: list[int]) -> int:
        r"""The next quote or brace that counts, or the limit; the first quote that does not is noted."""
        while (found := UNQUOTED.match(self.text, position, self.limit)) and (char := found.end()) < self.limit:
            if self.text[char] != "\\":
                return char
            after = beyond_backslashes(self.text, char, self.limit)
            if after >= self.limit:
                return self.limit
            if self.text[after] != '"':
                if self.every_brace:
                    return after
            elif VALUE_END[self.opening].match(self.text, after + 1, self.limit):
                return after
            elif not escaped:
                escaped.append(after)
            position = after + 1
        return self.limit

    def _group_end(self, first: int) -> int | None:
        """The offset after the group that begins with a brace; None where it is a closing one, or none closes it."""
        if self.text[first] != "{":
            return None
        return closing(self.text, first, self.limit, every_brace=self.every_brace)

    def _after_value(self) -> None:
        char = self._peek()
        if char == ",":
            self.position += 1
        elif char != self.bracket:
            self._no_comma()

    def _no_comma(self) -> None:
        last = self.scan.fields[-1] if self.scan.fields else None
        after = f"after the value of {last.name!r}" if last else "before this"
        if last and NEXT_FIELD.match(self.text, self.position, self.limit):
            self._fault("SY430", f"no comma {after}", "write one", last.value_end)
            return
        self._fault("SY431", f"text {after} that is part of no field", "delimit the whole value, or take it out")
        self._skip()
        if self._peek() == ",":
            self.position += 1

    def _skip(self) -> None:
        """Move to the next comma or closing delimiter that stands in no braces."""
        depth = 0
        for mark in STOP[self.opening].finditer(self.text, self.position, self.limit):
            if depth == 0 and mark[0] in (",", self.bracket):
                self.position = mark.start()
                return
            depth += {"{": 1, "}": -1}.get(mark[0], 0)
        raise NotClosedError
