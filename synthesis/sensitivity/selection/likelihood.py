"""The likelihood of a random-effects model whose studies were selected.

For effects y with variances v, means mu = X b and S2 = v + tau2, the log-likelihood is
sum(log w(p) - log(2 pi S2) / 2 - (y - mu)^2 / (2 S2) - log A), A being the expected weight of a study.

References
----------
Hedges LV (1992). Modeling publication selection effects in meta-analysis. Statistical Science 7(2), 246-255.
Vevea JL, Hedges LV (1995). A general linear model for estimating effect size in the presence of publication bias.
Psychometrika 60(3), 419-435.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synthesis.pooling.batch import FloatArray, IntArray
from synthesis.sensitivity.selection.masses import Weights

CELLS = 3_000_000  # numbers worked on at a time


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """Studies in units of their typical standard error, and how they are selected.

    The parameters are the coefficients, tau2 and delta, in this order.
    """

    y: FloatArray  # (k,)
    v: FloatArray  # (k,)
    x: FloatArray  # (k, p)
    weights: Weights
    breadth: int  # numbers that one study takes in an evaluation

    @property
    def p(self) -> int:
        """How many coefficients there are."""
        return int(self.x.shape[1])

    def evaluate(self, _: IntArray, place: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Log-likelihoods, shape (n,), and gradients, (n, q); minus infinity where no study would be selected."""
        most = max(1, CELLS // (len(self.y) * self.breadth))
        if len(place) <= most:
            return self._evaluated(place)
        parts = [self._evaluated(place[begin : begin + most]) for begin in range(0, len(place), most)]
        return np.concatenate([value for value, _ in parts]), np.concatenate([slope for _, slope in parts])

    def _evaluated(self, place: FloatArray) -> tuple[FloatArray, FloatArray]:
        p, s = self.p, np.sqrt(self.v)
        b, tau2, delta = place[:, :p], place[:, p, None], place[:, p + 1 :]
        mu, spread = b @ self.x.T, self.v + tau2
        c = np.sqrt(spread / self.v)
        with np.errstate(all="ignore"):  # what is not finite is a place where the likelihood is not defined
            chosen = self.weights.selected(mu / s, c, delta)
            log_w, by_delta = self.weights.observed(delta)
            ratio = (self.y - mu) / spread
            log_density = -0.5 * (np.log(2 * np.pi * spread) + ratio * (self.y - mu))
            value = log_w + (log_density - np.log(chosen.value)).sum(axis=1)
            by_mu = ratio - chosen.by_m / (chosen.value * s)
            by_tau2 = 0.5 * (np.square(ratio) - 1 / spread - chosen.by_c / (chosen.value * c * self.v))
            by_delta = by_delta - (chosen.by_delta / chosen.value[..., None]).sum(axis=1)
        slope = np.concatenate([by_mu @ self.x, by_tau2.sum(axis=1)[:, None], by_delta], axis=1)
        defined = np.isfinite(value) & np.isfinite(slope).all(axis=1) & (chosen.value > 0).all(axis=1)
        return np.where(defined, value, -np.inf), np.where(defined[:, None], slope, 0.0)
