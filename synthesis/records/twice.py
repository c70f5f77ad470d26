"""The same sample in two records: it would be counted as two studies."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from synthesis.errors import Problem, Severity
from synthesis.records.review import Review
from synthesis.records.study import Counts, Estimate, Finding, Place, Study

REMEDY = "several reports of one sample are one record; accept the warning if these are two samples"


def shared_reports(studies: Sequence[Study], _: Review) -> Iterator[Problem]:
    """A report that two studies cite (SY210); named at the later one."""
    first: dict[str, str] = {}
    for study in studies:
        for key in study.cite:
            if key in first:
                yield _warning(study.at("cite"), "SY210", f"{key!r} is cited by {first[key]} too", REMEDY)
            else:
                first[key] = study.place.path


def shared_effects(studies: Sequence[Study], review: Review) -> Iterator[Problem]:
    """The same numbers for one modality and outcome in two studies (SY211); named at the later one.

    Counts of complementary events are the same numbers. Groups without, or with nothing but, events do not count:
    small trials share them by chance.
    """
    first: dict[tuple[object, ...], Study] = {}
    for study in studies:
        for finding in study.findings:
            numbers = _numbers(finding, review)
            if numbers is None:
                continue
            key = (finding.modality, finding.outcome, numbers)
            other = first.setdefault(key, study)
            if other is not study:
                what = f"the same numbers stand in {other.place.path}"
                yield _warning(finding.at("effect"), "SY211", what, REMEDY)


def _numbers(finding: Finding, review: Review) -> tuple[object, ...] | None:
    """What two effects of one sample share; None for an effect that tells too little."""
    effect = finding.effect
    if effect is None or (isinstance(effect, Estimate) and effect.ci is None):
        return None
    if not isinstance(effect, Counts):
        return (effect,)
    events, n, control_events, control_n = effect.events, effect.n, effect.control_events, effect.control_n
    if (events, control_events) in ((0, 0), (n, control_n)):
        return None
    outcome = review.outcomes.get(finding.outcome)
    if outcome is not None and finding.event and finding.event == outcome.complement:
        events, control_events = n - events, control_n - control_events
    return (events, n, control_events, control_n)


def _warning(place: Place, code: str, what: str, remedy: str) -> Problem:
    return Problem(place.path, place.line, place.column, code, what, remedy, Severity.WARNING)


ACROSS: Mapping[str, Callable[[Sequence[Study], Review], Iterator[Problem]]] = {
    "shared-reports": shared_reports,
    "shared-effects": shared_effects,
}
