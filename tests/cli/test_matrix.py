"""`synth matrix` and its check."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from synthesis.cli.matrix import matrix
from tests.crosscheck.made import write_review

NAMES = ("scoring_matrix.csv", "scoring_matrix.json", "scoring_matrix.md")


@pytest.fixture
def review(tmp_path):
    return write_review(tmp_path)


def run(*arguments):
    return CliRunner().invoke(matrix, list(map(str, arguments)), catch_exceptions=False)


def test_it_writes_three_files(review):
    """The matrix as CSV, JSON and page; a second run changes nothing."""
    first, second = run("--root", review), run("--root", review)

    assert first.exit_code == second.exit_code == 0
    assert tuple(sorted(path.name for path in (review / "outputs").iterdir())) == NAMES
    assert first.stderr.startswith("3 of 3 files changed")
    assert second.stderr == "0 of 3 files changed\n"


def test_check_of_what_is_there(review):
    """Up to date: exit 0, and nothing to say."""
    run("--root", review)
    done = run("--root", review, "--check")

    assert (done.exit_code, done.output) == (0, "")


def test_check_of_a_stale_file(review):
    """One byte more in one file: exit 1, a unified diff, and nothing is written."""
    run("--root", review)
    path = review / "outputs/scoring_matrix.csv"
    stale = path.read_bytes() + b"x"
    path.write_bytes(stale)
    done = run("--root", review, "--check")

    assert done.exit_code == 1
    assert "--- a/outputs/scoring_matrix.csv\n+++ b/outputs/scoring_matrix.csv\n@@" in done.stdout
    assert done.stderr == "stale: outputs/scoring_matrix.csv: run `synth matrix`\n"
    assert path.read_bytes() == stale


def test_check_where_nothing_was_written(review):
    """Missing files are differences too, and stay missing."""
    done = run("--root", review, "--check")

    assert done.exit_code == 1
    assert done.stderr.count("missing: ") == 3
    assert not (review / "outputs").exists()


def test_check_after_a_change_of_evidence(review):
    """A changed record makes the committed matrix stale."""
    run("--root", review)
    beta = review / "studies/beta2002.yaml"
    beta.write_text(beta.read_text().replace("[20, 100]", "[10, 100]"))
    done = run("--root", review, "--check")

    assert done.exit_code == 1
    assert "beta2002 (effective, level 5)" in done.stdout


def test_other_files_of_outputs_do_not_matter(review):
    """The matrix' check is about its own three files."""
    run("--root", review)
    (review / "outputs/other.csv").write_text("x\n")

    assert run("--root", review, "--check").exit_code == 0


def test_a_format_goes_to_the_screen(review):
    """One file to stdout; nothing is written."""
    rows = json.loads(run("--root", review, "--format", "json").stdout)["rows"]

    assert [row["row"] for row in rows] == ["J", "K"]
    assert not (review / "outputs").exists()


def test_a_format_and_a_check_exclude_each_other(review):
    """Wrong usage: exit 2, with what to do."""
    done = run("--root", review, "--check", "--format", "md")

    assert done.exit_code == 2
    assert "leave out --format" in done.stderr


def test_invalid_records_are_told_first(review):
    """With --skip-invalid the records left out are named on stderr."""
    (review / "studies/alpha2001.yaml").write_text("study: other\n")
    done = run("--root", review, "--format", "csv", "--skip-invalid")

    assert done.exit_code == 0
    assert "studies/alpha2001.yaml" in done.stderr
    assert "alpha2001" not in done.stdout


def test_it_needs_no_heavy_library(review):
    """The matrix is made without data frames, statistics, drawing or graphs."""
    code = (
        "import sys\nfrom synthesis.cli.matrix import matrix\nmatrix(sys.argv[1:], standalone_mode=False)\n"
        "heavy = {'pandas', 'statsmodels', 'matplotlib', 'networkx', 'scipy.stats', 'bibtexparser', 'openpyxl'}\n"
        "print(sorted(heavy & {*sys.modules}))"
    )
    command = [sys.executable, "-c", code, "--root", str(review), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "[]"
