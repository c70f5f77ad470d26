"""The delta method by numerical differentiation: an independent route to variances in closed form."""

import numpy as np

STEP = 1e-3  # of each number


def second_order(function, at, covariance, *, second):
    """g' S g of the gradient g, and for `second` also trace(H S H S) / 2 of the Hessian H, by central differences.

    The second term is the variance of the quadratic term for normal deviations, to which the first is not correlated.
    """
    at = np.asarray(at, dtype=float)
    steps = np.diag(STEP * np.abs(at))
    size = range(len(at))
    gradient = np.array([(function(*at + steps[i]) - function(*at - steps[i])) / (2 * steps[i, i]) for i in size])
    variance = gradient @ covariance @ gradient
    if not second:
        return variance
    hessian = np.array([[_mixed(function, at, steps[i], steps[j]) for j in size] for i in size])
    product = hessian @ covariance
    return variance + np.trace(product @ product) / 2


def _mixed(function, at, one, other):
    """A second derivative."""
    corners = function(*at + one + other) - function(*at + one - other) - function(*at - one + other)
    return (corners + function(*at - one - other)) / (4 * one.max() * other.max())
