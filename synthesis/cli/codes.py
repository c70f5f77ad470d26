"""What the codes of problems mean, from every room of the package."""

from __future__ import annotations

from collections.abc import Mapping

ROOMS = (
    "synthesis.records.codes",
    "synthesis.records.tables.codes",
    "synthesis.bibliography.codes",
    "synthesis.bibliography.duplicates.codes",
    "synthesis.bibliography.formats.codes",
    "synthesis.citations.codes",
    "synthesis.scoring.reading.nodes",
    "synthesis.scoring.published",
    "synthesis.scoring.level_checks",
    "synthesis.scoring.judgement_checks",
    "synthesis.crosscheck.reported",
    "synthesis.crosscheck.double_counting",
    "synthesis.crosscheck.published_pools",
    "synthesis.crosscheck.claims.verdicts",
    "synthesis.crosscheck.claims.framework_checks",
    "synthesis.crosscheck.claims.inconsistencies",
    "synthesis.crosscheck.claims.fact_checks",
    "synthesis.crosscheck.claims.matrix_checks",
    "synthesis.crosscheck.claims.published_facts",
    "synthesis.crosscheck.claims.citation_checks",
    "synthesis.plain.table",
    "synthesis.pipeline.checking",
)  # every module that has CODES


def meanings() -> Mapping[str, str]:
    """Every code with its words."""
    from importlib import import_module

    found: dict[str, str] = {}
    for room in ROOMS:
        found.update(import_module(room).CODES)
    return found
