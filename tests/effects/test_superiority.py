"""The common language effect size, the area under the ROC curve."""

import numpy as np
import pytest
from scipy.special import ndtr
from scipy.stats import t as student

from synthesis.effects import escalc
from synthesis.errors import InvalidArgument
from tests.effects.moments import second_order

MEANS = {"m1i": [5.0, 9.0], "sd1i": [2.0, 3.0], "n1i": [20, 12], "m2i": [4.0, 7.0], "sd2i": [3.0, 2.5], "n2i": [30, 9]}
REPORTED = {"ai": [0.5, 0.8, 0.97], "n1i": [12, 12, 12], "n2i": [12, 30, 7]}


def test_exponential_distributions_have_the_variance_of_hanley_and_mcneil():
    """U / (n1 n2) of 20,000 drawn studies (5 Monte-Carlo errors); the estimate has (n1 - 1) (n2 - 1) below instead."""
    random = np.random.default_rng(1982)
    a, n1, n2, draws = 0.7, 6, 9, 20_000
    x = random.exponential(1 / (1 - a), (draws, n1, 1))
    y = random.exponential(1 / a, (draws, 1, n2))
    variance = ((x > y).mean(axis=(1, 2)) - a) ** 2
    found = escalc("CLES", ai=a, n1i=n1, n2i=n2, vtype="LS2").vi[0] * (n1 - 1) * (n2 - 1) / (n1 * n2)

    assert abs(variance.mean() - found) < 5 * variance.std() / np.sqrt(draws)


def test_both_formulas_agree_for_groups_of_one_size():
    """Newcombe's variance puts the mean size in place of both."""
    found = [escalc("CLES", **REPORTED, vtype=vtype).vi for vtype in ("LS", "LS2")]

    assert found[0][0] == pytest.approx(found[1][0], rel=1e-12)
    assert not np.isclose(found[0][1:], found[1][1:]).any()


@pytest.mark.parametrize("vtype", ["LS", "LS2"])
def test_the_other_group_first(vtype):
    """1 - a with the sizes exchanged has the variance of a."""
    one = escalc("AUC", **REPORTED, vtype=vtype)
    other = escalc("AUC", ai=1 - np.array(REPORTED["ai"]), n1i=REPORTED["n2i"], n2i=REPORTED["n1i"], vtype=vtype)

    np.testing.assert_allclose(other.vi, one.vi, rtol=1e-12)


def test_ties_make_the_variance_smaller():
    """By a quarter of their share, over (n1 - 1) (n2 - 1); a share that is not known counts as none."""
    without = escalc("CLES", **REPORTED, vtype="LS2").vi
    found = escalc("CLES", **REPORTED, mi=[0.2, 0.0, None], vtype="LS2").vi

    np.testing.assert_allclose(without - found, [0.2 / 4 / 121, 0, 0], rtol=1e-9, atol=1e-15)


def test_the_normal_model_by_the_delta_method():
    """CLESN against numerical derivatives of Phi((m1 - m2) / sqrt(v1 + v2)), with n - 1 as metafor documents."""
    found = escalc("CLESN", **MEANS)

    for row in range(2):
        m1, sd1, n1, m2, sd2, n2 = (MEANS[name][row] for name in MEANS)
        at = (m1, m2, sd1**2, sd2**2)
        covariance = np.diag([sd1**2, sd2**2, 2 * sd1**4, 2 * sd2**4]) / np.diag([n1, n2, n1, n2] - np.ones(4)).clip(1)
        expected = second_order(lambda a, b, v, w: ndtr((a - b) / np.sqrt(v + w)), at, covariance, second=False)
        assert found.vi[row] == pytest.approx(expected, rel=1e-5)


def test_one_standard_deviation_by_the_delta_method():
    """With HO the effect is Phi(d / sqrt(2)), and its variance that of the pooled variance and of both means."""
    found, pooled = escalc("AUCN", **MEANS, vtype="HO"), escalc("MD", **MEANS, vtype="HO")
    n1, n2 = np.array([20, 12]), np.array([30, 9])
    v = pooled.vi / (1 / n1 + 1 / n2)

    np.testing.assert_allclose(found.yi, ndtr(pooled.yi / np.sqrt(2 * v)), rtol=1e-12)
    for row in range(2):
        df = n1[row] + n2[row] - 2
        covariance = np.diag([v[row] * (1 / (n1[row] - 1) + 1 / (n2[row] - 1)), 2 * v[row] ** 2 / df])
        at = (pooled.yi[row], v[row])
        expected = second_order(lambda m, w: ndtr(m / np.sqrt(2 * w)), at, covariance, second=False)
        assert found.vi[row] == pytest.approx(expected, rel=1e-5)


def test_what_else_a_study_may_show():
    """d, t, p or the effect itself mean one standard deviation; the effect with both deviations means two."""
    expected, pooled = escalc("CLESN", **MEANS, vtype="HO"), escalc("MD", **MEANS, vtype="HO")
    sizes = {"n1i": MEANS["n1i"], "n2i": MEANS["n2i"]}
    t = pooled.yi / np.sqrt(pooled.vi)

    for shown in ({"ti": t}, {"pi": 2 * student.sf(t, [48, 19])}, {"ai": expected.yi}):
        found = escalc("CLESN", **shown, **sizes)
        np.testing.assert_allclose((found.yi, found.vi), (expected.yi, expected.vi), rtol=1e-9)
    own = escalc("CLESN", **MEANS)
    found = escalc("CLESN", ai=own.yi, sd1i=MEANS["sd1i"], sd2i=MEANS["sd2i"], **sizes)
    np.testing.assert_allclose((found.yi, found.vi), (own.yi, own.vi), rtol=1e-12)


def test_rows_that_make_no_effect():
    """A certain order has no normal quantile, one person no variance."""
    found = escalc("CLESN", ai=[1.0, 0.7, None], n1i=[9, 1, 9], n2i=9)

    assert [note.reason for note in found.dropped] == [
        "a probability of 0 or 1 has no normal quantile",
        "a group of one person has no variance",
        "no standard deviation above 0, or a number is missing",
    ]
    assert escalc("CLES", ai=0.7, n1i=1, n2i=9).dropped[0].reason == "a group of one person has no variance"
    for measure in ("CLES", "CLESN"):
        with pytest.raises(InvalidArgument, match="ai, a probability, must lie between 0 and 1: row 1"):
            escalc(measure, ai=1.1, n1i=9, n2i=9)
