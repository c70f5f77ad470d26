"""A confidence interval that unpublished small studies move little: Henmi and Copas (2010)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from scipy.special import gammainc, ndtri

from synthesis.effects.columns import FloatArray
from synthesis.errors import InvalidArgument
from synthesis.pooling.batch import batch_of_one
from synthesis.pooling.check import check_effects, check_level
from synthesis.pooling.pooled import Note
from synthesis.pooling.tau2 import dersimonian_laird
from synthesis.sensitivity.cautions import Verdict, WithVerdict, verdict
from synthesis.text import decimal, interval

NODES = 32  # of Gauss and Legendre on each panel
GROWTH = 1.5  # of the panels: each ends that much further from the start than the one before
WIDEST = 0.25  # the first panel, in standard deviations
FAR = 40.0  # standard deviations: nothing is left beyond
PRECISION = 1e-13  # relative, of the half width
NARROW = (
    "narrower than the equal-effects interval: tau^2 is estimated near 0, and the pivot takes it as known; rather take "
    "that interval"
)
TELLS = "an interval about the equal-effects mean, which small studies move little, that allows for tau^2"
CANNOT_TELL = "how many studies are missing; it guards against bias that grows with the standard error, not against all"
RULES = ("few studies", "like precision", "tau2 is 0", "one study far away")


@dataclass(frozen=True, slots=True)
class HenmiCopas(WithVerdict):
    """The interval of Henmi and Copas."""

    estimate: float  # equal-effects mean
    se: float  # of it, with tau2: half the width is not 1.96 of these
    ci_low: float
    ci_high: float
    tau2: float  # DerSimonian and Laird
    k: int
    level: float
    verdict: Verdict
    notes: tuple[Note, ...] = ()

    def summary(self) -> str:
        """The result as a few lines of text, with the verdict."""
        bounds = interval(self.ci_low, self.ci_high)
        head = f"Henmi-Copas, k = {self.k}: {decimal(self.estimate)} {bounds}, tau^2 {decimal(self.tau2)} (DL)\n"
        return head + self.caveats()


def henmi_copas(yi: Any, vi: Any, *, data: Any = None, level: float = 0.95) -> HenmiCopas:
    """The interval of Henmi and Copas: equal-effects mean, random-effects uncertainty.

    Parameters
    ----------
    yi, vi : array-like, shape (k,), or str
        Effects and sampling variances of at least two studies, or the names of their columns in `data`.
    data : DataFrame or mapping of columns, optional
        Where names are looked up.
    level : float
        Confidence level.

    Returns
    -------
    HenmiCopas
        estimate +- t sqrt((tau2 W2 + 1) / W1), W1 = sum w, W2 = sum(w^2) / W1, where t is the point that the pivot
        U = (estimate - theta) / sqrt((tau2 W2 + 1) / W1) exceeds with probability (1 - level) / 2.

    Raises
    ------
    InvalidArgument
        For effects or a level that cannot be used, and a single study.

    Notes
    -----
    Given the estimate, Q is taken as gamma distributed with its exact conditional mean and variance, at the estimated
    tau^2; one integral then gives the distribution of U.

    References
    ----------
    Henmi M, Copas JB (2010). Confidence intervals for random effects meta-analysis and robustness to publication
    bias. Statistics in Medicine 29(29), 2969-2983.
    """
    check_level(level)
    y, v = check_effects(yi, vi, data)
    if len(y) < 2:
        raise InvalidArgument("the interval of Henmi and Copas needs at least two studies")
    tau2 = float(dersimonian_laird(batch_of_one(y, v)).value[0])
    sums = _sums(v, tau2)
    mean, se = float(np.average(y, weights=1 / v)), float(np.sqrt(sums.g / sums.w1))
    t = _critical(sums, (1 - level) / 2)
    notes = (Note("ci_low", NARROW),) if t < -float(ndtri((1 - level) / 2)) else ()
    judged = verdict(y, v, rules=RULES, tells=TELLS, cannot_tell=CANNOT_TELL)
    return HenmiCopas(mean, se, mean - t * se, mean + t * se, tau2, len(y), level, judged, notes)


class _Sums(NamedTuple):
    """What the distribution of the pivot depends on.

    Given r, the standardised distance of the estimate from theta, Q has the mean e0 + e2 (r^2 - 1) and the variance
    v0 + v2 (r^2 - 1) + v4 (1 - 2 r^2).
    """

    w1: float
    g: float  # tau2 W2 + 1, so that the estimate has the variance g / W1
    df: int
    slack: float  # (W1 - W2) / W2
    e0: float
    e2: float
    v0: float
    v2: float
    v4: float


def _sums(v: FloatArray, tau2: float) -> _Sums:
    """From sampling variances and tau^2, with shares u = w / W1, their sums ur = sum(u^r), and s = tau2 W1.

    With c = (1 + tau2 w) / W1 the covariances of the effects with the estimate, and A the matrix of Q: the mean is
    tr AS + c'Ac (r^2 - 1) / Var, S = diag(v + tau2), and alike for the variance.
    """
    w1 = float(np.sum(1 / v))
    u = 1 / v / w1
    s, u2 = tau2 * w1, float(np.sum(u**2))
    spare, away, squares = _less_one(u, u2)
    g, rest = s * u2 + 1, float(np.sum(u * spare))
    third, fourth = float(np.sum(u * away**2)), float(np.sum((u * away) ** 2))
    cac, casac = s**2 * third / g, s**2 * (third + s * fourth) / g
    df = len(v) - 1
    v0 = 2 * (df + 2 * s * rest + s**2 * float(np.sum(u**2 * (spare**2 + squares))))
    return _Sums(w1, g, df, rest / u2, df + s * rest, cac, v0, 4 * casac, 2 * cac**2)


def _less_one(u: FloatArray, u2: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """1 - u, u - u2 and u2 - u^2 for each share: of the largest, which may be nearly 1, summed over the others."""
    lead = int(np.argmax(u))
    others = np.delete(u, lead)
    spare, away, squares = 1 - u, u - u2, u2 - u**2
    spare[lead], squares[lead] = others.sum(), np.square(others).sum()
    away[lead] = u[lead] * spare[lead] - squares[lead]
    return spare, away, squares


def _tail(sums: _Sums, t: float) -> float:
    """P(U > t), t above 0.

    U exceeds t where (tau2-hat W2 + 1) t^2 < r^2 g, which says that r exceeds t / sqrt(g) and Q a bound.
    """
    start, (nodes, weights) = float(t / np.sqrt(sums.g)), _nodes()
    edges = _edges(start, sums.slack)
    half = np.diff(edges)[:, None] / 2
    beyond = edges[:-1, None] + half * (nodes + 1)
    r = start + beyond
    mean = sums.e0 + sums.e2 * (r**2 - 1)
    variance = sums.v0 + sums.v2 * (r**2 - 1) + sums.v4 * (1 - 2 * r**2)
    further = beyond / start
    bound = sums.slack * further * (further + 2) + sums.df
    below = gammainc(mean**2 / variance, bound * mean / variance)
    density = np.exp(-0.5 * r**2) / np.sqrt(2 * np.pi)
    return float(np.sum(half * weights * below * density))


def _edges(start: float, slack: float) -> FloatArray:
    """Ends of the panels as distances from the start; the first is so short that the bound grows by 1/2 at most.

    The bound, and with it the probability below it, may change as fast as that, or only far from the start.
    """
    first = min(WIDEST, 0.25 * start / max(1.0, slack))
    count = int(np.ceil(np.log(FAR / first) / np.log(GROWTH))) + 1
    return np.concatenate([[0.0], np.geomspace(first, FAR, count)])


@cache
def _nodes() -> tuple[FloatArray, FloatArray]:
    """Nodes and weights of one panel, from -1 to 1."""
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    return nodes, weights


def _critical(sums: _Sums, tail: float) -> float:
    """The t that U exceeds with that probability, by bisection: P(U > t) falls to 0 as t grows."""
    low, high = 0.0, -float(ndtri(tail))
    while _tail(sums, high) > tail:
        low, high = high, 2 * high
    while high - low > PRECISION * high:
        middle = 0.5 * (low + high)
        low, high = (middle, high) if _tail(sums, middle) > tail else (low, middle)
    return high
