"""One sample that reaches one score by two ways: through two records, or through its own finding and a review of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice, product

from synthesis.citations.edges import INCLUDING, Edge
from synthesis.crosscheck.counted_twice import CountedOnce, Suspicion, joined, reported_by
from synthesis.records.study import Study
from synthesis.scoring.report import Cells
from synthesis.scoring.rule import Rule
from synthesis.scoring.score import Score, score_cells
from synthesis.scoring.states import Context, ScoredFinding, StudyState

REVIEW, REVIEWS, RECORDS = "a review and its study", "two reviews of one study", "two records"
MOST_CHOICES = 256  # of what is kept, of one cell
Key = tuple[str, str]  # matrix row, or modality, and outcome


@dataclass(frozen=True, slots=True)
class Counting:
    """Findings by cell, and how a rule counts them."""

    name: str  # of the reading
    findings: Cells
    policy: str | None
    contexts: Mapping[Key, Context]


@dataclass(frozen=True, slots=True, order=True)
class Way:
    """Two things that a score counts and that may be one sample."""

    kept: str
    dropped: str  # a study, or a document that is counted as one
    kind: str  # REVIEW | REVIEWS | RECORDS
    reason: str


@dataclass(frozen=True, slots=True)
class TwoWays:
    """One cell of one reading in which a sample may count twice."""

    cell: Key
    reading: str
    ways: tuple[Way, ...]
    before: Score
    after: Score  # with everything that is dropped left out, reviews as a whole
    outputs: tuple[str, ...]  # of all choices of what is kept, at most 256 of them, sorted; `after` is one

    @property
    def changed(self) -> bool:
        """Whether the output differs when each sample counts once."""
        return self.before.output != self.after.output


@dataclass(frozen=True, slots=True)
class CountedTwice:
    """Everything of a review that may count a sample twice."""

    pools: tuple[CountedOnce, ...]
    scores: tuple[TwoWays, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What makes two things that a score counts one sample."""

    records: Mapping[str, Study]
    inside: Mapping[str, Mapping[str, str]]  # document -> study in it -> how the document takes it in
    suspected: Mapping[Key, Sequence[Suspicion]]  # pairs of studies, in the cells that they were suspected in
    everywhere: Sequence[Suspicion]  # pairs that are suspected as such
    precision: Mapping[tuple[str, str], float]  # study and outcome -> its least variance in a pool


def known_samples(
    studies: Iterable[Study],
    citations: Iterable[Edge],
    suspected: Mapping[Key, Sequence[Suspicion]],
    everywhere: Sequence[Suspicion],
    precision: Mapping[tuple[str, str], float],
) -> Known:
    """What is known of the samples of a review.

    Parameters
    ----------
    studies : iterable of Study
        The records.
    citations : iterable of Edge
        A document that reviews, meta-analyses or extracts a report of a study has that study in it; one that takes in
        another document has that in it.
    suspected, everywhere, precision
        See `Known`.
    """
    records = {study.key: study for study in studies}
    by_report = reported_by(records.values())
    inside: dict[str, dict[str, str]] = defaultdict(dict)
    for edge in citations:
        if edge.relation in INCLUDING:
            says = f"{edge.source} {edge.relation.replace('_', '-')} {edge.target}"
            for key in by_report.get(edge.target, (edge.target,)):
                inside[edge.source].setdefault(key, says)
    return Known(records, inside, suspected, everywhere, precision)


def two_ways(countings: Iterable[Counting], rule: Rule, known: Known) -> tuple[TwoWays, ...]:
    """Every cell that may count a sample twice, scored with each sample once.

    Of two records the one of the higher level in the cell is kept, of these the more precise in a pool of the outcome,
    of these the first by key, as in pools. A review that counts beside a study that is in it is left out as a whole;
    of two reviews of one study the one with more studies is kept. `outputs` tells what other choices give: other
    records, or the reviews in place of the studies that are in them.
    """
    return tuple(found for one in countings for found in _of_counting(one, rule, known))


def _of_counting(counting: Counting, rule: Rule, known: Known) -> Iterator[TwoWays]:
    before = score_cells(counting.findings, rule, counting.policy, counting.contexts)
    ways = {key: tuple(sorted(_ways(key, score, known))) for key, score in before.items()}
    choices = {key: list(islice(_choices(own), MOST_CHOICES)) for key, own in ways.items() if own}
    rests = {
        (key, place): _without(counting.findings[key], dropped)
        for key, several in choices.items()
        for place, dropped in enumerate(several)
    }
    contexts = {place: counting.contexts.get(place[0], {}) for place in rests}
    scores = score_cells(rests, rule, counting.policy, contexts)
    for key, several in choices.items():
        outputs = tuple(sorted({scores[key, place].output for place in range(len(several))}))
        yield TwoWays(key, counting.name, ways[key], before[key], scores[key, 0], outputs)


def _ways(cell: Key, score: Score, known: Known) -> Iterator[Way]:
    counting = {state.study: state for state in score.studies if state.counts}
    studies = [key for key in counting if key in known.records]
    documents = [key for key in counting if key not in known.records]
    in_one = set()
    for document in documents:
        within = [key for key in counting if key in known.inside.get(document, {})]
        size = len(known.inside.get(document, {}))
        in_one |= {document} if within else set()
        for key in within:
            yield Way(key, document, REVIEW, f"{known.inside[document][key]} ({len(within)} of its {size} count here)")
    for one, other in combinations([key for key in documents if key not in in_one], 2):
        if shared := sorted(known.inside.get(one, {}).keys() & known.inside.get(other, {}).keys()):
            kept, dropped = sorted((one, other), key=lambda key: (-len(known.inside[key]), key))
            yield Way(kept, dropped, REVIEWS, f"both have {', '.join(shared)}")
    yield from _records(cell, {key: counting[key] for key in studies}, known)


def _records(cell: Key, counting: Mapping[str, StudyState], known: Known) -> Iterator[Way]:
    """Groups of records that may be one sample, each with the one that is kept."""
    reasons = dict(_reasons(cell, counting, known))
    for group in joined(reasons):
        kept = min(group, key=lambda key: _rank(counting[key], known.precision.get((key, cell[1]))))
        for member in sorted(group - {kept}):
            told = [reason for pair, reason in reasons.items() if member in pair]
            yield Way(kept, member, RECORDS, "; ".join(dict.fromkeys(told)))


def _rank(state: StudyState, variance: float | None) -> tuple[int, float, str]:
    return -state.level, float("inf") if variance is None else variance, state.study


def _reasons(cell: Key, counting: Iterable[str], known: Known) -> Iterator[tuple[tuple[str, str], str]]:
    told = {(one.one, one.other): one.reason for one in (*known.suspected.get(cell, ()), *known.everywhere)}
    for pair in combinations(sorted(counting), 2):
        shared = sorted(set(known.records[pair[0]].cite) & set(known.records[pair[1]].cite))
        if reason := f"both cite {', '.join(shared)}" if shared else told.get(pair, ""):
            yield pair, reason


def _choices(ways: Sequence[Way]) -> Iterator[frozenset[str]]:
    """What can be left out so that each sample counts once; what is left out first, by the rule of `two_ways`."""
    members: dict[str, list[str]] = {}
    for way in ways:
        if way.kind == RECORDS:
            members.setdefault(way.kept, [way.kept]).append(way.dropped)
    groups = list(members.values())
    others = [way for way in ways if way.kind != RECORDS]
    in_reviews = (frozenset(way.dropped for way in others), frozenset(way.kept for way in others))
    for left_out in dict.fromkeys(in_reviews):
        for choice in product(*groups):
            yield frozenset(key for group in groups for key in group if key not in choice) | left_out


def _without(findings: Iterable[ScoredFinding], dropped: frozenset[str]) -> list[ScoredFinding]:
    return [finding for finding in findings if finding.study not in dropped]
