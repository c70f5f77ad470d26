"""Sampling covariances from what effects share."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis.effects.combine import shared_control_covariance
from synthesis.errors import InvalidArgument
from synthesis.pooling.dependent.nearest import nearest_correlation
from synthesis.pooling.dependent.vcalc import vcalc
from tests.pooling.dependent.models import alike
from tests.pooling.reference import blocks

(BLOCK,) = [block for block in blocks("multilevel") if block["id"] == "vcalc_a"]
INPUTS, OUTPUTS = BLOCK["inputs"], BLOCK["outputs"]
VI, CLUSTER = INPUTS["vi"], INPUTS["cluster"]
CALLS = {
    "obs_rho06": {"obs": INPUTS["obs"], "rho": 0.6},
    "type_obs_rho": {"type": INPUTS["type"], "obs": INPUTS["obs"], "rho": OUTPUTS["type_obs_rho"]["rho"]},
    "time_phi08": {"time1": INPUTS["time"], "phi": 0.8},
    "type_time": {"type": INPUTS["type"], "time1": INPUTS["time"], "rho": 0.4, "phi": 0.9},
    "shared_groups": {name: INPUTS[name] for name in ("grp1", "grp2", "w1", "w2")},
}


@pytest.mark.parametrize("name", CALLS)
def test_reference(name):
    """The matrices of metafor, to the last digits."""
    assert vcalc(VI, CLUSTER, **CALLS[name]).dense() == pytest.approx(np.array(OUTPUTS[name]["V"]), rel=1e-14)


def test_reference_is_compared_whole():
    """Five matrices of six rows and columns, and nothing else but the rho and phi that go in: 180 numbers."""
    assert set(OUTPUTS) == set(CALLS)
    assert sum(np.size(one["V"]) for one in OUTPUTS.values()) == 5 * 36
    assert {name for one in OUTPUTS.values() for name in one} == {"V", "rho", "phi"}
    assert (OUTPUTS["type_time"]["rho"], OUTPUTS["type_time"]["phi"]) == (0.4, 0.9)


# Against whole matrices of measurements


def test_contrasts_of_measurements():
    """Effects within and between groups covary as differences of measurements with covariance phi^d / w."""
    group, time, w = np.array([1, 1, 1, 2, 2, 3]), np.array([0, 1, 3, 0, 2, 0]), np.array([20, 20, 20, 30, 30, 25])
    covariance = 0.7 ** np.abs(time[:, None] - time) * alike(group) / np.sqrt(np.outer(w, w))
    first, second = [1, 2, 3, 0], [0, 0, 5, 4]
    contrast = np.eye(6)[first] - np.eye(6)[second]
    expected = contrast @ covariance @ contrast.T
    V = vcalc(
        np.diag(expected), [1] * 4, grp1=group[first], grp2=group[second], time1=time[first], time2=time[second],
        w1=w[first], w2=w[second], phi=0.7,
    )  # fmt: skip

    assert V.dense() == pytest.approx(expected, rel=1e-12)


def test_a_shared_control():
    """Mean differences of two arms from one control, all of one SD, covary by sd^2 / n of the control."""
    n, control = np.array([20, 35]), 30
    V = vcalc(4 / n + 4 / control, [1, 1], grp1=["a", "b"], grp2=["c", "c"], w1=n, w2=[control] * 2).dense()

    assert V[0, 1] == pytest.approx(shared_control_covariance("MD", control_n=control, control_sd=2), rel=1e-12)


def test_equal_groups_that_share_one_correlate_by_a_half():
    """Without sizes the groups count as equal."""
    V = vcalc([1, 1], [1, 1], grp1=[1, 2], grp2=[3, 3]).dense()

    assert V[0, 1] == pytest.approx(0.5)


# Laws


@given(vi=st.lists(st.floats(1e-9, 1e9), min_size=1, max_size=6))
def test_single_effects_are_independent(vi):
    """One effect for each cluster: a diagonal matrix, the variances as they were."""
    n = len(vi)

    assert (vcalc(vi, range(n), obs=range(n), rho=0.7).dense() == np.diag(vi)).all()


@pytest.mark.parametrize("name", CALLS)
@given(order=st.permutations(range(6)), exponent=st.integers(-9, 9))
def test_order_and_unit(name, order, exponent):
    """Rows in another order are covariances in that order; a larger variance is a larger covariance."""
    unit = 10.0**exponent
    moved = {
        key: [value[i] for i in order] if len(np.atleast_1d(value)) == 6 else value
        for key, value in CALLS[name].items()
    }
    ours = vcalc([unit * VI[i] for i in order], [CLUSTER[i] for i in order], **moved).dense()

    assert ours == pytest.approx(unit * np.array(OUTPUTS[name]["V"])[np.ix_(order, order)], rel=1e-12, abs=0)


def test_subgroups_are_independent():
    """Rows of different subgroups of one cluster do not covary; the others do as before."""
    V = vcalc([1, 1, 1, 1], ["s"] * 4, subgroup=["m", "f", "m", "f"], obs=[1, 2, 3, 4], rho=0.6)

    assert (V.dense() == np.array([[1, 0, 0.6, 0], [0, 1, 0, 0.6], [0.6, 0, 1, 0], [0, 0.6, 0, 1]])).all()
    assert V.labels == ("s m", "s f")


def test_correlations_of_each_pair():
    """A mapping gives each pair of measures its own correlation."""
    rho = {("bdi", "hdrs"): 0.7, ("stai", "bdi"): 0.4, ("hdrs", "stai"): 0.5}
    V = vcalc([1, 1, 1], [1, 1, 1], obs=["bdi", "hdrs", "stai"], rho=rho).dense()

    assert V[np.triu_indices(3, 1)].tolist() == [0.7, 0.4, 0.5]


def test_a_mapping_within_and_a_number_between():
    """Within constructs by the pair of measures, between them by one number."""
    V = vcalc([1, 1, 1], [1, 1, 1], obs=[1, 2, 1], type=["x", "x", "y"], rho=({(1, 2): 0.8}, 0.3)).dense()

    assert V[np.triu_indices(3, 1)].tolist() == [0.8, 0.3, 0.3]


def test_names_of_columns():
    """Columns of a table by their names."""
    V = vcalc("vi", "cluster", type="type", obs="obs", rho=(0.7, 0.5), data=INPUTS)

    assert (V.dense() == vcalc(VI, CLUSTER, **CALLS["type_obs_rho"]).dense()).all()


# Correlations that no data can have


def test_no_correlation_matrix_is_nearer():
    """Of all correlation matrices on a grid of 0.02 none is nearer to ((1, 1, 0), (1, 1, 1), (0, 1, 1))."""
    given = np.array([[1.0, 1, 0], [1, 1, 1], [0, 1, 1]])
    found = nearest_correlation(given)
    r = np.linspace(-1, 1, 101)
    a, b, c = np.meshgrid(r, r, r)
    possible = 1 + 2 * a * b * c - a**2 - b**2 - c**2 > 0
    distances = 2 * ((a - 1) ** 2 + b**2 + (c - 1) ** 2)[possible]

    assert np.square(found - given).sum() <= distances.min()
    assert np.linalg.eigvalsh(found)[0] > 0


def test_nearest_keeps_the_variances_and_says_so():
    """Two rows that share all are one effect twice: refused, or else made possible with a note."""
    call = {"vi": [1, 2, 3], "cluster": ["a", "a", "b"], "obs": [1, 1, 1], "rho": 0.5}
    V = vcalc(**call, nearest=True)

    assert V.dense().diagonal().tolist() == [1, 2, 3]
    assert V.dense()[0, 1] == pytest.approx(np.sqrt(2), rel=1e-6)
    assert np.linalg.eigvalsh(V.dense())[0] > 0
    assert V.notes[0].reason == "nearest positive definite correlations in cluster a"
    with pytest.raises(InvalidArgument, match="not positive definite in cluster a"):
        vcalc(**call)


def refused(**options):
    return lambda: vcalc(**{"vi": [1, 2], "cluster": [1, 1]} | options)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (refused(vi=[], cluster=[]), "vi is empty"),
        (refused(vi=[1, -2]), "greater than 0: row 2"),
        (refused(vi=[1, None]), "finite and greater than 0: row 2"),
        (refused(cluster=[1]), "cluster has 1 rows"),
        (refused(cluster=[1, None]), "cluster is missing: row 2"),
        (refused(subgroup=[1, ""]), "subgroup is missing: row 2"),
        (refused(obs=[1, 2]), "obs needs rho"),
        (refused(type=[1, 2], obs=[1, 1], rho=0.5), "need two rho"),
        (refused(obs=[1, 2], rho=[0.5, 0.4]), "obs alone needs one rho"),
        (refused(rho=0.5), "rho needs obs or type"),
        (refused(obs=[1, 2], rho=1.2), "rho must be a number between -1 and 1, not 1.2"),
        (refused(obs=["bdi", "hdrs"], rho={("bdi", "hdr"): 0.5}), "did you mean 'hdrs'"),
        (refused(obs=["bdi", "hdrs"], rho={}), "rho lacks the correlation of 'bdi' and 'hdrs'"),
        (refused(obs=["a", "b"], rho={"ab": 0.5}), "must map pairs of labels"),
        (refused(time1=[1, 2]), "time1 needs phi"),
        (refused(phi=0.5), "phi needs time1"),
        (refused(time1=[1, 2], phi=-0.5), "phi must be a number between 0 and 1"),
        (refused(time1=[1, float("inf")], phi=0.5), "time1 must be finite: row 2"),
        (refused(time1=[1], phi=0.5), "time1 has 1 rows and vi has 2"),
        (refused(grp1=[1, 2]), "grp1 and grp2 come together"),
        (refused(w1=[1, 2]), "w1 is of groups that are compared"),
        (refused(grp1=[1, 2], grp2=[3, 3], w2=[1, 2]), "w2 needs w1"),
        (refused(grp1=[1, 2], grp2=[3, 3], time2=[1, 2], phi=0.5), "time2 needs time1"),
        (refused(grp1=[1, 2], grp2=[3, 3], w1=[1, 0]), "greater than 0: row 2"),
        (refused(grp1=[1, 2], grp2=[3, 2]), "one group at one time, which is no comparison: row 2"),
    ],
)
def test_mistakes(call, message):
    """Each has its own words."""
    with pytest.raises(InvalidArgument, match=message):
        call()


def test_text_and_plain_values():
    """The summary counts and gives the range; the plain values are fit for JSON."""
    V = vcalc(VI, CLUSTER, **CALLS["type_obs_rho"])

    assert V.summary() == (
        "6 effects in 3 clusters, 2 of them with several effects\ncorrelations from 0.5000 to 0.7000\n"
    )
    assert V.to_dict()["blocks"][2] == {"cluster": "3", "rows": [6], "matrix": [[0.03]]}
