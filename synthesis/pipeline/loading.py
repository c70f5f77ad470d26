"""A review as it lies in its folder: records, published tables, library."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from synthesis.errors import InvalidData, Problem, Severity
from synthesis.records import Records, read_records
from synthesis.records.review import Review
from synthesis.records.study import Study

if TYPE_CHECKING:
    from synthesis.citations.edges import Edge
    from synthesis.crosscheck.published_pools import PublishedPool
    from synthesis.scoring.published import PrintedMatrix, Statement


@dataclass(frozen=True, slots=True)
class Loaded:
    """A review whose records can be used."""

    root: Path
    records: Records
    skipped: tuple[Problem, ...] = ()  # errors of the records that are left out
    untrusted: frozenset[str] = frozenset()  # documents whose statements do not count


def load(root: Path, *, skip_invalid: bool = False) -> Loaded:
    """The records of a review.

    Raises
    ------
    InvalidData
        All errors of all records, unless those with errors are to be skipped.
    """
    records = read_records(root, checks=False)
    errors = tuple(problem for problem in records.problems if problem.severity is Severity.ERROR)
    if errors and not skip_invalid:
        raise InvalidData(errors)
    return Loaded(root, records, errors)


def first_years(root: Path, studies: Iterable[Study]) -> dict[str, int]:
    """The year of the first report of each study, where the library states one."""
    years = document_years(root)
    known = {study.key: [years[key] for key in study.cite if key in years] for study in studies}
    return {key: min(found) for key, found in known.items() if found}


def document_years(root: Path) -> dict[str, int]:
    """The year of each document of the library that states one."""
    from synthesis.bibliography.library import read_folder

    return {entry.key: entry.year for library in read_folder(root) for entry in library.entries if entry.year}


def printed_matrix(root: Path, review: Review) -> PrintedMatrix:
    """The matrix as it was printed; an empty one where there is no such file."""
    from synthesis.scoring.published import PrintedMatrix, read_matrix, read_published

    rows = [row.code for row in review.rows]
    columns = [key for key, outcome in review.outcomes.items() if outcome.column]
    nothing = PrintedMatrix({}, {})
    return read_published(
        root, "scoring_matrix.csv", lambda text, path: read_matrix(text, path, rows, columns), nothing
    )


def statements(root: Path, review: Review) -> tuple[Statement, ...]:
    """What reviews, guidelines and reports state; nothing where there is no such file."""
    from synthesis.scoring.published import read_published, read_statements

    rows = [row.code for row in review.rows]
    names = (rows, review.outcomes, review.evidence_sets)
    return read_published(root, "statements.csv", lambda text, path: read_statements(text, path, *names), ())


def published_pools(root: Path, review: Review) -> tuple[PublishedPool, ...]:
    """What others pooled; nothing where there is no such file."""
    from synthesis.crosscheck.published_pools import read_pooled
    from synthesis.scoring.published import read_published

    names = (review.modalities, review.outcomes)
    return read_published(root, "pooled.csv", lambda text, path: read_pooled(text, path, *names), ())


def citations_of(loaded: Loaded) -> tuple[Edge, ...]:
    """The citations of a review.

    Raises
    ------
    InvalidData
        Everything wrong with them.
    """
    from synthesis.citations.edges import read_citations

    citations = read_citations(loaded.root)
    if citations.problems:
        raise InvalidData(citations.problems)
    return citations.edges


def inclusions_of(loaded: Loaded) -> tuple[Edge, ...]:
    """The citations of a review, and what its records imply: a finding's document extracts a report of its study.

    Raises
    ------
    InvalidData
        Everything wrong with the citations.
    """
    from synthesis.citations.cited import with_readings

    return with_readings(citations_of(loaded), loaded.records.studies)
