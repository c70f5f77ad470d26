"""How far reviews rest on the same studies: the corrected covered area of a matrix of studies by reviews."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from synthesis.errors import InvalidArgument

BANDS = ((0.05, "slight"), (0.10, "moderate"), (0.15, "high"))  # each below its bound
HIGHEST = "very high"
DOUBT = (
    "The bands (below 5 % slight, below 10 % moderate, below 15 % high) are those in use since Pieper 2014; no "
    "methodological basis for the cut-offs has been shown (Bracchiglione 2025)."
)


@dataclass(frozen=True, slots=True)
class PairOverlap:
    """Two reviews, among the studies that are in one of them or in both."""

    one: str
    other: str
    both: int  # studies in both
    either: int  # studies in one or both
    smaller: int  # studies in the smaller review
    missing: int = 0  # studies of one that the other could not have included

    @property
    def cca(self) -> float | None:
        """Corrected covered area, a share of 1: both / (either - missing); None where neither could have the other's.

        Without missing cells it is Jaccard's coefficient.
        """
        return self.both / (self.either - self.missing) if self.either > self.missing else None

    @property
    def containment(self) -> float | None:
        """The share of the smaller review that is in the larger one too: both / smaller; None of an empty review.

        Unequal sizes hold the covered area of a pair down however much they share; they do not hold this down.
        """
        return self.both / self.smaller if self.smaller else None


@dataclass(frozen=True, slots=True)
class Overlap:
    """Which review includes which study, and how far the reviews overlap."""

    reviews: tuple[str, ...]  # columns
    studies: tuple[str, ...]  # rows; each is in at least one review
    matrix: tuple[tuple[bool, ...], ...]  # one row per study: included
    impossible: tuple[tuple[bool, ...], ...]  # one row per study: structurally missing, the review could not have it
    included: int  # N, the sum of the matrix
    missing: int  # X, the sum of `impossible`
    cca: float | None  # share of 1; None where no review could have had a study of another
    pairs: tuple[PairOverlap, ...]  # all pairs, in the order of the columns
    nobody: tuple[str, ...] = ()  # studies that no review includes: they are no rows
    weighted: float | None = None  # see `weighted_covered_area`
    weighed: int = 0  # studies whose participants are stated

    @property
    def unadjusted(self) -> float:
        """The corrected covered area as if every review could have included every study."""
        return corrected_covered_area(self.included, len(self.studies), len(self.reviews))

    @property
    def sizes(self) -> tuple[int, ...]:
        """Studies of each review."""
        return tuple(map(sum, zip(*self.matrix, strict=True)))

    @property
    def band(self) -> str:
        """The word for the corrected covered area: see DOUBT."""
        return band(self.cca)

    def summary(self) -> str:
        """One line: the corrected covered area and the numbers it comes from."""
        from synthesis.text import percent

        counts = f"{self.included} inclusions of {len(self.studies)} studies in {len(self.reviews)} reviews"
        missing = f"; impossible cells: {self.missing}" if self.missing else ""
        area = "not defined" if self.cca is None else f"{percent(self.cca)} %"
        return f"corrected covered area {area}: {counts}{missing}"


def band(cca: float | None) -> str:
    """The word in use for a corrected covered area; nothing where there is none."""
    if cca is None:
        return ""
    return next((word for bound, word in BANDS if cca < bound), HIGHEST)


def corrected_covered_area(included: int, rows: int, columns: int, missing: int = 0) -> float:
    """The share of possible repeated inclusions that there are.

    Parameters
    ----------
    included : int
        N, how many times a study stands in a review.
    rows : int
        r, the studies that stand in at least one review.
    columns : int
        c, the reviews, at least 2.
    missing : int
        X, cells where the review could not have included the study (structural missingness).

    Returns
    -------
    float
        (N - r) / (r c - r - X), from 0 (no study twice) to 1 (every review has every study that it could have).

    Raises
    ------
    InvalidArgument
        Fewer than two reviews, no study, an N or X that r and c do not allow, or nothing left that could repeat.

    References
    ----------
    Pieper D, Antoine SL, Mathes T, Neugebauer EA, Eikermann M (2014). Systematic review finds overlapping reviews
    were not mentioned in every other overview. Journal of Clinical Epidemiology 67(4), 368-375. The term X is that of
    Perez-Bracchiglione J et al. (2022), the tool GROOVE (doi 10.1002/jrsm.1557), as the R package ccaR computes it.
    """
    if columns < 2 or rows < 1:
        raise InvalidArgument(
            f"overlap needs two reviews and a study, not {columns} and {rows}: bibliography/citations.csv says which "
            "review (relation reviews, meta_analyses or extracts) has which study"
        )
    if not rows <= included <= rows * columns - missing or missing < 0:
        impossible = f", {missing} cells of them impossible," if missing else ""
        raise InvalidArgument(f"{rows} studies in {columns} reviews{impossible} cannot make {included} inclusions")
    repeats = rows * columns - rows - missing
    if not repeats:
        raise InvalidArgument("no review could have included a study of another: their overlap is not defined")
    return (included - rows) / repeats


def weighted_covered_area(rows: Iterable[tuple[float, int, int]], columns: int) -> float | None:
    """The corrected covered area where a study counts by its participants; ours, of nobody else's publication.

    Parameters
    ----------
    rows : iterable of tuple
        Of each study its weight w (participants), how many reviews include it (k, at least 1), and how many could not
        have (x).
    columns : int
        c, the reviews.

    Returns
    -------
    float or None
        sum of w (k - 1) / sum of w (c - 1 - x): with equal weights the corrected covered area; the share of possible
        repeats of participants that there are. None where nothing could repeat.
    """
    given = list(rows)
    repeats = sum(weight * (columns - 1 - missing) for weight, _, missing in given)
    return sum(weight * (times - 1) for weight, times, _ in given) / repeats if repeats else None


def overlap(
    studies_of: Mapping[str, Iterable[str]],
    impossible: Mapping[str, Iterable[str]] | None = None,
    participants: Mapping[str, int | None] | None = None,
    *,
    empty: bool = False,
) -> Overlap:
    """The overlap of reviews whose studies are given.

    Parameters
    ----------
    studies_of : mapping
        The studies of each review, by its name; the order of the names is that of the columns. Studies are compared
        by name; a study in no review has no row.
    impossible : mapping, optional
        The studies that a review could not have included. One that it has all the same counts as included; one that
        no review has is in `nobody`.
    participants : mapping, optional
        People in each study, for the area weighted by them; studies without a number are left out of that area alone.
    empty : bool, optional
        Whether a review without studies counts as a column.

    Raises
    ------
    InvalidArgument
        Fewer than two reviews, or one without studies where that is not allowed.
    """
    sets = {review: frozenset(studies) for review, studies in studies_of.items()}
    if not empty and (bare := [review for review, studies in sets.items() if not studies]):
        raise InvalidArgument(f"no studies in {', '.join(bare)}: its overlap is not defined")
    rows = sorted(frozenset[str]().union(*sets.values()))
    barred = {review: frozenset((impossible or {}).get(review, ())) - studies for review, studies in sets.items()}
    matrix = tuple(tuple(study in studies for studies in sets.values()) for study in rows)
    missing = tuple(tuple(study in studies for studies in barred.values()) for study in rows)
    weights = [(n, study) for study, n in zip(rows, map((participants or {}).get, rows), strict=True) if n]
    counts = {study: (sum(has), sum(lacks)) for study, has, lacks in zip(rows, matrix, missing, strict=True)}
    numbers = sum(map(sum, matrix)), sum(map(sum, missing))
    return Overlap(
        reviews=tuple(sets),
        studies=tuple(rows),
        matrix=matrix,
        impossible=missing,
        included=numbers[0],
        missing=numbers[1],
        cca=_area(numbers[0], len(rows), len(sets), numbers[1]),
        pairs=tuple(_pair(one, other, sets, barred) for one, other in combinations(sets, 2)),
        nobody=tuple(sorted(frozenset[str]().union(*barred.values()).difference(rows))),
        weighted=weighted_covered_area(((n, *counts[study]) for n, study in weights), len(sets)),
        weighed=len(weights),
    )


def _area(included: int, rows: int, columns: int, missing: int) -> float | None:
    """The area; None where nothing could repeat."""
    if rows and columns > 1 and missing == rows * (columns - 1):
        return None
    return corrected_covered_area(included, rows, columns, missing)


def _pair(
    one: str, other: str, sets: Mapping[str, frozenset[str]], barred: Mapping[str, frozenset[str]]
) -> PairOverlap:
    """A pair, among the studies of either: a study that one has is missing where the other could not have it."""
    first, second = sets[one], sets[other]
    missing = len(first & barred[other]) + len(second & barred[one])
    sizes = len(first & second), len(first | second), min(len(first), len(second))
    return PairOverlap(one, other, *sizes, missing)
