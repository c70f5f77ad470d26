"""Laws of multilevel models: closed forms against brute force, special cases, order, scale, and global maxima."""

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from synthesis import pool
from synthesis.pooling.blocks import blocks_from_matrix, diagonal_blocks
from synthesis.pooling.dependent.by_blocks import grouped
from synthesis.pooling.dependent.crossed import chain_and_others, crossed_levels
from synthesis.pooling.dependent.multilevel import multilevel
from synthesis.pooling.dependent.multilevel_likelihood import gradient, point, slope
from synthesis.pooling.dependent.multilevel_problem import point_at, problem_of
from synthesis.pooling.dependent.nested import nested_levels
from synthesis.pooling.dependent.random_terms import random_terms
from synthesis.pooling.dependent.structures import STRUCTURES
from synthesis.pooling.dependent.variance_components import components_of

HEIGHT = {"REML": "restricted", "ML": "full"}
SCALES = (1e-9, 1e-4, 1e4, 1e9)


def schools(seed, n=40, districts=7):
    """Effects of schools in districts of unequal size, some schools with several effects."""
    rng = np.random.default_rng(seed)
    district, school = rng.integers(0, districts, n), rng.integers(0, 4, n)
    v = rng.uniform(0.01, 0.5, n)
    y = 0.3 + rng.normal(0, 0.4, districts)[district] + rng.normal(0, 0.3, n) + rng.normal(0, np.sqrt(v))
    return y, v, {"district": district, "school": school, "effect": np.arange(n), "x": rng.normal(size=n)}


def outcomes(seed, studies=9, levels=3):
    """Effects of some of several outcomes in each study, with correlated sampling errors."""
    rng = np.random.default_rng(seed)
    study, outcome = np.nonzero(rng.random((studies, levels)) < 0.85)
    v = rng.uniform(0.02, 0.3, len(study))
    V = np.where(study[:, None] == study, 0.4, 0.0) * np.sqrt(np.outer(v, v))
    V[np.diag_indices(len(v))] = v
    effects = rng.normal(size=(studies, levels)) @ rng.normal(0, 0.4, (levels, levels))
    y = effects[study, outcome] + np.linalg.cholesky(V) @ rng.normal(size=len(v))
    return y, V, {"study": study, "outcome": outcome}


def marginal_of(fit, V, data):
    """The marginal covariance of a fit of intercepts, by hand."""
    found = np.diag(V) if np.ndim(V) == 1 else np.array(V)
    for part, variance in zip(fit.problem.components.parts, fit.sigma2, strict=True):
        level = part.term.level
        found = found + variance * (level[:, None] == level)
    return found


def by_hand(y, x, marginal):
    """Full and restricted log-likelihoods by the multivariate normal density, the latter of error contrasts."""
    b = np.linalg.solve(x.T @ np.linalg.solve(marginal, x), x.T @ np.linalg.solve(marginal, y))
    free = np.linalg.qr(x, mode="complete")[0][:, x.shape[1] :]
    contrasts = multivariate_normal(cov=free.T @ marginal @ free).logpdf(free.T @ y)
    return multivariate_normal(mean=x @ b, cov=marginal).logpdf(y), contrasts


@pytest.mark.parametrize("random", ["district/school/effect", ["district", "school"], "district"])
def test_likelihoods_are_those_of_the_normal_density(random):
    """Nested and crossed intercepts, both kinds of likelihood, with a moderator."""
    y, v, data = schools(1)
    x = np.column_stack([np.ones(len(y)), data["x"]])
    fit = multilevel(y, v, random=random, data=data, moderators=x)

    full, restricted = by_hand(y, x, marginal_of(fit, v, data))
    assert fit.fit_statistics[0].log_likelihood == pytest.approx(full, rel=1e-10)
    assert fit.fit_statistics[1].log_likelihood == pytest.approx(restricted, rel=1e-10)
    assert fit.model.marginal.dense() == pytest.approx(marginal_of(fit, v, data))


@pytest.mark.parametrize("struct", STRUCTURES)
def test_correlated_likelihoods_are_those_of_the_normal_density(struct):
    """Every structure, with correlated sampling errors, on the marginal covariance that it leaves."""
    y, V, data = outcomes(2)
    fit = multilevel(y, V, random="outcome | study", struct=struct, data=data, method="ML")
    full, restricted = by_hand(y, np.ones((len(y), 1)), fit.model.marginal.dense())

    assert fit.log_likelihood == fit.fit_statistics[0].log_likelihood == pytest.approx(full, rel=1e-10)
    assert fit.fit_statistics[1].log_likelihood == pytest.approx(restricted, rel=1e-10)


@pytest.mark.parametrize("seed", range(5))
def test_the_closed_form_of_nested_levels_equals_blocks(seed):
    """Value, slope, information and the diagonal of M^-1 to 1e-10, also with one district of most effects."""
    y, v, data = schools(seed, n=120, districts=1 + 5 * seed)
    terms = random_terms("district/school/effect", "CS", data, np.ones(len(y), np.bool_))
    components = components_of(terms)
    nested = nested_levels(v, [term.level for term in terms])
    blocks = grouped(components, diagonal_blocks(v))
    working = np.array([0.4, 0.0, 0.2]) if seed == 0 else np.random.default_rng(seed).uniform(0, 2, 3)
    x = np.linalg.qr(np.column_stack([np.ones(len(y)), data["x"]]))[0]
    one, other = point(nested.at(working), x, y), point(blocks.at(working), x, y)

    assert (one.full, one.restricted) == pytest.approx((other.full, other.restricted), rel=1e-10)
    assert one.covariance.diagonal() == pytest.approx(other.covariance.diagonal(), rel=1e-10)
    for restricted in (True, False):
        ours, theirs = slope(one, restricted=restricted), slope(other, restricted=restricted)
        assert ours.gradient == pytest.approx(theirs.gradient, rel=1e-10, abs=1e-10)
        assert ours.information == pytest.approx(theirs.information, rel=1e-10, abs=1e-10)


@pytest.mark.parametrize("working", [[0.3, 0.2, 0.1, 0.4], [0.3, 0.0, 0.0, 0.4], [0.0, 0.5, 0.2, 0.0]])
def test_the_closed_form_of_crossed_factors_equals_blocks(working):
    """Two factors that cross a nested chain, also with variances of 0."""
    y, v, data = schools(2, n=60)
    data["lab"], data["team"] = data["effect"] % 3, data["effect"] % 5
    terms = random_terms(["district/effect", "lab", "team"], "CS", data, np.ones(len(y), np.bool_))
    levels = [term.level for term in terms]
    crossed = crossed_levels(v, levels, *chain_and_others(levels))
    blocks = grouped(components_of(terms), diagonal_blocks(v))
    x = np.linalg.qr(np.column_stack([np.ones(len(y)), data["x"]]))[0]
    one, other = (point(covariance.at(np.array(working)), x, y) for covariance in (crossed, blocks))
    ours, theirs = slope(one, restricted=True), slope(other, restricted=True)

    assert (one.full, one.restricted) == pytest.approx((other.full, other.restricted), rel=1e-10)
    assert one.covariance.diagonal() == pytest.approx(other.covariance.diagonal(), rel=1e-10)
    assert ours.gradient == pytest.approx(theirs.gradient, rel=1e-10, abs=1e-10)
    assert ours.information == pytest.approx(theirs.information, rel=1e-10, abs=1e-10)


@pytest.mark.parametrize("method", HEIGHT)
@pytest.mark.parametrize("struct", STRUCTURES)
def test_the_slope_is_the_derivative_of_the_likelihood(struct, method):
    """Against central differences, at a point that is no maximum."""
    y, V, data = outcomes(3)
    terms = random_terms(["outcome | study", "study"], struct, data, np.ones(len(y), np.bool_))
    problem = problem_of(y, np.ones((len(y), 1)), blocks_from_matrix(V), components_of(terms))
    away = 0.8 + 0.01 * np.arange(len(problem.components.parameters))

    def height(working):
        return getattr(point_at(problem, working), HEIGHT[method])

    steps = 1e-5 * np.eye(len(away))
    expected = [(height(away + step) - height(away - step)) / 2e-5 for step in steps]
    found, _ = gradient(point_at(problem, away), restricted=method == "REML")
    assert found == pytest.approx(expected, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("method", HEIGHT)
@pytest.mark.parametrize("seed", range(4))
def test_one_effect_per_cluster_is_ordinary_pooling(method, seed):
    """The random-effects model of `pool`, by both methods, also where tau2 is 0."""
    y, v, data = schools(seed, n=15)
    y = y * (0.4 if seed == 3 else 1.0)
    fit, expected = (
        multilevel(y, v, random="effect", data=data, method=method, test="z"),
        pool(y, v, method=method, test="z"),
    )
    one = fit.coefficients[0]

    assert fit.sigma2[0] == pytest.approx(expected.tau2, rel=1e-8, abs=1e-12)
    assert (one.estimate, one.se, one.p_value) == pytest.approx(
        (expected.estimate, expected.se, expected.p_value), rel=1e-8
    )
    assert (fit.log_likelihood, fit.aic, fit.bic) == pytest.approx(
        (expected.log_likelihood, expected.aic, expected.bic)
    )
    assert (fit.q, fit.i2) == pytest.approx((expected.q, expected.i2), rel=1e-8)


def test_precisions_may_differ_by_8_digits():
    """The closed form loses none of them: with v from 1e-8 to 2 the fit is that of `pool`."""
    y, v = [0.1, 1, 2, 0.5, 0.2, 3], [1e-8, 1, 1e-4, 2, 3e-8, 1]
    fit, expected = multilevel(y, v, random=[range(6)], test="z"), pool(y, v, test="z")

    assert fit.sigma2[0] == pytest.approx(expected.tau2, rel=1e-8)
    assert fit.log_likelihood == pytest.approx(expected.log_likelihood, rel=1e-10)
    assert fit.coefficients[0].estimate == pytest.approx(expected.estimate, rel=1e-8)


def test_a_variance_held_at_0_leaves_the_simpler_model():
    """Of three levels with the inner variance 0, and of both with no random effects."""
    y, v, data = schools(5)
    held = multilevel(y, v, random="district/effect", data=data, sigma2=[None, 0])
    simpler = multilevel(y, v, random="district", data=data)
    none, fixed = multilevel(y, v, random="district/effect", data=data, sigma2=0), multilevel(y, v)

    assert held.sigma2 == pytest.approx((simpler.sigma2[0], 0.0), rel=1e-8)
    assert held.log_likelihood == pytest.approx(simpler.log_likelihood, rel=1e-12)
    assert held.parameters == simpler.parameters == 2
    assert none.log_likelihood == pytest.approx(fixed.log_likelihood, rel=1e-12)


def test_structures_that_say_the_same_agree():
    """UN and HCS with two outcomes; CS and a study intercept with one for each outcome; CAR and AR at equal times."""
    y, V, data = outcomes(6, studies=12, levels=2)

    def fit(struct, random="outcome | study"):
        return multilevel(y, V, random=random, struct=struct, data=data)

    assert fit("UN").log_likelihood == pytest.approx(fit("HCS").log_likelihood, rel=1e-10)
    assert fit("CAR").log_likelihood == pytest.approx(fit("AR").log_likelihood, rel=1e-10)
    split = fit("CS", "study/outcome")
    assert fit("CS").tau2[0] == pytest.approx(sum(split.sigma2), rel=1e-6)
    assert fit("CS").rho[0] == pytest.approx(split.sigma2[0] / sum(split.sigma2), rel=1e-6)


@pytest.mark.parametrize("struct", ["HCS", "AR"])
def test_the_order_of_rows_changes_nothing(struct):
    """Estimates, components and random effects."""
    y, V, data = outcomes(7)
    order = np.random.default_rng(1).permutation(len(y))
    moved = {name: column[order] for name, column in data.items()}
    one = multilevel(y, V, random=["outcome | study", "study"], struct=struct, data=data)
    other = multilevel(
        y[order], V[np.ix_(order, order)], random=["outcome | study", "study"], struct=struct, data=moved
    )

    assert other.log_likelihood == pytest.approx(one.log_likelihood, rel=1e-10)
    assert other.estimate == pytest.approx(one.estimate, rel=1e-6)
    assert [effects.levels for effects in other.random_effects()] == [
        effects.levels for effects in one.random_effects()
    ]


@pytest.mark.parametrize("c", SCALES[::3])
def test_a_change_of_unit_changes_the_unit_alone(c):
    """Variances by c^2, the estimate and its error by c, correlations and I^2 not at all; profiles too."""
    y, V, data = outcomes(8)
    one, other = (
        multilevel(y * unit, V * unit**2, random="outcome | study", struct="HCS", data=data) for unit in (1.0, c)
    )

    assert other.estimate == pytest.approx(c * one.estimate, rel=1e-8)
    assert other.tau2 == pytest.approx([c**2 * value for value in one.tau2], rel=1e-6)
    assert other.rho == pytest.approx(one.rho, rel=1e-6)
    assert other.typical_variance == pytest.approx(c**2 * one.typical_variance, rel=1e-12)


@pytest.mark.parametrize("c", SCALES)
def test_a_change_of_unit_changes_the_unit_of_nested_levels(c):
    """Variances, and the bounds of their profile-likelihood intervals."""
    y, v, data = schools(9)
    one, other = (multilevel(y * unit, v * unit**2, random="district/effect", data=data) for unit in (1.0, c))
    bounds, moved = ([(p.ci_low, p.ci_high) for p in fit.profile_intervals()] for fit in (one, other))

    assert other.sigma2 == pytest.approx([c**2 * value for value in one.sigma2], rel=1e-8)
    assert np.array(moved) == pytest.approx(c**2 * np.array(bounds), rel=1e-6)


@pytest.mark.parametrize("method", HEIGHT)
@pytest.mark.parametrize("seed", range(8))
def test_no_point_of_a_grid_is_higher(method, seed):
    """Variances 0 and 20 more on each of two levels, with effects of very unequal precision."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(6, 25))
    v = np.exp(rng.normal(-3, 2, n))
    cluster = rng.integers(0, max(2, n // 3), n)
    y = rng.normal(0, rng.choice([0, 0.5]), n)[cluster] + rng.normal(0, np.sqrt(v + rng.choice([0, 0.1])))
    fit = multilevel(y, v, random="c/e", data={"c": cluster, "e": np.arange(n)}, method=method)
    grid = np.append(0.0, np.geomspace(1e-3, 300, 20))
    heights = [getattr(point_at(fit.problem, np.array([a, b])), HEIGHT[method]) for a in grid for b in grid]

    assert fit.converged
    assert getattr(fit.maximum.point, HEIGHT[method]) >= max(heights) - 1e-9


def test_a_bound_of_a_profile_is_where_the_likelihood_has_fallen_enough():
    """Twice the fall is 3.8415 at both bounds of each component, found anew with the component held there."""
    y, V, data = outcomes(15, studies=14, levels=2)
    fit = multilevel(y, V, random="outcome | study", struct="UN", data=data)
    held = {"tau2 0": ("tau2", [0, None]), "tau2 1": ("tau2", [None, 0]), "rho 0, 1": ("rho", 0)}
    compared = 0
    for one in fit.profile_intervals():
        letter, shape = held[one.name]
        for bound in (one.ci_low, one.ci_high):
            if one.reason("ci_low" if bound == one.ci_low else "ci_high"):
                continue
            value = bound if letter == "rho" else [None if other is None else bound for other in shape]
            there = multilevel(y, V, random="outcome | study", struct="UN", data=data, **{letter: value})
            assert 2 * (fit.log_likelihood - there.log_likelihood) == pytest.approx(3.841458820694124, rel=1e-6)
            compared += 1
    assert compared == 5  # the correlation may be as high as 1


def test_crossed_factors_equal_the_same_factors_in_blocks_of_V():
    """A random intercept is a covariance: with its variance put into V, the rest of the model is the same."""
    y, v, data = schools(11)
    fit = multilevel(y, v, random=["district", "school"], data=data)
    same = data["school"][:, None] == data["school"]
    V = blocks_from_matrix(np.diag(v) + fit.sigma2[1] * same)
    other = multilevel(y, V, random="district", data=data, sigma2=fit.sigma2[0])

    assert other.log_likelihood == pytest.approx(fit.log_likelihood, rel=1e-10)
    assert other.estimate == pytest.approx(fit.estimate, rel=1e-10)
