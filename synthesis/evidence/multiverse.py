"""A review's pool by every combination of the choices that could have been made in its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from synthesis.errors import InvalidArgument
from synthesis.evidence.multiverse_choices import (
    DATA_FAMILIES,
    ReviewChoices,
    families_of,
    options_with,
    settled,
)
from synthesis.evidence.multiverse_worlds import Cell, Made, every_world
from synthesis.evidence.options import JOINED, ONLY_ZEROS, UNCORRECTED, Options
from synthesis.evidence.own_effect import own_effects
from synthesis.evidence.pools import FAMILIES, Pool, pool_evidence
from synthesis.pooling.batch import IntArray
from synthesis.pooling.model_pooled import ModelPooled
from synthesis.records.review import Review
from synthesis.records.study import Counts, Study
from synthesis.sensitivity.many_worlds.choices import Family, check_size, checked_plan
from synthesis.sensitivity.many_worlds.specifications import Multiverse, universe

MODELS = ("MH", "PETO")  # which need no correction of zero cells
MOST_WORLDS = 50_000  # combinations of the choices that decide the data


@dataclass(frozen=True, slots=True)
class Beside:
    """The same studies by a model of counts, where zero cells are not corrected."""

    choices: Mapping[str, str]
    model: str  # a key of COUNT_MODELS
    measure: str
    fit: ModelPooled | None
    problem: str = ""  # why there is none


@dataclass(frozen=True, slots=True, eq=False)
class ReviewMultiverse:
    """One modality and outcome of a review in every combination of choices."""

    modality: str
    outcome: str
    better: str  # of the outcome: lower | higher
    family: str  # of effects: binary | continuous | time
    measure: str  # of the review's own choices
    choices: ReviewChoices
    found: Multiverse | None  # None where no specification can be pooled
    idle: tuple[str, ...]  # families left out because their choices never change a number
    beside: tuple[Beside, ...]
    studies: tuple[str, ...]  # by their numbers in the data sets
    own: Pool | None  # the review's own pool
    problem: str = ""  # why there is no multiverse


def review_multiverse(
    studies: Iterable[Study], review: Review, base: Options, cell: tuple[str, str], choices: ReviewChoices | None = None
) -> ReviewMultiverse:
    """The pool of a modality and outcome by every combination of choices.

    Parameters
    ----------
    studies : iterable of Study
        All of the review.
    review : Review
        What it declares.
    base : Options
        What is not varied: measures, confidence level, conditions; and the review's own choices, which come first.
    cell : tuple of str
        Modality and outcome.
    choices : ReviewChoices, optional
        What is offered; the usual choices where a family offers nothing.

    Returns
    -------
    ReviewMultiverse
        Of the family of effects of the review's own headline pool; where it has none, of the family that most studies
        have. A specification equals the pool that `pool_evidence` makes with its options.

    Raises
    ------
    InvalidArgument
        For choices that there are not, and too many of them.
    """
    modality, outcome = cell
    asked = replace(base, modalities=(modality,), outcomes=(outcome,))
    narrowed = tuple(one for every in studies if (one := _narrowed(every, modality, outcome)).findings)
    offered = settled(choices or ReviewChoices(), asked, review, narrowed, outcome)
    plan = checked_plan(offered.methods, offered.tests, (base.prediction,), base.level)
    families = families_of(offered)
    check_size((*families, *plan.families))
    _check_worlds(families)
    own = pool_evidence(narrowed, review, asked).headline(modality, outcome)
    family = _family(narrowed, review, asked) if own is None else own.key.family
    family = "binary" if family == JOINED else family
    number = {one.key: place for place, one in enumerate(narrowed)}
    better, names = review.outcomes[outcome].better, tuple(number)
    about = (modality, outcome, better, family, "" if own is None else own.measure, offered)
    if not family:
        return ReviewMultiverse(*about, None, (), (), names, own, "no effect in numbers under any choice")
    material = Cell(narrowed, review, outcome, family, asked, offered, number)
    kept, varied, idle = without_idle(families, every_world(material), number)
    if all(one.problem for one in kept):
        return ReviewMultiverse(*about, None, idle, (), names, own, kept[0].problem)
    found = universe(varied, [_on_axes(one, varied).world(number) for one in kept], plan, better)
    return ReviewMultiverse(*about, found, idle, _beside(material, varied, kept), names, own)


def _narrowed(study: Study, modality: str, outcome: str) -> Study:
    """A study with its findings of one cell."""
    return replace(
        study,
        findings=tuple(one for one in study.findings if one.modality == modality and one.outcome == outcome),
    )


def _check_worlds(families: Sequence[Family]) -> None:
    number = int(np.prod([len(family.choices) for family in families]))
    if number > MOST_WORLDS:
        said = ", ".join(f"{family.name} {len(family.choices)}" for family in families)
        raise InvalidArgument(f"{number:,} combinations of choices of data are more than {MOST_WORLDS:,}: {said}")


def _family(studies: Sequence[Study], review: Review, base: Options) -> str:
    """The family of effects that most studies have at any level; of equals the binary one; empty where none has one."""
    wide = replace(base, maryland=(1, 2, 3, 4, 5))
    effects, _ = own_effects(pool_evidence(studies, review, wide).selection.contrasts, review, wide)
    keys = {name: {one.contrast.study.key for one in effects if one.family == name} for name in FAMILIES}
    return max(keys, key=lambda name: len(keys[name])) if any(keys.values()) else ""


def without_idle(
    families: Sequence[Family], worlds: Sequence[Made], number: Mapping[str, int]
) -> tuple[list[Made], tuple[Family, ...], tuple[str, ...]]:
    """The worlds without the families whose choices never change a number, the families left, and the idle ones.

    The worlds are those of the first choice of every idle family.
    """
    shape = tuple(len(family.choices) for family in families)
    codes = _codes(worlds, number).reshape(shape)
    idle = [axis for axis in range(len(shape)) if (codes == np.take(codes, [0], axis=axis)).all()]
    kept = [one for one in worlds if all(one.places[axis] == 0 for axis in idle)]
    varied = tuple(family for axis, family in enumerate(families) if axis not in idle)
    named = tuple(families[axis].name for axis in idle if shape[axis] > 1)
    return kept, varied, named


def _codes(worlds: Sequence[Made], number: Mapping[str, int]) -> IntArray:
    """A number for each world, alike where their data are; worlds without data are alike in their reason."""
    known: dict[object, int] = {}
    found = []
    for one in worlds:
        world = one.world(number)
        key = (one.measure, one.problem, world.y.tobytes(), world.v.tobytes(), world.studies.tobytes())
        found.append(known.setdefault(key, len(known)))
    return np.array(found)


def _on_axes(one: Made, varied: Sequence[Family]) -> Made:
    """A world with its places in the families that are left."""
    names = {family.name for family in varied}
    places = tuple(place for name, place in zip(DATA_FAMILIES, one.places, strict=True) if name in names)
    return replace(one, places=places)


def _beside(cell: Cell, varied: Sequence[Family], worlds: Sequence[Made]) -> tuple[Beside, ...]:
    """Mantel-Haenszel and Peto for each world in which zero cells are not corrected, each set of studies once."""
    policies = cell.choices.zero_cells
    if cell.family != "binary" or UNCORRECTED not in policies or ONLY_ZEROS not in policies:
        return ()
    if all(family.name != "zero_cells" for family in varied):
        return ()
    axis = DATA_FAMILIES.index("zero_cells")
    seen: set[tuple[object, ...]] = set()
    found: list[Beside] = []
    for one in worlds:
        if one.places[axis] != policies.index(ONLY_ZEROS) or options_with(cell.base, cell.choices, one.places).convert:
            continue
        counts = tuple(entry.data for entry in one.entries)
        if not counts or counts in seen:
            continue
        seen.add(counts)
        named = {family.name: family.choices[place] for family, place in _named(varied, one)}
        found += [_model(named | {"zero_cells": UNCORRECTED}, model, one) for model in MODELS]
    return tuple(found)


def _named(varied: Sequence[Family], one: Made) -> Iterable[tuple[Family, int]]:
    return zip(varied, _on_axes(one, varied).places, strict=True)


def _model(choices: Mapping[str, str], model: str, one: Made) -> Beside:
    """A world by a model of counts."""
    from synthesis.pooling.sparse.models import COUNT_MODELS, pool_counts

    measure = "OR" if model == "PETO" else one.measure
    if measure not in COUNT_MODELS[model].measures:
        return Beside(choices, model, measure, None, f"the model is not of {measure}")
    data = [entry.data for entry in one.entries if isinstance(entry.data, Counts)]
    inflated = any(effect.inflation > 1 for entry in one.entries for effect in entry.effects)
    if len(data) < len(one.entries) or inflated:
        return Beside(choices, model, measure, None, "not every study has counts that are not of clusters")
    columns = {
        "ai": [each.events for each in data], "n1i": [each.n for each in data],
        "ci": [each.control_events for each in data], "n2i": [each.control_n for each in data],
    }  # fmt: skip
    try:
        fit, _ = pool_counts(model, measure, columns)
    except InvalidArgument as wrong:
        return Beside(choices, model, measure, None, str(wrong))
    return Beside(choices, model, measure, fit)
