"""Points against pooled effects: every status at its borders, and what drives it."""

import math

import pytest

from synthesis.crosscheck.discordance import STATUSES, Bounds, bounds_of, status
from synthesis.pipeline import crosscheck_of, pool_review
from tests.crosscheck.made import EFFECT, FINDING, REVIEW, STUDIES, STUDY, made

EMPTY = "row,outcome,points,placement,reason\n"


def bounds(low, high, pi_low=None, upper=None):
    return Bounds(low, high, pi_low, high if upper is None else upper)


@pytest.mark.parametrize(
    ("points", "found", "worthwhile", "expected"),
    [
        (3, None, None, "not_estimable"), (None, None, None, "not_estimable"),
        (None, bounds(0.1, 0.2), None, "no_points"), (None, bounds(-0.2, -0.1), 0.3, "no_points"),
        (2, bounds(-0.2, -0.01), None, "reversal"), (3, bounds(-0.2, -0.01), 0.1, "reversal"),
        (1, bounds(-0.2, -0.01), None, "agree_harm"), (0, bounds(-0.2, -0.01), 0.1, "agree_harm"),
        (2, bounds(0.01, 0.09), 0.1, "trivial"), (2, bounds(-0.01, 0.09), 0.1, "trivial"),
        (2, bounds(0.01, 0.1), 0.1, "agree_benefit"), (2, bounds(0.01, 0.09), None, "agree_benefit"),
        (2, bounds(0, 0.2), None, "points_high_ci_null"), (3, bounds(-0.1, 0), None, "points_high_ci_null"),
        (3, bounds(-0.1, 0.2, -0.5), 0.1, "points_high_ci_null"),
        (2, bounds(0.1, 0.2, 0), None, "points_high_pi_null"), (3, bounds(0.1, 0.2, -0.1), None, "points_high_pi_null"),
        (2, bounds(0.1, 0.2, 0.01), None, "agree_benefit"), (3, bounds(0.1, 0.2), None, "agree_benefit"),
        (1, bounds(0.01, 0.2), None, "points_low_ci_benefit"), (0, bounds(0.01, 0.02), 0.1, "points_low_ci_benefit"),
        (0, bounds(-0.1, 0.11, upper=0.09), 0.1, "equivalent"), (0, bounds(-0.1, 0.11, upper=0.1), 0.1, "agree_none"),
        (1, bounds(-0.1, 0.11, upper=0.09), 0.1, "agree_none"), (0, bounds(-0.1, 0.11), None, "agree_none"),
        (1, bounds(-0.1, 0), None, "agree_none"), (0, bounds(0, 0.1), None, "agree_none"),
    ],
)  # fmt: skip
def test_the_first_status_that_holds(points, found, worthwhile, expected):
    """Each status at its borders: bounds of exactly 0 hold no effect, bounds of exactly m are worthwhile."""
    assert status(points, found, worthwhile) == expected


@pytest.mark.parametrize("name", STATUSES)
def test_every_status_has_words(name):
    """A status is explained wherever it is shown."""
    assert STATUSES[name]


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    return made(tmp_path_factory.mktemp("discordance"))


@pytest.fixture(scope="module")
def checks(loaded):
    return {(check.modality.key, check.outcome.key): check for check in crosscheck_of(loaded)}


def test_a_check_for_every_cell_and_every_headline_pool(checks):
    """Modalities and outcomes with a printed cell, with points or with a pool; in the review's order."""
    assert list(checks) == [("programme", "reoffending"), ("support", "reoffending"), ("court", "reoffending")]


def test_bounds_speak_of_benefit(loaded):
    """A ratio below 1 of a bad event is a benefit; the 90 % bound lies within the 95 % one."""
    pool = pool_review(loaded).headline("support", "reoffending")
    found = bounds_of(pool, pool.fit)

    assert found.low == pytest.approx(-pool.fit.ci_high)
    assert found.pi_low is None
    assert found.upper == pytest.approx(-math.log(12 / 32) + 1.6448536 * pool.fit.se)


def test_points_and_pool_are_of_the_same_contrasts(checks):
    """Where two modalities share a row, each pool stands beside the points of its own contrasts."""
    programme, support = checks["programme", "reoffending"], checks["support", "reoffending"]

    assert (programme.points, support.points) == (1, 2)
    assert programme.cell_points == support.cell_points == 3


def test_few_studies_have_two_statuses(checks):
    """Two studies: the status under the adhoc interval, and under equal effects with z."""
    check = checks["programme", "reoffending"]

    assert check.few
    assert (check.status, check.status_beside) == ("agree_none", "points_low_ci_benefit")


def test_printed_points_have_their_own_status(checks):
    """The 3 points that were printed are compared with the same pool; the inferred column stays known."""
    check = checks["programme", "reoffending"]

    assert check.printed_status == "points_high_ci_null"
    assert check.printed.doubtful


def test_what_drives_a_status(checks):
    """The studies the points rest on, the heaviest one, and those whose removal turns the status."""
    check = checks["programme", "reoffending"]

    assert check.decisive == (("beta2002", 2),)
    assert check.heaviest[0] == "beta2002"
    assert check.turning == (("beta2002", "points_low_ci_benefit"),)


def test_no_row_no_points(checks):
    """A modality without a row has a pool and no points, and says why."""
    check = checks["court", "reoffending"]

    assert check.status == "no_points"
    assert check.why_no_points == "the modality has no row in the matrix"


def test_published_results_stand_beside(checks):
    """What others pooled of the same modality and outcome."""
    assert [one.review for one in checks["programme", "reoffending"].published] == ["Review2009"]
    assert checks["support", "reoffending"].published == ()


def test_the_smallest_worthwhile_effect_is_of_its_measure(tmp_path):
    """A benefit that review.toml calls too small to matter is trivial."""
    loaded = made(tmp_path, review=REVIEW.replace("{ RR = 0.05 }", "{ RR = 2.0 }"))
    found = {check.modality.key: check.status for check in crosscheck_of(loaded)}

    assert found["support"] == "trivial"


def test_a_printed_cell_without_a_study(tmp_path):
    """Printed points without any living evidence: nothing can be estimated, and that is said of both."""
    table = "row,outcome,points,placement,reason\nJ,drug_use,2,certain,\n"
    checks = crosscheck_of(made(tmp_path, scoring_matrix=table))
    (check,) = [one for one in checks if (one.modality.key, one.outcome.key) == ("programme", "drug_use")]

    assert (check.status, check.printed_status, check.points) == ("not_estimable", "not_estimable", None)
    assert check.why_no_points == "no admissible finding"


def test_every_study_is_somewhere(loaded):
    """No invented study is lost between the records and the check."""
    assert {study.key for study in loaded.records.studies} == set(STUDIES)


def test_an_outcome_without_a_column_has_no_points(tmp_path):
    """A pool of an outcome that the matrix does not score says why nothing stands beside it."""
    loaded = made(tmp_path, review=REVIEW.replace('column = "Reduced re-offending"\n', ""), scoring_matrix=EMPTY)
    check = crosscheck_of(loaded)[0]

    assert (check.status, check.why_no_points) == ("no_points", "the outcome has no column in the matrix")
    assert (check.printed, check.cell_points) == (None, None)


def test_a_prediction_interval_is_turned_as_the_interval_is(tmp_path):
    """Three studies: a benefit under z, but on one degree of freedom the prediction interval is wide."""
    gamma = STUDY.format(key="gamma2003", report="Gamma2003", level=5) + FINDING.format(
        modality="programme", comparator="none", what=EFFECT.format(15, 33), report="Gamma2003"
    )
    loaded = made(tmp_path, gamma2003=gamma)
    pool = pool_review(loaded).headline("programme", "reoffending")
    check = crosscheck_of(loaded)[0]

    assert bounds_of(pool, pool.fit).pi_low == pytest.approx(-pool.fit.pi_high)
    assert pool.fit.k == 3
    assert check.status_beside == "points_high_pi_null"
