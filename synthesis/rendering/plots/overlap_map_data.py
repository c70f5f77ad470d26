"""What a map of the overlap of reviews shows, as plain values, and in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from synthesis.rendering.plots.fonts import clean
from synthesis.rendering.plots.readable import counted, refuse_problems
from synthesis.text import percent

MOST_TOLD = 5  # pairs in the alternative text


@dataclass(frozen=True, slots=True)
class OverlapPair:
    """Two reviews, the first before the second; places in the data's `reviews`, the first is 0."""

    one: int
    other: int
    area: float | None  # corrected covered area, a share of 1; None where it is not defined
    both: int  # studies in both


@dataclass(frozen=True, slots=True)
class OverlapMapData:
    """The corrected covered area of every two reviews."""

    title: str
    reviews: tuple[str, ...]
    sizes: tuple[int, ...]  # studies of each review
    pairs: tuple[OverlapPair, ...]  # of each two, once
    bands: tuple[tuple[float, str], ...]  # upper bounds of the areas that a shade stands for, and their words
    highest: str = ""  # the word for areas beyond the last bound
    footnotes: tuple[str, ...] = ()


def overlap_text(data: OverlapMapData) -> str:
    """What the map shows: how many pairs share a study, and the pairs with the largest areas. Its alternative text."""
    sharing = [pair for pair in data.pairs if pair.both]
    text = (
        f"Overlap of {counted(len(data.reviews), 'review', 'reviews')}: {len(sharing)} of {len(data.pairs)} pairs share"
    )
    most = sorted(sharing, key=lambda pair: (-(pair.area or 0.0), pair.one, pair.other))[:MOST_TOLD]
    told = [
        f"{clean(data.reviews[pair.one])} and {clean(data.reviews[pair.other])} {percent(pair.area)} %" for pair in most
    ]
    return f"{text} a study. Largest corrected covered areas: {', '.join(told)}." if told else f"{text} a study."


def checked(data: OverlapMapData) -> OverlapMapData:
    """The same data, if it can be drawn.

    Raises
    ------
    InvalidArgument
        With everything that is wrong: fewer than two reviews, sizes of another number, pairs that lack or repeat, areas
        that are no share of 1.
    """
    refuse_problems("this overlap", _problems(data))
    return data


def _problems(data: OverlapMapData) -> Iterator[str]:
    count = len(data.reviews)
    if count < 2:
        yield f"it has {counted(count, 'review', 'reviews')}"
    if len(data.sizes) != count:
        yield f"there are {len(data.sizes)} sizes for {count} reviews"
    if sorted((pair.one, pair.other) for pair in data.pairs) != list(combinations(range(count), 2)):
        yield "its pairs are not each two reviews once, the first before the second"
    for pair in data.pairs:
        if pair.area is not None and not 0 <= pair.area <= 1:
            yield f"an area is {pair.area}, not from 0 to 1"
