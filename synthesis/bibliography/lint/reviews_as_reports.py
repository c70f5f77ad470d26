"""Reviews in the place of primary studies."""

from __future__ import annotations

import re
from collections.abc import Iterator

from synthesis.bibliography.entry import Entry
from synthesis.bibliography.lint.rule import Rule
from synthesis.bibliography.lint.shelf import Shelf
from synthesis.errors import Problem, Severity

REVIEW = re.compile(
    r"\b(?:systematic(?:ally)? (?:literature )?review|meta-?\s?analy(?:sis|ses|tic)|scoping review|umbrella review"
    r"|overview of (?:systematic )?reviews|evidence synthesis)\b",
    re.IGNORECASE,
)
COCHRANE = "cochrane database of systematic reviews"
KINDS = frozenset({"review", "systematic review", "meta-analysis"})


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY456: a record whose only reports are reviews: people of its studies may be counted twice."""
    for sample in shelf.samples:
        reports = [shelf.by_key[key] for key in sample.cite if key in shelf.by_key]
        if reports and all(map(is_review, reports)):
            place = sample.at("cite")
            what = f"its only report, {reports[0].key!r}, is a review"
            remedy = "cite the report of the study itself, or say in a note what the record is"
            yield Problem(place.path, place.line, place.column, "SY456", what, remedy, Severity.WARNING)


def is_review(entry: Entry) -> bool:
    """Whether the title, the journal or the type of an entry says that it reviews others' studies."""
    journal = entry.get("journal", "journaltitle").lower()
    return (
        bool(REVIEW.search(entry.get("title").translate({123: None, 125: None})))
        or COCHRANE in journal
        or entry.get("type").lower() in KINDS
    )


RULE = Rule(
    name="reviews-as-reports",
    codes=("SY456",),
    says="the report of a sample is not a review",
    check=check,
    severity=Severity.WARNING,
)
