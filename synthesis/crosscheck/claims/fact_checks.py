"""Printed figures against one another: one figure in two places, parts and their sum, counts and what is counted."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from itertools import combinations

from synthesis.crosscheck.claims.material import Check, Material, listing, note, paragraph
from synthesis.crosscheck.claims.published_facts import COUNTED, Fact, total
from synthesis.errors import Problem
from synthesis.records.csv_table import finite
from synthesis.text import decimal

LOOSE = 0.05  # share by which an `about` may be off
THOUSAND = 1000  # from which the zeros at the end of a whole number are taken for rounding
STANDS = "compare both places with the source; if they are right, the disagreement stands"
Span = tuple[float, float]


def span(fact: Fact) -> Span | None:
    """The numbers that a printed figure can stand for; None where it is not a number.

    A figure stands for all that round to it: 9.0 for 8.95 to 9.05, 78,000 for 77,500 to 78,500. `about` adds a
    twentieth, `over` and `under` are open to one side.
    """
    value = finite(fact.value)
    if value is None:
        return None
    half = _unit(fact.value) / 2
    low, high = value - half, value + half
    if fact.bound == "about":
        low, high = low - LOOSE * abs(value), high + LOOSE * abs(value)
    return (
        -math.inf if fact.bound in ("under", "up to") else low,
        math.inf if fact.bound in ("over", "at least") else high,
    )


def _unit(text: str) -> float:
    """What one step of the last printed digit is worth."""
    whole, _, decimals = text.strip().partition(".")
    if decimals:
        return float(10.0 ** -len(decimals))
    zeros = len(whole) - len(whole.rstrip("0"))
    return float(10.0**zeros) if abs(float(text)) >= THOUSAND and zeros >= len("000") else 1.0


def disagreeing(material: Material) -> Iterator[Problem]:
    """SY835: one figure printed with values that cannot both be right; one note a figure."""
    figures: dict[str, list[Fact]] = {}
    for fact in material.tables.facts:
        if fact.figure:
            figures.setdefault(fact.figure, []).append(fact)
    for name, facts in figures.items():
        if any(_apart(one, other) for one, other in combinations(facts, 2)):
            said = "; ".join(f"{_printed(fact)} ({fact.document}, {fact.at})" for fact in facts)
            yield note(facts[-1].place, "SY835", f"{name}: {said}", STANDS)


def _apart(one: Fact, other: Fact) -> bool:
    first, second = span(one), span(other)
    if first is None or second is None:
        return one.value.casefold() != other.value.casefold()
    return first[1] <= second[0] or second[1] <= first[0]


def _printed(fact: Fact) -> str:
    return " ".join(filter(None, (fact.bound, fact.value, fact.unit)))


def arithmetic(material: Material) -> Iterator[Problem]:
    """SY836, SY837: a figure that is not what it is said to be made of, and a part that exceeds its whole."""
    values = {fact.key: finite(fact.value) for fact in material.tables.facts}
    for fact in material.tables.facts:
        stands_for = span(fact)
        if not fact.relation or fact.relation in COUNTED or stands_for is None:
            continue
        made = computed(fact, values)
        low, high = stands_for
        if fact.relation == "part":
            if low > made:
                what = f"{fact.statement}: {_printed(fact)}, of {decimal(made, 1)} in all ({_of(fact)})"
                yield note(fact.place, "SY837", what, "look whether both have the same denominator")
        elif not low <= made <= high:
            found = f"the {fact.relation} of {_of(fact)} is {decimal(made, 1)}"
            what = f"{fact.statement}: {_printed(fact)} printed, {found}"
            yield note(fact.place, "SY836", what, STANDS)


def _of(fact: Fact) -> str:
    return ", ".join(fact.of)


def computed(fact: Fact, values: Mapping[str, float | None]) -> float:
    """What the relation of a fact gives from the facts that it names.

    Notes
    -----
    sum a + b + ...; product a b ...; quotient and multiple a / b; share 100 a / b; fall 100 (a - b) / a; part: the
    whole a. A term `A+B` is a sum itself.
    """
    terms = [total(term, values) for term in fact.of]
    if fact.relation in ("sum", "part"):
        return sum(terms)
    if fact.relation == "product":
        return math.prod(terms)
    first, second = terms
    if fact.relation == "fall":
        return 100 * (first - second) / first
    return (100 if fact.relation == "share" else 1) * first / second


def counted(material: Material) -> Iterator[Problem]:
    """SY838: a printed number of studies or citations that is not the number of those named there."""
    for fact in material.tables.facts:
        stands_for = span(fact)
        if fact.relation not in COUNTED or stands_for is None:
            continue
        named = _named_in(material, fact.of) if fact.relation == "studies" else _cited_by(material, fact.of)
        if not stands_for[0] <= len(named) <= stands_for[1]:
            said = f"{len(named)} named there ({listing(named)})"
            yield note(fact.place, "SY838", f"{fact.statement}: {_printed(fact)} printed, {said}", STANDS)


def _named_in(material: Material, paragraphs: tuple[str, ...]) -> list[str]:
    """The studies that the report names in a paragraph."""
    return [
        study.key
        for study in material.studies
        if any(paragraph(finding.source.at) in paragraphs for finding in material.of_report(study))
    ]


def _cited_by(material: Material, documents: tuple[str, ...]) -> list[str]:
    """The documents that a document cites."""
    return sorted({edge.target for edge in material.edges if edge.source in documents and edge.relation == "cites"})


CHECKS = (
    Check("SY835", "a figure printed with values that cannot both be right", disagreeing),
    Check("SY836", "a printed figure that is not what it is made of", arithmetic),
    Check("SY837", "a part that exceeds its whole", arithmetic),
    Check("SY838", "a printed number of studies or citations that is not the number named", counted),
)
CODES = {check.code: check.says for check in CHECKS}
