"""Permutation p-values of the tests for small-study effects."""

import json
from itertools import permutations, product

import numpy as np
import pytest

from synthesis.errors import InvalidArgument
from synthesis.pooling import pool
from synthesis.sensitivity.small_studies.named_tests import small_study_test
from synthesis.sensitivity.small_studies.permutation import small_study_permutation
from tests.sensitivity import fooling
from tests.sensitivity.fooling import columns

Y, V = (column[:7] for column in columns("li2007_or"))


def statistic(name, y, v):
    """The statistic of the test itself."""
    return abs(small_study_test(name, y, v).statistic)


@pytest.mark.parametrize(("name", "method"), [("egger", "EE"), ("thompson-sharp", "DL")])
def test_signs_one_by_one(name, method):
    """The share of all 128 changes of sign about the pooled mean that make the test at least as extreme."""
    mean = pool(Y, V, method=method).estimate
    sizes = [statistic(name, mean + (Y - mean) * np.array(signs), V) for signs in product((1, -1), repeat=7)]
    found = small_study_permutation(name, Y, V)

    assert (found.arrangements, found.exact, found.kind) == (128, True, "signs")
    assert found.p_value == pytest.approx(np.mean(np.array(sizes) >= sizes[0] * (1 - 1e-9)), rel=1e-12)
    assert abs(found.statistic) == pytest.approx(sizes[0], rel=1e-12)


def test_orders_one_by_one():
    """The share of all 24 orders of standardised distances that make the test at least as extreme."""
    y, v = Y[:4], V[:4]
    mean = np.average(y, weights=1 / v)
    away = (y - mean) / np.sqrt(v)
    sizes = [statistic("egger", mean + away[list(order)] * np.sqrt(v), v) for order in permutations(range(4))]
    found = small_study_permutation("egger", y, v, kind="orders")

    assert (found.arrangements, found.p_value) == (24, pytest.approx(np.mean(np.array(sizes) >= sizes[0] * (1 - 1e-9))))


def test_orders_of_ranks_are_the_exact_rank_test():
    """Begg's test by all orders has the p of Kendall's exact distribution."""
    found = small_study_permutation("begg", Y, V)

    assert (found.arrangements, found.exact) == (5040, True)
    assert found.p_value == pytest.approx(small_study_test("begg", Y, V).p_value, rel=1e-12)


def test_a_sample_is_near_all_of_them_and_can_be_had_again():
    """Two thousand changes of sign: within four standard errors; the same generator gives the same sample."""
    every = small_study_permutation("egger", Y, V).p_value
    some = [
        small_study_permutation("egger", Y, V, exact=False, arrangements=2000, random=np.random.default_rng(1))
        for _ in range(2)
    ]

    assert some[0] == some[1]
    assert not some[0].exact
    assert abs(some[0].p_value - every) < 4 * np.sqrt(every * (1 - every) / 2000)


def test_a_sample_of_orders():
    """Of twelve studies, whose orders are too many: near the exact p of the rank test."""
    y, v = (column[:12] for column in columns("li2007_or"))
    found = small_study_permutation("begg", y, v, arrangements=4000, random=np.random.default_rng(2))
    exact = small_study_test("begg", y, v).p_value

    assert (found.exact, found.arrangements) == (False, 4000)
    assert abs(found.p_value - exact) < 4 * np.sqrt(exact * (1 - exact) / 4000)


@pytest.mark.parametrize("tau", [0.0, 0.3])
def test_the_level_is_nearly_kept(tau):
    """Of 300 meta-analyses of nine studies without small-study effects about 5 % have p <= .05 (3 standard errors)."""
    random, below = np.random.default_rng(11), []
    for _ in range(300):
        v = random.uniform(0.02, 0.6, 9)
        y = random.standard_normal(9) * np.sqrt(v + tau**2)
        below.append(small_study_permutation("egger", y, v).p_value <= 0.05)

    assert abs(np.mean(below) - 0.05) < 3 * np.sqrt(0.05 * 0.95 / 300)


def test_three_studies_cannot_show_anything():
    """The four different changes of sign of three studies make no p below 1/4, and the verdict says there are few."""
    found = small_study_permutation("egger", *fooling.three())

    assert found.p_value >= 0.25
    assert (found.verdict.usable, "few studies" in found.verdict.names) == (False, True)


def test_where_nothing_can_be_tested():
    """Two studies: no statistic, with the reason."""
    found = small_study_permutation("egger", Y[:2], V[:2])

    assert (found.statistic, found.p_value, found.arrangements, found.verdict.usable) == (None, None, 0, False)
    assert found.reason("statistic") == "the test needs at least three studies"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"exact": False}, "a sample needs random"),
        ({"exact": False, "random": np.random.default_rng(1), "arrangements": 0}, "whole number from 1 on"),
        ({"kind": "sings"}, "did you mean 'signs'"),
        ({"name": "begg", "kind": "signs"}, "take kind 'orders'"),
        ({"name": "begg", "y": np.arange(12.0), "v": np.arange(1.0, 13), "exact": True}, "too many to compare all"),
    ],
)
def test_what_is_refused(options, message):
    """One error that says what is wrong and what to do."""
    given = {"name": "egger", "y": Y, "v": V} | options
    with pytest.raises(InvalidArgument, match=message):
        small_study_permutation(given.pop("name"), given.pop("y"), given.pop("v"), **given)


def test_a_result_is_text_and_json():
    """The summary ends with the verdict; the dictionary is JSON."""
    found = small_study_permutation("egger", Y, V)

    assert "all 128 arrangements (signs)" in found.summary()
    assert json.loads(json.dumps(found.to_dict(), allow_nan=False))["kind"] == "signs"


@pytest.mark.parametrize("name", ["begg", "egger"])
@pytest.mark.parametrize("level", [0.0, 0.1])
def test_effects_that_are_all_equal(name, level):
    """There is no statistic and no p, with the reason, and the dictionary is JSON."""
    found = small_study_permutation(name, [level] * 6, V[:6])

    assert (found.statistic, found.p_value, found.verdict.usable) == (None, None, False)
    assert "line" in found.reason("statistic") or "same for all" in found.reason("statistic")
    assert json.loads(json.dumps(found.to_dict(), allow_nan=False))["arrangements"] == 0


@pytest.mark.parametrize("exact", ["yes", 1, 0.5])
def test_exact_is_true_false_or_none(exact):
    """Anything else is refused, and not copied into the result."""
    with pytest.raises(InvalidArgument, match="exact must be True, False or None"):
        small_study_permutation("egger", Y, V, exact=exact)


def test_a_sample_beyond_what_can_be_drawn():
    """It is refused, and not tried."""
    with pytest.raises(InvalidArgument, match="at most 5000000"):
        small_study_permutation("egger", Y, V, exact=False, random=np.random.default_rng(1), arrangements=10**400)
