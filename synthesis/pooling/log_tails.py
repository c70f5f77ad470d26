"""Tail probabilities with their logarithms, exact also where the probability is too small to be a number."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from math import exp, inf, isfinite, log, log1p, sqrt
from typing import NamedTuple

import numpy as np
from scipy.special import betainc, betaincinv, betaln, gammaincc, gammaln, log_ndtr, ndtr, stdtr, stdtrit

SMALL = 1e-290  # below it, library functions begin to lose digits
EPSILON = sys.float_info.epsilon


class Tail(NamedTuple):
    """A probability and its natural logarithm; the probability is 0 below 5e-324, the logarithm is not lost."""

    p: float
    log_p: float


def certain() -> Tail:
    """Probability 1."""
    return Tail(1.0, 0.0)


def from_log(log_p: float) -> Tail:
    """A probability of which the logarithm is known."""
    return Tail(exp(min(0.0, log_p)), min(0.0, log_p))


def total(logs: Iterable[float]) -> Tail:
    """The sum of probabilities of which the logarithms are given."""
    found = np.array(list(logs))
    largest = float(found.max())
    return from_log(largest + log(float(np.sum(np.exp(found - largest)))) if isfinite(largest) else largest)


def normal_tail(z: float) -> Tail:
    """P(Z > z), Z standard normal; where z^2 is no number, the logarithm is the lowest number."""
    return Tail(float(ndtr(-z)), max(float(log_ndtr(-z)), -sys.float_info.max))


def gamma_tail(shape: float, x: float) -> Tail:
    """P(G > x), G of the gamma distribution with that shape and scale 1; x at least 0."""
    p = float(gammaincc(shape, x))
    if p > SMALL:
        return Tail(p, log(p))
    return from_log(shape * log(x) - x - float(gammaln(shape)) + log(_gamma_fraction(shape, x)))


def _gamma_fraction(a: float, x: float) -> float:
    """x^-a e^x times the upper incomplete gamma function, by Lentz's continued fraction; x beyond a + 1.

    References
    ----------
    Abramowitz M, Stegun IA (1964). Handbook of mathematical functions, 6.5.31. Washington: NBS.
    """
    b = x + 1 - a
    c, d = inf, 1 / b
    found, change, i = d, 0.0, 0
    while abs(change - 1) > EPSILON:
        i += 1
        step = i * (a - i)
        b += 2
        d = 1 / (step * d + b)
        c = b + step / c
        change = c * d
        found *= change
    return found


def chi2_tail(df: float, x: float) -> Tail:
    """P(X > x), X chi-squared on df degrees of freedom; x at least 0."""
    return gamma_tail(df / 2, x / 2)


def beta_tail(a: float, b: float, x: float) -> Tail:
    """P(B < x), B of the beta distribution with a and b; x above 0."""
    if x >= 1:
        return certain()
    p = float(betainc(a, b, x))
    return Tail(p, log(p)) if p > SMALL else from_log(_log_beta(a, b, log(x), log1p(-x)))


def _log_beta(a: float, b: float, log_x: float, log_rest: float) -> float:
    """Logarithm of the incomplete beta function ratio below its mean, from log x and log(1 - x).

    References
    ----------
    Abramowitz M, Stegun IA (1964). Handbook of mathematical functions, 26.5.4. Washington: NBS.
    """
    x, term, series, n = exp(log_x), 1.0, 1.0, 0
    while term > EPSILON * series:
        term *= (a + b + n) / (a + 1 + n) * x
        series += term
        n += 1
    return a * log_x + b * log_rest - log(a) - float(betaln(a, b)) + log(series)


def t_tail(df: float, t: float) -> Tail:
    """P(T > t), T of Student's t distribution on df degrees of freedom."""
    p = float(stdtr(df, -t))
    if p > SMALL:
        return Tail(p, log(p))
    ratio = t / sqrt(df)
    return from_log(_log_beta(df / 2, 0.5, -2 * log(float(np.hypot(1.0, ratio))), -log1p(ratio**-2)) - log(2))


def t_upper_quantile(df: float, p: float) -> float:
    """The t that Student's t distribution on df degrees of freedom exceeds with probability p."""
    x = float(betaincinv(df / 2, 0.5, 2 * p)) if p < 0.5 else 1.0
    if x < 0.5:  # far out, where the library's quantile overflows
        return sqrt(df * (1 - x) / x)
    return -float(stdtrit(df, p))
