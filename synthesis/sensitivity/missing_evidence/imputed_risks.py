"""Binary outcomes that are missing, imputed: assumptions, completed risks and their variances."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from synthesis.effects.columns import BoolArray, FloatArray

HALF = 0.5  # added to the cells of a study with a zero


class Arm(NamedTuple):
    """One group of each study: people observed and missing, and the risk among the observed."""

    risk: FloatArray
    n: FloatArray
    missing: FloatArray

    @property
    def share(self) -> FloatArray:
        """Share of the people who are observed."""
        found: FloatArray = self.n / (self.n + self.missing)
        return found


class Completed(NamedTuple):
    """The risk of a group with the missing people counted in, and its variance."""

    risk: FloatArray
    variance: FloatArray


Odds = tuple[FloatArray, FloatArray]
Assume = Callable[[Arm, Arm], Odds]  # of both groups: the informative missingness odds ratios (IMOR) of each


class MissingStrategy(NamedTuple):
    """What is assumed of the people missing."""

    assume: Assume  # IMOR: odds of the event among the missing over those among the observed
    meaning: str


def same(first: float, second: float) -> Assume:
    """The same IMORs for all studies."""
    return lambda one, other: (np.full(one.risk.shape, first), np.full(other.risk.shape, second))


def odds(risk: FloatArray) -> FloatArray:
    """Odds of a risk; infinite for 1."""
    with np.errstate(divide="ignore"):
        found: FloatArray = risk / (1 - risk)
    return found


def _ratio(risk: FloatArray, other: FloatArray) -> FloatArray:
    """The IMOR that gives the missing the other group's risk."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found: FloatArray = odds(other) / odds(risk)
    return np.where(risk == other, 1.0, found)


def _control(first: Arm, second: Arm) -> Odds:
    """The missing of both groups have the risk of the second."""
    return _ratio(first.risk, second.risk), np.ones(second.risk.shape)


def _treated(first: Arm, second: Arm) -> Odds:
    """The missing of both groups have the risk of the first."""
    return np.ones(first.risk.shape), _ratio(second.risk, first.risk)


MISSING_OUTCOMES: Mapping[str, MissingStrategy] = {
    "ACA": MissingStrategy(same(1, 1), "available cases: the missing are left out"),
    "ICA-0": MissingStrategy(same(0, 0), "none of the missing had the event"),
    "ICA-1": MissingStrategy(same(np.inf, np.inf), "all of the missing had the event"),
    "ICA-pc": MissingStrategy(_control, "the missing had the risk of the second (control) group"),
    "ICA-pe": MissingStrategy(_treated, "the missing had the risk of the first (treated) group"),
    "ICA-p": MissingStrategy(same(1, 1), "the missing had the risk of their own group"),
    # These two for an event that is a benefit; they change places where it is a harm.
    "ICA-b": MissingStrategy(
        same(np.inf, 0), "best case: the missing did well in the first group, badly in the second"
    ),
    "ICA-w": MissingStrategy(
        same(0, np.inf), "worst case: the missing did badly in the first group, well in the second"
    ),
    "GH": MissingStrategy(same(1, 1), "available cases, with errors widened to hold the best and the worst case"),
}


def with_half(arm: Arm, where: BoolArray) -> Arm:
    """A group with 1/2 more people with the event and 1/2 more without it."""
    extra = np.where(where, HALF, 0.0)
    n = arm.n + 2 * extra
    return Arm((arm.risk * arm.n + extra) / n, n, arm.missing)


def completed(arms: tuple[Arm, Arm], assume: Assume) -> tuple[Completed, Completed]:
    """Both groups completed."""
    one, other = assume(*arms)
    return _complete(arms[0], one), _complete(arms[1], other)


def _complete(arm: Arm, imor: FloatArray) -> Completed:
    """Risk a p + (1 - a) q, a the share observed and q = d p / (1 - p + d p) the risk among the missing, d the IMOR.

    Its variance is (a + (1 - a) dq/dp)^2 p (1 - p) / n + (p - q)^2 a (1 - a) / (n + missing).
    """
    p, a, total = arm.risk, arm.share, arm.n + arm.missing
    with np.errstate(invalid="ignore", divide="ignore"):
        below = 1 - p + imor * p
        q = np.where(np.isinf(imor), 1.0, imor * p / below)
        slope = np.where(np.isinf(imor), 0.0, imor / below**2)
    q = np.where((p == 1) & (imor == 0), 0.0, q)
    slope = np.where((p == 1) & (imor == 0), 0.0, slope)
    variance = (a + (1 - a) * slope) ** 2 * p * (1 - p) / arm.n + (p - q) ** 2 * a * (1 - a) / total
    return Completed(a * p + (1 - a) * q, variance)


def effect_of(measure: str, first: Completed, second: Completed) -> tuple[FloatArray, FloatArray]:
    """The effect of two completed groups, and its variance."""
    with np.errstate(divide="ignore", invalid="ignore"):
        if measure == "RD":
            return first.risk - second.risk, first.variance + second.variance
        if measure == "RR":
            scales, yi = (first.risk, second.risk), np.log(first.risk) - np.log(second.risk)
        else:
            scales = first.risk * (1 - first.risk), second.risk * (1 - second.risk)
            yi = np.log(odds(first.risk)) - np.log(odds(second.risk))
        return yi, first.variance / scales[0] ** 2 + second.variance / scales[1] ** 2
