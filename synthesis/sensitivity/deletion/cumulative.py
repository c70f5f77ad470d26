"""How the pool came to be: one study, or one step, after another."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synthesis.effects.columns import looked_up
from synthesis.errors import InvalidArgument, did_you_mean
from synthesis.pooling.batch import IntArray
from synthesis.pooling.fit import SHOWN, Fit
from synthesis.pooling.labels import labels_of
from synthesis.pooling.pooled import Note
from synthesis.pooling.tabular import Tabular, plain_column, table_of
from synthesis.sensitivity.deletion.selections import Studies, checked_centres, checked_studies, pool_selections
from synthesis.sensitivity.findings import FEW, side_of_zero, told

ROWS, PRECISION = OWN_ORDERS = ("rows", "precision")
LOOKED_AGAIN = Note(
    "looked_again",
    "the intervals are not adjusted for looking again after each study, so a step at which 0 first drops out proves "
    "nothing by itself",
)


@dataclass(frozen=True, slots=True, eq=False)
class Cumulative(Tabular):
    """Pools of ever more studies: row s of every array is the pool of the studies up to step s."""

    step: NDArray[Any]  # (s,) what the step is called: the value of the order, or the row (the first is 1)
    rows: tuple[IntArray, ...]  # which rows each step adds, the first 0
    fit: Fit  # arrays of shape (s,); NaN where a value cannot be given
    method: str
    test: str
    level: float

    def columns(self) -> dict[str, NDArray[Any]]:
        """All columns by name."""
        return {"step": self.step, **{field.name: getattr(self.fit, field.name) for field in fields(self.fit)}}

    @property
    def settled(self) -> int | None:
        """The first step from which on every interval lies on one side of 0; None where the last one holds 0."""
        side = side_of_zero(self.fit.ci_low, self.fit.ci_high)
        if side[-1] == 0:
            return None
        other = np.flatnonzero(side != side[-1])
        return int(other[-1]) + 1 if len(other) else 0

    @property
    def verdict(self) -> str:
        """What the order of the studies can and cannot tell here."""
        first, found = self.settled, []
        if first is None:
            found.append(Note("unsettled", "the last interval holds 0: the studies have not settled the sign"))
        else:
            since = f"from step {self.step[first]} on (k = {self.fit.k[first]})"
            found.append(Note("settled", f"every interval {since} lies on the same side of 0"))
        if self.fit.k[-1] < FEW:
            few = f"{self.fit.k[-1]} studies are too few to see a drift: one more may change anything"
            found.append(Note("few", few))
        return told([*found, LOOKED_AGAIN])

    def summary(self) -> str:
        """How they were pooled, the first steps as text, and the verdict."""
        head = f"{len(self)} steps ({self.method}, {self.test}, {100 * self.level:g} %)\n"
        return f"{head}{table_of(self.columns(), ('step', *SHOWN))}{self.verdict}\n"

    def to_dict(self) -> dict[str, Any]:
        """How they were pooled, and all columns, as plain values, fit for JSON; row numbers count from 1."""
        columns = {name: plain_column(column) for name, column in self.columns().items()}
        added = {"rows": [(rows + 1).tolist() for rows in self.rows], "verdict": self.verdict}
        return {name: getattr(self, name) for name in ("method", "test", "level")} | columns | added


def cumulative(
    yi: Any,
    vi: Any,
    order: Any = ROWS,
    *,
    descending: bool = False,
    together: bool = False,
    data: Any = None,
    method: str = "REML",
    test: str = "adhoc",
    level: float = 0.95,
    weights: Any = None,
    mantel_haenszel: Any = None,
) -> Cumulative:
    """Pools of the first study, the first two, and so on to all of them, as one batch.

    Parameters
    ----------
    yi, vi : array-like, shape (k,), or str
        Effects and sampling variances, or the names of their columns in `data`.
    order : "rows", "precision", array-like of shape (k,), or the name of a column in `data`
        As the rows stand; the most precise study first; or by any numbers or text: year, level, size. Studies that
        are alike in it come as the rows stand. With the two words each step is named by the row of its last study.
    descending : bool
        The largest value first.
    together : bool
        Whether studies with the same value of the order are added in one step.
    data : DataFrame or mapping of columns, optional
        Where names are looked up.
    method, test, level
        As for `pool`.
    weights : array-like, shape (k,), or str, optional
        Weights of the user's own, all above 0.
    mantel_haenszel : array-like, shape (steps,), optional
        For the method "DLMH": the Mantel-Haenszel estimate of the studies up to each step.

    Returns
    -------
    Cumulative
        A step of one study is its own effect with the z interval, and NaN for all that needs two.

    Raises
    ------
    InvalidArgument
        As for `pool`; and for an order of another length than yi, or with missing values.

    References
    ----------
    Lau J, Antman EM, Jimenez-Silva J, Kupelnick B, Mosteller F, Chalmers TC (1992). Cumulative meta-analysis of
    therapeutic trials for myocardial infarction. New England Journal of Medicine 327(4), 248-254.
    """
    studies = checked_studies(yi, vi, weights, data=data, method=method, test=test, level=level)
    value = _ordered_by(order, studies, data)
    codes = np.unique(value, return_inverse=True)[1]
    by = np.argsort(-codes if descending else codes, kind="stable")
    last = np.flatnonzero(np.diff(codes[by], append=-1)) if together else np.arange(len(by))
    size = last + 1
    centre = checked_centres(method, mantel_haenszel, len(size), "up to each step")

    def first_ones(rows: IntArray) -> IntArray:
        return np.concatenate([by[: size[row]] for row in rows])

    fitted = pool_selections(studies, size, first_ones, centre)
    by_row = isinstance(order, str) and order in OWN_ORDERS
    step = by[last] + 1 if by_row else value[by[last]]
    return Cumulative(step, tuple(np.split(by, size[:-1])), fitted, method, test, level)


def _ordered_by(order: Any, studies: Studies, data: Any) -> NDArray[Any]:
    """What the studies are sorted by, shape (k,)."""
    if isinstance(order, str) and order in OWN_ORDERS:
        return np.arange(len(studies)) if order == ROWS else studies.v
    if isinstance(order, str) and data is None:
        raise InvalidArgument(f"no order {order!r} without data: {did_you_mean(order, OWN_ORDERS)}")
    return labels_of(looked_up(order, data), len(studies), "order")
