"""`synth graph bias`."""

import csv
import io
import json

import pytest
from click.testing import CliRunner

from synthesis.cli import cli
from synthesis.errors import InvalidArgument, NotFound
from synthesis.pipeline.loading import load
from synthesis.pipeline.stances import stances_of
from tests.small_review import write_review

CITED = "source,target,relation,locator\nReview2010,Ames2001,cites,\nReview2010,Burt2003,reviews,\n"


@pytest.fixture
def review(tmp_path):
    """Four studies: the sources of two say that they are effective, one says not, and one says nothing."""
    write_review(tmp_path)
    (tmp_path / "bibliography" / "citations.csv").write_text(CITED)
    for name, said in (("cole2005", "ineffective"), ("dunn2007", None)):
        file = tmp_path / "studies" / f"{name}.yaml"
        line = '    reported: {direction: effective, significant: "yes"}\n'
        new = f'    reported: {{direction: {said}, significant: "no"}}\n' if said else ""
        file.write_text(file.read_text().replace(line, new))
    return tmp_path


def run(review, *arguments):
    """The command, in the review."""
    return CliRunner().invoke(cli, ["graph", "bias", "--root", str(review), *arguments])


def test_what_the_sources_report_and_else_the_numbers(review):
    """Direction as reported; of the study that reports none by its own numbers: 9 and 20 of 45, z -2.3."""
    found = stances_of(load(review))

    assert list(found.directions) == ["ames2001", "burt2003", "cole2005", "dunn2007"]
    assert list(found.directions.values()) == ["effective", "effective", "ineffective", "effective"]
    assert list(found.significant.values()) == [True, True, False, True]


def test_the_table(review):
    """The citing paper with its citations and what it could have cited; why there is no test; the cautions."""
    done = run(review)

    assert done.exit_code == 0
    assert done.stdout.splitlines()[2].split()[:5] == ["Review2010", "review", "2010", "2", "0"]
    assert "not estimable: too few" in done.stdout
    assert "1 cites, 1 reviews; 2 of them are of Review2010 alone" in done.stdout


def test_csv_has_every_paper(review):
    """A line each."""
    (row,) = csv.DictReader(io.StringIO(run(review, "--format", "csv", "--relations", "cites").stdout))

    assert (row["citing paper"], row["supportive"], row["critical"], row["ratio"]) == ("Review2010", "1", "0", "-")


def test_json_names_seed_and_scope(review):
    """What is needed to do it again."""
    found = json.loads(run(review, "--format", "json", "--outcome", "use", "--seed", "7").stdout)

    assert (found["seed"], found["scope"]) == (7, "use")
    assert found["amplification"] == {
        "data_papers": 4, "citations": 2, "paths": 2, "through_papers_without_data": 0, "share": 0.0,
        "amplifiers": [], "reason": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        (("--outcome", "used"), NotFound, "did you mean 'use'"),
        (("--modality", "cbd"), NotFound, "did you mean 'cbt'"),
        (("--relations", "cite"), InvalidArgument, "did you mean 'cites'"),
    ],
)
def test_a_name_that_there_is_not(review, arguments, error, words):
    """It is refused with the nearest."""
    done = run(review, *arguments)

    assert isinstance(done.exception, error)
    assert words in str(done.exception)


def test_the_same_seed_gives_the_same_answer():
    """In the shipped review arrangements are drawn."""
    arguments = ["graph", "bias", "--draws", "99", "--format", "json"]
    one, other = (CliRunner().invoke(cli, arguments).stdout for _ in range(2))

    assert one == other
    assert json.loads(one)["directions"]["over_studies"]["exact"] is False
