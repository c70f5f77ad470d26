"""What each single study, or each group of studies, does to the pool."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, overload

import numpy as np
from numpy.typing import NDArray

from synthesis.effects.columns import looked_up
from synthesis.errors import InvalidArgument
from synthesis.pooling.batch import IntArray
from synthesis.pooling.fit import SHOWN, Fit
from synthesis.pooling.labels import labels_of
from synthesis.pooling.tabular import Tabular, plain_column, table_of
from synthesis.sensitivity.deletion.selections import Studies, checked_centres, checked_studies, pool_selections
from synthesis.sensitivity.findings import left_out_findings, told

if TYPE_CHECKING:
    from synthesis.sensitivity.deletion.leave_out_regression import RegressionsWithout


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
        return f"{head}{table_of(self.columns(), SHOWN)}{self.verdict}\n"

    @property
    def verdict(self) -> str:
        """What leaving out one study at a time can and cannot tell here."""
        return told(left_out_findings(self.fit, [str(row + 1) for row in range(len(self))], "study"))

    def to_dict(self) -> dict[str, Any]:
        """How they were pooled, and all columns, as plain values, fit for JSON."""
        columns = {name: plain_column(column) for name, column in self.columns().items()}
        return {name: getattr(self, name) for name in ("method", "test", "level")} | columns | {"verdict": self.verdict}


@dataclass(frozen=True, slots=True, eq=False)
class LeaveGroupOut(Tabular):
    """Pools without one group of studies each, in the order of the sorted groups."""

    group: NDArray[Any]  # (g,) the name of the group that is left out
    left_out: IntArray  # (g,) how many studies it has
    fit: Fit  # of the others: arrays of shape (g,)
    method: str
    test: str
    level: float

    def columns(self) -> dict[str, NDArray[Any]]:
        """All columns by name."""
        fitted = {field.name: getattr(self.fit, field.name) for field in fields(self.fit)}
        return {"group": self.group, "left_out": self.left_out, **fitted}

    def summary(self) -> str:
        """How they were pooled, and the pools without each of the first groups as text."""
        head = f"without each of {len(self)} groups ({self.method}, {self.test}, {100 * self.level:g} %)\n"
        return f"{head}{table_of(self.columns(), ('group', 'left_out', *SHOWN))}{self.verdict}\n"

    @property
    def verdict(self) -> str:
        """What leaving out one group at a time can and cannot tell here."""
        return told(left_out_findings(self.fit, [str(name) for name in self.group], "group"))

    def to_dict(self) -> dict[str, Any]:
        """How they were pooled, and all columns, as plain values, fit for JSON."""
        columns = {name: plain_column(column) for name, column in self.columns().items()}
        return {name: getattr(self, name) for name in ("method", "test", "level")} | columns | {"verdict": self.verdict}


@dataclass(frozen=True, slots=True, eq=False)
class LeaveOneOutMany(Tabular):
    """Pools of many meta-analyses without one of their studies each: one row for each row of the studies."""

    group: NDArray[Any]  # (n,) which meta-analysis
    fit: Fit  # without that row: arrays of shape (n,), NaN and k = 0 where nothing remains
    method: str
    test: str
    level: float

    def columns(self) -> dict[str, NDArray[Any]]:
        """All columns by name."""
        return {"group": self.group, **{field.name: getattr(self.fit, field.name) for field in fields(self.fit)}}


@overload
def leave_one_out(
    yi: Any, vi: Any, mods: None = None, *, data: Any = None, method: str = "REML", test: str = "adhoc",
    level: float = 0.95, weights: Any = None, mantel_haenszel: Any = None,
) -> LeaveOneOut: ...  # fmt: skip


@overload
def leave_one_out(
    yi: Any, vi: Any, mods: Any, *, data: Any = None, method: str = "REML", test: str = "adhoc",
    level: float = 0.95, weights: Any = None, mantel_haenszel: Any = None,
) -> RegressionsWithout: ...  # fmt: skip


def leave_one_out(
    yi: Any,
    vi: Any,
    mods: Any = None,
    *,
    data: Any = None,
    method: str = "REML",
    test: str = "adhoc",
    level: float = 0.95,
    weights: Any = None,
    mantel_haenszel: Any = None,
) -> LeaveOneOut | RegressionsWithout:
    """The pool, or the meta-regression, without each study in turn, as one batch.

    Parameters
    ----------
    yi, vi : array-like, shape (k,), or str
        Effects and sampling variances, of at least two studies; or the names of their columns in `data`.
    mods : str or array-like, optional
        Moderators, a formula or a design matrix, as for `regress`.
    data : DataFrame or mapping of columns, optional
        Where names are looked up.
    method, test, level
        As for `pool`; with moderators, as for `regress`.
    weights : array-like, shape (k,), or str, optional
        Weights of the user's own, all above 0; not with moderators.
    mantel_haenszel : array-like, shape (k,), optional
        For the method "DLMH": the Mantel-Haenszel estimates without each study.

    Returns
    -------
    LeaveOneOut or, with moderators, RegressionsWithout
        Where one study remains: its own effect with the z interval, and NaN for all that needs two.

    Raises
    ------
    InvalidArgument
        As for `pool` and `regress`; and for a single study.
    """
    if mods is not None:
        from synthesis.sensitivity.deletion.leave_out_regression import regressions_without  # pools need no moderators

        if weights is not None:
            raise InvalidArgument("weights of one's own go with a pool, not with moderators")
        return regressions_without(yi, vi, mods, data=data, method=method, test=test, level=level)
    studies = checked_studies(yi, vi, weights, data=data, method=method, test=test, level=level)
    k = len(studies)
    if k < 2:
        raise InvalidArgument("there is one study: nothing remains when it is left out")
    centre = checked_centres(method, mantel_haenszel, k, "without each study")

    def others(rows: IntArray) -> IntArray:
        column = np.arange(k - 1)
        return np.ravel(column + (column >= rows[:, None]))

    fitted = pool_selections(studies, np.full(k, k - 1), others, centre)
    return LeaveOneOut(fitted, method, test, level)


def leave_one_group_out(
    yi: Any,
    vi: Any,
    group: Any,
    *,
    data: Any = None,
    method: str = "REML",
    test: str = "adhoc",
    level: float = 0.95,
    weights: Any = None,
    mantel_haenszel: Any = None,
) -> LeaveGroupOut:
    """The pool without each group of studies in turn: without each level, laboratory, country or year.

    Parameters
    ----------
    yi, vi, data, method, test, level, weights
        As for `leave_one_out`.
    group : array-like, shape (k,), or str
        What each study belongs to: numbers or text; at least two groups.
    mantel_haenszel : array-like, shape (g,), optional
        For the method "DLMH": the Mantel-Haenszel estimates without each of the sorted groups.

    Returns
    -------
    LeaveGroupOut
        One row for each group, these in sorted order.

    Raises
    ------
    InvalidArgument
        As for `pool`; for groups of another length than yi, and for a single one.
    """
    studies = checked_studies(yi, vi, weights, data=data, method=method, test=test, level=level)
    k = len(studies)
    names, codes = np.unique(labels_of(looked_up(group, data), k, "group"), return_inverse=True)
    if len(names) < 2:
        raise InvalidArgument(f"all studies are of one group, {names[0]}: nothing remains when it is left out")
    centre = checked_centres(method, mantel_haenszel, len(names), "without each group")
    left_out = np.bincount(codes).astype(np.int64)

    def others(rows: IntArray) -> IntArray:
        return np.nonzero(codes != rows[:, None])[1]

    fitted = pool_selections(studies, k - left_out, others, centre)
    return LeaveGroupOut(names, left_out, fitted, method, test, level)


def leave_one_out_many(
    yi: Any,
    vi: Any,
    group: Any,
    *,
    data: Any = None,
    method: str = "REML",
    test: str = "adhoc",
    level: float = 0.95,
    weights: Any = None,
) -> LeaveOneOutMany:
    """Leave-one-out of many meta-analyses of any sizes in one call.

    Parameters
    ----------
    yi, vi, data, method, test, level, weights
        As for `leave_one_out`, but of all studies of all meta-analyses; DLMH is not among the methods.
    group : array-like, shape (n,), or str
        Which meta-analysis each row belongs to, as for `pool_many`; the rows may stand in any order.

    Returns
    -------
    LeaveOneOutMany
        Row i is the meta-analysis of row i without it; NaN, and k = 0, for the only study of its group.

    Raises
    ------
    InvalidArgument
        As for `pool_many`.
    """
    studies = checked_studies(yi, vi, weights, data=data, method=method, test=test, level=level)
    if method == "DLMH":
        raise InvalidArgument("method DLMH needs an estimate for every study left out: use leave_one_out")
    labels = labels_of(looked_up(group, data), len(studies), "group")
    _, codes = np.unique(labels, return_inverse=True)
    fitted = _others_of_their_groups(studies, codes)
    return LeaveOneOutMany(labels, fitted, method, test, level)


def _others_of_their_groups(studies: Studies, codes: IntArray) -> Fit:
    """Pools of each study's group without it; `codes` number the groups, shape (n,)."""
    order, size = np.argsort(codes, kind="stable"), np.bincount(codes)
    start = (np.cumsum(size) - size)[codes]  # where, in that order, the group of each row begins
    own = np.empty_like(order)
    own[order] = np.arange(len(order))
    left = size[codes] - 1
    some = np.flatnonzero(left)

    def others(rows: IntArray) -> IntArray:
        which, count = some[rows], left[some[rows]]
        within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        place = within + np.repeat(start[which], count)
        found: IntArray = order[place + (place >= np.repeat(own[which], count))]
        return found

    if not len(some):
        raise InvalidArgument("every group has one study: nothing remains when it is left out")
    return _spread(pool_selections(studies, left[some], others), some, len(left))


def _spread(fit: Fit, rows: IntArray, n: int) -> Fit:
    """The same fits as some rows of n; NaN, 0 or False in all others."""
    found = []
    for field in fields(fit):
        part = getattr(fit, field.name)
        whole = np.full(n, np.nan if part.dtype.kind == "f" else 0).astype(part.dtype)
        whole[rows] = part
        found.append(whole)
    return Fit(*found)
