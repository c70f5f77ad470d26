"""Cluster-robust tests: the reference's, those by hand, and laws."""

import math
import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from synthesis.errors import InvalidArgument
from synthesis.pooling import pool
from synthesis.pooling.blocks import Blocks, diagonal_blocks
from synthesis.pooling.dependent.multilevel import multilevel
from synthesis.pooling.dependent.robust import robust
from synthesis.pooling.dependent.sandwich import KINDS
from synthesis.pooling.linear import LinearModel
from synthesis.pooling.moderators.regress import regress
from tests.pooling.dependent.models import alike, clustered, least_squares
from tests.pooling.reference import blocks

FILE = {block["id"]: block for block in blocks("multilevel")}
KONSTANTOPOULOS, BERKEY = FILE["konstantopoulos2011"], FILE["berkey1998"]
ROW = {"b": "estimate", "se": "se", "t": "statistic", "df": "df", "pval": "p_value", "ci.lb": "ci_low"}
ROW |= {"ci.ub": "ci_high"}
THEIRS = {"CR2_satterthwaite": "CR2", "CR1_residual": "CR1", "CR0_unadjusted": "CR0"}
DISTINCT = ["CR0", "CR2", "CR3"]  # CR1 and CR1S are multiples of CR0
TIGHT = 1e-8  # variances are the reference's own, so that the sandwich alone is compared; README asks for 1e-4


def three_level(key, X=None, rho=0.0):
    """The model of konstantopoulos2011 with the variances that the reference found."""
    inputs, found = KONSTANTOPOULOS["inputs"], KONSTANTOPOULOS["outputs"][key]
    v, cluster = np.array(inputs["vi"]), inputs["cluster"]
    between, within = found["sigma2"]
    sampling = np.where(np.eye(len(v)) == 1, v, rho * np.sqrt(np.outer(v, v)) * alike(cluster))
    marginal = sampling + between * alike(cluster) + within * np.eye(len(v))
    return least_squares(inputs["yi"], np.ones((len(v), 1)) if X is None else X, marginal), cluster, found["robust"]


def two_level():
    """konstantopoulos2011 as if no two schools were of one district: `pool`, then clusters."""
    inputs = KONSTANTOPOULOS["inputs"]
    fit = pool(inputs["yi"], inputs["vi"], method="REML", test="z")
    model = least_squares(inputs["yi"], np.ones((56, 1)), diagonal_blocks(np.array(inputs["vi"]) + fit.tau2))
    return model, inputs["cluster"], KONSTANTOPOULOS["outputs"]["robust_on_two_level_rma_uni"]["robust"]


def bivariate():
    """berkey1998 with an unstructured covariance of the two outcomes."""
    inputs, found = BERKEY["inputs"], BERKEY["outputs"]["UN|REML"]
    outcome = np.array([["AL", "PD"].index(name) for name in inputs["outcome"]])
    sd, rho = np.sqrt(found["tau2"]), found["rho"][0]
    between = (np.outer(sd, sd) * np.array([[1, rho], [rho, 1]]))[np.ix_(outcome, outcome)]
    marginal = np.array(inputs["V"]) + between * alike(inputs["study"])
    return least_squares(inputs["yi"], np.eye(2)[outcome], marginal), inputs["study"], BERKEY["outputs"]["robust"]


def year():
    x = KONSTANTOPOULOS["inputs"]["x"]
    return np.column_stack([np.ones(len(x)), x])


CASES = {
    "konstantopoulos2011/REML/robust": lambda: three_level("REML"),
    "konstantopoulos2011/moderator_REML/robust": lambda: three_level("moderator_REML", year()),
    "konstantopoulos2011/correlated_errors_rho06_REML/robust": lambda: three_level(
        "correlated_errors_rho06_REML", rho=0.6
    ),
    "konstantopoulos2011/robust_on_two_level_rma_uni/robust": two_level,
    "berkey1998/robust": bivariate,
}


def compared(case):
    """All numbers of one block of robust output as pairs (where, ours, theirs)."""
    model, cluster, reference = CASES[case]()
    pairs = []
    for name, kind in THEIRS.items():
        result = robust(model, cluster, kind=kind)
        for theirs, ours in ROW.items():
            expected = reference[name].get(theirs, [])
            found = [getattr(row, ours) for row in result.coefficients]
            pairs += [((name, theirs), *pair) for pair in zip(found, expected, strict=False)]
    pairs += joint(robust(model, cluster), reference["CR2_satterthwaite"])
    return pairs


def joint(result, expected):
    """The F test, the covariance and the number of clusters."""
    test = result.omnibus
    ours = [test.statistic, test.df, test.df_denominator, test.p_value, result.clusters, *result.covariance.ravel()]
    theirs = [expected["F"], *expected["F.df"], expected["Fp"], expected["n_clusters"], *np.ravel(expected["vcov"])]
    return [("joint", *pair) for pair in zip(ours, theirs, strict=True)]


@pytest.mark.parametrize("case", CASES)
def test_reference(case):
    """CR2, CR1 and CR0 of metafor and clubSandwich, within 1e-8."""
    assert [pair for pair in compared(case) if not math.isclose(*pair[1:], rel_tol=TIGHT)] == []


@pytest.mark.parametrize("case", CASES)
def test_reference_is_compared_whole(case):
    """For p coefficients 7 p of CR2, 6 p + 1 of CR1, 2 p + 1 of CR0, and F, its df, p, clusters and p^2 covariances."""
    p = 2 if "moderator" in case or "berkey" in case else 1

    assert len(compared(case)) == 7 * p + (6 * p + 1) + (2 * p + 1) + 5 + p**2


def test_no_robust_output_of_the_reference_is_left_out():
    """The cases are all the places of multilevel.json that are called robust."""
    found = {f"{name}/{path}" for name, block in FILE.items() for path in places(block["outputs"])}

    assert found == set(CASES)


def places(outputs, path=""):
    """The paths to entries called robust."""
    for name, value in outputs.items():
        if name == "robust":
            yield f"{path}{name}"
        elif isinstance(value, dict):
            yield from places(value, f"{path}{name}/")


def test_the_two_level_fit_itself():
    """The estimate that the robust tests of rma.uni go on from: six numbers."""
    inputs, expected = KONSTANTOPOULOS["inputs"], KONSTANTOPOULOS["outputs"]["robust_on_two_level_rma_uni"]
    fit = pool(inputs["yi"], inputs["vi"], method="REML", test="z")
    ours = (fit.estimate, fit.se, fit.statistic, fit.p_value, fit.ci_low, fit.ci_high)

    assert ours == pytest.approx([expected[name] for name in ("b", "se", "stat", "pval", "ci.lb", "ci.ub")], rel=TIGHT)
    assert set(expected) == {"b", "se", "stat", "df", "pval", "ci.lb", "ci.ub", "robust"}


# By hand, with whole matrices


def dense(data, kind):
    """The sandwich as written in the papers: covariance, and the matrices P_ij of the covariance of the scores."""
    X, M, W = data.X, data.marginal, np.linalg.inv(data.marginal)
    B = np.linalg.inv(X.T @ W @ X)
    out = np.eye(len(X)) - X @ B @ X.T @ W
    residuals, maps = out @ data.y, []
    for one in np.unique(data.cluster):
        j = np.flatnonzero(data.cluster == one)
        A = adjustment(kind, M[np.ix_(j, j)], X[j], B, W[np.ix_(j, j)])
        maps.append(B @ X[j].T @ W[np.ix_(j, j)] @ A @ np.eye(len(X))[j])
    scores = np.array([one @ residuals for one in maps])
    full = np.array([one @ out for one in maps])
    return scores.T @ scores, np.einsum("isa,ab,jtb->ijst", full, M, full)


def adjustment(kind, M, X, B, W):
    """A_j, by eigenvalues."""
    if kind == "CR2":
        D = np.linalg.cholesky(M).T
        values, vectors = np.linalg.eigh(D @ (M - X @ B @ X.T) @ D.T)
        return D.T @ (vectors / np.sqrt(values)) @ vectors.T @ D
    return np.linalg.inv(np.eye(len(X)) - X @ B @ X.T @ W) if kind == "CR3" else np.eye(len(X))


def test_every_kind_is_under_the_laws():
    """A new kind is distinct, or a multiple with a test of its factor."""
    assert set(KINDS) == {*DISTINCT, "CR1", "CR1S"}


@pytest.mark.parametrize("kind", DISTINCT)
@given(data=clustered())
def test_covariance_by_hand(kind, data):
    """The covariance is that of whole matrices."""
    assume(leverage(data) < 0.99)
    ours = robust(data.model, data.cluster, kind=kind).covariance
    theirs, _ = dense(data, kind)
    scale = np.sqrt(np.outer(np.diag(theirs), np.diag(theirs)))

    assert np.abs(ours - theirs) == pytest.approx(0, abs=1e-8 * scale.max())


def leverage(data):
    """The largest share of a direction of one cluster that the design takes up."""
    root = np.linalg.cholesky(data.marginal)
    basis, _ = np.linalg.qr(np.linalg.solve(root, data.X))
    return max(np.linalg.norm(basis[data.cluster == one], 2) ** 2 for one in np.unique(data.cluster))


@pytest.mark.parametrize("kind", ["CR2", "CR3"])
@given(data=clustered())
def test_degrees_of_freedom_by_hand(kind, data):
    """Satterthwaite's: twice the squared expectation over the variance, from the scores' covariances one by one."""
    assume(leverage(data) < 0.99)
    _, P = dense(data, kind)
    ours = [row.df for row in robust(data.model, data.cluster, kind=kind).coefficients]
    expected = np.einsum("iiss->s", P) ** 2 / np.einsum("ijss,ijss->s", P, P)

    assert ours == pytest.approx(expected, rel=1e-7)


@given(data=clustered())
def test_joint_degrees_of_freedom_by_hand(data):
    """Of Hotelling's T^2: q (q + 1) over the variances of all entries of the scaled estimate, less q - 1."""
    assume(leverage(data) < 0.99)
    _, P = dense(data, "CR2")
    root = np.linalg.inv(np.linalg.cholesky(np.einsum("iist->st", P)))
    P = np.einsum("su,ijuv,tv->ijst", root, P, root)
    variances = np.einsum("ijss,ijtt->st", P, P) + np.einsum("ijst,ijts->st", P, P)
    test = robust(data.model, data.cluster, tested=["x0", "x1"]).omnibus
    df = 2 * 3 / variances.sum() - 1

    assert test.df_denominator == (pytest.approx(df, rel=1e-7) if df > 0 else None)


@given(data=clustered())
def test_bias_reduced_is_without_bias(data):
    """Under the working model the expectation of CR2 is the covariance of the coefficients, exactly."""
    assume(leverage(data) < 0.99)
    _, P = dense(data, "CR2")
    B = np.linalg.inv(data.X.T @ np.linalg.inv(data.marginal) @ data.X)

    assert np.einsum("iist->st", P) == pytest.approx(B, rel=1e-7)


def test_single_rows_give_white():
    """Clusters of one row: CR0 is HC0, CR2 is HC2, CR3 is HC3, by the formulas for weighted least squares."""
    rng = np.random.default_rng(1)
    v, X = rng.uniform(0.1, 1, 12), np.column_stack([np.ones(12), rng.normal(size=12)])
    model = least_squares(rng.normal(size=12), X, diagonal_blocks(v))
    B = np.linalg.inv(X.T / v @ X)
    h, e = np.einsum("ip,pq,iq->i", X, B, X) / v, model.yi - X @ model.estimate
    for kind, power in (("CR0", 0), ("CR2", 1), ("CR3", 2)):
        hc = B @ (X.T / v**2 * e**2 / (1 - h) ** power) @ X @ B
        assert robust(model, range(12), kind=kind).covariance == pytest.approx(hc, rel=1e-12)


def test_factors():
    """CR1 is CR0 times m / (m - p); CR1S times m (n - 1) / ((m - 1) (n - p)): 11 districts, 56 schools, 2 columns."""
    model, cluster, _ = CASES["konstantopoulos2011/moderator_REML/robust"]()
    plain = robust(model, cluster, kind="CR0")
    stata = robust(model, cluster, kind="CR1S")

    assert robust(model, cluster, kind="CR1").covariance == pytest.approx(plain.covariance * 11 / 9, rel=1e-14)
    assert stata.covariance == pytest.approx(plain.covariance * 11 * 55 / (10 * 54), rel=1e-14)
    assert (plain.coefficients[0].df, stata.coefficients[0].df) == (9, 10)


def test_a_cluster_that_the_design_absorbs():
    """A coefficient that rests on one cluster alone leaves it no residuals: a note, and the rest is as without it."""
    rng = np.random.default_rng(2)
    cluster = np.repeat(np.arange(6), 2)
    X = np.column_stack([cluster < 5, cluster == 5]).astype(float)
    marginal = np.diag(rng.uniform(0.1, 1, 12)) + 0.2 * alike(cluster)
    y = rng.normal(size=12)
    whole = robust(least_squares(y, X, marginal), cluster)
    rest = robust(least_squares(y[:10], X[:10, :1], marginal[:10, :10]), cluster[:10])

    assert whole.coefficients[0].se == pytest.approx(rest.coefficients[0].se, rel=1e-12)
    assert whole.coefficients[0].df == pytest.approx(rest.coefficients[0].df, rel=1e-12)
    assert "cluster 5" in whole.reason("covariance")


# Laws


def same(one, other, rel, *, factor=1.0):
    """Equal results, those of `other` in a unit `factor` times smaller."""
    for a, b in zip(one.coefficients, other.coefficients, strict=True):
        assert b.se == pytest.approx(factor * a.se, rel=rel)
        assert b.df == pytest.approx(a.df, rel=rel)
        assert b.p_value == pytest.approx(a.p_value, rel=rel, abs=1e-15)
    assert other.omnibus.statistic == pytest.approx(one.omnibus.statistic, rel=rel)


@pytest.mark.parametrize("kind", DISTINCT)
@given(data=clustered(), order=st.randoms(use_true_random=False), exponent=st.integers(-9, 9))
def test_order_labels_and_unit(kind, data, order, exponent):
    """Rows in another order, clusters of other names and another unit of the effects change that unit alone."""
    assume(leverage(data) < 0.99)
    rows, unit = list(range(len(data.y))), 10.0**exponent
    order.shuffle(rows)
    moved = least_squares(unit * data.y[rows], data.X[rows], unit**2 * data.marginal[np.ix_(rows, rows)])
    names = [f"study {7 - label}" for label in data.cluster[rows]]

    same(robust(data.model, data.cluster, kind=kind), robust(moved, names, kind=kind), 1e-7, factor=unit)


def test_zeros_between_clusters_are_no_link():
    """One whole matrix gives what its blocks give."""
    model, cluster, _ = CASES["konstantopoulos2011/REML/robust"]()
    n = len(model.yi)
    whole = least_squares(model.yi, model.design, Blocks((np.arange(n),), (model.marginal.dense(),)))

    same(robust(model, cluster), robust(whole, cluster), 1e-12)


def test_level_and_tested():
    """A level of one's own, and coefficients by name."""
    model, cluster, _ = CASES["berkey1998/robust"]()
    wide, narrow = robust(model, cluster), robust(model, cluster, level=0.5, tested="x1")

    assert narrow.coefficients[0].ci_low > wide.coefficients[0].ci_low
    assert narrow.omnibus.statistic == pytest.approx(narrow.coefficients[1].statistic ** 2)
    assert (narrow.level, narrow.tested, wide.tested) == (0.5, ("x1",), ("x0", "x1"))


def test_few_degrees_of_freedom_are_said():
    """Below four, the p-value comes with a warning."""
    model, cluster, _ = CASES["berkey1998/robust"]()

    assert "fewer than 4 degrees of freedom for x0, x1" in robust(model, cluster).reason("coefficients")


def test_equal_effects_have_no_test():
    """Without residuals the standard error is 0 and there is no statistic."""
    model = least_squares(np.full(6, 0.5), np.ones((6, 1)), np.eye(6))
    result = robust(model, [1, 1, 2, 2, 3, 3])

    assert (result.coefficients[0].se, result.coefficients[0].statistic, result.omnibus.statistic) == (0, None, None)
    assert "standard error 0" in result.reason("coefficients")


def test_a_joint_test_of_too_many_coefficients():
    """Where the degrees of freedom do not reach there is no F, and the reason why."""
    rng = np.random.default_rng(3)
    cluster = np.repeat(np.arange(5), 3)
    model = least_squares(rng.normal(size=15), rng.normal(size=(15, 4)), np.eye(15) + alike(cluster))
    result = robust(model, cluster)

    assert result.omnibus.statistic is None
    assert result.reason("omnibus")


def test_end_to_end():
    """A three-level fit of our own, then clusters: the reference's within 1e-6, as far as the two fits may differ."""
    inputs, expected = KONSTANTOPOULOS["inputs"], KONSTANTOPOULOS["outputs"]["moderator_REML"]["robust"]
    fit = multilevel("yi", "vi", random="cluster/inner", moderators="~ x", data=inputs)
    result = robust(fit, "cluster", data=inputs)
    theirs = expected["CR2_satterthwaite"]

    assert [row.se for row in result.coefficients] == pytest.approx(theirs["se"], rel=1e-6)
    assert [row.df for row in result.coefficients] == pytest.approx(theirs["df"], rel=1e-6)
    assert result.tested == ("x",)


def test_rows_that_a_fit_left_out():
    """Labels may be those of all rows or of the rows that the fit has."""
    inputs = KONSTANTOPOULOS["inputs"]
    fit = regress(inputs["yi"], inputs["vi"], "~ x", data=inputs | {"x": [None, *inputs["x"][1:]]})

    assert robust(fit, inputs["cluster"]).sizes[0] == 3
    same(robust(fit, inputs["cluster"]), robust(fit, inputs["cluster"][1:]), 1e-14)


MODEL = least_squares([0.1, 0.2, 0.4, 0.3], np.ones((4, 1)), np.diag([1.0, 2, 1, 2]) + 0.5 * alike([1, 1, 2, 2]))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: robust(MODEL, [1, 2]), "cluster has 2 rows and there are 4 effects"),
        (lambda: robust(MODEL, [1, None, 2, float("nan")]), "cluster is missing: rows 2, 4"),
        (lambda: robust(MODEL, ["a", " ", "b", "b"]), "cluster is missing: row 2"),
        (lambda: robust(MODEL, np.ma.array([1, 1, 2, 2], mask=[0, 0, 1, 0])), "cluster is missing: row 3"),
        (lambda: robust(MODEL, [[1, 1], [2, 2]]), "cluster must be one column of labels"),
        (lambda: robust(MODEL, [1, 1, 1, 1]), "one cluster cannot carry 1 coefficient: more than 1 are needed"),
        (lambda: robust(MODEL, [1, 2, 2, 1]), "links rows 1 and 2, which are of different clusters"),
        (lambda: robust(MODEL, [1, 1, 2, 2], kind="CR22"), "did you mean 'CR2'?"),
        (lambda: robust(MODEL, [1, 1, 2, 2], tested=["x9"]), "no coefficient 'x9'"),
        (lambda: robust(MODEL, [1, 1, 2, 2], tested=[]), "tested must name at least one"),
        (lambda: robust(MODEL, [1, 1, 2, 2], level=95), "level must be between 0 and 1"),
        (lambda: robust(replace(MODEL, estimate=np.array([0.3])), [1, 1, 2, 2]), "not those of generalised least"),
        (lambda: robust(3.0, [1, 1, 2, 2]), "not float"),
    ],
)
def test_mistakes(call, message):
    """Each has its own words."""
    with pytest.raises(InvalidArgument, match=message.replace("?", r"\?")):
        call()


def test_text_and_plain_values():
    """The summary names what was done; the plain values are fit for JSON."""
    model, cluster, _ = CASES["konstantopoulos2011/moderator_REML/robust"]()
    result = robust(model, cluster)
    plain = result.to_dict()

    assert "56 effects in 11 clusters of 3 to 11" in result.summary()
    assert "x1: F(1, 4.19) = 0.2820, p 0.622" in result.summary()
    assert (plain["kind"], plain["sizes"][0], plain["coefficients"][1]["name"]) == ("CR2", 4, "x1")


def test_two_thousand_effects_are_fast():
    """CR2 for 400 clusters of 5 within 50 ms of processor time; it takes about 6."""
    rng = np.random.default_rng(4)
    cluster = np.repeat(np.arange(400), 5)
    parts = [np.diag(rng.uniform(0.01, 0.1, 5)) + 0.05 for _ in range(400)]
    w, y = np.concatenate([np.linalg.solve(one, np.ones(5)) for one in parts]), rng.normal(size=2000)
    marginal = Blocks(tuple(np.arange(2000).reshape(400, 5)), tuple(parts))
    estimate = np.array([w @ y / w.sum()])
    model = LinearModel(y, np.ones((2000, 1)), ("intercept",), marginal, estimate, 0.95)
    times = []
    for _ in range(5):
        start = time.process_time()
        robust(model, cluster)
        times.append(time.process_time() - start)

    assert min(times) < 0.05
