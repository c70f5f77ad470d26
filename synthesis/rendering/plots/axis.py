"""The horizontal axis of effects: its limits and its ticks, as numbers and text.

Ratios are on the log scale throughout; only the labels of their ticks are ratios.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

MINUS = "−"  # noqa: RUF001 - the minus sign itself, as wide as the plus
DASH = "–"  # noqa: RUF001 - a dash, not a minus: there is no number
TIMES = "×"  # noqa: RUF001 - the multiplication sign
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
MOST = 9  # ticks on one axis
ROOM_BEYOND_NULL = 0.12  # share of the axis on the side of the null where no study lies


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled place on the axis."""

    value: float  # on the scale of the estimates
    label: str


@dataclass(frozen=True, slots=True)
class Span:
    """An estimate and its interval, or an interval alone."""

    low: float
    high: float
    estimate: float | None = None


def limits(studies: Sequence[Span], summaries: Sequence[Span]) -> tuple[float, float]:
    """Limits that hold the null (0), every estimate, and intervals as far as they leave the rest readable.

    A study's interval may reach beyond the estimates by as much as these spread, or as a usual interval is
    wide; a summary's three times as far. What reaches further is drawn with an arrowhead.
    """
    spans = [*studies, *summaries]
    points = [0.0, *(span.estimate for span in spans if span.estimate is not None)]
    first, last = min(points), max(points)
    reach = max(last - first, median(span.high - span.low for span in spans))
    low = min(first, *(max(span.low, first - reach) for span in studies), *_far(summaries, first, -3 * reach))
    high = max(last, *(min(span.high, last + reach) for span in studies), *_far(summaries, last, 3 * reach))
    room = (high - low) or 2.0
    return (
        min(low - 0.04 * room, -ROOM_BEYOND_NULL * room),
        max(high + 0.04 * room, ROOM_BEYOND_NULL * room),
    )


def _far(summaries: Sequence[Span], start: float, reach: float) -> Iterator[float]:
    for span in summaries:
        yield max(span.low, start + reach) if reach < 0 else min(span.high, start + reach)


def ticks(low: float, high: float, *, ratio: bool, fit: Callable[[Sequence[Tick]], bool]) -> tuple[Tick, ...]:
    """The densest set of round ticks whose labels `fit`; the null is always one of them."""
    candidates = _ratio_ticks(low, high) if ratio else _linear_ticks(low, high)
    for candidate in candidates:
        if len(candidate) <= MOST and fit(candidate):
            return tuple(candidate)
    return (Tick(0.0, "1" if ratio else "0"),)


def _ratio_ticks(low: float, high: float) -> Iterator[list[Tick]]:
    """Sets of ratio ticks, dense to sparse: even steps on a short axis, 1-2-5, decades."""
    preferred = _logarithmic(low, high, (1, 2, 5), 1)
    if len(preferred) < 4 and high < math.log(1000):
        below = any(tick.value < 0 for tick in preferred)
        even = _even_ratios(math.exp(low), math.exp(high))
        yield from (found for found in even if not below or any(tick.value < 0 for tick in found))
    yield preferred
    yield _logarithmic(low, high, (1, 5), 1)
    for stride in (1, 2, 3, 5, 10, 20, 50, 100):
        yield _logarithmic(low, high, (1,), stride)


def _even_ratios(low: float, high: float) -> Iterator[list[Tick]]:
    for step, exponent in _steps(high - low):
        if step * 10.0**exponent <= 1:  # so that 1 is one of them
            values = [value for value in _multiples(low, high, step, exponent) if value > 0]
            yield [Tick(math.log(value), _plain(value, exponent)) for value in values]


def _logarithmic(low: float, high: float, digits: Sequence[int], stride: int) -> list[Tick]:
    first, last = math.floor(low / math.log(10)), math.ceil(high / math.log(10))
    decades = [exponent for exponent in range(first, last + 1) if exponent % stride == 0]
    found = [
        Tick(math.log(digit) + exponent * math.log(10), _ratio_label(digit, exponent))
        for exponent in decades
        for digit in digits
    ]
    return [tick for tick in found if low <= tick.value <= high]


def _linear_ticks(low: float, high: float) -> Iterator[list[Tick]]:
    for step, exponent in _steps(high - low):
        values = _multiples(low, high, step, exponent)
        yield [Tick(value, _plain(value, exponent)) for value in values]


def _steps(span: float) -> Iterator[tuple[int, int]]:
    """Steps (1, 2 or 5 and a power of ten) that cut a span into some ten parts, then fewer."""
    start = math.floor(math.log10(span)) - 1
    for exponent in range(start, start + 3):
        for digit in (1, 2, 5):
            yield digit, exponent


def _multiples(low: float, high: float, digit: int, exponent: int) -> list[float]:
    step = digit * 10.0**exponent
    counts = range(math.ceil(low / step), math.floor(high / step) + 1)
    return [count * digit * 10.0**exponent for count in counts] if len(counts) <= MOST else [low] * (MOST + 1)


def _plain(value: float, exponent: int) -> str:
    """A tick's label with the decimals of its step; powers of ten where these would be many."""
    if value == 0:
        return "0"
    if exponent < -6 or abs(value) >= 1e6:
        power = math.floor(math.log10(abs(value)) + 1e-9)
        return f"{value / 10.0**power:.3g}{TIMES}10{str(power).translate(SUPERSCRIPTS)}".replace("-", MINUS)
    return f"{value:.{max(0, -exponent)}f}".replace("-", MINUS)


def _ratio_label(digit: int, exponent: int) -> str:
    if -4 <= exponent <= 4:
        return f"{digit * 10**exponent}" if exponent >= 0 else f"{digit * 10.0**exponent:.{-exponent}f}"
    power = f"10{str(exponent).translate(SUPERSCRIPTS)}"
    return power if digit == 1 else f"{digit}{TIMES}{power}"
