"""Distributions of counts given their natural parameter: binomial, Poisson, and the non-central hypergeometric.

Each takes natural parameters eta of shape (..., k, r): k studies with r counts each. They may be complex: derivatives
of likelihoods are taken by complex steps (see `quadrature`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from synthesis.pooling.batch import BoolArray, FloatArray, IntArray

Numbers = NDArray[Any]  # real or complex
LARGEST_EXPONENT = 700.0  # whose exponential double precision holds
LARGEST_ETA = 745.0  # beyond it, odds or their inverse are 0
ROOT_STEPS = 200
AT_THE_ROOT = 1e-13  # of eta


class Family(Protocol):
    """What a model needs to know of the distribution of its counts."""

    @property
    def saturated(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """The most likely eta of each count, its information, and the log density there, shape (k, r) each.

        Where no finite eta is the most likely, information 0 and the limit of the log density.
        """

    def log_density(self, eta: Numbers) -> Numbers:
        """Log probability of each count, shape (..., k, r), with all its constants."""

    def slopes(self, eta: Numbers) -> tuple[Numbers, Numbers]:
        """Score and information of each count: the first derivative by eta, and the second with its sign changed."""


@dataclass(frozen=True, slots=True, eq=False)
class Binomial:
    """x events in n people; eta is the log odds."""

    x: FloatArray  # (k, r)
    n: FloatArray  # (k, r)

    @property
    def saturated(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Log odds of the observed shares."""
        inside = (self.x > 0) & (self.x < self.n)
        share = np.where(inside, self.x / self.n, 0.5)
        eta = np.where(inside, np.log(share) - np.log1p(-share), 0.0)
        information = np.where(inside, self.n * share * (1 - share), 0.0)
        return eta, information, np.where(inside, self.log_density(eta).real, 0.0)

    def log_density(self, eta: Numbers) -> Numbers:
        """Log probabilities; log(1 + e^eta) without overflow."""
        large = eta.real > 0
        softplus = np.where(large, eta, 0.0) + np.log1p(np.exp(np.where(large, -eta, eta)))
        value: Numbers = _log_ways(self.x, self.n) + self.x * eta - self.n * softplus
        return value

    def slopes(self, eta: Numbers) -> tuple[Numbers, Numbers]:
        """Observed less expected events, x - n p, and n p (1 - p)."""
        large = eta.real > 0
        small = np.exp(np.where(large, -eta, eta))
        p = np.where(large, 1.0, small) / (1 + small)
        return self.x - self.n * p, self.n * small / np.square(1 + small)


@dataclass(frozen=True, slots=True, eq=False)
class Poisson:
    """x events; eta is the log of the expected number."""

    x: FloatArray  # (k, r)

    @property
    def saturated(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Logs of the observed numbers."""
        some = self.x > 0
        eta = np.log(np.where(some, self.x, 1.0))
        return np.where(some, eta, 0.0), self.x.copy(), np.where(some, self.log_density(eta).real, 0.0)

    def log_density(self, eta: Numbers) -> Numbers:
        """Log probabilities."""
        value: Numbers = self.x * eta - _mean(eta) - gammaln(self.x + 1)
        return value

    def slopes(self, eta: Numbers) -> tuple[Numbers, Numbers]:
        """Observed less expected events, x - e^eta, and e^eta."""
        mean = _mean(eta)
        return self.x - mean, mean


def _mean(eta: Numbers) -> Numbers:
    """Expected events, e^eta, held where it would overflow: the probability of any count is 0 long before."""
    value: Numbers = np.exp(np.where(eta.real > LARGEST_EXPONENT, LARGEST_EXPONENT, eta))
    return value


@dataclass(frozen=True, slots=True, eq=False)
class Hypergeometric:
    """Events in the first group of a 2x2 table, given both margins; eta is the log odds ratio.

    The possible values of all studies stand one after another: they are 1 for a table with one event and thousands
    for a large one.
    """

    distance: FloatArray  # (t,) possible values less the observed one
    log_weight: FloatArray  # (t,) log probability of each, less that of the observed one, where the odds ratio is 1
    start: IntArray  # (k,) where the values of each study begin
    size: IntArray  # (k,) how many each study has

    @property
    def saturated(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Conditional maximum likelihood, study by study."""
        lowest, highest = self.distance[self.start], self.distance[self.start + self.size - 1]
        inside = ((lowest < 0) & (highest > 0))[:, None]
        eta = _root(self.slopes, inside)
        information = np.where(inside, self.slopes(eta)[1], 0.0)
        return eta, information, np.where(inside, self.log_density(eta), 0.0)

    def log_density(self, eta: Numbers) -> Numbers:
        """Minus the log of the sum of the odds of all possible values against the observed one."""
        top, odds = self._odds(eta)
        value: Numbers = -(top + np.log(np.add.reduceat(odds, self.start, axis=-1)))[..., None]
        return value

    def slopes(self, eta: Numbers) -> tuple[Numbers, Numbers]:
        """Observed less expected value, and the variance."""
        _, odds = self._odds(eta)
        share = odds / np.repeat(np.add.reduceat(odds, self.start, axis=-1), self.size, axis=-1)
        mean = np.add.reduceat(share * self.distance, self.start, axis=-1)
        deviation = self.distance - np.repeat(mean, self.size, axis=-1)
        variance = np.add.reduceat(share * np.square(deviation), self.start, axis=-1)
        return -mean[..., None], variance[..., None]

    def _odds(self, eta: Numbers) -> tuple[Numbers, Numbers]:
        """Odds of every possible value, shape (..., t), scaled so that the greatest of a study is 1; and log scales."""
        log_odds = self.log_weight + np.repeat(eta[..., 0], self.size, axis=-1) * self.distance
        top = np.maximum.reduceat(log_odds.real, self.start, axis=-1)
        return top, np.exp(log_odds - np.repeat(top, self.size, axis=-1))


def hypergeometric(a: FloatArray, n1: FloatArray, c: FloatArray, n2: FloatArray) -> Hypergeometric:
    """The distribution of a given both margins, for k tables: events in a of n1 people, and in c of n2.

    References
    ----------
    Stijnen T, Hamza TH, Ozdemir P (2010). Random effects meta-analysis of event outcome in the framework of the
    generalized linear mixed model with applications in sparse data. Statistics in Medicine 29(29), 3046-3067.
    """
    lowest, highest = np.maximum(0.0, a + c - n2), np.minimum(n1, a + c)
    size = (highest - lowest).astype(np.int64) + 1
    start = np.cumsum(size) - size
    column = np.arange(size.sum()) - np.repeat(start, size)
    a, n1, c, n2, lowest = (np.repeat(one, size) for one in (a, n1, c, n2, lowest))
    value = lowest + column
    weight = _log_ways(value, n1) + _log_ways(a + c - value, n2) - _log_ways(a, n1) - _log_ways(c, n2)
    return Hypergeometric(value - a, weight, start, size)


def _log_ways(x: FloatArray, n: FloatArray) -> FloatArray:
    """Log of the number of ways to choose x of n."""
    ways: FloatArray = gammaln(n + 1) - gammaln(x + 1) - gammaln(n - x + 1)
    return ways


def _root(slopes: Callable[[FloatArray], tuple[Numbers, Numbers]], inside: BoolArray) -> FloatArray:
    """Where the scores are 0, by Newton's steps inside a bracket; 0 where `inside` is false."""
    eta = np.zeros(inside.shape)
    low, high = np.full(inside.shape, -LARGEST_ETA), np.full(inside.shape, LARGEST_ETA)
    for _ in range(ROOT_STEPS):
        score, information = slopes(eta)
        low, high = np.where(score > 0, eta, low), np.where(score < 0, eta, high)
        step = score / np.maximum(information, np.finfo(float).tiny)
        newton = eta + step
        following = np.where((newton > low) & (newton < high), newton, 0.5 * (low + high))
        done = ~inside | (score == 0) | (np.abs(step) <= AT_THE_ROOT)
        if done.all():
            break
        eta = np.where(done, eta, following)
    return np.where(inside, eta, 0.0)
