"""The data of every combination of a review's choices: each selects anew, and work that two share is done once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product

import numpy as np

from synthesis.evidence.contrasts import INACTIVE, Contrast, LeftOut, select
from synthesis.evidence.entries import Entry, entry_of
from synthesis.evidence.multiverse_choices import DATA_FAMILIES, WITH_ACTIVE, ReviewChoices, options_with
from synthesis.evidence.options import JOINED, Options
from synthesis.evidence.own_effect import NoEffect, OwnEffect, own_effects
from synthesis.evidence.pools import by_study, poolable
from synthesis.records.review import Review
from synthesis.records.study import Study
from synthesis.sensitivity.many_worlds.choices import World

FORMS_OF_ONE_FAMILY = ("binary", "continuous")  # which conversion joins
Own = tuple[str, int]  # study and place of a finding


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """One modality and outcome of a review, and what was worked out of it already."""

    studies: tuple[Study, ...]  # with the findings of this modality and outcome alone
    review: Review
    outcome: str
    family: str  # of effects: binary | continuous | time
    base: Options
    choices: ReviewChoices
    number: Mapping[str, int]  # of each study
    contrasts: dict[tuple[object, ...], tuple[tuple[Contrast, ...], tuple[LeftOut, ...]]] = field(default_factory=dict)
    effects: dict[tuple[str, str], dict[Own, OwnEffect | NoEffect]] = field(default_factory=dict)
    entries: dict[tuple[object, ...], tuple[Entry | None, tuple[LeftOut, ...]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """What one combination of choices leaves."""

    places: tuple[int, ...]  # a choice of each family
    entries: tuple[Entry, ...]
    measure: str
    problem: str = ""  # why there is none

    def world(self, number: Mapping[str, int]) -> World:
        """The same as numbers."""
        return World(
            self.places,
            np.array([entry.yi for entry in self.entries]),
            np.array([entry.vi for entry in self.entries]),
            np.array([number[entry.study.key] for entry in self.entries], dtype=np.int64),
            self.problem,
            self.measure,
        )


def every_world(cell: Cell) -> list[Made]:
    """All combinations of the choices, in their order."""
    sizes = [range(len(getattr(cell.choices, name))) for name in DATA_FAMILIES]
    return [made(cell, places) for places in product(*sizes)]


def made(cell: Cell, places: tuple[int, ...]) -> Made:
    """The one effect of each study under one combination of the choices."""
    options = options_with(cell.base, cell.choices, places)
    chosen = {
        name: getattr(cell.choices, name)[place] for name, place in zip(DATA_FAMILIES, places, strict=True)
    }  # fmt: skip
    contrasts, left = _contrasts(cell, options)
    known = _effects(cell, options)
    own = [known[_key(one)] for one in contrasts]
    reasons = [one.reason for one in left] + [one.reason for one in own if isinstance(one, NoEffect)]
    effects, other = poolable([one for one in own if isinstance(one, OwnEffect)], cell.review, options)
    wanted = JOINED if options.convert and cell.family in FORMS_OF_ONE_FAMILY else cell.family
    measure = options.convert if wanted == JOINED else options.measure[cell.family]
    entries: list[Entry] = []
    reasons += [one.reason for one in other]
    for one in by_study(effect for effect in effects if effect.family == wanted):
        taken = _of_comparators(one, chosen["comparator"])
        if taken:
            entry, dropped = _entry(cell, taken, options)
            entries += [] if entry is None else [entry]
            reasons += [each.reason for each in dropped]
    return Made(places, tuple(entries), measure, "" if entries else _problem(reasons, contrasts))


def _key(contrast: Contrast) -> Own:
    return contrast.study.key, id(contrast.finding)


def _contrasts(cell: Cell, options: Options) -> tuple[tuple[Contrast, ...], tuple[LeftOut, ...]]:
    """What the options admit."""
    asked = (options.maryland, options.where)
    if asked not in cell.contrasts:
        found = select(cell.studies, cell.review, options)
        cell.contrasts[asked] = (found.contrasts, found.left_out)
    return cell.contrasts[asked]


def _effects(cell: Cell, options: Options) -> dict[Own, OwnEffect | NoEffect]:
    """The effects of every contrast that any level admits."""
    asked = (options.convert, options.zero_cells)
    if asked not in cell.effects:
        widest = replace(options, maryland=(1, 2, 3, 4, 5), where=cell.base.where)
        contrasts, _ = _contrasts(cell, widest)
        found, without = own_effects(contrasts, cell.review, options)
        every: list[OwnEffect | NoEffect] = [*found, *without]
        cell.effects[asked] = {_key(one.contrast): one for one in every}
    return cell.effects[asked]


def _of_comparators(effects: Sequence[OwnEffect], comparator: str) -> list[OwnEffect]:
    """The effects against inactive comparators; else, where these are wanted too, against active ones."""
    inactive = [one for one in effects if one.contrast.group == INACTIVE]
    return inactive or (list(effects) if comparator == WITH_ACTIVE else [])


def _entry(cell: Cell, effects: list[OwnEffect], options: Options) -> tuple[Entry | None, tuple[LeftOut, ...]]:
    """The one effect of a study."""
    own = (_key(one.contrast) for one in effects)
    asked = (options.follow_up, options.rho, options.convert, options.zero_cells, *own)
    if asked not in cell.entries:
        cell.entries[asked] = entry_of(effects, cell.review.outcomes[cell.outcome], options)
    return cell.entries[asked]


def _problem(reasons: Iterable[str], contrasts: Sequence[Contrast]) -> str:
    """Why nothing can be pooled: the reason that most findings have."""
    count = Counter(reasons)
    if not count:
        return "no effect of this family against these comparators" if contrasts else "no finding with these choices"
    reason, times = min(count.items(), key=lambda one: (-one[1], one[0]))
    more = sum(count.values()) - times
    return f"{reason} ({times} finding{'' if times == 1 else 's'}{f'; {more} for other reasons' if more else ''})"
