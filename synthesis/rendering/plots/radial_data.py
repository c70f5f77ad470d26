"""What a radial plot shows, as plain values, and in words."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from synthesis.rendering.plots.fonts import clean
from synthesis.rendering.plots.readable import counted, problems_of, refuse_problems, shown


@dataclass(frozen=True, slots=True)
class RadialPoint:
    """One study; its effect is a log where effects are ratios."""

    label: str  # empty: none is written
    estimate: float
    se: float


@dataclass(frozen=True, slots=True)
class RadialData:
    """A radial (Galbraith) plot: standardised effects by precision, and the pooled effect as a line's slope."""

    title: str
    measure: str
    ratio: bool  # whether effects are logs of ratios
    points: tuple[RadialPoint, ...]
    estimate: float  # pooled
    low: float | None = None  # bounds of its interval
    high: float | None = None
    tau2: float = 0.0  # added to each sampling variance; 0: the equal-effects model
    footnotes: tuple[str, ...] = ()


def coordinates(data: RadialData, point: RadialPoint) -> tuple[float, float]:
    """Precision 1 / sqrt(v + tau2), and the effect times it."""
    precision = 1 / math.sqrt(point.se**2 + data.tau2)
    return precision, point.estimate * precision


def radial_text(data: RadialData) -> str:
    """What the plot shows in words: its alternative text."""
    pooled = shown(data.estimate, ratio=data.ratio)
    text = f"Radial plot of {counted(len(data.points))}: effect in standard errors against precision. Pooled {pooled}."
    for point in data.points:
        x, y = coordinates(data, point)
        text += f" {clean(point.label) or 'A study'}: precision {shown(x)}, {shown(y)} standard errors."
    return text


def checked(data: RadialData) -> RadialData:
    """The same data, if it can be drawn.

    Raises
    ------
    InvalidArgument
        With everything that is wrong.
    """
    refuse_problems("this radial plot", _problems(data))
    return data


def _problems(data: RadialData) -> Iterator[str]:
    if not data.points:
        yield "it has no study"
    for number, point in enumerate(data.points, 1):
        yield from problems_of(
            point.label or f"study {number}", {"effect": point.estimate}, {"standard error": point.se}
        )
    yield from problems_of("the pool", {"effect": data.estimate})
    if not 0 <= data.tau2 < math.inf:
        yield f"tau2 is {data.tau2}, not 0 or more"
    if (data.low is None) != (data.high is None):
        yield "the interval of the pool has one bound only"
    elif data.low is not None and data.high is not None and not data.low <= data.estimate <= data.high:
        yield "the pooled effect is not inside its interval"
