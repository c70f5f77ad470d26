"""The scoring matrix as files: CSV for a spreadsheet, JSON for a program, Markdown for a reader."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from synthesis.rendering.cells import NO_TOTAL, studies_text
from synthesis.rendering.matrix_page import matrix_markdown
from synthesis.rendering.policies import STEADY, steady_fields, steady_json
from synthesis.rendering.tables import Cell as Field
from synthesis.rendering.tables import csv_bytes, json_bytes
from synthesis.scoring.matrix import Cell, Matrix, MatrixRow
from synthesis.scoring.score import Score

NAME = "scoring_matrix"
TOTAL = "total"


def matrix_files(matrix: Matrix, title: str) -> dict[str, bytes]:
    """The three files of a matrix by name: the same matrix gives the same bytes.

    Parameters
    ----------
    matrix : Matrix
        Rows in printed order.
    title : str
        The review's title, for the page.
    """
    return {
        f"{NAME}.csv": matrix_csv(matrix),
        f"{NAME}.json": matrix_json(matrix),
        f"{NAME}.md": matrix_markdown(matrix, title).encode("utf-8"),
    }


def matrix_csv(matrix: Matrix) -> bytes:
    """One line per cell and one per total, in printed order; blank points are empty."""
    parts = ("points", "clause", "verified", "status", "studies")
    columns = [f"{reading.name}: {part}" for reading in matrix.readings for part in parts]
    first = ["order", "row", "label", "group", "footnote", "outcome", "printed", "placement", "status"]
    return csv_bytes([*first, *STEADY, *columns, "notes"], _lines(matrix))


def _lines(matrix: Matrix) -> Iterator[list[Field]]:
    for order, row in enumerate(matrix.rows, 1):
        about: list[Field] = [order, row.row.code, row.row.label, row.row.group, row.row.footnote]
        for cell in row.cells:
            yield [*about, *_cell_fields(matrix, cell)]
        yield [*about, *_total_fields(matrix, row)]


def _cell_fields(matrix: Matrix, cell: Cell) -> Iterator[Field]:
    yield from (cell.outcome, cell.printed.points, cell.printed.placement, cell.status(matrix.headline))
    yield from steady_fields(matrix.steady.get((cell.row, cell.outcome)))
    for name, score in cell.scores.items():
        yield from (_given(score), score.clause, score.verified, cell.status(name), studies_text(score))
    yield "; ".join(cell.notes)


def _total_fields(matrix: Matrix, row: MatrixRow) -> Iterator[Field]:
    yield from (TOTAL, row.printed_total, "", "")
    yield from steady_fields(None)
    for reading in matrix.readings:
        total = row.totals[reading.name]
        yield from (total.points, f"columns with evidence: {total.columns}", "", "", "")
    yield ""


def _given(score: Score) -> str | int | None:
    """Points as a number, another output as its word."""
    return score.output if score.output and score.points is None else score.points


def matrix_json(matrix: Matrix) -> bytes:
    """The whole matrix as JSON; null is blank."""
    value = {
        "rule": matrix.rule.key,
        "headline": matrix.headline,
        "readings": [
            {"name": reading.name, "policy": reading.policy, "means": reading.means} for reading in matrix.readings
        ],
        "policies": {name: {"says": one.says, "because": one.because} for name, one in matrix.rule.policies.items()},
        "outcomes": [{"key": outcome.key, "column": outcome.column} for outcome in matrix.outcomes],
        "counts": {reading.name: matrix.counts(reading.name) for reading in matrix.readings}
        if matrix.in_points
        else None,
        "no_total_because": None if matrix.in_points else NO_TOTAL,
        "rows": [_row_json(matrix, row) for row in matrix.rows],
    }
    return json_bytes(value)


def _row_json(matrix: Matrix, row: MatrixRow) -> Mapping[str, object]:
    return {
        "row": row.row.code,
        "label": row.row.label,
        "group": row.row.group,
        "footnote": row.row.footnote,
        "printed_total": row.printed_total,
        "totals": {
            name: {"points": total.points, "columns_with_evidence": total.columns} for name, total in row.totals.items()
        },
        "cells": [_cell_json(matrix, cell) for cell in row.cells],
    }


def _cell_json(matrix: Matrix, cell: Cell) -> Mapping[str, object]:
    found = matrix.steady.get((cell.row, cell.outcome))
    return {
        "outcome": cell.outcome,
        "printed": cell.printed.points,
        "placement": cell.printed.placement,
        "placement_reason": cell.printed.reason,
        "scores": {name: {**_score_json(score), "status": cell.status(name)} for name, score in cell.scores.items()},
        "steadiness": None if found is None else steady_json(found),
        "notes": list(cell.notes),
    }


def _score_json(score: Score) -> Mapping[str, object]:
    return {
        "points": score.points,
        "output": score.output or None,
        "clause": score.clause,
        "verified": score.verified,
        "policy": score.policy,
        "flags": list(score.flags),
        "harm": score.harm,
        "contradicted": score.contradicted,
        "studies": [
            {"study": study.study, "state": study.state, "level": study.level or None, "findings": len(study.findings)}
            for study in score.studies
        ],
    }
