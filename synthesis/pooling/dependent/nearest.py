"""The nearest correlation matrix to one that is none."""

from __future__ import annotations

import numpy as np

from synthesis.errors import InvalidArgument
from synthesis.pooling.batch import FloatArray

SINGULAR = 1e-8  # an eigenvalue of a correlation matrix below it counts as 0: the matrix is not positive definite
STEPS = 1_000
SETTLED = 1e-9


def nearest_correlation(matrix: FloatArray) -> FloatArray:
    """The correlation matrix that is nearest in squared distance to a symmetric one with 1 on its diagonal.

    Parameters
    ----------
    matrix : ndarray, shape (r, r)
        Correlations, not positive definite.

    Returns
    -------
    ndarray, shape (r, r)
        Positive definite: no eigenvalue is below `SINGULAR`, but for a share of it.

    References
    ----------
    Higham NJ (2002). Computing the nearest correlation matrix: a problem from finance. IMA Journal of Numerical
    Analysis 22(3), 329-343.
    """
    found, correction = matrix.copy(), np.zeros_like(matrix)
    for _ in range(STEPS):
        pulled = found - correction
        raised = _raised(pulled)
        correction = raised - pulled
        following = raised.copy()
        np.fill_diagonal(following, 1.0)
        moved = np.abs(following - found).max()
        found = following
        if moved < SETTLED:
            return _with_unit_diagonal(_raised(found))
    raise InvalidArgument("no positive definite correlations were found near those given: check rho and phi")


def _raised(matrix: FloatArray) -> FloatArray:
    """The matrix with its eigenvalues not below twice `SINGULAR`."""
    values, vectors = np.linalg.eigh(matrix)
    found: FloatArray = (vectors * np.maximum(values, 2 * SINGULAR)) @ vectors.T
    return found


def _with_unit_diagonal(matrix: FloatArray) -> FloatArray:
    """The correlations of a covariance matrix."""
    sd = np.sqrt(np.diag(matrix))
    found: FloatArray = matrix / np.outer(sd, sd)
    return 0.5 * (found + found.T)
