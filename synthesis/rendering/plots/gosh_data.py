"""What a GOSH plot shows, as plain values, and in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synthesis.rendering.plots.fonts import clean
from synthesis.rendering.plots.readable import refuse_problems, shown

Array = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
FEWEST, MOST = 12, 72  # columns of cells
ROWS = 0.7  # of them to a column


@dataclass(frozen=True, slots=True, eq=False)
class GoshData:
    """A GOSH plot: the pools of many subsets of the studies, by estimate and heterogeneity."""

    title: str
    measure: str
    ratio: bool  # whether estimates are logs of ratios
    estimate: Array  # (n,) one subset each
    i2: Array  # (n,) percent; NaN where a subset cannot tell, and then it is not drawn
    marked: BoolArray | None = None  # (n,) subsets told apart, such as those with one study
    marked_label: str = ""  # what they have, such as "with Smith 2000"
    others_label: str = ""
    whole: tuple[float, float] | None = None  # estimate and I2 of all studies
    footnotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Density:
    """How many subsets lie in each cell."""

    x: Array  # (c + 1,) edges of the estimates
    y: Array  # (r + 1,) edges of I2
    count: Array  # (c, r)
    marked: Array  # (c, r) of the marked subsets


def drawn(data: GoshData) -> BoolArray:
    """The subsets whose estimate and I2 are known, shape (n,)."""
    found: BoolArray = np.isfinite(data.estimate) & np.isfinite(data.i2)
    return found


def density(data: GoshData, ends: tuple[float, float]) -> Density:
    """The subsets in cells between two estimates, and 0 to 100 % of I2; the more subsets, the smaller the cells."""
    keep = drawn(data)
    columns = min(MOST, max(FEWEST, round(1.1 * float(keep.sum()) ** 0.5)))
    edges = (np.linspace(*ends, columns + 1), np.linspace(0.0, 100.0, round(ROWS * columns) + 1))
    count = np.histogram2d(data.estimate[keep], data.i2[keep], bins=edges)[0]
    marked = np.zeros_like(count)
    if data.marked is not None:
        keep &= data.marked
        marked = np.histogram2d(data.estimate[keep], data.i2[keep], bins=edges)[0]
    return Density(*edges, count, marked)


def gosh_text(data: GoshData) -> str:
    """What the plot shows in words: its alternative text."""
    keep = drawn(data)
    text = f"GOSH plot of {int(keep.sum())} subsets of the studies: {clean(data.measure)} against I²."
    text += _spread("All", data, keep)
    if data.marked is not None:
        text += _spread(clean(data.marked_label) or "Marked", data, keep & data.marked)
        text += _spread(clean(data.others_label) or "Others", data, keep & ~data.marked)
    return text


def _spread(name: str, data: GoshData, keep: BoolArray) -> str:
    if not keep.any():
        return f" {name}: no subset."
    low, middle, high = (
        shown(float(one), ratio=data.ratio) for one in np.quantile(data.estimate[keep], (0.05, 0.5, 0.95))
    )
    return f" {name}: median {middle}, 5 to 95 % {low} to {high}, median I² {float(np.median(data.i2[keep])):.0f} %."


def checked(data: GoshData) -> GoshData:
    """The same data, if it can be drawn.

    Raises
    ------
    InvalidArgument
        With everything that is wrong.
    """
    refuse_problems("this GOSH plot", _problems(data))
    return data


def _problems(data: GoshData) -> Iterator[str]:
    shapes = [data.estimate.shape, data.i2.shape, *([] if data.marked is None else [data.marked.shape])]
    if len(set(shapes)) > 1 or len(shapes[0]) != 1:
        yield f"its arrays have the shapes {', '.join(map(str, shapes))}, not one and the same length"
        return
    keep = drawn(data)
    if not keep.any():
        yield "it has no subset with an estimate and I²"
    elif data.i2[keep].min() < 0 or data.i2[keep].max() > 100:
        yield "I² is not between 0 and 100 %"
    if data.whole is not None and not (np.isfinite(data.whole[0]) and 0 <= data.whole[1] <= 100):
        yield f"the pool of all studies {data.whole} is not an estimate and I² in percent"
