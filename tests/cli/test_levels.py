"""`synth levels`: the table, the derivation of a study, JSON and CSV."""

import csv
import io
import json
import re

import pytest
from click.testing import CliRunner

from synthesis.cli.levels import levels
from synthesis.errors import NotFound
from tests.records.example import STUDY, spoilt, write

YEAR = """\
rule: by-year
title: A level by the year
grades: study
provenance: [{source: ours, says: an example, verified: ours}]
clauses:
  - {clause: late, gives: 2, when: year >= 2000, says: a late study, verified: ours}
  - {clause: early, gives: 1, says: an early study, verified: ours}
outputs: {}
"""
PARTS = spoilt(STUDY, "    time: {class: long}", "    level: {level: 2, basis: completers only}")


@pytest.fixture
def review(tmp_path):
    other = spoilt(
        spoilt(STUDY, "study: doe2001", "study: roe2002"), "allocation: randomised", "allocation: before-after"
    )
    return write(tmp_path, {"doe2001": PARTS, "roe2002": other})


def run(*arguments):
    return CliRunner().invoke(levels, list(map(str, arguments)), catch_exceptions=False).stdout


def test_the_table(review):
    """One line for each study, one column for each profile, and that they are not compared."""
    lines = run("--root", review).splitlines()

    assert lines[0].split() == ["study", "allocation", "typed", "magentabook-r", "maryland-1998", "wwclg-2016"]
    assert re.split("  +", lines[2]) == ["doe2001", "randomised", "5 (maryland-1998)", "5", "4 or 5", "4 or 5"]
    assert any(line.startswith("Each profile is a scale of its own") for line in lines)


def test_a_study_in_full(review):
    """Typed level with its source, the level of a contrast, and the derivation with what is open."""
    text = run("doe2001", "--root", review, "--profile", "maryland-1998")

    assert text.startswith(
        "doe2001\n"
        "  typed: 5 (maryland-1998); random allocation; source Doe2001\n"
        "  typed of a contrast, never derived: cbt, craving (line 25): 2 (maryland-1998); completers only\n"
        "  maryland-1998: open, 4 or 5; 4 on what is stated\n"
        "    from: attrition 0.12, randomised, comparison, several_units\n"
    )
    assert "    would be 5, for instance with sound\n" in text
    assert "[clause not seen in its source: recalled]" in text
    assert "roe2002" not in text


def test_what_no_supposition_settles(review):
    """A level that hangs on a number says which fact is not stated; a settled one, its flags and its level."""
    (review / "rules").mkdir()
    (review / "rules" / "by-year.yaml").write_text(YEAR)
    text = run("doe2001", "roe2002", "--root", review, "--profile", "by-year")

    assert (
        "  by-year: open, 1 or 2; 1 on what is stated\n    from: nothing that this profile speaks of is stated" in text
    )
    assert "    would be 2 by more of what is not stated: year\n" in text

    text = run("roe2002", "--root", review, "--profile", "magentabook-r", "--profile", "wwclg-2016")
    assert "  magentabook-r: 1\n    from: method before-after\n" in text
    assert "    flag: soundness not stated: the level is the most that the method can reach\n" in text


def test_json(review):
    """Every study with typed and derived levels, contrasts apart; null where the level is open."""
    one, other = json.loads(run("--root", review, "--format", "json"))["studies"]

    assert (one["typed"]["level"], one["derived"]["maryland-1998"]["level"]) == (5, None)
    assert one["derived"]["maryland-1998"]["settled_by"] == {"4": {"sound": False}, "5": {"sound": True}}
    assert [contrast["typed"]["level"] for contrast in one["contrasts"]] == [2]
    assert (other["derived"]["maryland-1998"]["level"], other["contrasts"]) == (2, [])


def test_csv(review):
    """One line for each study and profile."""
    rows = list(csv.DictReader(io.StringIO(run("--root", review, "--format", "csv", "--profile", "maryland-1998"))))

    assert [(row["study"], row["profile"], row["derived"], row["could_be"]) for row in rows] == [
        ("doe2001", "maryland-1998", "4", "5"),
        ("roe2002", "maryland-1998", "2", ""),
    ]
    assert rows[1]["facts"] == "attrition 0.12, not randomised, not comparison, measured_before, several_units"


def test_names_that_there_are_not(review):
    """A study or a profile that there is not is an error with the nearest name."""
    for arguments in (["doe2002"], ["--profile", "maryland"]):
        with pytest.raises(NotFound, match="did you mean"):
            run("--root", review, *arguments)


def test_no_study(tmp_path):
    """A review without studies has an empty table."""
    assert "Each profile" in run("--root", write(tmp_path, {}))


def test_a_typed_level_that_the_design_does_not_give(tmp_path):
    """It is marked in the table and said beneath, in the drill-down, JSON and CSV, in the words of `synth check`."""
    lost = write(tmp_path, {"doe2001": spoilt(PARTS, "attrition: 0.12", "attrition: 0.34")})
    said = "level 5, with 34% of the people lost: the design gives 4 under maryland-1998"
    table = run("--root", lost)
    (study,) = json.loads(run("--root", lost, "--format", "json"))["studies"]
    rows = csv.DictReader(io.StringIO(run("--root", lost, "--format", "csv")))

    assert "5 (maryland-1998) *" in table
    assert f"* doe2001: {said} (SY302)\n" in table
    assert f"    {said} (SY302)\n" in run("doe2001", "--root", lost)
    assert study["typed_against_design"] == [{"code": "SY302", "what": said}]
    assert [row["typed_against_design"] for row in rows] == ["", f"{said} (SY302)", ""]


def test_a_typed_level_that_the_design_gives_has_no_mark(review):
    """A level among those that are possible is not marked."""
    assert "5 (maryland-1998)  " in run("--root", review)
    assert "5 (maryland-1998) *" not in run("doe2001", "--root", review)
