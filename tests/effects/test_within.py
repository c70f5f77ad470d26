"""Change of one group and differences of pairs, in means and standard deviations."""

import numpy as np
import pytest
from scipy.stats import t as student

from synthesis.effects import escalc
from synthesis.effects.means import hedges_correction
from synthesis.errors import InvalidArgument
from tests.effects.moments import second_order

PAIRS = {
    "m1i": [5.0, 9.0],
    "m2i": [4.0, 7.0],
    "sd1i": [2.0, 3.0],
    "sd2i": [3.0, 2.5],
    "ni": [20, 12],
    "ri": [0.6, -0.2],
}
ALL = ("MC", "SMCC", "SMCR", "SMCRH", "SMCRP", "SMCRPH", "CLESCN", "AUCCN", "ROMC", "VRC", "CVRC")


def groups(pairs):
    """The same numbers as of two groups of one size."""
    given = {name: pairs[name] for name in ("m1i", "sd1i", "m2i", "sd2i")}
    return given | {"n1i": pairs["ni"], "n2i": pairs["ni"]}


@pytest.mark.parametrize("measure", ["MC", "SMCC", "SMCRP", "SMCRPH", "ROMC", "VRC", "CVRC"])
def test_swapped_measurements_flip_the_sign(measure):
    """The opposite effect with the same variance."""
    other = {"m1i": "m2i", "m2i": "m1i", "sd1i": "sd2i", "sd2i": "sd1i"}
    one = escalc(measure, **PAIRS)
    found = escalc(measure, **{name: PAIRS[other.get(name, name)] for name in PAIRS})

    np.testing.assert_allclose((found.yi, found.vi), (-one.yi, one.vi), rtol=1e-12)


@pytest.mark.parametrize("measure", ALL)
@pytest.mark.parametrize("scale", [1e-9, 7.0, 1e9])
def test_a_change_of_units(measure, scale):
    """The mean change is as many times larger; nothing else changes."""
    other = {name: np.array(column) * (1 if name in {"ni", "ri"} else scale) for name, column in PAIRS.items()}
    one, found = escalc(measure, **PAIRS), escalc(measure, **other)
    unit = scale if measure == "MC" else 1.0

    np.testing.assert_allclose((found.yi, found.vi), (unit * one.yi, unit**2 * one.vi), rtol=1e-12)


@pytest.mark.parametrize(
    ("paired", "independent", "options"),
    [
        ("MC", "MD", {}),
        ("ROMC", "ROM", {}),
        ("ROMC", "ROM", {"vtype": "LS2"}),
        ("VRC", "VR", {}),
        ("VRC", "VR", {"vtype": "LS2"}),
        ("CVRC", "CVR", {}),
        ("CVRC", "CVR", {"vtype": "LS2"}),
        ("CLESCN", "CLESN", {}),
        ("SMCRPH", "SMDH", {}),
        ("SMCRPH", "SMDH", {"correct": False}),
        ("SMCRPH", "SMDH", {"vtype": "LS2"}),
    ],
)
def test_without_correlation_pairs_are_two_groups(paired, independent, options):
    """Uncorrelated measurements of n people are two groups of n."""
    found = escalc(paired, **PAIRS | {"ri": 0.0}, **options)
    expected = escalc(independent, **groups(PAIRS), **options)

    np.testing.assert_allclose((found.yi, found.vi), (expected.yi, expected.vi), rtol=1e-12)


BIVARIATE = {  # measure and vtype: the effect as a function of means and variances, and whether of second order
    ("ROMC", "LS"): (lambda m1, m2, v1, v2: np.log(m1 / m2), False),
    ("ROMC", "LS2"): (lambda m1, m2, v1, v2: np.log(m1 / m2), True),
    ("VRC", "LS"): (lambda m1, m2, v1, v2: np.log(v1 / v2) / 2, False),
    ("VRC", "LS2"): (lambda m1, m2, v1, v2: np.log(v1 / v2) / 2, True),
    ("CVRC", "LS"): (lambda m1, m2, v1, v2: np.log(v1 / v2) / 2 - np.log(m1 / m2), False),
    ("CVRC", "LS2"): (lambda m1, m2, v1, v2: np.log(v1 / v2) / 2 - np.log(m1 / m2), True),
}


@pytest.mark.parametrize(("measure", "vtype"), BIVARIATE)
def test_ratios_by_the_delta_method(measure, vtype):
    """The variance is that of the expansion about correlated normal means and variances, differentiated numerically."""
    function, second = BIVARIATE[measure, vtype]
    found = escalc(measure, **PAIRS, vtype=vtype)

    for row in range(2):
        m1, m2, sd1, sd2, n, r = (PAIRS[name][row] for name in PAIRS)
        covariance = np.zeros((4, 4))
        covariance[:2, :2] = np.array([[sd1**2, r * sd1 * sd2], [r * sd1 * sd2, sd2**2]]) / n
        covariance[2:, 2:] = covariance[:2, :2] ** 2 * n**2 * 2 / (n - 1)
        at = (m1, m2, sd1**2, sd2**2)
        assert found.vi[row] == pytest.approx(second_order(function, at, covariance, second=second), rel=1e-5)


def test_the_common_language_effect_of_pairs_by_the_delta_method():
    """CLESCN against numerical derivatives, with n - 1 for the means as well as for the variances."""
    from scipy.special import ndtr

    found = escalc("CLESCN", **PAIRS)
    for row in range(2):
        m1, m2, sd1, sd2, n, r = (PAIRS[name][row] for name in PAIRS)
        covariance = np.zeros((4, 4))
        covariance[:2, :2] = np.array([[sd1**2, r * sd1 * sd2], [r * sd1 * sd2, sd2**2]]) / (n - 1)
        covariance[2:, 2:] = covariance[:2, :2] ** 2 * 2 * (n - 1)
        at = (m1, m2, sd1**2, sd2**2)
        expected = second_order(lambda a, b, v, w: ndtr((a - b) / np.sqrt(v + w)), at, covariance, second=False)
        assert found.vi[row] == pytest.approx(expected, rel=1e-5)


def test_what_the_paired_t_test_says():
    """d, t or p of the changes give what the means give; the p of metafor's documentation gives its -0.3408."""
    expected, change = escalc("SMCC", **PAIRS), escalc("MC", **PAIRS)
    t, n = change.yi / np.sqrt(change.vi), np.array(PAIRS["ni"])

    for shown in ({"di": t / np.sqrt(n)}, {"ti": t}, {"pi": 2 * student.sf(t, n - 1)}):
        found = escalc("SMCC", **shown, ni=n)
        np.testing.assert_allclose((found.yi, found.vi), (expected.yi, expected.vi), rtol=1e-10)
    assert escalc("SMCC", pi=-0.018, ni=50).yi[0] == pytest.approx(-0.3408, abs=0.00005)


@pytest.mark.parametrize("measure", ["SMCC", "SMCR", "SMCRH"])
def test_the_correction_is_hedges_factor(measure):
    """With n - 1 degrees of freedom."""
    ratio = escalc(measure, **PAIRS).yi / escalc(measure, **PAIRS, correct=False).yi

    np.testing.assert_allclose(ratio, hedges_correction(np.array([19.0, 11.0])), rtol=1e-12)


@pytest.mark.parametrize(
    ("measure", "change", "reason"),
    [
        ("SMCC", {"sd2i": 2.0, "ri": 1.0}, "the changes have no standard deviation above 0, or a number is missing"),
        ("SMCC", {"ni": 2}, "the groups are too small for the correction or the variance"),
        ("SMCR", {"sd1i": 0.0}, "the standard deviation that is the unit is 0"),
        ("SMCRH", {"ni": 2}, "the groups are too small for the correction or the variance"),
        ("ROMC", {"m1i": 0.0}, "a mean is 0, or the two means have opposite signs"),
        ("VRC", {"sd2i": 0.0}, "a standard deviation is 0"),
        ("CVRC", {"ni": 1}, "a group of one person has no standard deviation"),
        ("CLESCN", {"ni": 1}, "a group of one person has no variance"),
        ("MC", {"ri": None}, "a number is missing"),
    ],
)
def test_rows_that_make_no_effect(measure, change, reason):
    """The row is NaN and says why; the other row is as before."""
    given = {name: [change.get(name, column[0]), column[1]] for name, column in PAIRS.items()}
    found = escalc(measure, **given)

    assert found.dropped == ((0, reason, True),)
    assert found.yi[1] == escalc(measure, **PAIRS).yi[1]


@pytest.mark.parametrize("measure", ALL)
def test_numbers_that_cannot_be(measure):
    """Correlations beyond 1, standard deviations below 0 and samples of nobody are refused, by row."""
    for change, message in (
        ({"ri": [0.5, 1.2]}, "correlations must lie between -1 and 1: row 2"),
        ({"sd1i": [-1, 2]}, "standard deviations must not be below 0: row 1"),
        ({"ni": [0, 2]}, "groups must have at least one person: row 1"),
    ):
        with pytest.raises(InvalidArgument, match=message):
            escalc(measure, **PAIRS | change)
