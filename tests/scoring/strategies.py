"""Findings of one cell, drawn for the laws of scoring."""

import csv
from pathlib import Path

from hypothesis import strategies as st

from synthesis.records.study import DIRECTIONS, SIGNIFICANCES
from synthesis.scoring.states import ScoredFinding

DATA = Path(__file__).parents[1] / "data"
KINDS = {
    "significant": ("effective", "yes", False),
    "limited": ("effective", "yes", True),
    "favourable": ("effective", "no", False),
    "unstated": ("effective", "not stated", False),
    "mixed": ("mixed", "not stated", False),
    "ineffective": ("ineffective", "no", False),
    "contrary": ("contrary", "yes", False),
}


def finding(text):
    """A finding from `study level kind [detail]`; what stands in brackets tells reports apart, not details."""
    study, level, kind, *detail = text.split(" ", 3)
    detail = "".join(detail)
    report, detail = (detail, "") if detail.startswith("(") else ("", detail)
    direction, significant, limited = KINDS[kind]
    return ScoredFinding(study, int(level), "outcome", detail, direction, significant, limited, reference=report)


def findings_of(text):
    """Findings from `study level kind [detail]` joined by semicolons."""
    return [finding(part.strip()) for part in text.split(";") if part.strip()]


def table(name):
    """The rows of a CSV file of tests/data."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def scored_findings(levels=(1, 2, 3, 4, 5, None), names="abcdef"):
    """One finding, of one of a few studies and details."""
    return st.builds(
        ScoredFinding,
        study=st.sampled_from(names),
        level=st.sampled_from(levels),
        outcome=st.just("outcome"),
        detail=st.sampled_from(["", "re-arrest", "re-conviction"]),
        direction=st.sampled_from(DIRECTIONS),
        significant=st.sampled_from(SIGNIFICANCES),
        limited=st.booleans(),
    )


def cells(levels=(1, 2, 3, 4, 5, None)):
    """The findings of one cell."""
    return st.lists(scored_findings(levels), max_size=14)
