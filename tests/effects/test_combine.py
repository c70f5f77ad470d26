"""Several arms or effects of one study made one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis.effects import combine_counts, combine_means, composite, escalc, shared_control_covariance
from synthesis.errors import InvalidArgument
from tests.effects.strategies import arms


@given(arms=arms(), order=st.randoms(use_true_random=False))
def test_arms_combine_in_any_order(arms, order):
    """All at once, in another order, or two at a time: the same size, mean and standard deviation."""
    places = list(range(len(arms[0])))
    order.shuffle(places)
    whole = combine_means(*arms)
    first = combine_means(*(column[:2] for column in arms))
    stepwise = combine_means(*([one, *column[2:]] for one, column in zip(first, arms, strict=True)))

    assert combine_means(*(column[places] for column in arms)) == pytest.approx(whole)
    assert stepwise == pytest.approx(whole)


@given(data=st.data())
def test_combined_arms_are_those_of_all_people(data):
    """The mean and standard deviation of everybody, from those of the arms."""
    people = [
        np.array(data.draw(st.lists(st.floats(-9, 9), min_size=2, max_size=9)))
        for _ in range(data.draw(st.integers(2, 4)))
    ]
    everybody = np.concatenate(people)
    combined = combine_means(*zip(*((len(x), x.mean(), x.std(ddof=1)) for x in people), strict=True))

    assert combined == pytest.approx((len(everybody), everybody.mean(), everybody.std(ddof=1)), abs=1e-6)


def test_combined_means_by_the_handbook():
    """Cochrane Handbook, table 6.5.a: the formula for two groups, written out."""
    n1, n2, m1, m2, sd1, sd2 = 20, 30, 5.0, 4.0, 2.0, 3.0
    between = n1 * n2 / (n1 + n2) * (m1**2 + m2**2 - 2 * m1 * m2)
    sd = np.sqrt(((n1 - 1) * sd1**2 + (n2 - 1) * sd2**2 + between) / (n1 + n2 - 1))

    assert combine_means([n1, n2], [m1, m2], [sd1, sd2]) == pytest.approx((50, 4.4, sd))


def test_combined_counts_are_sums():
    """3 of 10 and 5 of 20 are 8 of 30; more events than people are refused."""
    assert combine_counts([3, 5], [10, 20]) == (8.0, 30.0)
    with pytest.raises(InvalidArgument, match="events must lie between 0 and n: row 2"):
        combine_counts([3, 21], [10, 20])


def test_arms_that_cannot_be():
    """Nobody in an arm, a deviation below 0, one person in all, a missing number, and no arm."""
    for given_, message in (
        (([0, 3], [1, 1], [1, 1]), "arms must have at least one person: row 1"),
        (([2, 3], [1, 1], [1, -1]), "standard deviations must not be below 0: row 2"),
        (([1], [1], [0]), "one person has no standard deviation"),
        (([2, None], [1, 1], [1, 1]), "n is missing or not a finite number: row 2"),
        (([], [], []), "n is empty: there is nothing to combine"),
    ):
        with pytest.raises(InvalidArgument, match=message):
            combine_means(*given_)


@pytest.mark.parametrize("measure", ["OR", "RR", "RD"])
def test_the_shared_control_is_what_both_variances_have_in_common(measure):
    """The covariance is the part of each variance that the control contributes: that of an effect without noise in
    the treatment arm, which a treatment arm of a billion people comes near.
    """
    many = 1e9
    alone = escalc(measure, ai=[many * 0.3], n1i=[many], ci=[12], n2i=[40]).vi[0]
    shared = shared_control_covariance(measure, control_events=12, control_n=40)

    assert shared == pytest.approx(alone, rel=1e-6)


def test_shared_control_of_means():
    """MD: sd^2 / n; SMD: 1 / n + y1 y2 / (2 N)."""
    assert shared_control_covariance("MD", control_n=25, control_sd=5) == 1.0
    smd = shared_control_covariance("SMD", control_n=20, yi=(0.4, 0.5), total_n=50)
    assert smd == pytest.approx(1 / 20 + 0.2 / 100)


def test_covariances_that_lack_something():
    """What a measure needs is named; a measure without a formula is refused."""
    with pytest.raises(InvalidArgument, match="two RR needs control_events"):
        shared_control_covariance("RR", control_n=10)
    with pytest.raises(InvalidArgument, match="two MD needs control_sd"):
        shared_control_covariance("MD", control_n=10)
    with pytest.raises(InvalidArgument, match="two SMD needs total_n"):
        shared_control_covariance("SMD", control_n=10)
    with pytest.raises(InvalidArgument, match="no covariance through a shared control is known for 'HR'"):
        shared_control_covariance("HR", control_n=10)


def test_a_composite_by_hand():
    """Two effects with variances 0.04 and 0.09, correlated by 0.6: (0.04 + 0.09 + 2 x 0.6 x 0.06) / 4."""
    assert composite([0.2, 0.4], [0.04, 0.09]) == pytest.approx((0.3, 0.0505))


@given(y=st.floats(-3, 3), v=st.floats(0.01, 4), m=st.integers(1, 6))
def test_composites_at_the_ends(y, v, m):
    """Correlated by 1, several equal effects are one; by 0, their mean has an m-th of the variance."""
    same = [y] * m, [v] * m

    assert composite(*same, rho=1) == pytest.approx((y, v))
    assert composite(*same, rho=0) == pytest.approx((y, v / m))


@given(rho=st.floats(0, 1), more=st.floats(0, 1))
def test_more_correlation_is_less_information(rho, more):
    """The variance of a composite grows with rho."""
    low, high = sorted((rho, more))

    assert composite([0.2, 0.4], [0.04, 0.09], rho=low)[1] <= composite([0.2, 0.4], [0.04, 0.09], rho=high)[1] + 1e-15


def test_a_composite_with_known_covariances():
    """Through a shared control the covariance is known, and takes the place of rho."""
    assert composite([1, 3], [9, 9], cov=[[0.4, 0.1], [0.1, 0.4]]) == pytest.approx((2, 0.25))


def test_composites_that_cannot_be():
    """A correlation beyond 1, variances of 0, no number, a table of another shape, and one that leaves no variance."""
    for options, message in (
        ({"yi": [1, np.inf]}, "yi is missing or not a finite number: row 2"),
        ({"rho": 1.2}, "rho must lie between 0 and 1, not 1.2"),
        ({"vi": [1, 0]}, "vi must be greater than 0: row 2"),
        ({"cov": [[1]]}, r"cov must have the shape \(2, 2\), not \(1, 1\)"),
        ({"cov": [[1, -1], [-1, 1]]}, "no variance above 0"),
    ):
        with pytest.raises(InvalidArgument, match=message):
            composite(**{"yi": [1, 2], "vi": [1, 1]} | options)
