"""`synth whatif`: one human judgement flipped, and the cells that change."""

import json

import pytest
from click.testing import CliRunner

from synthesis.cli.whatif import whatif
from synthesis.errors import InvalidArgument, NotFound
from tests.crosscheck.made import write_review
from tests.scoring.test_scoring_contexts import RULE


@pytest.fixture(scope="module")
def review(tmp_path_factory):
    root = write_review(tmp_path_factory.mktemp("whatif"))
    (root / "rules").mkdir()
    (root / "rules/mine.yaml").write_text(RULE)
    return root


def run(review, *arguments):
    return CliRunner().invoke(whatif, [*map(str, arguments), "--root", str(review)], catch_exceptions=False)


def test_a_level_flipped(review):
    """Without alpha2001 the row falls from 3 to 1, the modality to 1(a), its pool to 20/100 v 31/100 alone."""
    text = run(review, "alpha2001", "maryland.level=3").stdout

    assert "points: 1 (1(b)) -> 1 (1(a))" in text
    assert ", k 2 -> RR 0.65 [0.40, 1.05], k 1" in text
    assert "J reoffending: 3 (3) -> 1 (1(b))   in living; " in text


def test_a_note_of_the_changed_record(review):
    """A level that the design does not give is told as `synth check` would tell it."""
    text = run(review, "alpha2001", "maryland.level=1").stdout

    assert "synth check would say\n    studies/alpha2001.yaml:4:11: SY301 note: level 1" in text


def test_nothing_is_written(review):
    """Every file is as it was, and there is no other one."""
    before = {path: path.read_bytes() for path in review.rglob("*") if path.is_file()}
    assert run(review, "alpha2001", "maryland.level=3").exit_code == 0

    assert {path: path.read_bytes() for path in review.rglob("*") if path.is_file()} == before


def test_as_if_it_had_been_written(review, tmp_path):
    """The scores after are those of the review with the changed record."""
    from synthesis.cli.score import score

    found = json.loads(run(review, "beta2002", "findings.1.effect.events=[5, 100]", "--format", "json").stdout)
    text = (review / "studies/beta2002.yaml").read_text().replace("[20, 100]", "[5, 100]")
    written = write_review(tmp_path, beta2002=text)
    arguments = ["programme", "reoffending", "--format", "json", "--root", str(written)]
    cell = json.loads(CliRunner().invoke(score, arguments, catch_exceptions=False).stdout)["cells"][0]

    assert found["cells"][0]["after"]["studies"] == cell["score"]["studies"]
    assert found["cells"][0]["after"]["clause"] == cell["score"]["clause"] == "3"


def test_several_changes_at_once(review):
    """Changes are made one after another."""
    value = json.loads(
        run(
            review, "alpha2001", "maryland.level=3", "findings.2.reported.direction=effective", "--format", "json"
        ).stdout
    )
    readings = {change["reading"] for change in value["matrix"]}

    assert value["changes"] == {"maryland.level": "3", "findings.2.reported.direction": "effective"}
    assert {"living", "report, strict"} <= readings


def test_cells_that_appear_and_vanish(review):
    """A cell that loses its only finding, and one that gets its first, show points and status; every rule is told."""
    change = ("delta2004", "findings.2.outcome=drug_use", "findings.2.event=use")
    text = run(review, *change).stdout
    value = json.loads(run(review, *change, "--format", "json").stdout)

    assert (
        "    court reoffending\n        points: 2 (2(a)) -> - (no admissible finding)\n"
        "        pooled: RR 0.38 [0.21, 0.69], k 1 -> -\n        status: agree_benefit -> not_estimable\n"
    ) in text
    assert "    court drug_use\n        points: - (no admissible finding) -> 2 (2(a))\n" in text
    assert f"outputs of other rules that change: {len(value['rules'])}\n" in text
    assert {one["outcome"] for one in value["rules"]} == {"reoffending", "drug_use"}


def test_what_could_be_is_told(review):
    """An output that stays and is open no longer is told in the table as in JSON."""
    change = ("review.toml", "modalities.court.judgements.specificity=false", "--rule", "blueprints")
    (cell,) = json.loads(run(review, *change, "--format", "json").stdout)["cells"]

    assert cell["before"]["output"] == cell["after"]["output"]
    assert (cell["before"]["could_be"], cell["after"]["could_be"]) == (["promising"], [])
    assert "could be: promising -> -\n" in run(review, *change).stdout


def test_a_change_that_changes_nothing(review):
    """A place of publication moves no cell."""
    assert "cells that change: 0" in run(review, "alpha2001", "findings.1.source.at=p. 8").stdout


def test_a_record_that_could_not_be_used(review):
    """The errors of the changed record are told as `synth check` would; nothing is computed; exit 1."""
    done = run(review, "alpha2001", "maryland.level=9")

    assert done.exit_code == 1
    assert "nothing is computed" in done.stdout
    assert "SY103 level 9 is not on the Maryland scale" in done.stdout


def test_a_judgement_of_a_modality(review):
    """A judgement that a rule asks for, of review.toml, moves the cells of that modality under that rule."""
    text = run(review, "review.toml", "modalities.programme.judgements.specific=true", "--rule", "mine").stdout

    assert (
        "programme reoffending\n        points: bad (all else (ours, not printed in its source)) -> good (specific"
        in text
    )
    assert "support reoffending" not in text


def test_a_judgement_that_no_rule_asks_for(review):
    """It changes nothing, and the nearest name is suggested."""
    text = run(review, "review.toml", "modalities.programme.judgements.specifc=true").stdout

    assert "no rule asks for the judgement 'specifc'" in text
    assert "did you mean 'specific'" in text


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        (["alpha201", "maryland.level=3"], NotFound, "did you mean 'alpha2001'"),
        (["alpha2001", "maryland.levl=3"], InvalidArgument, "did you mean 'level'"),
        (["review.toml", "modalities.programe.judgements.specific=true"], NotFound, "did you mean 'programme'"),
        (["alpha2001", "maryland.level=3", "--rule", "mne"], NotFound, "did you mean 'mine'"),
        (["alpha2001", "maryland.level=3", "--rule", "maryland-1998"], InvalidArgument, "grades single studies"),
        (["alpha2001", "maryland.level=3", "--policy", "cautius"], InvalidArgument, "did you mean 'cautious'"),
        (["review.toml", "title=x"], InvalidArgument, "modalities.KEY.judgements.NAME=VALUE"),
    ],
)
def test_a_mistyped_name(review, arguments, error, says):
    """The nearest name, or the form of a path, is suggested."""
    with pytest.raises(error, match=says):
        run(review, *arguments)


def test_a_change_without_a_value(review):
    """Wrong usage: exit 2."""
    done = run(review, "alpha2001", "maryland.level")

    assert done.exit_code == 2
    assert "write PATH=VALUE" in done.stderr
