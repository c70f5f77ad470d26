"""How far each study moves a pool or a meta-regression, and what such measures can tell of so few studies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammainc

from synthesis.errors import InvalidArgument
from synthesis.pooling.batch import BoolArray, FloatArray, IntArray, weights_at
from synthesis.pooling.heterogeneity import cochran_q
from synthesis.pooling.moderators.deletion import Deletions, without_each
from synthesis.pooling.moderators.design_batch import design_batch
from synthesis.pooling.moderators.linear_fit import covariance_root
from synthesis.pooling.moderators.regress import regress
from synthesis.pooling.moderators.regression import Regression
from synthesis.pooling.moderators.residuals import deleted_residuals, leverages
from synthesis.pooling.pooled import Note, Pooled
from synthesis.pooling.tabular import Tabular, plain_column, table_of
from synthesis.sensitivity.deletion.influence_findings import baujat_findings, influence_findings
from synthesis.sensitivity.deletion.pairs import Pair, masked_pairs
from synthesis.sensitivity.findings import told

SHOWN = ("row", "rstudent", "dffits", "cook_distance", "covariance_ratio", "tau2_deleted", "hat", "influential")


@dataclass(frozen=True, slots=True, eq=False)
class Influence(Tabular):
    """Measures of influence of k studies, in the order of the rows that the model used; NaN where there is none.

    The columns of a coefficient bear its name, as `found["dfbetas[year]"]`.
    """

    row: IntArray  # (k,) of the data, the first 1
    rstudent: FloatArray  # (k,) the study's residual from the model without it, standardised
    dffits: FloatArray  # (k,) change of its fitted value, in standard errors
    cook_distance: FloatArray  # (k,) change of all coefficients, by their covariance
    covariance_ratio: FloatArray  # (k,) generalised variance of the coefficients without it over that with it
    tau2_deleted: FloatArray  # (k,) tau2 without it
    q_deleted: FloatArray  # (k,) Q without it
    hat: FloatArray  # (k,) leverage; for a pool the weight
    weight: FloatArray  # (k,) share of 1
    dfbetas: FloatArray  # (k, p) change of each coefficient, in standard errors
    far: BoolArray  # (k,) flag: |dffits| > 3 sqrt(p / (k - p))
    distant: BoolArray  # (k,) flag: Cook's distance beyond the median of chi-squared with p df
    heavy: BoolArray  # (k,) flag: hat > 3 p / k
    moving: BoolArray  # (k,) flag: |dfbetas| > 1 for some coefficient
    converged: BoolArray  # (k,) whether tau2 without it was found; False where there is no such model
    names: tuple[str, ...]  # of the p coefficients
    pairs: tuple[Pair, ...]  # outliers that hide one another
    fit: Regression  # the model with all studies; of a pool, with an intercept alone
    findings: tuple[Note, ...]  # what the measures can and cannot tell here, by rule

    @property
    def influential(self) -> BoolArray:
        """Whether any of the four flags is up, shape (k,)."""
        return self.far | self.distant | self.heavy | self.moving

    @property
    def verdict(self) -> str:
        """What the measures can and cannot tell here."""
        return told(self.findings)

    def columns(self) -> dict[str, NDArray[Any]]:
        """All columns by name."""
        left = ("dfbetas", "names", "pairs", "fit", "findings")
        found = {name: getattr(self, name) for name in self.__slots__ if name not in left}
        of_each = {f"dfbetas[{name}]": self.dfbetas[:, number] for number, name in enumerate(self.names)}
        return found | of_each | {"influential": self.influential}

    def summary(self) -> str:
        """The first studies as text, and the verdict."""
        head = f"influence of {len(self)} studies ({self.fit.method}, {self.fit.test})\n"
        return f"{head}{table_of(self.columns(), SHOWN)}{self.verdict}\n"

    def to_dict(self) -> dict[str, Any]:
        """All columns as plain values, fit for JSON, with the pairs and the findings."""
        columns = {name: plain_column(column) for name, column in self.columns().items()}
        said = {"pairs": [pair._asdict() for pair in self.pairs], "verdict": self.verdict}
        return columns | said | {"findings": [{"rule": rule, "says": words} for rule, words in self.findings]}


@dataclass(frozen=True, slots=True, eq=False)
class Baujat(Tabular):
    """Coordinates of Baujat's plot, in the order of the rows that the model used; NaN where there is none."""

    row: IntArray  # (k,) of the data, the first 1
    heterogeneity: FloatArray  # (k,) contribution to Q: the squared residual over v + tau2
    influence: FloatArray  # (k,) squared change of the fitted value without the study, over its variance then
    findings: tuple[Note, ...]

    @property
    def verdict(self) -> str:
        """What the coordinates can and cannot tell here."""
        return told(self.findings)

    def columns(self) -> dict[str, NDArray[Any]]:
        """All columns by name."""
        return {name: getattr(self, name) for name in ("row", "heterogeneity", "influence")}

    def summary(self) -> str:
        """The first studies as text, and the verdict."""
        return f"{table_of(self.columns())}{self.verdict}\n"

    def to_dict(self) -> dict[str, Any]:
        """All columns as plain values, fit for JSON, with the verdict."""
        return {name: plain_column(column) for name, column in self.columns().items()} | {"verdict": self.verdict}


def influence(
    yi: Any,
    vi: Any = None,
    mods: Any = None,
    *,
    data: Any = None,
    method: str = "REML",
    test: str = "adhoc",
    pairs: bool = True,
) -> Influence:
    """Measures of the influence of each study on a pool or a meta-regression.

    Parameters
    ----------
    yi : Regression, array-like of shape (k,), or str
        A meta-regression, as `regress` gives it; or effects, or the name of their column in `data`.
    vi : array-like, shape (k,), or str
        Sampling variances; not beside a fitted meta-regression.
    mods : str or array-like, optional
        Moderators, a formula or a design matrix, as for `regress`; without them, the pool.
    data, method, test
        As for `regress`: z, t, knha and adhoc.
    pairs : bool
        Whether to look for pairs of outliers that hide one another (up to 40 studies).

    Returns
    -------
    Influence
        With b, S, tau2 of the whole model and b', S', tau2' of that without study i, x its row of the design, and s'
        the factor by which the test of the model without it multiplies standard errors, 1 for z and t:
        rstudent (y - x'b') / sqrt(s'^2 (v + tau2') + x'S'x); dffits (x'b - x'b') / (s' sqrt(h (v + tau2'))), h the
        hat value; Cook's distance (b - b')'S^-1 (b - b'); covariance ratio |S'| / |S|; DFBETAS (b - b') over s' times
        the standard errors that all studies would have at tau2'. S and S' carry the factor of their own test. The
        flags are metafor's.

    Raises
    ------
    InvalidArgument
        As for `regress`.

    References
    ----------
    Viechtbauer W, Cheung MWL (2010). Outlier and influence diagnostics for meta-analysis. Research Synthesis Methods
    1(2), 112-125.
    """
    fit = fitted_model(yi, vi, mods, data=data, method=method, test=test)
    y, v, x, (k, p) = fit.model.yi, fit.vi, fit.model.design, fit.model.design.shape
    columns: dict[str, Any] = {name: np.full(k, np.nan) for name in _OF_DELETION}
    columns["dfbetas"] = np.full((k, p), np.nan)
    hat, w = leverages(fit), 1 / (v + fit.tau2)
    for part in without_each(y, v, x, fit.method, fit.test):
        for name, values in _measures(part, fit, hat[part.rows]).items():
            columns[name][part.rows] = values
    flags = _flags(columns, hat, k, p)
    hidden = masked_pairs(fit, columns["rstudent"]) if pairs else None
    columns["converged"] = columns["converged"] == 1
    found: dict[str, Any] = {**columns, **flags, "row": fit.design.rows, "hat": hat, "weight": w / w.sum()}
    return Influence(
        **found, names=fit.model.names, pairs=hidden or (), fit=fit,
        findings=influence_findings(fit, columns, flags, hidden),
    )  # fmt: skip


def baujat(
    yi: Any, vi: Any = None, mods: Any = None, *, data: Any = None, method: str = "REML", test: str = "adhoc"
) -> Baujat:
    """Each study's contribution to Q against its influence on the result.

    Parameters
    ----------
    yi, vi, mods, data, method, test
        As for `influence`; Baujat and others take the equal-effects model, method "EE".

    Returns
    -------
    Baujat
        (y - x'b)^2 / (v + tau2), and (x'b - x'b')^2 / x'S'x with b' and S' from the model without the study.

    References
    ----------
    Baujat B, Mahe C, Pignon JP, Hill C (2002). A graphical method for exploring heterogeneity in meta-analyses:
    application to a meta-analysis of 65 trials. Statistics in Medicine 21(18), 2641-2652.
    """
    fit = fitted_model(yi, vi, mods, data=data, method=method, test=test)
    y, v, x = fit.model.yi, fit.vi, fit.model.design
    moved = np.full(fit.k, np.nan)
    for part in without_each(y, v, x, fit.method, fit.test):
        own = x[part.rows]
        change = np.einsum("mp,mp->m", own, fit.model.estimate - part.fit.estimate)
        spread = np.square(np.einsum("mp,mpq->mq", own, part.fit.root)).sum(axis=1)
        moved[part.rows] = _over(np.square(change), spread)
    contribution = np.square(y - x @ fit.model.estimate) / (v + fit.tau2)
    return Baujat(fit.design.rows, contribution, moved, baujat_findings(fit, contribution, moved))


def fitted_model(yi: Any, vi: Any, mods: Any, *, data: Any, method: str, test: str) -> Regression:
    """A meta-regression that is fitted already, or one of effects and variances; of an intercept for a pool."""
    if isinstance(yi, Regression):
        if vi is not None or mods is not None:
            raise InvalidArgument(
                "a fitted meta-regression has its own effects, variances and moderators: give it alone"
            )
        return yi
    if isinstance(yi, Pooled):
        raise InvalidArgument("a Pooled no longer has its studies: give yi and vi")
    return regress(yi, vi, mods, data=data, method=method, test=test)


_OF_DELETION = ("rstudent", "dffits", "cook_distance", "covariance_ratio", "tau2_deleted", "q_deleted", "converged")


def _measures(part: Deletions, fit: Regression, hat: FloatArray) -> dict[str, FloatArray]:
    """The measures of the studies left out; `hat` are their leverages in the whole model."""
    y, v, x, rows, without = fit.model.yi, fit.vi, fit.model.design, part.rows, part.fit
    change = fit.model.estimate - without.estimate
    scaled = np.linalg.solve(fit.root, change[..., None])[..., 0] if fit.root.any() else np.full(change.shape, np.nan)
    unit = without.scale * np.sqrt(hat * (v[rows] + without.tau2.value))
    of_all = design_batch(*(np.broadcast_to(one, (len(rows), *one.shape)) for one in (y, v, x)))
    root = covariance_root(of_all, weights_at(of_all, without.tau2.value))
    se = without.scale[:, None] * np.sqrt(np.square(root).sum(axis=-1))
    return {
        "rstudent": deleted_residuals(y, v, x, rows[:, None], without)[:, 0],
        "dffits": _over(np.einsum("mp,mp->m", x[rows], change), unit),
        "cook_distance": np.square(scaled).sum(axis=1),
        "covariance_ratio": _ratio_of_determinants(without.root, fit.root),
        "tau2_deleted": without.tau2.value,
        "q_deleted": cochran_q(part.batch)[0],
        "converged": without.tau2.converged.astype(np.float64),
        "dfbetas": _over(change, se),
    }


def _over(a: FloatArray, b: FloatArray) -> FloatArray:
    """The quotient a / b; NaN where b is 0."""
    found: FloatArray = np.where(b > 0, a / np.where(b > 0, b, 1.0), np.nan)
    return found


def _ratio_of_determinants(roots: FloatArray, root: FloatArray) -> FloatArray:
    """|S'| / |S| from triangular roots of m covariances S', shape (m, p, p), and one of S; NaN where S is 0."""
    of_each = _over(np.abs(np.diagonal(roots, axis1=-2, axis2=-1)), np.abs(np.diag(root)))
    found: FloatArray = np.square(of_each.prod(axis=-1))
    return found


def _flags(columns: dict[str, FloatArray], hat: FloatArray, k: int, p: int) -> dict[str, BoolArray]:
    """The four flags; down where a measure is NaN."""
    distance = np.nan_to_num(columns["cook_distance"])
    return {
        "far": np.abs(columns["dffits"]) > 3 * np.sqrt(p / (k - p)),
        "distant": gammainc(p / 2, distance / 2) > 0.5,
        "heavy": hat > 3 * p / k,
        "moving": np.logical_or.reduce(np.abs(columns["dfbetas"]) > 1, axis=1),
    }
