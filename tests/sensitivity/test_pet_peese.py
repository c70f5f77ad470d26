"""PET-PEESE."""

import json

import numpy as np
import pytest

from synthesis.errors import InvalidArgument
from synthesis.sensitivity.small_studies.named_tests import egger
from synthesis.sensitivity.small_studies.pet_peese import pet_peese
from tests.sensitivity import fooling
from tests.sensitivity.fooling import REFERENCE, Counted, columns

CALLS = {
    "pet_wls": {}, "peese_wls": {}, "pet_EE": {"method": "EE", "test": "z"}, "peese_EE": {"method": "EE", "test": "z"},
    "pet_REML": {"test": "z"}, "peese_REML": {"test": "z"}, "pet_REML_knha": {"test": "knha"},
}  # fmt: skip
FIELDS = {"b": ("estimate", "slope"), "se": ("se", "slope_se"), "t": ("statistic", "slope_statistic")}
FIELDS |= {"stat": FIELDS["t"], "pval": ("p_value", "slope_p_value"), "ci.lb": ("ci_low",), "ci.ub": ("ci_high",)}
ONE = {"b": "estimate", "se": "se", "t": "statistic", "pval": "p_value", "sigma": "residual_sd"}


def compared(name):
    """The whole block `pet_peese` of one data set, compared."""
    seen, outputs = Counted(name), REFERENCE[name]["outputs"]["pet_peese"]
    for call, options in CALLS.items():
        found = pet_peese(*columns(name), model="rma" if options else "wls", **options)
        one, expected = getattr(found, call.split("_")[0]), outputs[call]
        for theirs, fields in FIELDS.items():
            for place, ours in enumerate(fields if theirs in expected else ()):
                seen.value(ours, getattr(one, ours), expected[theirs][place])
        seen.value("residual_sd", one.residual_sd, expected.get("sigma"))
        seen.value("df", one.df, np.ravel(expected["df"])[0])
    for theirs, ours in ONE.items():
        seen.value(ours, getattr(found.uwls, ours), outputs["uwls"][theirs])
    return seen


@pytest.mark.parametrize("name", REFERENCE)
def test_lm_and_rma_of_r(name):
    """PET, PEESE and the unrestricted weighted mean by `lm`, and by metafor's `rma` with EE and REML."""
    assert compared(name).differences == []


def test_how_much_of_the_reference_is_compared():
    """Eight fits on six data sets: 438 numbers."""
    assert sum(compared(name).count for name in REFERENCE) == 438


def test_pet_is_the_limit_of_eggers_line():
    """The same line: PET's estimate is the limit, its slope the bias."""
    y, v = columns("li2007_or")
    pet, line = pet_peese(y, v).pet, egger(y, v)

    assert (pet.estimate, pet.slope) == (pytest.approx(line.limit_estimate), pytest.approx(line.bias))


@pytest.mark.parametrize(("effect", "chosen"), [(0.0, "PET"), (0.5, "PEESE"), (-0.5, "PEESE")])
def test_which_is_chosen(effect, chosen):
    """PEESE where PET finds an effect, else PET; turned signs turn nothing else."""
    y, v = fooling.unbiased()
    found = pet_peese(y - 0.2 + effect, v)

    assert found.chosen == chosen
    assert found.adjusted == (found.pet if chosen == "PET" else found.peese)


def test_an_effect_on_the_other_side_is_no_effect():
    """A PET far below 0 under a mean above 0 is no evidence for it: PET is taken, and the verdict tells of it."""
    v = fooling.WIDE
    found = pet_peese(-0.3 + 2.5 * np.sqrt(v) + 0.1 * fooling.even(30) * np.sqrt(v), v)

    assert (found.chosen, found.pet.p_value < 0.01, found.pet.estimate < 0 < found.uwls.estimate) == ("PET", True, True)
    assert "opposite sign" in found.verdict.names


@pytest.mark.parametrize(
    ("studies_", "usable", "cautions"),
    [
        (fooling.unbiased, True, set()),
        (fooling.one_outlier, True, {"one study far away"}),
        (fooling.two_clusters, True, set()),
        (fooling.pure_selection, True, {"all significant"}),
        (fooling.three, False, {"fewer than 20 studies"}),
        (fooling.alike, False, {"fewer than 20 studies"}),
    ],
)
def test_on_studies_made_to_fool_it(studies_, usable, cautions):
    """The verdict says where it is unreliable and why."""
    found = pet_peese(*studies_())

    assert found.verdict.usable == usable
    assert set(found.verdict.names) >= cautions


def test_two_groups_of_studies_are_taken_for_bias():
    """Small studies of people in whom it works better: PET gives the large ones' effect and calls the rest bias."""
    y, v = fooling.two_clusters()
    found = pet_peese(y, v)

    assert found.pet.ci_high < found.uwls.estimate
    assert "whether the asymmetry is bias at all" in found.verdict.cannot_tell


def test_pure_selection_is_mostly_undone():
    """No effect at all, and only significant results: the mean is far from 0, PET near it."""
    found = pet_peese(*fooling.pure_selection())

    assert abs(found.pet.estimate) < 0.25 * found.uwls.estimate


def test_without_a_spread_of_errors():
    """No line, and so neither PET nor PEESE; the mean stands."""
    found = pet_peese([0.1, 0.2, 0.4], [0.1, 0.1, 0.1])

    assert (found.pet, found.peese, found.chosen, found.adjusted) == (None, None, None, None)
    assert found.reason("pet") == "the predictor is the same for all studies"
    assert found.uwls.estimate == pytest.approx(0.7 / 3)
    assert not found.verdict.usable


@pytest.mark.parametrize("unit", [1e-9, 1e9])
def test_a_change_of_units_changes_nothing_but_units(unit):
    """The choice stays; estimates have the new unit."""
    y, v = columns("bcg_rr")
    one, other = pet_peese(y, v), pet_peese(unit * y, unit**2 * v)

    assert other.chosen == one.chosen
    assert other.peese.estimate == pytest.approx(unit * one.peese.estimate, rel=1e-9)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"model": "lm"}, "no model 'lm'"),
        ({"alpha": 5}, "alpha must be above 0 and below 0.5"),
        ({"model": "rma", "test": "kr"}, "no test 'kr' of meta-regression"),
    ],
)
def test_what_is_refused(options, message):
    """One error that says what is wrong and what to do."""
    with pytest.raises(InvalidArgument, match=message):
        pet_peese([0.1, 0.2, 0.3], [0.1, 0.1, 0.2], **options)
    with pytest.raises(InvalidArgument, match="more than one study"):
        pet_peese([0.1], [0.1])


def test_a_result_is_text_and_json():
    """The summary ends with the verdict; the dictionary is JSON, also without a line."""
    for given in (columns("bcg_rr"), ([0.1, 0.2], [0.1, 0.2])):
        found = pet_peese(*given)
        assert "verdict: " in found.summary()
        assert json.loads(json.dumps(found.to_dict(), allow_nan=False))["chosen"] == found.chosen


@pytest.mark.parametrize("level", [0.1, 0.0, -7e8])
def test_effects_that_are_all_equal(level):
    """They are the adjusted mean; there is no residual to test by, with the reason, and no p from rounding."""
    found = pet_peese([level] * 5, [0.01, 0.02, 0.05, 0.1, 0.3])

    for name, one in (("pet", found.pet), ("peese", found.peese), ("uwls", found.uwls)):
        assert (one.estimate, one.se, one.statistic, one.p_value) == (level, 0.0, None, None)
        assert found.reason(name).startswith("the effects lie on one line")
    assert (found.pet.slope, found.pet.slope_p_value) == (0.0, None)
    assert json.loads(json.dumps(found.to_dict(), allow_nan=False))["chosen"] == "PET"
