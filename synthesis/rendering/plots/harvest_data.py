"""What a harvest plot shows, as plain values, and in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from synthesis.errors import did_you_mean
from synthesis.rendering.plots.fonts import clean
from synthesis.rendering.plots.readable import counted, refuse_problems

DIRECTIONS = ("harm", "none", "benefit")
LEVELS = (1, 2, 3, 4, 5)
BASES = ("computed", "reported")
MOST_KINDS = 8


@dataclass(frozen=True, slots=True)
class HarvestBar:
    """One study; at least one of its two directions is known."""

    label: str
    level: int  # of the Maryland scale, 1 to 5: the height of the bar
    computed: str | None = None  # a member of DIRECTIONS: what the study's own numbers show
    reported: str | None = None  # a member of DIRECTIONS: what its authors say
    kind: str = ""  # setting, or kind of comparator: the pattern of the bar


@dataclass(frozen=True, slots=True)
class HarvestRow:
    """One outcome, or one modality."""

    label: str
    bars: tuple[HarvestBar, ...]


@dataclass(frozen=True, slots=True)
class HarvestData:
    """A harvest plot: rows of studies, and the words around them."""

    title: str
    rows: tuple[HarvestRow, ...]
    by: str = "computed"  # a member of BASES: which direction places a bar where both are known
    panels: tuple[str, str, str] = ("Harm", "No difference", "Benefit")
    kinds: tuple[str, ...] = ()  # the order of the patterns; kinds not named come after, as they appear
    kind_name: str = ""  # what kinds are, such as "Setting"
    footnotes: tuple[str, ...] = ()


def basis(bar: HarvestBar, by: str) -> str:
    """Which of the two directions places a bar: the one asked for, where it is known."""
    known = bar.computed is not None if by == "computed" else bar.reported is not None
    return by if known else next(other for other in BASES if other != by)


def direction(bar: HarvestBar, by: str) -> str:
    """The direction that places a bar."""
    found = bar.computed if basis(bar, by) == "computed" else bar.reported
    assert found is not None
    return found


def other_direction(bar: HarvestBar, by: str) -> str | None:
    """Where the other basis would place a bar, if that is elsewhere."""
    found = bar.reported if basis(bar, by) == "computed" else bar.computed
    return None if found == direction(bar, by) else found


def all_kinds(data: HarvestData) -> tuple[str, ...]:
    """The kinds of studies in the order of their patterns."""
    seen = {bar.kind for row in data.rows for bar in row.bars}
    appeared = dict.fromkeys(bar.kind for row in data.rows for bar in row.bars)
    return tuple(dict.fromkeys([*(kind for kind in data.kinds if kind in seen), *appeared]))


def counts(data: HarvestData, row: HarvestRow) -> tuple[int, ...]:
    """How many studies of a row stand in each panel."""
    found = [direction(bar, data.by) for bar in row.bars]
    return tuple(found.count(one) for one in DIRECTIONS)


def harvest_text(data: HarvestData) -> str:
    """What the plot shows, in a sentence for each row: its alternative text."""
    total = counted(sum(len(row.bars) for row in data.rows), "finding", "findings")
    text = f"Harvest plot of {total}; height is the Maryland level."
    for row in data.rows:
        parts = [f"{name.lower()} {_listed(data, row, one)}" for name, one in zip(data.panels, DIRECTIONS, strict=True)]
        text += f" {clean(row.label)}: {'; '.join(parts)}."
    moved = [bar for row in data.rows for bar in row.bars if other_direction(bar, data.by)]
    return f"{text} Computed and reported direction differ in {len(moved)}." if moved else text


def _listed(data: HarvestData, row: HarvestRow, one: str) -> str:
    bars = [bar for bar in row.bars if direction(bar, data.by) == one]
    names = ", ".join(f"{clean(bar.label)} level {bar.level}" for bar in bars)
    return f"{len(bars)} ({names})" if bars else "0"


def checked(data: HarvestData) -> HarvestData:
    """The same data, if it can be drawn.

    Raises
    ------
    InvalidArgument
        With everything that is wrong.
    """
    refuse_problems("this harvest plot", _problems(data))
    return data


def _problems(data: HarvestData) -> Iterator[str]:
    bars = [bar for row in data.rows for bar in row.bars]
    if not bars:
        yield "it has no study"
    if data.by not in BASES:
        yield f"bars are placed by {data.by!r}: {did_you_mean(data.by, BASES)}"
    if len(all_kinds(data)) > MOST_KINDS:
        yield f"it has {len(all_kinds(data))} kinds of studies; at most {MOST_KINDS} patterns can be told apart"
    for bar in bars:
        if bar.level not in LEVELS:
            yield f"the level of {bar.label!r} is {bar.level}, not 1 to 5"
        given = [one for one in (bar.computed, bar.reported) if one is not None]
        if not given:
            yield f"{bar.label!r} has no direction, neither computed nor reported"
        for one in given:
            if one not in DIRECTIONS:
                yield f"{bar.label!r} has the direction {one!r}: {did_you_mean(one, DIRECTIONS)}"
