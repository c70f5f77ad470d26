"""`synth check`: its three forms, its exit codes, and no traceback."""

import json
import re
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from synthesis.cli import cli
from synthesis.cli.check import annotation, summary
from synthesis.cli.show import report_skipped, write_problem
from synthesis.errors import Problem, Severity
from tests.records.example import REVIEW, STUDY, spoilt, write

ENTRY = "@article{Doe2001,\n  author = {Doe, J.},\n  title = {A trial},\n  journal = {J},\n  year = {2001}\n}\n"
WRONG = spoilt(spoilt(STUDY, "setting: prison", "setting: jail"), "n: 240", "n: many")
ODD = spoilt(STUDY, "months: 4", "months: 9")


def check(root, study, *options, review=REVIEW, environment=None):
    """What the command does on a review of one study."""
    write(root, {"doe2001": study}, review)
    (root / "bibliography").mkdir(exist_ok=True)
    (root / "bibliography" / "references.bib").write_text(ENTRY)
    return CliRunner(env=environment).invoke(cli, ["check", "--root", str(root), *options])


def test_nothing_wrong(tmp_path):
    """No error, no warning: exit 0, and the counts on stderr only."""
    result = check(tmp_path, STUDY)

    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "0 errors, 0 warnings, 0 notes\n"


def test_errors_in_text(tmp_path):
    """Every problem with its place and remedy, exit 1, a summary on stderr."""
    result = check(tmp_path, WRONG)

    assert result.exit_code == 1
    assert re.findall(r"^(studies/\S+?:\d+:\d+): (SY\d+) ", result.stdout, re.MULTILINE) == [
        ("studies/doe2001.yaml:5:6", "SY107"),
        ("studies/doe2001.yaml:7:12", "SY103"),
    ]
    assert result.stdout.count("\n    remedy: ") >= 2
    assert result.stderr.startswith("2 errors, ")


def test_a_warning_fails_until_it_is_accepted(tmp_path):
    """A warning exits 1; with a waiver it is printed with its reason, and exits 0."""
    assert check(tmp_path, ODD).exit_code == 1

    accepted = spoilt(ODD, "    event: use\n", "    event: use\n    accept: {codes: [SY207], because: so printed}\n")
    result = check(tmp_path, accepted)
    assert result.exit_code == 0
    assert "[accepted: so printed]" in result.stdout
    assert result.stderr == "0 errors, 1 warning, 0 notes (1 accepted)\n"


def test_notes_do_not_fail(tmp_path):
    """A note is printed and exits 0."""
    result = check(tmp_path, spoilt(STUDY, "attrition: 0.12", "attrition: 0.5"))

    assert result.exit_code == 0
    assert "SY302 note" in result.stdout


@pytest.mark.parametrize(
    ("typed", "code", "exit_code"),
    [("level: 3, basis: many lost", "SY301 note", 0), ("level: 3", "SY202 warning", 1), ("level: 4", "", 0)],
)
def test_a_level_that_the_design_does_not_give(tmp_path, typed, code, exit_code):
    """A note with its basis, a warning without; nothing where the design leaves the level open."""
    result = check(tmp_path, spoilt(STUDY, "level: 5, basis: random allocation", typed))

    assert result.exit_code == exit_code
    assert code in result.stdout
    assert bool(code) == bool(result.stdout)


def test_a_policy_that_the_rule_lacks(tmp_path):
    """It is told at its line of review.toml, with the nearest policy."""
    result = check(tmp_path, STUDY, review=spoilt(REVIEW, '"literal"', '"liberal"'))

    assert result.exit_code == 1
    assert "review.toml:3:1: SY103 rule 'pdtsrg-2009' has no policy 'liberal'" in result.stdout
    assert "did you mean 'literal'?" in result.stdout


def test_json(tmp_path):
    """JSON has the fields of every problem, and says which fail."""
    problems = json.loads(check(tmp_path, WRONG, "--format", "json").stdout)
    first = next(problem for problem in problems if problem["path"] == "studies/doe2001.yaml")

    assert (first["line"], first["column"], first["code"]) == (5, 6, "SY107")
    assert (first["severity"], first["fails"]) == ("error", True)


def test_github(tmp_path):
    """Workflow commands, one a line."""
    result = check(tmp_path, WRONG, "--format", "github")

    assert "\n::error file=studies/doe2001.yaml,line=5,col=6,title=SY107::'many' where" in f"\n{result.stdout}"
    assert all(line.startswith("::") for line in result.stdout.splitlines())
    assert result.exit_code == 1


def test_github_escapes():
    """What would end a workflow command or its property is written in GitHub's own way."""
    problem = Problem("a,b:c.yaml", 1, 2, "SY999", "50 %\nof it", "look")

    assert annotation(problem) == "::error file=a%2Cb%3Ac.yaml,line=1,col=2,title=SY999::50 %25%0Aof it; remedy: look"


@pytest.mark.parametrize(
    ("severity", "accepted", "kind"),
    [(Severity.WARNING, "", "warning"), (Severity.WARNING, "known", "notice"), (Severity.NOTE, "", "notice")],
)
def test_github_severities(severity, accepted, kind):
    """A warning warns; a note, and what a waiver accepts, is a notice."""
    problem = Problem("x", 1, 1, "SY999", "odd", "look", severity, accepted)
    assert annotation(problem).startswith(f"::{kind} file=x,")


def test_a_protocol_that_cannot_be_used(tmp_path):
    """All mistakes of review.toml in the chosen form, exit 1."""
    spoiled = spoilt(spoilt(REVIEW, '"literal"', "true"), "0.6", "6")
    result = check(tmp_path, STUDY, "--format", "github", review=spoiled)

    assert result.exit_code == 1
    assert [line.split("::")[1] for line in result.stdout.splitlines()] == [
        "error file=review.toml,line=3,col=1,title=SY107",
        "error file=review.toml,line=8,col=1,title=SY108",
    ]


def test_wrong_usage(tmp_path):
    """An unknown form, or a folder that is not there, is wrong usage."""
    assert CliRunner().invoke(cli, ["check", "--format", "xml"]).exit_code == 2
    assert CliRunner().invoke(cli, ["check", "--root", str(tmp_path / "none")]).exit_code == 2


@pytest.mark.parametrize("options", [[], ["--root", "."]])
def test_no_review(tmp_path, monkeypatch, options):
    """Where there is no review, the message says what to do, and the command exits 2."""
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(cli, ["check", *options])

    assert result.exception.exit_code == 2
    assert "synth init" in str(result.exception)


def test_no_colour_outside_a_terminal(tmp_path):
    """Output that is read by a program has no escape sequences."""
    assert "\x1b" not in check(tmp_path, WRONG).output


@pytest.mark.parametrize(("value", "coloured"), [("", True), ("1", False)])
def test_no_color(capsys, monkeypatch, value, coloured):
    """On a terminal severities are coloured, unless NO_COLOR is set."""
    monkeypatch.setenv("NO_COLOR", value)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    write_problem(Problem("x", 1, 1, "SY201", "odd", "look"))

    assert ("\x1b[" in capsys.readouterr().out) == coloured


def test_the_summary_counts():
    """One is singular, accepted ones are told."""
    warning = Problem("x", 1, 1, "SY201", "odd", "look", Severity.WARNING)

    assert summary([warning]) == "0 errors, 1 warning, 0 notes"


def test_left_out_records_are_told(capsys):
    """`--skip-invalid` says what it leaves out, on stderr, and is silent where it leaves out nothing."""
    report_skipped(())
    assert capsys.readouterr().err == ""

    report_skipped([Problem("studies/a.yaml", 1, 1, "SY103", "bad", "do")] * 2)
    assert capsys.readouterr().err.startswith("left out, with errors: 1 record\nstudies/a.yaml:1:1: SY103 bad")


def test_published_claims_are_checked_when_asked():
    """With --claims the shipped review gets notes and nothing else; every listed contradiction is found."""
    root = str(Path(__file__).parents[2])
    told = [
        {(problem["code"], problem["path"], problem["line"], problem["what"], problem["severity"]) for problem in found}
        for options in ([], ["--claims"])
        for found in [
            json.loads(CliRunner().invoke(cli, ["check", "--root", root, "--format", "json", *options]).stdout)
        ]
    ]
    further = told[1] - told[0]

    assert told[0] < told[1]
    assert {severity for *_, severity in further} == {"note"}
    assert len({code for code, *_ in further}) > 30
    assert "SY860" not in {code for code, *_ in further}
