"""Judgements that no rule would see are told, with their place."""

from dataclasses import replace

import pytest

from synthesis.records.review import Modality, Review
from synthesis.records.study import Judgement, Place, Study
from synthesis.scoring.judgement_checks import judgement_problems
from synthesis.scoring.reading.rule_file import load_rule, rule_names

REVIEW = Review("", {}, {"m": Modality("m", "M")}, {}, {})
RULES = [load_rule(name) for name in rule_names()]
PLACE = Place("studies/a.yaml", 7, 3)


def problems(name, value):
    """What is told of one judgement of one study."""
    study = Study("a", PLACE, (), "update", judgements=(Judgement(name, value, "so", PLACE),))
    return list(judgement_problems([study], REVIEW, RULES))


@pytest.mark.parametrize(
    ("name", "value"),
    [("independent", True), ("independent", None), ("quality", "high"), ("team", "York")],
)
def test_what_a_rule_can_use_is_not_told(name, value):
    """A judgement of the kind that some rule asks for, or one that is left open."""
    assert problems(name, value) == []


@pytest.mark.parametrize(
    ("name", "value", "code", "remedy"),
    [
        ("independant", True, "SY307", "did you mean 'independent'?"),
        ("independent", "maybe", "SY308", "write true or false"),
        ("independent", 3.0, "SY308", "write true or false"),
        ("independent", float("nan"), "SY308", "write true or false"),
        ("quality", True, "SY308", "write one of high, moderate, low"),
        ("quality", "superb", "SY308", "write one of high, moderate, low"),
        ("team", 3.0, "SY308", "write words"),
    ],
)
def test_what_none_can_use_is_told(name, value, code, remedy):
    """A misspelt name, and a value of another kind, each with its place and a remedy."""
    (found,) = problems(name, value)

    assert (found.code, found.path, found.line, found.column) == (code, "studies/a.yaml", 7, 3)
    assert remedy in found.remedy


def test_judgements_of_a_modality():
    """What is asked of interventions is judged in review.toml; what is asked of studies is not asked there."""
    judged = (Judgement("specificity", True, "so", PLACE), Judgement("independent", True, "so", PLACE))
    review = replace(REVIEW, modalities={"m": replace(REVIEW.modalities["m"], judgements=judged)})

    assert [found.code for found in judgement_problems([], review, RULES)] == ["SY307"]
