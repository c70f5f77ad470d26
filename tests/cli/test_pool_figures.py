"""`synth funnel`, `radial`, `baujat`, `drapery`, `qq` and `p-curve`, on a review and on a table."""

import click
import pytest

from synthesis.cli.drawing import draw_curve
from synthesis.errors import InvalidArgument, NotFound
from synthesis.rendering.moderated import about_group
from synthesis.rendering.multiverse import Shown
from synthesis.sensitivity.many_worlds.specifications import multiverse
from tests.cli.sensitivity_runs import BCG, COUNTS, four_studies, run

COMMANDS = ("funnel", "radial", "baujat", "drapery", "qq", "p-curve")


@pytest.fixture
def review(tmp_path):
    four_studies(tmp_path)
    return tmp_path


@pytest.mark.parametrize("command", COMMANDS)
def test_the_same_file_twice(tmp_path, command):
    """Drawn from a table again, the bytes are the same; the title is that of the table, or the one that is given."""
    files = [tmp_path / f"{name}.svg" for name in ("one", "two", "other")]
    for file in files[:2]:
        done = run(command, BCG, *COUNTS, "--output", file)
        assert (done.exit_code, done.stdout, done.stderr) == (0, "", f"wrote {file}\n")
    run(command, BCG, *COUNTS, "--output", files[2], "--title", "What was found")

    assert files[0].read_bytes() == files[1].read_bytes()
    assert '<title id="plot-title">bcg</title>' in files[0].read_text()
    assert '<title id="plot-title">What was found</title>' in files[2].read_text()


@pytest.mark.parametrize("command", COMMANDS)
def test_a_cell_of_a_review(review, monkeypatch, command):
    """One pool of the review, in a file named after it, with the labels of the review."""
    monkeypatch.chdir(review)
    done = run(command, "cbt", "use")
    name = f"{command.replace('-', '_')}-cbt-use.svg"

    assert (done.exit_code, done.stderr) == (0, f"wrote {name}\n")
    assert "Cognitive behavioural therapy: Drug use" in (review / name).read_text()


def test_what_is_added_to_a_funnel(tmp_path):
    """Trim-and-fill and the lines of PET and PEESE are drawn when they are asked for, areas left out."""
    file = tmp_path / "funnel.svg"
    run("funnel", BCG, *COUNTS, "--output", file, "--fill", "L0", "--pet-peese", "--no-contours")
    text = file.read_text()

    assert {'id="filled-1"', 'id="trend-1"', 'id="trend-2"'} <= set(text.split()) | set(text.replace(">", " ").split())
    assert 'id="contour-1"' not in text


def test_a_simultaneous_envelope_is_wider(tmp_path):
    """The two envelopes of residuals are different drawings."""
    files = [tmp_path / "one.svg", tmp_path / "all.svg"]
    run("qq", BCG, *COUNTS, "--output", files[0])
    run("qq", BCG, *COUNTS, "--output", files[1], "--simultaneous")

    assert files[0].read_bytes() != files[1].read_bytes()


WRONG = (
    ("name one MODALITY and one OUTCOME", ("cbt", "use", "more")),
    ("MODALITY and one OUTCOME, or a FILE", ()),
    ("--family and --active are for a review", (BCG, *COUNTS, "--active")),
    ("--better is for a FILE", ("cbt", "use", "--better", "lower")),
    ("in place of --by", ("cbt", "use", "--by", "setting")),
    ("there are random, RR; alternate, RR; systematic, RR", (BCG, *COUNTS, "--by", "alloc")),
    ("no file 'no.csv'", ("no.csv", "--yi", "yi", "--vi", "vi")),
)


@pytest.mark.parametrize(("message", "words"), WRONG)
def test_wrong_usage(tmp_path, message, words):
    """What is not one pool, and an option of the other kind of source, is a usage error; nothing is written."""
    done = run("funnel", *words, "--output", tmp_path / "figure.svg")

    assert done.exit_code == 2
    assert message in done.stderr.replace("\n", " ")
    assert list(tmp_path.iterdir()) == []


def test_what_there_is_not(review, tmp_path):
    """An ending, an estimator of missing studies and a pool that there are not are refused by name."""
    with pytest.raises(InvalidArgument, match="ends in no format"):
        run("funnel", BCG, *COUNTS, "--output", tmp_path / "figure.gif")
    with pytest.raises(InvalidArgument, match="L0"):
        run("funnel", BCG, *COUNTS, "--output", tmp_path / "figure.svg", "--fill", "L9")
    with pytest.raises(NotFound, match="no such pool"):
        run("radial", "cbt", "use", "--root", review, "--active")


def test_one_specification_curve(tmp_path):
    """The one multiverse of several attempts is drawn; two are refused with their names."""
    found = multiverse([0.1, 0.4, 0.3], [0.04, 0.05, 0.03], methods=["REML", "DL"], tests=["z"])
    one = Shown(about_group("men", "RR"), found, "", (), {}, (), (), None)
    draw_curve(tmp_path / "curve.svg", [one, Shown(about_group("women", "RR"), None, "none", (), {}, (), (), None)])

    assert "men, RR" in (tmp_path / "curve.svg").read_text()
    with pytest.raises(click.UsageError, match="there are men, RR; men, RR"):
        draw_curve(tmp_path / "curve.svg", [one, one])
