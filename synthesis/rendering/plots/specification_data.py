"""What a specification curve shows, as plain values, and in words."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synthesis.rendering.plots.fonts import clean
from synthesis.rendering.plots.readable import refuse_problems, shown

Array = NDArray[np.float64]
IntArray = NDArray[np.int64]
MOST = 800  # specifications that are drawn; of more, every so many


@dataclass(frozen=True, slots=True)
class SpecificationFamily:
    """A choice that had to be made, and what could be chosen."""

    name: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class SpecificationData:
    """A specification curve: the estimates of all combinations of choices, lowest first, and the choices of each."""

    title: str
    measure: str
    ratio: bool  # whether estimates are logs of ratios
    families: tuple[SpecificationFamily, ...]
    choice: IntArray  # (n, families) which choice of each family
    estimate: Array  # (n,)
    low: Array  # (n,) bounds of the intervals
    high: Array
    own: int | None = None  # the specification that was planned
    favours: tuple[str, str] = ("", "")  # below and above the null
    footnotes: tuple[str, ...] = ()


def side(data: SpecificationData) -> IntArray:
    """1 where the interval lies above the null, -1 below it, else 0; shape (n,)."""
    found: IntArray = (data.low > 0).astype(np.int64) - (data.high < 0)
    return found


def curve(data: SpecificationData) -> IntArray:
    """The specifications that are drawn, by their estimates: all, or evenly spaced ones with both ends and the own."""
    order = np.argsort(data.estimate, kind="stable")
    n = len(order)
    if n <= MOST:
        return order
    kept = np.unique(np.round(np.linspace(0, n - 1, MOST)).astype(np.int64))
    if data.own is not None:
        kept = np.union1d(kept, np.flatnonzero(order == data.own))
    found: IntArray = order[kept]
    return found


def specification_text(data: SpecificationData) -> str:
    """What the plot shows in words: its alternative text."""
    sides = side(data)
    n = len(sides)
    low, middle, high = (shown(float(one), ratio=data.ratio) for one in np.quantile(data.estimate, (0, 0.5, 1)))
    text = f"Specification curve of {n} specifications, {clean(data.measure)}: {low} to {high}, median {middle}."
    for value, words in ((1, "above"), (-1, "below")):
        text += f" Interval {words} the null: {int((sides == value).sum())}."
    for place, family in enumerate(data.families):
        parts = [
            f"{clean(name)} {shown(float(np.median(data.estimate[rows])), ratio=data.ratio)}"
            for number, name in enumerate(family.choices)
            if (rows := data.choice[:, place] == number).any()
        ]
        text += f" Median by {clean(family.name)}: {', '.join(parts)}."
    return text


def checked(data: SpecificationData) -> SpecificationData:
    """The same data, if it can be drawn.

    Raises
    ------
    InvalidArgument
        With everything that is wrong.
    """
    refuse_problems("this specification curve", _problems(data))
    return data


def _problems(data: SpecificationData) -> Iterator[str]:
    n = len(data.estimate)
    if not n:
        yield "it has no specification"
        return
    if data.low.shape != (n,) or data.high.shape != (n,) or data.choice.shape != (n, len(data.families)):
        yield f"its arrays do not fit {n} estimates and {len(data.families)} families"
        return
    columns = np.column_stack([data.low, data.estimate, data.high])
    broken = np.flatnonzero(~np.isfinite(columns).all(axis=1))
    wrong = np.flatnonzero((np.diff(columns, axis=1) < 0).any(axis=1))
    if len(broken):
        yield f"specification {int(broken[0]) + 1} has a number that is not finite"
    elif len(wrong):
        yield f"the estimate of specification {int(wrong[0]) + 1} is not inside its interval"
    for place, family in enumerate(data.families):
        if not (data.choice[:, place].min() >= 0 and data.choice[:, place].max() < len(family.choices)):
            yield f"a specification has a choice of {clean(family.name)!r} that is none of {len(family.choices)}"
    names = [family.name for family in data.families]
    twice = [one for one, other in itertools.pairwise(sorted(names)) if one == other]
    if twice:
        yield f"two families are called {clean(twice[0])!r}"
    if data.own is not None and not 0 <= data.own < n:
        yield f"the planned specification is number {data.own}, of 0 to {n - 1}"
