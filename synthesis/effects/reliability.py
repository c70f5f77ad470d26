"""Cronbach's alpha of a scale, and transformations of it."""

from __future__ import annotations

import numpy as np

from synthesis.effects.columns import FloatArray, refuse
from synthesis.effects.effect import Effects
from synthesis.effects.rows import Reason, explained
from synthesis.effects.scales import bonett, hakstian_whalen

TOO_FEW = "at least two items and three people are needed for a variance"
PERFECT = "an alpha of 1 has no log"


def alpha(*, ai: FloatArray, mi: FloatArray, ni: FloatArray) -> Effects:
    """Cronbach's alpha, with variance 2 m (1 - alpha)^2 / ((m - 1) (n - 2)) (ARAW).

    Parameters
    ----------
    ai, mi, ni : ndarray
        Values of alpha, numbers of items, numbers of people.

    References
    ----------
    Bonett DG (2010). Varying coefficient meta-analytic methods for alpha reliability. Psychological Methods 15(4),
    368-385.
    """
    reasons = _checked(ai, mi, ni)
    return explained("ARAW", (ai, _log_variance(mi, ni) * (1 - ai) ** 2), (ai, mi, ni), reasons)


def alpha_cube_root(*, ai: FloatArray, mi: FloatArray, ni: FloatArray) -> Effects:
    """1 - (1 - alpha)^(1/3), with variance 18 m (n - 1) (1 - alpha)^(2/3) / ((m - 1) (9 n - 11)^2) (AHW).

    Columns as for `alpha`. One less the transformation of Hakstian and Whalen, so that it grows with alpha.

    References
    ----------
    Hakstian AR, Whalen TE (1976). A k-sample significance test for independent alpha coefficients. Psychometrika
    41(2), 219-231.
    """
    reasons = _checked(ai, mi, ni)
    yi = hakstian_whalen(ai)
    vi = 18 * mi * (ni - 1) * (1 - yi) ** 2 / (_positive(mi - 1) * np.where(ni > 2, 9 * ni - 11, np.nan) ** 2)
    return explained("AHW", (yi, vi), (ai, mi, ni), reasons)


def alpha_log(*, ai: FloatArray, mi: FloatArray, ni: FloatArray) -> Effects:
    """-log(1 - alpha), with variance 2 m / ((m - 1) (n - 2)) (ABT).

    Columns as for `alpha`. The negative of the transformation of Bonett, so that it grows with alpha.

    References
    ----------
    Bonett DG (2002). Sample size requirements for testing and estimating coefficient alpha. Journal of Educational
    and Behavioral Statistics 27(4), 335-340.
    """
    reasons = [*_checked(ai, mi, ni), (ai == 1, PERFECT)]
    return explained("ABT", (bonett(np.where(ai < 1, ai, np.nan)), _log_variance(mi, ni)), (ai, mi, ni), reasons)


def _checked(ai: FloatArray, mi: FloatArray, ni: FloatArray) -> list[Reason]:
    """Raise InvalidArgument for what cannot be an alpha; the reason of rows that have no variance."""
    refuse(ai > 1, "alpha must not be above 1")
    refuse((mi < 1) | (ni < 1), "mi, the number of items, and ni, that of people, must be at least 1")
    return [((mi < 2) | (ni <= 2), TOO_FEW)]


def _log_variance(mi: FloatArray, ni: FloatArray) -> FloatArray:
    """Variance of log(1 - alpha)."""
    variance: FloatArray = 2 * mi / (_positive(mi - 1) * _positive(ni - 2))
    return variance


def _positive(x: FloatArray) -> FloatArray:
    """X where it is above 0, else NaN."""
    return np.where(x > 0, x, np.nan)
