"""`synth graph overlap`."""

import csv
import io
import json

import pytest
from click.testing import CliRunner

from synthesis.cli import cli
from synthesis.errors import InvalidArgument, InvalidData, NotFound
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
    assert [line.split() for line in done.stdout.splitlines()[:9]] == [
        ["review", "studies"], ["------", "-------"], ["P", "2"], ["Q", "2"], [],
        ["review", "other", "both", "either", "impossible", "cca", "containment"],
        ["------", "-----", "----", "------", "----------", "------", "-----------"],
        ["P", "Q", "1", "3", "0", "0.3333", "0.5000"], [],
    ]  # fmt: skip
    assert "\ncorrected covered area 33.3 %: 4 inclusions of 3 studies in 2 reviews\n" in done.stdout


def test_the_table_shows_what_the_number_hangs_on(review):
    """Each change of one assumption, the doubt of the bands, the keys without a year."""
    lines = run(review).stdout.splitlines()

    assert [line.split("  ")[0] for line in lines[11:17]] == [
        "as usual", "documents with one study too", "without studies that are only extracted",
        "only studies that are reviewed", "every review could have had every study", "every report is a row",
    ]  # fmt: skip
    assert lines[-1] == "no year is stated of 5 (P, Q, a, b, c): every cell of theirs counts as possible"


def test_a_younger_study_could_not_be_reviewed(review):
    """The years of the library count: c is younger than P."""
    (review / "bibliography" / "references.bib").write_text("@misc{P, year = 2000}\n@misc{c, year = 2001}\n")

    assert "4 inclusions of 3 studies in 2 reviews; impossible cells: 1" in run(review).stdout


def test_a_matrix_of_ones_own(tmp_path):
    """From a file, without a review; a wrong cell is reported with its place, and exits 1."""
    file = tmp_path / "m.csv"
    file.write_text("study;P;Q\na;1;1\nb;X;1\n")
    done = CliRunner().invoke(cli, ["graph", "overlap", "--matrix", str(file), "--format", "json"])
    assert (json.loads(done.stdout)["cca"], json.loads(done.stdout)["unadjusted"]) == (1.0, 0.5)

    file.write_text("study;P;Q\na;1;2\n")
    broken = CliRunner().invoke(cli, ["graph", "overlap", "--matrix", str(file)])
    assert f"{file}:2:3: SY515" in str(broken.exception)


def test_a_matrix_takes_the_place_of_a_review(review):
    """Both at once is wrong usage."""
    (review / "m.csv").write_text("study,P,Q\na,1,1\n")

    assert run(review, "--matrix", str(review / "m.csv")).exit_code == 2


def test_json_has_the_matrix(review):
    """Each study with the reviews that include it."""
    found = json.loads(run(review, "--format", "json").stdout)

    assert found["studies"] == {"a": ["P"], "b": ["P", "Q"], "c": ["Q"]}
    assert found["pairs"] == [
        {"review": "P", "other": "Q", "both": 1, "either": 3, "impossible": 0, "cca": 0.333333, "containment": 0.5}
    ]


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


def test_a_map_of_the_pairs(review, tmp_path):
    """It is drawn beside the table; another ending is refused."""
    assert "corrected covered area" in run(review, "--figure", str(tmp_path / "o.svg")).stdout
    assert "Overlap of 2 reviews: 1 of 1 pairs share a study." in (tmp_path / "o.svg").read_text()
    assert isinstance(run(review, "--figure", str(tmp_path / "o.gif")).exception, InvalidArgument)
