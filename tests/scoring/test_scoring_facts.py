"""What a rule sees of a record: every fact that is known, by the names of the rule language."""

from dataclasses import replace

import pytest

from synthesis.records.study import (
    ALLOCATIONS,
    DOMAINS,
    NOT_STATED,
    Arm,
    Counts,
    Design,
    Estimate,
    Finding,
    Judgement,
    Level,
    Means,
    Place,
    Sample,
    Source,
    Study,
    Time,
)
from synthesis.scoring.facts import facts_of, facts_of_study, people_of
from synthesis.scoring.fields import FIELDS

PLACE = Place("studies/a.yaml", 1, 1)
FINDING = Finding(PLACE, "cbt", "use", Source("Doe2001", "p. 1"), "update", "cbt", "wait", "usual care")
STUDY = Study("a", PLACE, ("Doe2001",), "update", findings=(FINDING,))
ELSEWHERE = {"favours", "level", "direction", "significant", "limited", "basis", "effect", "outcome", "detail", "study"}

FULL = replace(
    STUDY,
    sample=Sample(240, ("men",), "men", "prison", "Australia", 0.25),
    design=Design(
        "nonequivalent", "cluster", 12, 0.02, 0.12, "minor differences", analysed_as_allocated=True,
        method="difference in differences", comparison=True, measured_before=True, controls="adequate",
        several_units=True, sound=True,
    ),
    maryland=Level(4),
    arms=(Arm("cbt", "CBT", 60), Arm("wait", "waiting", 70), Arm("other", "other", 110)),
    risk_of_bias=tuple((domain, "some concerns", None) for domain in DOMAINS),
    judgements=(
        Judgement("independent", value=True, because="x", place=PLACE),
        Judgement("sites", 2.0, "x", PLACE),
        Judgement("team", "York", "x", PLACE),
        Judgement("manual", None, "x", PLACE),
    ),
)  # fmt: skip


def design_facts(**design):
    """The facts that come from a design alone, beside what every finding here has."""
    return dict(facts_of(replace(STUDY, design=Design(**design)), FINDING)).items() - dict(COMMON).items()


COMMON = facts_of(STUDY, FINDING)


def test_every_fact_of_a_full_record():
    """Each under its name, once; an open judgement is left out; numbers are decimal numbers."""
    facts = facts_of(FULL, replace(FINDING, time=Time("medium", 9)), 2001)

    assert dict(facts) == {
        "randomised": False, "comparison": True, "pre_post": True, "several_units": True, "sound": True,
        "method": "difference in differences", "controls": "adequate", "comparability": "minor differences",
        "allocation": "nonequivalent", "unit": "cluster", "analysed_as_allocated": True, "attrition": 0.12,
        "n": 130.0, "months": 9.0, "time": "medium", "year": 2001.0, "trial_level": 4.0, "comparator": "usual care",
        "setting": "prison", "country": "Australia", "female": 0.25, "report": "Doe2001",
        "bias_randomisation": "some concerns", "bias_deviations": "some concerns",
        "bias_missing_data": "some concerns", "bias_measurement": "some concerns",
        "bias_reporting": "some concerns", "bias_overall": "some concerns",
        "independent": True, "sites": 2.0, "team": "York",
    }  # fmt: skip
    assert len(facts) == len(dict(facts))


def test_every_field_of_the_language_is_a_fact_or_comes_from_elsewhere():
    """The rule language has no field that nothing fills, and no fact is without a field."""
    facts = dict(facts_of(replace(FULL, judgements=()), replace(FINDING, time=Time("medium", 9)), 2001))

    assert set(FIELDS) == set(facts) | ELSEWHERE
    assert not set(facts) & ELSEWHERE


def test_what_is_not_stated_is_left_out():
    """An empty record says its comparator and its source, and nothing else."""
    assert COMMON == (("comparator", "usual care"), ("report", "Doe2001"))


@pytest.mark.parametrize("allocation", ALLOCATIONS)
def test_whether_it_is_randomised(allocation):
    """True for one allocation, false for any other, unknown where it is not stated."""
    facts = dict(facts_of(replace(STUDY, design=Design(allocation)), FINDING))
    assert facts.get("randomised") == (None if allocation == NOT_STATED else allocation == "randomised")


def test_what_a_randomised_study_of_individuals_is():
    """By definition, and no more: neither sound, nor measured before, nor controlled."""
    assert design_facts(allocation="randomised", unit="individual") == {
        ("allocation", "randomised"), ("unit", "individual"), ("randomised", True), ("comparison", True),
        ("method", "randomised trial"), ("several_units", True),
    }  # fmt: skip


def test_what_a_before_after_study_is():
    """There is no comparison group, and people were measured before."""
    assert design_facts(allocation="before-after") == {
        ("allocation", "before-after"), ("randomised", False), ("comparison", False), ("pre_post", True),
        ("method", "before-after"),
    }  # fmt: skip


def test_an_analysis_not_as_allocated_is_not_sound():
    """Unless the record says that it is; one as allocated may still be contaminated."""
    assert ("sound", False) in design_facts(analysed_as_allocated=False)
    assert ("sound", True) in design_facts(analysed_as_allocated=False, sound=True)
    assert design_facts(analysed_as_allocated=True) == {("analysed_as_allocated", True)}


@pytest.mark.parametrize(
    ("effect", "arms", "people"),
    [
        (Counts(1, 50, 2, 48), (60, 70), 98),
        (Means(1.0, 1.0, 20, 2.0, 1.0, 17), (60, 70), 37),
        (Estimate("OR", 0.5, 0.1), (60, 70), 130),
        (None, (60, 70), 130),
        (None, (60, None), 240),
        (None, (), 240),
    ],
)
def test_people_in_a_contrast(effect, arms, people):
    """Those of the effect, else of both arms, else of the sample."""
    named = tuple(Arm(key, key, n) for key, n in zip(("cbt", "wait"), arms, strict=False))
    study = replace(STUDY, arms=named, sample=Sample(240))

    assert people_of(study, replace(FINDING, effect=effect)) == people
    assert people_of(replace(study, sample=Sample(), arms=()), FINDING) is None


@pytest.mark.parametrize(
    ("time", "months"), [(Time("end of treatment", 3.0), 0.0), (Time("after treatment", 3.0), None), (Time(), None)]
)
def test_months_are_those_after_the_end_of_treatment(time, months):
    """As the moderators count them."""
    assert dict(facts_of(STUDY, replace(FINDING, time=time))).get("months") == months


@pytest.mark.parametrize("name", ["sound", "level", "direction"])
def test_a_judgement_never_stands_for_a_field(name):
    """A judgement that is named like a field is no fact, stated or not: the record has that field itself."""
    study = replace(STUDY, judgements=(Judgement(name, value=True, because="x", place=PLACE),))
    assert facts_of(study, FINDING) == COMMON


def test_what_is_known_of_a_study_alone():
    """All but what a finding says: `n` are the people of the sample, and the typed level is left out."""
    study, finding = facts_of_study(FULL, 2001), dict(facts_of(FULL, FINDING, 2001))

    assert finding.keys() - study.keys() == {"comparator", "report", "trial_level"}
    assert {name for name in study if study[name] != finding[name]} == {"n"}
    assert (study["n"], finding["n"], study["year"]) == (240, 130, 2001)
