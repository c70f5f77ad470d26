"""Many meta-analyses of different sizes as one rectangle of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
LONG = 1_000  # sums over more studies go past the BLAS library, which would start threads for them


@dataclass(frozen=True, slots=True)
class Batch:
    """m meta-analyses of at most k studies, padded at the right; absent studies have weight 0.

    Effects are counted from that of the most precise study, and sums of weights leave that study apart: so nothing
    cancels, however far the precisions lie from one another.
    """

    y: FloatArray  # (m, k) effects less `origin`; 0 in the padding
    v: FloatArray  # (m, k) sampling variances, squared units of y; 1 in the padding
    w: FloatArray  # (m, k) precisions 1 / v; 0 in the padding
    size: IntArray  # (m,) studies in each meta-analysis
    origin: FloatArray  # (m,) the effect of the most precise study
    lead: FloatArray  # (m, k) 1 for that study, else 0
    others: FloatArray  # (m, k) 1 for every other study, else 0
    present: FloatArray  # (m, k) 1 for every study, 0 in the padding
    centre: FloatArray | None = None  # (m,) the estimate about which DLMH takes Q, less `origin`

    def take(self, rows: IntArray) -> Batch:
        """Some of the meta-analyses, in the order of `rows`."""
        centre = None if self.centre is None else self.centre[rows]
        return Batch(
            self.y[rows], self.v[rows], self.w[rows], self.size[rows],
            self.origin[rows], self.lead[rows], self.others[rows], self.present[rows], centre,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Moments:
    """Sums over the studies at one tau^2 for each meta-analysis, all of shape (m,)."""

    mean: FloatArray  # sum of w y / sum of w, with w = 1 / (v + tau2), less the batch's `origin`
    q: FloatArray  # sum of w (y - mean)^2, the generalised Q
    q2: FloatArray  # sum of w^2 (y - mean)^2, which is -dQ / dtau2


def batch_from(y: FloatArray, v: FloatArray, w: FloatArray, size: IntArray, centre: FloatArray | None = None) -> Batch:
    """A batch from effects, variances and precisions of shape (m, k), padded as `Batch` says."""
    lead = np.zeros(w.shape)
    lead[np.arange(len(size)), w.argmax(axis=-1)] = 1.0
    present = (w > 0).astype(np.float64)
    origin = row_sum(y, lead)
    about = None if centre is None else centre - origin
    return Batch((y - origin[:, None]) * present, v, w, size, origin, lead, present - lead, present, about)


def batch_of_one(y: FloatArray, v: FloatArray, centre: float | None = None) -> Batch:
    """A single meta-analysis, shape (1, k)."""
    about = None if centre is None else np.array([centre])
    return batch_from(y[None, :], v[None, :], 1.0 / v[None, :], np.array([y.size]), about)


def batch_of(y: Sequence[FloatArray], v: Sequence[FloatArray]) -> Batch:
    """Meta-analyses of any sizes, padded to the largest."""
    size = np.array([len(one) for one in y], dtype=np.int64)
    return padded(np.concatenate(y), np.concatenate(v), np.cumsum(size) - size, size)


def padded(y: FloatArray, v: FloatArray, start: IntArray, size: IntArray, centre: FloatArray | None = None) -> Batch:
    """The meta-analyses that stand one after another in `y`, `v`: each begins at `start` and has `size` studies."""
    column = np.arange(size.max())
    present = column < size[:, None]
    place = np.where(present, start[:, None] + column, start[:, None])
    variance = np.where(present, v[place], 1.0)
    return batch_from(np.where(present, y[place], 0.0), variance, np.where(present, 1.0 / variance, 0.0), size, centre)


def row_sum(a: FloatArray, b: FloatArray) -> FloatArray:
    """Sum of a b along the studies, shape (m,)."""
    total: FloatArray = np.vecdot(a, b) if a.shape[-1] <= LONG else np.einsum("ij,ij->i", a, b)
    return total


def weights_at(batch: Batch, tau2: FloatArray) -> FloatArray:
    """Weights 1 / (v + tau2), shape (m, k); 0 in the padding."""
    return batch.w / (1.0 + tau2[:, None] * batch.w)


def moments(batch: Batch, tau2: FloatArray) -> Moments:
    """Sums over the studies at tau2, shape (m,), of each meta-analysis."""
    w = weights_at(batch, tau2)
    mean = row_sum(w, batch.y) / row_sum(w, batch.present)
    residual = batch.y - mean[:, None]
    pull = w * residual
    return Moments(mean, row_sum(pull, residual), row_sum(pull, pull))


def trace(batch: Batch, a: FloatArray) -> FloatArray:
    """Trace of A, S1 - S2 / S1, shape (m,), for A = diag(a) - a a' / S1 with weights a, where Sr = sum(a^r).

    With the most precise study's weight f and the sums Rr over the others it is (2 f R1 + R1^2 - R2) / S1.
    """
    rest = a * batch.others
    first, r1 = row_sum(a, batch.lead), row_sum(a, batch.others)
    total: FloatArray = (r1 * (2 * first + r1) - row_sum(rest, rest)) / (first + r1)
    return total


def trace_of_square(batch: Batch, a: FloatArray, d: FloatArray | float = 1.0) -> FloatArray:
    """Trace of A D A D, shape (m,), for A = diag(a) - a a' / S1 and D = diag(d): half the variance of y'Ay.

    The sum of the squares (a_i d_i (1 - a_i / S1))^2 and of (a_i a_j / S1)^2 d_i d_j over all i, j that differ.
    """
    first, r1 = row_sum(a, batch.lead), row_sum(a, batch.others)
    total = (first + r1)[:, None]
    own = a * d * (batch.lead * r1[:, None] + batch.others * (total - a)) / total
    pair = a / total * a * d
    p_first, p1, p_rest = row_sum(pair, batch.lead), row_sum(pair, batch.others), pair * batch.others
    between: FloatArray = p1 * (2 * p_first + p1) - row_sum(p_rest, p_rest)
    return row_sum(own, own) + between


def sum_of_squares(batch: Batch) -> FloatArray:
    """Unweighted sum of squares of y about its mean, shape (m,)."""
    residual = (batch.y - (row_sum(batch.y, batch.present) / batch.size)[:, None]) * batch.present
    return row_sum(residual, residual)


def variance_range(batch: Batch) -> tuple[FloatArray, FloatArray]:
    """Smallest and largest sampling variance of each meta-analysis, shape (m,) each."""
    return row_sum(batch.v, batch.lead), (batch.v * batch.present).max(axis=-1)
