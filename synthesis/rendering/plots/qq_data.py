"""What a normal quantile plot of residuals shows, as plain values, and in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, ndtri

from synthesis.rendering.plots.fonts import clean
from synthesis.rendering.plots.readable import counted, problems_of, refuse_problems, shown

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class QQPoint:
    """One study."""

    label: str
    residual: float  # standardised


@dataclass(frozen=True, slots=True)
class QQData:
    """A normal quantile plot of standardised residuals."""

    title: str
    points: tuple[QQPoint, ...]
    residuals: str = "Standardised deleted residual"  # what they are
    level: float = 0.95  # of the envelope
    simultaneous: bool = False  # whether the envelope holds all points at once with that level, by Bonferroni
    footnotes: tuple[str, ...] = ()


def ordered(data: QQData) -> tuple[int, ...]:
    """The places of the points in `data.points`, the smallest residual first."""
    return tuple(sorted(range(len(data.points)), key=lambda place: data.points[place].residual))


def quantiles(k: int) -> Array:
    """Expected places of k ordered normal values, shape (k,), after Blom: (i - 3/8) / (k + 1/4)."""
    found: Array = ndtri((np.arange(1, k + 1) - 0.375) / (k + 0.25))
    return found


def envelope(data: QQData) -> tuple[Array, Array]:
    """Lower and upper limits of each ordered residual, shape (k,), if all were independent standard normal values.

    The i-th smallest of k uniform values has a beta distribution with parameters i and k + 1 - i.
    """
    k = len(data.points)
    rank = np.arange(1, k + 1)
    alpha = (1 - data.level) / (k if data.simultaneous else 1)
    low, high = (ndtri(betaincinv(rank, k + 1 - rank, p)) for p in (alpha / 2, 1 - alpha / 2))
    return low, high


def outside(data: QQData) -> tuple[int, ...]:
    """The places in `data.points` of those that lie outside the envelope."""
    low, high = envelope(data)
    found = enumerate(ordered(data))
    return tuple(place for rank, place in found if not low[rank] <= data.points[place].residual <= high[rank])


def qq_text(data: QQData) -> str:
    """What the plot shows in words: its alternative text."""
    beyond = outside(data)
    count = f"{len(beyond)} outside the {100 * data.level:g} % envelope"
    text = f"Normal quantile plot of {counted(len(data.points))}; {count}."
    for place in ordered(data):
        point = data.points[place]
        text += f" {clean(point.label) or 'A study'}: {shown(point.residual)}{' (outside)' if place in beyond else ''}."
    return text


def checked(data: QQData) -> QQData:
    """The same data, if it can be drawn.

    Raises
    ------
    InvalidArgument
        With everything that is wrong.
    """
    refuse_problems("this normal quantile plot", _problems(data))
    return data


def _problems(data: QQData) -> Iterator[str]:
    if not data.points:
        yield "it has no study"
    for number, point in enumerate(data.points, 1):
        yield from problems_of(point.label or f"study {number}", {"residual": point.residual})
    if not 0 < data.level < 1:
        yield f"the level {data.level} is not between 0 and 1"
