"""What a p-curve shows, as plain values, and in words."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from synthesis.errors import InvalidArgument
from synthesis.rendering.plots.readable import counted

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BINS = (0.01, 0.02, 0.03, 0.04, 0.05)  # upper ends
POWER = 1 / 3
HALVINGS = 60


@dataclass(frozen=True, slots=True)
class PCurveData:
    """A p-curve: the significant p-values by hundredths, beside what two hypotheses let expect."""

    title: str
    p_values: tuple[float, ...]  # two-sided; those of .05 and more are counted, and not drawn
    low_power: tuple[float, ...] = ()  # shares of the five bins with 33 % power; none: those of z-tests
    findings: tuple[str, ...] = ()  # tests of the curve, in words
    footnotes: tuple[str, ...] = ()


def counts(data: PCurveData) -> tuple[int, ...]:
    """How many p-values lie in each bin: from 0, .01, .02, .03, .04 on, the upper end left out."""
    found = [0] * len(BINS)
    for p in data.p_values:
        place = next((place for place, end in enumerate(BINS) if p < end), None)
        if place is not None:
            found[place] += 1
    return tuple(found)


def observed(data: PCurveData) -> tuple[float, ...]:
    """The shares of the significant p-values in the bins."""
    found = counts(data)
    return tuple(count / sum(found) for count in found)


def expected(data: PCurveData) -> tuple[float, ...]:
    """The shares of the bins with 33 % power."""
    return data.low_power or shares_at_power(POWER)


def shares_at_power(power: float, ends: Sequence[float] = BINS) -> tuple[float, ...]:
    """Shares of the significant p-values of a two-sided z-test, by bins, if the test has so much power.

    Parameters
    ----------
    power : float
        Above the last end and below 1.
    ends : sequence of float
        Upper ends of the bins; the last is the level of the test.

    Returns
    -------
    tuple of float
        One for each bin; their sum is 1.
    """
    import numpy as np
    from scipy.special import ndtri

    z = -ndtri(np.array(ends) / 2)
    low, high = 0.0, 40.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if _beyond(z, middle)[-1] < power else (low, middle)
    reached = _beyond(z, low)
    found: list[float] = np.diff(reached / reached[-1], prepend=0.0).tolist()
    return tuple(found)


def _beyond(z: NDArray[np.float64], shift: float) -> NDArray[np.float64]:
    """The probability that a normal value of this mean is further from 0 than each z."""
    from scipy.special import ndtr

    found: NDArray[np.float64] = ndtr(shift - z) + ndtr(-shift - z)
    return found


def p_curve_text(data: PCurveData) -> str:
    """What the plot shows in words: its alternative text."""
    found = counts(data)
    text = f"p-curve of {counted(sum(found), 'significant p-value', 'significant p-values')}."
    lines = zip(BINS, found, observed(data), expected(data), strict=True)
    for end, count, share, weak in lines:
        text += f" p below {end:g}: {count} ({100 * share:.0f} %; 33 % power {100 * weak:.0f} %, no effect 20 %)."
    return " ".join([text, *data.findings])


def checked(data: PCurveData) -> PCurveData:
    """The same data, if it can be drawn.

    Raises
    ------
    InvalidArgument
        With everything that is wrong.
    """
    problems = list(_problems(data))
    if problems:
        raise InvalidArgument("this p-curve cannot be drawn: " + "; ".join(problems))
    return data


def _problems(data: PCurveData) -> Iterator[str]:
    for number, p in enumerate(data.p_values, 1):
        if not 0 <= p <= 1:
            yield f"p-value {number} is {p}, not between 0 and 1"
    if not any(0 <= p < BINS[-1] for p in data.p_values):
        yield f"it has no p-value below {BINS[-1]:g}"
    if data.low_power:
        wrong = len(data.low_power) != len(BINS) or not all(0 <= share <= 1 for share in data.low_power)
        if wrong or not math.isclose(sum(data.low_power), 1, rel_tol=1e-6):
            yield f"the shares with 33 % power {data.low_power} are not {len(BINS)} shares of 1"
