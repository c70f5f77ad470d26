"""The tetrachoric correlation: that of two normal variables of which only the sides of a cut are known."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr, ndtri, owens_t

from synthesis.effects.columns import BoolArray, FloatArray
from synthesis.effects.correlations import to_z
from synthesis.effects.effect import Effect
from synthesis.effects.two_by_two import Cells

STEPS = 100  # Newton steps, each kept inside a bracket that at least halves when it would leave it
ENOUGH = 1e-12  # radians; a Newton step so short squares the error, beyond what numbers can show


def tetrachoric(a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray) -> Effect:
    """Maximum likelihood estimate of the correlation, with its asymptotic variance.

    Parameters
    ----------
    a, b, c, d : ndarray
        Cells of the table, row by row.

    Returns
    -------
    yi, vi : ndarray
        NaN for a table with an empty row or column; 1 or -1, without a variance, for a table with an empty cell.

    Notes
    -----
    Three parameters (two cuts and r) describe three free proportions, so that the likelihood is greatest where they
    reproduce the table: the cuts h, k are the normal quantiles of the margins, and r solves Phi2(h, k; r) = a / n.
    The variance is then that of the implicit function r(p) of the multinomial proportions, which is the inverse of
    the information, with w = 1 - A - B, -A, -B, 0 for the four cells, A = Phi((k - r h) / s), B = Phi((h - r k) / s)
    and s = sqrt(1 - r^2): (sum p w^2 - (sum p w)^2) / (n phi2(h, k; r)^2).

    References
    ----------
    Pearson K (1900). Mathematical contributions to the theory of evolution VII: on the correlation of characters not
    quantitatively measurable. Philosophical Transactions of the Royal Society A 195, 1-47.
    Owen DB (1956). Tables for computing bivariate normal probabilities. Annals of Mathematical Statistics 27(4),
    1075-1090.
    """
    n = a + b + c + d
    h, k = ndtri((a + b) / n), ndtri((a + c) / n)
    inside = (a > 0) & (b > 0) & (c > 0) & (d > 0)
    r = np.where(np.isfinite(h) & np.isfinite(k), np.sign(a * d - b * c), np.nan)
    v = np.full(r.shape, np.nan)
    if inside.any():
        table = (a[inside], b[inside], c[inside], d[inside])
        r[inside] = _solved(table, h[inside], k[inside])
        v[inside] = _variance(table, h[inside], k[inside], r[inside])
    return r, v


def tetrachoric_z(a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray) -> Effect:
    """Fisher's z of the tetrachoric correlation."""
    return to_z(*tetrachoric(a, b, c, d))


def _solved(table: Cells, h: FloatArray, k: FloatArray) -> FloatArray:
    """The correlations that reproduce tables without empty cells, each shape (t,).

    By Newton steps in the angle t, r = sin(t), whose derivative of Phi2 stays finite where r comes near 1; the first
    angle is Pearson's approximation by Yule's Y.
    """
    a, b, c, d = table
    target = a / (a + b + c + d)
    one, other = np.sqrt(a * d), np.sqrt(b * c)
    low, high = np.full(a.shape, -np.pi / 2), np.full(a.shape, np.pi / 2)
    angle = np.pi / 2 * (one - other) / (one + other)
    done = np.zeros(a.shape, dtype=np.bool_)
    for _ in range(STEPS):
        excess = bivariate_normal(h, k, angle) - target
        low, high = np.where(excess < 0, angle, low), np.where(excess > 0, angle, high)
        following = np.where(excess == 0, angle, angle - excess / _slope(h, k, angle))
        within = (following > low) & (following < high) | (excess == 0)
        following = np.where(within, following, (low + high) / 2)
        moved = np.abs(following - angle)
        angle = np.where(done, angle, following)
        done = done | (moved <= ENOUGH)
        if done.all():
            break
    solved: FloatArray = np.sin(angle)
    return solved


def _slope(h: FloatArray, k: FloatArray, angle: FloatArray) -> FloatArray:
    """Derivative of Phi2(h, k; sin t) in t: the density phi2 times cos t."""
    r, s = np.sin(angle), np.cos(angle)
    slope: FloatArray = np.exp(-(h**2 - 2 * r * h * k + k**2) / (2 * s**2)) / (2 * np.pi)
    return slope


def bivariate_normal(h: FloatArray, k: FloatArray, angle: FloatArray) -> FloatArray:
    """P(X < h, Y < k) of two standard normal variables with the correlation sin(angle), |angle| < pi / 2.

    Notes
    -----
    By Owen's T: (Phi(h) + Phi(k)) / 2 - T(h, (k - r h) / (h s)) - T(k, (h - r k) / (k s)), less 1/2 where h and k lie
    on different sides of 0.
    """
    r, s = np.sin(angle), np.cos(angle)
    apart = (h * k < 0) | ((h * k == 0) & (h + k < 0))
    inner = (ndtr(h) + ndtr(k)) / 2 - _owen(h, k, r, s) - _owen(k, h, r, s) - np.where(apart, 0.5, 0.0)
    centre = 0.25 + angle / (2 * np.pi)
    probability: FloatArray = np.where(_zero(h) & _zero(k), centre, inner)
    return probability


def _owen(h: FloatArray, k: FloatArray, r: FloatArray, s: FloatArray) -> FloatArray:
    """T(h, (k - r h) / (h s)), with its limit where h is 0."""
    slope = np.where(_zero(h), np.copysign(np.inf, k), (k - r * h) / (np.where(_zero(h), 1.0, h) * s))
    value: FloatArray = owens_t(h, slope)
    return value


def _zero(h: FloatArray) -> BoolArray:
    zero: BoolArray = h == 0
    return zero


def _variance(table: Cells, h: FloatArray, k: FloatArray, r: FloatArray) -> FloatArray:
    """Asymptotic variance of the correlation; see `tetrachoric`."""
    a, b, c, d = table
    n, s = a + b + c + d, np.sqrt((1 - r) * (1 + r))
    one, other = ndtr((k - r * h) / s), ndtr((h - r * k) / s)
    density = np.exp(-(h**2 - 2 * r * h * k + k**2) / (2 * s**2)) / (2 * np.pi * s)
    first = (a * (1 - one - other) - b * one - c * other) / n
    second = (a * (1 - one - other) ** 2 + b * one**2 + c * other**2) / n
    variance: FloatArray = (second - first**2) / (n * density**2)
    return variance
