"""What is told of the fields of a record is what its reader knows."""

from dataclasses import fields as names_of

import pytest
import yaml

from synthesis.records import parts, protocol, read, review
from synthesis.records.effects import FIELDS as EFFECT_NAMES
from synthesis.records.fields import (
    ARM,
    DESIGN,
    EFFECT,
    FINDING,
    JUDGEMENT,
    LEVEL,
    RISK,
    SAMPLE,
    SOURCE,
    STUDY,
    WAIVER,
    field_at,
    values_of,
)  # fmt: skip
from synthesis.records.review_fields import DEFAULTS, EVIDENCE_SET, MODALITY, OUTCOME, REVIEW, ROW
from synthesis.records.study import DOMAINS
from tests.records.test_every_field import TEMPLATE

OF_RECORDS = [
    (STUDY, read.STUDY), (FINDING, read.FINDING), (SAMPLE, read.SAMPLE), (ARM, read.ARM), (DESIGN, parts.DESIGN),
    (LEVEL, parts.LEVEL), (SOURCE, parts.SOURCE), (WAIVER, parts.WAIVER), (RISK, parts.RISK),
    (JUDGEMENT, parts.JUDGEMENT), (EFFECT, EFFECT_NAMES), (FINDING.fields["time"], read.TIME),
    (FINDING.fields["reported"], read.REPORTED), (FINDING.fields["limited"], {"because"}),
    (STUDY.fields["risk_of_bias"], set(DOMAINS)),
]  # fmt: skip
OF_REVIEWS = [
    (REVIEW, review.Review), (OUTCOME, review.Outcome), (MODALITY, review.Modality), (ROW, review.Row),
    (EVIDENCE_SET, review.EvidenceSet), (DEFAULTS, review.Defaults),
]  # fmt: skip


@pytest.mark.parametrize(("told", "known"), OF_RECORDS)
def test_the_fields_of_a_record_are_those_of_its_reader(told, known):
    """No field is told that the reader does not know, and none is left out."""
    assert set(told.fields) == set(known)


@pytest.mark.parametrize(("told", "kind"), OF_REVIEWS)
def test_the_keys_of_review_toml_are_those_of_its_reader(told, kind):
    """The same for the tables of review.toml."""
    assert set(told.fields) == {field.name for field in names_of(kind)} - {"key", "where"}


def test_measures_and_words_come_from_the_reader():
    """The tables within [defaults] and the outcomes have the reader's names."""
    assert set(DEFAULTS.fields["measure"].fields) == set(protocol.FAMILIES)
    assert set(OUTCOME.fields["smallest_worthwhile"].fields) == set(protocol.MEASURES)


def test_every_field_is_explained():
    """In a few words, for a hover."""
    told = [field for whole in (STUDY, REVIEW) for _, field in values_of(whole)]

    assert len(told) > 100
    assert all(3 <= len(field.about) < 120 for field in told)


def orders(data, before=()):
    """Every mapping of a record, with the path to it."""
    if isinstance(data, dict):
        yield before, list(data)
    for name, inner in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        yield from orders(inner, (*before, name))


def test_the_order_is_that_of_the_template():
    """New fields go where the example of `synth init` has them."""
    data = yaml.safe_load((TEMPLATE / "example2020.yaml").read_text(encoding="utf-8"))
    for path, names in orders(data):
        if path not in {("arms",), ("judgements",)}:
            known = list(field_at(path).fields)
            assert names == sorted(names, key=known.index), path
