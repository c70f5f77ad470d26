"""Every number of the reference, on ordinary and on extreme data."""

import math

import pytest

from synthesis.pooling import TAU2, TESTS, pool
from tests.pooling.reference import CRITERIA, MEAN, MODEL, Comparison, blocks

ORDINARY = {block["id"]: block for block in blocks("pooling")}
EXTREME = {block["id"]: block for block in blocks("edge_cases")}
HAVE = set(TAU2) - {"DLMH"}  # metafor has no DLMH


def compared(block, rtol):
    """All methods and tests of one block against ours."""
    inputs = block["inputs"]
    found = Comparison(inputs, rtol)
    for method, expected in block["outputs"]["methods"].items():
        for test, mean in expected["tests"].items():
            ours = pool(**only_effects(inputs), method=method, test=test)
            compare(found, (block["id"], method, test), ours, expected, mean)
    return found


def only_effects(inputs):
    return {"yi": inputs["yi"], "vi": inputs["vi"]}


def compare(found, where, ours, expected, mean):
    """One method and test: the mean always; what needs two studies, only where there are two."""
    found.fields(where, ours, MEAN, mean)
    if ours.k == 1:
        return
    found.fields(where, ours, MODEL, expected)
    found.fields(where, ours, CRITERIA, expected["fit_stats"]["REML" if ours.method == "REML" else "ML"])
    profile(found, where, ours, expected.get("ci_qprofile"))
    if ours.k > 2 and mean["riley"]:
        found.value(where, "pi_low", ours.pi_low, mean["riley"]["pi.lb"])
        found.value(where, "pi_high", ours.pi_high, mean["riley"]["pi.ub"])


def profile(found, where, ours, expected):
    """The Q-profile interval, where metafor has it and did not cut it off; an empty one is None in ours."""
    if not expected or "error" in expected or ">" in expected["ub.sign"]:
        return
    if expected["ci.null"]:
        found.count += 1
        if (ours.tau2_ci_low, ours.tau2_ci_high) != (None, None):
            found.differences.append((where, "ci.null"))
        return
    for theirs, name in {"tau2": "tau2", "I2": "i2", "H2": "h2"}.items():
        found.value(where, f"{name}_ci_low", getattr(ours, f"{name}_ci_low"), expected[theirs]["ci.lb"])
        found.value(where, f"{name}_ci_high", getattr(ours, f"{name}_ci_high"), expected[theirs]["ci.ub"])


@pytest.mark.parametrize("name", ORDINARY)
def test_ordinary_data(name):
    """Every method with every test, within 1e-8."""
    assert compared(ORDINARY[name], 1e-8).differences == []


@pytest.mark.parametrize("name", EXTREME)
def test_extreme_data(name):
    """The same on extreme scales, ratios and numbers of studies, within 1e-6."""
    assert compared(EXTREME[name], 1e-6).differences == []


def offered(k, methods, tests, *, empty=False):
    """How many numbers the reference has for these methods and tests, counted by hand.

    Of the mean 7, without df for z; of the model 6, and 6 of the Q-profile interval (one mark where it is empty) and
    2 of the prediction interval, all less what EE does not have; 4 of the likelihood. One study has only a mean.
    """
    fits = methods * tests
    if k == 1:
        return 6 * fits
    estimated = fits - tests  # all but EE
    prediction = 2 * estimated if k > 2 else 0
    return (7 * fits - methods) + (6 * fits - tests) + (1 if empty else 6) * estimated + prediction + 4 * fits


@pytest.mark.parametrize("name", ORDINARY)
def test_ordinary_data_are_compared_whole(name):
    """No method, test or number drops out of the comparison unseen."""
    methods = ORDINARY[name]["outputs"]["methods"]

    assert set(methods) == HAVE
    assert all(set(one["tests"]) == set(TESTS) for one in methods.values())
    assert compared(ORDINARY[name], 1e-8).count == offered(13, len(HAVE), len(TESTS))


@pytest.mark.parametrize("name", EXTREME)
def test_extreme_data_are_compared_whole(name):
    """The same for extreme data: EB once has no reference, equal estimates have no t, two blocks empty intervals."""
    k, methods = len(EXTREME[name]["inputs"]["yi"]), len(HAVE) - (name == "wide_variance_ratio")
    expected = offered(k, methods, 3, empty=name in ("all_equal", "boundary_zero"))

    assert compared(EXTREME[name], 1e-6).count == expected - (methods if name == "all_equal" else 0)


@pytest.mark.parametrize("name", ORDINARY)
def test_a_given_tau2(name):
    """tau2 known from elsewhere is used as it is."""
    inputs, expected = only_effects(ORDINARY[name]["inputs"]), ORDINARY[name]["outputs"]["other"]["fixed_tau2"]
    ours = pool(**inputs, tau2=expected["tau2_given"], test="z")
    found = Comparison(inputs, 1e-8)
    found.fields(name, ours, MEAN | {"tau2": "tau2", "I2": "i2", "H2": "h2"}, expected)

    assert found.differences == []
    assert found.count == 9
    assert (ours.method, ours.tau2_se) == ("given", None)


@pytest.mark.parametrize("name", ORDINARY)
def test_weights_of_ones_own(name):
    """Equal weights in place of 1 / (v + tau2), and no likelihood."""
    inputs, expected = only_effects(ORDINARY[name]["inputs"]), ORDINARY[name]["outputs"]["other"]["unweighted_REML"]
    ours = pool(**inputs, weights=[1] * len(inputs["yi"]), test="z")
    found = Comparison(inputs, 1e-8)
    found.fields(name, ours, MEAN | MODEL, expected)

    assert found.differences == []
    assert ours.log_likelihood is None


@pytest.mark.parametrize("name", ORDINARY)
def test_another_level(name):
    """Intervals of 90 %."""
    inputs, expected = only_effects(ORDINARY[name]["inputs"]), ORDINARY[name]["outputs"]["other"]["level_90_REML_knha"]
    ours = pool(**inputs, test="knha", level=0.9)
    found = Comparison(inputs, 1e-8)
    found.fields(name, ours, {"b": "estimate", "ci.lb": "ci_low", "ci.ub": "ci_high"}, expected)

    assert found.differences == []


def test_q_profile_is_not_cut_off():
    """The upper bound of tau2 on normand1999 is 2889.45 for every estimator; metafor stops at ten times tau2."""
    inputs = only_effects(ORDINARY["normand1999_md"]["inputs"])

    for method in HAVE - {"EE"}:
        assert math.isclose(pool(**inputs, method=method).tau2_ci_high, 2889.4513, abs_tol=5e-5)
