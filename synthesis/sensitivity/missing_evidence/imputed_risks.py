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


class Imputed(NamedTuple):
    """The risk among the missing of a group, and its derivatives in the risks observed."""

    risk: FloatArray
    by_own: FloatArray
    by_other: FloatArray  # in the risk of the other group


class Completed(NamedTuple):
    """The risk of a group with the missing people counted in, and its derivatives in what is observed."""

    risk: FloatArray
    by_own: FloatArray
    by_other: FloatArray
    by_share: FloatArray  # in the share observed


Assume = Callable[[Arm, Arm], tuple[Imputed, Imputed]]


class MissingStrategy(NamedTuple):
    """What is assumed of the people missing."""

    assume: Assume
    meaning: str


def same(first: float, second: float) -> Assume:
    """The same informative missingness odds ratios (IMOR) for all studies."""
    return lambda one, other: (_by_odds(one.risk, first), _by_odds(other.risk, second))


def _by_odds(p: FloatArray, imor: float) -> Imputed:
    """Risk q = d p / (1 - p + d p), d the IMOR: the odds of the event among the missing over those among the observed.

    Without end or 0, it is for all or for none of the missing to have the event, whatever the risk observed.
    """
    nothing = np.zeros(p.shape)
    if imor in (0.0, np.inf):
        return Imputed(np.full(p.shape, float(imor > 0)), nothing, nothing)
    below = 1 - p + imor * p
    return Imputed(imor * p / below, imor / below**2, nothing)


def _own(arm: Arm) -> Imputed:
    """The risk of the group itself."""
    return Imputed(arm.risk, np.ones(arm.risk.shape), np.zeros(arm.risk.shape))


def _others(other: Arm) -> Imputed:
    """The risk of the other group."""
    return Imputed(other.risk, np.zeros(other.risk.shape), np.ones(other.risk.shape))


def _control(first: Arm, second: Arm) -> tuple[Imputed, Imputed]:
    """The missing of both groups have the risk of the second."""
    del first
    return _others(second), _own(second)


def _treated(first: Arm, second: Arm) -> tuple[Imputed, Imputed]:
    """The missing of both groups have the risk of the first."""
    del second
    return _own(first), _others(first)


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


def _complete(arm: Arm, missing: Imputed) -> Completed:
    """Risk a p + (1 - a) q, a the share observed, p the risk among these and q the one among the missing."""
    p, a, q = arm.risk, arm.share, missing.risk
    return Completed(a * p + (1 - a) * q, a + (1 - a) * missing.by_own, (1 - a) * missing.by_other, p - q)


def effect_of(measure: str, arms: tuple[Arm, Arm], whole: tuple[Completed, Completed]) -> tuple[FloatArray, FloatArray]:
    """The effect of two completed groups, and its variance by the delta method in both risks and both shares.

    Where the missing of one group have the risk of the other, the completed risks go together: so the derivatives of
    the effect are summed before they are squared.
    """
    first, second = whole
    lent = (first.by_other > 0) | (second.by_other > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        (one, up), (other, down) = (_scaled(measure, group.risk) for group in whole)
        by_first, by_second = up * first.by_own - down * second.by_other, up * first.by_other - down * second.by_own
        of_risks = by_first**2 * _risk_variance(arms[0], lent) + by_second**2 * _risk_variance(arms[1], lent)
        of_shares = (up * first.by_share) ** 2 * _share_variance(arms[0])
        of_shares = of_shares + (down * second.by_share) ** 2 * _share_variance(arms[1])
        return one - other, of_risks + of_shares


def _scaled(measure: str, risk: FloatArray) -> tuple[FloatArray, FloatArray]:
    """A risk on the scale of the measure, and the derivative of that."""
    if measure == "RD":
        return risk, np.ones(risk.shape)
    if measure == "RR":
        return np.log(risk), 1 / risk
    return np.log(risk / (1 - risk)), 1 / (risk * (1 - risk))


def _risk_variance(arm: Arm, lent: BoolArray) -> FloatArray:
    """Variance of the risk among the observed; of 0 or 1 that with 1/2 added, where it is lent to the other group.

    There the completed table has no zero, and without the 1/2 such a risk would count as known.
    """
    used = with_half(arm, lent & ((arm.risk == 0) | (arm.risk == 1)))
    return used.risk * (1 - used.risk) / used.n


def _share_variance(arm: Arm) -> FloatArray:
    """Variance of the share observed."""
    return arm.share * (1 - arm.share) / (arm.n + arm.missing)
