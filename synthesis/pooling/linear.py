"""What a fitted linear model leaves for those who go on from it: robust tests, predictions, residuals."""

from __future__ import annotations

from dataclasses import dataclass

from synthesis.pooling.batch import FloatArray
from synthesis.pooling.blocks import Blocks


@dataclass(frozen=True, slots=True, eq=False)
class LinearModel:
    """Generalised least squares of yi on a design, weighted by the inverse of the marginal covariance.

    Its coefficients are (X' M^-1 X)^-1 X' M^-1 y. Every model with coefficients keeps one as `model`.
    """

    yi: FloatArray  # (n,) effects
    design: FloatArray  # (n, p) columns of X
    names: tuple[str, ...]  # of the p columns
    marginal: Blocks  # M: the covariance of yi about X b, sampling and between studies together
    estimate: FloatArray  # (p,) the coefficients b
    level: float
