"""Agreement across cells, and how far it hangs on which studies there are."""

import json
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kendalltau

from synthesis.crosscheck.agreement import (
    KAPPA_WEIGHTS,
    association,
    confusion,
    gamma,
    kappa,
    pairs,
    proportion,
    tau_b,
    verdict_agreement,
    verdict_codes,
)
from synthesis.crosscheck.resampling import AT_A_TIME, redraw
from synthesis.errors import InvalidArgument

COLOURS = ("red", "grey", "blue", "yellow", "green")
# Agresti A (2002), Categorical data analysis (2nd ed.), table 2.8: job satisfaction by income.
SATISFACTION = np.array([[1, 3, 10, 6], [2, 3, 10, 7], [1, 6, 14, 12], [0, 1, 9, 11]])
# Ratings of 20 people by raters 2 and 3 in the data set `anxiety` of the R package irr.
RATER2 = [3, 6, 4, 6, 2, 4, 2, 4, 3, 3, 2, 3, 3, 3, 2, 2, 1, 3, 3, 4]
RATER3 = [2, 1, 4, 4, 3, 2, 1, 6, 1, 1, 1, 2, 3, 3, 1, 1, 3, 3, 2, 2]
cells = st.lists(
    st.tuples(st.one_of(st.none(), st.integers(0, 3)), st.one_of(st.none(), st.integers(-5, 5))),
    min_size=2,
    max_size=25,
)
verdicts = st.lists(st.tuples(st.integers(-1, 4), st.integers(-1, 4)), min_size=1, max_size=25)


def columns(drawn):
    """Two columns of drawn cells, NaN where there is none."""
    return np.array(drawn, dtype=np.float64).T


def complete(x, y):
    """The cells with both."""
    return [(a, b) for a, b in zip(x, y, strict=True) if not np.isnan(a) and not np.isnan(b)]


def of_table(table):
    """Two columns of codes with these counts."""
    first, second = np.nonzero(table)
    return np.repeat(first, table[first, second]), np.repeat(second, table[first, second])


def test_the_example_of_agresti():
    """Table 2.8: 1331 concordant and 849 discordant pairs; gamma .221, as printed by `GKgamma` of vcdExtra too."""
    found = association(*of_table(SATISFACTION))

    assert (found.concordant, found.discordant, round(found.gamma, 3)) == (1331, 849, 0.221)


@given(drawn=cells)
def test_pairs_are_counted_one_by_one(drawn):
    """Brute force over all pairs of cells; those without a value are in none."""
    x, y = columns(drawn)
    signs = [np.sign([a[0] - b[0], a[1] - b[1]]) for a, b in combinations(complete(x, y), 2)]
    expected = (
        sum(a * b > 0 for a, b in signs), sum(a * b < 0 for a, b in signs),
        sum(a != 0 for a, _ in signs), sum(b != 0 for _, b in signs),
    )  # fmt: skip

    assert tuple(int(count) for count in pairs(x, y)) == expected
    if expected[0] + expected[1]:
        assert gamma(x, y) == pytest.approx((expected[0] - expected[1]) / (expected[0] + expected[1]), rel=1e-15)


@given(drawn=cells)
def test_scipy_finds_the_same_tau(drawn):
    """`scipy.stats.kendalltau`, variant b, on the cells with both; NaN there too where all are tied."""
    x, y = columns(drawn)
    both = complete(x, y)
    if len(both) > 1:
        expected = kendalltau(*zip(*both, strict=True)).statistic
        assert float(tau_b(x, y)) == pytest.approx(expected, rel=1e-13, nan_ok=True)


@given(drawn=cells)
def test_only_the_order_counts(drawn):
    """Any rising function leaves both coefficients as they are, a falling one turns their sign."""
    x, y = columns(drawn)
    one, risen, fallen = association(x, y), association(x, np.exp(y)), association(x, -y)

    assert one == risen
    assert (fallen.concordant, fallen.discordant) == (one.discordant, one.concordant)
    if one.tau_b is not None:
        assert fallen.tau_b == -one.tau_b


def test_a_batch_is_as_one_by_one():
    """Rows of a batch, with cells missing here and there, give what each gives alone."""
    random = np.random.default_rng(2)
    x, y = random.integers(0, 4, (3, 4, 20)).astype(float), random.normal(size=(3, 4, 20))
    x[random.random(x.shape) < 0.2] = np.nan
    y[random.random(y.shape) < 0.2] = np.nan

    for statistic in (tau_b, gamma):
        rows = map(statistic, x.reshape(12, 20), y.reshape(12, 20))
        assert statistic(x, y).ravel().tolist() == [float(one) for one in rows]


@pytest.mark.parametrize(
    ("score", "number", "reason"),
    [
        ([1, 1, 1], [1, 2, 3], "every score is the same"),
        ([1, 2, 3], [1, 1, None], "every number is the same"),
        ([1, 1], [2, 2], "every score and every number is the same"),
        ([1, None], [None, 2], "there are fewer than two cells with both"),
    ],
)
def test_no_association_where_all_are_tied(score, number, reason):
    """What is not defined is None, with the reason."""
    found = association(score, number)

    assert (found.tau_b, found.gamma) == (None, None)
    assert {note.field: note.reason for note in found.notes} == {"tau_b": reason, "gamma": reason}


@pytest.mark.parametrize(
    ("weights", "printed"), [("unweighted", -0.006289308), ("linear", 0.1459075), ("quadratic", 0.2520325)]
)
def test_the_kappas_of_irr(weights, printed):
    """`kappa2(anxiety[,2:3])` of the R package irr, as quoted in statsmodels' test_inter_rater.py; 5 is never given."""
    categories = [1, 2, 3, 4, 6]
    codes = [[categories.index(rating) for rating in ratings] for ratings in (RATER2, RATER3)]

    assert float(kappa(confusion(*codes, 5), weights)) == pytest.approx(printed, abs=5e-8)


@pytest.mark.parametrize("weights", KAPPA_WEIGHTS)
@given(drawn=verdicts)
def test_kappa_compares_with_all_pairings(weights, drawn):
    """Brute force: disagreement within cells against that of each first verdict with each second one."""
    both = [(a, b) for a, b in drawn if a >= 0 and b >= 0]
    cost = {"unweighted": lambda d: d != 0, "linear": abs, "quadratic": lambda d: d * d}[weights]
    observed = np.mean([cost(a - b) for a, b in both]) if both else np.nan
    chance = np.mean([cost(a - b) for a, _ in both for _, b in both]) if both else np.nan
    table = confusion(*zip(*drawn, strict=True), 5)

    expected = 1 - observed / chance if both and chance > 0 else np.nan
    assert float(kappa(table, weights)) == pytest.approx(expected, rel=1e-12, abs=1e-12, nan_ok=True)
    same = np.mean([a == b for a, b in both]) if both else np.nan
    assert float(proportion(table)) == pytest.approx(same, rel=1e-14, nan_ok=True)


@given(drawn=verdicts)
def test_kappas_are_one_on_two_categories(drawn):
    """Two verdicts are one step apart or none: all weights are the same; which rule is first is too."""
    first, second = np.minimum(np.array(drawn).T, 1)
    table = confusion(first, second, 2)
    kappas = [float(kappa(table, weights)) for weights in KAPPA_WEIGHTS]

    assert kappas == pytest.approx([float(kappa(table.T))] * 3, rel=1e-14, nan_ok=True)


def test_tables_of_a_batch():
    """Each row of a batch has its own table, with cells missing here and there."""
    random = np.random.default_rng(6)
    first, second = random.integers(-1, 5, (2, 3, 4, 30))
    tables = confusion(first, second, 5)

    assert tables.shape == (3, 4, 5, 5)
    assert tables[2, 1].tolist() == confusion(first[2, 1], second[2, 1], 5).tolist()
    assert kappa(tables)[2, 1] == kappa(tables[2, 1])


def test_verdicts_of_two_rules():
    """Three of four cells agree; the fourth is two colours apart; a cell without a verdict is left out."""
    first, second = ["green", "green", "red", "blue", "red"], ["green", "blue", "red", "blue", None]
    found = verdict_agreement(first, second, COLOURS)

    assert (found.n, found.proportion, found.categories) == (4, 0.75, COLOURS)
    assert found.table[4] == (0, 0, 1, 0, 1)
    assert found.kappa == pytest.approx(1 - (1 / 4) / (11 / 16), rel=1e-14)
    assert found.kappa_linear == pytest.approx(1 - (2 / 4) / (28 / 16), rel=1e-14)
    assert found.kappa_quadratic == pytest.approx(1 - (4 / 4) / (80 / 16), rel=1e-14)


@pytest.mark.parametrize(
    ("first", "second", "share", "reason"),
    [
        (["green"] * 3, ["green"] * 3, 1.0, "both rules give every cell the same verdict"),
        (["green", None], [None, "red"], None, "no cell has a verdict of both rules"),
    ],
)
def test_no_kappa(first, second, share, reason):
    """Where chance agrees always, or there is no cell, the kappas are None, with the reason."""
    found = verdict_agreement(first, second, COLOURS)

    assert (found.proportion, found.kappa, found.kappa_linear, found.kappa_quadratic) == (share, None, None, None)
    assert found.reason("kappa_linear") == reason


def mean_of(values):
    """A statistic: the mean of the drawn studies' values."""
    return lambda drawn: {"mean": drawn @ values / drawn.sum(axis=-1)}


def test_the_draws_of_a_mean():
    """They spread as means of m of n without replacement do: S^2 (1/m - 1/n), m = n (1 - (1 - 1/n)^n) on average."""
    values = np.random.default_rng(3).normal(size=200)
    found = redraw(mean_of(values), 200, generator=np.random.default_rng(1), draws=20_000)["mean"]
    share = 1 - (1 - 1 / 200) ** 200
    reach = 1.96 * np.sqrt(values.var(ddof=1) / 200 * (1 / share - 1))

    assert found.estimate == pytest.approx(values.mean())
    assert (found.low, found.high) == (
        pytest.approx(values.mean() - reach, abs=0.05 * reach), pytest.approx(values.mean() + reach, abs=0.05 * reach),
    )  # fmt: skip


def test_a_study_is_drawn_or_it_is_not():
    """It is in 1 - (1 - 1/n)^n of the draws, about 63 %, and never twice; the studies as they are come first."""
    seen = []

    def statistics(drawn):
        seen.append(drawn)
        return {"n": drawn.sum(axis=-1).astype(float)}

    found = redraw(statistics, 7, generator=np.random.default_rng(5), draws=AT_A_TIME + 20)["n"]

    assert (seen[0].tolist(), [len(one) for one in seen]) == ([[True] * 7], [1, AT_A_TIME, 20])
    assert (found.estimate, found.samples, seen[1].dtype) == (7, 7, bool)
    assert np.concatenate(seen[1:]).mean(axis=0) == pytest.approx(np.full(7, 1 - (6 / 7) ** 7), abs=0.07)


def test_the_same_seed_gives_the_same_draws():
    """All chance comes from the generator that is given."""
    one, same, other = (redraw(mean_of(np.arange(9.0)), 9, generator=np.random.default_rng(seed)) for seed in (1, 1, 2))

    assert one == same
    assert one != other


def test_draws_without_a_value_are_counted():
    """A statistic that needs the first study is undefined in about (1 - 1/5)^5 of the draws."""

    def statistics(drawn):
        return {"some": np.where(drawn[:, 0], 1.0, np.nan), "none": np.full(len(drawn), np.nan)}

    found = redraw(statistics, 5, generator=np.random.default_rng(1), draws=4000)

    assert found["some"].undefined / 4000 == pytest.approx(0.8**5, abs=0.03)
    assert (found["some"].low, found["some"].high) == (1, 1)
    assert (found["none"].estimate, found["none"].low, found["none"].undefined) == (None, None, 4000)
    assert found["none"].reason("estimate") == "not defined for these cells"


def test_no_draw_has_a_value():
    """Defined for the studies as they are and in no draw: an estimate without a range, with the reason."""
    found = redraw(
        lambda drawn: {"x": np.where(drawn.all(axis=-1), 1.0, np.nan)},
        20, generator=np.random.default_rng(1), draws=50,
    )["x"]  # fmt: skip

    assert (found.estimate, found.low, found.undefined) == (1.0, None, 50)
    assert found.reason("low") == "not defined in any draw"


def test_results_are_text_and_json():
    """Summaries end with their notes; the dictionaries are JSON."""
    results = [
        association([1, 1], [1, 2]), verdict_agreement(["red"], ["red"], COLOURS),
        redraw(mean_of(np.full(3, np.nan)), 3, generator=np.random.default_rng(1), draws=5)["mean"],
    ]  # fmt: skip

    for result in results:
        assert result.summary().splitlines()[-1] == f"{result.notes[-1].field}: {result.notes[-1].reason}"
        assert json.loads(json.dumps(result.to_dict(), allow_nan=False))["notes"][0]["reason"]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: association([1, 2], [1]), "score has 2 rows and number has 1"),
        (lambda: association(["a"], [1]), "score must be numbers"),
        (lambda: verdict_agreement(["red"], ["red", "red"], COLOURS), "first has 1 rows and second has 2"),
        (lambda: verdict_agreement(["red", "gren"], ["red"] * 2, COLOURS), "'gren': did you mean 'green'.*: row 2"),
        (lambda: verdict_codes(["red"], ["red", "red"]), "categories must be two or more different verdicts"),
        (lambda: verdict_codes(["red"], ["red"]), "categories must be two or more different verdicts"),
        (lambda: kappa(np.eye(2), "square"), "no kind of weights 'square'"),
        (lambda: redraw(mean_of(np.ones(2)), 0, generator=np.random.default_rng(1)), "samples must be a whole"),
        (lambda: redraw(mean_of(np.ones(2)), 2, generator=np.random.default_rng(1), draws=1.5), "draws must be"),
        (lambda: redraw(mean_of(np.ones(2)), 2, generator=np.random), "generator must be a numpy.random.Generator"),
        (lambda: redraw(mean_of(np.ones(2)), 2, generator=np.random.default_rng(1), level=2), "level must be"),
    ],
)
def test_what_cannot_be(call, message):
    """Each refusal names what is wrong."""
    with pytest.raises(InvalidArgument, match=message):
        call()
