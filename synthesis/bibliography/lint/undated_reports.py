"""Reports that cannot be put in order of time."""

from __future__ import annotations

from collections.abc import Iterator

from synthesis.bibliography.lint.rule import Rule, at_entry
from synthesis.bibliography.lint.shelf import Shelf
from synthesis.errors import Problem


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY458: a record of which no report has a year, so that no table and no graph can place it in time."""
    told: set[str] = set()
    for sample in shelf.samples:
        reports = [shelf.by_key[key] for key in sample.cite if key in shelf.by_key]
        if reports and all(entry.year is None for entry in reports) and reports[0].key not in told:
            told.add(reports[0].key)
            what = f"{reports[0].key!r} has no year, and neither has another report of {sample.place.path}"
            yield at_entry(reports[0], "SY458", what, "write the year that the source states")


RULE = Rule(
    name="undated-reports",
    codes=("SY458",),
    says="a sample has a report with a year",
    check=check,
)
