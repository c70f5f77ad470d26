"""The ledger of any number of cells from their studies' effects and their points, all cells together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synthesis.crosscheck.ledger.strength import Strength, strength
from synthesis.crosscheck.statuses import FEW, Bounds, statuses, upper_bound
from synthesis.effects.columns import refuse
from synthesis.errors import InvalidArgument
from synthesis.pooling.batch import FloatArray, IntArray
from synthesis.pooling.check import check_effects, numbers
from synthesis.pooling.groups import same_size
from synthesis.pooling.many import pool_many
from synthesis.pooling.tabular import Tabular, plain_column, table_of

FITTED = ("estimate", "se", "df", "ci_low", "ci_high", "pi_low", "pi_high", "tau2")
SHOWN = ("points", "k", "estimate", "ci_low", "ci_high", "status", "status_z", "r_fisher", "observed", "expected")
Columns = dict[str, FloatArray]


@dataclass(frozen=True, slots=True, eq=False)
class Ledger(Tabular):
    """m cells as columns of length m; NaN, 0 or an empty text where a cell has nothing to say."""

    points: FloatArray
    adhoc: Mapping[str, FloatArray]  # the columns FITTED by the adhoc test
    z: Mapping[str, FloatArray]  # the same by the z test; of two studies the equal-effects model
    status: NDArray[np.str_]  # under adhoc
    status_z: NDArray[np.str_]
    few: NDArray[np.bool_]  # one to three studies: no statement is firm
    strength: Strength
    low_least: FloatArray  # the lowest lower bound that leaving one study out gives (adhoc),
    low_most: FloatArray  # and the highest
    turning: IntArray  # studies without which the status would be another
    method: str
    level: float

    def columns(self) -> dict[str, NDArray[Any]]:
        """All columns by name; those of the z test begin with `z_`."""
        named = ("status", "status_z", "few")
        rest = ("low_least", "low_most", "turning")
        return {
            "points": self.points,
            **self.adhoc,
            **{f"z_{name}": column for name, column in self.z.items()},
            **{name: getattr(self, name) for name in named},
            **self.strength.columns(),
            **{name: getattr(self, name) for name in rest},
        }

    def summary(self) -> str:
        """How the cells were pooled, and the first of them as text."""
        head = f"{len(self)} cells ({self.method}, adhoc and z, {100 * self.level:g} %)\n"
        return head + table_of(self.columns(), SHOWN)

    def to_dict(self) -> dict[str, Any]:
        """How the cells were pooled, and all columns, as plain values, fit for JSON."""
        columns = {name: plain_column(column) for name, column in self.columns().items()}
        return {"method": self.method, "level": self.level} | columns


def ledger(
    yi: Any,
    vi: Any,
    cell: Any,
    points: Any,
    *,
    worthwhile: Any = None,
    method: str = "REML",
    level: float = 0.95,
    u: int = 2,
) -> Ledger:
    """Points against pooled effects in many cells at once.

    Parameters
    ----------
    yi, vi : array-like, shape (n,)
        Effects with benefit above 0 (ratios as logs), and their sampling variances.
    cell : array-like, shape (n,)
        The cell of each effect, from 0 to m - 1, in any order; a cell may have none.
    points : array-like, shape (m,)
        Points of each cell; None or NaN where it has no admissible finding.
    worthwhile : array-like, shape (m,), optional
        The smallest worthwhile benefit of each cell, on the scale of yi; None or NaN where none is declared.
    method : str
        A key of TAU2.
    level : float
        Confidence level of the intervals.
    u : int
        How many studies must show an effect for it to be replicated.

    Returns
    -------
    Ledger
        Statuses are those of `statuses`.

    Raises
    ------
    InvalidArgument
        For effects that cannot be used, cells beyond the points, and columns of unequal length.
    """
    y, v = check_effects(yi, vi, None) if len(yi) else (np.zeros(0), np.zeros(0))
    score = numbers(points, "points")
    least = np.full(len(score), np.nan) if worthwhile is None else numbers(worthwhile, "worthwhile")
    if len(least) != len(score):
        many = f"worthwhile has {len(least)} rows and points has {len(score)}"
        raise InvalidArgument(f"{many}: they must be of one length")
    place = _places(cell, len(y), len(score))
    adhoc = _fitted(y, v, place, len(score), method=method, test="adhoc", level=level)
    z = _normal(y, v, place, len(score), method=method, level=level)
    found = statuses(score, bounds_of_columns(adhoc), least)
    without = _without_each(y, v, place, method=method, level=level)
    turned = statuses(score[place], bounds_of_columns(without), least[place]) != found[place]
    k = np.bincount(place, minlength=len(score))
    low_least, low_most = _range(without["ci_low"], place, len(score))
    return Ledger(
        points=score,
        adhoc=adhoc,
        z=z,
        status=found,
        status_z=statuses(score, bounds_of_columns(z), least),
        few=(k > 0) & (k <= FEW),
        strength=strength(y, v, place, adhoc["estimate"], adhoc["tau2"], u=u, level=level),
        low_least=low_least,
        low_most=low_most,
        turning=np.bincount(place[turned & (k[place] > 1)], minlength=len(score)).astype(np.int64),
        method=method,
        level=level,
    )


def bounds_of_columns(fitted: Mapping[str, FloatArray]) -> Bounds:
    """The bounds of fitted models, benefit above 0."""
    upper = upper_bound(fitted["estimate"], fitted["se"], np.nan_to_num(fitted["df"], nan=1.0, posinf=np.inf))
    return Bounds(fitted["ci_low"], fitted["ci_high"], fitted["pi_low"], upper)


def _places(cell: Any, n: int, cells: int) -> IntArray:
    """The cell of each effect, once all are fit."""
    given = numbers(cell, "cell") if n else np.zeros(0)
    if len(given) != n:
        raise InvalidArgument(f"cell has {len(given)} rows and yi has {n}: they must be of one length")
    whole = (given >= 0) & (given < cells) & (given == np.floor(given))
    refuse(~whole, f"cell must be a whole number from 0 to {cells - 1}")
    return given.astype(np.intp)


def _fitted(
    y: FloatArray, v: FloatArray, group: IntArray, groups: int, *, method: str, test: str, level: float
) -> Columns:
    """The columns FITTED of each group, NaN in those without a study."""
    columns = {name: np.full(groups, np.nan) for name in FITTED}
    if len(y):
        many = pool_many(y, v, group, method=method, test=test, level=level)
        for name, column in columns.items():
            column[many.group] = many[name]
    return columns


def _normal(y: FloatArray, v: FloatArray, group: IntArray, groups: int, *, method: str, level: float) -> Columns:
    """The z test of each cell, of two studies with equal effects: their tau^2 is next to unknown."""
    two = (np.bincount(group, minlength=groups) == 2)[group]
    found = _fitted(y[~two], v[~two], group[~two], groups, method=method, test="z", level=level)
    equal = _fitted(y[two], v[two], group[two], groups, method="EE", test="z", level=level)
    return {name: np.where(np.isnan(equal["estimate"]), column, equal[name]) for name, column in found.items()}


def _without_each(y: FloatArray, v: FloatArray, cell: IntArray, *, method: str, level: float) -> Columns:
    """The columns FITTED of each study's cell without it, shape (n,); NaN where nothing remains."""
    if not len(y):
        return {name: np.zeros(0) for name in FITTED}
    left, rest = [], []
    for _, rows in same_size(cell, len(cell))[1]:
        k = rows.shape[-1]
        others = np.arange(k - 1) + (np.arange(k - 1) >= np.arange(k)[:, None])
        left.append(np.repeat(rows.ravel(), k - 1))
        rest.append(rows[:, others].ravel())
    group, kept = np.concatenate(left), np.concatenate(rest)
    return _fitted(y[kept], v[kept], group, len(y), method=method, test="adhoc", level=level)


def _range(values: FloatArray, cell: IntArray, cells: int) -> tuple[FloatArray, FloatArray]:
    """The least and the largest value of each cell, NaN where it has none."""
    known = ~np.isnan(values)
    least, most = np.full(cells, np.inf), np.full(cells, -np.inf)
    np.minimum.at(least, cell[known], values[known])
    np.maximum.at(most, cell[known], values[known])
    return np.where(np.isinf(least), np.nan, least), np.where(np.isinf(most), np.nan, most)
