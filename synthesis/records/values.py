"""Nodes taken for what their fields should hold: text, numbers, names; every fault with its place and a remedy."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from synthesis.errors import Problem, did_you_mean
from synthesis.records.nodes import MappingNode, Node, ScalarNode, SequenceNode
from synthesis.records.study import NOT_STATED, Place
from synthesis.text import one_line

T = TypeVar("T")

NULLS = ("", "null", "~")
WORDS = (*NULLS, "true", "false")  # plain scalars that are never text
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)?(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
WHOLE = re.compile(r"0|[1-9][0-9]{0,8}")
SMALLEST, LARGEST = 1e-30, 1e15  # no number of a study, 0 apart, is nearer to 0 or further away
LONGEST = 40  # characters of a number, and of a wrong value in a message


class Values:
    """The faults of one file, and the ways to take a node for what it should be.

    Every method returns a usable value, or None (empty text, empty tuple) after it has noted a problem.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.problems: list[Problem] = []

    def fault(self, node: Node, code: str, what: str, remedy: str) -> None:
        """Note one problem at a node."""
        place = self.place(node)
        self.problems.append(Problem(place.path, place.line, place.column, code, one_line(what), one_line(remedy)))

    def place(self, node: Node) -> Place:
        """Where a node stands."""
        mark = node.start_mark
        return Place(self.path, mark.line + 1, mark.column + 1)

    def fields(self, node: Node, what: str, names: frozenset[str], needed: tuple[str, ...] = ()) -> dict[str, Node]:
        """The fields of a mapping that have a value; unknown, repeated and missing ones are faults.

        A field without a value, or with `null`, counts as absent.
        """
        found: dict[str, Node] = {}
        for key, value in self.pairs(node, what):
            name = key.value
            if not isinstance(key, ScalarNode):
                self.wrong(key, "the name of a field", "write `name: value`")
            elif name not in names:
                self.fault(key, "SY105", f"{what} has no field {shown(key)}", did_you_mean(name, sorted(names)))
            elif name in found:
                self.fault(key, "SY104", f"{name!r} is given twice", "keep one of them")
            elif value.value not in NULLS or quoted(value):
                found[name] = value
        if isinstance(node, MappingNode):
            for name in needed:
                if name not in found:
                    self.fault(node, "SY106", f"{what} has no {name!r}", f"add `{name}:`")
        return found

    def pairs(self, node: Node, what: str) -> list[tuple[Node, Node]]:
        """Keys and values of a mapping, in file order."""
        if isinstance(node, MappingNode):
            pairs: list[tuple[Node, Node]] = node.value
            return pairs
        self.wrong(node, f"{what}: a mapping of fields", "write its fields as `name: value`")
        return []

    def items(self, node: Node, what: str) -> list[Node]:
        """The items of a list."""
        if isinstance(node, SequenceNode):
            items: list[Node] = node.value
            return items
        self.wrong(node, f"a list of {what}", "write `- ` before each of them, or [one, two]")
        return []

    def text(self, node: Node | None) -> str:
        """Text as written. A number is taken as its digits; `null`, `true` and `false` are not text."""
        if node is None:
            return ""
        if not isinstance(node, ScalarNode):
            self.wrong(node, "text", "write one value")
            return ""
        value: str = node.value
        if value in WORDS and not node.style:
            self.wrong(node, "text", f"write the words, or put {value!r} in quotes")
            return ""
        if not value.strip():
            self.fault(node, "SY107", "empty text", "write the words, or leave the field out")
        return value.strip()

    def texts(self, node: Node | None, what: str) -> tuple[str, ...]:
        """A list of texts; a single text is a list of one. An empty or repeated one is a fault."""
        return tuple(self.text(item) for item in self.several(node, what))

    def several(self, node: Node | None, what: str) -> list[Node]:
        """The items of a list of texts, or the one text that stands for a list of one."""
        if node is None:
            return []
        items: list[Node] = [node] if isinstance(node, ScalarNode) else self.items(node, what)
        seen: set[object] = set()
        for item in items:
            if isinstance(item, ScalarNode) and item.value in seen:
                self.fault(item, "SY104", f"{item.value!r} is given twice", "keep one of them")
            seen.add(item.value if isinstance(item, ScalarNode) else id(item))
        return items

    def choice(self, node: Node | None, allowed: tuple[str, ...], otherwise: str = NOT_STATED) -> str:
        """One of the allowed words; `otherwise` where the field is absent."""
        if node is None:
            return otherwise
        if isinstance(node, ScalarNode) and node.value in allowed:
            value: str = node.value
            return value
        text = self.text(node)
        if text:
            near = did_you_mean(text, allowed)
            listed = "" if near.startswith("choose") else f" allowed: {', '.join(allowed)}"
            self.fault(node, "SY103", f"{shown(node)} is not allowed here", near + listed)
        return otherwise

    def declared(self, node: Node | None, names: Mapping[str, object] | frozenset[str], what: str) -> str:
        """A name that review.toml declares."""
        text = self.text(node)
        if node is not None and text and text not in names:
            remedy = f"{did_you_mean(text, sorted(names))} or declare it in review.toml"
            self.fault(node, "SY109", f"review.toml declares no {what} {text!r}", remedy)
        return text

    def whole(self, node: Node | None, least: int = 0) -> int | None:
        """A whole number from `least`; None where absent or `not stated`."""
        if node is None or node.value == NOT_STATED:
            return None
        if isinstance(node, ScalarNode) and not node.style and WHOLE.fullmatch(node.value):
            number = int(node.value)
            if number < least:
                self.fault(node, "SY108", f"{number} is less than {least}", f"write a whole number from {least}")
            return number
        self.wrong(node, "a whole number", "write digits only, without quotes, or `not stated`")
        return None

    def number(self, node: Node | None) -> float | None:
        """A decimal number; None where absent or `not stated`."""
        if node is None or node.value == NOT_STATED:
            return None
        if isinstance(node, ScalarNode) and not node.style and is_number(node.value):
            number = float(node.value)
            if number and not SMALLEST <= abs(number) <= LARGEST:
                self.fault(node, "SY108", f"{node.value} is out of all range", "correct its digits or its exponent")
                return None
            return number
        self.wrong(node, "a number", _number_remedy(node))
        return None

    def within(self, node: Node | None, unit: str, holds: Callable[[float], bool], remedy: str) -> float | None:
        """A number for which `holds`; None, and a fault, for any other."""
        number = self.number(node)
        if node is None or number is None or holds(number):
            return number
        self.fault(node, "SY108", f"{node.value} is not {unit}", remedy)
        return None

    def share(self, node: Node | None) -> float | None:
        """A share of 1."""
        return self.within(node, "a share of 1", lambda share: 0 <= share <= 1, "write 0.1 for 10 %")

    def positive(self, node: Node | None, what: str) -> float | None:
        """A number above 0."""
        return self.within(node, f"a possible {what}", lambda number: number > 0, f"a {what} is greater than 0")

    def truth(self, node: Node | None) -> bool | None:
        """`true` or `false`; None where absent or `not stated`."""
        if node is None or node.value == NOT_STATED:
            return None
        if isinstance(node, ScalarNode) and not node.style and node.value in ("true", "false"):
            return bool(node.value == "true")
        self.wrong(node, "true or false", "write `true`, `false` or `not stated`, without quotes")
        return None

    def wrong(self, node: Node, wanted: str, remedy: str) -> None:
        """Note that a value is not of the wanted kind."""
        self.fault(node, "SY107", f"{shown(node)} where there should be {wanted}", remedy)

    def each(self, node: Node | None, what: str, read: Callable[[Node], T | None]) -> tuple[T, ...]:
        """What `read` makes of every item of a list, without those it could not read."""
        made = [read(item) for item in (self.items(node, what) if node else ())]
        return tuple(value for value in made if value is not None)


def quoted(node: Node) -> bool:
    """Whether a node is text in quotes or a block, which is never a number, a truth or nothing."""
    return isinstance(node, ScalarNode) and bool(node.style)


def shown(node: Node) -> str:
    """A node in a message: its text, shortened, or its kind."""
    if isinstance(node, ScalarNode):
        text = repr(node.value)
        return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}...'"
    return "a list" if isinstance(node, SequenceNode) else "a mapping"


def is_number(text: str) -> bool:
    """Whether a text is a finite decimal number such as -1, 0.25, .032 or 1e-3; not 007, 1_000, 0x10 or inf."""
    if len(text) > LONGEST or not NUMBER.fullmatch(text) or not any(char.isdigit() for char in text):
        return False
    return not text.lower().startswith(("e", "-e")) and math.isfinite(float(text))


def _number_remedy(node: Node) -> str:
    if not isinstance(node, ScalarNode):
        return "write one number"
    text = str(node.value).strip()
    if node.style and is_number(text):
        return "remove the quotes"
    if text.endswith("%") and is_number(text[:-1].strip()):
        return f"write the share of 1: {float(text[:-1]) / 100:g}"
    if text[:1] in "<>=" and is_number(text[1:].strip()):
        return "only an exact number can be used: leave the field out, and say what is known in `reported`"
    if is_number(text.replace(",", ".")):
        return f"write a decimal point: {text.replace(',', '.')}"
    return "write a decimal number such as 0.25, or `not stated`"


def join(names: Iterable[str]) -> str:
    """Names as words: a, b and c."""
    listed = list(names)
    return listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} and {listed[-1]}"
