"""Whether some studies are cited more than others: an exact test over papers, and a permutation test over studies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb, inf, prod

import numpy as np
from numpy.typing import NDArray

from synthesis.errors import InvalidArgument

SAME = 1e-7  # relative; probabilities and sums as near as that are equal
MOST_EXACT = 20_000  # arrangements that are gone through one by one
DRAWS = 9_999
CHUNK = 500  # draws at a time

Floats = NDArray[np.float64]
Labels = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Stratum:
    """One citing paper: of the studies that it could cite, which are of the first kind, and which it cites."""

    available: int
    first_available: int
    cited: int
    first_cited: int

    @property
    def expected(self) -> float:
        """How many of the first kind it would cite on average, citing as many at random."""
        return self.cited * self.first_available / self.available if self.available else 0.0

    @property
    def informative(self) -> bool:
        """Whether it could have cited one kind or the other."""
        return 0 < self.first_available < self.available and 0 < self.cited < self.available

    def chances(self) -> Floats:
        """The hypergeometric probabilities of citing 0, 1, ... of the first kind, up to as many as are cited."""
        others, ways = self.available - self.first_available, comb(self.available, self.cited)
        ways_of = (
            comb(self.first_available, count) * comb(others, self.cited - count) / ways
            for count in range(self.cited + 1)
        )
        return np.fromiter(ways_of, dtype=float, count=self.cited + 1)


@dataclass(frozen=True, slots=True)
class ExactTest:
    """The exact conditional test over papers."""

    observed: int  # citations of the first kind
    expected: float  # under random citing by each paper
    p: float  # two-sided: outcomes that are no more probable than the observed one
    p_more: float  # one-sided: so many of the first kind or more
    smallest: float  # the smallest two-sided p that any outcome would have
    odds_ratio: float | None  # of Mantel and Haenszel; infinite where nothing speaks against, None where nothing speaks


def exact_test(strata: Iterable[Stratum]) -> ExactTest:
    """Whether papers cite the first kind more than by chance, given how many each cites of what it could.

    Parameters
    ----------
    strata : iterable of Stratum
        The papers. Each counts by its own margins; one that had no choice changes nothing.

    Returns
    -------
    ExactTest
        The distribution of the citations of the first kind is that of a sum of independent hypergeometric numbers,
        which is added up in full: nothing is approximated and nothing drawn.

    References
    ----------
    Agresti A (1990). Categorical data analysis. Wiley, pages 231-237: exact conditional inference on 2 x 2 x K tables;
    Mantel N, Haenszel W (1959). Statistical aspects of the analysis of data from retrospective studies of disease.
    Journal of the National Cancer Institute 22, 719-748: the common odds ratio.
    """
    papers = list(strata)
    chances: Floats = np.ones(1)
    for paper in papers:
        chances = np.convolve(chances, paper.chances())
    observed = sum(paper.first_cited for paper in papers)
    return ExactTest(
        observed=observed,
        expected=sum(paper.expected for paper in papers),
        p=_no_likelier(chances, chances[observed]),
        p_more=min(1.0, float(chances[observed:].sum())),
        smallest=_no_likelier(chances, chances[chances > 0].min()),
        odds_ratio=_odds_ratio(papers),
    )


def _no_likelier(chances: Floats, than: float) -> float:
    return min(1.0, float(chances[chances <= than * (1 + SAME)].sum()))


def _odds_ratio(papers: Sequence[Stratum]) -> float | None:
    """The sum of products that speak for the first kind over that of those that speak against it."""
    speaking_for = against = 0.0
    for paper in papers:
        second_cited = paper.cited - paper.first_cited
        first_left = paper.first_available - paper.first_cited
        second_left = paper.available - paper.first_available - second_cited
        if paper.available:
            speaking_for += paper.first_cited * second_left / paper.available
            against += second_cited * first_left / paper.available
    if against:
        return speaking_for / against
    return inf if speaking_for else None


@dataclass(frozen=True, slots=True)
class PermutationTest:
    """The permutation test over studies."""

    statistic: float  # citations of the first kind beyond those of studies of the same block
    p: float  # two-sided
    arrangements: int  # gone through, or drawn
    exact: bool  # every arrangement was gone through


@dataclass(frozen=True, slots=True)
class _Block:
    """Studies among which kinds are shuffled; values are those beyond the block's mean."""

    values: Floats
    chosen: int  # how many are of the first kind

    @property
    def arrangements(self) -> int:
        return comb(len(self.values), self.chosen)

    def sums(self) -> Floats:
        """Of the first kind, in every arrangement."""
        return np.array(
            [self.values[list(places)].sum() for places in combinations(range(len(self.values)), self.chosen)]
        )

    def drawn(self, draws: int, random: np.random.Generator) -> Floats:
        """Of the first kind, in so many arrangements drawn at random."""
        shuffled = random.permuted(np.broadcast_to(self.values, (draws, len(self.values))), axis=1)
        sums: Floats = shuffled[:, : self.chosen].sum(axis=1)
        return sums


def arrangements(first: Sequence[bool] | Labels, blocks: Sequence[int]) -> int:
    """In how many ways the kinds of studies can be shuffled within their blocks."""
    kinds = np.asarray(first, dtype=bool)
    return prod(comb(len(places), int(kinds[places].sum())) for places in _places(blocks))


def permutation_test(
    excess: Sequence[float] | Floats,
    first: Sequence[bool] | Labels,
    blocks: Sequence[int],
    random: np.random.Generator | None = None,
    draws: int = DRAWS,
) -> PermutationTest:
    """Whether studies of the first kind are cited beyond expectation more than others, by shuffling their kinds.

    The unit is the study: one that everybody cites counts as one study, where the exact test over papers takes each
    citation of it as new evidence. Kinds are shuffled within blocks, so that what all studies of a block have in
    common (their age) is no difference between the kinds.

    Parameters
    ----------
    excess : array of float
        Of each study its citations less those expected under random citing.
    first : array of bool
        Which are of the first kind.
    blocks : array of int
        The block of each study.
    random : numpy.random.Generator, optional
        Needed where there are more than 20,000 arrangements; so many are then drawn as `draws` says.
    draws : int
        How many; the observed arrangement counts as one more.

    Raises
    ------
    InvalidArgument
        Arrangements have to be drawn and there is no generator, or fewer than 99 draws.
    """
    values, kinds = np.asarray(excess, dtype=float), np.asarray(first, dtype=bool)
    centred = [(values[places] - values[places].mean(), kinds[places]) for places in _places(blocks)]
    observed = float(sum(own[labels].sum() for own, labels in centred))
    shuffled = [_Block(own, int(labels.sum())) for own, labels in centred]
    reach = abs(observed) - SAME * (1.0 + abs(observed))
    ways = arrangements(kinds, blocks)
    if ways <= MOST_EXACT:
        return PermutationTest(observed, float(np.mean(np.abs(_every(shuffled)) >= reach)), ways, exact=True)
    if not isinstance(random, np.random.Generator) or draws < 99:
        remedy = "give random, as numpy.random.default_rng(1)"
        raise InvalidArgument(f"of {ways} arrangements at least 99 have to be drawn at random: {remedy}")
    sizes = (min(CHUNK, draws - start) for start in range(0, draws, CHUNK))
    beyond = sum(int(np.sum(np.abs(_drawn(shuffled, size, random)) >= reach)) for size in sizes)
    return PermutationTest(observed, (1 + beyond) / (1 + draws), draws, exact=False)


def _places(blocks: Sequence[int]) -> list[NDArray[np.intp]]:
    """Where the studies of each block stand."""
    numbers = np.asarray(blocks, dtype=int)
    return [np.flatnonzero(numbers == block) for block in np.unique(numbers)]


def _every(blocks: Sequence[_Block]) -> Floats:
    """The sum in every arrangement of all blocks."""
    sums: Floats = np.zeros(1)
    for block in blocks:
        sums = np.add.outer(sums, block.sums()).ravel()
    return sums


def _drawn(blocks: Sequence[_Block], draws: int, random: np.random.Generator) -> Floats:
    """The sum in so many arrangements of all blocks, drawn at random."""
    sums: Floats = np.zeros(draws)
    for block in blocks:
        sums = sums + block.drawn(draws, random)
    return sums
