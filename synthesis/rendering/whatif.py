"""What a changed record changes: cells before and after, as text and as plain values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from synthesis.errors import Problem
from synthesis.rendering.cells import clause_text, output_text, studies_text
from synthesis.rendering.scores import score_json
from synthesis.scoring.rule import BLANK
from synthesis.scoring.score import Score
from synthesis.text import ABSENT, one_line

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Seen:
    """One modality and outcome: its score, its pooled effect, and how they stand to one another."""

    score: Score
    effect: str  # of the headline pool, with its interval and number of studies; empty where there is none
    status: str  # of the cross-check


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The cells that a record can touch, the same before and after: one without a finding is scored as such."""

    cells: Mapping[Key, Seen]  # by modality and outcome
    rows: Mapping[tuple[str, str, str], Score]  # matrix row, outcome and reading
    rules: Mapping[tuple[str, str, str], Score]  # every other rule, modality and outcome


@dataclass(frozen=True, slots=True)
class Supposed:
    """What was supposed, and what it comes to."""

    target: str  # a study, or review.toml
    changes: tuple[tuple[str, str], ...]  # path and value
    before: Snapshot
    after: Snapshot | None  # None where the changed record cannot be used
    problems: tuple[Problem, ...]  # of the changed record, those that it has not got already


def supposed_text(supposed: Supposed) -> str:
    """Every cell that changes, before and after; then the problems of the changed record."""
    return "".join(f"{one_line(line)}\n" for line in _lines(supposed))


def _lines(supposed: Supposed) -> Iterator[str]:
    yield f"if {supposed.target} had {', '.join(f'{path} = {value}' for path, value in supposed.changes)}"
    if supposed.after is None:
        yield "the record could not be used: nothing is computed"
    else:
        yield from _compared(supposed.before, supposed.after)
    if supposed.problems:
        yield "synth check would say"
        yield from (f"    {line}" for problem in supposed.problems for line in str(problem).splitlines())


def _compared(before: Snapshot, after: Snapshot) -> Iterator[str]:
    cells = changed_cells(before, after)
    yield f"cells that change: {len(cells)} of {len(before.cells)} that the record touches"
    for key in cells:
        yield f"    {' '.join(key)}"
        yield from (f"        {line}" for line in _seen_lines(before.cells[key], after.cells[key]))
    rows = _grouped(_changed(before.rows, after.rows), before.rows, after.rows)
    yield f"matrix cells that change: {len({key for key, _, _ in rows})}"
    for (key, was, would_be), readings in rows.items():
        yield f"    {' '.join(key)}: {was} -> {would_be}   in {'; '.join(readings)}"
    rules = _changed(before.rules, after.rules)
    yield f"outputs of other rules that change: {len(rules)}"
    for name in rules:
        rule, modality, outcome = name
        yield f"    {modality} {outcome}, {rule}: {_score(before.rules[name])} -> {_score(after.rules[name])}"


def _grouped(
    names: list[tuple[str, str, str]],
    before: Mapping[tuple[str, str, str], Score],
    after: Mapping[tuple[str, str, str], Score],
) -> dict[tuple[Key, str, str], list[str]]:
    """The readings in which a matrix cell changes in the same way."""
    found: dict[tuple[Key, str, str], list[str]] = {}
    for name in names:
        row, outcome, reading = name
        change = ((row, outcome), _score(before[name]), _score(after[name]))
        found.setdefault(change, []).append(reading)
    return found


def changed_cells(before: Snapshot, after: Snapshot) -> list[Key]:
    """The modalities and outcomes of which anything changes."""
    return [key for key in before.cells if _parts(before.cells[key]) != _parts(after.cells[key])]


def _parts(seen: Seen) -> dict[str, str]:
    """What is told of a cell, and counts as a change; a dash where there is nothing."""
    parts = {
        "points": _score(seen.score),
        "could be": ", ".join(name or BLANK for name in seen.score.could_be),
        "pooled": seen.effect,
        "status": seen.status,
        "studies": studies_text(seen.score),
    }
    return {name: said or ABSENT for name, said in parts.items()}


def _seen_lines(before: Seen, after: Seen) -> Iterator[str]:
    """Each thing that changes, or that it stays."""
    would_be = _parts(after)
    for name, was in _parts(before).items():
        if was != would_be[name]:
            yield f"{name}: {was} -> {would_be[name]}"
        elif was != ABSENT:
            yield f"{name}: {was}, as before"


def _changed(
    before: Mapping[tuple[str, str, str], Score], after: Mapping[tuple[str, str, str], Score]
) -> list[tuple[str, str, str]]:
    return [name for name in before if _score(before[name]) != _score(after[name])]


def _score(score: Score) -> str:
    return f"{output_text(score)} ({clause_text(score)})"


def supposed_json(supposed: Supposed) -> dict[str, object]:
    """The same as plain values."""
    before, after = supposed.before, supposed.after
    return {
        "target": supposed.target,
        "changes": dict(supposed.changes),
        "usable": after is not None,
        "cells": [] if after is None else [_cell_json(key, before, after) for key in changed_cells(before, after)],
        "matrix": [] if after is None else _named_json(before.rows, after.rows, ("row", "outcome", "reading")),
        "rules": [] if after is None else _named_json(before.rules, after.rules, ("rule", "modality", "outcome")),
        "problems": [str(problem) for problem in supposed.problems],
    }


def _cell_json(key: Key, before: Snapshot, after: Snapshot) -> dict[str, object]:
    was, would_be = _seen_json(before.cells[key]), _seen_json(after.cells[key])
    return {"modality": key[0], "outcome": key[1], "before": was, "after": would_be}


def _seen_json(seen: Seen) -> dict[str, object]:
    return {**score_json(seen.score), "pooled": seen.effect or None, "status": seen.status}


def _named_json(
    before: Mapping[tuple[str, str, str], Score],
    after: Mapping[tuple[str, str, str], Score],
    names: tuple[str, str, str],
) -> list[dict[str, object]]:
    def plain(score: Score) -> dict[str, object]:
        return {"output": score.output or None, "clause": score.clause}

    return [
        {**dict(zip(names, name, strict=True)), "before": plain(before[name]), "after": plain(after[name])}
        for name in _changed(before, after)
    ]
