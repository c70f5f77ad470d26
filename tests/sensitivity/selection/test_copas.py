"""The selection model of Copas and Shi."""

import json

import numpy as np
import pytest
from scipy.special import expit, log_ndtr, ndtr, ndtri

from synthesis.errors import InvalidArgument
from synthesis.pooling import pool
from synthesis.sensitivity.selection import copas
from synthesis.sensitivity.selection.copas_fits import PLAIN, Fits, highest
from synthesis.sensitivity.selection.copas_likelihood import Copas
from synthesis.sensitivity.selection.hazard import hazard
from tests.pooling.reference import blocks
from tests.sensitivity import fooling
from tests.sensitivity.selection.printed import FLEISS, log_odds_ratios


def passive_smoking():
    """The 37 studies of passive smoking and lung cancer that Copas and Shi reanalysed."""
    inputs = next(one["inputs"] for one in blocks("selection_models") if one["id"] == "hackshaw1998_or")
    return np.array(inputs["yi"]), np.array(inputs["vi"])


def selected(theta, tau, rho, gamma0, gamma1, n, seed):
    """Studies drawn from the model: published where the latent number is above 0."""
    random = np.random.default_rng(seed)
    sigma = random.uniform(0.1, 0.6, 4 * n)
    error, extra = random.standard_normal((2, 4 * n))
    latent = rho * error + np.sqrt(1 - rho**2) * extra
    y = theta + tau * random.standard_normal(4 * n) + sigma * error
    u = gamma0 + gamma1 / sigma
    mills = np.exp(-u * u / 2) / np.sqrt(2 * np.pi) / ndtr(u)
    s = sigma * np.sqrt(1 - rho**2 * mills * (u + mills))  # what a published study reports
    kept = np.flatnonzero(u + latent > 0)[:n]
    return y[kept], s[kept], u[kept]


def height(y, s, u, theta, tau2, rho, beta=0.0):
    """The log-likelihood anew; minus infinity outside the space of the parameters."""
    if tau2 < 0 or abs(rho) > 0.9999:
        return -np.inf
    mills = np.exp(-u * u / 2 - log_ndtr(u)) / np.sqrt(2 * np.pi)
    sigma2 = s**2 / (1 - rho**2 * mills * (u + mills))
    root = np.sqrt(tau2 + sigma2)
    e, r = (y - theta - beta * s) / root, rho * np.sqrt(sigma2) / root
    each = -e * e / 2 - np.log(root * np.sqrt(2 * np.pi)) - log_ndtr(u) + log_ndtr((u + r * e) / np.sqrt(1 - r**2))
    return each.sum()


TWO_MAXIMA = (
    [0.68, 0.47, -0.4, 0.46, 0.28, -0.47, 0.61, -0.13],
    [0.211, 0.032, 0.054, 0.106, 0.282, 0.327, 0.031, 0.067],
)


def test_both_fits_behind_the_slope_that_is_left_are_the_best_of_several():
    """Searches of ours by Nelder and Mead, without a slope and with one: p .403, where first maxima have .702."""
    from scipy.optimize import minimize
    from scipy.stats import chi2

    y, v = map(np.array, TWO_MAXIMA)
    found, s = copas(y, v), np.sqrt(v)
    u, sign = found.gamma0[5] + found.gamma1[5] / s, 1 if found.alternative == "greater" else -1

    def depth(at, slope):
        return -height(y, s, u, at[0], at[1] ** 2, sign * 0.9999 * expit(at[2]), slope * at[3])

    starts = ([0.2, 0.1, 8, -0.5], [0.2, 0.1, 8, 0.5], [0.2, 0.1, -4, 0], [0.2, 0.3, 0, 0], [0.4, 0.05, 5, -1])
    options = {"maxiter": 1500, "xatol": 1e-7, "fatol": 1e-9, "adaptive": True}
    plain, with_slope = (
        -min(minimize(depth, start, (slope,), method="Nelder-Mead", options=options).fun for start in starts)
        for slope in (0, 1)
    )
    p = chi2.sf(2 * (with_slope - plain), 1)

    assert round(float(p), 3) == 0.403
    assert found.log_likelihood[5] == pytest.approx(plain, abs=1e-6)
    assert found.residual_p[5] == pytest.approx(p, abs=1e-4)


def profile(y, v, found, row, theta):
    """How far the likelihood, highest over rho and tau2 on a fine grid, lies below its maximum at most."""
    s = np.sqrt(v)
    u, sign = found.gamma0[row] + found.gamma1[row] / s, 1 if found.alternative == "greater" else -1
    rhos = [*np.linspace(0, 0.99, 34), 0.995, 0.998, 0.9995, 0.9999]
    tau2s = [0.0, *np.geomspace(1e-5, 2, 27)]
    heights = [height(y, s, u, theta, tau2, sign * rho) for rho in rhos for tau2 in tau2s]
    return found.log_likelihood[row] - max(heights)


@pytest.mark.parametrize(
    ("y", "v", "row", "within"),
    [
        ([-0.06, 0.61, 0.63, 0.62, 0.09, 0.01, 0.45, 0.13], [0.033, 0.072, 0.087, 0.07, 0.088, 0.134, 0.271, 0.131], 6,
         0.179),
        ([0.66, 0.27, 0.64, 0.63, -1.33, 0.44], [0.108, 0.039, 0.08, 0.082, 3.205, 0.05], 8, 0.451),
    ],
)  # fmt: skip
def test_the_interval_holds_all_means_that_fit(y, v, row, within):
    """A mean whose likelihood on a grid of ours is high enough lies in the interval; one beyond its ends does not."""
    y, v = np.array(y), np.array(v)
    found = copas(y, v)

    assert profile(y, v, found, row, within) < 1.9207
    assert found.ci_low[row] < within < found.ci_high[row]
    for end, side in ((found.ci_low[row], -1), (found.ci_high[row], 1)):
        assert profile(y, v, found, row, end + side * 0.02) > 1.9207
        assert profile(y, v, found, row, end - side * 0.02) < 1.9207


def test_effects_far_from_one_another():
    """Effects 1e10 standard errors apart: no overflow, for the hazard of the normal distribution is not a quotient."""
    found = copas([1e10, -1e10, 0, 2e10], [0.1] * 4, grid=3, probabilities=(0.5,))

    assert np.isfinite(found.estimate).all()
    assert hazard(np.array([-1e10, 0.0, 60.0])) == pytest.approx([1e10, np.sqrt(2 / np.pi), 0.0], rel=1e-12)


def risk_if_60_percent_are_included(surest):
    """The relative risk of passive smoking, where the most precise study is published with this probability."""
    from scipy.optimize import brentq

    y, v = passive_smoking()
    scale = float(np.sqrt(np.median(v)))
    fits = Fits(y / scale, np.sqrt(v) / scale, "greater")
    ratio = fits.s.max() / fits.s

    def included(a):
        return len(y) / (1 / ndtr(ndtri(surest) - a * (ratio.max() - ratio))).sum()

    a = brentq(lambda at: included(at) - 0.6, 0.0, 3.0, xtol=1e-12)
    peaks = highest(fits.fitted(np.array([ndtri(surest) - a * ratio.max()]), np.array([a]), PLAIN))
    return float(np.exp(scale * peaks.place[0, 0]))


def test_passive_smoking():
    """Copas and Shi (BMJ 2000, 320, 417-418): excess risk 24 %, and 15 % if only 60 % of studies were included.

    Their abstract does not say how sure the publication of the most precise study is taken to be: .99 is ours, and .95
    and .999 lie on either side of the 15 %.
    """
    assert round(float(np.exp(copas(*passive_smoking()).unselected)), 2) == 1.24
    assert round(risk_if_60_percent_are_included(0.99), 2) == 1.15
    assert risk_if_60_percent_are_included(0.95) < 1.15 < risk_if_60_percent_are_included(0.999)


def test_aspirin_as_the_manual_of_metasens_says():
    """copas() on Fleiss93: it rises as selection grows; what is left is not significant at 10 % at the start.

    The manual begins below -0.12 (log odds ratio): a lower maximum, with tau^2 above 0, than the one with the mean of
    the model without selection. It ends at -0.03, read from a plot over selections of its own; here the row with the
    largest mean is that of a search of ours by Nelder and Mead.
    """
    from scipy.optimize import minimize

    y, v = log_odds_ratios(FLEISS)
    found, s = copas(y, v), np.sqrt(v)
    u = found.gamma0[0] + found.gamma1[0] / s
    lower = minimize(lambda at: -height(y, s, u, *at), [-0.13, 0.01, -0.4], method="Nelder-Mead")
    row = int(found.estimate.argmax())
    u_there = found.gamma0[row] + found.gamma1[row] / s
    starts = ([-0.1, 0.05, -0.5], [-0.03, 0.08, -0.99], [0.0, 0.1, -0.9])
    largest = min(
        (
            minimize(lambda at: -height(y, s, u_there, at[0], at[1] ** 2, at[2]), start, method="Nelder-Mead")
            for start in starts
        ),
        key=lambda one: one.fun,
    )

    assert found.alternative == "less"
    assert lower.x[0] < -0.12
    assert lower.x[1] > 0.001
    assert found.log_likelihood[0] > -lower.fun + 0.005
    assert found.estimate[0] == pytest.approx(found.unselected, abs=0.001)
    assert found.estimate.max() == pytest.approx(-0.035, abs=0.006)
    assert found.log_likelihood[row] == pytest.approx(-largest.fun, abs=1e-4)
    assert found.estimate[row] == pytest.approx(largest.x[0], abs=2e-3)
    assert found.residual_p[0] > 0.10
    assert found.adjusted == 0
    assert not found.usable  # seven studies


def test_the_slope_of_the_likelihood():
    """The gradient in closed form is that of differences, with rho on either side."""
    y, s, u = selected(0.3, 0.1, 0.6, -0.5, 0.2, 20, 1)
    model = Copas(y, s, u[None])
    for place in (np.array([[0.2, 0.02, 0.4, 0.1]]), np.array([[0.4, 0.05, -0.7, 0.0]])):
        _, gradient = model.evaluate(np.zeros(1, np.int64), place)
        for at, shift in enumerate(1e-6 * np.eye(4)):
            ahead, behind = (model.evaluate(np.zeros(1, np.int64), place + side * shift)[0][0] for side in (1, -1))
            assert gradient[0, at] == pytest.approx((ahead - behind) / 2e-6, rel=1e-5, abs=1e-5)


def test_without_selection_it_is_the_random_effects_model():
    """Where all are published the likelihood is that of the model by maximum likelihood, whatever rho."""
    y, v = passive_smoking()
    plain = pool(y, v, method="ML", test="z")
    place = np.array([[plain.estimate, plain.tau2, rho, 0.0] for rho in (-0.9, 0.0, 0.9)])
    value, _ = Copas(y, np.sqrt(v), np.full((3, 37), 12.0)).evaluate(np.arange(3), place)

    assert value == pytest.approx(np.full(3, plain.log_likelihood), rel=1e-9)


def test_it_finds_what_it_was_drawn_from():
    """4,000 studies drawn from the model, under the selection that they had: mean, tau and rho come back."""
    y, s, _ = selected(0.2, 0.15, 0.7, -0.8, 0.25, 4000, 2)
    fits = Fits(y, s, "greater")
    peaks = highest(fits.fitted(np.array([-0.8]), np.array([0.25 / s.max()]), PLAIN))
    theta, tau2, rho, _ = peaks.place[0]

    assert theta == pytest.approx(0.2, abs=0.02)
    assert np.sqrt(tau2) == pytest.approx(0.15, abs=0.03)
    assert rho == pytest.approx(0.7, abs=0.1)
    assert fits.mean > 0.25


def test_other_units_and_the_mirror():
    """In other units, and with the other sign, it is the same."""
    y, v = passive_smoking()
    one = copas(y, v, probabilities=(0.9, 0.5), grid=5)
    for unit in (1e-9, -1.0, 1e9):
        other = copas(unit * y, unit**2 * v, probabilities=(0.9, 0.5), grid=5)
        assert other.estimate == pytest.approx(unit * one.estimate, rel=1e-5)
        assert other.rho == pytest.approx(np.sign(unit) * one.rho, rel=1e-4)
        assert other.residual_p == pytest.approx(one.residual_p, rel=1e-4)
        assert other.gamma1 == pytest.approx(abs(unit) * one.gamma1, rel=1e-4)


def test_the_line_and_the_contour():
    """Ever fewer small studies published: more are missing, the mean falls, and what is left of the asymmetry too."""
    found = copas(*passive_smoking())

    assert found.probability == pytest.approx([0.99, 0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1])
    assert np.all(np.diff(found.unpublished) > 0)
    assert found.residual_p[0] < 0.05 < found.residual_p[-1]
    assert found.residual_p[found.adjusted] > 0.1 >= found.residual_p[found.adjusted - 1]
    assert found.contour.estimate.shape == found.contour.probability.shape == (12, 12)
    assert np.nanmax(found.contour.estimate) <= found.unselected + 1e-3
    assert np.all((found.ci_low <= found.estimate) & (found.estimate <= found.ci_high))
    json.dumps(found.to_dict(), allow_nan=False)


@pytest.mark.parametrize(
    ("name", "usable", "rule"),
    [
        ("unbiased", True, "no_asymmetry"),
        ("three", False, "few"),
        ("two_clusters", True, "not_identified"),
        ("pure_selection", True, "not_identified"),
    ],
)
def test_what_it_says_of_data_made_to_fool_it(name, usable, rule):
    """Rules by name; that selection cannot be estimated is always said."""
    found = copas(*getattr(fooling, name)(), grid=4, probabilities=(0.95, 0.6, 0.2))

    assert rule in {rule for rule, _ in found.findings}
    assert found.usable is usable
    assert "a range, not an answer" in found.verdict


def test_refusals():
    """Two studies, impossible probabilities and grids."""
    with pytest.raises(InvalidArgument, match="three studies"):
        copas([0.1, 0.2], [0.1, 0.2])
    with pytest.raises(InvalidArgument, match="between 0 and 1"):
        copas(*passive_smoking(), probabilities=(1.0,))
    with pytest.raises(InvalidArgument, match="grid must be"):
        copas(*passive_smoking(), grid=2)
    with pytest.raises(InvalidArgument, match="no alternative"):
        copas(*passive_smoking(), alternative="up")
