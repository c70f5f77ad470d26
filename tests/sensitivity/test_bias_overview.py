"""All methods against small-study effects and selection on the same studies: laws that hold for each of them."""

import json
from dataclasses import replace

import numpy as np
import pytest

from synthesis.errors import InvalidArgument
from synthesis.sensitivity.overview.bias import bias_overview
from synthesis.sensitivity.overview.bias_methods import BIAS
from synthesis.sensitivity.overview.subject import Subject, attempts
from tests.pooling.reference import blocks

BCG = next(block["inputs"] for block in blocks("publication_bias") if block["id"] == "bcg_rr")
STUDIES = Subject(
    tuple(f"s{row}" for row in range(13)), np.array(BCG["yi"]), np.array(BCG["vi"]), "REML", "adhoc", 0.95
)  # fmt: skip
EFFECTS = ("estimate", "ci_low", "ci_high")
TESTS = ("p_effect", "p_bias", "count")


@pytest.fixture(scope="module")
def whole():
    """All methods on the BCG trials."""
    return bias_overview(STUDIES)


def numbers(finding, names):
    return [getattr(finding.numbers, name) for name in names]


def near(values):
    return [None if value is None else pytest.approx(value, rel=2e-5, abs=1e-9) for value in values]


@pytest.mark.parametrize("unit", [1e-6, 1e6])
def test_a_change_of_units_changes_only_the_units(whole, unit):
    """Effects go with the unit; p-values, counts, cautions and verdicts stay."""
    scaled = bias_overview(replace(STUDIES, yi=unit * STUDIES.yi, vi=unit**2 * STUDIES.vi))

    for one, other in zip(whole.findings, scaled.findings, strict=True):
        effects = [None if value is None else value / unit for value in numbers(other, EFFECTS)]
        assert effects == near(numbers(one, EFFECTS)), one.name
        assert numbers(other, TESTS) == near(numbers(one, TESTS)), one.name
        assert (other.usable, [each.name for each in other.cautions]) == (
            one.usable, [each.name for each in one.cautions]
        )  # fmt: skip


def test_turning_all_signs_turns_the_effects(whole):
    """The favoured side turns with them, for it is that of the mean."""
    turned = bias_overview(replace(STUDIES, yi=-STUDIES.yi))

    assert (whole.side, turned.side) == ("less", "greater")
    for one, other in zip(whole.findings, turned.findings, strict=True):
        estimate, low, high = numbers(other, EFFECTS)
        told = [None if value is None else -value for value in (estimate, high, low)]
        assert told == near(numbers(one, EFFECTS)), one.name
        assert numbers(other, TESTS) == near(numbers(one, TESTS)), one.name


def test_the_order_of_the_studies_changes_nothing(whole):
    """Backwards."""
    back = bias_overview(replace(STUDIES, yi=STUDIES.yi[::-1], vi=STUDIES.vi[::-1]))

    for one, other in zip(whole.findings, back.findings, strict=True):
        assert numbers(other, (*EFFECTS, *TESTS)) == near(numbers(one, (*EFFECTS, *TESTS))), one.name


def test_everything_is_fit_for_json(whole):
    """No number that JSON has no word for, in the overview and in each whole result."""
    json.dumps(whole.to_dict(), allow_nan=False)
    for one in whole.findings:
        json.dumps(one.result.to_dict(), allow_nan=False)


def test_a_name_is_looked_up(whole):
    """A finding by its name, the nearest of a mistyped one, and every name of BIAS in one of two lists."""
    assert whole.finding("egger").kind == "test"
    with pytest.raises(InvalidArgument, match="egger"):
        whole.finding("eger")
    with pytest.raises(InvalidArgument, match="pet-peese"):
        bias_overview(STUDIES, ["petpeese"])
    assert {one.name for one in whole.findings} | {name for name, _ in whole.left_out} == set(BIAS)


def test_the_verdict_counts_what_is_usable(whole):
    """The numbers in the sentences are those of the findings."""
    tests = [one for one in whole.findings if one.kind == "test" and one.usable]
    shown = [one for one in tests if one.numbers.p_bias < 0.10]

    assert f"Of {len(tests)} usable tests of asymmetry {len(shown)} find it" in whole.verdict


def test_selection_is_shown_where_the_model_says_so():
    """Teacher expectancy, where metafor's test of one step has p .078: not shown, as the model's own verdict says."""
    inputs = next(block["inputs"] for block in blocks("publication_bias") if block["id"] == "raudenbush1985_smd")
    names = tuple(f"s{row}" for row in range(len(inputs["yi"])))
    studies = replace(STUDIES, names=names, yi=np.array(inputs["yi"]), vi=np.array(inputs["vi"]))
    one, other = bias_overview(studies, ["step function", "beta"]).findings

    assert round(one.numbers.p_bias, 3) == 0.078
    assert one.says == "selection not shown"
    assert "no proof that there is none" in one.result.verdict
    assert other.says == "selection shown"
    assert "as far as selection works as the model says" in other.result.verdict


def test_a_method_that_all_pools_refuse_is_the_mistake():
    """One reason for all, and a pool of three studies or more among them; else each pool has its own reason."""

    def refuse(subject):
        raise InvalidArgument("no such thing")

    with pytest.raises(InvalidArgument, match="no such thing"):
        attempts([STUDIES, STUDIES], refuse)
    single = replace(STUDIES, names=("a",), yi=STUDIES.yi[:1], vi=STUDIES.vi[:1])
    assert [one.problem for one in attempts([single], refuse)] == ["no such thing"]
