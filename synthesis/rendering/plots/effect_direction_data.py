"""What an effect-direction plot shows, as plain values, in words, and counted."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from synthesis.errors import did_you_mean
from synthesis.pooling.vote_count import VoteCount, vote_count
from synthesis.rendering.plots.fonts import clean
from synthesis.rendering.plots.readable import counted, refuse_problems
from synthesis.text import decimal, percent

ARROWS = ("up", "down", "sideways")
SIZES = (50.0, 300.0)  # ours: participants from which an arrow is medium, and above which it is large
SIGN = {"up": 1.0, "down": -1.0, "sideways": 0.0}


@dataclass(frozen=True, slots=True)
class EffectArrow:
    """What one study shows on one outcome."""

    direction: str  # a member of ARROWS
    findings: int = 1  # how many of the study's findings it sums up
    n: float | None = None  # participants, where they are not those of the study


@dataclass(frozen=True, slots=True)
class EffectDirectionRow:
    """One study."""

    label: str
    design: str
    n: float | None  # participants; None: not stated
    arrows: tuple[EffectArrow | None, ...]  # one for each outcome; None: not measured
    quality: str = ""  # a member of EffectDirectionData.qualities: the shade of the row
    group: str = ""  # rows of one group that follow each other stand under its heading


@dataclass(frozen=True, slots=True)
class EffectDirectionData:
    """An effect-direction plot: studies, outcomes, and the words around them."""

    title: str
    outcomes: tuple[str, ...]
    rows: tuple[EffectDirectionRow, ...]
    meaning: tuple[str, str, str] = ("benefit", "harm", "no change, mixed or conflicting")  # of ARROWS
    sizes: tuple[float, float] = SIZES
    qualities: tuple[str, ...] = ()  # best first; none: rows are not shaded
    quality_name: str = "Quality"
    footnotes: tuple[str, ...] = ()
    level: float = 0.95  # of the intervals of the shares


def size_class(data: EffectDirectionData, row: EffectDirectionRow, arrow: EffectArrow) -> int | None:
    """0 a small arrow, 1 a medium one, 2 a large one; None where the number of participants is not stated."""
    n = row.n if arrow.n is None else arrow.n
    return None if n is None else int(n >= data.sizes[0]) + int(n > data.sizes[1])


def votes(data: EffectDirectionData, place: int) -> VoteCount | None:
    """The sign test of one outcome, sideways arrows left out; None where no study measured it."""
    found = [row.arrows[place] for row in data.rows]
    signs = [SIGN[arrow.direction] for arrow in found if arrow is not None]
    return vote_count(signs, level=data.level) if signs else None


def vote_cells(found: VoteCount | None) -> tuple[str, str, str]:
    """Under a column: how many of how many, their share with its interval in percent, and the p-value."""
    if found is None or found.p_value is None:
        return ("0 of 0" if found else "not measured"), "", ""
    bounds = f"[{percent(found.ci_low, 0)}, {percent(found.ci_high, 0)}]"
    small = found.p_value < 0.00005
    p = "p < 0.0001" if small else f"p = {decimal(found.p_value)}"
    return f"{found.positive} of {found.k}", f"{percent(found.proportion, 0)} {bounds}", p


def effect_direction_text(data: EffectDirectionData) -> str:
    """What the plot shows, in a sentence for each outcome: its alternative text."""
    text = f"Effect-direction plot of {counted(len(data.rows))}; up is {data.meaning[0]}."
    for place, outcome in enumerate(data.outcomes):
        found = votes(data, place)
        if found is None:
            text += f" {clean(outcome)}: not measured."
            continue
        cells = vote_cells(found)
        parts = [f"{found.positive} up, {found.negative} down, {found.undetermined} sideways"]
        parts += [f"two-sided sign test {cells[2]}"] if cells[2] else []
        text += f" {clean(outcome)}: {', '.join(parts)}."
    return text


def checked(data: EffectDirectionData) -> EffectDirectionData:
    """The same data, if it can be drawn.

    Raises
    ------
    InvalidArgument
        With everything that is wrong.
    """
    refuse_problems("this effect-direction plot", _problems(data))
    return data


def _problems(data: EffectDirectionData) -> Iterator[str]:
    if not any(arrow for row in data.rows for arrow in row.arrows):
        yield "it has no study with a direction of effect"
    if not 0 < data.sizes[0] <= data.sizes[1] < math.inf:
        yield f"the sizes {data.sizes} are not two numbers of participants, the smaller first"
    if not 0 < data.level < 1:
        yield f"the level {data.level} is not between 0 and 1"
    for row in data.rows:
        yield from _row_problems(data, row)


def _row_problems(data: EffectDirectionData, row: EffectDirectionRow) -> Iterator[str]:
    if len(row.arrows) != len(data.outcomes):
        yield f"{row.label!r} has {len(row.arrows)} cells for {len(data.outcomes)} outcomes"
    if data.qualities and row.quality not in data.qualities:
        yield f"the quality of {row.label!r} is {row.quality!r}: {did_you_mean(row.quality, data.qualities)}"
    for n in (row.n, *(arrow.n for arrow in row.arrows if arrow)):
        if n is not None and not 0 < n < math.inf:
            yield f"{row.label!r} has {n} participants"
    for arrow in row.arrows:
        if arrow and arrow.direction not in ARROWS:
            yield f"{row.label!r} has the arrow {arrow.direction!r}: {did_you_mean(arrow.direction, ARROWS)}"
        if arrow and arrow.findings < 1:
            yield f"{row.label!r} sums up {arrow.findings} findings"
