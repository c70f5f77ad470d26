"""Egger's test."""

import json

import numpy as np
import pytest
from hypothesis import assume, given

from synthesis.errors import InvalidArgument
from synthesis.sensitivity import egger
from tests.pooling.reference import blocks
from tests.pooling.strategies import studies

REFERENCE = {block["id"]: block for block in blocks("publication_bias")}
Y, V = [0.1, 0.9, 0.45, 0.3, 0.2], [0.04, 0.05, 0.2, 0.1, 0.15]


def close(value):
    """Equal to 1e-8 of the value."""
    return pytest.approx(value, rel=1e-8, abs=1e-12)


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
