"""Correlations, partial correlations, coefficients of determination, reliabilities, and genotypes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import hyp2f1
from scipy.stats import f as fisher
from scipy.stats import t as student

from synthesis.effects import escalc
from synthesis.effects.correlations import hypergeometric
from synthesis.errors import InvalidArgument
from tests.effects.moments import second_order
from tests.pooling.reference import blocks

R, N, M = [0.31, -0.62, 0.05], [12, 40, 900], [3, 5, 1]
Z = {"COR": "ZCOR", "PCOR": "ZPCOR", "SPCOR": "ZSPCOR", "RPB": "ZPB", "RBIS": "ZBIS"}


def test_what_metafor_documents():
    """Printed in its documentation of escalc: r of p = -0.07 and n = 30, and the partial r with five predictors."""
    assert escalc("COR", pi=-0.07, ni=30).yi[0] == pytest.approx(-0.3354, abs=0.00005)
    assert escalc("PCOR", pi=-0.07, mi=5, ni=30).yi[0] == pytest.approx(-0.3610, abs=0.00005)


@pytest.mark.parametrize("measure", ["COR", "UCOR", "ZCOR", "PCOR", "ZPCOR"])
def test_what_the_t_test_says(measure):
    """r, t or p of the same studies give the same effect and variance."""
    m = {"mi": M} if "P" in measure else {}
    df = np.array(N) - (np.array(M) + 1 if m else 2)
    expected = escalc(measure, ri=R, ni=N, **m)
    t = np.array(R) * np.sqrt(df / (1 - np.array(R) ** 2))

    for shown in ({"ti": t}, {"pi": np.sign(t) * 2 * student.sf(np.abs(t), df)}):
        found = escalc(measure, **shown, ni=N, **m)
        np.testing.assert_allclose((found.yi, found.vi), (expected.yi, expected.vi), rtol=1e-10)


@pytest.mark.parametrize("measure", ["COR", "UCOR", "ZCOR"])
@settings(max_examples=30)
@given(r=st.floats(-0.99, 0.99), n=st.integers(5, 5000))
def test_the_opposite_correlation(measure, r, n):
    """Has the opposite effect with the same variance."""
    one, other = escalc(measure, ri=r, ni=n), escalc(measure, ri=-r, ni=n)

    np.testing.assert_array_equal((other.yi, other.vi), (-one.yi, one.vi))


def test_the_variance_of_the_t_test():
    """Without a correlation the standard error is r / t."""
    t = np.array([2.4, -1.1, 0.3])
    found = escalc("COR", ti=t, ni=N, vtype="H0")

    np.testing.assert_allclose(np.sqrt(found.vi), found.yi / t, rtol=1e-12)


@pytest.mark.parametrize("a", [0.5, 1.0])
@given(c=st.floats(20.1, 90), x=st.floats(0, 1))
def test_the_series_is_the_hypergeometric_function(a, c, x):
    """Where SciPy has a value of F(a, a; c; x), the series used for a large c gives it."""
    np.testing.assert_allclose(hypergeometric(a, np.array([c]), np.array([x])), hyp2f1(a, a, c, x), rtol=1e-13)


def test_no_correlation_is_too_large_or_small_for_many_people():
    """SciPy's hypergeometric function has no value for r = 0.05 and n = 900; the bias is about r (1 - r^2) / (2 n)."""
    r, n = 0.05, 900
    found = escalc("UCOR", ri=r, ni=n)

    assert found.yi[0] - r == pytest.approx(r * (1 - r**2) / (2 * n), rel=0.01)


def test_unbiased_correlations_are_unbiased():
    """50,000 drawn studies of eight people: the mean of G is rho, that of UB its variance (5 Monte-Carlo errors)."""
    random = np.random.default_rng(1958)
    rho, n, draws = 0.6, 8, 50_000
    x = random.normal(size=(draws, n))
    y = rho * x + np.sqrt(1 - rho**2) * random.normal(size=(draws, n))
    x, y = x - x.mean(axis=1, keepdims=True), y - y.mean(axis=1, keepdims=True)
    r = (x * y).sum(axis=1) / np.sqrt((x**2).sum(axis=1) * (y**2).sum(axis=1))
    g, rest = r * hypergeometric(0.5, np.full(draws, (n - 2) / 2), 1 - r**2), 1 - r**2
    squared = 1 - (n - 3) / (n - 2) * rest * hypergeometric(1.0, np.full(draws, n / 2), rest)

    assert abs((g - rho).mean()) < 5 * g.std() / np.sqrt(draws)
    assert abs((squared - rho**2).mean()) < 5 * squared.std() / np.sqrt(draws)
    found = escalc("UCOR", ri=r[:50], ni=n, vtype="UB")
    usable = g[:50] ** 2 > squared[:50]
    np.testing.assert_allclose(found.yi[usable], g[:50][usable], rtol=1e-14)
    np.testing.assert_allclose(found.vi[usable], (g**2 - squared)[:50][usable], rtol=1e-10)
    assert {note.reason for note in found.dropped} <= {"the unbiased estimate of the variance is below 0"}


@pytest.mark.parametrize("measure", ["COR", "UCOR"])
def test_equal_correlations_are_their_mean(measure):
    """With vtype AV as with LS."""
    found = [escalc(measure, ri=[0.4, 0.4], ni=[9, 9], vtype=vtype).vi for vtype in ("AV", "LS")]

    np.testing.assert_allclose(found[0], found[1])


@pytest.mark.parametrize("measure", ["PCOR", "SPCOR"])
def test_fishers_z_of_other_correlations(measure):
    """The variance is that of the correlation times the square of the slope of artanh; for PCOR 1 / (n - m - 2)."""
    given_ = {"ti": [2.1, -3.0, 0.4], "mi": M, "ni": N, "r2i": [0.5, 0.4, 0.3]}
    r, z = escalc(measure, **given_), escalc(Z[measure], **given_)

    np.testing.assert_allclose(np.tanh(z.yi), r.yi, rtol=1e-14)
    if measure == "PCOR":
        np.testing.assert_allclose(z.vi, 1 / (np.array(N) - np.array(M) - 2))
        return
    for row in range(3):
        slope = second_order(np.arctanh, [r.yi[row]], np.array([[r.vi[row]]]), second=False)
        assert z.vi[row] == pytest.approx(slope, rel=1e-5)


@pytest.mark.parametrize("measure", ["RPB", "RBIS"])
def test_fishers_z_of_biserial_correlations(measure):
    """By the delta method, whatever the sampling."""
    given_ = {"di": [0.4, -1.1], "n1i": [20, 15], "n2i": [30, 6]}
    for options in [{}] if measure == "RBIS" else [{"vtype": "ST"}, {"vtype": "CS"}]:
        r, z = escalc(measure, **given_, **options), escalc(Z[measure], **given_, **options)
        np.testing.assert_allclose(z.yi, np.arctanh(r.yi), rtol=1e-14)
        np.testing.assert_allclose(z.vi, r.vi / (1 - r.yi**2) ** 2, rtol=1e-14)


def test_the_point_biserial_correlation_is_a_correlation():
    """That of the values with membership, 1 and 0, in made-up data."""
    random = np.random.default_rng(7)
    x, y = random.normal(1, 2, 15), random.normal(0, 3, 40)
    given_ = {"m1i": x.mean(), "sd1i": x.std(ddof=1), "n1i": 15, "m2i": y.mean(), "sd2i": y.std(ddof=1), "n2i": 40}
    member = np.repeat([1.0, 0.0], [15, 40])

    assert escalc("RPB", **given_).yi[0] == pytest.approx(np.corrcoef(np.concatenate([x, y]), member)[0, 1], rel=1e-12)


def test_stratified_sampling_by_the_delta_method():
    """The variance of r = d / sqrt(d^2 + h) through d alone, h being fixed by the design."""
    d, n1, n2 = 0.8, 20, 35
    h = (n1 + n2 - 2) * (1 / n1 + 1 / n2)
    of_d = np.array([[1 / n1 + 1 / n2 + d**2 / (2 * (n1 + n2))]])
    expected = second_order(lambda x: x / np.sqrt(x**2 + h), [d], of_d, second=False)

    assert escalc("RPB", di=d, n1i=n1, n2i=n2, vtype="ST").vi[0] == pytest.approx(expected, rel=1e-5)


def test_one_predictor():
    """With one predictor the partial and the semi-partial correlation are the correlation, and R^2 is its square."""
    t, n = np.array([2.1, -0.7]), np.array([30, 44])
    r = escalc("COR", ti=t, ni=n).yi

    np.testing.assert_allclose(escalc("PCOR", ti=t, mi=1, ni=n).yi, r, rtol=1e-12)
    np.testing.assert_allclose(escalc("SPCOR", ti=t, mi=1, ni=n, r2i=r**2).yi, r, rtol=1e-12)
    np.testing.assert_allclose(escalc("R2", fi=t**2, mi=1, ni=n).yi, r**2, rtol=1e-12)
    np.testing.assert_allclose(escalc("ZR2", fi=t**2, mi=1, ni=n).yi, np.abs(np.arctanh(r)), rtol=1e-12)


def test_the_variance_of_r_squared_through_r():
    """With one predictor 4 r^2 times the variance (1 - r^2)^2 / n of r, by the delta method."""
    r, n = 0.6, 50
    expected = second_order(np.square, [r], np.array([[(1 - r**2) ** 2 / n]]), second=False)

    assert escalc("R2", r2i=r**2, mi=1, ni=n).vi[0] == pytest.approx(expected, rel=1e-6)


def test_r_squared_of_f_and_of_its_p():
    """R^2, F or p of the same regressions give the same effect and variance, also for a p of 1e-60."""
    r2, m, n = np.array([0.24, 0.5, 0.8]), np.array([4, 6, 2]), np.array([218, 56, 200])
    f = r2 / (1 - r2) * (n - m - 1) / m
    expected = escalc("R2", r2i=r2, mi=m, ni=n)

    for shown in ({"fi": f}, {"pi": fisher.sf(f, m, n - m - 1)}):
        found = escalc("R2", **shown, mi=m, ni=n)
        np.testing.assert_allclose((found.yi, found.vi), (expected.yi, expected.vi), rtol=1e-9)


@pytest.mark.parametrize(("average", "own"), [("AV", "LS"), ("AV2", "LS2")])
def test_equal_r_squared_are_their_mean(average, own):
    """With AV as with LS, with AV2 as with LS2; LS2 is LS in large samples."""
    given_ = {"r2i": [0.3, 0.3], "mi": [2, 5], "ni": [40, 90]}

    np.testing.assert_allclose(escalc("R2", **given_, vtype=average).vi, escalc("R2", **given_, vtype=own).vi)
    large = [escalc("R2", r2i=0.3, mi=2, ni=10**7, vtype=vtype).vi[0] for vtype in ("LS", "LS2")]
    assert large[0] == pytest.approx(large[1], rel=1e-5)


def variance_of_population(r2, m, n, low, high):
    """Variance of the population R^2 between two bounds, with its likelihood by scipy as its density."""
    from scipy.integrate import quad
    from scipy.stats import ncf

    v = n - m - 1
    moments = [
        quad(lambda p, power=power: p**power * ncf.pdf(r2 / m / (1 - r2) * v, m, v, n * p / (1 - p)), low, high,
             points=[r2], limit=200, epsabs=0, epsrel=1e-11)[0]
        for power in range(3)
    ]  # fmt: skip
    return moments[2] / moments[0] - (moments[1] / moments[0]) ** 2


def test_fixed_predictors_by_integration():
    """R2F is the variance of the population R^2 from 0 to 1; metafor's, in block r2_a, the same from 0.0001 on.

    ZR2F follows by the slope of artanh(sqrt(R^2)); metafor's divides by (1 - R^4)^2.
    """
    block = next(block for block in blocks("effect_sizes") if block["id"] == "r2_a")
    given = {name: np.array(block["inputs"][name], dtype=float) for name in ("r2i", "mi", "ni")}
    theirs = {case["measure"]: np.array(case["result"]["vi"]) for case in block["outputs"]}
    rows = list(zip(*given.values(), strict=True))
    r2 = given["r2i"]

    assert escalc("R2F", **given).vi == pytest.approx(
        [variance_of_population(*row, 0, 0.999) for row in rows], rel=1e-8
    )
    assert theirs["R2F"] == pytest.approx([variance_of_population(*row, 1e-4, 0.999) for row in rows], rel=1e-7)
    assert escalc("ZR2F", **given).vi == pytest.approx(escalc("R2F", **given).vi / (4 * r2 * (1 - r2) ** 2), rel=1e-12)
    assert theirs["ZR2F"] == pytest.approx(theirs["R2F"] / (1 - r2**2) ** 2, rel=1e-12)


def test_transformed_alphas_by_the_delta_method():
    """ABT through alpha; AHW likewise but for its own small-sample factor, which is 1 in large samples."""
    for ai, mi, ni in ((0.6, 5, 40), (0.93, 20, 10**6)):
        own = np.array([[escalc("ARAW", ai=ai, mi=mi, ni=ni).vi[0]]])
        by_log = second_order(lambda a: -np.log(1 - a), [ai], own, second=False)
        by_root = second_order(lambda a: 1 - np.cbrt(1 - a), [ai], own, second=False)

        assert escalc("ABT", ai=ai, mi=mi, ni=ni).vi[0] == pytest.approx(by_log, rel=1e-3)
        factor = 81 * (ni - 1) * (ni - 2) / (9 * ni - 11) ** 2
        assert escalc("AHW", ai=ai, mi=mi, ni=ni).vi[0] == pytest.approx(factor * by_root, rel=1e-3)


def test_equilibrium():
    """Genotypes in Hardy-Weinberg equilibrium have no excess; the variance is that of the multinomial counts."""
    counts = np.array([90.0, 420.0, 490.0])
    covariance = np.diag(counts) - np.outer(counts, counts) / counts.sum()
    expected = second_order(lambda a, b, c: np.log(b / (2 * np.sqrt(a * c))), counts, covariance, second=False)
    found = escalc("REH", ai=[90, 0], bi=[420, 3], ci=[490, 9])

    assert found.yi[0] == pytest.approx(0, abs=1e-14)
    assert found.vi[0] == pytest.approx(expected, rel=1e-5)
    assert found.dropped == ((1, "a genotype that nobody has", True),)


NO_EFFECT = [
    ("COR", {"ri": 0.5, "ni": 1}, "too few people for a variance"),
    ("COR", {"ri": 0.5, "ni": 2, "vtype": "H0"}, "too few people for a variance"),
    ("UCOR", {"ri": 0.5, "ni": 3}, "too few people for a variance"),
    ("ZCOR", {"ri": 1.0, "ni": 9}, "a correlation of -1 or 1 has no z"),
    ("ZCOR", {"ri": 0.5, "ni": 3}, "too few people for a variance"),
    ("ZCOR", {"ri": [None], "ni": 9}, "a number is missing"),
    ("PCOR", {"ri": 0.5, "mi": 3, "ni": 4}, "too few people for a variance"),
    ("ZPCOR", {"ri": 0.5, "mi": 3, "ni": 5}, "too few people for a variance"),
    ("SPCOR", {"ti": [None], "mi": 3, "ni": 9, "r2i": 0.4}, "a number is missing"),
    ("ZR2", {"r2i": 1.0, "mi": 3, "ni": 9}, "an R^2 of 1 has no z"),
    ("R2F", {"r2i": 0.4, "mi": 3, "ni": 4}, "too few people for the number of predictors"),
    ("ZR2F", {"r2i": 0.0, "mi": 3, "ni": 30}, "at an R^2 of 0 the z has no variance by the delta method"),
    ("R2", {"r2i": 0.4, "mi": 3, "ni": 4, "vtype": "LS2"}, "too few people for the number of predictors"),
    ("ARAW", {"ai": 0.8, "mi": 1, "ni": 9}, "at least two items and three people are needed for a variance"),
    ("AHW", {"ai": 0.8, "mi": 4, "ni": 2}, "at least two items and three people are needed for a variance"),
    ("ABT", {"ai": 1.0, "mi": 4, "ni": 9}, "an alpha of 1 has no log"),
    ("RPB", {"di": [None], "n1i": 4, "n2i": 9}, "no standard deviation above 0, or a number is missing"),
    ("ZBIS", {"di": 60.0, "n1i": 4, "n2i": 9}, "a biserial correlation beyond -1 or 1 has no z"),
]


@pytest.mark.parametrize(("measure", "given_", "reason"), NO_EFFECT)
def test_rows_that_make_no_effect(measure, given_, reason):
    """One row, NaN, that says why."""
    found = escalc(measure, **given_)

    assert found.dropped == ((0, reason, True),)
    assert np.isnan(found.yi[0])


REFUSED = [
    ("COR", {"ri": 1.1, "ni": 9}, "correlations must lie between -1 and 1: row 1"),
    ("COR", {"ri": 0.1, "ni": 0}, "a sample must have at least one person: row 1"),
    ("PCOR", {"ri": 0.1, "mi": 0, "ni": 9}, "mi, the number of predictors, and ni, that of people, must be at least 1"),
    ("SPCOR", {"ri": 0.7, "mi": 2, "ni": 9, "r2i": 0.4}, "r2i must not be below the square of the semi-partial"),
    ("SPCOR", {"ri": 0.7, "mi": 2, "ni": 9, "r2i": 1.4}, "R.2 must lie between 0 and 1: row 1"),
    ("R2", {"r2i": -0.1, "mi": 2, "ni": 9}, "R.2 must lie between 0 and 1: row 1"),
    ("R2", {"fi": -1, "mi": 2, "ni": 9}, "F must not be below 0: row 1"),
    ("R2", {"pi": 0, "mi": 2, "ni": 9}, "p must lie between 0 and 1, 0 excluded: row 1"),
    ("ARAW", {"ai": 1.1, "mi": 2, "ni": 9}, "alpha must not be above 1: row 1"),
    ("ABT", {"ai": 0.9, "mi": 0, "ni": 9}, "mi, the number of items, and ni, that of people, must be at least 1"),
    ("REH", {"ai": -1, "bi": 2, "ci": 9}, "counts must not be below 0: row 1"),
]


@pytest.mark.parametrize(("measure", "given_", "message"), REFUSED)
def test_numbers_that_cannot_be(measure, given_, message):
    """Are refused, by row."""
    with pytest.raises(InvalidArgument, match=message):
        escalc(measure, **given_)


def test_nothing_has_an_alpha_of_less_than_nothing():
    """An alpha below 0 is possible, and its transformations are as well."""
    for measure in ("ARAW", "AHW", "ABT"):
        found = escalc(measure, ai=-0.3, mi=4, ni=30)
        assert found.yi[0] < 0
        assert found.vi[0] > 0
