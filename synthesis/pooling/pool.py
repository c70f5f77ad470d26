"""One meta-analysis."""

from __future__ import annotations

from typing import Any

from synthesis.effects.columns import looked_up
from synthesis.errors import InvalidArgument
from synthesis.pooling.batch import batch_of_one
from synthesis.pooling.check import (
    LARGEST,
    check_centre,
    check_effects,
    check_intervals,
    check_options,
    check_weights,
    is_number,
)
from synthesis.pooling.options import Options
from synthesis.pooling.pooled import Pooled
from synthesis.pooling.results import results


def pool(
    yi: Any,
    vi: Any,
    *,
    data: Any = None,
    method: str = "REML",
    test: str = "adhoc",
    level: float = 0.95,
    weights: Any = None,
    tau2: float | None = None,
    mantel_haenszel: float | None = None,
    tau2_interval: str = "QP",
    prediction: str = "riley",
) -> Pooled:
    """Pooled effect of a group of studies, by a random-effects or an equal-effects model.

    Parameters
    ----------
    yi, vi : array-like, shape (k,), or str
        Effects (ratios as logs) and their sampling variances (not standard errors), or the names of their columns in
        `data`.
    data : DataFrame or mapping of columns, optional
        Where names are looked up.
    method : str
        Estimator of tau^2, a key of `TAU2`; "EE" for the equal-effects model.
    test : str
        A key of `TESTS`: z, t, knha (Knapp-Hartung), adhoc (Knapp-Hartung, variance factor not below 1), adhoc-ci
        (Knapp-Hartung, or z where that interval is wider), kr (Kenward-Roger, for REML).
    level : float
        Confidence level of all intervals.
    weights : array-like, shape (k,), or str, optional
        Weights of the user's own; the default is 1 / (vi + tau2). GENQ and GENQM need them, for tau^2 too.
    tau2 : float, optional
        tau^2 known from elsewhere, in place of an estimate.
    mantel_haenszel : float, optional
        For the method "DLMH": the Mantel-Haenszel estimate on the scale of yi (`mantel_haenszel_estimate`).
    tau2_interval : str
        Interval of tau^2, I^2 and H^2, a key of `TAU2_INTERVALS`: QP (Q-profile), PL (profile likelihood, for ML and
        REML), BJ (Biggerstaff and Jackson), J (Jackson), GENQ (as J, with `weights`).
    prediction : str
        Interval for the effect in a new study, a key of `PREDICTION`: riley (standard error of the test, t with
        k - 2 degrees of freedom), V, HTS, HK, HK-PR, KR, KR-PR (KR for REML), metafor, t, simple.

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
    weighted, given = weights is not None, tau2 is not None
    check_options(method, test, level, weighted=weighted, given=given)
    check_intervals(tau2_interval, prediction, method, weighted=weighted, given=given)
    y, v = check_effects(yi, vi, data)
    if tau2 is not None and not (is_number(tau2) and 0 <= tau2 <= LARGEST):
        raise InvalidArgument(f"tau2 must be finite and not below 0 (nor above {LARGEST:.0e}), not {tau2!r}")
    centre = mantel_haenszel if method == "DLMH" and not given else None
    if method == "DLMH" and not given:
        check_centre(centre, len(y))
    shares = check_weights(looked_up(weights, data), len(y), method) if weighted else None
    batch = batch_of_one(y, v, centre, shares)
    return results(batch, Options(method, test, level, tau2_interval, prediction, tau2))[0]


def companion(yi: Any, vi: Any, *, data: Any = None, level: float = 0.95) -> Pooled:
    """Equal-effects model with the z interval: what stands beside the pool of two studies."""
    return pool(yi, vi, data=data, method="EE", test="z", level=level)


def few_studies(
    yi: Any,
    vi: Any,
    *,
    data: Any = None,
    method: str = "REML",
    test: str = "adhoc",
    level: float = 0.95,
    weights: Any = None,
    mantel_haenszel: float | None = None,
) -> tuple[Pooled, ...]:
    """What to show beside `pool` with the same arguments when there are few studies.

    Two studies: the equal-effects model with its z interval. Three or four: the same model with the z interval.
    Otherwise, or where the test is z already (for three or four), nothing.
    """
    y, v = check_effects(yi, vi, data)
    own = looked_up(weights, data)
    if len(y) == 2 and (method, test) != ("EE", "z"):
        return (companion(y, v, level=level),)
    if len(y) in (3, 4) and test != "z":
        return (pool(y, v, method=method, test="z", level=level, weights=own, mantel_haenszel=mantel_haenszel),)
    return ()
