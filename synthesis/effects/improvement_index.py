"""The improvement index of the What Works Clearinghouse: how far the median person of the controls would rise."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy.special import erf, erfinv

from synthesis.effects.columns import FloatArray, refuse
from synthesis.effects.convert import arrays

LARGEST = 50.0  # percentile points; that of an effect without end


def improvement_index(gi: Any) -> FloatArray:
    """Percentile points that the median person of the control group would gain: 100 (Phi(g) - 1/2).

    Parameters
    ----------
    gi : array-like, shape (k,), or float
        Standardised mean differences, benefit above 0.

    Returns
    -------
    ndarray, shape (k,)
        Between -50 and 50; NaN where the effect is absent.

    Raises
    ------
    InvalidArgument
        For text and truth values.

    References
    ----------
    What Works Clearinghouse (2008). Procedures and Standards Handbook, version 2.0.
    """
    (g,) = arrays(gi=gi)
    found: FloatArray = LARGEST * erf(g / math.sqrt(2))
    return found


def smd_from_improvement_index(index: Any) -> FloatArray:
    """Standardised mean differences from improvement indices, the inverse of `improvement_index`.

    Parameters
    ----------
    index : array-like, shape (k,), or float
        Percentile points, between -50 and 50, both excluded.

    Raises
    ------
    InvalidArgument
        For an index of 50 or more on either side, text and truth values.
    """
    (points,) = arrays(index=index)
    refuse(np.abs(points) >= LARGEST, "an improvement index must lie between -50 and 50, both excluded")
    found: FloatArray = math.sqrt(2) * erfinv(points / LARGEST)
    return found
