"""Waivers: warnings that somebody looked into and accepted, with the reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from synthesis.errors import Problem, Severity
from synthesis.records.study import Study, Waiver
from synthesis.text import one_line


@dataclass(frozen=True, slots=True)
class _Reach:
    """A waiver and the lines it covers."""

    waiver: Waiver
    first: int
    last: float

    def covers(self, problem: Problem) -> bool:
        return problem.code in self.waiver.codes and self.first <= problem.line <= self.last


def apply_waivers(problems: Iterable[Problem], studies: Iterable[Study]) -> tuple[Problem, ...]:
    """The problems, with the words of the waiver on each that one covers, and an error for every waiver without use.

    Parameters
    ----------
    problems : iterable of Problem
        Everything found in the review. Only warnings can be waived: an error stays one, a note needs no waiver.
    studies : iterable of Study
        The records that hold the waivers. One of a finding covers that finding; one of a study the whole record.

    Returns
    -------
    tuple of Problem
        Sorted; with SY701 at the place of each code of a waiver that covers nothing.
    """
    reaches = {study.place.path: tuple(_reaches(study)) for study in studies}
    used: set[tuple[Waiver, str]] = set()
    judged = []
    for problem in problems:
        covering = [
            reach.waiver
            for reach in reaches.get(problem.path, ())
            if problem.severity is Severity.WARNING and reach.covers(problem)
        ]
        used |= {(waiver, problem.code) for waiver in covering}
        judged.append(replace(problem, accepted=one_line(covering[0].because)) if covering else problem)
    waivers = (reach.waiver for several in reaches.values() for reach in several)
    idle = (_idle(waiver, code) for waiver in waivers for code in waiver.codes if (waiver, code) not in used)
    return tuple(sorted([*judged, *idle]))


def _reaches(study: Study) -> Iterator[_Reach]:
    """The waivers of the findings, then that of the study."""
    for finding in study.findings:
        if finding.accept is not None:
            yield _Reach(finding.accept, finding.place.line, finding.last_line)
    if study.accept is not None:
        yield _Reach(study.accept, 1, float("inf"))


def _idle(waiver: Waiver, code: str) -> Problem:
    place = waiver.place
    what = f"nothing here needs the waiver of {code}"
    remedy = "remove it; a waiver covers warnings of its own finding or study, never errors, and notes need none"
    return Problem(place.path, place.line, place.column, "SY701", what, remedy)
