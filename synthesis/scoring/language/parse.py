"""Text to tree: a recursive descent, a method per line of the grammar.

- condition = conjunction { "or" conjunction }
- conjunction = negation { "and" negation }
- negation = "not" negation | comparison
- comparison = sum { ( "==" | "!=" | "<=" | ">=" | "<" | ">" ) sum } | sum [ "not" ] "in" "(" literals ")"
  | sum "is" [ "not" ] "stated"
- sum = product { ( "+" | "-" ) product }
- product = term { ( "*" | "/" ) term }
- term = "-" term | number | text | "true" | "false" | name | function "(" sums ")" | "(" condition ")"
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from synthesis.errors import did_you_mean
from synthesis.scoring.language.evaluate import FUNCTIONS
from synthesis.scoring.language.tree import (
    Among,
    Arithmetic,
    Called,
    Compared,
    Declared,
    Expression,
    ExpressionError,
    Joined,
    Kind,
    Name,
    Node,
    Not,
    Stated,
    Written,
)

TOKEN = re.compile(
    r"\s*(?:(?P<number>\d{1,15}(?:\.\d{1,15})?|\.\d{1,15})(?![\w.])"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<text>'[^'\\\n]*'|\"[^\"\\\n]*\")"
    r"|(?P<sign>==|!=|<=|>=|[<>+\-*/(),]))",
    re.ASCII,
)
WORDS = ("and", "or", "not", "in", "is", "stated", "true", "false")
COMPARISONS = ("==", "!=", "<=", ">=", "<", ">")
DEEPEST = 20  # brackets, `not` and minus signs within one another
LONGEST = 2_000  # characters


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # number | name | text | sign | end
    text: str
    column: int


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of the tree, what it gives, and where it begins."""

    node: Node
    kind: Kind
    column: int


def parse(text: str, names: Mapping[str, Declared], kind: Kind | None = None) -> Expression:
    """The expression that `text` states about what is called `names`.

    Parameters
    ----------
    text : str
        At most 2,000 characters.
    names : mapping of str to Declared
        What may be spoken of.
    kind : {'a number', 'a condition', 'a text'}, optional
        What it must give; anything by default.

    Raises
    ------
    ExpressionError
        An unknown name, sign or text, something missing or left over, one kind where another belongs.
    """
    parser = _Parser(text, names)
    part = parser.condition()
    parser.end()
    if kind is not None:
        _expect(part, kind)
    return Expression(text, part.kind, frozenset(parser.used), part.node)


class _Parser:
    def __init__(self, text: str, names: Mapping[str, Declared]) -> None:
        self.names = names
        self.tokens = _tokens(text)
        self.place = 0
        self.depth = 0
        self.used: set[str] = set()

    @property
    def next(self) -> _Token:
        return self.tokens[self.place]

    def take(self) -> _Token:
        token = self.next
        self.place += token.kind != "end"
        return token

    def have(self, *texts: str) -> bool:
        """Whether the next token is one of these words or signs."""
        return self.next.kind in ("name", "sign") and self.next.text in texts

    def need(self, text: str, what: str) -> None:
        if not self.have(text):
            raise ExpressionError(what, self.next.column)
        self.take()

    def end(self) -> None:
        if self.next.kind != "end":
            raise ExpressionError(f"{self.next.text!r} is left over", self.next.column)

    def condition(self) -> _Part:
        return self.joined("or", self.conjunction)

    def conjunction(self) -> _Part:
        return self.joined("and", self.negation)

    def joined(self, word: Literal["and", "or"], part: Callable[[], _Part]) -> _Part:
        parts = [part()]
        while self.have(word):
            self.take()
            parts.append(part())
        if len(parts) == 1:
            return parts[0]
        nodes = tuple(_expect(each, "a condition") for each in parts)
        return _Part(Joined(word, nodes), "a condition", parts[0].column)

    def negation(self) -> _Part:
        if not self.have("not"):
            return self.comparison()
        column = self.take().column
        node = _expect(self.deeper(self.negation, column), "a condition")
        return _Part(Not(node), "a condition", column)

    def comparison(self) -> _Part:
        left = self.sum()
        if self.have("is"):
            return self.stated(left)
        if self.have("in", "not"):
            return self.among(left)
        pairs = []
        before = left
        while self.have(*COMPARISONS):
            sign = self.take().text
            after = self.sum()
            pairs.append(self.compared(before, sign, after))
            before = after
        if not pairs:
            return left
        return _Part(pairs[0] if len(pairs) == 1 else Joined("and", tuple(pairs)), "a condition", left.column)

    def compared(self, left: _Part, sign: str, right: _Part) -> Node:
        if sign in ("==", "!="):
            _expect(right, left.kind)
            self.can_be(left, right)
            self.can_be(right, left)
        else:
            _expect(left, "a number")
            _expect(right, "a number")
        return Compared(sign, left.node, right.node)

    def can_be(self, part: _Part, other: _Part) -> None:
        """A text that the named field never is would be a comparison that never holds."""
        if isinstance(part.node, Name) and isinstance(other.node, Written):
            words, said = self.names[part.node.name].words, other.node.value
            if words and said not in words:
                what = f"{part.node.name} is never {said!r}: {did_you_mean(str(said), words)}"
                raise ExpressionError(what, other.column)

    def stated(self, left: _Part) -> _Part:
        self.take()
        denied = self.have("not")
        if denied:
            self.take()
        self.need("stated", "`stated` or `not stated` belongs after `is`")
        node = Stated(left.node)
        return _Part(Not(node) if denied else node, "a condition", left.column)

    def among(self, left: _Part) -> _Part:
        denied = self.take().text == "not"
        if denied:
            self.need("in", "`in` belongs after this `not`")
        self.need("(", "a list in brackets belongs after `in`")
        values = [self.literal(left)]
        while self.have(","):
            self.take()
            values.append(self.literal(left))
        self.need(")", "a bracket is not closed")
        node = Among(left.node, tuple(values))
        return _Part(Not(node) if denied else node, "a condition", left.column)

    def literal(self, left: _Part) -> Written:
        part = self.term()
        if not isinstance(part.node, Written):
            raise ExpressionError("only numbers and quoted texts belong in a list", part.column)
        _expect(part, left.kind)
        self.can_be(left, part)
        return part.node

    def sum(self) -> _Part:
        return self.reckoned(("+", "-"), self.product)

    def product(self) -> _Part:
        return self.reckoned(("*", "/"), self.term)

    def reckoned(self, signs: tuple[str, ...], part: Callable[[], _Part]) -> _Part:
        left = part()
        while self.have(*signs):
            sign = self.take().text
            right = part()
            node = Arithmetic(sign, _expect(left, "a number"), _expect(right, "a number"))
            left = _Part(node, "a number", left.column)
        return left

    def term(self) -> _Part:
        token = self.take()
        if token.kind == "number":
            return _Part(Written(float(token.text)), "a number", token.column)
        if token.kind == "text":
            return _Part(Written(token.text[1:-1]), "a text", token.column)
        if token.text == "(":
            return self.bracket(token.column)
        if token.text == "-":
            return self.minus(token.column)
        if token.kind == "name" and token.text in ("true", "false"):
            return _Part(Written(token.text == "true"), "a condition", token.column)
        if token.kind == "name" and token.text not in WORDS:
            return self.call(token) if self.have("(") else self.name(token)
        if token.kind == "end":
            raise ExpressionError("the expression ends too early", token.column)
        raise ExpressionError(f"a name, a number or a text belongs before {token.text!r}", token.column)

    def name(self, token: _Token) -> _Part:
        if token.text not in self.names:
            raise ExpressionError(f"unknown name {token.text!r}: {did_you_mean(token.text, self.names)}", token.column)
        self.used.add(token.text)
        return _Part(Name(token.text), self.names[token.text].kind, token.column)

    def minus(self, column: int) -> _Part:
        node = _expect(self.deeper(self.term, column), "a number")
        if isinstance(node, Written):
            return _Part(Written(-float(node.value)), "a number", column)
        return _Part(Arithmetic("-", Written(0.0), node), "a number", column)

    def bracket(self, column: int) -> _Part:
        part = self.deeper(self.condition, column)
        self.need(")", "a bracket is not closed")
        return part

    def call(self, token: _Token) -> _Part:
        if token.text not in FUNCTIONS:
            raise ExpressionError(f"no function {token.text!r}: {did_you_mean(token.text, FUNCTIONS)}", token.column)
        self.take()
        arguments = [_expect(self.deeper(self.sum, token.column), "a number")]
        while self.have(","):
            self.take()
            arguments.append(_expect(self.deeper(self.sum, token.column), "a number"))
        self.need(")", "a bracket is not closed")
        called = FUNCTIONS[token.text]
        if not called.least <= len(arguments) <= called.most:
            wanted = f"{called.least}" if called.least == called.most else f"{called.least} to {called.most}"
            raise ExpressionError(f"{token.text} takes {wanted} numbers, not {len(arguments)}", token.column)
        return _Part(Called(token.text, tuple(arguments)), "a number", token.column)

    def deeper(self, read: Callable[[], _Part], column: int) -> _Part:
        self.depth += 1
        if self.depth > DEEPEST:
            raise ExpressionError(f"more than {DEEPEST} brackets or nots within one another", column)
        part = read()
        self.depth -= 1
        return part


def _tokens(text: str) -> list[_Token]:
    """Every token with its column, and one for the end."""
    if len(text) > LONGEST:
        raise ExpressionError(f"more than {LONGEST:,} characters", LONGEST)
    tokens, place = [], 0
    while text[place:].strip():
        found = TOKEN.match(text, place)
        if found is None:
            start = len(text) - len(text[place:].lstrip())
            raise ExpressionError(f"{text[start]!r} is not part of the language", start + 1)
        kind = str(found.lastgroup)
        tokens.append(_Token(kind, found.group(kind), found.start(kind) + 1))
        place = found.end()
    return [*tokens, _Token("end", "", len(text) + 1)]


def _expect(part: _Part, kind: Kind) -> Node:
    if part.kind != kind:
        raise ExpressionError(f"{part.kind} stands where {kind} belongs", part.column)
    return part.node
