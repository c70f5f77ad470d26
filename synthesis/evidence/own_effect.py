"""The effect of each contrast, on the review's declared event and direction."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import ndtri

from synthesis.effects import MEASURES, escalc, log_odds_ratio_to_smd, smd_to_log_odds_ratio
from synthesis.effects.effect import UNEXPLAINED
from synthesis.evidence.contrasts import Contrast
from synthesis.evidence.options import JOINED, Options
from synthesis.records.review import Outcome, Review
from synthesis.records.study import NOT_STATED, Counts, EffectData, Estimate, Means

NO_NUMBERS = "no effect in numbers"
UNCORRECTED_ZERO = "a cell without people, and nothing is added to it"
SIGNIFICANT_AT = 0.05


@dataclass(frozen=True, slots=True)
class OwnEffect:
    """What a contrast shows in numbers, brought to the declared event and scale of its outcome."""

    contrast: Contrast
    data: EffectData  # of the declared event; a scale whose good direction is the outcome's
    measure: str  # a key of MEASURES
    family: str  # binary | continuous | time | joined
    yi: float  # log of a ratio; NaN where the counts make none
    vi: float
    better: str  # of the outcome: lower | higher
    inflation: float = 1.0  # of the variance, for clusters
    notes: tuple[str, ...] = ()
    missing: str = ""  # why the counts make no effect: no events, or nothing but events, in both groups

    @property
    def benefit(self) -> float:
        """The effect with benefit above 0."""
        return self.yi if self.better == "higher" else -self.yi

    @property
    def direction(self) -> tuple[str, str]:
        """Direction and significance by the two-sided z test of the effect at .05; not stated where there is none."""
        if self.missing:
            return NOT_STATED, NOT_STATED
        if abs(self.yi) <= -float(ndtri(SIGNIFICANT_AT / 2)) * self.vi**0.5:
            return "ineffective", "no"
        return ("effective" if self.benefit > 0 else "contrary"), "yes"


@dataclass(frozen=True, slots=True)
class NoEffect:
    """A contrast whose numbers make no effect that could be pooled, and why."""

    contrast: Contrast
    reason: str


@dataclass(frozen=True, slots=True)
class _Brought:
    """Numbers of the declared event, not yet an effect."""

    contrast: Contrast
    data: EffectData
    better: str
    inflation: float  # of the variance, for clusters
    notes: tuple[str, ...]


def own_effects(
    contrasts: Iterable[Contrast], review: Review, options: Options
) -> tuple[tuple[OwnEffect, ...], tuple[NoEffect, ...]]:
    """Effects of all contrasts at once, and the contrasts that have none.

    Counts without events in both groups are among the effects, marked `missing`: what is chosen by time and detail is
    chosen before it is seen whether it can be estimated.

    Parameters
    ----------
    contrasts : iterable of Contrast
        In any order, which is kept.
    review, options
        The declared events, and the measure of each family.
    """
    brought: list[_Brought] = []
    without: list[NoEffect] = []
    for contrast in contrasts:
        found = _bring(contrast, review.outcomes[contrast.finding.outcome])
        if isinstance(found, NoEffect):
            without.append(found)
        else:
            brought.append(found)
    effects: list[OwnEffect] = []
    for one, measured in zip(brought, measured_many([each.data for each in brought], options), strict=True):
        if isinstance(measured, str) and isinstance(one.data, Counts):
            blank = Measured(_binary(options), math.nan, math.nan)
            effects.append(replace(_own(one, blank, options), missing=measured))
        elif isinstance(measured, str):
            without.append(NoEffect(one.contrast, measured))
        else:
            effects.append(_own(one, measured, options))
    return tuple(effects), tuple(without)


@dataclass(frozen=True, slots=True)
class Measured:
    """An effect in numbers."""

    measure: str
    yi: float
    vi: float
    notes: tuple[str, ...] = ()


def measured_many(data: Sequence[EffectData], options: Options) -> list[Measured | str]:
    """Effects of numbers of any kind in the measure of their family, in order; the reason where there is none."""
    found: dict[int, Measured | str] = {}
    binary = _binary(options)
    continuous = "SMD" if options.convert else options.measure["continuous"]
    counts = [(i, one) for i, one in enumerate(data) if isinstance(one, Counts)]
    means = [(i, one) for i, one in enumerate(data) if isinstance(one, Means)]
    if counts:
        columns: dict[str, list[float]] = {
            "ai": [one.events for _, one in counts], "n1i": [one.n for _, one in counts],
            "ci": [one.control_events for _, one in counts], "n2i": [one.control_n for _, one in counts],
        }  # fmt: skip
        zeros = {"to": options.zero_cells, "drop00": MEASURES[binary].is_ratio}
        _collect(found, [i for i, _ in counts], binary, **zeros, **columns)
        found |= {i: UNCORRECTED_ZERO for i, one in counts if found[i] == UNEXPLAINED and _has_zero(one)}
    if means:
        columns = {
            "m1i": [one.mean for _, one in means], "sd1i": [one.sd for _, one in means],
            "n1i": [one.n for _, one in means], "m2i": [one.control_mean for _, one in means],
            "sd2i": [one.control_sd for _, one in means], "n2i": [one.control_n for _, one in means],
        }  # fmt: skip
        _collect(found, [i for i, _ in means], continuous, **columns)
    _printed(found, [(i, one) for i, one in enumerate(data) if isinstance(one, Estimate)])
    return [found[i] for i in range(len(data))]


def _has_zero(one: Counts) -> bool:
    return 0 in (one.events, one.n - one.events, one.control_events, one.control_n - one.control_events)


def _binary(options: Options) -> str:
    """The measure that counts are brought to."""
    return "OR" if options.convert else options.measure["binary"]


def _printed(found: dict[int, Measured | str], printed: Sequence[tuple[int, Estimate]]) -> None:
    """Effects from printed estimates, those of one measure and level together."""
    for measure, level in sorted({(one.measure, one.ci_level) for _, one in printed}):
        group = [(i, one) for i, one in printed if (one.measure, one.ci_level) == (measure, level)]
        given = [(i, one) for i, one in group if (one.se, one.ci, one.p) != (None, None, None)]
        for i, one in group:
            if (i, one) not in given:
                found[i] = "an estimate without standard error, interval or exact p"
        if given:
            nan = float("nan")
            columns = {
                "estimate": [one.value for _, one in given],
                "se": [nan if one.se is None else one.se for _, one in given],
                "ci_low": [nan if one.ci is None else one.ci[0] for _, one in given],
                "ci_high": [nan if one.ci is None else one.ci[1] for _, one in given],
                "p": [nan if one.p is None else one.p for _, one in given],
            }
            _collect(found, [i for i, _ in given], measure, level=level, **columns)


def _collect(found: dict[int, Measured | str], places: Sequence[int], measure: str, **columns: object) -> None:
    """Effects of one measure into their places."""
    effects = escalc(measure, **columns)  # type: ignore[arg-type]  # columns and options, by name
    for row, place in enumerate(places):
        notes = tuple(note.reason for note in effects.notes if note.row == row)
        yi, vi = float(effects.yi[row]), float(effects.vi[row])
        usable = np.isfinite(yi) and np.isfinite(vi) and vi > 0
        found[place] = Measured(measure, yi, vi, notes) if usable else "; ".join(notes) or "no variance above 0"


def _own(one: _Brought, measured: Measured, options: Options) -> OwnEffect:
    measure, family, notes = measured.measure, MEASURES[measured.measure].family, (*one.notes, *measured.notes)
    if options.convert and measure in ("OR", "SMD"):
        family = JOINED
        if measure != options.convert:
            notes = (*notes, f"converted from {measure}")
            measure = options.convert
    yi, vi = in_measure(measured, measure)
    return OwnEffect(one.contrast, one.data, measure, family, yi, vi * one.inflation, one.better, one.inflation, notes)


def in_measure(measured: Measured, measure: str) -> tuple[float, float]:
    """An effect and its variance in a measure of its own, or, between log OR and SMD, in the other."""
    if measured.measure == measure:
        return measured.yi, measured.vi
    change = log_odds_ratio_to_smd if measured.measure == "OR" else smd_to_log_odds_ratio
    yi, vi = change(np.array([measured.yi]), np.array([measured.vi]))
    return float(yi[0]), float(vi[0])


def _bring(contrast: Contrast, outcome: Outcome) -> _Brought | NoEffect:
    """The numbers of a contrast for the declared event and scale."""
    finding, data = contrast.finding, contrast.finding.effect
    if data is None:
        return NoEffect(contrast, NO_NUMBERS)
    inflation, reason = _clusters(contrast)
    if reason:
        return NoEffect(contrast, reason)
    notes = (f"variance times {inflation:.3g} for clusters",) if inflation > 1 else ()
    if _continuous(data):
        if (finding.better or outcome.better) != outcome.better:
            data, notes = _negated(data), (*notes, "scale turned round")
        return _Brought(contrast, data, outcome.better, inflation, notes)
    changed = _of_event(data, finding.event, outcome)
    if isinstance(changed, str):
        return NoEffect(contrast, changed)
    if changed is not data:
        notes = (*notes, f"{finding.event} complemented")
    return _Brought(contrast, changed, outcome.better, inflation, notes)


def _of_event(data: EffectData, event: str, outcome: Outcome) -> EffectData | str:
    """Binary numbers of the declared event, or why there are none."""
    if not outcome.event:
        return "the outcome declares no event"
    if event == outcome.event:
        return data
    if event != outcome.complement:
        return "the event is not stated"
    return complemented(data) or f"a ratio of {event} without counts cannot be turned into {outcome.event}"


def _continuous(data: EffectData) -> bool:
    return isinstance(data, Means) or (isinstance(data, Estimate) and MEASURES[data.measure].family == "continuous")


def complemented(data: EffectData) -> EffectData | None:
    """Numbers of the other event; None for a ratio of risks or hazards without counts."""
    if isinstance(data, Counts):
        return Counts(data.n - data.events, data.n, data.control_n - data.control_events, data.control_n)
    if isinstance(data, Estimate) and data.measure == "RD":
        return _negated(data)
    if isinstance(data, Estimate) and data.measure == "OR":
        ci = None if data.ci is None else (1 / data.ci[1], 1 / data.ci[0])
        return replace(data, value=1 / data.value, ci=ci)
    return None


def _negated(data: EffectData) -> EffectData:
    """A difference with its sign changed."""
    if isinstance(data, Means):
        return replace(data, mean=-data.mean, control_mean=-data.control_mean)
    assert isinstance(data, Estimate)
    ci = None if data.ci is None else (-data.ci[1], -data.ci[0])
    return replace(data, value=-data.value, ci=ci)


def _clusters(contrast: Contrast) -> tuple[float, str]:
    """The factor of the variance that clusters ask for, or why the effect cannot be used.

    References
    ----------
    Cochrane Handbook for Systematic Reviews of Interventions, version 6.4, section 23.1.4: 1 + (m - 1) icc with m
    the average cluster size.
    """
    design, data = contrast.study.design, contrast.finding.effect
    if design.unit != "cluster" or (isinstance(data, Estimate) and data.cluster_adjusted):
        return 1.0, ""
    people = data.n + data.control_n if isinstance(data, (Counts, Means)) else contrast.study.sample.n
    if design.icc is None or not design.clusters or people is None:
        return 1.0, "ignores the clusters of its trial, and no intra-cluster correlation is given"
    return 1.0 + max(0.0, people / design.clusters - 1) * design.icc, ""
