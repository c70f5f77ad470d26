"""The matrix: rows in printed order, readings beside one another, status against print."""

import pytest

from synthesis.errors import InvalidArgument, NotFound
from synthesis.records.review import Outcome, Review, Row
from synthesis.scoring.matrix import (
    LIVING,
    LIVING_CAUTIOUS,
    LIVING_LEVEL_5,
    LIVING_REPORTED,
    Reading,
    build_matrix,
    decisive,
    living_readings,
    status,
)
from synthesis.scoring.published import PrintedCell, PrintedMatrix
from synthesis.scoring.reading.rule_file import load_rule
from synthesis.scoring.score import score
from tests.scoring.strategies import findings_of

RULE = load_rule("pdtsrg-2009")
OUTCOMES = {
    "drug_use": Outcome("drug_use", "Drug use", column="Reduced drug use"),
    "employment": Outcome("employment", "Employment"),
    "reoffending": Outcome("reoffending", "Re-offending", column="Reduced re-offending"),
}
REVIEW = Review("Title", OUTCOMES, {}, {}, {}, rows=(Row("K", "Second in the alphabet"), Row("J", "First")))
PRINTED = PrintedMatrix({("J", "drug_use"): PrintedCell("J", "drug_use", 3, "inferred", "why")}, {"J": 3})


def matrix_of(text, reported=""):
    cells = {("J", "drug_use"): tuple(findings_of(text))}
    told = {("J", "drug_use"): tuple(findings_of(reported or text))}
    return build_matrix(REVIEW, PRINTED, RULE, living_readings(cells, cells, told))


def test_rows_and_columns_keep_their_order():
    """Rows stand as in review.toml, and only outcomes with a column are scored."""
    matrix = matrix_of("a 5 significant")

    assert [(cell.row, cell.outcome) for cell in matrix.cells] == [
        ("K", "drug_use"), ("K", "reoffending"), ("J", "drug_use"), ("J", "reoffending"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("points", "printed", "expected"),
    [
        (2, 2, "same"), (0, 0, "same"), (1, 2, "lower"), (3, 2, "higher"), (0, 3, "lower"),
        (None, 3, "no admissible finding"), (None, 0, "no admissible finding"), (2, None, "not printed"),
        (None, None, "not printed"),
    ],
)  # fmt: skip
def test_status_against_print(points, printed, expected):
    """Blank is not 0: a blank cell is never lower, only without a finding."""
    assert status(points, printed) == expected


def test_policies_and_levels_stand_beside_one_another():
    """One cell has the literal, the cautious and the level 5 points."""
    cell = matrix_of("a 5 significant; b 5 significant; c 5 ineffective; d 4 contrary").cell("J", "drug_use")

    assert [cell.scores[name].points for name in (LIVING, LIVING_CAUTIOUS, LIVING_LEVEL_5)] == [3, 2, 3]
    assert cell.status(LIVING_CAUTIOUS) == "lower"


def test_computed_and_reported_direction_are_both_told():
    """Where the reported direction would move the cell, a note has both points."""
    cell = matrix_of("a 5 ineffective", reported="a 5 significant").cell("J", "drug_use")

    assert cell.scores[LIVING_REPORTED].points == 2
    assert any("computed from effects gives 0" in note and "gives 2 (2(a))" in note for note in cell.notes)


def test_an_inferred_column_is_marked():
    """A status against a cell whose column was inferred says so."""
    assert "the column of the printed points is inferred" in matrix_of("a 5 significant").cell("J", "drug_use").notes


def test_decisive_studies():
    """The studies a cell rests on are those without which it would differ."""
    found = findings_of("a 5 significant; b 5 significant; c 4 limited")

    assert decisive(found, RULE, "literal") == (("a", 2), ("b", 2))


def test_counts_of_a_reading():
    """Printed cells of a reading fall into one status each."""
    assert matrix_of("a 5 significant").counts(LIVING)["lower"] == 1


def test_an_unknown_cell_is_guessed():
    """A mistyped row or outcome is answered with the nearest one."""
    with pytest.raises(NotFound, match="did you mean 'reoffending'"):
        matrix_of("").cell("J", "reofending")
    with pytest.raises(NotFound, match="no row 'Q'"):
        matrix_of("").cell("Q", "reoffending")


def test_an_unknown_policy_is_guessed():
    """A policy that the rule does not have is refused with the nearest one."""
    with pytest.raises(InvalidArgument, match="did you mean 'cautious'"):
        score((), RULE, "cautius")


def test_the_last_reading_leads_where_none_is_living():
    """A matrix without living readings takes its status from its last reading."""
    matrix = build_matrix(REVIEW, PRINTED, RULE, [Reading("mine", {})])

    assert matrix.headline == "mine"
