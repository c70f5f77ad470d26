"""The living evidence as a rule sees it: same contrasts as the pools, direction from the effect where there is one."""

import math

import pytest

from synthesis.pipeline import matrix_of, pool_review
from synthesis.scoring.living import (
    LIVING_FAVOURABLE,
    by_modality,
    by_row,
    favourable,
    of_every_level,
    readings_of,
    reported,
)
from synthesis.scoring.matrix import LIVING, LIVING_ALL, LIVING_REPORTED
from tests.crosscheck.made import REVIEW, made

CELL = ("J", "reoffending")


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    return made(tmp_path_factory.mktemp("living"))


@pytest.fixture(scope="module")
def evidence(loaded):
    return pool_review(loaded)


def says(findings):
    return [(one.study, one.direction, one.significant, one.direction_basis) for one in findings]


def test_direction_comes_from_the_effect_where_there_is_one(evidence):
    """Words count only where there are no numbers: a benefit that is not significant is no difference."""
    assert says(by_modality(evidence)["programme", "reoffending"]) == [
        ("alpha2001", "effective", "yes", "computed"),
        ("beta2002", "ineffective", "no", "computed"),
        ("gamma2003", "effective", "yes", "reported"),
    ]


def test_reported_direction_goes_before_the_effect_in_its_own_reading(evidence):
    """What the source says stands; where it says nothing, the effect speaks."""
    assert says(by_modality(evidence, reported)["programme", "reoffending"])[:2] == [
        ("alpha2001", "effective", "yes", "computed"),
        ("beta2002", "effective", "yes", "reported"),
    ]


def test_favourable_counts(evidence):
    """In favour and not significant is effective, not significant; a significant effect stays what it is."""
    assert says(by_modality(evidence, favourable)["programme", "reoffending"])[:2] == [
        ("alpha2001", "effective", "yes", "computed"),
        ("beta2002", "effective", "no", "computed"),
    ]


def test_an_effect_against_treatment_is_not_favourable(tmp_path):
    """Not significant and against treatment stays no difference."""
    worse = "effect: {events: [40, 100], control_events: [31, 100]}"
    loaded = made(tmp_path)
    text = (loaded.root / "studies/beta2002.yaml").read_text()
    changed = made(tmp_path, beta2002=text.replace("effect: {events: [20, 100], control_events: [31, 100]}", worse))
    found = by_modality(pool_review(changed), favourable)["programme", "reoffending"]

    assert says(found)[1] == ("beta2002", "ineffective", "no", "computed")


def test_active_comparators_have_their_own_reading(evidence):
    """The pools' contrasts leave active comparators out; the reading over all comparators has them."""
    default, everything = by_modality(evidence), by_modality(evidence, every=True)
    key = ("programme", "reoffending")

    assert len(everything[key]) == len(default[key]) + 1
    assert everything[key][-1].effect == "RR 0.22 [0.12, 0.44]"


def test_a_row_takes_all_its_modalities_and_no_others(evidence, loaded):
    """Two modalities of one row make one cell; a modality without a row, and an outcome without a column, make none."""
    cells = by_row(by_modality(evidence), loaded.records.review)

    assert list(cells) == [CELL]
    assert {one.study for one in cells[CELL]} == {"alpha2001", "beta2002", "gamma2003", "delta2004"}


def test_findings_lead_to_their_source(evidence):
    """Each finding names its document, the place in it, and the line of its record."""
    found = by_modality(evidence)["programme", "reoffending"][0]

    assert found.source == "Alpha2001, p. 7, Table 2"
    assert (found.place.path, found.place.line) == ("studies/alpha2001.yaml", 10)
    assert found.effect == "RR 0.33 [0.17, 0.64]"


def test_the_readings_of_a_cell(loaded, evidence):
    """Every reading of the living evidence is in the matrix, and each scores its own findings."""
    scores = matrix_of(loaded, evidence).cell(*CELL).scores
    states = {
        name: [study.state for study in score.studies if study.state in {"limited", "ineffective"}]
        for name, score in scores.items()
    }

    assert [one.name for one in readings_of(evidence, loaded.records.review)][-1] == LIVING_FAVOURABLE
    assert states[LIVING] == ["ineffective"]
    assert states[LIVING_FAVOURABLE] == ["limited"]
    assert states[LIVING_REPORTED] == []
    assert len(scores[LIVING_ALL].studies) == 4


def test_the_policy_of_the_review_leads(tmp_path):
    """`policy = "cautious"` in review.toml makes the cautious reading the headline of the matrix."""
    loaded = made(tmp_path, review=REVIEW.replace('title = "Invented"', 'title = "Invented"\npolicy = "cautious"'))

    assert matrix_of(loaded).headline == "living, cautious"


def facts_of(loaded, study, key=("programme", "reoffending"), years=None):
    found = by_modality(pool_review(loaded), years=years)[key]
    return dict(next(one for one in found if one.study == study).facts)


def with_effect(folder, effect):
    """The review with another effect in alpha2001."""
    text = (made(folder).root / "studies/alpha2001.yaml").read_text()
    old = "effect: {events: [10, 100], control_events: [30, 100]}"
    assert old in text
    return made(folder, alpha2001=text.replace(old, effect))


def test_an_effect_is_a_benefit_coded_smd(loaded):
    """10/100 against 30/100: the log odds ratio by sqrt(3) / pi, less being better."""
    expected = math.log(30 * 90 / (10 * 70)) * math.sqrt(3) / math.pi

    assert facts_of(loaded, "alpha2001")["effect"] == pytest.approx(expected, rel=1e-12)


def test_a_printed_odds_ratio_is_an_smd_and_a_risk_ratio_is_none(tmp_path):
    """An odds ratio needs no counts; a ratio of risks or of hazards without them stays unknown."""
    printed = with_effect(tmp_path, "effect: {measure: OR, estimate: 0.5, ci: [0.3, 0.8]}")
    assert facts_of(printed, "alpha2001")["effect"] == pytest.approx(math.log(2) * math.sqrt(3) / math.pi, rel=1e-12)
    for measure in ("RR", "HR"):
        found = facts_of(
            with_effect(tmp_path, f"effect: {{measure: {measure}, estimate: 0.5, ci: [0.3, 0.8]}}"), "alpha2001"
        )
        assert "effect" not in found
        assert found["favours"] == "benefit"


def test_a_finding_knows_its_record(loaded):
    """Design, comparator, people of its arms, level of the trial, and the year where one is given."""
    found = facts_of(loaded, "beta2002", years={"beta2002": 2002})

    assert (found["randomised"], found["comparator"], found["n"]) == (True, "usual care", 200)
    assert (found["trial_level"], found["year"], found["report"]) == (5, 2002, "Beta2002")


def test_which_way_a_result_points(loaded):
    """The sign of the effect, significant or not; the words where there is no effect."""
    assert facts_of(loaded, "beta2002")["favours"] == "benefit"
    assert facts_of(loaded, "gamma2003")["favours"] == "benefit"


def test_both_directions_stay_with_a_finding(evidence):
    """Where words and effect disagree each reading keeps what the other says; where they agree nothing is said."""
    key = ("programme", "reoffending")
    computed, told = by_modality(evidence)[key], by_modality(evidence, reported)[key]

    assert computed[1].beside == "reported: effective, significant: yes"
    assert told[1].beside == "computed: ineffective, significant: no"
    assert {computed[0].beside, computed[2].beside} == {""}


def test_every_level_takes_what_the_pools_leave_out(tmp_path):
    """A trial of level 2 and an active comparator are there for a rule that admits them."""
    text = (made(tmp_path).root / "studies/beta2002.yaml").read_text()
    loaded = made(tmp_path, beta2002=text.replace("level: 5", "level: 2"))
    evidence, review = pool_review(loaded), loaded.records.review
    key = ("programme", "reoffending")
    every = of_every_level(loaded.records.studies, review, evidence.options)[key]

    assert [one.study for one in by_modality(evidence)[key]] == ["alpha2001", "gamma2003"]
    assert [(one.study, one.level) for one in every] == [
        ("alpha2001", 5), ("beta2002", 2), ("gamma2003", 4), ("gamma2003", 4)
    ]  # fmt: skip


def test_a_policy_of_the_rule_can_lead(tmp_path):
    """Any policy that review.toml names makes a reading of its own, and leads the matrix."""
    review = REVIEW.replace('title = "Invented"', 'title = "Invented"\npolicy = "three-are-several"')
    matrix = matrix_of(made(tmp_path, review=review))

    assert matrix.headline == "living, three-are-several"
    assert matrix.cell(*CELL).scores[matrix.headline].clause == "1(b)"
