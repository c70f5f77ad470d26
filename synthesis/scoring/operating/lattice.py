"""Sums over studies, study by study: which sums there are, how probable each is, how few changes lead to it.

A state holds the features of a cell that are sums over its studies, each told only up to the constants with which
the rule compares it. A study makes one of some moves, each of which adds to the state. Walking from study to study
over the states, in the ring of sums and products, gives the distribution of the features; with least and plus instead,
the fewest changes that lead to each. All cells of one walk have the same number of studies.

References
----------
Bellman R (1957). Dynamic Programming. Princeton University Press, chapter 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synthesis.errors import InvalidArgument
from synthesis.scoring.language import BoolArray, FloatArray, IntArray

MOST_STATES = 50_000
TOO_MANY = f"the features of a cell take more than {MOST_STATES:,} sets of values"
LARGEST_KEY = 2.0**62
SHORT = 2**16
PLACES = np.int64(2**32)  # states times moves stay below it
NEVER = np.int64(2**29)  # changes of a move that a study cannot make


class TooManyStates(InvalidArgument):
    """The features of a cell can take more values than can be followed."""


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """From the states before a study to those after it."""

    states: IntArray  # after it, shape (s, f)
    moves: IntArray  # those that some cell's study may make, shape (a,)
    order: IntArray  # pairs of a state before and a move, state by state, sorted by where they lead, shape (s0 * a,)
    starts: IntArray  # where the pairs of each state begin, shape (s,)


def steps(moves: IntArray, limits: IntArray, used: BoolArray) -> list[Step]:
    """The states after each of some studies.

    Parameters
    ----------
    moves : ndarray, shape (a, f)
        What a study may add to each feature.
    limits : ndarray, shape (f,)
        Up to where a feature is told apart.
    used : ndarray of bool, shape (studies, a)
        Which moves some cell's study may make.

    Raises
    ------
    TooManyStates
        More than MOST_STATES states.
    """
    told = _told_apart(moves, limits)
    states = np.zeros((1, moves.shape[1]), dtype=np.int64)
    found: list[Step] = []
    for own in used:
        same = len(found) > 1 and np.array_equal(found[-1].moves, np.flatnonzero(own))
        settled = same and np.array_equal(found[-1].states, found[-2].states)
        step = found[-1] if settled else _step(states, moves, np.flatnonzero(own), limits, told)
        states = step.states
        found.append(step)
    return found


def _told_apart(moves: IntArray, limits: IntArray) -> IntArray:
    """The features without those that always equal an earlier one."""
    columns = np.vstack([moves, limits]).T
    first = [place for place, column in enumerate(columns) if not (columns[:place] == column).all(axis=1).any()]
    return np.array(first, dtype=np.intp)


def _step(states: IntArray, moves: IntArray, used: IntArray, limits: IntArray, told: IntArray) -> Step:
    reached = np.minimum(states[:, None, :] + moves[used], limits)
    reached = reached.reshape(len(states) * len(used), moves.shape[1])
    key = keys(reached[:, told])
    if key.max(initial=0) < SHORT:
        key = key.astype(np.uint16)  # which numpy sorts by its digits, in linear time
    order = np.argsort(key, kind="stable")
    key = key[order]
    starts = np.flatnonzero(np.concatenate(([True], key[1:] != key[:-1])))
    if len(starts) > MOST_STATES:
        raise TooManyStates(TOO_MANY)
    return Step(reached[order[starts]], used, order, starts)


def keys(rows: IntArray) -> IntArray:
    """A number for each row, the same for the same row only, shape (n,)."""
    if not rows.shape[1]:
        return np.zeros(len(rows), dtype=np.int64)
    low = rows.min(axis=0)
    spans = rows.max(axis=0) - low + 1
    if np.prod(spans, dtype=float) > LARGEST_KEY:
        raise TooManyStates(TOO_MANY)
    radix = np.concatenate(([1], np.cumprod(spans[:-1])))
    packed: IntArray = (rows - low) @ radix
    return packed


def chances(walk: list[Step], weights: FloatArray) -> FloatArray:
    """The probability of each state after the last study.

    Parameters
    ----------
    walk : list of Step
        As `steps` gives it.
    weights : ndarray, shape (studies, a, m)
        The probability of each move of each study, in m cells.

    Returns
    -------
    ndarray, shape (states, m)
    """
    table = np.ones((1, weights.shape[-1]))
    for step, weight in zip(walk, weights, strict=True):
        pairs = (table[:, None, :] * weight[step.moves]).reshape(-1, weights.shape[-1])
        table = np.add.reduceat(pairs[step.order], step.starts, axis=0)
    return table


@dataclass(frozen=True, slots=True, eq=False)
class Fewest:
    """The fewest changes that lead to each state after the last study, and the way."""

    changes: IntArray  # NEVER or more where none do, shape (states, m)
    came: tuple[IntArray, ...]  # of each study: the pair of state before and move that leads there, shape (states, m)
    moves: tuple[IntArray, ...]  # of each study: those that were possible

    def way(self, state: IntArray) -> IntArray:
        """The move of every study on the way to a state of each cell, shape (studies, m)."""
        cells = np.arange(len(state))
        found = np.empty((len(self.came), len(state)), dtype=np.intp)
        for study in reversed(range(len(self.came))):
            pair = self.came[study][state, cells]
            possible = self.moves[study]
            state, found[study] = pair // len(possible), possible[pair % len(possible)]
        return found


def fewest(walk: list[Step], changes: IntArray) -> Fewest:
    """The fewest changes that lead to each state; of ways alike the first one.

    Parameters
    ----------
    walk : list of Step
        As `steps` gives it.
    changes : ndarray, shape (studies, a, m)
        0 for the move that a study makes, 1 for another one that it could make, else NEVER.
    """
    cells = changes.shape[-1]
    table, came = np.zeros((1, cells), dtype=np.int64), []
    for step, own in zip(walk, changes, strict=True):
        pairs = np.minimum(table[:, None, :] + own[step.moves], NEVER).reshape(-1, cells)
        numbered = pairs * PLACES + np.arange(len(pairs), dtype=np.int64)[:, None]
        best = np.minimum.reduceat(numbered[step.order], step.starts, axis=0)
        table = best // PLACES
        came.append(best % PLACES)
    return Fewest(table, tuple(came), tuple(step.moves for step in walk))
