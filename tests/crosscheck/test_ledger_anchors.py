"""Published cases of a count and a pool, or of two rules, that differ: evidence_rules.md 3.4 and section 6."""

import math

import numpy as np
import pytest

from synthesis.crosscheck.agreement import verdict_agreement
from synthesis.crosscheck.ledger import ledger
from synthesis.pooling.intervals import two_sided
from synthesis.scoring.examples import example_findings
from synthesis.scoring.reading.rule_file import load_rule
from synthesis.scoring.rule import COLOURS
from synthesis.scoring.score import score
from synthesis.scoring.states import ScoredFinding

POINTS = load_rule("pdtsrg-2009")
Z_95 = 1.959963984540054
# Perry et al. 2016, https://pmc.ncbi.nlm.nih.gov/articles/PMC5086705: RR and 95 % interval as printed.
PERRY = {
    "re-arrest": (0.97, 0.89, 1.07),
    "drug use": (0.90, 0.80, 1.00),
    "re-incarceration": (0.70, 0.57, 0.85),
    "therapeutic community, re-arrest": (0.70, 0.56, 0.87),
}


def amity(months, effective, report):
    """A finding of the one trial of 715 men: significant at 24 and 60 months, not at 36."""
    said = ("effective", "yes") if effective else ("ineffective", "no")
    return ScoredFinding(
        "amity", 5, "reoffending", "reincarceration", *said, source=report, facts=(("months", float(months)),)
    )


AMITY = {
    24: amity(24, True, "Wexler1999"),
    36: amity(36, False, "Wexler1999"),
    60: amity(60, True, "Prendergast2004"),
}


@pytest.mark.parametrize(("taken", "points"), [((24,), 2), ((36,), 0), ((60,), 2), ((24, 36), 0), ((24, 36, 60), 2)])
def test_amity_has_two_points_or_none_by_the_follow_up(taken, points):
    """One trial: the last time point that is looked at decides between 2 points and 0."""
    found = score([AMITY[months] for months in taken], POINTS, "last-time-point")

    assert found.points == points


def test_amity_is_one_study():
    """Two reports of one trial, both significant, are 2 points; counted as two studies they would be 3."""
    found = [AMITY[24], AMITY[60]]

    assert score(found, POINTS).points == 2
    assert len(score(found, POINTS).studies) == 1
    assert score(found, POINTS, "reports-count").points == 3


def of_perry():
    effects = [-math.log(estimate) for estimate, _, _ in PERRY.values()]
    errors = [(math.log(high) - math.log(low)) / (2 * Z_95) for _, low, high in PERRY.values()]
    return np.array(effects), np.array(errors)


def test_the_printed_intervals_of_perry_2016():
    """The deviates that they imply: .65, 1.85, 3.50, 3.17; drug use lies on the border with p .064."""
    effects, errors = of_perry()
    z = effects / errors

    assert z == pytest.approx([0.65, 1.85, 3.50, 3.17], abs=0.005)
    assert two_sided(z[1:2], np.array([np.inf])) == pytest.approx([0.064], abs=0.0005)


def test_perry_2016_beside_three_points():
    """Three points for drug use and re-arrest stand beside an interval that holds no effect, the others agree."""
    effects, errors = of_perry()
    found = ledger(effects, errors**2, range(4), [3] * 4)

    expected = ["points_high_ci_null", "points_high_ci_null", "agree_benefit", "agree_benefit"]
    assert found["status"].tolist() == expected
    assert found["few"].all()


def first_example(rule, name):
    example = next(one for one in rule.examples if name in one.name)
    found = score(example_findings(example), rule, None, dict(example.context))
    return found.output, found.colour


def test_multidimensional_family_therapy_by_two_rules():
    """Two teams make it well-established by the count of Chambless; without 12 months it is only supported by IV-E."""
    chambless = first_example(load_rule("est-jccap"), "two teams")
    prevention = first_example(load_rule("title-iv-e"), "Multidimensional Family Therapy")
    found = verdict_agreement([chambless[1]], [prevention[1]], COLOURS)

    assert (chambless[0], prevention[0]) == ("well_established", "supported")
    assert found.proportion == 0


def test_lifeskills_training_is_green_everywhere():
    """Its published labels, Blueprints Model Plus and Top Tier, have the same colour."""
    labels = {"blueprints": "model_plus", "top-tier": "top"}
    colours = [load_rule(name).outputs[label].colour for name, label in labels.items()]

    assert verdict_agreement(colours[:1], colours[1:], COLOURS).proportion == 1
    assert colours == ["green", "green"]


def test_two_significant_of_five_are_not_replicated():
    """One-sided p .003 .012 .20 .41 .74: a count has its several studies, r is .096 (Bonferroni) and above .05."""
    from scipy.special import ndtri

    y = -ndtri(np.array([0.003, 0.012, 0.20, 0.41, 0.74]))
    found = ledger(y, np.ones(5), np.zeros(5), [3])

    assert found["observed"].tolist() == [2]
    assert found["r_bonferroni"] == pytest.approx([2 * 0.0480], abs=1e-4)
    assert found["r_fisher"] == pytest.approx([2 * 0.0708], abs=1e-4)
