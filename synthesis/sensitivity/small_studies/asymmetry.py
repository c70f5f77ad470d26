"""A line through effects and what stands for the size of their studies, along a batch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synthesis.pooling.batch import FloatArray
from synthesis.pooling.intervals import Wald, wald
from synthesis.pooling.moderators.design_batch import design_batch
from synthesis.pooling.moderators.linear_fit import LinearFit, linear_fit

SAME = 1e-10  # relative spread of a predictor below which no line can be laid through it


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """Effects to be regressed on a predictor.

    With method "EE" and test "knha" the residual variance multiplies the sampling variances, as in a weighted
    regression of most other software (metafor: model "lm"); with another method tau^2 is added to them.
    """

    y: FloatArray  # (k,) effects, or what stands for them
    x: FloatArray  # (k,) the predictor
    v: FloatArray  # (k,) sampling variances: the weights are 1 / (v + tau2)
    method: str = "EE"  # a key of TAU2
    test: str = "knha"  # one of REGRESSION_TESTS

    @property
    def why_not(self) -> str:
        """Why no line can be laid; empty where one can."""
        if len(self.y) < 3:
            return "the test needs at least three studies"
        return "the predictor is the same for all studies" if np.ptp(self.x) <= SAME * np.abs(self.x).max() else ""


@dataclass(frozen=True, slots=True, eq=False)
class Laid:
    """m lines, every array of shape (m,)."""

    slope: Wald
    slope_estimate: FloatArray
    at_zero: Wald  # where the predictor is 0
    at_zero_estimate: FloatArray
    tau2: FloatArray
    scale: FloatArray  # what the test multiplies all standard errors by: for knha the root of the residual variance


def laid(line: Line, y: FloatArray | None = None, level: float = 0.95) -> Laid:
    """The line, with its test and intervals; or those of other effects y, shape (m, k), on the same predictor.

    The predictor is counted from its mean: so nothing cancels where it hardly differs between studies.
    """
    effects = line.y[None] if y is None else y
    centre = float(np.average(line.x, weights=1 / line.v))
    columns = np.column_stack([np.ones(len(line.x)), line.x - centre])
    shape = effects.shape
    batch = design_batch(effects, np.broadcast_to(line.v, shape), np.broadcast_to(columns, (*shape, 2)))
    found = linear_fit(batch, line.method, line.test)
    slope, slope_estimate = _combined(found, np.array([0.0, 1.0]), level)
    at_zero, at_zero_estimate = _combined(found, np.array([1.0, -centre]), level)
    return Laid(slope, slope_estimate, at_zero, at_zero_estimate, found.tau2.value, found.scale)


def _combined(found: LinearFit, combination: FloatArray, level: float) -> tuple[Wald, FloatArray]:
    """Test and interval of a combination of the two coefficients, and its estimate."""
    estimate = found.estimate @ combination
    along = np.swapaxes(found.root, -1, -2) @ combination
    return wald(estimate, np.sqrt(np.vecdot(along, along)), found.df, level), estimate
