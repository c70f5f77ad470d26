"""Thousands of meta-analyses of any sizes in one call."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from synthesis.errors import InvalidArgument
from synthesis.pooling.batch import FloatArray, padded
from synthesis.pooling.check import check_effects, check_options
from synthesis.pooling.fit import Fit, fit, joined
from synthesis.pooling.generalised_q import q_profile
from synthesis.pooling.groups import buckets

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class ManyPooled:
    """m meta-analyses as columns of length m, in the order of the sorted groups.

    Arrays cannot hold None: what cannot be given is NaN here. That is so for all about heterogeneity where k = 1
    (the estimate is then the study's own effect with the z interval), for the prediction interval where k = 2,
    for the standard error of tau^2 and the prediction interval with method EE, and for `tau2_ci_low`,
    `tau2_ci_high` where the Q-profile interval is empty or was not asked for.
    """

    group: NDArray[Any]  # the name of each group
    fit: Fit  # estimate, se, ci_low, tau2, ...: one array each
    tau2_ci_low: FloatArray
    tau2_ci_high: FloatArray
    method: str
    test: str
    level: float

    def columns(self) -> dict[str, NDArray[Any]]:
        """All columns by name."""
        fitted = {field.name: getattr(self.fit, field.name) for field in fields(self.fit)}
        return {"group": self.group, **fitted, "tau2_ci_low": self.tau2_ci_low, "tau2_ci_high": self.tau2_ci_high}

    def __getitem__(self, name: str) -> NDArray[Any]:
        """One column by its name."""
        return self.columns()[name]

    def __len__(self) -> int:
        """How many meta-analyses there are."""
        return len(self.group)

    def to_frame(self) -> pd.DataFrame:
        """One row for each meta-analysis."""
        import pandas as pd

        return pd.DataFrame(self.columns())


def pool_many(
    yi: Any,
    vi: Any,
    group: Any,
    *,
    method: str = "REML",
    test: str = "adhoc",
    level: float = 0.95,
    tau2_interval: bool = False,
) -> ManyPooled:
    """Many meta-analyses at once, each of the rows that share a group.

    Parameters
    ----------
    yi, vi : array-like, shape (n,)
        Effects and sampling variances of all studies of all meta-analyses.
    group : array-like, shape (n,)
        Which meta-analysis each row belongs to: numbers or text; the rows may stand in any order.
    method, test, level
        As for `pool`; the method DLMH is not offered here.
    tau2_interval : bool
        Whether to compute the Q-profile intervals too.

    Returns
    -------
    ManyPooled
        Numbers equal to those of `pool` on each group.

    Raises
    ------
    InvalidArgument
        As for `pool`; and for groups of another length than yi.
    """
    check_options(method, test, level)
    if method == "DLMH":
        raise InvalidArgument("pool_many has no method DLMH, which needs the counts of each meta-analysis: use pool")
    y, v = check_effects(yi, vi)
    names, codes = np.unique(_groups(group, len(y)), return_inverse=True)
    order = np.argsort(codes, kind="stable")
    size = np.bincount(codes, minlength=len(names)).astype(np.int64)
    start = np.cumsum(size) - size
    low, high = np.full(len(names), np.nan), np.full(len(names), np.nan)
    fits = []
    y, v = y[order], v[order]
    parts = buckets(size, padding=1 / 8)
    for rows in parts:
        batch = padded(y, v, start[rows], size[rows])
        fits.append(fit(batch, method=method, test=test, level=level))
        if tau2_interval and method != "EE" and size[rows[0]] > 1:
            low[rows], high[rows], _ = q_profile(batch, fits[-1].q, level)
    return ManyPooled(
        names, joined(fits, np.argsort(np.concatenate(parts), kind="stable")), low, high, method, test, level
    )


def _groups(group: Any, n: int) -> NDArray[Any]:
    """The groups as an array of n names."""
    names = np.asarray(group)
    if names.shape != (n,):
        raise InvalidArgument(f"group must have {n} rows, as yi, not shape {names.shape}")
    return names.astype(str) if names.dtype.kind == "O" else names
