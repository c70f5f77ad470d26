"""The living evidence as a rule sees it: the contrasts of the pools, each with its direction."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable

from synthesis.effects import MEASURES
from synthesis.evidence import INACTIVE, Contrast, Evidence, OwnEffect
from synthesis.records.review import Review
from synthesis.records.study import NOT_STATED, Place
from synthesis.scoring.matrix import Reading, living_readings
from synthesis.scoring.report import Cells
from synthesis.scoring.states import Basis, ScoredFinding
from synthesis.text import decimal, interval

LIVING_FAVOURABLE = "living, favourable counts"
Z_95 = 1.959963984540054  # the 97.5 % point of the normal distribution
LARGEST_LOG = 700.0  # of a bound that can still be written as a ratio
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


def by_modality(evidence: Evidence, read: Read = computed, *, every: bool = False) -> Cells:
    """Findings of the contrasts by modality and outcome.

    Parameters
    ----------
    evidence : Evidence
        The contrasts that the pools use, and the effects of those that have numbers.
    read : callable
        Where direction and significance come from: `computed`, `reported` or `favourable`.
    every : bool
        Whether active comparators take part too.
    """
    effects = {_key(one.contrast): one for one in evidence.effects}
    cells: dict[tuple[str, str], list[ScoredFinding]] = defaultdict(list)
    for contrast in evidence.selection.contrasts:
        if every or contrast.group == INACTIVE:
            key = (contrast.finding.modality, contrast.finding.outcome)
            cells[key].append(_scored(contrast, effects.get(_key(contrast)), read))
    return {key: tuple(found) for key, found in cells.items()}


def by_row(found: Cells, review: Review) -> Cells:
    """Findings by matrix row and outcome, of the modalities that have a row and the outcomes that have a column."""
    cells: dict[tuple[str, str], list[ScoredFinding]] = defaultdict(list)
    for (modality, outcome), findings in found.items():
        row = review.modalities[modality].row
        if row and review.outcomes[outcome].column:
            cells[row, outcome] += findings
    return {key: tuple(findings) for key, findings in cells.items()}


def readings_of(evidence: Evidence, review: Review) -> tuple[Reading, ...]:
    """The readings of the living evidence, the first of them by the contrasts that the pools use."""
    default = by_row(by_modality(evidence), review)
    everything = by_row(by_modality(evidence, every=True), review)
    in_words = by_row(by_modality(evidence, reported), review)
    in_favour = by_row(by_modality(evidence, favourable), review)
    means = "the contrasts that the pools use; in favour but not significant is effective, not significant"
    return (
        *living_readings(default, everything, in_words),
        Reading(LIVING_FAVOURABLE, in_favour, "literal", means),
    )


def effect_text(effect: OwnEffect) -> str:
    """An effect with its 95 % interval, a ratio as a ratio: `RR 0.75 [0.60, 0.90]`."""
    reach = Z_95 * effect.vi**0.5
    values = [effect.yi, effect.yi - reach, effect.yi + reach]
    if MEASURES[effect.measure].is_ratio:
        values = [math.exp(min(value, LARGEST_LOG)) for value in values]
    return f"{effect.measure} {decimal(values[0], 2)} {interval(values[1], values[2], 2)}"


def _key(contrast: Contrast) -> tuple[str, Place]:
    return contrast.study.key, contrast.finding.place


def _worded(contrast: Contrast) -> Direction:
    said = contrast.finding.reported
    return said.direction, said.significant, "reported"


def _scored(contrast: Contrast, effect: OwnEffect | None, read: Read) -> ScoredFinding:
    finding = contrast.finding
    direction, significant, basis = read(contrast, effect)
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
    )
