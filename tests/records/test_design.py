"""What the words of a design mean, and what contradicts what."""

import pytest

from synthesis.records.design import OF_ALLOCATION, OF_METHOD, contradictions, known_of
from synthesis.records.study import ALLOCATIONS, METHODS, NOT_STATED, Design

MEANING = [
    (Design(), {}),
    (Design("randomised"), {"method": "randomised trial", "randomised": True, "comparison": True}),
    (Design("matched"), {"randomised": False, "comparison": True, "controls": "adequate"}),
    (Design("statistically controlled"), {"randomised": False, "comparison": True, "controls": "adequate"}),
    (Design("nonequivalent"), {"randomised": False, "comparison": True}),
    (Design("self-selected"), {"randomised": False, "comparison": True}),
    (
        Design("before-after"),
        {"method": "before-after", "randomised": False, "comparison": False, "measured_before": True},
    ),
    (Design("cross-sectional"), {"method": "cross-section", "randomised": False, "measured_before": False}),
    (
        Design("cross-sectional", controls="adequate"),
        {"controls": "adequate", "randomised": False, "measured_before": False},
    ),
    (Design(unit="individual"), {"several_units": True}),
    (Design(unit="cluster", clusters=40), {}),
    (Design(analysed_as_allocated=False), {"sound": False}),
    (Design(analysed_as_allocated=True), {}),
    (
        Design(method="difference in differences"),
        {"method": "difference in differences", "comparison": True, "measured_before": True},
    ),
    (Design(method="panel regression"), {"method": "panel regression"}),
]  # fmt: skip


@pytest.mark.parametrize(("design", "known"), MEANING)
def test_what_a_word_means(design, known):
    """What follows by definition, and nothing that is merely likely."""
    assert known_of(design) == known


def test_a_stated_field_wins():
    """What the record states of a field is what is known of it, whatever another field means."""
    design = Design(
        "before-after", "individual", analysed_as_allocated=False, method="interrupted time series",
        comparison=True, measured_before=False, controls="none", several_units=False, sound=True,
    )  # fmt: skip

    assert known_of(design) == {
        "method": "interrupted time series", "comparison": True, "measured_before": False, "controls": "none",
        "several_units": False, "sound": True, "randomised": False,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("design", "told"),
    [
        (Design("matched", controls="none"), "`controls: none` contradicts `allocation: matched`"),
        (Design("matched", method="randomised trial"), "`allocation: matched` contradicts `method: randomised trial`"),
        (
            Design("cross-sectional", measured_before=True),
            "`measured_before: true` contradicts `allocation: cross-sectional`",
        ),
        (
            Design(method="synthetic control", comparison=False),
            "`comparison: false` contradicts `method: synthetic control`",
        ),
        (Design(unit="individual", several_units=False), "`several_units: false` contradicts `unit: individual`"),
        (Design(analysed_as_allocated=False, sound=True), "`sound: true` contradicts `analysed_as_allocated: false`"),
    ],
)  # fmt: skip
def test_a_contradiction(design, told):
    """Two fields that cannot both be, each pair once."""
    ((first, second),) = contradictions(design)
    assert f"{first} contradicts {second}" == told


@pytest.mark.parametrize("method", METHODS)
def test_a_randomised_study_may_be_analysed_by_any_method(method):
    """Only a method that rules a random comparison out contradicts the allocation."""
    found = list(contradictions(Design("randomised", method=method)))
    assert bool(found) == (method == "before-after")


def test_every_word_is_one_of_a_record():
    """Each allocation has its meaning; only methods that exist have one; no short code is a word."""
    assert set(OF_ALLOCATION) == set(ALLOCATIONS)
    assert set(OF_METHOD) < set(METHODS)
    assert all(meaning.get("method", NOT_STATED) in (*METHODS, NOT_STATED) for meaning in OF_ALLOCATION.values())
    assert len(set(METHODS.values())) == len(METHODS)
    assert not set(METHODS.values()) & set(METHODS)
