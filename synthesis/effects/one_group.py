"""What one group shows: its mean, its standard deviation, and their ratio, some of them as logs."""

from __future__ import annotations

import numpy as np

from synthesis.effects.columns import FloatArray
from synthesis.effects.effect import Effects
from synthesis.effects.means import check_deviations, check_sizes, hedges_correction
from synthesis.effects.ratios import NO_SPREAD, ONE_PERSON, half_over_df, variation
from synthesis.effects.rows import Reason, explained, set_mean
from synthesis.effects.smd import over

NO_LOG = "only a mean above 0 has a log"


def mean(*, mi: FloatArray, sdi: FloatArray, ni: FloatArray, vtype: str = "LS") -> Effects:
    """Mean (MN).

    Parameters
    ----------
    mi, sdi, ni : ndarray
        Means, standard deviations (not standard errors) and sizes.
    vtype : str
        "LS": sd^2 / n; "HO": with one variance for all studies of the set, the mean of the sd^2 weighted by n - 1.
    """
    _check(sdi, ni)
    alone = (ni <= 1, "no group of the set has more than one person")
    spread = set_mean(sdi**2, ni - 1) if vtype == "HO" else sdi**2
    return explained("MN", (mi, spread / ni), (mi, sdi, ni), [alone])


def standardised_mean(*, mi: FloatArray, sdi: FloatArray, ni: FloatArray, correct: bool = True) -> Effects:
    """Mean in units of the standard deviation, with variance 1 / n + y^2 / (2 n) (SMN).

    `correct` multiplies by Hedges' J of n - 1 degrees of freedom.
    """
    _check(sdi, ni)
    yi = over(mi, sdi) * (hedges_correction(ni - 1) if correct else 1.0)
    few = (ni <= 2, "the group is too small for the correction")
    return explained("SMN", (yi, 1 / ni + yi**2 / (2 * ni)), (mi, sdi, ni), [(sdi == 0, NO_SPREAD), few])


def log_mean(*, mi: FloatArray, sdi: FloatArray, ni: FloatArray) -> Effects:
    """Log of a mean above 0, with variance (sd / mean)^2 / n (MNLN)."""
    _check(sdi, ni)
    return explained("MNLN", (_log(mi), variation(sdi, mi) ** 2 / ni), (mi, sdi, ni), [(mi <= 0, NO_LOG)])


def log_deviation(*, sdi: FloatArray, ni: FloatArray, mi: FloatArray | None = None, correct: bool = True) -> Effects:
    """Log of a standard deviation, with variance 1 / (2 (n - 1)) (SDLN).

    `correct` adds 1 / (2 (n - 1)), which takes away the bias; the mean mi is not used.

    References
    ----------
    Raudenbush SW, Bryk AS (1987). Examining correlates of diversity. Journal of Educational Statistics 12(3), 241-269.
    """
    del mi
    _check(sdi, ni)
    half = half_over_df(ni)
    return explained("SDLN", (_log(sdi) + (half if correct else 0.0), half), (sdi, ni), _reasons(sdi, ni))


def log_coefficient_of_variation(*, mi: FloatArray, sdi: FloatArray, ni: FloatArray, correct: bool = True) -> Effects:
    """Log of sd / mean, a mean above 0, with variance 1 / (2 (n - 1)) + (sd / mean)^2 / n (CVLN).

    `correct` adds 1 / (2 (n - 1)), the bias of the log of the standard deviation.

    References
    ----------
    Nakagawa S and others (2015). Meta-analysis of variation: ecological and evolutionary applications and beyond.
    Methods in Ecology and Evolution 6(2), 143-152 (equation 27, mean and standard deviation being independent).
    """
    _check(sdi, ni)
    half = half_over_df(ni)
    yi = _log(sdi) - _log(mi) + (half if correct else 0.0)
    reasons = [(mi <= 0, NO_LOG), *_reasons(sdi, ni)]
    return explained("CVLN", (yi, half + variation(sdi, mi) ** 2 / ni), (mi, sdi, ni), reasons)


def _check(sd: FloatArray, n: FloatArray) -> None:
    check_deviations(sd)
    check_sizes(n)


def _log(x: FloatArray) -> FloatArray:
    """log(x); NaN where x is not above 0."""
    logs: FloatArray = np.log(np.where(x > 0, x, np.nan))
    return logs


def _reasons(sd: FloatArray, n: FloatArray) -> list[Reason]:
    return [(sd == 0, NO_SPREAD), (n < 2, ONE_PERSON)]
