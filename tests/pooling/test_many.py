"""Many meta-analyses at once give what each gives alone."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis.errors import InvalidArgument
from synthesis.pooling import TAU2, pool, pool_many
from synthesis.pooling.prediction import PREDICTION
from tests.pooling.strategies import few_examples, fitting_tests, needs, weighted_studies

COLUMNS = ("estimate", "se", "ci_low", "ci_high", "pi_low", "pi_high", "tau2", "tau2_se", "i2", "h2", "q", "q_p_value")
COLUMNS += ("statistic", "p_value", "tau2_ci_low", "tau2_ci_high")
GROUPS = st.lists(weighted_studies(least=1, most=9), min_size=1, max_size=6)


def ragged(data):
    """Studies of several meta-analyses in one column each, with their groups."""
    y, v, a = (np.concatenate([one[place] for one in data]) for place in range(3))
    return y, v, a, np.repeat(np.arange(len(data)), [len(one[0]) for one in data])


def many_of(data, method, **options):
    """`pool_many` with what the method needs."""
    y, v, a, group = ragged(data)
    centres = {number: needs("DLMH", *one)["mantel_haenszel"] for number, one in enumerate(data)}
    needed = {"GENQ": {"weights": a}, "GENQM": {"weights": a}, "DLMH": {"mantel_haenszel": centres}}.get(method, {})
    return pool_many(y, v, group, method=method, **options, **needed)


def assert_same(many, row, alone, v, tolerance=1e-12):
    """One row equals the pool of its group, NaN standing for None."""
    for name in COLUMNS:
        value = getattr(alone, name)
        expected = np.nan if value is None else value
        close = pytest.approx(expected, rel=tolerance, abs=tolerance * np.median(v), nan_ok=True)
        assert many[name][row] == close, name


@pytest.mark.parametrize("method", TAU2)
@few_examples
@given(data=GROUPS, options=st.data())
def test_many_equals_one_by_one(method, data, options):
    """Groups of any sizes, single studies among them; GENQM by its accuracy of 1e-9."""
    test = options.draw(st.sampled_from(fitting_tests(method)))
    many = many_of(data, method, test=test, tau2_interval="QP")

    assert len(many) == len(data)
    for row, (y, v, a) in enumerate(data):
        alone = pool(y, v, method=method, test=test, **needs(method, y, v, a))
        assert_same(many, row, alone, v, 1e-9 if method == "GENQM" else 1e-12)


@pytest.mark.parametrize("kind", PREDICTION)
@few_examples
@given(data=GROUPS)
def test_every_kind_of_prediction(kind, data):
    """All kinds of prediction interval are those of `pool`."""
    many = many_of(data, "REML", prediction=kind, tau2_interval="QP")

    for row, (y, v, _) in enumerate(data):
        assert_same(many, row, pool(y, v, prediction=kind), v, 1e-10)


def test_rows_may_stand_in_any_order():
    """Names may be text; the result is in the order of the sorted names."""
    many = pool_many([0.1, 0.5, 0.3, 0.7], [0.1, 0.2, 0.3, 0.4], ["b", "a", "b", "a"], method="EE")

    assert many.group.tolist() == ["a", "b"]
    assert many["estimate"][1] == pytest.approx(pool([0.1, 0.3], [0.1, 0.3], method="EE").estimate)
    assert many.to_frame()["k"].tolist() == [2, 2]


def test_batches_larger_than_the_cache():
    """Thousands of groups are split into batches and put together again in order."""
    random = np.random.default_rng(1)
    size = random.integers(2, 30, 3_000)
    group = np.repeat(np.arange(3_000), size)
    v = random.uniform(0.1, 1, len(group))
    y = random.normal(0, np.sqrt(v + 0.1))
    many = pool_many(y, v, group, tau2_interval="QP")

    assert many["k"].tolist() == size.tolist()
    assert many["converged"].all()
    for row in range(0, 3_000, 100):
        assert_same(many, row, pool(y[group == row], v[group == row]), v)


@pytest.mark.parametrize("group", [[1], [[1, 1], [2, 2]]])
def test_groups_of_another_length(group):
    """pool_many wants one group for each row."""
    with pytest.raises(InvalidArgument, match="group must have 2 rows"):
        pool_many([0.1, 0.2], [1, 1], group)


@pytest.mark.parametrize(
    ("group", "options", "message"),
    [
        (["a", None, "a"], {}, "group is missing; leave such rows out: row 2"),
        ([1.0, 1.0, np.nan], {}, "group is missing; leave such rows out: row 3"),
        (["a", " ", "a"], {}, "group is missing; leave such rows out: row 2"),
        (np.ma.masked_equal([1, 0, 1], 0), {}, "group is missing; leave such rows out: row 2"),
        (pd.array([1, 1, None]), {}, "group is missing; leave such rows out: row 3"),
        (["a", "b", "b"], {"method": "DLMH"}, "group 'b': method DLMH needs mantel_haenszel"),
        (["a", "b", "b"], {"method": "GENQ"}, "method GENQ needs weights"),
        (
            ["a", "b", "b"],
            {"method": "GENQ", "weights": [1, 1, 0]},
            "group 'b': method GENQ needs at least two weights",
        ),
        (["a", "b", "b"], {"weights": [1, 0, 0]}, "group 'b': weights must not all be 0"),
        (["a", "b", "b"], {"weights": [1, 0]}, "weights has 2 rows and yi has 3"),
        (["a", "b", "b"], {"tau2_interval": "XX"}, "no interval of tau2 'XX'"),
        (["a", "b", "b"], {"method": "DL", "test": "kr"}, "test 'kr' (Kenward-Roger) goes with a REML estimate"),
    ],
)
def test_what_cannot_be_pooled(group, options, message):
    """One error, which names the group where there is one."""
    with pytest.raises(InvalidArgument) as refused:
        pool_many([0.1, 0.2, 0.3], [1, 1, 1], group, **options)

    assert str(refused.value).startswith(message)
