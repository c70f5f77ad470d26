"""Correlations of a quantity with belonging to the first of two groups: point-biserial and biserial."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from synthesis.effects.columns import FloatArray
from synthesis.effects.convert import allocation
from synthesis.effects.correlations import to_z
from synthesis.effects.effect import Effect, Effects
from synthesis.effects.means import cohens_d
from synthesis.effects.rows import Reason, explained
from synthesis.effects.superiority import density


def point_biserial(*, n1i: FloatArray, n2i: FloatArray, vtype: str = "ST", **shown: FloatArray) -> Effects:
    """Point-biserial correlation r = d / sqrt(d^2 + h), h = (n1 + n2 - 2) (1 / n1 + 1 / n2) (RPB).

    Parameters
    ----------
    n1i, n2i, **shown : ndarray
        As `means.cohens_d` takes them.
    vtype : str
        How people were sampled, "ST": so many of each group (stratified), the variance being
        h^2 / (h + d^2)^3 (1 / n1 + 1 / n2 + d^2 / (2 n)); "CS": n people of whichever group (cross-sectional),
        (1 - r^2)^2 (1 - 3 r^2 / 2 + r^2 / (4 p q)) / n, p and q being the shares of the groups; "LS": as "ST".

    References
    ----------
    Tate RF (1954). Correlation between a discrete and a continuous variable: point-biserial correlation. Annals of
    Mathematical Statistics 25(3), 603-607. Jacobs P, Viechtbauer W (2017). Estimation of the biserial correlation and
    its sampling variance for use in meta-analysis. Research Synthesis Methods 8(2), 161-180.
    """
    effect = _point_biserial(n1i, n2i, vtype, **shown)
    return explained("RPB", effect, (n1i, n2i), _reasons(effect))


def point_biserial_z(*, n1i: FloatArray, n2i: FloatArray, vtype: str = "ST", **shown: FloatArray) -> Effects:
    """Fisher's z of a point-biserial correlation, by the delta method (ZPB); columns and vtype as for RPB."""
    effect = _point_biserial(n1i, n2i, vtype, **shown)
    return explained("ZPB", to_z(*effect), (n1i, n2i), _reasons(effect))


def biserial(*, n1i: FloatArray, n2i: FloatArray, **shown: FloatArray) -> Effects:
    """Biserial correlation, as if the groups were cut out of a normal variable (RBIS).

    sqrt(p q) / f times the point-biserial correlation, p and q = 1 - p being the shares of the groups and f the
    normal density at the cut z = Phi^-1(p). Columns as `means.cohens_d` takes them.

    Notes
    -----
    The variance is (p q / f^2 - (3 / 2 + (1 + p z / f) (1 - q z / f)) r^2 + r^4) / (n - 1).

    References
    ----------
    Soper HE (1914). On the probable error of the bi-serial expression for the correlation coefficient. Biometrika
    10(2/3), 384-390. Jacobs P, Viechtbauer W (2017). Estimation of the biserial correlation and its sampling variance
    for use in meta-analysis. Research Synthesis Methods 8(2), 161-180.
    """
    effect = _biserial(n1i, n2i, **shown)
    return explained("RBIS", effect, (n1i, n2i), _reasons(effect))


def biserial_z(*, n1i: FloatArray, n2i: FloatArray, **shown: FloatArray) -> Effects:
    """Fisher's z of a biserial correlation, by the delta method (ZBIS); columns as for RBIS."""
    effect = _biserial(n1i, n2i, **shown)
    beyond = (np.abs(effect[0]) >= 1, "a biserial correlation beyond -1 or 1 has no z")
    return explained("ZBIS", to_z(*effect), (n1i, n2i), [beyond, *_reasons(effect)])


def _point_biserial(n1: FloatArray, n2: FloatArray, vtype: str, **shown: FloatArray) -> Effect:
    d, h, n = cohens_d(n1i=n1, n2i=n2, **shown), allocation(n1, n2), n1 + n2
    r = d / np.sqrt(d**2 + h)
    if vtype in ("ST", "LS"):
        return r, h**2 / (h + d**2) ** 3 * (1 / n1 + 1 / n2 + d**2 / (2 * n))
    return r, (1 - r**2) ** 2 * (1 - 1.5 * r**2 + r**2 * n**2 / (4 * n1 * n2)) / n


def _biserial(n1: FloatArray, n2: FloatArray, **shown: FloatArray) -> Effect:
    d, h, n = cohens_d(n1i=n1, n2i=n2, **shown), allocation(n1, n2), n1 + n2
    p, q = n1 / n, n2 / n
    z = ndtri(p)
    f = density(z)
    r = np.sqrt(p * q) / f * d / np.sqrt(d**2 + h)
    tilt = (1 + p * z / f) * (1 - q * z / f)
    return r, (p * q / f**2 - (1.5 + tilt) * r**2 + r**4) / (n - 1)


def _reasons(effect: Effect) -> list[Reason]:
    return [(np.isnan(effect[0]), "no standard deviation above 0, or a number is missing")]
