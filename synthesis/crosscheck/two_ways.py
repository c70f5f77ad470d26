"""One sample that reaches one score by two ways: through two records, or through its own finding and a review of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from synthesis.citations.edges import Edge
from synthesis.citations.provenance import INCLUDING
from synthesis.crosscheck.counted_twice import CountedOnce, Suspicion, reported_by
from synthesis.records.study import Study
from synthesis.scoring.matrix import Matrix, Reading
from synthesis.scoring.score import Score, score_cells
from synthesis.scoring.states import Context, ScoredFinding

REVIEW, RECORDS = "a review and its study", "two records"


@dataclass(frozen=True, slots=True, order=True)
class Way:
    """Two things that a score counts and that may be one sample; the second is left out when it counts once."""

    kept: str  # a study
    dropped: str  # a study, or a document that is counted as one
    kind: str  # REVIEW | RECORDS
    reason: str


@dataclass(frozen=True, slots=True)
class CountedTwice:
    """Everything of a review that may count a sample twice."""

    pools: tuple[CountedOnce, ...]
    scores: tuple[TwoWays, ...]


@dataclass(frozen=True, slots=True)
class TwoWays:
    """One cell of one reading of the matrix in which a sample may count twice."""

    row: str
    outcome: str
    reading: str
    ways: tuple[Way, ...]
    before: Score
    after: Score  # with everything that is dropped left out

    @property
    def changed(self) -> bool:
        """Whether the output differs when each sample counts once."""
        return self.before.output != self.after.output


def two_ways(
    matrix: Matrix,
    studies: Iterable[Study],
    citations: Iterable[Edge],
    suspicions: Iterable[Suspicion] = (),
    contexts: Mapping[tuple[str, str], Context] | None = None,
) -> tuple[TwoWays, ...]:
    """Every cell of every reading that may count a sample twice, scored with each sample once.

    Parameters
    ----------
    matrix : Matrix
        Its readings: a generous one counts reviews as studies.
    studies : iterable of Study
        The records; two that share a report are suspected to be one sample.
    citations : iterable of Edge
        A document that reviews, meta-analyses or extracts a report of a study has that study in it.
    suspicions : iterable of Suspicion, optional
        Further pairs of studies: see `suspicions_of`.
    contexts : mapping, optional
        As for `score_cells`.
    """
    known = _known(studies, citations, suspicions)
    return tuple(found for reading in matrix.readings for found in _of_reading(matrix, reading, known, contexts or {}))


@dataclass(frozen=True, slots=True)
class _Known:
    """What makes two things that a score counts one sample."""

    records: Mapping[str, Study]
    inside: Mapping[str, Mapping[str, str]]  # document -> study in it -> how the document takes it in
    pairs: Mapping[tuple[str, str], str]  # of studies, with the reason

    def ways(self, counting: Iterable[str]) -> Iterator[Way]:
        """Every two of the studies, and documents counted as one, that may be one sample."""
        for one, other in combinations(sorted(counting), 2):
            for document, study in ((one, other), (other, one)):
                if document not in self.records and study in self.inside.get(document, {}):
                    yield Way(study, document, REVIEW, self.inside[document][study])
            if reason := self._reason(one, other):
                yield Way(one, other, RECORDS, reason)

    def _reason(self, one: str, other: str) -> str:
        if one not in self.records or other not in self.records:
            return ""
        shared = sorted(set(self.records[one].cite) & set(self.records[other].cite))
        return f"both cite {', '.join(shared)}" if shared else self.pairs.get((one, other), "")


def _known(studies: Iterable[Study], citations: Iterable[Edge], suspicions: Iterable[Suspicion]) -> _Known:
    records = {study.key: study for study in studies}
    by_report = reported_by(records.values())
    inside: dict[str, dict[str, str]] = defaultdict(dict)
    for edge in citations:
        if edge.relation in INCLUDING:
            says = f"{edge.source} {edge.relation.replace('_', '-')} {edge.target}"
            for key in by_report.get(edge.target, ()):
                inside[edge.source].setdefault(key, says)
    return _Known(records, inside, {(one.one, one.other): one.reason for one in suspicions})


def _of_reading(
    matrix: Matrix, reading: Reading, known: _Known, contexts: Mapping[tuple[str, str], Context]
) -> Iterator[TwoWays]:
    before = {(cell.row, cell.outcome): cell.scores[reading.name] for cell in matrix.cells}
    ways = {
        key: tuple(sorted(known.ways(one.study for one in score.studies if one.counts)))
        for key, score in before.items()
    }
    once = {key: _once(reading.findings.get(key, ()), own) for key, own in ways.items() if own}
    after = score_cells(once, matrix.rule, reading.policy or None, {key: contexts.get(key, {}) for key in once})
    for key, score in after.items():
        yield TwoWays(*key, reading.name, ways[key], before[key], score)


def _once(findings: Iterable[ScoredFinding], ways: Iterable[Way]) -> list[ScoredFinding]:
    dropped = {way.dropped for way in ways}
    return [finding for finding in findings if finding.study not in dropped]
