"""The fewest studies whose state must flip to change what a rule gives."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from synthesis.scoring.language import IntArray
from synthesis.scoring.operating.additive import (
    OF_EFFECTS,
    NotAdditive,
    Running,
    additions,
    limits_of,
    not_additive,
    outputs_of_sums,
)
from synthesis.scoring.operating.counted import CountedStudies
from synthesis.scoring.operating.exact import MOST_NUMBERS, different
from synthesis.scoring.operating.lattice import NEVER, TooManyStates, fewest, walk_over

MOST_TRIED = 20_000  # studies of cells that are tried where features are no sums
NOTHING_FLIPS = "no study counts, so none can flip"
NO_FLIP = "no flips change it"


@dataclass(frozen=True, slots=True)
class Flip:
    """One study that would have to say something else."""

    study: str
    state: str  # what it says, in the rule's words
    becomes: str


@dataclass(frozen=True, slots=True)
class Flips:
    """A smallest set of flips and what they lead to; no number where there is none, with the reason."""

    number: int | None
    ways: tuple[Flip, ...] = ()
    becomes: str = ""
    reason: str = ""


def fewest_flips(studies: CountedStudies) -> list[Flips]:
    """A smallest set of flips for each cell.

    Notes
    -----
    A study flips when it comes to another of the rule's words of `studies`, with its level and all else unchanged.
    The fewest are found by a dynamic programme over the features of the cell, in least and plus. Where features are no
    sums over studies, sets of flips are tried by size, so far as a size takes at most 20,000 studies of such cells.
    """
    firsts = np.searchsorted(studies.cell, np.arange(studies.cells + 1))
    sizes = np.diff(firsts)
    found = [Flips(None, reason=NOTHING_FLIPS)] * studies.cells
    if not len(studies.cell):
        return found
    try:
        moves, move = _moves(studies)
    except NotAdditive:
        return [_tried(studies, np.arange(firsts[cell], firsts[cell + 1])) for cell in range(studies.cells)]
    for size in np.unique(sizes[sizes > 0]).tolist():
        cells = np.flatnonzero(sizes == size)
        rows = firsts[cells][:, None] + np.arange(size)
        try:
            each = _followed(studies, rows, moves, move)
        except TooManyStates:
            each = [_tried(studies, own) for own in rows]
        for cell, flips in zip(cells.tolist(), each, strict=True):
            found[cell] = flips
    return found


def _moves(studies: CountedStudies) -> tuple[IntArray, IntArray]:
    """What studies may add to the features, and which of that each adds in each state, shape (r, words)."""
    run, size = studies.run, len(studies.cell)
    for reason in _reasons(run):
        raise NotAdditive(reason)
    everyone = np.arange(size)
    added = [
        additions(run, studies.rows_of(everyone, everyone, np.full(size, word)), size)
        for word in range(len(studies.words))
    ]
    moves, move = different(np.concatenate(added))
    return moves, move.reshape(len(studies.words), size).T


def _reasons(run: Running) -> list[str]:
    """Why features are no sums; facts of the pool stay as they are when a study flips."""
    return list(not_additive(run, dict.fromkeys(OF_EFFECTS, 0.0)))


def _followed(studies: CountedStudies, rows: IntArray, moves: IntArray, move: IntArray) -> list[Flips]:
    """Cells with the same number of studies, whose rows are given, shape (m, k)."""
    cells = len(rows)
    possible = np.zeros((rows.shape[1], len(moves)), dtype=bool)
    for word in range(move.shape[1]):
        possible[np.broadcast_to(np.arange(rows.shape[1]), rows.shape), move[rows, word]] = True
    walk = walk_over(moves, limits_of(studies.run), possible)
    given = outputs_of_sums(studies.run, walk.states)
    chunk = max(1, MOST_NUMBERS // max(len(step.order) for step in walk.steps))
    found: list[Flips] = []
    for first in range(0, cells, chunk):
        own = rows[first : first + chunk]
        ways = fewest(walk, _changes(studies, own, len(moves), move))
        place = np.arange(len(own))
        now = given.which[ways.changes.argmin(axis=0)]
        others = np.where(given.which[:, None] == now, NEVER, ways.changes)
        state = others.argmin(axis=0)
        number, way = others[state, place], ways.way(state)
        for cell in range(len(own)):
            if number[cell] >= NEVER:
                found.append(Flips(None, reason=NO_FLIP))
                continue
            becomes = given.names[given.which[state[cell]]]
            found.append(Flips(int(number[cell]), _flips(studies, own[cell], move, way[:, cell]), becomes))
    return found


def _changes(studies: CountedStudies, rows: IntArray, moves: int, move: IntArray) -> IntArray:
    """0 for the move of each study, 1 for those of its other states, else NEVER; shape (k, moves, m)."""
    cells, size = rows.shape
    found = np.full((size, moves, cells), NEVER)
    study, cell = np.arange(size)[None, :], np.arange(cells)[:, None]
    for word in range(move.shape[1]):
        found[study, move[rows, word], cell] = 1
    found[study, move[rows, studies.state[rows]], cell] = 0
    return found


def _flips(studies: CountedStudies, rows: IntArray, move: IntArray, way: IntArray) -> tuple[Flip, ...]:
    """The studies of a cell that make another move on the way, with the first state that makes it."""
    own = studies.state[rows]
    return tuple(
        Flip(studies.names[row], studies.words[state], studies.words[int(np.argmax(move[row] == made))])
        for row, state, made in zip(rows.tolist(), own.tolist(), way.tolist(), strict=True)
        if move[row, state] != made
    )


def _tried(studies: CountedStudies, rows: IntArray) -> Flips:
    """One cell whose features are no sums: sets of flips by size."""
    if not len(rows):
        return Flips(None, reason=NOTHING_FLIPS)
    k, words = len(rows), len(studies.words)
    own = studies.state[rows]
    now = studies.outputs(np.zeros(k, dtype=np.intp), rows, 1)
    output = now.names[now.which[0]]
    for number in range(1, k + 1):
        changed = list(itertools.islice(_sets(own, words, number), MOST_TRIED // k + 1))
        if len(changed) * k > MOST_TRIED:
            return Flips(None, reason=f"{number - 1} flips do not change it; more were not tried")
        states = np.array(changed)
        cell = np.repeat(np.arange(len(states)), k)
        given = studies.outputs(cell, np.tile(rows, len(states)), len(states), states.ravel())
        other = np.flatnonzero([given.names[which] != output for which in given.which])
        if len(other):
            chosen = states[other[0]]
            ways = tuple(
                Flip(studies.names[row], studies.words[state], studies.words[new])
                for row, state, new in zip(rows.tolist(), own.tolist(), chosen.tolist(), strict=True)
                if state != new
            )
            return Flips(number, ways, given.names[given.which[other[0]]])
    return Flips(None, reason=NO_FLIP)


def _sets(own: IntArray, words: int, number: int) -> itertools.chain[tuple[int, ...]]:
    """Every way in which so many of the studies come to other states."""
    before = own.tolist()

    def with_flips(places: tuple[int, ...]) -> list[tuple[int, ...]]:
        others = [[word for word in range(words) if word != before[place]] for place in places]
        found = []
        for chosen in itertools.product(*others):
            after = list(before)
            for place, word in zip(places, chosen, strict=True):
                after[place] = word
            found.append(tuple(after))
        return found

    return itertools.chain.from_iterable(map(with_flips, itertools.combinations(range(len(before)), number)))
