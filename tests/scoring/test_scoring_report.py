"""The two readings of the report's own findings against the published replication."""

import pytest

from synthesis.scoring.reading.rule_file import load_rule
from synthesis.scoring.report import generous_findings, strict_findings
from synthesis.scoring.score import score
from tests.scoring.report_data import OUTCOMES, REPORT, statements, studies
from tests.scoring.strategies import table

RULE = load_rule("pdtsrg-2009")
EXPECTED = {(row["code"], row["outcome"]): row for row in table("replication.csv")}
READINGS = {
    "strict": strict_findings(studies(), REPORT),
    "generous": generous_findings(studies(), statements(), REPORT),
}


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("cell", EXPECTED, ids=":".join)
def test_points_and_clause_of_every_cell(reading, cell):
    """Both readings give the points and the clause of the replication, blanks too; no cell differs."""
    found = score(READINGS[reading].get(cell, ()), RULE, "literal")

    assert found.output == EXPECTED[cell][f"{reading}_points"]
    assert found.clause == EXPECTED[cell][f"{reading}_clause"]


@pytest.mark.parametrize("reading", READINGS)
def test_no_cell_is_scored_that_the_replication_does_not_have(reading):
    """Findings lie in cells of the replication only."""
    cells = {key for key in READINGS[reading] if key[1] in OUTCOMES}

    assert cells <= set(EXPECTED)


@pytest.mark.parametrize(("status", "strict", "generous"), [("match", 6, 13), ("lower", 6, 9), ("higher", 0, 5)])
def test_counts_against_print(status, strict, generous):
    """Of 33 printed cells so many match, are lower and are higher, as section 6 of the rule's page prints."""
    printed = [(key, int(row["published_points"])) for key, row in EXPECTED.items() if row["published_points"]]
    tests = {"match": int.__eq__, "lower": int.__lt__, "higher": int.__gt__}

    def count(reading):
        points = ((score(READINGS[reading].get(key, ()), RULE).points, number) for key, number in printed)
        return sum(tests[status](found, number) for found, number in points if found is not None)

    assert len(printed) == 33
    # "lower" of the generous reading: nine cells have fewer points than print, six more have no finding at all
    assert (count("strict"), count("generous")) == (strict, generous)


def test_a_generous_finding_says_what_was_counted():
    """A review that is counted as a study is marked so, and so is a significance nobody stated."""
    (found,) = [each for each in READINGS["generous"]["E", "drug_use"] if each.direction == "effective"]

    assert found.note == "counted as a study at level 5; significance assumed"
