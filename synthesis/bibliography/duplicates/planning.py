"""Which merges of a library may be done, and what keeps the others from it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import NamedTuple

from synthesis.bibliography.duplicates.clusters import Decisions, Found, Group, find, pair_of
from synthesis.bibliography.duplicates.held import Held, held_in
from synthesis.bibliography.duplicates.merging import Merge, merge_of
from synthesis.bibliography.duplicates.shelving import unfit
from synthesis.bibliography.editing.removing import KEY_FIELDS, keys_in
from synthesis.bibliography.entry import Entry
from synthesis.bibliography.library import Library
from synthesis.errors import Problem, Severity


class Citation(NamedTuple):
    """One row of the citations."""

    source: str
    target: str
    relation: str
    place: str = ""  # file and line


@dataclass(frozen=True, slots=True)
class Uses:
    """What a review does with the keys of its library."""

    places: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by key, the files and lines that cite it
    studies: Mapping[str, frozenset[str]] = field(default_factory=dict)  # by key, the records that it is a report of
    edges: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """The duplicates of a library, and what is to be done about them."""

    libraries: tuple[Library, ...]
    held: Mapping[str, Held]
    found: Found
    merges: tuple[Merge, ...]  # one for each group
    problems: tuple[Problem, ...]  # why some of them may not be done
    refused: frozenset[str]  # keys of the kept records of those

    @property
    def ready(self) -> tuple[Merge, ...]:
        """The merges that may be done."""
        return tuple(merge for merge in self.merges if merge.kept.record.key not in self.refused)


def plan_of(libraries: Sequence[Library], uses: Uses, decisions: Decisions) -> Plan:
    """The duplicates of a library and how they would be merged."""
    held = held_in(libraries)
    found = find((one.record for one in held.values()), decisions)
    pointed = pointed_at(libraries)
    used = {one.entry.key for one in held.values() if one.entry.key in uses.places or one.entry.key.lower() in pointed}
    merges = tuple(_merge(group, held, used, libraries) for group in found.groups)
    clashing = _clashing(merges, uses)
    hindered = [
        (
            merge,
            (
                *_of_files(merge, libraries),
                *_of_studies((merge.kept, *merge.removed), uses, decisions),
                *_of_pointers(merge, pointed),
                *_of_edges(merge, clashing),
            ),
        )
        for merge in merges
    ]
    problems = sorted(problem for _, several in hindered for problem in several)
    refused = frozenset(merge.kept.record.key for merge, several in hindered if several)
    return Plan(tuple(libraries), held, found, merges, tuple(problems), refused)


def pointed_at(libraries: Sequence[Library]) -> dict[str, tuple[str, ...]]:
    """Keys, in small letters, that entries of the library name in fields such as `crossref`, with the places."""
    found: dict[str, list[str]] = {}
    for library in libraries:
        for entry in library.entries:
            for one in entry.fields:
                if one.name in KEY_FIELDS:
                    for key in filter(None, keys_in(one.name, one.value.lower())):
                        found.setdefault(key, []).append(f"{entry.path}:{one.line}")
    return {key: tuple(places) for key, places in found.items()}


def _merge(group: Group, held: Mapping[str, Held], used: Collection[str], libraries: Sequence[Library]) -> Merge:
    first = merge_of(group, held, used, {})
    return merge_of(group, held, used, libraries[first.kept.library].strings)


def renames_of(merge: Merge) -> dict[str, str]:
    """The keys that go with a merge, and the key that stands for them."""
    kept = merge.kept.entry.key
    return {one.entry.key: kept for one in merge.removed if one.entry.key != kept}


def _of_files(merge: Merge, libraries: Sequence[Library]) -> Iterator[Problem]:
    for shelf in sorted({one.library for one in (merge.kept, *merge.removed)}):
        if problem := unfit(libraries[shelf]):
            what = f"{problem.what}, so {merge.kept.entry.key} is not merged"
            yield Problem(problem.path, problem.line, problem.column, "SY558", what, problem.remedy)


def _of_pointers(merge: Merge, pointed: Mapping[str, Sequence[str]]) -> Iterator[Problem]:
    """Entries to take out that other entries name."""
    for one in merge.removed:
        if one.entry.key in renames_of(merge) and (places := pointed.get(one.entry.key.lower())):
            what = f"{one.entry.key} is {merge.kept.entry.key} again, but other entries name it: {', '.join(places)}"
            yield _at(one.entry, "SY556", what, f"name {merge.kept.entry.key} there, then merge")


def _of_edges(merge: Merge, clashing: Mapping[str, Citation]) -> Iterator[Problem]:
    """Citations that would be two of one, or of a document by itself."""
    for one in merge.removed:
        if one.entry.key in renames_of(merge) and (edge := clashing.get(one.entry.key)):
            what = (
                f"{one.entry.key} is {merge.kept.entry.key} again, but then the citation `{edge.source} "
                f"{edge.relation} {edge.target}` ({edge.place}) would be there twice, or of a document by itself"
            )
            yield _at(one.entry, "SY556", what, "take that row out, then merge")


def _clashing(merges: Sequence[Merge], uses: Uses) -> dict[str, Citation]:
    """By key that goes, the first citation that clashes once all merges are done."""
    renames = {old: new for merge in merges for old, new in renames_of(merge).items()}
    after: dict[tuple[str, str, str], list[Citation]] = {}
    for edge in uses.edges:
        source, target = (renames.get(key, key) for key in (edge.source, edge.target))
        after.setdefault((source, target, edge.relation), []).append(edge)
    found: dict[str, Citation] = {}
    for new, edges in after.items():
        if len(edges) > 1 or new[0] == new[1]:
            for edge in edges:
                for key in (edge.source, edge.target):
                    if key in renames:
                        found.setdefault(key, edge)
    return found


def _of_studies(members: Sequence[Held], uses: Uses, decisions: Decisions) -> Iterator[Problem]:
    """Duplicates that are reports of other studies, unless somebody accepted that pair."""
    for one, other in combinations(members, 2):
        mine, theirs = (uses.studies.get(held.entry.key, frozenset()) for held in (one, other))
        accepted = pair_of(one.record.key, other.record.key) in decisions.accepted
        if (both := mine & theirs) and one.entry.key != other.entry.key:
            what = f"{one.entry.key} and {other.entry.key} are one document, and {', '.join(sorted(both))} cites both"
            yield _at(other.entry, "SY556", what, "take one of the two out of its `cite`, then merge")
        if mine and theirs and mine.isdisjoint(theirs) and not accepted:
            what = (
                f"{one.entry.key} and {other.entry.key} are one document, but reports of different studies: "
                f"{', '.join(sorted(mine))} and {', '.join(sorted(theirs))}; one sample may be counted twice"
            )
            remedy = f"look at both records; then --accept {one.record.key}={other.record.key}, or --reject it"
            yield _at(other.entry, "SY557", what, remedy)


def _at(entry: Entry, code: str, what: str, remedy: str) -> Problem:
    return Problem(entry.path, entry.line, entry.column, code, what, remedy, Severity.WARNING)
