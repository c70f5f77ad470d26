"""Samples that reach a pool or a score of a review by two ways, and what counting them once changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from synthesis.errors import NotFound, did_you_mean
from synthesis.evidence import Evidence, Pool
from synthesis.pipeline.loading import Loaded, citations_of, inclusions_of
from synthesis.pipeline.pools import pool_review
from synthesis.pipeline.scores import matrix_of, years_for

if TYPE_CHECKING:
    from synthesis.crosscheck.counted_twice import Suspicion
    from synthesis.crosscheck.two_ways import CountedTwice, Counting
    from synthesis.scoring.matrix import Matrix


def double_counting_of(loaded: Loaded, same: Sequence[tuple[str, str]] = ()) -> CountedTwice:
    """Every pool and every scored cell that may count a sample twice, as it is and with each counted once.

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
    from synthesis.crosscheck.two_ways import CountedTwice, known_samples, two_ways
    from synthesis.pipeline.deduplicating import same_documents

    _check(loaded, same)
    studies, evidence = loaded.records.studies, pool_review(loaded)
    edges = citations_of(loaded)
    everywhere = [*(known_as_one(*pair) for pair in same), *twins(studies, same_documents(loaded.root))]
    suspected: dict[tuple[str, str], list[Suspicion]] = defaultdict(list)
    for pool in evidence.pools:
        for cell in _cells(loaded, pool):
            suspected[cell] += suspicions_of(pool, edges)
    known = known_samples(studies, inclusions_of(loaded), suspected, everywhere, _precision(evidence))
    matrix = matrix_of(loaded, evidence)
    return CountedTwice(
        counted_once(evidence, edges, everywhere),
        two_ways(_countings(loaded, evidence, matrix), matrix.rule, known),
    )


def _cells(loaded: Loaded, pool: Pool) -> Iterator[tuple[str, str]]:
    """The modality, and the matrix row, of a pool with its outcome."""
    modality, outcome = pool.key.by
    row = loaded.records.review.modalities[modality].row
    yield from ((first, outcome) for first in (modality, row) if first)


def _precision(evidence: Evidence) -> dict[tuple[str, str], float]:
    """The least variance of each study in a pool of each outcome."""
    found: dict[tuple[str, str], float] = {}
    for pool in evidence.pools:
        for entry in pool.entries:
            key = entry.study.key, pool.key.outcome
            found[key] = min(entry.vi, found.get(key, entry.vi))
    return found


def _countings(loaded: Loaded, evidence: Evidence, matrix: Matrix) -> Iterator[Counting]:
    """The readings of the matrix, and the living evidence by modality."""
    from synthesis.crosscheck.two_ways import Counting
    from synthesis.scoring.contexts import modality_contexts, row_contexts
    from synthesis.scoring.living import by_modality

    review, rule = loaded.records.review, matrix.rule
    by_row = row_contexts(evidence, review, rule)
    order = [(cell.row, cell.outcome) for cell in matrix.cells]
    for reading in matrix.readings:
        cells = {key: reading.findings[key] for key in order if key in reading.findings}
        yield Counting(reading.name, cells, reading.policy or None, by_row)
    found = by_modality(evidence, years=years_for(loaded, [rule]))
    yield Counting("living, by modality", found, review.policy or None, modality_contexts(evidence, review, rule))


def _check(loaded: Loaded, pairs: Iterable[tuple[str, str]]) -> None:
    known = [study.key for study in loaded.records.studies]
    for pair in pairs:
        for key in pair:
            if key not in known:
                raise NotFound(f"no study {key!r}: {did_you_mean(key, known)}")
