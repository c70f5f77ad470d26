"""What the published documents say, against one another and against the studies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from synthesis.errors import Problem
from synthesis.pipeline.building import crosscheck_of
from synthesis.pipeline.loading import Loaded, printed_matrix
from synthesis.pipeline.pools import pool_review
from synthesis.pipeline.scores import matrix_of

if TYPE_CHECKING:
    from synthesis.crosscheck.claims.material import Material
    from synthesis.scoring.matrix import Matrix


def claim_problems(loaded: Loaded, told: tuple[Problem, ...] = ()) -> Iterator[Problem]:
    """Notes on printed claims, verdicts and figures, and on listed contradictions that no note shows.

    Parameters
    ----------
    loaded : Loaded
        The review, with its published tables.
    told : tuple of Problem
        Notes of the other checks, which may be what a listed contradiction names.
    """
    from synthesis.crosscheck.claims.inconsistencies import inconsistencies, not_found
    from synthesis.crosscheck.claims.verdicts import verdict_checks, verdict_notes

    evidence = pool_review(loaded)
    matrix = matrix_of(loaded, evidence)
    material = material_of(loaded, matrix)
    checks = verdict_checks(material.tables.verdicts, matrix, crosscheck_of(loaded, evidence, matrix))
    notes = (*inconsistencies(material), *verdict_notes(checks))
    yield from notes
    yield from not_found(material.tables.listed, (*notes, *told))


def material_of(loaded: Loaded, matrix: Matrix) -> Material:
    """What the checks of printed claims look at."""
    from synthesis.bibliography.library import read_folder
    from synthesis.citations.edges import read_citations
    from synthesis.crosscheck.claims.material import Material
    from synthesis.crosscheck.claims.published_folder import read_tables

    review = loaded.records.review
    return Material(
        review=review,
        studies=loaded.records.studies,
        printed=printed_matrix(loaded.root, review),
        matrix=matrix,
        tables=read_tables(loaded.root, review),
        entries=tuple(entry for library in read_folder(loaded.root) for entry in library.entries),
        edges=read_citations(loaded.root).edges,
    )
