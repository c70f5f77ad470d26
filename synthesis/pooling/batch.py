"""Many meta-analyses of different sizes as one rectangle of numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

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

    Its methods are all that the estimators need to know of the model: that the studies of a meta-analysis share one
    mean. `moderators.design_batch.DesignBatch` has the same for a mean that depends on moderators. With weights a,
    A = diag(a) - aX(X'aX)^-1 X'a is the matrix of the residual sum of squares y'Ay; here X is a column of ones.
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
    given: FloatArray | None = None  # (m, k) weights of the user's own, as shares of 1

    @property
    def df(self) -> FloatArray:
        """Residual degrees of freedom, shape (m,)."""
        free: FloatArray = np.subtract(self.size, 1.0)
        return free

    @property
    def effects(self) -> FloatArray:
        """The effects less a constant for each meta-analysis, shape (m, k); 0 in the padding."""
        return self.y

    def take(self, rows: IntArray) -> Self:
        """Some of the meta-analyses, in the order of `rows`."""
        if len(self.size) == 1 and len(rows) == 1:
            return self
        columns: dict[str, Any] = {name: getattr(self, name) for name in self.__dataclass_fields__}
        taken: dict[str, Any] = {name: None if one is None else one.take(rows, 0) for name, one in columns.items()}
        return type(self)(**taken)

    def sum(self, a: FloatArray) -> FloatArray:
        """Sum of a over the studies, shape (m,); a is 0 in the padding."""
        total: FloatArray = row_sum(a, self.present) if a.shape[-1] <= LONG else a.sum(axis=-1)
        return total

    def of_lead(self, a: FloatArray) -> FloatArray:
        """What a is for the most precise study, shape (m,)."""
        if a.shape[-1] <= LONG:
            return row_sum(a, self.lead)
        found: FloatArray = a[np.arange(len(a)), self.lead.argmax(axis=-1)]
        return found

    def residual(self, a: FloatArray, u: FloatArray) -> FloatArray:
        """The columns u, shape (m, k), less their mean weighted by a; without meaning in the padding."""
        return u - (row_sum(a, u) / self.sum(a))[:, None]

    def form(self, a: FloatArray, u: FloatArray) -> FloatArray:
        """u'Au, shape (m,)."""
        value: FloatArray = row_sum(a * u, u) - np.square(row_sum(a, u)) / self.sum(a)
        return value

    def diagonal(self, a: FloatArray) -> FloatArray:
        """The diagonal of A, shape (m, k)."""
        first, r1 = row_sum(a, self.lead), row_sum(a, self.others)
        total = (first + r1)[:, None]
        return a * (self.lead * r1[:, None] + self.others * (total - a)) / total

    def trace(self, a: FloatArray) -> FloatArray:
        """Trace of A, S1 - S2 / S1, shape (m,), where Sr = sum(a^r).

        With the most precise study's weight f and the sums Rr over the others it is (2 f R1 + R1^2 - R2) / S1.
        """
        rest, first = a * self.others, self.of_lead(a)
        r1 = self.sum(rest)
        total: FloatArray = (r1 * (2 * first + r1) - row_sum(rest, rest)) / (first + r1)
        return total

    def trace_of_square(self, a: FloatArray, d: FloatArray | float = 1.0) -> FloatArray:
        """Trace of A D A D, shape (m,), for D = diag(d): half the variance of y'Ay when y has the variances d.

        The sum of the squares (a_i d_i (1 - a_i / S1))^2 and of p_i p_j, p = a^2 d / S1, over all i, j that differ;
        for the others together, with s = a d / S1, that is the sum of s^2 S1 (S1 - 2a) and the square of that of p.
        """
        rest, first = a * self.others, self.of_lead(a)
        r1 = self.sum(rest)
        s1 = first + r1
        share, d_first = rest * d / s1[:, None], d if isinstance(d, float) else self.of_lead(d)
        p_first, p1 = np.square(first) * d_first / s1, self.sum(share * a)
        own = np.square(first * d_first * r1 / s1) + s1 * row_sum(np.square(share), s1[:, None] - 2 * a)
        total: FloatArray = own + p1 * (2 * p_first + p1)
        return total

    def log_det(self, a: FloatArray) -> FloatArray:
        """Logarithm of |X'aX| / |X'X|, shape (m,): here of S1 / k."""
        value: FloatArray = np.log(row_sum(a, self.present) / self.size)
        return value


@dataclass(frozen=True, slots=True)
class Moments:
    """Sums over the studies at one tau^2 for each meta-analysis, both of shape (m,)."""

    q: FloatArray  # sum of w r^2, with w = 1 / (v + tau2) and residuals r: the generalised Q
    q2: FloatArray  # sum of w^2 r^2, which is -dQ / dtau2


def batch_from(
    y: FloatArray,
    v: FloatArray,
    w: FloatArray,
    size: IntArray,
    *,
    centre: FloatArray | None = None,
    given: FloatArray | None = None,
) -> Batch:
    """A batch from effects, variances and precisions of shape (m, k), padded as `Batch` says."""
    lead = np.zeros(w.shape)
    lead[np.arange(len(size)), w.argmax(axis=-1)] = 1.0
    present = (w > 0).astype(np.float64)
    origin = row_sum(y, lead)
    about = None if centre is None else centre - origin
    return Batch((y - origin[:, None]) * present, v, w, size, origin, lead, present - lead, present, about, given)


def batch_of_one(y: FloatArray, v: FloatArray, centre: float | None = None, given: FloatArray | None = None) -> Batch:
    """A single meta-analysis, shape (1, k)."""
    about = None if centre is None else np.array([centre])
    own = None if given is None else given[None, :]
    return batch_from(y[None, :], v[None, :], 1.0 / v[None, :], np.array([y.size]), centre=about, given=own)


def padded(
    y: FloatArray,
    v: FloatArray,
    start: IntArray,
    size: IntArray,
    *,
    centre: FloatArray | None = None,
    given: FloatArray | None = None,
) -> Batch:
    """The meta-analyses that stand one after another in `y`, `v`: each begins at `start` and has `size` studies."""
    column = np.arange(size.max())
    present = column < size[:, None]
    place = np.where(present, start[:, None] + column, start[:, None])
    variance = np.where(present, v[place], 1.0)
    precision = np.where(present, 1.0 / variance, 0.0)
    own = None if given is None else np.where(present, given[place], 0.0)
    return batch_from(np.where(present, y[place], 0.0), variance, precision, size, centre=centre, given=own)


def row_sum(a: FloatArray, b: FloatArray) -> FloatArray:
    """Sum of a b along the studies, shape (m,); of complex numbers too, without taking conjugates."""
    quick = a.shape[-1] <= LONG and a.dtype.kind != "c"
    total: FloatArray = np.vecdot(a, b) if quick else np.einsum("ij,ij->i", a, b)
    return total


def weights_at(batch: Batch, tau2: FloatArray) -> FloatArray:
    """Weights 1 / (v + tau2), shape (m, k); 0 in the padding."""
    w = batch.v + tau2[:, None]  # and on in its place: memory costs more than sums where there are many studies
    return np.divide(batch.present, w, out=w)


def moments(batch: Batch, tau2: FloatArray) -> Moments:
    """Sums over the studies at tau2, shape (m,), of each meta-analysis."""
    pull = weights_at(batch, tau2)
    residual = batch.residual(pull, batch.y)
    pull *= residual
    return Moments(row_sum(pull, residual), row_sum(pull, pull))


def sum_of_squares(batch: Batch) -> FloatArray:
    """Unweighted residual sum of squares of y, shape (m,)."""
    residual = batch.residual(batch.present, batch.y) * batch.present
    return row_sum(residual, residual)


def variance_range(batch: Batch) -> tuple[FloatArray, FloatArray]:
    """Smallest and largest sampling variance of each meta-analysis, shape (m,) each."""
    return row_sum(batch.v, batch.lead), (batch.v * batch.present).max(axis=-1)
