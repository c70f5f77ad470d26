"""Samples that reach a pool or a score of a review by two ways, and what counting them once changes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from synthesis.errors import InvalidArgument, NotFound, did_you_mean
from synthesis.evidence import Pool
from synthesis.pipeline.loading import Loaded, citations_of
from synthesis.pipeline.pools import pool_review
from synthesis.pipeline.scores import matrix_of

if TYPE_CHECKING:
    from synthesis.crosscheck.two_ways import CountedTwice


def double_counting_of(loaded: Loaded, same: Sequence[tuple[str, str]] = ()) -> CountedTwice:
    """Every pool and every cell of the matrix that may count a sample twice, as it is and with each counted once.

    Parameters
    ----------
    loaded : Loaded
        The review.
    same : sequence of pairs of str, optional
        Keys of studies that are known to be one sample.

    Raises
    ------
    NotFound, InvalidArgument
        A pair of which one is no study, or that names one study twice.
    InvalidData
        Everything wrong with the citations or the published tables.
    """
    from synthesis.crosscheck.counted_twice import counted_once, known_as_one, suspicions_of
    from synthesis.crosscheck.two_ways import CountedTwice, two_ways
    from synthesis.scoring.contexts import row_contexts

    pairs = [_pair(loaded, *one) for one in same]
    edges, evidence = citations_of(loaded), pool_review(loaded)
    matrix = matrix_of(loaded, evidence)
    pooled = {frozenset(pair) for pool in evidence.pools for pair in combinations(_keys(pool), 2)}
    suspected = [one for pool in evidence.pools for one in suspicions_of(pool, edges)]
    return CountedTwice(
        counted_once(evidence, edges, [pair for pair in pairs if frozenset(pair) in pooled]),
        two_ways(
            matrix,
            loaded.records.studies,
            edges,
            [*suspected, *map(known_as_one, pairs)],
            row_contexts(evidence, loaded.records.review, matrix.rule),
        ),
    )


def _keys(pool: Pool) -> list[str]:
    return [entry.study.key for entry in pool.entries]


def _pair(loaded: Loaded, one: str, other: str) -> tuple[str, str]:
    """Two different studies, in their order."""
    known = [study.key for study in loaded.records.studies]
    for key in (one, other):
        if key not in known:
            raise NotFound(f"no study {key!r}: {did_you_mean(key, known)}")
    if one == other:
        raise InvalidArgument(f"{one} is named twice: a pair is of two studies")
    return (min(one, other), max(one, other))
