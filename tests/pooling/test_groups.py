"""Many groups with full results: the numbers, notes and refusals of `pool`."""

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis.errors import InvalidArgument
from synthesis.pooling import TAU2, TESTS, Pooled, pool, pool_groups
from tests.pooling.strategies import studies

EXACT = {"q_df", "k", "method", "test", "level", "converged", "boundary", "notes"}
INEXACT = {field.name for field in fields(Pooled)} - EXACT - {"iterations", "weights"}


def centres(groups):
    """A centre for DLMH for each group of two or more studies."""
    return [None if len(y) == 1 else float(np.mean(y)) for y, _ in groups]


def assert_same(one, other, v):
    """Words and whole numbers equal, other numbers to 1e-9 of their own size and of the median variance."""
    assert [getattr(one, name) for name in sorted(EXACT)] == [getattr(other, name) for name in sorted(EXACT)]
    assert one.weights == pytest.approx(other.weights, abs=1e-9)
    for name in sorted(INEXACT):
        a, b = getattr(one, name), getattr(other, name)
        assert (a is None) == (b is None), name
        assert a is None or a == pytest.approx(b, rel=1e-9, abs=1e-9 * np.median(v)), name


@pytest.mark.parametrize("method", TAU2)
@given(data=st.lists(studies(least=1, most=9), min_size=1, max_size=6), test=st.sampled_from(list(TESTS)))
def test_groups_equal_one_by_one(method, data, test):
    """Groups of any sizes, single studies among them, with every field and note."""
    options = {"method": method, "test": test, "level": 0.9}
    together = pool_groups(data, **options, mantel_haenszel=centres(data))

    assert len(together) == len(data)
    for pooled, (y, v), centre in zip(together, data, centres(data), strict=True):
        assert_same(pooled, pool(y, v, **options, mantel_haenszel=centre), v)


def test_hundreds_of_groups_keep_their_order():
    """Sizes from 1 to 60 in one call."""
    random = np.random.default_rng(5)
    sizes = random.integers(1, 61, 300).tolist()
    groups = [(random.normal(0, 1, k), random.uniform(0.1, 1, k)) for k in sizes]
    together = pool_groups(groups)

    assert [pooled.k for pooled in together] == sizes
    for number in (0, 123, 299):
        assert_same(together[number], pool(*groups[number]), groups[number][1])


def test_no_group_no_result():
    """Nothing in, nothing out; unknown options are refused all the same."""
    assert pool_groups([]) == ()
    with pytest.raises(InvalidArgument, match="no method"):
        pool_groups([], method="X")


@pytest.mark.parametrize(
    ("groups", "options", "message"),
    [
        ([([0.1], [1]), ([0.1, 0.2], [1, 0])], {}, "group 2: vi, a sampling variance, must be greater than 0: row 2"),
        ([([0.1], [1]), ([0.1, 0.2], [1, 1])], {"method": "DLMH"}, "group 2: method DLMH needs mantel_haenszel"),
        ([([0.1], [1])], {"method": "DLMH", "mantel_haenszel": []}, "mantel_haenszel has 0 entries for 1 groups"),
        ([([0.1], [1]), ([], [])], {}, "group 2: yi and vi are empty"),
    ],
)
def test_a_refusal_names_the_group(groups, options, message):
    """The first wrong group by its number, the first being 1."""
    with pytest.raises(InvalidArgument) as refused:
        pool_groups(groups, **options)

    assert str(refused.value).startswith(message)
