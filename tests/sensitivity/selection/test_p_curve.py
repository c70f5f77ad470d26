"""p-curves."""

import json

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from synthesis.errors import InvalidArgument
from synthesis.sensitivity.selection import p_curve
from tests.sensitivity import fooling

SIDE = -float(ndtri(0.025))
SQUARES = np.linspace(0.02, 0.12, 18)  # made up, as the effects are
STUDIES = np.random.default_rng(5).normal(0.55, np.sqrt(SQUARES))


def significant(shift, n, random):
    """Two-sided p-values of n studies whose deviates have mean `shift`, given that they are below .05."""
    z = random.normal(shift, 1, 60 * n)
    return 2 * ndtr(-np.abs(z[np.abs(z) > SIDE][:n]))


def shift_at(power):
    """The mean of deviates at which a two-sided test has this power, by brentq."""
    from scipy.optimize import brentq

    return brentq(lambda d: ndtr(d - SIDE) + ndtr(-d - SIDE) - power, 0, 10)


def tails(test):
    """The p-values of the full and the half curve."""
    return test.p_full, test.p_half


def stouffer(quotients):
    """Probabilities that are uniform under the hypothesis, combined by their normal deviates."""
    from scipy.stats import norm

    return norm.ppf(quotients).sum() / np.sqrt(len(quotients))


def test_the_statistics_are_those_of_the_papers():
    """Each z anew from the p-values, by scipy.stats, after Simonsohn, Nelson and Simmons (2014, 2015)."""
    from scipy.stats import binom, norm

    found, z, shift = p_curve(STUDIES, SQUARES), np.abs(STUDIES) / np.sqrt(SQUARES), shift_at(1 / 3)
    p = 2 * norm.sf(z[z > SIDE])
    power = norm.sf(norm.isf(p / 2) - shift) + norm.cdf(-norm.isf(p / 2) - shift)  # of p or smaller, at a power of 1/3
    low = p <= 0.025
    share = norm.sf(norm.isf(0.0125) - shift) + norm.cdf(-norm.isf(0.0125) - shift)
    skew, flat = found.right_skew, found.flatness

    assert (found.k, found.significant, found.half) == (18, len(p), low.sum())
    assert (skew.z_full, skew.z_half) == pytest.approx((stouffer(p / 0.05), stouffer(p[low] / 0.025)), rel=1e-9)
    assert flat.z_full == pytest.approx(stouffer(1 - 3 * power), rel=1e-9)
    assert flat.z_half == pytest.approx(stouffer(1 - power[low] / share), rel=1e-9)
    assert skew.p_binomial == pytest.approx(binom.sf(low.sum() - 1, len(p), 0.5), rel=1e-9)
    assert flat.p_binomial == pytest.approx(binom.cdf(low.sum(), len(p), 3 * share), rel=1e-9)


@pytest.mark.parametrize(("name", "power"), [("right_skew", 0.05), ("flatness", 1 / 3)])
def test_its_tests_have_their_size(name, power):
    """200 curves without an effect, or of a power of one third: tests at .05 reject 5 % within Monte-Carlo error."""
    random = np.random.default_rng(11)
    curves = [getattr(p_curve(p=significant(shift_at(power), 12, random)), name) for _ in range(200)]
    full, half = ([value is not None and value < 0.05 for value in ps] for ps in zip(*map(tails, curves), strict=True))
    error = 3 * np.sqrt(0.05 * 0.95 / 200)

    assert np.mean(full) == pytest.approx(0.05, abs=error)
    assert np.mean(half) == pytest.approx(0.05, abs=error)


def test_the_interval_of_the_power_covers():
    """200 curves of 15 studies of a power of 60 %: 90 % intervals hold it in 90 %, and the estimate lies about it."""
    random = np.random.default_rng(12)
    found = [p_curve(p=significant(shift_at(0.6), 15, random)) for _ in range(200)]
    covers = np.mean([one.power_ci_low <= 0.6 <= one.power_ci_high for one in found])

    assert covers == pytest.approx(0.9, abs=3 * np.sqrt(0.09 / 200))
    assert np.median([one.power for one in found]) == pytest.approx(0.6, abs=0.03)


def test_shares_of_the_curve():
    """Five bins that hold all significant p-values; those of a power of one third fall."""
    found = p_curve(p=[0.001, 0.012, 0.013, 0.04, 0.3])

    assert found.shares == pytest.approx((0.25, 0.5, 0, 0.25, 0))
    assert sum(found.shares_flat) == pytest.approx(1)
    assert np.all(np.diff(found.shares_flat) < 0)


def test_round_p_values_are_taken_as_they_are():
    """0.05 is not significant, 0.025 belongs to the half curve, and each bin holds its end."""
    found = p_curve(p=[0.01, 0.02, 0.025, 0.03, 0.04, 0.05])

    assert (found.significant, found.half) == (5, 3)
    assert found.shares == pytest.approx((0.2, 0.2, 0.4, 0.2, 0))
    assert p_curve(p=[0.05]).significant == 0
    assert p_curve(p=[0.01, 0.02, 0.03, 0.04]).right_skew.z_full == pytest.approx(0, abs=1e-12)


def test_directions():
    """Effects below 0 do not count for "greater"; p-values have no direction."""
    y, v = np.array([0.5, 0.6, -0.7, 0.1]), np.full(4, 0.04)

    assert [p_curve(y, v, alternative=one).significant for one in ("two-sided", "greater", "less")] == [3, 2, 1]
    with pytest.raises(InvalidArgument, match="have no direction"):
        p_curve(p=[0.01], alternative="greater")
    with pytest.raises(InvalidArgument, match="not both"):
        p_curve(y, v, p=[0.01])
    with pytest.raises(InvalidArgument, match="row 2"):
        p_curve(p=[0.01, 0.0])


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("pure_selection", "Flatter than that of studies of a power of one third"),
        ("two_clusters", "Right-skewed"),
        ("three", "below 5 a curve has hardly a shape"),
    ],
)
def test_what_it_says_of_data_made_to_fool_it(name, words):
    """Pure selection is seen; few studies are said to be few."""
    found = p_curve(*getattr(fooling, name)())

    assert words in found.verdict
    json.dumps(found.to_dict(), allow_nan=False)


def test_no_significant_study():
    """No curve, and a reason for everything that is missing."""
    found = p_curve([0.1, 0.2], [1.0, 1.0])

    assert not found.usable
    assert found.right_skew is None
    assert "no study is significant" in found.reason("power")
