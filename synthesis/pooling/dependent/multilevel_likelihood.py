"""Log-likelihood of the variances and correlations of a linear model, with its slope and information."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from synthesis.pooling.batch import FloatArray
from synthesis.pooling.dependent.climb import Slope


class CovarianceAt(Protocol):
    """A covariance matrix M at one point of its q parameters."""

    @property
    def log_determinant(self) -> float:
        """log|M|."""

    def solve(self, u: FloatArray) -> FloatArray:
        """M^-1 u, shape (n, c)."""

    def traces(self) -> FloatArray:
        """The trace of M^-1 dM by each parameter, shape (q,)."""

    def apply(self, u: FloatArray) -> FloatArray:
        """The products dM u by each parameter, shape (q, n, c)."""

    def bend(self, pull: FloatArray, half: FloatArray) -> FloatArray:
        """The trace of (pull pull' - M^-1 + half half') d2M by each two parameters, shape (q, q)."""

    def diagonal(self) -> FloatArray:
        """The diagonal of M^-1, shape (n,)."""


class Covariance(Protocol):
    """A covariance matrix as a function of q parameters."""

    def at(self, working: FloatArray) -> CovarianceAt | None:
        """The matrix at one point; None where it is not positive definite."""


@dataclass(frozen=True, slots=True, eq=False)
class Point:
    """Generalised least squares at one point of the variances and correlations."""

    covariance: CovarianceAt
    wx: FloatArray  # (n, p) M^-1 X
    py: FloatArray  # (n,) M^-1 (y - X b), which is P y
    b: FloatArray  # (p,)
    inverse: FloatArray  # (p, p) (X' M^-1 X)^-1
    full: float  # log-likelihood
    restricted: float  # of the error contrasts: with + log|X'X| / 2, which is 0 for the orthonormal X here


def point(covariance: CovarianceAt, x: FloatArray, y: FloatArray) -> Point:
    """Least squares and likelihoods; the columns of X, (n, p), are orthonormal."""
    n, p = x.shape
    wx = covariance.solve(x)
    factor = np.linalg.cholesky(x.T @ wx)
    half = np.linalg.inv(factor)
    inverse = half.T @ half
    # The coefficients are taken twice, so that what a very precise row adds to the residuals does not cancel.
    first = inverse @ (wx.T @ y)
    rest = y - x @ first
    solved = covariance.solve(rest[:, None])[:, 0]
    second = inverse @ (x.T @ solved)
    py = solved - wx @ second
    common = covariance.log_determinant + float((rest - x @ second) @ py)
    full = -0.5 * (n * math.log(2 * math.pi) + common)
    restricted = -0.5 * ((n - p) * math.log(2 * math.pi) + common) - float(np.log(np.diag(factor)).sum())
    return Point(covariance, wx, py, first + second, inverse, full, restricted)


def gradient(at: Point, *, restricted: bool) -> tuple[FloatArray, FloatArray]:
    """Slope of the full or the restricted log-likelihood, (q,), and dM P y by each parameter, (n, q).

    Twice the slope by a parameter is y'P dM P y - tr(M^-1 dM), with P in the place of M^-1 for the restricted one.
    """
    moved = at.covariance.apply(np.column_stack([at.py, at.wx]) if restricted else at.py[:, None])
    expected = at.covariance.traces()
    if restricted:
        within = np.einsum("ni,qnj->qij", at.wx, moved[:, :, 1:])
        expected = expected - np.einsum("qij,ij->q", within, at.inverse)
    pull = moved[:, :, 0].T
    return 0.5 * (at.py @ pull - expected), pull


def slope(at: Point, *, restricted: bool) -> Slope:
    """Slope and average information of the full or the restricted log-likelihood.

    The average of the observed and the expected information is y'P dM P dM P y / 2 for both, where M is linear in
    its parameters; else the part of the second derivative that comes from the bend of M is taken from it.

    References
    ----------
    Gilmour AR, Thompson R, Cullis BR (1995). Average information REML. Biometrics 51(4), 1440-1450.
    """
    found, pull = gradient(at, restricted=restricted)
    solved = at.covariance.solve(pull) - at.wx @ (at.inverse @ (at.wx.T @ pull))
    half = at.wx @ np.linalg.cholesky(at.inverse) if restricted else at.wx[:, :0]
    information = 0.5 * (pull.T @ solved - at.covariance.bend(at.py, half))
    return Slope(found, 0.5 * (information + information.T))
