"""p-uniform and p-uniform*."""

import json
from fractions import Fraction
from math import comb, factorial, floor

import numpy as np
import pytest
from scipy.special import ndtr

from synthesis.errors import InvalidArgument
from synthesis.sensitivity.selection import p_uniform, p_uniform_star, selection_model
from synthesis.sensitivity.selection.p_uniform import irwin_hall
from synthesis.sensitivity.selection.p_uniform_star import Conditional
from tests.sensitivity import fooling


def published(mean, tau, n, random, *, chance=0.0):
    """Studies that are significant and above 0, or lucky."""
    v = random.uniform(0.02, 0.1, 100 * n)
    y = random.normal(mean, np.sqrt(v + tau**2))
    kept = np.flatnonzero((y > 1.959964 * np.sqrt(v)) | (random.random(len(y)) < chance))[:n]
    return y[kept], v[kept]


@pytest.mark.parametrize("n", [1, 2, 5, 12, 18])
def test_sums_of_uniform_numbers(n):
    """Irwin and Hall's distribution against its alternating sum in exact fractions."""
    for share in (Fraction(1, 50), Fraction(1, 4), Fraction(2, 3), Fraction(19, 20)):
        x = share * n
        exact = sum((-1) ** j * comb(n, j) * (x - j) ** n for j in range(floor(x) + 1)) / factorial(n)
        assert irwin_hall(float(x), n) == pytest.approx(float(exact), rel=1e-12)


def test_sums_of_many_uniform_numbers():
    """Symmetric about n / 2, and close to the normal distribution, without loss of digits."""
    assert irwin_hall(100.0, 200) == pytest.approx(0.5, rel=1e-12)
    assert irwin_hall(88.0, 200) == pytest.approx(1 - irwin_hall(112.0, 200), rel=1e-9)
    assert irwin_hall(92.0, 200) == pytest.approx(ndtr(-8 / np.sqrt(200 / 12)), rel=0.01)


def test_p_values_are_uniform_at_the_estimate():
    """At the estimate the conditional p-values, worked out anew, sum to half their number."""
    y, v = published(0.3, 0.0, 10, np.random.default_rng(1))
    found, s = p_uniform(y, v), np.sqrt(v)
    q = ndtr((found.estimate - y) / s) / ndtr((found.estimate - 1.959963984540054 * s) / s)

    assert q.sum() == pytest.approx(5, rel=1e-9)
    assert found.significant == found.k == 10


@pytest.mark.parametrize(("method", "sets"), [("P", 60), ("LNP", 150)])
def test_the_interval_covers_and_the_test_has_its_size(method, sets):
    """Sets of 8 significant studies: 95 % of the intervals hold the effect, 5 % of the tests reject where none is."""
    random = np.random.default_rng(2)
    found = [p_uniform(*published(0.25, 0.0, 8, random), method=method) for _ in range(sets)]
    null = [p_uniform(*published(0.0, 0.0, 8, random), method=method) for _ in range(sets)]
    error = 3 * np.sqrt(0.05 * 0.95 / sets)

    assert np.mean([one.ci_low <= 0.25 <= one.ci_high for one in found]) == pytest.approx(0.95, abs=error)
    assert np.mean([one.p_value < 0.05 for one in null]) == pytest.approx(0.05, abs=error)


def test_p_uniform_of_the_other_direction_is_the_mirror():
    """Effects with the other sign: the same with the other sign."""
    y, v = published(0.3, 0.0, 10, np.random.default_rng(1), chance=0.3)
    one, other = p_uniform(y, v), p_uniform(-y, v, alternative="less")

    assert (other.estimate, other.ci_low, other.ci_high) == pytest.approx((-one.estimate, -one.ci_high, -one.ci_low))
    assert (other.p_value, other.bias_p_value) == (one.p_value, one.bias_p_value)


@pytest.mark.parametrize("unit", [1e-9, 1e9])
@pytest.mark.parametrize("function", [p_uniform, p_uniform_star])
def test_units_change_only_units(function, unit):
    """Effects in other units."""
    y, v = published(0.3, 0.1, 25, np.random.default_rng(3), chance=0.4)
    one, other = function(y, v), function(unit * y, unit**2 * v)

    for name in ("estimate", "ci_low", "ci_high"):
        assert getattr(other, name) / unit == pytest.approx(getattr(one, name), rel=1e-6)


def test_the_slope_of_the_conditional_likelihood():
    """The gradient in closed form is that of differences."""
    y, v = published(0.3, 0.2, 15, np.random.default_rng(4), chance=0.4)
    surface = Conditional(y, v, 1.96 * np.sqrt(v), y > 1.96 * np.sqrt(v))
    place = np.array([[0.2, 0.05]])
    for at, shift in enumerate(1e-6 * np.eye(2)):
        ahead, behind = (surface.evaluate(None, place + side * shift)[0][0] for side in (1, -1))
        assert surface.evaluate(None, place)[1][0, at] == pytest.approx((ahead - behind) / 2e-6, rel=1e-6)


def test_with_equal_variances_p_uniform_star_is_the_model_with_one_step():
    """Estimates and profile intervals, for at the best weight one step's likelihood is p-uniform*'s times a constant.

    That is, with n of k studies significant, each with the probability 1 - F: A^-k w^(k - n), A = 1 - F + w F, is
    highest at w = (1 - F) (k - n) / (F n), and there in proportion to (1 - F)^-n F^-(k - n).
    """
    y, _ = published(0.3, 0.3, 40, np.random.default_rng(5), chance=0.4)
    v = np.full(40, 0.05)
    star, steps = p_uniform_star(y, v), selection_model(y, v, steps=0.025)

    assert star.estimate == pytest.approx(steps.estimate, rel=1e-6)
    assert (star.ci_low, star.ci_high) == pytest.approx((steps.mean.profile_low, steps.mean.profile_high), rel=1e-5)
    assert star.tau2 == pytest.approx(steps.tau2.estimate, rel=1e-5)


def test_of_significant_studies_alone_it_is_the_model_whose_weight_is_0():
    """With all studies significant both likelihoods are that of normal effects cut off at the critical values."""
    y, v = fooling.pure_selection()
    star, steps = p_uniform_star(y, v), selection_model(y, v, steps=0.025, delta=(1, 0), profile=False)

    assert star.estimate == pytest.approx(steps.estimate, rel=1e-6)
    assert star.log_likelihood == pytest.approx(steps.log_likelihood, rel=1e-9)


@pytest.mark.parametrize("unit", [1.0, -1e6])
def test_an_interval_without_an_end_has_none(unit):
    """Two studies that are not significant: at 6, 60 and 600 the likelihood, over tau2 on a grid, is high enough."""
    from scipy.stats import norm

    y, s = np.array([0.02, 0.1]), np.array([0.2, 0.2])
    found = p_uniform_star(unit * y, unit**2 * s**2, alternative="greater" if unit > 0 else "less")
    top = found.log_likelihood + 2 * np.log(abs(unit))
    for mu in (6, 60, 600):
        roots = np.sqrt(s**2 + np.append(0.0, np.geomspace(1e-4, 1e7, 400))[:, None])
        heights = (norm.logpdf(y, mu, roots) - norm.logcdf((-norm.ppf(0.025) * s - mu) / roots)).sum(axis=1)
        assert top - heights.max() < 1.92

    far, near = ("ci_high", "ci_low") if unit > 0 else ("ci_low", "ci_high")
    assert getattr(found, far) is None
    assert "however far out" in found.reason(far)
    assert getattr(found, near) is not None
    assert found.tau2_ci_low == 0
    assert found.reason("tau2_ci_low") == ""


@pytest.mark.parametrize("call", [p_uniform, p_uniform_star])
def test_variances_too_unlike(call):
    """Variances of 1e-80 beside 1e80 are refused with their rows."""
    with pytest.raises(InvalidArgument, match=r"vi must not differ.*row 2"):
        call([1.0, 0.0, 1.0], [1e80, 1e-80, 1.0])


def test_p_uniform_star_covers_under_heterogeneity():
    """60 sets of 30 studies, tau 0.2, three in ten of those not significant published: 95 % intervals."""
    random = np.random.default_rng(6)
    found = [p_uniform_star(*published(0.2, 0.2, 30, random, chance=0.3)) for _ in range(60)]
    covers = np.mean([one.ci_low <= 0.2 <= one.ci_high for one in found])

    assert covers == pytest.approx(0.95, abs=3 * np.sqrt(0.05 * 0.95 / 60))
    assert np.mean([one.unselected for one in found]) > 0.3
    assert np.median([one.estimate for one in found]) == pytest.approx(0.2, abs=0.04)


@pytest.mark.parametrize(
    ("name", "usable", "rules"),
    [
        ("pure_selection", False, {"all_significant", "p_near_alpha"}),
        ("three", False, {"few"}),
        ("two_clusters", True, {"assumption"}),
        ("alike", False, {"none_significant"}),
    ],
)
def test_what_p_uniform_star_says_of_data_made_to_fool_it(name, usable, rules):
    """The rules that apply, and whether they decide against it."""
    found = p_uniform_star(*getattr(fooling, name)())

    assert rules <= {rule for rule, _ in found.findings}
    assert found.usable is usable
    json.dumps(found.to_dict(), allow_nan=False)


@pytest.mark.parametrize(
    ("name", "usable", "rule"),
    [
        ("pure_selection", True, "p_near_alpha"),
        ("two_clusters", False, "much_heterogeneity"),
        ("three", False, "few_significant"),
    ],
)
def test_what_p_uniform_says_of_data_made_to_fool_it(name, usable, rule):
    """Heterogeneity decides against p-uniform; p-values near alpha are named."""
    found = p_uniform(*getattr(fooling, name)())

    assert rule in {rule for rule, _ in found.findings}
    assert found.usable is usable
    json.dumps(found.to_dict(), allow_nan=False)


def test_nothing_significant_and_refusals():
    """No estimate without a significant study; a direction is needed."""
    found = p_uniform([0.1, 0.2], [1.0, 1.0])

    assert found.estimate is None
    assert not found.usable
    assert "no study is significant" in found.reason("estimate")
    with pytest.raises(InvalidArgument, match="no alternative 'two-sided'"):
        p_uniform_star([0.1, 0.2], [1.0, 1.0], alternative="two-sided")
    with pytest.raises(InvalidArgument, match="alpha"):
        p_uniform([0.1, 0.2], [1.0, 1.0], alpha=1.5)
