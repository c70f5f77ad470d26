"""Conversions and back-transformations against metafor, and the conversions from tests and between measures."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis.effects.back_transform import transform
from synthesis.effects.convert import (
    correlation_to_smd,
    correlation_to_z,
    d_from_f,
    d_from_p,
    d_from_t,
    from_estimate,
    log_odds_ratio_to_smd,
    off_centre,
    r_from_f,
    r_from_p,
    r_from_t,
    smd_to_correlation,
    smd_to_log_odds_ratio,
    t_from_p,
    z_to_correlation,
)
from synthesis.effects.five_number import means_from_quantiles
from synthesis.effects.means import hedges_correction
from synthesis.effects.tables import tables_from_margins
from synthesis.errors import InvalidArgument
from tests.pooling.reference import blocks

BLOCKS = {block["id"]: block for block in blocks("effect_sizes")}
Z = 1.959963984540054  # 97.5 % quantile of the normal distribution
effect = st.floats(-3, 3)
size = st.integers(2, 400)


def differing(ours, theirs, scale):
    """How many numbers were compared, and which of them differ by more than 1e-8 of the number and 1e-12 of `scale`."""
    ours, theirs = np.asarray(ours), np.asarray(theirs, dtype=float)
    assert ours.shape == theirs.shape
    return theirs.size, theirs[~(np.abs(ours - theirs) <= 1e-8 * np.abs(theirs) + 1e-12 * scale)].tolist()


def wald():
    """Ours and metafor's effects and variances from odds ratios with their intervals."""
    given_, expected = BLOCKS["wald_a"]["inputs"], BLOCKS["wald_a"]["outputs"]
    found = from_estimate("OR", given_["out"], ratio=True, ci_low=given_["ci.lb"], ci_high=given_["ci.ub"])
    typical = float(np.median(expected["vi"]))
    return [(found.yi, expected["yi"], np.sqrt(typical)), (found.vi, expected["vi"], typical)]


def five_numbers():
    """Ours and metafor's means and standard deviations; our one method is both of those in the reference."""
    printed, outputs = dict(BLOCKS["five_number_a"]["inputs"]), BLOCKS["five_number_a"]["outputs"]
    printed = {{"min": "minimum", "max": "maximum"}.get(name, name): column for name, column in printed.items()}
    found = means_from_quantiles(**printed, test=False)
    return [pair for one in outputs.values() for pair in ((found.mean, one["mean"], 1.0), (found.sd, one["sd"], 1.0))]


ARGUMENTS = {"ipft_absx": "n", "dtomd_sd2": "sd"}  # outputs of the reference that take a further number


def transformations():
    """Ours and metafor's transformed numbers; `absx` in a name: of absolute values; `sd2`: sd = 2."""
    inputs, outputs = BLOCKS["transformations_a"]["inputs"], BLOCKS["transformations_a"]["outputs"]
    values = {"n": inputs["ni"], "sd": 2.0}
    return [
        (
            transform(
                np.abs(inputs["x"]) if name.endswith("_absx") else inputs["x"],
                name.removesuffix("_absx").removesuffix("_sd2"),
                **({ARGUMENTS[name]: values[ARGUMENTS[name]]} if name in ARGUMENTS else {}),
            ),
            expected,
            1.0,
        )
        for name, expected in outputs.items()
    ]


@pytest.mark.parametrize(
    ("compared", "count"),
    [
        (wald, 2 * 37),  # an effect and a variance for each odds ratio
        (five_numbers, 2 * 2 * 4),  # a mean and a standard deviation by two names of one method for four samples
        (transformations, 20 * 4),  # twenty functions of four numbers
    ],
)
def test_against_metafor(compared, count):
    """Three blocks of the reference, whole."""
    results = [differing(*one) for one in compared()]

    assert sum(number for number, _ in results) == count
    assert [wrong for _, wrong in results if wrong] == []


@pytest.mark.parametrize(
    ("block", "column", "way"), [("smd_from_t_a", "ti", d_from_t), ("smd_from_p_a", "pi", d_from_p)]
)
def test_d_of_a_test_against_metafor(block, column, way):
    """Hedges' g and the point-biserial correlation from t and from signed p: 2 x 4 numbers each."""
    given_, outputs = BLOCKS[block]["inputs"], {one["measure"]: one["result"] for one in BLOCKS[block]["outputs"]}
    n1, n2 = np.array(given_["n1i"], dtype=float), np.array(given_["n2i"], dtype=float)
    d = way(given_[column], n1, n2)

    assert differing(hedges_correction(n1 + n2 - 2) * d, outputs["SMD"]["yi"], 1.0) == (4, [])
    assert differing(smd_to_correlation(d, d, n1, n2)[0], outputs["RPB"]["yi"], 1.0) == (4, [])


def test_correlations_of_tests_against_metafor():
    """The correlations that metafor takes from t."""
    given_, outputs = BLOCKS["cor_from_t_a"]["inputs"], BLOCKS["cor_from_t_a"]["outputs"]

    assert differing(r_from_t(given_["ti"], given_["ni"]), outputs[0]["result"]["yi"], 1.0) == (3, [])


@given(t=st.floats(-8, 8), n1=size, n2=size)
def test_t_f_and_p_say_the_same(t, n1, n2):
    """One d, and one correlation, from t, from F = t^2 with its sign, and from the exact p of t with its sign."""
    from scipy.special import stdtr

    n, p = n1 + n2, float(2 * stdtr(n1 + n2 - 2, -abs(t)))
    signed = p if t >= 0 else -p

    assert d_from_f(t * t, n1, n2, sign=t) == pytest.approx(d_from_t(t, n1, n2), rel=1e-12)
    assert r_from_f(t * t, n, sign=t) == pytest.approx(r_from_t(t, n), rel=1e-12)
    assert d_from_p(signed, n1, n2) == pytest.approx(d_from_t(t, n1, n2), rel=1e-7, abs=1e-7)
    assert r_from_p(signed, n) == pytest.approx(r_from_t(t, n), rel=1e-7, abs=1e-7)


@given(t=st.floats(-8, 8), n1=size, n2=size)
def test_d_and_r_of_one_t(t, n1, n2):
    """The correlation of a t is that of the d of the same t."""
    d = d_from_t(t, n1, n2)

    if n1 + n2 > 4:
        assert smd_to_correlation(d, d, n1, n2)[0] == pytest.approx(r_from_t(t, n1 + n2), rel=1e-12)


THERE_AND_BACK = {
    "odds ratio, logistic": (log_odds_ratio_to_smd, smd_to_log_odds_ratio),
    "odds ratio, normal": (
        lambda y, v: log_odds_ratio_to_smd(y, v, "normal"), lambda y, v: smd_to_log_odds_ratio(y, v, "normal"),
    ),
    "correlation": (smd_to_correlation, correlation_to_smd),
    "correlation, sizes": (
        lambda y, v: smd_to_correlation(y, v, 20, 35), lambda y, v: correlation_to_smd(y, v, 20, 35),
    ),
    "Fisher's z": (z_to_correlation, correlation_to_z),
}  # fmt: skip


@pytest.mark.parametrize("kind", THERE_AND_BACK)
@given(y=effect, v=st.floats(0.001, 10))
def test_there_and_back(kind, y, v):
    """A conversion and its inverse give back effect and variance."""
    there, back = THERE_AND_BACK[kind]

    np.testing.assert_allclose(back(*there(np.array([y]), np.array([v]))), ([y], [v]), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("kind", THERE_AND_BACK)
@given(y=effect)
def test_variances_by_the_delta_method(kind, y):
    """The variance is multiplied by the square of the slope, here a central difference."""
    there, _ = THERE_AND_BACK[kind]
    step, one = 1e-5, np.ones(1)
    slope = (there(np.array([y + step]), one)[0] - there(np.array([y - step]), one)[0]) / (2 * step)

    assert there(np.array([y]), one)[1] == pytest.approx(slope**2, rel=1e-6)


def test_the_normal_form():
    """A log odds ratio of 1.65 is an SMD of 1 where normal distributions are cut (Cox and Snell 1989)."""
    assert [float(one[0]) for one in log_odds_ratio_to_smd(np.array([1.65]), np.array([1.65**2]), "normal")] == [1, 1]


@given(y=effect.filter(lambda y: abs(y) > 0.01), se=st.floats(0.01, 2))
def test_a_printed_z(y, se):
    """The statistic of a z test gives the standard error of the log."""
    found = from_estimate("OR", [np.exp(y)], ratio=True, z=[y / se])

    assert found.vi[0] == pytest.approx(se**2, rel=1e-9)


def test_each_interval_has_its_level():
    """Row by row, 95 % and 90 % intervals."""
    bounds = {"ci_low": [1 - Z, 1 - 1.6448536269514722], "ci_high": [1 + Z, 1 + 1.6448536269514722]}
    found = from_estimate("MD", [1.0, 1.0], ratio=False, level=[0.95, 0.9], **bounds)

    assert found.vi.tolist() == pytest.approx([1.0, 1.0])


def test_conversions_take_any_shape():
    """Estimates of shape (2, 2) give effects of that shape; t of shape (2, 1) meets sizes of shape (3,)."""
    found = from_estimate("OR", [[1.0, 2.0], [3.0, 4.0]], ratio=True, se=0.5)

    assert found.yi.shape == (2, 2)
    assert d_from_t([[1.0], [2.0]], [10, 20, 30], 10).shape == (2, 3)


def test_an_interval_on_another_scale():
    """An interval that is symmetric for the ratio is not so for its log, and the other way round."""
    assert off_centre([1.5], [1.0], [2.0], ratio=True).tolist() == [True]
    assert off_centre([1.5, 1.45], [1.0, 1.02], [2.0, 2.08], ratio=False).tolist() == [False, True]
    assert off_centre([1.45], [1.02], [2.08], ratio=True).tolist() == [False]


REFUSED = {
    "p must lie between 0 and 1, 0 excluded; negative for a negative effect: rows 1, 3": (
        t_from_p, ([0, 0.5, 1.5], 10),
    ),
    "degrees of freedom must be greater than 0: row 1": (t_from_p, (0.5, 0)),
    "groups must have at least one person: row 2": (d_from_t, (1, [5, 0], 5)),
    "F must not be below 0: row 2": (d_from_f, ([1, -1], 5, 5, 1)),
    "sign must be above or below 0: row 1": (r_from_f, (2, 10, 0)),
    "a correlation needs more than two people: row 1": (r_from_t, (2, 2)),
    "correlations must lie between -1 and 1, both excluded: row 2": (correlation_to_smd, ([0.1, 1.0], 1)),
    "no form 'normall': did you mean 'normal'?": (log_odds_ratio_to_smd, (1.0, 1.0, "normall")),
    "yi must be numbers, not text": (z_to_correlation, (["high"], [1.0])),
    "columns must be of one length: yi 2, vi 3": (smd_to_correlation, ([1.0, 2.0], [1.0, 1.0, 1.0])),
    "give the sizes of both groups, n1i and n2i, or of neither": (smd_to_correlation, (1.0, 1.0, 5)),
    "groups must have at least one person, and three together: row 1": (smd_to_correlation, (1.0, 1.0, 1, 1)),
}  # fmt: skip


@pytest.mark.parametrize("message", REFUSED)
def test_numbers_that_cannot_be(message):
    """One message with the numbers of the rows."""
    way, arguments = REFUSED[message]
    with pytest.raises(InvalidArgument) as refused:
        way(*arguments)

    assert str(refused.value) == message


@pytest.mark.parametrize(
    "way",
    [
        correlation_to_smd, correlation_to_z, log_odds_ratio_to_smd, smd_to_correlation, smd_to_log_odds_ratio,
        z_to_correlation,
    ],
)  # fmt: skip
def test_conversions_take_lists(way):
    """A list gives what its array gives, None what NaN gives."""
    there = way([0.2, 0.4, None], [0.1, 0.3, 0.2])

    np.testing.assert_array_equal(there, way(np.array([0.2, 0.4, np.nan]), np.array([0.1, 0.3, 0.2])))


def test_columns_by_name():
    """What is taken from printed numbers takes the names of columns of `data`, as `escalc` does."""
    data = {"e": [1.5, 2.0], "s": [0.1, 0.2], "n": [40, 60], "m": [5, 6], "a": [1, 2], "b": [9, 11], "g": [20, 30]}

    by_name = from_estimate("OR", "e", se="s", ratio=True, data=data)
    np.testing.assert_array_equal(by_name.vi, from_estimate("OR", data["e"], se=data["s"], ratio=True).vi)
    means = means_from_quantiles("n", "m", minimum="a", maximum="b", data=data)
    again = means_from_quantiles(data["n"], data["m"], minimum=data["a"], maximum=data["b"])
    np.testing.assert_array_equal(means.sd, again.sd)
    tables = tables_from_margins("n", "g", "b", ori="e", data=data)
    np.testing.assert_array_equal(tables.ai, tables_from_margins(data["n"], data["g"], data["b"], ori=data["e"]).ai)
    with pytest.raises(InvalidArgument, match="no column 'mm' in data: did you mean 'm'"):
        means_from_quantiles("n", "mm", minimum="a", maximum="b", data=data)


def test_a_statistic_of_the_other_sign():
    """A ratio below 1 has no positive z."""
    with pytest.raises(InvalidArgument, match="z and the effect must have the same sign: row 2"):
        from_estimate("OR", [2.0, 0.5], ratio=True, z=[1.0, 1.0])
