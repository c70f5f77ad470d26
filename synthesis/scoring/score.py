"""What a rule gives for each cell, with the clause that gave it and every study behind it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np

from synthesis.errors import InvalidArgument
from synthesis.scoring.engine.collapse import NONE, StudyRows, study_rows
from synthesis.scoring.engine.decide import UNCAPPED, Decided, decide, flags_of, output_of
from synthesis.scoring.engine.features import context_columns, features_of
from synthesis.scoring.engine.table import FindingTable, table_of
from synthesis.scoring.language import Columns, Numbers, Texts, numbers, surely
from synthesis.scoring.rule import OURS, OUTSIDE, Procedure, Rule, labels_of, procedure_of
from synthesis.scoring.states import Context, ScoredFinding, StudyState

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Score:
    """An output with the clause that gave it and every study behind it."""

    output: str  # a key of the rule's outputs, or a number as text; empty for blank
    points: int | None  # the number, where the rule gives whole ones; None: blank, or another output
    clause: str  # the label of the clause, with what capped it
    at: str  # where the clause was printed, or the policy by which it decides
    says: str  # the clause in words
    verified: str  # whether the clause was seen in its source, one of rule.MARKS_OF_READING
    colour: str  # of the output, one of rule.COLOURS or OUTSIDE; empty where the rule has no colours
    policy: str
    studies: tuple[StudyState, ...]  # sorted by study
    counts: tuple[tuple[str, int], ...]  # feature that counts studies -> how many surely do
    could_be: tuple[str, ...] = ()  # other outputs that what is not stated leaves open
    flags: tuple[str, ...] = ()
    marks: Mapping[str, bool] = field(default_factory=dict)

    @property
    def harm(self) -> bool:
        """Whether the rule marks harm with nothing in favour."""
        return self.marks.get("harm", False)

    @property
    def contradicted(self) -> bool:
        """Whether the rule marks something in favour that is opposed."""
        return self.marks.get("contradicted", False)


def score(
    findings: Iterable[ScoredFinding], rule: Rule, policy: str | None = None, context: Context | None = None
) -> Score:
    """What a rule gives for the findings of one cell under one of its policies.

    Parameters
    ----------
    findings : iterable of ScoredFinding
        Of one intervention and one outcome; in any order, repeated or not.
    rule : Rule
        Which findings count, and which clause gives what.
    policy : str, optional
        A policy of the rule; by default its first.
    context : mapping, optional
        What people supply of the intervention, and what the pool of the cell shows.

    Raises
    ------
    InvalidArgument
        The rule has no policy of that name, or grades single studies.
    """
    return score_cells({0: findings}, rule, policy, {0: context or {}})[0]


def score_cells(
    cells: Mapping[Key, Iterable[ScoredFinding]],
    rule: Rule,
    policy: str | None = None,
    contexts: Mapping[Key, Context] | None = None,
) -> dict[Key, Score]:
    """What a rule gives for many cells at once; see `score`."""
    if rule.grades == "study":
        raise InvalidArgument(f"rule {rule.key} grades single studies: `synth levels` runs it")
    procedure, size = procedure_of(rule, policy), len(cells)
    table, findings = table_of(list(cells.values()), rule.fields)
    context = context_columns(rule, [(contexts or {}).get(key, {}) for key in cells])
    run = _run(rule, procedure, table, context)
    base = run if procedure.name == rule.base else _run(rule, rule.policies[rule.base], table, context)
    studies = _studies(run, findings)
    # the same under every policy: they speak of the points under the rule's first one
    flags = flags_of(base.procedure, base.features, base.decided)
    read_otherwise = [_label(run, place) != _label(base, place) for place in range(size)]
    marks = {name: surely(numbers(when, run.features, size)).tolist() for name, when in procedure.marks.items()}
    counts = {name: _sure(run.features, name) for name, each in procedure.features.items() if each.kind == "count"}
    return {
        key: _score(
            rule,
            run,
            place,
            ours=read_otherwise[place],
            studies=tuple(studies[place]),
            counts=tuple((name, number[place]) for name, number in counts.items()),
            flags=(*flags[place], *(flag for study in studies[place] for flag in study.flags)),
            marks={name: held[place] for name, held in marks.items()},
        )
        for place, key in enumerate(cells)
    }


@dataclass(frozen=True, slots=True, eq=False)
class _Run:
    """A rule under one policy on the findings of many cells."""

    procedure: Procedure
    rows: StudyRows
    features: Columns
    decided: Decided


def _run(rule: Rule, procedure: Procedure, table: FindingTable, context: Columns) -> _Run:
    rows = study_rows(rule, procedure, table)
    features = features_of(procedure, rows, context, table.cells)
    return _Run(procedure, rows, features, decide(procedure, features, table.cells))


def _label(run: _Run, place: int) -> str:
    """The clause that decides a cell, with what capped it."""
    decided = run.decided
    clause, cap = decided.clauses[int(decided.clause[place])], int(decided.cap[place])
    if cap == UNCAPPED:
        return clause.label
    points = output_of(clause, float(decided.number[place]))
    return run.procedure.caps[cap].label.replace("{clause}", clause.label).replace("{points}", points)


def _score(rule: Rule, run: _Run, place: int, *, ours: bool, **beside: Any) -> Score:
    """The score of one cell; `ours` where another policy than the rule's first comes to another clause."""
    decided = run.decided
    clause, number = decided.clauses[int(decided.clause[place])], float(decided.number[place])
    output = output_of(clause, number)
    others = [
        output_of(decided.clauses[other], float(decided.numbers[place, other]))
        for other in np.flatnonzero(decided.open[place])
    ]
    return Score(
        output=output,
        points=int(number) if number.is_integer() else None,
        clause=_label(run, place),
        at=f"policy {run.procedure.name}" if ours else clause.at,
        says=f"{clause.says}; {run.procedure.says}" if ours else clause.says,
        verified=OURS if ours else clause.verified,
        colour=rule.outputs[output].colour if output in rule.outputs else OUTSIDE,
        policy=run.procedure.name,
        could_be=tuple(sorted({other for other in others if other != output})),
        **beside,
    )


def _sure(features: Columns, name: str) -> list[int]:
    """What a feature is at the least, as whole numbers."""
    column = features[name]
    assert isinstance(column, Numbers)
    return [int(number) for number in column.low]


def _studies(run: _Run, findings: Sequence[ScoredFinding]) -> list[list[StudyState]]:
    """The studies of each cell, sorted, with the findings that count."""
    rows, labels = run.rows, labels_of(run.procedure.findings)
    own: list[list[ScoredFinding]] = [[] for _ in rows.cell]
    says: list[list[str]] = [[] for _ in rows.cell]
    for row, said, finding in zip(rows.of_finding.tolist(), rows.said.tolist(), findings, strict=True):
        if row != NONE:
            own[row].append(finding)
            says[row].append(labels[said])
    flags: dict[int, set[str]] = defaultdict(set)
    for row, text in rows.flags:
        flags[row].add(text.replace("{study}", own[row][0].study))
    states, levels, counted = _words(rows), _levels(rows), surely(rows.counted).tolist()
    found: list[list[StudyState]] = [[] for _ in run.decided.clause]
    for row, cell in enumerate(rows.cell.tolist()):
        study, texts = own[row][0].study, tuple(sorted(flags.get(row, ())))
        state = StudyState(study, states[row], levels[row], tuple(own[row]), tuple(says[row]), texts, counted[row])
        found[cell].append(state)
    return found


def _words(rows: StudyRows) -> list[str]:
    """The state of each study."""
    state = rows.columns["state"]
    assert isinstance(state, Texts)
    return [state.words[code] for code in state.codes.tolist()]


def _levels(rows: StudyRows) -> list[int]:
    """The level of each study; 0 where it is not known."""
    level = rows.columns["level"]
    assert isinstance(level, Numbers)
    return [int(low) if low == high else 0 for low, high in zip(level.low, level.high, strict=True)]
