"""Every measure against metafor's `escalc`."""

import numpy as np
import pytest

from synthesis.effects import escalc, from_estimate, smd_from_d
from synthesis.effects.means import standardised_mean_difference
from tests.pooling.reference import blocks

BLOCKS = {block["id"]: block for block in blocks("effect_sizes")}
CASES = [
    (name, number)
    for name, block in BLOCKS.items()
    if isinstance(block["outputs"], list)
    for number in range(len(block["outputs"]))
]
OPTIONS = {"add", "to", "drop00", "vtype"}


def computed(inputs, case):
    """Our effects for one case of the reference; two of its inputs and options are functions of their own here."""
    given = {name: column for name, column in inputs.items() if name != "source"}
    options = case.get("options") or {}
    if "di" in given and "ai" not in given:
        return smd_from_d(**given, **options)
    if "correct" in options:
        return standardised_mean_difference(**given, **options)
    assert set(options) <= OPTIONS
    return escalc(case["measure"], **given, **options)


def assert_close(ours, theirs, scale):
    """Equal to 1e-8 of the number and 1e-12 of the scale; where the reference has none, neither have we."""
    expected = np.array([np.nan if value is None or isinstance(value, str) else value for value in theirs])
    assert (np.isnan(ours) == np.isnan(expected)).all()
    assert (np.abs(ours - expected) <= 1e-8 * np.abs(expected) + 1e-12 * scale)[~np.isnan(expected)].all()


@pytest.mark.parametrize(("name", "number"), CASES)
def test_escalc(name, number):
    """Effects and variances of each measure with each option."""
    case = BLOCKS[name]["outputs"][number]
    found, expected = computed(BLOCKS[name]["inputs"], case), case["result"]
    typical = float(np.nanmedian(found.vi))

    assert_close(found.yi, expected["yi"], np.sqrt(typical))
    assert_close(found.vi, expected["vi"], typical)


def test_all_measures_are_compared():
    """67 cases of the seven measures that are computed from numbers of groups; the hazard ratio has none."""
    measures = [BLOCKS[name]["outputs"][number]["measure"] for name, number in CASES]

    assert set(measures) == {"OR", "RR", "RD", "MD", "SMD", "IRR"}
    assert len(CASES) == 3 + 3 + 24 + 8 + 1 + 6 + 6


def test_printed_intervals():
    """37 odds ratios with their 95 % intervals, as `conv.wald` takes them."""
    given, expected = BLOCKS["wald_a"]["inputs"], BLOCKS["wald_a"]["outputs"]
    bounds = {"ci_low": given["ci.lb"], "ci_high": given["ci.ub"]}
    found = from_estimate("OR", given["out"], ratio=True, **bounds)

    assert_close(found.yi, expected["yi"], 1.0)
    assert_close(found.vi, expected["vi"], 1.0)
    assert len(found) == 37
