"""From findings to studies: what counts, what each finding says, and what the findings of one study come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from synthesis.scoring.engine.table import FindingTable
from synthesis.scoring.language import (
    UNKNOWN,
    BoolArray,
    Column,
    Columns,
    Expression,
    IntArray,
    Numbers,
    Texts,
    evaluate,
    known,
    numbers,
    surely,
    texts_of,
)
from synthesis.scoring.rule import Choice, Definition, Line, Procedure, Rule, labels_of

NONE = -1  # no line, no study


@dataclass(frozen=True, slots=True, eq=False)
class StudyRows:
    """The studies of many cells, each with its state and its facts."""

    cell: IntArray  # shape (r,), ascending
    columns: Mapping[str, Column]  # `state` among them, each of shape (r,)
    counted: Numbers  # whether the rule counts the study, shape (r,)
    of_finding: IntArray  # the row of each finding of the table, NONE where it does not count, shape (n,)
    said: IntArray  # what each finding says, a place among the labels of the findings, shape (n,)
    flags: tuple[tuple[int, str], ...]  # row and text


@dataclass(frozen=True, slots=True, eq=False)
class _Together:
    """Things that were put into groups, and what each group came to."""

    word: IntArray  # per group, a place in the labels
    decides: BoolArray  # per thing
    flags: tuple[tuple[int, str], ...]  # group and text


def study_rows(rule: Rule, procedure: Procedure, table: FindingTable) -> StudyRows:
    """One row per study with a finding that counts, by cell and then by study."""
    columns = defined(procedure.facts, base_columns(rule, procedure, table.columns), table.size)
    word = first_line(procedure.findings, columns, table.size)
    if procedure.admit is not None:
        word = np.where(surely(numbers(procedure.admit, columns, table.size)), word, NONE)
    kept = np.flatnonzero(word != NONE)
    kept = kept[_followed(procedure, table, columns, kept)]
    labels = labels_of(procedure.findings)
    study = _numbered(table.cell[kept], _identity(procedure.one, columns, kept))
    if procedure.details:
        detail = _numbered(study, _codes(columns["detail"], kept))
        whose = study[_firsts(detail)]
        inner = _together(procedure.details, word[kept], labels, detail)
        outer = _together(procedure.studies, inner.word, labels_of(procedure.details), whose)
        decides = inner.decides & outer.decides[detail]
        flags = (*((int(whose[group]), text) for group, text in inner.flags), *outer.flags)
    else:
        outer = _together(procedure.studies, word[kept], labels, study)
        decides, flags = outer.decides, outer.flags
    study_cell = table.cell[kept][_firsts(study)]
    size, deciding = len(study_cell), np.flatnonzero(decides)
    carried: dict[str, Column] = {
        name: _carried(column.take(kept[deciding]), procedure.carry.get(name), study[deciding], size)
        for name, column in columns.items()
        if name not in procedure.values
    }
    carried |= value_columns(procedure)
    carried["state"] = Texts(outer.word, labels_of(procedure.studies))
    whole = defined(procedure.derived, carried, size)
    counted = known(np.ones(size)) if procedure.count is None else numbers(procedure.count, whole, size)
    of_finding = np.full(table.size, NONE)
    of_finding[kept] = study
    return StudyRows(study_cell, whole, counted, of_finding, word, flags)


def base_columns(rule: Rule, procedure: Procedure, columns: Columns) -> dict[str, Column]:
    """Columns with the values and the tables of a rule."""
    whole: dict[str, Column] = {**columns, **value_columns(procedure)}
    for name, table in rule.tables.items():
        texts = columns[table.of]
        assert isinstance(texts, Texts)
        number = np.array([table.numbers.get(text, np.nan) for text in texts.words] + [np.nan])[texts.codes]
        whole[name] = Numbers(np.where(np.isnan(number), -np.inf, number), np.where(np.isnan(number), np.inf, number))
    return whole


def value_columns(procedure: Procedure) -> dict[str, Column]:
    """The named constants of a rule."""
    return {
        name: texts_of([value]) if isinstance(value, str) else known(np.array([value]))
        for name, value in procedure.values.items()
    }


def defined(definitions: Mapping[str, Definition], columns: Columns, size: int) -> dict[str, Column]:
    """Columns with those that definitions add, each of which sees the ones before it."""
    whole = dict(columns)
    for name, choices in definitions.items():
        whole[name] = chosen(choices, whole, size)
    return whole


def chosen(choices: Sequence[Choice], columns: Columns, size: int) -> Column:
    """The value of the first choice that surely holds, row by row; unknown where none does."""
    values = [evaluate(choice.value, columns, size) for choice in choices]
    place = _first([choice.when for choice in choices], columns, size)
    if isinstance(values[0], Texts):
        texts = [value for value in values if isinstance(value, Texts)]
        words = tuple(dict.fromkeys(word for text in texts for word in text.words))
        codes = [np.array([words.index(word) for word in text.words] + [UNKNOWN])[text.codes] for text in texts]
        return Texts(_pick(place, codes, UNKNOWN), words)
    intervals = [value for value in values if isinstance(value, Numbers)]
    condition = choices[0].value.kind == "a condition"
    low, high = (0.0, 1.0) if condition else (-np.inf, np.inf)
    return Numbers(
        _pick(place, [each.low for each in intervals], low), _pick(place, [each.high for each in intervals], high)
    )


def first_line(lines: Sequence[Line], columns: Columns, size: int) -> IntArray:
    """The word of the first line that surely holds, as its place among the labels; NONE where no line does."""
    labels = labels_of(lines)
    words = np.array([*(labels.index(line.label) for line in lines), NONE])
    found: IntArray = words[_first([line.when for line in lines], columns, size)]
    return found


def _first(conditions: Sequence[Expression | None], columns: Columns, size: int) -> IntArray:
    """The place of the first condition that surely holds, None always holding; NONE where none does."""
    place = np.full(size, NONE)
    for number, when in reversed(list(enumerate(conditions))):
        place = np.where(True if when is None else surely(numbers(when, columns, size)), number, place)
    return place


def _pick(place: IntArray, columns: Sequence[np.ndarray], nothing: float) -> np.ndarray:
    picked = np.full(len(place), nothing, dtype=columns[0].dtype)
    for number, column in enumerate(columns):
        picked = np.where(place == number, column, picked)
    return picked


def _together(lines: Sequence[Line], word: IntArray, labels: tuple[str, ...], group: IntArray) -> _Together:
    """What the things of each group come to, by the number of each word among them."""
    groups = int(group.max()) + 1 if len(group) else 0
    counts = {
        label: known(np.bincount(group[word == place], minlength=groups).astype(float))
        for place, label in enumerate(labels)
    }
    line = _first([each.when for each in lines], counts, groups)
    said = labels_of(lines)
    words = np.array([*(said.index(each.label) for each in lines), NONE])[line]
    deciding = np.array([[each.by is None or label in each.by for label in labels] for each in lines], dtype=bool)
    flags = tuple(
        (int(place), lines[line[place]].flag) for place in np.flatnonzero([bool(lines[i].flag) for i in line])
    )
    return _Together(words, deciding[line[group], word] if len(group) else np.zeros(0, dtype=bool), flags)


def _followed(procedure: Procedure, table: FindingTable, columns: Columns, kept: IntArray) -> BoolArray:
    """Which findings are at the follow-up that the rule takes, within each study and detail."""
    if procedure.follow_up == "all":
        return np.ones(len(kept), dtype=bool)
    study = _numbered(table.cell[kept], _identity(procedure.one, columns, kept))
    detail = _numbered(study, _codes(columns["detail"], kept))
    months = table.measured[kept]
    late = np.nan_to_num(months if procedure.follow_up == "longest" else -months, nan=-np.inf)
    latest = np.full(int(detail.max(initial=-1)) + 1, -np.inf)
    np.maximum.at(latest, detail, late)
    followed: BoolArray = late == latest[detail]
    return followed


def _identity(one: str, columns: Columns, kept: IntArray) -> IntArray:
    """What tells one from another, of what counts once."""
    if one == "finding":
        return np.arange(len(kept))
    study = _codes(columns["study"], kept)
    return study if one == "study" else _numbered(study, _codes(columns["report"], kept))


def _codes(column: Column, rows: IntArray) -> IntArray:
    assert isinstance(column, Texts)
    return column.codes[rows]


def _numbered(outer: IntArray, inner: IntArray) -> IntArray:
    """The number of each pair, counted in the order in which the pairs first occur."""
    if not len(outer):
        return np.zeros(0, dtype=np.intp)
    pair = outer.astype(np.int64) * (int(inner.max()) + 2) + inner + 1
    _, first, inverse = np.unique(pair, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.intp)
    rank[np.argsort(first)] = np.arange(len(first))
    numbered: IntArray = rank[inverse]
    return numbered


def _firsts(group: IntArray) -> IntArray:
    """The first thing of each group."""
    return np.unique(group, return_index=True)[1]


def _carried(column: Column, how: str | None, study: IntArray, size: int) -> Column:
    """A field of the studies from their deciding findings; the value that all agree on where nothing else is said."""
    if isinstance(column, Texts):
        least, most = np.full(size, len(column.words)), np.full(size, UNKNOWN)
        np.minimum.at(least, study, column.codes)
        np.maximum.at(most, study, column.codes)
        return Texts(np.where(least == most, most, UNKNOWN), column.words)
    if how == "mean":
        return _mean(column, study, size)
    lows = np.maximum if how == "highest" else np.minimum
    highs = np.minimum if how == "lowest" else np.maximum
    low = np.full(size, -np.inf if lows is np.maximum else np.inf)
    high = np.full(size, -np.inf if highs is np.maximum else np.inf)
    lows.at(low, study, column.low)
    highs.at(high, study, column.high)
    return Numbers(low, high)


def _mean(column: Numbers, study: IntArray, size: int) -> Numbers:
    """The mean of what is known; unknown where nothing is."""
    there = column.low == column.high
    number = np.bincount(study[there], minlength=size)
    total = np.bincount(study[there], weights=column.low[there], minlength=size)
    mean = total / np.maximum(number, 1)
    return Numbers(np.where(number > 0, mean, -np.inf), np.where(number > 0, mean, np.inf))
