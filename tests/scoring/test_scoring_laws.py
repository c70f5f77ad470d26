"""The seven invariants of the rule, for all findings and both policies."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis.records.review import Outcome, Review, Row
from synthesis.scoring.matrix import Reading, build_matrix
from synthesis.scoring.published import PrintedMatrix
from synthesis.scoring.reading.rule_file import load_rule
from synthesis.scoring.score import score
from synthesis.scoring.states import ScoredFinding
from tests.scoring.strategies import cells, scored_findings

RULE = load_rule("pdtsrg-2009")
policies = pytest.mark.parametrize("policy", ["literal", "cautious"])
NEW = ScoredFinding("new", 5, "outcome", "", "effective", "yes")


def points(findings, policy):
    return score(findings, RULE, policy).points


@policies
@given(findings=cells())
def test_another_effective_trial_never_lowers(policy, findings):
    """(i) A further significant level 5 study never lowers a cell."""
    assert points([*findings, NEW], policy) >= (points(findings, policy) or 0)


@policies
@given(findings=cells(), direction=st.sampled_from(["ineffective", "contrary"]), level=st.sampled_from([1, 3, 4, 5]))
def test_an_opposing_study_never_raises(policy, findings, direction, level):
    """(ii) A further opposing study never raises a cell, except from blank to 0."""
    opposed = [*findings, replace(NEW, direction=direction, level=level)]

    assert (points(opposed, policy) or 0) <= (points(findings, policy) or 0)


@policies
@given(findings=cells(), weak=st.lists(scored_findings(levels=(1, 2, 3, None)), max_size=5))
def test_weak_designs_never_count(policy, findings, weak):
    """(iii) Findings at levels 1 to 3 never change a cell."""
    assert score([*findings, *weak], RULE, policy) == score(findings, RULE, policy)


@policies
@given(data=st.data(), findings=cells())
def test_order_and_repetition_change_nothing(policy, data, findings):
    """(iv) Findings in another order, some of them twice, give the same score."""
    again = data.draw(st.permutations([*findings, *findings[::2]]))

    assert score(again, RULE, policy) == score(findings, RULE, policy)


@policies
@given(findings=cells())
def test_points_are_few(policy, findings):
    """(v) A cell is blank, 0, 1, 2 or 3."""
    assert points(findings, policy) in {None, 0, 1, 2, 3}


@given(findings=cells())
def test_caution_never_raises(findings):
    """(vi) The cautious policy is never above the literal one, and is blank with it."""
    literal, cautious = points(findings, "literal"), points(findings, "cautious")

    assert (cautious is None) == (literal is None)
    assert (cautious or 0) <= (literal or 0)


@given(of_cells=st.lists(cells(), min_size=3, max_size=3))
def test_a_total_is_the_sum_of_its_cells(of_cells):
    """(vii) The total is the sum of the cells; blanks add 0 and are not columns with evidence."""
    outcomes = {name: Outcome(name, name, column=name) for name in "uvw"}
    review = Review("", outcomes, {}, {}, {}, rows=(Row("J", "Row"),))
    reading = Reading("living", {("J", name): tuple(found) for name, found in zip("uvw", of_cells, strict=True)})
    (row,) = build_matrix(review, PrintedMatrix({}, {}), RULE, [reading]).rows
    given_points = [points(found, "literal") for found in of_cells]

    assert row.totals["living"].points == sum(each or 0 for each in given_points)
    assert row.totals["living"].columns == sum(each is not None for each in given_points)
