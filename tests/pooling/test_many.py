"""Many meta-analyses at once give what each gives alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis.pooling import TAU2, TESTS, pool, pool_many
from tests.pooling.strategies import studies

COLUMNS = ("estimate", "se", "ci_low", "ci_high", "pi_low", "pi_high", "tau2", "tau2_se", "i2", "h2", "q", "q_p_value")
COLUMNS += ("statistic", "p_value", "tau2_ci_low", "tau2_ci_high")


def ragged(data):
    """Studies of several meta-analyses in one column, with their groups."""
    y, v = (np.concatenate([one[place] for one in data]) for place in (0, 1))
    return y, v, np.repeat(np.arange(len(data)), [len(one[0]) for one in data])


def assert_same(many, row, alone, v):
    """One row equals the pool of its group, NaN standing for None."""
    for name in COLUMNS:
        value = getattr(alone, name)
        expected = np.nan if value is None else value
        assert many[name][row] == pytest.approx(expected, rel=1e-9, abs=1e-9 * np.median(v), nan_ok=True), name


@pytest.mark.parametrize("method", [method for method in TAU2 if method != "DLMH"])
@given(data=st.lists(studies(least=1, most=9), min_size=1, max_size=6), test=st.sampled_from(list(TESTS)))
def test_many_equals_one_by_one(method, data, test):
    """Groups of any sizes, single studies among them."""
    many = pool_many(*ragged(data), method=method, test=test, tau2_interval=True)

    assert len(many) == len(data)
    for row, (y, v) in enumerate(data):
        assert_same(many, row, pool(y, v, method=method, test=test), v)


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
    many = pool_many(y, v, group)

    assert many["k"].tolist() == size.tolist()
    assert many["converged"].all()
    for row in (0, 1_234, 2_999):
        assert many["tau2"][row] == pytest.approx(pool(y[group == row], v[group == row]).tau2, rel=1e-9, abs=1e-12)
