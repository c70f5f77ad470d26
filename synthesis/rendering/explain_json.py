"""One cell of the matrix as plain values, for a program that audits it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from synthesis.rendering.policies import steady_json
from synthesis.rendering.scores import score_json
from synthesis.scoring.engine.trace import Trace
from synthesis.scoring.matrix import Cell, Matrix, Reading
from synthesis.scoring.score import Score
from synthesis.scoring.states import ScoredFinding
from synthesis.text import rounded


def explain_json(
    matrix: Matrix,
    row: str,
    outcome: str,
    *,
    references: Mapping[str, Sequence[str]],
    pooled: Sequence[str],
    traced: Trace,
    others: Mapping[str, Score],
    left_out: Sequence[str],
) -> dict[str, object]:
    """What `explain` tells, as plain values; see there.

    Raises
    ------
    NotFound
        The matrix has no such row or outcome.
    """
    cell = matrix.cell(row, outcome)
    steady = matrix.steady.get((row, outcome))
    studies = sorted({study.study for score in cell.scores.values() for study in score.studies})
    return {
        "row": row,
        "outcome": outcome,
        "rule": matrix.rule.key,
        "sources_of_the_rule": [
            {"source": one.source, "at": one.at, "says": one.says, "verified": one.verified}
            for one in matrix.rule.provenance
        ],
        "printed": cell.printed.points,
        "placement": cell.printed.placement,
        "headline": matrix.headline,
        "readings": {reading.name: _reading_json(cell, reading) for reading in matrix.readings},
        "clauses": list(_steps_json(traced)),
        "steadiness": None if steady is None else steady_json(steady),
        "other_rules": {name: score_json(score) for name, score in others.items()},
        "left_out": list(left_out),
        "pooled": list(pooled),
        "notes": list(cell.notes),
        "references": {study: list(references.get(study, ())) for study in studies},
    }


def _reading_json(cell: Cell, reading: Reading) -> dict[str, object]:
    score = cell.scores[reading.name]
    says = {finding: said for study in score.studies for finding, said in zip(study.findings, study.says, strict=True)}
    findings = reading.findings.get((cell.row, cell.outcome), ())
    return {
        **score_json(score),
        "status": cell.status(reading.name),
        "findings": [_finding_json(finding, says.get(finding, "")) for finding in findings],
    }


def _finding_json(finding: ScoredFinding, says: str) -> dict[str, object]:
    """A finding, and the word that the rule has for it; null where the rule does not admit it."""
    place = finding.place
    return {
        "study": finding.study,
        "admitted_as": says or None,
        "level": finding.level,
        "detail": finding.detail,
        "direction": finding.direction,
        "significant": finding.significant,
        "direction_from": finding.direction_basis,
        "the_other_says": finding.beside or None,
        "limited": finding.limited,
        "effect": finding.effect or None,
        "facts": {name: rounded(value) if isinstance(value, float) else value for name, value in finding.facts},
        "source": finding.source,
        "place": None if place is None else f"{place.path}:{place.line}",
        "note": finding.note or None,
    }


def _steps_json(traced: Trace) -> Iterator[dict[str, object]]:
    for place, step in enumerate(traced.steps):
        yield {
            "clause": step.clause.label,
            "gives": step.clause.output or None,
            "condition": step.condition,
            "holds": step.holds,
            "decided": place == traced.fired,
            "values": dict(step.values),
            "at": step.clause.at,
            "says": step.clause.says,
            "verified": step.clause.verified,
            "because": dict(step.clause.because),
        }
