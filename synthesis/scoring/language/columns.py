"""Columns of values that may be unknown: numbers as intervals, conditions as intervals of 0 and 1, texts as codes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synthesis.scoring.language.tree import Declared

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]
UNKNOWN = -1  # the code of a text that is not known


@dataclass(frozen=True, slots=True, eq=False)
class Numbers:
    """Numbers, each between two bounds: equal where it is known, minus and plus infinity where nothing is.

    A condition is a number that is 1 where it holds and 0 where it does not; unknown, it lies between 0 and 1.
    """

    low: FloatArray  # shape (n,)
    high: FloatArray

    def take(self, rows: Any) -> Numbers:
        """The values of some rows."""
        return Numbers(self.low[rows], self.high[rows])


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """Texts by their place in a list of words; UNKNOWN where there is none."""

    codes: IntArray  # shape (n,)
    words: tuple[str, ...]

    def take(self, rows: Any) -> Texts:
        """The values of some rows."""
        return Texts(self.codes[rows], self.words)


Column = Numbers | Texts


def known(values: FloatArray | BoolArray) -> Numbers:
    """Numbers that are known all."""
    exact = np.asarray(values, dtype=float)
    return Numbers(exact, exact)


def column_of(declared: Declared, values: Sequence[float | bool | str | None]) -> Column:
    """Values of one name as a column; None is unknown, and so is what is of another kind."""
    if declared.kind == "a text":
        return texts_of([None if value is None else str(value) for value in values])
    low, high = (0.0, 1.0) if declared.kind == "a condition" else (declared.least, declared.most)
    return numbers_of([None if isinstance(value, str) else value for value in values], low, high)


def numbers_of(values: Iterable[float | bool | None], low: float = -np.inf, high: float = np.inf) -> Numbers:
    """Numbers, of which None lies anywhere between two bounds."""
    given = np.array([np.nan if value is None else float(value) for value in values], dtype=float)
    unknown = np.isnan(given)
    return Numbers(np.where(unknown, low, given), np.where(unknown, high, given))


def texts_of(values: Sequence[str | None]) -> Texts:
    """Texts, of which None is unknown; the words in the order in which they first occur."""
    places: dict[str, int] = {}
    codes = [UNKNOWN if value is None else places.setdefault(value, len(places)) for value in values]
    return Texts(np.array(codes, dtype=np.intp), tuple(places))


def surely(condition: Numbers) -> BoolArray:
    """Where a condition holds whatever is not known."""
    held: BoolArray = condition.low >= 1
    return held


def maybe(condition: Numbers) -> BoolArray:
    """Where a condition holds or may hold."""
    held: BoolArray = condition.high >= 1
    return held
