"""The examples of a rule file, run: what each policy was to come to, and what it came to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from synthesis.errors import Problem
from synthesis.scoring.engine.grade import grade_studies
from synthesis.scoring.rule import BLANK, Example, Rule
from synthesis.scoring.score import score
from synthesis.scoring.states import Fact, ScoredFinding


@dataclass(frozen=True, slots=True)
class Outcome:
    """An example under one policy."""

    line: int
    policy: str
    expected: str
    found: tuple[str, ...]  # the output and the label of the clause, either of which may be what was expected

    @property
    def right(self) -> bool:
        """Whether the rule came to what its example says."""
        return self.expected in self.found


def run_examples(rule: Rule) -> tuple[Outcome, ...]:
    """Every example of a rule under every policy that it names."""
    return tuple(_outcomes(rule))


def example_problems(rule: Rule, path: str) -> tuple[Problem, ...]:
    """The examples of a rule that it does not come to."""
    remedy = "correct the example, or the step that it contradicts"
    return tuple(
        Problem(
            path, one.line, 1, "SY656", f"policy {one.policy!r} gives {one.found[0]!r}, not {one.expected!r}", remedy
        )
        for one in run_examples(rule)
        if not one.right
    )


def example_findings(example: Example) -> tuple[ScoredFinding, ...]:
    """The findings of an example; its studies are numbered in their order."""
    return tuple(
        ScoredFinding(
            study=f"{number:03d}",
            level=None,
            outcome="",
            detail=str(fields.get("detail", "")),
            direction="",
            reference=f"{place:03d}",
            facts=tuple((name, _fact(value)) for name, value in fields.items() if name != "study"),
        )
        for number, study in enumerate(example.studies, start=1)
        for place, fields in enumerate(study, start=1)
    )


def _outcomes(rule: Rule) -> Iterator[Outcome]:
    for example in rule.examples:
        for policy, expected in example.expect.items():
            yield Outcome(example.line, policy, expected, _found(rule, example, policy))


def _found(rule: Rule, example: Example, policy: str) -> tuple[str, ...]:
    if rule.grades == "study":
        facts = {name: _fact(value) for name, value in example.studies[0][0].items()}
        graded = grade_studies([facts], rule, policy)[0]
        return (graded.output or BLANK, graded.clause)
    context = {name: _fact(value) for name, value in example.context.items()}
    found = score(example_findings(example), rule, policy, context)
    return (found.output or BLANK, found.clause)


def _fact(value: object) -> Fact:
    return value if isinstance(value, (bool, float)) else str(value)
