"""What a plot of points against pooled effects shows, as plain values and in words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from synthesis.errors import did_you_mean
from synthesis.rendering.plots.axis import Span
from synthesis.rendering.plots.readable import refuse_problems
from synthesis.rendering.plots.shades import SHADES, points_sign

MARKERS: Mapping[str, str] = {
    "circle": "o",
    "square": "s",
    "diamond": "D",
    "up": "^",
    "down": "v",
    "cross": "X",
    "plus": "P",
    "pentagon": "p",
    "star": "*",
    "left": "<",
    "right": ">",
    "hexagon": "h",
}


@dataclass(frozen=True, slots=True)
class PooledEffect:
    """A pooled effect with benefit above 0; ratios are logs."""

    measure: str  # the name of one of the axes
    estimate: float
    low: float
    high: float
    pi_low: float | None = None  # None: no prediction interval
    pi_high: float | None = None
    text: str = ""  # as it is read, such as "RR 0.75 [0.63, 0.90], k 9"


@dataclass(frozen=True, slots=True)
class PointsCell:
    """The points of one cell beside its pooled effect; either may be absent."""

    label: str  # such as "Naltrexone: drug use"
    points: int | None  # None: no admissible finding
    effect: PooledEffect | None  # None: nothing to pool
    status: str = ""  # the name of a Status; may be empty


@dataclass(frozen=True, slots=True)
class Status:
    """What points and pool amount to together, and the mark that tells it."""

    name: str  # such as "points_high_pi_null"
    means: str
    marker: str  # a key of MARKERS
    differ: bool = False  # whether points and pool say different things; then the mark is red too


@dataclass(frozen=True, slots=True)
class BenefitAxis:
    """The axis of one measure."""

    measure: str  # such as "SMD"
    ratio: bool = False  # whether effects are logs of ratios
    worthwhile: float | None = None  # the smallest worthwhile benefit
    limits: tuple[float, float] | None = None  # None: chosen


@dataclass(frozen=True, slots=True)
class PointsPoolsData:
    """Points against pooled effects."""

    title: str
    axes: tuple[BenefitAxis, ...]  # beside each other, in this order
    cells: tuple[PointsCell, ...]
    statuses: tuple[Status, ...] = ()
    most: int = 3  # the most points that there are
    least: int = 0  # the least; below 0 where a rule takes points away
    level: float = 0.95  # of the intervals
    footnotes: tuple[str, ...] = ()


def bands(data: PointsPoolsData) -> dict[int | None, tuple[PointsCell, ...]]:
    """The cells by points, most first, those without points last; in each by axis and benefit, without a pool last."""
    order = [axis.measure for axis in data.axes]

    def place(cell: PointsCell) -> tuple[int, float, str]:
        if cell.effect is None:
            return len(order), 0.0, cell.label
        return order.index(cell.effect.measure), -cell.effect.estimate, cell.label

    found = sorted(data.cells, key=place)
    points = [*range(data.most, data.least - 1, -1), None]
    return {one: tuple(cell for cell in found if cell.points == one) for one in points}


def spans(data: PointsPoolsData, measure: str) -> list[Span]:
    """The pooled effects of one measure, and after them their prediction intervals."""
    effects = [cell.effect for cell in data.cells if cell.effect is not None and cell.effect.measure == measure]
    pooled = [Span(effect.low, effect.high, effect.estimate) for effect in effects]
    ends = [(effect.pi_low, effect.pi_high) for effect in effects]
    return [*pooled, *(Span(low, high) for low, high in ends if low is not None and high is not None)]


def description(data: PointsPoolsData) -> str:
    """What the plot shows: its alternative text."""
    both = sum(cell.effect is not None and cell.points is not None for cell in data.cells)
    text = f"Points against pooled effects of {len(data.cells)} cells, {both} of them with both. "
    for points, found in bands(data).items():
        pooled = [cell for cell in found if cell.effect is not None]
        name = "Without points" if points is None else f"{points_sign(points)} points"
        counts = Counter(cell.status for cell in pooled if cell.status)
        words = "".join(f", {status} {count}" for status, count in sorted(counts.items()))
        text += f"{name}: {len(pooled)} pooled{words}; {len(found) - len(pooled)} without a pool. "
    return text.strip()


def checked(data: PointsPoolsData) -> PointsPoolsData:
    """The same data, if it can be drawn.

    Raises
    ------
    InvalidArgument
        With everything that is wrong: no cell, no axis, points outside `least` to `most`, an effect outside its
        interval or on an axis that there is not, a status or marker that there is not.
    """
    refuse_problems("points and pools", _problems(data))
    return data


def _problems(data: PointsPoolsData) -> Iterator[str]:
    if not data.cells:
        yield "there is no cell"
    if not data.axes:
        yield "there is no axis"
    if not (1 <= data.most <= SHADES and -SHADES <= data.least <= 0):
        yield f"the points are {data.least} to {data.most}: give a least of {-SHADES} to 0 and a most of 1 to {SHADES}"
    if not 0 < data.level < 1:
        yield f"the level {data.level} is not between 0 and 1"
    for axis in data.axes:
        yield from _axis_problems(axis)
    for status in data.statuses:
        if status.marker not in MARKERS:
            yield f"{status.name!r} has a marker {status.marker!r}: {did_you_mean(status.marker, MARKERS)}"
    for cell in data.cells:
        yield from (f"{cell.label!r} {problem}" for problem in _cell_problems(cell, data))


def _axis_problems(axis: BenefitAxis) -> Iterator[str]:
    if axis.limits is not None and not -math.inf < axis.limits[0] < 0 < axis.limits[1] < math.inf:
        yield f"the axis {axis.measure!r} from {axis.limits[0]} to {axis.limits[1]} does not hold the null"
    if axis.worthwhile is not None and not 0 < axis.worthwhile < math.inf:
        yield f"the smallest worthwhile benefit of {axis.measure!r} is {axis.worthwhile}, not above 0"


def _cell_problems(cell: PointsCell, data: PointsPoolsData) -> Iterator[str]:
    names = [status.name for status in data.statuses]
    if cell.points is not None and not data.least <= cell.points <= data.most:
        yield f"has {cell.points} points, not {data.least} to {data.most}"
    if cell.status and cell.status not in names:
        yield f"has a status {cell.status!r}: {did_you_mean(cell.status, names)}"
    effect = cell.effect
    if effect is None:
        return
    measures = [axis.measure for axis in data.axes]
    if effect.measure not in measures:
        yield f"has an effect in {effect.measure!r}: {did_you_mean(effect.measure, measures)}"
    if not -math.inf < effect.low <= effect.estimate <= effect.high < math.inf:
        yield "has an estimate that is not inside its interval, or a number that is not finite"
    if (effect.pi_low is None) != (effect.pi_high is None):
        yield "has only one end of a prediction interval"
    elif effect.pi_low is not None and not -math.inf < effect.pi_low <= (effect.pi_high or 0.0) < math.inf:
        yield "has a prediction interval whose ends are not finite or not in order"
