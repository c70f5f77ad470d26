"""What a meta-regression leaves over for each study, and what it says of each study's own effect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from synthesis.effects.columns import check_known
from synthesis.pooling.batch import FloatArray, IntArray
from synthesis.pooling.intervals import half_width
from synthesis.pooling.moderators.deletion import ALONE, without_each
from synthesis.pooling.moderators.design_batch import design_batch
from synthesis.pooling.moderators.linear_fit import LinearFit
from synthesis.pooling.moderators.regression import Regression, check_regression
from synthesis.pooling.tabular import Tabular


@dataclass(frozen=True, slots=True, eq=False)
class Residuals(Tabular):
    """Residuals of k studies, in the order of the rows that the regression used; NaN where there is none."""

    raw: FloatArray  # (k,) yi less the fitted value
    standardised: FloatArray  # (k,) divided by its standard deviation; NaN where its leverage is 1
    deleted: FloatArray  # (k,) from the model without the study, standardised; NaN where that cannot be fitted
    hat: FloatArray  # (k,) leverages


@dataclass(frozen=True, slots=True, eq=False)
class Blups(Tabular):
    """Best linear unbiased predictions of the k studies' true effects, and of how they differ from the fitted ones."""

    estimate: FloatArray  # (k,)
    se: FloatArray
    pi_low: FloatArray
    pi_high: FloatArray
    random_effect: FloatArray  # (k,) estimate less the fitted value
    random_effect_se: FloatArray


class Inflation(NamedTuple):
    """Generalised variance inflation of one term."""

    term: str
    columns: tuple[int, ...]
    gvif: float  # for one column the variance inflation factor
    gsif: float  # gvif^(1 / (2 m)): inflation of standard errors, comparable between terms of m columns


def residuals(fit: Regression) -> Residuals:
    """Raw, standardised and deleted residuals of a meta-regression.

    References
    ----------
    Viechtbauer W, Cheung MWL (2010). Outlier and influence diagnostics for meta-analysis. Research Synthesis Methods
    1(2), 112-125.
    """
    check_regression(fit)
    y, v, x, k = fit.model.yi, fit.vi, fit.model.design, fit.k
    raw = y - x @ fit.model.estimate
    hat = leverages(fit)
    spare = 1 - hat
    free = spare > ALONE
    standardised = raw / np.sqrt(np.where(free, spare, np.nan) * (v + fit.tau2))
    deleted = np.full(k, np.nan)
    for part in without_each(y, v, x, fit.method, fit.test):
        deleted[part.rows] = deleted_residuals(y, v, x, part.rows[:, None], part.fit)[:, 0]
    return Residuals(raw, standardised, deleted, hat)


def leverages(fit: Regression) -> FloatArray:
    """The leverages of k studies, shape (k,): the diagonal of the matrix that makes fitted values of effects."""
    batch = design_batch(fit.model.yi[None], fit.vi[None], fit.model.design[None])
    found: FloatArray = batch.leverages(1 / (fit.vi + fit.tau2)[None])[0]
    return found


def deleted_residuals(y: FloatArray, v: FloatArray, x: FloatArray, places: IntArray, without: LinearFit) -> FloatArray:
    """Residuals of studies from models without them, standardised; NaN where these fit the others perfectly.

    Parameters
    ----------
    y, v, x : ndarray, shapes (k,), (k,) and (k, p)
        Effects, variances and design of all studies.
    places : ndarray, shape (m, j)
        Which j studies each of the m models is without.
    without : LinearFit
        These models; where the test multiplies their standard errors (Knapp-Hartung), it is taken to do so with the
        standard deviation of an effect, as in metafor.

    Returns
    -------
    ndarray, shape (m, j)
    """
    spread = np.square(x[places] @ without.root).sum(axis=-1)
    expected = (x[places] @ without.estimate[..., None])[..., 0]
    variance = np.square(without.scale)[:, None] * (v[places] + without.tau2.value[:, None]) + spread
    found: FloatArray = (y[places] - expected) / np.sqrt(np.where(variance > 0, variance, np.nan))
    return found


def blups(fit: Regression) -> Blups:
    """Best linear unbiased predictions: each study's effect drawn towards its fitted value.

    With L = tau2 / (tau2 + v), L y + (1 - L) x'b with the variance L v + (1 - L)^2 x'Sx, S being the covariance of b.

    References
    ----------
    Raudenbush SW, Bryk AS (1985). Empirical Bayes meta-analysis. Journal of Educational Statistics 10(2), 75-98.
    """
    check_regression(fit)
    v, x = fit.vi, fit.model.design
    share = fit.tau2 / (fit.tau2 + v)
    fitted = x @ fit.model.estimate
    spread = fit.variances(x)
    difference = share * (fit.model.yi - fitted)
    se = np.sqrt(share * v + np.square(1 - share) * spread)
    reach = half_width(fit.coefficients[0].df, fit.level) * se
    own_se = np.sqrt(share * v + np.square(share) * spread)
    estimate = fitted + difference
    return Blups(estimate, se, estimate - reach, estimate + reach, difference, own_se)


def vif(fit: Regression, *, by: str = "term") -> tuple[Inflation, ...]:
    """Variance inflation of each term, or of each column, beside the intercept.

    References
    ----------
    Fox J, Monette G (1992). Generalized collinearity diagnostics. Journal of the American Statistical Association
    87(417), 178-183.
    """
    check_regression(fit)
    check_known(by, ("term", "column"), "kind of inflation")
    tested = list(fit.design.tested)
    scale = np.sqrt(np.diag(fit.covariance))
    correlation = fit.covariance / np.outer(scale, scale)

    def log_determinant(columns: list[int]) -> float:
        return float(np.linalg.slogdet(correlation[np.ix_(columns, columns)])[1])

    def inflation(name: str, own: tuple[int, ...]) -> Inflation:
        others = [column for column in tested if column not in own]
        log_gvif = log_determinant(list(own)) + log_determinant(others) - log_determinant(tested)
        return Inflation(name, own, float(np.exp(log_gvif)), float(np.exp(log_gvif / (2 * len(own)))))

    if by == "column":
        return tuple(inflation(fit.model.names[column], (column,)) for column in tested)
    return tuple(inflation(*term) for term in fit.design.terms if set(term.columns) <= set(tested))
