"""What would change each pool of a review: studies left out, other levels, selection, small-study effects."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from synthesis.errors import InvalidArgument
from synthesis.evidence.options import Options
from synthesis.evidence.pools import Pool
from synthesis.evidence.robustness import robustness
from synthesis.evidence.subjects import subject_of
from synthesis.pooling import Pooled
from synthesis.pooling.intervals import prediction
from synthesis.pooling.pooled import Note
from synthesis.sensitivity.overview.subject import Subject
from synthesis.sensitivity.selection import RULES, selection_model
from synthesis.sensitivity.small_studies.pet_peese import pet_peese
from synthesis.sensitivity.small_studies.trim_and_fill import trim_and_fill

BENEFIT, HARM, NONE = "benefit", "harm", "none shown"
LEAVE_OUT, LEVEL, SELECTION, SMALL_STUDY = KINDS = ("leave-one-out", "level", "selection", "small-study")
LEVELS = {(5,): "level 5 alone", (4, 5): "levels 4 and 5"}
STEPS = (0.025, 0.05)  # one-sided p-values at which selection is taken to begin
LEAST = 3  # studies from which on selection and small-study effects are looked at


@dataclass(frozen=True, slots=True)
class Variant:
    """A pool as it would be with something else in its place; on the scale of the pool, ratios as logs."""

    name: str
    kind: str  # a member of KINDS
    k: int
    estimate: float
    se: float | None
    df: float | None  # None for the normal distribution
    ci_low: float | None
    ci_high: float | None
    pi_low: float | None
    pi_high: float | None
    direction: str  # BENEFIT, HARM or NONE by its interval; empty without one
    caution: str  # why the method is not usable here; empty where it is


@dataclass(frozen=True, slots=True)
class PoolSensitivity:
    """One pool with its variants."""

    pool: Pool
    direction: str  # of the pool itself
    variants: tuple[Variant, ...]
    left_out: tuple[Note, ...]  # variants that there are not, with the reason

    def of(self, kind: str) -> tuple[Variant, ...]:
        """The variants of one kind."""
        return tuple(one for one in self.variants if one.kind == kind)

    def range(self, kind: str) -> tuple[float, float] | None:
        """The lowest and the highest estimate of one kind, of those with an interval; None where there is none."""
        estimates = [one.estimate for one in self.of(kind) if one.direction]
        return (min(estimates), max(estimates)) if estimates else None

    @property
    def changing(self) -> tuple[Variant, ...]:
        """The variants that conclude otherwise."""
        return tuple(one for one in self.variants if one.direction and one.direction != self.direction)

    @property
    def verdict(self) -> str:
        """Whether the conclusion holds, in a few words."""
        judged = [one for one in self.variants if one.direction]
        if not judged:
            return "nothing to vary: a single study"
        firm = [one for one in self.changing if not one.caution]
        if not self.changing:
            return f"{self.direction} in all {len(judged)} variants"
        weak = "" if firm else ", none of them by a method that is usable here"
        return f"otherwise in {len(self.changing)} of {len(judged)} variants{weak}"


def direction_of(pool: Pool, low: float | None, high: float | None) -> str:
    """What an interval of a pool concludes."""
    if low is None or high is None or not (math.isfinite(low) and math.isfinite(high)):
        return ""
    below, above = pool.benefit(low, high)
    return BENEFIT if below > 0 else HARM if above < 0 else NONE


def pool_sensitivity(pool: Pool, options: Options) -> PoolSensitivity:
    """One pool without each study, at other levels, under selection and adjusted for small-study effects.

    Selection is taken to favour benefits; step functions are fitted by maximum likelihood, PET-PEESE and trim-and-fill
    (L0) by their own defaults.
    """
    variants = [*_left_out(pool, options), *_levels(pool, options)]
    k, left = len(pool.entries), []
    if k < LEAST:
        few = f"{k} {'study' if k == 1 else 'studies'}: selection needs {LEAST} or more"
        left.append(Note(SELECTION, few))
    else:
        subject = subject_of(pool, pool.entries, options)
        for name, kind, vary in ADJUSTMENTS:
            try:
                variants.append(_variant(pool, name, kind, vary(subject)))
            except InvalidArgument as refused:
                left.append(Note(name, str(refused)))
    main = direction_of(pool, pool.fit.ci_low, pool.fit.ci_high)
    return PoolSensitivity(pool, main, tuple(variants), tuple(left))


@dataclass(frozen=True, slots=True)
class _Numbers:
    """What a variant is made of."""

    k: int
    estimate: float
    se: float | None
    df: float | None
    ci_low: float | None
    ci_high: float | None
    pi_low: float | None = None
    pi_high: float | None = None
    caution: str = ""


def _variant(pool: Pool, name: str, kind: str, of: _Numbers) -> Variant:
    direction = direction_of(pool, of.ci_low, of.ci_high)
    return Variant(
        name, kind, of.k, of.estimate, of.se, of.df, of.ci_low, of.ci_high, of.pi_low, of.pi_high, direction, of.caution
    )  # fmt: skip


def _left_out(pool: Pool, options: Options) -> Iterator[Variant]:
    without = robustness(pool, options).without
    if without is None:
        return
    fit = without.fit
    for row, entry in enumerate(pool.entries):
        names = ("estimate", "se", "df", "ci_low", "ci_high", "pi_low", "pi_high")
        value: dict[str, Any] = {name: _known(float(getattr(fit, name)[row])) for name in names}
        estimate = value.pop("estimate")
        if estimate is not None:
            numbers = _Numbers(int(fit.k[row]), estimate, **value)
            yield _variant(pool, f"without {entry.study.key}", LEAVE_OUT, numbers)


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _levels(pool: Pool, options: Options) -> Iterator[Variant]:
    """The pool at each of LEVELS, where that is another pool."""
    for levels, name in LEVELS.items():
        kept = [entry for entry in pool.entries if entry.level in levels]
        if 0 < len(kept) < len(pool.entries):
            yield _variant(pool, name, LEVEL, _of_pooled(subject_of(pool, kept, options).pooled()))


def _of_pooled(fit: Pooled, caution: str = "") -> _Numbers:
    return _Numbers(
        fit.k, fit.estimate, fit.se, fit.df, fit.ci_low, fit.ci_high, fit.pi_low, fit.pi_high, caution
    )  # fmt: skip


def _step(step: float) -> Callable[[Subject], _Numbers]:
    def vary(of: Subject) -> _Numbers:
        found = selection_model(of.yi, of.vi, steps=step, alternative=of.side, level=of.level, profile=False)
        mean = found.mean
        caution = ", ".join(rule.replace("_", " ") for rule, _ in found.findings if RULES[rule].decides)
        low, high = _predicted(found.k, mean.estimate, mean.se, found.tau2.estimate, of.level)
        return _Numbers(found.k, mean.estimate, mean.se, None, mean.ci_low, mean.ci_high, low, high, caution)

    return vary


def _predicted(
    k: int, estimate: float, se: float | None, tau2: float, level: float
) -> tuple[float | None, float | None]:  # fmt: skip
    """The prediction interval on k - 2 degrees of freedom, as that of a pool."""
    if se is None:
        return None, None
    low, high = prediction(np.array([estimate]), np.array([se]), np.array([tau2]), np.array([k - 2.0]), level)
    return _known(float(low[0])), _known(float(high[0]))


def _pet_peese(of: Subject) -> _Numbers:
    found = pet_peese(of.yi, of.vi, level=of.level)
    one = found.adjusted
    if one is None:
        raise InvalidArgument(found.reason("pet") or "PET-PEESE has no line here")
    caution = _caution(found.verdict.usable, found.verdict.names)
    return _Numbers(found.k, one.estimate, one.se, one.df, one.ci_low, one.ci_high, caution=caution)


def _trim_and_fill(of: Subject) -> _Numbers:
    found = trim_and_fill(of.yi, of.vi, method=of.method, test=of.test, level=of.level)
    if found.filled is None:
        raise InvalidArgument(found.reason("k0") or "trim and fill has no number here")
    return _of_pooled(found.filled, _caution(found.verdict.usable, found.verdict.names))


def _caution(usable: bool, names: Sequence[str]) -> str:
    return "" if usable else ", ".join(names) or "no result"


ADJUSTMENTS: tuple[tuple[str, str, Callable[[Subject], _Numbers]], ...] = (
    *((f"step function at {step:g}", SELECTION, _step(step)) for step in STEPS),
    ("PET-PEESE", SMALL_STUDY, _pet_peese),
    ("trim and fill", SMALL_STUDY, _trim_and_fill),
)
