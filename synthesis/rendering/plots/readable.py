"""Numbers of a plot in its text, the name of its scale, and what is wrong with its data."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

from synthesis.errors import InvalidArgument
from synthesis.rendering.plots.axis import MINUS
from synthesis.rendering.plots.fonts import clean

LARGEST_LOG = 700.0  # of a ratio that a computer holds


def shown(value: float, *, ratio: bool = False) -> str:
    """A number to three digits, with a true minus sign; ratios are given as logs."""
    if ratio and abs(value) > LARGEST_LOG:
        return f"e^{value:.3g}".replace("-", MINUS)
    return f"{(math.exp(value) if ratio else value) + 0.0:.3g}".replace("-", MINUS)


def counted(count: int, one: str = "study", several: str = "studies") -> str:
    """A number of things with their name."""
    return f"{count} {one if count == 1 else several}"


def scale_name(measure: str, *, ratio: bool) -> str:
    """The name of a scale of effects: ratios stand on a log scale."""
    return f"{measure} (log scale)" if ratio else measure


def refuse_problems(what: str, problems: Iterable[str]) -> None:
    """Refuse what cannot be drawn.

    Raises
    ------
    InvalidArgument
        With every problem, if there is one.
    """
    found = "; ".join(problems)
    if found:
        raise InvalidArgument(f"{what} cannot be drawn: {found}")


def problems_of(label: str, finite: Mapping[str, float], positive: Mapping[str, float] | None = None) -> Iterator[str]:
    """What is wrong with the numbers of one thing: those that must be finite, and those above 0 besides."""
    for name, value in finite.items():
        if not math.isfinite(value):
            yield f"the {name} of {clean(label)!r} is {value}, not a finite number"
    for name, value in (positive or {}).items():
        if not 0 < value < math.inf:
            yield f"the {name} of {clean(label)!r} is {value}, not above 0"
