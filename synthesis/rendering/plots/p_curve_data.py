"""What a p-curve shows, as plain values, and in words."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from synthesis.rendering.plots.readable import counted, refuse_problems

BINS = (0.01, 0.02, 0.03, 0.04, 0.05)  # upper ends


@dataclass(frozen=True, slots=True)
class PCurveData:
    """A p-curve: the significant p-values by hundredths, beside what two hypotheses let expect."""

    title: str
    counts: tuple[int, ...]  # of the five bins; `counted_bins` makes them of p-values
    low_power: tuple[float, ...]  # expected shares of the bins with 33 % power
    others: int = 0  # p-values of .05 and more
    findings: tuple[str, ...] = ()  # tests of the curve, in words
    footnotes: tuple[str, ...] = ()


def counted_bins(p_values: Sequence[float]) -> tuple[int, ...]:
    """How many two-sided p-values lie in (0, .01], (.01, .02], (.02, .03], (.03, .04], (.04, .05)."""
    found = [0] * len(BINS)
    for p in p_values:
        if p < BINS[-1]:
            found[next(place for place, end in enumerate(BINS) if p <= end)] += 1
    return tuple(found)


def observed(data: PCurveData) -> tuple[float, ...]:
    """The shares of the significant p-values in the bins."""
    return tuple(count / sum(data.counts) for count in data.counts)


def p_curve_text(data: PCurveData) -> str:
    """What the plot shows in words: its alternative text."""
    text = f"p-curve of {counted(sum(data.counts), 'significant p-value', 'significant p-values')}."
    lines = zip(BINS, data.counts, observed(data), data.low_power, strict=True)
    for end, count, share, weak in lines:
        text += f" p up to {end:g}: {count} ({100 * share:.0f} %; 33 % power {100 * weak:.0f} %, no effect 20 %)."
    return " ".join([text, *data.findings])


def checked(data: PCurveData) -> PCurveData:
    """The same data, if it can be drawn.

    Raises
    ------
    InvalidArgument
        With everything that is wrong.
    """
    refuse_problems("this p-curve", _problems(data))
    return data


def _problems(data: PCurveData) -> Iterator[str]:
    if len(data.counts) != len(BINS) or min(data.counts) < 0:
        yield f"its counts {data.counts} are not {len(BINS)} numbers of p-values"
    elif not sum(data.counts):
        yield f"it has no p-value below {BINS[-1]:g}"
    wrong = len(data.low_power) != len(BINS) or not all(0 <= share <= 1 for share in data.low_power)
    if wrong or not math.isclose(sum(data.low_power), 1, rel_tol=1e-6):
        yield f"the shares with 33 % power {data.low_power} are not {len(BINS)} shares of 1"
    if data.others < 0:
        yield f"the number of other p-values is {data.others}"
