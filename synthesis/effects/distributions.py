"""Means and modes, on the scale that is read, of effects that are normal on the scale that is pooled.

`transform.py` names them: `exponential_integral` and the others.
"""

from __future__ import annotations

import numpy as np
from scipy.special import expit, ndtr

from synthesis.effects.columns import FloatArray

STEP = 0.4  # of the trapezoidal rule, see `inverse_logit_integral`
NEWTON_STEPS = 100


def exponential_integral(x: FloatArray, tau2: FloatArray) -> FloatArray:
    """Mean of exp(X), X normal with mean x and variance tau2: exp(x + tau2 / 2)."""
    found: FloatArray = np.exp(x + tau2 / 2)
    return found


def inverse_logit_integral(x: FloatArray, tau2: FloatArray) -> FloatArray:
    """Mean of the inverse logit of X, normal with mean x and variance tau2; to about 1e-14.

    The trapezoidal rule, whose error falls off as exp(-2 pi a / h) for an integrand that is analytic within a of the
    real line (Trefethen and Weideman 2014, SIAM Review 56(3), 385-458): over X while tau <= 1, so that the poles are
    at least pi standard deviations away; else over a logistic U, because the mean is that of Phi((x - U) / tau).
    """
    x, tau = np.broadcast_arrays(x[..., None], np.sqrt(tau2)[..., None])
    z = np.arange(-9.6, 9.6 + STEP / 2, STEP)
    weights = np.exp(-0.5 * z**2)
    narrow: FloatArray = expit(x + tau * z) @ (weights / weights.sum())
    u = np.arange(-40, 40 + STEP / 2, STEP)
    density = expit(u) * expit(-u)
    wide: FloatArray = ndtr((x - u) / np.maximum(tau, 1.0)) @ (density / density.sum())
    return np.where(tau[..., 0] <= 1, narrow, wide)


def z_to_r_integral(x: FloatArray, tau2: FloatArray) -> FloatArray:
    """Mean of tanh(X), X normal with mean x and variance tau2; tanh(x) is twice the inverse logit of 2 x, less 1."""
    return 2 * inverse_logit_integral(2 * x, 4 * tau2) - 1


def exponential_mode(x: FloatArray, tau2: FloatArray) -> FloatArray:
    """Mode of exp(X), X normal with mean x and variance tau2: exp(x - tau2)."""
    found: FloatArray = np.exp(x - tau2)
    return found


def inverse_logit_mode(x: FloatArray, tau2: FloatArray) -> FloatArray:
    """Highest mode of the inverse logit of X, normal with mean x and variance tau2.

    On the scale of X the mode solves z - tau2 tanh(z / 2) = x, on the side of 0 where x lies. There the left side is
    convex, so that Newton's steps down from |x| + tau2 do not pass the root. NaN where x = 0 has two equal modes.
    """
    x, tau2 = np.broadcast_arrays(x, tau2)
    centre = np.abs(x)
    z = centre + tau2
    for _ in range(NEWTON_STEPS):
        tangent = np.tanh(z / 2)
        slope = 1 - 0.5 * tau2 * (1 - tangent) * (1 + tangent)
        step = np.divide(z - tau2 * tangent - centre, slope, out=np.zeros_like(z), where=slope > 0)
        if not (np.abs(step) > 1e-15 * z).any():
            break
        z = np.maximum(z - step, centre)
    return np.where((centre == 0) & (tau2 > 2), np.nan, expit(np.where(centre == 0, 0.0, np.copysign(z, x))))


def z_to_r_mode(x: FloatArray, tau2: FloatArray) -> FloatArray:
    """Highest mode of tanh(X), X normal with mean x and variance tau2; see `inverse_logit_mode`."""
    return 2 * inverse_logit_mode(2 * x, 4 * tau2) - 1
