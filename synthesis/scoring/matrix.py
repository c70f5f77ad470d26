"""The scoring matrix: printed points beside the points of any number of readings, cell by cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from synthesis.errors import NotFound, did_you_mean
from synthesis.records.review import Outcome, Review, Row
from synthesis.scoring.published import PrintedCell, PrintedMatrix
from synthesis.scoring.report import Cells
from synthesis.scoring.rule import Rule
from synthesis.scoring.score import Score, score_cells
from synthesis.scoring.states import Context, ScoredFinding
from synthesis.scoring.steadiness import Steadiness, steadiness, without_each

PRINTED = "printed"
REPORT_STRICT = "report, strict"
REPORT_GENEROUS = "report, generous"
LIVING = "living"
LIVING_CAUTIOUS = "living, cautious"
LIVING_LEVEL_5 = "living, level 5"
LIVING_ALL = "living, all comparators"
LIVING_REPORTED = "living, reported direction"

SAME, LOWER, HIGHER = "same", "lower", "higher"
NOTHING = "no admissible finding"
NOT_PRINTED = "not printed"
NO_POINTS = "no points"  # another output of a rule that does not give points
CAUTIOUS = "cautious"
Scores = Mapping[str, Mapping[tuple[str, str], Score]]  # by reading, then by row and outcome
STATUSES = (SAME, LOWER, HIGHER, NOTHING, NOT_PRINTED)


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to take the evidence: its findings by row and outcome, and the policy they are scored by."""

    name: str
    findings: Cells
    policy: str = ""  # the rule's first where none is named
    means: str = ""  # in words, for the reader of the matrix


@dataclass(frozen=True, slots=True)
class Cell:
    """One intervention and outcome: what was printed, and the score of every reading."""

    row: str
    outcome: str
    printed: PrintedCell
    scores: Mapping[str, Score]  # by reading, in the order of the matrix
    notes: tuple[str, ...] = ()

    def status(self, reading: str) -> str:
        """How the points of a reading stand to the printed ones, one of STATUSES."""
        found = self.scores[reading]
        if found.output and found.points is None:
            return NO_POINTS
        return status(found.points, self.printed.points)

    @property
    def empty(self) -> bool:
        """Whether nothing was printed and no reading has an admissible finding."""
        return self.printed.points is None and not any(found.output for found in self.scores.values())


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of a row's cells; blanks add 0, so the columns with evidence stand beside it (A26)."""

    points: int | None  # None where the rule gives no points
    columns: int  # cells that are not blank


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One intervention over all outcomes."""

    row: Row
    cells: tuple[Cell, ...]  # in the order of the matrix' outcomes
    printed_total: int | None
    totals: Mapping[str, Total]  # by reading


@dataclass(frozen=True, slots=True)
class Matrix:
    """All rows in printed order, under one rule."""

    rule: Rule
    outcomes: tuple[Outcome, ...]  # those with a column
    readings: tuple[Reading, ...]
    headline: str  # the reading whose status is the cell's
    rows: tuple[MatrixRow, ...]
    steady: Mapping[tuple[str, str], Steadiness] = field(default_factory=dict)  # of the headline; by row and outcome

    @property
    def in_points(self) -> bool:
        """Whether the rule gives points; one that gives words has no totals, and nothing to compare with print."""
        return self.rule.gives_points

    @property
    def cells(self) -> tuple[Cell, ...]:
        """All cells, row by row."""
        return tuple(cell for row in self.rows for cell in row.cells)

    def cell(self, row: str, outcome: str) -> Cell:
        """One cell by row code and outcome.

        Raises
        ------
        NotFound
            There is no such row or column; the nearest name is suggested.
        """
        codes, columns = [each.row.code for each in self.rows], [each.key for each in self.outcomes]
        if row not in codes:
            raise NotFound(f"the matrix has no row {row!r}: {did_you_mean(row, codes)}")
        if outcome not in columns:
            raise NotFound(f"the matrix has no column {outcome!r}: {did_you_mean(outcome, columns)}")
        return next(cell for cell in self.cells if (cell.row, cell.outcome) == (row, outcome))

    def scored(self, reading: str) -> int:
        """How many cells of a reading are not blank."""
        return sum(bool(cell.scores[reading].output) for cell in self.cells)

    def counts(self, reading: str) -> dict[str, int]:
        """How many cells of a reading have each status."""
        found = [cell.status(reading) for cell in self.cells if not cell.empty]
        return {name: found.count(name) for name in STATUSES}


def status(points: int | None, printed: int | None) -> str:
    """How points stand to printed ones, one of STATUSES."""
    if printed is None:
        return NOT_PRINTED
    if points is None:
        return NOTHING
    return SAME if points == printed else LOWER if points < printed else HIGHER


def build_matrix(
    review: Review,
    printed: PrintedMatrix,
    rule: Rule,
    readings: Sequence[Reading],
    *,
    headline: str = LIVING,
    contexts: Mapping[tuple[str, str], Context] | None = None,
) -> Matrix:
    """The matrix of a review: every row and scored outcome under every reading.

    Parameters
    ----------
    review : Review
        Its rows, and its outcomes with a column.
    printed : PrintedMatrix
        What the readings are compared with.
    rule : Rule
        What scores them.
    readings : sequence of Reading
        In the order in which they are shown; one of a policy that the rule does not have is left out.
    headline : str
        The reading whose status is the cell's; the last one where none has that name.
    contexts : mapping, optional
        What is known of each row and outcome beside its studies.
    """
    outcomes = tuple(outcome for outcome in review.outcomes.values() if outcome.column)
    taken = tuple(replace(one, policy=one.policy or rule.base) for one in readings)
    shown = tuple(one for one in taken if one.policy in rule.policies)
    names = [reading.name for reading in shown]
    chosen = headline if headline in names else names[-1] if names else headline
    keys = [(row.code, outcome.key) for row in review.rows for outcome in outcomes]
    scores = {
        reading.name: score_cells({key: reading.findings.get(key, ()) for key in keys}, rule, reading.policy, contexts)
        for reading in shown
    }
    rows = tuple(_row(row, outcomes, printed, scores, in_points=rule.gives_points) for row in review.rows)
    leading = next((one for one in shown if one.name == chosen), None)
    steady = {} if leading is None else _steady(leading, rule, keys, contexts)
    return Matrix(rule, outcomes, shown, chosen, rows, steady)


def _steady(
    reading: Reading,
    rule: Rule,
    keys: Iterable[tuple[str, str]],
    contexts: Mapping[tuple[str, str], Context] | None,
) -> Mapping[tuple[str, str], Steadiness]:
    """The cells of a reading that have a finding, under every policy and without each study."""
    found = {key: reading.findings[key] for key in keys if reading.findings.get(key)}
    return steadiness(found, rule, reading.policy, contexts)


def living_readings(default: Cells, all_comparators: Cells, reported: Cells) -> tuple[Reading, ...]:
    """The readings of the living evidence.

    Parameters
    ----------
    default : mapping
        Findings by row and outcome, of the contrasts that the pools use; direction computed where there is an effect.
    all_comparators : mapping
        The same over every comparator, active ones included.
    reported : mapping
        The default contrasts with the direction that each source reports.
    """
    level_5 = {key: tuple(finding for finding in found if finding.level == 5) for key, found in default.items()}
    pools = "the contrasts that the pools use"
    return (
        Reading(LIVING, default, means=pools),
        Reading(LIVING_CAUTIOUS, default, CAUTIOUS, f"{pools}; opposing evidence weighs more"),
        Reading(LIVING_LEVEL_5, level_5, means=f"{pools}, level 5 alone"),
        Reading(LIVING_REPORTED, reported, means=f"{pools}, direction as each source reports it"),
        Reading(LIVING_ALL, all_comparators, means="every comparator, active treatments too"),
    )


def report_readings(strict: Cells, generous: Cells) -> tuple[Reading, ...]:
    """The readings of the report's own findings."""
    all_said = "all that the report says; reviews and unknown designs as level 5, effective as significant"
    return (
        Reading(REPORT_STRICT, strict, means="what the report says of primary studies whose level it shows"),
        Reading(REPORT_GENEROUS, generous, means=all_said),
    )


def decisive(findings: Iterable[ScoredFinding], rule: Rule, policy: str) -> tuple[tuple[str, int | None], ...]:
    """The studies without any one of which the points would differ, and the points without it."""
    cell = {0: tuple(findings)}
    whole = score_cells(cell, rule, policy)
    without = without_each(cell, rule, policy, whole=whole)[0]
    return tuple((study, found.points) for study, found in without.items() if found.points != whole[0].points)


def _row(
    row: Row, outcomes: Sequence[Outcome], printed: PrintedMatrix, scores: Scores, *, in_points: bool
) -> MatrixRow:
    cells = tuple(_cell(printed.cell(row.code, outcome.key), scores) for outcome in outcomes)
    totals = {name: _total([cell.scores[name] for cell in cells], in_points=in_points) for name in scores}
    return MatrixRow(row, cells, printed.totals.get(row.code), totals)


def _cell(printed: PrintedCell, scores: Scores) -> Cell:
    key = (printed.row, printed.outcome)
    cell = Cell(printed.row, printed.outcome, printed, {name: found[key] for name, found in scores.items()})
    return replace(cell, notes=tuple(_notes(cell)))


def _notes(cell: Cell) -> Iterable[str]:
    living, reported = cell.scores.get(LIVING), cell.scores.get(LIVING_REPORTED)
    if living and reported and (living.points, living.clause) != (reported.points, reported.clause):
        yield (
            f"direction computed from effects gives {_points(living)}, "
            f"direction as the sources report it gives {_points(reported)}"
        )
    if cell.printed.doubtful:
        yield f"the column of the printed points is {cell.printed.placement}"
    for name, found in cell.scores.items():
        yield from (f"{name}: {flag}" for flag in found.flags)
        if found.harm:
            yield f"{name}: harm, with nothing in favour"


def _points(found: Score) -> str:
    return f"{found.output or 'blank'} ({found.clause})"


def _total(scores: Sequence[Score], *, in_points: bool) -> Total:
    points = sum(found.points or 0 for found in scores) if in_points else None
    return Total(points, sum(bool(found.output) for found in scores))
