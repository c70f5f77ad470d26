"""Information criteria of a fitted model."""

from __future__ import annotations

import numpy as np

from synthesis.pooling.batch import FloatArray


def information_criteria(log_likelihood: FloatArray, parameters: int, n: FloatArray) -> tuple[FloatArray, ...]:
    """AIC, BIC and AICc, of the shape of `log_likelihood`.

    Parameters
    ----------
    log_likelihood : ndarray
        Full or restricted, with all its constants.
    parameters : int
        How many were estimated, variances included.
    n : ndarray or float
        Observations: k for the full likelihood, k less the number of coefficients for the restricted one. The
        correction of AICc takes it as at least `parameters` + 2, as metafor does.
    """
    enough = np.maximum(n, parameters + 2)
    aic = -2 * log_likelihood + 2 * parameters
    bic = -2 * log_likelihood + parameters * np.log(n)
    aicc = -2 * log_likelihood + 2 * parameters * enough / (enough - parameters - 1)
    return aic, bic, aicc
