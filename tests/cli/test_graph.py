"""`synth graph overlap`."""

import csv
import io
import json

import pytest
from click.testing import CliRunner

from synthesis.cli import cli
from synthesis.errors import InvalidData, NotFound
from tests.cli.test_bib import REVIEW

ROWS = ["P,a,reviews,", "P,b,reviews,", "Q,b,extracts,", "Q,c,meta_analyses,", "S,a,extracts,", "P,c,cites,"]


@pytest.fixture
def review(tmp_path):
    """A review with two reviews that share one study, and a page about one."""
    (tmp_path / "review.toml").write_text(REVIEW)
    (tmp_path / "studies").mkdir()
    (tmp_path / "bibliography").mkdir()
    write(tmp_path, ROWS)
    return tmp_path


def write(root, rows):
    """citations.csv with these rows."""
    text = "\n".join(["source,target,relation,locator", *rows, ""])
    (root / "bibliography" / "citations.csv").write_text(text)


def run(review, *arguments):
    """The command, in the review."""
    return CliRunner().invoke(cli, ["graph", "overlap", "--root", str(review), *arguments])


def test_the_table(review):
    """Reviews with their studies, pairs that share one, and the corrected covered area: (4 - 3) / (6 - 3)."""
    done = run(review)

    assert done.exit_code == 0
    assert [line.split() for line in done.stdout.splitlines()[:-1]] == [
        ["review", "studies"], ["------", "-------"], ["P", "2"], ["Q", "2"], [],
        ["review", "other", "both", "either", "cca"], ["------", "-----", "----", "------", "------"],
        ["P", "Q", "1", "3", "0.3333"], [],
    ]  # fmt: skip
    assert done.stdout.endswith("\ncorrected covered area 33.3 %: 4 inclusions of 3 studies in 2 reviews\n")


def test_json_has_the_matrix(review):
    """Each study with the reviews that include it."""
    found = json.loads(run(review, "--format", "json").stdout)

    assert found["studies"] == {"a": ["P"], "b": ["P", "Q"], "c": ["Q"]}
    assert found["pairs"] == [{"review": "P", "other": "Q", "both": 1, "either": 3, "cca": 0.333333}]


def test_csv_has_all_pairs(review):
    """Pairs without a common study too."""
    rows = list(csv.reader(io.StringIO(run(review, "--format", "csv", "--reviews", "S, Q ,P").stdout)))

    assert [row[:3] for row in rows] == [["review", "other", "both"], ["S", "Q", "0"], ["S", "P", "1"], ["Q", "P", "1"]]


def test_a_review_that_is_not_there(review):
    """A mistyped key is an error with the nearest one."""
    assert isinstance(run(review, "--reviews", "P,T").exception, NotFound)


def test_broken_citations_are_reported(review):
    """No overlap is computed from half a table."""
    write(review, [*ROWS, "P,d,review,"])

    done = run(review)
    assert isinstance(done.exception, InvalidData)
    assert "bibliography/citations.csv:8:3: SY504" in str(done.exception)
