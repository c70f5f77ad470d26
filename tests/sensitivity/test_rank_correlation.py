"""Kendall's rank correlation."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kendalltau

from synthesis.sensitivity.small_studies.rank_correlation import concordance, exact_p, kendall
from tests.sensitivity.fooling import REFERENCE, columns

small = st.lists(st.integers(0, 6), min_size=3, max_size=12)


def standardised(name):
    """What Begg and Mazumdar rank: effects in standard deviations about their mean, and variances."""
    y, v = columns(name)
    mean = np.average(y, weights=1 / v)
    return (y - mean) / np.sqrt(v - 1 / np.sum(1 / v)), v


@pytest.mark.parametrize("name", REFERENCE)
def test_the_normal_approximation_of_metafor(name):
    """`ranktest(exact = FALSE)` on six data sets, two of them with ties."""
    found, expected = kendall(*standardised(name), exact=False), REFERENCE[name]["outputs"]["ranktest_approximate"]

    assert found.tau == pytest.approx(expected["tau"], rel=1e-8)
    assert found.p_value == pytest.approx(expected["pval"], rel=1e-8)


@pytest.mark.parametrize("k", [3, 4, 5, 6])
def test_exact_p_counts_all_orders(k):
    """The exact p is twice the smaller share of all k! orders that are as far on one side."""
    rows = np.array(list(permutations(range(k))))
    s = concordance(np.arange(k), rows)
    for one in np.unique(s):
        assert exact_p(k, one) == pytest.approx(min(1.0, 2 * min(np.mean(s <= one), np.mean(s >= one))), rel=1e-12)


@given(data=st.data())
def test_ties_as_in_scipy(data):
    """Tau-b and the normal test with its variance under ties, on columns full of ties."""
    a = np.array(data.draw(small), float)
    b = np.array(data.draw(st.lists(st.integers(0, 4), min_size=len(a), max_size=len(a))), float)
    found = kendall(a, b, exact=False)
    if found is None:
        assert np.ptp(a) == 0 or np.ptp(b) == 0
        return
    theirs = kendalltau(a, b, method="asymptotic")
    assert (found.tau, found.p_value) == (
        pytest.approx(theirs.statistic, abs=1e-12), pytest.approx(theirs.pvalue, abs=1e-12),
    )  # fmt: skip


def test_fifty_studies_are_judged_by_the_normal_distribution():
    """Up to 49 studies p is exact, beyond it is not, and the two are alike there."""
    random = np.random.default_rng(3)
    a, b = random.normal(size=50), random.normal(size=50)

    assert kendall(a[:49], b[:49]).exact
    assert not kendall(a, b).exact
    assert kendall(a, b).p_value == pytest.approx(exact_p(50, kendall(a, b).s), rel=0.02)
