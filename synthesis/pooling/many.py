"""Thousands of meta-analyses of any sizes in one call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synthesis.effects.columns import looked_up
from synthesis.errors import InvalidArgument
from synthesis.pooling.batch import BoolArray, FloatArray, IntArray, padded
from synthesis.pooling.check import (
    NEEDS_CENTRE,
    check_effects,
    check_intervals,
    check_options,
    check_weights,
    numbers,
)
from synthesis.pooling.fit import SHOWN, Fit, fit, joined
from synthesis.pooling.groups import buckets
from synthesis.pooling.labels import labels_of
from synthesis.pooling.tabular import Tabular, plain_column, table_of
from synthesis.pooling.tau2_intervals import TAU2_INTERVALS, Estimated


@dataclass(frozen=True, slots=True, eq=False)
class ManyPooled(Tabular):
    """m meta-analyses as columns of length m, in the order of the sorted groups; `many["tau2"]` is one of them.

    Arrays cannot hold None: what cannot be given is NaN here. That is so

    - where k = 1, for all about heterogeneity (the estimate is then the study's own effect with the z interval);
    - for the prediction interval where it has too few degrees of freedom (k = 2, by default), and with method EE;
    - for `tau2_se` with the methods EE and DLMH;
    - for `tau2_ci_low`, `tau2_ci_high` where the interval is empty, was not asked for, or the method is EE;
    - for `statistic` where the standard error is 0, and for `p_value` where the estimate is 0 too.
    """

    group: NDArray[Any]  # the name of each group
    fit: Fit  # estimate, se, ci_low, tau2, ...: one array each
    tau2_ci_low: FloatArray
    tau2_ci_high: FloatArray
    method: str
    test: str
    level: float
    tau2_interval: str | None  # a key of TAU2_INTERVALS
    prediction: str  # a key of PREDICTION

    def columns(self) -> dict[str, NDArray[Any]]:
        """All columns by name."""
        fitted = {field.name: getattr(self.fit, field.name) for field in fields(self.fit)}
        return {"group": self.group, **fitted, "tau2_ci_low": self.tau2_ci_low, "tau2_ci_high": self.tau2_ci_high}

    def summary(self) -> str:
        """How they were pooled, and the first of them as text."""
        head = f"{len(self)} meta-analyses ({self.method}, {self.test}, {100 * self.level:g} %)\n"
        return head + table_of(self.columns(), ("group", *SHOWN))

    def to_dict(self) -> dict[str, Any]:
        """How they were pooled, and all columns, as plain values, fit for JSON."""
        how = ("method", "test", "level", "tau2_interval", "prediction")
        columns = {name: plain_column(column) for name, column in self.columns().items()}
        return {name: getattr(self, name) for name in how} | columns


def pool_many(
    yi: Any,
    vi: Any,
    group: Any,
    *,
    data: Any = None,
    method: str = "REML",
    test: str = "adhoc",
    level: float = 0.95,
    weights: Any = None,
    mantel_haenszel: Mapping[Any, float] | None = None,
    tau2_interval: str | None = None,
    prediction: str = "riley",
) -> ManyPooled:
    """Many meta-analyses at once, each of the rows that share a group.

    Parameters
    ----------
    yi, vi : array-like, shape (n,), or str
        Effects and sampling variances of all studies of all meta-analyses, or the names of their columns in `data`.
    group : array-like, shape (n,), or str
        Which meta-analysis each row belongs to: numbers or text; the rows may stand in any order.
    data : DataFrame or mapping of columns, optional
        Where names are looked up.
    method, test, level, prediction
        As for `pool`.
    weights : array-like, shape (n,), or str, optional
        Weights of the user's own, for each row.
    mantel_haenszel : mapping of group to float, optional
        For the method "DLMH": the Mantel-Haenszel estimate of each group of two studies or more.
    tau2_interval : str, optional
        A key of `TAU2_INTERVALS`; without it these intervals are not computed.

    Returns
    -------
    ManyPooled
        Numbers equal to those of `pool` on each group.

    Raises
    ------
    InvalidArgument
        As for `pool`; and for groups of another length than yi.
    """
    weighted = weights is not None
    check_options(method, test, level, weighted=weighted)
    check_intervals("QP" if tau2_interval is None else tau2_interval, prediction, method, weighted=weighted)
    y, v = check_effects(yi, vi, data)
    names, codes = np.unique(labels_of(looked_up(group, data), len(y), "group"), return_inverse=True)
    size = np.bincount(codes, minlength=len(names)).astype(np.int64)
    shares = _shares(method, looked_up(weights, data), codes, names) if weighted else None
    centre = _centres(method, mantel_haenszel, names, size)
    order, start = np.argsort(codes, kind="stable"), np.cumsum(size) - size
    y, v, shares = y[order], v[order], None if shares is None else shares[order]
    low, high = np.full(len(names), np.nan), np.full(len(names), np.nan)
    fits, parts = [], buckets(size, padding=1 / 8)
    for rows in parts:
        about = None if centre is None else centre[rows]
        batch = padded(y, v, start[rows], size[rows], centre=about, given=shares)
        fits.append(fit(batch, method=method, test=test, level=level, prediction=prediction))
        if tau2_interval is not None and method != "EE" and size[rows[0]] > 1:
            found = Estimated(fits[-1].tau2, fits[-1].q, method == "REML", level)
            low[rows], high[rows] = TAU2_INTERVALS[tau2_interval](batch, found)
    fitted = joined(fits, np.argsort(np.concatenate(parts), kind="stable"))
    return ManyPooled(names, fitted, low, high, method, test, level, tau2_interval, prediction)


def _shares(method: str, weights: Any, codes: IntArray, names: NDArray[Any]) -> FloatArray:
    """Weights of the user's own as shares of each group's sum, shape (n,)."""
    given = check_weights(weights, len(codes), method)
    largest = np.zeros(len(names))
    np.maximum.at(largest, codes, given)
    _refuse_groups(largest == 0, names, "weights must not all be 0")
    if method in ("GENQ", "GENQM"):
        counted = np.bincount(codes, given > 0, minlength=len(names))
        few = (counted < 2) & (np.bincount(codes, minlength=len(names)) > 1)
        _refuse_groups(few, names, f"method {method} needs at least two weights above 0")
    scaled = given / largest[codes]
    shares: FloatArray = scaled / np.bincount(codes, scaled, minlength=len(names))[codes]
    return shares


def _centres(
    method: str, mantel_haenszel: Mapping[Any, float] | None, names: NDArray[Any], size: IntArray
) -> FloatArray | None:
    """The estimates about which DLMH takes Q, one for each group; NaN for single studies without one."""
    if method != "DLMH":
        return None
    known = {} if mantel_haenszel is None else mantel_haenszel
    if not isinstance(known, Mapping):
        raise InvalidArgument("mantel_haenszel must map each group to its Mantel-Haenszel estimate")
    given = numbers([known.get(name) for name in names.tolist()], "mantel_haenszel")
    _refuse_groups(~np.isfinite(given) & (size > 1), names, NEEDS_CENTRE)
    return given


def _refuse_groups(wrong: BoolArray, names: NDArray[Any], what: str) -> None:
    """Raise InvalidArgument with the first wrong group, if there is one."""
    if wrong.any():
        raise InvalidArgument(f"group {names[wrong].tolist()[0]!r}: {what}")
