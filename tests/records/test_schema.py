"""The JSON Schemas say of a record and of review.toml what their readers say."""

import os
import tomllib
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from synthesis.errors import InvalidArgument, InvalidData
from synthesis.records.edit import Bare, leaves, with_scalars
from synthesis.records.nodes import compose
from synthesis.records.protocol import read_review
from synthesis.records.read import read_study
from synthesis.records.scalars import NOT_TEXT_12
from synthesis.records.schema import schema
from synthesis.records.trees import Leaf, tree
from tests.records.example import REVIEW, STUDY, spoilt
from tests.records.test_every_field import TEMPLATE, TEXT
from tests.records.test_format_page import EFFECTS, PROTOCOL, RECORD
from tests.records.test_mistakes import COUNTS, MARYLAND, MEANS

ROOT = Path(__file__).parents[2]
SHIPPED = sorted((ROOT / "studies").glob("*.yaml"))
OF_RECORD = Draft202012Validator(schema("record"))
OF_REVIEW = Draft202012Validator(schema("review"))
EXAMPLE = read_review(REVIEW)
SHAPE = ("SY103", "SY104", "SY105", "SY106", "SY107", "SY108", "SY114")  # the faults that a schema can see


def instance(found):
    """A record as an editor of YAML 1.2 hands it to a schema: plain scalars by the core schema."""
    if isinstance(found, dict):
        return {name: instance(inner) for name, inner in found.items()}
    if isinstance(found, list):
        return [instance(inner) for inner in found]
    assert isinstance(found, Leaf)
    text = found.text
    if found.style or not NOT_TEXT_12.fullmatch(text):
        return text
    words = {"true": True, "false": False, "": None, "~": None, "null": None}
    if text.lower() in words:
        return words[text.lower()]
    return int(text) if text.lstrip("+-").isdigit() else float(text)


def of_record(text):
    return [error.message for error in OF_RECORD.iter_errors(instance(tree(compose(text, "")[0])))]


@pytest.mark.parametrize("kind", ["record", "review"])
def test_a_schema_is_one(kind):
    """By the metaschema of draft 2020-12."""
    Draft202012Validator.check_schema(schema(kind))


def test_every_shipped_record_is_valid():
    """All of studies/, and review.toml, with the names of the review, too."""
    review = read_review((ROOT / "review.toml").read_text(encoding="utf-8"))
    named = Draft202012Validator(schema("record", review))
    assert len(SHIPPED) > 300
    for path in SHIPPED:
        data = instance(tree(compose(path.read_text(encoding="utf-8"), "")[0]))
        assert not list(OF_RECORD.iter_errors(data)), path
        assert not list(named.iter_errors(data)), path
    assert not list(OF_REVIEW.iter_errors(tomllib.loads((ROOT / "review.toml").read_text(encoding="utf-8"))))


def test_the_examples_are_valid():
    """Of the page on the format, of the template, and the record that has every field."""
    texts = [RECORD, TEXT, STUDY, (TEMPLATE / "example2020.yaml").read_text(encoding="utf-8")]
    texts += [RECORD.replace("effect: {events: [32, 120], control_events: [88, 120]}", e) for e in EFFECTS.splitlines()]

    assert [of_record(text) for text in texts] == [[]] * len(texts)
    for text in (PROTOCOL, (TEMPLATE / "review.toml").read_text(encoding="utf-8"), REVIEW):
        assert not list(OF_REVIEW.iter_errors(tomllib.loads(text)))


MISTAKES = [  # what stands there, what is put there: each is wrong by the reader and by the schema
    ("study: doe2001\n", ""),
    ("cite: [Doe2001]", "cite: {Doe2001: 1}"),
    ("cite: [Doe2001]", "cite: [Doe2001, Doe2001]"),
    ("evidence_set: update", "evidenceset: update"),
    ("evidence_set: update", "evidence_set:"),
    ("  n: 240", '  n: "240"'),
    ("  n: 240", "  n: 4:00"),
    ("  n: 240", "  n: 0"),
    ("  n: 240", "  n: 2.5"),
    ("  n: 240", "  people: 240"),
    ("setting: prison", "setting: no"),
    ("setting: prison", "setting: Prison"),
    ("setting: prison", "setting: true"),
    ("setting: prison", "described: true"),
    ("setting: prison", 'described: " "'),
    ("female: 0.1", "female: 10%"),
    ("female: 0.1", "female: 10"),
    ("female: 0.1", "female: 0,1"),
    ("allocation: randomised", "allocation: randomized"),
    ("unit: individual,", "unit: individual, analysed_as_allocated: yes,"),
    ("unit: individual,", "unit: individual, method: did,"),
    ("unit: individual,", "unit: individual, comparison: none,"),
    ("unit: individual,", "unit: individual, measured_before: 1,"),
    ("unit: individual,", 'unit: individual, sound: "true",'),
    ("unit: individual,", "unit: cluster, clusters: 1,"),
    ("level: 5, ", "level: 6, "),
    ("level: 5, ", 'level: "5", '),
    ("level: 5, ", ""),
    (MARYLAND, MARYLAND.replace("document", "doc")),
    (MARYLAND, "maryland: 5"),
    ("label: CBT, ", ""),
    ("label: CBT, ", "label: CBT, people: 3, "),
    ("  wait: {label", "  wait: [label"[:8] + " {lable"),
    ("  - modality: cbt\n", "  - modality:\n"),
    ("comparator: none", "comparator: no"),
    ("time: {class: short, months: 4}", "time: {class: soon}"),
    ("time: {class: short, months: 4}", "time: {months: -1}"),
    ("time: {class: short, months: 4}", "time: short"),
    ("direction: effective", "direction: good"),
    ("significant: yes", "significant: true"),
    (COUNTS, "{events: [32], control_events: [88, 120]}"),
    (COUNTS, "{events: 32, control_events: [88, 120]}"),
    (COUNTS, "{control_events: [88, 120]}"),
    (COUNTS, "{sd: 3, events: [32, 120], control_events: [88, 120]}"),
    (COUNTS, "{events: [32, 1.5], control_events: [88, 120]}"),
    (COUNTS, "{}"),
    (COUNTS, "{measure: OR, estimate: 0.5}"),
    (COUNTS, "{measure: or, estimate: 0.5, se: 0.2}"),
    (COUNTS, "{measure: OR, estimate: 0.5, p: 0}"),
    (COUNTS, "{measure: OR, estimate: 0.5, p: <0.05}"),
    (COUNTS, "{measure: OR, estimate: 0.5, se: 0}"),
    (COUNTS, "{measure: OR, estimate: 0.5, ci: [0.1, 0.9], ci_level: 95}"),
    (COUNTS, "{estimate: 0.5, se: 0.1}"),
    (MEANS, MEANS.replace("sd: 4.7", "sd: -1")),
    (MEANS, MEANS.replace("n: 20, ", "")),
    ("findings:\n", "risk_of_bias: {blinding: low}\nfindings:\n"),
    ("findings:\n", "risk_of_bias: {overall: medium}\nfindings:\n"),
    ("findings:\n", "judgements: {a: {is: true}}\nfindings:\n"),
    ("findings:\n", "judgements: {A b: {is: true, because: x}}\nfindings:\n"),
    ("findings:\n", "accept: {codes: [SY204]}\nfindings:\n"),
    ("findings:\n", "accept: {codes: [204], because: x}\nfindings:\n"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new"), MISTAKES)
def test_a_mistake_is_one_by_both(old, new):
    """What the reader refuses, an editor underlines."""
    text = spoilt(STUDY, old, new)

    assert read_study(text, "s", "doe2001", EXAMPLE)[1]
    assert of_record(text)


VALUES = ["words", "12", "0.5", "-3", "true", "not stated", "[a, b]", "{a: b}", '"12"', "''", "5"]
PLACES = sorted({path for path, _ in leaves(tree(compose(TEXT, "")[0]))}, key=str)


def put(path, value):
    """The record with every field, and one value of it written as given."""
    return with_scalars(TEXT, {path: Bare("TOKEN")}).replace("TOKEN", value)


@pytest.mark.parametrize("path", PLACES if os.environ.get("SYNTH_FULL") else PLACES[::6], ids=str)
def test_any_value_is_right_or_wrong_by_both(path):
    """Words, numbers, truths, lists and quoted numbers, in each field: reader and schema agree on all."""
    seen = {}
    for value in VALUES:
        text = put(path, value)
        problems = read_study(text, "s", "doe2001", EXAMPLE)[1]
        shape = [str(problem) for problem in problems if problem.code in SHAPE]
        by_schema = of_record(text)
        if (shape and not by_schema) or (by_schema and not problems):
            seen[value] = shape, by_schema

    assert seen == {}


REVIEW_MISTAKES = [
    ('title = "Example"\n', ""), ('title = "Example"', "title = 3"), ('rule = "pdtsrg-2009"', "rules = 1"),
    ('method = "REML"', 'method = "reml"'), ("level = [4, 5]", "level = [4, 6]"), ("level = [4, 5]", "level = []"),
    ("level = [4, 5]", "level = 4"), ("rho = 0.6", "rho = 1.5"), ("rho = 0.6", 'rho = "0.6"'),
    ("rho = 0.6", 'follow_up = "later"'), ("rho = 0.6", 'measure = { binary = "SMD" }'),
    ("rho = 0.6", "measure = { other = 1 }"), ("rho = 0.6", 'comparators = ["nothing"]'), ('label = "Update"', ""),
    ('label = "Update"', 'label = "Update"\nliving = "yes"'), ('better = "lower"', 'better = "less"'),
    ("{ RR = 0.05 }", "{ RR = -1 }"), ("{ RR = 0.05 }", "{ NNT = 1 }"),
    ('population = ["offenders"]', "population = [1]"),
    ('population = ["offenders"]', 'population = "offenders"'), ('label = "CBT"', ""), ('code = "A"', "codes = 1"),
    ("[populations]\n", "[populations]\nb = 3\n"), ("[populations]\n", "[prisma]\na = -1\n[populations]\n"),
    ("[populations]\n", "[prisma]\na = 1.5\n[populations]\n"),
    ("[[rows]]\n", "[modalities.cbt.judgements.s]\nis = true\n[[rows]]\n"),
    ("[[rows]]\n", '[modalities.cbt.judgements."S x"]\nis = true\nbecause = "b"\n[[rows]]\n'),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new"), REVIEW_MISTAKES)
def test_a_mistake_in_review_toml_is_one_by_both(old, new):
    """What the reader refuses, an editor underlines."""
    text = spoilt(REVIEW, old, new)
    with pytest.raises(InvalidData):
        read_review(text)

    assert list(OF_REVIEW.iter_errors(tomllib.loads(text)))


def test_the_names_of_a_review_can_be_offered():
    """With them, a name that review.toml does not declare is wrong."""
    named = Draft202012Validator(schema("record", EXAMPLE))
    text = STUDY.replace("modality: cbt", "modality: cbd")
    assert not of_record(text)
    assert list(named.iter_errors(instance(tree(compose(text, "")[0]))))
    assert not list(named.iter_errors(instance(tree(compose(STUDY, "")[0]))))


def test_another_kind():
    """A kind of file without a schema is refused with the nearest one."""
    with pytest.raises(InvalidArgument, match="did you mean 'record'"):
        schema("records")
