"""The hazard of the normal distribution."""

from __future__ import annotations

import numpy as np
from scipy.special import erfcx

from synthesis.pooling.batch import FloatArray

ROOT_HALF = np.sqrt(0.5)


def hazard(x: FloatArray) -> FloatArray:
    """phi(x) / Phi(x), to full precision however far below 0 x lies."""
    found: FloatArray = np.sqrt(2 / np.pi) / erfcx(-ROOT_HALF * x)
    return found
