"""What unpublished studies would have to find to change the answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt
from typing import Any, NamedTuple

import numpy as np

from synthesis.errors import InvalidArgument
from synthesis.pooling.batch import batch_of_one
from synthesis.pooling.check import LARGEST, check_effects, check_options, is_number, is_whole
from synthesis.pooling.fit import fit
from synthesis.pooling.moderators.regress import check_method
from synthesis.pooling.pooled import Note
from synthesis.sensitivity.cautions import Verdict, WithVerdict, verdict
from synthesis.sensitivity.missing_evidence.fail_safe_kinds import first_enough, spread_out
from synthesis.text import decimal, interval

MOST = 5_000  # unpublished studies; each step fits all of them
PRECISION = 1e-12  # relative to the standard error of the pool
ROUNDING = 4 * np.finfo(np.float64).eps
TELLS = "what a given number of studies, or how many of a given effect, would do to this pool"
CANNOT_TELL = "whether there are such studies"
RULES = ("heterogeneity", "tau2 is 0", "one study far away")


class After(NamedTuple):
    """The pool with the unpublished studies."""

    estimate: float
    ci_low: float
    ci_high: float
    tau2: float


@dataclass(frozen=True, slots=True)
class Unpublished(WithVerdict):
    """Studies that would change the answer; what cannot be given is None, with its reason in `notes`."""

    number: int | None  # of unpublished studies
    mean: float | None  # their mean effect, on the scale of yi
    target: float | None  # effect to which they bring the pool; None: they bring its interval to 0
    before: After  # the pool of the published studies
    after: After | None
    variance: float  # sampling variance of each of them
    k: int
    method: str
    test: str
    level: float
    sentence: str
    verdict: Verdict
    notes: tuple[Note, ...] = ()

    def summary(self) -> str:
        """What they would have to be, and the verdict."""
        then = "" if self.after is None else f"; then {decimal(self.after.estimate)} {_bounds(self.after)}"
        head = f"k = {self.k}: {decimal(self.before.estimate)} {_bounds(self.before)}; {self.sentence}{then}\n"
        return head + self.caveats()


def _bounds(pool: After) -> str:
    """Its interval as text."""
    return interval(pool.ci_low, pool.ci_high)


def unpublished(
    yi: Any,
    vi: Any,
    *,
    data: Any = None,
    number: int | None = None,
    mean: float | None = None,
    target: float | None = None,
    variance: float | None = None,
    method: str = "REML",
    test: str = "adhoc",
    level: float = 0.95,
) -> Unpublished:
    """The mean effect that a number of unpublished studies would need, or the number that a mean effect would need.

    Parameters
    ----------
    yi, vi : array-like, shape (k,), or str
        Effects and sampling variances of at least two published studies, or the names of their columns in `data`.
    data : DataFrame or mapping of columns, optional
        Where names are looked up.
    number : int, optional
        How many are unpublished: their mean effect is sought.
    mean : float, optional
        Their mean effect: their number is sought. Give one of the two.
    target : float, optional
        The pooled effect that they bring about; without it they bring the interval of the pool to 0.
    variance : float, optional
        The sampling variance of each; by default the harmonic mean of vi, that of a study of mean precision.
    method, test, level
        As for `pool`.

    Returns
    -------
    Unpublished
        Orwin's question under random effects: the unpublished studies differ from one another as much as the
        published ones (variance + tau2), tau^2 is estimated anew from all, and the chosen test makes the interval.

    Raises
    ------
    InvalidArgument
        For effects or options that cannot be used, a single study, and for both or none of `number` and `mean`.

    References
    ----------
    Orwin RG (1983). A fail-safe N for effect size in meta-analysis. Journal of Educational Statistics 8(2), 157-159.
    Rosenberg MS (2005). The file-drawer problem revisited. Evolution 59(2), 464-468.
    """
    check_method(method)
    check_options(method, test, level)
    y, v = check_effects(yi, vi, data)
    _check(len(y), number, mean, target, variance)
    each = 1 / float(np.mean(1 / v)) if variance is None else float(variance)
    spread = float(fit(batch_of_one(y, v), method=method, test="z", level=level).tau2[0])

    def pooled(count: int, effect: float) -> After:
        added = effect + spread_out(count) * sqrt(each + spread)
        batch = batch_of_one(np.concatenate([y, added]), np.concatenate([v, np.full(count, each)]))
        found = fit(batch, method=method, test=test, level=level)
        return After(*(float(one[0]) for one in (found.estimate, found.ci_low, found.ci_high, found.tau2)))

    before = pooled(0, 0.0)
    count: int | None = number
    effect: float | None = mean
    if number is not None:
        effect, why = _mean_needed(lambda one: pooled(number, one), before, target)
    else:
        count, why = _number_needed(lambda one: pooled(one, float(mean or 0.0)), _reached(before, target))
    found = None if count is None or effect is None else pooled(count, effect)
    notes = (Note("mean" if number is not None else "number", why),) if why else ()
    judged = verdict(y, v, rules=RULES, tells=TELLS, cannot_tell=CANNOT_TELL, usable=found is not None)
    return Unpublished(
        count, effect, target, before, found, each, len(y), method, test, level, _sentence(count, effect, target, why),
        judged, notes,
    )  # fmt: skip


def _check(k: int, number: Any, mean: Any, target: Any, variance: Any) -> None:
    """Raise InvalidArgument for what cannot be asked."""
    if k < 2:
        raise InvalidArgument("what would change a pool needs at least two published studies")
    if (number is None) == (mean is None):
        raise InvalidArgument("give either number, to learn the mean effect needed, or mean, to learn the number")
    if number is not None and not is_whole(number):
        raise InvalidArgument(f"number must be a whole number, not {number!r}")
    if number is not None and not 1 <= number <= MOST:
        raise InvalidArgument(f"number must lie between 1 and {MOST}, not {number!r}")
    for name, value in (("mean", mean), ("target", target)):
        if value is not None and not (is_number(value) and abs(value) <= LARGEST):
            raise InvalidArgument(f"{name} must be a finite number, not {value!r}")
    if variance is not None and not (is_number(variance) and 1 / LARGEST <= variance <= LARGEST):
        raise InvalidArgument(f"variance must be a finite number above 0, not {variance!r}")


def _reached(before: After, target: float | None) -> Callable[[After], bool]:
    """Whether a pool has come to the target, seen from the one before; or its interval to 0."""
    if target is not None:
        return (
            (lambda pool: pool.estimate <= target)
            if before.estimate > target
            else (lambda pool: pool.estimate >= target)
        )
    return lambda pool: pool.ci_low <= 0 <= pool.ci_high


def _mean_needed(
    pooled: Callable[[float], After], before: After, target: float | None
) -> tuple[float | None, str]:  # fmt: skip
    """The mean effect nearest to the pool that changes it, and why there is none."""
    if target is None and before.ci_low <= 0 <= before.ci_high:
        return None, "the interval holds 0 already"
    aim = 0.0 if target is None else target
    if before.estimate == aim:
        return before.estimate, ""
    enough = _reached(before, target)
    unit = before.ci_high - before.ci_low or abs(before.estimate - aim)
    down = -unit if before.estimate > aim else unit
    near, far = before.estimate, before.estimate + down
    while not enough(pooled(far)):
        near, far = far, before.estimate + 2 * (far - before.estimate)
    while abs(far - near) > max(PRECISION * unit, ROUNDING * abs(far)):
        middle = 0.5 * (near + far)
        near, far = (near, middle) if enough(pooled(middle)) else (middle, far)
    return far, ""


def _number_needed(pooled: Callable[[int], After], enough: Callable[[After], bool]) -> tuple[int | None, str]:
    """The smallest number of studies that changes the pool, and why there is none."""
    found = first_enough(lambda count: enough(pooled(count)), MOST)
    return found, "" if found is not None else f"even {MOST} of them are not enough"


def _sentence(count: int | None, effect: float | None, target: float | None, why: str) -> str:
    """What was found, in words."""
    if why:
        return why
    what = "bring the interval to 0" if target is None else f"bring the pooled effect to {target:.4g}"
    mean = 0.0 if effect is None else effect
    return f"{count} unpublished studies with a mean effect of {mean:.4g} would {what}"
