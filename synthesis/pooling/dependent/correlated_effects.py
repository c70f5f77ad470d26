"""Meta-regression with approximate weights and robust tests: the correlated- and hierarchical-effects models.

References
----------
Hedges LV, Tipton E, Johnson MC (2010). Robust variance estimation in meta-regression with dependent effect size
estimates. Research Synthesis Methods 1(1), 39-65.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from synthesis.effects.columns import looked_up
from synthesis.errors import InvalidArgument
from synthesis.pooling.batch import FloatArray
from synthesis.pooling.blocks import diagonal_blocks
from synthesis.pooling.check import check_effects, check_level
from synthesis.pooling.coefficients import Coefficient
from synthesis.pooling.dependent.clusters import Clusters, clusters_of
from synthesis.pooling.dependent.robust import RobustResult, enough_clusters, robust
from synthesis.pooling.dependent.shared import bounded
from synthesis.pooling.linear import LinearModel
from synthesis.pooling.moderators.design import Design, design
from synthesis.pooling.pooled import Note, Noted
from synthesis.text import decimal

RHO = 0.8  # correlation of effects of one cluster, where nobody knows it; it bears on tau^2 alone
DEGENERATE = 1e-10  # relative; two equations that are one but for rounding


@dataclass(frozen=True, slots=True, eq=False)
class RobustEffects(Noted):
    """A meta-regression with approximate weights; what cannot be given is None, with its reason in `notes`."""

    model: LinearModel  # its marginal covariance is diagonal: 1 / weights
    design: Design
    robust: RobustResult
    weighting: str  # correlated or hierarchical
    tau2: float  # between clusters, in squared units of yi
    omega2: float | None  # within clusters (hierarchical)
    i2: float | None  # percent (correlated)
    q: float  # weighted sum of squared residuals with the weights of tau^2 = 0
    rho: float | None  # the correlation that tau^2 was estimated with (correlated)
    notes: tuple[Note, ...] = ()

    @property
    def coefficients(self) -> tuple[Coefficient, ...]:
        """The coefficients with their robust tests."""
        return self.robust.coefficients

    def summary(self) -> str:
        """The coefficients and the variances as text."""
        spread = f"tau^2 {decimal(self.tau2)}"
        if self.omega2 is None:
            spread += f", I^2 {decimal(self.i2, 1)} % (rho {decimal(self.rho, 2)})"
        else:
            spread += f", omega^2 {decimal(self.omega2)}"
        notes = "".join(f"{note.field}: {note.reason}\n" for note in self.notes)
        return f"{self.weighting} effects: {spread}\n{self.robust.summary()}{notes}"

    def to_dict(self) -> dict[str, Any]:
        """All numbers as plain values, fit for JSON."""
        names = ("weighting", "tau2", "omega2", "i2", "q", "rho")
        plain = {name: getattr(self, name) for name in names}
        return plain | {"robust": self.robust.to_dict(), "notes": [note._asdict() for note in self.notes]}


@dataclass(frozen=True, slots=True, eq=False)
class FirstFit:
    """A first fit with weights w: what the moment estimators need."""

    raw: FloatArray  # (n,) residuals
    basis: FloatArray  # (n, p) Q of W^(1/2) X = Q R
    q: float  # sum of w times squared residuals


def correlated_effects(
    yi: Any,
    vi: Any,
    cluster: Any,
    *,
    moderators: Any = None,
    data: Any = None,
    names: Sequence[str] | None = None,
    rho: float = RHO,
    small: bool = True,
    level: float = 0.95,
) -> RobustEffects:
    """Meta-regression of effects that correlate within clusters because they share people.

    Parameters
    ----------
    yi, vi : array-like, shape (n,), or str
        Effects and sampling variances, or the names of their columns in `data`.
    cluster : array-like, shape (n,), or str
        Which cluster (study) each effect belongs to.
    moderators : str or array-like, shape (n, p), optional
        A formula, as "~ year", or a design matrix with its intercept; the intercept alone if not given.
    data : DataFrame or mapping of columns, optional
        Where names are looked up.
    names : sequence of str, optional
        Names of the columns of a design matrix.
    rho : float
        The correlation of the sampling errors within clusters, from 0 to 1; it bears on tau^2 and I^2 alone.
    small : bool
        CR2 with Satterthwaite's degrees of freedom; else CR1 with m - p.
    level : float
        Confidence level of the intervals.

    Returns
    -------
    RobustEffects
        With weights 1 / (k (v + tau^2)) for the k effects of a cluster whose mean variance is v.

    Raises
    ------
    InvalidArgument
        As `check_effects`, `robust` and, for the moderators, `regress`.

    Notes
    -----
    tau^2 is the moment estimate of Hedges, Tipton and Johnson, 0 where it would be negative: it equates Q, with
    tau^2 = 0 in the weights, to its expectation. I^2 is the share of Q above its expectation for tau^2 = 0.

    Examples
    --------
    >>> study = ["a", "a", "b", "b", "c", "c", "d"]
    >>> fit = correlated_effects([0.1, 0.3, 0.5, 0.6, -0.1, 0.1, 0.2], [0.02] * 7, study)
    >>> round(fit.tau2, 4), round(fit.coefficients[0].df, 2)
    (0.0393, 3.0)
    """
    y, v, found, clusters = _read(yi, vi, cluster, moderators=moderators, data=data, names=names, level=level)
    rho = bounded(rho, "rho", 0.0)
    k = clusters.sizes.astype(np.float64)
    mean = np.bincount(clusters.codes, v) / k
    w = 1 / (k * mean)
    first = _first_fit(y, found.matrix, w[clusters.codes])
    leverage = np.bincount(clusters.codes, np.square(first.basis).sum(axis=1))
    shared = np.square(_sums(first.basis, clusters)).sum(axis=1)
    expected = len(k) - float(((leverage + rho * (shared - leverage)) / k).sum())
    estimate = (first.q - expected) / float((w * (k - shared)).sum())
    tau2 = max(0.0, estimate)
    i2 = 100 * max(0.0, (first.q - expected) / first.q) if first.q > 0 else 0.0
    model = _weighted(y, found, (k * (mean + tau2))[clusters.codes], level)
    result = robust(model, clusters.codes, kind="CR2" if small else "CR1")
    notes = (*found.notes, *_truncated(tau2=estimate))
    return RobustEffects(model, found, result, "correlated", tau2, None, i2, first.q, rho, notes)


def hierarchical_effects(
    yi: Any,
    vi: Any,
    cluster: Any,
    *,
    moderators: Any = None,
    data: Any = None,
    names: Sequence[str] | None = None,
    small: bool = True,
    level: float = 0.95,
) -> RobustEffects:
    """Meta-regression of effects that are alike within clusters because one team, site or method found them.

    Parameters
    ----------
    yi, vi, cluster, moderators, data, names, small, level
        As for `correlated_effects`.

    Returns
    -------
    RobustEffects
        With weights 1 / (v + tau^2 + omega^2): tau^2 between clusters, omega^2 within.

    Raises
    ------
    InvalidArgument
        As for `correlated_effects`; and where no cluster has several effects.

    Notes
    -----
    tau^2 and omega^2 are the moment estimates of Hedges, Tipton and Johnson: they equate Q, and the sum over the
    clusters of the squared sums of residuals, to their expectations. omega^2 is 0 where it would be negative, and
    tau^2 follows from Q, 0 where it would be negative.
    """
    y, v, found, clusters = _read(yi, vi, cluster, moderators=moderators, data=data, names=names, level=level)
    if clusters.sizes.max() == 1:
        raise InvalidArgument("every cluster has one effect: hierarchical effects need several in at least one")
    w = 1 / v
    first = _first_fit(y, found.matrix, w)
    q_slopes, q_rest = _expected_q(first, w, clusters)
    sums_slopes, sums_rest = _expected_sums(first, w, clusters)
    excess, excess_sums = first.q - q_rest, float(np.square(_sums(first.raw, clusters)).sum()) - sums_rest
    determinant = q_slopes[0] * sums_slopes[1] - q_slopes[1] * sums_slopes[0]
    if not abs(determinant) > DEGENERATE * q_slopes[1] * sums_slopes[0]:
        raise InvalidArgument("the design leaves too few residuals to tell tau^2 from omega^2")
    within = (q_slopes[0] * excess_sums - sums_slopes[0] * excess) / determinant
    omega2 = max(0.0, within)
    between = (excess - omega2 * q_slopes[1]) / q_slopes[0]
    tau2 = max(0.0, between)
    model = _weighted(y, found, v + tau2 + omega2, level)
    result = robust(model, clusters.codes, kind="CR2" if small else "CR1")
    notes = (*found.notes, *_truncated(tau2=between, omega2=within))
    return RobustEffects(model, found, result, "hierarchical", tau2, omega2, None, first.q, None, notes)


def _read(
    yi: Any, vi: Any, cluster: Any, *, moderators: Any, data: Any, names: Sequence[str] | None, level: float
) -> tuple[FloatArray, FloatArray, Design, Clusters]:
    """Effects, variances, design and clusters of the rows that have all moderators, once they can be used."""
    check_level(level)
    y, v = check_effects(yi, vi, data)
    found = design(moderators, data, len(y), names)
    y, v = y[found.kept], v[found.kept]
    clusters = clusters_of(looked_up(cluster, data), len(y), kept=found.kept)
    enough_clusters(len(clusters.sizes), found.matrix.shape[1])
    return y, v, found, clusters


def _expected_q(first: FirstFit, w: FloatArray, clusters: Clusters) -> tuple[tuple[float, float], float]:
    """By how much the expectation of Q rises with tau^2 and with omega^2, and what it is where both are 0."""
    n, p = first.basis.shape
    together = np.square(_sums(np.sqrt(w)[:, None] * first.basis, clusters)).sum()
    alone = (w * np.square(first.basis).sum(axis=1)).sum()
    return (float(w.sum() - together), float(w.sum() - alone)), float(n - p)


def _expected_sums(first: FirstFit, w: FloatArray, clusters: Clusters) -> tuple[tuple[float, float], float]:
    """The same for the sum over the clusters of the squared sums of residuals."""
    up, down = np.sqrt(w)[:, None] * first.basis, first.basis / np.sqrt(w)[:, None]
    drawn = _sums(down, clusters)  # what each cluster's sum of residuals loses to the fit
    square = drawn.T @ drawn
    totals, k = _sums(up, clusters), clusters.sizes
    between = np.square(k).sum() - 2 * (k * (drawn * totals).sum(axis=1)).sum() + (square * (totals.T @ totals)).sum()
    within = k.sum() - 2 * (drawn * totals).sum() + (square * (up.T @ up)).sum()
    rest = (1 / w).sum() - 2 * np.square(drawn).sum() + np.trace(square)
    return (float(between), float(within)), float(rest)


def _sums(values: FloatArray, clusters: Clusters) -> FloatArray:
    """Sums over the rows of each cluster, shape (m,) or (m, p)."""
    found = np.zeros((len(clusters.sizes), *values.shape[1:]))
    np.add.at(found, clusters.codes, values)
    return found


def _first_fit(y: FloatArray, X: FloatArray, w: FloatArray) -> FirstFit:
    """The fit with weights w."""
    root = np.sqrt(w)
    basis, _ = np.linalg.qr(root[:, None] * X)
    white = root * y
    left = white - basis @ (basis.T @ white)
    return FirstFit(left / root, basis, float(left @ left))


def _weighted(y: FloatArray, found: Design, variance: FloatArray, level: float) -> LinearModel:
    """The fit with weights 1 / variance."""
    root = 1 / np.sqrt(variance)
    basis, triangle = np.linalg.qr(root[:, None] * found.matrix)
    estimate = np.linalg.solve(triangle, basis.T @ (root * y))
    return LinearModel(y, found.matrix, found.names, diagonal_blocks(variance), estimate, level)


def _truncated(**estimates: float) -> tuple[Note, ...]:
    """Notes on the variances whose moment estimate is below 0."""
    reason = "the moment estimate is below 0: set to 0"
    return tuple(Note(name, reason) for name, value in estimates.items() if value < 0)
