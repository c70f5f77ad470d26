"""One effect for each study of a pool: the follow-up, the detail, arms and ties."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from synthesis.effects import combine_means, composite, shared_control_covariance
from synthesis.evidence.contrasts import LeftOut
from synthesis.evidence.options import Options
from synthesis.evidence.own_effect import Measured, OwnEffect, in_measure, measured_many
from synthesis.records.review import Outcome
from synthesis.records.study import NOT_STATED, Counts, EffectData, Estimate, Means, Study, Time

# The latest that a class allows; of `after treatment` no more is known than that it is later than the end.
MONTHS = {"end of treatment": 0.0, "after treatment": 0.5, "short": 6.0, "medium": 12.0, "long": 12.5}
AT_THE_END = ("end of treatment", "after treatment")
OTHER_NUMBERS = "other numbers for the same contrast"
FORMS: tuple[type[EffectData], ...] = (Counts, Means, Estimate)


@dataclass(frozen=True, slots=True)
class Entry:
    """One study in one pool."""

    study: Study
    effects: tuple[OwnEffect, ...]  # what its one effect was made of
    data: EffectData | None  # the numbers of its one effect; None where effects were averaged
    yi: float  # log of a ratio, of the declared event
    vi: float
    level: int  # the lowest among its contrasts
    notes: tuple[str, ...] = ()
    uses_rho: bool = False  # effects were averaged under an assumed correlation


def entry_of(
    effects: Sequence[OwnEffect], outcome: Outcome, options: Options, rho: float | None = None
) -> tuple[Entry | None, tuple[LeftOut, ...]]:
    """The one effect of a study in a pool, if it can be estimated, and what of the study did not enter.

    Parameters
    ----------
    effects : sequence of OwnEffect
        Of one study, one outcome and one measure; at least one.
    outcome : Outcome
        Its order of details.
    options : Options
        Which follow-up comes first, and the correlation of what is averaged.
    rho : float, optional
        A correlation in place of that of the options.
    """
    left: list[LeftOut] = []
    timed = at_one_time(effects, options, left)
    ranks = [_rank(one.contrast.finding.detail, outcome) for one in timed]
    tied = _single_numbers(_keep(timed, ranks, _other_detail, left), left)
    correlation = options.rho if rho is None else rho
    made = [
        _one_detail(list(group), options, correlation, left)
        for _, group in groupby(sorted(tied, key=_detail), key=_detail)
    ]
    parts = [part for part in made if part is not None]
    return _averaged(parts, correlation) if parts else None, tuple(left)


def at_one_time(effects: Sequence[OwnEffect], options: Options, left: list[LeftOut]) -> list[OwnEffect]:
    """The effects of one study at the follow-up that comes first; the others are added to `left` with the reason."""
    return _keep(effects, [_distance(one.contrast.finding.time, options) for one in effects], _other_time, left)


def _detail(one: OwnEffect) -> str:
    return one.contrast.finding.detail


def _distance(time: Time, options: Options) -> float:
    """How far a follow-up is from the wanted one: the smallest is taken, and what is not known comes last.

    Follow-up begins at the end of treatment, so months that come with `end of treatment` are the treatment's length.
    """
    months = MONTHS.get(time.label) if time.months is None or time.label in AT_THE_END else time.months
    if months is None:
        return math.inf
    if options.follow_up == "longest":
        return -months
    return months if options.months is None else abs(months - options.months)


def _rank(detail: str, outcome: Outcome) -> float:
    """The place of a detail in the declared order; unlisted ones come after all of them."""
    return float(outcome.details.index(detail)) if detail in outcome.details else float(len(outcome.details))


def _keep(
    effects: Sequence[OwnEffect],
    order: Sequence[float],
    reason: Callable[[OwnEffect, OwnEffect], str],
    left: list[LeftOut],
) -> list[OwnEffect]:
    """The effects that come first; the others are left out, each with a reason that names what is kept."""
    first = min(order)
    kept = [one for one, place in zip(effects, order, strict=True) if place == first]
    for one, place in zip(effects, order, strict=True):
        if place != first:
            left.append(LeftOut(one.contrast.study, one.contrast.finding, reason(one, kept[0])))
    return kept


def _other_time(one: OwnEffect, kept: OwnEffect) -> str:
    taken = time_text(kept.contrast.finding.time)
    if time_text(one.contrast.finding.time) == NOT_STATED:
        return f"its follow-up is not stated, and one that is stated is taken: {taken}"
    return f"another follow-up of the study is taken: {taken}"


def _other_detail(_: OwnEffect, kept: OwnEffect) -> str:
    return f"another detail of the outcome comes first: {kept.contrast.finding.detail or 'none named'}"


def time_text(time: Time) -> str:
    """A follow-up in words."""
    if time.months is None:
        return time.label
    return f"{time.months:g} month{'' if time.months == 1 else 's'}"


def _single_numbers(effects: Sequence[OwnEffect], left: list[LeftOut]) -> list[OwnEffect]:
    """One effect for each pair of arms and detail: the same contrast in other numbers is not a second effect.

    Counts come before means and printed estimates, the unadjusted before the adjusted; of equals the first in the
    file is taken.
    """
    kept: list[OwnEffect] = []
    for _, group in groupby(
        sorted(effects, key=lambda one: one.contrast.own_key), key=lambda one: one.contrast.own_key
    ):
        ordered = sorted(group, key=preference)
        kept.append(ordered[0])
        left += [LeftOut(one.contrast.study, one.contrast.finding, OTHER_NUMBERS) for one in ordered[1:]]
    return kept


def preference(one: OwnEffect) -> tuple[bool, int, bool, int]:
    """Which of several numbers for one contrast come first: see `_single_numbers`."""
    adjusted = isinstance(one.data, Estimate) and one.data.adjusted
    return bool(one.missing), FORMS.index(type(one.data)), adjusted, one.contrast.finding.place.line


def _one_detail(effects: list[OwnEffect], options: Options, rho: float, left: list[LeftOut]) -> Entry | None:
    """Effects of one study that differ only in their arms as one effect; None where the counts make none."""
    data = effects[0].data if len(effects) == 1 else _combined_arms(effects)
    if len(effects) > 1 and data is not None:
        return _as_one_arm(effects, data, options, left)
    left += [LeftOut(one.contrast.study, one.contrast.finding, one.missing) for one in effects if one.missing]
    shown = [one for one in effects if not one.missing]
    return _entry(shown, rho) if shown else None


def _as_one_arm(effects: list[OwnEffect], data: EffectData, options: Options, left: list[LeftOut]) -> Entry | None:
    """The effect of arms put together; an arm without events counts as people."""
    first = effects[0]
    measured = measured_many([data], options)[0]
    if not isinstance(measured, Measured):
        left += [LeftOut(one.contrast.study, one.contrast.finding, measured) for one in effects]
        return None
    arms = " and ".join(sorted({one.contrast.finding.treatment for one in effects}))
    notes = (*_notes(effects), *measured.notes, f"arms combined: {arms}")
    yi, vi = in_measure(measured, first.measure)
    level = min(one.contrast.level for one in effects)
    return Entry(
        first.contrast.study, tuple(effects), data, yi, vi * first.inflation, level, tuple(dict.fromkeys(notes))
    )


def _entry(effects: Sequence[OwnEffect], rho: float) -> Entry:
    """One effect as it is, or the mean of several whose arms cannot be put together."""
    first = effects[0]
    study, level, notes = first.contrast.study, min(one.contrast.level for one in effects), _notes(effects)
    if len(effects) == 1:
        return Entry(study, (first,), first.data, first.yi, first.vi, level, notes)
    y, v = [one.yi for one in effects], [one.vi for one in effects]
    known = _shared_control(effects)
    if known is not None:
        yi, vi = composite(y, v, cov=known)
        said = (*notes, "arms averaged, their shared control modelled")
        return Entry(study, tuple(effects), None, yi, vi, level, said)
    yi, vi = composite(y, v, rho)
    said = (*notes, f"{len(effects)} contrasts averaged, correlation {rho:g}")
    return Entry(study, tuple(effects), None, yi, vi, level, said, uses_rho=True)


def _notes(effects: Iterable[OwnEffect]) -> tuple[str, ...]:
    """The notes of several effects, each once."""
    return tuple(dict.fromkeys(note for one in effects for note in one.notes))


def _averaged(parts: Sequence[Entry], rho: float) -> Entry:
    """Details of one study that are tied, as their mean."""
    if len(parts) == 1:
        return parts[0]
    yi, vi = composite([part.yi for part in parts], [part.vi for part in parts], rho)
    notes = tuple(dict.fromkeys(note for part in parts for note in part.notes))
    details = ", ".join(part.effects[0].contrast.finding.detail or "none named" for part in parts)
    effects = tuple(one for part in parts for one in part.effects)
    said = (*notes, f"{len(parts)} details averaged, correlation {rho:g}: {details}")
    return Entry(parts[0].study, effects, None, yi, vi, min(part.level for part in parts), said, uses_rho=True)


def _combined_arms(effects: Sequence[OwnEffect]) -> EffectData | None:
    """All treatment arms as one and all control arms as one; None where that is not known.

    Every arm counts once; parts into which the source split an arm are added up. Arms that nobody named cannot be
    told apart, and contrasts that share no arm are not one comparison.
    """
    treatments, controls = _arms(effects, control=False), _arms(effects, control=True)
    if treatments is None or controls is None or not _connected(effects):
        return None
    if all(isinstance(one.data, Counts) for one in effects):
        (events, n), (control_events, control_n) = _summed(treatments), _summed(controls)
        return Counts(events, n, control_events, control_n)
    if all(isinstance(one.data, Means) for one in effects):
        people, mean, sd = combine_means(*zip(*treatments.values(), strict=True))
        control_people, control_mean, control_sd = combine_means(*zip(*controls.values(), strict=True))
        return Means(mean, sd, int(people), control_mean, control_sd, int(control_people))
    return None


def _arms(effects: Iterable[OwnEffect], *, control: bool) -> dict[str, tuple[float, ...]] | None:
    """Numbers of every arm by its key; None if an arm has no key or two different sets of numbers.

    A part of an arm that is there whole is left away: its people are counted already.
    """
    found: dict[str, tuple[float, ...]] = {}
    whole = {arm.key: arm.split_of for one in effects for arm in one.contrast.study.arms if arm.split_of}
    for one in effects:
        finding, data = one.contrast.finding, one.data
        key = finding.control if control else finding.treatment
        if isinstance(data, Counts):
            numbers: tuple[float, ...] = (data.control_events, data.control_n) if control else (data.events, data.n)
        elif isinstance(data, Means):
            mean = (data.control_n, data.control_mean, data.control_sd)
            numbers = mean if control else (data.n, data.mean, data.sd)
        else:
            return None
        if not key or found.setdefault(key, numbers) != numbers:
            return None
    return {key: numbers for key, numbers in found.items() if whole.get(key) not in found}


def _connected(effects: Sequence[OwnEffect]) -> bool:
    """Whether all contrasts share an arm, or parts of one arm that their source split."""
    findings = [one.contrast.finding for one in effects]
    whole = {arm.key: arm.split_of or arm.key for arm in effects[0].contrast.study.arms}
    controls = {whole.get(finding.control, finding.control) for finding in findings}
    return len(controls) == 1 or len({finding.treatment for finding in findings}) == 1


def _summed(arms: dict[str, tuple[float, ...]]) -> tuple[int, int]:
    return int(sum(numbers[0] for numbers in arms.values())), int(sum(numbers[1] for numbers in arms.values()))


def _shared_control(effects: Sequence[OwnEffect]) -> list[list[float]] | None:
    """Covariances of SMDs whose treatment arms had one control, where the sizes of the arms are known."""
    study = effects[0].contrast.study
    controls = {one.contrast.finding.control for one in effects}
    treatments = [one.contrast.finding.treatment for one in effects]
    sizes = {arm.key: arm.n for arm in study.arms if arm.n}
    shared = controls.pop() if len(controls) == 1 else ""
    distinct = len(set(treatments)) == len(treatments)
    if effects[0].measure != "SMD" or not distinct or not all(key in sizes for key in (shared, *treatments)):
        return None
    total = float(sum(sizes[key] or 0 for key in (shared, *treatments)))
    control_n = float(sizes[shared] or 0)

    def covariance(a: OwnEffect, b: OwnEffect) -> float:
        if a is b:
            return a.vi
        return shared_control_covariance("SMD", control_n=control_n, yi=(a.yi, b.yi), total_n=total)

    return [[covariance(a, b) for b in effects] for a in effects]
