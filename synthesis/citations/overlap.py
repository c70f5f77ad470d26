"""How far reviews rest on the same studies: the corrected covered area."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from synthesis.citations.edges import Edge
from synthesis.citations.graph import REVIEWING
from synthesis.errors import InvalidArgument, NotFound, did_you_mean

if TYPE_CHECKING:
    from synthesis.records.study import Study

AT_LEAST = 2  # studies that a document must share out to count as a review


@dataclass(frozen=True, slots=True)
class PairOverlap:
    """Two reviews. Their corrected covered area is the share `both` / `either`."""

    one: str
    other: str
    both: int  # studies in both
    either: int  # studies in one or both
    cca: float  # share of 1


@dataclass(frozen=True, slots=True)
class Overlap:
    """Which review includes which study, and how far the reviews overlap."""

    reviews: tuple[str, ...]  # columns
    studies: tuple[str, ...]  # rows; each is in at least one review
    matrix: tuple[tuple[bool, ...], ...]  # one row per study
    included: int  # N, the sum of the matrix
    cca: float  # share of 1
    pairs: tuple[PairOverlap, ...]  # all pairs, in the order of the columns

    def summary(self) -> str:
        """One line: the corrected covered area and the numbers it comes from."""
        return (
            f"corrected covered area {100 * self.cca:.1f} %: {self.included} inclusions of {len(self.studies)} studies "
            f"in {len(self.reviews)} reviews"
        )


def corrected_covered_area(included: int, rows: int, columns: int) -> float:
    """The share of possible repeated inclusions that there are.

    Parameters
    ----------
    included : int
        N, how many times a study stands in a review.
    rows : int
        r, the studies that stand in at least one review.
    columns : int
        c, the reviews, at least 2.

    Returns
    -------
    float
        (N - r) / (r c - r), from 0 (no study twice) to 1 (every review has every study).

    Raises
    ------
    InvalidArgument
        Fewer than two reviews, no study, or an N that r and c do not allow.

    References
    ----------
    Pieper D, Antoine SL, Mathes T, Neugebauer EA, Eikermann M (2014). Systematic review finds overlapping reviews
    were not mentioned in every other overview. Journal of Clinical Epidemiology 67(4), 368-375.
    """
    if columns < 2 or rows < 1:
        raise InvalidArgument(
            f"overlap needs two reviews and a study, not {columns} and {rows}: bibliography/citations.csv says which "
            "review (relation reviews, meta_analyses or extracts) has which study"
        )
    if not rows <= included <= rows * columns:
        raise InvalidArgument(f"{rows} studies in {columns} reviews cannot make {included} inclusions")
    return (included - rows) / (rows * columns - rows)


def overlap(studies_of: Mapping[str, Iterable[str]]) -> Overlap:
    """The overlap of reviews whose studies are given.

    Parameters
    ----------
    studies_of : mapping
        The studies of each review, by its name; the order of the names is that of the columns. Studies are compared
        by name; a study in no review has no row.

    Raises
    ------
    InvalidArgument
        Fewer than two reviews, or one without studies.
    """
    sets = {review: frozenset(studies) for review, studies in studies_of.items()}
    if empty := [review for review, studies in sets.items() if not studies]:
        raise InvalidArgument(f"no studies in {', '.join(empty)}: its overlap is not defined")
    rows = sorted(frozenset().union(*sets.values()))
    included = sum(map(len, sets.values()))
    return Overlap(
        reviews=tuple(sets),
        studies=tuple(rows),
        matrix=tuple(tuple(study in studies for studies in sets.values()) for study in rows),
        included=included,
        cca=corrected_covered_area(included, len(rows), len(sets)),
        pairs=tuple(_pair(one, other, sets) for one, other in combinations(sets, 2)),
    )


def _pair(one: str, other: str, sets: Mapping[str, frozenset[str]]) -> PairOverlap:
    both, either = len(sets[one] & sets[other]), len(sets[one] | sets[other])
    return PairOverlap(one, other, both, either, corrected_covered_area(both + either, either, 2))


def included_studies(edges: Iterable[Edge], studies: Iterable[Study] = ()) -> dict[str, tuple[str, ...]]:
    """The studies that each document reviews, meta-analyses or extracts, by key, sorted.

    Two reports of one study are one study: a report that a record names in `cite` counts as that record, and one
    that several records name as each of them.
    """
    records: dict[str, list[str]] = {}
    for study in studies:
        for report in study.cite:
            records.setdefault(report, []).append(study.key)
    found: dict[str, set[str]] = {}
    for edge in edges:
        if edge.relation in REVIEWING:
            found.setdefault(edge.source, set()).update(records.get(edge.target, [edge.target]))
    return {key: tuple(sorted(found[key])) for key in sorted(found)}


def review_overlap(edges: Iterable[Edge], studies: Iterable[Study] = (), reviews: Sequence[str] = ()) -> Overlap:
    """The overlap of a review's own reviews.

    Parameters
    ----------
    edges, studies
        The citations and the records: see `included_studies`.
    reviews : sequence of str, optional
        Which documents; by default every one with at least two studies. A page about one study is no review.

    Raises
    ------
    NotFound
        A document that reviews nothing.
    InvalidArgument
        Fewer than two reviews are left.
    """
    found = included_studies(edges, studies)
    for key in reviews:
        if key not in found:
            raise NotFound(f"{key!r} reviews, meta-analyses or extracts nothing; {did_you_mean(key, found)}")
    chosen = reviews or [key for key, included in found.items() if len(included) >= AT_LEAST]
    return overlap({key: found[key] for key in chosen})
