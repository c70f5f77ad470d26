"""A rule on cells of which some studies are drawn: the studies are judged once, and each that is drawn counts once."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from synthesis.crosscheck.discordance import STANDING
from synthesis.pooling.batch import BoolArray, FloatArray, IntArray
from synthesis.scoring.engine.collapse import StudyRows, study_rows
from synthesis.scoring.engine.decide import Decided, decide, output_of
from synthesis.scoring.engine.features import context_columns, features_of
from synthesis.scoring.engine.table import table_of
from synthesis.scoring.language import Column, Columns, Texts
from synthesis.scoring.operating.compared import slimmed
from synthesis.scoring.rule import COLOURS, Procedure, Rule, procedure_of
from synthesis.scoring.states import Context, ScoredFinding

Key = TypeVar("Key", bound=Hashable)
NO_COLOUR = -1


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """The studies of m cells as one rule sees them."""

    rule: Rule
    procedure: Procedure
    rows: StudyRows  # r studies, cell by cell
    sample: IntArray  # the place of each among the samples, shape (r,)
    context: Columns  # of each cell
    cells: int


def judged(
    cells: Mapping[Key, Iterable[ScoredFinding]],
    rule: Rule,
    policy: str | None,
    contexts: Mapping[Key, Context],
    samples: Sequence[str],
) -> Judged:
    """The studies of some cells under a rule.

    Parameters
    ----------
    cells : mapping
        Findings of each cell.
    rule, policy
        As for `score_cells`.
    contexts : mapping
        What is known beside the studies; it stays as it is when studies are drawn.
    samples : sequence of str
        The studies that are drawn from; every study of the cells is among them.
    """
    procedure = slimmed(procedure_of(rule, policy))
    table, _ = table_of(list(cells.values()), rule.fields)
    rows = study_rows(rule, procedure, table)
    study = rows.columns["study"]
    assert isinstance(study, Texts)
    place = {name: number for number, name in enumerate(samples)}
    sample = (
        np.array([place[word] for word in study.words], dtype=np.intp)[study.codes] if len(rows.cell) else study.codes
    )
    context = context_columns(rule, [contexts.get(key, {}) for key in cells])
    return Judged(rule, procedure, rows, sample, context, len(cells))


def decided(judged: Judged, drawn: BoolArray) -> Decided:
    """What the rule gives for every cell of every draw, b m cells, draw by draw.

    Parameters
    ----------
    judged : Judged
        m cells.
    drawn : ndarray of bool, shape (b, samples)
        Which samples are drawn.
    """
    draws, size = len(drawn), len(judged.rows.cell)
    draw, which = np.nonzero(drawn[:, judged.sample])
    cell = draw * judged.cells + judged.rows.cell[which]
    columns = {name: _taken(column, which, size) for name, column in judged.rows.columns.items()}
    nothing = np.zeros(0, dtype=np.intp)
    rows = StudyRows(cell, columns, judged.rows.counted.take(which), nothing, nothing, ())
    tiled = np.tile(np.arange(judged.cells), draws)
    context = {name: _taken(column, tiled, judged.cells) for name, column in judged.context.items()}
    features = features_of(judged.procedure, rows, context, draws * judged.cells)
    return decide(judged.procedure, features, draws * judged.cells)


def _taken(column: Column, rows: IntArray, size: int) -> Column:
    """The values of some rows; one value for all stays one."""
    length = len(column.codes) if isinstance(column, Texts) else len(column.low)
    return column.take(rows) if length == size else column


def standings(judged: Judged, drawn: BoolArray) -> FloatArray:
    """The points that a status speaks of, shape (b, m): those given, or those that a verdict stands for; else NaN."""
    found = decided(judged, drawn)
    of_colour = np.array([*(float(STANDING[colour]) for colour in COLOURS), np.nan])[_colours(judged, found)]
    graded = any(output.colour for output in judged.rule.outputs.values())
    given = np.where(np.isnan(found.number), of_colour, found.number)
    return np.where(graded, given, np.nan).reshape(len(drawn), judged.cells)


def colours(judged: Judged, drawn: BoolArray) -> IntArray:
    """The place among COLOURS of what the rule gives, shape (b, m); NO_COLOUR for blank and what is outside them."""
    return _colours(judged, decided(judged, drawn)).reshape(len(drawn), judged.cells)


def _colours(judged: Judged, found: Decided) -> IntArray:
    codes = np.full(len(found.clause), NO_COLOUR)
    for place, clause in enumerate(found.clauses):
        fired = np.flatnonzero(found.clause == place)
        numbers, which = np.unique(found.number[fired], return_inverse=True)
        of_number = [_colour(judged.rule, output_of(clause, float(number))) for number in numbers]
        codes[fired] = np.array([*of_number, NO_COLOUR])[which]
    return codes


def _colour(rule: Rule, output: str) -> int:
    colour = rule.outputs[output].colour if output in rule.outputs else ""
    return COLOURS.index(colour) if colour in COLOURS else NO_COLOUR
