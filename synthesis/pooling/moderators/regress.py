"""Meta-regression: effects that depend on what the studies are."""

from __future__ import annotations

from typing import Any

import numpy as np

from synthesis.effects.columns import check_known
from synthesis.errors import InvalidArgument
from synthesis.pooling.batch import Batch, FloatArray, batch_of_one
from synthesis.pooling.blocks import diagonal_blocks
from synthesis.pooling.check import check_alike, check_effects, check_options
from synthesis.pooling.coefficients import WaldTest, coefficients, wald_test
from synthesis.pooling.criteria import information_criteria
from synthesis.pooling.generalised_q import q_profile
from synthesis.pooling.heterogeneity import cochran_q, i2_and_h2, i2_and_h2_from_q, typical_variance
from synthesis.pooling.likelihood import log_likelihood
from synthesis.pooling.linear import LinearModel
from synthesis.pooling.moderators.design import Design, design
from synthesis.pooling.moderators.design_batch import DesignBatch, design_batch
from synthesis.pooling.moderators.linear_fit import LinearFit, check_test, linear_fit
from synthesis.pooling.moderators.regression import Regression, TermTest
from synthesis.pooling.pooled import Note
from synthesis.pooling.results import FIXED_BY_MODEL, STOPPED
from synthesis.pooling.tau2 import TAU2

NOT_HERE = {"DLMH": "takes Q about one Mantel-Haenszel estimate", "GENQ": "takes weights", "GENQM": "takes weights"}
SAME = 1e-8  # how far from 1 a combination of the columns may lie and still be the intercept


def regress(
    yi: Any,
    vi: Any,
    moderators: Any = None,
    *,
    data: Any = None,
    names: Any = None,
    method: str = "REML",
    test: str = "adhoc",
    level: float = 0.95,
) -> Regression:
    """Mixed-effects meta-regression, or with method "EE" weighted regression without a variance between studies.

    Parameters
    ----------
    yi, vi : array-like, shape (n,), or str
        Effects and sampling variances, or the names of their columns in `data`.
    moderators : str or array-like
        A formula, as "~ year + C(allocation)", or a design matrix, shape (n, p), with its intercept; see
        `moderators.design.design`. None for an intercept alone.
    data : data frame or mapping, optional
        Where names are looked up.
    names : sequence of str, optional
        Names of the columns of a design matrix.
    method : str
        Estimator of tau^2, a key of `TAU2` other than DLMH, GENQ and GENQM.
    test : str
        z, t, knha (Knapp-Hartung) or adhoc (Knapp-Hartung, variance factor not below 1).
    level : float
        Confidence level of all intervals.

    Returns
    -------
    Regression
        R^2 = max(0, (tau2 without moderators - tau2) / tau2 without); for EE the adjusted R^2 of the weighted
        regression.

    Raises
    ------
    InvalidArgument
        For effects, moderators or options that cannot be used, and where there are no more studies than coefficients.

    References
    ----------
    Raudenbush SW (2009). Analyzing effect sizes: random-effects models. In: Cooper H, Hedges LV, Valentine JC (eds.),
    The Handbook of Research Synthesis and Meta-Analysis, 2nd edition, 295-315.

    Examples
    --------
    >>> fit = regress([0.1, 0.5, 0.4, 0.9], [0.04, 0.05, 0.03, 0.06], [[1, 1], [1, 2], [1, 2], [1, 3]], test="z")
    >>> [round(one.estimate, 4) for one in fit.coefficients]
    [-0.3214, 0.3929]
    """
    check_method(method)
    check_test(test)
    check_options(method, "z", level)
    y, v = check_effects(yi, vi, data)
    found = design(moderators, data, len(y), names)
    y, v = y[found.kept], v[found.kept]
    check_alike(y, v)
    batch = design_batch(y[None], v[None], found.matrix[None])
    return _regression(batch, linear_fit(batch, method, test), found, (y, v), method=method, test=test, level=level)


def check_method(method: str) -> None:
    """Raise InvalidArgument for an estimator that takes more than effects and moderators."""
    check_known(method, TAU2, "method")
    if method in NOT_HERE:
        raise InvalidArgument(f"meta-regression has no method {method}, which {NOT_HERE[method]}")


def _regression(
    batch: DesignBatch, fit: LinearFit, found: Design, studies: tuple[FloatArray, FloatArray], *,
    method: str, test: str, level: float,
) -> Regression:  # fmt: skip
    """Everything that follows from a fit."""
    y, v = studies
    k, p = found.matrix.shape
    estimate, covariance, df = fit.estimate[0], fit.covariance[0], float(fit.df[0])
    tau2, tau2_se = float(fit.tau2.value[0]), float(fit.tau2.se[0])
    q, q_p = (float(one[0]) for one in cochran_q(batch))
    restricted = method == "REML"
    log_l = log_likelihood(batch, fit.tau2.value, restricted=restricted)
    aic, bic, aicc = information_criteria(log_l, p + (method != "EE"), np.array([k - p * restricted]))
    r2, r2_note = _explained(batch_of_one(y, v), batch, tau2, found.matrix, method)
    spread, spread_notes = _spread(batch, fit, q, level, method)
    if fit.tau2.maxima[0] > 1:
        spread_notes.append(Note("tau2", f"the likelihood has {fit.tau2.maxima[0]} local maxima; the highest is given"))
    if not fit.tau2.converged[0]:
        spread_notes.append(Note("converged", STOPPED))
    return Regression(
        coefficients=coefficients(found.names, estimate, covariance, df, level), covariance=covariance,
        omnibus=_tested(estimate, covariance, found.tested, df),
        terms=tuple(TermTest(*term, _tested(estimate, covariance, term.columns, df)) for term in found.terms),
        k=k, p=p, tau2=tau2, tau2_se=tau2_se if np.isfinite(tau2_se) else None, **spread, r2=r2,
        q=q, q_df=k - p, q_p_value=q_p,
        log_likelihood=float(log_l[0]), aic=float(aic[0]), bic=float(bic[0]), aicc=float(aicc[0]),
        method=method, test=test, level=level,
        converged=bool(fit.tau2.converged[0]), iterations=int(fit.tau2.iterations[0]), maxima=int(fit.tau2.maxima[0]),
        boundary=method != "EE" and tau2 == 0, design=found, vi=v, root=fit.root[0],
        model=LinearModel(y, found.matrix, found.names, diagonal_blocks(v + tau2), estimate, level),
        notes=(*found.notes, *spread_notes, *r2_note),
    )  # fmt: skip


def _tested(estimate: FloatArray, covariance: FloatArray, columns: tuple[int, ...], df: float) -> WaldTest:
    """The Wald test of some coefficients."""
    chosen = list(columns)
    return wald_test(estimate[chosen], covariance[np.ix_(chosen, chosen)], df)


def _spread(
    batch: DesignBatch, fit: LinearFit, q: float, level: float, method: str
) -> tuple[dict[str, Any], list[Note]]:
    """I^2, H^2 and the Q-profile intervals, and why there are none where there are none."""
    bounds = [f"{name}_ci_{end}" for name in ("tau2", "i2", "h2") for end in ("low", "high")]
    if method == "EE":
        i2, h2 = i2_and_h2_from_q(np.array([q]), batch.df)
        notes = [Note(name, FIXED_BY_MODEL) for name in ("tau2_se", *bounds)]
        return {"i2": float(i2[0]), "h2": float(h2[0])} | dict.fromkeys(bounds), notes
    typical = typical_variance(batch)
    i2, h2 = i2_and_h2(fit.tau2.value, typical)
    low, high, empty = q_profile(batch, np.array([q]), level)
    if empty[0]:
        reason = "the Q-profile interval is empty: the residuals differ less than chance alone would make them"
        return {"i2": float(i2[0]), "h2": float(h2[0])} | dict.fromkeys(bounds), [Note(name, reason) for name in bounds]
    ends = [
        low,
        high,
        *(one for pair in zip(i2_and_h2(low, typical), i2_and_h2(high, typical), strict=True) for one in pair),
    ]
    return {"i2": float(i2[0]), "h2": float(h2[0])} | {
        name: float(end[0]) for name, end in zip(bounds, ends, strict=True)
    }, []


def _explained(
    plain: Batch, batch: DesignBatch, tau2: float, matrix: FloatArray, method: str
) -> tuple[float | None, list[Note]]:
    """R^2 in percent, or why there is none."""
    ones = np.ones(len(matrix))
    left = ones - matrix @ np.linalg.lstsq(matrix, ones, rcond=None)[0]
    if matrix.shape[1] == 1 or np.abs(left).max() > SAME:
        return None, [Note("r2", "there is no simpler model to compare with: R^2 needs moderators beside an intercept")]
    if method == "EE":
        residual, total = (float(cochran_q(one)[0][0] / one.df[0]) for one in (batch, plain))
        return (
            (max(0.0, 100 * (1 - residual / total)), []) if total > 0 else (None, [Note("r2", "all effects are equal")])
        )
    without = float(TAU2[method](plain).value[0])
    if without <= 0:
        return None, [Note("r2", "tau^2 is 0 without moderators: there is nothing to explain")]
    return max(0.0, 100 * (without - tau2) / without), []
