"""How fragile a score is: the fewest studies whose state must flip to change it, and what is left without each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

import numpy as np

from synthesis.scoring.operating.additive import Running, ordered, relevant, running
from synthesis.scoring.operating.counted import CountedStudies, counted_studies
from synthesis.scoring.operating.flips import Flip, Flips, fewest_flips
from synthesis.scoring.rule import Rule
from synthesis.scoring.states import Fact, ScoredFinding

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class WithoutOne:
    """What a rule gives without one study."""

    study: str
    output: str  # `blank` where nothing counts then


@dataclass(frozen=True, slots=True)
class Fragility:
    """How little would change a score. Outputs are named as in `Behaviour`, `blank` where nothing counts."""

    output: str
    flips: int | None  # the fewest studies whose state must flip; None: `reason` says why there is no number
    example: tuple[Flip, ...]  # one smallest set of flips
    becomes: str  # what these flips lead to
    without: tuple[WithoutOne, ...]  # every admitted study, left out
    lowest: str  # of the outputs without one study, the score itself among them
    highest: str
    reason: str = ""

    @property
    def deciding(self) -> tuple[str, ...]:
        """The studies without which the score is another one."""
        return tuple(one.study for one in self.without if one.output != self.output)

    def summary(self) -> str:
        """The flips and the range as text."""
        ways = "; ".join(f"{one.study} from {one.state} to {one.becomes}" for one in self.example)
        flips = self.reason if self.flips is None else f"becomes {self.becomes} with {self.flips} flipped: {ways}"
        return f"{self.output}: {flips}\nwithout one study: {self.lowest} to {self.highest}"

    def to_dict(self) -> dict[str, Any]:
        """Plain values, fit for JSON."""
        return {**asdict(self), "deciding": list(self.deciding)}


def fragility(
    findings: Iterable[ScoredFinding],
    rule: Rule,
    policy: str | None = None,
    context: Mapping[str, Fact] | None = None,
) -> Fragility:
    """How little would change the score of one cell; see `fragility_many`."""
    return fragility_many({0: findings}, rule, policy, {0: context or {}})[0]


def fragility_many(
    cells: Mapping[Key, Iterable[ScoredFinding]],
    rule: Rule,
    policy: str | None = None,
    contexts: Mapping[Key, Mapping[str, Fact]] | None = None,
) -> dict[Key, Fragility]:
    """How little would change the scores of many cells.

    Parameters
    ----------
    cells : mapping of key to iterable of ScoredFinding
        As for `score_cells`.
    rule : Rule
        It grades interventions.
    policy : str, optional
        By default its first.
    contexts : mapping, optional
        What is known beside the studies of each cell; facts of its pool stay as they are when studies flip.

    Returns
    -------
    dict of key to Fragility

    Raises
    ------
    InvalidArgument
        The rule grades single studies, or has no such policy; a context names what the rule does not ask.
    """
    run = running(rule, policy, {})
    studies = counted_studies(run, [tuple(findings) for findings in cells.values()])
    groups: dict[tuple[tuple[str, Fact], ...], list[int]] = defaultdict(list)
    for place, key in enumerate(cells):
        groups[relevant(run, (contexts or {}).get(key, {}))].append(place)
    found: dict[int, Fragility] = {}
    for context, places in groups.items():
        own = running(rule, policy, dict(context))
        found |= zip(places, _fragilities(studies.of_cells(np.array(places), own)), strict=True)
    return {key: found[place] for place, key in enumerate(cells)}


def _fragilities(studies: CountedStudies) -> list[Fragility]:
    """Of cells that have the same context."""
    now = studies.outputs(studies.cell, np.arange(len(studies.cell)), studies.cells)
    outputs = [now.names[which] for which in now.which.tolist()]
    without = _without(studies)
    flips = fewest_flips(studies)
    return [
        _fragility(studies.run, output, one, left) for output, one, left in zip(outputs, flips, without, strict=True)
    ]


def _without(studies: CountedStudies) -> list[tuple[WithoutOne, ...]]:
    """What is left of each cell without each of its studies."""
    size = len(studies.cell)
    firsts = np.searchsorted(studies.cell, np.arange(studies.cells + 1))
    many = np.diff(firsts)[studies.cell]  # of each study: how many its cell has
    out = np.repeat(np.arange(size), many)  # the study left out, once for each study of its cell
    kept = firsts[studies.cell[out]] + np.arange(len(out)) - np.repeat(np.cumsum(many) - many, many)
    there = kept != out
    given = studies.outputs(out[there], kept[there], size)
    found: list[list[WithoutOne]] = [[] for _ in range(studies.cells)]
    for row, (cell, which) in enumerate(zip(studies.cell.tolist(), given.which.tolist(), strict=True)):
        found[cell].append(WithoutOne(studies.names[row], given.names[which]))
    return [tuple(sorted(each, key=lambda one: one.study)) for each in found]


def _fragility(run: Running, output: str, flips: Flips, without: Sequence[WithoutOne]) -> Fragility:
    reached = {output, *(one.output for one in without)}
    order = (output,) if len(reached) == 1 else ordered(run.rule, reached)
    return Fragility(output, flips.number, flips.ways, flips.becomes, tuple(without), order[0], order[-1], flips.reason)
