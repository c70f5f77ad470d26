"""What a funnel plot shows, as plain values, and in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from synthesis.rendering.plots.fonts import clean
from synthesis.rendering.plots.readable import counted, problems_of, refuse_problems, shown

MOST_GROUPS, MOST_LINES, MOST_CONTOURS = 6, 4, 3
CONTOURS = (0.10, 0.05, 0.01)


@dataclass(frozen=True, slots=True)
class FunnelPoint:
    """One study; its effect is a log where effects are ratios."""

    label: str  # empty: none is written
    estimate: float
    se: float
    group: str = ""  # its marker


@dataclass(frozen=True, slots=True)
class FunnelLine:
    """A vertical line of reference, such as a pooled effect."""

    label: str
    estimate: float


@dataclass(frozen=True, slots=True)
class FunnelTrend:
    """Effects expected at each standard error: start + slope se^power; the power is 1 (Egger, PET) or 2 (PEESE)."""

    label: str
    start: float
    slope: float
    power: int = 1


@dataclass(frozen=True, slots=True)
class FunnelData:
    """A funnel plot: studies by effect and standard error, with what they are compared to."""

    title: str
    measure: str  # such as "Risk ratio"
    ratio: bool  # whether effects are logs of ratios
    points: tuple[FunnelPoint, ...]
    filled: tuple[tuple[float, float], ...] = ()  # effect and standard error of studies that trim-and-fill adds
    lines: tuple[FunnelLine, ...] = ()
    trends: tuple[FunnelTrend, ...] = ()
    contours: tuple[float, ...] = CONTOURS  # two-sided p-values about the null; none: no contours
    region: float | None = 0.95  # share of studies expected between the lines about the first line of reference
    favours: tuple[str, str] = ("", "")  # left and right of the null
    footnotes: tuple[str, ...] = ()
    filled_label: str = "study added by trim-and-fill"


def groups(data: FunnelData) -> tuple[str, ...]:
    """The groups of points, as they appear."""
    return tuple(dict.fromkeys(point.group for point in data.points))


def funnel_text(data: FunnelData) -> str:
    """What the plot shows in words: its alternative text."""
    text = f"Funnel plot of {counted(len(data.points))}: {clean(data.measure)} against standard error."
    for line in data.lines:
        text += f" {clean(line.label)}: {shown(line.estimate, ratio=data.ratio)}."
    if data.filled:
        text += f" Trim-and-fill adds {len(data.filled)}."
    for point in data.points:
        where = f"{shown(point.estimate, ratio=data.ratio)}, standard error {shown(point.se)}"
        text += f" {clean(point.label) or 'A study'}: {where}."
    return text


def checked(data: FunnelData) -> FunnelData:
    """The same data, if it can be drawn.

    Raises
    ------
    InvalidArgument
        With everything that is wrong.
    """
    refuse_problems("this funnel plot", _problems(data))
    return data


def _problems(data: FunnelData) -> Iterator[str]:
    if not data.points:
        yield "it has no study"
    yield from _number_problems(data)
    yield from _reference_problems(data)
    if len(groups(data)) > MOST_GROUPS:
        yield f"it has {len(groups(data))} groups; at most {MOST_GROUPS} markers can be told apart"
    count = len(data.lines) + len(data.trends)
    if count > MOST_LINES:
        yield f"it has {count} lines; at most {MOST_LINES} can be told apart"


def _number_problems(data: FunnelData) -> Iterator[str]:
    for number, point in enumerate(data.points, 1):
        label = point.label or f"study {number}"
        yield from problems_of(label, {"effect": point.estimate}, {"standard error": point.se})
    for number, (estimate, se) in enumerate(data.filled, 1):
        yield from problems_of(f"filled study {number}", {"effect": estimate}, {"standard error": se})
    for line in data.lines:
        yield from problems_of(line.label, {"effect": line.estimate})
    for trend in data.trends:
        yield from problems_of(trend.label, {"start": trend.start, "slope": trend.slope})
        if trend.power not in {1, 2}:
            yield f"the power of {trend.label!r} is {trend.power}, not 1 or 2"


def _reference_problems(data: FunnelData) -> Iterator[str]:
    if data.region is not None and not 0 < data.region < 1:
        yield f"the region holds a share of {data.region}, not between 0 and 1"
    if len(set(data.contours)) != len(data.contours) or len(data.contours) > MOST_CONTOURS:
        yield f"contours {data.contours}: give up to {MOST_CONTOURS} different p-values"
    for p in data.contours:
        if not 0 < p < 1:
            yield f"a contour of p = {p} is not between 0 and 1"
