"""What an albatross plot shows, as plain values, and in words."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from synthesis.errors import did_you_mean
from synthesis.rendering.plots.albatross_contours import CONTOURS, ContourMeasure, effective_n, treated_risk
from synthesis.rendering.plots.fonts import clean
from synthesis.rendering.plots.readable import counted, refuse_problems, shown
from synthesis.text import p_value

MOST_GROUPS = 6
LARGEST = 1e12  # participants
LEAST_P = 1e-300


@dataclass(frozen=True, slots=True)
class AlbatrossPoint:
    """One study."""

    label: str
    n: float  # participants
    p: float  # two-sided
    direction: int  # 1 right of the null, -1 left of it
    clusters: tuple[float, float] | None = None  # intra-cluster correlation and mean size: n counts for less
    group: str = ""  # its marker


@dataclass(frozen=True, slots=True)
class AlbatrossData:
    """An albatross plot: studies, contours, and the words around them."""

    title: str
    measure: str  # of the contours, a key of CONTOURS
    points: tuple[AlbatrossPoint, ...]
    contours: tuple[float, ...] = ()  # sizes right of the null; none: the usual ones
    baseline_risk: float | None = None  # of the control group, for OR and RR
    ratio: float = 1.0  # participants of the treated group to those of the control group
    favours: tuple[str, str] = ("", "")  # left and right of the null
    footnotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Contour:
    """A line of one size of effect on one side of the null."""

    label: str
    side: int  # 1 right of the null, -1 left of it
    factor: float  # n = factor z^2
    rank: int  # of the size: its pattern


def participants(point: AlbatrossPoint) -> float:
    """The number of participants that a point stands at: for clusters the effective one."""
    return point.n if point.clusters is None else effective_n(point.n, *point.clusters)


def contours(data: AlbatrossData) -> tuple[Contour, ...]:
    """The contours, smallest effect first, each with that of the opposite effect.

    Of the usual ratios, those of risks that are 1 or more are left out, on their side alone.
    """
    measure = CONTOURS[data.measure]
    risk = data.baseline_risk or 0.0
    return tuple(
        Contour(shown(effect), side, measure.factor(effect, data.ratio, risk), rank)
        for rank, size in enumerate(_sizes(data))
        for side, effect in ((-1, measure.opposite(size)), (1, size))
        if _possible(data, measure, effect)
    )


def _sizes(data: AlbatrossData) -> tuple[float, ...]:
    return tuple(sorted(data.contours or CONTOURS[data.measure].usual))


def _possible(data: AlbatrossData, measure: ContourMeasure, size: float) -> bool:
    return not measure.ratio or treated_risk(data.measure, size, data.baseline_risk or 0.0) < 1


def groups(data: AlbatrossData) -> tuple[str, ...]:
    """The groups of points, as they appear."""
    return tuple(dict.fromkeys(point.group for point in data.points))


def contour_text(data: AlbatrossData) -> str:
    """What the contours are, in a sentence."""
    measure = CONTOURS[data.measure]
    given = f", risk of the control group {data.baseline_risk:.3g}" if measure.ratio else ""
    sizes = (
        ""
        if data.measure == "COR"
        else "groups of equal size"
        if data.ratio == 1
        else f"{data.ratio:g} treated to 1 control"
    )
    absent = len(contours(data)) < 2 * len(_sizes(data))
    left = "; those that would make a risk of 1 or more are left out" if absent else ""
    return f"Contours: {measure.label}{f', {sizes}' if sizes else ''}{given}{left}."


def albatross_text(data: AlbatrossData) -> str:
    """What the plot shows, in a sentence for each study: its alternative text."""
    text = f"Albatross plot of {counted(len(data.points))}: p-value against participants."
    sides = [words.strip() or side for words, side in zip(data.favours, ("left", "right"), strict=True)]
    for point in data.points:
        side = sides[point.direction > 0]
        p = p_value(point.p)
        text += f" {clean(point.label)}: {clean(side)}, p {p}, n {participants(point):.0f}."
    return f"{text} {contour_text(data)}"


def checked(data: AlbatrossData) -> AlbatrossData:
    """The same data, if it can be drawn.

    Raises
    ------
    InvalidArgument
        With everything that is wrong.
    """
    refuse_problems("this albatross plot", _problems(data))
    return data


def _problems(data: AlbatrossData) -> Iterator[str]:
    if not data.points:
        yield "it has no study"
    for point in data.points:
        yield from _point_problems(point)
    if len(groups(data)) > MOST_GROUPS:
        yield f"it has {len(groups(data))} groups; at most {MOST_GROUPS} markers can be told apart"
    if not 0 < data.ratio < math.inf:
        yield f"the ratio of group sizes is {data.ratio}, not above 0"
    if data.measure not in CONTOURS:
        yield f"the measure of the contours is {data.measure!r}: {did_you_mean(data.measure, CONTOURS)}"
        return
    yield from _contour_problems(data, CONTOURS[data.measure])


def _point_problems(point: AlbatrossPoint) -> Iterator[str]:
    if not LEAST_P <= point.p <= 1:
        yield f"the p-value of {point.label!r} is {point.p}, not between {LEAST_P:g} and 1"
    if point.direction not in {1, -1}:
        yield f"the direction of {point.label!r} is {point.direction}, not 1 or -1"
    if point.clusters is not None and not (0 <= point.clusters[0] <= 1 <= point.clusters[1] < math.inf):
        yield f"{point.label!r} has clusters {point.clusters}, not an ICC of 0 to 1 and a mean size of at least 1"
    elif not 1 <= participants(point) <= LARGEST:
        yield f"{point.label!r} has {participants(point):g} participants"


def _contour_problems(data: AlbatrossData, measure: ContourMeasure) -> Iterator[str]:
    if measure.ratio and not 0 < (data.baseline_risk or 0.0) < 1:
        yield f"contours of the {measure.label} need baseline_risk, the control group's, between 0 and 1"
        return
    low, high = (1.0, math.inf) if measure.ratio else (0.0, 1.0 if data.measure == "COR" else math.inf)
    for size in data.contours:
        if not low < size < high:
            yield f"a contour of {size} is not a {measure.label} right of the null"
        elif not _possible(data, measure, size):
            yield f"a contour of {size} and a baseline_risk of {data.baseline_risk} make a risk of 1 or more"
