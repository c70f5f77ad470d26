"""Covariance matrices that fall into blocks: rows of different blocks do not covary."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from synthesis.effects.columns import numbers_of
from synthesis.errors import InvalidArgument
from synthesis.pooling.batch import FloatArray, IntArray

SYMMETRIC = 1e-8  # relative; what rounding in a file may do to the two halves of a matrix


@dataclass(frozen=True, slots=True, eq=False)
class Blocks:
    """A symmetric matrix of n rows as its b blocks on the diagonal; all else is 0."""

    rows: tuple[IntArray, ...]  # the row numbers of each block, the first 0: together every row once
    matrices: tuple[FloatArray, ...]  # (r, r) each, in the order of `rows`

    def __len__(self) -> int:
        """How many rows the whole matrix has."""
        return sum(len(rows) for rows in self.rows)

    def __iter__(self) -> Iterator[tuple[IntArray, FloatArray]]:
        """Row numbers and matrix of each block."""
        return zip(self.rows, self.matrices, strict=True)

    def dense(self) -> FloatArray:
        """The whole matrix, shape (n, n)."""
        whole = np.zeros((len(self), len(self)))
        for rows, matrix in self:
            whole[np.ix_(rows, rows)] = matrix
        return whole

    def diagonal(self) -> FloatArray:
        """The diagonal of the whole matrix, shape (n,)."""
        found = np.empty(len(self))
        for rows, matrix in self:
            found[rows] = np.diag(matrix)
        return found


def diagonal_blocks(values: FloatArray) -> Blocks:
    """A diagonal matrix: n blocks of one row."""
    return Blocks(tuple(np.arange(len(values))[:, None]), tuple(values[:, None, None]))


def blocks_from_matrix(matrix: Any, name: str = "V") -> Blocks:
    """The blocks of a full symmetric matrix, shape (n, n): rows that covary, directly or through others.

    Raises
    ------
    InvalidArgument
        For a matrix that is not square, symmetric and finite, or not positive definite.
    """
    whole = numbers_of(matrix, name)
    if whole.ndim != 2 or whole.shape[0] != whole.shape[1]:
        raise InvalidArgument(f"{name} must be a square matrix, not of shape {whole.shape}")
    if not np.isfinite(whole).all():
        raise InvalidArgument(f"{name} must hold finite numbers only")
    if np.abs(whole - whole.T).max() > SYMMETRIC * np.abs(whole).max():
        raise InvalidArgument(f"{name} must be symmetric")
    from scipy.sparse.csgraph import connected_components

    count, label = connected_components(whole != 0, directed=False)
    order = np.argsort(label, kind="stable")
    rows = np.split(order, np.cumsum(np.bincount(label, minlength=count))[:-1])
    found = Blocks(tuple(rows), tuple(0.5 * (part + part.T) for part in (whole[np.ix_(one, one)] for one in rows)))
    check_positive(found, name)
    return found


def check_positive(blocks: Blocks, name: str) -> None:
    """Raise InvalidArgument where a block is not positive definite; the message names its rows, the first being 1."""
    for rows, matrix in blocks:
        try:
            np.linalg.cholesky(matrix)
        except np.linalg.LinAlgError:
            shown = ", ".join(str(row + 1) for row in rows[:10].tolist())
            raise InvalidArgument(f"{name} is not positive definite in the block of rows {shown}") from None
