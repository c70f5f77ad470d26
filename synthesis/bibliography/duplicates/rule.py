"""What a rule about two records is, and what several of them ask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from synthesis.bibliography.duplicates.evidence import DIFFER, SAME, Evidence


class Verdict(StrEnum):
    """What two records are to one another."""

    DUPLICATE = "duplicate"  # one document, twice
    UNSURE = "unsure"  # somebody must look
    VERSIONS = "versions"  # one work, two documents: both stay
    DISTINCT = "distinct"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: when it applies, what it says, and why."""

    name: str
    verdict: Verdict
    because: str
    applies: Callable[[Evidence], bool]


def identified(e: Evidence) -> bool:
    """Whether a DOI or a PubMed number is the same."""
    return SAME in (e.doi, e.pmid)


def named(e: Evidence) -> bool:
    """Whether there are authors in common."""
    return e.authors in ("same", "some")


def in_one_place(e: Evidence) -> bool:
    """Whether journal, volume, page, year and authors are the same."""
    return (e.pages, e.journal, e.volume, e.year, e.authors) == (SAME,) * 5


def contradicted(e: Evidence) -> bool:
    """Whether place or identifier differ."""
    return DIFFER in (e.pages, e.volume, e.journal, e.doi, e.pmid)
