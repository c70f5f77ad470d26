"""The 38 rows of the truth table, under both policies."""

import pytest

from synthesis.scoring.reading.rule_file import load_rule
from synthesis.scoring.score import score
from tests.scoring.strategies import findings_of, table

RULE = load_rule("pdtsrg-2009")
ROWS = table("truth_table.csv")


def test_the_table_is_whole():
    """All 38 rows are here."""
    assert [row["number"] for row in ROWS] == [str(number) for number in range(1, 39)]


@pytest.mark.parametrize("policy", ["literal", "cautious"])
@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['number']}: {row['described']}")
def test_points_clause_and_flags(row, policy):
    """Points, the words of the clause and the flags are those of the table."""
    found = score(findings_of(row["findings"]), RULE, policy)

    assert (found.output or "blank") == row[policy]
    assert found.clause == row[f"{policy}_clause"]
    assert "; ".join(found.flags) == row["flags"]


def test_two_contrary_trials_are_harm():
    """Two trials with harm give 0 points and the mark of harm (A25)."""
    found = score(findings_of("a 5 contrary; b 5 contrary"), RULE)

    assert (found.points, found.harm, found.contradicted) == (0, True, False)


@pytest.mark.parametrize("policy", RULE.policies)
def test_no_difference_is_no_harm(policy):
    """A level 4 study without an effect is not marked as harm under any policy, nor is a contrary one below level 4."""
    found = score(findings_of("a 4 ineffective; b 3 contrary"), RULE, policy)

    assert (found.points, found.harm) == (0, False)


def test_a_study_has_the_level_of_what_decides():
    """A level 4 contrast that works makes a level 4 study, though its level 5 contrast shows nothing."""
    (study,) = score(findings_of("T 5 ineffective re-arrest; T 4 significant re-conviction"), RULE).studies

    assert (study.state, study.level) == ("effective", 4)


def test_contrary_and_limited_is_divided():
    """Harm beside a limited benefit is divided, not contrary."""
    (study,) = score(findings_of("T 5 limited re-arrest; T 5 contrary re-conviction"), RULE).studies

    assert study.state == "divided"


@pytest.mark.parametrize(
    ("text", "policy", "clause", "verified"),
    [
        ("A 5 significant; B 5 significant; C 5 ineffective", "literal", "3", "text"),
        ("A 5 significant; B 5 significant; C 5 ineffective", "cautious", "3 capped at 2", "ours"),
        ("A 5 significant; B 4 ineffective", "literal", "2(a)", "text"),
        ("A 5 significant; B 4 ineffective", "any-opposing-blocks", "1(a)", "ours"),
        ("A 5 significant", "cautious", "2(a)", "text"),
    ],
)
def test_a_reading_of_ours_is_marked(text, policy, clause, verified):
    """Where a policy comes to another clause than the words of the rule do, the clause that decides is ours."""
    found = score(findings_of(text), RULE, policy)

    assert found.clause.startswith(clause)
    assert found.verified == verified
    assert found.at == ("6.14" if verified == "text" else f"policy {policy}")


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("A 5 significant; B 5 ineffective x; B 2 significant y", "1(b)"),  # a weak effect changes nothing
        ("A 5 ineffective x; A 2 significant y", "none met: evidence of no effect or harm"),
        ("A 5 significant; B 2 contrary", "1(a)"),  # a weak contrary finding blocks 2(a)
        ("A 5 significant x; A 2 contrary y", "1(a)"),
        ("A 2 contrary", "no admissible finding"),
        ("A 5 significant; B 5 significant; C 1 contrary", "3"),
    ],
)
def test_every_level_blocks_and_no_more(text, clause):
    """Under the policy every-level-blocks only contrary findings of weak designs count, and only against 2(a)."""
    assert score(findings_of(text), RULE, "every-level-blocks").clause == clause
