"""Whether an effect is replicated: evidence that at least u of k studies have one, in the same direction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synthesis.effects.columns import FloatArray, looked_up
from synthesis.pooling.batch import IntArray
from synthesis.pooling.check import check_effects, check_level
from synthesis.pooling.conjunctions import CONJUNCTIONS, check_combination, check_count
from synthesis.pooling.groups import same_size
from synthesis.pooling.p_values import one_sided_p
from synthesis.pooling.pooled import Note, Noted
from synthesis.pooling.tabular import Tabular, plain_column, table_of
from synthesis.text import decimal, p_value


@dataclass(frozen=True, slots=True)
class Replicability(Noted):
    """How well an effect is replicated; what cannot be given is None, with its reason in `notes`."""

    r_value: float | None  # two-sided: at least u studies have an effect, all in one direction
    direction: str | None  # "greater" or "less" than 0: where the evidence is stronger
    p_greater: float | None  # at least u studies have an effect above 0; one-sided
    p_less: float | None  # at least u studies have an effect below 0; one-sided
    least_greater: int  # with confidence `level`, at least so many studies have an effect above 0,
    least_less: int  # and at least so many one below 0: both hold together
    k: int
    u: int
    combine: str  # a key of CONJUNCTIONS
    tau: float | None  # of "truncated"
    level: float
    notes: tuple[Note, ...] = ()

    def summary(self) -> str:
        """The result as a few lines of text."""
        sides = f"greater p {p_value(self.p_greater)}, less p {p_value(self.p_less)}"
        least = f"above 0 in at least {self.least_greater}, below 0 in at least {self.least_less}"
        lines = [
            f"replicated in {self.u} of {self.k}: r {decimal(self.r_value)} ({self.combine}; {sides})",
            f"{least} ({100 * self.level:g} %)",
            *(f"{note.field}: {note.reason}" for note in self.notes),
        ]
        return "\n".join(lines) + "\n"

    def to_dict(self) -> dict[str, Any]:
        """All fields as plain values, fit for JSON; notes as objects of `field` and `reason`."""
        return asdict(self) | {"notes": [note._asdict() for note in self.notes]}


@dataclass(frozen=True, slots=True, eq=False)
class ManyReplicability(Tabular):
    """The same for m groups of studies, as columns of length m in the order of the sorted groups.

    NaN where a group has fewer than u studies; the direction is then empty, and where neither has more evidence.
    """

    group: NDArray[Any]
    r_value: FloatArray
    direction: NDArray[np.str_]
    p_greater: FloatArray
    p_less: FloatArray
    least_greater: IntArray
    least_less: IntArray
    k: IntArray
    u: int
    combine: str
    tau: float | None
    level: float

    def columns(self) -> dict[str, NDArray[Any]]:
        """All columns by name."""
        names = ("group", "r_value", "direction", "p_greater", "p_less", "least_greater", "least_less", "k")
        return {name: getattr(self, name) for name in names}

    def summary(self) -> str:
        """How it was judged, and the first groups as text."""
        head = f"{len(self)} groups: replicated in {self.u} studies ({self.combine}, {100 * self.level:g} %)\n"
        return head + table_of(self.columns())

    def to_dict(self) -> dict[str, Any]:
        """How it was judged, and all columns, as plain values, fit for JSON."""
        columns = {name: plain_column(column) for name, column in self.columns().items()}
        return {name: getattr(self, name) for name in ("u", "combine", "tau", "level")} | columns


def replicability(
    yi: Any,
    vi: Any,
    *,
    data: Any = None,
    u: int = 2,
    combine: str = "fisher",
    tau: float | None = None,
    level: float = 0.95,
) -> Replicability:
    """Whether at least u of k studies show an effect in the same direction, and in how many one is shown.

    Parameters
    ----------
    yi, vi : array-like, shape (k,), or str
        Effects and sampling variances of independent studies, or the names of their columns in `data`.
    data : DataFrame or mapping of columns, optional
        Where names are looked up.
    u : int
        How many studies must have the effect.
    combine : str
        A key of CONJUNCTIONS.
    tau : float, optional
        Of "truncated": the largest p-value that enters the product, 0.05 where not given.
    level : float
        Confidence level of the two lower bounds together.

    Returns
    -------
    Replicability
        The r-value is min(1, 2 min(p_greater, p_less)). Each bound is the largest number such that it, and every
        smaller one, is shown at (1 - level) / 2, as in metarep. With combine "truncated" all is as there (without
        the common-effect assumption).

    Raises
    ------
    InvalidArgument
        For effects that cannot be used; u, combine, tau or level out of range.

    Notes
    -----
    Nothing is assumed of the effects, which may differ from study to study. The effect is tested against 0 in each
    study, by its normal deviate.

    References
    ----------
    Jaljuli I, Benjamini Y, Shenhav L, Panagiotou OA, Heller R (2022). Quantifying replicability and consistency in
    systematic reviews. Statistics in Biopharmaceutical Research 15(2), 372-385.
    """
    options = _check(u, combine, tau, level)
    y, v = check_effects(yi, vi, data)
    r, greater, less, least_greater, least_less = (
        column[0] for column in _judged(one_sides(y[None, :], v[None, :]), u, combine, options, level)
    )
    bounds = int(least_greater), int(least_less), len(y), u, combine, options.get("tau"), level
    if len(y) < u:
        return Replicability(None, None, None, None, *bounds, (Note("r_value", f"fewer studies than u = {u}"),))
    notes = (Note("direction", "the evidence for both directions is the same"),) if greater == less else ()
    direction = str(_directions(greater, less)) or None
    return Replicability(float(r), direction, float(greater), float(less), *bounds, notes)


def replicability_many(
    yi: Any,
    vi: Any,
    group: Any,
    *,
    data: Any = None,
    u: int = 2,
    combine: str = "fisher",
    tau: float | None = None,
    level: float = 0.95,
) -> ManyReplicability:
    """`replicability` of many groups at once, each of the rows that share a group.

    Parameters
    ----------
    yi, vi : array-like, shape (n,), or str
        Effects and sampling variances of all studies of all groups.
    group : array-like, shape (n,), or str
        Which group each row belongs to: numbers or text; the rows may stand in any order.
    data, u, combine, tau, level
        As for `replicability`.

    Returns
    -------
    ManyReplicability
        Numbers equal to those of `replicability` on each group.

    Raises
    ------
    InvalidArgument
        As for `replicability`; and for groups of another length than yi.
    """
    options = _check(u, combine, tau, level)
    y, v = check_effects(yi, vi, data)
    names, parts = same_size(looked_up(group, data), len(y))
    columns = np.full((5, len(names)), np.nan)
    size = np.zeros(len(names), dtype=np.int64)
    for which, rows in parts:
        columns[:, which] = _judged(one_sides(y[rows], v[rows]), u, combine, options, level)
        size[which] = rows.shape[-1]
    r, greater, less, least_greater, least_less = columns
    direction = _directions(greater, less)
    least = least_greater.astype(np.int64), least_less.astype(np.int64)
    return ManyReplicability(names, r, direction, greater, less, *least, size, u, combine, options.get("tau"), level)


def one_sides(y: FloatArray, v: FloatArray) -> FloatArray:
    """One-sided p-values for effects above 0 and for effects below 0, shape (2, m, k)."""
    sides = [one_sided_p(y.ravel(), v.ravel(), alternative=side) for side in ("greater", "less")]
    return np.stack(sides).reshape(2, *y.shape)


def _judged(p: FloatArray, u: int, combine: str, options: Mapping[str, float], level: float) -> FloatArray:
    """r-value, p above and below 0, and lower bounds above and below 0, shape (5, m), from p of shape (2, m, k)."""
    _, m, k = p.shape
    table = CONJUNCTIONS[combine].function(np.sort(p.reshape(-1, k), axis=-1), **options)
    shown = np.logical_and.accumulate(table <= (1 - level) / 2, axis=-1).sum(axis=-1).reshape(2, m)
    sides = table[:, u - 1].reshape(2, m) if u <= k else np.full((2, m), np.nan)
    return np.concatenate([np.minimum(1.0, 2 * sides.min(axis=0))[None, :], sides, shown])


def _directions(greater: FloatArray, less: FloatArray) -> NDArray[np.str_]:
    """Which of two p-values is smaller; empty where none is."""
    return np.select([greater < less, greater > less], ["greater", "less"], "")


def _check(u: Any, combine: Any, tau: Any, level: float) -> dict[str, float]:
    """The options of the combination, once all of them are fit."""
    check_level(level)
    check_count(u)
    return check_combination(combine, tau)
