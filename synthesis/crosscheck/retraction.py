"""A document that is no longer to be trusted: the findings that leave with it, and what else rests on it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from synthesis.citations.edges import Edge
from synthesis.crosscheck.published_pools import PublishedPool
from synthesis.crosscheck.snapshot import Snapshot
from synthesis.evidence import Evidence, Pool
from synthesis.evidence.pools import Key
from synthesis.records.study import Finding, Source, Study
from synthesis.scoring.published import Statement

ANY, SOLE = "any", "sole"  # a study leaves with any report of it, or only with its last one
WITHDRAWN, UNREAD, KEPT = ("withdrawn", "read there", "kept")  # why findings of a study leave, or that none does


@dataclass(frozen=True, slots=True)
class Leaving:
    """A study that a withdrawn document reports, or of which something was read there."""

    study: str
    kind: str  # WITHDRAWN: the study itself; UNREAD: findings that were read in the document; KEPT: no finding
    findings: int  # that leave
    of: int  # that it has
    reason: str
    other_reports: tuple[str, ...]  # of the study, that stay
    also_read: tuple[str, ...]  # what else of the record was read in a document that goes, and stays as it is

    @property
    def whole(self) -> bool:
        """Whether nothing of the study stays."""
        return self.findings == self.of


@dataclass(frozen=True, slots=True)
class PoolChange:
    """A pool before and after; None where there is none."""

    key: Key
    before: Pool | None
    after: Pool | None


@dataclass(frozen=True, slots=True)
class Retraction:
    """What follows when documents, or whole studies, are withdrawn."""

    gone: tuple[str, ...]  # keys of documents and of studies
    reports: str  # ANY | SOLE
    leaving: tuple[Leaving, ...]
    spared: tuple[str, ...]  # studies of which fewer findings would leave under SOLE
    statements: tuple[Statement, ...]  # of the documents that go and of reports of withdrawn studies: count no longer
    resting: tuple[Edge, ...]  # citations of the documents that go, and of the reports of withdrawn studies
    still_counting: tuple[Statement, ...]  # of documents that take such a report in: a generous reading counts them
    published: tuple[PublishedPool, ...]  # of documents that take such a report in: not recomputed
    pools: tuple[PoolChange, ...]  # those that change
    before: Snapshot
    after: Snapshot


def leaving(studies: Iterable[Study], gone: Collection[str], reports: str = ANY) -> tuple[Leaving, ...]:
    """The studies that lose findings, sorted.

    Parameters
    ----------
    studies : iterable of Study
        The records.
    gone : collection of str
        Keys of documents, and of studies, that are withdrawn.
    reports : str
        `any`: a study leaves whole with any of its reports, since a retraction speaks of the trial. `sole`: only
        where no other report remains. Under both, findings that were read in a document that goes leave.
    """
    found = (_leaving(study, frozenset(gone), reports) for study in studies)
    return tuple(sorted((one for one in found if one is not None), key=lambda one: one.study))


def _leaving(study: Study, gone: frozenset[str], reports: str) -> Leaving | None:
    own = [key for key in study.cite if key in gone]
    others = tuple(key for key in study.cite if key not in gone)
    lost = [finding for finding in study.findings if finding.source.document in gone]
    also = tuple(_also_read(study, gone))
    size = len(study.findings)
    if study.key in gone:
        return Leaving(study.key, WITHDRAWN, size, size, "the study itself", (), ())
    if own and (reports == ANY or not others):
        alone = "" if others else ", and nothing else does"
        reason = f"{', '.join(own)} {'reports' if len(own) == 1 else 'report'} it{alone}"
        return Leaving(study.key, WITHDRAWN, size, size, reason, others, ())
    if lost:
        where = ", ".join(dict.fromkeys(finding.source.document for finding in lost))
        return Leaving(study.key, UNREAD, len(lost), size, f"read in {where}", others, also)
    return Leaving(study.key, KEPT, 0, size, "no finding of it was read there", others, also) if own or also else None


def _also_read(study: Study, gone: Collection[str]) -> Iterator[str]:
    """The parts of a record beside its findings that were read in a document that goes."""
    parts: list[tuple[str, Source | None]] = [("maryland level", study.maryland.source)]
    parts += [(f"risk of bias, {domain}", source) for domain, _, source in study.risk_of_bias]
    parts += [(f"judgement {one.name}", one.source) for one in study.judgements]
    for name, source in parts:
        if source is not None and source.document in gone:
            yield name


def spared(studies: Iterable[Study], gone: Collection[str], found: Sequence[Leaving]) -> tuple[str, ...]:
    """The studies of which fewer findings would leave if only the last report took its study with it."""
    sole = {one.study: one.findings for one in leaving(studies, gone, SOLE)}
    return tuple(one.study for one in found if sole.get(one.study, 0) < one.findings)


def remaining(studies: Iterable[Study], found: Sequence[Leaving], gone: Collection[str]) -> tuple[Study, ...]:
    """The records without what leaves."""
    by_study = {one.study: one for one in found}
    kept = []
    for study in studies:
        one = by_study.get(study.key)
        if one is None or one.findings == 0:
            kept.append(study)
        elif not one.whole:
            kept.append(replace(study, findings=tuple(_staying(study.findings, gone))))
    return tuple(kept)


def _staying(findings: Iterable[Finding], gone: Collection[str]) -> Iterator[Finding]:
    return (finding for finding in findings if finding.source.document not in gone)


def resting_on(edges: Iterable[Edge], documents: Collection[str]) -> tuple[Edge, ...]:
    """The citations of some documents by others, in file order."""
    return tuple(edge for edge in edges if edge.target in documents and edge.source not in documents)


def pool_changes(before: Evidence, after: Evidence) -> tuple[PoolChange, ...]:
    """The pools that have other studies or effects, in the order of the review."""
    was = {pool.key: pool for pool in before.pools}
    would_be = {pool.key: pool for pool in after.pools}
    keys = dict.fromkeys([*was, *would_be])
    changes = (PoolChange(key, was.get(key), would_be.get(key)) for key in keys)
    return tuple(one for one in changes if _effects(one.before) != _effects(one.after))


def _effects(pool: Pool | None) -> tuple[tuple[str, float, float], ...]:
    return tuple((entry.study.key, entry.yi, entry.vi) for entry in pool.entries) if pool else ()
