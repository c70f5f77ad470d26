"""Influence of single studies, Baujat's coordinates, shrunken effects, and what their verdicts say."""

import json

import numpy as np
import pytest
from hypothesis import given

from synthesis.errors import InvalidArgument
from synthesis.pooling import TAU2, pool
from synthesis.pooling.intervals import half_width
from synthesis.pooling.moderators import regress, residuals
from synthesis.sensitivity.deletion.influence import baujat, influence
from synthesis.sensitivity.deletion.leave_out import leave_one_out
from synthesis.sensitivity.deletion.pairs import MOST
from synthesis.sensitivity.deletion.shrinkage import shrunken_effects
from tests.pooling.reference import MEAN, Comparison, blocks
from tests.pooling.strategies import few_examples, studies

REFERENCE = {block["id"]: block for block in blocks("diagnostics")}
POOLS = [(name, fit) for name, block in REFERENCE.items() for fit, one in block["outputs"].items() if "ranef" in one]
MEASURES = {"rstudent": "rstudent", "dffits": "dffits", "cook.d": "cook_distance", "cov.r": "covariance_ratio"}
MEASURES |= {"tau2.del": "tau2_deleted", "QE.del": "q_deleted", "hat": "hat"}
METHODS = [method for method in TAU2 if method not in ("DLMH", "GENQ", "GENQM")]


def numbers_in(value):
    """How many numbers and truth values stand in a piece of the reference, names and nulls apart."""
    if isinstance(value, dict):
        return sum(map(numbers_in, value.values()))
    return sum(map(numbers_in, value)) if isinstance(value, list) else isinstance(value, (bool, int, float))


def compare(found, where, ours, expected):
    """A column of ours with one of the reference."""
    name, values = ours
    for row, (one, value) in enumerate(zip(values, expected, strict=True)):
        found.value((*where, row), name, float(one), value)


def compare_influence(found, fit, expected):
    """All of `influence`: of dfbs the reference kept the rows that c(TRUE for each coefficient, FALSE, FALSE) picks."""
    ours = influence(fit)
    for theirs, name in MEASURES.items():
        compare(found, (theirs,), (name, ours[name]), expected[theirs])
    compare(found, ("weight",), ("weight", 100 * ours.weight), expected["weight"])
    kept = np.resize([True] * fit.p + [False] * 2, fit.k)
    for number, values in enumerate(expected["dfbs"].values()):
        compare(found, ("dfbs", number), ("dfbetas", ours.dfbetas[kept, number]), values)
    assert ours.influential.tolist() == expected["is.infl"]
    return len(expected["is.infl"])


@pytest.mark.parametrize(("name", "fit"), POOLS)
def test_metafor_measures_the_same_of_pools(name, fit):
    """Influence, Baujat, BLUPs, random effects, weights and both kinds of residuals, within 1e-8; all numbers."""
    block, (method, _, test) = REFERENCE[name], fit.partition("|")
    inputs, expected = {key: block["inputs"][key] for key in ("yi", "vi")}, dict(block["outputs"][fit])
    for key in ("leave1out", "cumul_input_order", "cumul_by_increasing_variance"):  # their own tests
        expected.pop(key)
    found, options = Comparison(inputs, 1e-8), {"method": method, "test": test}
    ours = regress(**inputs, **options)
    flags = compare_influence(found, ours, expected["influence"])
    points = baujat(**inputs, **options)
    compare(found, ("x",), ("x", points.heterogeneity), expected["baujat"]["x"])
    compare(found, ("y",), ("y", points.influence), expected["baujat"]["y"])
    drawn = shrunken_effects(**inputs, **options).predicted
    reach = half_width(ours.coefficients[0].df, 0.95) * drawn.random_effect_se
    both = {
        "blup": (drawn.estimate, drawn.se, drawn.pi_low, drawn.pi_high),
        "ranef": (
            drawn.random_effect,
            drawn.random_effect_se,
            drawn.random_effect - reach,
            drawn.random_effect + reach,
        ),
    }
    for key, columns in both.items():
        for theirs, mine, values in zip(expected[key], ("estimate", "se", "pi_low", "pi_high"), columns, strict=True):
            compare(found, (key, theirs), (mine, values), expected[key][theirs])
    compare(found, ("weights",), ("weight", 100 * influence(ours).weight), expected["weights_percent"])
    plain, z = residuals(ours), influence(ours).rstudent
    left = np.array(inputs["yi"]) - leave_one_out(**inputs, **options)["estimate"]
    three = {"rstandard": (plain.raw, plain.standardised), "rstudent": (left, z)}
    for key, (raw, standardised) in three.items():
        columns = {"resid": ("estimate", raw), "se": ("se", raw / standardised), "z": ("z", standardised)}
        for theirs, column in columns.items():
            compare(found, (key, theirs), column, expected[key][theirs])

    assert found.differences == []
    assert found.count + flags == numbers_in(expected) >= 26 * len(inputs["yi"])


@pytest.mark.parametrize("method", ["REML", "DL"])
def test_metafor_measures_the_same_of_regressions(method):
    """The block of regressions whole: coefficients, influence, BLUPs, standardised residuals, Baujat."""
    block = REFERENCE["meta_regression_bcg_rr"]
    inputs, expected = {key: block["inputs"][key] for key in ("yi", "vi")}, block["outputs"][method]
    table = {name: block["inputs"]["moderators"][name] for name in block["inputs"]["columns"]}
    ours, found = (
        regress(**inputs, moderators="~ ablat + year", data=table, method=method, test="z"),
        Comparison(inputs, 1e-8),
    )
    for theirs, name in MEAN.items():
        if name != "df":
            values = [getattr(one, name) for one in ours.coefficients]
            compare(found, (theirs,), (name, values), expected["coefficients"][theirs])
    flags = compare_influence(found, ours, expected["influence"])
    points, drawn = baujat(ours), shrunken_effects(ours).predicted
    compare(found, ("x",), ("x", points.heterogeneity), expected["baujat"]["x"])
    compare(found, ("y",), ("y", points.influence), expected["baujat"]["y"])
    compare(found, ("blup",), ("estimate", drawn.estimate), expected["blup"]["pred"])
    compare(found, ("blup",), ("se", drawn.se), expected["blup"]["se"])
    compare(found, ("rstandard",), ("z", residuals(ours).standardised), expected["rstandard"]["z"])

    assert [one.df for one in ours.coefficients] == [None] * 3
    assert found.differences == []
    assert found.count + flags == numbers_in(expected)


def test_nothing_of_the_reference_falls_out():
    """Six blocks with 24,541 numbers and truth values, and no piece that the tests here and beside this do not read."""
    beside = {"leave1out", "cumul_input_order", "cumul_by_increasing_variance", "influence", "baujat", "blup", "ranef"}
    of_pools = beside | {"weights_percent", "rstandard", "rstudent"}
    of_regressions = {"coefficients", "influence", "blup", "rstandard", "baujat"}
    of_subsets = {"n_subsets", "n_k_ge_2", "estimate", "I2", "QE", "H2", "tau2"}
    kinds = {"meta": of_regressions, "all": of_subsets}

    assert len(REFERENCE) == 6
    for name, block in REFERENCE.items():
        for outputs in block["outputs"].values():
            assert set(outputs) == kinds.get(name.partition("_")[0], of_pools)
    assert sum(numbers_in(block["outputs"]) for block in REFERENCE.values()) == 24_541


@pytest.mark.parametrize("method", METHODS)
@few_examples
@given(data=studies(least=3, most=8))
def test_measures_follow_from_the_pools_with_and_without(method, data):
    """rstudent, DFFITS, Cook's distance and the covariance ratio by their definitions, from `pool` without a study."""
    y, v = data
    ours, whole = influence(y, v, method=method, test="z", pairs=False), pool(y, v, method=method, test="z")
    for row in range(len(y)):
        rest = pool(np.delete(y, row), np.delete(v, row), method=method, test="z")
        change, hat = whole.estimate - rest.estimate, whole.weights[row]
        near = {"rel": 1e-7, "abs": 1e-9}
        spread = np.sqrt(v[row] + rest.tau2 + rest.se**2)
        assert ours.rstudent[row] == pytest.approx((y[row] - rest.estimate) / spread, **near)
        assert ours.dffits[row] == pytest.approx(change / np.sqrt(hat * (v[row] + rest.tau2)), **near)
        assert ours.cook_distance[row] == pytest.approx((change / whole.se) ** 2, **near)
        assert ours.covariance_ratio[row] == pytest.approx((rest.se / whole.se) ** 2, **near)
        assert ours.dfbetas[row, 0] == pytest.approx(change * np.sqrt(np.sum(1 / (v + rest.tau2))), **near)
        assert (ours.tau2_deleted[row], ours.q_deleted[row]) == pytest.approx((rest.tau2, rest.q), rel=1e-7, abs=1e-9)


@given(data=studies(least=4, most=10))
@few_examples
def test_order_and_units_of_the_studies_change_nothing_else(data):
    """Reversed studies have reversed measures; other units leave the measures, but for tau2, as they are."""
    y, v = data
    one, reverse = influence(y, v), influence(y[::-1], v[::-1])
    for name in ("rstudent", "dffits", "hat", "weight", "tau2_deleted"):
        np.testing.assert_allclose(reverse[name], one[name][::-1], rtol=1e-7, atol=1e-9)
    for scale in (1e-9, 1e9):
        other = influence(scale * y, scale**2 * v)
        for name in ("rstudent", "dffits", "cook_distance", "covariance_ratio", "hat", "dfbetas[Intercept]"):
            np.testing.assert_allclose(other[name], one[name], rtol=1e-7, atol=1e-9)
        np.testing.assert_allclose(other.tau2_deleted, scale**2 * one.tau2_deleted, rtol=1e-7, atol=1e-9 * scale**2)


def test_where_a_moderator_is_counted_from_changes_only_the_intercept():
    """Years from 0 or from 1948: the same measures of the whole model, to ten digits and more."""
    block = REFERENCE["meta_regression_bcg_rr"]["inputs"]
    year = np.array(block["moderators"]["year"], dtype=float)
    near, far = (
        influence(block["yi"], block["vi"], np.column_stack([np.ones(13), block["moderators"]["ablat"], year - since]))
        for since in (1948, 0)
    )

    for name in ("rstudent", "dffits", "cook_distance", "covariance_ratio", "hat"):
        np.testing.assert_allclose(far[name], near[name], rtol=1e-8)


HOMOGENEOUS = np.array([0.1, -0.1, 0.12, -0.08, 0.02, -0.12, 0.09, -0.05, 0.04, -0.02])


def rules(found):
    """The names of the rules that applied."""
    return {note.field for note in found.findings}


def test_one_outlier_is_named():
    """By every measure, and as the whole of the heterogeneity."""
    y, v = HOMOGENEOUS + 2 * (np.arange(10) == 3), np.full(10, 0.02)
    ours, points, drawn = influence(y, v), baujat(y, v), shrunken_effects(y, v)

    assert np.flatnonzero(ours.influential).tolist() == [3]
    assert {"outlying", "flagged", "one_study", "unmasked"} <= rules(ours)
    assert "without row 4 tau^2 falls to 0" in ours.verdict.lower()
    assert points.heterogeneity.argmax() == points.influence.argmax() == 3
    assert "one_study" in rules(points)
    assert "tau2_taken_as_known" in rules(drawn)


def test_two_outliers_that_hide_one_another_are_found_as_a_pair():
    """Neither is flagged by itself, the pair is, with residuals from the model without both."""
    y, v = HOMOGENEOUS + 2 * np.isin(np.arange(10), (3, 7)), np.full(10, 0.02)
    ours = influence(y, v)
    (pair,) = ours.pairs
    rest = pool(np.delete(y, [3, 7]), np.delete(v, [3, 7]))

    assert not ours.influential.any()
    assert (pair.first, pair.second) == (4, 8)
    assert pair.tau2 == pytest.approx(rest.tau2, abs=1e-12)
    assert pair.first_residual > 10
    assert "masked" in rules(ours)
    assert "rows 4 and 8" in ours.verdict
    assert "outlying" not in rules(influence(y, v, pairs=False))
    assert "they were not asked for" in influence(y, v, pairs=False).verdict


def test_two_groups_of_studies_are_beyond_single_deletions_and_pairs():
    """Nothing is flagged, and the verdict does not claim that larger groups were looked for."""
    ours = influence(HOMOGENEOUS + (np.arange(10) < 5), np.full(10, 0.02))

    assert not ours.influential.any()
    assert ours.pairs == ()
    assert {"unflagged", "unmasked"} == rules(ours)
    assert "larger groups were not looked for" in ours.verdict


def test_alike_studies_seldom_make_pairs():
    """Of 100 sets of ten studies without outliers, with normal effects, at most 5 have a pair."""
    random = np.random.default_rng(11)
    v = np.exp(random.normal(-2, 0.5, (100, 10)))
    y = random.normal(0, np.sqrt(v + 0.05))

    assert sum(bool(influence(*one, method="DL").pairs) for one in zip(y, v, strict=True)) <= 5


def test_few_studies_and_no_heterogeneity_are_said():
    """k = 3, k = 2, tau2 = 0, equal effects, more than can be looked at in pairs."""
    three, two = influence([0.1, 0.5, 0.9], [0.01, 0.02, 0.03]), influence([0.1, 0.5], [0.1, 0.1])
    many = influence(np.resize(HOMOGENEOUS, MOST + 1), np.full(MOST + 1, 0.02), method="EE")

    assert {"few", "masking"} <= rules(three)
    assert "fewer than 3 degrees of freedom" in three.verdict
    assert rules(two) == rules(baujat([0.1, 0.5], [0.1, 0.1])) == {"nothing_left"}
    assert np.isnan(two.rstudent).all()
    assert {"no_heterogeneity"} <= rules(influence([0.1, 0.11, 0.12, 0.1, 0.09], [0.1] * 5))
    assert {"equal_effects", "masking"} <= rules(many)
    assert "more than 40 studies" in many.verdict
    assert rules(shrunken_effects([0.1, 0.11, 0.12], [0.1] * 3)) == {"few", "no_heterogeneity"}


def test_a_coefficient_that_rests_on_one_study_and_effects_that_agree():
    """NaN with the reason; plain values have None."""
    x = np.column_stack([np.ones(7), [0, 0, 0, 0, 0, 0, 1]])
    rests = influence([0.1, 0.4, 0.2, 0.5, 0.3, 0.1, 0.9], [0.1] * 7, x)
    equal = influence([0.1] * 5, [0.1] * 5, test="knha")
    plain = json.loads(json.dumps(rests.to_dict()))

    assert np.isnan(rests.rstudent).tolist() == [False] * 6 + [True]
    assert "a coefficient rests on each of row 7 alone" in rests.verdict.lower()
    assert (plain["rstudent"][6], plain["dfbetas[x2]"][6]) == (None, None)
    assert "perfect_fit" in rules(equal)
    assert "perfect_fit" in rules(baujat([0.1] * 5, [0.1] * 5, test="knha"))
    assert np.isnan(equal.rstudent).all()


def test_rows_are_those_of_the_data():
    """A row without its moderator is left out, and the others keep their numbers."""
    data = {"year": [1.0, 2.0, None, 4.0, 5.0, 7.0, 8.0]}
    y, v = [0.1, 0.4, 0.2, 0.5, 0.3, 2.1, 0.2], [0.1] * 7
    ours = influence(y, v, "~ year", data=data)

    assert ours.row.tolist() == [1, 2, 4, 5, 6, 7]
    assert ours["dfbetas[year]"].shape == (6,)
    assert ours.summary().startswith("influence of 6 studies (REML, adhoc)")
    assert baujat(ours.fit).to_dict()["row"] == shrunken_effects(ours.fit).to_dict()["row"] == [1, 2, 4, 5, 6, 7]
    assert "shrinkage" in shrunken_effects(ours.fit).summary()
    assert "heterogeneity" in baujat(ours.fit).summary()


def test_rstudent_and_dffits_carry_the_factor_of_the_test():
    """As the docstring has it: v + tau2' is multiplied by the square of the factor of Knapp and Hartung's test."""
    y, v = np.array([0.1, 0.3, 0.9, 0.2, 0.6]), np.array([0.01, 0.04, 0.02, 0.05, 0.03])
    found, whole = influence(y, v, test="knha"), pool(y, v, test="knha")
    for i in range(5):
        others = np.arange(5) != i
        fit, plain = (pool(y[others], v[others], test=test) for test in ("knha", "z"))
        factor = fit.se / plain.se
        spread = factor**2 * (v[i] + fit.tau2)

        assert found.rstudent[i] == pytest.approx((y[i] - fit.estimate) / np.sqrt(spread + fit.se**2), rel=1e-8)
        assert found.dffits[i] == pytest.approx(
            (whole.estimate - fit.estimate) / np.sqrt(found.hat[i] * spread), rel=1e-8
        )
    assert "s'^2 (v + tau2')" in influence.__doc__


def test_what_has_no_influence():
    """A Pooled without its studies, a regression beside other effects, methods that take more."""
    fit = regress([0.1, 0.2, 0.5], [0.1] * 3)
    for call, message in (
        (lambda: influence(pool([1, 2], [1, 1])), "a Pooled no longer has its studies"),
        (lambda: influence(fit, [0.1] * 3), "give it alone"),
        (lambda: influence([1, 2, 3], [1, 1, 1], method="GENQ"), "no method GENQ"),
        (lambda: influence([1, 2, 3], [1, 1, 1], test="kr"), "no test 'kr'"),
    ):
        with pytest.raises(InvalidArgument, match=message):
            call()


def test_a_moderator_beyond_all_numbers():
    """An integer that no floating-point number can hold is refused like any other thing that is no number."""
    with pytest.raises(InvalidArgument, match="a design matrix must hold numbers only"):
        influence([0.1, 0.2, 0.3, 0.5], [0.1] * 4, mods=[[1, 10**400]] * 4)
