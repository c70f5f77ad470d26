"""Every field of a record: each is read, and each arrives as it was written."""

from dataclasses import fields, replace
from pathlib import Path

import pytest
import yaml

from synthesis.records import read_records
from synthesis.records.effects import FIELDS as EFFECT
from synthesis.records.parts import DESIGN, JUDGEMENT, LEVEL, RISK, SOURCE, WAIVER
from synthesis.records.protocol import read_review
from synthesis.records.read import ARM, FINDING, REPORTED, SAMPLE, STUDY, TIME, read_study
from synthesis.records.study import (
    CONTROLS,
    METHODS,
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
    Reported,
    Sample,
    Source,
    Study,
    Time,
    Waiver,
)
from synthesis.records.whatif import RECORD
from tests.records.example import REVIEW, write

PATH = "studies/doe2001.yaml"
TEMPLATE = Path(read_study.__code__.co_filename).parent / "template"

TEXT = """\
study: doe2001
cite: [Doe2001, Doe2003]
evidence_set: update
note: free words
sample: {n: 240, population: [offenders], described: men, setting: prison, country: Australia, female: 0.1}
design:
  allocation: nonequivalent
  unit: cluster
  clusters: 12
  icc: 0.02
  attrition: 0.12
  comparability: minor differences
  analysed_as_allocated: true
  method: difference in differences
  comparison: true
  measured_before: true
  controls: adequate
  several_units: false
  sound: false
maryland: {level: 4, profile: other, basis: groups, source: {document: Doe2001, at: p. 2}}
risk_of_bias: {randomisation: {judgement: low, source: {document: Doe2001}}}
judgements:
  independent: {is: true, because: no stake, by: AB, source: {document: Doe2001, at: p. 9}}
  sites: {is: 2, because: counted}
  team: {is: "2", because: as named}
  open: {is: not stated, because: looked for}
arms:
  cbt: {label: CBT, n: 120}
  half: {label: half, n: 60, split_of: cbt}
accept: {codes: [SY202, SY205], because: as printed}
findings:
  - modality: cbt
    outcome: drug_use
    treatment: cbt
    control: half
    comparator: usual care
    detail: urine
    event: use
    better: lower
    time: {class: short, months: 4}
    reported: {direction: effective, significant: yes}
    limited: {because: one site}
    effect: {events: [32, 120], control_events: [30, 60]}
    level: {level: 2}
    evidence_set: update
    rows: [A, B]
    note: words
    source: {document: Doe2001, at: p. 61}
    accept: {codes: [SY204], because: looked at}
  - modality: not stated
    outcome: craving
    effect: {mean: 3.1, sd: 4.7, n: 20, control_mean: 2.7, control_sd: 2.6, control_n: 17}
    source: {document: Doe2001}
  - modality: cbt
    outcome: drug_use
    event: use
    effect: {measure: RR, estimate: 0.5, se: 0.1, ci: [0.4, 0.6], ci_level: 0.9, p: 0.03, adjusted: true,
      cluster_adjusted: true}
    source: {document: Doe2001}
"""


def judgement(name, value, because, line, **more):
    return Judgement(name, value, because, Place(PATH, line, len(name) + 5), **more)


def finding(line, **fields_of):
    return Finding(Place(PATH, line, 5), evidence_set="update", **{"source": Source("Doe2001"), **fields_of})


EXPECTED = Study(
    key="doe2001",
    place=Place(PATH, 1, 1),
    cite=("Doe2001", "Doe2003"),
    evidence_set="update",
    note="free words",
    sample=Sample(240, ("offenders",), "men", "prison", "Australia", 0.1),
    design=Design(
        "nonequivalent", "cluster", 12, 0.02, 0.12, "minor differences", analysed_as_allocated=True,
        method="difference in differences", comparison=True, measured_before=True, controls="adequate",
        several_units=False, sound=False,
    ),
    maryland=Level(4, "groups", "other", Source("Doe2001", "p. 2")),
    risk_of_bias=(("randomisation", "low", Source("Doe2001")),),
    judgements=(
        judgement("independent", value=True, because="no stake", line=23, by="AB", source=Source("Doe2001", "p. 9")),
        judgement("sites", 2.0, "counted", 24),
        judgement("team", "2", "as named", 25),
        judgement("open", None, "looked for", 26),
    ),
    arms=(Arm("cbt", "CBT", 120), Arm("half", "half", 60, "cbt")),
    accept=Waiver(("SY202", "SY205"), "as printed", Place(PATH, 30, 9)),
    findings=(
        finding(
            32, modality="cbt", outcome="drug_use", treatment="cbt", control="half", comparator="usual care",
            detail="urine", event="use", better="lower", time=Time("short", 4.0), rows=("A", "B"), note="words",
            reported=Reported("effective", "yes"), limited="one site", effect=Counts(32, 120, 30, 60),
            level=Level(2), source=Source("Doe2001", "p. 61"),
            accept=Waiver(("SY204",), "looked at", Place(PATH, 49, 13)),
        ),
        finding(50, modality=NOT_STATED, outcome="craving", effect=Means(3.1, 4.7, 20, 2.7, 2.6, 17)),
        finding(
            54, modality="cbt", outcome="drug_use", event="use",
            effect=Estimate("RR", 0.5, 0.1, (0.4, 0.6), 0.9, 0.03, adjusted=True, cluster_adjusted=True),
        ),
    ),
)  # fmt: skip


def test_every_field_arrives_as_it_was_written():
    """The whole record, field by field; a truth, a number and words stay what they are."""
    study, problems = read_study(TEXT, PATH, "doe2001", read_review(REVIEW))

    assert problems == ()
    study = replace(study, findings=tuple(replace(found, last_line=0) for found in study.findings))
    for field in fields(Study):
        if field.name != "where":
            assert getattr(study, field.name) == getattr(EXPECTED, field.name), field.name
    assert [type(judged.value) for judged in study.judgements] == [bool, float, str, type(None)]
    assert study.at("design.method") == Place(PATH, 14, 11)


def test_no_field_is_left_out_here():
    """The record above has every field that a record can have."""
    data = yaml.safe_load(TEXT)
    one = data["findings"][0]
    effects = {name for found in data["findings"] for name in found["effect"]}
    given = [
        (STUDY, data), (SAMPLE, data["sample"]), (DESIGN, data["design"]), (LEVEL, data["maryland"]), (FINDING, one),
        (RISK, data["risk_of_bias"]["randomisation"]), (JUDGEMENT, data["judgements"]["independent"]),
        (ARM, data["arms"]["half"]), (SOURCE, one["source"]), (TIME, one["time"]), (REPORTED, one["reported"]),
        (WAIVER, one["accept"]), (EFFECT, effects),
    ]  # fmt: skip

    assert [set(names) for names, _ in given] == [set(found) for _, found in given]


def paths(shape, before=()):
    """Every path of a shape, to its values."""
    for name, inner in shape.items():
        yield from paths(inner, (*before, name)) if inner else [(*before, name)]


def places(data, before=()):
    """Every path of a record as `RECORD` names them."""
    for name, inner in data.items() if isinstance(data, dict) else enumerate(data):
        free = isinstance(data, list) or before in (("arms",), ("judgements",))
        path = (*before, "*" if free else name)
        yield from places(inner, path) if isinstance(inner, (dict, list)) else [path]


def test_what_can_be_changed_is_every_field():
    """The shape that `changed` knows has every path of the record above."""
    assert set(places(yaml.safe_load(TEXT))) <= set(paths(RECORD))


@pytest.mark.parametrize("method", [*METHODS, NOT_STATED])
@pytest.mark.parametrize("controls", CONTROLS)
def test_every_word_of_a_design_is_read(method, controls):
    """Each method and each kind of control arrives."""
    text = TEXT.replace("method: difference in differences", f"method: {method}")
    text = text.replace("controls: adequate", f"controls: {controls}")
    study, problems = read_study(text, PATH, "doe2001", read_review(REVIEW))

    assert problems == ()
    assert (study.design.method, study.design.controls) == (method, controls)


def test_the_template_shows_every_field_of_a_design_and_a_judgement(tmp_path):
    """The example that `synth init` writes, clusters apart, without any problem."""
    text = (TEMPLATE / "example2020.yaml").read_text(encoding="utf-8")
    review = (TEMPLATE / "review.toml").read_text(encoding="utf-8")
    data = yaml.safe_load(text)

    assert set(data) == STUDY - {"risk_of_bias", "accept"}
    assert set(data["design"]) == DESIGN - {"clusters", "icc"}
    assert set(data["judgements"]["independent"]) == JUDGEMENT
    assert read_records(write(tmp_path, {"example2020": text}, review)).problems == ()
