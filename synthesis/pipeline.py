"""The layers in order; the only place that knows the order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from synthesis.errors import InvalidData, Problem, Severity
from synthesis.evidence import Evidence, options_of, pool_evidence
from synthesis.records import Records, read_records
from synthesis.records.study import Study


@dataclass(frozen=True, slots=True)
class Loaded:
    """A review whose records can be used."""

    root: Path
    records: Records
    skipped: tuple[Problem, ...] = ()  # errors of the records that are left out


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


def pool_review(loaded: Loaded, asked: Mapping[str, Any] | None = None) -> Evidence:
    """The pools of a review under its own options, or those that are asked for."""
    options = options_of(loaded.records.review, **(asked or {}))
    names = {*options.by, *(condition.name for condition in options.where)}
    if "year" in names:
        years = first_years(loaded.root, loaded.records.studies)
        options = options_of(loaded.records.review, **{**(asked or {}), "years": years})
    return pool_evidence(loaded.records.studies, loaded.records.review, options)


def first_years(root: Path, studies: Iterable[Study]) -> dict[str, int]:
    """The year of the first report of each study, where the library states one."""
    from synthesis.bibliography.library import read_folder

    years = {entry.key: entry.year for library in read_folder(root) for entry in library.entries if entry.year}
    known = {study.key: [years[key] for key in study.cite if key in years] for study in studies}
    return {key: min(found) for key, found in known.items() if found}
