"""One cell of the matrix as text, from the printed points down to the paragraph that each finding was read in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from synthesis.rendering.cells import clause_text, mark_text, output_text, place_text, points_text
from synthesis.rendering.policies import flips_text, moved_lines
from synthesis.scoring.engine.trace import Step, Trace
from synthesis.scoring.matrix import Cell, Matrix, Reading
from synthesis.scoring.rule import BLANK
from synthesis.scoring.score import Score
from synthesis.scoring.states import ScoredFinding
from synthesis.text import one_line


def explain(
    matrix: Matrix,
    row: str,
    outcome: str,
    *,
    references: Mapping[str, Sequence[str]] | None = None,
    pooled: Sequence[str] = (),
    traced: Trace | None = None,
    others: Mapping[str, Score] | None = None,
    left_out: Sequence[str] = (),
) -> str:
    """The whole story of one cell.

    Parameters
    ----------
    matrix : Matrix
        All readings of the evidence.
    row, outcome : str
        A row's code and a scored outcome.
    references : mapping, optional
        For each study the reports it was read in, as lines of text: keys of the library, or whole references.
    pooled : sequence of str
        Lines about the pooled result of the same contrasts, shown as they are.
    traced : Trace, optional
        How the rule came to the points of the headline reading.
    others : mapping, optional
        What other rules give for the same findings, by name.
    left_out : sequence of str
        Lines about the findings that no rule gets to see, each with the reason.

    Raises
    ------
    NotFound
        The matrix has no such row or outcome.
    """
    cell = matrix.cell(row, outcome)
    parts = [
        _heading(matrix, cell),
        _printed(cell),
        *(_reading(matrix, cell, reading) for reading in matrix.readings),
        _section(f"Clause by clause ({matrix.headline})", [*_traced(traced)]),
        _section(f"How steady it is ({matrix.headline})", [*_steady(matrix, cell)]),
        _section("Other rules on the same findings", [*_others(others or {})]),
        _section("Left out before any rule", left_out),
        _section("Pooled result", pooled),
        _section("Notes", cell.notes),
        _references(cell, references or {}),
    ]
    return "\n".join(part for part in parts if part)


def _heading(matrix: Matrix, cell: Cell) -> str:
    row = next(each.row for each in matrix.rows if each.row.code == cell.row)
    column = next(outcome.column for outcome in matrix.outcomes if outcome.key == cell.outcome)
    group = f"{row.group}: " if row.group else ""
    title = one_line(f"{row.code}  {group}{row.label} - {column}")
    return f"{title}\n{'=' * len(title)}\n"


def _printed(cell: Cell) -> str:
    lines = [f"Printed points: {points_text(cell.printed.points)}   column: {cell.printed.placement}"]
    if cell.printed.reason:
        lines.append(f"    because: {cell.printed.reason}")
    if cell.printed.other_readings:
        lines.append(f"    could also be: {cell.printed.other_readings}")
    return _lines(lines)


def _reading(matrix: Matrix, cell: Cell, reading: Reading) -> str:
    score = cell.scores[reading.name]
    against = f"   {cell.status(reading.name)} against print" if matrix.in_points else ""
    lines = [f"{reading.name}: {output_text(score)}{against}"]
    if reading.means:
        lines.append(f"    ({reading.means}; policy {reading.policy})")
    lines.append(f"    clause {score.clause} ({place_text(score)}): {score.says}{mark_text(score)}")
    if score.could_be:
        lines.append(f"    could also be: {', '.join(other or BLANK for other in score.could_be)}")
    lines += [f"    flag: {flag}" for flag in score.flags]
    earlier = _told_before(matrix, cell, reading)
    if earlier:
        return _lines([*lines, f"    studies and findings as under “{earlier}”"])
    return _lines([*lines, *_studies(score), *_left_out(cell, reading)])


def _traced(traced: Trace | None) -> Iterator[str]:
    """Every clause with its condition, whether it holds, and the values that it speaks of; `>` marks what decided."""
    for place, step in enumerate(traced.steps if traced else ()):
        sign = ">" if traced and place == traced.fired else " "
        yield f"{sign} {step.clause.label}: {_condition(step)}"


def _condition(step: Step) -> str:
    values = ", ".join(f"{name} {value}" for name, value in step.values)
    return f"{step.holds}: {step.condition}" + (f"   ({values})" if values else "")


def _steady(matrix: Matrix, cell: Cell) -> Iterator[str]:
    """The range over the policies and without one study, and what moves the cell."""
    found = matrix.steady.get((cell.row, cell.outcome))
    if found is None:
        return
    yield f"over {len(found.by_policy)} policies: {found.over_policies}"
    yield from (f"    {line}" for line in moved_lines(matrix.rule, found))
    yield f"without one study: {found.without_one}"
    yield from (f"    without {study}: {found.without[study].output or BLANK}" for study in found.decisive)
    yield f"fewest studies whose state must flip to change it: {flips_text(found)}"


def _others(others: Mapping[str, Score]) -> Iterator[str]:
    for name, score in others.items():
        could_be = ", ".join(other or BLANK for other in score.could_be)
        still = f"; could be {could_be}, given what is not stated" if could_be else ""
        yield f"{name}: {score.output or BLANK} (clause {clause_text(score)}){still}"


def _told_before(matrix: Matrix, cell: Cell, reading: Reading) -> str:
    """The first earlier reading with the same findings of this cell, if there are any."""
    key = (cell.row, cell.outcome)
    own = set(reading.findings.get(key, ()))
    for earlier in matrix.readings[: matrix.readings.index(reading)]:
        if own and own == set(earlier.findings.get(key, ())):
            return earlier.name
    return ""


def _studies(score: Score) -> Iterator[str]:
    for study in score.studies:
        level = f"level {study.level}" if study.level else "level not stated"
        yield f"    {study.study}: {study.state}, {level}"
        told = zip(study.findings, study.says, strict=True)
        yield from (f"        {line}" for finding, says in told for line in _finding(finding, says))


def _finding(finding: ScoredFinding, says: str) -> Iterator[str]:
    limited = ", limited by its source" if finding.limited else ""
    yield (
        f"{finding.detail or 'no detail named'}: {finding.direction}, significant: {finding.significant}{limited} "
        f"({finding.direction_basis}) -> {says}"
    )
    if finding.beside:
        yield f"    {finding.beside}"
    if finding.effect:
        yield f"    effect: {finding.effect}"
    if finding.note:
        yield f"    note: {finding.note}"
    where = f"{finding.place.path}:{finding.place.line}" if finding.place else ""
    if finding.source or where:
        yield "    source: " + "   ".join(filter(None, (finding.source, finding.reference, where)))


def _left_out(cell: Cell, reading: Reading) -> Iterator[str]:
    """Findings of the cell that the rule does not admit."""
    counted = {finding for study in cell.scores[reading.name].studies for finding in study.findings}
    for finding in reading.findings.get((cell.row, cell.outcome), ()):
        if finding not in counted:
            level = f"level {finding.level}" if finding.level is not None else "level not stated"
            yield f"    not admitted: {finding.study}, {level}, {finding.direction} ({finding.source})"


def _references(cell: Cell, references: Mapping[str, Sequence[str]]) -> str:
    studies = sorted({study.study for score in cell.scores.values() for study in score.studies})
    lines = [f"{study}: {line}" for study in studies for line in references.get(study, ())]
    return _section("References", lines)


def _section(heading: str, lines: Sequence[str]) -> str:
    return _lines([heading, *(f"    {line}" for line in lines)]) if lines else ""


def _lines(lines: Sequence[str]) -> str:
    return "".join(f"{one_line(line)}\n" for line in lines)
