"""How many participants a study needs for a p-value, if its effect is of a given size: n = K z^2.

Harrison S, Jones HE, Martin RM, Lewis SJ, Higgins JPT (2017). The albatross plot: a novel graphical tool for presenting
results of diversely reported studies in a systematic review. Research Synthesis Methods 8(3), 281-289.

A two-sided p stands for |z| = effect / se. Each function gives K = n se^2 / effect^2, with the usual large-sample
variance; `ratio` is participants in the treated group to those in the control group, `risk` the control group's risk.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass


def smd_factor(effect: float, ratio: float, risk: float) -> float:
    """Standardised mean difference d: variance 1/n1 + 1/n0 + d^2 / (2 n)."""
    del risk
    return ((1 + ratio) ** 2 / ratio + effect**2 / 2) / effect**2


def correlation_factor(effect: float, ratio: float, risk: float) -> float:
    """Correlation r, or a standardised regression coefficient: z^2 = n r^2 / (1 - r^2)."""
    del ratio, risk
    return (1 - effect**2) / effect**2


def odds_ratio_factor(effect: float, ratio: float, risk: float) -> float:
    """Odds ratio: the variance of its log is the sum of the inverses of the four expected counts."""
    treated = treated_risk("OR", effect, risk)
    spread = 1 / (ratio * treated * (1 - treated)) + 1 / (risk * (1 - risk))
    return (1 + ratio) * spread / math.log(effect) ** 2


def risk_ratio_factor(effect: float, ratio: float, risk: float) -> float:
    """Risk ratio: the variance of its log is the sum of (1 - risk) / events over the groups."""
    treated = treated_risk("RR", effect, risk)
    spread = (1 - treated) / (ratio * treated) + (1 - risk) / risk
    return (1 + ratio) * spread / math.log(effect) ** 2


def treated_risk(code: str, effect: float, risk: float) -> float:
    """The risk of the treated group that a ratio makes of the control group's."""
    return effect * risk if code == "RR" else effect * risk / (1 - risk + effect * risk)


@dataclass(frozen=True, slots=True)
class ContourMeasure:
    """A measure of effect that contours can be drawn for."""

    label: str
    ratio: bool  # whether its null is 1 and its other side the inverse
    factor: Callable[[float, float, float], float]  # effect, ratio of group sizes, control risk -> K
    usual: tuple[float, ...]  # the sizes drawn unless others are asked for

    def opposite(self, effect: float) -> float:
        """The effect of the same size in the other direction."""
        return 1 / effect if self.ratio else -effect


CONTOURS: Mapping[str, ContourMeasure] = {
    "SMD": ContourMeasure("standardised mean difference", False, smd_factor, (0.1, 0.25, 0.5)),
    "COR": ContourMeasure("correlation", False, correlation_factor, (0.1, 0.2, 0.4)),
    "OR": ContourMeasure("odds ratio", True, odds_ratio_factor, (1.25, 1.5, 2.0)),
    "RR": ContourMeasure("risk ratio", True, risk_ratio_factor, (1.25, 1.5, 2.0)),
}


def effective_n(n: float, icc: float, size: float) -> float:
    """Participants of a trial of clusters, as many as they are worth: n / (1 + ICC (M - 1)).

    Parameters
    ----------
    n : float
        Participants.
    icc : float
        Intra-cluster correlation, 0 to 1.
    size : float
        Mean participants of a cluster, at least 1.

    Returns
    -------
    float
        At most `n`.
    """
    return n / (1 + icc * (size - 1))
