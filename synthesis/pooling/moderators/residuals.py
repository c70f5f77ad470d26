"""What a meta-regression leaves over for each study, and what it says of each study's own effect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from synthesis.effects.columns import check_known
from synthesis.pooling.batch import FloatArray
from synthesis.pooling.intervals import half_width
from synthesis.pooling.moderators.design_batch import design_batch
from synthesis.pooling.moderators.linear_fit import linear_fit
from synthesis.pooling.moderators.regression import Regression, check_regression
from synthesis.pooling.tabular import Tabular

ALONE = 1e-10  # 1 - leverage below which a study alone determines a coefficient


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
    batch = design_batch(y[None], v[None], x[None])
    hat = batch.leverages(1 / (v + fit.tau2)[None])[0]
    spare = 1 - hat
    free = spare > ALONE
    standardised = raw / np.sqrt(np.where(free, spare, np.nan) * (v + fit.tau2))
    deleted = np.full(k, np.nan)
    if k - 1 > fit.p:
        rows = np.flatnonzero(free)
        present = 1.0 - np.eye(k)[rows]
        ys, vs, xs = (np.broadcast_to(one, (len(rows), *one.shape)) for one in (y, v, x))
        without = linear_fit(design_batch(ys, vs, xs, present), fit.method, fit.test)
        spread = np.square(np.einsum("mp,mpq->mq", x[rows], without.root)).sum(axis=1)
        expected = np.einsum("mp,mp->m", x[rows], without.estimate)
        deleted[rows] = (y[rows] - expected) / np.sqrt(v[rows] + without.tau2.value + spread)
    return Residuals(raw, standardised, deleted, hat)


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
