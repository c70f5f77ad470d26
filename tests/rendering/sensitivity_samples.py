"""One figure of each kind of sensitivity, as data, small and with every part; and the same with random words."""

import numpy as np

from synthesis.rendering.plots.baujat import BaujatData, BaujatPoint
from synthesis.rendering.plots.drapery import DraperyCurve, DraperyData
from synthesis.rendering.plots.funnel import FunnelData, FunnelLine, FunnelPoint, FunnelTrend
from synthesis.rendering.plots.gosh import GoshData
from synthesis.rendering.plots.influence import InfluenceData, InfluenceMeasure
from synthesis.rendering.plots.p_curve import PCurveData
from synthesis.rendering.plots.qq import QQData, QQPoint
from synthesis.rendering.plots.radial import RadialData, RadialPoint
from synthesis.rendering.plots.specification import SpecificationData, SpecificationFamily

EFFECTS = ((-0.889, 0.571), (-1.585, 0.441), (-1.348, 0.644), (-1.442, 0.142), (-0.218, 0.226), (0.446, 0.730))
NAMES = tuple("ABCDEF")


def funnel_sample(names=NAMES, words="Risk ratio"):
    """Six studies, two added ones, two lines and two trends."""
    points = tuple(
        FunnelPoint(name, *one, "abc"[place % 3]) for place, (name, one) in enumerate(zip(names, EFFECTS, strict=True))
    )
    return FunnelData(
        words, "Risk ratio", True, points, ((0.1, 0.5), (0.4, 0.44)),
        (FunnelLine("pooled", -0.7), FunnelLine(words, -0.4)),
        (FunnelTrend("PET", -0.5, -0.6), FunnelTrend("PEESE", -0.6, -0.9, 2)),
        favours=(words, words), footnotes=(words,),
    )  # fmt: skip


def radial_sample(names=NAMES, words="Risk ratio"):
    """Six studies and their pool."""
    points = tuple(RadialPoint(name, *one) for name, one in zip(names, EFFECTS, strict=True))
    return RadialData(words, "Risk ratio", True, points, -0.8, -1.4, -0.2, 0.3, (words,))


def baujat_sample(names=NAMES, words="Baujat"):
    """Six studies, two near the origin."""
    values = ((0.1, 0.2), (9.0, 2.5), (4.0, 0.3), (1.0, 3.0), (0.3, 0.1), (6.0, 1.0))
    return BaujatData(words, tuple(BaujatPoint(name, *one) for name, one in zip(names, values, strict=True)), (words,))


def drapery_sample(names=NAMES, words="Risk ratio"):
    """Six studies, two pools and a prediction."""
    studies = tuple(DraperyCurve(name, *one) for name, one in zip(names, EFFECTS, strict=True))
    pools = (DraperyCurve("random", -0.8, 0.25, 5.0), DraperyCurve(words, -0.9, 0.1))
    return DraperyData(
        words, "Risk ratio", True, studies, pools, DraperyCurve("new", -0.8, 0.7, 4.0), favours=(words, words)
    )


def qq_sample(names=NAMES, words="Residuals"):
    """Six residuals, two of them far out."""
    values = (-3.9, -0.4, 0.1, 0.5, -0.1, 4.2)
    return QQData(words, tuple(QQPoint(name, one) for name, one in zip(names, values, strict=True)), footnotes=(words,))


def p_curve_sample(names=NAMES, words="p-curve"):
    """Twenty significant results."""
    return PCurveData(words, (9, 4, 3, 1, 3), (0.44, 0.19, 0.15, 0.12, 0.10), 5, (words,), (words,))


def gosh_sample(names=NAMES, words="Risk ratio"):
    """Four thousand subsets in two clouds."""
    random = np.random.default_rng(1)
    has = random.random(4000) < 0.5
    estimate = random.normal(np.where(has, -0.2, -0.9), 0.15)
    i2 = np.clip(random.normal(np.where(has, 70, 20), 15), 0, 100)
    i2[0] = np.nan
    return GoshData(
        words, "Risk ratio", True, estimate, i2, has, f"with {names[0]}", "without it", (-0.5, 44.0), (words,)
    )


def influence_sample(names=NAMES, words="Influence"):
    """Three measures of six studies, one value missing."""
    measures = (
        InfluenceMeasure("DFFITS", (0.2, -0.3, 0.1, 2.4, None, -0.1), 0.0, (-1.3, 1.3)),
        InfluenceMeasure("Covariance ratio", (1.1, 1.2, 0.9, 0.4, 1.0, 1.3), 1.0),
        InfluenceMeasure("Hat value", (0.1, 0.2, 0.1, 0.4, 0.1, 0.1), 1 / 6, (0.5,)),
    )
    return InfluenceData(words, tuple(names), measures, (False, False, False, True, False, False), (words,))


def specification_sample(names=NAMES, words="Risk ratio"):
    """Twelve specifications of three families; the last is on the other side of the null."""
    choice = np.array([[a, b, c] for a in range(2) for b in range(3) for c in range(2)])
    estimate = np.array([-0.9, -0.8, -0.5, -0.6, -0.4, -0.7, -0.3, -0.2, -0.1, 0.1, -0.55, 0.6])
    families = (
        SpecificationFamily("first", tuple(names[:2])), SpecificationFamily(words[:30] or "second", tuple(names[2:5])),
        SpecificationFamily("third", ("yes", "no")),
    )  # fmt: skip
    low, high = estimate - 0.45, estimate + 0.45
    return SpecificationData(
        words, "Risk ratio", True, families, choice, estimate, low, high, 3, (words, words), (words,)
    )


SAMPLES = {
    "funnel": funnel_sample,
    "radial": radial_sample,
    "baujat": baujat_sample,
    "drapery": drapery_sample,
    "qq": qq_sample,
    "p_curve": p_curve_sample,
    "gosh": gosh_sample,
    "influence": influence_sample,
    "specification": specification_sample,
}
