"""A tree on columns: interval arithmetic, and the logic of three values (holds, does not, unknown) that goes with it.

References
----------
Kleene SC (1952). Introduction to Metamathematics, section 64 (strong three-valued logic). Moore RE (1966). Interval
Analysis, chapter 2 (sums, differences, products and quotients of intervals).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce

import numpy as np

from synthesis.pooling.vote_count import sign_test
from synthesis.scoring.language.columns import UNKNOWN, BoolArray, Column, Numbers, Texts, known
from synthesis.scoring.language.tree import (
    Among,
    Arithmetic,
    Called,
    Compared,
    Expression,
    Joined,
    Name,
    Node,
    Not,
    Stated,
    Written,
)

Columns = Mapping[str, Column]
ONE = np.ones(1)


def evaluate(expression: Expression, columns: Columns, size: int) -> Column:
    """The value of an expression in every row.

    Parameters
    ----------
    expression : Expression
        As `parse` gives it.
    columns : mapping of str to Numbers or Texts
        Every name of the expression, each of shape (size,) or (1,).
    size : int
        How many rows there are.

    Returns
    -------
    Numbers or Texts, shape (size,)
        Conditions are numbers between 0 and 1.
    """
    found = _value(expression.tree, columns)
    if isinstance(found, Texts):
        return Texts(np.broadcast_to(found.codes, (size,)), found.words)
    return Numbers(np.broadcast_to(found.low, (size,)), np.broadcast_to(found.high, (size,)))


def numbers(expression: Expression, columns: Columns, size: int) -> Numbers:
    """The value of an expression that gives a number or a condition, in every row."""
    found = evaluate(expression, columns, size)
    assert isinstance(found, Numbers)
    return found


def _value(node: Node, columns: Columns) -> Column:
    match node:
        case Written(str() as text):
            return Texts(np.zeros(1, dtype=np.intp), (text,))
        case Written(value):
            return known(ONE * float(value))
        case Name(name):
            return columns[name]
        case Arithmetic(sign, left, right):
            return ARITHMETIC[sign](_number(left, columns), _number(right, columns))
        case Called(function, arguments):
            return FUNCTIONS[function].apply([_number(argument, columns) for argument in arguments])
        case _:
            return _truth(node, columns)


def _truth(node: Not | Joined | Compared | Among | Stated, columns: Columns) -> Numbers:
    match node:
        case Not(of):
            return _opposite(_number(of, columns))
        case Joined(word, parts):
            return _joined(word, [_number(part, columns) for part in parts])
        case Compared(sign, left, right):
            return _compared(sign, _value(left, columns), _value(right, columns))
        case Among(of, values):
            found = _value(of, columns)
            return _joined("or", [_compared("==", found, _value(value, columns)) for value in values])
        case Stated(of):
            return known(_is_known(_value(of, columns)))


def _number(node: Node, columns: Columns) -> Numbers:
    found = _value(node, columns)
    assert isinstance(found, Numbers)
    return found


def _opposite(condition: Numbers) -> Numbers:
    return Numbers(1 - condition.high, 1 - condition.low)


def _joined(word: str, parts: list[Numbers]) -> Numbers:
    join = np.minimum if word == "and" else np.maximum
    return Numbers(reduce(join, (part.low for part in parts)), reduce(join, (part.high for part in parts)))


def _is_known(column: Column) -> BoolArray:
    there: BoolArray = column.codes != UNKNOWN if isinstance(column, Texts) else column.low == column.high
    return there


def _compared(sign: str, left: Column, right: Column) -> Numbers:
    if sign == "!=":
        return _opposite(_compared("==", left, right))
    if isinstance(left, Texts) and isinstance(right, Texts):
        return _same_text(left, right)
    assert isinstance(left, Numbers)
    assert isinstance(right, Numbers)
    if sign in (">", ">="):
        left, right, sign = right, left, sign.replace(">", "<")
    if sign == "<":
        return _condition(left.high < right.low, left.low < right.high)
    if sign == "<=":
        return _condition(left.high <= right.low, left.low <= right.high)
    overlap = (left.low <= right.high) & (right.low <= left.high)
    return _condition(overlap & _is_known(left) & _is_known(right), overlap)


def _same_text(left: Texts, right: Texts) -> Numbers:
    """Whether two texts are the same; unknown where one of them is."""
    places = {word: place for place, word in enumerate(left.words)}
    code_of = np.array([places.get(word, len(left.words)) for word in right.words] + [UNKNOWN], dtype=np.intp)
    codes = code_of[right.codes]  # UNKNOWN, the last place, stays UNKNOWN
    unknown = (left.codes == UNKNOWN) | (codes == UNKNOWN)
    same = left.codes == codes
    return _condition(same & ~unknown, same | unknown)


def _condition(holds: BoolArray, may: BoolArray) -> Numbers:
    return Numbers(holds.astype(float), may.astype(float))


def _plus(left: Numbers, right: Numbers) -> Numbers:
    return Numbers(left.low + right.low, left.high + right.high)


def _minus(left: Numbers, right: Numbers) -> Numbers:
    return Numbers(left.low - right.high, left.high - right.low)


def _times(left: Numbers, right: Numbers) -> Numbers:
    """Products; an unknown number times 0 is 0."""
    with np.errstate(invalid="ignore", over="ignore"):
        corners = [a * b for a in (left.low, left.high) for b in (right.low, right.high)]
    whole = [np.where(np.isnan(corner), 0.0, corner) for corner in corners]
    return Numbers(reduce(np.minimum, whole), reduce(np.maximum, whole))


def _over(left: Numbers, right: Numbers) -> Numbers:
    """Quotients; unknown where the divisor is 0 or may be."""
    by_zero = (right.low <= 0) & (right.high >= 0)
    safe = Numbers(np.where(by_zero, 1.0, right.low), np.where(by_zero, 1.0, right.high))
    found = _times(left, Numbers(1 / safe.high, 1 / safe.low))
    return Numbers(np.where(by_zero, -np.inf, found.low), np.where(by_zero, np.inf, found.high))


def _least(parts: list[Numbers]) -> Numbers:
    return Numbers(reduce(np.minimum, [part.low for part in parts]), reduce(np.minimum, [part.high for part in parts]))


def _most(parts: list[Numbers]) -> Numbers:
    return Numbers(reduce(np.maximum, [part.low for part in parts]), reduce(np.maximum, [part.high for part in parts]))


def _size(parts: list[Numbers]) -> Numbers:
    low, high = parts[0].low, parts[0].high
    across = (low <= 0) & (high >= 0)
    return Numbers(np.where(across, 0.0, np.minimum(abs(low), abs(high))), np.maximum(abs(low), abs(high)))


def _root(parts: list[Numbers]) -> Numbers:
    """Square roots; of what may be below 0 nothing is known from below, and nothing at all of what surely is."""
    low, high = parts[0].low, parts[0].high
    root = Numbers(np.sqrt(np.maximum(low, 0.0)), np.sqrt(np.maximum(high, 0.0)))
    return Numbers(np.where(low < 0, -np.inf, root.low), np.where(high < 0, np.inf, root.high))


def _sign_test(parts: list[Numbers]) -> Numbers:
    """Two-sided exact p-value of x of n; between 0 and 1 where either is not known, or x is no count of n."""
    x, n = np.broadcast_arrays(parts[0].low, parts[1].low)
    whole = (x == np.floor(x)) & (n == np.floor(n)) & np.isfinite(n)
    counted = _is_known(parts[0]) & _is_known(parts[1]) & whole & (x >= 0) & (x <= n) & (n > 0)
    tested = [(int(some), int(of)) for some, of in zip(x[counted], n[counted], strict=True)]
    p_of = {(some, of): sign_test(some, of - some, "two-sided") for some, of in set(tested)}
    low, high = np.zeros(len(x)), np.ones(len(x))
    low[counted] = high[counted] = [p_of[pair] for pair in tested]
    return Numbers(low, high)


@dataclass(frozen=True, slots=True)
class Function:
    """One of the language's functions, and how many numbers it takes."""

    least: int
    most: int
    apply: Callable[[list[Numbers]], Numbers]


ARITHMETIC: Mapping[str, Callable[[Numbers, Numbers], Numbers]] = {"+": _plus, "-": _minus, "*": _times, "/": _over}
FUNCTIONS: Mapping[str, Function] = {
    "min": Function(2, 8, _least),
    "max": Function(2, 8, _most),
    "abs": Function(1, 1, _size),
    "sqrt": Function(1, 1, _root),
    "sign_test": Function(2, 2, _sign_test),
}
