"""The numbers of a forest plot as text: the same decimals all the way down a column."""

from __future__ import annotations

import math
from collections.abc import Sequence

from synthesis.rendering.plots.axis import MINUS, SUPERSCRIPTS, TIMES, Span
from synthesis.rendering.plots.forest_data import STUDY, ForestData
from synthesis.rendering.plots.readable import counted
from synthesis.text import ABSENT, decimal, percent

LARGEST = 1e6  # larger numbers are powers of ten


def places(spans: Sequence[Span], *, ratio: bool) -> int:
    """Decimals that show the narrowest interval to two digits: at least two, at most six."""
    widths = [_width(span, ratio=ratio) for span in spans]
    narrowest = min((width for width in widths if width > 0), default=1.0)
    return min(6, max(2, 1 - math.floor(math.log10(narrowest))))


def number(value: float, places: int, *, ratio: bool) -> str:
    """An estimate or bound as printed: ratios from their logs, with a true minus sign."""
    size = value if ratio else math.log(abs(value)) if value else -math.inf
    if size < math.log(LARGEST):
        return decimal(math.exp(value) if ratio else value, places).replace("-", MINUS)
    power = math.floor(size / math.log(10))
    sign = MINUS if value < 0 and not ratio else ""
    return f"{sign}{math.exp(size - power * math.log(10)):.1f}{TIMES}10{str(power).translate(SUPERSCRIPTS)}"


def interval_cells(span: Span | None, places: int, *, ratio: bool) -> tuple[str, str, str]:
    """Three cells: the estimate, `[low,` and `high]`, so that each aligns on its point."""
    if span is None:
        return "", "not", "estimable"
    estimate = "" if span.estimate is None else number(span.estimate, places, ratio=ratio)
    low, high = (number(value, places, ratio=ratio) for value in (span.low, span.high))
    return estimate, f"[{low},", f"{high}]"


def weight_cells(data: ForestData) -> tuple[list[str], str]:
    """The studies' weights in percent, and their total for the first pool."""
    weights = [row.weight for row in data.rows]
    total = math.fsum(weight for weight in weights if weight is not None)
    cells = [ABSENT if weight is None else f"{percent(weight)}%" for weight in weights]
    return cells, f"{percent(total)}%" if data.summaries else ""


def level_text(level: float) -> str:
    """A level as `95% CI`."""
    return f"{100 * level:.6g}% CI"


def description(data: ForestData) -> str:
    """What the plot shows, in a sentence for each pool: its alternative text."""
    spans = [Span(line.low, line.high, line.estimate) for line in data.summaries]
    digits = places(spans, ratio=data.ratio)
    text = f"Forest plot of {_rows(data)}, {data.measure}."
    for line, span in zip(data.summaries, spans, strict=True):
        text += f" {line.label}: {' '.join(interval_cells(span, digits, ratio=data.ratio))}."
    if data.prediction is not None:
        cells = interval_cells(Span(*data.prediction), digits, ratio=data.ratio)
        text += f" Prediction interval: {' '.join(cells[1:])}."
    return text


def _rows(data: ForestData) -> str:
    """How many rows there are, and of what."""
    count = len(data.rows)
    if data.header == STUDY:
        return counted(count)
    return f"{counted(count, 'row', 'rows')} ({data.header.lower()})"


def _width(span: Span, *, ratio: bool) -> float:
    if not ratio:
        return span.high - span.low
    return math.exp(min(span.high, 700.0)) - math.exp(min(span.low, 700.0))
