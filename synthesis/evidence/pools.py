"""The pools of a review: every contrast in exactly one of them, or left out with its reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from synthesis.effects import MEASURES
from synthesis.errors import InvalidArgument
from synthesis.evidence.contrasts import INACTIVE, LeftOut, Selection, select
from synthesis.evidence.entries import Entry, entry_of
from synthesis.evidence.options import DEFAULT_BY, JOINED, RHO_SHOWN, Options
from synthesis.evidence.own_effect import OwnEffect, own_effects
from synthesis.pooling import Pooled, pool_groups
from synthesis.records.review import Review
from synthesis.records.study import Counts, Study

WITHOUT_COUNTS = "DL"  # for a pool in which DLMH has no counts to work on, as RevMan 5 does
FAMILIES = ("binary", "continuous", "time", JOINED)


@dataclass(frozen=True, slots=True)
class Key:
    """What a pool is of."""

    by: tuple[str, ...]  # values of the options' groupings: modality and outcome, unless others were asked for
    outcome: str
    group: str  # of comparators: inactive | active
    family: str  # binary | continuous | time | joined


@dataclass(frozen=True, slots=True)
class Pool:
    """Studies of one pool and what they amount to; all numbers on the scale of `measure`, ratios as logs."""

    key: Key
    measure: str
    better: str  # of the outcome: lower | higher
    entries: tuple[Entry, ...]  # sorted by study
    fit: Pooled
    beside: Pooled | None  # for two studies the equal-effects model with z, for three or four the z interval
    by_rho: Mapping[float, Pooled]  # with other correlations, where effects of one study were averaged
    level5: Pooled | None  # Maryland level 5 alone, where other levels take part
    headline: bool  # the pool of its modality and outcome with most studies; of equals the binary one

    @property
    def is_ratio(self) -> bool:
        """Whether numbers are logs of ratios."""
        return MEASURES[self.measure].is_ratio

    def benefit(self, low: float, high: float) -> tuple[float, float]:
        """Bounds with benefit above 0."""
        return (low, high) if self.better == "higher" else (-high, -low)


@dataclass(frozen=True, slots=True)
class Evidence:
    """All pools of a review in its own order, and everything that entered none of them."""

    options: Options
    pools: tuple[Pool, ...]
    left_out: tuple[LeftOut, ...]  # from contrasts on, sorted by modality, outcome and study
    unasked: int
    selection: Selection
    effects: tuple[OwnEffect, ...]  # of every contrast that has one

    def headline(self, modality: str, outcome: str) -> Pool | None:
        """The headline pool of a modality and outcome, where there is one."""
        named = (pool for pool in self.pools if pool.headline and pool.key.by == (modality, outcome))
        return next(named, None)


def pool_evidence(studies: Iterable[Study], review: Review, options: Options) -> Evidence:
    """Every pool that the options ask for.

    Raises
    ------
    InvalidArgument
        For a method or test that there is not, and a measure that the numbers cannot be brought to.
    """
    selection = select(studies, review, options)
    effects, without = own_effects(selection.contrasts, review, options)
    left = [*selection.left_out, *(LeftOut(one.contrast.study, one.contrast.finding, one.reason) for one in without)]
    pooled, other = poolable(effects, review, options)
    left += other
    drafts = []
    for key, group in grouped(pooled).items():
        entries, dropped = _entries(group, review, options)
        left += dropped
        if entries:
            drafts.append((key, group, entries))
    drafts.sort(key=lambda draft: order_of(draft[0], review, options))
    pools = _headlines(_fitted(drafts, review, options), options)
    ordered = tuple(sorted(left, key=lambda one: one.order))
    shown = tuple(one for one in effects if not one.missing)
    return Evidence(options, pools, ordered, selection.unasked, selection, shown)


def poolable(effects: Sequence[OwnEffect], review: Review, options: Options) -> tuple[list[OwnEffect], list[LeftOut]]:
    """The effects in the measure that their family is pooled in."""
    kept, left = [], []
    for one in effects:
        finding = one.contrast.finding
        wanted = options.convert if one.family == JOINED else options.measure[one.family]
        if not review.outcomes[finding.outcome].pooled:
            left.append(LeftOut(one.contrast.study, finding, "unlike outcomes are not pooled"))
        elif one.measure != wanted:
            reason = f"a printed {one.measure} cannot be brought to {wanted}: --measure {one.measure} pools it"
            left.append(LeftOut(one.contrast.study, finding, reason))
        else:
            kept.append(one)
    return kept, left


def grouped(effects: Iterable[OwnEffect]) -> dict[Key, list[OwnEffect]]:
    """The effects of each pool."""
    groups: dict[Key, list[OwnEffect]] = defaultdict(list)
    for one in effects:
        contrast = one.contrast
        groups[Key(contrast.by, contrast.finding.outcome, contrast.group, one.family)].append(one)
    return groups


def by_study(effects: Iterable[OwnEffect]) -> list[list[OwnEffect]]:
    """The effects of each study, the studies sorted by key."""
    studies: dict[str, list[OwnEffect]] = defaultdict(list)
    for one in effects:
        studies[one.contrast.study.key].append(one)
    return [studies[key] for key in sorted(studies)]


def _entries(
    group: Sequence[OwnEffect], review: Review, options: Options, rho: float | None = None
) -> tuple[tuple[Entry, ...], list[LeftOut]]:
    """One entry for each study of a pool."""
    entries: list[Entry] = []
    left: list[LeftOut] = []
    for effects in by_study(group):
        outcome = review.outcomes[effects[0].contrast.finding.outcome]
        entry, dropped = entry_of(effects, outcome, options, rho)
        entries += [entry] if entry is not None else []
        left += dropped
    return tuple(entries), left


def order_of(key: Key, review: Review, options: Options) -> tuple[object, ...]:
    """Modalities and outcomes in the order of review.toml, other groupings by name."""
    known = {"modality": list(review.modalities), "outcome": list(review.outcomes)}
    places = tuple(
        (known[name].index(value) if name in known and value in known[name] else 0, value)
        for name, value in zip(options.by, key.by, strict=True)
    )
    return (*places, key.group != INACTIVE, FAMILIES.index(key.family))


Draft = tuple[Key, Sequence[OwnEffect], tuple[Entry, ...]]


def _fitted(drafts: Sequence[Draft], review: Review, options: Options) -> list[Pool]:
    """Pools with all their models, those of one kind fitted together."""
    everything = _fit_all([entries for _, _, entries in drafts], options)
    beside = _beside(drafts, options)
    level5 = _level5(drafts, options)
    by_rho = _other_rhos(drafts, review, options)
    pools = []
    for number, (key, group, entries) in enumerate(drafts):
        first = group[0]
        pools.append(
            Pool(
                key=key,
                measure=first.measure,
                better=first.better,
                entries=entries,
                fit=everything[number],
                beside=beside.get(number),
                by_rho=by_rho.get(number, {}),
                level5=level5.get(number),
                headline=False,
            )
        )
    return pools


def _fit_all(
    groups: Sequence[tuple[Entry, ...]], options: Options, method: str | None = None, test: str | None = None
) -> tuple[Pooled, ...]:
    """One model for each group of entries."""
    chosen = method or options.method
    columns = [
        (np.array([entry.yi for entry in entries]), np.array([entry.vi for entry in entries])) for entries in groups
    ]
    asked: dict[str, Any] = {"test": test or options.test, "level": options.level}
    if method is None:
        asked |= {"tau2_interval": options.tau2_interval, "prediction": options.prediction}
    if chosen != "DLMH":
        return pool_groups(columns, method=chosen, **asked)
    centres = [centre(entries) for entries in groups]
    counted = [i for i, entries in enumerate(groups) if len(entries) == 1 or centres[i] is not None]
    others = [i for i in range(len(groups)) if i not in counted]
    about = [centres[i] for i in counted]
    fits = [
        *pool_groups([columns[i] for i in counted], method="DLMH", mantel_haenszel=about, **asked),
        *pool_groups([columns[i] for i in others], method=WITHOUT_COUNTS, **asked),
    ]
    return tuple(fit for _, fit in sorted(zip([*counted, *others], fits, strict=True), key=lambda one: one[0]))


def centre(entries: Sequence[Entry]) -> float | None:
    """The Mantel-Haenszel estimate that DLMH needs; None for a single study, and where the counts do not give one."""
    from synthesis.pooling.sparse import mantel_haenszel_estimate

    data = [entry.data for entry in entries if isinstance(entry.data, Counts)]
    if len(entries) < 2 or len(data) < len(entries):
        return None
    counts = ([one.events for one in data], [one.n for one in data])
    controls = ([one.control_events for one in data], [one.control_n for one in data])
    try:
        return mantel_haenszel_estimate(entries[0].effects[0].measure, *counts, *controls, add=0.5)
    except InvalidArgument:
        return None


def _beside(drafts: Sequence[Draft], options: Options) -> dict[int, Pooled]:
    """What stands beside a pool of two, three or four studies."""
    two = [
        i
        for i, (_, _, entries) in enumerate(drafts)
        if len(entries) == 2 and (options.method, options.test) != ("EE", "z")
    ]
    few = [i for i, (_, _, entries) in enumerate(drafts) if len(entries) in (3, 4) and options.test != "z"]
    equal = _fit_all([drafts[i][2] for i in two], options, "EE", "z")
    normal = _fit_all([drafts[i][2] for i in few], options, test="z")
    return dict(zip([*two, *few], [*equal, *normal], strict=True))


def _level5(drafts: Sequence[Draft], options: Options) -> dict[int, Pooled]:
    """Level 5 alone, where a pool has studies of level 5 and of others."""
    kept = {i: tuple(entry for entry in entries if entry.level == 5) for i, (_, _, entries) in enumerate(drafts)}
    mixed = [i for i, entries in kept.items() if 0 < len(entries) < len(drafts[i][2])]
    return dict(zip(mixed, _fit_all([kept[i] for i in mixed], options), strict=True))


def _other_rhos(drafts: Sequence[Draft], review: Review, options: Options) -> dict[int, dict[float, Pooled]]:
    """The pools that rest on an assumed correlation, with other correlations."""
    resting = [i for i, (_, _, entries) in enumerate(drafts) if any(entry.uses_rho for entry in entries)]
    found: dict[int, dict[float, Pooled]] = {i: {} for i in resting}
    for rho in RHO_SHOWN:
        groups = [_entries(drafts[i][1], review, options, rho)[0] for i in resting]
        for i, fit in zip(resting, _fit_all(groups, options), strict=True):
            found[i][rho] = fit
    return found


def _headlines(pools: Sequence[Pool], options: Options) -> tuple[Pool, ...]:
    """The pools, the headline of each modality and outcome marked."""
    if options.by != DEFAULT_BY:
        return tuple(pools)
    best: dict[tuple[str, ...], Key] = {}
    sizes = {pool.key: len(pool.entries) for pool in pools}
    for pool in pools:
        if pool.key.group == INACTIVE:
            rival = best.setdefault(pool.key.by, pool.key)
            if sizes[pool.key] > sizes[rival]:
                best[pool.key.by] = pool.key
    return tuple(replace(pool, headline=best.get(pool.key.by) == pool.key) for pool in pools)
