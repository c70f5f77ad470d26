"""Pools of many selections of the same studies, computed together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from synthesis.effects.columns import looked_up, refuse
from synthesis.errors import InvalidArgument
from synthesis.pooling.batch import FloatArray, IntArray, padded
from synthesis.pooling.check import check_effects, check_options, check_weights, numbers
from synthesis.pooling.fit import Fit, fit, joined
from synthesis.pooling.groups import buckets

Members = Callable[[IntArray], IntArray]


@dataclass(frozen=True, slots=True, eq=False)
class Studies:
    """The studies, and how their selections are pooled."""

    y: FloatArray  # (k,) effects
    v: FloatArray  # (k,) sampling variances
    weights: FloatArray | None  # (k,) of the user's own
    method: str
    test: str
    level: float

    def __len__(self) -> int:
        """How many studies there are."""
        return len(self.y)


def checked_studies(
    yi: Any, vi: Any, weights: Any, *, data: Any, method: str, test: str, level: float
) -> Studies:  # fmt: skip
    """What `pool` takes, checked once for all selections; weights must be above 0, for a study may stand alone."""
    weighted = weights is not None
    check_options(method, test, level, weighted=weighted)
    y, v = check_effects(yi, vi, data)
    own = None
    if weighted:
        own = check_weights(looked_up(weights, data), len(y), method)
        refuse(own <= 0, "weights must be greater than 0 here: studies are pooled without the others")
    return Studies(y, v, own, method, test, level)


def checked_centres(method: str, mantel_haenszel: Any, m: int, what: str) -> FloatArray | None:
    """The Mantel-Haenszel estimates that DLMH needs, one for each of m pools; `what` says which these are."""
    if method != "DLMH":
        return None
    if mantel_haenszel is None:
        raise InvalidArgument(f"method DLMH needs mantel_haenszel: the estimates {what} in turn")
    centre = numbers(mantel_haenszel, "mantel_haenszel")
    if len(centre) != m or not np.isfinite(centre).all():
        raise InvalidArgument(f"mantel_haenszel must be {m} finite numbers, one for each pool {what}")
    return centre


def pool_selections(studies: Studies, size: IntArray, members: Members, centre: FloatArray | None = None) -> Fit:
    """Pools of m selections of the studies.

    Parameters
    ----------
    studies : Studies
        What is selected from.
    size : ndarray, shape (m,)
        How many studies each selection has; at least 1.
    members : callable
        Takes the numbers of some selections and gives the rows of their studies, one selection after another.
    centre : ndarray, shape (m,), optional
        For the method "DLMH": the Mantel-Haenszel estimate of each selection.

    Returns
    -------
    Fit
        In the order of the selections; where one study is left, its own effect with the z interval.
    """
    fits, parts = [], buckets(size, padding=1 / 8)
    for rows in parts:
        place, begin = members(rows), np.cumsum(size[rows]) - size[rows]
        about = None if centre is None else centre[rows]
        shares = None if studies.weights is None else _shares(studies.weights[place], size[rows])
        batch = padded(studies.y[place], studies.v[place], begin, size[rows], centre=about, given=shares)
        fits.append(fit(batch, method=studies.method, test=studies.test, level=studies.level))
    return joined(fits, np.argsort(np.concatenate(parts), kind="stable"))


def _shares(weights: FloatArray, size: IntArray) -> FloatArray:
    """Weights as shares of the sum of their selection."""
    which = np.repeat(np.arange(len(size)), size)
    shares: FloatArray = weights / np.bincount(which, weights)[which]
    return shares
