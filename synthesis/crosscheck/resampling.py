"""A bootstrap over studies, for statistics of the cells that are made of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from synthesis.errors import InvalidArgument
from synthesis.pooling.batch import FloatArray, IntArray
from synthesis.pooling.check import check_level
from synthesis.pooling.pooled import Note, Noted
from synthesis.text import decimal, interval

AT_A_TIME = 500  # draws that are worked on together

Statistics = Callable[[IntArray], Mapping[str, FloatArray]]


@dataclass(frozen=True, slots=True)
class BootstrapInterval(Noted):
    """A statistic and its percentile interval over resampled studies; None with its reason in `notes`."""

    estimate: float | None  # of the studies as they are
    ci_low: float | None
    ci_high: float | None
    samples: int  # studies
    draws: int
    undefined: int  # draws without a value, which are left out
    level: float
    notes: tuple[Note, ...] = ()

    def summary(self) -> str:
        """One line of text, and one for each note."""
        bounds = f"{decimal(self.estimate)} {interval(self.ci_low, self.ci_high)}"
        lines = [f"{bounds} ({100 * self.level:g} %, {self.draws} draws of {self.samples} studies)"]
        return "\n".join([*lines, *(f"{note.field}: {note.reason}" for note in self.notes)]) + "\n"

    def to_dict(self) -> dict[str, Any]:
        """All fields as plain values, fit for JSON; notes as objects of `field` and `reason`."""
        return asdict(self) | {"notes": [note._asdict() for note in self.notes]}


def bootstrap(
    statistics: Statistics, samples: int, *, generator: np.random.Generator, draws: int = 2000, level: float = 0.95
) -> dict[str, BootstrapInterval]:
    """Percentile intervals of statistics of cells, by resampling the studies that the cells are made of.

    One study can stand in several cells, so that cells are not independent and are never drawn themselves.

    Parameters
    ----------
    statistics : callable
        Takes how often each study is drawn, shape (b, samples), and gives statistics by name, each of shape (b,), NaN
        where one is not defined. It is called with ones first: the studies as they are.
    samples : int
        How many studies there are.
    generator : numpy.random.Generator
        The source of chance; the same seed gives the same intervals.
    draws : int
        How often the studies are drawn.
    level : float
        Confidence level.

    Returns
    -------
    dict of str to BootstrapInterval
        Quantiles of the draws that have a value; none where the statistic itself has none.

    Raises
    ------
    InvalidArgument
        For a number of samples or draws below 1, a level out of range, and something else than a generator.

    References
    ----------
    Efron B, Tibshirani RJ (1993). An introduction to the bootstrap, chapter 13. New York: Chapman & Hall.
    """
    check_level(level)
    for name, number in (("samples", samples), ("draws", draws)):
        if isinstance(number, bool) or not isinstance(number, (int, np.integer)) or number < 1:
            raise InvalidArgument(f"{name} must be a whole number, 1 or more, not {number!r}")
    if not isinstance(generator, np.random.Generator):
        raise InvalidArgument("generator must be a numpy.random.Generator: numpy.random.default_rng(seed) makes one")
    estimates = statistics(np.ones((1, samples), dtype=np.int64))
    drawn: dict[str, list[FloatArray]] = {name: [] for name in estimates}
    for begin in range(0, draws, AT_A_TIME):
        found = statistics(_counts(generator, min(AT_A_TIME, draws - begin), samples))
        for name, values in drawn.items():
            values.append(found[name])
    return {
        name: _percentiles(float(estimates[name][0]), np.concatenate(values), samples, level)
        for name, values in drawn.items()
    }


def _counts(generator: np.random.Generator, draws: int, samples: int) -> IntArray:
    """How often each study is drawn when as many are drawn as there are, shape (draws, samples)."""
    chosen = generator.integers(0, samples, (draws, samples)) + samples * np.arange(draws)[:, None]
    return np.bincount(chosen.ravel(), minlength=draws * samples).reshape(draws, samples)


def _percentiles(estimate: float, values: FloatArray, samples: int, level: float) -> BootstrapInterval:
    """The interval of one statistic."""
    defined = values[~np.isnan(values)]
    counts = samples, len(values), len(values) - len(defined), level
    if np.isnan(estimate):
        return BootstrapInterval(None, None, None, *counts, (Note("estimate", "not defined for these cells"),))
    if not len(defined):
        return BootstrapInterval(estimate, None, None, *counts, (Note("ci_low", "not defined in any draw"),))
    low, high = np.quantile(defined, [(1 - level) / 2, (1 + level) / 2]).tolist()
    return BootstrapInterval(estimate, low, high, *counts)
