"""What a source says against what its numbers say, and one evidence set against another: disagreements are evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import combinations

from synthesis.errors import Problem, Severity
from synthesis.evidence import Evidence, OwnEffect
from synthesis.records.review import EvidenceSet, Review
from synthesis.records.study import NOT_STATED, Finding, Place, Study
from synthesis.scoring.living import effect_text

CODES: Mapping[str, str] = {
    "SY303": "a reported direction that the effect of the same contrast does not show",
    "SY304": "two evidence sets that give one study opposite results on one outcome",
    "SY305": "two evidence sets that give one contrast of a study different levels",
}
BOTH_STAND = "nothing needs to be done: both stand, each with its source"
SHOWS = {"effective": "a significant benefit", "contrary": "a significant harm", "ineffective": "no difference"}


def direction_notes(evidence: Evidence) -> Iterator[Problem]:
    """SY303: contrasts whose source reports another direction than their own effect shows."""
    for effect in evidence.effects:
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


def evidence_set_notes(studies: Iterable[Study], review: Review) -> Iterator[Problem]:
    """SY304, SY305: a study about which two evidence sets say opposite things on one modality and outcome."""
    for study in studies:
        for first, second in _pairs(study):
            one, other = first[0], second[0]
            about = f"{one.modality}, {one.outcome}"
            sets = [review.evidence_sets[each.evidence_set] for each in (one, other)]
            for code, told in (("SY304", _result), ("SY305", _level(study))):
                said = [{told(finding) for finding in group} - {""} for group in (first, second)]
                if said[0] and said[1] and not said[0] & said[1]:
                    what = f"{study.key}, {about}: {_said(sets[0], said[0])}, {_said(sets[1], said[1])}"
                    yield _note(other.place, code, what, BOTH_STAND)


def _pairs(study: Study) -> Iterator[tuple[list[Finding], list[Finding]]]:
    """The findings of two evidence sets on one modality and outcome."""
    groups: dict[tuple[str, str], dict[str, list[Finding]]] = {}
    for finding in study.findings:
        if finding.modality != NOT_STATED:
            sets = groups.setdefault((finding.modality, finding.outcome), {})
            sets.setdefault(finding.evidence_set, []).append(finding)
    for sets in groups.values():
        yield from combinations(sets.values(), 2)


def _result(finding: Finding) -> str:
    """A reported direction; nothing where it is not stated or takes no side."""
    said = finding.reported.direction
    return "" if said in (NOT_STATED, "mixed") else said


def _level(study: Study) -> Callable[[Finding], str]:
    def told(finding: Finding) -> str:
        level = study.level_of(finding).level
        return "" if level is None else f"level {level}"

    return told


def _said(evidence_set: EvidenceSet, said: Iterable[str]) -> str:
    return f"{' and '.join(sorted(said))} in {evidence_set.key}"


def _note(place: Place, code: str, what: str, remedy: str) -> Problem:
    return Problem(place.path, place.line, place.column, code, what, remedy, Severity.NOTE)
