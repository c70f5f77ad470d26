"""What drives the numbers of one cell: pools and score, down to the documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from synthesis.errors import NotFound, did_you_mean
from synthesis.pipeline.loading import Loaded, inclusions_of, published_pools
from synthesis.pipeline.pools import pool_review
from synthesis.pipeline.scores import BY_MODALITY, BY_ROW, Asked, steadiness_of

if TYPE_CHECKING:
    from synthesis.crosscheck.driven import Traced


def provenance_of(loaded: Loaded, first: str, outcome: str) -> Traced:
    """What drives the pools and the score of a modality, or of a matrix row, on one outcome.

    Raises
    ------
    NotFound
        There is no such modality or row, or no such outcome.
    InvalidData
        Everything wrong with the citations or the published tables.
    """
    from synthesis.citations.edges import INCLUDING
    from synthesis.crosscheck.driven import Traced, driven_pool, driven_score

    modalities = _modalities(loaded, first, outcome)
    by = BY_MODALITY if first in loaded.records.review.modalities else BY_ROW
    edges, evidence = inclusions_of(loaded), pool_review(loaded)
    pools = [pool for pool in evidence.pools if pool.key.by in {(one, outcome) for one in modalities}]
    _, steady = steadiness_of(loaded, Asked(), by)
    found = steady.get((first, outcome))
    return Traced(
        cell=(first, outcome),
        pools=tuple(driven_pool(pool, evidence.options, edges) for pool in pools),
        score=driven_score((first, outcome), found, loaded.records.studies, edges) if found else None,
        published=tuple(
            one
            for one in published_pools(loaded.root, loaded.records.review)
            if one.modality in modalities and one.outcome == outcome
        ),
        listing=frozenset(edge.source for edge in edges if edge.relation in INCLUDING),
    )


def _modalities(loaded: Loaded, first: str, outcome: str) -> tuple[str, ...]:
    """A modality, or those of a matrix row."""
    review = loaded.records.review
    rows = {row.code for row in review.rows}
    if outcome not in review.outcomes:
        raise NotFound(f"no outcome {outcome!r}: {did_you_mean(outcome, review.outcomes)}")
    if first in review.modalities:
        return (first,)
    if first in rows:
        return tuple(one.key for one in review.modalities.values() if one.row == first)
    known = [*review.modalities, *sorted(rows)]
    raise NotFound(f"{first!r} is neither a modality nor a matrix row: {did_you_mean(first, known)}")
