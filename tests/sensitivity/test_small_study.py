"""Tests for small-study effects: Egger's and the others."""

import json

import numpy as np
import pytest
from hypothesis import assume, given

from synthesis.effects import escalc
from synthesis.errors import InvalidArgument
from synthesis.sensitivity import egger
from synthesis.sensitivity.small_studies.methods import SMALL_STUDY_TESTS, noncentral
from synthesis.sensitivity.small_studies.named_tests import regression_test, small_study_test, small_study_tests
from tests.pooling.strategies import studies
from tests.sensitivity import fooling
from tests.sensitivity.fooling import REFERENCE, Counted, columns

Y, V = [0.1, 0.9, 0.45, 0.3, 0.2], [0.04, 0.05, 0.2, 0.1, 0.15]


def close(value, rel=1e-8):
    """Equal to 1e-8 of the value."""
    return pytest.approx(value, rel=rel, abs=1e-12)


@pytest.mark.parametrize("name", REFERENCE)
def test_metafor_finds_the_same(name):
    """`regtest(model = "lm", predictor = "sei")` on six data sets: test, coefficients and limit estimate."""
    inputs, expected = REFERENCE[name]["inputs"], REFERENCE[name]["outputs"]["regtest"]["lm|sei"]
    found = egger(inputs["yi"], inputs["vi"])
    limit, bias = zip(expected["coefficients"]["b"], expected["coefficients"]["se"], strict=True)

    assert (found.statistic, found.df, found.p_value) == (
        close(expected["stat"]), expected["df"], close(expected["pval"]),
    )  # fmt: skip
    assert (found.bias, found.bias_se) == tuple(map(close, bias))
    assert found.limit_estimate == close(limit[0])
    assert (found.limit_ci_low, found.limit_ci_high) == (close(expected["limit.ci.lb"]), close(expected["limit.ci.ub"]))


@given(data=studies(least=3))
def test_the_line_goes_through_the_points(data):
    """Effects that are a line in their standard errors give that line, and no residual to test it by or nearly none."""
    _, v = data
    assume(np.ptp(np.sqrt(v)) > 1e-3)
    found = egger(0.2 + 1.5 * np.sqrt(v), v)

    assert (found.bias, found.limit_estimate) == (pytest.approx(1.5, abs=1e-6), pytest.approx(0.2, abs=1e-6))


@given(data=studies(least=3))
def test_the_opposite_effects_have_the_opposite_bias(data):
    """Swapped groups flip bias and limit estimate; the p-value stays."""
    y, v = data
    one, other = egger(y, v), egger(-y, v)
    if one.bias is not None:
        assert (other.bias, other.limit_estimate) == (-one.bias, -one.limit_estimate)
        assert other.p_value == one.p_value


def test_a_warning_below_ten_studies():
    """Nine studies have a note on the p-value, ten have none."""
    random = np.random.default_rng(1)
    y, v = random.normal(0, 1, 10), random.uniform(0.1, 1, 10)

    assert egger(y, v).notes == ()
    assert [tuple(note) for note in egger(y[:9], v[:9]).notes] == [
        ("p_value", "9 studies: below 10 the test can hardly tell asymmetry from chance")
    ]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ((Y[:2], V[:2]), "the test needs at least three studies"),
        ((Y[:1], V[:1]), "the test needs at least three studies"),
        ((Y, [0.1] * 5), "the standard errors are all alike"),
    ],
)
def test_no_line_can_be_laid(data, reason):
    """Without a line all numbers are None, with the reason."""
    found = egger(*data)

    assert {found.bias, found.statistic, found.p_value, found.limit_estimate} == {None}
    assert found.notes[0] == ("bias", reason)
    assert found.df >= 0


def test_effects_on_one_line():
    """Equal effects: a line without residuals has no t, and the reason is told."""
    found = egger([0.0, 0.0, 0.0], [0.1, 0.2, 0.3])

    assert (found.bias, found.statistic, found.p_value) == (0.0, None, None)
    assert "no residual" in found.notes[0].reason


def test_a_result_is_text_and_json():
    """The summary ends with its notes; the dictionary is JSON."""
    found = egger(Y, V, level=0.9)

    assert found.summary().startswith("Egger's test: bias ")
    assert found.summary().splitlines()[1].startswith("p_value: 5 studies")
    assert json.loads(json.dumps(found.to_dict(), allow_nan=False))["level"] == 0.9


def test_a_wrong_level_is_refused():
    """As in `pool`."""
    with pytest.raises(InvalidArgument, match="level must be between 0 and 1"):
        egger(Y, V, level=95)


FIELDS = {"stat": "statistic", "df": "df", "pval": "p_value", "limit_estimate": "limit_estimate"}
FIELDS |= {"limit.ci.lb": "limit_ci_low", "limit.ci.ub": "limit_ci_high"}
EFFECTS = ("limit_estimate", "limit_ci_low", "limit_ci_high")


def compared(name):
    """The whole block `regtest` of one data set, compared."""
    inputs, seen = REFERENCE[name]["inputs"], Counted(name)
    for call, expected in REFERENCE[name]["outputs"]["regtest"].items():
        model, *how, predictor = call.split("|")
        options = dict(zip(("method", "test"), how, strict=False))
        found = regression_test(
            inputs["yi"], inputs["vi"], ni=inputs.get("ni"), predictor=predictor, model=model, **options
        )  # fmt: skip
        for theirs, ours in FIELDS.items():
            seen.value("estimate" if ours in EFFECTS else ours, getattr(found, ours), expected[theirs])
        given = expected["coefficients"]
        seen.value("slope", found.bias, given["b"][1])
        seen.value("slope_se", found.bias_se, given["se"][1])
        seen.value("tau2", found.tau2, given["tau2"])
    return seen


@pytest.mark.parametrize("name", REFERENCE)
def test_regtest_of_metafor(name):
    """Every predictor with every model, estimator and test: statistic, df, p, slope, tau^2 and limit estimate."""
    assert compared(name).differences == []


def test_how_much_of_regtest_is_compared():
    """All 224 calls: 1,678 numbers."""
    calls = sum(len(block["outputs"]["regtest"]) for block in REFERENCE.values())

    assert (calls, sum(compared(name).count for name in REFERENCE)) == (224, 1678)


@pytest.mark.parametrize("name", REFERENCE)
def test_ranktest_of_metafor(name):
    """Kendall's tau and its p-value: exact where no variances are tied, which they are in two sets."""
    found, expected = small_study_test("begg", *columns(name)), REFERENCE[name]["outputs"]["ranktest"]

    assert (found.bias, found.p_value) == (close(expected["tau"]), close(expected["pval"]))
    assert bool(found.reason("p_value")) == (name not in {"raudenbush1985_smd", "molloy2014_zcor"})


def tables():
    """Twelve 2x2 tables, one without events, and their log odds ratios (0 for the one that has none)."""
    a, c = np.array([8, 3, 12, 0, 5, 20, 2, 9, 4, 15, 1, 7.0]), np.array([11, 6, 10, 0, 9, 31, 7, 8, 9, 22, 6, 5.0])
    n1, n2 = (np.array(one, float) for one in ([40, 22, 90, 10, 31, 260, 12, 55, 25, 140, 9, 30],) * 2)
    found = escalc("OR", ai=a, n1i=n1, ci=c, n2i=n2)
    counts = {"ai": a, "n1i": n1, "ci": c, "n2i": n2 + 3}
    return np.nan_to_num(found.yi), np.where(np.isnan(found.vi), 1.0, found.vi), counts


def least_squares(y, x, w):
    """Slope, its standard error and intercept of a weighted regression, from the normal equations."""
    design = np.column_stack([np.ones(len(x)), x])
    inverse = np.linalg.inv(design.T @ (design * w[:, None]))
    b = inverse @ design.T @ (w * y)
    residual = np.sum(w * (y - design @ b) ** 2) / (len(y) - 2)
    return b[1], np.sqrt(inverse[1, 1] * residual), b[0]


def as_in_the_paper(name):
    """What each regression test regresses, written out anew: y, x and weights."""
    y, v, counts = tables()
    a, n1, c, n2 = counts.values()
    n, m = n1 + n2, a + c
    used = (m > 0) & (m < n)
    pooled, score = 1 / (1 / np.maximum(m, 1) + 1 / (n - m)), n1 * n2 * m * (n - m) / (n**2 * (n - 1))
    ratio = n1 * n2 * m / (n * (n - m))
    of_risk_ratio = 1 / np.sqrt(np.maximum(ratio, 1e-9)), ratio
    found = {
        "harbord": ((a - m * n1 / n) / np.maximum(score, 1e-9), 1 / np.sqrt(np.maximum(score, 1e-9)), score),
        "harbord-rr": ((a * n - n1 * m) / (n1 * n2 * np.maximum(m, 1) / n), *of_risk_ratio),
        "macaskill": (y, n, pooled),
        "peters": (y, 1 / n, pooled),
        "deeks": (y, 1 / np.sqrt(4 * n1 * n2 / n), 4 * n1 * n2 / n),
        "pustejovsky-rodgers": (y, np.sqrt((n1 + n2) / (n1 * n2)), 1 / v),
    }[name]
    every = name in {"deeks", "pustejovsky-rodgers"}
    return [column if every else column[used] for column in found]


@pytest.mark.parametrize("name", ["harbord", "harbord-rr", "macaskill", "peters", "deeks", "pustejovsky-rodgers"])
def test_the_regressions_on_counts_and_sizes(name):
    """Each is the weighted regression of its paper; a study without events is left out of those that need events."""
    y, v, counts = tables()
    found = small_study_test(name, y, v, **counts)
    slope, se, intercept = least_squares(*as_in_the_paper(name))

    assert (found.bias, found.bias_se, found.statistic) == tuple(map(close, (slope, se, slope / se)))
    assert found.limit_estimate == (None if name == "macaskill" else close(intercept))
    assert found.reason("k").startswith("row 4: no events") == (name not in {"deeks", "pustejovsky-rodgers"})


def test_thompson_and_sharp_add_a_moment_estimate():
    """Method 3a of the paper: tau^2 from the residual Q of the line, t with k - 2 degrees of freedom, z's errors."""
    y, v = columns("bcg_rr")
    x, w = np.sqrt(v), 1 / v
    design = np.column_stack([np.ones(len(y)), x])
    hat = design @ np.linalg.inv(design.T * w @ design) @ (design.T * w)
    q = np.sum(w * (y - hat @ y) ** 2)
    tau2 = (q - (len(y) - 2)) / np.trace(np.diag(w) @ (np.eye(len(y)) - hat))
    covariance = np.linalg.inv(design.T / (v + tau2) @ design)
    slope = (covariance @ (design.T / (v + tau2)) @ y)[1]
    found = small_study_test("thompson-sharp", y, v)

    assert (found.tau2, found.bias, found.bias_se) == tuple(map(close, (tau2, slope, np.sqrt(covariance[1, 1]))))
    assert found.df == 11


@pytest.mark.parametrize("odds", [0.3, 1.0, 4.0])
def test_moments_of_the_noncentral_hypergeometric_distribution(odds):
    """As those of scipy."""
    from scipy.stats import nchypergeom_fisher

    theirs = nchypergeom_fisher(50, 20, 30, odds)  # 50 people, 20 with the event, 30 in the first group

    assert noncentral(30, 20, 20, np.log(odds)) == (close(theirs.mean()), close(theirs.var()))


def test_schwarzer_ranks_what_is_left_of_the_counts():
    """Where the odds ratio of every study is the common one, no count is in excess and nothing is to be ranked."""
    sizes = np.array([20, 40, 80, 160.0])
    found = small_study_test("schwarzer", ai=sizes / 4, n1i=sizes, ci=sizes / 4, n2i=sizes)

    assert (found.bias, found.p_value, found.verdict.usable) == (None, None, False)


def test_schwarzer_ranks_counts_against_their_variance():
    """With the Mantel-Haenszel odds ratio and moments by scipy, the rank correlation is the same."""
    from scipy.stats import kendalltau, nchypergeom_fisher

    counts = tables()[2]
    a, n1, c, n2 = (np.delete(column, 3) for column in counts.values())
    n, common = n1 + n2, np.sum(a * (n2 - c) / (n1 + n2)) / np.sum(c * (n1 - a) / (n1 + n2))
    theirs = [nchypergeom_fisher(*map(int, one), common) for one in zip(n, a + c, n1, strict=True)]
    mean, variance = (np.array([getattr(one, name)() for one in theirs]) for name in ("mean", "var"))
    found = small_study_test("schwarzer", **counts)

    assert found.bias == close(kendalltau((a - mean) / np.sqrt(variance), 1 / variance).statistic)
    assert found.p_value == close(kendalltau((a - mean) / np.sqrt(variance), 1 / variance, method="exact").pvalue)


def test_all_tests_that_the_columns_allow():
    """With effects alone three, with counts all; with a measure those that are made for it."""
    y, v, counts = tables()

    assert [one.name for one in small_study_tests(y, v)] == ["begg", "egger", "thompson-sharp"]
    assert [one.name for one in small_study_tests(y, v, **counts)] == list(SMALL_STUDY_TESTS)
    assert "pustejovsky-rodgers" not in [one.name for one in small_study_tests(y, v, **counts, measure="OR")]


def test_a_test_for_another_measure_is_told():
    """Peters' test is for odds ratios; Egger's is tied to them through their standard errors."""
    y, v, counts = tables()

    assert "another measure" in small_study_test("peters", y, v, **counts, measure="SMD").verdict.names
    assert "tied measure" in small_study_test("egger", y, v, measure="OR").verdict.names
    assert "tied measure" not in small_study_test("egger", y, v, measure="MD").verdict.names


@pytest.mark.parametrize("unit", [1e-9, 1e9])
@pytest.mark.parametrize("name", ["begg", "egger", "thompson-sharp"])
def test_a_change_of_units_changes_nothing_but_units(name, unit):
    """Statistic, p and the slope on the standard error stay; the limit has the new unit."""
    y, v = columns("li2007_or")
    one, other = small_study_test(name, y, v), small_study_test(name, unit * y, unit**2 * v)

    assert (other.statistic, other.p_value, other.bias) == tuple(map(close, (one.statistic, one.p_value, one.bias)))
    assert other.limit_estimate == (None if one.limit_estimate is None else close(unit * one.limit_estimate))


@pytest.mark.parametrize(
    ("studies_", "p_below", "cautions"),
    [
        (fooling.unbiased, False, set()),
        (fooling.one_outlier, True, {"one study far away"}),
        (fooling.two_clusters, True, {"heterogeneity"}),
        (fooling.pure_selection, True, {"all significant"}),
        (fooling.three, True, {"few studies"}),
        (fooling.alike, False, set()),
    ],
)
def test_on_studies_made_to_fool_it(studies_, p_below, cautions):
    """Asymmetry that is not bias is found all the same, and the verdict says what else makes it."""
    found = small_study_test("egger", *studies_())

    assert (found.p_value < 0.1) == p_below
    assert set(found.verdict.names) >= cautions
    assert found.verdict.usable == ("few studies" not in cautions)
    assert all(caution.source for caution in found.verdict.cautions)


def test_studies_of_one_size():
    """Without a spread of standard errors there is no line, and no verdict but that."""
    found = small_study_test("egger", Y * 3, [0.1] * 15)

    assert (found.bias, found.verdict.usable) == (None, False)
    assert found.notes[0] == ("bias", "the predictor is the same for all studies")
    assert "like precision" in found.verdict.names


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: small_study_test("eger", Y, V), "did you mean 'egger'"),
        (lambda: small_study_test("peters", Y, V), "needs yi, vi, ai, n1i, ci, n2i: ai, n1i, ci, n2i is not given"),
        (lambda: small_study_test("harbord", ai=[5], n1i=[3], ci=[1], n2i=[9]), "more events than people: row 1"),
        (lambda: small_study_test("harbord", ai=[0], n1i=[3], ci=[0], n2i=[9]), "nothing can be tested"),
        (lambda: small_study_test("deeks", Y, V, n1i=[3, 4], n2i=[1] * 5), "n1i has 2 rows and the other columns 5"),
        (lambda: regression_test(Y, V, predictor="ninv"), "needs ni: the sizes of the studies"),
        (lambda: small_study_test("harbord", ai=[], n1i=[], ci=[], n2i=[]), "ai is empty"),
        (lambda: regression_test(Y, V, predictor="sie"), "did you mean 'sei'"),
        (lambda: regression_test(Y, V, ni=[0] * 5, predictor="ni"), "ni must be a number not below 1: rows 1, 2"),
    ],
)
def test_what_is_refused(call, message):
    """One error that says what is wrong and what to do."""
    with pytest.raises(InvalidArgument, match=message):
        call()


def test_results_are_text_and_json():
    """The summary ends with the verdict; the dictionary is JSON."""
    y, v, counts = tables()
    for found in (*small_study_tests(y, v, **counts), regression_test(y, v)):
        assert "verdict: " in found.summary()
        assert json.loads(json.dumps(found.to_dict(), allow_nan=False))["k"] == found.k


@pytest.mark.parametrize("level", [0.1, 0.0, 1 / 3, -7e8])
def test_effects_that_are_all_equal_show_nothing(level):
    """No order for ranks, no residual for the line, and neither is tested on rounding; the limit is the effect."""
    y = [level] * 5
    line, ranks = small_study_test("egger", y, V), small_study_test("begg", y, V)

    assert (ranks.bias, ranks.statistic, ranks.p_value) == (None, None, None)
    assert ranks.reason("bias") == "one of the columns is the same for all studies"
    assert (line.bias, line.statistic, line.p_value, line.limit_estimate) == (0.0, None, None, level)
    assert line.reason("statistic").startswith("the effects lie on one line")
    assert (egger(y, V).statistic, egger(y, V).p_value) == (None, None)
    assert small_study_test("thompson-sharp", y, V).p_value == 1.0


@pytest.mark.parametrize("decades", [0.2, 3, 6, 9])
def test_effects_on_a_line_leave_no_residual(decades):
    """Of 60 lines with effects on them but for rounding none has a statistic, however unlike the variances are."""
    random, found = np.random.default_rng(8), []
    for _ in range(60):
        v = 10 ** random.uniform(-decades, 0, random.integers(3, 30))
        found.append(egger(0.1 + random.normal() * np.sqrt(v), v).statistic)

    assert found == [None] * 60


def test_a_residual_that_is_small_is_no_rounding():
    """Residuals of 1e-12 about a line leave t as it is for those of 1, which least squares by hand gives."""
    v, away = np.array([0.01, 0.04, 0.09, 0.16, 0.25]), np.array([1.0, -2.0, 0.5, 3.0, -1.0])
    slope, se, _ = least_squares(away, np.sqrt(v), 1 / v)
    found = egger(1e-12 * away, v)

    assert found.statistic == close(slope / se)
    assert egger(0.125 + 1e-10 * away, v).statistic == pytest.approx(slope / se, rel=1e-4)


@pytest.mark.parametrize("call", [egger, lambda y, v: small_study_test("egger", y, v)])
@pytest.mark.parametrize("least", [1e-18, 1e-40])
def test_variances_too_unlike_for_a_line_are_refused(call, least):
    """Instead of a wrong t, or an error of linear algebra."""
    with pytest.raises(InvalidArgument, match=r"vi must not differ by more than 1e\+12 between studies here; .* row 1"):
        call([0.1, 0.3, 0.5, 0.2, 0.9], [least, 0.01, 0.04, 0.09, 0.25])


def test_one_study_has_no_rank_and_no_line():
    """None with the reason, and no warning of a division by 0."""
    found = small_study_tests([0.4], [0.1])

    assert [one.name for one in found] == ["begg", "egger", "thompson-sharp"]
    assert {one.reason("bias") for one in found} == {"the test needs at least three studies"}


def test_begg_of_one_study_that_is_far_more_precise():
    """Its distance from the mean is that of the others, by hand: tau is that of exact fractions."""
    from fractions import Fraction

    y, v = [0.3, 0.9, -0.5, 0.7], [1e-11, 0.4, 0.1, 0.2]
    exact_y, w = [Fraction(one) for one in y], [1 / Fraction(one) for one in v]
    mean = sum(a * b for a, b in zip(exact_y, w, strict=True)) / sum(w)
    squares = [(a - mean) * abs(a - mean) / (1 / b - 1 / sum(w)) for a, b in zip(exact_y, w, strict=True)]
    pairs = [(i, j) for i in range(4) for j in range(i)]
    s = sum(np.sign(float((squares[i] - squares[j]) * Fraction(v[i] - v[j]))) for i, j in pairs)

    assert small_study_test("begg", y, v).bias == close(s / 6)


@pytest.mark.parametrize(
    ("given_", "message"),
    [
        ({"yi": None, "vi": V}, "yi and vi go together"),
        ({"yi": Y}, "yi and vi go together"),
        ({}, "no test fits the columns none"),
        ({"ai": [1], "ci": [2]}, "no test fits the columns ai, ci"),
    ],
)
def test_columns_that_fit_no_test_are_refused(given_, message):
    """Instead of no result in silence."""
    with pytest.raises(InvalidArgument, match=message):
        small_study_tests(**given_)
