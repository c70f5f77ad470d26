"""What a changed record changes: cells before and after, as text and as plain values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from synthesis.errors import Problem
from synthesis.rendering.cells import clause_text, output_text, studies_text
from synthesis.rendering.scores import score_json
from synthesis.scoring.score import Score
from synthesis.text import ABSENT, one_line

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Seen:
    """One modality and outcome: its score, its pooled effect, and how they stand to one another."""

    score: Score
    effect: str  # of the headline pool, with its interval and number of studies; empty where there is none
    status: str  # of the cross-check; empty for a rule that gives no points


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The cells that a record can touch."""

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
    yield f"cells that change: {len(cells)} of {len({**before.cells, **after.cells})} that the record touches"
    for key in cells:
        yield f"    {' '.join(key)}"
        yield from (f"        {line}" for line in _seen_lines(before.cells.get(key), after.cells.get(key)))
    rows = _grouped(_changed(before.rows, after.rows), before.rows, after.rows)
    yield f"matrix cells that change: {len({key for key, _, _ in rows})}"
    for (key, was, would_be), readings in rows.items():
        yield f"    {' '.join(key)}: {was} -> {would_be}   in {'; '.join(readings)}"
    rules = _changed(before.rules, after.rules)
    told = [name for name in rules if name in before.rules and name in after.rules]
    yield f"outputs of other rules that change: {len(told)}"
    for name in told:
        rule, modality, outcome = name
        yield f"    {modality} {outcome}, {rule}: {_output(before.rules[name])} -> {_output(after.rules[name])}"


def _grouped(
    names: list[tuple[str, str, str]],
    before: Mapping[tuple[str, str, str], Score],
    after: Mapping[tuple[str, str, str], Score],
) -> dict[tuple[Key, str, str], list[str]]:
    """The readings in which a matrix cell changes in the same way."""
    found: dict[tuple[Key, str, str], list[str]] = {}
    for name in names:
        row, outcome, reading = name
        change = ((row, outcome), _output(before.get(name)), _output(after.get(name)))
        found.setdefault(change, []).append(reading)
    return found


def changed_cells(before: Snapshot, after: Snapshot) -> list[Key]:
    """The modalities and outcomes of which anything changes."""
    keys = {**before.cells, **after.cells}
    return [key for key in keys if _plain(before.cells.get(key)) != _plain(after.cells.get(key))]


def _plain(seen: Seen | None) -> tuple[str, ...]:
    """What counts as a change."""
    if seen is None:
        return ()
    score = seen.score
    return (score.output, score.clause, ", ".join(score.could_be), studies_text(score), seen.effect, seen.status)


def _seen_lines(before: Seen | None, after: Seen | None) -> Iterator[str]:
    """Each thing that changes, or that it stays."""
    parts = {
        "points": (_score(before), _score(after)),
        "pooled": _both(before, after, lambda seen: seen.effect),
        "status": _both(before, after, lambda seen: seen.status),
        "studies": _both(before, after, lambda seen: studies_text(seen.score)),
    }
    for name, (was, would_be) in parts.items():
        yield f"{name}: {was} -> {would_be}" if was != would_be else f"{name}: {was}, as before"


def _score(seen: Seen | None) -> str:
    return ABSENT if seen is None else f"{output_text(seen.score)} ({clause_text(seen.score)})"


def _both(before: Seen | None, after: Seen | None, part: Callable[[Seen], str]) -> tuple[str, str]:
    """One thing of a cell before and after; a dash where there is none."""
    was, would_be = ("" if seen is None else part(seen) for seen in (before, after))
    return was or ABSENT, would_be or ABSENT


def _changed(
    before: Mapping[tuple[str, str, str], Score], after: Mapping[tuple[str, str, str], Score]
) -> list[tuple[str, str, str]]:
    return [name for name in {**before, **after} if _output(before.get(name)) != _output(after.get(name))]


def _output(score: Score | None) -> str:
    if score is None:
        return ABSENT
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
    was, would_be = _seen_json(before.cells.get(key)), _seen_json(after.cells.get(key))
    return {"modality": key[0], "outcome": key[1], "before": was, "after": would_be}


def _seen_json(seen: Seen | None) -> dict[str, object] | None:
    if seen is None:
        return None
    return {**score_json(seen.score), "pooled": seen.effect or None, "status": seen.status or None}


def _named_json(
    before: Mapping[tuple[str, str, str], Score],
    after: Mapping[tuple[str, str, str], Score],
    names: tuple[str, str, str],
) -> list[dict[str, object]]:
    def plain(score: Score | None) -> dict[str, object] | None:
        return None if score is None else {"output": score.output or None, "clause": score.clause}

    return [
        {**dict(zip(names, name, strict=True)), "before": plain(before.get(name)), "after": plain(after.get(name))}
        for name in _changed(before, after)
    ]
