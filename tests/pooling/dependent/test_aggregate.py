"""Several effects of one study made one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis.effects.combine import composite
from synthesis.errors import InvalidArgument
from synthesis.pooling.dependent.aggregate import SAMPLING_STRUCTURES, aggregate
from synthesis.pooling.dependent.vcalc import vcalc
from tests.pooling.dependent.models import clustered
from tests.pooling.reference import blocks

FILE = {block["id"]: block for block in blocks("multilevel")}
INPUTS, OUTPUTS = (FILE["aggregate_konstantopoulos2011"][part] for part in ("inputs", "outputs"))
EFFECTS = (INPUTS["yi"], INPUTS["vi"], INPUTS["study"])
SCHOOL = FILE["konstantopoulos2011"]["inputs"]["inner"]  # the times of CAR: schools of a district, counted
CALLS = {
    "CS_rho05": {"rho": 0.5},
    "ID": {"struct": "ID"},
    "CS_rho08_unweighted": {"rho": 0.8, "weighted": False},
    "CAR_phi07": {"struct": "CAR", "phi": 0.7, "time": SCHOOL},
}
OPTIONS = {"rho": 0.3, "phi": 0.6}


@pytest.mark.parametrize("name", CALLS)
def test_reference(name):
    """The effects and variances of metafor, within 1e-12."""
    ours, expected = aggregate(*EFFECTS, **CALLS[name]), OUTPUTS[name]

    assert list(ours.cluster) == expected["study"]
    assert ours.yi == pytest.approx(expected["yi"], rel=1e-12)
    assert ours.vi == pytest.approx(expected["vi"], rel=1e-12)


def test_reference_is_compared_whole():
    """Four calls, each with the label, effect and variance of eleven districts: 132 values."""
    assert set(OUTPUTS) == set(CALLS)
    assert all(set(one) == {"study", "yi", "vi"} for one in OUTPUTS.values())
    assert sum(len(column) for one in OUTPUTS.values() for column in one.values()) == 4 * 3 * 11


def options(code, data):
    """What a structure needs."""
    row, needs = np.arange(len(data.y)), SAMPLING_STRUCTURES[code].needs
    columns = {"time": row // 2 if "obs" in needs else row, "obs": row % 2}
    return {"struct": code} | {name: (OPTIONS | columns)[name] for name in needs}


@given(data=clustered())
def test_independent_is_inverse_variance(data):
    """ID is the pooled effect of each cluster by itself."""
    ours = aggregate(data.y, data.v, data.cluster, struct="ID")
    w = 1 / data.v
    total = np.bincount(data.cluster, w)

    assert ours.yi == pytest.approx(np.bincount(data.cluster, w * data.y) / total, rel=1e-12, abs=1e-14)
    assert ours.vi == pytest.approx(1 / total, rel=1e-12)
    assert ours.k.tolist() == np.bincount(data.cluster).tolist()


@given(data=clustered(), rho=st.floats(0, 1))
def test_unweighted_is_the_composite(data, rho):
    """The plain mean has the variance that `composite` gives it, correlation 1 included."""
    ours = aggregate(data.y, data.v, data.cluster, rho=rho, weighted=False)
    theirs = [composite(data.y[data.cluster == one], data.v[data.cluster == one], rho=rho) for one in ours.cluster]

    assert ours.yi == pytest.approx([y for y, _ in theirs], rel=1e-12, abs=1e-14)
    assert ours.vi == pytest.approx([v for _, v in theirs], rel=1e-12)


@given(data=clustered())
def test_equal_variances_weigh_the_same(data):
    """With equal variances and correlations the weighted effect is the plain mean."""
    weighted, plain = (
        aggregate(data.y, np.full(len(data.y), 0.1), data.cluster, weighted=one) for one in (True, False)
    )

    assert weighted.yi == pytest.approx(plain.yi, rel=1e-12, abs=1e-14)
    assert weighted.vi == pytest.approx(plain.vi, rel=1e-12)


@pytest.mark.parametrize("code", SAMPLING_STRUCTURES)
@given(data=clustered())
def test_structures_by_their_formulas(code, data):
    """Each is generalised least squares with the correlations that its formula gives."""
    ours = aggregate(data.y, data.v, data.cluster, **options(code, data))
    for one, y, v in zip(ours.cluster, ours.yi, ours.vi, strict=True):
        rows = np.flatnonzero(data.cluster == one)
        r = np.array([[formula(code, i, j) for j in rows] for i in rows])
        w = np.linalg.solve(r * np.sqrt(np.outer(data.v[rows], data.v[rows])), np.ones(len(rows)))
        assert (y, v) == pytest.approx((w @ data.y[rows] / w.sum(), 1 / w.sum()), rel=1e-9, abs=1e-12)


def formula(code, i, j):
    """The correlation of rows i and j at times i and j; for CS*CAR two measures at each time."""
    if i == j or code == "ID":
        return float(i == j)
    if code == "CS*CAR":
        return (1.0 if i % 2 == j % 2 else 0.3) * 0.6 ** abs(i // 2 - j // 2)
    decay = 0.6 ** abs(i - j)
    return {"CS": 0.3, "CAR": decay, "CS+CAR": 0.3 + 0.7 * decay}[code]


def test_covariances_of_ones_own():
    """V in place of a structure, as blocks or as a matrix, with or without vi."""
    yi, vi, study = EFFECTS
    V = vcalc(vi, study, obs=SCHOOL, rho=0.4)
    expected = aggregate(*EFFECTS, rho=0.4)
    for ours in (aggregate(yi, vi, study, V=V), aggregate(yi, None, study, V=V.dense())):
        assert ours.yi == pytest.approx(expected.yi, rel=1e-10)
        assert ours.vi == pytest.approx(expected.vi, rel=1e-12)
        assert ours.struct == "given"


@given(data=clustered(), order=st.randoms(use_true_random=False), exponent=st.integers(-9, 9))
def test_order_and_unit(data, order, exponent):
    """Rows in another order give the same effects, of each cluster; another unit changes the unit alone."""
    rows, unit = list(range(len(data.y))), 10.0**exponent
    order.shuffle(rows)
    plain = aggregate(data.y, data.v, data.cluster)
    moved = aggregate(unit * data.y[rows], unit**2 * data.v[rows], data.cluster[rows])
    back = np.argsort(moved.cluster)

    assert moved.yi[back] / unit == pytest.approx(plain.yi, rel=1e-9, abs=1e-12)
    assert moved.vi[back] / unit**2 == pytest.approx(plain.vi, rel=1e-10)


@given(data=clustered())
def test_weights_give_the_least_variance(data):
    """No mean has a smaller variance than the weighted one."""
    weighted, plain = (aggregate(data.y, data.v, data.cluster, weighted=one) for one in (True, False))

    assert (weighted.vi <= plain.vi * (1 + 1e-12)).all()


def test_names_of_columns():
    """Columns of a table by their names."""
    ours = aggregate("yi", "vi", "study", struct="CAR", phi=0.7, time="school", data=INPUTS | {"school": SCHOOL})

    assert (ours.yi == aggregate(*EFFECTS, **CALLS["CAR_phi07"]).yi).all()


def test_a_negative_weight_is_said():
    """High correlation and unequal variances make a weight negative: the effect lies beyond both, with a note."""
    ours = aggregate([0.0, 1.0], [0.01, 1.0], ["a", "a"], rho=0.9)

    assert ours.yi[0] < 0
    assert "in cluster a" in ours.notes[0].reason


def refused(**given):
    return lambda: aggregate(**{"yi": [1, 2], "vi": [1, 2], "cluster": ["a", "a"]} | given)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (refused(vi=[1, 0]), "greater than 0: row 2"),
        (refused(cluster=["a"]), "cluster has 1 rows"),
        (refused(cluster=["a", None]), "cluster is missing: row 2"),
        (refused(struct="CRA"), "did you mean 'CAR'"),
        (refused(struct="CAR", phi=0.5), "struct 'CAR' needs time"),
        (refused(struct="CAR", time=[1, 2]), "struct 'CAR' needs phi"),
        (refused(struct="CAR", time=[1, 2], phi=1.5), "phi must be a number between 0 and 1"),
        (refused(struct="CAR", time=[1], phi=0.5), "time has 1 rows"),
        (refused(struct="CAR", time=[1, None], phi=0.5), "time must be finite: row 2"),
        (refused(struct="CAR", time=[1, 1], phi=0.5), "not positive definite .*: cluster a"),
        (refused(struct="ID", rho=0.5), "struct 'ID' takes no rho"),
        (refused(rho=1), "not positive definite .*: cluster a"),
        (refused(rho="high"), "rho must be a number between -1 and 1"),
        (refused(V=[[1, 0], [0, 2]], rho=0.5), "V holds the covariances already: leave out rho"),
        (refused(V=[[1, 0], [0, 3]]), "vi is not the diagonal of V: row 2"),
        (refused(V=[[1, 0.5], [0.5, 2]], cluster=["a", "b"]), "V links rows 1 and 2"),
        (refused(vi=None), "vi"),
    ],
)
def test_mistakes(call, message):
    """Each has its own words."""
    with pytest.raises(InvalidArgument, match=message):
        call()


def test_text_and_plain_values():
    """A line for each cluster; plain values fit for JSON; columns for a data frame."""
    ours = aggregate([0.1, 0.3, 0.5], [0.04, 0.04, 0.01], ["a", "a", "b"], struct="ID")

    assert ours.summary().splitlines()[2:] == ["a        2  0.2000  0.0200", "b        1  0.5000  0.0100"]
    assert ours.to_dict()["k"] == [2, 1]
    assert list(ours.columns()) == ["cluster", "yi", "vi", "k"]
