"""The rules of the verdicts."""

import json

import numpy as np
import pytest

from synthesis.pooling import pool
from synthesis.sensitivity.cautions import CAUTIONS, OURS, Caution, looked, verdict
from tests.sensitivity import fooling

EVERY = tuple(CAUTIONS)
FOOLED = {
    fooling.unbiased: set(),
    fooling.one_outlier: {"one study far away"},
    fooling.two_clusters: {"heterogeneity"},
    fooling.pure_selection: {"all significant"},
    fooling.three: {"few studies", "fewer than 20 studies"},
    fooling.alike: {"tau2 is 0", "fewer than 20 studies"},
}


def held(y, v):
    """The names of all rules that hold."""
    return set(verdict(y, v, rules=EVERY, tells="", cannot_tell="").names)


@pytest.mark.parametrize("studies_", FOOLED, ids=lambda one: one.__name__)
def test_each_way_of_being_fooled_has_its_caution(studies_):
    """One outlier, two clusters, pure selection, three studies, no heterogeneity."""
    assert held(*studies_()) >= FOOLED[studies_]


def test_nothing_is_said_of_studies_that_fool_nobody():
    """Thirty studies of all sizes and one effect: only that tau^2 may be estimated as 0."""
    assert held(*fooling.unbiased()) <= {"tau2 is 0"}


@pytest.mark.parametrize("name", CAUTIONS)
def test_every_rule_has_words_and_a_source(name):
    """A sentence, and a paper, a section of the handbook, or that the rule is our own, as the thresholds of two are."""
    rule = CAUTIONS[name]

    assert len(rule.says) > 20
    assert (OURS in rule.source) == (name in {"all significant", "one study far away"})
    assert OURS in rule.source or "Cochrane Handbook" in rule.source or "(20" in rule.source


def test_a_study_far_away_is_seen_by_the_others():
    """The deleted residual is that of a pool of the others with DerSimonian and Laird's tau^2."""
    y, v = np.array([0.1, 0.3, 0.2, 0.25, 2.0]), np.array([0.02, 0.04, 0.03, 0.05, 0.06])
    others = pool(y[:-1], v[:-1], method="DL", test="z")

    assert looked(y, v).farthest == pytest.approx(
        (2.0 - others.estimate) / np.sqrt(0.06 + others.tau2 + others.se**2), rel=1e-12
    )  # fmt: skip


def test_among_many_studies_one_far_away_is_seen_too():
    """Beyond 500 studies none is left out; the largest distance is a little smaller for that."""
    random = np.random.default_rng(1)
    v = random.uniform(0.05, 0.5, 501)
    y = random.standard_normal(501) * np.sqrt(v + 0.04)
    y[7] = 9.0

    left_out = looked(np.delete(y, 0), np.delete(v, 0)).farthest

    assert 0.8 * left_out < looked(y, v).farthest < left_out


def test_a_rule_against_a_method_makes_it_unusable():
    """Only where it holds, and only where it is named so; a caution of the method's own counts too."""
    own = Caution("own", "says", "source")
    options = {"rules": EVERY, "tells": "this", "cannot_tell": "that"}
    few = verdict(*fooling.three(), against=("few studies",), **options)
    many = verdict(*fooling.unbiased(), against=("few studies",), **options)
    more = verdict(*fooling.unbiased(), against=("own",), more=(own,), **options)

    assert (few.usable, many.usable, more.usable) == (False, True, False)
    assert few.summary().startswith("verdict: not usable here; tells this; cannot tell that\ncaution, few studies: ")
    assert json.loads(json.dumps(few.to_dict()))["cautions"][0]["source"] == "Cochrane Handbook 13.3.5.4"


@pytest.mark.parametrize("unit", [1e-9, 1e9])
def test_units_change_no_caution(unit):
    """The same rules hold in any unit, and with turned signs."""
    for studies_ in FOOLED:
        y, v = studies_()
        assert held(unit * y, unit**2 * v) == held(y, v) == held(-y, v)


def test_a_single_study_has_no_heterogeneity():
    """It is looked at without an error."""
    assert looked(np.array([0.3]), np.array([0.1])) == (1, 1.0, 0.0, 0, 0.0)
