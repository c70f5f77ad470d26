"""One trial counted twice in a pool: a shared report, or one group of people in two studies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

from synthesis.errors import Problem, Severity
from synthesis.evidence import Entry, Evidence, Pool
from synthesis.records.study import Counts, Means

CODES: Mapping[str, str] = {
    "SY311": "two studies of one pool that share a report",
    "SY312": "two studies of one pool in which one group has the same numbers",
}
SMALLEST = 10  # people in a group below which two studies have the same numbers by chance
Numbers = tuple[float, ...]


def double_counting(evidence: Evidence) -> tuple[Problem, ...]:
    """SY311, SY312: what looks like one trial counted twice in a pool; each pair of studies once.

    The warnings SY210 (a report in two studies) and SY211 (the same numbers in both groups) are about the records,
    whether they are pooled or not; these notes name the pool.
    """
    found: dict[tuple[str, str, str], Problem] = {}
    for pool in evidence.pools:
        for one, other in combinations(pool.entries, 2):
            for problem in _pair(pool, one, other):
                found.setdefault((problem.code, one.study.key, other.study.key), problem)
    return tuple(sorted(found.values()))


def _pair(pool: Pool, one: Entry, other: Entry) -> Iterator[Problem]:
    studies, where = f"{one.study.key} and {other.study.key}", f"in the pool {' '.join(pool.key.by)}"
    shared = sorted(set(one.study.cite) & set(other.study.cite))
    if shared:
        what = f"{studies} share the report {', '.join(shared)} {where}"
        yield _note(other, "SY311", what, "write one record for one sample of people")
    same = [
        first is not None and first == second for first, second in zip(numbers_of(one), numbers_of(other), strict=True)
    ]
    if same[0] != same[1]:
        group = "treatment" if same[0] else "control"
        what = f"the {group} groups of {studies} have the same numbers {where}"
        yield _note(other, "SY312", what, "if it is one trial, write one record with its arms; else nothing")


def numbers_of(entry: Entry) -> tuple[Numbers | None, Numbers | None]:
    """The numbers of treatment and control group; None where they tell too little."""
    data = entry.data
    if isinstance(data, Counts):
        return _counted(data.events, data.n), _counted(data.control_events, data.control_n)
    if isinstance(data, Means):
        return _measured(data.mean, data.sd, data.n), _measured(data.control_mean, data.control_sd, data.control_n)
    return None, None


def _counted(events: int, n: int) -> Numbers | None:
    return (events, n) if n >= SMALLEST and 0 < events < n else None


def _measured(mean: float, sd: float, n: int) -> Numbers | None:
    return (mean, sd, n) if n >= SMALLEST else None


def _note(entry: Entry, code: str, what: str, remedy: str) -> Problem:
    place = entry.effects[0].contrast.finding.place
    return Problem(place.path, place.line, place.column, code, what, remedy, Severity.NOTE)
