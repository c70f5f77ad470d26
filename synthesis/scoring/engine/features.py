"""From studies to the facts of a cell: how many, which, the most."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from synthesis.scoring.engine.collapse import StudyRows, chosen, value_columns
from synthesis.scoring.fields import OF_A_POOL
from synthesis.scoring.language import (
    UNKNOWN,
    Column,
    Columns,
    FloatArray,
    IntArray,
    Numbers,
    Texts,
    column_of,
    evaluate,
    maybe,
    numbers,
    surely,
)
from synthesis.scoring.rule import Feature, Procedure, Rule
from synthesis.scoring.states import Fact


def features_of(procedure: Procedure, rows: StudyRows, context: Columns, cells: int) -> dict[str, Column]:
    """Every feature of every cell, each between what is sure and what may be.

    Parameters
    ----------
    procedure : Procedure
        The steps of a rule under one policy.
    rows : StudyRows
        The studies of all cells.
    context : mapping
        What is known beside the studies, as `context_columns` gives it.
    cells : int
        How many cells there are.
    """
    size = len(rows.cell)
    found: dict[str, Column] = {**context, **value_columns(procedure), "studies": _sums(rows.counted, rows.cell, cells)}
    for name, feature in procedure.features.items():
        if feature.kind == "value":
            found[name] = chosen(feature.choices, found, cells)
        else:
            when = (
                rows.counted if feature.when is None else _both(rows.counted, numbers(feature.when, rows.columns, size))
            )
            found[name] = _feature(feature, when, rows, cells)
    return found


def context_columns(rule: Rule, contexts: list[Mapping[str, Fact]]) -> dict[str, Column]:
    """What people supply of each cell's intervention, and what its pool shows; unknown where nothing is given."""
    return {
        name: column_of(declared, [context.get(name) for context in contexts])
        for name, declared in {**OF_A_POOL, **rule.asked("intervention")}.items()
    }


def _both(left: Numbers, right: Numbers) -> Numbers:
    return Numbers(np.minimum(left.low, right.low), np.minimum(left.high, right.high))


def _sums(values: Numbers, cell: IntArray, cells: int) -> Numbers:
    low, high = (np.bincount(cell, weights=bound, minlength=cells) for bound in (values.low, values.high))
    return Numbers(low.astype(float), high.astype(float))


def _feature(feature: Feature, when: Numbers, rows: StudyRows, cells: int) -> Numbers:
    """A feature that is read off the studies."""
    if feature.kind in ("count", "any"):
        number = _sums(when, rows.cell, cells)
        return number if feature.kind == "count" else Numbers(np.minimum(number.low, 1), np.minimum(number.high, 1))
    assert feature.of is not None
    value = evaluate(feature.of, rows.columns, len(rows.cell))
    if feature.kind == "distinct":
        return _distinct(value, when, rows.cell, cells)
    assert isinstance(value, Numbers)
    if feature.kind == "sum":
        return _sums(_weighted(value, when), rows.cell, cells)
    return _extreme(value, when, rows.cell, cells, highest=feature.kind == "highest")


def _weighted(value: Numbers, when: Numbers) -> Numbers:
    """What each study adds to a sum: its value where it surely takes part, 0 as well where it may not."""
    sure, may = surely(when), maybe(when)
    low = np.where(sure, value.low, np.where(may, np.minimum(value.low, 0), 0.0))
    high = np.where(sure, value.high, np.where(may, np.maximum(value.high, 0), 0.0))
    return Numbers(low, high)


def _extreme(value: Numbers, when: Numbers, cell: IntArray, cells: int, *, highest: bool) -> Numbers:
    """The highest or lowest value among the studies of a cell; unknown where none may take part."""
    best, worst = (value.high, value.low) if highest else (-value.low, -value.high)
    sure, may = surely(when), maybe(when)
    low, high = np.full(cells, -np.inf), np.full(cells, -np.inf)
    np.maximum.at(low, cell[sure], worst[sure])
    np.maximum.at(high, cell[may], best[may])
    nobody = np.isneginf(high)
    high = np.where(nobody, np.inf, high)
    return Numbers(low, high) if highest else Numbers(-high, -low)


def _distinct(value: Column, when: Numbers, cell: IntArray, cells: int) -> Numbers:
    """How many different values; one that is not known may be a value of its own, or another's."""
    codes, there = _values(value)
    sure, may = surely(when), maybe(when)
    least = _different(cell[sure & there], codes[sure & there], cells)
    someone = np.minimum(np.bincount(cell[sure], minlength=cells), 1)
    most = _different(cell[may & there], codes[may & there], cells)
    return Numbers(np.maximum(least, someone), most + np.bincount(cell[may & ~there], minlength=cells))


def _values(value: Column) -> tuple[IntArray, np.ndarray]:
    """Values as codes, and which of them are known."""
    if isinstance(value, Texts):
        return value.codes, value.codes != UNKNOWN
    return np.unique(value.low, return_inverse=True)[1].astype(np.intp), value.low == value.high


def _different(cell: IntArray, codes: IntArray, cells: int) -> FloatArray:
    """How many different codes each cell has."""
    pairs = np.unique(np.stack([cell, codes]), axis=1)
    return np.bincount(pairs[0], minlength=cells).astype(float)
