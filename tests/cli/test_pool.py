"""`synth pool` and `synth forest` on a small review and on plain tables."""

import csv
import io
import json

import pytest
from click.testing import CliRunner

from synthesis.cli.figures import default_name
from synthesis.cli.forest import forest
from synthesis.cli.pool import pool
from synthesis.errors import InvalidArgument, InvalidData, NotFound
from tests.small_review import write_review


@pytest.fixture
def review(tmp_path):
    return write_review(tmp_path)


def run(command, *arguments):
    return CliRunner().invoke(command, list(map(str, arguments)), catch_exceptions=False)


def test_the_table_and_what_it_leaves_out(review):
    """Three studies are pooled, with the z interval beside; the fourth is listed with its reason."""
    lines = run(pool, "--root", review).stdout.splitlines()

    assert lines[2].split()[:6] == ["*", "cbt", "use", "inactive", "RR", "3"]
    assert lines[3].split()[:2] == ["z", "3"]
    assert lines[-1] == "  comparator not stated (1): dunn2007"


def test_json_has_reasons_and_no_nan(review):
    """Every null of a model has a reason; the file is strict JSON."""
    found = json.loads(
        run(pool, "--root", review, "--format", "json", "--method", "EE").stdout, parse_constant=pytest.fail
    )
    (one,) = found["pools"]
    model = one["models"][0]
    explained = {note["field"] for note in model["notes"]}

    assert [study["study"] for study in one["studies"]] == ["ames2001", "burt2003", "cole2005"]
    assert {name for name, value in model.items() if value is None} - {"df"} <= explained
    assert found["left_out"][0]["place"].startswith("studies/dunn2007.yaml:")


def test_csv_has_a_row_a_model(review):
    """The main model and the z interval beside it, ratios as ratios."""
    rows = list(csv.DictReader(io.StringIO(run(pool, "--root", review, "--format", "csv").stdout)))

    assert [row["model"] for row in rows] == ["main", "z"]
    assert 0 < float(rows[0]["ci_low"]) < float(rows[0]["estimate"]) < 1


def test_details_name_each_study(review):
    """Counts, weights and the pool without each study, and Egger's warning."""
    text = run(pool, "--root", review, "--details").stdout

    assert "10/50 v 25/50" in text
    assert "below 10" in text


def test_groupings_and_conditions(review):
    """--by makes a pool for each value, --where leaves the rest out and counts it."""
    by = run(pool, "--root", review, "--by", "outcome,comparator", "--format", "json").stdout
    where = run(pool, "--root", review, "--where", "year>=2003", "--format", "json").stdout

    assert [one["by"]["comparator"] for one in json.loads(by)["pools"]] == ["none", "usual care"]
    assert json.loads(where)["not_asked_for"] == 1


def test_an_error_stops_with_the_whole_list(review):
    """Two broken records are two problems; --skip-invalid says what it leaves out and goes on."""
    for name in ("ames2001", "cole2005"):
        file = review / "studies" / f"{name}.yaml"
        file.write_text(file.read_text().replace("level: 5", "level: 6"))
    with pytest.raises(InvalidData) as caught:
        run(pool, "--root", review)
    skipped = run(pool, "--root", review, "--skip-invalid")

    assert [problem.path for problem in caught.value.problems] == ["studies/ames2001.yaml", "studies/cole2005.yaml"]
    assert "studies/ames2001.yaml:6:" in skipped.stderr
    assert " 1 " in skipped.stdout.splitlines()[2]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--modality", "cbtt"], "did you mean 'cbt'"),
        (["--method", "REM"], "did you mean 'REML'"),
        (["--where", "colour=red"], "no attribute 'colour'"),
        (["--test", "zz"], "no test"),
        (["--tau2-interval", "QPP"], "no interval of tau2 'QPP'"),
        (["--prediction", "HTTS"], "did you mean 'HTS'"),
        (["--model", "MHH"], "did you mean 'MH'"),
        (["--model", "CM.EL"], "add --measure OR"),
        (["--dependence", "robusst"], "did you mean 'robust'"),
    ],
)
def test_a_mistyped_name_gets_the_nearest(review, arguments, words):
    """Names are looked up, and the nearest is suggested."""
    with pytest.raises(InvalidArgument, match=words):
        run(pool, "--root", review, *arguments)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--yi", "yi"],
        ["--tau2", "1"],
        ["--model", "MH", "--dependence", "robust"],
        ["--dependence", "robust", "--prediction", "V"],
        ["x.csv"],
        ["x.csv", "--yi", "y", "--modality", "cbt"],
        ["--maryland", "6"],
        ["--format", "xml"],
    ],
)
def test_wrong_usage_exits_2(review, arguments):
    """Columns without a file, a file without columns, options of the other kind, values that are none."""
    assert run(pool, "--root", review, *arguments).exit_code == 2


@pytest.mark.parametrize(
    ("option", "value"), [("--modality", "cbt"), ("--follow-up", "end"), ("--root", "."), ("--details", "")]
)
def test_an_option_of_a_review_is_refused_with_a_table(review, option, value):
    """It is named as it was written, whatever its value; `--level 0` is no level for a table either."""
    (review / "x.csv").write_text("yi,vi\n1,1\n2,1\n")
    columns = [review / "x.csv", "--yi", "yi", "--vi", "vi"]
    value = review if option == "--root" else value

    done = run(pool, *columns, option, *([value] if value else []))
    assert done.exit_code == 2
    assert f"{option} is for a review" in done.output
    with pytest.raises(InvalidArgument, match="level must be"):
        run(pool, *columns, "--level", "0")


def test_kinds_of_intervals_reach_the_review(review):
    """Each model names its kinds, by default those of review.toml."""

    def kinds(*options):
        (one,) = json.loads(run(pool, "--root", review, "--format", "json", *options).stdout)["pools"]
        return one["models"][0]["tau2_interval"], one["models"][0]["prediction"]

    assert kinds() == ("QP", "riley")
    assert kinds("--tau2-interval", "PL", "--prediction", "HTS") == ("PL", "HTS")
    file = review / "review.toml"
    file.write_text(file.read_text() + '[defaults]\ntau2_interval = "BJ"\nprediction = "V"\n')
    assert kinds() == ("BJ", "V")


@pytest.mark.parametrize("options", [["--model", "MH"], ["--dependence", "robust"], ["--dependence", "aggregate"]])
def test_another_model_of_the_review(review, options):
    """Table, CSV and JSON name the model, with the usual pool beneath and the same finding left out."""
    text = run(pool, "--root", review, *options).stdout
    found = json.loads(run(pool, "--root", review, *options, "--format", "json").stdout, parse_constant=pytest.fail)
    rows = list(csv.DictReader(io.StringIO(run(pool, "--root", review, *options, "--format", "csv").stdout)))
    (one,) = found["pools"]

    assert found["model"] == rows[0]["model"] == one["models"][0]["model"] == options[1]
    assert [row["k"] for row in rows if row["row"] == "main"] == ["3"]
    assert "usual: inverse variance" in text
    assert text.splitlines()[-1] == "  comparator not stated (1): dunn2007"
    assert {name for name, value in one["models"][0].items() if value is None} - {"df"} <= {
        note["field"] for note in one["models"][0]["notes"]
    }


def test_select_and_inv_are_what_they_are_without(review):
    """The defaults by name change nothing."""
    plain = run(pool, "--root", review).stdout

    assert run(pool, "--root", review, "--dependence", "select", "--model", "INV").stdout == plain


@pytest.mark.parametrize(("name", "begins"), [("a.svg", b"<?xml"), ("a.png", b"\x89PNG"), ("a.pdf", b"%PDF")])
def test_a_forest_plot_is_drawn(review, tmp_path, name, begins):
    """The ending of the file is its format."""
    run(forest, "cbt", "use", "--root", review, "-o", tmp_path / name)

    assert (tmp_path / name).read_bytes().startswith(begins)


def test_a_forest_plot_shows_the_pool(review, tmp_path):
    """Title, description and studies of the drawing are those of the pool."""
    run(forest, "cbt", "use", "--root", review, "-o", tmp_path / "a.svg")
    text = (tmp_path / "a.svg").read_text()

    assert "Cognitive behavioural therapy: Drug use" in text
    assert "Forest plot of 3 studies" in text


def test_a_forest_plot_needs_a_pool(review, tmp_path):
    """No pool, and an ending that is no format: nothing is written."""
    with pytest.raises(NotFound, match="no such pool"):
        run(forest, "cbt", "use", "--root", review, "--active", "-o", tmp_path / "a.svg")
    with pytest.raises(InvalidArgument, match="no format"):
        run(forest, "cbt", "use", "--root", review, "-o", tmp_path / "a.jpg")

    assert not list(tmp_path.glob("a.*"))


@pytest.mark.parametrize(
    ("modality", "name"),
    [
        ("cbt", "cbt-use.svg"),
        ("../../a b", "______a_b-use.svg"),
        ("/a.png", "_a_png-use.svg"),
        ("ärzte", "ärzte-use.svg"),
    ],
)
def test_a_forest_plot_stays_in_the_folder(modality, name):
    """Names of a review make the name of a file without a path in it."""
    assert str(default_name(modality, "use")) == name
