"""What a forest plot shows, as plain values."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from synthesis.rendering.plots.axis import Span
from synthesis.rendering.plots.readable import refuse_problems

STUDY = "Study"


@dataclass(frozen=True, slots=True)
class ForestRow:
    """One study."""

    label: str
    columns: tuple[str, ...]  # text for the columns that ForestData names, such as "12/120"
    estimate: float | None  # on the log scale for ratios, as every bound; None: not estimable
    low: float | None
    high: float | None
    weight: float | None = None  # share of 1; None: not pooled
    note: str = ""  # becomes a numbered footnote


@dataclass(frozen=True, slots=True)
class ForestSummary:
    """One pooled estimate, under the studies."""

    label: str  # such as "Random effects (REML, adhoc)"
    estimate: float
    low: float
    high: float
    diamond: bool = True  # else a square with its interval
    columns: tuple[str, ...] = ()  # totals under the studies' columns, where there are any


@dataclass(frozen=True, slots=True)
class ForestData:
    """A forest plot: studies, what they amount to, and the words around them."""

    title: str
    measure: str  # such as "Risk ratio"
    ratio: bool  # whether estimates are logs of ratios
    columns: tuple[str, ...]  # headers of the studies' own columns, such as "Treatment\nn/N"
    rows: tuple[ForestRow, ...]
    summaries: tuple[ForestSummary, ...] = ()
    prediction: tuple[float, float] | None = None
    prediction_reason: str = ""  # why there is no prediction interval
    heterogeneity: str = ""  # one or more lines
    favours: tuple[str, str] = ("", "")  # left and right of the null
    footnotes: tuple[str, ...] = ()  # method, level, dependence
    level: float = 0.95  # of every interval
    limits: tuple[float, float] | None = None  # of the axis, to share it between plots; None: chosen
    header: str = STUDY  # over the names of the rows; another one where rows are no studies


def study_spans(data: ForestData) -> tuple[Span, ...]:
    """The studies' estimates with their intervals, where there are any."""
    return tuple(
        Span(row.low, row.high, row.estimate)
        for row in data.rows
        if row.low is not None and row.high is not None and row.estimate is not None
    )


def summary_spans(data: ForestData) -> tuple[Span, ...]:
    """The pooled estimates with their intervals; last the prediction interval."""
    pooled = [Span(line.low, line.high, line.estimate) for line in data.summaries]
    return tuple(pooled if data.prediction is None else [*pooled, Span(*data.prediction)])


def checked(data: ForestData) -> ForestData:
    """The same data, if it can be drawn.

    Raises
    ------
    InvalidArgument
        With everything that is wrong: no study, no estimate, a number that is not finite, an estimate outside
        its interval, a row with too many or too few columns, a pool with neither prediction interval nor reason.
    """
    refuse_problems("this forest plot", _problems(data))
    return data


def _problems(data: ForestData) -> Iterator[str]:
    if not study_spans(data):
        yield "it has no study with an estimate"
    for row in data.rows:
        yield from _row_problems(row, len(data.columns))
    for line in data.summaries:
        yield from _interval_problems(line.label, line.low, line.estimate, line.high)
        if line.columns and len(line.columns) != len(data.columns):
            yield f"{line.label!r} has {len(line.columns)} columns, the header {len(data.columns)}"
    if data.prediction is not None:
        low, high = data.prediction
        yield from _interval_problems("the prediction interval", low, low, high)
    if data.summaries and (data.prediction is None) != bool(data.prediction_reason):
        yield "a pool has either a prediction interval or the reason why it has none"
    if data.limits is not None and not -math.inf < data.limits[0] < 0 < data.limits[1] < math.inf:
        yield f"the axis {data.limits} does not hold the null"
    if not 0 < data.level < 1:
        yield f"the level {data.level} is not between 0 and 1"


def _row_problems(row: ForestRow, columns: int) -> Iterator[str]:
    if len(row.columns) != columns:
        yield f"{row.label!r} has {len(row.columns)} columns, the header {columns}"
    if row.weight is not None and not 0 <= row.weight <= 1:
        yield f"the weight of {row.label!r} is {row.weight}, not a share of 1"
    given = [value for value in (row.low, row.estimate, row.high) if value is not None]
    if len(given) == 3:
        yield from _interval_problems(row.label, *given)
    elif given:
        yield f"{row.label!r} has only a part of estimate and interval"


def _interval_problems(label: str, low: float, estimate: float, high: float) -> Iterator[str]:
    if not all(map(math.isfinite, (low, estimate, high))):
        yield f"{label!r} has a number that is not finite"
    elif not low <= estimate <= high:
        yield f"the estimate of {label!r} is not inside its interval"
