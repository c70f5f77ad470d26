"""Every way to pool the same studies, what each choice moves, and the test of the curve."""

import json
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis.errors import InvalidArgument
from synthesis.pooling import pool
from synthesis.pooling.intervals import TESTS
from synthesis.pooling.prediction import PREDICTION
from synthesis.sensitivity.many_worlds.choices import NEEDS_MORE
from synthesis.sensitivity.many_worlds.curve import curve_test
from synthesis.sensitivity.many_worlds.specifications import multiverse
from tests.pooling.reference import MEAN, Comparison, blocks
from tests.pooling.strategies import UNWEIGHTED, few_examples, studies

METHODS = [method for method in UNWEIGHTED if method not in NEEDS_MORE]
REFERENCE = {block["id"]: block for block in blocks("pooling")}
NUMBERS = (
    "k", "estimate", "se", "df", "statistic", "p_value", "ci_low", "ci_high", "pi_low", "pi_high", "tau2",
)  # fmt: skip
Y = np.array([0.5, 0.62, 0.31, 0.9, 0.12, 0.44, -0.2, 0.7])
V = np.array([0.04, 0.05, 0.02, 0.3, 0.01, 0.09, 0.06, 0.02])
ANY = np.random.default_rng(0)
RANDOMISED = np.array([1, 1, 1, 0, 0, 1, 0, 1], dtype=bool)
ADULTS = np.array([1, 1, 0, 0, 1, 1, 1, 1], dtype=bool)
INCLUSION = {
    "design": {"all": np.ones(8, bool), "randomised": RANDOMISED, "others": ~RANDOMISED},
    "age": {"all": np.ones(8, bool), "adults": ADULTS, "one": np.arange(8) == 3},
}


def rows_kept(found, row, inclusion=INCLUSION):
    """Which studies a specification keeps, by its own columns."""
    return np.logical_and.reduce([choices[str(found[name][row])] for name, choices in inclusion.items()])


def agrees(ours, expected, scale=1.0):
    """Equal within rounding; NaN and infinity stand for None."""
    if expected is None:
        return not np.isfinite(ours)
    return ours == pytest.approx(expected, rel=1e-9, abs=1e-12 * scale)


def test_every_specification_is_the_pool_of_its_rows():
    """9 worlds by every method, test and prediction interval: all numbers are those of `pool` on the rows kept."""
    found = multiverse(Y, V, INCLUSION, methods=METHODS, tests=list(TESTS), predictions=list(PREDICTION), level=0.9)
    cache, compared, some = {}, 0, range(0, len(found), 11)
    for row in some:
        kept = rows_kept(found, row)
        how = {name: str(found[name][row]) for name in ("method", "test", "prediction")}
        key = (kept.tobytes(), *how.values())
        if key not in cache:
            cache[key] = pool(Y[kept], V[kept], level=0.9, **how)
        for name in NUMBERS:
            assert agrees(found[name][row], getattr(cache[key], name)), (row, name, how)
            compared += 1

    assert compared == 11 * len(some) > 4_500
    assert all(len(set(found.choice[some, axis])) == len(one.choices) for axis, one in enumerate(found.families))


@few_examples
@given(data=studies(least=3, most=9), draw=st.data())
def test_any_studies_and_any_choices(data, draw):
    """The same for drawn effects and drawn choices, where worlds may be alike, or empty."""
    y, v = data
    column = st.lists(st.booleans(), min_size=len(y), max_size=len(y)).map(np.array)
    inclusion = {name: {str(i): draw.draw(column) for i in range(draw.draw(st.integers(1, 3)))} for name in ("a", "b")}
    if not any((one & other).any() for one in inclusion["a"].values() for other in inclusion["b"].values()):
        inclusion["a"]["every"] = inclusion["b"]["every"] = np.ones(len(y), bool)
    methods, tests = draw.draw(st.lists(st.sampled_from(METHODS), min_size=1, max_size=2, unique=True)), ["adhoc", "z"]
    found = multiverse(y, v, inclusion, methods=methods, tests=tests)

    for row in range(len(found)):
        kept = rows_kept(found, row, inclusion)
        alone = pool(y[kept], v[kept], method=str(found["method"][row]), test=str(found["test"][row]))
        for name in NUMBERS:
            assert agrees(found[name][row], getattr(alone, name), np.median(v)), name
    empty = sum(not (one & other).any() for one in inclusion["a"].values() for other in inclusion["b"].values())
    assert len(found) == (len(inclusion["a"]) * len(inclusion["b"]) - empty) * 2 * len(methods)
    assert sum(one.specifications for one in found.unpooled) == empty * 2 * len(methods)


@pytest.mark.parametrize("name", REFERENCE)
def test_metafor_makes_the_same_universe(name):
    """All methods by all tests of the reference at once, within 1e-8 (1e-6 for extreme scales)."""
    block = REFERENCE[name]
    inputs, expected = block["inputs"], block["outputs"]["methods"]
    methods = [one for one in METHODS if one in expected]
    found = multiverse(inputs["yi"], inputs["vi"], methods=methods, tests=["z", "t", "knha", "adhoc"])
    compared = Comparison(inputs, 1e-8)
    for row in range(len(found)):
        where = str(found["method"][row]), str(found["test"][row])
        theirs = expected[where[0]]["tests"].get(where[1], {})
        for key, ours in MEAN.items():
            compared.value(where, ours, float(found[ours][row]), theirs.get(key))
        compared.value(where, "tau2", float(found["tau2"][row]), expected[where[0]]["tau2"])

    assert compared.differences == []
    assert compared.count >= 6 * len(found)


def test_no_specification_is_lost():
    """Pooled ones and those listed as not pooled are together the product of all choices."""
    inclusion = INCLUSION | {"none": {"all": np.ones(8, bool), "no one": np.zeros(8, bool)}}
    found = multiverse(Y, V, inclusion, methods=["REML", "DL"], tests=["adhoc", "kr"], predictions=["riley", "KR"])
    lost = {one.reason for one in found.unpooled}

    assert len(found) + sum(one.specifications for one in found.unpooled) == 3 * 3 * 2 * 2 * 2 * 2
    assert lost == {
        "no study is left", "test kr (Kenward-Roger) goes with REML alone",
        "prediction interval KR goes with REML alone",
    }  # fmt: skip


def test_the_curve_is_in_order():
    """`order` sorts the estimates, each specification once, and the shares add up to 1."""
    found = multiverse(Y, V, INCLUSION)

    assert sorted(found.order.tolist()) == list(range(len(found)))
    assert (np.diff(found.estimate[found.order]) >= 0).all()
    assert sum(found.shares.values()) == pytest.approx(1)


@pytest.mark.parametrize("scale", [1e-9, 1e-3, 1e9])
def test_a_change_of_units_changes_only_the_units(scale):
    """Estimates and ranges by the factor; conclusions, pairs and shares of variance as they were."""
    plain, scaled = multiverse(Y, V, INCLUSION), multiverse(Y * scale, V * scale**2, INCLUSION)

    assert scaled.estimate == pytest.approx(plain.estimate * scale, rel=1e-9)
    assert scaled.p_value == pytest.approx(plain.p_value, rel=1e-6)
    assert (scaled.direction == plain.direction).all()
    for one, other in zip(plain.moved_by, scaled.moved_by, strict=True):
        assert other.range == pytest.approx(one.range * scale, rel=1e-8)
        assert (other.pairs, other.changed, other.same_data) == (one.pairs, one.changed, one.same_data)


def test_turning_the_effects_round_turns_benefit_into_harm():
    """Negated effects with lower as better are the same multiverse; with higher, harm in the place of benefit."""
    plain, turned = multiverse(Y, V, INCLUSION), multiverse(-Y, V, INCLUSION)

    assert turned.shares["harm"] == plain.shares["benefit"] > 0
    assert (multiverse(-Y, V, INCLUSION, better="lower").direction == plain.direction).all()


def test_pairs_are_those_that_differ_in_one_choice():
    """Pairs, changed and reversed ones counted one by one."""
    found = multiverse(Y, V, INCLUSION, methods=["REML", "EE", "SJ"])
    conclusion = found.direction.tolist()
    for one in found.moved_by:
        axis = [family.name for family in found.families].index(one.name)
        pairs = [
            (a, b)
            for a, b in combinations(range(len(found)), 2)
            if np.flatnonzero(found.choice[a] != found.choice[b]).tolist() == [axis]
        ]
        assert one.pairs == len(pairs)
        assert one.changed == sum(conclusion[a] != conclusion[b] for a, b in pairs)
        assert one.reversed == sum({conclusion[a], conclusion[b]} == {"benefit", "harm"} for a, b in pairs)


def test_a_main_effect_compares_like_with_like():
    """The mean of a choice is over the combinations of other choices in which all choices of its family make a pool."""
    found = multiverse(Y, V, INCLUSION, methods=["DL", "EE"], tests=["z"])
    design = found.moved_by[0]
    by_cell = {(str(found["design"][i]), str(found["age"][i]), str(found["method"][i])): i for i in range(len(found))}
    others = [
        (age, method)
        for age, method in product(INCLUSION["age"], ("DL", "EE"))
        if all((choice, age, method) in by_cell for choice in INCLUSION["design"])
    ]
    means = [np.mean([found.estimate[by_cell[choice, *other]] for other in others]) for choice in INCLUSION["design"]]

    assert design.blocks == len(others) == 4  # `one` is no randomised study
    assert design.means == pytest.approx(means)
    assert design.range == pytest.approx(max(means) - min(means))
    assert design.share_of_variance is None


def test_shares_of_variance_of_an_additive_factorial_add_up():
    """Tests never move the estimate, so with one method the only family that does has all of its variance."""
    found = multiverse(Y, V, {"design": INCLUSION["design"]}, methods=["EE"], tests=["z", "t"])
    design, test = found.moved_by

    assert design.share_of_variance == pytest.approx(1)
    assert (test.range, test.share_of_variance) == (0, 0)


def test_an_outlier_decides():
    """One study far off: the conclusion moves with the choice to keep it, and the verdict says so first."""
    y, v = np.array([0.3, 0.35, 0.28, 0.33, -3.0]), np.full(5, 0.01)
    found = multiverse(y, v, {"outlier": {"kept": np.ones(5, bool), "left out": y > -1}})
    moved = max(found.moved_by, key=lambda one: one.share_changed)

    assert moved.name == "outlier"
    assert moved.changed == moved.pairs - sum(
        found.direction[i] == "benefit" for i in range(len(found)) if found["outlier"][i] == "kept"
    )
    assert "the conclusion moves with outlier" in found.verdict.lower()


def test_two_clusters_turn_the_answer_round():
    """Benefit in one, harm in the other: a reversal, and not a word of agreement."""
    first = np.arange(10) < 5
    y, v = np.where(first, 0.5, -0.5) + 0.01 * np.arange(10), np.full(10, 0.02)
    found = multiverse(y, v, {"cluster": {"both": first | True, "first": first, "second": ~first}})

    assert {"reversed", "split"} <= {note.field for note in found.findings}
    assert found.moved_by[0].reversed == 12  # each of the four methods by three tests


def test_equal_effects_leave_the_estimators_nothing_to_differ_in():
    """tau2 = 0 throughout: estimators agree, and the verdict warns that this is no robustness."""
    found = multiverse([0.2, 0.21, 0.19, 0.2], [0.04, 0.05, 0.06, 0.04])

    assert "no_heterogeneity" in {note.field for note in found.findings}
    assert next(one for one in found.moved_by if one.name == "method").range == pytest.approx(0, abs=1e-12)


def test_three_studies_and_single_ones_are_named():
    """Specifications of few studies are counted in the verdict; those of one study pool nothing."""
    found = multiverse(Y[:3], V[:3], {"first": [True, False, False]})
    reasons = {note.field: note.reason for note in found.findings}

    assert reasons["one_study"].startswith("12 of 24 rest on one study")
    assert reasons["few"].startswith("12 of 24 have two to 4 studies")
    assert np.isnan(found.tau2[found.k == 1]).all()


def test_choices_that_keep_the_same_studies_are_told():
    """A family whose choices never change the data moves nothing, and that is no evidence of robustness."""
    found = multiverse(Y, V, {"language": {"all": np.ones(8, bool), "English": np.ones(8, bool)}})

    assert {"idle", "one_data_set"} <= {note.field for note in found.findings}
    assert found.moved_by[0].same_data == found.moved_by[0].pairs


def test_the_result_is_plain_and_complete():
    """`to_dict` is JSON without NaN, `to_frame` has a row for each specification, `summary` says the verdict."""
    found = multiverse(Y, V, INCLUSION)
    plain = json.loads(json.dumps(found.to_dict(), allow_nan=False))

    assert plain["own"] == found.own + 1 == 1
    assert len(found.to_frame()) == len(plain["specifications"]["estimate"]) == len(found)
    assert found.verdict in found.summary()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"inclusion": {"a": {"x": [True] * 7}}}, r"a: x must have 8 rows"),
        ({"inclusion": {"a": {"x": [2.0] * 8}}}, r"a: x must be yes or no, 1 or 0: rows 1"),
        ({"inclusion": {"a": {"x": ["maybe"] * 8}}}, r"a: x must be yes or no"),
        ({"inclusion": {"a": {"x": [False] * 8}}}, r"no specification can be pooled: no study is left"),
        ({"inclusion": {"a": {}}}, r"the family a has no choice"),
        ({"inclusion": [1]}, r"inclusion must map"),
        ({"inclusion": {"test": [True] * 8}}, r"cannot be called test"),
        ({"methods": ["REMl"]}, r"did you mean 'REML'"),
        ({"methods": ["DL", "DL"]}, r"each method once"),
        ({"methods": []}, r"at least one method"),
        ({"methods": None}, r"each method is given by its name, or several in a list, not None"),
        ({"tests": 5}, r"each test is given by its name, .* not 5"),
        ({"predictions": 3.5}, r"each prediction interval is given by its name"),
        ({"inclusion": {"k": [True] * 8}}, r"cannot be called k: a column of the result is"),
        ({"inclusion": {"measure": [True] * 8}}, r"cannot be called measure"),
        ({"inclusion": {"estimate": [True] * 8}}, r"cannot be called estimate"),
        ({"inclusion": {"a": {1: [True] * 8, "1": [1, 0] * 4}}}, r"two choices of the family a have the name 1"),
        ({"inclusion": {1: [True] * 8, "1": [1, 0] * 4}}, r"two families have the name 1"),
        ({"methods": ["DLMH"]}, r"DLMH needs counts"),
        ({"tests": "zz"}, r"no test 'zz'"),
        ({"better": "more"}, r"no direction 'more'"),
        ({"level": 1}, r"level must be between"),
        ({"inclusion": {str(i): {str(j): [True] * 8 for j in range(10)} for i in range(6)}}, r"more than 1,000,000"),
    ],
)
def test_what_cannot_be_asked(given, message):
    """Each mistake with its remedy."""
    with pytest.raises(InvalidArgument, match=message):
        multiverse(Y, V, **given)


def test_words_count_as_truths():
    """yes and no, 1 and 0 and truth values are the same choices."""
    given = [RANDOMISED, RANDOMISED.astype(int), np.where(RANDOMISED, "yes", "No")]

    assert len({multiverse(Y, V, {"a": one}).estimate.tobytes() for one in given}) == 1


def test_columns_by_name():
    """Effects and choices from a table, by the names of its columns."""
    data = {"y": Y, "v": V, "rct": RANDOMISED, "adult": ADULTS}
    found = multiverse("y", "v", {"design": "rct", "age": {"all": [True] * 8, "adults": "adult"}}, data=data)

    assert found.families[0].choices == ("all", "design only")
    assert sorted(set(found.k.tolist())) == sorted({8, RANDOMISED.sum(), ADULTS.sum(), (RANDOMISED & ADULTS).sum()})
    with pytest.raises(InvalidArgument, match=r"no column 'rctt' in data: did you mean 'rct'"):
        multiverse("y", "v", {"design": "rctt"}, data=data)


def brute_force(found, signs):
    """The three statistics of the curve for turned effects, by pooling each specification anew."""
    z = []
    for row in range(len(found)):
        one = found.sets[found.data_set[row]]
        fit = pool(
            one.y * signs[one.studies], one.v, method=str(found["method"][row]), test=str(found["test"][row])
        )  # fmt: skip
        z.append((fit.estimate, np.sign(fit.ci_low) * (fit.ci_low * fit.ci_high > 0), fit.p_value))
    estimate, side, p = map(np.array, zip(*z, strict=True))
    share = max((side > 0).mean(), (side < 0).mean())
    from scipy.stats import norm

    return abs(np.median(estimate)), share, abs((np.sign(estimate) * norm.isf(p / 2)).mean())


def test_the_curve_is_compared_with_every_arrangement_of_signs():
    """Five studies: p-values counted over all 32 arrangements, each specification pooled anew by `pool`."""
    inclusion = {"early": np.arange(5) < 4, "large": {"all": np.ones(5, bool), "x": np.arange(5) > 1}}
    found = multiverse(Y[:5], V[:5], inclusion, methods=["DL", "EE"], tests=["z", "knha"])
    every = np.array([brute_force(found, np.array(signs)) for signs in product([1, -1], repeat=5)])
    ours = curve_test(found)

    assert ours.exact
    assert ours.arrangements == 16
    assert (abs(ours.median), ours.share, abs(ours.mean_z)) == pytest.approx(tuple(every[0]), rel=1e-9)
    assert (ours.median_p_value, ours.share_p_value, ours.mean_z_p_value) == pytest.approx(
        (every >= every[0] * (1 - 1e-8)).mean(axis=0)
    )


def test_the_curve_test_keeps_its_size():
    """Without an effect p <= 0.1 comes in a tenth of 200 data sets, within four Monte-Carlo errors, for all three."""
    random = np.random.default_rng(20)
    kept = random.random((2, 7)) < 0.7
    kept[:, 0] = True
    p = []
    for _ in range(200):
        y = random.normal(0, np.sqrt(V[:7] + 0.05))
        test = curve_test(multiverse(y, V[:7], {"a": kept[0], "b": kept[1]}, methods=["DL"], tests=["z", "knha"]))
        p.append((test.median_p_value, test.share_p_value, test.mean_z_p_value))
    rate = (np.array(p) <= 0.1).mean(axis=0)

    assert (rate <= 0.1 + 4 * np.sqrt(0.1 * 0.9 / 200)).all()
    assert (rate[[0, 2]] >= 0.1 - 4 * np.sqrt(0.1 * 0.9 / 200)).all()  # shares are discrete: it may reject less


def test_a_sample_of_arrangements_needs_a_generator_and_repeats():
    """The same generator gives the same p-values; without one, 15 studies are refused with the remedy."""
    y, v = np.linspace(-0.1, 0.7, 15), np.full(15, 0.05)
    found = multiverse(y, v, methods=["DL"], tests=["z"])
    first, second = (curve_test(found, arrangements=99, random=np.random.default_rng(5)) for _ in range(2))

    assert first == second
    assert first.arrangements == 99
    with pytest.raises(InvalidArgument, match=r"give random, as numpy.random.default_rng"):
        curve_test(found)
    with pytest.raises(InvalidArgument, match=r"whole number from 1"):
        curve_test(found, arrangements=0, random=np.random.default_rng(5))


def test_few_studies_cannot_reject():
    """Three studies have four arrangements up to a turn of all, a sample asked for or not: no p-value is small."""
    test = curve_test(multiverse([1.0, 1.1, 0.9], [0.001] * 3, methods=["EE"], tests=["z"]))

    assert test.median_p_value == 0.25
    assert test == curve_test(multiverse([1.0, 1.1, 0.9], [0.001] * 3, methods=["EE"], tests=["z"]), random=ANY)
    assert "no p-value is below 0.250" in test.verdict


def test_a_small_sample_cannot_reject_either():
    """Twenty clear studies, 10 arrangements: p = .1 is the least there is, which says nothing of chance."""
    found = multiverse(np.random.default_rng(3).normal(5, 0.1, 20), [0.01] * 20, methods=["DL"], tests=["z"])
    few, enough = (curve_test(found, arrangements=n, random=np.random.default_rng(4)) for n in (10, 20))

    assert few.median_p_value == few.mean_z_p_value == 0.1
    assert {"within_chance", "beyond_chance", "statistics_differ"}.isdisjoint(note.field for note in few.notes)
    assert "10 arrangements (compare more) are so few that no p-value is below 0.100" in few.verdict
    assert enough.notes[0].field == "beyond_chance"


def test_effects_that_cannot_be_turned():
    """Equal effects of 1e80 can be pooled; turned they leave double precision. Samples beyond all bounds too."""
    found = multiverse([1e80] * 3, [0.1] * 3, methods=["DL"], tests=["z"])
    many = multiverse(np.linspace(0, 1, 1100), [0.1] * 1100, methods=["EE"], tests=["z"])

    with pytest.raises(InvalidArgument, match=r"effects must lie within 1e\+12 standard errors of 0"):
        curve_test(found)
    with pytest.raises(InvalidArgument, match=r"whole number from 1 to 1,000,000"):
        curve_test(many, arrangements=10**400, random=np.random.default_rng(5))
    assert not curve_test(many, arrangements=20, random=np.random.default_rng(5)).exact


def test_the_order_of_the_studies_changes_nothing():
    """Rows in another order, and a row that no choice keeps: the same specifications."""
    order = np.random.default_rng(8).permutation(8)
    turned = {name: {one: kept[order] for one, kept in choices.items()} for name, choices in INCLUSION.items()}
    longer = {name: {one: [*kept, False] for one, kept in choices.items()} for name, choices in INCLUSION.items()}
    plain = multiverse(Y, V, INCLUSION)

    for other in (multiverse(Y[order], V[order], turned), multiverse([*Y, 99.0], [*V, 1.0], longer)):
        assert other.estimate == pytest.approx(plain.estimate, rel=1e-10)
        assert (other.direction == plain.direction).all()
        assert other.verdict == plain.verdict
