"""How points stand to a pooled effect: the statuses, for any number of cells at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synthesis.pooling.batch import FloatArray
from synthesis.pooling.intervals import quantile

STATUSES: Mapping[str, str] = {
    "not_estimable": "no study gives an effect that could be pooled",
    "no_points": "a pooled effect and no points: no admissible finding, or a verdict that speaks of no effect",
    "reversal": "2 or 3 points, and the pooled effect is harm",
    "agree_harm": "0 or 1 point, and the pooled effect is harm",
    "trivial": "2 or 3 points, and the pooled benefit is below the smallest worthwhile one",
    "points_high_ci_null": "2 or 3 points, and the confidence interval holds no effect",
    "points_high_pi_null": "2 or 3 points and a pooled benefit, and a new study could show none",
    "agree_benefit": "2 or 3 points, and the pooled effect is a benefit",
    "points_low_ci_benefit": "0 or 1 point, and the pooled effect is a benefit",
    "equivalent": "0 points, and any benefit is below the smallest worthwhile one",
    "agree_none": "0 or 1 point, and no pooled benefit or harm is shown",
}
NO_POOL, NO_POINTS = "nothing pooled", "no points"
DISAGREE, AGREE, NOTHING_SHOWN, ABSENCE_SHOWN = "they disagree", "they agree", "nothing shown", "absence shown"
KINDS: Mapping[str, str] = {
    "not_estimable": NO_POOL,
    "no_points": NO_POINTS,
    "reversal": DISAGREE,
    "agree_harm": AGREE,
    "trivial": DISAGREE,
    "points_high_ci_null": DISAGREE,
    "points_high_pi_null": DISAGREE,
    "agree_benefit": AGREE,
    "points_low_ci_benefit": DISAGREE,
    "equivalent": ABSENCE_SHOWN,
    "agree_none": NOTHING_SHOWN,
}
MEANING: Mapping[str, str] = {
    NO_POOL: "evidence is absent: this says nothing of the effect",
    NO_POINTS: "a pooled effect stands alone: points are absent, and not 0",
    DISAGREE: "points and pooled effect say different things",
    AGREE: "points and pooled effect say the same",
    NOTHING_SHOWN: "neither an effect nor its absence is shown: it may still be worthwhile",
    ABSENCE_SHOWN: "evidence of absence: any benefit is smaller than is worthwhile",
}
FEW = 3  # pools of at most so many studies are marked
HIGH = 2  # points from which a cell speaks for its treatment
UPPER_LEVEL = 0.90  # of the interval whose upper bound shows equivalence: two one-sided tests at .05


@dataclass(frozen=True, slots=True, eq=False)
class Bounds:
    """Benefit-coded bounds of pooled effects, shape (m,): benefit is above 0, ratios are logs."""

    low: FloatArray  # NaN where nothing can be pooled
    high: FloatArray
    pi_low: FloatArray  # NaN where there is no prediction interval
    upper: FloatArray  # upper bound of the 90 % interval


def upper_bound(estimate: FloatArray, se: FloatArray, df: FloatArray) -> FloatArray:
    """The upper bound of the 90 % interval, shape (m,); df is infinity for the normal distribution."""
    found: FloatArray = estimate + quantile(df, UPPER_LEVEL) * se
    return found


def statuses(points: FloatArray, bounds: Bounds, worthwhile: FloatArray) -> NDArray[np.str_]:
    """How points stand to pooled effects: for every cell one of STATUSES, the first that holds.

    Parameters
    ----------
    points : ndarray, shape (m,)
        Points of each cell; NaN where it has no admissible finding.
    bounds : Bounds
        Of the pooled effects.
    worthwhile : ndarray, shape (m,)
        The smallest worthwhile benefit, on the scale of the bounds; NaN where none is declared.
    """
    high, harm = points >= HIGH, bounds.high < 0
    cases = {
        "not_estimable": np.isnan(bounds.low),
        "no_points": np.isnan(points),
        "reversal": high & harm,
        "agree_harm": harm,
        "trivial": high & (bounds.high < worthwhile),
        "points_high_ci_null": high & (bounds.low <= 0),
        "points_high_pi_null": high & (bounds.pi_low <= 0),
        "agree_benefit": high,
        "points_low_ci_benefit": bounds.low > 0,
        "equivalent": (points == 0) & (bounds.upper < worthwhile),
    }
    return np.select(list(cases.values()), list(cases), "agree_none")
