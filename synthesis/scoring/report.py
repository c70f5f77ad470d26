"""The report's own findings as a rule sees them: a strict and a generous reading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from synthesis.records.study import NOT_STATED, Finding, Level, Study
from synthesis.scoring.facts import facts_of
from synthesis.scoring.published import Statement
from synthesis.scoring.states import ScoredFinding

Cells = Mapping[tuple[str, str], tuple[ScoredFinding, ...]]  # by matrix row and outcome

OBSERVED = ("cohort", "quasi")  # how the basis of a level begins where the design is known and not random
REVIEW_AS_STUDY = "counted as a study at level 5"
UNKNOWN_AS_5 = "design not stated, level 5 assumed"
UNSTATED_AS_SIGNIFICANT = "significance assumed"
FAVOURS: Mapping[str, str] = {"effective": "benefit", "contrary": "harm"}  # by a direction in words


def strict_findings(studies: Iterable[Study], evidence_set: str) -> Cells:
    """Findings by cell: primary studies only, a level stated or clearly implied, significance as stated.

    Parameters
    ----------
    studies : iterable of Study
        A finding counts under each matrix row that its source itself placed it in (`rows`).
    evidence_set : str
        The evidence set whose findings are read.
    """
    return _by_cell((row, _of_study(study, finding)) for study, finding, row in _placed(studies, evidence_set))


def generous_findings(studies: Iterable[Study], statements: Iterable[Statement], evidence_set: str) -> Cells:
    """Findings by cell: reviews and unknown designs as level 5, effective without stated significance as significant.

    Each document that is not a study counts as one study. A cohort or quasi-experimental study without a stated
    level stays out. Each finding's `note` says what was counted in its favour.
    """
    primary = (
        (row, _significant(_levelled(_of_study(study, finding), study.level_of(finding))))
        for study, finding, row in _placed(studies, evidence_set)
    )
    stated = (
        (row, _significant(_of_statement(statement)))
        for statement in statements
        if statement.evidence_set == evidence_set
        for row in statement.rows
    )
    return _by_cell([*primary, *stated])


def _placed(studies: Iterable[Study], evidence_set: str) -> Iterator[tuple[Study, Finding, str]]:
    """Every finding of the evidence set, once for each row that it was placed in."""
    for study in studies:
        for finding in study.findings:
            if finding.evidence_set == evidence_set:
                yield from ((study, finding, row) for row in finding.rows)


def _by_cell(placed: Iterable[tuple[str, ScoredFinding]]) -> Cells:
    """Findings by row, or by modality, and outcome."""
    cells: dict[tuple[str, str], tuple[ScoredFinding, ...]] = {}
    for row, finding in placed:
        key = (row, finding.outcome)
        cells[key] = (*cells.get(key, ()), finding)
    return cells


def _of_study(study: Study, finding: Finding) -> ScoredFinding:
    return ScoredFinding(
        study=study.key,
        level=study.level_of(finding).level,
        outcome=finding.outcome,
        detail=finding.detail,
        direction=finding.reported.direction,
        significant=finding.reported.significant,
        limited=bool(finding.limited),
        place=finding.place,
        source=f"{finding.source.document}, {finding.source.at}".removesuffix(", "),
        facts=(*facts_of(study, finding), *favours_of(finding.reported.direction)),
    )


def favours_of(direction: str) -> tuple[tuple[str, str], ...]:
    """Which way a direction in words points, as a fact of its finding; nothing where the words do not tell."""
    return (("favours", FAVOURS[direction]),) if direction in FAVOURS else ()


def modality_findings(studies: Iterable[Study], evidence_set: str) -> Cells:
    """Findings of an evidence set by modality and outcome, as its source states them, whatever their comparator."""
    return _by_cell(
        (finding.modality, _of_study(study, finding))
        for study in studies
        for finding in study.findings
        if finding.evidence_set == evidence_set and finding.modality != NOT_STATED
    )


def _of_statement(statement: Statement) -> ScoredFinding:
    return ScoredFinding(
        study=statement.document,
        level=5,
        outcome=statement.outcome,
        detail="",
        direction=statement.direction,
        significant=statement.significant,
        limited=bool(statement.limited),
        reference=statement.key,
        place=statement.place,
        source=f"{statement.document}, {statement.at}".removesuffix(", "),
        note=REVIEW_AS_STUDY,
    )


def _levelled(finding: ScoredFinding, level: Level) -> ScoredFinding:
    """At level 5 where neither level nor design is stated."""
    if finding.level is not None or level.basis.lower().startswith(OBSERVED):
        return finding
    return replace(finding, level=5, note=UNKNOWN_AS_5)


def _significant(finding: ScoredFinding) -> ScoredFinding:
    """Significant where it is effective and nothing is stated of significance."""
    if finding.direction != "effective" or finding.significant != NOT_STATED:
        return finding
    note = "; ".join(filter(None, (finding.note, UNSTATED_AS_SIGNIFICANT)))
    return replace(finding, significant="yes", note=note)
