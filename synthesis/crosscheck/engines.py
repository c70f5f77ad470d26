"""Our pools against another engine: statsmodels' `combine_effects`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from synthesis.pooling import Pooled, check_effects, pool

ENGINE = "statsmodels"
METHODS = {"EE": "iterated", "DL": "dl", "PM": "iterated"}  # ours: theirs; the equal-effects mean comes with any
STOPS = (1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5)  # of |Q - (k - 1)|; the last is its own, and too far for some pools
TESTS = ("z", "t", "knha", "adhoc")  # that can be put together from its standard errors
REFITTED = ("DL", "PM")  # the estimators of tau^2 that both engines have
NUMBERS = ("estimate", "se", "ci_low", "ci_high", "tau2")


@dataclass(frozen=True, slots=True)
class EngineCheck:
    """The number of a pool in which the engines differ most, or the reason why they were not compared."""

    engine: str
    what: str  # method, test and, where they were compared, the number: "DL z: ci_low"
    ours: float | None = None
    theirs: float | None = None
    difference: float | None = None  # in standard errors of the pooled effect; of tau2, in shares of tau2 + median v
    reason: str = ""  # empty where they were compared


def statsmodels_difference(yi: Any, vi: Any, pooled: Pooled) -> EngineCheck | None:
    """A pool computed again by statsmodels, where that computes the same thing.

    Parameters
    ----------
    yi, vi : array-like, shape (k,)
        The effects and sampling variances that were pooled.
    pooled : Pooled
        What `pool` made of them.

    Returns
    -------
    EngineCheck or None
        The largest difference in estimate, standard error, interval and tau^2; or the reason why statsmodels has
        nothing to compare with. None for a single study, where nothing is pooled.

    Notes
    -----
    statsmodels has DL, PM (`iterated`, stopped when Q is near k - 1: as near as one of STOPS) and the equal-effects
    mean. It does not set a negative tau^2 of DL to 0, so that pools where ours is 0 are not
    compared. Its intervals are of z, and, as those of weighted least squares, of Knapp and Hartung; those of the
    tests t and adhoc are put together from its standard errors.
    """
    if pooled.k == 1:
        return None
    what = f"{pooled.method} {pooled.test}"
    reason = _why_not(pooled)
    if reason:
        return EngineCheck(ENGINE, what, reason=reason)
    y, v = check_effects(yi, vi)
    ours = {name: float(getattr(pooled, name)) for name in NUMBERS}
    theirs = _theirs(y, v, pooled)
    spread = ours["tau2"] + float(np.median(v))
    unit = {name: spread if name == "tau2" else theirs["se"] for name in NUMBERS}
    differences = {name: abs(ours[name] - theirs[name]) / unit[name] for name in NUMBERS}
    worst = max(NUMBERS, key=differences.__getitem__)
    return EngineCheck(ENGINE, f"{what}: {worst}", ours[worst], theirs[worst], differences[worst])


def refitted(yi: Any, vi: Any, *, test: str = "z", level: float = 0.95) -> tuple[EngineCheck, ...]:
    """The same effects pooled by both engines with every estimator that both have: for pools of any other, as REML.

    Parameters
    ----------
    yi, vi : array-like, shape (k,)
        Effects and sampling variances, of at least two studies.
    test, level
        As for `pool`; z in the place of a test that statsmodels cannot be compared by.

    Returns
    -------
    tuple of EngineCheck
        One for DL and one for PM; none for a single study.
    """
    comparable = test if test in TESTS else "z"
    fits = [pool(yi, vi, method=method, test=comparable, level=level) for method in REFITTED]
    checks = [statsmodels_difference(yi, vi, fit) for fit in fits]
    return tuple(check for check in checks if check is not None)


def _why_not(pooled: Pooled) -> str:
    """Why statsmodels does not compute the same thing, or nothing."""
    if pooled.method not in METHODS:
        return f"{ENGINE} has no {pooled.method}"
    if pooled.test not in TESTS:
        return f"{ENGINE} has no test {pooled.test}"
    if pooled.method == "DL" and pooled.boundary:
        return f"{ENGINE} leaves a negative tau^2 of DL below 0, where ours is 0"
    if pooled.se == 0:
        return "the studies agree to the last digit: there is no standard error to compare by"
    return ""


def _combined(y: Any, v: Any, method: str) -> Any:
    """What statsmodels gives at the tightest of STOPS at which its iteration does not step over the root to 0."""
    from statsmodels.stats.meta_analysis import combine_effects

    found = None
    for stop in STOPS:
        with np.errstate(divide="ignore"):  # of its I^2, which is not compared, where Q is 0
            found = combine_effects(y, v, method_re=method, atol=stop)
        if found.tau2 > 0 or found.q <= len(y) - 1:
            return found
    return found


def _theirs(y: Any, v: Any, pooled: Pooled) -> dict[str, float]:
    """What statsmodels finds, by our names."""
    from scipy import stats

    found = _combined(y, v, METHODS[pooled.method])
    fixed = pooled.method == "EE"
    mean = float(found.mean_effect_fe if fixed else found.mean_effect_re)
    plain = float(found.sd_eff_w_fe if fixed else found.sd_eff_w_re)
    scaled = float(found.sd_eff_w_fe_hksj if fixed else found.sd_eff_w_re_hksj)
    se = {"z": plain, "t": plain, "knha": scaled, "adhoc": max(plain, scaled)}[pooled.test]
    upper = (1 + pooled.level) / 2
    reach = se * float(stats.norm.ppf(upper) if pooled.test == "z" else stats.t.ppf(upper, found.df_resid))
    tau2 = 0.0 if fixed else float(found.tau2)
    return {"estimate": mean, "se": se, "ci_low": mean - reach, "ci_high": mean + reach, "tau2": tau2}
