"""Values of a TOML table taken for what their keys should hold: every fault at the line of its key."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from synthesis.errors import Problem, did_you_mean
from synthesis.records.review import FILE
from synthesis.records.toml_places import Path as KeyPath
from synthesis.records.toml_places import nearest
from synthesis.text import one_line

Items = TypeVar("Items", list[object], tuple[str, ...])


class Tables:
    """The faults of one file, and the ways to take a value by its path.

    Every method returns a usable value, after it has noted a problem where there is one.
    """

    def __init__(self, places: Mapping[KeyPath, tuple[int, int]]) -> None:
        self.places = places
        self.problems: list[Problem] = []

    def fields(
        self, path: KeyPath, table: object, names: Iterable[str], needed: Iterable[str] = ()
    ) -> Mapping[str, object]:
        """The known keys of a table; unknown and missing ones are faults."""
        known, found = list(names), self.mapping(path, table)
        for key in found:
            if key not in known:
                what = f"{_words(path)} has no key {key!r}"
                self.fault((*path, key), "SY105", what, did_you_mean(key, known))
        for key in needed:
            if key not in found and isinstance(table, dict):
                self.fault(path, "SY106", f"{_words(path)} has no {key!r}", f"add {key!r}; docs/format.md shows how")
        return {key: value for key, value in found.items() if key in known}

    def mapping(self, path: KeyPath, table: object) -> Mapping[str, object]:
        """A table."""
        if isinstance(table, dict):
            return table
        self.wrong(path, table, "a table", f"write it as [{_words(path)}] with its keys below")
        return {}

    def text(self, path: KeyPath, parts: Mapping[str, object]) -> str:
        """Text that may be absent; nothing else is text."""
        value = parts.get(str(path[-1]), "")
        if isinstance(value, str):
            return value.strip()
        self.wrong(path, value, "text", "put it in quotes")
        return ""

    def texts(self, path: KeyPath, parts: Mapping[str, object]) -> tuple[str, ...]:
        """A list of texts that may be absent, each once."""
        items = self.items(path, parts, "texts")
        for item in items:
            if not isinstance(item, str):
                self.wrong(path, item, "text", "put it in quotes")
        texts = tuple(item for item in items if isinstance(item, str))
        for text in sorted({text for text in texts if texts.count(text) > 1}):
            self.fault(path, "SY120", f"{text!r} is given twice", "keep one of them")
        return texts

    def some(self, path: KeyPath, parts: Mapping[str, object], items: Items) -> Items:
        """The items of a list, which is not empty where it is given."""
        if parts.get(str(path[-1])) == []:
            self.fault(path, "SY103", f"{path[-1]} is empty", "name at least one, or leave the key out")
        return items

    def items(self, path: KeyPath, parts: Mapping[str, object], what: str) -> list[object]:
        """A list that may be absent."""
        value = parts.get(str(path[-1]), [])
        if isinstance(value, list):
            return value
        self.wrong(path, value, f"a list of {what}", "put it in brackets: [...]")
        return []

    def choice(self, path: KeyPath, parts: Mapping[str, object], allowed: tuple[str, ...], otherwise: str) -> str:
        """One of the allowed words; `otherwise` where the key is absent."""
        if path[-1] not in parts:
            return otherwise
        value = self.text(path, parts)
        if value in allowed:
            return value
        if isinstance(parts[str(path[-1])], str):
            self.fault(path, "SY103", f"{value!r} is not a known {path[-1]}", did_you_mean(value, allowed))
        return otherwise

    def truth(self, path: KeyPath, parts: Mapping[str, object], *, otherwise: bool) -> bool:
        """`true` or `false`; `otherwise` where the key is absent."""
        value = parts.get(str(path[-1]), otherwise)
        if isinstance(value, bool):
            return value
        self.wrong(path, value, "true or false", "write true or false, without quotes")
        return otherwise

    def number(
        self,
        path: KeyPath,
        parts: Mapping[str, object],
        unit: str,
        holds: Callable[[float], bool],
        otherwise: float = 0.0,
    ) -> float:
        """A finite number for which `holds`; `otherwise` where the key is absent."""
        value = parts.get(str(path[-1]), otherwise)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            self.wrong(path, value, "a number", "write a number without quotes")
        elif not (math.isfinite(value) and holds(value)):
            self.fault(path, "SY108", f"{value:g} is not {unit}", f"write {unit}")
        else:
            return float(value)
        return otherwise

    def wrong(self, path: KeyPath, value: object, wanted: str, remedy: str) -> None:
        """Note that a value is not of the wanted kind."""
        kind = {dict: "a table", list: "a list", str: "text", bool: "true or false"}.get(type(value), "")
        self.fault(path, "SY107", f"{_words(path)} is {kind or value}, not {wanted}", remedy)

    def fault(self, path: KeyPath, code: str, what: str, remedy: str) -> None:
        """Note one problem at a key, or at the nearest one above it that stands on its own line."""
        line, column = nearest(self.places, path)
        self.problems.append(Problem(FILE, line, column, code, one_line(what), one_line(remedy)))


def _words(path: KeyPath) -> str:
    return ".".join(str(key) for key in path if isinstance(key, str)) or FILE
