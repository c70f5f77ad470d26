"""Ways to combine one-sided p-values p_1, ..., p_k of independent studies, and the dictionary that offers them.

The hypothesis is that no study has an effect, so that each p is uniform; a small combined p-value speaks against that
in the direction in which the p are small. Most sources are summed up in Becker BJ (1994), Combining significance
levels, in Cooper H, Hedges LV (eds), A handbook of research synthesis, 215-230, New York: Russell Sage.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import exp, floor, lgamma, log, pi, sqrt

import numpy as np
from scipy.special import betaincinv, chdtri, gammaln, logit, ndtri, xlog1py

from synthesis.effects.columns import FloatArray
from synthesis.pooling.log_tails import (
    Tail,
    beta_tail,
    certain,
    chi2_tail,
    from_log,
    gamma_tail,
    normal_tail,
    t_tail,
    t_upper_quantile,
    total,
)

LARGEST_LOG = 709.0  # of a number that double precision holds


@dataclass(frozen=True, slots=True)
class Found:
    """What a combination gives; `tail` None where it is not defined, with the reason in `why`."""

    tail: Tail | None
    statistic: float | None = None
    df: float | None = None
    details: Mapping[str, float | None] = field(default_factory=dict)
    why: str = ""  # why there is no p-value, or why it is 1


def fisher(p: FloatArray) -> Found:
    """-2 sum(log p), chi-squared on 2 k degrees of freedom."""
    statistic, df = -2 * float(np.sum(np.log(p))), 2 * len(p)
    return Found(chi2_tail(df, statistic), statistic, df)


def stouffer(p: FloatArray, weights: FloatArray) -> Found:
    """sum(w z) / sqrt(sum(w^2)), standard normal, with z the normal deviate that is exceeded with probability p."""
    z = float(weights @ -ndtri(p)) / sqrt(float(weights @ weights))
    return Found(normal_tail(z), z)


def edgington(p: FloatArray) -> Found:
    """S = sum(p), by the distribution of a sum of k uniform variables; its bound S^k / k! as a detail."""
    total_p, k = float(np.sum(p)), len(p)
    bound = k * log(total_p) - lgamma(k + 1)
    details = {"conservative_p_value": exp(bound) if bound < LARGEST_LOG else None}
    return Found(uniform_sum(k, total_p), total_p, details=details)


def uniform_sum(k: int, x: float) -> Tail:
    """P(U_1 + ... + U_k <= x) of k standard uniform variables.

    F_n(x) = (x F_{n-1}(x) + (n - x) F_{n-1}(x - 1)) / n, which has no negative terms, unlike the alternating sum;
    about k x operations.

    References
    ----------
    de Boor C (1972). On calculating with B-splines. Journal of Approximation Theory 6(1), 50-62.
    """
    if x >= k:
        return certain()
    points = x - floor(x) + np.arange(floor(x) + 1.0)  # the last is x, where F is largest
    found, log_scale = np.ones(len(points)), 0.0
    for n in range(1, k + 1):
        before = np.concatenate(([0.0], found[:-1]))
        found = np.where(points < n, (points * found + (n - points) * before) / n, 1.0)
        log_scale += log(found[-1])
        found /= found[-1]
    return from_log(log_scale)


def tippett(p: FloatArray, alpha: float) -> Found:
    """The smallest p: Wilkinson's method with r = 1."""
    return wilkinson(p, 1, alpha)


def maximum(p: FloatArray, alpha: float) -> Found:
    """The largest p: Wilkinson's method with r = k."""
    return wilkinson(p, len(p), alpha)


def wilkinson(p: FloatArray, r: int, alpha: float) -> Found:
    """The r-th smallest p, of the beta distribution with r and k - r + 1; `critical_p`: what it must not exceed."""
    k, smallest = len(p), float(np.sort(p)[r - 1])
    critical = float(betaincinv(r, k - r + 1, alpha))
    return Found(beta_tail(r, k - r + 1, smallest), smallest, details={"r": r, "critical_p": critical})


def logits(p: FloatArray) -> Found:
    """-sum(log(p / (1 - p))) / C, Student's t on 5 k + 4 degrees of freedom, C^2 = k pi^2 (5 k + 2) / (3 (5 k + 4))."""
    k = len(p)
    df = 5 * k + 4
    statistic = -float(np.sum(logit(p))) / sqrt(k * pi**2 * (5 * k + 2) / (3 * df))
    return Found(t_tail(df, statistic), statistic, df)


def mean_p(p: FloatArray) -> Found:
    """(1/2 - mean(p)) sqrt(12 k), standard normal from four p-values on."""
    k = len(p)
    if k < 4:
        return Found(None, why="the mean of fewer than four p-values is not near enough to normal")
    z = (0.5 - float(np.mean(p))) * sqrt(12 * k)
    return Found(normal_tail(z), z)


def mean_z(p: FloatArray) -> Found:
    """mean(z) / (sd(z) / sqrt(k)), standard normal as in metap; `t_p_value` is Becker's, of t on k - 1 df.

    Alike p-values make sd(z) small and the result extreme: one with smaller p throughout can be larger.
    """
    z = -ndtri(p)
    if np.ptp(z) == 0:
        return Found(None, why="the mean z needs two p-values that differ")
    statistic = float(np.mean(z) / np.std(z, ddof=1)) * sqrt(len(p))
    return Found(normal_tail(statistic), statistic, details={"t_p_value": t_tail(len(p) - 1, statistic).p})


def inverse_t(p: FloatArray, df: FloatArray) -> Found:
    """sum(t) / sqrt(sum(df / (df - 2))), standard normal, t exceeded with probability p on each study's df above 2."""
    t = [t_upper_quantile(n, one) for n, one in zip(df.tolist(), p.tolist(), strict=True)]
    z = sum(t) / sqrt(float(np.sum(df / (df - 2))))
    return Found(normal_tail(z), z)


def inverse_chi2(p: FloatArray, df: FloatArray) -> Found:
    """sum(x), chi-squared on sum(df) degrees of freedom, x exceeded with probability p on each study's df."""
    statistic, all_df = float(np.sum(chdtri(df, p))), float(np.sum(df))
    return Found(chi2_tail(all_df, statistic), statistic, all_df)


def truncated(p: FloatArray, tau: float) -> Found:
    """-2 sum(log p) over the p that do not exceed tau, by the distribution of their product W.

    P = sum over j of Binomial(j; k, tau) P(G_j >= j log(tau) - log(W)), G_j of the gamma distribution with shape j.
    """
    k, kept = len(p), p[p <= tau]
    details = {"below": len(kept), "above": k - len(kept)}
    if not len(kept):
        return Found(certain(), 0.0, details=details, why=f"no p-value is at or below tau = {tau:g}")
    w = -float(np.sum(np.log(kept)))
    logs = [
        float(gammaln(k + 1) - gammaln(j + 1) - gammaln(k - j + 1) + j * log(tau) + xlog1py(k - j, -tau))
        + gamma_tail(j, max(0.0, w + j * log(tau))).log_p
        for j in range(1, k + 1)
    ]
    return Found(total(logs), 2 * w, details=details)


def vote(p: FloatArray, alpha: float) -> Found:
    """Sign test of how many p are below alpha against how many are above 1 - alpha."""
    positive, negative = int(np.sum(p < alpha)), int(np.sum(p > 1 - alpha))
    details = {"positive": positive, "negative": negative}
    if not positive + negative:
        return Found(certain(), 0, details=details, why=f"no p-value is below {alpha:g} or above {1 - alpha:g}")
    return Found(beta_tail(positive, negative + 1, 0.5) if positive else certain(), positive, details=details)


@dataclass(frozen=True, slots=True)
class Combination:
    """One way to combine p-values: what it is, where it stands, and what it takes."""

    meaning: str
    source: str
    distribution: str  # of the statistic
    function: Callable[..., Found]
    options: tuple[str, ...] = ()
    below_one: bool = False  # whether a p of 1 has no finite deviate


COMBINATIONS: Mapping[str, Combination] = {
    "fisher": Combination(
        "sum of logs", "Fisher RA (1932), Statistical methods for research workers (4th ed.); Becker 1994",
        "chi-squared", fisher,
    ),
    "stouffer": Combination(
        "weighted sum of normal deviates",
        "Stouffer SA et al. (1949), The American soldier 1; Liptak T (1958); Becker 1994",
        "normal", stouffer, ("weights",), below_one=True,
    ),
    "edgington": Combination(
        "sum of p", "Edgington ES (1972), Journal of Psychology 80, 351-363", "sum of uniforms", edgington,
    ),
    "tippett": Combination(
        "smallest p", "Tippett LHC (1931), The methods of statistics; Becker 1994", "beta", tippett, ("alpha",),
    ),
    "maximum": Combination(
        "largest p", "Wilkinson B (1951), Psychological Bulletin 48, 156-158; Becker 1994", "beta", maximum,
        ("alpha",),
    ),
    "wilkinson": Combination(
        "r-th smallest p", "Wilkinson B (1951), Psychological Bulletin 48, 156-158; Becker 1994", "beta", wilkinson,
        ("r", "alpha"),
    ),
    "logit": Combination(
        "sum of logits",
        "Mudholkar GS, George EO (1979), in Rustagi J (ed.), Symposium on optimizing methods in statistics; "
        "Loughin TM (2004), Computational Statistics & Data Analysis 47, 467-485",
        "t", logits, below_one=True,
    ),
    "mean_p": Combination(
        "mean of p, from four on", "Edgington ES (1972), Journal of Psychology 82, 85-89; Becker 1994", "normal",
        mean_p,
    ),
    "mean_z": Combination(
        "mean of normal deviates over its standard error", "Becker 1994", "normal", mean_z, below_one=True,
    ),
    "inverse_t": Combination(
        "sum of deviates of t", "Winer BJ (1962), Statistical principles in experimental design; Becker 1994",
        "normal", inverse_t, ("df",), below_one=True,
    ),
    "inverse_chi2": Combination(
        "sum of deviates of chi-squared", "Lancaster HO (1961), Australian Journal of Statistics 3, 20-33",
        "chi-squared", inverse_chi2, ("df",),
    ),
    "truncated": Combination(
        "product of the p up to tau", "Zaykin DV et al. (2002), Genetic Epidemiology 22, 170-185", "product",
        truncated, ("tau",),
    ),
    "vote": Combination(
        "vote counting of the p below alpha",
        "Becker 1994; the Cochrane Handbook, chapter 12, does not accept counts of significant results",
        "binomial", vote, ("alpha",),
    ),
}  # fmt: skip
