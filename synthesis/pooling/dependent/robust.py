"""Tests of a model's coefficients that hold whatever the dependence within clusters is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

import numpy as np

from synthesis.effects.columns import check_known, looked_up
from synthesis.errors import InvalidArgument
from synthesis.pooling.batch import FloatArray
from synthesis.pooling.check import check_level
from synthesis.pooling.coefficients import (
    Coefficient,
    WaldTest,
    coefficient_dicts,
    coefficient_table,
    coefficients,
    wald_test,
)
from synthesis.pooling.dependent.clusters import Clusters, clusters_of
from synthesis.pooling.dependent.sandwich import KINDS, Kind, Sandwich, sandwich
from synthesis.pooling.dependent.satterthwaite import wishart_df
from synthesis.pooling.linear import LinearModel
from synthesis.pooling.moderators.design import Design
from synthesis.pooling.pooled import Note, Noted
from synthesis.text import decimal, p_value

FEW_DF = 4  # below so many degrees of freedom simulations found the tests to reject too often


class Fitted(Protocol):
    """A fit that keeps its linear model."""

    @property
    def model(self) -> LinearModel:
        """What robust tests go on from."""


@dataclass(frozen=True, slots=True, eq=False)
class RobustResult(Noted):
    """Coefficients with cluster-robust standard errors; what cannot be given is None, with its reason in `notes`."""

    coefficients: tuple[Coefficient, ...]
    covariance: FloatArray  # (p, p) of the coefficients
    omnibus: WaldTest  # F test that all coefficients of `tested` are 0
    tested: tuple[str, ...]  # names of coefficients
    kind: str  # a key of KINDS
    clusters: int
    sizes: tuple[int, ...]  # rows in each cluster, in the order in which the clusters first appear
    level: float
    notes: tuple[Note, ...] = ()

    def summary(self) -> str:
        """The coefficients and their joint test as text."""
        lines = [
            f"{sum(self.sizes)} effects in {self.clusters} clusters of {min(self.sizes)} to {max(self.sizes)}",
            f"{self.kind} ({KINDS[self.kind].title}), {100 * self.level:g} % intervals",
            coefficient_table(self.coefficients).rstrip("\n"),
            *([self._joint()] if len(self.coefficients) > 1 else []),
            *(f"{note.field}: {note.reason}" for note in self.notes),
        ]
        return "\n".join(lines) + "\n"

    def _joint(self) -> str:
        """The joint test as a line of text."""
        test = self.omnibus
        df = f"F({test.df}, {decimal(test.df_denominator, 2)})"
        return f"{', '.join(self.tested)}: {df} = {decimal(test.statistic)}, p {p_value(test.p_value)}"

    def to_dict(self) -> dict[str, Any]:
        """All fields as plain values, fit for JSON."""
        return {
            "coefficients": coefficient_dicts(self.coefficients),
            "covariance": self.covariance.tolist(),
            "omnibus": asdict(self.omnibus),
            "tested": list(self.tested),
            "kind": self.kind,
            "clusters": self.clusters,
            "sizes": list(self.sizes),
            "level": self.level,
            "notes": [note._asdict() for note in self.notes],
        }


def robust(
    fit: Fitted | LinearModel,
    cluster: Any,
    *,
    kind: str = "CR2",
    level: float | None = None,
    tested: Sequence[str] | None = None,
    data: Any = None,
) -> RobustResult:
    """Cluster-robust standard errors, tests and intervals for the coefficients of a fitted model.

    Parameters
    ----------
    fit : LinearModel, or a result that has one as `model`
        The estimates stay as they are; its covariance of the effects serves as the working model.
    cluster : array-like, shape (n,), or str
        Which cluster each effect belongs to: numbers or text; or the name of that column in `data`. Rows that the fit
        left out may be among them. Effects of different clusters must be independent.
    kind : str
        A key of KINDS. CR2 and CR3 are judged by t with Satterthwaite's degrees of freedom, CR0 and CR1 by t with
        m - p of them, CR1S with m - 1, for m clusters and p coefficients.
    level : float, optional
        Confidence level of the intervals; that of the fit if not given.
    tested : sequence of str, optional
        Names of the coefficients for the joint F test; all but the intercept if not given.
    data : DataFrame or mapping of columns, optional
        Where a name is looked up.

    Returns
    -------
    RobustResult
        The joint test is Hotelling's T^2 with the degrees of freedom of Pustejovsky and Tipton (their HTZ), for the
        kinds without Satterthwaite's F on q and m - p (CR1S: m - 1).

    Raises
    ------
    InvalidArgument
        For a fit without a linear model, an unknown kind or coefficient, missing labels or labels of another length,
        no more clusters than coefficients, and a model that lets effects of different clusters covary or has other
        estimates than its covariance of the effects gives by weighting.

    Notes
    -----
    CR1 is what metafor calls robust without clubSandwich (clubSandwich: CR1p). The intercept is a column of the
    design that holds one number other than 0.

    References
    ----------
    Tipton E (2015). Small sample adjustments for robust variance estimation with meta-regression. Psychological
    Methods 20(3), 375-393.
    Pustejovsky JE, Tipton E (2018). Small-sample methods for cluster-robust variance estimation and hypothesis
    testing in fixed effects models. Journal of Business & Economic Statistics 36(4), 672-683.

    Examples
    --------
    >>> from synthesis.pooling.dependent.multilevel import multilevel
    >>> study = ["a", "a", "b", "b", "c", "c"]
    >>> fit = multilevel([0.1, 0.3, 0.5, 0.6, -0.1, 0.1], [0.02] * 6, random=[study])
    >>> round(robust(fit, study).coefficients[0].se, 4)
    0.1607
    """
    model, chosen = _linear_model(fit), _kind(kind)
    level = model.level if level is None else level
    check_level(level)
    design = getattr(fit, "design", None)
    kept = design.kept if isinstance(design, Design) else None
    clusters = clusters_of(looked_up(cluster, data), len(model.yi), kept=kept)
    p, m = len(model.names), len(clusters.sizes)
    enough_clusters(m, p)
    place = _places(model, tested)
    parts = sandwich(model, clusters, chosen)
    covariance = _covariance(parts, chosen.factor(m, len(model.yi), p))
    df = _degrees(parts, chosen, m)
    omnibus = _omnibus(model.estimate[place], covariance[np.ix_(place, place)], parts, chosen, place)
    rows = coefficients(model.names, model.estimate, covariance, df, level)
    return RobustResult(
        rows, covariance, omnibus, tuple(model.names[i] for i in place), kind, m, tuple(clusters.sizes.tolist()),
        level, _notes(rows, omnibus, parts, clusters),
    )  # fmt: skip


def enough_clusters(m: int, p: int) -> None:
    """Raise InvalidArgument where m clusters cannot carry p coefficients."""
    if m <= p:
        counted = "one cluster" if m == 1 else f"{m} clusters"
        raise InvalidArgument(f"{counted} cannot carry {p} coefficient{'s' * (p > 1)}: more than {p} are needed")


def _linear_model(fit: Any) -> LinearModel:
    """The linear model of a fit, or the fit itself."""
    found = fit if isinstance(fit, LinearModel) else getattr(fit, "model", None)
    if not isinstance(found, LinearModel):
        raise InvalidArgument(
            f"robust takes a fit with a linear model, as regress and multilevel give, not {type(fit).__name__}"
        )
    return found


def _kind(kind: str) -> Kind:
    check_known(kind, KINDS, "kind")
    return KINDS[kind]


def _places(model: LinearModel, tested: Sequence[str] | None) -> list[int]:
    """Which coefficients the joint test takes: those named, else all but an intercept that is not alone."""
    if tested is not None:
        if not isinstance(tested, Sequence):
            raise InvalidArgument(f"tested must name coefficients, not {tested!r}")
        names = [tested] if isinstance(tested, str) else list(tested)
        for name in names:
            check_known(name, model.names, "coefficient")
        if not names:
            raise InvalidArgument("tested must name at least one coefficient")
        return sorted({model.names.index(name) for name in names})
    constant = (model.design == model.design[0]).all(axis=0) & (model.design[0] != 0)
    moderators = np.flatnonzero(~constant).tolist()
    return moderators or list(range(len(model.names)))


def _covariance(parts: Sandwich, factor: float) -> FloatArray:
    """The covariance of the coefficients, shape (p, p)."""
    scores = parts.scores @ parts.to_coefficients.T
    found: FloatArray = factor * (scores.T @ scores)
    return found


def _degrees(parts: Sandwich, kind: Kind, m: int) -> FloatArray:
    """Degrees of freedom of each coefficient, shape (p,)."""
    contrasts = parts.to_coefficients
    if kind.df is not None:
        return np.full(len(contrasts), float(kind.df(m, len(contrasts))))
    return np.array([wishart_df(parts.own, parts.reach, contrast[None, :]) for contrast in contrasts])


def _omnibus(
    estimate: FloatArray, covariance: FloatArray, parts: Sandwich, kind: Kind, place: Sequence[int]
) -> WaldTest:
    """F test of q coefficients; without statistic where its degrees of freedom do not reach above 0."""
    q = len(place)
    if kind.df is not None:
        return wald_test(estimate, covariance, float(kind.df(len(parts.scores), len(parts.to_coefficients))))
    eta = wishart_df(parts.own, parts.reach, parts.to_coefficients[list(place)])
    denominator = eta - q + 1
    if not denominator > 0:
        return WaldTest(None, q, None, None)
    return wald_test(estimate, covariance * (eta / denominator), denominator)


def _notes(rows: Sequence[Coefficient], omnibus: WaldTest, parts: Sandwich, clusters: Clusters) -> tuple[Note, ...]:
    """What must be known about the result."""
    notes = []
    few = [row.name for row in rows if row.df is not None and row.df < FEW_DF]
    if few:
        reason = f"fewer than {FEW_DF} degrees of freedom for {', '.join(few)}: do not trust p-value and interval"
        notes.append(Note("coefficients", reason))
    sure = [row.name for row in rows if row.se == 0]
    if sure:
        notes.append(Note("coefficients", f"no residual bears on {', '.join(sure)}: standard error 0, no test"))
    absorbed = parts.absorbed > 0
    if absorbed.any():
        reason = "some coefficients rest on one cluster alone, whose residuals they make 0: cluster "
        notes.append(Note("covariance", reason + clusters.shown(absorbed)))
    if omnibus.statistic is None:
        reason = "too few degrees of freedom or too few clusters for a joint test of so many coefficients"
        notes.append(Note("omnibus", reason))
    return tuple(notes)
