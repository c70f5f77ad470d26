"""What the figures of a rule's behaviour show: how often it gives which score, and what thresholds trade."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synthesis.rendering.plots.readable import refuse_problems
from synthesis.rendering.plots.shades import BLANK, grounds


@dataclass(frozen=True, slots=True, eq=False)
class BehaviourData:
    """How often a rule gives which score: panels of studies' sizes and heterogeneity, over numbers of studies."""

    title: str
    k: tuple[int, ...]  # numbers of studies, ascending
    columns: tuple[str, ...]  # one for each size of studies, such as "n 100 per arm"
    rows: tuple[str, ...]  # one for each heterogeneity, such as "tau 0.1"
    scores: tuple[str, ...]  # from worst to best, such as "0", "1", "2", "3"; "blank" may come first
    probabilities: NDArray[np.float64]  # shape (rows, columns, k, scores), each set sums to 1
    truth: str = ""  # what is true, such as "true effect d = 0.2"
    beside: NDArray[np.float64] | None = None  # shape (rows, columns, k): another probability, drawn as a line
    beside_name: str = ""  # such as "pooled interval above 0 (REML, adhoc)"
    footnotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Threshold:
    """One set of thresholds of a rule, and what it gets right and wrong."""

    label: str  # such as "2 studies at level 5, no contrary one"
    useful: float  # P(3 points | the treatment is useful)
    useless: float  # P(2 or 3 points | it is useless)
    frontier: bool = False  # whether no other one is better in both
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class FrontierData:
    """What thresholds of a rule trade: finding what is useful against being taken in by what is useless."""

    title: str
    thresholds: tuple[Threshold, ...]
    useful: str = "P(3 points | useful)"  # the name of the vertical axis
    useless: str = "P(2 or 3 points | useless)"  # of the horizontal one
    footnotes: tuple[str, ...] = ()


def behaviour_text(data: BehaviourData) -> str:
    """What the figure of behaviour shows: its alternative text."""
    best, last = data.scores[-1], len(data.k) - 1
    text = (
        f"How often the rule gives each score, {data.truth}." if data.truth else "How often the rule gives each score."
    )
    for row, tau in enumerate(data.rows):
        for column, size in enumerate(data.columns):
            first, end = (100 * data.probabilities[row, column, place, -1] for place in (0, last))
            place = ", ".join(part for part in (tau, size) if part)
            text += f" {place}: score {best} in {first:.0f} % at k {data.k[0]}, {end:.0f} % at k {data.k[last]}."
    return text


def frontier_text(data: FrontierData) -> str:
    """What the figure of thresholds shows: its alternative text."""
    best = [one for one in data.thresholds if one.frontier]
    chosen = [
        f" Chosen: {one.label}, {one.useful:.3f} against {one.useless:.3f}." for one in data.thresholds if one.chosen
    ]
    ends = sorted(best, key=lambda one: (one.useless, one.useful))
    spans = (
        f" The frontier goes from {ends[0].useful:.3f} against {ends[0].useless:.3f}"
        f" to {ends[-1].useful:.3f} against {ends[-1].useless:.3f}."
        if ends
        else ""
    )
    return (
        f"{len(data.thresholds)} sets of thresholds, {len(best)} on the frontier: {data.useful} against {data.useless}."
        f"{spans}{''.join(chosen)}"
    )


def checked_behaviour(data: BehaviourData) -> BehaviourData:
    """The same data, if it can be drawn.

    Raises
    ------
    InvalidArgument
        With everything that is wrong: nothing to draw, arrays of another shape, numbers that are no probabilities or
        do not sum to 1, numbers of studies that do not ascend.
    """
    refuse_problems("this behaviour", _behaviour_problems(data))
    return data


def _behaviour_problems(data: BehaviourData) -> Iterator[str]:
    shape = (len(data.rows), len(data.columns), len(data.k), len(data.scores))
    if 0 in shape:
        yield "it has no rows, columns, numbers of studies or scores"
        return
    if len(set(grounds(data.scores))) < len(data.scores):
        yield f"it has {len(data.scores)} scores, more than there are shades, or one of them twice"
    if BLANK in data.scores[1:]:
        yield f"the score {BLANK!r} is not the first one"
    if list(data.k) != sorted(set(data.k)) or data.k[0] < 0:
        yield "the numbers of studies are not whole numbers in ascending order"
    if data.probabilities.shape != shape:
        yield f"the probabilities have shape {data.probabilities.shape}, not {shape}"
    elif not _probable(data.probabilities) or np.abs(data.probabilities.sum(axis=-1) - 1).max() > 1e-6:
        yield "the probabilities are not between 0 and 1, or those of one panel and k do not sum to 1"
    if data.beside is not None and (data.beside.shape != shape[:3] or not _probable(data.beside)):
        yield f"what stands beside has shape {data.beside.shape}, not {shape[:3]}, or is no probability"


def checked_frontier(data: FrontierData) -> FrontierData:
    """The same data, if it can be drawn.

    Raises
    ------
    InvalidArgument
        Without thresholds, or where a number is no probability.
    """
    refuse_problems("this frontier", _frontier_problems(data))
    return data


def _frontier_problems(data: FrontierData) -> Iterator[str]:
    if not data.thresholds:
        yield "it has no set of thresholds"
    wrong = [one.label for one in data.thresholds if not (0 <= one.useful <= 1 and 0 <= one.useless <= 1)]
    if wrong:
        yield f"no probability in {', '.join(map(repr, wrong))}"


def _probable(values: NDArray[np.float64]) -> bool:
    return bool(np.all((values >= -1e-12) & (values <= 1 + 1e-9)))  # false for a NaN
