"""What 3 points are worth: the printed table of the anchors page, and thresholds weighed against a loss."""

import numpy as np
import pytest

from synthesis.errors import InvalidArgument
from synthesis.scoring.operating import (
    Loss,
    Truth,
    behaviour,
    behaviour_table,
    design_rule,
    pools_above_0,
    publication_of,
    variance_of,
)
from synthesis.scoring.operating.thresholds import DIGITS
from synthesis.scoring.reading.rule_file import load_rule
from tests.scoring.points_template import RULE

PDTSRG, SHERMAN = load_rule("pdtsrg-2009"), load_rule("sherman-1998")
# anchors/evidence_rules.md, section 3.3, n = 100 per arm: theta, tau, k; P(0), P(2), P(3), S3*, majority "works"
PRINTED = """
0  0  5  .88 .10 .006 0    0
0  0  20 .60 .19 .056 0    0
0  .2 5  .50 .20 .081 0    .02
0  .2 10 .25 .09 .113 0    0
.2 0  2  .50 .41 .085 .085 .085
.2 0  5  .18 .37 .453 .002 .15
.2 0  10 .03 .13 .834 0    .04
.2 0  20 .00 .01 .983 0    .01
.2 .2 5  .10 .24 .560 .007 .28
.2 .2 10 .01 .04 .728 0    .13
.2 .2 20 .00 .00 .594 0    .09
"""
ROWS = [line.split() for line in PRINTED.split("\n") if line]


def as_printed(text):
    """Equal to every number that rounds to `text`; 0 is printed for what is less than .005."""
    places = len(text.partition(".")[2]) or 2
    return pytest.approx(float(text), rel=0, abs=0.5 * 10**-places)


@pytest.mark.parametrize("row", ROWS, ids=" ".join)
def test_the_table_of_the_anchors_page(row):
    """v = 2 / n + theta^2 / (4 n); S3* where any null is contrary; majority: Sherman's what works."""
    theta, tau, k = float(row[0]), float(row[1]), int(row[2])
    how = {"k": [k], "n": [100], "theta": [theta], "tau2": [tau**2]}
    harm, null = (behaviour_table(RULE, policy=name, **how).rows[0].behaviour for name in ("harm_only", "any_null"))
    works = behaviour_table(SHERMAN, **how).rows[0].behaviour.probability("what_works")

    assert [harm.probability(points) for points in "023"] == [as_printed(text) for text in row[3:6]]
    assert null.probability("3") == as_printed(row[6])
    assert works == as_printed(row[7])


def test_the_variance_that_the_page_used():
    """At theta = .2, k = 2 the page prints .085: v = 2 / n gives .086, with theta^2 / (4 n) it is .085."""
    found = [behaviour(RULE, [v, v], theta=0.2).probability("3") for v in (0.02, variance_of(100, 0.2))]

    assert [round(share, 3) for share in found] == [0.086, 0.085]


def test_pooled_intervals_beside_the_points():
    """Section 3.3, MA: modified Knapp-Hartung above 0 in .53 at theta .2, tau 0, k 5, and in .27 at tau .2."""
    rows = behaviour_table(RULE, k=[5], theta=[0.2], tau2=[0, 0.04]).rows

    assert pools_above_0(rows, draws=1_500) == pytest.approx([0.53, 0.27], abs=0.04)


def test_rows_are_every_combination():
    """By theta, tau2, n and k, each as `behaviour` gives it, with levels in turn."""
    found = behaviour_table(PDTSRG, k=[2, 3], n=[50, 100], tau2=[0, 0.1], theta=[0.0], levels=[5, 4])
    last = found.rows[-1]
    alone = behaviour(PDTSRG, np.full(3, 0.02), tau2=0.1, levels=[5, 4, 5])

    assert [(row.behaviour.tau2, row.n, row.behaviour.k) for row in found.rows[:3]] == [
        (0, 50, 2),
        (0, 50, 3),
        (0, 100, 2),
    ]
    assert {name: last.behaviour.probability(name) for name in alone.outputs} == pytest.approx(dict(alone.shares))
    assert found.outputs == ("0", "1", "2", "3")


def test_the_text_and_values_of_a_table():
    """A column for each output, and plain values."""
    found = behaviour_table(PDTSRG, k=[2], tau2=[0], theta=[0.2], levels=[])

    head, _, row = found.summary().splitlines()
    assert head.split() == ["theta", "tau2", "n", "per", "arm", "k", "P(blank)", "expected"]
    assert row.split() == ["0.2", "0", "100", "2", "1.000", "0.00"]
    assert found.to_dict()["rows"][0]["probabilities"] == {"blank": 1.0}


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ({"k": []}, "k takes"),
        ({"k": [2.5]}, "whole number"),
        ({"n": [0]}, "greater than 0"),
        ({"k": range(500), "n": range(1, 99)}, "settings"),
    ],
)
def test_settings_that_cannot_be(given, what):
    """Named, with what they may be."""
    with pytest.raises(InvalidArgument, match=what):
        behaviour_table(PDTSRG, **given)


TRUTHS = [Truth(0.5, 0.0), Truth(0.2, 0.2, 0.0), Truth(0.3, 0.3, 0.02, publication_of(0.5))]


def test_a_choice_of_thresholds_as_reckoned_by_hand():
    """P(3 | useful) and the loss of `several: 3`, from single distributions over the prior and k."""
    found = design_rule(PDTSRG, TRUTHS, values={"several": [2, 3]}, loss=Loss(3, 1), k=[3, 5])
    chosen = next(one for one in found.choices if one.values == {"several": 3})
    of = {
        truth: [
            behaviour(
                PDTSRG, np.full(k, variance_of(100, truth.theta)), theta=truth.theta, tau2=truth.tau2,
                policy="three-are-several", publication=truth.publication,
            )
            for k in (3, 5)
        ]
        for truth in TRUTHS
    }  # fmt: skip
    top = sum(t.weight / 0.5 * np.mean([one.probability("3") for one in of[t]]) for t in TRUTHS[1:])
    called = sum(
        t.weight / 0.5 * np.mean([one.probability("3") + one.probability("2") for one in of[t]]) for t in TRUTHS[1:]
    )
    let_through = np.mean([one.probability("3") + one.probability("2") for one in of[TRUTHS[0]]])

    assert (found.top, found.called, found.useful) == ("3", "2", 0.5)
    assert (chosen.top_useful, chosen.called_useless) == pytest.approx((top, let_through))
    assert chosen.loss == pytest.approx(0.5 * (1 - called) + 3 * 0.5 * let_through)


def test_the_frontier_is_beaten_by_none():
    """Every choice off the frontier is beaten by one on it, and none of the frontier by any."""
    found = design_rule(
        PDTSRG, TRUTHS, values={"several": [1, 2, 3]}, policies=["literal", "cautious", "majority-of-level-5"]
    )

    def beats(one, other):
        return (
            one.top_useful >= other.top_useful - 1e-12
            and one.called_useless <= other.called_useless + 1e-12
            and (one.top_useful > other.top_useful + 1e-9 or one.called_useless < other.called_useless - 1e-9)
        )

    for one in found.choices:
        assert one.frontier != any(beats(other, one) for other in found.choices)
    losses = [round(one.loss, DIGITS) for one in found.choices]
    assert losses == sorted(losses)
    assert "majority-of-level-5, several = 2" in found.summary()
    assert len(found.to_dict()["choices"]) == 9


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ({"values": {"severl": [2]}}, "did you mean 'several'"),
        ({"policies": ["litteral"]}, "did you mean 'literal'"),
        ({"called": "4"}, "no output '4'"),
        ({"worthwhile": 1}, "true effects above 1"),
        ({"truths": []}, "needs truths"),
        ({"values": {"several": range(6000)}}, "more than 5,000"),
    ],
)
def test_choices_that_cannot_be(given, what):
    """Named, with the nearest that can."""
    with pytest.raises(InvalidArgument, match=what):
        design_rule(PDTSRG, **{"truths": TRUTHS, "k": [2], **given})
