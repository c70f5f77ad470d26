"""Formulas of the variance: each against an exact expectation, another route, or the one that it must agree with."""

from itertools import combinations
from math import comb

import numpy as np
import pytest
from scipy.stats import binom

from synthesis.effects import MEASURES, escalc
from tests.effects.moments import second_order

TABLES = {"ai": [4, 9, 30], "n1i": [20, 41, 80], "ci": [7, 12, 25], "n2i": [25, 33, 90]}
EQUAL = {"ai": [4, 8, 40], "n1i": [20, 40, 200], "ci": [6, 3, 30], "n2i": [40, 20, 200]}
GROUPS = {
    "m1i": [5.0, 8.0],
    "sd1i": [2.0, 3.0],
    "n1i": [12, 40],
    "m2i": [4.0, 5.0],
    "sd2i": [2.5, 1.5],
    "n2i": [15, 30],
}
PAIRS = {
    "m1i": [5.0, 9.0],
    "m2i": [4.0, 7.0],
    "sd1i": [2.0, 3.0],
    "sd2i": [3.0, 2.5],
    "ni": [20, 12],
    "ri": [0.6, -0.2],
}
REPORTED = {"ai": [0.7, 0.4], "n1i": [12, 40], "n2i": [15, 30]}
SLOPES = {"ri": [0.3, 0.3], "mi": [3, 5], "ni": [40, 90], "r2i": [0.4, 0.2]}
EVENTS = {"xi": [4, 8, 40], "ni": [20, 40, 200]}
RATIOS = ("OR", "RR", "OR2D", "OR2DL", "OR2DN")
ROUNDS = 40_000  # of a simulation


def variances(measure, columns, **options):
    """Those of `escalc`."""
    return escalc(measure, **columns, **options).vi


def large(columns, times=10_000.0):
    """The same studies with many more people."""
    return {name: np.array(column) * (times if name.startswith("n") else 1) for name, column in columns.items()}


@pytest.mark.parametrize(
    ("measure", "columns"),
    [
        *((measure, EQUAL) for measure in ("RD", *RATIOS)),
        *((measure, EVENTS) for measure in ("PR", "PLN", "PLO")),
        *((measure, SLOPES) for measure in ("PCOR", "SPCOR", "ZSPCOR")),
    ],
)
def test_the_average_of_equal_studies_changes_nothing(measure, columns):
    """AV is LS where every study has the same risks or correlation."""
    np.testing.assert_allclose(variances(measure, columns, vtype="AV"), variances(measure, columns), rtol=1e-12)


@pytest.mark.parametrize("measure", ["RD", *RATIOS])
def test_the_average_is_that_of_all_people(measure):
    """AV of one study is LS of a study of its sizes with the risks of all groups together."""
    first, second = sum(TABLES["ai"]) / sum(TABLES["n1i"]), sum(TABLES["ci"]) / sum(TABLES["n2i"])
    n1, n2 = np.array(TABLES["n1i"]), np.array(TABLES["n2i"])
    expected = variances(measure, {"ai": n1 * first, "n1i": n1, "ci": n2 * second, "n2i": n2})

    np.testing.assert_allclose(variances(measure, TABLES, vtype="AV"), expected, rtol=1e-12)


@pytest.mark.parametrize("measure", ["RD", *RATIOS])
def test_no_effect_in_tables(measure):
    """H0 is LS of the table in which both groups have the risk of the study, whose effect is 0."""
    n1, n2 = np.array(TABLES["n1i"]), np.array(TABLES["n2i"])
    risk = (np.array(TABLES["ai"]) + TABLES["ci"]) / (n1 + n2)
    alike = {"ai": n1 * risk, "n1i": n1, "ci": n2 * risk, "n2i": n2}

    np.testing.assert_allclose(escalc(measure, **alike).yi, 0, atol=1e-14)
    np.testing.assert_allclose(variances(measure, TABLES, vtype="H0"), variances(measure, alike), rtol=1e-12)


def test_the_average_proportion():
    """AV of PR, PLN and PLO puts in all events over all people."""
    x, n = np.array([1, 9, 30]), np.array([20, 41, 80])
    expected = {"xi": n * x.sum() / n.sum(), "ni": n}

    for measure in ("PR", "PLN", "PLO"):
        found = variances(measure, {"xi": x, "ni": n}, vtype="AV")
        np.testing.assert_allclose(found, variances(measure, expected), rtol=1e-12)


@pytest.mark.parametrize("p", [0.1, 0.5, 0.85])
def test_the_variance_of_a_proportion_without_bias(p):
    """The expectation of UB over all numbers of events of n people is p (1 - p) / n; of LS it is less."""
    n = 7
    x = np.arange(n + 1)
    weights = binom.pmf(x, n, p)

    assert weights @ variances("PR", {"xi": x, "ni": n}, vtype="UB", add=0.0) == pytest.approx(p * (1 - p) / n)
    assert weights @ variances("PR", {"xi": x, "ni": n}, add=0.0) < 0.9 * p * (1 - p) / n


def test_the_variance_of_a_risk_difference_without_bias():
    """The expectation of UB over all tables of 4 and 6 people is the variance of the difference."""
    a, c = (grid.ravel() for grid in np.meshgrid(np.arange(5), np.arange(7)))
    weights = binom.pmf(a, 4, 0.3) * binom.pmf(c, 6, 0.8)
    found = variances("RD", {"ai": a, "n1i": 4, "ci": c, "n2i": 6}, vtype="UB", add=0.0)

    assert weights @ found == pytest.approx(0.3 * 0.7 / 4 + 0.8 * 0.2 / 6)


def simulated_changes(r):
    """Seeded columns of 6 people measured twice, with a mean change of 0.8 deviations."""
    rng = np.random.default_rng(20)
    values = rng.multivariate_normal([0.8, 0.0], [[1.0, r], [r, 1.0]], size=(ROUNDS, 6))
    mean, sd = values.mean(axis=1), values.std(axis=1, ddof=1)
    product = ((values - mean[:, None]) / sd[:, None]).prod(axis=2).sum(axis=1) / 5
    return {"m1i": mean[:, 0], "m2i": mean[:, 1], "sd1i": sd[:, 0], "sd2i": sd[:, 1], "ni": 6, "ri": product}


@pytest.mark.parametrize("measure", ["SMCC", "SMCR"])
@pytest.mark.parametrize("r", [0.0, 0.6])
def test_the_variance_of_a_standardised_change_without_bias(measure, r):
    """The mean of y^2 - UB estimates the squared effect, y being unbiased: to 4 standard errors of 40,000 rounds."""
    found = escalc(measure, **simulated_changes(r), vtype="UB")
    truth = 0.8 / (np.sqrt(2 * (1 - r)) if measure == "SMCC" else 1.0)
    square = found.yi**2 - found.vi

    assert abs(square.mean() - truth**2) < 4 * square.std() / np.sqrt(ROUNDS)
    assert abs(found.yi.mean() - truth) < 4 * found.yi.std() / np.sqrt(ROUNDS)


def test_the_change_without_an_effect_is_a_t_statistic():
    """H0 of SMCC is J^2 / n times the variance df / (df - 2) of Student's t; of SMCR, 2 (1 - G) times that."""
    n, r = np.array(PAIRS["ni"]), np.array(PAIRS["ri"])
    j = escalc("SMCC", **PAIRS).yi / escalc("SMCC", **PAIRS, correct=False).yi
    t = (n - 1) / (n - 3)
    g = escalc("UCOR", ri=r, ni=n).yi

    np.testing.assert_allclose(variances("SMCC", PAIRS, vtype="H0"), j**2 / n * t, rtol=1e-12)
    np.testing.assert_allclose(variances("SMCR", PAIRS, vtype="H0"), j**2 * 2 * (1 - g) / n * t, rtol=1e-12)


ANOTHER = [
    (measure, vtype, columns)
    for measure, columns in (
        *((name, GROUPS) for name in ("SMD", "SMD1", "SMDH", "ROM", "VR", "CVR", "CLESN", "AUCN")),
        *((name, PAIRS) for name in ("SMCC", "SMCR", "SMCRH", "SMCRPH", "ROMC", "VRC", "CVRC")),
    )
    for vtype in MEASURES[measure].vtypes
    if vtype in {"LS2", "LS3"}
]


@pytest.mark.parametrize(("measure", "vtype", "columns"), ANOTHER)
def test_another_large_sample_form(measure, vtype, columns):
    """LS2 and LS3 differ from LS by a share of the order of 1 / n: 10,000 times the people, 1 / 10,000 of the share."""
    both = (columns, large(columns))
    found, of_many = (variances(measure, one, vtype=vtype) / variances(measure, one) - 1 for one in both)

    assert (np.abs(found) > 1e-4).all()
    np.testing.assert_allclose(of_many * 10_000, found, rtol=0.35)


def test_the_unequal_variances_by_the_delta_method():
    """LS3 of SMDH and CLESN is g' S g by numerical derivatives, means with n, variances with n - 1."""
    from scipy.special import ndtr

    def smdh(m1, m2, v1, v2):
        return (m1 - m2) / np.sqrt((v1 + v2) / 2)

    def superiority(*at):
        return ndtr(smdh(*at) / np.sqrt(2))

    for measure, function, options in (("SMDH", smdh, {"correct": False}), ("CLESN", superiority, {})):
        found = variances(measure, GROUPS, vtype="LS3", **options)
        for row in range(2):
            m1, sd1, n1, m2, sd2, n2 = (GROUPS[name][row] for name in GROUPS)
            spread = np.diag([sd1**2 / n1, sd2**2 / n2, 2 * sd1**4 / (n1 - 1), 2 * sd2**4 / (n2 - 1)])
            expected = second_order(function, (m1, m2, sd1**2, sd2**2), spread, second=False)
            assert found[row] == pytest.approx(expected, rel=1e-5)


def test_revmans_variance():
    """LS3 of SMD is N / (n1 n2) + g^2 / (2 (N - 3.94)), as RevMan's statistical methods print it."""
    found = escalc("SMD", **GROUPS, vtype="LS3")
    n1, n2 = np.array(GROUPS["n1i"]), np.array(GROUPS["n2i"])

    expected = (n1 + n2) / (n1 * n2) + found.yi**2 / (2 * (n1 + n2 - 3.94))
    np.testing.assert_allclose(found.vi, expected, rtol=1e-13)


@pytest.mark.parametrize("sizes", [(3, 4), (2, 6), (5, 5)])
def test_the_rank_sum_without_an_effect(sizes):
    """H0 of CLES is the variance of U / (n1 n2) over all ways of dealing the ranks."""
    n1, n2 = sizes
    u = [(sum(ranks) - n1 * (n1 + 1) / 2) / (n1 * n2) for ranks in combinations(range(1, n1 + n2 + 1), n1)]

    assert len(u) == comb(n1 + n2, n1)
    assert variances("CLES", {"ai": [0.7], "n1i": n1, "n2i": n2}, vtype="H0")[0] == pytest.approx(np.var(u))


def test_the_greatest_variance_of_an_area():
    """MAX is exact where each of the smaller group beats all of the other or none: its expectation is a (1 - a) / n."""
    n, a = 6, 0.7
    x = np.arange(n + 1)
    found = variances("AUC", {"ai": x / n, "n1i": n, "n2i": 11}, vtype="MAX")

    assert binom.pmf(x, n, a) @ found == pytest.approx(a * (1 - a) / n)
    assert (variances("AUC", REPORTED, vtype="MAX") > variances("AUC", REPORTED)).all()


def test_normal_areas_without_an_effect():
    """H0 of CLESN is LS, or HO for a d alone, where the effect is 1/2."""
    null = GROUPS | {"m1i": GROUPS["m2i"]}
    sizes = {"n1i": GROUPS["n1i"], "n2i": GROUPS["n2i"]}

    np.testing.assert_allclose(variances("CLESN", GROUPS, vtype="H0"), variances("CLESN", null), rtol=1e-13)
    found, expected = (variances("AUCN", sizes | {"di": d}, vtype="H0") for d in ([0.5, 1.0], [0.0, 0.0]))
    np.testing.assert_allclose(found, expected, rtol=1e-13)
    np.testing.assert_allclose(expected, variances("AUCN", sizes | {"di": [0.0, 0.0]}, vtype="HO"), rtol=1e-13)


def test_one_variance_for_all_means():
    """HO of MN is the pooled variance of all people about their means, over n: the one of an analysis of variance."""
    rng = np.random.default_rng(3)
    sets = [rng.normal(mean, 2.0, size) for mean, size in ((5, 4), (9, 11), (1, 6))]
    within = sum(((one - one.mean()) ** 2).sum() for one in sets) / (4 + 11 + 6 - 3)
    columns = {"mi": [one.mean() for one in sets], "sdi": [one.std(ddof=1) for one in sets], "ni": [4, 11, 6]}

    np.testing.assert_allclose(variances("MN", columns, vtype="HO"), within / np.array([4, 11, 6]), rtol=1e-12)


@pytest.mark.parametrize("n", [5, 30])
def test_correlations_without_an_effect(n):
    """At r = 0, H0b is n / (n - 1) below LS, and H0a is H0; 1 / (n - 1) is exact, between 1 / n and 1 / (n - 2)."""
    kinds = ("H0b", "LS", "H0a", "H0")
    h0b, ls, h0a, h0 = (variances("COR", {"ri": [0.0], "ni": [n]}, vtype=kind)[0] for kind in kinds)

    assert h0b * n == pytest.approx(1)
    assert ls * (n - 1) == pytest.approx(1)
    assert h0a == h0 == pytest.approx(1 / (n - 2))


@pytest.mark.parametrize(("other", "default", "columns"), [("PHI", "CS", TABLES), ("ZPHI", "CS", TABLES),
                                                             ("RPB", "ST", GROUPS), ("ZPB", "ST", GROUPS),
                                                             ("MD", "UB", GROUPS)])  # fmt: skip
def test_two_names_of_one_formula(other, default, columns):
    """LS means the default of the correlations of a table, and UB is what LS of MD is already."""
    found, expected = (variances(other, columns, vtype=kind) for kind in ("LS", default))

    np.testing.assert_array_equal(found, expected)
    np.testing.assert_array_equal(found, variances(other, columns))


@pytest.mark.parametrize(
    ("measure", "columns", "vtype"),
    [
        ("RD", {"ai": [1, 3], "n1i": [1, 9], "ci": [2, 4], "n2i": [5, 8]}, "UB"),
        ("PR", {"xi": [1, 3], "ni": [1, 9]}, "UB"),
        ("SMD1", GROUPS | {"n2i": [3, 30]}, "LS3"),
        ("SMD", GROUPS | {"n1i": [2, 40], "n2i": [2, 40]}, "H0"),
        ("SMDH", GROUPS | {"n1i": [1, 40]}, "LS2"),
        ("CLES", REPORTED | {"n1i": [1, 40]}, "MAX"),
        ("CLESN", GROUPS | {"n1i": [1, 40]}, "LS2"),
        ("SMCC", PAIRS | {"ni": [3, 12]}, "H0"),
        ("SMCR", PAIRS | {"ni": [3, 12]}, "UB"),
        ("COR", {"ri": [0.3, 0.3], "ni": [1, 9]}, "H0b"),
        ("SPCOR", {"ri": [0.1, 0.9], "mi": [2, 2], "ni": [10, 200], "r2i": [0.02, 0.9]}, "AV"),
    ],
)
def test_a_formula_without_a_value(measure, columns, vtype):
    """The first row is NaN, with a reason that is about people or the set; the second stands."""
    options = {"add": 0.0} if "add" in MEASURES[measure].options else {}
    found = escalc(measure, **columns, vtype=vtype, **options)

    assert np.isnan(found.yi[0])
    assert np.isnan(found.vi[0])
    assert found.vi[1] > 0
    assert [note.row for note in found.dropped] == [0]
    assert any(word in found.dropped[0].reason for word in ("person", "people", "small", "set"))
