"""Studies as the data of an effect-direction plot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby

from synthesis.errors import InvalidArgument
from synthesis.evidence import Evidence, OwnEffect
from synthesis.evidence.entries import at_one_time, preference
from synthesis.evidence.options import Options
from synthesis.records.review import Review
from synthesis.records.study import NOT_STATED
from synthesis.rendering.figures.results import Cell, StudyResult, people, study_results, without_direction
from synthesis.rendering.figures.words import title_of
from synthesis.rendering.plots.effect_direction_data import SIZES, EffectArrow, EffectDirectionData, EffectDirectionRow

AGREE = 0.7  # ours: the share of a study's findings that must point one way
SIGNS: Mapping[str, int] = {"effective": 1, "contrary": -1, "ineffective": 0, "mixed": 0}
Pair = tuple[StudyResult, EffectArrow]
NAMES: Mapping[int, str] = {1: "up", -1: "down", 0: "sideways"}


def effect_direction_data(
    evidence: Evidence,
    review: Review,
    *,
    agree: float = AGREE,
    sizes: tuple[float, float] = SIZES,
    active: bool = False,
    title: str = "",
) -> EffectDirectionData:
    """Studies by outcomes, with the direction of what each found, whatever its significance.

    Parameters
    ----------
    evidence : Evidence
        Its contrasts, by modality and outcome.
    review : Review
        Labels, and the order of modalities and outcomes.
    agree : float
        The share of a study's findings on one outcome that must point one way, above one half and at most 1; else
        its arrow is sideways. The usual share is our choice.
    sizes : tuple of float
        Participants from which an arrow is medium, and above which it is large. The usual ones are our choice.
    active : bool
        The contrasts with active comparators in place of the others.
    title : str
        Of the figure; otherwise it names what is shown.

    Returns
    -------
    EffectDirectionData
        A finding is an effect in numbers at the follow-up that comes first, each pair of arms and detail once; of a
        study without numbers, what its source says in words.

    Raises
    ------
    NotFound
        There is no study, or none with a direction.
    InvalidArgument
        For another share.
    """
    check_agree(agree)
    results = study_results(evidence, review, active=active)
    drawn = [(one, _arrow(one, evidence.options, agree)) for one in results]
    pairs = [(one, arrow) for one, arrow in drawn if arrow is not None]
    if not pairs:
        raise without_direction(results)
    shown = [one for one, _ in pairs]
    cells = dict.fromkeys(one.cell for one in shown)
    outcomes = [key for key in review.outcomes if any(outcome == key for _, outcome in cells)]
    several = len({modality for modality, _ in cells}) > 1
    rows = []
    for (modality, _), group in groupby(sorted(pairs, key=_order(cells)), key=_row_of):
        found = list(group)
        rows.append(_row(found, outcomes, review.modalities[modality].label if several else ""))
    return EffectDirectionData(
        title=title or title_of(cells, review),
        outcomes=tuple(review.outcomes[key].label for key in outcomes),
        rows=tuple(rows),
        qualities=tuple(sorted({row.quality for row in rows}, reverse=True)),
        quality_name="Level",
        sizes=sizes,
        footnotes=_footnotes(shown, [one for one, arrow in drawn if arrow is None], agree, active=active),
    )


def _row_of(pair: Pair) -> tuple[str, str]:
    """The modality and the study that share a row."""
    return pair[0].cell[0], pair[0].study.key


def _order(cells: Iterable[Cell]) -> Callable[[Pair], tuple[int, str]]:
    """Rows by modality, as cells are, then by study."""
    modalities = list(dict.fromkeys(modality for modality, _ in cells))
    return lambda pair: (modalities.index(pair[0].cell[0]), pair[0].study.key)


def _row(found: Sequence[Pair], outcomes: Sequence[str], group: str) -> EffectDirectionRow:
    """One study; its level is that of its weakest contrast."""
    study = found[0][0].study
    arrows = {one.cell[1]: arrow for one, arrow in found}
    known = [arrow.n for arrow in arrows.values() if arrow.n is not None]
    return EffectDirectionRow(
        label=study.key,
        design="" if study.design.allocation == NOT_STATED else study.design.allocation,
        n=study.sample.n or max(known, default=None),
        arrows=tuple(arrows.get(key) for key in outcomes),
        quality=str(min(one.level for one, _ in found)),
        group=group,
    )


def _arrow(one: StudyResult, options: Options, agree: float) -> EffectArrow | None:
    """What a study found on one outcome, in numbers, else in words; None where it found nothing."""
    effects = _once([effect for effect in one.effects if not effect.missing], options)
    signs = [(effect.benefit > 0) - (effect.benefit < 0) for effect in effects]
    if not effects:
        said = (contrast.finding.reported.direction for contrast in one.contrasts)
        signs = [SIGNS[direction] for direction in said if direction != NOT_STATED]
    n = people([effect.contrast for effect in effects]) if effects else one.study.sample.n
    return agreed_arrow(signs, agree, n)


def check_agree(agree: float) -> None:
    """Refuse a share of findings by which two directions, or none, could agree.

    Raises
    ------
    InvalidArgument
        Unless it is above one half and at most 1.
    """
    if not 0.5 < agree <= 1:
        raise InvalidArgument(f"a share that agrees is above 0.5 and at most 1, not {agree:g}")


def agreed_arrow(signs: Sequence[int], agree: float, n: float | None) -> EffectArrow | None:
    """The arrow of a study's findings: the way of those that agree, else sideways; None where there is no finding."""
    if not signs:
        return None
    way = next((sign for sign in (1, -1) if signs.count(sign) / len(signs) >= agree), 0)
    return EffectArrow(NAMES[way], len(signs), n)


def _once(effects: Sequence[OwnEffect], options: Options) -> list[OwnEffect]:
    """The effects at the follow-up that comes first, each pair of arms and detail once."""
    timed = at_one_time(effects, options, []) if effects else []
    ordered = sorted(timed, key=lambda one: (one.contrast.own_key, preference(one)))
    return [next(group) for _, group in groupby(ordered, key=lambda one: one.contrast.own_key)]


def _footnotes(
    shown: Sequence[StudyResult], absent: Sequence[StudyResult], agree: float, *, active: bool
) -> tuple[str, ...]:
    against = "active" if active else "inactive"
    level = "Level: Maryland level of the study's weakest contrast shown."
    n = "n: of the sample, else the most behind one of its arrows."
    share = f"Several findings of a study point where at least {100 * agree:g} % of them do, else sideways"
    found = [f"Against {against} comparators. {level} {n}", f"{share} (this share is our choice)."]
    rows = Counter(key for _, key in {(one.cell[0], one.study.key) for one in shown})
    several = sorted(key for key, count in rows.items() if count > 1)
    if several:
        found.append(f"In more than one row, and counted in each: {', '.join(several)}.")
    words = sorted({one.study.key for one in shown if not any(not effect.missing for effect in one.effects)})
    if words:
        found.append(f"On some outcome in words only: {', '.join(words)}.")
    if absent:
        names = sorted({one.study.key for one in absent})
        found.append(f"On some outcome without any stated direction: {', '.join(names)}.")
    return tuple(found)
