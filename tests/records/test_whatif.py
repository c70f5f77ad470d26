"""A record with one value changed: that value and nothing else, whatever way it is written."""

import re

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from synthesis.errors import InvalidArgument
from synthesis.records.nodes import compose
from synthesis.records.protocol import read_review
from synthesis.records.read import read_study
from synthesis.records.study import Judgement
from synthesis.records.whatif import changed
from tests.records.example import REVIEW, STUDY
from tests.records.test_every_field import TEXT
from tests.records.test_mistakes import MARYLAND

EXAMPLE = read_review(REVIEW)

BLOCK = """\
# a comment: kept
study: doe2001   # so is this
evidence_set: update
note: |
  words: with a colon
  # and no comment

sample:
    n: 240       # people
    country:
    described: >-
      folded
      words
    # the end of the sample
design:
  allocation: "randomised"

findings:
- modality: cbt
  outcome: craving
  source: {document: Doe2001, at: 'p. 1'}  # of the first
# between
- modality: cbt
  outcome: craving
  source:
    document: Doe2001
"""


def read(text):
    return read_study(text, "studies/doe2001.yaml", "doe2001", EXAMPLE)


def leaves(text):
    """Every value of a record by its path."""
    found, todo = {}, [((), compose(text, "")[0])]
    while todo:
        path, node = todo.pop()
        if isinstance(node, yaml.ScalarNode):
            found[".".join(path)] = node.value
        elif isinstance(node, yaml.MappingNode):
            todo += [((*path, key.value), value) for key, value in node.value]
        else:
            todo += [((*path, str(number)), item) for number, item in enumerate(node.value, 1)]
    return found


@pytest.mark.parametrize(
    ("text", "path", "value", "old", "new"),
    [
        (STUDY, "design.allocation", "matched", "allocation: randomised", "allocation: matched"),
        (STUDY, "sample.n", "12", "n: 240", "n: 12"),
        (STUDY, "sample.population.1", "men", "[offenders]", "[men]"),
        (STUDY, "findings.1.effect.events.2", "99", "[32, 120], c", "[32, 99], c"),
        (STUDY, "findings.2.outcome", "drug_use", "outcome: craving", "outcome: drug_use"),
        (STUDY, "findings.1.effect.events", "[1, 2]", "[32, 120], c", "[1, 2], c"),
        (STUDY, "maryland", "{level: 4}", MARYLAND.removeprefix("maryland: "), "{level: 4}"),
        (BLOCK, "design.allocation", "matched", '"randomised"', "matched"),
        (BLOCK, "study", "x", "study: doe2001   #", "study: x   #"),
        (BLOCK, "note", "short", "|\n  words: with a colon\n  # and no comment\n", "short\n"),
        (BLOCK, "sample.n", "not stated", "n: 240  ", "n: not stated  "),
        (BLOCK, "sample.country", "Norway", "country:\n", "country: Norway\n"),
        (BLOCK, "sample.described", "a: b", ">-\n      folded\n      words", '"a: b"'),
        (BLOCK, "findings.1.source.at", "p. 2", "'p. 1'", "p. 2"),
    ],
)  # fmt: skip
def test_a_value_takes_the_place_of_another(text, path, value, old, new):
    """Only the characters of the old value change; comments and indentation stay."""
    assert text.count(old) == 1
    assert changed(text, path, value) == text.replace(old, new)


@pytest.mark.parametrize(
    ("text", "path", "value", "after", "line"),
    [
        (STUDY, "design.controls", "none", "attrition: 0.12", ", controls: none"),
        (STUDY, "maryland.source.at", "p. 3", "random allocation, source: {document: Doe2001", ", at: p. 3"),
        (STUDY, "findings.1.level.level", "2", 'at: "p. 61"}', "\n    level: {level: 2}"),
        (
            STUDY, "risk_of_bias.overall", "high",
            "control_n: 17}\n    source: {document: Doe2001}", "\nrisk_of_bias: {overall: high}",
        ),
        (BLOCK, "sample.female", "0.5", "folded\n      words", "\n    female: 0.5"),
        (BLOCK, "findings.1.detail", "urine", "# of the first", "\n  detail: urine"),
        (BLOCK, "findings.2.source.at", "p. 1", "  source:\n    document: Doe2001", "\n    at: p. 1"),
        (
            BLOCK.rstrip(), "judgements.independent.is", "true",
            "    document: Doe2001", "\njudgements: {independent: {is: true, because: what if}}",
        ),
    ],
)  # fmt: skip
def test_a_field_that_is_absent_is_added(text, path, value, after, line):
    """After the last field of its parent, which is made where there is none; a new judgement says why."""
    assert text.count(after) == 1
    assert changed(text, path, value) == text.replace(after, after + line)


def test_a_judgement_is_flipped():
    """The judgement of a record changes, and its reason stays; one that is new can be read as well."""
    flipped, problems = read(changed(TEXT, "judgements.independent.is", "false"))
    added, others = read(changed(TEXT, "judgements.manual.is", "true"))

    assert (problems, others) == ((), ())
    assert (flipped.judgements[0].value, flipped.judgements[0].because) == (False, "no stake")
    assert [(judged.name, judged.value, judged.because) for judged in added.judgements[4:]] == [
        ("manual", True, "what if")
    ]
    assert isinstance(added.judgements[4], Judgement)


def test_an_empty_parent_is_filled():
    """A field without a value becomes the mapping that is needed."""
    assert changed(STUDY + "judgements:\n", "judgements.a.is", "2").endswith(
        "\njudgements: {a: {is: 2, because: what if}}\n"
    )


@pytest.mark.parametrize("path", sorted(set(leaves(TEXT)) - {"study"}))
@pytest.mark.parametrize("value", ["true", "not stated", "a: b # c"])
def test_nothing_else_changes(path, value):
    """Whatever field of a record is set, every other keeps its value."""
    assert leaves(changed(TEXT, path, value)) == leaves(TEXT) | {path: value}


@given(
    value=st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12),
    path=st.sampled_from(sorted(leaves(BLOCK))),
)
def test_any_words_can_be_set(value, path):
    """Any text arrives as one value, or as the list or mapping that it is in YAML; or it is refused."""
    try:
        text = changed(BLOCK, path, value)
    except InvalidArgument:
        return
    before, after = leaves(BLOCK), leaves(text)
    assert {name: word for name, word in after.items() if not name.startswith(path)} == {
        name: word for name, word in before.items() if not name.startswith(path)
    }
    if not re.search(r"[\[\]{}'\"]", value):
        assert after[path] == value.strip()


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("desing.allocation", "a record has no field 'desing': did you mean 'design'"),
        ("design.alocation", "design has no field 'alocation': did you mean 'allocation'"),
        ("design.allocation.x", "design.allocation is one value: write design.allocation=VALUE"),
        ("findings.3.outcome", "findings has no item '3': its items are 1 to 2"),
        ("findings.0.outcome", "findings has no item '0': its items are 1 to 2"),
        ("findings.cbt.outcome", "findings has no item 'cbt'"),
        ("findings.1.effect.evnts", "findings.1.effect has no field 'evnts': did you mean 'events'"),
        ("judgements.independent.becuse", "judgements.independent has no field 'becuse': did you mean 'because'"),
        ("judgements..is", "judgements has no field ''"),
        ("", "a record has no field ''"),
        ("findings", "findings holds several values: name one of them, such as findings.1"),
        ("sample", "sample holds several values: name one of them, such as sample.n"),
        ("study.x", "study is one value"),
        ("arms.cbt.label.x", "arms.cbt.label is one value"),
        ("sample.setting.1", "sample.setting is one value"),
    ],
)
def test_a_path_that_no_record_has(path, words):
    """The nearest field, the number of items, or what to write instead."""
    with pytest.raises(InvalidArgument, match=re.escape(words)):
        changed(STUDY, path, "1")


@pytest.mark.parametrize(
    ("text", "path", "value"),
    [("study: [", "study", "x"), ("", "study", "x"), ("- a", "study", "x"), ("cite: Doe", "cite.1", "x")],
)
def test_a_record_that_cannot_be_changed_so(text, path, value):
    """A broken record, and an item of what is no list, are refused."""
    with pytest.raises(InvalidArgument, match=r"correct it first|is one value"):
        changed(text, path, value)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (STUDY, "judgements.*.is"),
        (STUDY, "arms.a: b.label"),
        (STUDY, "judgements.a, b.is"),
        ("a: {x}\ndesign: {unit}", "design.unit"),
    ],
)
def test_a_change_that_would_say_something_else_is_refused(text, path):
    """A name that YAML reads otherwise, and a field without its colon, are no places for a value."""
    with pytest.raises(InvalidArgument, match="change it in the record itself"):
        changed(text, path, "cluster")


def test_the_reader_judges_the_change():
    """A value that the field does not allow is a problem of the changed record, at its line."""
    study, problems = read(changed(STUDY, "design.allocation", "matchd"))

    assert study is None
    assert [(problem.line, problem.code) for problem in problems] == [(9, "SY103")]
