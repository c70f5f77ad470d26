"""An overlap with what it hangs on: assumptions, years that are not stated, participants, doubts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from synthesis.citations.matrix_file import MatrixFile
from synthesis.citations.overlap import DOUBT, Overlap, PairOverlap
from synthesis.citations.overlap_reviews import USUAL, Assumptions, Dates, Scenario, review_overlap, scenarios, undated

if TYPE_CHECKING:
    from synthesis.citations.edges import Edge
    from synthesis.records.study import Study

SHOWN = 8  # keys in a sentence
WEIGHTED = "sum of n (k - 1) / sum of n (c - 1 - x)"  # k reviews have the study, x could not


@dataclass(frozen=True, slots=True)
class OverlapReport:
    """The overlap of some reviews, and everything that should be read beside it."""

    found: Overlap
    scenarios: tuple[Scenario, ...] = ()  # of a review's own citations: see `scenarios`
    undated: tuple[str, ...] = ()  # studies and reviews without a year
    blank: int = 0  # cells of a matrix file that are empty

    def scenario(self, assumptions: Assumptions) -> Scenario | None:
        """The scenario under some assumptions."""
        return next((each for each in self.scenarios if each.assumptions == assumptions), None)

    @property
    def by_reports(self) -> float | None:
        """The corrected covered area where every report is a row of its own."""
        found = self.scenario(Assumptions(unit="report"))
        return found.cca if found else None

    @property
    def range(self) -> tuple[float, float] | None:
        """The least and the largest area over all combinations of assumptions."""
        areas = [scenario.cca for scenario in self.scenarios if scenario.cca is not None]
        return (min(areas), max(areas)) if areas else None

    def notes(self) -> Iterator[str]:
        """What should be read beside the number, a sentence each."""
        yield f"band: {self.found.band or 'none'}. {DOUBT}"
        yield from self._other_numbers()
        if self.undated:
            yield f"no year is stated of {_some(self.undated)}: every cell of theirs counts as possible"
        if self.found.nobody:
            yield f"in no review, so no rows: {_some(self.found.nobody)}"
        if self.blank:
            yield f"{self.blank} empty cells count as impossible; write 0 where a review could have had the study"
        if bare := [key for key, size in zip(self.found.reviews, self.found.sizes, strict=True) if not size]:
            yield f"without studies, but columns all the same: {_some(bare)}"

    def _other_numbers(self) -> Iterator[str]:
        from synthesis.text import percent

        found = self.found
        if found.missing:
            yield f"as if every review could have had every study: {percent(found.unadjusted, 2)} %"
        if self.by_reports is not None:
            yield f"with every report as a row of its own: {percent(self.by_reports, 2)} %"
        if found.weighted is not None:
            stated = f"{found.weighed} of {len(found.studies)} studies whose number is stated"
            yield f"weighted by participants (ours: {WEIGHTED}): {percent(found.weighted, 2)} %, from {stated}"
        if self.range and len(self.scenarios) > 2:
            low, high = (percent(area, 2) for area in self.range)
            without = sum(scenario.cca is None for scenario in self.scenarios)
            rest = f", {without} of which leave fewer than two reviews" if without else ""
            yield f"over {len(self.scenarios)} combinations of assumptions{rest}: {low} to {high} %"

    def summary(self) -> str:
        """The number, and what should be read beside it."""
        return "\n".join([self.found.summary(), *self.notes()]) + "\n"

    def to_dict(self) -> dict[str, object]:
        """All of it as plain values."""
        from synthesis.text import rounded

        found = self.found
        return {
            "cca": rounded(found.cca),
            "band": found.band,
            "unadjusted": rounded(found.unadjusted),
            "by_reports": rounded(self.by_reports),
            "weighted": {"cca": rounded(found.weighted), "studies": found.weighed, "formula": WEIGHTED},
            "inclusions": found.included,
            "impossible_cells": found.missing,
            "reviews": list(found.reviews),
            "pairs": [_pair(pair) for pair in found.pairs],
            "studies": _by_study(found.studies, found.reviews, found.matrix),
            "impossible": {
                study: reviews
                for study, reviews in _by_study(found.studies, found.reviews, found.impossible).items()
                if reviews
            },
            "scenarios": [_scenario(scenario) for scenario in self.scenarios],
            "notes": list(self.notes()),
        }


def report_overlap(
    edges: Iterable[Edge], studies: Iterable[Study] = (), dates: Dates | None = None, reviews: Sequence[str] = ()
) -> OverlapReport:
    """The overlap of a review's own reviews with all that should be read beside it.

    Parameters
    ----------
    edges, studies, dates, reviews
        As for `review_overlap`.

    Raises
    ------
    NotFound, InvalidArgument
        As `review_overlap` does.
    """
    citations, records = tuple(edges), tuple(studies)
    found = review_overlap(citations, records, reviews, dates)
    every = scenarios(citations, records, dates, reviews)
    return OverlapReport(found, every, undated(found, dates, records) if dates is not None else ())


def report_matrix(given: MatrixFile) -> OverlapReport:
    """The overlap of a matrix that was read from a file.

    Raises
    ------
    InvalidArgument
        Fewer than two reviews, or no study is included.
    """
    found = given.overlap()
    plain = Scenario(Assumptions(structural=False), given.overlap(structural=False))
    return OverlapReport(found, (Scenario(USUAL, found), plain) if found.missing else (), blank=given.blank)


def _pair(pair: PairOverlap) -> dict[str, object]:
    from synthesis.text import rounded

    return {
        "review": pair.one,
        "other": pair.other,
        "both": pair.both,
        "either": pair.either,
        "impossible": pair.missing,
        "cca": rounded(pair.cca),
        "containment": rounded(pair.containment),
    }


def _by_study(studies: Sequence[str], reviews: Sequence[str], matrix: Sequence[Sequence[bool]]) -> dict[str, list[str]]:
    return {
        study: [review for review, has in zip(reviews, row, strict=True) if has]
        for study, row in zip(studies, matrix, strict=True)
    }


def _scenario(scenario: Scenario) -> dict[str, object]:
    from synthesis.text import rounded

    found = scenario.overlap
    return {
        "name": scenario.name,
        "cca": rounded(scenario.cca),
        "band": found.band if found else "",
        "inclusions": found.included if found else None,
        "studies": len(found.studies) if found else None,
        "reviews": len(found.reviews) if found else None,
        "impossible_cells": found.missing if found else None,
    }


def _some(keys: Sequence[str]) -> str:
    """How many, and the first of them."""
    more = ", ..." if len(keys) > SHOWN else ""
    return f"{len(keys)} ({', '.join(keys[:SHOWN])}{more})"
