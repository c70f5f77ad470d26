"""The examples of docs/format.md can be read."""

import re
from pathlib import Path

import pytest

from synthesis.records.protocol import read_review
from synthesis.records.read import read_study
from synthesis.records.study import Counts
from tests.records.example import REVIEW as EXAMPLE
from tests.records.example import STUDY

PAGE = (Path(__file__).parents[2] / "docs" / "format.md").read_text(encoding="utf-8")
PROTOCOL, RECORD, EFFECTS = re.findall(r"^```(?:toml|yaml)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
REVIEW = read_review(PROTOCOL)


def test_the_protocol_and_the_record():
    """The record of the page is without an error under the protocol of the page, and every field of it is read."""
    study, problems = read_study(RECORD, "studies/doe2001.yaml", "doe2001", REVIEW)

    assert problems == ()
    (finding,) = study.findings
    assert finding.effect == Counts(32, 120, 88, 120)
    assert (finding.level.level, finding.rows, finding.accept.codes) == (2, ("J",), ("SY204",))
    assert study.risk_of_bias[0][:2] == ("randomisation", "low")
    assert set(finding.where) > {"time", "reported", "limited", "evidence_set", "better"}


@pytest.mark.parametrize("line", EFFECTS.splitlines())
def test_the_forms_of_effect(line):
    """Each other form of an effect is one."""
    text = RECORD.replace("effect: {events: [32, 120], control_events: [88, 120]}", line)
    study, problems = read_study(text, "studies/doe2001.yaml", "doe2001", REVIEW)

    assert problems == ()
    assert not isinstance(study.findings[0].effect, Counts)


def test_short_forms():
    """A single name stands for a list, a bare judgement for one without a source, `not stated` for an open number."""
    text = (
        STUDY.replace("[Doe2001]", "Doe2001")
        .replace("n: 240", "n: not stated")
        .replace("level: 5", "level: not stated")
    )
    text = text.replace("maryland:", "risk_of_bias: {overall: high}\nmaryland:").replace("female: 0.1", "female: null")
    study, problems = read_study(text, "studies/doe2001.yaml", "doe2001", read_review(EXAMPLE))

    assert problems == ()
    assert study.cite == ("Doe2001",)
    assert study.risk_of_bias == (("overall", "high", None),)
    assert (study.sample.n, study.sample.female, study.maryland.level) == (None, None, None)
