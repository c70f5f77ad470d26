"""The items of a JSON list, one at a time, each with its place; what is malformed is reported and passed over."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from synthesis.bibliography.formats.source import Problems, line_and_column

SPACE = re.compile(r"[ \t\r\n]*")
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"|[{}\[\]]', re.DOTALL)
NEXT_ITEM = re.compile(r'\}\s*+,\s*+(?=\{\s*+"(?:id|type|title|DOI)")')
LONGEST_ITEM = 1_000_000  # characters of a broken item whose end is looked for
LIST_INSIDE = re.compile(r'\s*\{\s*"(?:items|references)"\s*:\s*\[')
DEPTH = 50  # lists and objects inside one another
BROKEN = 1000  # items that may be malformed before reading stops
REMEDY = "mend this place, or export the file again"


@dataclass(frozen=True, slots=True)
class Item:
    """A value of JSON; numbers are texts, as written."""

    value: Any
    line: int
    column: int


class Items:
    """The items of a text: those of its outermost list, or the one object that it is."""

    def __init__(self, text: str, problems: Problems) -> None:
        self.text, self.problems = text, problems
        self.repeated: list[str] = []
        self.decoder = json.JSONDecoder(
            object_pairs_hook=self._object, parse_int=str, parse_float=str, parse_constant=str, strict=False
        )
        self.line, self.counted, self.begun = 1, 0, 0  # up to where lines are counted; where the last one begins

    def __iter__(self) -> Iterator[Item]:
        position = self._begin()
        broken = 0
        while position < len(self.text):
            place = self._place(position)
            try:
                value, position = self.decoder.raw_decode(self.text, position)
            except (json.JSONDecodeError, RecursionError) as error:
                broken += 1
                position = self._broken(error, place, position, broken)
                continue
            self._report_repeated(place)
            if _too_deep(value):
                self.problems.error(*place, "SY546", f"lists and objects more than {DEPTH} deep; not read", REMEDY)
            else:
                yield Item(value, *place)
            position = self._after(position)

    def _begin(self) -> int:
        """The offset of the first item."""
        found = LIST_INSIDE.match(self.text)
        if found:
            return self._skip(found.end())
        start = self._skip(0)
        if self.text.startswith("[", start):
            start = self._skip(start + 1)
        return len(self.text) if self.text.startswith("]", start) else start

    def _skip(self, position: int) -> int:
        space = SPACE.match(self.text, position)
        return space.end() if space else position

    def _after(self, position: int) -> int:
        """The offset of the next item, after a comma; the end of the text where the list ends."""
        position = self._skip(position)
        if self.text.startswith(",", position):
            return self._skip(position + 1)
        if position < len(self.text) and self.text[position] != "]":
            found = self.text[position]
            what = f"{found!r} after an item, where a comma or ] should be"
            self.problems.error(*self._place(position), "SY546", what, REMEDY)
            return position if found == "{" else self._next(position)
        return len(self.text)

    def _next(self, position: int, begun: int = -1) -> int:
        """The offset of the item after one that is broken: where its braces close, or where the next one begins."""
        if begun >= 0 and (end := self._closing(begun)):
            following = self._skip(end)
            if self.text.startswith(",", following):
                return self._skip(following + 1)
            if self.text.startswith("]", following):
                return len(self.text)
        found = NEXT_ITEM.search(self.text, position)
        return found.end() if found else len(self.text)

    def _closing(self, begun: int) -> int:
        """The offset after the bracket that closes the item; 0 where none does, or where it is nested too deep."""
        depth = 0
        for token in TOKEN.finditer(self.text, begun):
            depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(token[0], 0)
            if depth == 0 and token[0] in "}]":
                return token.end()
            if depth > DEPTH or depth < 0 or token.end() - begun > LONGEST_ITEM:
                return 0
        return 0

    def _broken(self, error: Exception, place: tuple[int, int], position: int, count: int) -> int:
        """Report an item that cannot be read; the offset of the next one."""
        if count > BROKEN:
            self.problems.error(*place, "SY546", f"{BROKEN} items are malformed; the rest is not read", REMEDY)
            return len(self.text)
        if isinstance(error, json.JSONDecodeError):
            at, what = self._place(error.pos), f"not well-formed JSON: {error.msg[0].lower()}{error.msg[1:]}"
            what += f"; the item that begins in line {place[0]} is not read"
            self.problems.error(*at, "SY546", what, REMEDY)
            return self._next(max(error.pos - 1, position), position)
        self.problems.error(*place, "SY546", "lists and objects too deep in one another; not read", REMEDY)
        return self._next(position + 1)

    def _place(self, offset: int) -> tuple[int, int]:
        """Line and column, counted on from the last place that was asked for."""
        if offset < self.counted:
            return line_and_column(self.text, offset)
        self.line += self.text.count("\n", self.counted, offset)
        self.begun = max(self.begun, self.text.rfind("\n", self.counted, offset) + 1)
        self.counted = offset
        return self.line, offset - self.begun + 1

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            counts = Counter(name for name, _ in pairs)
            self.repeated += [name for name in found if counts[name] > 1]
        return found

    def _report_repeated(self, place: tuple[int, int]) -> None:
        for name in self.repeated:
            what = f"{name!r} is given twice in this item; the last one is read"
            self.problems.warning(*place, "SY547", what, "take one out")
        self.repeated.clear()


def _too_deep(value: Any) -> bool:
    level, depth = [value], 0
    while level and depth <= DEPTH:
        level = [
            inner
            for one in level
            for inner in (one.values() if isinstance(one, dict) else one if isinstance(one, list) else ())
        ]
        depth += 1
    return bool(level)
