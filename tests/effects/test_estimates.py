"""Effects from means and from printed estimates, and from one measure to another."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis.effects import MEASURES, escalc, from_estimate, log_odds_ratio_to_smd, smd_to_log_odds_ratio
from synthesis.errors import InvalidArgument

Z = 1.959963984540054  # 97.5 % quantile of the normal distribution
effect = st.floats(-3, 3)
error = st.floats(0.01, 2)
MEANS = {"m1i": [5.0], "sd1i": [2.0], "n1i": [20], "m2i": [4.0], "sd2i": [3.0], "n2i": [30]}


@given(y=effect, se=error)
def test_se_interval_and_p_say_the_same(y, se):
    """A ratio with the standard error of its log, its 95 % interval or its exact p gives one effect."""
    z = abs(y) / se
    by_se = from_estimate("OR", np.exp(y), ratio=True, se=se)
    by_interval = from_estimate("OR", np.exp(y), ratio=True, ci_low=np.exp(y - Z * se), ci_high=np.exp(y + Z * se))

    assert by_se.yi[0] == pytest.approx(y, abs=1e-12)
    assert by_se.vi[0] == pytest.approx(se**2)
    assert by_interval.vi[0] == pytest.approx(se**2, rel=1e-6)
    if 0.01 < z < 5:
        by_p = from_estimate("OR", np.exp(y), ratio=True, p=2 * _upper_tail(z))
        assert by_p.vi[0] == pytest.approx(se**2, rel=1e-6)


def _upper_tail(z):
    from scipy.special import ndtr

    return ndtr(-z)


def test_a_printed_p_by_hand():
    """A difference of 1.2 with p = 0.05 lies 1.96 standard errors from 0."""
    found = from_estimate("MD", [1.2], ratio=False, p=[0.05])

    assert np.sqrt(found.vi[0]) == pytest.approx(1.2 / Z)


def test_the_level_of_the_interval():
    """A 90 % interval is 1.6449 standard errors to each side."""
    found = from_estimate("MD", [1.0], ratio=False, ci_low=[0.0], ci_high=[2.0], level=0.9)

    assert 1 / np.sqrt(found.vi[0]) == pytest.approx(1.6448536269514722)


def test_the_standard_error_comes_first():
    """Row by row: se before interval before p; a row with none of them has no effect, with a reason."""
    none = None
    found = from_estimate(
        "MD", [1, 1, 1, 1], ratio=False, se=[0.5, none, none, none],
        ci_low=[0, 1 - Z, none, none], ci_high=[9, 1 + Z, none, none], p=[0.1, 0.1, 0.05, none],
    )  # fmt: skip

    assert found.vi[:3].tolist() == pytest.approx([0.25, 1.0, Z**-2])
    assert [note.row for note in found.dropped] == [3]


def test_no_effect_has_no_standard_error_from_its_p():
    """An estimate of exactly 0 lies 0 standard errors from 0, whatever these are."""
    found = from_estimate("MD", [0.0], ratio=False, p=[0.9])

    assert found.dropped == ((0, "an estimate of no effect has no standard error from its p", True),)


REFUSED = {
    "se must be greater than 0: row 2": {"estimate": [1, 1], "se": [1, 0]},
    "the interval must hold the estimate, its low bound first: row 1": {
        "estimate": [3], "ci_low": [1], "ci_high": [2],
    },
    "p must lie between 0 and 1, both excluded: row 1": {"estimate": [3], "p": [1.0]},
    "ratios and their bounds must be greater than 0: row 1": {"estimate": [-0.2], "se": [1]},
    "an estimate needs se, or ci_low and ci_high, or an exact p": {"estimate": [1], "ci_low": [0.5]},
    "level must be between 0 and 1, as 0.95, not 95": {"estimate": [1], "se": [1], "level": 95},
}  # fmt: skip


@pytest.mark.parametrize("message", REFUSED)
def test_estimates_that_cannot_be(message):
    """One message with the numbers of the rows."""
    with pytest.raises(InvalidArgument) as refused:
        escalc("HR", **REFUSED[message])

    assert str(refused.value) == message


@given(x1=st.integers(0, 50), x2=st.integers(0, 50), t1=st.floats(1, 99), t2=st.floats(1, 99))
def test_swapped_rates_flip_the_sign(x1, x2, t1, t2):
    """The opposite log rate ratio with the same variance."""
    one = escalc("IRR", x1i=x1, t1i=t1, x2i=x2, t2i=t2)
    other = escalc("IRR", x1i=x2, t1i=t2, x2i=x1, t2i=t1)

    assert other.yi[0] == pytest.approx(-one.yi[0], abs=1e-12)
    assert other.vi[0] == pytest.approx(one.vi[0])


def test_means_that_cannot_be():
    """Deviations below 0, empty groups, unknown variances and missing columns are refused; no spread is a reason."""
    for change, message in (
        ({"sd1i": [-1]}, "standard deviations must not be below 0: row 1"),
        ({"n2i": [0]}, "groups must have at least one person: row 1"),
        ({"vtype": "XX"}, "vtype of SMD must be one of"),
        ({"sd2i": None}, "SMD needs m1i, sd1i, n1i, m2i, sd2i, n2i; there is no sd2i"),
    ):
        with pytest.raises(InvalidArgument, match=message):
            escalc("SMD", **MEANS | change)
    assert escalc("SMD", **MEANS | {"sd1i": [0], "sd2i": [0]}).dropped[0].reason.startswith("no standard deviation")


def test_names_that_do_not_exist():
    """Unknown measures and columns get the nearest name; a hazard ratio has no counts."""
    for given_, message in (
        (("SMDD", {"ai": [1]}), "no measure 'SMDD': did you mean 'SMD'"),
        (("OR", {"a1": [1]}), "OR takes no 'a1'"),
        (("HR", {"ai": [1]}), "HR takes no 'ai'"),
        (("HR", {}), "HR comes from printed estimates only"),
        (("OR", {"ai": "events"}), "given by name, and there is no data"),
        (("OR", {"ai": "event", "data": {"events": [1]}}), "no column 'event' in data: did you mean 'events'"),
    ):
        with pytest.raises(InvalidArgument, match=message):
            escalc(given_[0], **given_[1])


@given(y=effect, se=error)
def test_odds_ratio_to_smd_and_back(y, se):
    """pi / sqrt(3) there and back; a log odds ratio of 1.8138 is an SMD of 1."""
    there = log_odds_ratio_to_smd(np.array([y]), np.array([se**2]))

    np.testing.assert_allclose(smd_to_log_odds_ratio(*there), ([y], [se**2]), rtol=1e-12, atol=1e-15)
    assert log_odds_ratio_to_smd(np.array([1.8137993642342178]), np.array([1.0]))[0][0] == pytest.approx(1)


@pytest.mark.parametrize("measure", MEASURES)
def test_every_measure_takes_printed_estimates(measure):
    """An estimate with its standard error makes an effect of any measure; ratios become logs."""
    found = escalc(measure, estimate=[2.0], se=[0.5])

    assert found.yi[0] == pytest.approx(np.log(2) if MEASURES[measure].is_ratio else 2.0)
    assert (found.measure, found.vi[0]) == (measure, 0.25)
