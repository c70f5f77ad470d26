"""Duplicates of the library of a review, with what its records and citations say about the entries."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from synthesis import files
from synthesis.bibliography import read_folder
from synthesis.bibliography.duplicates.archive import Merged, kept_for, read_archive, removed_keys
from synthesis.bibliography.duplicates.decisions import Decided, Decision, decide, read_decisions
from synthesis.bibliography.duplicates.held import held_in
from synthesis.bibliography.duplicates.merging import Merge
from synthesis.bibliography.duplicates.planning import Citation, Plan, Uses, plan_of
from synthesis.bibliography.duplicates.shelving import merge
from synthesis.bibliography.editing.shelf import all_locked
from synthesis.bibliography.library import FOLDER, LIMIT, Library
from synthesis.citations import cited_keys, keys_of_edges, merged, read_citations
from synthesis.errors import InvalidArgument, InvalidData, Problem, Severity, SynthesisError, did_you_mean
from synthesis.pipeline.reciting import recited
from synthesis.pipeline.renaming import citing_files
from synthesis.records import read_records


@dataclass(frozen=True, slots=True)
class Deduplicated:
    """What was merged, and the plan as it was then."""

    plan: Plan
    merged: tuple[Merged, ...]


def duplicates_of(root: Path) -> tuple[Plan, tuple[Problem, ...]]:
    """The duplicates in the library of a review, and notes on decisions about keys that are not there.

    Raises
    ------
    InvalidData
        `bibliography/duplicates.csv` cannot be read.
    """
    decided = _decided(root)
    plan = plan_of(read_folder(root), _uses(root)[0], decided.decisions())
    known = {*plan.held, *removed_keys(read_archive(root))}
    return plan, tuple(decided.unknown(known))


def same_documents(root: Path) -> tuple[tuple[str, str, str], ...]:
    """Two entries of the library that are one document, or versions of one work, and why.

    Raises
    ------
    InvalidData
        `bibliography/duplicates.csv` cannot be read.
    """
    found = duplicates_of(root)[0].found
    links = (*(link for group in found.groups for link in group.links), *found.versions)
    return tuple((link.one.key, link.other.key, link.because) for link in links)


def merge_duplicates(root: Path) -> Deduplicated:
    """Merge every group of duplicates that nothing keeps from it.

    Raises
    ------
    SynthesisError
        A record cannot be read, so that what it cites is not known; nothing was written.
    """
    decided = _decided(root)
    plans: list[Plan] = []

    def ready(libraries: tuple[Library, ...]) -> Sequence[Merge]:
        uses, broken = _uses(root)
        if broken:
            raise SynthesisError(
                f"these files have errors, and what they cite is not known: {', '.join(broken)}; nothing was merged, "
                "see `synth check`"
            )
        plans.append(plan_of(libraries, uses, decided.decisions()))
        return plans[-1].ready

    done = merge(root, ready, lambda renames: _following(root, renames))
    return Deduplicated(plans[-1], done)


@contextlib.contextmanager
def _following(root: Path, renames: Mapping[str, str]) -> Iterator[dict[str, tuple[str, str]]]:
    """The records and tables that name a key that goes, locked, by path their text before and after.

    The files of the library's own folder are locked already; the others are locked by their folders, as every writer of
    records and of published tables does it.
    """
    paths = sorted({path for key in renames for path in citing_files(root, key)})
    with all_locked(path.parent for path in paths if path.parent.name != FOLDER):
        texts: dict[str, tuple[str, str]] = {}
        for path in paths:
            label = path.relative_to(root).as_posix()
            before = after = _text(root, path)
            for old, new in renames.items():
                after = recited(label, after, old, new)
            if after != before:
                texts[label] = before, after
        yield texts


def _text(root: Path, path: Path) -> str:
    try:
        return files.read_limited(files.inside(root, path), LIMIT).decode()
    except UnicodeDecodeError as error:
        raise SynthesisError(f"{path} is not UTF-8, so it cannot follow a merge; nothing was merged") from error


def decide_pairs(root: Path, decisions: Sequence[Decision]) -> Path:
    """Write decisions about pairs of entries.

    Raises
    ------
    InvalidArgument
        A key is not in the library.
    """
    known = held_in(read_folder(root))
    for key in (key for decision in decisions for key in (decision.one, decision.other)):
        if key not in known:
            raise InvalidArgument(_not_there(root, key, known))
    return decide(root, decisions)


def _not_there(root: Path, key: str, known: Collection[str]) -> str:
    kept = kept_for(read_archive(root)).get(key)
    if kept is None:
        return f"no entry {key!r}: {did_you_mean(key, known)}"
    return f"{key!r} was merged into {kept!r}: name {kept!r}, or take the merge back with --undo {key}"


def _decided(root: Path) -> Decided:
    decided = read_decisions(root)
    if decided.problems:
        raise InvalidData(decided.problems)
    return decided


def _uses(root: Path) -> tuple[Uses, tuple[str, ...]]:
    """What the review cites, and the files with errors, of which not all is known."""
    records, citations = read_records(root, checks=False), read_citations(root)
    cited = merged(cited_keys(root, records.studies), keys_of_edges(citations.edges))
    broken = (*records.broken, *dict.fromkeys(one.path for one in citations.problems if one.severity is Severity.ERROR))
    places = {key: tuple(f"{place.path}:{place.line}" for place in several) for key, several in cited.items()}
    studies: dict[str, set[str]] = defaultdict(set)
    for study in records.studies:
        for key in study.cite:
            studies[key].add(study.key)
    edges = tuple(
        Citation(edge.source, edge.target, edge.relation, f"{edge.place.path}:{edge.place.line}")
        for edge in citations.edges
    )
    return Uses(places, {key: frozenset(found) for key, found in studies.items()}, edges), broken
