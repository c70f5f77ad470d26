"""The exact distribution of what a rule gives, for many cells with the same number of studies at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from synthesis.effects.columns import FloatArray
from synthesis.scoring.engine.collapse import study_rows
from synthesis.scoring.engine.table import table_of
from synthesis.scoring.language import BoolArray, IntArray
from synthesis.scoring.operating.additive import (
    NotAdditive,
    Outputs,
    Running,
    additions,
    limits_of,
    not_additive,
    outputs_of_sums,
)
from synthesis.scoring.operating.compared import effect_constants
from synthesis.scoring.operating.designs import Category, categories_of, findings_of
from synthesis.scoring.operating.lattice import chances, keys, walk_over
from synthesis.scoring.states import Fact, Facts

MOST_NUMBERS = 4_000_000  # of states, moves and cells held at once


@dataclass(frozen=True, slots=True, eq=False)
class Exact:
    """A rule whose features are sums over studies, and what each design adds to them in each category."""

    run: Running
    categories: tuple[Category, ...]
    moves: IntArray  # different additions, the first of them nothing, shape (a, 2 f)
    move: IntArray  # which of them each design makes in each category, shape (designs, c)


@dataclass(frozen=True, slots=True, eq=False)
class Distribution:
    """How probable each output is in each of m cells."""

    outputs: tuple[str, ...]  # from worst to best
    probabilities: FloatArray  # shape (m, outputs)
    undecided: FloatArray  # the probability that what is not stated leaves another output open, shape (m,)


def exact_of(
    run: Running, context: Mapping[str, Fact], designs: Sequence[Facts], reading: str, *, sized: bool = True
) -> Exact:
    """A rule made ready for the exact distribution.

    Raises
    ------
    NotAdditive
        The output depends on more than sums over the studies, or on more of an effect than on which side of some
        constants it lies.
    """
    for reason in not_additive(run, context):
        raise NotAdditive(reason)
    constants = effect_constants(run.procedure) if sized else ()
    if constants is None:
        raise NotAdditive("the rule reckons with effects, and does not only compare them with constants")
    categories = categories_of(constants, reading)
    cells = [(finding,) for finding in findings_of(designs, categories, sized=sized)]
    table, _ = table_of(cells, run.rule.fields)
    added = additions(run, study_rows(run.rule, run.procedure, table), len(cells))
    moves, move = different(np.concatenate([np.zeros((1, added.shape[1]), dtype=np.int64), added]))
    return Exact(run, categories, moves, move[1:].reshape(len(designs), len(categories)))


def different(rows: IntArray) -> tuple[IntArray, IntArray]:
    """Each different row once, in the order in which they first occur, and which of them each row is."""
    _, first, inverse = np.unique(keys(rows), return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.intp)
    order = np.argsort(first)
    rank[order] = np.arange(len(first))
    return rows[first[order]], rank[inverse]


def distribution(exact: Exact, design: IntArray, weights: FloatArray, missing: FloatArray) -> Distribution:
    """How probable each output is.

    Parameters
    ----------
    exact : Exact
        The rule.
    design : ndarray, shape (m, k)
        The design of each study of m cells.
    weights : ndarray, shape (c, m, k)
        The probability of each category.
    missing : ndarray, shape (m, k)
        The probability that a study is not reported; with the weights it makes 1.
    """
    cells = len(design)
    used = _used(exact, design, weights, missing)
    walk = walk_over(exact.moves, limits_of(exact.run), used)
    given = outputs_of_sums(exact.run, walk.states)
    chunk = max(1, MOST_NUMBERS // max((len(step.order) for step in walk.steps), default=1))
    parts = [
        _part(given, chances(walk, _by_move(exact, design[rows], weights[:, rows], missing[rows])))
        for rows in (slice(first, first + chunk) for first in range(0, cells, chunk))
    ]
    shares, open_shares = (np.concatenate(part) for part in zip(*parts, strict=True))
    return Distribution(given.names, shares, open_shares)


def _used(exact: Exact, design: IntArray, weights: FloatArray, missing: FloatArray) -> BoolArray:
    """The moves that the study in each place can make in some cell, shape (k, moves)."""
    found = np.zeros((design.shape[1], len(exact.moves)), dtype=bool)
    found[:, 0] = (missing > 0).any(axis=0)
    for category, weight in enumerate(weights):
        cell, study = np.nonzero(weight)
        found[study, exact.move[design[cell, study], category]] = True
    return found


def _by_move(exact: Exact, design: IntArray, weights: FloatArray, missing: FloatArray) -> FloatArray:
    """The probability of each move of each study, shape (k, moves, m)."""
    cells, studies = design.shape
    size = len(exact.moves)
    slot = np.arange(studies)[None, :] * size * cells + np.arange(cells)[:, None]
    flat = slot[:, :, None] + exact.move[design] * cells
    shares = np.moveaxis(weights, 0, -1)
    found = np.bincount(flat.ravel(), weights=shares.ravel(), minlength=studies * size * cells)
    by_move: FloatArray = found.astype(float).reshape(studies, size, cells)  # bincount of nothing gives whole numbers
    by_move[:, 0] += missing.T
    return by_move


def _part(given: Outputs, table: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Probabilities of outputs, and of those left open, from those of states."""
    member = np.zeros((len(given.names), len(given.which)))
    member[given.which, np.arange(len(given.which))] = 1
    return (member @ table).T, table[given.open].sum(axis=0)
