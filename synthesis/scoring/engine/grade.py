"""Single studies graded by a rule: Maryland levels from the features of a design."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from synthesis.errors import InvalidArgument
from synthesis.scoring.engine.collapse import base_columns, defined
from synthesis.scoring.engine.decide import decide, flags_of, output_of
from synthesis.scoring.language import column_of
from synthesis.scoring.rule import Rule, procedure_of
from synthesis.scoring.states import Fact


@dataclass(frozen=True, slots=True)
class Graded:
    """What a rule gives for one study."""

    output: str  # empty where it gives nothing
    clause: str
    says: str
    verified: str
    could_be: tuple[str, ...]  # other outputs that what is not stated leaves open
    flags: tuple[str, ...]


def grade_studies(facts: Sequence[Mapping[str, Fact]], rule: Rule, policy: str | None = None) -> list[Graded]:
    """What a rule that grades single studies gives for each.

    Parameters
    ----------
    facts : sequence of mappings
        What is known of each study, by names of `fields.FIELDS` and of what the rule asks for.
    rule : Rule
        It grades studies.
    policy : str, optional
        By default its first.

    Raises
    ------
    InvalidArgument
        The rule grades something else, or has no such policy.
    """
    if rule.grades != "study":
        raise InvalidArgument(f"rule {rule.key} grades {rule.grades}, not a study: `synth rules run` runs it")
    procedure, size = procedure_of(rule, policy), len(facts)
    given = {
        name: column_of(declared, [known_facts.get(name) for known_facts in facts])
        for name, declared in rule.fields.items()
    }
    columns = defined(procedure.facts, base_columns(rule, procedure, given), size)
    decided = decide(procedure, columns, size)
    flags = flags_of(procedure, columns, decided)
    outputs = [
        [output_of(clause, float(decided.numbers[row, place])) for place, clause in enumerate(decided.clauses)]
        for row in range(size)
    ]
    fired = decided.clause.tolist()
    return [
        Graded(
            output=outputs[row][fired[row]],
            clause=decided.clauses[fired[row]].label,
            says=decided.clauses[fired[row]].says,
            verified=decided.clauses[fired[row]].verified,
            could_be=tuple(
                sorted(
                    {outputs[row][other] for other in np.flatnonzero(decided.open[row])} - {outputs[row][fired[row]]}
                )
            ),
            flags=flags[row],
        )
        for row in range(size)
    ]
