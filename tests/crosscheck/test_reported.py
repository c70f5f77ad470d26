"""Words against numbers, and one evidence set against another."""

import pytest

from synthesis.crosscheck.reported import direction_notes, evidence_set_notes
from synthesis.errors import Severity
from synthesis.pipeline import pool_review
from tests.crosscheck.made import EFFECT, FINDING, OLD, STUDY, WORDS, made


def beta(what):
    """The record of beta2002 with other findings on its programme."""
    findings = (FINDING.format(modality="programme", comparator="none", what=each, report="Beta2002") for each in what)
    return STUDY.format(key="beta2002", report="Beta2002", level=5) + "".join(findings)


def codes(problems):
    return [problem.code for problem in problems]


def notes_on_direction(folder, events, words):
    what = f"{EFFECT.format(*events)}\n    {WORDS.format(*words)}"
    return list(direction_notes(pool_review(made(folder, beta2002=beta([what]))).effects))


BENEFIT, FAVOURABLE, AGAINST, HARM = (10, 30), (20, 31), (31, 25), (60, 20)


@pytest.mark.parametrize(
    ("events", "words", "disagree"),
    [
        (BENEFIT, ("effective", "yes"), False), (BENEFIT, ("effective", "no"), True),
        (BENEFIT, ("ineffective", "no"), True), (BENEFIT, ("contrary", "yes"), True),
        (BENEFIT, ("mixed", "not stated"), False), (BENEFIT, ("not stated", "not stated"), False),
        (FAVOURABLE, ("effective", "yes"), True), (FAVOURABLE, ("effective", "no"), False),
        (FAVOURABLE, ("effective", "not stated"), False), (FAVOURABLE, ("ineffective", "no"), False),
        (FAVOURABLE, ("contrary", "no"), True), (AGAINST, ("effective", "no"), True),
        (AGAINST, ("contrary", "no"), False), (HARM, ("contrary", "yes"), False), (HARM, ("ineffective", "no"), True),
    ],
)  # fmt: skip
def test_reported_against_computed_direction(tmp_path, events, words, disagree):
    """A note where words and numbers of one contrast cannot both be right."""
    assert codes(notes_on_direction(tmp_path, events, words)) == ["SY303"] * disagree


def test_the_note_names_both_and_its_line(tmp_path):
    """Words, effect and the place of the finding; it is a note, since both are evidence."""
    (note,) = notes_on_direction(tmp_path, FAVOURABLE, ("effective", "yes"))

    assert "reported as effective, significant: yes" in note.what
    assert "RR 0.65 [0.40, 1.05] shows no difference" in note.what
    assert (note.path, note.line, note.severity) == ("studies/beta2002.yaml", 10, Severity.NOTE)


def notes_on_sets(folder, *what):
    loaded = made(folder, beta2002=beta(what))
    studies = [study for study in loaded.records.studies if study.key == "beta2002"]
    return list(evidence_set_notes(studies, loaded.records.review, pool_review(loaded).effects))


def test_two_sets_that_contradict_each_other(tmp_path):
    """The report says it harmed, the study says it helped: both stand, and a note says so."""
    (note,) = notes_on_sets(tmp_path, WORDS.format("effective", "yes"), OLD.format("contrary", "yes"))

    assert note.code == "SY304"
    assert note.what == "beta2002, programme, reoffending: contrary in old, effective in new"
    assert note.severity is Severity.NOTE


def test_an_effect_speaks_where_words_are_missing(tmp_path):
    """Numbers of one set against words of the other."""
    (note,) = notes_on_sets(tmp_path, EFFECT.format(10, 30), OLD.format("ineffective", "no"))

    assert "ineffective in old, effective (computed) in new" in note.what


def test_sets_that_agree_somewhere_are_not_noted(tmp_path):
    """One direction in common is enough; mixed and not stated take no side."""
    both = [WORDS.format("effective", "yes"), WORDS.format("ineffective", "no"), OLD.format("ineffective", "no")]

    assert notes_on_sets(tmp_path, *both) == []
    assert notes_on_sets(tmp_path, WORDS.format("effective", "yes"), OLD.format("mixed", "no")) == []


def test_the_strongest_contrast_speaks_for_a_set(tmp_path):
    """A benefit among completers, level 2, does not hide that the trial as allocated shows none."""
    completers = WORDS.format("effective", "yes") + "\n    level: {level: 2, basis: completers only}"
    found = notes_on_sets(tmp_path, completers, WORDS.format("ineffective", "no"), OLD.format("effective", "yes"))

    assert codes(found) == ["SY304"]


def test_two_sets_with_different_levels(tmp_path):
    """The level that a set gives its strongest contrast is compared too."""
    old = OLD.format("effective", "yes") + "\n    level: {level: 4, basis: as the report says}"
    found = notes_on_sets(tmp_path, WORDS.format("effective", "yes"), old)

    assert [(note.code, note.what) for note in found] == [
        ("SY305", "beta2002, programme, reoffending: level 4 in old, level 5 in new")
    ]
