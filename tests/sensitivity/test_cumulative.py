"""Pools of ever more studies."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis.errors import InvalidArgument
from synthesis.pooling import pool
from synthesis.sensitivity.deletion.cumulative import cumulative
from tests.pooling.reference import Comparison
from tests.pooling.strategies import UNWEIGHTED, few_examples, fitting_tests, studies
from tests.sensitivity.test_leave_out import COLUMNS, GRID, NAMES, REFERENCE

ORDERS = {"cumul_input_order": "rows", "cumul_by_increasing_variance": "precision"}
OF_ONE = ("q", "q_p_value", "tau2", "i2", "h2")  # metafor gives 0, 1, 0, 0, 1 for one study; here they are NaN


def falls_at_0(y, v):
    """Whether the restricted likelihood of tau2 falls at 0: sum (w r)^2 < S1 - S2 / S1."""
    w = 1 / np.asarray(v)
    residual = y - np.average(y, weights=w)
    return np.square(w * residual).sum() < w.sum() - np.square(w).sum() / w.sum()


@pytest.mark.parametrize("key", ORDERS)
@pytest.mark.parametrize(("name", "fit"), GRID)
def test_metafor_adds_up_the_same(name, fit, key):
    """`cumul` in both orders, within 1e-8, all but what one study cannot tell.

    Where the likelihood falls at 0, REML's tau2 is 0; the reference's iteration ends short of it, at an I2 of up to
    1e-10 %.
    """
    block, (method, _, test) = REFERENCE[name], fit.partition("|")
    inputs, expected = {key: block["inputs"][key] for key in ("yi", "vi")}, dict(block["outputs"][fit][key])
    order = expected.pop("order", list(range(1, len(inputs["yi"]) + 1)))
    ours, found = cumulative(**inputs, order=ORDERS[key], method=method, test=test), Comparison(inputs, 1e-8)
    for theirs, values in expected.items():
        for row, value in enumerate(values):
            if row or NAMES[theirs] not in OF_ONE:
                found.value((fit, row), NAMES[theirs], float(ours[NAMES[theirs]][row]), value)
    short = [one for one in found.differences if method == "REML" and one[1] == "i2" and one[2] == 0 < one[3] < 1e-10]
    rows = np.array(order) - 1
    y, v = (np.array(one)[rows] for one in inputs.values())

    assert ours["step"].tolist() == order
    assert all(falls_at_0(y[: row + 1], v[: row + 1]) for (_, row), *_ in short)
    assert [one for one in found.differences if one not in short] == []
    assert found.count == sum(map(len, expected.values())) - (5 if "tau2" in expected else 4)
    assert all(np.isnan(ours[one][0]) for one in OF_ONE)


@pytest.mark.parametrize("method", UNWEIGHTED)
@few_examples
@given(data=studies(least=2, most=7), draw=st.data())
def test_a_step_is_the_pool_of_the_studies_so_far(method, data, draw):
    """Step s equals `pool` of the first s studies in the order, for every method and test."""
    y, v = data
    options = {"method": method, "test": draw.draw(st.sampled_from(fitting_tests(method))), "level": 0.9}
    year = np.array(draw.draw(st.lists(st.integers(1990, 1993), min_size=len(y), max_size=len(y))))
    by = np.argsort(year, kind="stable")
    centre = [float(np.mean(y[by[: step + 1]])) for step in range(len(y))]
    ours = cumulative(y, v, order=year, **options, mantel_haenszel=centre)

    assert ours["step"].tolist() == sorted(year.tolist())
    for step in range(len(y)):
        alone = pool(y[by[: step + 1]], v[by[: step + 1]], **options, mantel_haenszel=centre[step])
        for name in COLUMNS:
            value = getattr(alone, name)
            expected = np.nan if value is None else value
            assert ours[name][step] == pytest.approx(expected, rel=1e-9, abs=1e-9 * np.median(v), nan_ok=True), name


def test_studies_of_one_level_come_together():
    """One step for each value, the strongest level first; the rows that each adds are named."""
    y, v, level = [0.1, 0.4, 0.3, 0.6, 0.2], [0.1, 0.2, 0.1, 0.3, 0.2], [3, 5, 4, 5, 3]
    ours = cumulative(y, v, order="level", data={"level": level}, descending=True, together=True)

    assert ours["step"].tolist() == [5, 4, 3]
    assert [one.tolist() for one in ours.rows] == [[1, 3], [2], [0, 4]]
    assert ours["k"].tolist() == [2, 3, 5]
    assert ours["estimate"][0] == pytest.approx(pool([0.4, 0.6], [0.2, 0.3]).estimate, rel=1e-12)
    assert json.loads(json.dumps(ours.to_dict()))["rows"] == [[2, 4], [3], [1, 5]]


def test_weights_of_ones_own():
    """GENQ takes the weights of the studies so far."""
    random = np.random.default_rng(5)
    y, v, a = random.normal(0, 1, 6), random.uniform(0.1, 1, 6), random.uniform(1, 5, 6)
    ours = cumulative(y, v, method="GENQ", weights=a)

    assert ours["estimate"][0] == pytest.approx(y[0], rel=1e-12)
    assert ours["tau2"][3] == pytest.approx(pool(y[:4], v[:4], method="GENQ", weights=a[:4]).tau2, rel=1e-10)


@pytest.mark.parametrize("scale", [1e-9, 1e9])
def test_units_change_only_the_units(scale):
    """Effects times s and variances times s^2 give estimates times s, by precision too."""
    random = np.random.default_rng(6)
    y, v = random.normal(0, 1, 10), random.uniform(0.05, 0.5, 10)
    one, other = (cumulative(s * y, s**2 * v, order="precision") for s in (1, scale))

    np.testing.assert_allclose(other["estimate"], scale * one["estimate"], rtol=1e-9)
    np.testing.assert_allclose(other["tau2"], scale**2 * one["tau2"], rtol=1e-9)
    assert other["step"].tolist() == one["step"].tolist()


def test_the_last_step_does_not_know_the_order():
    """However the studies come, all of them together are one pool."""
    random = np.random.default_rng(7)
    y, v = random.normal(0, 1, 8), random.uniform(0.05, 0.5, 8)
    found = [cumulative(y, v, order=order)["estimate"][-1] for order in ("rows", "precision", random.permutation(8))]

    np.testing.assert_allclose(found, pool(y, v).estimate, rtol=1e-12)


def test_verdict_names_the_step_from_which_the_sign_holds():
    """And warns of looking again and again; few studies, and an interval with 0, are said."""
    settled = cumulative(
        [0.0, 1.0, 1.0, 1.0, 1.0, 1.0], [0.1] * 6, order=[2001, 2002, 2003, 2004, 2005, 2006], test="z"
    )
    open_ = cumulative([0.1, -0.1, 0.0], [0.1] * 3)

    assert settled.settled == 2
    assert "from step 2003 on (k = 3) lies on the same side of 0" in settled.verdict
    assert "not adjusted for looking again" in settled.verdict
    assert open_.settled is None
    assert "The last interval holds 0" in open_.verdict
    assert "3 studies are too few to see a drift" in open_.summary()


def test_orders_that_cannot_be():
    """Unknown words, other lengths, missing values."""
    for order, message in (
        ("precison", "no order 'precison' without data: did you mean 'precision'"),
        ([1, 2], "order must have 3 rows"),
        ([1, None, 2], "order is missing; .*row 2"),
    ):
        with pytest.raises(InvalidArgument, match=message):
            cumulative([1, 2, 3], [1, 1, 1], order=order)
    with pytest.raises(InvalidArgument, match="did you mean 'year'"):
        cumulative([1, 2], [1, 1], order="yaer", data={"year": [1, 2]})
    with pytest.raises(InvalidArgument, match="needs mantel_haenszel: the estimates up to each step"):
        cumulative([1, 2], [1, 1], method="DLMH")
