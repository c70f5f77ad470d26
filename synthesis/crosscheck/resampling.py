"""Studies drawn anew, for statistics of the cells that are made of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from synthesis.errors import InvalidArgument
from synthesis.pooling.batch import BoolArray, FloatArray
from synthesis.pooling.check import check_level
from synthesis.pooling.pooled import Note, Noted
from synthesis.text import decimal, interval

AT_A_TIME = 500  # draws that are worked on together
MEANING = (
    "as many studies are drawn as there are, with replacement, and a study drawn twice counts once, so that a draw "
    "holds about 63 % of them: the middle of the draws shows how far a number hangs on which studies there are, and is "
    "no confidence interval"
)

Statistics = Callable[[BoolArray], Mapping[str, FloatArray]]


@dataclass(frozen=True, slots=True)
class Redrawn(Noted):
    """A statistic, and the middle of its values in draws of the studies; None with its reason in `notes`."""

    estimate: float | None  # of the studies as they are
    low: float | None  # a share `level` of the draws is between the two; no confidence interval
    high: float | None
    samples: int  # studies
    draws: int
    undefined: int  # draws without a value, which are left out
    level: float  # the share of draws
    notes: tuple[Note, ...] = ()

    def summary(self) -> str:
        """One line of text, and one for each note."""
        bounds = f"{decimal(self.estimate)} {interval(self.low, self.high)}"
        lines = [f"{bounds} ({100 * self.level:g} % of {self.draws} draws of {self.samples} studies)"]
        return "\n".join([*lines, *(f"{note.field}: {note.reason}" for note in self.notes)]) + "\n"

    def to_dict(self) -> dict[str, Any]:
        """All fields as plain values, fit for JSON; notes as objects of `field` and `reason`."""
        return asdict(self) | {"notes": [note._asdict() for note in self.notes]}


def redraw(
    statistics: Statistics, samples: int, *, generator: np.random.Generator, draws: int = 2000, level: float = 0.95
) -> dict[str, Redrawn]:
    """How far statistics of cells hang on which studies there are, by drawing the studies that the cells are made of.

    As many studies are drawn as there are, with replacement; one that is drawn twice counts once, as one trial is one
    study, so that a draw holds about 63 % of them. What is given is the middle of the draws. It is no confidence
    interval: draws of fewer studies need not lie about the statistic of all. One study can stand in several cells, so
    that cells are not independent and are never drawn themselves.

    Parameters
    ----------
    statistics : callable
        Takes which studies are drawn, shape (b, samples), and gives statistics by name, each of shape (b,), NaN where
        one is not defined. It is called with all of them first: the studies as they are.
    samples : int
        How many studies there are.
    generator : numpy.random.Generator
        The source of chance; the same seed gives the same draws.
    draws : int
        How often the studies are drawn.
    level : float
        The share of draws that is given.

    Returns
    -------
    dict of str to Redrawn
        Quantiles of the draws that have a value; none where the statistic itself has none.

    Raises
    ------
    InvalidArgument
        For a number of samples or draws below 1, a level out of range, and something else than a generator.
    """
    check_level(level)
    for name, number in (("samples", samples), ("draws", draws)):
        if isinstance(number, bool) or not isinstance(number, (int, np.integer)) or number < 1:
            raise InvalidArgument(f"{name} must be a whole number, 1 or more, not {number!r}")
    if not isinstance(generator, np.random.Generator):
        raise InvalidArgument("generator must be a numpy.random.Generator: numpy.random.default_rng(seed) makes one")
    estimates = statistics(np.ones((1, samples), dtype=bool))
    drawn: dict[str, list[FloatArray]] = {name: [] for name in estimates}
    for begin in range(0, draws, AT_A_TIME):
        found = statistics(_drawn(generator, min(AT_A_TIME, draws - begin), samples))
        for name, values in drawn.items():
            values.append(found[name])
    return {
        name: _percentiles(float(estimates[name][0]), np.concatenate(values), samples, level)
        for name, values in drawn.items()
    }


def _drawn(generator: np.random.Generator, draws: int, samples: int) -> BoolArray:
    """Which studies are drawn when as many are drawn as there are, shape (draws, samples)."""
    drawn = np.zeros((draws, samples), dtype=bool)
    drawn[np.arange(draws)[:, None], generator.integers(0, samples, (draws, samples))] = True
    return drawn


def _percentiles(estimate: float, values: FloatArray, samples: int, level: float) -> Redrawn:
    """The middle of the draws of one statistic."""
    defined = values[~np.isnan(values)]
    counts = samples, len(values), len(values) - len(defined), level
    if np.isnan(estimate):
        return Redrawn(None, None, None, *counts, (Note("estimate", "not defined for these cells"),))
    if not len(defined):
        return Redrawn(estimate, None, None, *counts, (Note("low", "not defined in any draw"),))
    low, high = np.quantile(defined, [(1 - level) / 2, (1 + level) / 2]).tolist()
    return Redrawn(estimate, low, high, *counts)
