"""The studies of many cells under one rule, changed and scored again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from synthesis.scoring.engine.collapse import NONE, StudyRows, defined, study_rows
from synthesis.scoring.engine.features import features_of
from synthesis.scoring.engine.table import table_of
from synthesis.scoring.language import Column, Columns, IntArray, Texts, known, numbers
from synthesis.scoring.operating.additive import Outputs, Running, outputs_of_cells
from synthesis.scoring.rule import labels_of
from synthesis.scoring.states import ScoredFinding

STATE = "state"


@dataclass(frozen=True, slots=True, eq=False)
class CountedStudies:
    """The studies of m cells, before anything is derived from their states."""

    run: Running
    cell: IntArray  # shape (r,), ascending
    columns: Columns  # each of shape (r,) or (1,)
    names: tuple[str, ...]  # of the studies, shape (r,)
    cells: int  # m

    @property
    def words(self) -> tuple[str, ...]:
        """What a study can come to, in the rule's words."""
        return labels_of(self.run.procedure.studies)

    @property
    def state(self) -> IntArray:
        """What each study comes to, a place in `words`."""
        column = self.columns[STATE]
        assert isinstance(column, Texts)
        return column.codes

    def rows_of(self, cell: IntArray, rows: IntArray, state: IntArray | None = None) -> StudyRows:
        """Some of the studies, put into other cells or made to come to other states."""
        size = len(rows)
        columns = taken(self.columns, rows, len(self.cell))
        if state is not None:
            columns[STATE] = Texts(state, self.words)
        whole = defined(self.run.procedure.derived, columns, size)
        condition = self.run.procedure.count
        counted = known(np.ones(size)) if condition is None else numbers(condition, whole, size)
        nothing = np.zeros(0, dtype=np.intp)
        return StudyRows(cell, whole, counted, nothing, nothing, ())

    def outputs(self, cell: IntArray, rows: IntArray, cells: int, state: IntArray | None = None) -> Outputs:
        """What the rule gives for so many cells made of some of the studies."""
        features = features_of(self.run.procedure, self.rows_of(cell, rows, state), self.run.context, cells)
        return outputs_of_cells(self.run, features, cells)

    def of_cells(self, places: IntArray, run: Running) -> CountedStudies:
        """The studies of some of the cells, under the rule with what is known beside them."""
        number = np.full(self.cells, NONE)
        number[places] = np.arange(len(places))
        rows = np.flatnonzero(number[self.cell] != NONE)
        order = rows[np.argsort(number[self.cell[rows]], kind="stable")]
        names = tuple(self.names[row] for row in order.tolist())
        columns = taken(self.columns, order, len(self.cell))
        return CountedStudies(run, number[self.cell[order]], columns, names, len(places))


def counted_studies(run: Running, cells: Sequence[Sequence[ScoredFinding]]) -> CountedStudies:
    """The studies of cells of findings."""
    table, findings = table_of(cells, run.rule.fields)
    rows = study_rows(run.rule, replace(run.procedure, derived={}, count=None), table)
    names = [""] * len(rows.cell)
    for row, finding in zip(rows.of_finding.tolist(), findings, strict=True):
        if row != NONE:
            names[row] = finding.study
    return CountedStudies(run, rows.cell, rows.columns, tuple(names), len(cells))


def taken(columns: Mapping[str, Column], rows: IntArray, size: int) -> dict[str, Column]:
    """Some rows of columns of shape (size,); a value of the rule, of shape (1,), holds for every row."""
    return {name: column.take(rows) if _length(column) == size else column for name, column in columns.items()}


def _length(column: Column) -> int:
    return len(column.codes) if isinstance(column, Texts) else len(column.low)
