"""`synth graph draw`."""

import pytest
from click.testing import CliRunner

from synthesis.cli import cli
from synthesis.errors import InvalidArgument, NotFound
from tests.small_review import write_review


@pytest.fixture
def review(tmp_path):
    """Four studies, their reports, and a review."""
    return write_review(tmp_path)


def run(review, *arguments):
    """The command, in the review."""
    return CliRunner().invoke(cli, ["graph", "draw", "--root", str(review), *arguments])


def test_a_drawing_of_the_review(review, tmp_path):
    """An SVG with its alternative text."""
    done = run(review, "-o", str(tmp_path / "g.svg"), "--title", "My graph")
    text = (tmp_path / "g.svg").read_text()

    assert done.exit_code == 0
    assert f"wrote {tmp_path / 'g.svg'}" in done.stderr
    assert "My graph" in text
    assert "Citations: 1 review, 4 reports of studies, 4 studies, 1 modality x outcome." in text


def test_what_is_near_a_key(review, tmp_path):
    """One step around a study: its report and its cell; of some kinds alone with --kinds."""
    run(review, "-o", str(tmp_path / "g.svg"), "--around", "ames2001")
    assert "Citations: 1 report of a study, 1 study, 1 modality x outcome." in (tmp_path / "g.svg").read_text()

    run(review, "-o", str(tmp_path / "g.svg"), "--around", "ames2001", "--hops", "2", "--kinds", "study,cell")
    assert "Citations: 4 studies, 1 modality x outcome." in (tmp_path / "g.svg").read_text()


def test_the_most_linked(review, tmp_path):
    """A limit is said on stderr and in the figure."""
    done = run(review, "-o", str(tmp_path / "g.svg"), "--most", "4")

    assert "Of 10 the 4 with the most links are drawn." in done.stderr


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        (("--around", "ames2002"), NotFound, "did you mean 'ames2001'"),
        (("--kinds", "studies"), InvalidArgument, "did you mean 'study'"),
        (("-o", "g.gif"), InvalidArgument, "no format"),
    ],
)
def test_what_is_refused(review, arguments, error, words):
    """A name that there is not, and a format."""
    done = run(review, *arguments)

    assert isinstance(done.exception, error)
    assert words in str(done.exception)
