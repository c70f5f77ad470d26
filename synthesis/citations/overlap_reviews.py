"""The overlap of a review's own reviews, from its citations, and how far it hangs on how the matrix is made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING

from synthesis.citations.cells import participants
from synthesis.citations.edges import INCLUDING, Edge
from synthesis.citations.overlap import Overlap, overlap
from synthesis.errors import InvalidArgument, NotFound, did_you_mean

if TYPE_CHECKING:
    from synthesis.bibliography.entry import Entry
    from synthesis.records.study import Study

AT_LEAST = 2  # studies that a document must share out to count as a review
SEARCHED = "search_until"  # a field of the library: the year, or the date, that a review's search ended


@dataclass(frozen=True, slots=True)
class Dates:
    """When documents were published, and when reviews were searched for; years, only where stated."""

    published: Mapping[str, int] = field(default_factory=dict)
    searched: Mapping[str, int] = field(default_factory=dict)

    def last_of(self, review: str) -> int | None:
        """The last year that a review could have studies of: that of its search, else its own."""
        return self.searched.get(review, self.published.get(review))


@dataclass(frozen=True, slots=True)
class Assumptions:
    """How the matrix of studies by reviews is made."""

    unit: str = "study"  # a row is a study (its reports are one), or a `report`
    structural: bool = True  # a study published after a review's search is missing from it, not left out by it
    relations: tuple[str, ...] = INCLUDING  # by which a document has a study
    least: int = AT_LEAST  # studies that make a document a review


UNITS = ("study", "report")
RELATIONS_TAKEN = (INCLUDING, INCLUDING[:2], INCLUDING[:1])
LEASTS = (AT_LEAST, 1)
USUAL = Assumptions()
NAMES: Mapping[tuple[str, object], str] = {
    ("unit", "report"): "every report is a row",
    ("structural", False): "every review could have had every study",
    ("relations", INCLUDING[:2]): "without studies that are only extracted",
    ("relations", INCLUDING[:1]): "only studies that are reviewed",
    ("least", 1): "documents with one study too",
}


@dataclass(frozen=True, slots=True)
class Scenario:
    """The overlap under one set of assumptions."""

    assumptions: Assumptions
    overlap: Overlap | None  # None where fewer than two reviews are left

    @property
    def changed(self) -> tuple[str, ...]:
        """What differs from the usual assumptions, in words."""
        names = ((name, getattr(self.assumptions, name)) for name in ("unit", "structural", "relations", "least"))
        return tuple(NAMES[each] for each in names if each in NAMES)

    @property
    def name(self) -> str:
        """All that differs; `as usual` for the usual assumptions."""
        return "; ".join(self.changed) or "as usual"

    @property
    def cca(self) -> float | None:
        """The corrected covered area, where there is one."""
        return self.overlap.cca if self.overlap else None


def dates_of(entries: Iterable[Entry]) -> Dates:
    """The years of a library, and the `search_until` of its reviews."""
    known = tuple(entries)
    searched = ((entry.key, entry.get(SEARCHED).strip("{} ")[:4]) for entry in known)
    return Dates(
        {entry.key: entry.year for entry in known if entry.year is not None},
        {key: int(text) for key, text in searched if len(text) == 4 and text.isascii() and text.isdigit()},
    )


def included_studies(
    edges: Iterable[Edge],
    studies: Iterable[Study] = (),
    relations: Sequence[str] = INCLUDING,
    unit: str = "study",
) -> dict[str, tuple[str, ...]]:
    """The studies that each document reviews, meta-analyses or extracts, by key, sorted.

    Two reports of one study are one study: a report that a record names in `cite` counts as that record, and one
    that several records name as each of them. With `report` as unit every report counts as itself.
    """
    records: dict[str, list[str]] = {}
    for study in studies if unit == "study" else ():
        for report in study.cite:
            records.setdefault(report, []).append(study.key)
    found: dict[str, set[str]] = {}
    for edge in edges:
        if edge.relation in relations:
            found.setdefault(edge.source, set()).update(records.get(edge.target, [edge.target]))
    return {key: tuple(sorted(found[key])) for key in sorted(found)}


def review_overlap(
    edges: Iterable[Edge],
    studies: Iterable[Study] = (),
    reviews: Sequence[str] = (),
    dates: Dates | None = None,
    assumptions: Assumptions = USUAL,
) -> Overlap:
    """The overlap of a review's own reviews.

    Parameters
    ----------
    edges, studies
        The citations and the records: see `included_studies`.
    reviews : sequence of str, optional
        Which documents; by default every one with at least two studies. A page about one study is no review.
    dates : Dates, optional
        The years of the library; without them no cell is structurally missing.
    assumptions : Assumptions, optional
        How the matrix is made.

    Raises
    ------
    NotFound
        A document that reviews nothing.
    InvalidArgument
        Fewer than two reviews are left.
    """
    records = tuple(studies)
    found = included_studies(edges, records, assumptions.relations, assumptions.unit)
    for key in reviews:
        if key not in found:
            raise NotFound(f"{key!r} reviews, meta-analyses or extracts nothing; {did_you_mean(key, found)}")
    chosen = reviews or [key for key, included in found.items() if len(included) >= assumptions.least]
    studies_of = {key: found[key] for key in chosen}
    known = dates if dates is not None and assumptions.structural else Dates()
    people = {study.key: participants(study) for study in records} if assumptions.unit == "study" else {}
    threads = records if assumptions.unit == "study" else ()
    return overlap(studies_of, _too_young(studies_of, known, threads), people)


def undated(found: Overlap, dates: Dates, studies: Iterable[Study] = ()) -> tuple[str, ...]:
    """The studies and reviews of an overlap without a year, whose cells all count as possible; sorted."""
    years = _years(found.studies, dates, studies)
    without = (study for study in found.studies if years[study] is None)
    return tuple(sorted({*without, *(review for review in found.reviews if dates.last_of(review) is None)}))


def scenarios(
    edges: Iterable[Edge], studies: Iterable[Study] = (), dates: Dates | None = None, reviews: Sequence[str] = ()
) -> tuple[Scenario, ...]:
    """The overlap under every combination of assumptions, the usual one first.

    Parameters
    ----------
    edges, studies, reviews, dates
        As for `review_overlap`. Where reviews are named they stay, but those that have nothing under a combination.

    Returns
    -------
    tuple of Scenario
        Those that differ from the usual in one assumption come next, then the others.
    """
    citations, records = tuple(edges), tuple(studies)
    combined = (Assumptions(*each) for each in product(UNITS, (True, False), RELATIONS_TAKEN, LEASTS))
    chosen = [each for each in combined if not (reviews and each.least != AT_LEAST)]
    found = [Scenario(each, _attempt(citations, records, reviews, dates, each)) for each in chosen]
    return tuple(sorted(found, key=lambda scenario: len(scenario.changed)))


def one_at_a_time(found: Iterable[Scenario]) -> Iterator[Scenario]:
    """The usual scenario and those that differ from it in one assumption."""
    return (scenario for scenario in found if len(scenario.changed) < 2)


def _attempt(
    edges: tuple[Edge, ...],
    studies: tuple[Study, ...],
    reviews: Sequence[str],
    dates: Dates | None,
    assumptions: Assumptions,
) -> Overlap | None:
    has = included_studies(edges, (), assumptions.relations)
    kept = [key for key in reviews if key in has]
    if reviews and len(kept) < 2:
        return None
    try:
        return review_overlap(edges, studies, kept, dates, assumptions)
    except InvalidArgument:
        return None


def _too_young(
    studies_of: Mapping[str, Iterable[str]], dates: Dates, studies: Iterable[Study]
) -> dict[str, tuple[str, ...]]:
    """By review the studies that were published after its search; where a year is not stated, none."""
    rows = sorted({study for included in studies_of.values() for study in included})
    years = _years(rows, dates, studies)
    dated = [(study, year) for study in rows if (year := years[study]) is not None]
    last = {review: dates.last_of(review) for review in studies_of}
    return {
        review: tuple(study for study, year in dated if until is not None and year > until)
        for review, until in last.items()
    }


def _years(rows: Iterable[str], dates: Dates, studies: Iterable[Study]) -> dict[str, int | None]:
    """The year of each row: of a study that of its first report, if the years of all of them are stated."""
    reports = {study.key: study.cite for study in studies}
    return {row: _first(dates.published.get(report) for report in reports.get(row, (row,))) for row in rows}


def _first(years: Iterable[int | None]) -> int | None:
    known = list(years)
    return min((year for year in known if year is not None), default=None) if None not in known else None
