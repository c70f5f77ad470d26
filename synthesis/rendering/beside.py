"""What changes from one side to the other, as lines of text and as plain values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from synthesis.crosscheck.snapshot import Key, Named, Seen, Snapshot
from synthesis.rendering.cells import clause_text, output_text, states_text, studies_text, study_text
from synthesis.rendering.crosscheck import effect_text
from synthesis.rendering.scores import score_json
from synthesis.scoring.rule import BLANK
from synthesis.scoring.score import Score
from synthesis.text import ABSENT

STUDIES = "studies"


def compared_lines(before: Snapshot, after: Snapshot) -> Iterator[str]:
    """Every cell, matrix cell and output of another rule that changes."""
    cells = changed_cells(before, after)
    yield f"cells that change: {len(cells)} of {len(before.cells)} that it can touch"
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
    names: list[Named],
    before: Mapping[Named, Score],
    after: Mapping[Named, Score],
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
        "pooled": pooled_text(seen),
        "status": seen.status,
        STUDIES: studies_text(seen.score),
    }
    return {name: said or ABSENT for name, said in parts.items()}


def pooled_text(seen: Seen) -> str:
    """The pooled effect of a cell with its number of studies; empty where there is no pool."""
    pool = seen.pool
    return "" if pool is None else f"{effect_text(pool, pool.fit)}, k {pool.fit.k}"


def _seen_lines(before: Seen, after: Seen) -> Iterator[str]:
    """Each thing that changes, or that it stays; of the studies those that change."""
    would_be = _parts(after)
    for name, was in _parts(before).items():
        if name == STUDIES:
            yield from _studies_lines(before.score, after.score)
        elif was != would_be[name]:
            yield f"{name}: {was} -> {would_be[name]}"
        elif was != ABSENT:
            yield f"{name}: {was}, as before"


def _studies_lines(before: Score, after: Score) -> Iterator[str]:
    """The studies that leave, come, or come to say something else."""
    was, would_be = ({one.study: one for one in score.studies} for score in (before, after))
    if gone := [study for name, study in was.items() if name not in would_be]:
        yield f"{STUDIES} that leave: {states_text(gone)}"
    if new := [study for name, study in would_be.items() if name not in was]:
        yield f"{STUDIES} that come: {states_text(new)}"
    for name in sorted(was.keys() & would_be.keys()):
        one, other = study_text(was[name]), study_text(would_be[name])
        if one != other:
            yield f"study that changes: {one} -> {other}"


def _changed(before: Mapping[Named, Score], after: Mapping[Named, Score]) -> list[Named]:
    return [name for name in before if _score(before[name]) != _score(after[name])]


def _score(score: Score) -> str:
    return f"{output_text(score)} ({clause_text(score)})"


def compared_json(before: Snapshot, after: Snapshot) -> dict[str, object]:
    """The same as plain values: cells, matrix cells and outputs of other rules that change."""
    return {
        "cells": [_cell_json(key, before, after) for key in changed_cells(before, after)],
        "matrix": _named_json(before.rows, after.rows, ("row", "outcome", "reading")),
        "rules": _named_json(before.rules, after.rules, ("rule", "modality", "outcome")),
    }


def _cell_json(key: Key, before: Snapshot, after: Snapshot) -> dict[str, object]:
    was, would_be = _seen_json(before.cells[key]), _seen_json(after.cells[key])
    return {"modality": key[0], "outcome": key[1], "before": was, "after": would_be}


def _seen_json(seen: Seen) -> dict[str, object]:
    return {**score_json(seen.score), "pooled": pooled_text(seen) or None, "status": seen.status}


def _named_json(
    before: Mapping[Named, Score],
    after: Mapping[Named, Score],
    names: Named,
) -> list[dict[str, object]]:
    def plain(score: Score) -> dict[str, object]:
        return {"output": score.output or None, "clause": score.clause}

    return [
        {**dict(zip(names, name, strict=True)), "before": plain(before[name]), "after": plain(after[name])}
        for name in _changed(before, after)
    ]
