"""The optimal information size of GRADE: how many people one adequate trial would need."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import ndtri

from synthesis.effects.columns import FloatArray, refuse
from synthesis.effects.convert import arrays


def people_for_means(di: Any, *, alpha: float = 0.05, power: float = 0.8) -> FloatArray:
    """People in each of two equal groups, to find a standardised mean difference with a two-sided test.

    Parameters
    ----------
    di : array-like, shape (k,), or float
        Standardised mean differences, not 0; their sign does not matter.
    alpha : float, optional
        Two-sided level of the test.
    power : float, optional
        Chance to find the difference.

    Returns
    -------
    ndarray, shape (k,)
        Whole numbers of people, rounded up; NaN where the difference is absent.

    Raises
    ------
    InvalidArgument
        For a difference of 0, and for `alpha` or `power` that are not between 0 and 1.

    Notes
    -----
    2 (z(1 - alpha/2) + z(power))^2 / d^2, by the normal approximation.

    References
    ----------
    Guyatt GH et al. (2011). GRADE guidelines 6: rating the quality of evidence, imprecision. Journal of Clinical
    Epidemiology 64, 1283-1293.
    """
    (d,) = arrays(di=di)
    refuse(d == 0, "a difference of 0 needs no end of people")
    found: FloatArray = np.ceil(2 * (_standard_errors(alpha, power) / d) ** 2)
    return found


def people_for_risks(control: Any, treated: Any, *, alpha: float = 0.05, power: float = 0.8) -> FloatArray:
    """People in each of two equal groups, to find a difference between two risks with a two-sided test.

    Parameters
    ----------
    control, treated : array-like, shape (k,), or float
        Risks in the two groups, between 0 and 1, not equal.
    alpha, power : float, optional
        As in `people_for_means`.

    Returns
    -------
    ndarray, shape (k,)
        Whole numbers of people, rounded up; NaN where a risk is absent.

    Raises
    ------
    InvalidArgument
        For equal risks and those outside 0 to 1, and for `alpha` or `power` that are not between 0 and 1.

    Notes
    -----
    (z(1 - alpha/2) + z(power))^2 (p0 (1 - p0) + p1 (1 - p1)) / (p1 - p0)^2, without pooling the risks.
    """
    p0, p1 = arrays(control=control, treated=treated)
    refuse((p0 < 0) | (p0 > 1) | (p1 < 0) | (p1 > 1), "risks must lie between 0 and 1")
    refuse(p0 == p1, "two equal risks need no end of people")
    spread = p0 * (1 - p0) + p1 * (1 - p1)
    found: FloatArray = np.ceil(spread * (_standard_errors(alpha, power) / (p1 - p0)) ** 2)
    return found


def _standard_errors(alpha: float, power: float) -> float:
    """How many standard errors a difference must lie from 0, to be found with that power."""
    chances = np.array([alpha, power], dtype=float)
    refuse(~((chances > 0) & (chances < 1)), "alpha and power must lie between 0 and 1, both excluded")
    return float(ndtri(1 - alpha / 2) + ndtri(power))
