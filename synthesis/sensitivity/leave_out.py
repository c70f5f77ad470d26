"""What each single study does to the pool."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synthesis.errors import InvalidArgument
from synthesis.pooling.batch import Batch, FloatArray, IntArray, batch_from
from synthesis.pooling.check import check_effects, check_options, numbers
from synthesis.pooling.fit import SHOWN, Fit, fit, joined
from synthesis.pooling.tabular import Tabular, plain_column, table_of

CELLS = 1_000_000  # numbers worked on at a time: k studies, each left out once, make k^2 of them


@dataclass(frozen=True, slots=True, eq=False)
class LeaveOneOut(Tabular):
    """Pools without one study each: row i of every array is the pool without study i."""

    fit: Fit  # estimate, se, ci_low, tau2, i2, q, ...: arrays of shape (k,), NaN where a value cannot be given
    method: str
    test: str
    level: float

    def columns(self) -> dict[str, NDArray[Any]]:
        """All columns by name."""
        return {field.name: getattr(self.fit, field.name) for field in fields(self.fit)}

    def summary(self) -> str:
        """How they were pooled, and the pools without each of the first studies as text."""
        head = f"without each of {len(self)} studies ({self.method}, {self.test}, {100 * self.level:g} %)\n"
        return head + table_of(self.columns(), SHOWN)

    def to_dict(self) -> dict[str, Any]:
        """How they were pooled, and all columns, as plain values, fit for JSON."""
        columns = {name: plain_column(column) for name, column in self.columns().items()}
        return {name: getattr(self, name) for name in ("method", "test", "level")} | columns


def leave_one_out(
    yi: Any,
    vi: Any,
    *,
    data: Any = None,
    method: str = "REML",
    test: str = "adhoc",
    level: float = 0.95,
    mantel_haenszel: Any = None,
) -> LeaveOneOut:
    """The pool without each study in turn, as one batch.

    Parameters
    ----------
    yi, vi : array-like, shape (k,), or str
        Effects and sampling variances, of at least two studies; or the names of their columns in `data`.
    data : DataFrame or mapping of columns, optional
        Where names are looked up.
    method, test, level
        As for `pool`.
    mantel_haenszel : array-like, shape (k,), optional
        For the method "DLMH": the Mantel-Haenszel estimates without each study.

    Returns
    -------
    LeaveOneOut
        Where one study remains: its own effect with the z interval, and NaN for all that needs two.

    Raises
    ------
    InvalidArgument
        As for `pool`; and for a single study.
    """
    check_options(method, test, level)
    y, v = check_effects(yi, vi, data)
    if len(y) < 2:
        raise InvalidArgument("there is one study: nothing remains when it is left out")
    centre = _centres(method, mantel_haenszel, len(y))
    step = max(1, CELLS // len(y))
    parts = [np.arange(begin, min(begin + step, len(y))) for begin in range(0, len(y), step)]
    fits = [fit(_without(y, v, rows, centre), method=method, test=test, level=level) for rows in parts]
    return LeaveOneOut(joined(fits), method, test, level)


def _centres(method: str, mantel_haenszel: Any, k: int) -> FloatArray | None:
    """The Mantel-Haenszel estimates that DLMH needs, one for each study left out."""
    if method != "DLMH":
        return None
    if mantel_haenszel is None:
        raise InvalidArgument("method DLMH needs mantel_haenszel: the estimates without each study in turn")
    centre = numbers(mantel_haenszel, "mantel_haenszel")
    if len(centre) != k or not np.isfinite(centre).all():
        raise InvalidArgument(f"mantel_haenszel must be {k} finite numbers, one for each study left out")
    return centre


def _without(y: FloatArray, v: FloatArray, rows: IntArray, centre: FloatArray | None) -> Batch:
    """A batch of the pools without each of the studies `rows`."""
    k = len(y)
    keep = np.arange(k - 1) + (np.arange(k - 1) >= rows[:, None])
    effects, variances = y[keep], v[keep]
    about = None if centre is None else centre[rows]
    return batch_from(effects, variances, 1.0 / variances, np.full(len(rows), k - 1), centre=about)
