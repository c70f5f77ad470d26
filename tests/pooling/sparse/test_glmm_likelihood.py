"""The likelihoods of the mixed models, and what follows from them, worked out again by other means."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.stats import binom, nchypergeom_fisher, norm, poisson

from synthesis.pooling.sparse.counts import counts
from synthesis.pooling.sparse.families import hypergeometric
from synthesis.pooling.sparse.generalised import GLMMS
from synthesis.pooling.sparse.generalised_fit import GlmmOptions, fit_different, fit_equal
from synthesis.pooling.sparse.glmm import glmm
from synthesis.pooling.sparse.maximise import parameters_of
from synthesis.pooling.sparse.quadrature import gradients, log_likelihoods
from tests.pooling.reference import blocks

TABLES = {"ai": [1, 4, 0, 2, 9], "n1i": [40, 56, 12, 48, 25], "ci": [2, 9, 3, 0, 3], "n2i": [36, 51, 13, 46, 23]}
RATES = {
    "x1i": [9, 8, 3, 1, 7],
    "t1i": [413, 263, 487, 237, 489],
    "x2i": [19, 9, 13, 9, 0],
    "t2i": [398, 245, 435, 241, 90],
}
BCG = next(block["inputs"] for block in blocks("two_by_two_models") if block["id"] == "bcg_glmm_or")
FINE = 41  # points of the quadrature, for comparison with integrals


def tables(inputs):
    return list(zip(*(np.array(inputs[name]) for name in ("ai", "n1i", "ci", "n2i")), strict=True))


def integrated(density, estimate, tau):
    """Log of the mean of a density over effects of mean `estimate` and standard deviation tau."""
    low, high = estimate - 12 * tau, estimate + 12 * tau
    value = quad(lambda effect: density(effect) * norm.pdf(effect, estimate, tau), low, high, epsabs=0, limit=500)[0]
    return np.log(value)


def expit(eta):
    return 1 / (1 + np.exp(-eta))


def test_exact_conditional_likelihood_of_equal_effects():
    """CM.EL|EE: the sum of the log probabilities of scipy's non-central hypergeometric distribution."""
    fit = glmm("OR", **TABLES, model="CM.EL", method="EE")
    expected = [
        nchypergeom_fisher.logpmf(a, n1 + n2, a + c, n1, np.exp(fit.estimate)) for a, n1, c, n2 in tables(TABLES)
    ]

    assert fit.log_likelihood == pytest.approx(sum(expected), rel=1e-10)


def test_exact_conditional_likelihood_of_random_effects():
    """CM.EL|ML: the sum of the logs of integrals by scipy."""
    fit = glmm("OR", **TABLES, model="CM.EL", nAGQ=FINE)
    expected = [
        integrated(
            lambda e, t=(a, n1 + n2, a + c, n1): nchypergeom_fisher.pmf(*t, np.exp(e)), fit.estimate, fit.tau2**0.5
        )
        for a, n1, c, n2 in tables(TABLES)
    ]

    assert fit.tau2 > 0
    assert fit.log_likelihood == pytest.approx(sum(expected), rel=1e-8)


def test_exact_conditional_estimates_of_the_bcg_trials():
    """Wald statistic 163.09 (metafor prints 268.6), and the standard error of EE, from scipy's means and variances."""
    fit = glmm("OR", **BCG, model="CM.EL", method="EE")
    given = [(n1 + n2, a + c, n1) for a, n1, c, n2 in tables(BCG)]
    own = np.array([
        brentq(lambda e, t=t, a=a: nchypergeom_fisher.mean(*t, np.exp(e)) - a, -8, 8, xtol=1e-13)
        for t, a in zip(given, BCG["ai"], strict=True)
    ])  # fmt: skip
    weight = np.array([nchypergeom_fisher.var(*t, np.exp(e)) for t, e in zip(given, own, strict=True)])
    information = sum(nchypergeom_fisher.var(*t, np.exp(fit.estimate)) for t in given)

    assert fit.q_wald == pytest.approx(np.sum(weight * (own - np.average(own, weights=weight)) ** 2), rel=1e-7)
    assert fit.q_wald == pytest.approx(163.0895, abs=1e-4)
    assert fit.se == pytest.approx(information**-0.5, rel=1e-7)


def test_one_group_likelihoods():
    """BN and PN: integrals of binomial and Poisson probabilities by scipy."""
    x, n = np.array([0, 3, 9, 2]), np.array([20, 11, 14, 30])
    share, rate = glmm("PLO", xi=x, ni=n, nAGQ=FINE), glmm("IRLN", xi=x, ti=n / 7, nAGQ=FINE)
    expected = [
        (
            integrated(lambda e, i=i: binom.pmf(x[i], n[i], expit(e)), share.estimate, share.tau2**0.5),
            integrated(lambda e, i=i: poisson.pmf(x[i], n[i] / 7 * np.exp(e)), rate.estimate, rate.tau2**0.5),
        )
        for i in range(4)
    ]

    assert (share.log_likelihood, rate.log_likelihood) == pytest.approx(np.sum(expected, axis=0), rel=1e-8)


@pytest.mark.parametrize("measure", ["OR", "IRR"])
def test_fixed_study_effects_are_a_regression(measure):
    """UM.FS|EE: statsmodels' logistic or Poisson regression on studies and group, to 1e-8."""
    import statsmodels.api as sm

    inputs = TABLES if measure == "OR" else RATES
    x, size = columns_of(inputs)
    design = np.column_stack([np.repeat(np.eye(5), 2, axis=0), np.tile([1.0, 0.0], 5)])
    if measure == "OR":
        expected = sm.GLM(np.column_stack([x, size - x]), design, family=sm.families.Binomial()).fit(tol=1e-14)
    else:
        expected = sm.GLM(x, design, family=sm.families.Poisson(), exposure=size).fit(tol=1e-14)
    fit = glmm(measure, **inputs, model="UM.FS", method="EE")

    assert fit.log_likelihood == pytest.approx(expected.llf, rel=1e-8)
    assert (fit.estimate, fit.se) == pytest.approx((expected.params[-1], expected.bse[-1]), rel=1e-8)


def columns_of(inputs):
    """Events and sizes, the first and the second group of a study one after the other."""
    x1, n1, x2, n2 = map(np.array, inputs.values())
    return np.column_stack([x1, x2]).ravel(), np.column_stack([n1, n2]).ravel()


def test_random_study_effects_are_a_double_integral():
    """UM.RS|ML: the sum over a fine grid of both random effects."""
    fitted = internal("OR", TABLES, "UM.RS", 13)
    alpha, theta, sigma, tau = fitted.maximum.shared
    u = np.linspace(-9, 9, 601)
    weight = np.outer(norm.pdf(u), norm.pdf(u)) * (u[1] - u[0]) ** 2
    study, effect = (alpha + sigma * u)[:, None], tau * u
    expected = [
        np.log(
            (
                weight
                * binom.pmf(a, n1, expit(study + theta + effect / 2))
                * binom.pmf(c, n2, expit(study - effect / 2))
            ).sum()
        )
        for a, n1, c, n2 in tables(TABLES)
    ]

    assert min(sigma, tau) > 0.3
    assert fitted.maximum.value == pytest.approx(sum(expected), rel=1e-7)


def internal(measure, inputs, code, points):
    """A fit of random effects with its model."""
    found, kind = counts(measure, inputs, drop00=True), GLMMS[code]
    options = GlmmOptions(measure, code, "ML", "z", 0.95, 0.5, points)
    return fit_different(kind, found, options, fit_equal(kind, found, options))


@pytest.mark.parametrize("points", [1, 7])
@pytest.mark.parametrize("code", ["UM.FS", "UM.RS", "CM.EL", "CM.AL"])
def test_derivatives_of_the_quadrature(code, points):
    """Gradients agree with differences of the likelihood itself, away from the maximum."""
    fitted = internal("OR", TABLES, code, points)
    there = parameters_of(fitted.maximum.own, fitted.maximum.shared) + 0.2
    steps = 1e-5 * np.eye(there.shape[1])[:, None, :]
    both = log_likelihoods(fitted.model, np.stack([there + steps, there - steps]))
    found = gradients(fitted.model, there)

    assert np.abs(found.T - (both[0] - both[1]) / 2e-5).max() < 1e-8


@pytest.mark.parametrize(("code", "inputs"), [("UM.FS", TABLES), ("UM.RS", BCG)])
def test_standard_errors_follow_from_the_likelihood(code, inputs):
    """The inverse of all second differences of the likelihood, Laplace's, which lme4 finds to 1 % only."""
    fitted = internal("OR", inputs, code, 1)
    own, shared = fitted.maximum.own, fitted.maximum.shared
    free = own.size + len(shared)

    def value(point):
        return log_likelihoods(
            fitted.model, parameters_of(point[: own.size].reshape(own.shape), point[own.size :])
        ).sum()

    step, centre = 1e-3 * np.eye(free), np.concatenate([own.ravel(), shared])
    information = np.array([
        [
            -(value(centre + i + j) - value(centre + i - j) - value(centre - i + j) + value(centre - i - j)) / 4e-6
            for j in step
        ]
        for i in step
    ])  # fmt: skip
    variance = np.diag(np.linalg.inv(information))[own.size :]

    assert fitted.variance == pytest.approx(variance, rel=1e-4)


def test_heterogeneity_around_random_studies_is_a_wald_test():
    """UM.RS: contrasts of all studies' effects, with their covariance from second differences of the likelihood."""
    inputs = {name: values[:4] for name, values in RATES.items()}
    fit = glmm("IRR", **inputs, model="UM.RS", method="EE")
    x1, t1, x2, t2 = map(np.array, inputs.values())
    nodes, weights = np.polynomial.hermite_e.hermegauss(80)

    def value(point):
        eta = point[4] + np.exp(point[5]) * nodes[:, None]
        density = poisson.pmf(x1, t1 * np.exp(eta + point[:4])) * poisson.pmf(x2, t2 * np.exp(eta))
        return -np.log(weights @ density).sum()

    effects, covariance = wald_ingredients(value, np.array([-1.0, -1.0, -1.0, -1.0, -3.0, -1.0]))
    contrast = np.column_stack([np.eye(3), -np.ones(3)])
    difference = contrast @ effects[:4]
    expected = difference @ np.linalg.solve(contrast @ covariance[:4, :4] @ contrast.T, difference)

    assert fit.q_wald == pytest.approx(expected, rel=1e-3)


def wald_ingredients(value, start):
    """The minimum of a function, and the inverse of its second differences."""
    from scipy.optimize import minimize

    found = minimize(
        value, start, method="Nelder-Mead", options={"xatol": 1e-8, "fatol": 1e-12, "maxiter": 20_000, "maxfev": 20_000}
    ).x
    step = 1e-3 * np.eye(len(start))
    second = [
        [
            (value(found + i + j) - value(found + i - j) - value(found - i + j) + value(found - i - j)) / 4e-6
            for j in step
        ]
        for i in step
    ]
    return found, np.linalg.inv(np.array(second))


def test_hypergeometric_moments():
    """Score and information agree with scipy's mean and variance, far from equality too."""
    a, n1, c, n2 = (np.array([value], dtype=float) for value in (7, 20, 11, 31))
    family = hypergeometric(a, n1, c, n2)
    for effect in (-30.0, -2.0, 0.0, 1.5, 30.0):
        score, information = family.slopes(np.array([[effect]]))
        law = (51, 18, 20, np.exp(effect))

        assert 7 - score[0, 0] == pytest.approx(nchypergeom_fisher.mean(*law), rel=1e-6, abs=1e-9)
        assert information[0, 0] == pytest.approx(nchypergeom_fisher.var(*law), rel=1e-5, abs=1e-9)
