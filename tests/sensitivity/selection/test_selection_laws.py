"""Laws of selection models, and what they say of data made to fool them."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis.errors import InvalidArgument
from synthesis.sensitivity.selection import RULES, TYPES, masses, selection_model
from synthesis.sensitivity.selection.functions import KINDS
from synthesis.sensitivity.selection.likelihood import Problem
from synthesis.sensitivity.selection.masses import smooth_weights, step_weights, truncation_weights
from tests.pooling.strategies import few_examples
from tests.sensitivity import fooling

ONE_SIDED = [kind for kind in TYPES if kind != "trunc"]


def studies(k=30, seed=1, *, chance=0.3, mean=0.2, spread=0.2):
    """Studies of which those without a significant effect above 0 were selected by chance."""
    random = np.random.default_rng(seed)
    v = random.uniform(0.01, 0.15, 40 * k)
    y = random.normal(mean, np.sqrt(v + spread**2))
    kept = np.flatnonzero((y > 1.96 * np.sqrt(v)) | (random.random(len(y)) < chance))[:k]
    return y[kept], v[kept]


def numbers(fit):
    """The estimates and bounds of a model."""
    ends = [(one.estimate, one.se, one.profile_low, one.profile_high) for one in (*fit.coefficients, fit.tau2)]
    return [one for row in ends for one in row] + [one.estimate for one in fit.delta]


def problem(kind, *, two_sided=False, alpha=None):
    """The likelihood of some studies and parameters to take it at."""
    y, v = studies(12)
    z = y / np.sqrt(v)
    if kind == "stepfun":
        weights, delta = step_weights(z, np.array([0.025, 0.5, 1.0]), two_sided=two_sided), [1, 0.5, 0.2]
    elif kind == "trunc":
        weights, delta = truncation_weights(z, np.zeros(12)), [1, 0.4]
    else:
        share = np.sqrt(v / v.max()) if KINDS[kind].with_precision else np.ones(1)
        weights = smooth_weights(KINDS[kind], z, share, alpha, two_sided=two_sided)
        delta = [1.7, 0.8][: len(KINDS[kind].low)]
    return Problem(y, v, np.ones((12, 1)), weights, 100), np.array([[0.1, 0.3, *delta]])


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("options", [{}, {"two_sided": True}, {"alpha": 0.025}])
def test_gradients_are_slopes(kind, options):
    """The closed forms are differences of the log-likelihood."""
    if kind == "trunc" or (kind in ("beta", "stepfun") and "alpha" in options):
        options = {}
    surface, place = problem(kind, **options)
    _, gradient = surface.evaluate(None, place)
    for at in range(place.shape[1]):
        shift = np.zeros_like(place)
        shift[0, at] = 1e-6
        ahead, behind = (surface.evaluate(None, place + side * shift)[0][0] for side in (1, -1))
        assert gradient[0, at] == pytest.approx((ahead - behind) / 2e-6, rel=1e-5, abs=1e-6)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("two_sided", [False, True])
def test_more_points_change_nothing(kind, two_sided, monkeypatch):
    """The integrals have converged: four times as many points give the same likelihood to ten digits."""
    surface, place = problem(kind, two_sided=two_sided)
    value = surface.evaluate(None, place)[0][0]
    monkeypatch.setattr(masses, "POINTS", 32)
    finer, _ = problem(kind, two_sided=two_sided)

    assert finer.evaluate(None, place)[0][0] == pytest.approx(value, rel=1e-10)


@pytest.mark.parametrize("unit", [1e-9, 1e9])
@pytest.mark.parametrize("kind", ["stepfun", "negexp"])
def test_units_change_only_units(kind, unit):
    """Effects in other units: the same selection, estimates and bounds in these units."""
    y, v = studies()
    one, other = selection_model(y, v, kind), selection_model(unit * y, unit**2 * v, kind)
    p = len(one.coefficients)
    scale = np.array([unit] * 4 * p + [unit**2] * 4 + [1.0] * len(one.delta))
    pairs = [(a, b / by) for a, b, by in zip(numbers(one), numbers(other), scale, strict=True) if a is not None]

    assert [b for _, b in pairs] == pytest.approx([a for a, _ in pairs], rel=1e-6)
    assert other.log_likelihood == pytest.approx(one.log_likelihood - len(y) * np.log(unit), rel=1e-10)


@pytest.mark.parametrize("kind", TYPES)
def test_the_other_direction_is_the_mirror(kind):
    """Effects with the other sign under the other alternative: the mean changes its sign and nothing else."""
    y, v = studies()
    options = {"profile": kind == "stepfun"}
    one, other = selection_model(y, v, kind, **options), selection_model(-y, v, kind, alternative="less", **options)

    assert other.estimate == pytest.approx(-one.estimate, rel=1e-9)
    assert kind != "stepfun" or (other.mean.profile_low, other.mean.profile_high) == pytest.approx(
        (-one.mean.profile_high, -one.mean.profile_low), rel=1e-9
    )
    assert [d.estimate for d in other.delta] == pytest.approx([d.estimate for d in one.delta], rel=1e-9)


@pytest.mark.parametrize("kind", ONE_SIDED)
def test_no_selection_is_the_model_without(kind):
    """With the function that is 1 everywhere the model is that of maximum likelihood without selection."""
    y, v = studies()
    null = KINDS[kind].null if kind in KINDS else (1.0, 1.0)
    fit = selection_model(y, v, kind, delta=null, profile=False)

    assert fit.log_likelihood == pytest.approx(fit.unselected.log_likelihood, abs=1e-9)
    assert fit.estimate == pytest.approx(fit.unselected.coefficients[0], rel=1e-6)
    assert fit.selection_test is None


@few_examples
@given(seed=st.integers(0, 10_000), k=st.integers(3, 25))
def test_whatever_the_data_the_result_is_honest(seed, k):
    """Plain numbers fit for JSON, a likelihood not below that of the model within it, and findings of known rules."""
    y, v = studies(k, seed)
    fit = selection_model(y[np.random.default_rng(seed).permutation(len(y))], v)

    json.dumps(fit.to_dict(), allow_nan=False)
    assert fit.log_likelihood >= fit.unselected.log_likelihood - 1e-9
    assert fit.converged
    assert {rule for rule, _ in fit.findings} <= set(RULES)
    for one in (fit.mean, fit.tau2, fit.delta[1]):
        if one.profile_low is not None:
            assert one.profile_low <= one.estimate <= one.profile_high


def test_a_profile_interval_ends_where_the_likelihood_has_fallen_enough():
    """At both ends of the weight's interval the model with that weight fixed is worse by chi-squared(1) / 2."""
    y, v = studies()
    fit = selection_model(y, v)
    for end in (fit.delta[1].profile_low, fit.delta[1].profile_high):
        there = selection_model(y, v, delta=(1, end), profile=False)
        assert 2 * (fit.log_likelihood - there.log_likelihood) == pytest.approx(3.841458820694124, rel=1e-5)


def test_corrected_estimates_come_nearer_to_the_truth():
    """1,500 studies of mean 0.2 and tau 0.2, of which 70 % of those not significant are unpublished."""
    y, v = studies(1500, seed=4, chance=0.3)
    fit = selection_model(y, v)

    assert fit.mean.ci_low < 0.2 < fit.mean.ci_high
    assert fit.delta[1].ci_low < 0.3 < fit.delta[1].ci_high
    assert fit.tau2.ci_low < 0.04 < fit.tau2.ci_high
    assert fit.unselected.coefficients[0] > 0.2 + 5 * fit.unselected.se[0]


FOOLED = {
    "one_outlier": (True, {"outlying"}),
    "two_clusters": (True, {"small_studies"}),
    "pure_selection": (False, {"all_significant", "empty_interval", "parameter_on_bound", "extrapolated"}),
    "three": (False, {"few", "sparse_interval", "tau2_on_bound", "hardly_known"}),
    "alike": (False, {"tau2_on_bound"}),
}


@pytest.mark.parametrize("name", FOOLED)
def test_what_it_says_of_data_made_to_fool_it(name):
    """The verdict names what is odd, and says whether the estimates can be used at all."""
    fit = selection_model(*getattr(fooling, name)())
    usable, rules = FOOLED[name]

    assert rules <= {rule for rule, _ in fit.findings}
    assert fit.usable is usable
    assert ("usable: " if usable else "not usable: ") in fit.summary()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"type": "stepfunc"}, "did you mean 'stepfun'"),
        ({"alternative": "two.sided"}, "did you mean 'two-sided'"),
        ({"steps": (0.025, 2)}, "p-values above 0"),
        ({"type": "beta", "steps": 0.05}, "takes no steps"),
        ({"delta": (1, 0.5, 0.2)}, "2 entries"),
        ({"delta": (0.5, 0.5)}, "first delta is 1"),
        ({"delta": (1, 200)}, "within its bounds.*row 2"),
        ({"prec": "sei"}, "does not depend on precision"),
        ({"type": "negexp", "prec": "ninv"}, "needs ni"),
        ({"type": "trunc", "alternative": "two-sided"}, "by the size of effects"),
        ({"type": "negexp", "decreasing": True}, "for the weights of 'stepfun'"),
        ({"method": "REML"}, "no method 'REML'"),
    ],
)
def test_refusals(options, words):
    """Options that do not go together are refused, with what would."""
    with pytest.raises(InvalidArgument, match=words):
        selection_model(*studies(), **options)


def test_precision_by_sample_sizes_and_a_formula():
    """Sizes and moderators by name; a row without its moderator is left out and named."""
    y, v = studies()
    data = {"d": y, "var": v, "n": np.round(4 / v), "year": np.append(np.arange(29.0), np.nan)}
    fit = selection_model("d", "var", "negexp", data=data, prec="sqrtninv", ni="n", mods="~ year", profile=False)

    assert [one.name for one in fit.coefficients] == ["Intercept", "year"]
    assert fit.k == 29
    assert "row 30" in fit.reason("k")
    with pytest.raises(InvalidArgument, match="no mean"):
        _ = fit.estimate


def test_weights_to_draw():
    """The weights of p-values: steps include their upper ends."""
    y, v = studies()
    fit = selection_model(y, v, steps=(0.025, 0.5), delta=(1, 0.5, 0.2), profile=False)
    smooth = selection_model(y, v, "negexp", delta=2.0, profile=False)

    assert fit.weight([0.0, 0.025, 0.0251, 0.5, 1.0]).tolist() == [1, 1, 0.5, 0.5, 0.2]
    assert smooth.weight(0.5) == pytest.approx(np.exp([-1.0]))
    with pytest.raises(InvalidArgument, match="between 0 and 1"):
        fit.weight(1.5)
