"""Points against pooled effects: the cells of a review, and what stands behind each status."""

import math

import pytest

from synthesis.crosscheck.ledger.columns import bounds_of_columns
from synthesis.crosscheck.ledger.models import columns_of
from synthesis.pipeline import crosscheck_of, pool_review
from tests.crosscheck.made import EFFECT, FINDING, REVIEW, STUDIES, STUDY, made

EMPTY = "row,outcome,points,placement,reason\n"


def bounds_of(pool, fit):
    return bounds_of_columns(columns_of([pool], [fit]))


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
    assert math.isnan(found.pi_low[0])
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

    assert check.drivers.decisive == (("beta2002", "2"),)
    assert check.drivers.heaviest[0] == "beta2002"
    assert check.drivers.turning == (("beta2002", "points_low_ci_benefit"),)


def test_a_modality_without_a_row_is_scored(checks):
    """One level 5 study makes 2 points wherever it stands; that the matrix has no cell is of the printed side."""
    check = checks["court", "reoffending"]

    assert (check.points, check.status) == (2, "agree_benefit")
    assert (check.printed, check.cell_points, check.printed_status) == (None, None, "")


def test_no_admissible_finding_no_points(tmp_path):
    """A pool of level 3 evidence, which the rule does not admit, stands alone, and says why."""
    levels = REVIEW.replace("[evidence_sets.old]", "[defaults]\nlevel = [3, 4, 5]\n[evidence_sets.old]", 1)
    record = STUDY.format(key="delta2004", report="Delta2004", level=3) + FINDING.format(
        modality="court", comparator="none", what=EFFECT.format(12, 32), report="Delta2004"
    )
    check = crosscheck_of(made(tmp_path, review=levels, delta2004=record))[-1]

    assert (check.modality.key, check.status) == ("court", "no_points")
    assert check.why_no_points == "no admissible finding"


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


def test_an_outcome_without_a_column_is_scored(tmp_path):
    """Points stand beside a pool of an outcome that the matrix does not have; printed there is no cell."""
    loaded = made(tmp_path, review=REVIEW.replace('column = "Reduced re-offending"\n', ""), scoring_matrix=EMPTY)
    check = crosscheck_of(loaded)[0]

    assert (check.status, check.points, check.why_no_points) == ("agree_none", 1, "")
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


def study(key, level, modality, *counts):
    """A study with one finding, its events among 100 treated and 100 controls."""
    report = key.capitalize()
    what = EFFECT.format(*counts)
    return STUDY.format(key=key, report=report, level=level) + FINDING.format(
        modality=modality, comparator="none", what=what, report=report
    )


def test_a_disagreement_of_eligibility_is_labelled(tmp_path):
    """One level 4 study is 1 point beside a benefit; a level 3 study without effect makes the disagreement vanish."""
    loaded = made(
        tmp_path, delta2004=study("delta2004", 4, "support", 12, 32), gamma2003=study("gamma2003", 3, "support", 31, 32)
    )
    check = next(one for one in crosscheck_of(loaded) if one.modality.key == "support")

    assert (check.points, check.status, check.kind) == (1, "points_low_ci_benefit", "they disagree")
    assert [(one.levels, one.follow_up, one.k) for one in check.resolved_by] == [
        ((1, 2, 3, 4, 5), "end", 2),
        ((1, 2, 3, 4, 5), "longest", 2),
    ]


def test_agreement_needs_no_label(checks):
    """Other selections are known of every scored cell; they resolve only what disagrees."""
    check = checks["support", "reoffending"]

    assert len(check.drivers.subsets) == 4
    assert check.resolved_by == ()


def test_adhoc_and_z_stand_side_by_side(checks):
    """Two studies by adhoc and with equal effects; a single study has its own effect, which is not called pooled."""
    named = {key[0]: [(model.name, model.status) for model in check.models] for key, check in checks.items()}

    assert named["programme"] == [("adhoc", "agree_none"), ("equal effects, z", "points_low_ci_benefit")]
    assert named["support"] == [("own effect, z", "agree_benefit")]


def test_the_pools_own_studies_are_scored_alone(checks):
    """Words are left aside: a study with and one without a significant effect are 1 point, as likely as brute force."""
    check = checks["programme", "reoffending"]
    found, fit = check.on_pool, check.pool.fit
    spread = [math.sqrt(entry.vi + fit.tau2) for entry in check.pool.entries]
    wins = [
        normal((-fit.estimate - 1.959964 * math.sqrt(e.vi)) / s)
        for e, s in zip(check.pool.entries, spread, strict=True)
    ]
    lost = [
        normal((fit.estimate - 1.959964 * math.sqrt(e.vi)) / s) for e, s in zip(check.pool.entries, spread, strict=True)
    ]

    assert found.surprise.k == 2
    assert found.surprise.pooled.as_good == pytest.approx(probability_of(found.output, wins, lost), rel=1e-5)


def normal(z):
    return 0.5 * math.erfc(-z / math.sqrt(2))


def probability_of(output, wins, lost):
    """P of that many points or more for two level 5 studies, by all nine outcomes (scoring_rule.md: 0, 1, 3)."""
    total = 0.0
    for first in range(3):
        for second in range(3):
            chance = math.prod((w, h, 1 - w - h)[say] for w, h, say in zip(wins, lost, (first, second), strict=True))
            points = {0: 0, 1: 1, 2: 3}[(first == 0) + (second == 0)]
            total += chance * (points >= int(output))
    return total


def test_what_the_studies_show_together(checks):
    """Of two studies: observed and expected benefits, and how many show one; of one study nothing."""
    shown = checks["programme", "reoffending"].together

    assert (shown.observed, shown.least_harm, shown.direction) == (1, 0, "benefit")
    assert 0 < shown.expected < 2
    assert checks["support", "reoffending"].together is None


def test_the_effect_as_a_standardised_mean_difference(checks):
    """Counts 12 and 32 of 100 by way of their odds ratio: log(88 * 32 / (12 * 68)) sqrt(3) / pi."""
    found = checks["support", "reoffending"].in_smd

    assert found.estimate == pytest.approx(math.log(88 * 32 / (12 * 68)) * math.sqrt(3) / math.pi)
    assert found.low < found.estimate


def test_how_few_flips_change_the_points(checks):
    """One study with 2 points: another state of it changes them, and without it the cell is blank."""
    fragility = checks["support", "reoffending"].drivers.fragility

    assert (fragility.flips, fragility.lowest, fragility.highest) == (1, "blank", "2")


def test_weights_by_level_and_reports(checks):
    """All weight of the pool is of level 5; three samples are scored from three reports."""
    check = checks["programme", "reoffending"]

    assert [level for level, _ in check.drivers.levels] == [5]
    assert check.drivers.levels[0][1] == pytest.approx(1)
    assert (len(check.score.studies), check.drivers.reports) == (3, 3)


def test_reported_direction_that_moves_a_cell(checks):
    """Beta2002 says effective and significant, its numbers do not: as reported two level 5 studies make 3 points."""
    check = checks["programme", "reoffending"]

    assert (check.points, check.drivers.reported.output) == (1, "3")
    assert checks["support", "reoffending"].drivers.reported is None


def test_a_verdict_in_words_stands_for_points(tmp_path):
    """Promising is yellow and stands for 2 points beside the same pool; a rule of certainty stands for none."""
    words = REVIEW.replace("[evidence_sets.old]", 'rule = "sherman-1998"\n[evidence_sets.old]', 1)
    sure = REVIEW.replace("[evidence_sets.old]", 'rule = "grade-lite"\n[evidence_sets.old]', 1)
    support = [
        next(one for one in crosscheck_of(made(tmp_path / name, review=text)) if one.modality.key == "support")
        for name, text in (("words", words), ("sure", sure))
    ]

    assert (support[0].score.output, support[0].points, support[0].standing) == ("promising", None, 2)
    assert support[0].status == "agree_benefit"
    assert (support[1].standing, support[1].status) == (None, "no_points")
    assert support[1].why_no_points == "the rule grades something else than effects"
