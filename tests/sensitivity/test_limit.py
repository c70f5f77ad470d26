"""Limit meta-analysis."""

import json

import numpy as np
import pytest

from synthesis.errors import InvalidArgument
from synthesis.pooling import pool
from synthesis.sensitivity.small_studies.limit import limit_meta
from synthesis.sensitivity.small_studies.named_tests import egger
from tests.sensitivity import fooling
from tests.sensitivity.fooling import columns


def close(value):
    """Equal to 1e-9 of the value."""
    return pytest.approx(value, rel=1e-9, abs=1e-12)


def test_the_haloperidol_trials():
    """The adjusted risk ratio 1.29, and the unadjusted 2.15 [1.51, 3.06] with tau^2 0.1754 and Q 27.24.

    As a public rerun (meta 4.15-1, metasens 0.5-0, Paule-Mandel) has them of the commands of Balduzzi S, Rucker G,
    Schwarzer G (2019). How to perform a meta-analysis with R: a practical tutorial. Evidence-Based Mental Health 22(4),
    153-160, which itself was not read.
    """
    found = limit_meta(*fooling.haloperidol(), method="PM", test="z")
    observed = np.exp([found.observed.estimate, found.observed.ci_low, found.observed.ci_high])

    assert observed.round(2).tolist() == [2.15, 1.51, 3.06]
    assert (round(found.tau2, 4), round(found.q, 2)) == (0.1754, 27.24)
    assert round(np.exp(found.expectation.estimate), 2) == 1.29


@pytest.mark.parametrize("name", ["bcg_rr", "li2007_or", "molloy2014_zcor"])
def test_the_formulas_of_the_paper(name):
    """Written out anew with numpy's least squares: the three estimates, the shrunken effects, Q' and G^2."""
    y, v = columns(name)
    found, se = limit_meta(y, v), np.sqrt(v)
    spread = np.sqrt(v + found.tau2)
    beta, alpha = np.polyfit(1 / spread, y / spread, 1)
    shrunken = beta + np.sqrt(found.tau2) / spread * (y - beta)
    line = np.poly1d(np.polyfit(1 / se, y / se, 1))

    assert found.expectation.estimate == close(beta + np.sqrt(found.tau2) * alpha)
    assert found.expectation.se == close(1 / (np.std(1 / se) * np.sqrt(len(y))))
    assert found.shrunken == close(shrunken.tolist())
    assert found.with_bias.estimate == close(np.polyfit(1 / se, shrunken / se, 1)[0])
    assert found.without_bias.estimate == close(np.average(shrunken, weights=1 / v))
    assert found.q_residual == close(np.sum((y / se - line(1 / se)) ** 2))
    assert found.g2 == close(100 * (1 - np.corrcoef(1 / se, shrunken / se)[0, 1] ** 2))


def test_q_is_parted():
    """Q is that of the pool; the part of small-study effects is the rest, with one degree of freedom."""
    y, v = columns("li2007_or")
    found = limit_meta(y, v)

    assert found.q == close(pool(y, v).q)
    assert found.q_small + found.q_residual == close(found.q)


def test_without_heterogeneity_it_is_pet():
    """Where tau^2 is 0 all shrunken effects are the limit of Egger's line, nothing is left for G^2, and it is told."""
    y, v = fooling.alike()
    found = limit_meta(y, v)

    assert (found.tau2, found.expectation.estimate) == (0.0, close(egger(y, v).limit_estimate))
    assert found.shrunken == close([found.slope] * 12)
    assert found.g2 == pytest.approx(0, abs=1e-9)
    assert "tau2 is 0" in found.verdict.names


@pytest.mark.parametrize(("tau", "alpha"), [(0.2, 0.0), (0.2, 1.0), (0.3, 1.5)])
def test_it_finds_what_it_promises(tau, alpha):
    """Under its own model, 200 meta-analyses of 40 studies (seeded): all three estimates are right on average.

    The limit is beta + tau alpha; the pool without adjustment is far off where alpha is not 0. To within four
    standard errors of the simulation.
    """
    random, limit, found = np.random.default_rng(4), 0.3 + tau * alpha, []
    for _ in range(200):
        v = random.uniform(0.01, 0.6, 40)
        y = 0.3 + np.sqrt(v + tau**2) * (alpha + random.standard_normal(40))
        one = limit_meta(y, v)
        found.append(
            [one.expectation.estimate, one.with_bias.estimate, one.without_bias.estimate, one.observed.estimate]
        )
    away, error = np.mean(found, axis=0) - limit, np.std(found, axis=0) / np.sqrt(200)

    assert (np.abs(away[:3]) < 4 * error[:3] + 0.02).all()
    assert (away[3] > 0.2) == (alpha > 0)


@pytest.mark.parametrize(
    ("studies_", "usable", "cautions"),
    [
        (fooling.unbiased, True, set()),
        (fooling.one_outlier, True, {"one study far away"}),
        (fooling.pure_selection, True, {"all significant"}),
        (fooling.three, False, {"few studies"}),
        (fooling.alike, True, {"tau2 is 0"}),
    ],
)
def test_on_studies_made_to_fool_it(studies_, usable, cautions):
    """The verdict says where it is unreliable and why."""
    found = limit_meta(*studies_())

    assert found.verdict.usable == usable
    assert set(found.verdict.names) >= cautions


def test_two_groups_of_studies_are_taken_for_small_study_effects():
    """Small studies of other people: the limit is near the large ones, and the verdict does not call that bias."""
    found = limit_meta(*fooling.two_clusters())

    assert found.expectation.estimate < found.observed.estimate - 0.3
    assert "whether that is bias" in found.verdict.cannot_tell


@pytest.mark.parametrize("unit", [1e-9, 1e9])
def test_a_change_of_units_changes_nothing_but_units(unit):
    """Q, G^2 and the bias stay; estimates have the new unit."""
    y, v = columns("bcg_rr")
    one, other = limit_meta(y, v), limit_meta(unit * y, unit**2 * v)

    assert (other.g2, other.bias, other.q_small) == (close(one.g2), close(one.bias), close(one.q_small))
    assert other.expectation.estimate == close(unit * one.expectation.estimate)


def test_without_a_spread_of_errors():
    """No line: None with the reason, in text and JSON too."""
    found = limit_meta([0.1, 0.2, 0.4], [0.1, 0.1, 0.1])

    assert (found.expectation, found.g2, found.shrunken, found.verdict.usable) == (None, None, (), False)
    assert found.reason("g2") == "the predictor is the same for all studies"
    assert json.loads(json.dumps(found.to_dict(), allow_nan=False))["expectation"] is None


def test_a_result_is_text_and_json():
    """The summary ends with the verdict; one study is refused."""
    found = limit_meta(*columns("bcg_rr"))

    assert "verdict: " in found.summary()
    assert json.loads(json.dumps(found.to_dict(), allow_nan=False))["k"] == 13
    with pytest.raises(InvalidArgument, match="more than one study"):
        limit_meta([0.1], [0.1])


def test_effects_that_are_all_equal():
    """No residual and no G^2 but 0: the line explains them all; for effects of 0 there is nothing to explain."""
    v = [0.01, 0.02, 0.05, 0.1, 0.3]
    found = limit_meta([0.1] * 5, v)

    assert (found.g2, found.q_residual) == (0.0, 0.0)
    assert found.expectation.estimate == close(0.1)
    assert limit_meta([0.0] * 5, v).reason("g2") == "the shrunken effects over their standard errors are all the same"
