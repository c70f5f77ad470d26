"""One meta-analysis."""

from __future__ import annotations

import math
from typing import Any

from synthesis.errors import InvalidArgument
from synthesis.pooling.batch import batch_of_one
from synthesis.pooling.check import check_centre, check_effects, check_options, check_weights
from synthesis.pooling.pooled import Pooled
from synthesis.pooling.results import results


def pool(
    yi: Any,
    vi: Any,
    *,
    method: str = "REML",
    test: str = "adhoc",
    level: float = 0.95,
    weights: Any = None,
    tau2: float | None = None,
    mantel_haenszel: float | None = None,
) -> Pooled:
    """Pooled effect of a group of studies, by a random-effects or an equal-effects model.

    Parameters
    ----------
    yi, vi : array-like, shape (k,)
        Effects (ratios as logs) and their sampling variances (not standard errors).
    method : str
        Estimator of tau^2, a key of `TAU2`; "EE" for the equal-effects model.
    test : str
        A key of `TESTS`: z, t, knha (Knapp-Hartung), adhoc (Knapp-Hartung, variance factor not below 1).
    level : float
        Confidence level of all intervals.
    weights : array-like, shape (k,), optional
        Weights of the user's own; the default is 1 / (vi + tau2).
    tau2 : float, optional
        tau^2 known from elsewhere, in place of an estimate.
    mantel_haenszel : float, optional
        For the method "DLMH": the Mantel-Haenszel estimate on the scale of yi (`mantel_haenszel_estimate`).

    Returns
    -------
    Pooled
        With one study: its own effect with the z interval, and None for all that needs two.

    Raises
    ------
    InvalidArgument
        For effects or options that cannot be used; the message names rows and remedies.

    Examples
    --------
    >>> fit = pool([0.1, 0.9, 0.45], [0.04, 0.05, 0.2], method="DL", test="z")
    >>> round(fit.tau2, 5)
    0.17625
    """
    check_options(method, test, level)
    y, v = check_effects(yi, vi)
    if tau2 is not None and not (math.isfinite(tau2) and tau2 >= 0):
        raise InvalidArgument(f"tau2 must be finite and not below 0, not {tau2!r}")
    if method == "DLMH" and tau2 is None:
        check_centre(mantel_haenszel, len(y))
    shares = None if weights is None else check_weights(weights, len(y))[None, :]
    batch = batch_of_one(y, v, mantel_haenszel)
    return results(batch, method=method, test=test, level=level, tau2=tau2, shares=shares)[0]


def companion(yi: Any, vi: Any, *, level: float = 0.95) -> Pooled:
    """Equal-effects model with the z interval: what stands beside the pool of two studies."""
    return pool(yi, vi, method="EE", test="z", level=level)


def few_studies(
    yi: Any,
    vi: Any,
    *,
    method: str = "REML",
    test: str = "adhoc",
    level: float = 0.95,
    mantel_haenszel: float | None = None,
) -> tuple[Pooled, ...]:
    """What to show beside `pool` with the same arguments when there are few studies.

    Two studies: the equal-effects model with its z interval. Three or four: the same model with the z interval.
    Otherwise, or where the test is z already (for three or four), nothing.
    """
    k = len(check_effects(yi, vi)[0])
    if k == 2 and (method, test) != ("EE", "z"):
        return (companion(yi, vi, level=level),)
    if k in (3, 4) and test != "z":
        return (pool(yi, vi, method=method, test="z", level=level, mantel_haenszel=mantel_haenszel),)
    return ()
