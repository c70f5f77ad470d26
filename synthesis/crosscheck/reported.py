"""What a source says against what its numbers say, and one evidence set against another: disagreements are evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

from synthesis.errors import Problem, Severity
from synthesis.evidence import OwnEffect
from synthesis.records.review import Review
from synthesis.records.study import NOT_STATED, Finding, Place, Study
from synthesis.scoring.living import effect_text

CODES: Mapping[str, str] = {
    "SY303": "a reported direction that the effect of the same contrast does not show",
    "SY304": "two evidence sets that give one study opposite results on one outcome",
    "SY305": "two evidence sets that give one contrast of a study different levels",
}
BOTH_STAND = "nothing needs to be done: both stand, each with its source"
SHOWS = {"effective": "a significant benefit", "contrary": "a significant harm", "ineffective": "no difference"}


def direction_notes(effects: Iterable[OwnEffect]) -> Iterator[Problem]:
    """SY303: contrasts whose source reports another direction than their own effect shows."""
    for effect in effects:
        if _disagrees(effect):
            finding = effect.contrast.finding
            said = finding.reported
            what = (
                f"{finding.modality}, {finding.outcome}: reported as {said.direction}, "
                f"significant: {said.significant}; its effect {effect_text(effect)} shows {SHOWS[effect.direction[0]]}"
            )
            remedy = "compare event, groups and direction with the source; if all are right, both stand"
            yield _note(finding.place, "SY303", what, remedy)


def _disagrees(effect: OwnEffect) -> bool:
    """Whether words and numbers of one contrast cannot both be right.

    In favour without significance agrees with an effect in favour that is not significant; mixed results agree with
    anything, because words may speak of several measures.
    """
    said = effect.contrast.finding.reported
    shown, _ = effect.direction
    if said.direction in (NOT_STATED, "mixed"):
        return False
    if said.direction == shown:
        return shown != "ineffective" and said.significant == "no"
    if shown != "ineffective" or said.significant == "yes":
        return True
    sign = 1 if said.direction == "effective" else -1
    return sign * effect.benefit <= 0


def evidence_set_notes(
    studies: Iterable[Study], review: Review, effects: Iterable[OwnEffect] = ()
) -> Iterator[Problem]:
    """SY304, SY305: a study about which two evidence sets say opposite things on one modality and outcome.

    Each set speaks by its contrasts of the highest level, so that a benefit among completers does not hide that the
    contrast as allocated shows none.

    Parameters
    ----------
    studies : iterable of Study
        In any order, which is kept.
    review : Review
        Its evidence sets.
    effects : iterable of OwnEffect
        Where a finding comes in numbers and not in words, its direction is that of its effect.
    """
    shown = {one.contrast.finding.place: f"{one.direction[0]} (computed)" for one in effects}
    for study in studies:
        for first, second in _pairs(study, review):
            one, other = _strongest(study, first), _strongest(study, second)
            about = f"{study.key}, {first[0].modality}, {first[0].outcome}"
            results = _results(one, shown), _results(other, shown)
            levels = _levels(study, one), _levels(study, other)
            for code, said in (("SY304", results), ("SY305", levels)):
                if said[0] and said[1] and not _bare(said[0]) & _bare(said[1]):
                    what = f"{about}: {_said(one, said[0])}, {_said(other, said[1])}"
                    yield _note(other[0].place, code, what, BOTH_STAND)


def _pairs(study: Study, review: Review) -> Iterator[tuple[list[Finding], list[Finding]]]:
    """The findings of each two evidence sets on one modality and outcome, the sets in the review's order."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in study.findings:
        if finding.modality != NOT_STATED:
            groups.setdefault((finding.modality, finding.outcome), []).append(finding)
    for findings in groups.values():
        by_set = [[one for one in findings if one.evidence_set == key] for key in review.evidence_sets]
        yield from combinations([found for found in by_set if found], 2)


def _strongest(study: Study, findings: list[Finding]) -> list[Finding]:
    """The findings at the highest level among them; all where none is stated."""
    best = max(study.level_of(finding).level or 0 for finding in findings)
    return [finding for finding in findings if (study.level_of(finding).level or 0) == best]


def _results(findings: Iterable[Finding], shown: Mapping[Place, str]) -> set[str]:
    """Directions that take a side: as reported, else as the effect shows."""
    said = {(finding.place, finding.reported.direction) for finding in findings}
    found = {shown.get(place, "") if direction == NOT_STATED else direction for place, direction in said}
    return found - {"", "mixed"}


def _bare(said: Iterable[str]) -> set[str]:
    """The same without where it comes from."""
    return {text.removesuffix(" (computed)") for text in said}


def _levels(study: Study, findings: Iterable[Finding]) -> set[str]:
    """Stated levels, in words."""
    levels = {study.level_of(finding).level for finding in findings} - {None}
    return {f"level {level}" for level in levels}


def _said(findings: list[Finding], said: Iterable[str]) -> str:
    return f"{' and '.join(sorted(said))} in {findings[0].evidence_set}"


def _note(place: Place, code: str, what: str, remedy: str) -> Problem:
    return Problem(place.path, place.line, place.column, code, what, remedy, Severity.NOTE)
