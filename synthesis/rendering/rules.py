"""Rules as people read them: the list of all, one of them whole, and what several give for a review."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from synthesis.rendering.cells import MARKS, SEEN, clause_text, studies_text
from synthesis.rendering.scores import score_json
from synthesis.rendering.tables import Cell
from synthesis.scoring.rule import BLANK, Choice, Clause, Definition, Feature, Line, Procedure, Rule
from synthesis.scoring.score import Score
from synthesis.text import ABSENT, one_line, table

LIST_COLUMNS = ("rule", "title", "grades", "outputs", "policies", "clauses", "seen in the source", "examples", "home")
RUN_COLUMNS = (
    "modality", "outcome", "rule", "policy", "output", "colour", "clause", "verified", "could_be", "studies",
)  # fmt: skip
SHIPPED, OWN = "shipped", "the review's own"
Runs = Mapping[str, Mapping[tuple[str, str], Score]]  # rule -> modality and outcome -> score


def seen(procedure: Procedure) -> tuple[int, int]:
    """How many clauses were read in their source, and how many there are."""
    return sum(clause.verified == SEEN for clause in procedure.clauses), len(procedure.clauses)


def unseen(procedure: Procedure) -> list[str]:
    """The clauses that give something and were not, or not whole, seen in their source, each with how far."""
    clauses = (*([procedure.blank] if procedure.blank else []), *procedure.clauses)
    giving = [clause for clause in clauses if clause.output or clause.number is not None]
    return [f"{clause.label} [{clause.verified}]" for clause in giving if clause.verified != SEEN]


def unseen_line(procedure: Procedure) -> str:
    """One line that names these clauses; nothing where there is none."""
    found = unseen(procedure)
    return f"clauses not seen whole in their source: {', '.join(found)}\n" if found else ""


def list_rows(rules: Iterable[Rule], own: Iterable[str]) -> list[list[Cell]]:
    """One row for each rule, under LIST_COLUMNS."""
    home = set(own)
    rows: list[list[Cell]] = []
    for rule in rules:
        read, clauses = seen(rule.policies[rule.base])
        head: list[Cell] = [rule.key, rule.title, rule.grades, "; ".join(rule.outputs), "; ".join(rule.policies)]
        rows.append([*head, clauses, read, len(rule.examples), OWN if rule.key in home else SHIPPED])
    return rows


def list_table(rules: Sequence[Rule], own: Iterable[str]) -> str:
    """Every rule with its title, and how much of it was seen in its source."""
    home = set(own)
    rows = []
    for rule in rules:
        read, clauses = seen(rule.policies[rule.base])
        whose = " (own)" if rule.key in home else ""
        rows.append([f"{rule.key}{whose}", rule.grades, f"{read} of {clauses}", str(len(rule.policies)), rule.title])
    header = ("rule", "grades", "clauses seen", "policies", "title")
    return (
        table(header, rows) + "clauses seen: those that were read in their source; the others are marked wherever\n"
        "they decide something. `synth rules show RULE` has all of a rule.\n"
    )


def list_json(rules: Iterable[Rule], own: Iterable[str]) -> list[dict[str, Any]]:
    """Every rule as plain values, without its steps."""
    home = set(own)
    return [
        {
            "rule": rule.key,
            "title": rule.title,
            "grades": rule.grades,
            "outputs": outputs_json(rule),
            "policies": {name: procedure.says for name, procedure in rule.policies.items()},
            "clauses": len(rule.policies[rule.base].clauses),
            "seen_in_source": seen(rule.policies[rule.base])[0],
            "examples": len(rule.examples),
            "own": rule.key in home,
        }
        for rule in rules
    ]


def outputs_json(rule: Rule) -> list[dict[str, str]]:
    """The outputs of a rule from worst to best."""
    return [{"output": name, "label": one.label, "colour": one.colour} for name, one in rule.outputs.items()]


def show_text(rule: Rule, procedure: Procedure) -> str:
    """One rule under one policy, every step in the order in which it is taken."""
    parts = (_head(rule), _steps(rule, procedure), _clauses(procedure), _rest(rule, procedure))
    return "".join(f"{one_line(line) if line else ''}\n" for part in parts for line in part)


def _head(rule: Rule) -> Iterator[str]:
    yield f"{rule.key}: {rule.title}"
    yield f"grades: {rule.grades}"
    yield "outputs, from worst to best:"
    for name, output in rule.outputs.items():
        colour = f" [{output.colour}]" if output.colour else ""
        yield f"    {name}: {output.label}{colour}"
    yield "read in:"
    for one in rule.provenance:
        yield f"    {one.source}{f', {one.at}' if one.at else ''}: {one.says} [{one.verified}]"
    if rule.asks:
        yield "asks people, and is open until they answer:"
    for name, ask in rule.asks.items():
        yield f"    {name} (of the {ask.of}, {ask.declared.kind}): {ask.says}"


def _steps(rule: Rule, procedure: Procedure) -> Iterator[str]:
    yield ""
    yield f"policy {procedure.name}: {procedure.says}" if procedure.says else f"policy {procedure.name}"
    if procedure.values:
        yield "values: " + ", ".join(f"{name} = {_plain(value)}" for name, value in procedure.values.items())
    for name, table_ in rule.tables.items():
        pairs = ", ".join(f"{text} {_plain(number)}" for text, number in table_.numbers.items())
        yield f"table {name} of {table_.of}: {pairs}"
    yield from _definitions("facts of a finding", procedure.facts)
    if procedure.admit is not None:
        yield f"a finding counts where: {procedure.admit.text}"
    if procedure.findings:
        yield f"counts once: a {procedure.one}; follow-up taken: {procedure.follow_up}"
    for what, lines in (("a finding", procedure.findings), ("a detail", procedure.details)):
        yield from _lines(what, lines)
    yield from _lines("a study", procedure.studies)
    if procedure.carry:
        yield "a study has: " + ", ".join(f"the {how} {name}" for name, how in procedure.carry.items())
    yield from _definitions("facts of a study", procedure.derived)
    if procedure.count is not None:
        yield f"a study counts where: {procedure.count.text}"
    if procedure.features:
        yield "features of a cell:"
    for name, feature in procedure.features.items():
        yield f"    {name}: {_feature(feature)}"


def _plain(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:g}"


def _definitions(what: str, definitions: Mapping[str, Definition]) -> Iterator[str]:
    if definitions:
        yield f"{what}:"
    for name, choices in definitions.items():
        yield f"    {name}: {_choices(choices)}"


def _choices(choices: Sequence[Choice]) -> str:
    return "; else ".join(
        one.value.text if one.when is None else f"{one.value.text} where {one.when.text}" for one in choices
    )


def _lines(what: str, lines: Sequence[Line]) -> Iterator[str]:
    if lines:
        yield f"what {what} says, the first that fits:"
    for line in lines:
        because = f" ({line.because})" if line.because else ""
        yield f"    {line.label}: {'otherwise' if line.when is None else line.when.text}{because}"


def _feature(feature: Feature) -> str:
    if feature.kind == "value":
        return _choices(feature.choices)
    what = {"count": "how many studies", "any": "some study", "distinct": "how many different"}.get(feature.kind)
    of = f" {feature.of.text}" if feature.of is not None else ""
    when = f" where {feature.when.text}" if feature.when is not None else ""
    return f"{what or f'the {feature.kind} of'}{of}{when}"


def _clauses(procedure: Procedure) -> Iterator[str]:
    yield "clauses, the first that surely holds:"
    for clause in (*([procedure.blank] if procedure.blank else []), *procedure.clauses):
        yield from clause_lines(clause)
    for cap in procedure.caps:
        yield f"    then {cap.points:g} becomes {cap.becomes:g} where {cap.when.text}"


def clause_lines(clause: Clause) -> Iterator[str]:
    """A clause with what it gives and when, how far it was seen, and how its ambiguities were settled."""
    gives = clause.output or (clause.number.text if clause.number is not None else "blank")
    yield f"    {clause.label} -> {gives}: {'otherwise' if clause.when is None else clause.when.text}"
    at = f"{clause.at}: " if clause.at else ""
    yield f"        {at}{clause.says} [{clause.verified}]"
    for name, why in clause.because.items():
        yield f"        {name}: {why}"


def _rest(rule: Rule, procedure: Procedure) -> Iterator[str]:
    for flag in procedure.flags:
        yield f"flag: {flag.text}, where {flag.when.text}"
    read, clauses = seen(procedure)
    yield f"{read} of {clauses} clauses were read in their source [text]; the others were not, or in part [partial]"
    if len(rule.policies) > 1:
        yield ""
        yield "policies:"
    for name, other in rule.policies.items() if len(rule.policies) > 1 else ():
        because = f" ({other.because})" if other.because else ""
        yield f"    {name}: {other.says}{because}"
    if rule.ambiguities:
        yield ""
        yield "left open by the source:"
    for text in rule.ambiguities:
        yield f"    {text}"


def show_json(rule: Rule, procedure: Procedure) -> dict[str, Any]:
    """A rule under one policy as plain values; conditions as they are written."""
    return {
        "rule": rule.key,
        "title": rule.title,
        "grades": rule.grades,
        "outputs": outputs_json(rule),
        "provenance": [
            {"source": one.source, "at": one.at, "says": one.says, "verified": one.verified} for one in rule.provenance
        ],
        "asks": {name: {"of": ask.of, "kind": ask.declared.kind, "says": ask.says} for name, ask in rule.asks.items()},
        "policy": procedure.name,
        "policies": {name: {"says": one.says, "because": one.because} for name, one in rule.policies.items()},
        "values": dict(procedure.values),
        "admit": None if procedure.admit is None else procedure.admit.text,
        "count": None if procedure.count is None else procedure.count.text,
        "features": {name: _feature(feature) for name, feature in procedure.features.items()},
        "blank": None if procedure.blank is None else _clause_json(procedure.blank),
        "clauses": [_clause_json(clause) for clause in procedure.clauses],
        "ambiguities": list(rule.ambiguities),
    }


def _clause_json(clause: Clause) -> dict[str, Any]:
    return {
        "clause": clause.label,
        "gives": clause.output or (clause.number.text if clause.number is not None else None),
        "when": None if clause.when is None else clause.when.text,
        "at": clause.at,
        "says": clause.says,
        "verified": clause.verified,
        "because": dict(clause.because),
    }


def run_table(runs: Runs) -> str:
    """What each rule gives, cell by cell; beneath, the marks, and how often each rule gives nothing."""
    rows = [
        [*key, rule, found.output, found.colour or ABSENT, clause_text(found), _could_be(found) or ABSENT]
        for key, rule, found in _by_cell(runs)
        if found.output
    ]
    header = ("modality", "outcome", "rule", "output", "colour", "clause", "could be")
    lines = [table(header, rows), *_unseen(runs)]
    blank = {rule: sum(not found.output for found in scores.values()) for rule, scores in runs.items()}
    lines += [f"{rule}: blank in {number} of {len(runs[rule])} cells\n" for rule, number in blank.items() if number]
    return "".join(lines)


def _unseen(runs: Runs) -> Iterator[str]:
    """How many outputs were decided by clauses that were not seen in their source."""
    every = [found for scores in runs.values() for found in scores.values() if found.output]
    marks = Counter(found.verified for found in every if found.verified != SEEN)
    if marks:
        words = ", ".join(f"{number}{MARKS[mark]}" for mark, number in sorted(marks.items()))
        yield f"{sum(marks.values())} of {len(every)} outputs are of clauses not seen whole in their source: {words}\n"


def run_rows(runs: Runs) -> Iterator[list[Cell]]:
    """One row for each cell and rule, under RUN_COLUMNS."""
    for key, rule, found in _by_cell(runs):
        decided: list[Cell] = [found.policy, found.output, found.colour, found.clause, found.verified]
        yield [*key, rule, *decided, _could_be(found), studies_text(found)]


def run_json(runs: Runs) -> list[dict[str, Any]]:
    """One value for each cell and rule; null is blank."""
    return [
        {"modality": key[0], "outcome": key[1], "rule": rule, **score_json(found)}
        for key, rule, found in _by_cell(runs)
    ]


def _by_cell(runs: Runs) -> Iterator[tuple[tuple[str, str], str, Score]]:
    keys = dict.fromkeys(key for scores in runs.values() for key in scores)
    yield from ((key, rule, scores[key]) for key in keys for rule, scores in runs.items() if key in scores)


def _could_be(score: Score) -> str:
    return "; ".join(other or BLANK for other in score.could_be)


def checked_text(path: Path, rule: Rule) -> str:
    """One line about a rule file that has no faults."""
    outcomes = sum(len(example.expect) for example in rule.examples)
    return f"{path}: {rule.key}, {len(rule.examples)} examples come to what they say ({outcomes} outcomes)"
