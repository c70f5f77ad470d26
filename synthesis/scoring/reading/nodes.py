"""A YAML text as values that know their line and column, and the faults found in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

import yaml

from synthesis.errors import InvalidData, Problem, did_you_mean

CODES: Mapping[str, str] = {
    "SY650": "a rule file is not plain YAML",
    "SY651": "a rule file lacks a field, or has one it cannot use",
    "SY652": "a value of a rule file is of the wrong kind",
    "SY653": "an expression of a rule cannot be read",
    "SY654": "a rule file names something that is not known, or contradicts itself",
    "SY655": "a rule leaves findings that can occur together without a word, or a clause that is never reached",
    "SY656": "a rule does not come to what its own example says",
}
T = TypeVar("T")
LARGEST = 1_000_000  # characters
NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,15})?", re.ASCII)
DEEPEST = 20  # lists and mappings within one another


@dataclass(frozen=True, slots=True)
class Node:
    """A value with its place: text as written for a scalar, pairs for a mapping, items for a list."""

    value: str | tuple[tuple[str, Node], ...] | tuple[Node, ...]
    kind: str  # scalar | mapping | list
    line: int  # the first is 1
    column: int  # the first is 1
    quoted: bool = False


class Nodes:
    """The faults of one file, and the ways to take a node for what it should be."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.problems: list[Problem] = []

    def root(self, text: str) -> Node:
        """The whole text as a node; an empty mapping, with a fault, where it is not YAML."""
        nothing = Node((), "mapping", 1, 1)
        if len(text) > LARGEST:
            self.fault(nothing, "SY650", f"more than {LARGEST:,} characters", "make the file smaller")
            return nothing
        try:
            if not self._plain(text):
                return nothing
            composed = yaml.compose(text, Loader=yaml.CSafeLoader)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            place = Node("", "scalar", mark.line + 1, mark.column + 1) if mark else nothing
            self.fault(place, "SY650", f"not YAML: {getattr(error, 'problem', error)}", "correct the line")
            return nothing
        return self._node(composed) if composed is not None else nothing

    def _plain(self, text: str) -> bool:
        """Whether the text is without anchors, aliases and tags, and not too deep; the first fault is noted."""
        depth = 0
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            marked = getattr(event, "anchor", None) or getattr(event, "tag", None)
            if marked or isinstance(event, yaml.AliasEvent) or depth > DEEPEST:
                mark = event.start_mark
                place = Node("", "scalar", mark.line + 1, mark.column + 1) if mark else Node("", "scalar", 1, 1)
                what = "nested too deeply" if depth > DEEPEST else "an anchor, an alias or a tag"
                self.fault(place, "SY650", what, "write the value itself, without `&`, `*` or `!`")
                return False
        return True

    def stop(self) -> None:
        """Raise everything found so far, if anything was."""
        if self.problems:
            raise InvalidData(dict.fromkeys(self.problems))

    def fault(self, node: Node, code: str, what: str, remedy: str, further: int = 0) -> None:
        """Note one problem at a node, `further` characters into its text."""
        column = node.column + further + (1 if node.quoted else 0)
        self.problems.append(Problem(self.path, node.line, column, code, what, remedy))

    def fields(
        self, node: Node, what: str, names: tuple[str, ...], optional: tuple[str, ...] = ()
    ) -> Mapping[str, Node]:
        """The fields of a mapping; unknown ones and missing ones are faults."""
        found = dict(self.pairs(node))
        for name, value in found.items():
            if name not in names:
                self.fault(value, "SY651", f"{what} has an unknown field {name!r}", did_you_mean(name, names))
        for name in names:
            if name not in found and name not in optional:
                self.fault(node, "SY651", f"{what} has no {name!r}", f"add `{name}:`")
        return found

    def pairs(self, node: Node) -> tuple[tuple[str, Node], ...]:
        """The pairs of a mapping, in file order."""
        if node.kind != "mapping":
            self._wrong(node, "a mapping")
            return ()
        return tuple(pair for pair in node.value if isinstance(pair, tuple))

    def items(self, node: Node) -> tuple[Node, ...]:
        """The items of a list."""
        if node.kind != "list":
            self._wrong(node, "a list")
            return ()
        return tuple(item for item in node.value if isinstance(item, Node))

    def each(self, node: Node | None, read: Callable[[Node], T | None]) -> tuple[T, ...]:
        """What `read` makes of every item of a list, without those it could not read; nothing for None."""
        made = [read(item) for item in (self.items(node) if node else ())]
        return tuple(value for value in made if value is not None)

    def one_of(self, node: Node | None, known_words: Iterable[str], what: str) -> str:
        """A text that must be one of some words; nothing for None."""
        text, words = self.text(node), tuple(known_words)
        if node is not None and text not in words:
            self.fault(node, "SY654", f"{what}: {text!r} is not known here", did_you_mean(text, words))
        return text

    def text(self, node: Node | None) -> str:
        """A scalar as it is written; nothing for None."""
        if node is None:
            return ""
        if not isinstance(node.value, str):
            self._wrong(node, "text")
            return ""
        return node.value

    def texts(self, node: Node | None) -> Mapping[str, str]:
        """A mapping of names to texts; empty for None."""
        return {name: self.text(value) for name, value in self.pairs(node)} if node else {}

    def integer(self, node: Node) -> int:
        """A whole number, 0 with a fault otherwise."""
        text = self.text(node)
        if not text.isdecimal() or node.quoted:
            self._wrong(node, "a whole number")
            return 0
        return int(text)

    def number(self, node: Node) -> float:
        """A number, 0 with a fault otherwise."""
        text = self.text(node)
        if not NUMBER.fullmatch(text) or node.quoted:
            self._wrong(node, "a number")
            return 0.0
        return float(text)

    def number_or_text(self, node: Node) -> float | str:
        """A number where it is written as one, else the text."""
        text = self.text(node)
        return float(text) if NUMBER.fullmatch(text) and not node.quoted else text

    def boolean(self, node: Node) -> bool:
        """Whether it is `true`; a fault if it is neither that nor `false`."""
        text = self.text(node)
        if text not in ("true", "false"):
            self._wrong(node, "true or false")
        return text == "true"

    def plain_pairs(self, node: Node) -> Iterator[tuple[str, object]]:
        """The pairs of a mapping of scalars: numbers and truths as such, all else as text."""
        for name, value in self.pairs(node):
            text = self.text(value)
            if NUMBER.fullmatch(text) and not value.quoted:
                yield name, float(text)
            elif text in ("true", "false") and not value.quoted:
                yield name, text == "true"
            else:
                yield name, text

    def _wrong(self, node: Node, wanted: str) -> None:
        shown = f"{node.value!r}" if isinstance(node.value, str) else f"a {node.kind}"
        self.fault(node, "SY652", f"{shown} stands where {wanted} belongs", f"write {wanted}")

    def _node(self, node: yaml.Node) -> Node:
        line, column = node.start_mark.line + 1, node.start_mark.column + 1
        if isinstance(node, yaml.MappingNode):
            return Node(tuple(self._pairs(node)), "mapping", line, column)
        if isinstance(node, yaml.SequenceNode):
            return Node(tuple(self._node(item) for item in node.value), "list", line, column)
        quoted = isinstance(node, yaml.ScalarNode) and node.style in ("'", '"')
        return Node(str(node.value), "scalar", line, column, quoted)

    def _pairs(self, node: yaml.MappingNode) -> Iterator[tuple[str, Node]]:
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            if name in seen:
                place = Node(name, "scalar", key.start_mark.line + 1, key.start_mark.column + 1)
                self.fault(place, "SY650", f"{name!r} is given twice", "keep one of them")
            seen.add(name)
            yield name, self._node(value)
