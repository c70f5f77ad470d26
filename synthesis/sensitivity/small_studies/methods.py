"""Tests whether effects go with the size of their studies: what each of them sets against what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from synthesis.effects.columns import BoolArray, FloatArray
from synthesis.pooling.sparse.mantel_haenszel import odds_ratio
from synthesis.sensitivity.small_studies.asymmetry import EXACT, Line

COUNTS = ("ai", "n1i", "ci", "n2i")
EFFECTS = ("yi", "vi")
SIZES = ("n1i", "n2i")
ROUNDING = 1e-12  # of the events: so little more than expected is none
TIED = ("OR", "PETO", "RR", "SMD", "RD", "PLO", "PLN")  # measures whose standard error depends on the effect itself


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """The columns of k studies, shape (k,) each; NaN where a test does not need them."""

    y: FloatArray  # effects
    v: FloatArray  # their sampling variances
    a: FloatArray  # events in the first group
    n1: FloatArray  # people in the first group
    c: FloatArray  # events in the second group
    n2: FloatArray  # people in the second group

    @property
    def events(self) -> FloatArray:
        """Events in both groups."""
        return self.a + self.c

    @property
    def others(self) -> FloatArray:
        """People without an event in both groups."""
        return self.n1 + self.n2 - self.events

    @property
    def mixed(self) -> BoolArray:
        """Studies that have people with the event and people without it."""
        found: BoolArray = (self.events > 0) & (self.others > 0)
        return found

    def take(self, rows: BoolArray) -> Given:
        """Some of the studies."""
        return Given(*(column[rows] for column in (self.y, self.v, self.a, self.n1, self.c, self.n2)))


@dataclass(frozen=True, slots=True, eq=False)
class Ranks:
    """Two columns of which the rank correlation is tested, and the effects and variances behind them."""

    a: FloatArray  # (k,) effects in standard deviations
    b: FloatArray  # (k,) what goes with the size of a study
    y: FloatArray
    v: FloatArray


@dataclass(frozen=True, slots=True)
class SmallStudyMethod:
    """One test."""

    build: Callable[[Given], Line | Ranks]
    needs: tuple[str, ...]  # columns
    measures: tuple[str, ...]  # keys of MEASURES that it is made for; none: any
    at_zero: bool  # whether the predictor is 0 for a study without error, so that the line has a limit there
    meaning: str
    source: str


def egger(given: Given) -> Line:
    """Effects on their standard errors, weights 1 / v, residual variance estimated."""
    return Line(given.y, np.sqrt(given.v), given.v)


def thompson_sharp(given: Given) -> Line:
    """Effects on their standard errors, weights 1 / (v + tau2), tau2 by the method of moments."""
    return Line(given.y, np.sqrt(given.v), given.v, "DL", "t")


def begg(given: Given) -> Ranks:
    """Effects less their weighted mean m, over sqrt(v - 1 / sum w), against v; what is rounding of an effect is 0.

    Effects are counted from that of the most precise study, whose distance from m would cancel. One study has none.
    """
    w = 1 / given.v
    above = given.y - given.y[np.argmin(given.v)]
    away = above - float(np.average(above, weights=w))
    away[np.abs(away) <= EXACT * np.abs(given.y).max()] = 0.0
    spread = np.sqrt(given.v * (w.sum() - w) / w.sum())
    return Ranks(np.divide(away, spread, out=away, where=spread > 0), given.v, given.y, given.v)


def score(given: Given) -> tuple[FloatArray, FloatArray]:
    """Z = O - E and V of the hypergeometric distribution of the events of the first group, without an effect."""
    n = given.n1 + given.n2
    z = given.a - given.n1 * (given.events / n)
    return z, given.n1 / n * (given.n2 / n) * given.events * given.others / (n - 1)


def harbord(given: Given) -> Line:
    """Z / V on 1 / sqrt(V), weights V, of efficient score Z and its variance V."""
    z, variance = score(given)
    return Line(z / variance, 1 / np.sqrt(variance), 1 / variance)


def harbord_risk_ratio(given: Given) -> Line:
    """The same for risk ratios: Z = (a n - n1 events) / others and V = n1 n2 events / (n others)."""
    n = given.n1 + given.n2
    z = (given.a * n - given.n1 * given.events) / given.others
    variance = given.n1 * (given.n2 / n) * (given.events / given.others)
    return Line(z / variance, 1 / np.sqrt(variance), 1 / variance)


def of_the_pooled_rate(given: Given) -> FloatArray:
    """Variance of a log odds of the event in both groups together, 1 / events + 1 / others."""
    found: FloatArray = 1 / given.events + 1 / given.others
    return found


def macaskill(given: Given) -> Line:
    """Effects on sizes n, weighted by the inverse variance of the pooled rate."""
    return Line(given.y, given.n1 + given.n2, of_the_pooled_rate(given))


def peters(given: Given) -> Line:
    """Effects on 1 / n, weighted by the inverse variance of the pooled rate."""
    return Line(given.y, 1 / (given.n1 + given.n2), of_the_pooled_rate(given))


def schwarzer(given: Given) -> Ranks:
    """(O - E) / sqrt(V) against 1 / V, with E and V of the noncentral hypergeometric distribution of O.

    Its odds ratio is the one of Mantel and Haenszel; where there is none, all odds ratios are taken as 1.
    """
    common = odds_ratio(given.a, given.n1 - given.a, given.c, given.n2 - given.c)
    log_odds_ratio = 0.0 if common is None else common.estimate
    margins = zip(given.n1.tolist(), given.n2.tolist(), given.events.tolist(), strict=True)
    moments = [noncentral(n1, n2, events, log_odds_ratio) for n1, n2, events in margins]
    mean, variance = np.array(moments).T
    excess = given.a - mean
    excess[np.abs(excess) <= ROUNDING * given.events] = 0.0
    return Ranks(excess / np.sqrt(variance), 1 / variance, excess / variance, 1 / variance)


def noncentral(n1: float, n2: float, events: float, log_odds_ratio: float) -> tuple[float, float]:
    """Mean and variance of the events of the first group, given those of both and the odds ratio."""
    x = np.arange(max(0.0, events - n2), min(n1, events) + 1)
    heights = x * log_odds_ratio - gammaln(x + 1) - gammaln(n1 - x + 1)
    heights -= gammaln(events - x + 1) + gammaln(n2 - events + x + 1)
    share = np.exp(heights - heights.max())
    share /= share.sum()
    mean = float(share @ x)
    return mean, float(share @ np.square(x - mean))


def deeks(given: Given) -> Line:
    """Log diagnostic odds ratios on 1 / sqrt(ESS), weights ESS = 4 n1 n2 / (n1 + n2), the effective sample size."""
    ess = 4 * given.n1 * (given.n2 / (given.n1 + given.n2))
    return Line(given.y, 1 / np.sqrt(ess), 1 / ess)


def pustejovsky_rodgers(given: Given) -> Line:
    """Effects on sqrt(1 / n1 + 1 / n2), weights 1 / v."""
    return Line(given.y, np.sqrt(1 / given.n1 + 1 / given.n2), given.v)


SMALL_STUDY_TESTS: Mapping[str, SmallStudyMethod] = {
    "begg": SmallStudyMethod(
        begg, EFFECTS, (), at_zero=False, meaning="rank correlation of standardised effects with their variances",
        source="Begg CB, Mazumdar M (1994). Operating characteristics of a rank correlation test for publication bias. "
        "Biometrics 50(4), 1088-1101",
    ),
    "egger": SmallStudyMethod(
        egger, EFFECTS, (), at_zero=True, meaning="effects on standard errors; residual variance estimated",
        source="Egger M, Davey Smith G, Schneider M, Minder C (1997). Bias in meta-analysis detected by a simple, "
        "graphical test. BMJ 315(7109), 629-634",
    ),
    "thompson-sharp": SmallStudyMethod(
        thompson_sharp, EFFECTS, (), at_zero=True, meaning="effects on standard errors; tau^2 added to the variances",
        source="Thompson SG, Sharp SJ (1999). Explaining heterogeneity in meta-analysis: a comparison of methods "
        "(method 3a). Statistics in Medicine 18(20), 2693-2708",
    ),
    "harbord": SmallStudyMethod(
        harbord, COUNTS, ("OR",), at_zero=True, meaning="efficient score over its variance, on the inverse of its root",
        source="Harbord RM, Egger M, Sterne JAC (2006). A modified test for small-study effects in meta-analyses of "
        "controlled trials with binary endpoints. Statistics in Medicine 25(20), 3443-3457",
    ),
    "harbord-rr": SmallStudyMethod(
        harbord_risk_ratio, COUNTS, ("RR",), at_zero=True, meaning="as harbord, with the score of the risk ratio",
        source="Harbord RM, Harris RJ, Sterne JAC (2009). Updated tests for small-study effects in meta-analyses. The "
        "Stata Journal 9(2), 197-210",
    ),
    "macaskill": SmallStudyMethod(
        macaskill, (*EFFECTS, *COUNTS), ("OR",), at_zero=False, meaning="effects on sizes; weights of the pooled rate",
        source="Macaskill P, Walter SD, Irwig L (2001). A comparison of methods to detect publication bias in "
        "meta-analysis (method FPV). Statistics in Medicine 20(4), 641-654",
    ),
    "peters": SmallStudyMethod(
        peters, (*EFFECTS, *COUNTS), ("OR",), at_zero=True, meaning="effects on 1 / size; weights of the pooled rate",
        source="Peters JL, Sutton AJ, Jones DR, Abrams KR, Rushton L (2006). Comparison of two methods to detect "
        "publication bias in meta-analysis. JAMA 295(6), 676-680",
    ),
    "schwarzer": SmallStudyMethod(
        schwarzer, COUNTS, ("OR",), at_zero=False, meaning="rank correlation of standardised counts with 1 / variance",
        source="Schwarzer G, Antes G, Schumacher M (2007). A test for publication bias in meta-analysis with sparse "
        "binary data. Statistics in Medicine 26(4), 721-733",
    ),
    "deeks": SmallStudyMethod(
        deeks, (*EFFECTS, *SIZES), ("OR",), at_zero=True,
        meaning="diagnostic log odds ratios on the inverse root of the effective sample size; groups: with and "
        "without the disease",
        source="Deeks JJ, Macaskill P, Irwig L (2005). The performance of tests of publication bias and other sample "
        "size effects in systematic reviews of diagnostic test accuracy. Journal of Clinical Epidemiology 58(9), "
        "882-893",
    ),
    "pustejovsky-rodgers": SmallStudyMethod(
        pustejovsky_rodgers, (*EFFECTS, *SIZES), ("SMD",), at_zero=True,
        meaning="standardised mean differences on the part of the standard error that the effect does not enter",
        source="Pustejovsky JE, Rodgers MA (2019). Testing for funnel plot asymmetry of standardized mean "
        "differences. Research Synthesis Methods 10(1), 57-71",
    ),
}  # fmt: skip
