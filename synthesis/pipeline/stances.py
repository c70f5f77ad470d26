"""What the data of each study say of a treatment, for who cites them: direction and significance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from synthesis.citations.cells import joint_direction
from synthesis.errors import InvalidArgument, NotFound, did_you_mean
from synthesis.evidence import INACTIVE, Contrast, options_of, own_effects
from synthesis.pipeline.loading import Loaded
from synthesis.records.study import NOT_STATED, Finding, Study


@dataclass(frozen=True, slots=True)
class Stances:
    """Of each study in scope."""

    directions: dict[str, str]  # one of records.study.DIRECTIONS
    significant: dict[str, bool]  # of those whose significance is known
    scope: str


def stances_of(loaded: Loaded, modality: str = "", outcome: str = "") -> Stances:
    """What each study says of a treatment: as its source reports it, else as its numbers do.

    A study's direction is that of its findings in scope, `mixed` where they differ; it is significant if one is.

    Parameters
    ----------
    loaded : Loaded
        The review.
    modality, outcome : str
        The findings in scope; all of them by default.

    Raises
    ------
    NotFound
        There is no such modality or outcome.
    InvalidArgument
        No finding is in scope.
    """
    review = loaded.records.review
    for name, given, known in (("modality", modality, review.modalities), ("outcome", outcome, review.outcomes)):
        if given and given not in known:
            raise NotFound(f"no {name} {given!r}; {did_you_mean(given, known)}")
    computed = _computed(loaded)
    directions: dict[str, str] = {}
    significant: dict[str, bool] = {}
    for study in loaded.records.studies:
        said = [_said(study, finding, computed) for finding in _in_scope(study, modality, outcome)]
        if said:
            directions[study.key] = joint_direction(direction for direction, _ in said)
        if known_ones := [found == "yes" for _, found in said if found != NOT_STATED]:
            significant[study.key] = any(known_ones)
    scope = " x ".join(name for name in (modality, outcome) if name)
    if not directions:
        raise InvalidArgument(f"no study has a finding on {scope or 'anything'}")
    return Stances(directions, significant, scope)


def _in_scope(study: Study, modality: str, outcome: str) -> Iterator[Finding]:
    return (
        finding for finding in study.findings if modality in ("", finding.modality) and outcome in ("", finding.outcome)
    )


def _said(study: Study, finding: Finding, computed: dict[tuple[str, int, int], tuple[str, str]]) -> tuple[str, str]:
    """Direction and significance of a finding."""
    if finding.reported.direction != NOT_STATED:
        return finding.reported.direction, finding.reported.significant
    return computed.get(_place(study, finding), (NOT_STATED, NOT_STATED))


def _computed(loaded: Loaded) -> dict[tuple[str, int, int], tuple[str, str]]:
    """Direction and significance of the findings that have numbers, by study and place.

    Every finding, of whatever level, comparator and evidence set: who cites a study does not ask for them.
    """
    review = loaded.records.review
    contrasts = [
        Contrast(study, finding, study.level_of(finding).level or 0, INACTIVE, ())
        for study in loaded.records.studies
        for finding in study.findings
        if finding.effect is not None
    ]
    effects, _ = own_effects(contrasts, review, options_of(review))
    return {_place(one.contrast.study, one.contrast.finding): one.direction for one in effects}


def _place(study: Study, finding: Finding) -> tuple[str, int, int]:
    return (study.key, finding.place.line, finding.place.column)
