"""The likelihood of Copas and Shi's selection model.

A study with standard error s is published where gamma0 + gamma1 / s + delta > 0; delta is standard normal and
correlated by rho with the sampling error of the effect. With u = gamma0 + gamma1 / s, the sampling variance before
selection is sigma2 = s2 / (1 - c2 rho2), c2 = lambda(u) (u + lambda(u)), lambda = phi / Phi. The parameters are the
mean theta, tau2, rho, and the slope beta of effects on s, 0 but for the test of what selection leaves unexplained.

References
----------
Copas J, Shi JQ (2000). Meta-analysis, funnel plots and sensitivity analysis. Biostatistics 1(3), 247-262.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import log_ndtr

from synthesis.pooling.batch import FloatArray, IntArray
from synthesis.sensitivity.selection.hazard import hazard


@dataclass(frozen=True, slots=True, eq=False)
class Copas:
    """Studies, and a selection for each of m fits."""

    y: FloatArray  # (k,)
    s: FloatArray  # (k,)
    u: FloatArray  # (m, k) gamma0 + gamma1 / s

    def evaluate(self, rows: IntArray, place: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Log-likelihoods, shape (n,), and gradients by theta, tau2, rho and beta, (n, 4)."""
        theta, tau2, rho, beta = (place[:, at, None] for at in range(4))
        u, s = self.u[rows], self.s
        mills = hazard(u)
        c2 = mills * (u + mills)
        kept = 1 - c2 * np.square(rho)
        sigma2 = np.square(s) / kept
        sigma2_by_rho = 2 * sigma2 * c2 * rho / kept
        spread = tau2 + sigma2
        root = np.sqrt(spread)
        e = (self.y - theta - beta * s) / root
        r = rho * np.sqrt(sigma2) / root
        rest = np.sqrt(1 - np.square(r))
        v = (u + r * e) / rest
        value = -0.5 * (np.log(2 * np.pi * spread) + np.square(e)) - log_ndtr(u) + log_ndtr(v)
        h = hazard(v)
        by_e = h * r / rest - e
        by_r = h * (e / rest + v * r / np.square(rest))
        by_spread = -0.5 * (1 + by_e * e + by_r * r) / spread
        by_rho = (by_spread + 0.5 * by_r * r / sigma2) * sigma2_by_rho + by_r * np.sqrt(sigma2) / root
        slopes = (-by_e / root, by_spread, by_rho, -by_e * s / root)
        total, slope = value.sum(axis=1), np.stack([one.sum(axis=1) for one in slopes], axis=-1)
        defined = np.isfinite(total) & np.isfinite(slope).all(axis=1)
        return np.where(defined, total, -np.inf), np.where(defined[:, None], slope, 0.0)
