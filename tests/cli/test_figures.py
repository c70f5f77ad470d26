"""`synth harvest`, `synth effect-direction` and `synth albatross`, on a review and on a table."""

import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from synthesis.cli.matrix import matrix
from synthesis.cli.study_figures import albatross, effect_direction, harvest
from synthesis.errors import InvalidArgument, InvalidData, NotFound
from tests.rendering.test_figures import TABLE
from tests.small_review import write_review

STARTS = {"svg": b"<?xml", "png": b"\x89PNG", "pdf": b"%PDF"}
OF_A_REVIEW = {harvest: ("cbt",), effect_direction: ("cbt",), albatross: ("cbt", "use")}
OF_A_TABLE = {
    harvest: ("--yi", "yi", "--vi", "vi", "--level", "level", "--reported", "said", "--pattern", "where"),
    effect_direction: ("--direction", "yi", "--by", "outcome", "--n", "n", "--study", "study"),
    albatross: ("--p", "p", "--yi", "yi", "--n", "n", "--by", "where"),
}
commands = pytest.mark.parametrize("command", [harvest, effect_direction, albatross], ids=lambda one: one.name)


@pytest.fixture
def review(tmp_path):
    return write_review(tmp_path)


@pytest.fixture
def table(tmp_path):
    file = tmp_path / "table.csv"
    file.write_text(TABLE)
    return file


def run(command, *arguments):
    return CliRunner().invoke(command, list(map(str, arguments)), catch_exceptions=False)


@commands
@pytest.mark.parametrize("kind", STARTS)
def test_the_same_file_twice(review, tmp_path, command, kind):
    """The ending is the format; drawn again, the bytes are the same."""
    files = [tmp_path / f"{name}.{kind}" for name in ("one", "two")]
    for file in files:
        done = run(command, *OF_A_REVIEW[command], "--root", review, "--output", file, "--dpi", 60)
        assert (done.exit_code, done.stdout, done.stderr) == (0, "", f"wrote {file}\n")

    assert files[0].read_bytes() == files[1].read_bytes()
    assert files[0].read_bytes().startswith(STARTS[kind])


@commands
def test_a_file_named_after_what_is_drawn(review, tmp_path, monkeypatch, command):
    """Without --output an SVG in this folder; the title is the one that is given."""
    monkeypatch.chdir(tmp_path)
    run(command, *OF_A_REVIEW[command], "--root", review, "--title", "What was found")
    names = "-".join([command.name.replace("-", "_"), *OF_A_REVIEW[command]])

    assert "<title" in (text := Path(f"{names}.svg").read_text())
    assert "What was found" in text


@commands
def test_a_table(table, tmp_path, command):
    """The same figures of the columns of a CSV table."""
    target = tmp_path / "figure.svg"
    done = run(command, table, *OF_A_TABLE[command], "--output", target)

    assert done.exit_code == 0
    assert target.read_bytes().startswith(STARTS["svg"])


@commands
def test_names_that_there_are_not(review, table, tmp_path, command):
    """A modality, an ending, a column and a file: each is refused with the nearest name, and nothing is written."""
    before = set(tmp_path.iterdir())
    with pytest.raises(InvalidArgument, match="did you mean 'cbt'"):
        run(command, "cbtt", *OF_A_REVIEW[command][1:], "--root", review)
    with pytest.raises(InvalidArgument, match="did you mean 'png'"):
        run(command, *OF_A_REVIEW[command], "--root", review, "--output", tmp_path / "x.pngg")
    with pytest.raises(InvalidArgument, match="did you mean 'study'"):
        run(command, table, *OF_A_TABLE[command], "--study", "studdy")
    with pytest.raises(NotFound, match="there is no file"):
        run(command, tmp_path / "none.csv", *OF_A_TABLE[command])

    assert set(tmp_path.iterdir()) == before


@commands
def test_options_of_the_other_kind(review, table, command):
    """Columns are of a table, modalities and levels of a review: wrong usage, exit 2."""
    columns = run(command, *OF_A_REVIEW[command], "--yi", "yi", "--root", review)
    levels = run(command, table, *OF_A_TABLE[command], "--maryland", "5")

    assert (columns.exit_code, "--yi is for a FILE" in columns.stderr) == (2, True)
    assert (levels.exit_code, "--maryland is for a review" in levels.stderr) == (2, True)


def test_albatross_takes_one_cell(review):
    """A modality without an outcome is wrong usage."""
    done = run(albatross, "cbt", "--root", review)

    assert (done.exit_code, "one MODALITY and one OUTCOME" in done.stderr) == (2, True)


def test_harvest_takes_every_level(review, tmp_path):
    """Studies below the levels of the pools are drawn, unless levels are named."""
    file = review / "studies" / "ames2001.yaml"
    file.write_text(file.read_text().replace("level: 5", "level: 2"))
    counts = []
    for more in ((), ("--maryland", "4,5")):
        run(harvest, "cbt", "--root", review, "-o", tmp_path / "x.svg", *more)
        counts.append((tmp_path / "x.svg").read_text().count("ames2001"))

    assert counts[0] > 0
    assert counts[1] == 0


def test_patterns_may_be_years(review, tmp_path):
    """The year of a study's first report is looked up in the library."""
    run(harvest, "cbt", "--root", review, "-o", tmp_path / "x.svg", "--pattern", "year")
    text = (tmp_path / "x.svg").read_text()

    assert all(f"<!-- {year} -->" in text for year in (2001, 2003, 2005))


def test_sizes_of_arrows_can_be_changed(review, tmp_path):
    """Other participants from which an arrow is medium, and above which it is large."""
    run(effect_direction, "cbt", "--root", review, "-o", tmp_path / "x.svg", "--sizes", 90, 150)

    assert "small below 90 participants" in (tmp_path / "x.svg").read_text()


def test_records_with_errors(review, tmp_path):
    """An error stops the drawing; with --skip-invalid the record is named and left out."""
    file = review / "studies" / "ames2001.yaml"
    file.write_text(file.read_text().replace("outcome: use", "outcome: uze"))
    with pytest.raises(InvalidData, match="ames2001"):
        run(harvest, "cbt", "--root", review, "-o", tmp_path / "x.svg")
    done = run(harvest, "cbt", "--root", review, "-o", tmp_path / "x.svg", "--skip-invalid")

    assert "left out, with errors: 1 record" in done.stderr
    assert "ames2001" not in (tmp_path / "x.svg").read_text()


def test_the_matrix_as_a_heat_map(review, tmp_path):
    """`synth matrix --figure` draws beside what it writes; an ending that is none is refused before that."""
    with pytest.raises(InvalidArgument, match="did you mean 'svg'"):
        run(matrix, "--root", review, "--figure", tmp_path / "map.svgg")
    assert not (review / "outputs").exists()
    done = run(matrix, "--root", review, "--figure", tmp_path / "map.svg")
    text = (tmp_path / "map.svg").read_text()

    assert f"wrote {tmp_path / 'map.svg'}" in done.stderr
    assert (review / "outputs" / "scoring_matrix.csv").exists()
    assert "Scoring matrix of 1 interventions by 1 outcomes." in text


@pytest.mark.parametrize("more", [["--check"], ["--policies"], ["--setting", "prison"]])
def test_a_part_of_the_matrix_has_no_map(review, tmp_path, more):
    """What is asked of the matrix, and its check, draw nothing: wrong usage."""
    done = run(matrix, "--root", review, "--figure", tmp_path / "map.svg", *more)

    assert (done.exit_code, (tmp_path / "map.svg").exists()) == (2, False)


def test_wrong_rows_of_a_table(table):
    """A level that is none is named by its line."""
    table.write_text(TABLE.replace("0.7,60,3", "0.7,60,9"))
    with pytest.raises(InvalidData, match=r"table.csv:3:7: SY184 level '9' is not a level from 1 to 5"):
        run(harvest, table, *OF_A_TABLE[harvest])


def test_the_command_line_knows_them(tmp_path):
    """`synth` runs them by their names, with its exit code for a review that is not there."""
    synth = Path(sys.executable).with_name("synth")
    done = subprocess.run([synth, "effect-direction"], cwd=tmp_path, capture_output=True, text=True, check=False)

    assert isinstance(effect_direction, click.Command)
    assert (done.returncode, "no review.toml" in done.stderr) == (2, True)
