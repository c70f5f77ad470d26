"""What drives a pooled number, or a score: its studies with their weights, and the documents beneath them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from synthesis.citations.edges import Edge
from synthesis.citations.provenance import Provenance, provenance
from synthesis.crosscheck.published_pools import PublishedPool
from synthesis.evidence import Evidence, Options, Pool
from synthesis.evidence.robustness import robustness
from synthesis.records.study import Place, Study
from synthesis.scoring.score import Score
from synthesis.scoring.steadiness import Steadiness


@dataclass(frozen=True, slots=True)
class Without:
    """A pooled effect without one of its studies, on the scale of the pool, ratios as logs."""

    estimate: float
    ci_low: float
    ci_high: float


@dataclass(frozen=True, slots=True)
class DrivenPool:
    """A pool, taken apart."""

    pool: Pool
    behind: Provenance
    without: Mapping[str, Without]  # by study; empty for a single one


@dataclass(frozen=True, slots=True)
class DrivenScore:
    """A score, taken apart; points have no weights, so each study that surely counts has an equal part (ours)."""

    name: tuple[str, str]  # modality or matrix row, and outcome
    score: Score
    behind: Provenance | None  # None where no study surely counts
    decisive: Mapping[str, str]  # study -> the output without it, where that is another


@dataclass(frozen=True, slots=True)
class Traced:
    """The numbers of one cell with everything beneath them."""

    cell: tuple[str, str]  # a modality or a matrix row, and an outcome
    pools: tuple[DrivenPool, ...]
    score: DrivenScore | None  # None where there is no finding
    published: tuple[PublishedPool, ...]  # of the same modalities and outcome
    listing: frozenset[str]  # documents of which it is known what they include


def driven_pools(evidence: Evidence, edges: Iterable[Edge]) -> tuple[DrivenPool, ...]:
    """Every pool of a review, taken apart."""
    known = tuple(edges)
    return tuple(driven_pool(pool, evidence.options, known) for pool in evidence.pools)


def driven_pool(pool: Pool, options: Options, edges: Iterable[Edge]) -> DrivenPool:
    """The studies of a pool with their weights in it, and the documents in which their numbers were read."""
    keys = [entry.study.key for entry in pool.entries]
    read_in = {
        entry.study.key: [one.contrast.finding.source.document for one in entry.effects] for entry in pool.entries
    }
    behind = provenance(
        dict(zip(keys, pool.fit.weights, strict=True)),
        read_in,
        {entry.study.key: entry.study.cite for entry in pool.entries},
        edges,
    )
    return DrivenPool(pool, behind, _without(pool, options, keys))


def _without(pool: Pool, options: Options, keys: Sequence[str]) -> dict[str, Without]:
    rest = robustness(pool, options).without
    if rest is None:
        return {}
    columns = (rest[name].tolist() for name in ("estimate", "ci_low", "ci_high"))
    return {key: Without(*numbers) for key, *numbers in zip(keys, *columns, strict=True)}


def driven_score(
    name: tuple[str, str], found: Steadiness, studies: Iterable[Study], edges: Iterable[Edge]
) -> DrivenScore:
    """The studies that a score counts, in equal parts, and the documents in which their findings were read."""
    records = {study.key: study for study in studies}
    documents = {finding.place: finding.source.document for study in records.values() for finding in study.findings}
    counting = [state for state in found.score.studies if state.counts]
    decisive = {study: found.without[study].output for study in found.decisive}
    if not counting:
        return DrivenScore(name, found.score, None, decisive)
    behind = provenance(
        {state.study: 1 / len(counting) for state in counting},
        {state.study: _read_in((one.place for one in state.findings), documents) for state in counting},
        {state.study: records[state.study].cite for state in counting},
        edges,
    )
    return DrivenScore(name, found.score, behind, decisive)


def _read_in(places: Iterable[Place | None], documents: Mapping[Place, str]) -> list[str]:
    return [documents[place] for place in places if place is not None]
