"""Coefficients of many meta-regressions at once: what a fit, its permutations and its deletions share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from synthesis.errors import InvalidArgument, did_you_mean
from synthesis.pooling.batch import FloatArray, row_sum, weights_at
from synthesis.pooling.moderators.design_batch import DesignBatch
from synthesis.pooling.tau2 import TAU2, Tau2

FACTORS: Mapping[
    str, tuple[Callable[[FloatArray], FloatArray], bool]
] = {  # how the covariance is scaled, and whether t and F or z and chi-squared judge it
    "z": (np.ones_like, False),
    "t": (np.ones_like, True),
    "knha": (lambda factor: factor, True),
    "adhoc": (lambda factor: np.maximum(1.0, factor), True),
}


@dataclass(frozen=True, slots=True, eq=False)
class LinearFit:
    """m fitted meta-regressions on p columns."""

    estimate: FloatArray  # (m, p)
    covariance: FloatArray  # (m, p, p) as the chosen test takes it
    df: FloatArray  # (m,) of t; infinity for the normal distribution
    tau2: Tau2


def check_test(test: str) -> None:
    """Raise InvalidArgument for a test that meta-regression does not have."""
    if test not in FACTORS:
        raise InvalidArgument(f"no test {test!r} for meta-regression: {did_you_mean(test, FACTORS)}")


def linear_fit(batch: DesignBatch, method: str, test: str, tau2: Tau2 | None = None) -> LinearFit:
    """Generalised least squares with weights 1 / (v + tau2).

    Parameters
    ----------
    batch : DesignBatch
        m meta-regressions, each with at least one residual degree of freedom.
    method, test : str
        Keys of `TAU2` and of `FACTORS`. For knha and adhoc the covariance is multiplied by the weighted residual sum of
        squares over k - p.
    tau2 : Tau2, optional
        Where it is known already.

    References
    ----------
    Knapp G, Hartung J (2003). Improved tests for a random effects meta-regression with a single covariate.
    Statistics in Medicine 22(17), 2693-2710.
    """
    found = TAU2[method](batch) if tau2 is None else tau2
    w = weights_at(batch, found.value)
    estimate = batch.on_given_columns(batch.coefficients(w, batch.y))
    inverse_r = np.linalg.inv(batch.r)
    plain = inverse_r @ np.linalg.inv(batch.gram(w)) @ np.swapaxes(inverse_r, -1, -2)
    residual = batch.residual(w, batch.y)
    scale, is_t = FACTORS[test]
    factor = scale(row_sum(w * residual, residual) / batch.df)
    df = batch.df if is_t else np.full(len(batch.size), np.inf)
    return LinearFit(estimate, plain * factor[:, None, None], df, found)
