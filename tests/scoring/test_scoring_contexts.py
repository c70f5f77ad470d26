"""What a rule may know beside the studies: the facts of the pool, and what people judged of an intervention."""

import math

import pytest

from synthesis.pipeline import pool_review
from synthesis.scoring.contexts import modality_contexts, row_contexts
from synthesis.scoring.reading.rule_file import load_rule
from tests.crosscheck.made import REVIEW, made

JUDGED = '[modalities.programme.judgements]\nspecific = {is = true, because = "said so"}\n'
RULE = """\
rule: mine
title: What is asked
grades: intervention and outcome
provenance: [{source: invented, says: nothing, verified: ours}]
asks: {specific: {of: intervention, kind: truth, says: it is specific}}
findings: [{is: seen}]
studies: [{is: seen}]
features:
  shown: {value: k + i2 + estimate + ci_low + ci_high + upper + worthwhile + people + weight_high_risk}
clauses:
  - {clause: specific, gives: good, when: specific, says: judged specific, verified: ours}
  - {clause: all else, gives: bad, says: all else, verified: ours}
outputs: {bad: {colour: red, label: bad}, good: {colour: green, label: good}}
"""


def contexts(folder, by=modality_contexts, review=REVIEW + JUDGED, **studies):
    loaded = made(folder, review=review, **studies)
    (folder / "rules").mkdir()
    (folder / "rules/mine.yaml").write_text(RULE)
    return by(pool_review(loaded), loaded.records.review, load_rule("mine", folder))


def test_a_pool_is_benefit_coded(tmp_path):
    """One trial of 12/100 against 32/100: the log risk ratio with its sign turned, 200 people, 5 % worthwhile."""
    found = contexts(tmp_path)["support", "reoffending"]
    se = math.sqrt(1 / 12 - 1 / 100 + 1 / 32 - 1 / 100)

    assert found["estimate"] == pytest.approx(math.log(32 / 12), rel=1e-12)
    assert found["ci_low"] == pytest.approx(math.log(32 / 12) - 1.959963984540054 * se, rel=1e-9)
    assert found["upper"] == pytest.approx(math.log(32 / 12) + 1.6448536269514722 * se, rel=1e-9)
    assert (found["k"], found["people"], found["worthwhile"]) == (1, 200, 0.05)


def test_what_is_not_known_is_left_out(tmp_path):
    """No risk of bias is judged, and one trial has no heterogeneity: neither is there."""
    assert {"weight_high_risk", "i2"} & set(contexts(tmp_path)["support", "reoffending"]) == set()


def test_judgements_are_of_their_modality(tmp_path):
    """What was judged of one modality holds for all its outcomes, and for no other modality."""
    found = contexts(tmp_path)

    assert found["programme", "drug_use"] == {"specific": True}
    assert "specific" not in found["support", "reoffending"]


def test_a_row_has_what_its_modalities_share(tmp_path):
    """Row J is of two modalities: one judgement and one pool are not those of the other."""
    both = JUDGED + JUDGED.replace("programme", "support")

    assert contexts(tmp_path, row_contexts, REVIEW + both)["J", "drug_use"] == {"specific": True}
    assert contexts(tmp_path / "one", row_contexts)["J", "drug_use"] == {}


def test_a_rule_that_asks_for_nothing_gets_nothing(tmp_path):
    """No pool is looked at for a rule of counts alone."""
    loaded = made(tmp_path)

    assert modality_contexts(pool_review(loaded), loaded.records.review, load_rule("pdtsrg-2009")) == {}
