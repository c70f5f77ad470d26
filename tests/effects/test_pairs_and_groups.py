"""Pairs, and measures of one group: laws and zero counts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis.effects import MEASURES, escalc
from synthesis.errors import InvalidArgument

PAIRS = [name for name, measure in MEASURES.items() if measure.family == "paired" and name != "MPORM"]
count = st.integers(0, 60)
PAIRED_TABLE = {"ai": [20, 7, 30], "bi": [11, 5, 12], "ci": [6, 9, 3], "di": [41, 22, 60]}  # of the reference


@pytest.mark.parametrize("measure", PAIRS)
@given(a=count, b=count, c=count, d=st.integers(1, 60))
def test_swapped_treatments_flip_the_sign(measure, a, b, c, d):
    """Pairs that differ change sides: the opposite effect with the same variance."""
    one, other = escalc(measure, ai=a, bi=b, ci=c, di=d), escalc(measure, ai=a, bi=c, ci=b, di=d)

    np.testing.assert_allclose(other.yi, -one.yi, atol=1e-12)
    np.testing.assert_allclose(other.vi, one.vi, rtol=1e-9)


@given(a=count, b=count, c=count, d=st.integers(1, 60))
def test_the_other_event_of_pairs(a, b, c, d):
    """RD and OR of the other event have the opposite sign; the conditional ones rest on the same pairs."""
    for measure in ("MPRD", "MPOR", "MPORC", "MPPETO"):
        one, other = escalc(measure, ai=a, bi=b, ci=c, di=d), escalc(measure, ai=d, bi=c, ci=b, di=a)

        np.testing.assert_allclose(other.yi, -one.yi, atol=1e-12)
        np.testing.assert_allclose(other.vi, one.vi, rtol=1e-9)


def margins(ai, bi, ci, di):
    """The marginal table of a table of pairs."""
    a, b, c, d = (np.array(column) for column in (ai, bi, ci, di))
    return {"ai": a + b, "bi": c + d, "ci": a + c, "di": b + d}


def test_margins_with_their_correlation_are_the_pairs():
    """MPORM with phi of the pairs, or with the share that had both events, is MPOR: no reference has MPORM."""
    whole = escalc("MPOR", **PAIRED_TABLE)
    n = sum(np.array(column) for column in PAIRED_TABLE.values())
    by_r = escalc("MPORM", **margins(**PAIRED_TABLE), ri=escalc("PHI", **PAIRED_TABLE).yi)
    by_p = escalc("MPORM", **margins(**PAIRED_TABLE), pi=np.array(PAIRED_TABLE["ai"]) / n)

    for found in (by_r, by_p):
        np.testing.assert_allclose(found.yi, whole.yi, rtol=1e-12)
        np.testing.assert_allclose(found.vi, whole.vi, rtol=1e-12)


def test_margins_without_correlation_are_two_groups():
    """With ri = 0 MPORM is the odds ratio of two independent groups."""
    found = escalc("MPORM", **margins(**PAIRED_TABLE), ri=0)

    np.testing.assert_allclose(found.vi, escalc("OR", **margins(**PAIRED_TABLE)).vi, rtol=1e-12)


def test_margins_that_do_not_allow_the_correlation():
    """30 and 10 of 40 pairs cannot agree perfectly: no effect, with the reason; the bound itself can be."""
    table = {"ai": [30, 30], "bi": [10, 10], "ci": [10, 10], "di": [30, 30]}
    found = escalc("MPORM", **table, pi=[0.25, 0.2500001])

    assert found.usable.tolist() == [True, False]
    assert found.dropped == ((1, "the margins do not allow this correlation", True),)


def test_margins_that_cannot_be():
    """Rows about different pairs, and correlations beyond 1."""
    for change, message in (
        ({"di": [20]}, "both treatments must have the same number of pairs: row 1"),
        ({"ri": [1.5]}, "ri must lie between -1 and 1: row 1"),
        ({"ri": None}, "MPORM needs ai, bi, ci, di, ri; there is no ri; or give ai, bi, ci, di, pi"),
    ):
        with pytest.raises(InvalidArgument, match=message):
            escalc("MPORM", **{"ai": [12], "bi": [18], "ci": [9], "di": [21], "ri": [0.4]} | change)


@given(x=count, m=count)
def test_the_other_event_of_one_group(x, m):
    """Logit and probit change their sign, proportion and angle change to 1 - p and pi / 2 - angle."""
    if x + m == 0:
        return
    for measure, whole in (("PLO", 0), ("PRZ", 0), ("PR", 1), ("PAS", np.pi / 2), ("PFT", np.pi / 2)):
        one, other = escalc(measure, xi=x, mi=m), escalc(measure, xi=m, ni=x + m)

        np.testing.assert_allclose(other.yi, whole - one.yi, atol=1e-12)
        np.testing.assert_allclose(other.vi, one.vi, rtol=1e-9)


@given(x=st.integers(1, 99), t=st.floats(0.1, 99), scale=st.floats(1e-6, 1e6))
def test_the_unit_of_time(x, t, scale):
    """Days for years: rates and their variances change by the factor and its square, log rates by its log alone."""
    for measure in ("IR", "IRLN"):
        one, other = escalc(measure, xi=x, ti=t), escalc(measure, xi=x, ti=t * scale)
        if measure == "IR":
            assert (other.yi[0], other.vi[0]) == pytest.approx((one.yi[0] / scale, one.vi[0] / scale**2))
        else:
            assert (other.yi[0] + np.log(scale), other.vi[0]) == pytest.approx((one.yi[0], one.vi[0]), abs=1e-9)


@pytest.mark.parametrize("measure", ["IRR", "IRD", "IRSD"])
@given(x1=count, x2=count, t1=st.floats(1, 99), t2=st.floats(1, 99))
def test_swapped_rates_flip_the_sign(measure, x1, x2, t1, t2):
    """The opposite effect with the same variance, groups without events included."""
    one, other = escalc(measure, x1i=x1, t1i=t1, x2i=x2, t2i=t2), escalc(measure, x1i=x2, t1i=t2, x2i=x1, t2i=t1)

    np.testing.assert_allclose(other.yi, -one.yi, atol=1e-12)
    np.testing.assert_allclose(other.vi, one.vi, rtol=1e-12)


def test_zero_counts_are_named():
    """Nobody, everybody and no event: 1/2 is added, each with its note."""
    groups, rates = escalc("PLO", xi=[0, 5, 3], ni=[9, 5, 9]), escalc("IRLN", xi=[4, 0], ti=[9, 9])

    assert [tuple(note) for note in groups.notes] == [
        (row, "0.5 added to the events and to the non-events", False) for row in (0, 1)
    ]
    assert [tuple(note) for note in rates.notes] == [(1, "0.5 added to the events", False)]


REFUSED = {
    "events must lie between 0 and the size of the group: row 2": ("PR", {"xi": [1, 5], "ni": [2, 4]}),
    "a group has nobody in it: row 1": ("PLN", {"xi": [0], "ni": [0]}),
    "events and non-events do not add up to the size of the group: row 1": ("PR", {"xi": [1], "mi": [3], "ni": [5]}),
    "events must not be below 0: row 1": ("IR", {"xi": [-1], "ti": [4]}),
    "person-time must be greater than 0: rows 1, 2": ("IRD", {"x1i": 1, "t1i": [0, 1], "x2i": 1, "t2i": [1, 0]}),
    "counts must not be below 0: row 1": ("MPRD", {"ai": -1, "bi": 1, "ci": 1, "di": 1}),
    "a table has no pairs in it: row 1": ("MPOR", {"ai": 0, "bi": 0, "ci": 0, "di": 0}),
    "vi and sei must not be below 0: row 2": ("GEN", {"yi": [1, 2], "sei": [1, -1]}),
}


@pytest.mark.parametrize("message", REFUSED)
def test_numbers_that_cannot_be(message):
    """One message with the numbers of the rows."""
    measure, given_ = REFUSED[message]
    with pytest.raises(InvalidArgument) as refused:
        escalc(measure, **given_)

    assert str(refused.value) == message


def test_missing_numbers_are_missing_effects():
    """None is not 0, in any of them: the effect is missing, with the reason."""
    for measure, given_ in (
        ("PR", {"xi": [None], "ni": [4]}), ("IR", {"xi": [2], "ti": [None]}), ("GEN", {"yi": [1], "vi": [None]}),
        ("IRR", {"x1i": [1], "t1i": [2], "x2i": [None], "t2i": [2]}),
        ("MPRR", {"ai": 1, "bi": [None], "ci": 1, "di": 1}),
    ):  # fmt: skip
        found = escalc(measure, **given_)

        assert np.isnan([found.yi[0], found.vi[0]]).all()
        assert [note.row for note in found.dropped] == [0]


def test_generic_effects():
    """As given: with variances, or else with standard errors, row by row."""
    found = escalc("GEN", yi=[0.1, 0.2], vi=[0.04, None], sei=[None, 0.3])

    assert found.yi.tolist() == [0.1, 0.2]
    assert found.vi.tolist() == pytest.approx([0.04, 0.09])
