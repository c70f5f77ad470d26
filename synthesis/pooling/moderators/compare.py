"""Nested meta-regressions compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from synthesis.errors import InvalidArgument
from synthesis.pooling.likelihood_ratio import LikelihoodRatio, likelihood_ratio
from synthesis.pooling.moderators.regression import Regression, check_regression
from synthesis.text import decimal, p_value

SAME = 1e-8  # how far from the span of the larger design the columns of the smaller one may lie, relative


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the larger of two nested models adds."""

    test: LikelihoodRatio
    r2: float | None  # percent of the smaller model's tau2 that the larger one explains; None where that is 0

    def summary(self) -> str:
        """One line of text."""
        test = self.test
        likelihood = f"likelihood ratio {decimal(test.statistic)} on {test.df} df, p {p_value(test.p_value)}"
        return f"{likelihood}; R^2 {decimal(self.r2, 1)} %\n"

    def to_dict(self) -> dict[str, Any]:
        """All fields as plain values, fit for JSON."""
        return {**self.test._asdict(), "r2": self.r2}


def check_comparable(method: str) -> None:
    """Raise InvalidArgument for a method whose likelihoods of models with different designs do not compare."""
    if method not in ("ML", "EE"):
        raise InvalidArgument(f'likelihoods by {method} cannot be compared: fit both models with method "ML"')


def compare(full: Regression, reduced: Regression) -> Comparison:
    """Likelihood-ratio test of nested meta-regressions of the same studies.

    Raises
    ------
    InvalidArgument
        For other studies or methods, models that are not nested, and REML fits of different designs, whose likelihoods
        cannot be compared: fit both with method "ML".
    """
    for fit in (full, reduced):
        check_regression(fit)
    if full.k != reduced.k or not (full.model.yi == reduced.model.yi).all():
        raise InvalidArgument("the models must be of the same studies")
    if full.method != reduced.method:
        raise InvalidArgument(f"one model is by {full.method}, the other by {reduced.method}: use one method for both")
    check_comparable(full.method)
    x, small = full.model.design, reduced.model.design
    left = small - x @ np.linalg.lstsq(x, small, rcond=None)[0]
    if full.p <= reduced.p or np.abs(left).max() > SAME * np.abs(small).max():
        raise InvalidArgument("the second model must lie within the first, with fewer coefficients")
    test = likelihood_ratio(full.log_likelihood, reduced.log_likelihood, full.p - reduced.p)
    without = reduced.tau2
    return Comparison(test, max(0.0, 100 * (without - full.tau2) / without) if without > 0 else None)
