"""Correlated- and hierarchical-effects models."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from synthesis.errors import InvalidArgument
from synthesis.pooling import pool
from synthesis.pooling.dependent.correlated_effects import correlated_effects, hierarchical_effects
from synthesis.pooling.dependent.robust import robust
from tests.pooling.dependent.models import alike, clustered
from tests.pooling.reference import blocks

(BLOCK,) = [block for block in blocks("multilevel") if block["id"] == "tannersmith2016_rve"]
EFFECTS = tuple(BLOCK["inputs"][name] for name in ("yi", "vi", "study"))
OUTPUTS = BLOCK["outputs"]
CALLS = {
    "corr_rho08_small": lambda: correlated_effects(*EFFECTS),
    "corr_rho05_small": lambda: correlated_effects(*EFFECTS, rho=0.5),
    "corr_rho08": lambda: correlated_effects(*EFFECTS, small=False),
    "hier_small": lambda: hierarchical_effects(*EFFECTS),
}
ROW = {"b": "estimate", "se": "se", "t": "statistic", "df": "df", "pval": "p_value", "ci.lb": "ci_low"}
ROW |= {"ci.ub": "ci_high"}
MODEL = {"tau2": "tau2", "omega2": "omega2", "I2": "i2"}
BOTH = [correlated_effects, hierarchical_effects]


@pytest.mark.parametrize("name", CALLS)
def test_reference(name):
    """robumeta's coefficient, its robust test and the variances, within 1e-10."""
    ours, expected = CALLS[name](), {key: value for key, value in OUTPUTS[name].items() if value is not None}
    found = {theirs: getattr(ours.coefficients[0], field) for theirs, field in ROW.items()}
    found |= {theirs: getattr(ours, field) for theirs, field in MODEL.items()}

    assert {key: value for key, value in found.items() if value is not None} == pytest.approx(expected, rel=1e-10)


def test_reference_is_compared_whole():
    """Four models with 7 numbers of the coefficient, tau^2, and omega^2 or I^2 (the other is null): 36 numbers."""
    assert set(OUTPUTS) == set(CALLS)
    assert all(set(one) == set(ROW) | set(MODEL) for one in OUTPUTS.values())
    assert sum(value is not None for one in OUTPUTS.values() for value in one.values()) == 4 * (7 + 1 + 1)


# By hand, with whole matrices


def residual_maker(X, w):
    """I - H of weighted least squares."""
    return np.eye(len(w)) - X @ np.linalg.solve(X.T * w @ X, X.T * w)


@given(data=clustered(), rho=st.floats(0, 1))
def test_correlated_moments_by_hand(data, rho):
    """tau^2 equates Q to its expectation where effects of a cluster covary by tau^2 + rho v; I^2 follows."""
    k, share = alike(data.cluster).sum(axis=1), alike(data.cluster)
    mean = share @ data.v / k
    w, out = 1 / (k * mean), residual_maker(data.X, 1 / (k * mean))
    form = out.T * w @ out
    expected = np.trace(form @ (mean[:, None] * (rho * share + (1 - rho) * np.eye(len(k)))))
    q, slope = data.y @ form @ data.y, np.trace(form @ share)
    ours = correlated_effects(data.y, data.v, data.cluster, moderators=data.X, rho=rho)

    assert ours.tau2 == pytest.approx(max(0, (q - expected) / slope), rel=1e-8, abs=1e-10)
    assert ours.i2 == pytest.approx(max(0, 100 * (q - expected) / q), rel=1e-8, abs=1e-8)


@given(data=clustered())
def test_hierarchical_moments_by_hand(data):
    """tau^2 and omega^2 equate Q and the squared sums of residuals to their expectations."""
    share = alike(data.cluster)
    assume(share.sum() > len(data.y))
    out = residual_maker(data.X, 1 / data.v)
    forms = [out.T / data.v @ out, out.T @ share @ out]
    spread = [[np.trace(form @ part) for part in (share, np.eye(len(share)))] for form in forms]
    excess = [data.y @ form @ data.y - np.trace(form * data.v) for form in forms]
    assume(np.linalg.cond(spread) < 1e6)
    omega2 = max(0, np.linalg.solve(spread, excess)[1])
    tau2 = max(0, (excess[0] - omega2 * spread[0][1]) / spread[0][0])
    ours = hierarchical_effects(data.y, data.v, data.cluster, moderators=data.X)

    assert (ours.tau2, ours.omega2) == pytest.approx((tau2, omega2), rel=1e-7, abs=1e-8)


def test_weights():
    """1 / (k (v + tau^2)), v the mean of the cluster; and 1 / (v + tau^2 + omega^2)."""
    _, vi, study = EFFECTS
    code, k = np.unique(study, return_inverse=True, return_counts=True)[1:]
    mean = np.bincount(code, vi) / k
    one, two = correlated_effects(*EFFECTS), hierarchical_effects(*EFFECTS)

    assert one.model.marginal.diagonal() == pytest.approx((k * (mean + one.tau2))[code], rel=1e-14)
    assert two.model.marginal.diagonal() == pytest.approx(np.array(vi) + two.tau2 + two.omega2, rel=1e-14)


@given(data=clustered(most=1))
def test_single_effects_are_dersimonian_laird(data):
    """Where every cluster has one effect, the correlated-effects model is DerSimonian and Laird's."""
    ours = correlated_effects(data.y, data.v, data.cluster)
    theirs = pool(data.y, data.v, method="DL", test="z")

    assert ours.tau2 == pytest.approx(theirs.tau2, rel=1e-9, abs=1e-12)
    assert ours.coefficients[0].estimate == pytest.approx(theirs.estimate, rel=1e-9, abs=1e-12)
    assert ours.q == pytest.approx(theirs.q, rel=1e-9)


# Laws


@pytest.mark.parametrize("function", BOTH)
@given(data=clustered(least=2), order=st.randoms(use_true_random=False), exponent=st.integers(-9, 9))
def test_order_and_unit(function, data, order, exponent):
    """Rows in another order change nothing; another unit changes the unit alone."""
    rows, unit = list(range(len(data.y))), 10.0**exponent
    order.shuffle(rows)
    plain = function(data.y, data.v, data.cluster)
    moved = function(unit * data.y[rows], unit**2 * data.v[rows], data.cluster[rows])

    assert moved.tau2 / unit**2 == pytest.approx(plain.tau2, rel=1e-7, abs=1e-10)
    assert moved.coefficients[0].se / unit == pytest.approx(plain.coefficients[0].se, rel=1e-7)
    assert moved.coefficients[0].df == pytest.approx(plain.coefficients[0].df, rel=1e-6)


def test_robust_goes_on_from_it():
    """The result has a model, so that another kind of robust test can be had of it."""
    fit = correlated_effects(*EFFECTS)

    assert robust(fit, EFFECTS[2]).coefficients == fit.coefficients
    assert robust(fit, EFFECTS[2], kind="CR1").coefficients == correlated_effects(*EFFECTS, small=False).coefficients


def test_a_negative_moment_estimate_is_zero_with_a_note():
    """Effects more alike than their variances let expect."""
    fit = correlated_effects([0.1, 0.11, 0.12, 0.1], [1, 1, 1, 1], [1, 1, 2, 2])

    assert (fit.tau2, fit.i2) == (0, 0)
    assert "below 0" in fit.reason("tau2")


def test_names_and_level():
    """Columns by name, a level of one's own, text and plain values."""
    X = np.column_stack([np.ones(len(EFFECTS[0])), np.arange(len(EFFECTS[0]))])
    fit = hierarchical_effects(*EFFECTS, moderators=X, names=["intercept", "order"], level=0.9)

    assert [row.name for row in fit.coefficients] == ["intercept", "order"]
    assert fit.robust.tested == ("order",)
    assert "hierarchical effects: tau^2" in fit.summary()
    assert fit.to_dict()["robust"]["level"] == 0.9


def test_names_of_columns_and_a_formula():
    """Columns by name, a formula, and a row without its moderator, which is left out with a note."""
    data = dict(zip(("yi", "vi", "study"), EFFECTS, strict=True)) | {"year": [None, *range(1, 113)]}
    fit = correlated_effects("yi", "vi", "study", moderators="~ year", data=data)
    by_hand = correlated_effects(
        *(column[1:] for column in EFFECTS), moderators=np.column_stack([np.ones(112), data["year"][1:]])
    )

    assert [row.estimate for row in fit.coefficients] == pytest.approx([row.estimate for row in by_hand.coefficients])
    assert fit.reason("k") == "a moderator is missing in row 1: left out"
    assert robust(fit, "study", data=data).coefficients == fit.coefficients


EIGHT = ([0.1, 0.2, 0.3, 0.4], [1, 1, 1, 1], [1, 1, 2, 2])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: correlated_effects([1, 2], [1, 0], [1, 2]), "greater than 0: row 2"),
        (lambda: correlated_effects(*EIGHT[:2], [1, 2]), "cluster has 2 rows"),
        (lambda: correlated_effects(*EIGHT[:2], [1, 1, 1, 1]), "one cluster cannot carry 1 coefficient"),
        (lambda: correlated_effects(*EIGHT, rho=1.1), "rho must be a number between 0 and 1"),
        (lambda: correlated_effects(*EIGHT, level=95), "level must be between 0 and 1"),
        (lambda: correlated_effects(*EIGHT, moderators=[[1, 2], [3, 4]]), "2 rows and yi has 4"),
        (lambda: correlated_effects(*EIGHT, moderators=[[1, 2], [1, 3], [1, 5], [1, 4]]), "2 clusters cannot carry 2"),
        (lambda: correlated_effects("y", *EIGHT[1:], data={"yi": EIGHT[0]}), "no column 'y' in data"),
        (lambda: hierarchical_effects(*EIGHT[:2], [1, 2, 3, 4]), "every cluster has one effect"),
    ],
)
def test_mistakes(call, message):
    """Each has its own words."""
    with pytest.raises(InvalidArgument, match=message):
        call()
