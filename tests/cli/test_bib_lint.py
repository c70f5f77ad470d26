"""`synth bib lint`: what it shows, what it fixes, and how it is told."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from synthesis.cli import cli
from synthesis.cli.codes import ROOMS, meanings
from synthesis.cli.excerpts import Excerpts
from synthesis.errors import InvalidArgument, Problem
from synthesis.rendering.sarif import sarif
from tests.cli.test_bib import REVIEW

ROOT = Path(__file__).parents[2]
FAULTY = """@article{Doe2001,
  author = {Doe, Jane},
  title = {Cats & dogs in \\emph{J}},
  journal = {J},
  year = {2001},
  pages = {12-15},
}
"""


@pytest.fixture
def review(tmp_path):
    """A review without records, whose library has two faults that can be fixed."""
    (tmp_path / "review.toml").write_text(REVIEW)
    (tmp_path / "studies").mkdir()
    (tmp_path / "bibliography").mkdir()
    (tmp_path / "bibliography" / "references.bib").write_text(FAULTY)
    return tmp_path


def run(review, *options):
    """The command, in the review."""
    return CliRunner().invoke(cli, ["bib", "lint", "--root", str(review), *options])


def library(review):
    """The text of the library."""
    return (review / "bibliography" / "references.bib").read_text()


def test_the_line_and_a_mark(review):
    """Under each problem stands its line, and a mark under the place; the first line is as ever."""
    done = run(review, "--select", "ampersands")

    assert done.exit_code == 1
    assert done.stdout == (
        "bibliography/references.bib:3:17: SY498 warning: & without a backslash in the title of 'Doe2001'\n"
        "    remedy: write \\&\n"
        "    |   title = {Cats & dogs in \\emph{J}},\n"
        "    |                 ^\n"
    )
    assert done.stderr == "0 errors, 1 warning, 0 notes\n"


def test_a_rule_that_is_not_there(review):
    """A slip is an error, with the nearest name."""
    done = run(review, "--ignore", "ampersand")

    assert isinstance(done.exception, InvalidArgument)
    assert "did you mean 'ampersands'" in str(done.exception)


def test_fixes_are_written_once(review):
    """What was fixed is told on stderr; what is left is shown; a second run fixes nothing."""
    done = run(review, "--fix", "--format", "json")

    assert "fixed bibliography/references.bib:6:3: pages: Doe2001 pages: {12-15} -> {12--15}\n" in done.stderr
    assert library(review) == FAULTY.replace(" & ", r" \& ").replace("12-15", "12--15")
    assert {one["code"] for one in json.loads(done.stdout)} == {"SY451"}
    assert done.exit_code == 0
    assert "0 fields fixed\n" in run(review, "--fix").stderr


def test_only_the_chosen_fixes(review):
    """--select and --ignore hold for fixes too."""
    run(review, "--fix", "--ignore", "SY498")

    assert library(review) == FAULTY.replace("12-15", "12--15")


def test_a_diff_writes_nothing(review):
    """It exits 1 while there is something to fix."""
    done = run(review, "--diff", "--select", "pages")

    assert (done.exit_code, done.stderr) == (1, "1 field to fix\n")
    assert done.stdout.startswith(
        "--- a/bibliography/references.bib\n+++ b/bibliography/references.bib\n@@ -3,5 +3,5 @@\n"
    )
    assert "\n-  pages = {12-15},\n+  pages = {12--15},\n" in done.stdout
    assert library(review) == FAULTY
    assert run(review, "--diff", "--select", "years").exit_code == 0


def test_fixes_are_written_or_shown(review):
    """Not both: it is said, and nothing is written."""
    done = run(review, "--fix", "--diff")

    assert (done.exit_code, library(review)) == (2, FAULTY)
    assert "give one of the two" in done.stderr


def test_the_rules_are_listed():
    """Without a review, as a table and as JSON; the chosen ones only."""
    table = CliRunner().invoke(cli, ["bib", "lint", "--rules"]).stdout.splitlines()
    (one,) = json.loads(
        CliRunner().invoke(cli, ["bib", "lint", "--rules", "--select", "SY448", "--format", "json"]).stdout
    )

    assert len(table) >= 2 + 40
    assert one == {
        "name": "pages",
        "codes": ["SY448"],
        "severity": "note",
        "fix": True,
        "says": "a page range has two hyphens, no blanks and no `pp.`",
    }


def test_a_year_in_the_future(review):
    """--as-of gives the latest year, and must be one."""
    assert "SY446" in run(review, "--as-of", "2000").stdout
    assert run(review, "--as-of", "20").exit_code == 2


def test_records_are_asked_about_their_reports(review):
    """A record that rests on a retracted document is named; its waiver is honoured."""
    (review / "studies" / "doe2001.yaml").write_text("study: doe2001\ncite: [Doe2001]\nevidence_set: update\n")
    (review / "bibliography" / "retractions.csv").write_text("document,kind,source\nDoe2001,retraction,the journal\n")

    done = run(review, "--select", "retracted")
    assert (done.exit_code, done.stdout.partition(" warning:")[0]) == (1, "studies/doe2001.yaml:2:7: SY454")
    with (review / "studies" / "doe2001.yaml").open("a") as file:
        file.write("accept: {codes: [SY454], because: kept to show its weight}\n")
    done = run(review, "--select", "retracted")
    assert (done.exit_code, "[accepted: kept to show its weight]" in done.stdout) == (0, True)


def test_a_list_of_retractions_with_a_fault(review):
    """It is the business of the rule that reads it."""
    (review / "bibliography" / "retractions.csv").write_text("document,kind\n")

    assert "bibliography/retractions.csv:1:1: SY404 no column source" in run(review).stdout
    assert "SY404" not in run(review, "--ignore", "retracted").stdout


def test_no_control_character_reaches_the_terminal(review):
    """A line of a file is shown without what would command a terminal."""
    (review / "bibliography" / "references.bib").write_text(FAULTY.replace("dogs", "\x1b[31mdogs\x07"))

    assert "\x1b" not in run(review).stdout
    assert "\x07" not in run(review).stdout


@pytest.mark.parametrize(("path", "line"), [("absent.bib", 1), ("a.bib", 9), ("../a.bib", 1)])
def test_a_line_that_is_not_there(tmp_path, path, line):
    """Nothing is shown of it, nor of a file outside the review."""
    (tmp_path / "inner").mkdir()
    (tmp_path / "a.bib").write_text("x")

    assert Excerpts(tmp_path / "inner").of(Problem(path, line, 1, "SY000", "w", "r")) == ""


def required(node, names):
    """The values of properties that the standard requires of an object."""
    assert set(names) <= node.keys()
    return [node[name] for name in names]


@pytest.mark.parametrize("command", [["bib", "lint"], ["check"]])
def test_sarif_has_what_the_standard_requires(command):
    """The required properties of a log, run, tool, rule and result of SARIF 2.1.0, and only known levels."""
    done = CliRunner().invoke(cli, [*command, "--root", str(ROOT), "--format", "sarif"])

    version, (run_,) = required(json.loads(done.stdout), ["version", "runs"])
    assert version == "2.1.0"
    tool, results = required(run_, ["tool", "results"])
    name, rules = required(required(tool, ["driver"])[0], ["name", "rules"])
    assert (name, run_["columnKind"]) == ("synth", "unicodeCodePoints")
    assert all(rule["id"] and rule["shortDescription"]["text"] and rule["help"]["text"] for rule in rules)
    for result in results:
        (message,) = required(result, ["message"])
        assert message["text"]
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in {"error", "warning", "note"}
        (location,) = result["locations"]
        place = location["physicalLocation"]
        assert (ROOT / place["artifactLocation"]["uri"]).is_file()
        assert min(place["region"]["startLine"], place["region"]["startColumn"]) >= 1
        assert all(one["kind"] == "inSource" and one["justification"] for one in result.get("suppressions", ()))


def test_sarif_says_what_the_text_says():
    """As many results as problems, in their order; a waiver is a suppression; a path is an address."""
    problems = [
        Problem("a b.bib", 3, 4, "SY999", "wrong", "mend it"),
        Problem("a.bib", 1, 1, "SY998", "odd", "look", accepted="so printed"),
    ]

    (run_,) = sarif(problems, {"SY998": "something odd"}, version="1")["runs"]
    assert [rule["id"] for rule in run_["tool"]["driver"]["rules"]] == ["SY998", "SY999"]
    first, second = run_["results"]
    assert first["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "a%20b.bib"},
        "region": {"startLine": 3, "startColumn": 4},
    }
    assert (first["ruleIndex"], first["message"]) == (1, {"text": "wrong; remedy: mend it"})
    assert second["suppressions"] == [{"kind": "inSource", "justification": "so printed"}]


def test_every_room_with_codes_is_listed():
    """So that a code is never shown without its words."""
    found = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in (ROOT / "synthesis").rglob("*.py")
        if re.search(r"^CODES\b", path.read_text(), re.MULTILINE)
    }

    assert found == set(ROOMS)
    assert all(meanings().values())


def test_the_list_of_rules_is_cheap():
    """It reads no review and imports no parser, lock or number."""
    code = (
        "import sys; from synthesis.cli import cli; cli(['bib', 'lint', '--rules'], standalone_mode=False);"
        "assert not {'bibtexparser', 'filelock', 'numpy', 'networkx', 'yaml'} & sys.modules.keys()"
    )

    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0
