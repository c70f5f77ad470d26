"""The whole story of one cell, and the references beneath it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from synthesis.evidence import Evidence
from synthesis.pipeline.loading import Loaded
from synthesis.pipeline.pools import pool_review
from synthesis.pipeline.scores import every_rule, matrix_of, years_for

if TYPE_CHECKING:
    from synthesis.scoring.matrix import Matrix
    from synthesis.scoring.rule import Rule
    from synthesis.scoring.score import Score


def explain_cell(loaded: Loaded, row: str, outcome: str) -> str:
    """The whole story of one cell of the matrix, with the references of its studies and its pools."""
    from synthesis.rendering.explain import explain

    matrix, beside = _story(loaded, row, outcome)
    return explain(matrix, row, outcome, **beside)


def explain_cell_json(loaded: Loaded, row: str, outcome: str) -> dict[str, object]:
    """The same as plain values."""
    from synthesis.rendering.explain_json import explain_json

    matrix, beside = _story(loaded, row, outcome)
    return explain_json(matrix, row, outcome, **beside)


def _story(loaded: Loaded, row: str, outcome: str) -> tuple[Matrix, dict[str, Any]]:
    """The matrix, and everything that is told of one of its cells beside it."""
    from synthesis.rendering.crosscheck import pool_lines
    from synthesis.scoring.contexts import row_contexts
    from synthesis.scoring.engine.trace import trace

    review, evidence = loaded.records.review, pool_review(loaded)
    matrix = matrix_of(loaded, evidence)
    matrix.cell(row, outcome)
    modalities = [modality.key for modality in review.modalities.values() if modality.row == row]
    pools = [pool for pool in evidence.pools if pool.key.by in {(modality, outcome) for modality in modalities}]
    leading = next(reading for reading in matrix.readings if reading.name == matrix.headline)
    context = row_contexts(evidence, review, matrix.rule).get((row, outcome), {})
    return matrix, {
        "references": references(loaded),
        "pooled": [line for pool in pools for line in pool_lines(pool)],
        "traced": trace(leading.findings.get((row, outcome), ()), matrix.rule, leading.policy, context),
        "others": _others(loaded, evidence, matrix.rule, (row, outcome)),
        "left_out": list(_left_out(evidence, modalities, outcome)),
    }


def _left_out(evidence: Evidence, modalities: list[str], outcome: str) -> Iterator[str]:
    """The findings that are no contrast, each with the reason."""
    for one in sorted(evidence.selection.left_out, key=lambda left: left.order):
        finding = one.finding
        if finding.modality in modalities and finding.outcome == outcome:
            where = f"{finding.source.document}, {finding.source.at}".removesuffix(", ")
            yield f"{one.study.key}: {one.reason} ({where}; {finding.place.path}:{finding.place.line})"


def _others(loaded: Loaded, evidence: Evidence, rule: Rule, key: tuple[str, str]) -> dict[str, Score]:
    """What every other rule gives for the living findings of a cell, by the rule and its first policy."""
    from synthesis.scoring.contexts import row_contexts
    from synthesis.scoring.living import by_modality, by_row
    from synthesis.scoring.many_rules import run_rules

    review, rules = loaded.records.review, [one for one in every_rule(loaded) if one.key != rule.key]
    found = by_row(by_modality(evidence, years=years_for(loaded, rules)), review).get(key, ())
    scores = run_rules({key: found}, rules, row_contexts(evidence, review, *rules))
    return {f"{name} ({by_cell[key].policy})": by_cell[key] for name, by_cell in scores.items() if found}


def references(loaded: Loaded) -> dict[str, tuple[str, ...]]:
    """For each study its reports as the library has them."""
    from synthesis.bibliography.library import read_folder
    from synthesis.rendering.references import reference_text

    entries = {entry.key: entry for library in read_folder(loaded.root) for entry in library.entries}
    return {
        study.key: tuple(reference_text(key, entries.get(key)) for key in study.cite)
        for study in loaded.records.studies
    }
