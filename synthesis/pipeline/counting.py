"""Samples that reach a pool or a score of a review by two ways, and what counting them once changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from synthesis.errors import NotFound, did_you_mean
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
    from synthesis.crosscheck.counted_twice import counted_once, known_as_one, suspicions_of, twins
    from synthesis.crosscheck.two_ways import CountedTwice, two_ways
    from synthesis.pipeline.deduplicating import same_documents
    from synthesis.scoring.contexts import row_contexts

    _check(loaded, same)
    review, studies = loaded.records.review, loaded.records.studies
    known = [*(known_as_one(*pair) for pair in same), *twins(studies, same_documents(loaded.root))]
    edges, evidence = citations_of(loaded), pool_review(loaded)
    matrix = matrix_of(loaded, evidence)
    suspected = [one for pool in evidence.pools for one in suspicions_of(pool, edges)]
    return CountedTwice(
        counted_once(evidence, edges, known),
        two_ways(matrix, studies, edges, [*suspected, *known], row_contexts(evidence, review, matrix.rule)),
    )


def _check(loaded: Loaded, pairs: Iterable[tuple[str, str]]) -> None:
    known = [study.key for study in loaded.records.studies]
    for pair in pairs:
        for key in pair:
            if key not in known:
                raise NotFound(f"no study {key!r}: {did_you_mean(key, known)}")
