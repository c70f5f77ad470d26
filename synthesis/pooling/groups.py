"""Many meta-analyses of any sizes, each with its full result."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synthesis.errors import InvalidArgument
from synthesis.pooling.batch import FloatArray, IntArray, padded
from synthesis.pooling.check import (
    check_centre,
    check_effects,
    check_intervals,
    check_options,
    check_weights,
    numbers,
)
from synthesis.pooling.labels import labels_of
from synthesis.pooling.options import Options
from synthesis.pooling.pooled import Pooled
from synthesis.pooling.results import results

CELLS = 32_768  # numbers worked on at a time: a few arrays of so many fit into a processor's cache


def pool_groups(
    groups: Sequence[tuple[Any, Any]],
    *,
    method: str = "REML",
    test: str = "adhoc",
    level: float = 0.95,
    weights: Sequence[Any] | None = None,
    mantel_haenszel: Sequence[float | None] | None = None,
    tau2_interval: str = "QP",
    prediction: str = "riley",
) -> tuple[Pooled, ...]:
    """The results that `pool` gives for each of many groups of studies, computed together.

    Parameters
    ----------
    groups : sequence of (yi, vi)
        Effects and sampling variances of each group, array-like, of any lengths.
    method, test, level, tau2_interval, prediction
        As for `pool`.
    weights : sequence of array-like, optional
        Weights of the user's own for each group.
    mantel_haenszel : sequence of float or None, optional
        For the method "DLMH": the Mantel-Haenszel estimate of each group; None for a group of one study.

    Returns
    -------
    tuple of Pooled
        In the order of the groups.

    Raises
    ------
    InvalidArgument
        As for `pool`; the message names the group too, the first being 1.
    """
    weighted = weights is not None
    check_options(method, test, level, weighted=weighted)
    check_intervals(tau2_interval, prediction, method, weighted=weighted)
    if isinstance(groups, (str, bytes)) or not isinstance(groups, Sequence):
        raise InvalidArgument(f"groups must be a list of pairs of columns, not {type(groups).__name__}")
    if not groups:
        return ()
    columns = [_checked(number, group) for number, group in enumerate(groups, 1)]
    size = np.array([len(y) for y, _ in columns], dtype=np.int64)
    centre = _centres(method, mantel_haenszel, size)
    shares = None if weights is None else _shares(method, weights, size)
    y, v = (np.concatenate(parts) for parts in zip(*columns, strict=True))
    start = np.cumsum(size) - size
    options = Options(method, test, level, tau2_interval, prediction)
    found: dict[int, Pooled] = {}
    for rows in buckets(size, padding=1.0):
        about = None if centre is None else centre[rows]
        batch = padded(y, v, start[rows], size[rows], centre=about, given=shares)
        found |= zip(rows.tolist(), results(batch, options), strict=True)
    return tuple(found[number] for number in range(len(groups)))


def _checked(number: int, group: Any) -> tuple[FloatArray, FloatArray]:
    """One group's effects and variances; the message of a refusal begins with the group."""
    if not isinstance(group, (tuple, list)) or len(group) != 2:
        raise InvalidArgument(f"group {number} must be a pair of columns, (yi, vi)")
    try:
        return check_effects(*group)
    except InvalidArgument as wrong:
        raise InvalidArgument(f"group {number}: {wrong}") from None


def _shares(method: str, weights: Sequence[Any], size: IntArray) -> FloatArray:
    """Weights of the user's own as shares of each group's sum, one group after another."""
    columns = zip(_one_each(weights, len(size), "weights"), size.tolist(), strict=True)
    return np.concatenate(
        [check_weights(one, k, method, f"group {number}: ") for number, (one, k) in enumerate(columns, 1)]
    )


def _one_each(values: Any, m: int, name: str) -> list[Any]:
    """What is given for each of m groups."""
    if not isinstance(values, (Sequence, np.ndarray)) or isinstance(values, str):
        raise InvalidArgument(f"{name} must have an entry for each of the {m} groups")
    if len(values) != m:
        raise InvalidArgument(f"{name} has {len(values)} entries for {m} groups")
    return list(values)


def _centres(method: str, mantel_haenszel: Sequence[float | None] | None, size: IntArray) -> FloatArray | None:
    """The estimates about which DLMH takes Q, one for each group; NaN for single studies without one."""
    if method != "DLMH":
        return None
    given = [None] * len(size) if mantel_haenszel is None else _one_each(mantel_haenszel, len(size), "mantel_haenszel")
    for number, (one, k) in enumerate(zip(given, size.tolist(), strict=True), 1):
        check_centre(one, k, f"group {number}: ")
    return numbers(given, "mantel_haenszel")


def buckets(size: IntArray, *, padding: float) -> list[IntArray]:
    """The numbers of meta-analyses of like size together, few enough to stay in the cache.

    Parameters
    ----------
    size : ndarray, shape (m,)
        Studies in each meta-analysis.
    padding : float
        By what share of the smallest of a bucket the largest may exceed it: 1 for few buckets, less for little
        padding. Single studies stay by themselves.
    """
    by_size = np.argsort(size, kind="stable")
    ordered, parts, begin = size[by_size], [], 0
    while begin < len(by_size):
        smallest = int(ordered[begin])
        largest = 1 if smallest == 1 else smallest + int(padding * smallest)
        end = int(np.searchsorted(ordered, largest, side="right"))
        end = min(end, begin + max(1, CELLS // largest))
        parts.append(by_size[begin:end])
        begin = end
    return parts


def same_size(group: Any, n: int) -> tuple[NDArray[Any], list[tuple[IntArray, IntArray]]]:
    """The sorted names of groups of n rows, and all groups of one size together.

    Returns
    -------
    names : ndarray, shape (m,)
    parts : list of (which, rows)
        `which`, shape (g,), are numbers of groups; `rows`, shape (g, k), the numbers of the k rows of each.
    """
    names, codes = np.unique(labels_of(group, n, "group"), return_inverse=True)
    size = np.bincount(codes, minlength=len(names)).astype(np.int64)
    order, start = np.argsort(codes, kind="stable"), np.cumsum(size) - size
    parts = buckets(size, padding=0)
    return names, [(which, order[start[which][:, None] + np.arange(size[which[0]])]) for which in parts]
