"""What each study shows on each outcome: its one effect, as a pool takes it, beside what its source says in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from scipy.special import ndtr

from synthesis.errors import NotFound
from synthesis.evidence import ACTIVE, ATTRIBUTES, INACTIVE, Contrast, Entry, Evidence, OwnEffect, own_effects
from synthesis.evidence.attributes import Subject, text_of
from synthesis.evidence.entries import entry_of
from synthesis.evidence.options import Options
from synthesis.evidence.pools import FAMILIES
from synthesis.records.review import Outcome, Review
from synthesis.records.study import NOT_STATED, Counts, Means, Study

Thing = TypeVar("Thing")
Cell = tuple[str, str]  # modality and outcome
MIXED = "mixed"  # directions in words that are not one


@dataclass(frozen=True, slots=True)
class StudyResult:
    """One study on one outcome of one modality."""

    study: Study
    cell: Cell
    contrasts: tuple[Contrast, ...]  # all of the study in this cell, in file order
    effects: tuple[OwnEffect, ...]  # those of them in numbers, in file order
    entry: Entry | None  # its one effect; None where there are words only, or counts that make no effect

    @property
    def taken(self) -> tuple[Contrast, ...]:
        """The contrasts that its one effect was made of; all of them where there is none."""
        return self.contrasts if self.entry is None else tuple(one.contrast for one in self.entry.effects)

    @property
    def level(self) -> int:
        """The lowest Maryland level of these contrasts."""
        return min(one.level for one in self.taken)

    @property
    def computed(self) -> str | None:
        """The direction by the two-sided test of its one effect at .05, one of records.study.DIRECTIONS."""
        effect = self._effect
        return None if effect is None else effect.direction[0]

    @property
    def benefit(self) -> float | None:
        """Its one effect with benefit above 0; a ratio as a log."""
        effect = self._effect
        return None if effect is None else effect.benefit

    @property
    def p_value(self) -> float | None:
        """Two-sided, by the z test of its one effect."""
        effect = self._effect
        return None if effect is None else float(2 * ndtr(-abs(effect.yi) / effect.vi**0.5))

    @property
    def reported(self) -> str | None:
        """The direction in the words of the sources, whatever its significance; `mixed` where they are not one."""
        said = {one.finding.reported.direction for one in self.taken} - {NOT_STATED}
        return said.pop() if len(said) == 1 else MIXED if said else None

    @property
    def people(self) -> float | None:
        """Participants behind its one effect; those of the sample where its numbers do not tell."""
        found = people(self.taken)
        return self.study.sample.n if found is None else found

    @property
    def _effect(self) -> OwnEffect | None:
        """Its one effect in the form of a contrast's."""
        if self.entry is None:
            return None
        return replace(self.entry.effects[0], yi=self.entry.yi, vi=self.entry.vi, missing="")

    def attribute(self, name: str, options: Options) -> str:
        """A member of ATTRIBUTES as text; several values are joined."""
        year = options.years.get(self.study.key)
        found = (text_of(ATTRIBUTES[name](Subject(self.study, one.finding, year))) for one in self.taken)
        return " and ".join(sorted(set(found)))


def study_results(evidence: Evidence, review: Review, *, active: bool = False) -> tuple[StudyResult, ...]:
    """What each study shows, sorted by modality and outcome in the order of the review, then by study.

    Parameters
    ----------
    evidence : Evidence
        Of pools by modality and outcome.
    review : Review
        Its modalities, and its outcomes with their declared events and details.
    active : bool
        The contrasts with active comparators in place of the others.

    Returns
    -------
    tuple of StudyResult
        A study with effects in several measures takes that of the headline pool of its cell, else that of the first
        family; follow-up, detail and arms are chosen and combined as for a pool.

    Raises
    ------
    NotFound
        There is none; where the findings are instead.
    """
    group = ACTIVE if active else INACTIVE
    contrasts = [one for one in evidence.selection.contrasts if one.group == group]
    if not contrasts:
        raise NotFound(f"there is no study with {group} comparators to draw: {_why_none(evidence, group)}")
    effects, _ = own_effects(contrasts, review, evidence.options)
    numbers = _by_study((one.contrast, one) for one in effects)
    leading = _leading(evidence, group)
    results = (
        _result(
            cell,
            own,
            numbers.get((cell, key), ()),
            outcome=review.outcomes[cell[1]],
            options=evidence.options,
            leading=leading.get(cell, ""),
        )
        for (cell, key), own in _by_study((one, one) for one in contrasts).items()
    )
    modalities, outcomes = list(review.modalities), list(review.outcomes)
    return tuple(
        sorted(results, key=lambda one: (modalities.index(one.cell[0]), outcomes.index(one.cell[1]), one.study.key))
    )


def _why_none(evidence: Evidence, group: str) -> str:
    """Why a review has no contrast of a group: where the findings are instead."""
    others = len({one.study.key for one in evidence.selection.contrasts if one.group != group})
    against = INACTIVE if group == ACTIVE else ACTIVE
    found = [f"studies with {against} comparators: {others}"] if others else []
    reasons = "; ".join(dict.fromkeys(one.reason for one in evidence.selection.left_out))
    found += [f"left out: {reasons}"] if reasons else []
    return "; ".join(found) or "no finding"


def without_direction(results: Iterable[StudyResult]) -> NotFound:
    """The error of a figure for which no study has a direction."""
    names = ", ".join(sorted({one.study.key for one in results}))
    return NotFound(f"no study states a direction, in numbers or in words: {names}")


def _by_study(pairs: Iterable[tuple[Contrast, Thing]]) -> dict[tuple[Cell, str], list[Thing]]:
    """What belongs to each study in each cell."""
    found: dict[tuple[Cell, str], list[Thing]] = defaultdict(list)
    for contrast, thing in pairs:
        cell = (contrast.finding.modality, contrast.finding.outcome)
        found[cell, contrast.study.key].append(thing)
    return dict(found)


def _leading(evidence: Evidence, group: str) -> dict[tuple[str, ...], str]:
    """The measure of the headline pool of each cell, or of its first pool where none is the headline."""
    found: dict[tuple[str, ...], str] = {}
    for pool in evidence.pools:
        if pool.key.group == group and (pool.headline or pool.key.by not in found):
            found[pool.key.by] = pool.measure
    return found


def _result(
    cell: Cell,
    contrasts: Sequence[Contrast],
    effects: Sequence[OwnEffect],
    *,
    outcome: Outcome,
    options: Options,
    leading: str,
) -> StudyResult:
    """One study in one cell, with its effect in the first measure that gives one."""
    measures = sorted(
        {(one.family, one.measure) for one in effects},
        key=lambda kind: (kind[1] != leading, FAMILIES.index(kind[0]), kind[1]),
    )
    made = (
        entry_of([one for one in effects if one.measure == measure], outcome, options)[0] for _, measure in measures
    )
    entry = next((one for one in made if one is not None), None)
    return StudyResult(contrasts[0].study, cell, tuple(contrasts), tuple(effects), entry)


def people(contrasts: Iterable[Contrast]) -> float | None:
    """The participants of all arms of one study's contrasts, each counted once.

    Parameters
    ----------
    contrasts : iterable of Contrast
        Of one study; the size of an arm is the largest of those that its contrasts give it.

    Returns
    -------
    float or None
        None where the size of an arm is not known.
    """
    arms: dict[str, float] = {}
    parts: dict[str, str] = {}
    for contrast in contrasts:
        finding = contrast.finding
        sizes = _sizes(contrast)
        for side, key, n in zip(("treated", "control"), (finding.treatment, finding.control), sizes, strict=True):
            if n is None:
                return None
            arms[key or side] = max(n, arms.get(key or side, 0.0))
        parts |= {arm.key: arm.split_of for arm in contrast.study.arms if arm.split_of}
    return sum(n for key, n in arms.items() if parts.get(key) not in arms) or None


def _sizes(contrast: Contrast) -> tuple[float | None, float | None]:
    """The participants of both arms by the numbers of a contrast, else by its arms."""
    data, finding = contrast.finding.effect, contrast.finding
    if isinstance(data, (Counts, Means)):
        return float(data.n), float(data.control_n)
    stated = {arm.key: arm.n for arm in contrast.study.arms}
    return stated.get(finding.treatment), stated.get(finding.control)
