"""From one scale to another: functions of single numbers, applied to arrays of any shape. `transform.py` names them."""

from __future__ import annotations

import numpy as np
from scipy.special import erf, erfinv, ndtr, ndtri

from synthesis.effects.columns import FloatArray
from synthesis.effects.convert import COX_SNELL, LOGISTIC, allocation


def harmonic_mean(n: FloatArray) -> FloatArray:
    """Harmonic mean of all sizes, a single number; absent ones are left out."""
    mean: FloatArray = np.asarray(1 / np.nanmean(1 / n))
    return mean


def inverse_arcsine(x: FloatArray) -> FloatArray:
    """sin(x)^2; 0 below 0 and 1 above pi / 2, where a bound of an interval may lie."""
    found: FloatArray = np.sin(np.clip(x, 0, np.pi / 2)) ** 2
    return found


def freeman_tukey(x: FloatArray, n: FloatArray) -> FloatArray:
    """Half the sum of arcsin sqrt(e / (n + 1)) and arcsin sqrt((e + 1) / (n + 1)), e = n x events."""
    events = x * n
    rest = (n - events) / (n + 1)  # 1 - (e + 1) / (n + 1), from which the angle is taken without cancellation near 1
    half: FloatArray = 0.5 * (np.arcsin(np.sqrt(events / (n + 1))) + np.arccos(np.sqrt(rest)))
    return half


def inverse_freeman_tukey(x: FloatArray, n: FloatArray) -> FloatArray:
    """Proportion of which x is the double arcsine; 0 and 1 beyond what n people can give.

    With t = 2 x the sum of the two angles, cos t cos(their difference) = (n - 2 e) / (n + 1), and the sine of their
    difference is 1 / ((n + 1) sin t). Equal to the formula of Miller (1978), without its sign.
    """
    least = freeman_tukey(np.zeros_like(x), n)
    t = 2 * np.clip(x, least, np.pi / 2 - least)
    between = np.sqrt(np.maximum(1 - 1 / ((n + 1) * np.sin(t)) ** 2, 0.0))
    found: FloatArray = np.clip(0.5 * (1 - (1 + 1 / n) * np.cos(t) * between), 0, 1)
    return found


def inverse_freeman_tukey_harmonic(x: FloatArray, n: FloatArray) -> FloatArray:
    """As `inverse_freeman_tukey`, with the harmonic mean of the sizes of all studies."""
    return inverse_freeman_tukey(x, harmonic_mean(n))


def inverse_square_root(x: FloatArray) -> FloatArray:
    """x^2; 0 below 0, where a bound of an interval may lie."""
    found: FloatArray = np.maximum(x, 0.0) ** 2
    return found


def freeman_tukey_rate(x: FloatArray, person_time: FloatArray) -> FloatArray:
    """Half the sum of sqrt(x) and sqrt(x + 1 / t), x a rate over person-time t."""
    half: FloatArray = 0.5 * (np.sqrt(x) + np.sqrt(x + 1 / person_time))
    return half


def inverse_freeman_tukey_rate(x: FloatArray, person_time: FloatArray) -> FloatArray:
    """(x - 1 / (4 t x))^2, because the two roots differ by 1 / (2 t x); 0 below what no event gives."""
    x = np.maximum(x, 0.5 / np.sqrt(person_time))
    root: FloatArray = np.maximum(x - 1 / (4 * person_time * x), 0.0)
    return root**2


def hakstian_whalen(x: FloatArray) -> FloatArray:
    """1 - (1 - x)^(1/3), x a coefficient alpha."""
    found: FloatArray = 1 - np.cbrt(1 - x)
    return found


def inverse_hakstian_whalen(x: FloatArray) -> FloatArray:
    """1 - (1 - x)^3, within 0 and 1."""
    found: FloatArray = 1 - (1 - np.clip(x, 0, 1)) ** 3
    return found


def bonett(x: FloatArray) -> FloatArray:
    """-log(1 - x), x a coefficient alpha."""
    found: FloatArray = -np.log1p(-x)
    return found


def inverse_bonett(x: FloatArray) -> FloatArray:
    """1 - exp(-x), not below 0."""
    found: FloatArray = -np.expm1(-np.maximum(x, 0.0))
    return found


def r2_to_z(x: FloatArray) -> FloatArray:
    """artanh(sqrt(x)), x a coefficient of determination."""
    found: FloatArray = np.arctanh(np.sqrt(x))
    return found


def z_to_r2(x: FloatArray) -> FloatArray:
    """tanh(x)^2; 0 below 0, where a bound of an interval may lie."""
    found: FloatArray = np.tanh(np.maximum(x, 0.0)) ** 2
    return found


def d_to_u1(x: FloatArray) -> FloatArray:
    """Cohen's U1, the share of both groups together where they do not overlap: (2 U - 1) / U, U = Phi(|x| / 2)."""
    found: FloatArray = erf(np.abs(x) / np.sqrt(8)) / ndtr(np.abs(x) / 2)
    return found


def d_to_u2(x: FloatArray) -> FloatArray:
    """Cohen's U2, the share of the first group that exceeds the same share of the second: Phi(x / 2)."""
    found: FloatArray = ndtr(x / 2)
    return found


def u2_to_d(x: FloatArray) -> FloatArray:
    """The inverse of `d_to_u2`."""
    found: FloatArray = 2 * ndtri(x)
    return found


def d_to_overlap(x: FloatArray) -> FloatArray:
    """Overlapping coefficient of two normal densities: 2 Phi(-|x| / 2)."""
    found: FloatArray = 2 * ndtr(-np.abs(x) / 2)
    return found


def d_to_cles(x: FloatArray) -> FloatArray:
    """Probability that one of the first group exceeds one of the second: Phi(x / sqrt(2))."""
    found: FloatArray = ndtr(x / np.sqrt(2))
    return found


def cles_to_d(x: FloatArray) -> FloatArray:
    """The inverse of `d_to_cles`."""
    found: FloatArray = np.sqrt(2) * ndtri(x)
    return found


def d_to_cliff(x: FloatArray) -> FloatArray:
    """Cliff's delta, twice the probability of `d_to_cles` less 1: erf(x / 2)."""
    found: FloatArray = erf(x / 2)
    return found


def cliff_to_d(x: FloatArray) -> FloatArray:
    """The inverse of `d_to_cliff`."""
    found: FloatArray = 2 * erfinv(x)
    return found


def d_to_besd(x: FloatArray) -> FloatArray:
    """Share of the first group above the common median, 1/2 + r / 2 with r = x / sqrt(x^2 + 4)."""
    return 0.5 + d_to_point_biserial(x) / 2


def besd_to_d(x: FloatArray) -> FloatArray:
    """The inverse of `d_to_besd`."""
    return point_biserial_to_d(2 * x - 1)


def d_to_point_biserial(x: FloatArray, n1i: FloatArray | None = None, n2i: FloatArray | None = None) -> FloatArray:
    """Point-biserial correlation x / sqrt(x^2 + h); h as `convert.allocation` gives it."""
    found: FloatArray = x / np.hypot(x, np.sqrt(allocation(n1i, n2i)))
    return found


def point_biserial_to_d(x: FloatArray, n1i: FloatArray | None = None, n2i: FloatArray | None = None) -> FloatArray:
    """sqrt(h) x / sqrt(1 - x^2), the inverse of `d_to_point_biserial`."""
    with np.errstate(divide="ignore"):
        found: FloatArray = np.sqrt(allocation(n1i, n2i)) * x / np.sqrt((1 - x) * (1 + x))
    return found


def _biserial_factor(share: FloatArray) -> FloatArray:
    """sqrt(p (1 - p)) over the normal density at the point that cuts off p."""
    factor: FloatArray = np.sqrt(share * (1 - share) * 2 * np.pi) * np.exp(0.5 * ndtri(share) ** 2)
    return factor


def point_biserial_to_biserial(x: FloatArray, share: FloatArray | None = None) -> FloatArray:
    """Biserial from point-biserial correlation, `share` of the people being in the first group (one half if None)."""
    return x * _biserial_factor(np.asarray(0.5) if share is None else share)


def biserial_to_point_biserial(x: FloatArray, share: FloatArray | None = None) -> FloatArray:
    """The inverse of `point_biserial_to_biserial`."""
    return x / _biserial_factor(np.asarray(0.5) if share is None else share)


def _share(n1i: FloatArray | None, n2i: FloatArray | None) -> FloatArray | None:
    return None if n1i is None or n2i is None else n1i / (n1i + n2i)


def d_to_biserial(x: FloatArray, n1i: FloatArray | None = None, n2i: FloatArray | None = None) -> FloatArray:
    """`d_to_point_biserial`, then `point_biserial_to_biserial`."""
    return point_biserial_to_biserial(d_to_point_biserial(x, n1i, n2i), _share(n1i, n2i))


def biserial_to_d(x: FloatArray, n1i: FloatArray | None = None, n2i: FloatArray | None = None) -> FloatArray:
    """The inverse of `d_to_biserial`; NaN for a correlation that a cut variable cannot have."""
    cut = biserial_to_point_biserial(x, _share(n1i, n2i))
    return point_biserial_to_d(np.where(np.abs(cut) <= 1, cut, np.nan), n1i, n2i)


def d_to_mean_difference(x: FloatArray, sd: FloatArray) -> FloatArray:
    """As many standard deviations in the unit of `sd`."""
    return x * sd


def mean_difference_to_d(x: FloatArray, sd: FloatArray) -> FloatArray:
    """The inverse of `d_to_mean_difference`."""
    return x / sd


def d_to_log_odds_ratio_normal(x: FloatArray) -> FloatArray:
    """SMD times 1.65, for a cut through normal distributions."""
    return x * COX_SNELL


def log_odds_ratio_to_d_normal(x: FloatArray) -> FloatArray:
    """Log odds ratio over 1.65, for a cut through normal distributions."""
    return x / COX_SNELL


def d_to_log_odds_ratio_logistic(x: FloatArray) -> FloatArray:
    """SMD times pi / sqrt(3), for a cut through logistic distributions."""
    return x * LOGISTIC


def log_odds_ratio_to_d_logistic(x: FloatArray) -> FloatArray:
    """Log odds ratio over pi / sqrt(3), for a cut through logistic distributions."""
    return x / LOGISTIC


def log_odds_ratio_to_tetrachoric_pearson(x: FloatArray) -> FloatArray:
    """cos(pi / (1 + sqrt(OR))), which is sin(pi / 2 tanh(x / 4))."""
    found: FloatArray = np.sin(np.pi / 2 * np.tanh(x / 4))
    return found


def tetrachoric_pearson_to_log_odds_ratio(x: FloatArray) -> FloatArray:
    """The inverse of `log_odds_ratio_to_tetrachoric_pearson`."""
    found: FloatArray = 4 * np.arctanh(2 / np.pi * np.arcsin(x))
    return found


def log_odds_ratio_to_tetrachoric_digby(x: FloatArray) -> FloatArray:
    """(OR^(3/4) - 1) / (OR^(3/4) + 1), which is tanh(3 x / 8)."""
    found: FloatArray = np.tanh(0.375 * x)
    return found


def tetrachoric_digby_to_log_odds_ratio(x: FloatArray) -> FloatArray:
    """The inverse of `log_odds_ratio_to_tetrachoric_digby`."""
    found: FloatArray = np.arctanh(x) / 0.375
    return found
