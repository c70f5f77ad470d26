"""One cell of the matrix as text, from the printed points down to the paragraph that each finding was read in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from synthesis.rendering.cells import points_text
from synthesis.scoring.matrix import Cell, Matrix, Reading
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
    lines = [f"{reading.name}: {points_text(score.points)}   {cell.status(reading.name)} against print"]
    if reading.means:
        lines.append(f"    ({reading.means}; policy {reading.policy})")
    lines.append(f"    clause {score.clause} (paragraph {score.at}): {score.says}")
    lines += [f"    flag: {flag}" for flag in score.flags]
    earlier = _told_before(matrix, cell, reading)
    if earlier:
        return _lines([*lines, f"    studies and findings as under “{earlier}”"])
    return _lines([*lines, *_studies(score), *_left_out(cell, reading)])


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
        yield f"    {study.study}: {study.state}, level {study.level}"
        told = zip(study.findings, study.says, strict=True)
        yield from (f"        {line}" for finding, says in told for line in _finding(finding, says))


def _finding(finding: ScoredFinding, says: str) -> Iterator[str]:
    limited = ", limited by its source" if finding.limited else ""
    yield (
        f"{finding.detail or 'no detail named'}: {finding.direction}, significant: {finding.significant}{limited} "
        f"({finding.direction_basis}) -> {says}"
    )
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
