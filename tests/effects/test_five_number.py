"""Means and standard deviations from medians, quartiles and ranges."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtri

from synthesis.effects.five_number import means_from_quantiles
from synthesis.errors import InvalidArgument

NAMES = ("minimum", "q1", "median", "q3", "maximum")
KINDS = {1: ("minimum", "median", "maximum"), 2: ("q1", "median", "q3"), 3: NAMES}
kinds = pytest.mark.parametrize("kind", KINDS)
size = st.integers(5, 1000)
values = st.lists(st.integers(-50, 50), min_size=5, max_size=5, unique=True).map(sorted)


def printed(kind, five):
    """The numbers that are printed in a scenario, by name."""
    return {name: value for name, value in zip(NAMES, five, strict=True) if name in KINDS[kind]}


def normal_scores(n):
    """Blom's expected minimum, lower quartile, median, upper quartile and maximum of n standard normal numbers."""
    places = np.array([1, 0.25 * n + 0.75, (n + 1) / 2, 0.75 * n + 0.25, n])
    return ndtri((places - 0.375) / (n + 0.25))


@kinds
@given(n=size, mean=st.floats(-100, 100), sd=st.floats(0.01, 100))
def test_a_normal_sample_by_its_normal_scores(kind, n, mean, sd):
    """Mean and standard deviation come back where order statistics lie where Blom expects them.

    The range is then exact; the quartile of the methods is the order statistic 0.75 n + 0.25, and so is theirs here.
    """
    found = means_from_quantiles(n, **printed(kind, mean + sd * normal_scores(n)))

    assert found.mean[0] == pytest.approx(mean, abs=1e-9 * sd + 1e-12 * abs(mean))
    assert found.sd[0] == pytest.approx(sd, rel=1e-9, abs=1e-12 * abs(mean))
    assert found.notes == ()


@given(n=st.integers(20, 100_000))
def test_a_large_normal_sample_by_its_quartiles(n):
    """With the quartiles of the distribution itself, +- 0.6745, the standard deviation is 1 but for about 1.46 / n."""
    found = means_from_quantiles(n, 0.0, q1=ndtri(0.25), q3=ndtri(0.75))

    assert found.mean[0] == pytest.approx(0, abs=1e-15)
    assert abs(n * (found.sd[0] - 1)) == pytest.approx(1.46, abs=0.02 + 5 / n)


@kinds
@given(n=size, five=values, shift=st.floats(-1e3, 1e3), scale=st.floats(1e-9, 1e9))
def test_another_unit_and_another_zero(kind, n, five, shift, scale):
    """Means and deviations go with unit and zero; the test for skewness does not see them."""
    one = means_from_quantiles(n, **printed(kind, five), test=False)
    scaled = means_from_quantiles(n, **printed(kind, scale * np.array(five)), test=False)
    shifted = means_from_quantiles(n, **printed(kind, shift + np.array(five)), test=False)

    assert (scaled.mean[0], scaled.sd[0]) == pytest.approx((scale * one.mean[0], scale * one.sd[0]), rel=1e-12)
    assert (shifted.mean[0] - shift, shifted.sd[0]) == pytest.approx((one.mean[0], one.sd[0]), rel=1e-9, abs=1e-9)
    assert [scaled.skewness[0], shifted.skewness[0]] == pytest.approx([one.skewness[0]] * 2, rel=1e-9, abs=1e-10)


@kinds
@given(n=size, five=values)
def test_the_mirror_image(kind, n, five):
    """With the sign of all values changed the mean has the other sign, and all else is the same."""
    one = means_from_quantiles(n, **printed(kind, five), test=False)
    other = means_from_quantiles(n, **printed(kind, [-value for value in reversed(five)]), test=False)

    assert other.mean[0] == pytest.approx(-one.mean[0], rel=1e-12, abs=1e-12)
    assert (other.sd[0], other.skewness[0]) == pytest.approx((one.sd[0], one.skewness[0]), rel=1e-12)


@kinds
@given(n=size, five=values)
def test_log_normal_data_has_no_unit(kind, n, five):
    """In another unit means and deviations of log-normal data go with it."""
    logs = np.array(five) / 50
    one = means_from_quantiles(n, **printed(kind, np.exp(logs)), distribution="lognormal", test=False)
    other = means_from_quantiles(n, **printed(kind, 1000 * np.exp(logs)), distribution="lognormal", test=False)

    assert (other.mean[0], other.sd[0]) == pytest.approx((1000 * one.mean[0], 1000 * one.sd[0]), rel=1e-9)


@kinds
def test_a_large_log_normal_sample(kind):
    """From normal scores with sd 1/2 the mean exp(1/8) and its deviation come back as far as the method goes."""
    y = np.exp(0.5 * normal_scores(10_000))
    found = means_from_quantiles(10_000, **printed(kind, y), distribution="lognormal")
    mean, sd = np.exp(0.125), np.sqrt(np.exp(0.25) * np.expm1(0.25))

    assert found.mean[0] == pytest.approx(mean, rel=0.005)
    assert found.sd[0] == pytest.approx(sd, rel=0.01)


@kinds
def test_small_log_normal_samples(kind):
    """In 4,000 samples of 25 mean and variance are right to 1 % and 8 % on average; uncorrected, 3 % and 30 % off."""
    y = np.exp(0.8 * np.sort(np.random.default_rng(20261125).normal(size=(4000, 25)))[:, [0, 6, 12, 18, 24]].T)
    found = means_from_quantiles(25, **printed(kind, y), distribution="lognormal", test=False)
    mean, variance = np.exp(0.32), np.exp(0.64) * np.expm1(0.64)

    assert found.mean.mean() == pytest.approx(mean, rel=0.01)
    assert (found.sd**2).mean() == pytest.approx(variance, rel=0.08)


@kinds
def test_how_often_normal_samples_look_skewed(kind):
    """About one normal sample in twenty is skewed by the test, as its critical values were made for."""
    samples = np.sort(np.random.default_rng(20261125).normal(size=(4000, 61)))
    found = means_from_quantiles(61, **printed(kind, samples[:, [0, 15, 30, 45, 60]].T))

    assert found.skewed.mean() == pytest.approx(0.05, abs=0.0138)  # four standard errors
    assert (np.isnan(found.mean) == found.skewed).all()
    assert [note.row for note in found.dropped] == np.flatnonzero(found.skewed).tolist()


def test_a_skewed_sample():
    """It has no estimate, with the reason; without the test it has one, and a note all the same."""
    skewed = {"n": [100, 100], "median": [2, 5], "minimum": [1, 0], "maximum": [30, 10]}
    tested, untested = means_from_quantiles(**skewed), means_from_quantiles(**skewed, test=False)

    assert np.isnan(tested.mean).tolist() == np.isnan(tested.sd).tolist() == [True, False]
    assert tested.dropped == ((0, "skewed by the test of Shi et al. (2023): no estimate", True),)
    assert untested.notes == ((0, "skewed by the test of Shi et al. (2023): estimated all the same", False),)
    assert np.isfinite(untested.mean).all()


def test_what_is_missing():
    """Too few people, nothing to go by, no median, half of a pair: each row with its reason."""
    none = np.nan
    found = means_from_quantiles(
        [4, 20, 20, 20, none], [5, 5, none, 5, 5], minimum=[1, none, 1, 1, 1], maximum=[9, none, 9, none, 9],
        q1=[none, none, none, 4, none], q3=[none, none, none, 6, none],
    )  # fmt: skip

    assert np.isnan(found.mean).tolist() == [True, True, True, False, True]
    assert np.isnan(found.sd).tolist() == [True, True, False, False, True]
    assert [(note.row, note.dropped) for note in found.notes] == [
        (0, True),
        (1, True),
        (2, False),
        (3, False),
        (4, True),
    ]
    assert "row 3: no median: a standard deviation only" in found.summary()
    assert found.to_dict()["mean"][0] is None


def test_a_sample_without_spread():
    """Equal values have no spread and cannot be tested for skewness."""
    found = means_from_quantiles(20, 5, minimum=5, maximum=5)

    assert (found.mean[0], found.sd[0]) == (5, 0)
    assert np.isnan(found.skewness[0])


def test_samples_of_any_shape():
    """Sizes of shape (2, 1) and medians of shape (3,) make means of shape (2, 3)."""
    assert means_from_quantiles([[20], [40]], [5, 6, 7], minimum=1, maximum=11).mean.shape == (2, 3)


REFUSED = {
    "minimum <= q1 <= median <= q3 <= maximum does not hold: rows 2, 3": {
        "n": 20, "median": [5, 0, 9], "minimum": 1, "maximum": 8,
    },
    "n, the size of a sample, must be finite and at least 1: rows 1, 2": {
        "n": [0, np.inf], "median": 5, "q1": 1, "q3": 8,
    },
    "quantiles must be finite: row 1": {"n": 20, "median": 5, "minimum": -np.inf, "maximum": 8},
    "log-normal data must be greater than 0: row 2": {
        "n": 20, "median": 5, "minimum": [1, 0], "maximum": 8, "distribution": "lognormal",
    },
    "no distribution 'norm': did you mean 'normal'?": {"n": 20, "distribution": "norm"},
}  # fmt: skip


@pytest.mark.parametrize("message", REFUSED)
def test_numbers_that_cannot_be(message):
    """One message with the numbers of the rows."""
    with pytest.raises(InvalidArgument) as refused:
        means_from_quantiles(**REFUSED[message])

    assert str(refused.value) == message
