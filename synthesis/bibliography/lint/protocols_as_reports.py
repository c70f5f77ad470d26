"""Plans in the place of results."""

from __future__ import annotations

import re
from collections.abc import Iterator

from synthesis.bibliography.entry import Entry
from synthesis.bibliography.lint.rule import Rule
from synthesis.bibliography.lint.shelf import Shelf
from synthesis.errors import Problem, Severity

PROTOCOL = re.compile(
    r"\b(?:study|trial|research|review) protocols?\b(?!-)|^\W*protocols? (?:for|of)\b|:\s*protocols? (?:for|of)\b"
    r"|\brationale(?:,| and)(?:[\w ,]*\band)? (?:study )?design\b|\bdesign and rationale\b",
    re.IGNORECASE,
)
REGISTRY = re.compile(
    r"clinicaltrials\.gov|isrctn\.com|trialregister|anzctr\.org|crd\.york\.ac\.uk|osf\.io/registr", re.IGNORECASE
)
NUMBER = re.compile(r"\W*(?:NCT\d{8}|ISRCTN\d{8}|ACTRN\d{14})\W*")


def check(shelf: Shelf) -> Iterator[Problem]:
    """SY457: a record whose only reports are a protocol or an entry of a registry, which tell no results."""
    for sample in shelf.samples:
        reports = [shelf.by_key[key] for key in sample.cite if key in shelf.by_key]
        if reports and all(map(is_plan, reports)):
            place = sample.at("cite")
            what = f"its only report, {reports[0].key!r}, is a plan: a protocol or an entry of a registry"
            remedy = "cite the report of the results, or say in a note where they were read"
            yield Problem(place.path, place.line, place.column, "SY457", what, remedy, Severity.WARNING)


def is_plan(entry: Entry) -> bool:
    """Whether an entry is of a protocol or of a registry, by its title or address."""
    title = entry.get("title").translate({123: None, 125: None})
    return bool(PROTOCOL.search(title) or NUMBER.fullmatch(title) or REGISTRY.search(entry.get("url", "howpublished")))


RULE = Rule(
    name="protocols-as-reports",
    codes=("SY457",),
    says="the report of a sample is not only a protocol",
    check=check,
    severity=Severity.WARNING,
)
