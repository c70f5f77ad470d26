"""Author and year in the name of a record, against its reports."""

from __future__ import annotations

from collections.abc import Iterator

from synthesis.bibliography.lint.labels import LABEL, mismatch
from synthesis.bibliography.lint.rule import Rule
from synthesis.bibliography.lint.shelf import Shelf
from synthesis.errors import Problem, Severity

REMEDY = "rename the record, or cite the report that it is named after"


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY455: a record smith2004 without a report by Smith or of 2004; one named after a key of its own is SY425's."""
    for sample in shelf.samples:
        label = LABEL.fullmatch(sample.key)
        reports = [shelf.by_key[key] for key in sample.cite if key in shelf.by_key]
        if not label or not reports or any(sample.key.lower() == key.lower() for key in sample.cite):
            continue
        if wrong := mismatch(label, reports):
            place, what = sample.at("study"), f"the name {sample.key!r} does not match its reports: {wrong}"
            yield Problem(place.path, place.line, place.column, "SY455", what, REMEDY, Severity.NOTE)


RULE = Rule(
    name="sample-labels",
    codes=("SY455",),
    says="author and year in the name of a record are those of a report of it",
    check=check,
)
