"""Many groups with full results: the numbers, notes and refusals of `pool`."""

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis.errors import InvalidArgument
from synthesis.pooling import TAU2, Pooled, pool, pool_groups
from synthesis.pooling.prediction import PREDICTION
from synthesis.pooling.tau2_intervals import TAU2_INTERVALS
from tests.pooling.strategies import few_examples, fitting_tests, needs, weighted_studies

EXACT = {"q_df", "k", "method", "test", "level", "converged", "boundary", "maxima", "tau2_interval", "prediction"}
INEXACT = {field.name for field in fields(Pooled)} - EXACT - {"iterations", "weights", "notes"}
GROUPS = st.lists(weighted_studies(least=1, most=9), min_size=1, max_size=6)


def together_and_alone(data, method, **options):
    """The results of `pool_groups`, and those of `pool`, with what the method needs."""
    needed = [needs(method, *one) for one in data]
    names = {name for one in needed for name in one}
    together = pool_groups(
        [(y, v) for y, v, _ in data],
        method=method,
        **options,
        **{name: [one[name] for one in needed] for name in names},
    )
    alone = [pool(y, v, method=method, **options, **need) for (y, v, _), need in zip(data, needed, strict=True)]
    return together, alone


def assert_same(one, other, v, tolerance=1e-12):
    """Words and whole numbers equal, other numbers to 1e-12 of their own size and of the median variance."""
    assert [getattr(one, name) for name in sorted(EXACT)] == [getattr(other, name) for name in sorted(EXACT)]
    assert [note.field for note in one.notes] == [note.field for note in other.notes]
    assert one.weights == pytest.approx(other.weights, abs=tolerance)
    for name in sorted(INEXACT):
        a, b = getattr(one, name), getattr(other, name)
        assert (a is None) == (b is None), name
        assert a is None or a == pytest.approx(b, rel=tolerance, abs=tolerance * np.median(v)), name


@pytest.mark.parametrize("method", TAU2)
@few_examples
@given(data=GROUPS, options=st.data())
def test_groups_equal_one_by_one(method, data, options):
    """Groups of any sizes, single studies among them, with every field and note; GENQM by its accuracy of 1e-9."""
    test = options.draw(st.sampled_from(fitting_tests(method)))
    together, alone = together_and_alone(data, method, test=test, level=0.9)

    assert len(together) == len(alone) == len(data)
    for one, other, (_, v, _) in zip(together, alone, data, strict=True):
        assert_same(one, other, v, 1e-9 if method == "GENQM" else 1e-12)


@pytest.mark.parametrize("kind", [*TAU2_INTERVALS, *PREDICTION])
@few_examples
@given(data=GROUPS)
def test_every_kind_of_interval(kind, data):
    """All intervals of tau2 and all prediction intervals are those of `pool`."""
    method = "GENQ" if kind == "GENQ" else "REML"
    options = {"tau2_interval" if kind in TAU2_INTERVALS else "prediction": kind}
    for one, other, (_, v, _) in zip(*together_and_alone(data, method, **options), data, strict=True):
        assert_same(one, other, v, 1e-9)


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


TWO = [([0.1], [1]), ([0.1, 0.2], [1, 1])]


@pytest.mark.parametrize(
    ("groups", "options", "message"),
    [
        ([([0.1], [1]), ([0.1, 0.2], [1, 0])], {}, "group 2: vi, a sampling variance, must be greater than 0: row 2"),
        (TWO, {"method": "DLMH"}, "group 2: method DLMH needs mantel_haenszel"),
        (TWO, {"method": "GENQ"}, "method GENQ needs weights"),
        (TWO, {"method": "GENQ", "weights": [[1], [1, 0]]}, "group 2: method GENQ needs at least two weights above 0"),
        (TWO, {"weights": [[1], [1]]}, "group 2: weights has 1 rows and yi has 2"),
        (TWO, {"weights": [[1]]}, "weights has 1 entries for 2 groups"),
        ([([0.1], [1])], {"method": "DLMH", "mantel_haenszel": []}, "mantel_haenszel has 0 entries for 1 groups"),
        ([([0.1], [1]), ([], [])], {}, "group 2: yi and vi are empty"),
    ],
)
def test_a_refusal_names_the_group(groups, options, message):
    """The first wrong group by its number, the first being 1."""
    with pytest.raises(InvalidArgument) as refused:
        pool_groups(groups, **options)

    assert str(refused.value).startswith(message)
