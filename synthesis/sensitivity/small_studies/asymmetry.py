"""A line through effects and what stands for the size of their studies, along a batch."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from synthesis.pooling.batch import FloatArray
from synthesis.pooling.intervals import Wald, wald
from synthesis.pooling.moderators.design_batch import DesignBatch, design_batch
from synthesis.pooling.moderators.linear_fit import LinearFit, linear_fit

SAME = 1e-10  # relative spread of a predictor below which no line can be laid through it
EXACT = 16 * float(np.finfo(np.float64).eps)  # relative: residuals below it are rounding


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

    The predictor is counted from its mean, and the effects from that of the most precise study: so nothing cancels
    where they hardly differ between studies. Where all lie on the line, the residuals are 0, and not rounding.
    """
    given = line.y[None] if y is None else y
    base = given[:, int(np.argmin(line.v))]
    effects = given - base[:, None]
    centre = float(np.average(line.x, weights=1 / line.v))
    columns = np.column_stack([np.ones(len(line.x)), line.x - centre])
    shape = effects.shape
    batch = design_batch(effects, np.broadcast_to(line.v, shape), np.broadcast_to(columns, (*shape, 2)))
    batch = _without_rounding(batch, given, line.v)
    found = linear_fit(batch, line.method, line.test)
    slope, slope_estimate = _combined(found, np.array([0.0, 1.0]), level)
    at_zero, at_zero_estimate = _combined(found, np.array([1.0, -centre]), level, base)
    return Laid(slope, slope_estimate, at_zero, at_zero_estimate, found.tau2.value, found.scale)


def _without_rounding(batch: DesignBatch, given: FloatArray, v: FloatArray) -> DesignBatch:
    """The batch, with residuals of 0 where all effects lie on the line but for rounding.

    Rounding grows with the spread of the weights: no line of 9,000 with effects on it left more than a third of this.
    """
    w = 1 / v
    left = np.abs(batch.residual(np.broadcast_to(w, given.shape), batch.y)) * np.sqrt(w)
    rounding = EXACT * np.sqrt(w.max() / w.min()) * np.max(np.abs(given) * np.sqrt(w), axis=-1)
    on_line = left.max(axis=-1) <= rounding
    return replace(batch, y=np.where(on_line[:, None], 0.0, batch.y))


def _combined(
    found: LinearFit, combination: FloatArray, level: float, base: FloatArray | float = 0.0
) -> tuple[Wald, FloatArray]:  # fmt: skip
    """Test and interval of a combination of the two coefficients above `base`, and its estimate."""
    estimate = found.estimate @ combination + base
    along = np.swapaxes(found.root, -1, -2) @ combination
    return wald(estimate, np.sqrt(np.vecdot(along, along)), found.df, level), estimate
