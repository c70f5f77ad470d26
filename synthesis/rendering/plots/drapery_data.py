"""What a drapery plot shows, as plain values, and in words."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, stdtr

from synthesis.rendering.plots.fonts import clean
from synthesis.rendering.plots.readable import counted, problems_of, refuse_problems, shown

Array = NDArray[np.float64]
MOST_POOLS = 3


@dataclass(frozen=True, slots=True)
class DraperyCurve:
    """One study, or one pool: its p-value function is that of its test."""

    label: str
    estimate: float  # a log where effects are ratios
    se: float
    df: float | None = None  # of a t-test; None: z


@dataclass(frozen=True, slots=True)
class DraperyData:
    """A drapery plot: the p-value of every hypothesis about the effect, by every study and by the pools."""

    title: str
    measure: str
    ratio: bool  # whether effects are logs of ratios
    studies: tuple[DraperyCurve, ...]
    pools: tuple[DraperyCurve, ...] = ()
    prediction: DraperyCurve | None = None  # its se is that of a new study's effect
    level: float = 0.95  # where intervals are read off
    favours: tuple[str, str] = ("", "")  # left and right of the null
    footnotes: tuple[str, ...] = ()


def p_values(curve: DraperyCurve, effects: Array) -> Array:
    """Two-sided p-values of effects as hypotheses, in the shape of `effects`."""
    away = -np.abs(effects - curve.estimate) / curve.se
    found: Array = 2 * (ndtr(away) if curve.df is None or math.isinf(curve.df) else stdtr(curve.df, away))
    return found


def drapery_text(data: DraperyData) -> str:
    """What the plot shows in words: its alternative text."""
    text = f"Drapery plot of {counted(len(data.studies))}: p-value functions, {clean(data.measure)}."
    zero = np.zeros(1)
    for curve in (*data.pools, *data.studies):
        p = shown(float(p_values(curve, zero)[0]))
        text += f" {clean(curve.label) or 'A study'}: {shown(curve.estimate, ratio=data.ratio)}, p of no effect {p}."
    return text


def checked(data: DraperyData) -> DraperyData:
    """The same data, if it can be drawn.

    Raises
    ------
    InvalidArgument
        With everything that is wrong.
    """
    refuse_problems("this drapery plot", _problems(data))
    return data


def _problems(data: DraperyData) -> Iterator[str]:
    if not data.studies:
        yield "it has no study"
    curves = [*data.studies, *data.pools, *([data.prediction] if data.prediction else [])]
    for number, curve in enumerate(curves, 1):
        name = curve.label or f"study {number}"
        yield from problems_of(name, {"effect": curve.estimate}, {"standard error": curve.se})
        if curve.df is not None and not curve.df > 0:
            yield f"the degrees of freedom of {clean(name)!r} are {curve.df}, not above 0"
    if len(data.pools) > MOST_POOLS:
        yield f"it has {len(data.pools)} pools; at most {MOST_POOLS} can be told apart"
    if not 0 < data.level < 1:
        yield f"the level {data.level} is not between 0 and 1"
