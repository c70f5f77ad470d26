"""The kinds of fail-safe N: from effects and variances to a number of studies without an effect."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import ceil, sqrt
from typing import NamedTuple

import numpy as np
from scipy.special import betainc, gammaincc, log_ndtr, ndtr, ndtri

from synthesis.effects.columns import FloatArray
from synthesis.pooling.batch import batch_of_one
from synthesis.pooling.fit import fit

MOST = 10_000_000  # studies; beyond it the number is not sought
MOST_EXACT = 5_000  # studies up to which tau^2 is estimated anew from all of them, if that is asked for
ROUNDING = 1e-9  # of a number of studies, before it is rounded up
NO_ZERO = "no number of studies brings a mean to 0"


class Options(NamedTuple):
    """What the kinds are asked."""

    alpha: float
    target: float | None
    method: str
    exact: bool


class Found(NamedTuple):
    """The number, and what it was found from."""

    n: int | None
    estimate: float | None = None
    tau2: float | None = None
    p: float | None = None
    target: float | None = None
    after: tuple[float, float, float] | None = None  # estimate, tau^2 and p with the n studies added
    why: str = ""


def with_nulls(y: FloatArray, v: FloatArray, n: int, method: str, *, exact: bool = False) -> tuple[float, float, float]:
    """Estimate, tau^2 and two-sided p (z) of a pool with n more studies, of effects with mean 0 and variance vt + tau2.

    vt is the harmonic mean of the sampling variances, and the one of each added study. Unless `exact`, tau^2 is
    that of all effects if the observed ones have theirs about their pooled mean, and the added ones the same about 0.
    """
    first = fit(batch_of_one(y, v), method=method, test="z", level=0.95)
    estimate, tau2, k, typical = float(first.estimate[0]), float(first.tau2[0]), len(y), 1 / float(np.mean(1 / v))
    if exact and 0 < n <= MOST_EXACT:
        added = spread_out(n) * sqrt(typical + tau2)
        every = batch_of_one(np.concatenate([y, added]), np.concatenate([v, np.full(n, typical)]))
        found = fit(every, method=method, test="z", level=0.95)
        return float(found.estimate[0]), float(found.tau2[0]), float(found.p_value[0])
    if n and method != "EE":
        between = k * n / (k + n) * estimate**2
        tau2 = ((k + n - 2) * tau2 + between) / (k + n - 1)
    w = 1 / (v + tau2)
    total = float(w.sum()) + n / (typical + tau2)
    mean = float(np.sum(w * y)) / total
    return mean, tau2, 2 * float(ndtr(-abs(mean) * sqrt(total)))


def spread_out(n: int) -> FloatArray:
    """Numbers with mean 0 and variance 1 (one is 0); a pool looks at nothing else of studies of one variance."""
    if n < 2:
        return np.zeros(n)
    found = np.zeros(n)
    half = n // 2
    found[:half], found[n - half :] = 1.0, -1.0
    return found * sqrt((n - 1) / (2 * half))


def towards(mean: float, target: float | None) -> float:
    """The target with the sign of the mean; half the mean where there is none."""
    return mean / 2 if target is None else abs(target) * (-1 if mean < 0 else 1)


def _up(n: float) -> int:
    """A number of studies rounded up, not below 0."""
    return max(0, ceil(n - ROUNDING * abs(n)))


def first_enough(enough: Callable[[int], bool], most: int = MOST) -> int | None:
    """The smallest number of studies that is enough, where more of them stay so; None beyond `most`."""
    low, high = -1, 0
    while not enough(high):
        if high >= most:
            return None
        low, high = high, min(most, max(1, 2 * high))
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def rosenthal(y: FloatArray, v: FloatArray, options: Options) -> Found:
    """Studies with z = 0 on average that bring sum(z) / sqrt(k + n) down to the one-sided critical value."""
    z = abs(float(np.sum(y / np.sqrt(v)))) / sqrt(len(y))
    return Found(_up(len(y) * ((z / -ndtri(options.alpha)) ** 2 - 1)), p=float(ndtr(-z)))


def fisher(y: FloatArray, v: FloatArray, options: Options) -> Found:
    """Studies with p = 1/2 that bring Fisher's combined p, in the direction of the mean z, up to alpha."""
    z = y / np.sqrt(v)
    direction = -1.0 if float(z.sum()) < 0 else 1.0
    half = -float(np.sum(log_ndtr(-direction * z)))

    def p_with(n: int) -> float:
        return float(gammaincc(len(y) + n, half + n * np.log(2)))

    return Found(first_enough(lambda n: p_with(n) >= options.alpha), p=p_with(0))


def binomial(y: FloatArray, v: FloatArray, options: Options) -> Found:
    """Pairs of studies with opposite effects that bring the two-sided sign test up to alpha; counts both."""
    del v
    positive = int(np.count_nonzero(y > 0))

    def p_with(pairs: int) -> float:
        few, k = min(positive, len(y) - positive) + pairs, len(y) + 2 * pairs
        return min(1.0, 2 * float(betainc(k - few, few + 1, 0.5)))

    pairs = first_enough(lambda pairs: p_with(pairs) >= options.alpha)
    return Found(None if pairs is None else 2 * pairs, p=p_with(0))


def orwin(y: FloatArray, v: FloatArray, options: Options) -> Found:
    """Studies without an effect that bring the mean weighted by 1 / v to the target: k (mean - target) / target."""
    return _orwin(y, 1 / v, options)


def orwin_unweighted(y: FloatArray, v: FloatArray, options: Options) -> Found:
    """The same for the plain mean."""
    return _orwin(y, np.ones(len(v)), options)


def _orwin(y: FloatArray, w: FloatArray, options: Options) -> Found:
    mean = float(np.average(y, weights=w))
    target = towards(mean, options.target)
    if target == 0:
        return Found(None, mean, target=target, why=NO_ZERO)
    return Found(_up(len(y) * (mean / target - 1)), mean, target=target)


def rosenberg(y: FloatArray, v: FloatArray, options: Options) -> Found:
    """Studies without an effect and of mean weight that bring the equal-effects z down to the critical value."""
    w = 1 / v
    z = float(np.sum(w * y)) / sqrt(float(w.sum()))
    n = _up(len(y) * ((z / ndtri(options.alpha / 2)) ** 2 - 1))
    return Found(n, float(np.average(y, weights=w)), p=2 * float(ndtr(-abs(z))))


def general(y: FloatArray, v: FloatArray, options: Options) -> Found:
    """Studies about 0 that differ as the observed ones do, and bring a random-effects pool to alpha or the target."""
    first = fit(batch_of_one(y, v), method=options.method, test="z", level=0.95)
    estimate, tau2, p = (float(one[0]) for one in (first.estimate, first.tau2, first.p_value))
    target = None if options.target is None else towards(estimate, options.target)
    if target == 0:
        return Found(None, estimate, tau2, p, target, why=NO_ZERO)

    def enough(n: int) -> bool:
        after = with_nulls(y, v, n, options.method, exact=options.exact)
        return after[2] >= options.alpha if target is None else abs(after[0]) <= abs(target)

    n = first_enough(enough)
    after = None if n is None else with_nulls(y, v, n, options.method, exact=options.exact)
    return Found(n, estimate, tau2, p, target, after)


class FailSafeKind(NamedTuple):
    """One kind of fail-safe N."""

    function: Callable[[FloatArray, FloatArray, Options], Found]
    targeted: bool  # whether it takes a target
    meaning: str  # completes "N studies ..."
    source: str


FAIL_SAFE: Mapping[str, FailSafeKind] = {
    "rosenthal": FailSafeKind(
        rosenthal, False, "with no effect on average would make the combined one-sided p (Stouffer) exceed {alpha:g}",
        "Rosenthal R (1979). The file drawer problem and tolerance for null results. Psychological Bulletin 86(3), "
        "638-641",
    ),
    "fisher": FailSafeKind(
        fisher, False, "with p = 1/2 would make the combined one-sided p (Fisher) exceed {alpha:g}",
        "Becker BJ (2005). Failsafe N or file-drawer number. In: Rothstein HR, Sutton AJ, Borenstein M (eds.), "
        "Publication bias in meta-analysis, 111-125. Chichester: Wiley",
    ),
    "binomial": FailSafeKind(
        binomial, False, "half of them of each sign, would make the sign test exceed {alpha:g}",
        "The sign test, as in Gleser LJ, Olkin I (1996). Models for estimating the number of unpublished studies. "
        "Statistics in Medicine 15(23), 2493-2507",
    ),
    "orwin": FailSafeKind(
        orwin, True, "with no effect and of mean weight would bring the weighted mean to {target:.4g}",
        "Orwin RG (1983). A fail-safe N for effect size in meta-analysis. Journal of Educational Statistics 8(2), "
        "157-159",
    ),
    "orwin-unweighted": FailSafeKind(
        orwin_unweighted, True, "with no effect would bring the plain mean to {target:.4g}",
        "Orwin RG (1983). A fail-safe N for effect size in meta-analysis. Journal of Educational Statistics 8(2), "
        "157-159",
    ),
    "rosenberg": FailSafeKind(
        rosenberg, False, "with no effect and of mean weight would make p of the equal-effects mean exceed {alpha:g}",
        "Rosenberg MS (2005). The file-drawer problem revisited: a general weighted method for calculating fail-safe "
        "numbers in meta-analysis. Evolution 59(2), 464-468",
    ),
    "general": FailSafeKind(
        general, True, "with no effect on average, differing as the observed ones do, would {overturn}",
        "Viechtbauer W (2010). Conducting meta-analyses in R with the metafor package. Journal of Statistical Software "
        "36(3), 1-48, and the manual of its function fsn",
    ),
}  # fmt: skip
