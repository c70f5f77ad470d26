"""What an expression is, once it is read: a tree of a few kinds of node, each of them plain data."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

Kind = Literal["a number", "a condition", "a text"]


class ExpressionError(ValueError):
    """An expression that cannot be read; `column` is the place in its text, the first is 1."""

    def __init__(self, what: str, column: int) -> None:
        self.column = column
        super().__init__(what)


@dataclass(frozen=True, slots=True)
class Declared:
    """A name that an expression may use: what it stands for, and what it can be."""

    kind: Kind
    words: tuple[str, ...] = ()  # of a text, where they are known
    least: float = -math.inf  # of a number
    most: float = math.inf


@dataclass(frozen=True, slots=True)
class Written:
    """A number, `true` or `false`, or a quoted text."""

    value: float | bool | str


@dataclass(frozen=True, slots=True)
class Name:
    """A field, a feature or a value by its name."""

    name: str


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of a condition."""

    of: Node


@dataclass(frozen=True, slots=True)
class Joined:
    """Conditions joined by one word."""

    word: Literal["and", "or"]
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """Two numbers, two texts or two conditions compared."""

    sign: str  # == != < <= > >=
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Among:
    """Whether something is one of several literals."""

    of: Node
    values: tuple[Written, ...]


@dataclass(frozen=True, slots=True)
class Stated:
    """Whether something is known."""

    of: Node


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Two numbers reckoned together."""

    sign: str  # + - * /
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Called:
    """One of the language's own functions."""

    function: str
    arguments: tuple[Node, ...]


Node = Written | Name | Not | Joined | Compared | Among | Stated | Arithmetic | Called


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression as written, what it gives, the names it uses, and its tree."""

    text: str
    kind: Kind
    names: frozenset[str]
    tree: Node
