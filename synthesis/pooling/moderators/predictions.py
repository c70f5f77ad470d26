"""What a meta-regression expects of studies with given moderators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from synthesis.pooling.batch import FloatArray
from synthesis.pooling.intervals import half_width, prediction
from synthesis.pooling.moderators.regression import Regression, check_regression
from synthesis.pooling.tabular import Tabular


@dataclass(frozen=True, slots=True, eq=False)
class Predictions(Tabular):
    """Expected effects of m kinds of studies."""

    estimate: FloatArray  # (m,)
    se: FloatArray
    ci_low: FloatArray  # of the mean effect
    ci_high: FloatArray
    pi_low: FloatArray  # of the effect in one new study; NaN with EE and below one degree of freedom
    pi_high: FloatArray


def predict(fit: Regression, new: Any = None) -> Predictions:
    """Mean effects with confidence and prediction intervals.

    Parameters
    ----------
    fit : Regression
        The fitted model.
    new : data frame, mapping or array-like, optional
        Moderators as the formula names them, or rows of the design matrix, shape (m, p); by default the studies' own.

    Returns
    -------
    Predictions
        Prediction intervals are estimate +- t(k - p - 1) sqrt(tau2 + se^2).

    Raises
    ------
    InvalidArgument
        For unknown columns and factor levels, and missing values.
    """
    check_regression(fit)
    x = fit.model.design if new is None else fit.design.rows_for(new)
    estimate = x @ fit.model.estimate
    se = np.sqrt(fit.variances(x))
    reach = half_width(fit.coefficients[0].df, fit.level) * se
    left = 0 if fit.method == "EE" else fit.k - fit.p - 1
    m = len(estimate)
    low, high = prediction(estimate, se, np.full(m, fit.tau2), np.full(m, float(left)), fit.level)
    return Predictions(estimate, se, estimate - reach, estimate + reach, low, high)
