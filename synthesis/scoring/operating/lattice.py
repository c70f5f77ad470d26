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

import math
from dataclasses import dataclass

import numpy as np

from synthesis.errors import InvalidArgument
from synthesis.scoring.language import BoolArray, FloatArray, IntArray

MOST_STATES = 50_000
TOO_MANY = f"the features of a cell take more than {MOST_STATES:,} sets of values"
LARGEST_KEY = 2.0**62
SHORT = 2**16
LARGEST_HALVES = 2**32
NARROW = 2**31
PLACES = np.int64(2**32)  # states times moves stay below it
NEVER = np.int64(2**29)  # changes of a move that a study cannot make


class TooManyStates(InvalidArgument):
    """The features of a cell can take more values than can be followed."""


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """From the states before a study to those after it."""

    moves: IntArray  # those that some cell's study may make, shape (a,)
    order: IntArray  # pairs of a state before and a move, state by state, sorted by where they lead, shape (s0 * a,)
    starts: IntArray  # where the pairs of each state begin, shape (s,)


@dataclass(frozen=True, slots=True, eq=False)
class Walk:
    """The way over some studies, and where it ends."""

    steps: tuple[Step, ...]  # one for each study
    states: IntArray  # after the last of them, shape (s, f)


def walk_over(moves: IntArray, limits: IntArray, used: BoolArray) -> Walk:
    """The states that some studies lead to, study by study.

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
    told, alike = _told_apart(moves, limits)
    columns, most = moves.T[told], limits[told]
    if not len(told):  # nothing is counted: one state, whatever the studies are
        columns, most = np.zeros((1, len(moves)), dtype=np.int64), np.zeros(1, dtype=np.int64)
    narrow = columns.max(initial=0) + most.max(initial=0) < NARROW and columns.min(initial=0) * len(used) > -NARROW
    columns = columns.astype(np.int32 if narrow else np.int64)
    states = before = np.zeros((len(most), 1), dtype=columns.dtype)
    found: list[Step] = []
    for possible in map(np.flatnonzero, used):
        settled = len(found) > 0 and np.array_equal(found[-1].moves, possible) and np.array_equal(states, before)
        before = states
        step, states = (found[-1], states) if settled else _step(states, columns, possible, most)
        found.append(step)
    return Walk(tuple(found), states[alike].T)


def _told_apart(moves: IntArray, limits: IntArray) -> tuple[IntArray, IntArray]:
    """The features without those that always equal an earlier one, and which of them each feature is."""
    columns = np.vstack([moves, limits])
    first = [
        int((columns[:, : place + 1] == columns[:, place : place + 1]).all(axis=0).argmax())
        for place in range(columns.shape[1])
    ]
    told, alike = np.unique(np.array(first, dtype=np.intp), return_inverse=True)
    return told, alike


def _step(states: IntArray, columns: IntArray, used: IntArray, limits: IntArray) -> tuple[Step, IntArray]:
    """From states, a row for each feature, by some moves to the next."""
    reached = [
        np.minimum(state[:, None] + column[used], most, dtype=states.dtype).ravel()
        for state, column, most in zip(states, columns, limits, strict=True)
    ]
    key = _packed(reached)
    order = _order(key)
    key = key[order]
    starts = np.flatnonzero(np.concatenate(([True], key[1:] != key[:-1])))
    if len(starts) > MOST_STATES:
        raise TooManyStates(TOO_MANY)
    first = order[starts]
    return Step(used, order, starts), np.stack([feature[first] for feature in reached])


def _order(key: IntArray) -> IntArray:
    """Where sorted keys come from; numpy sorts 16 bits by their digits, in linear time, so 32 are sorted by halves."""
    if key.max(initial=0) >= LARGEST_HALVES:
        return np.argsort(key, kind="stable")
    order = np.argsort((key % SHORT).astype(np.uint16), kind="stable")
    return order[np.argsort((key // SHORT)[order].astype(np.uint16), kind="stable")]


def keys(rows: IntArray) -> IntArray:
    """A number for each row, the same for the same row only, shape (n,)."""
    return _packed(list(rows.T)) if rows.shape[1] else np.zeros(len(rows), dtype=np.int64)


def _packed(columns: list[IntArray]) -> IntArray:
    """A number for each row of some columns, the same for the same row only, shape (n,)."""
    lows = [int(column.min()) for column in columns]
    spans = [int(column.max()) - low + 1 for column, low in zip(columns, lows, strict=True)]
    if math.prod(spans) > LARGEST_KEY:
        raise TooManyStates(TOO_MANY)
    rows, narrow = len(columns[0]), math.prod(spans) < NARROW
    packed: IntArray = np.zeros(rows, dtype=np.int32) if narrow else np.zeros(rows, dtype=np.int64)
    radix = 1
    for column, low, span in zip(columns, lows, spans, strict=True):
        if span > 1:
            packed += (column - low).astype(packed.dtype, copy=False) * radix
            radix *= span
    return packed


def chances(walk: Walk, weights: FloatArray) -> FloatArray:
    """The probability of each state after the last study.

    Parameters
    ----------
    walk : Walk
        As `walk_over` gives it.
    weights : ndarray, shape (studies, a, m)
        The probability of each move of each study, in m cells.

    Returns
    -------
    ndarray, shape (states, m)
    """
    table = np.ones((1, weights.shape[-1]))
    for step, weight in zip(walk.steps, weights, strict=True):
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


def fewest(walk: Walk, changes: IntArray) -> Fewest:
    """The fewest changes that lead to each state; of ways alike the first one.

    Parameters
    ----------
    walk : Walk
        As `walk_over` gives it.
    changes : ndarray, shape (studies, a, m)
        0 for the move that a study makes, 1 for another one that it could make, else NEVER.
    """
    cells = changes.shape[-1]
    table, came = np.zeros((1, cells), dtype=np.int64), []
    for step, own in zip(walk.steps, changes, strict=True):
        pairs = np.minimum(table[:, None, :] + own[step.moves], NEVER).reshape(-1, cells)
        numbered = pairs * PLACES + np.arange(len(pairs), dtype=np.int64)[:, None]
        best = np.minimum.reduceat(numbered[step.order], step.starts, axis=0)
        table = best // PLACES
        came.append(best % PLACES)
    return Fewest(table, tuple(came), tuple(step.moves for step in walk.steps))
