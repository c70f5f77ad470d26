"""Meta-regressions as a batch: what the estimators of tau^2 need to know where the mean depends on moderators."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from synthesis.pooling.batch import Batch, FloatArray, IntArray, batch_from, row_sum

FEW = 64  # studies up to which pairs of them are looked at one by one


@dataclass(frozen=True, slots=True)
class DesignBatch(Batch):
    """m meta-regressions of at most k studies on p columns; see `Batch` for the rest.

    The columns are orthonormal over the studies, and y is counted from a first fit: so scales of moderators and the
    level of y cost no digits.
    """

    x: FloatArray = field(kw_only=True)  # (m, k, p) orthonormal columns; 0 in the padding
    r: FloatArray = field(kw_only=True)  # (m, p, p) upper triangular: the columns as given are x r
    start: FloatArray = field(kw_only=True)  # (m, p) coefficients of the first fit, on the columns as given

    @property
    def df(self) -> FloatArray:
        """Residual degrees of freedom k - p, shape (m,)."""
        df: FloatArray = (self.size - self.x.shape[-1]).astype(np.float64)
        return df

    @property
    def effects(self) -> FloatArray:
        """The effects less a constant for each meta-analysis, shape (m, k); 0 in the padding."""
        raw: FloatArray = self.y + (self.x @ (self.r @ self.start[..., None]))[..., 0]
        return raw

    def gram(self, a: FloatArray) -> FloatArray:
        """X'aX, shape (m, p, p)."""
        weighted = np.swapaxes(self.x, -1, -2) * a[:, None, :]
        product: FloatArray = weighted @ self.x
        return product

    def coefficients(self, a: FloatArray, u: FloatArray) -> FloatArray:
        """(X'aX)^-1 X'au on the orthonormal columns, shape (m, p)."""
        right = np.swapaxes(self.x, -1, -2) @ (a * u)[..., None]
        found: FloatArray = np.asarray(np.linalg.solve(self.gram(a), right)[..., 0])
        return found

    def residual(self, a: FloatArray, u: FloatArray) -> FloatArray:
        """The columns u, shape (m, k), less their regression on X weighted by a; without meaning in the padding."""
        fitted: FloatArray = (self.x @ self.coefficients(a, u)[..., None])[..., 0]
        return u - fitted

    def form(self, a: FloatArray, u: FloatArray) -> FloatArray:
        """u'Au, shape (m,)."""
        return row_sum(a * u, self.residual(a, u))

    def leverages(self, a: FloatArray) -> FloatArray:
        """a_i x_i' (X'aX)^-1 x_i, shape (m, k)."""
        solved = np.linalg.solve(self.gram(a), np.swapaxes(self.x, -1, -2))
        found: FloatArray = a * np.einsum("mkp,mpk->mk", self.x, solved)
        return found

    def spare(self, a: FloatArray) -> FloatArray:
        """1 less the leverages, shape (m, k).

        For the most precise study, whose leverage may be nearly 1, it is 1 / (1 + a x' (X'bX)^-1 x) with the weights b
        of the others, in which nothing cancels; where these do not determine all coefficients, it is 0.
        """
        first = np.einsum("mk,mkp->mp", self.lead, self.x)
        rest = self.gram(a * self.others)
        alone = row_sum(a, self.lead) * np.einsum("mp,mp->m", first, _solved(rest, first))
        lead = np.where(alone >= 0, 1 / (1 + np.abs(alone)), 0.0)
        found: FloatArray = np.where(self.lead > 0, lead[:, None], 1 - self.leverages(a))
        return found

    def diagonal(self, a: FloatArray) -> FloatArray:
        """The diagonal of A, shape (m, k)."""
        return a * self.spare(a)

    def trace(self, a: FloatArray) -> FloatArray:
        """Trace of A, shape (m,)."""
        total: FloatArray = self.diagonal(a).sum(axis=-1)
        return total

    def trace_of_square(self, a: FloatArray, d: FloatArray | float = 1.0) -> FloatArray:
        """Trace of A D A D, shape (m,), for D = diag(d): the sum of A_ij^2 d_i d_j.

        On the diagonal A is a (1 - h); elsewhere it is -a_i x_i' M x_j a_j with M = (X'aX)^-1. The sum of the squares
        of these is tr MCMC less its diagonal, C = X' diag(a^2 d) X; for few studies they are summed one by one, for
        where one study is far more precise than the others that difference would leave nothing.
        """
        own, root = self.diagonal(a) * d, a * np.sqrt(d)
        inverse = np.linalg.inv(self.gram(a))
        if self.x.shape[1] <= FEW:
            scaled = self.x * root[..., None]
            pairs = scaled @ inverse @ np.swapaxes(scaled, -1, -2)
            pairs[:, np.arange(pairs.shape[1]), np.arange(pairs.shape[1])] = 0.0
            between: FloatArray = np.square(pairs).sum(axis=(-1, -2))
        else:
            product = inverse @ self.gram(np.square(root))
            h = np.einsum("mkp,mpq,mkq->mk", self.x, inverse, self.x)
            between = np.einsum("mpq,mqp->m", product, product) - np.square(np.square(root) * h).sum(axis=-1)
        return row_sum(own, own) + between

    def log_det(self, a: FloatArray) -> FloatArray:
        """Logarithm of |X'aX| / |X'X|, shape (m,), as the sum of the logarithms of the pivots.

        Each pivot of a complex a with all imaginary parts of one sign has that sign too: its logarithm does not jump.
        """
        left = self.gram(a)
        total = np.zeros(len(left), left.dtype)
        for _ in range(left.shape[-1]):
            pivot = left[:, :1, :1]
            total = total + np.log(pivot[:, 0, 0])
            left = left[:, 1:, 1:] - left[:, 1:, :1] * left[:, :1, 1:] / pivot
        return total

    def on_given_columns(self, orthonormal: FloatArray) -> FloatArray:
        """Coefficients of the effects on the columns as given, from those of y on the orthonormal ones; (m, p)."""
        found: FloatArray = np.linalg.solve(self.r, orthonormal[..., None])[..., 0] + self.start
        return found


def _solved(matrix: FloatArray, right: FloatArray) -> FloatArray:
    """Solutions of symmetric systems, shape (m, p); infinite where a matrix is singular."""
    try:
        return np.asarray(np.linalg.solve(matrix, right[..., None])[..., 0], dtype=np.float64)
    except np.linalg.LinAlgError:
        full = np.array([np.linalg.matrix_rank(one) == len(one) for one in matrix])
        found: FloatArray = np.where(right == 0, 0.0, np.inf) * np.sign(right)
        found[full] = np.linalg.solve(matrix[full], right[full][..., None])[..., 0]
        return found


def design_batch(y: FloatArray, v: FloatArray, columns: FloatArray, present: FloatArray | None = None) -> DesignBatch:
    """Meta-regressions of the same k studies or of some of them.

    Parameters
    ----------
    y, v : ndarray, shape (m, k)
        Effects and sampling variances.
    columns : ndarray, shape (m, k, p)
        The design of each; it has full rank over the studies that are present.
    present : ndarray, shape (m, k), optional
        1 for the studies that take part, else 0; all by default.
    """
    here = np.ones(y.shape) if present is None else present
    w = np.where(here > 0, 1 / v, 0.0)
    x, r = np.linalg.qr(columns * here[..., None])
    size: IntArray = here.sum(axis=-1).astype(np.int64)
    plain = batch_from(y * here, np.where(here > 0, v, 1.0), w, size)
    effects = (plain.y + plain.origin[:, None]) * here
    rough = DesignBatch(
        effects, plain.v, w, size, plain.origin, plain.lead, plain.others, here, x=x, r=r, start=np.zeros(r.shape[:2])
    )
    g = rough.coefficients(w, effects)
    residual = (effects - (x @ g[..., None])[..., 0]) * here
    start = rough.on_given_columns(g)
    return DesignBatch(residual, plain.v, w, size, plain.origin, plain.lead, plain.others, here, x=x, r=r, start=start)
