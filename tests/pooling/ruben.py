"""The distribution of a weighted residual sum of squares, by the series of Ruben (1962)."""

import numpy as np
from scipy.special import gammainc

TERMS = 6_000


def eigenvalues(a, variances):
    """Those of A D that are not 0, for A = diag(a) - aa' / sum(a) and D = diag(variances)."""
    matrix = np.diag(a) - np.outer(a, a) / a.sum()
    root = np.sqrt(variances)
    return np.sort(np.linalg.eigvalsh(root[:, None] * matrix * root))[1:]


def probability(a, variances, q):
    """That y'Ay does not exceed q, for independent normal y of one mean with these variances.

    Mixtures of chi-squared distributions on k - 1, k + 1, ... degrees of freedom, all with positive weights: what the
    weights lack to 1 bounds the error.
    """
    scales = eigenvalues(a, variances)
    least = scales[0]
    powers = np.cumprod(np.broadcast_to(1 - least / scales, (TERMS, len(scales))), axis=0)
    g = 0.5 * powers.sum(axis=-1)
    c = np.zeros(TERMS)
    c[0] = np.sqrt(least / scales).prod()
    for j in range(1, TERMS):
        c[j] = g[:j][::-1] @ c[:j] / j
        if 1 - c.sum() < 1e-14:
            break
    assert 1 - c.sum() < 1e-12
    found = c > 0
    return float(c[found] @ gammainc(len(scales) / 2 + np.flatnonzero(found), q / (2 * least)))
