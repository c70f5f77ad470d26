"""Degrees of freedom of a sandwich estimator: those of the Wishart distribution that varies as much as it does."""

from __future__ import annotations

import numpy as np

from synthesis.pooling.batch import FloatArray


def wishart_df(own: FloatArray, reach: FloatArray, contrast: FloatArray) -> float:
    """Degrees of freedom of the estimated covariance of q contrasts, under the working model.

    Parameters
    ----------
    own, reach : ndarray, shape (m, p, p)
        For clusters i and j the scores of the sandwich, g, covary by E(g_i g_j') = own_i [i = j] - reach_i reach_j'.
    contrast : ndarray, shape (q, p)
        The contrasts of the p coefficients in which the scores are counted.

    Returns
    -------
    float
        eta = q (q + 1) / sum of the variances of all entries of D, where D is the estimate C V C' scaled so that its
        expectation is the identity; for q = 1 that is Satterthwaite's 2 E(V)^2 / var(V). NaN where E(C V C') is
        singular.

    References
    ----------
    Pustejovsky JE, Tipton E (2018). Small-sample methods for cluster-robust variance estimation and hypothesis
    testing in fixed effects models. Journal of Business & Economic Statistics 36(4), 672-683.
    """
    q = len(contrast)
    expected = contrast @ (own - reach @ reach.swapaxes(1, 2)).sum(axis=0) @ contrast.T
    if not np.isfinite(expected).all() or np.linalg.matrix_rank(expected, hermitian=True) < q:
        return float("nan")
    scaled = np.linalg.solve(np.linalg.cholesky(expected), contrast)
    total = _total_variance(scaled @ own @ scaled.T, scaled @ reach)
    return q * (q + 1) / total


def _total_variance(own: FloatArray, reach: FloatArray) -> float:
    """Sum over the entries of D = sum of g_i g_i' of their variances, for normal g.

    With P_ij = E(g_i g_j'), shape (q, q), it is the sum over i and j of tr(P_ij)^2 + tr(P_ij P_ij). As P_ij is
    -reach_i reach_j' wherever i is not j, that sum is had from sums over i alone.
    """
    m, q, p = reach.shape
    flat = reach.reshape(m, q * p)
    products = (flat.T @ flat).reshape(q, p, q, p)
    everywhere = np.square(products).sum() + np.einsum("sutw,tusw->", products, products)
    shared = reach @ reach.swapaxes(1, 2)
    return float(everywhere + _spread(own - shared) - _spread(shared))


def _spread(matrices: FloatArray) -> float:
    """Sum over the matrices of tr(P)^2 + tr(P P)."""
    traces = np.trace(matrices, axis1=1, axis2=2)
    return float(np.square(traces).sum() + np.einsum("ist,its->", matrices, matrices))
