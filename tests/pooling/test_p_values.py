"""Combination of p-values: the reference whole, exact tails, and laws."""

import json
import math
import sys
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthesis.errors import InvalidArgument
from synthesis.pooling.log_tails import gamma_tail, normal_tail, t_tail, t_upper_quantile
from synthesis.pooling.p_combinations import COMBINATIONS, uniform_sum
from synthesis.pooling.p_values import combine_p, one_sided_p
from tests.pooling.reference import blocks

fewer = settings(max_examples=settings.default.max_examples // 3)  # there are many laws
BLOCKS = {block["id"]: block for block in blocks("combining_p")}
SIGN_TESTS = {name: block for name, block in BLOCKS.items() if name.startswith("sign_test_")}
COMBINED = {name: block for name, block in BLOCKS.items() if name not in SIGN_TESTS}
# by the reference's name: the method, its options, and which of its numbers stands where in ours
CALLS = {
    "fisher_sumlog": ("fisher", {}, {"chisq": "statistic", "df": "df"}),
    "stouffer_sumz": ("stouffer", {}, {"z": "statistic"}),
    "stouffer_weighted": ("stouffer", {"weights": "weights_for_weighted_stouffer"}, {"z": "statistic"}),
    "edgington_sump": ("edgington", {}, {"conservativep": "conservative_p_value"}),
    "tippett_minimump": ("tippett", {"alpha": 0.05}, {"pr": "statistic", "r": "r", "critp": "critical_p"}),
    "maximump": ("maximum", {"alpha": 0.05}, {"pr": "statistic", "r": "r", "critp": "critical_p"}),
    "wilkinson_r2": ("wilkinson", {"r": 2}, {"pr": "statistic", "r": "r", "critp": "critical_p"}),
    "wilkinson_r3": ("wilkinson", {"r": 3}, {"pr": "statistic", "r": "r", "critp": "critical_p"}),
    "logit": ("logit", {}, {"t": "statistic", "df": "df"}),
    "mean_p": ("mean_p", {}, {"z": "statistic"}),
    "mean_z": ("mean_z", {}, {"z": "statistic"}),
    "inverse_t_df10": ("inverse_t", {"df": 10}, {"z": "statistic"}),
    "inverse_chisq_df4": ("inverse_chi2", {"df": 4}, {"chisq": "statistic", "df": "df"}),
    "vote_alpha05": ("vote", {}, {"pos": "positive", "neg": "negative"}),
    "vote_alpha005": ("vote", {"alpha": 0.05}, {"pos": "positive", "neg": "negative"}),
    "truncated_tau005": ("truncated", {"tau": 0.05}, {"stat": "statistic"}),
}
FROM_ONE = 1e-16  # metap's truncated product takes its p from 1: 1e-17 is what it can resolve
ECHOED = {"alpha", "ptrunc", "method", "warnings"}  # what went in, and what metap said beside its result
ANY = {"r": 1, "df": 5.0}  # what methods need that have no default


def call(name, inputs):
    """Our result for one call of the reference."""
    method, options, _ = CALLS[name]
    return combine_p(
        inputs["p"], method, **{key: inputs.get(value, value) if key == "weights" else value
                                for key, value in options.items()}
    )  # fmt: skip


def combined(p, method):
    """Our result with whatever the method needs."""
    return combine_p(p, method, **{name: ANY[name] for name in COMBINATIONS[method].options if name in ANY})


def compared(found, names, expected):
    """How many numbers were compared, and those that differ by more than 1e-8, relatively, or what 1 - p loses."""
    ours = {"p": found.p_value} | {theirs: getattr(found, name, None) for theirs, name in names.items()}
    ours |= {theirs: found.details[name] for theirs, name in names.items() if name in found.details}
    targets = {name: value for name, value in expected.items() if name not in ECHOED | {"n"}}
    if "n" in expected:
        targets |= dict(zip(("below", "above"), expected["n"], strict=True))
        ours |= {name: found.details[name] for name in ("below", "above")}
    return len(targets), {x: (ours[x], y) for x, y in targets.items() if abs(ours[x] - y) > 1e-8 * abs(y) + FROM_ONE}


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("block", COMBINED)
def test_reference(block, name):
    """Every number of metap's functions to 1e-8, and a note where metap warns."""
    expected = COMBINED[block]["outputs"][name]
    found = call(name, COMBINED[block]["inputs"])

    assert compared(found, CALLS[name][2], expected)[1] == {}
    assert bool(found.notes) == ("warnings" in expected)


def test_the_reference_is_compared_whole():
    """Seven blocks of 16 calls: a p each, with 1, 2 or 3 numbers beside it."""
    numbers = [
        compared(call(name, block["inputs"]), CALLS[name][2], expected)[0]
        for block in COMBINED.values()
        for name, expected in block["outputs"].items()
    ]

    beside = {"one": 6, "two": 5, "three": 5}  # z, or conservativep | chisq, df | pr, r, critp, or stat, n
    assert sum(numbers) == 7 * (16 + beside["one"] + 2 * beside["two"] + 3 * beside["three"])
    assert all(set(block["outputs"]) == set(CALLS) for block in COMBINED.values())
    assert {method for method, _, _ in CALLS.values()} == set(COMBINATIONS)


@pytest.mark.parametrize("name", SIGN_TESTS)
def test_reference_from_effects(name):
    """One-sided p-values of effects, and Fisher's and Stouffer's combination of them, as printed, to 1e-8."""
    inputs, expected = SIGN_TESTS[name]["inputs"], SIGN_TESTS[name]["outputs"]
    p = one_sided_p(inputs["yi"], inputs["vi"])
    fisher, stouffer = combine_p(p), combine_p(p, "stouffer")

    assert p.tolist() == pytest.approx(expected["p_one_sided"], rel=1e-8, abs=0)
    assert compared(fisher, CALLS["fisher_sumlog"][2], expected["fisher"]) == (3, {})
    assert compared(stouffer, CALLS["stouffer_sumz"][2], expected["stouffer"]) == (2, {})
    assert bool(stouffer.notes) == ("warnings" in expected["stouffer"])


def test_the_effects_of_the_reference_are_all_there():
    """Three blocks of 13, 19 and 9 studies; of them metap leaves out the p that are 1."""
    sizes = {name: len(block["outputs"]["p_one_sided"]) for name, block in SIGN_TESTS.items()}

    assert sizes == {
        "sign_test_bcg_rr": 13, "sign_test_raudenbush1985_smd": 19, "sign_test_normand1999_md": 9,
    }  # fmt: skip


def test_a_p_of_1_is_left_out_of_sums_of_deviates_and_named():
    """It has no finite deviate; Fisher's method keeps it."""
    p = [0.04, 1.0, 0.2]

    assert combine_p(p, "stouffer").p_value == combine_p([0.04, 0.2], "stouffer").p_value
    assert combine_p(p, "stouffer").reason("k").startswith("row 2: a p of 1 has no finite deviate; left out")
    assert (
        combine_p(p, "stouffer", weights=[1, 9, 2]).p_value
        == combine_p([0.04, 0.2], "stouffer", weights=[1, 2]).p_value
    )
    assert (combine_p(p).k, combine_p(p).notes) == (3, ())
    assert combine_p([1.0], "logit").reason("p_value") == "no p-value is left"


def test_where_there_is_no_combination():
    """The mean p needs four p-values and the mean z two that differ; None with the reason."""
    few, alike = combine_p([0.1, 0.2, 0.3], "mean_p"), combine_p([0.2, 0.2], "mean_z")

    assert (few.p_value, few.statistic, alike.p_value) == (None, None, None)
    assert "fewer than four" in few.reason("p_value")
    assert "two p-values that differ" in alike.reason("p_value")
    assert few.summary().startswith("k = 3: p -, - (normal), mean_p: mean of p, from four on\n")


def test_mean_z_by_students_t():
    """Becker refers the mean z to t on k - 1 degrees of freedom, which metap does not; both are given."""
    found = combine_p(COMBINED["beckerp"]["inputs"]["p"], "mean_z")

    assert found.details["t_p_value"] == pytest.approx(t_tail(4, found.statistic).p)
    assert found.details["t_p_value"] > found.p_value


def test_all_p_are_1():
    """Nothing speaks against chance: the combined p is 1, exactly."""
    assert [combine_p([1, 1], method).p_value for method in ("fisher", "edgington", "maximum")] == [1, 1, 1]


def test_beyond_logarithms():
    """Where the square of a deviate is no number, the logarithm stays finite."""
    assert normal_tail(1e160) == (0, -sys.float_info.max)


SMALL = 1e-300


@pytest.mark.parametrize(
    ("method", "options", "p", "expected"),
    [
        # Fisher: e^-x (1 + x + x^2 / 2), x = -sum(log p)
        (
            "fisher",
            {},
            [SMALL] * 3,
            3 * math.log(SMALL) + math.log1p(-3 * math.log(SMALL) * (1 - 1.5 * math.log(SMALL))),
        ),
        ("edgington", {}, [SMALL] * 3, 3 * math.log(3 * SMALL) - math.log(6)),
        ("tippett", {}, [SMALL, 0.5, 0.9], math.log(3) + math.log(SMALL)),
        ("maximum", {}, [SMALL] * 3, 3 * math.log(SMALL)),
        ("wilkinson", {"r": 2}, [SMALL, SMALL, 0.9], math.log(3) + 2 * math.log(SMALL)),
        ("inverse_chi2", {"df": 2}, [SMALL], math.log(SMALL)),
        ("truncated", {"tau": 1}, [SMALL] * 3, combine_p([SMALL] * 3).log_p_value),
        ("truncated", {"tau": 0.05}, [SMALL], math.log(SMALL)),
    ],
)
def test_tails_beyond_numbers(method, options, p, expected):
    """The logarithm is exact where the combined p-value is too small for a number."""
    found = combine_p(p, method, **options)

    assert found.log_p_value == pytest.approx(expected, rel=1e-13)
    assert found.p_value == pytest.approx(math.exp(expected), rel=1e-11, abs=0)


def test_stouffers_tail():
    """Of four p of 1e-300, z is twice that of one, and the tail by Mills' ratio is z^-1 phi(z) (1 - z^-2 + 3 z^-4)."""
    one, four = combine_p([SMALL], "stouffer"), combine_p([SMALL] * 4, "stouffer")
    z = four.statistic

    assert one.log_p_value == pytest.approx(math.log(SMALL), rel=1e-13)
    assert z == pytest.approx(2 * one.statistic)
    series = math.log1p(-(z**-2) + 3 * z**-4) - math.log(z)
    assert four.log_p_value == pytest.approx(-z * z / 2 - math.log(2 * math.pi) / 2 + series, rel=1e-11)


@pytest.mark.parametrize("power", [0, 1, 10, 100, 160, 200])
def test_the_tail_of_t(power):
    """On 2 degrees of freedom P(T > t) = 1 / (s^2 + t s), s^2 = 2 + t^2; also where that is below any number."""
    t = 10.0**power
    s = math.hypot(math.sqrt(2), t)

    assert t_tail(2, t).log_p == pytest.approx(-math.log(s) - math.log(s + t), rel=1e-14)


@pytest.mark.parametrize("df", [2.1, 3, 10, 29, 200, 1e5])
@pytest.mark.parametrize("p", [SMALL, 1e-100, 1e-20, 0.01, 0.4, 0.7, 1 - 1e-12])
def test_the_quantile_of_t_goes_back(df, p):
    """The tail of the quantile is the probability, to 1e-12."""
    assert t_tail(df, t_upper_quantile(df, p)).p == pytest.approx(p, rel=1e-12)


@pytest.mark.parametrize("x", [5.0, 600.0, 690.0, 5_000.0, 1e6])
@pytest.mark.parametrize("shape", [1, 2, 7, 40])
def test_the_tail_of_gamma(shape, x):
    """For whole shapes P(G > x) is a Poisson sum; the logarithm agrees on either side of the smallest number."""
    logs = [j * math.log(x) - math.lgamma(j + 1) for j in range(shape)]
    largest = max(logs)
    exact = -x + largest + math.log(math.fsum(math.exp(one - largest) for one in logs))

    assert gamma_tail(shape, x).log_p == pytest.approx(exact, rel=1e-13, abs=1e-13)


def exact_sum(k, x):
    """The distribution of a sum of k uniform variables, by the alternating sum in fractions."""
    x = Fraction(x)
    terms = ((-1) ** j * math.comb(k, j) * (x - j) ** k for j in range(math.floor(x) + 1))
    return sum(terms) / math.factorial(k)


@fewer
@given(k=st.integers(1, 40), share=st.floats(1e-6, 1))
def test_the_sum_of_uniforms_is_exact(k, share):
    """The recurrence agrees with fractions to 1e-12, where the alternating sum in doubles has lost all digits."""
    assert uniform_sum(k, share * k).p == pytest.approx(float(exact_sum(k, share * k)), rel=1e-12, abs=0)


def test_the_sum_of_many_uniforms():
    """For 400 p-values the logarithm is exact too: of their sum 2.5 and, by symmetry, of its half."""
    exact = exact_sum(400, 2.5)

    assert uniform_sum(400, 2.5).log_p == pytest.approx(
        math.log(exact.numerator) - math.log(exact.denominator), rel=1e-13
    )
    assert uniform_sum(400, 200.0).p == pytest.approx(0.5, rel=1e-12)


values = st.floats(1e-12, 1 - 1e-9)
sets = st.lists(values, min_size=4, max_size=9, unique=True)


@pytest.mark.parametrize("method", COMBINATIONS)
@fewer
@given(p=sets, seed=st.integers(0, 9))
def test_the_order_changes_nothing(method, p, seed):
    """P-values in another order combine to the same one."""
    mixed = np.random.default_rng(seed).permutation(p)

    assert combined(mixed, method).p_value == pytest.approx(combined(p, method).p_value, rel=1e-9, abs=0)


@pytest.mark.parametrize("method", sorted(set(COMBINATIONS) - {"mean_z"}))
@fewer
@given(p=sets, factor=st.floats(0.01, 1))
def test_a_smaller_p_makes_no_larger_combination(method, p, factor):
    """Monotone in each p-value; only the mean z is not, which its documentation says."""
    assert combined([p[0] * factor, *p[1:]], method).p_value <= combined(p, method).p_value * (1 + 1e-9)


@pytest.mark.parametrize(
    ("method", "options"),
    [("fisher", {}), ("stouffer", {}), ("edgington", {}), ("tippett", {}), ("maximum", {}), ("wilkinson", {"r": 1}),
     ("inverse_chi2", {"df": 3}), ("truncated", {"tau": 1.0})],
)  # fmt: skip
@fewer
@given(p=st.floats(1e-250, 1 - 1e-9))
def test_one_p_is_itself(method, options, p):
    """The exact methods give a single p-value back."""
    assert combine_p([p], method, **options).p_value == pytest.approx(p, rel=1e-11)


@pytest.mark.parametrize(
    "method", ["fisher", "stouffer", "edgington", "tippett", "maximum", "wilkinson", "inverse_chi2"]
)
def test_uniform_under_the_null(method):
    """1,000 sets of 5 uniform p stay within Dvoretzky, Kiefer and Wolfowitz's bound, but for one chance in 1e6."""
    n = 1_000
    draws = np.random.default_rng(20_261_125).random((n, 5))
    found = np.sort([combined(p, method).p_value for p in draws])
    gap = np.abs(found - (np.arange(n) + 0.5) / n).max()

    assert gap <= math.sqrt(math.log(2 / 1e-6) / (2 * n)) + 0.5 / n


@pytest.mark.parametrize("method", COMBINATIONS)
def test_results_are_plain(method):
    """Fit for JSON, and with a summary that names the method and what it means."""
    found = combined([0.01, 0.3, 0.6, 0.98], method)
    plain = found.to_dict()

    assert json.loads(json.dumps(plain, allow_nan=False)) == plain
    assert f"{method}: {COMBINATIONS[method].meaning}" in found.summary()


def test_the_other_direction():
    """P-values of the two alternatives add to 1."""
    both = one_sided_p([0.3, -2], [0.1, 0.2]) + one_sided_p([0.3, -2], [0.1, 0.2], alternative="less")

    assert both.tolist() == pytest.approx([1, 1])


WRONG = {
    "no combination 'fischer': did you mean 'fisher'": ([0.1], "fischer", {}),
    "p is empty": ([], "fisher", {}),
    "p is missing or not a number; leave such rows out: row 2": ([0.1, None], "fisher", {}),
    "p must lie between 0 and 1: rows 1, 3": ([-0.1, 0.5, 1.1], "fisher", {}),
    "no exact p-value is 0.*: row 2": ([0.1, 0], "edgington", {}),
    "the method fisher takes no weights; those that do: stouffer": ([0.1], "fisher", {"weights": [1]}),
    "weights has 1 rows and p has 2": ([0.1, 0.2], "stouffer", {"weights": [1]}),
    "weights must be a finite number above 0: row 2": ([0.1, 0.2], "stouffer", {"weights": [1, 0]}),
    "needs r, a whole number from 1 to 2, not None": ([0.1, 0.2], "wilkinson", {}),
    "needs r, a whole number from 1 to 2, not 3": ([0.1, 0.2], "wilkinson", {"r": 3}),
    "the method inverse_t needs df": ([0.1, 0.2], "inverse_t", {}),
    "df must be a finite number above 2: row 1": ([0.1, 0.2], "inverse_t", {"df": [2, 3]}),
    "tau must be above 0 and at most 1, not 0": ([0.1], "truncated", {"tau": 0}),
    "alpha must be above 0 and at most 0.5, not 0.6": ([0.1], "vote", {"alpha": 0.6}),
}


@pytest.mark.parametrize("message", WRONG)
def test_refused(message):
    """Each bad input has one error that says what is wrong and where."""
    p, method, options = WRONG[message]

    with pytest.raises(InvalidArgument, match=message):
        combine_p(p, method, **options)


def test_an_unknown_alternative_is_refused():
    """One-sided p-values have two sides to choose from."""
    with pytest.raises(InvalidArgument, match="greater or less"):
        one_sided_p([1], [1], alternative="two-sided")


def test_columns_by_name():
    """P-values, weights and degrees of freedom take the names of columns of `data`; so do effects."""
    data = {"p": [0.02, 0.3], "w": [1, 3], "df": [5, 9], "yi": [0.4, 0.1], "vi": [0.1, 0.2]}

    stouffer = combine_p("p", "stouffer", weights="w", data=data)
    assert stouffer == combine_p(data["p"], "stouffer", weights=data["w"])
    assert combine_p("p", "inverse_t", df="df", data=data) == combine_p(data["p"], "inverse_t", df=data["df"])
    assert one_sided_p("yi", "vi", data=data).tolist() == one_sided_p(data["yi"], data["vi"]).tolist()
    with pytest.raises(InvalidArgument, match="no column 'pp' in data: did you mean 'p'"):
        combine_p("pp", data=data)
