"""The living evidence as a rule sees it: the contrasts of the pools, each with its direction."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from synthesis.effects import MEASURES
from synthesis.evidence import INACTIVE, Contrast, Evidence, OwnEffect, own_effects, select
from synthesis.evidence.options import Options
from synthesis.evidence.own_effect import Measured, in_measure, measured_many
from synthesis.pooling.intervals import half_width
from synthesis.records.review import Review
from synthesis.records.study import NOT_STATED, Counts, Estimate, Means, Place, Study
from synthesis.scoring.facts import facts_of
from synthesis.scoring.matrix import Reading, living_readings
from synthesis.scoring.report import Cells, favours_of
from synthesis.scoring.states import Basis, ScoredFinding
from synthesis.text import decimal, interval

LIVING_FAVOURABLE = "living, favourable counts"
Z_95 = half_width(None, 0.95)
LARGEST_LOG = 700.0  # of a bound that can still be written as a ratio
EVERY_LEVEL = (1, 2, 3, 4, 5)
EVERY_COMPARATOR = ("none", "usual care", "placebo")  # beside active ones
BY_SIZE = ("OR", "SMD")  # printed estimates that can be brought to a standardised mean difference
Direction = tuple[str, str, Basis]  # direction, significance, and where both come from
Read = Callable[[Contrast, OwnEffect | None], Direction]


def computed(contrast: Contrast, effect: OwnEffect | None) -> Direction:
    """From the contrast's own effect, two-sided at .05; in words where it has none."""
    return _worded(contrast) if effect is None else (*effect.direction, "computed")


def reported(contrast: Contrast, effect: OwnEffect | None) -> Direction:
    """As the source reports it; from the effect where it reports none."""
    said = contrast.finding.reported.direction != NOT_STATED
    return _worded(contrast) if said else computed(contrast, effect)


def favourable(contrast: Contrast, effect: OwnEffect | None) -> Direction:
    """From the effect, one in favour that is not significant being effective, not significant."""
    found = computed(contrast, effect)
    if effect is not None and found[1] == "no" and effect.benefit > 0:
        return "effective", "no", "computed"
    return found


def by_modality(
    evidence: Evidence, read: Read = computed, *, every: bool = False, years: Mapping[str, int] | None = None
) -> Cells:
    """Findings of the contrasts by modality and outcome.

    Parameters
    ----------
    evidence : Evidence
        The contrasts that the pools use, and the effects of those that have numbers.
    read : callable
        Where direction and significance come from: `computed`, `reported` or `favourable`.
    every : bool
        Whether active comparators take part too.
    years : mapping, optional
        Of the first report of each study; those of the options where none are given.
    """
    contrasts = [one for one in evidence.selection.contrasts if every or one.group == INACTIVE]
    return _cells(contrasts, evidence.effects, evidence.options, read, years)


def of_every_level(
    studies: Iterable[Study],
    review: Review,
    options: Options,
    read: Read = computed,
    *,
    years: Mapping[str, int] | None = None,
) -> Cells:
    """Findings by modality and outcome at any stated level and against any stated comparator; the rule admits."""
    wanted = replace(options, maryland=EVERY_LEVEL, comparators=EVERY_COMPARATOR)
    contrasts = select(studies, review, wanted).contrasts
    effects, _ = own_effects(contrasts, review, wanted)
    return _cells(contrasts, [one for one in effects if not one.missing], wanted, read, years)


def _cells(
    contrasts: Iterable[Contrast],
    effects: Sequence[OwnEffect],
    options: Options,
    read: Read,
    years: Mapping[str, int] | None,
) -> Cells:
    sizes = dict(zip(map(_key_of, effects), benefits(effects, options), strict=True))
    own = {_key_of(one): one for one in effects}
    known_years = options.years if years is None else years
    cells: dict[tuple[str, str], list[ScoredFinding]] = defaultdict(list)
    for contrast in contrasts:
        place = _key(contrast)
        size, year = sizes.get(place), known_years.get(contrast.study.key)
        cells[contrast.finding.modality, contrast.finding.outcome].append(
            _scored(contrast, own.get(place), read, size, year)
        )
    return {key: tuple(found) for key, found in cells.items()}


def benefits(effects: Sequence[OwnEffect], options: Options) -> list[float | None]:
    """Each effect as a standardised mean difference with benefit above 0; None where it cannot be brought to one.

    Counts go by way of their odds ratio, odds ratios by sqrt(3) / pi; ratios of risks or hazards without counts,
    risk differences and mean differences without standard deviations have none.
    """
    convertible = [
        one
        for one in effects
        if isinstance(one.data, (Counts, Means)) or (isinstance(one.data, Estimate) and one.data.measure in BY_SIZE)
    ]
    wanted = replace(options, measure={**options.measure, "binary": "OR", "continuous": "SMD"}, convert="")
    found = dict(zip(map(_key_of, convertible), measured_many([one.data for one in convertible], wanted), strict=True))
    return [_benefit(one, found.get(_key_of(one), "")) for one in effects]


def _benefit(one: OwnEffect, measured: Measured | str) -> float | None:
    if isinstance(measured, str):
        return None
    size, _ = in_measure(measured, "SMD")
    return size if one.better == "higher" else -size


def by_row(found: Cells, review: Review) -> Cells:
    """Findings by matrix row and outcome, of the modalities that have a row and the outcomes that have a column."""
    cells: dict[tuple[str, str], list[ScoredFinding]] = defaultdict(list)
    for (modality, outcome), findings in found.items():
        row = review.modalities[modality].row
        if row and review.outcomes[outcome].column:
            cells[row, outcome] += findings
    return {key: tuple(findings) for key, findings in cells.items()}


def readings_of(evidence: Evidence, review: Review, years: Mapping[str, int] | None = None) -> tuple[Reading, ...]:
    """The readings of the living evidence, the first of them by the contrasts that the pools use."""

    def taken(read: Read, *, every: bool = False) -> Cells:
        return by_row(by_modality(evidence, read, every=every, years=years), review)

    means = "the contrasts that the pools use; in favour but not significant is effective, not significant"
    return (
        *living_readings(taken(computed), taken(computed, every=True), taken(reported)),
        Reading(LIVING_FAVOURABLE, taken(favourable), means=means),
    )


def effect_text(effect: OwnEffect) -> str:
    """An effect with its 95 % interval, a ratio as a ratio: `RR 0.75 [0.60, 0.90]`."""
    reach = Z_95 * effect.vi**0.5
    values = [effect.yi, effect.yi - reach, effect.yi + reach]
    if MEASURES[effect.measure].is_ratio:
        values = [math.exp(min(value, LARGEST_LOG)) for value in values]
    return f"{effect.measure} {decimal(values[0], 2)} {interval(values[1], values[2], 2)}"


def _key_of(effect: OwnEffect) -> tuple[str, Place]:
    return _key(effect.contrast)


def _key(contrast: Contrast) -> tuple[str, Place]:
    return contrast.study.key, contrast.finding.place


def _worded(contrast: Contrast) -> Direction:
    said = contrast.finding.reported
    return said.direction, said.significant, "reported"


def _scored(
    contrast: Contrast, effect: OwnEffect | None, read: Read, size: float | None, year: int | None
) -> ScoredFinding:
    finding = contrast.finding
    direction, significant, basis = read(contrast, effect)
    facts = (*facts_of(contrast.study, finding, year), *_favours(contrast, effect))
    return ScoredFinding(
        study=contrast.study.key,
        level=contrast.level,
        outcome=finding.outcome,
        detail=finding.detail,
        direction=direction,
        significant=significant,
        limited=bool(finding.limited),
        direction_basis=basis,
        place=finding.place,
        source=f"{finding.source.document}, {finding.source.at}".removesuffix(", "),
        effect="" if effect is None else effect_text(effect),
        facts=facts if size is None else (*facts, ("effect", size)),
        beside=_other_basis(contrast, effect, (direction, significant, basis)),
    )


def _favours(contrast: Contrast, effect: OwnEffect | None) -> tuple[tuple[str, str], ...]:
    """Which way an effect points, significant or not; the words where there is no effect."""
    if effect is None:
        return favours_of(contrast.finding.reported.direction)
    benefit = effect.benefit
    return (("favours", "neither" if benefit == 0 else "benefit" if benefit > 0 else "harm"),)


def _other_basis(contrast: Contrast, effect: OwnEffect | None, taken: Direction) -> str:
    """What the words say where the effect was taken, or the effect where the words were; nothing where they agree."""
    words = contrast.finding.reported.direction != NOT_STATED
    if effect is None or not words:
        return ""
    other = computed(contrast, effect) if taken[2] == "reported" else _worded(contrast)
    if other[:2] == taken[:2]:
        return ""
    return f"{other[2]}: {other[0]}, significant: {other[1]}"
