"""Linear models with known covariances, as the tests of what goes on from a fit need them."""

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from synthesis.pooling.blocks import Blocks, blocks_from_matrix
from synthesis.pooling.linear import LinearModel


def least_squares(y, X, marginal, names=None):
    """Generalised least squares of y on X by the textbook; `marginal` is a full matrix or Blocks."""
    blocks = marginal if isinstance(marginal, Blocks) else blocks_from_matrix(marginal)
    X = np.asarray(X, dtype=np.float64)
    weighted = np.linalg.solve(blocks.dense(), X)
    estimate = np.linalg.solve(weighted.T @ X, weighted.T @ y)
    return LinearModel(np.asarray(y), X, names or tuple(f"x{i}" for i in range(X.shape[1])), blocks, estimate, 0.95)


def alike(labels):
    """Which rows share a label: a matrix of 0 and 1."""
    column = np.asarray(labels)
    return (column[:, None] == column[None, :]).astype(np.float64)


@dataclass
class Clustered:
    """Effects in clusters with an intercept and a moderator, and the covariance that a three-level model gives."""

    y: np.ndarray
    v: np.ndarray
    cluster: np.ndarray
    X: np.ndarray

    @property
    def marginal(self):
        v = np.median(self.v)
        return np.diag(self.v) + 0.5 * v * alike(self.cluster) + 0.25 * v * np.eye(len(self.v))

    @property
    def model(self):
        return least_squares(self.y, self.X, self.marginal)


@st.composite
def clustered(draw, least=1, most=4):
    """Four to seven clusters of `least` to `most` rows; the moderator differs between and within clusters."""
    sizes = draw(st.lists(st.integers(least, most), min_size=4, max_size=7))
    cluster = np.repeat(np.arange(len(sizes)), sizes)
    n = len(cluster)
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    X = np.column_stack([np.ones(n), random.permutation(n)])
    return Clustered(random.normal(size=n).round(3), 10 ** random.uniform(-2, 0, n), cluster, X)
