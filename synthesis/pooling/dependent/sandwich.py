"""The sandwich estimator of the covariance of coefficients, cluster by cluster, and its small-sample corrections.

All is written in the basis in which the coefficients have the covariance I under the model: with M_j = L_j L_j' the
marginal covariance of cluster j and Q R the decomposition of the whitened design, its rows L_j^-1 X_j, the coefficients
b are R^-1 times those of the basis. No matrix larger than a cluster occurs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from synthesis.errors import InvalidArgument
from synthesis.pooling.batch import FloatArray, IntArray
from synthesis.pooling.dependent.clusters import Clusters, cluster_matrices
from synthesis.pooling.linear import LinearModel

ABSORBED = 1e-10  # 1 less the leverage of a direction that the design takes up whole, but for rounding

OTHER_WEIGHTS = 1e-6  # share of the whitened effects; estimates from converged variances are far nearer


@dataclass(frozen=True, slots=True, eq=False)
class Stack:
    """The c clusters of r rows, whitened."""

    members: IntArray  # (c,) their numbers
    rows: IntArray  # (c, r)
    root: FloatArray  # (c, r, r) L, lower triangular
    basis: FloatArray  # (c, r, p) their rows of Q
    directions: FloatArray  # (c, r, d) those in which Q Q' is not 0, orthonormal; d = min(r, p)
    free: FloatArray  # (c, d) 1 less the leverage of each, between 0 and 1; 0 where it is absorbed


@dataclass(frozen=True, slots=True, eq=False)
class Sandwich:
    """What m clusters give to the covariance of p coefficients, in the basis of Q."""

    to_coefficients: FloatArray  # (p, p) R^-1
    scores: FloatArray  # (m, p) g_j; the covariance is the sum of g_j g_j'
    own: FloatArray  # (m, p, p) and `reach`: the covariance of the scores under the model, as `wishart_df` takes them
    reach: FloatArray  # (m, p, p)
    absorbed: IntArray  # (m,) directions of each cluster that the design takes up whole


def solved(matrices: FloatArray, columns: FloatArray) -> FloatArray:
    """The solutions, shape (c, r, p), of one system for each cluster."""
    found: FloatArray = np.linalg.solve(matrices, columns).astype(np.float64, copy=False)
    return found


def unadjusted(stack: Stack) -> FloatArray:
    """CR0: the residuals as they are."""
    return solved(stack.root.swapaxes(1, 2), stack.basis)


def bias_reduced(stack: Stack) -> FloatArray:
    """CR2: residuals adjusted so that the estimator is without bias where the model holds.

    The adjustment is A = L (L' (M - X B X') L)^(-1/2) L', B being the covariance of the coefficients; its middle is
    taken from the singular values of L' L (I - Q Q')^(1/2), which lose half as many digits as its eigenvalues would.

    References
    ----------
    Bell RM, McCaffrey DF (2002). Bias reduction in standard errors for linear regression with multi-stage samples.
    Survey Methodology 28(2), 169-181.
    """
    r = stack.root.shape[1]
    unit = np.sqrt(np.square(stack.root).sum(axis=(1, 2)) / r)[:, None, None]
    root = stack.root / unit
    own = root.swapaxes(1, 2) @ root
    along = own @ stack.directions
    middle = own - (along * (1 - np.sqrt(stack.free))[:, None, :]) @ stack.directions.swapaxes(1, 2)
    left, values, _ = np.linalg.svd(middle)
    kept = np.arange(r) < r - np.count_nonzero(stack.free == 0, axis=1)[:, None]
    inverse = np.where(kept, 1 / np.where(kept, values, 1.0), 0.0)
    adjusted: FloatArray = root @ ((left * inverse[:, None, :]) @ (left.swapaxes(1, 2) @ stack.basis)) / unit
    return adjusted


def jackknife(stack: Stack) -> FloatArray:
    """CR3: residuals as if their own cluster had not been in the fit."""
    present = stack.free > 0
    more = np.where(present, 1 / np.where(present, stack.free, 1.0) - 1, -1.0)
    inflated = stack.directions @ (more[:, :, None] * (stack.directions.swapaxes(1, 2) @ stack.basis))
    return solved(stack.root.swapaxes(1, 2), stack.basis + inflated)


@dataclass(frozen=True, slots=True)
class Kind:
    """A way to estimate the covariance: m clusters, n rows, p coefficients."""

    title: str
    adjust: Callable[[Stack], FloatArray]  # (c, r, p) what the residuals of each cluster are multiplied by
    factor: Callable[[int, int, int], float]  # of m, n, p
    df: Callable[[int, int], float] | None = None  # of m, p; None for Satterthwaite's


KINDS: Mapping[str, Kind] = {
    "CR0": Kind("no correction", unadjusted, lambda _m, _n, _p: 1.0, lambda m, p: m - p),
    "CR1": Kind("times m / (m - p)", unadjusted, lambda m, _n, p: m / (m - p), lambda m, p: m - p),
    "CR1S": Kind("as in Stata", unadjusted, lambda m, n, p: m / (m - 1) * (n - 1) / (n - p), lambda m, _p: m - 1),
    "CR2": Kind("bias-reduced linearisation", bias_reduced, lambda _m, _n, _p: 1.0),
    "CR3": Kind("approximate jackknife", jackknife, lambda _m, _n, _p: 1.0),
}


def sandwich(model: LinearModel, clusters: Clusters, kind: Kind) -> Sandwich:
    """The parts of the sandwich estimator for a fitted model.

    Raises
    ------
    InvalidArgument
        Where the marginal covariance links rows of different clusters, or is not positive definite within one; and
        where the estimates are not those that it gives by weighting.
    """
    stacks, to_coefficients = whitened(model, clusters)
    m, p = len(clusters.sizes), model.design.shape[1]
    scores, absorbed = np.empty((m, p)), np.empty(m, np.int64)
    own, reach = np.empty((m, p, p)), np.empty((m, p, p))
    residuals = model.yi - model.design @ model.estimate
    _refuse_other_weights(stacks, model.yi, residuals)
    for stack in stacks:
        multiplier = kind.adjust(stack)
        spread = stack.root.swapaxes(1, 2) @ multiplier
        scores[stack.members] = np.einsum("crp,cr->cp", multiplier, residuals[stack.rows])
        own[stack.members] = spread.swapaxes(1, 2) @ spread
        reach[stack.members] = spread.swapaxes(1, 2) @ stack.basis
        absorbed[stack.members] = np.count_nonzero(stack.free == 0, axis=1)
    return Sandwich(to_coefficients, scores, own, reach, absorbed)


def _refuse_other_weights(stacks: list[Stack], y: FloatArray, residuals: FloatArray) -> None:
    """Raise InvalidArgument where the weighted residuals have a share in the design that is not rounding."""
    share, size = np.zeros(stacks[0].basis.shape[2]), 0.0
    for stack in stacks:
        white = solved(stack.root, np.stack([residuals[stack.rows], y[stack.rows]], axis=2))
        share = share + np.einsum("crp,cr->p", stack.basis, white[:, :, 0])
        size += float(np.square(white[:, :, 1]).sum())
    if np.square(share).sum() > OTHER_WEIGHTS**2 * size:
        raise InvalidArgument(
            "the estimates are not those of generalised least squares with the model's covariance of the effects: "
            "robust takes no fit with weights of one's own"
        )


def whitened(model: LinearModel, clusters: Clusters) -> tuple[list[Stack], FloatArray]:
    """The clusters in stacks of one size, and R^-1."""
    cut = cluster_matrices(model.marginal, clusters, "the marginal covariance")
    try:
        roots: list[FloatArray] = [np.linalg.cholesky(matrices).astype(np.float64, copy=False) for *_, matrices in cut]
    except np.linalg.LinAlgError:
        raise InvalidArgument("the marginal covariance is not positive definite within every cluster") from None
    white = np.empty_like(model.design)
    for (_, rows, _), root in zip(cut, roots, strict=True):
        white[rows] = np.linalg.solve(root, model.design[rows])
    basis, triangle = np.linalg.qr(white)
    stacks = []
    for (members, rows, _), root in zip(cut, roots, strict=True):
        directions, shares, _ = np.linalg.svd(basis[rows], full_matrices=False)
        left = 1.0 - np.square(shares)
        free = np.where(left < ABSORBED, 0.0, left)
        stacks.append(Stack(members, rows, root, basis[rows], directions, free))
    return stacks, np.linalg.inv(triangle)
