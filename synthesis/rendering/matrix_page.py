"""The page of the scoring matrix: the matrix, every cell with its studies, the differences and their reasons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from synthesis.rendering.cells import (
    MARKS,
    NO_TOTAL,
    clause_text,
    output_text,
    points_text,
    printed_text,
    studies_text,
    study_text,
    unseen,
)
from synthesis.rendering.policies import policies_markdown
from synthesis.rendering.tables import markdown_table
from synthesis.rendering.tables import markdown_text as markdown
from synthesis.scoring.matrix import (
    HIGHER,
    LOWER,
    NOT_PRINTED,
    NOTHING,
    REPORT_GENEROUS,
    REPORT_STRICT,
    SAME,
    Cell,
    Matrix,
    MatrixRow,
    Reading,
    decisive,
)
from synthesis.scoring.states import ScoredFinding
from synthesis.text import ABSENT

READING = ("Reading", "What it takes", "Policy")
TOTAL = "The total is the sum of the cells, blank as 0, so it is also low where nobody looked."


def matrix_markdown(matrix: Matrix, title: str) -> str:
    """The page: matrix, cells, differences, and what the report's own text cannot give back."""
    parts = [
        f"# The scoring matrix: {markdown(title)}\n",
        _introduction(matrix),
        _compact(matrix),
        _readings(matrix),
        _policies(matrix),
        *(_against_print(matrix) if matrix.in_points else ()),
        "## Every cell\n",
        *(_row_section(matrix, row) for row in matrix.rows if any(not cell.empty for cell in row.cells)),
    ]
    return "\n".join(part for part in parts if part)


def _against_print(matrix: Matrix) -> Iterator[str]:
    heading = f"Where the points of the reading “{matrix.headline}” differ from print"
    yield _differences(matrix, matrix.headline, heading)
    yield _report_part(matrix)


def _introduction(matrix: Matrix) -> str:
    rule = matrix.rule
    sources = "; ".join(
        f"{', '.join(filter(None, (one.source, one.at)))}{MARKS[one.verified]}" for one in rule.provenance
    )
    return (
        f"Scored by the rule `{rule.key}`, {markdown(rule.title)} ({markdown(sources)}). A rule that counts studies "
        "does not say how large an effect is.\n\n"
        "In the table the first number of each pair is what was printed, the second is the reading "
        f"“{markdown(matrix.headline)}”. `{ABSENT}` is blank: nothing printed, or no admissible finding; it is not the "
        "same as 0. `(i)`: the number is printed without its column, and the column is inferred; `(?)`: the column is "
        f"ambiguous. {TOTAL if matrix.in_points else sentence(NO_TOTAL)} Beside it stands the number of outcomes with "
        "evidence.\n"
    )


def sentence(words: str) -> str:
    """Words as a sentence."""
    return f"{words[0].upper()}{words[1:]}."


def _compact(matrix: Matrix) -> str:
    columns = [outcome.column for outcome in matrix.outcomes]
    header = ["", "Treatment", *columns, "Total", "Outcomes with evidence"]
    ours = "".join(f"- {markdown(line)}\n" for line in unseen(cell.scores[matrix.headline] for cell in matrix.cells))
    table = markdown_table(header, ([*_compact_row(matrix, row)] for row in matrix.rows))
    return f"{table}\n{ours}" if ours else table


def _compact_row(matrix: Matrix, row: MatrixRow) -> Iterator[str]:
    yield row.row.code
    yield f"{row.row.group}: {row.row.label}" if row.row.group else row.row.label
    for cell in row.cells:
        yield f"{printed_text(cell)} / {output_text(cell.scores[matrix.headline])}"
    total = row.totals[matrix.headline]
    yield f"{points_text(row.printed_total)} / {points_text(total.points)}"
    yield str(total.columns)


def _readings(matrix: Matrix) -> str:
    footnotes = [
        f"- {markdown(row.row.label)}: {markdown(row.row.footnote)}" for row in matrix.rows if row.row.footnote
    ]
    notes = "Footnotes of the printed matrix:\n\n" + "\n".join(footnotes) + "\n\n" if footnotes else ""
    return notes + (_compared(matrix) if matrix.in_points else _uncompared(matrix))


def _compared(matrix: Matrix) -> str:
    """The readings beside the printed points."""
    header = [*READING, "printed cells", SAME, LOWER, HIGHER, NOTHING, "scored though not printed"]
    return (
        "## How the readings compare with print\n\n"
        + markdown_table(header, ([*_reading_row(matrix, reading)] for reading in matrix.readings), range(3, 9))
        + "\nA row whose printed matrix has only a total of 0 counts as having no printed cell.\n"
    )


def _uncompared(matrix: Matrix) -> str:
    """The readings alone."""
    rows = ([one.name, one.means, one.policy, str(matrix.scored(one.name))] for one in matrix.readings)
    return f"## The readings\n\n{markdown_table([*READING, 'cells with an output'], rows, [3])}"


def _reading_row(matrix: Matrix, reading: Reading) -> Iterator[str]:
    counts = matrix.counts(reading.name)
    scored = sum(cell.printed.points is None and cell.scores[reading.name].points is not None for cell in matrix.cells)
    yield from (reading.name, reading.means, reading.policy)
    yield str(sum(counts[name] for name in (SAME, LOWER, HIGHER, NOTHING)))
    yield from (str(counts[name]) for name in (SAME, LOWER, HIGHER, NOTHING))
    yield str(scored)


def _policies(matrix: Matrix) -> str:
    """Every cell that has a finding under every policy of the rule."""
    if not matrix.steady:
        return ""
    named = {(cell.row, cell.outcome): _named(matrix, cell) for cell in matrix.cells}
    labels = {key: (f"{row} {label}", column) for key, (row, label, column) in named.items()}
    return (
        f"## Under every policy of the rule, from the findings of the reading “{markdown(matrix.headline)}”\n\n"
        "Range: the lowest and highest output over the policies. Fragility: the fewest studies whose state must flip "
        "to change the output. Without one study: the lowest and highest output with each study left out in turn.\n\n"
        + policies_markdown(matrix.rule, matrix.steady, labels)
    )


def _differences(matrix: Matrix, reading: str, heading: str) -> str:
    """Every cell of a reading that differs from print, and why."""
    rows = [
        [
            *_named(matrix, cell),
            printed_text(cell),
            _scored_text(cell, reading),
            cell.status(reading),
            difference_reason(matrix, cell, reading),
        ]
        for cell in matrix.cells
        if _differs(cell, reading)
    ]
    header = ["", "Treatment", "Outcome", "Printed", "Points", "Status", "Why"]
    return f"## {heading}\n\n" + (markdown_table(header, rows) if rows else "Nowhere.\n")


def _differs(cell: Cell, reading: str) -> bool:
    found = cell.status(reading)
    return found in (LOWER, HIGHER, NOTHING) or (found == NOT_PRINTED and bool(cell.scores[reading].output))


def _named(matrix: Matrix, cell: Cell) -> tuple[str, str, str]:
    row = next(each.row for each in matrix.rows if each.row.code == cell.row)
    column = next(outcome.column for outcome in matrix.outcomes if outcome.key == cell.outcome)
    return row.code, row.label, column


def _scored_text(cell: Cell, reading: str) -> str:
    found = cell.scores[reading]
    if not found.output:
        return ABSENT
    clause = f"clause {clause_text(found)}" if found.clause[0].isdigit() else clause_text(found)
    return f"{found.output} ({clause})"


def difference_reason(matrix: Matrix, cell: Cell, reading: str) -> str:
    """Why a cell of a reading has its points: what it rests on, with each finding, and what stands against it."""
    taken = next(each for each in matrix.readings if each.name == reading)
    findings = taken.findings.get((cell.row, cell.outcome), ())
    score = cell.scores[reading]
    if not score.output:
        return _nothing_reason(findings)
    decided = decisive(findings, matrix.rule, taken.policy)
    rests = [f"without {name} it is {'blank' if points is None else points}" for name, points in decided]
    said = [f"{study_text(study)}{_notes_of(study.findings)}" for study in score.studies]
    return "; ".join([*said, *rests])


def _nothing_reason(findings: Sequence[ScoredFinding]) -> str:
    if not findings:
        return "no finding on this outcome"
    weak = sorted({f"{finding.study} (level {finding.level or 'not stated'})" for finding in findings})
    return f"no finding that the rule admits: {'; '.join(weak)}"


def _notes_of(findings: Sequence[ScoredFinding]) -> str:
    """What a reading changed about the findings of a study, and where each was read."""
    notes = sorted({f"{finding.source}: {finding.note}" for finding in findings if finding.note})
    return f" [{'; '.join(notes)}]" if notes else ""


def _report_part(matrix: Matrix) -> str:
    names = [reading.name for reading in matrix.readings]
    if REPORT_STRICT not in names or REPORT_GENEROUS not in names:
        return ""
    heading = "Where the generous reading of the report differs from print, and the findings that cause it"
    return f"{_differences(matrix, REPORT_GENEROUS, heading)}\n{_limits(matrix)}"


def _limits(matrix: Matrix) -> str:
    strict, generous = matrix.counts(REPORT_STRICT), matrix.counts(REPORT_GENEROUS)
    printed = [cell for cell in matrix.cells if cell.printed.points is not None]
    doubtful = sum(cell.printed.doubtful for cell in printed)
    silent = [cell for cell in printed if cell.status(REPORT_GENEROUS) == NOTHING]
    listed = "; ".join(f"{row} {column}" for row, _, column in (_named(matrix, cell) for cell in silent))
    listed = markdown(listed) or "none"
    return (
        "## What cannot be rebuilt from the text of the report\n\n"
        f"- {len(printed)} cells are printed; for {doubtful} of them the column is inferred or ambiguous.\n"
        f"- Strict reading: {_counted(strict)}.\n- Generous reading: {_counted(generous)}.\n"
        f"- Printed, and without any finding in the report that even the generous reading admits: {listed}.\n"
        "- Levels are rarely stated, and some rows must rest on studies that the report does not name. "
        "No choice of policy closes that gap.\n"
    )


def _counted(counts: dict[str, int]) -> str:
    return (
        f"{counts[SAME]} cells match, {counts[LOWER]} are lower, {counts[HIGHER]} higher, "
        f"{counts[NOTHING]} have no admissible finding"
    )


def _row_section(matrix: Matrix, row: MatrixRow) -> str:
    parts = [f"### {markdown(row.row.code)} {markdown(row.row.label)}\n"]
    parts += [_cell_section(matrix, cell) for cell in row.cells if not cell.empty]
    return "\n".join(parts)


def _cell_section(matrix: Matrix, cell: Cell) -> str:
    column = markdown(_named(matrix, cell)[2])
    reason = f" Placement: {markdown(cell.printed.reason)}." if cell.printed.reason else ""
    notes = "".join(f"- {markdown(note)}\n" for note in cell.notes)
    header = ["Reading", "Points", "Clause", "Against print", "Studies"]
    rows = [_score_row(cell, reading.name) for reading in matrix.readings]
    if not matrix.in_points:
        header, rows = ["Reading", "Output", "Clause", "Studies"], [(*row[:3], row[4]) for row in rows]
    table = markdown_table(header, rows, [1] if matrix.in_points else [])
    return f"**{column}.** Printed: {printed_text(cell)}.{reason}\n\n{table}" + (f"\n{notes}" if notes else "")


def _score_row(cell: Cell, reading: str) -> tuple[str, ...]:
    found = cell.scores[reading]
    studies = studies_text(found) or ABSENT
    return reading, output_text(found), clause_text(found), cell.status(reading), studies
