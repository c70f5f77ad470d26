"""Differences and ratios of two groups of means, and what one group shows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t as student

from synthesis.effects import escalc
from synthesis.effects.means import hedges_correction
from synthesis.effects.smd import suspicious
from synthesis.errors import InvalidArgument
from tests.effects.moments import second_order

MEANS = {"m1i": [5.0, 9.0], "sd1i": [2.0, 3.0], "n1i": [20, 12], "m2i": [4.0, 7.0], "sd2i": [3.0, 2.5], "n2i": [30, 9]}
ONE = {"mi": [5.0, 9.0], "sdi": [2.0, 3.0], "ni": [20, 12]}
SIGNED = ("MD", "SMD", "SMDH", "ROM", "VR", "CVR", "RPB", "ZPB", "RBIS", "ZBIS", "D2ORL", "D2ORN")
UNITLESS = ("SMD", "SMDH", "SMD1", "SMD1H", "ROM", "VR", "CVR", "RPB", "RBIS", "D2ORL", "CLESN")
means = st.floats(1, 50)
spreads = st.floats(0.5, 20)
sizes = st.integers(3, 90)


def swapped(given_):
    """The same two groups, the second first."""
    other = {"1": "2", "2": "1"}
    return {name: given_["".join(other.get(letter, letter) for letter in name)] for name in given_}


@pytest.mark.parametrize("measure", SIGNED)
@settings(max_examples=15)
@given(m1=means, m2=means, sd1=spreads, sd2=spreads, n1=sizes, n2=sizes)
def test_swapped_groups_flip_the_sign(measure, m1, m2, sd1, sd2, n1, n2):
    """The opposite effect with the same variance."""
    given_ = {"m1i": m1, "sd1i": sd1, "n1i": n1, "m2i": m2, "sd2i": sd2, "n2i": n2}
    one, other = escalc(measure, **given_), escalc(measure, **swapped(given_))

    np.testing.assert_allclose(other.yi, -one.yi, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(other.vi, one.vi, rtol=1e-9)


@pytest.mark.parametrize("measure", UNITLESS)
@settings(max_examples=15)
@given(scale=st.floats(1e-9, 1e9))
def test_a_change_of_units_changes_nothing(measure, scale):
    """Means and standard deviations in another unit give the same effect and variance."""
    other = {name: np.array(column) * (1 if name.startswith("n") else scale) for name, column in MEANS.items()}
    one, scaled = escalc(measure, **MEANS), escalc(measure, **other)

    np.testing.assert_allclose(scaled.yi, one.yi, rtol=1e-9)
    np.testing.assert_allclose(scaled.vi, one.vi, rtol=1e-9)


@pytest.mark.parametrize("vtype", ["LS", "HO"])
@settings(max_examples=15)
@given(scale=st.floats(1e-9, 1e9))
def test_mean_differences_have_the_unit_of_the_means(vtype, scale):
    """An MD in another unit is that many times as large, its variance the square of it."""
    other = {name: np.array(column) * (1 if name.startswith("n") else scale) for name, column in MEANS.items()}
    one, scaled = escalc("MD", **MEANS, vtype=vtype), escalc("MD", **other, vtype=vtype)

    np.testing.assert_allclose(scaled.yi, scale * one.yi, rtol=1e-12)
    np.testing.assert_allclose(scaled.vi, scale**2 * one.vi, rtol=1e-12)


@pytest.mark.parametrize("measure", ["SMD", "RPB", "RBIS", "D2ORN"])
def test_what_the_t_test_says_is_what_the_means_say(measure):
    """Cohen's d, r, t or p of the same two groups give the same effect and variance."""
    expected = escalc(measure, **MEANS)
    sd = np.sqrt(escalc("MD", **MEANS, vtype="HO").vi / (1 / np.array([20, 12]) + 1 / np.array([30, 9])))
    t = np.array([1.0, 2.0]) / np.sqrt(escalc("MD", **MEANS, vtype="HO").vi)
    shown = {"di": np.array([1.0, 2.0]) / sd, "ti": t, "ri": escalc("RPB", **MEANS).yi}
    shown["pi"] = 2 * student.sf(t, np.array([48, 19]))

    for name, column in shown.items():
        found = escalc(measure, **{name: column}, n1i=[20, 12], n2i=[30, 9])
        np.testing.assert_allclose((found.yi, found.vi), (expected.yi, expected.vi), rtol=1e-10)


def test_rows_may_show_different_things():
    """Row by row the means, else d, r, t or p; a row that shows nothing has no effect, with its reason."""
    gap = np.nan
    found = escalc(
        "SMD", n1i=20, n2i=20, m1i=[1, gap, gap, gap, gap], m2i=[0, gap, gap, gap, gap], sd1i=[2, gap, gap, gap, gap],
        sd2i=[2, gap, gap, gap, gap], di=[gap, 0.5, gap, gap, gap], ti=[gap, gap, 0.5 * np.sqrt(10), gap, gap],
        pi=[gap, gap, gap, -0.018, gap],
    )  # fmt: skip

    assert found.yi[:3] == pytest.approx(0.5 * hedges_correction(np.array([38.0]))[0])
    assert found.yi[3] == pytest.approx(-0.7664, abs=0.00005)  # metafor's documentation of escalc, "pi"
    assert [(note.row, note.reason) for note in found.dropped] == [
        (4, "no standard deviation above 0, or a number is missing")
    ]


@pytest.mark.parametrize("measure", ["SMD", "SMD1"])
@pytest.mark.parametrize("correct", [True, False])
def test_the_variance_without_an_effect(measure, correct):
    """Under the null hypothesis d / sqrt(h) has a t distribution, whose variance SciPy knows."""
    found = escalc(measure, **MEANS, vtype="H0", correct=correct)
    n1, n2 = np.array([20.0, 12.0]), np.array([30.0, 9.0])
    df = n1 + n2 - 2 if measure == "SMD" else n2 - 1
    factor = hedges_correction(df) if correct else 1.0

    np.testing.assert_allclose(found.vi, factor**2 * (1 / n1 + 1 / n2) * student.var(df), rtol=1e-12)


@pytest.mark.parametrize("correct", [True, False])
def test_the_unbiased_variance_is_unbiased(correct):
    """100,000 drawn studies of 6 and 5 people: the mean of the estimates is the variance (5 Monte-Carlo errors)."""
    random = np.random.default_rng(20091)
    n1, n2, delta, draws = 6, 5, 0.8, 100_000
    h = 1 / n1 + 1 / n2
    t = random.normal(delta / np.sqrt(h), 1, draws) / np.sqrt(random.chisquare(n1 + n2 - 2, draws) / (n1 + n2 - 2))
    found = escalc("SMD", ti=t, n1i=n1, n2i=n2, vtype="UB", correct=correct)
    excess = found.vi - (found.yi - found.yi.mean()) ** 2

    assert abs(excess.mean()) < 5 * excess.std() / np.sqrt(draws)


def test_variances_of_glass_delta_as_those_of_an_smd():
    """With vtype LS2 the variance of SMD1 is J^2 times that of the uncorrected difference; AV of one study is LS."""
    corrected, plain = escalc("SMD1", **MEANS, vtype="LS2"), escalc("SMD1", **MEANS, correct=False)
    single = {name: column[:1] for name, column in MEANS.items()}

    np.testing.assert_allclose(corrected.vi, hedges_correction(np.array([29.0, 8.0])) ** 2 * plain.vi)
    assert escalc("SMD1", **single, vtype="AV").vi == pytest.approx(escalc("SMD1", **single).vi)


NORMAL = {  # measure and vtype: the effect as a function of both means and variances, and whether of second order
    ("ROM", "LS"): (lambda m1, v1, m2, v2: np.log(m1 / m2), False),
    ("ROM", "LS2"): (lambda m1, v1, m2, v2: np.log(m1 / m2), True),
    ("VR", "LS"): (lambda m1, v1, m2, v2: np.log(v1 / v2) / 2, False),
    ("VR", "LS2"): (lambda m1, v1, m2, v2: np.log(v1 / v2) / 2, True),
    ("CVR", "LS"): (lambda m1, v1, m2, v2: np.log(v1 / v2) / 2 - np.log(m1 / m2), False),
    ("CVR", "LS2"): (lambda m1, v1, m2, v2: np.log(v1 / v2) / 2 - np.log(m1 / m2), True),
}


@pytest.mark.parametrize(("measure", "vtype"), NORMAL)
def test_ratios_by_the_delta_method(measure, vtype):
    """The variance is that of the expansion about normal means and variances, differentiated numerically."""
    function, second = NORMAL[measure, vtype]
    found = escalc(measure, **MEANS, vtype=vtype)

    for row in range(2):
        m1, sd1, n1, m2, sd2, n2 = (MEANS[name][row] for name in MEANS)
        at = (m1, sd1**2, m2, sd2**2)
        covariance = np.diag([sd1**2 / n1, 2 * sd1**4 / (n1 - 1), sd2**2 / n2, 2 * sd2**4 / (n2 - 1)])
        assert found.vi[row] == pytest.approx(second_order(function, at, covariance, second=second), rel=1e-5)


def test_ratios_of_means_by_one_coefficient_of_variation():
    """Where all studies have one coefficient of variation in each group, AV is LS; where in both, AVHO is as well."""
    given_ = {"m1i": [2.0, 8.0], "n1i": [10, 30], "m2i": [4.0, 6.0], "n2i": [20, 15]}
    alike = given_ | {"sd1i": [1.0, 4.0], "sd2i": [1.0, 1.5]}
    same = given_ | {"sd1i": [1.0, 4.0], "sd2i": [2.0, 3.0]}

    np.testing.assert_allclose(escalc("ROM", **alike, vtype="AV").vi, escalc("ROM", **alike).vi)
    np.testing.assert_allclose(escalc("ROM", **same, vtype="AVHO").vi, escalc("ROM", **same).vi)
    assert not np.allclose(escalc("ROM", **alike, vtype="AVHO").vi, escalc("ROM", **alike).vi)


def test_averages_are_taken_along_the_last_axis():
    """Two sets of studies in one call have averages of their own."""
    first = {name: np.array(column) for name, column in MEANS.items()}
    second = first | {"m1i": first["m1i"] + 3}
    both = {name: np.stack([first[name], second[name]]) for name in first}

    for measure, vtype in (("SMD", "AV"), ("SMD1", "AV"), ("ROM", "AV"), ("ROM", "AVHO")):
        found = escalc(measure, **both, vtype=vtype)
        for row, one in enumerate((first, second)):
            np.testing.assert_array_equal(found.vi[row], escalc(measure, **one, vtype=vtype).vi)


def test_the_differences_of_two_groups_of_one():
    """VR and CVR less their corrections are differences of SDLN and CVLN, and their variances the sums."""
    first = {"mi": MEANS["m1i"], "sdi": MEANS["sd1i"], "ni": MEANS["n1i"]}
    second = {"mi": MEANS["m2i"], "sdi": MEANS["sd2i"], "ni": MEANS["n2i"]}

    for two, one in (("VR", "SDLN"), ("CVR", "CVLN"), ("ROM", "MNLN")):
        options = {} if one == "MNLN" else {"correct": False}
        a, b = escalc(one, **first, **options), escalc(one, **second, **options)
        found = escalc(two, **MEANS, correct=False)
        np.testing.assert_allclose((found.yi, found.vi), (a.yi - b.yi, a.vi + b.vi), rtol=1e-12, atol=1e-15)


NO_EFFECT = {
    ("SMDH", "sd1i", 0.0): None,  # the other group has a standard deviation
    ("SMD1", "sd2i", 0.0): "no standard deviation above 0, or a number is missing",
    ("SMD1H", "sd2i", 0.0): "the standard deviation that is the unit is 0",
    ("SMD1H", "n2i", 2): "the groups are too small for the correction or the variance",
    ("SMDH", "n1i", 1): "the groups are too small for the correction or the variance",
    ("ROM", "m2i", -1.0): "a mean is 0, or the two means have opposite signs",
    ("VR", "sd1i", 0.0): "a standard deviation is 0",
    ("VR", "n1i", 1): "a group of one person has no standard deviation",
    ("CVR", "m1i", 0.0): "a mean is 0, or the two means have opposite signs",
    ("MD", "m1i", None): "a number is missing",
    ("SMD", "n1i", None): "a number is missing",
}


@pytest.mark.parametrize(("measure", "name", "value"), NO_EFFECT)
def test_rows_that_make_no_effect_of_two_groups(measure, name, value):
    """The row is NaN and says why; the other row is as before."""
    found = escalc(measure, **MEANS | {name: [value, MEANS[name][1]]})
    reason = NO_EFFECT[measure, name, value]

    assert np.isnan(found.yi[0]) == (reason is not None)
    assert [note.reason for note in found.dropped] == [reason] * (reason is not None)
    assert found.yi[1] == escalc(measure, **MEANS).yi[1]


@pytest.mark.parametrize(
    ("measure", "name", "value", "reason"),
    [
        ("SMN", "sdi", 0.0, "a standard deviation is 0"),
        ("SMN", "ni", 2, "the group is too small for the correction"),
        ("MNLN", "mi", -1.0, "only a mean above 0 has a log"),
        ("SDLN", "ni", 1, "a group of one person has no standard deviation"),
        ("CVLN", "mi", 0.0, "only a mean above 0 has a log"),
        ("MN", "sdi", None, "a number is missing"),
    ],
)
def test_rows_that_make_no_effect_of_one_group(measure, name, value, reason):
    """The row is NaN and says why."""
    found = escalc(measure, **ONE | {name: [value, ONE[name][1]]})

    assert found.dropped == ((0, reason, True),)
    assert np.isfinite(found.yi[1])


def test_numbers_that_cannot_be():
    """Standard deviations below 0 and groups of nobody are refused, by row."""
    for measure in ("MD", "SMD", "SMDH", "SMD1", "SMD1H", "ROM", "VR", "CVR", "CLESN", "RPB"):
        with pytest.raises(InvalidArgument, match="standard deviations must not be below 0: row 2"):
            escalc(measure, **MEANS | {"sd2i": [1, -1]})
        with pytest.raises(InvalidArgument, match="groups must have at least one person: row 1"):
            escalc(measure, **MEANS | {"n1i": [0, 9]})
    for measure in ("MN", "SMN", "MNLN", "SDLN", "CVLN"):
        with pytest.raises(InvalidArgument, match="standard deviations must not be below 0: row 2"):
            escalc(measure, **ONE | {"sdi": [1, -1]})


def test_no_spread_at_all_is_remarked():
    """A mean difference without any spread stands, with a variance of 0 and a remark."""
    found = escalc("MD", **MEANS | {"sd1i": [0, 1], "sd2i": [0, 1]})

    assert found.vi[0] == 0
    assert found.notes == ((0, "the variance is 0", False),)
    assert found.usable.tolist() == [False, True]


def test_standard_errors_in_place_of_standard_deviations():
    """A difference of more than two standard deviations is suspicious; one in the unit of the means is not."""
    given_ = MEANS | {"sd1i": [0.4, 3.0]}
    found = escalc("SMD", **given_ | {"sd2i": [0.5, 2.5]})

    assert [note.row for note in suspicious(found)] == [0]
    assert suspicious(found, beyond=5) == ()
    assert suspicious(escalc("MD", **given_)) == ()
