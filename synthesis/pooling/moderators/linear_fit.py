"""Coefficients of many meta-regressions at once: what a fit, its permutations and its deletions share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synthesis.effects.columns import check_known
from synthesis.pooling.batch import FloatArray, row_sum, weights_at
from synthesis.pooling.intervals import TESTS, Mean
from synthesis.pooling.moderators.design_batch import DesignBatch
from synthesis.pooling.tau2 import TAU2, Tau2

REGRESSION_TESTS = ("z", "t", "knha", "adhoc")  # those of TESTS that multiply every standard error alike


@dataclass(frozen=True, slots=True, eq=False)
class LinearFit:
    """m fitted meta-regressions on p columns."""

    estimate: FloatArray  # (m, p)
    root: FloatArray  # (m, p, p) a root of the covariance that the chosen test takes: x S x' is the square of x root
    df: FloatArray  # (m,) of t; infinity for the normal distribution
    scale: FloatArray  # (m,) what the chosen test multiplies all standard errors by
    tau2: Tau2

    @property
    def covariance(self) -> FloatArray:
        """Covariance of the coefficients, as the chosen test takes it, shape (m, p, p)."""
        product: FloatArray = self.root @ np.swapaxes(self.root, -1, -2)
        return product


def check_test(test: str) -> None:
    """Raise InvalidArgument for a test that meta-regression does not have."""
    check_known(test, REGRESSION_TESTS, "test", "meta-regression")


def linear_fit(batch: DesignBatch, method: str, test: str, tau2: Tau2 | None = None) -> LinearFit:
    """Generalised least squares with weights 1 / (v + tau2).

    Parameters
    ----------
    batch : DesignBatch
        m meta-regressions, each with at least one residual degree of freedom.
    method, test : str
        A key of `TAU2`, one of REGRESSION_TESTS. For knha and adhoc the covariance is multiplied by the weighted
        residual sum of squares over k - p.
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
    root = covariance_root(batch, w)
    residual = batch.residual(w, batch.y)
    one, factor = np.ones(len(batch.size)), row_sum(w * residual, residual) / batch.df
    # A standard error of 1 becomes what all are multiplied by: these tests look at no estimate and no level.
    scale, df = TESTS[test](Mean(batch, found.value, w, 0 * one, one, factor, batch.df, level=0.95))
    return LinearFit(estimate, root * scale[:, None, None], df, scale, found)


def covariance_root(batch: DesignBatch, w: FloatArray) -> FloatArray:
    """A root of (X'wX)^-1 on the columns as given, shape (m, p, p), for weights w, shape (m, k)."""
    triangle = np.linalg.qr(np.sqrt(w)[..., None] * batch.x, mode="r")
    root: FloatArray = np.asarray(np.linalg.inv(triangle @ batch.r))
    return root
