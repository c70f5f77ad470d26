"""The language of a rule's conditions: counts compared and joined by and, or, not. Parsed, never executed.

- condition = conjunction { "or" conjunction }
- conjunction = negation { "and" negation }
- negation = "not" negation | comparison
- comparison = sum [ ( "==" | "!=" | "<=" | ">=" | "<" | ">" ) sum ]
- sum = term { "+" term }
- term = integer | name | "(" condition ")"
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Literal

Counts = Mapping[str, int]
Kind = Literal["a count", "a condition"]

TOKEN = re.compile(r"\s*(?:(?P<integer>\d+)|(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<sign>==|!=|<=|>=|[<>+()]))")
COMPARISONS: Mapping[str, Callable[[int, int], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}
WORDS = ("and", "or", "not")
DEEPEST = 20  # brackets and `not` within one another


class ExpressionError(ValueError):
    """A condition that cannot be read; `column` is the place in its text, the first is 1."""

    def __init__(self, what: str, column: int) -> None:
        self.column = column
        super().__init__(what)


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition as written, and the function that decides it for given counts."""

    text: str
    holds: Callable[[Counts], int]


@dataclass(frozen=True, slots=True)
class _Part:
    kind: Kind
    value: Callable[[Counts], int]
    column: int


def parse_condition(text: str, names: Collection[str]) -> Condition:
    """The condition that `text` states about the counts called `names`.

    Raises
    ------
    ExpressionError
        An unknown name or sign, something missing or left over, a count where a condition belongs or the reverse.
    """
    parser = _Parser(text, frozenset(names))
    part = parser.condition()
    parser.end()
    return Condition(text, _expect(part, "a condition").value)


class _Parser:
    """Recursive descent over the tokens of one text; a method per line of the grammar."""

    def __init__(self, text: str, names: frozenset[str]) -> None:
        self.names = names
        self.tokens = _tokens(text)
        self.place = 0
        self.depth = 0

    def peek(self) -> str:
        return self.tokens[self.place][0]

    def take(self) -> tuple[str, int]:
        token = self.tokens[self.place]
        self.place += 1
        return token

    def end(self) -> None:
        if self.peek():
            token, column = self.take()
            raise ExpressionError(f"{token!r} is left over", column)

    def condition(self) -> _Part:
        return self.joined("or", self.conjunction, any)

    def conjunction(self) -> _Part:
        return self.joined("and", self.negation, all)

    def joined(self, word: str, part: Callable[[], _Part], join: Callable[[list[int]], bool]) -> _Part:
        parts = [part()]
        while self.peek() == word:
            self.take()
            parts.append(part())
        if len(parts) == 1:
            return parts[0]
        values = [_expect(each, "a condition").value for each in parts]
        return _Part("a condition", lambda counts: join([value(counts) for value in values]), parts[0].column)

    def negation(self) -> _Part:
        if self.peek() != "not":
            return self.comparison()
        _, column = self.take()
        self.deeper(column)
        value = _expect(self.negation(), "a condition").value
        self.depth -= 1
        return _Part("a condition", lambda counts: not value(counts), column)

    def comparison(self) -> _Part:
        left = self.sum()
        if self.peek() not in COMPARISONS:
            return left
        compare = COMPARISONS[self.take()[0]]
        a, b = _expect(left, "a count").value, _expect(self.sum(), "a count").value
        return _Part("a condition", lambda counts: compare(a(counts), b(counts)), left.column)

    def sum(self) -> _Part:
        terms = [self.term()]
        while self.peek() == "+":
            self.take()
            terms.append(self.term())
        if len(terms) == 1:
            return terms[0]
        values = [_expect(term, "a count").value for term in terms]
        return _Part("a count", lambda counts: sum(value(counts) for value in values), terms[0].column)

    def term(self) -> _Part:
        sign, column = self.take()
        if sign == "(":
            return self.bracket(column)
        if sign.isdigit():
            number = int(sign)
            return _Part("a count", lambda _: number, column)
        if sign in self.names:
            return _Part("a count", lambda counts: counts[sign], column)
        if not sign:
            raise ExpressionError("the condition ends too early", column)
        if sign.isidentifier() and sign not in WORDS:
            raise ExpressionError(f"unknown name {sign!r}; there are {', '.join(sorted(self.names))}", column)
        raise ExpressionError(f"a name or a number belongs before {sign!r}", column)

    def bracket(self, column: int) -> _Part:
        self.deeper(column)
        part = self.condition()
        self.depth -= 1
        sign, after = self.take()
        if sign != ")":
            raise ExpressionError("a bracket is not closed", after if sign else column)
        return part

    def deeper(self, column: int) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise ExpressionError(f"more than {DEEPEST} brackets or nots within one another", column)


def _tokens(text: str) -> list[tuple[str, int]]:
    """Every token with its column, and an empty one at the end."""
    tokens, place = [], 0
    while text[place:].strip():
        found = TOKEN.match(text, place)
        if found is None:
            blanks = len(text[place:]) - len(text[place:].lstrip())
            raise ExpressionError(f"{text[place + blanks]!r} is not part of the language", place + blanks + 1)
        token = found.group().strip()
        tokens.append((token, found.end() - len(token) + 1))
        place = found.end()
    return [*tokens, ("", len(text) + 1)]


def _expect(part: _Part, kind: Kind) -> _Part:
    if part.kind != kind:
        raise ExpressionError(f"{part.kind} stands where {kind} belongs", part.column)
    return part
