"""Many meta-analyses of different sizes as one rectangle of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Batch:
    """m meta-analyses of at most k studies, padded at the right; absent studies have weight 0."""

    y: FloatArray  # (m, k) effects; 0 in the padding
    v: FloatArray  # (m, k) sampling variances, squared units of y; 1 in the padding
    w: FloatArray  # (m, k) precisions 1 / v; 0 in the padding
    size: IntArray  # (m,) studies in each meta-analysis
    centre: FloatArray | None = None  # (m,) the estimate about which DLMH takes Q

    def take(self, rows: IntArray) -> Batch:
        """Some of the meta-analyses, in the order of `rows`."""
        centre = None if self.centre is None else self.centre[rows]
        return Batch(self.y[rows], self.v[rows], self.w[rows], self.size[rows], centre)


@dataclass(frozen=True, slots=True)
class Moments:
    """Sums over the studies at one tau^2 for each meta-analysis, all of shape (m,)."""

    s1: FloatArray  # sum of w = 1 / (v + tau2)
    s2: FloatArray  # sum of w^2
    mean: FloatArray  # sum of w y / s1
    q: FloatArray  # sum of w (y - mean)^2, the generalised Q
    q2: FloatArray  # sum of w^2 (y - mean)^2, which is -dQ / dtau2


def batch_of_one(y: FloatArray, v: FloatArray, centre: float | None = None) -> Batch:
    """A single meta-analysis, shape (1, k)."""
    about = None if centre is None else np.array([centre])
    return Batch(y[None, :], v[None, :], 1.0 / v[None, :], np.array([y.size]), about)


def batch_of(y: Sequence[FloatArray], v: Sequence[FloatArray]) -> Batch:
    """Meta-analyses of any sizes, padded to the largest."""
    size = np.array([len(one) for one in y], dtype=np.int64)
    return padded(np.concatenate(y), np.concatenate(v), np.cumsum(size) - size, size)


def padded(y: FloatArray, v: FloatArray, start: IntArray, size: IntArray) -> Batch:
    """The meta-analyses that stand one after another in `y`, `v`: each begins at `start` and has `size` studies."""
    column = np.arange(size.max())
    present = column < size[:, None]
    place = np.where(present, start[:, None] + column, start[:, None])
    variance = np.where(present, v[place], 1.0)
    return Batch(np.where(present, y[place], 0.0), variance, np.where(present, 1.0 / variance, 0.0), size)


def row_sum(a: FloatArray, b: FloatArray) -> FloatArray:
    """Sum of a b along the studies, shape (m,)."""
    total: FloatArray = np.einsum("ij,ij->i", a, b)
    return total


def weights_at(batch: Batch, tau2: FloatArray) -> FloatArray:
    """Weights 1 / (v + tau2), shape (m, k); 0 in the padding."""
    return batch.w / (1.0 + tau2[:, None] * batch.w)


def moments(batch: Batch, tau2: FloatArray) -> Moments:
    """Sums over the studies at tau2, shape (m,), of each meta-analysis."""
    w = weights_at(batch, tau2)
    s1 = w.sum(axis=-1)
    mean = row_sum(w, batch.y) / s1
    residual = batch.y - mean[:, None]
    pull = w * residual
    return Moments(s1, row_sum(w, w), mean, row_sum(pull, residual), row_sum(pull, pull))


def sum_of_squares(batch: Batch) -> FloatArray:
    """Unweighted sum of squares of y about its mean, shape (m,)."""
    present = batch.w > 0
    residual = np.where(present, batch.y - (batch.y.sum(axis=-1) / batch.size)[:, None], 0.0)
    return row_sum(residual, residual)


def variance_range(batch: Batch) -> tuple[FloatArray, FloatArray]:
    """Smallest and largest sampling variance of each meta-analysis, shape (m,) each."""
    present = batch.w > 0
    return np.where(present, batch.v, np.inf).min(axis=-1), np.where(present, batch.v, 0.0).max(axis=-1)
