"""What the results of this room have in common: text, plain values, rules, and refusals."""

import json

import numpy as np
import pytest

from synthesis.errors import InvalidArgument
from synthesis.sensitivity.selection import (
    RULES,
    TYPES,
    assumed_selection,
    copas,
    p_curve,
    p_uniform,
    p_uniform_star,
    selection_model,
)
from synthesis.sensitivity.selection.rules import finding
from tests.sensitivity import fooling
from tests.sensitivity.selection.test_p_curve import SQUARES, STUDIES

CALLS = {
    "selection_model": selection_model,
    "assumed_selection": assumed_selection,
    "p_curve": p_curve,
    "p_uniform": p_uniform,
    "p_uniform_star": p_uniform_star,
    "copas": lambda y, v: copas(y, v, probabilities=(0.9, 0.5), grid=3),
}
DATA = ("unbiased", "one_outlier", "two_clusters", "pure_selection", "three", "alike")


@pytest.mark.parametrize("name", DATA)
@pytest.mark.parametrize("call", CALLS)
def test_every_result_says_what_it_can_tell(call, name):
    """Text that ends in the verdict, values fit for JSON, and findings with their rules and sources."""
    result = CALLS[call](*getattr(fooling, name)())
    plain = json.loads(json.dumps(result.to_dict(), allow_nan=False))

    assert result.summary().endswith(f"{result.verdict}\n")
    assert plain["verdict"] == result.verdict
    assert plain["usable"] is result.usable
    assert {one["rule"] for one in plain["findings"]} <= set(RULES)
    assert all(one["source"] for one in plain["findings"])
    assert result.usable is not any(one["decides"] for one in plain["findings"])


def test_every_rule_has_a_source_and_is_known():
    """A finding of a rule that does not exist is a mistake of ours."""
    assert all(rule.source for rule in RULES.values())
    with pytest.raises(KeyError, match="did you mean 'few'"):
        finding("fev", "")


@pytest.mark.parametrize("kind", TYPES)
def test_one_study_is_too_few_and_two_are_named_so(kind):
    """A single study cannot carry a model; of two the verdict says that they are a guess."""
    with pytest.raises(InvalidArgument, match="there must be more studies"):
        selection_model([0.3], [0.1], kind)
    assert "few" in {rule for rule, _ in selection_model([0.5, 0.1], [0.02, 0.04], kind, profile=False).findings}


@pytest.mark.parametrize("call", ["p_curve", "p_uniform", "p_uniform_star", "assumed_selection"])
def test_effects_that_cannot_be_used(call):
    """Missing effects and variances that are none are refused with their rows."""
    with pytest.raises(InvalidArgument, match=r"yi is missing or not a number.*row 2"):
        CALLS[call]([0.1, np.nan, 0.2], [0.1, 0.1, 0.1])
    with pytest.raises(InvalidArgument, match=r"vi, a sampling variance.*row 3"):
        CALLS[call]([0.1, 0.1, 0.2], [0.1, 0.1, 0.0])


@pytest.mark.parametrize(
    ("options", "rows"),
    [
        ({"steps": 0.025, "delta": (1, 0)}, "rows 1, 2, 4"),
        ({"steps": (0.025, 0.5), "delta": (1, None, 0)}, "row 4"),
        ({"type": "trunc", "delta": 0}, "row 4"),
    ],
)
def test_a_weight_of_0_where_studies_are(options, rows):
    """Studies that could not be there are refused by their rows."""
    y, v = np.array([0.5, 0.3, 0.9, -0.1]), np.array([0.1, 0.2, 0.1, 0.3])

    with pytest.raises(InvalidArgument, match=f"holds studies.*: {rows}$"):
        selection_model(y, v, **options)


def test_delta_with_which_no_study_would_be_selected():
    """A likelihood of 0 to double precision is refused, not given as minus infinity."""
    with pytest.raises(InvalidArgument, match="no study at all"):
        selection_model([0.5, 0.3, 0.9], [0.1, 0.2, 0.1], "beta", delta=(1e5, 1e5), largest=1e6)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"largest": 10**400}, "upper bound of delta"),
        ({"decreasing": "x"}, "must be True or False"),
        ({"decreasing": None}, "must be True or False"),
        ({"largest": 0.5}, "upper bound of delta"),
        ({"steps": 1.0}, "a p-value below 1"),
        ({"type": "negexp", "steps": (0.05, 0.1)}, "takes one p-value"),
        ({"type": "trunc", "steps": (0.1, 0.2)}, "takes one cut"),
        ({"decreasing": True, "delta": (1, 0.5)}, "give one of both"),
        ({"type": "negexp", "prec": "ninv", "ni": [1.0]}, "ni has 1 rows"),
        ({"type": "negexp", "prec": "sd"}, "no measure of precision 'sd'"),
        ({"level": 95}, "level must be between 0 and 1"),
    ],
)
def test_more_refusals(options, words):
    """Each with what to do."""
    with pytest.raises(InvalidArgument, match=words):
        selection_model(*fooling.unbiased(), **options)


def test_measures_of_precision():
    """Sampling variances, and sample sizes that are their inverse, are the same measure."""
    y, v = fooling.unbiased()
    one = selection_model(y, v, "negexp", prec="vi", profile=False)
    other = selection_model(y, v, "negexp", prec="ninv", ni=4 / v, profile=False)

    assert other.delta[0].estimate == pytest.approx(one.delta[0].estimate, rel=1e-9)


def test_a_cut_from_above():
    """For effects below 0 the cut names the other side."""
    y, v = STUDIES, SQUARES
    one = selection_model(y, v, "trunc", steps=0.4, profile=False)
    other = selection_model(-y, v, "trunc", steps=-0.4, alternative="less", profile=False)

    assert [one.delta[1].name, other.delta[1].name] == ["delta1: effects below 0.4", "delta1: effects above -0.4"]
    assert other.delta[1].estimate == pytest.approx(one.delta[1].estimate, rel=1e-9)
    assert other.estimate == pytest.approx(-one.estimate, rel=1e-9)


def test_without_profiles():
    """Profile intervals are left out on request, and said to be."""
    fit = selection_model(*fooling.unbiased(), profile=False)

    assert fit.mean.profile_low is None
    assert fit.reason("profile_low") == "not asked for"


def test_one_study_in_p_uniform():
    """A single significant study has an estimate with a wide interval, and the verdict says so."""
    found = p_uniform([0.9], [0.04])

    assert found.ci_low < found.estimate < found.ci_high
    assert "One significant study" in found.verdict
    assert p_uniform_star([0.9], [0.04]).usable is False
