"""The choices of a review that its multiverse varies: what each family offers, the review's own choice first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace

from synthesis.effects.columns import check_known
from synthesis.errors import InvalidArgument
from synthesis.evidence.attributes import Condition
from synthesis.evidence.contrasts import INACTIVE
from synthesis.evidence.options import ZERO_CELLS, Options, options_of
from synthesis.records.review import Review
from synthesis.records.study import NOT_STATED, SETTINGS, Finding, Study
from synthesis.sensitivity.many_worlds.choices import METHODS, NEEDS_MORE, USUAL_TESTS, Family

ALL, IN_ORDER, WITH_ACTIVE, NONE = "all", "in order", "with active", "none"
COMPARATORS = (INACTIVE, WITH_ACTIVE)
LEVELS = ((5,), (4, 5), (1, 2, 3, 4, 5))
FOLLOW_UPS = ("end", "longest", "nearest:6")
RHOS = (0.3, 0.6, 0.8)
CONVERTS = (NONE, "SMD", "OR")
FEWEST = 2  # studies that a detail must have to be a choice by itself


@dataclass(frozen=True, slots=True)
class ReviewChoices:
    """What each family offers; a family that offers nothing offers its usual choices, and one choice is no family.

    The usual ones begin with the review's own: its level, follow-up and correlation; all settings; inactive
    comparators; the declared order of details; its zero cells, as a rule 1/2 to studies with one; no conversion.
    """

    level: tuple[tuple[int, ...], ...] = ()  # admitted Maryland levels
    setting: tuple[str, ...] = ()  # all, or one of SETTINGS
    comparator: tuple[str, ...] = ()  # of COMPARATORS; with active: also of studies that have no other comparator
    follow_up: tuple[str, ...] = ()  # end | longest | nearest:MONTHS
    detail: tuple[str, ...] = ()  # in order, or one detail alone
    rho: tuple[float, ...] = ()  # correlation of averaged effects
    zero_cells: tuple[str, ...] = ()  # of ZERO_CELLS
    convert: tuple[str, ...] = ()  # of CONVERTS
    methods: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()


DATA_FAMILIES = tuple(field.name for field in fields(ReviewChoices) if field.name not in ("methods", "tests"))


def settled(
    choices: ReviewChoices, base: Options, review: Review, studies: Iterable[Study], outcome: str
) -> ReviewChoices:  # fmt: skip
    """The choices with the usual ones where none is offered.

    Parameters
    ----------
    choices : ReviewChoices
        What is offered.
    base : Options
        The review's own options, as far as they are asked for.
    review : Review
        What it declares.
    studies : iterable of Study
        With the findings of one modality and outcome alone; their settings and details are choices.
    outcome : str
        Which outcome, whose order of details comes first.

    Raises
    ------
    InvalidArgument
        For a choice that there is not; the nearest is suggested.
    """
    living = [(study, one) for study in studies for one in study.findings if one.evidence_set in base.sets]
    usual = {
        "level": _first(base.maryland, LEVELS),
        "setting": (ALL, *_settings(living)),
        "comparator": COMPARATORS,
        "follow_up": _first(base.follow_up, FOLLOW_UPS),
        "detail": (IN_ORDER, *_details(living, review.outcomes[outcome].details)),
        "rho": _first(base.rho, RHOS),
        "zero_cells": _first(base.zero_cells, tuple(ZERO_CELLS)),
        "convert": _first(base.convert or NONE, CONVERTS[:2]),
        "methods": _first("DL" if base.method in NEEDS_MORE else base.method, METHODS),
        "tests": _first(base.test, USUAL_TESTS),
    }
    chosen = {name: tuple(dict.fromkeys(getattr(choices, name))) or default for name, default in usual.items()}
    found = ReviewChoices(**chosen)  # type: ignore[arg-type]  # each of its own kind, by name
    _check(found, review)
    return found


def _first(own: object, others: Sequence[object]) -> tuple[object, ...]:
    """The review's own choice, then the others."""
    return tuple(dict.fromkeys((own, *others)))


def _settings(living: Iterable[tuple[Study, Finding]]) -> tuple[str, ...]:
    """The settings that are stated."""
    seen = {study.sample.setting for study, _ in living}
    return tuple(setting for setting in SETTINGS if setting in seen and setting != NOT_STATED)


def _details(living: Iterable[tuple[Study, Finding]], order: Sequence[str]) -> tuple[str, ...]:
    """The details that at least two studies have, in the declared order, then by name."""
    having: dict[str, set[str]] = {}
    for study, one in living:
        having.setdefault(one.detail, set()).add(study.key)
    found = [detail for detail, keys in having.items() if detail and len(keys) >= FEWEST]
    return tuple(sorted(found, key=lambda one: (order.index(one) if one in order else len(order), one)))


def _check(choices: ReviewChoices, review: Review) -> None:
    known = {"setting": (ALL, *SETTINGS), "comparator": COMPARATORS, "zero_cells": ZERO_CELLS, "convert": CONVERTS}
    for name, names in known.items():
        for one in getattr(choices, name):
            check_known(one, names, name.replace("_", " "))
    for levels in choices.level:
        if not levels or not set(levels) <= {1, 2, 3, 4, 5}:
            raise InvalidArgument(f"levels must be from 1 to 5, as (4, 5), not {levels!r}")
    for one in choices.follow_up:
        options_of(review, follow_up=one)
    for rho in choices.rho:
        options_of(review, rho=rho)


def families_of(choices: ReviewChoices) -> tuple[Family, ...]:
    """The families that decide the data, each choice by its name."""
    return tuple(Family(name, tuple(map(_name, getattr(choices, name)))) for name in DATA_FAMILIES)


def _name(choice: object) -> str:
    """A choice as it is shown."""
    if isinstance(choice, tuple):
        levels = sorted(choice)
        whole = len(levels) > 1 and levels == list(range(levels[0], levels[-1] + 1))
        return f"{levels[0]}-{levels[-1]}" if whole else ",".join(map(str, levels))
    return f"{choice:g}" if isinstance(choice, float) else str(choice)


def options_with(base: Options, choices: ReviewChoices, places: Sequence[int]) -> Options:
    """The options of one specification; the mixing of comparators is not among them."""
    chosen = {
        name: getattr(choices, name)[place] for name, place in zip(DATA_FAMILIES, places, strict=True)
    }  # fmt: skip
    where = base.where
    if chosen["setting"] != ALL:
        where = (*where, Condition("setting", "=", (chosen["setting"],)))
    if chosen["detail"] != IN_ORDER:
        where = (*where, Condition("detail", "=", (chosen["detail"],)))
    return replace(
        base, maryland=chosen["level"], follow_up=chosen["follow_up"], rho=chosen["rho"], where=where,
        zero_cells=chosen["zero_cells"], convert="" if chosen["convert"] == NONE else chosen["convert"],
    )  # fmt: skip
