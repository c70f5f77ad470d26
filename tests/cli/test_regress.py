"""`synth regress` on a small review and on plain tables."""

import csv
import io
import json
import math

import pytest
from click.testing import CliRunner

from synthesis.cli.regress import regress
from synthesis.errors import InvalidArgument, InvalidData
from synthesis.pooling.moderators.regress import regress as regressed
from tests.pooling.reference import blocks
from tests.small_review import write_review

REFERENCE = {block["id"]: block for block in blocks("meta_regression")}
FITTED = [name for name, block in REFERENCE.items() if "design_columns" in block["outputs"]]
COLUMNS = ("--yi", "yi", "--vi", "vi")
SIX_DIGITS = {"rel": 5.1e-6, "abs": 1e-12}  # as JSON and CSV are rounded


@pytest.fixture
def review(tmp_path):
    """Four studies with four years and two numbers of people of their own; one more in a community."""
    write_review(tmp_path)
    file = tmp_path / "studies/dunn2007.yaml"
    file.write_text(file.read_text().replace("not stated", "none").replace("prison", "community"))
    return tmp_path


@pytest.fixture
def written(tmp_path):
    """Writes the inputs of a block of the reference as a table."""

    def made(name):
        given = REFERENCE[name]["inputs"]
        columns = {"yi": given["yi"], "vi": given["vi"], **given.get("moderators", {"ablat": given.get("x")})}
        return table(tmp_path / f"{name}.csv", columns)

    return made


def table(path, columns):
    """A CSV table of columns."""
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([list(columns), *zip(*columns.values(), strict=True)])
    return path


def run(*arguments):
    return CliRunner().invoke(regress, list(map(str, arguments)), catch_exceptions=False)


def asked(*arguments):
    """The regressions as JSON; NaN would not be JSON."""
    return json.loads(run(*arguments, "--format", "json").stdout, parse_constant=pytest.fail)


@pytest.mark.parametrize("name", FITTED)
@pytest.mark.parametrize("test", ["z", "knha"])
def test_the_reference_from_a_table(written, name, test):
    """Coefficients, tests and what is left unexplained, to the six digits that are written; 9 formulas, 2 tests."""
    block = REFERENCE[name]
    (one,) = asked(written(name), *COLUMNS, "--moderators", block["inputs"]["formula"], "--test", test)["regressions"]
    fit, model = block["outputs"]["fits"]["REML"][test], one["model"]
    theirs, spread = fit["coefficients"], block["outputs"]["fits"]["REML"]["z"]["heterogeneity"]

    assert [row["estimate"] for row in model["coefficients"]] == pytest.approx(theirs["b"], **SIX_DIGITS)
    assert [row["ci_low"] for row in model["coefficients"]] == pytest.approx(theirs["ci.lb"], **SIX_DIGITS)
    assert [row["p_value"] for row in model["coefficients"]] == pytest.approx(theirs["pval"], **SIX_DIGITS)
    assert model["omnibus"]["p_value"] == pytest.approx(fit["omnibus"]["QMp"], **SIX_DIGITS)
    assert model["tau2"] == pytest.approx(spread["tau2"], **SIX_DIGITS)
    assert model["q"] == pytest.approx(spread["QE"], **SIX_DIGITS)


def test_nine_formulas_are_compared():
    """None of the reference's falls out of the test above."""
    assert len(FITTED) == 9


def test_residuals_and_predictions_are_the_references(written):
    """Of every study; predictions at the first two rows, given as values and as a CSV file."""
    block = REFERENCE["bcg_ablat"]
    path, outputs = written("bcg_ablat"), block["outputs"]
    formula = ("--moderators", "~ ablat")
    (one,) = asked(path, *COLUMNS, *formula, "--test", "z", "--residuals")["regressions"]
    (by_values,) = asked(path, *COLUMNS, *formula, "--test", "knha", "--predict", "ablat=44,55")["regressions"]
    rows = table(path.with_name("new.csv"), {"ablat": [44, 55], "more": ["x", "y"]})
    (by_file,) = asked(path, *COLUMNS, *formula, "--test", "knha", "--predict", rows)["regressions"]
    theirs, expected = outputs["residuals_REML_z"], outputs["predict_REML_knha"]

    for ours, name in (("residual", "resid"), ("standardised", "rstandard"), ("deleted", "rstudent")):
        assert [study[ours] for study in one["studies"]] == pytest.approx(theirs[name], rel=1e-5)
    for ours, name in (("estimate", "pred"), ("ci_low", "ci.lb"), ("pi_high", "pi.ub.riley")):
        found = [row[ours] for row in by_values["predictions"]]
        assert found == pytest.approx(expected[name][:2], **SIX_DIGITS)
    assert by_file["predictions"] == by_values["predictions"]


@pytest.mark.parametrize("name", [name for name in FITTED if "lrt_vs_null_ML" in REFERENCE[name]["outputs"]])
def test_likelihood_ratios_are_the_references(written, name):
    """Of the model against an intercept alone, by ML: in JSON, and the p-value in each row of the CSV."""
    formula, expected = REFERENCE[name]["inputs"]["formula"], REFERENCE[name]["outputs"]["lrt_vs_null_ML"]
    arguments = (written(name), *COLUMNS, "--moderators", formula, "--method", "ML", "--against", "~ 1")
    found = asked(*arguments)["regressions"][0]["comparison"]
    rows = list(csv.DictReader(io.StringIO(run(*arguments, "--format", "csv").stdout)))

    assert found["statistic"] == pytest.approx(expected["LRT"], **SIX_DIGITS)
    assert (found["df"], found["r2"]) == (expected["df"], pytest.approx(expected["R2"], **SIX_DIGITS))
    assert {float(row["lrt_p"]) for row in rows} == {found["p_value"]}
    assert found["p_value"] == pytest.approx(expected["pval"], **SIX_DIGITS)


def test_all_permutations_are_the_references(written):
    """Seven trials, two of one latitude: 7! / 2 = 2520 different orders."""
    expected = REFERENCE["permutation_bcg_first7"]["outputs"]["DL_z"]
    path = written("permutation_bcg_first7")
    arguments = ("--moderators", "~ ablat", "--method", "DL", "--test", "z", "--permutations", "exact")
    found = asked(path, *COLUMNS, *arguments)
    permutation = found["regressions"][0]["permutation"]

    assert (permutation["exact"], permutation["arrangements"]) == (True, expected["exact_iterations"])
    assert permutation["p_values"] == pytest.approx(expected["pval_permutation"], **SIX_DIGITS)
    assert permutation["omnibus_p_value"] == pytest.approx(expected["QMp_permutation"], **SIX_DIGITS)


def test_a_location_scale_model_is_the_references(written):
    """Latitude as a moderator of log tau2, by REML and z, with no test named."""
    expected = REFERENCE["location_scale_bcg_rr"]["outputs"]["REML"]
    path = written("location_scale_bcg_rr")
    (one,) = asked(path, *COLUMNS, "--moderators", "~ 1", "--scale", "~ ablat")["regressions"]
    ours = [row["estimate"] for row in one["model"]["scale"]]

    assert ours == pytest.approx(expected["alpha"], rel=1e-5, abs=1e-7 * min(expected["se.alpha"]))
    text = run(path, *COLUMNS, "--moderators", "~ 1", "--scale", "~ ablat").stdout
    assert "log tau2 ~ ablat: k = 13 (REML, z, 95 % intervals)" in text


def test_the_table_for_a_terminal(written):
    """Coefficients, terms, the moderators together, what is left, and the note on few studies."""
    arguments = (written("bcg_alloc_ablat"), *COLUMNS, "--moderators", "~ alloc + ablat", "--test", "z")
    lines = run(
        *arguments, "--permutations", "200", "--seed", "1", "--predict", "ablat=10;alloc=random"
    ).stdout.splitlines()
    starts = [line.split()[0] if line.split() else "" for line in lines]

    assert lines[0] == "all, effect"
    assert starts[4:8] == ["Intercept", "alloc[T.random]", "alloc[T.systematic]", "ablat"]
    assert {"terms:", "moderators:", "unexplained:", "explained:", "note:", "expected"} <= set(starts)
    assert any("a sample of 200 arrangements" in line for line in lines)
    assert any("13 studies for 3 characteristics: fewer than ten for each" in line for line in lines)


def test_csv_has_a_row_a_coefficient(written):
    """The same numbers as JSON; with --predict a row for each kind of study, with --residuals one for each study."""
    arguments = (written("bcg_ablat"), *COLUMNS, "--moderators", "~ ablat", "--format", "csv")
    whole, predicted, left = (
        list(csv.DictReader(io.StringIO(run(*arguments, *more).stdout)))
        for more in ((), ("--predict", "ablat=10,20,30"), ("--residuals",))
    )

    assert [row["term"] for row in whole] == ["Intercept", "ablat"]
    assert float(whole[1]["estimate"]) == pytest.approx(-0.029101725, **SIX_DIGITS)
    assert [row["ablat"] for row in predicted] == ["10", "20", "30"]
    assert [row["study"] for row in left] == [f"row {number}" for number in range(1, 14)]


def test_predicted_ratios_are_ratios(tmp_path):
    """JSON has logs, as all numbers there; the CSV and the table have what is read: on a line, the line."""
    path = table(tmp_path / "r.csv", {"yi": [0.1, 0.2, 0.3, 0.5], "vi": [0.04, 0.05, 0.03, 0.06], "x": [1, 2, 3, 5]})
    arguments = (path, *COLUMNS, "--measure", "RR", "--moderators", "~ x", "--predict", "x=4")
    (one,) = asked(*arguments)["regressions"]
    (row,) = csv.DictReader(io.StringIO(run(*arguments, "--format", "csv").stdout))

    assert one["scale"] == "log"
    assert one["predictions"][0]["estimate"] == pytest.approx(0.4, **SIX_DIGITS)
    assert float(row["estimate"]) == pytest.approx(math.exp(0.4), **SIX_DIGITS)


def test_a_regression_of_each_group(tmp_path):
    """One group carries the model, the other does not and says so in one line; the command succeeds."""
    path = table(
        tmp_path / "g.csv",
        {"g": list("aaaabb"), "yi": [1, 2, 3, 5, 1, 2], "vi": [1] * 6, "x": [1, 2, 3, 4, 1, 2]},
    )
    done = run(path, *COLUMNS, "--by", "g", "--moderators", "~ x")

    assert done.exit_code == 0
    assert done.stdout.splitlines()[0] == "a, effect"
    assert done.stdout.splitlines()[-2:] == [
        "not fitted (1):", "b, effect: 2 studies cannot carry 2 coefficients: there must be more studies"
    ]  # fmt: skip
    rows = list(
        csv.DictReader(io.StringIO(run(path, *COLUMNS, "--by", "g", "--moderators", "~ x", "--format", "csv").stdout))
    )
    assert [(row["group"], row["k"]) for row in rows] == [("a", "4"), ("a", "4"), ("b", "2")]
    assert "cannot carry" in rows[2]["notes"]


def test_rows_without_a_moderator_are_listed(tmp_path):
    """With their lines and what they lack, beside the rows without an effect."""
    path = table(
        tmp_path / "m.csv",
        {"yi": [1, 2, 3, 5, ""], "vi": [1] * 5, "x": [1, "NA", 3, 4, 5], "c": ["u", "v", "u", "v", ""]},
    )
    found = asked(path, *COLUMNS, "--moderators", "~ x")

    assert [(one["line"], one["reason"]) for one in found["left_out"]] == [
        (3, "x not stated"), (6, "a number is missing, or the variance is not above 0")
    ]  # fmt: skip
    assert found["regressions"][0]["k"] == 3


def test_a_column_of_numbers_and_words(tmp_path):
    """It is refused at its line, unless the formula takes it as names."""
    path = table(tmp_path / "w.csv", {"yi": [1, 2, 3, 5, 4], "vi": [1] * 5, "x": [1, 2, "two", 1, 2]})
    with pytest.raises(InvalidData, match=r"w\.csv:4:3: SY183") as caught:
        run(path, *COLUMNS, "--moderators", "~ x")
    (one,) = asked(path, *COLUMNS, "--moderators", "~ C(x)")["regressions"]

    assert "C(x)" in str(caught.value)
    assert [row["name"] for row in one["model"]["coefficients"]] == ["Intercept", "C(x)[T.2]", "C(x)[T.two]"]


def test_a_review_by_what_its_studies_state(review):
    """The numbers of the library on the effects of the pool, years from the library of references."""
    found = asked("--root", review, "--moderators", "~ year + n")
    (one,) = found["regressions"]
    moderators = {name: [study["moderators"][name] for study in one["studies"]] for name in ("year", "n")}
    pooled = json.loads(
        CliRunner().invoke(_pool(), ["--root", str(review), "--format", "json"], catch_exceptions=False).stdout
    )
    y, v = ([study[name] for study in pooled["pools"][0]["studies"]] for name in ("yi", "vi"))
    expected = regressed(y, v, "~ year + n", data=moderators)

    assert moderators == {"year": [2001, 2003, 2005, 2007], "n": [100, 200, 80, 90]}
    ours = [row["estimate"] for row in one["model"]["coefficients"]]
    # JSON has six digits of y and v, and the intercept at the year 0 loses three of them
    assert ours == pytest.approx([row.estimate for row in expected.coefficients], rel=1e-3)
    assert (one["by"], one["comparators"], found["left_out"]) == ({"modality": "cbt", "outcome": "use"}, "inactive", [])


def _pool():
    from synthesis.cli.pool import pool

    return pool


def test_a_study_that_does_not_state_it_is_listed(review):
    """Under its regression, with the reason; and by JSON."""
    file = review / "studies/cole2005.yaml"
    file.write_text(file.read_text().replace("setting: prison, ", ""))
    arguments = ("--root", review, "--moderators", "~ setting")

    assert "  left out, setting not stated (1): cole2005" in run(*arguments).stdout.splitlines()
    assert asked(*arguments)["regressions"][0]["left_out"] == [{"study": "cole2005", "reason": "setting not stated"}]
    assert "left out: cole2005" in run(*arguments, "--format", "csv").stderr


def test_a_pool_that_cannot_be_fitted_says_so(review):
    """All four are of one country: one line, exit code 0."""
    done = run("--root", review, "--moderators", "~ country")

    assert done.exit_code == 0
    assert "cbt use against inactive, risk ratio: country is Norway in all 4 studies" in done.stdout.splitlines()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--moderators", "~ yeer"], "did you mean 'year'"),
        (["--moderators", "~ bias_oval"], "did you mean 'bias_overall'"),
        (["--moderators", "~ year", "--method", "REM"], "did you mean 'REML'"),
        (["--moderators", "~ year +"], "cannot be read"),
        (["--moderators", "~ np.nothing(year)"], "cannot be used"),
        (["--moderators", "~ I(os.getcwd())"], "no moderator 'os'"),
        (["--moderators", "~ year + n", "--predict", "year=2000"], "n too"),
    ],
)
def test_what_cannot_be_asked_is_an_argument(review, arguments, words):
    """Such errors exit 2; the nearest name is suggested."""
    with pytest.raises(InvalidArgument, match=words):
        run("--root", review, *arguments)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "Missing option"),
        (["--moderators", "~ n", "--yi", "y"], "only for a FILE"),
        (["--moderators", "~ n", "--vtype", "LS"], "is for a FILE"),
        (["--moderators", "~ n", "--permutations", "99"], "from 100 on"),
        (["--moderators", "~ n", "--permutations", "1000"], "--seed 1"),
        (["--moderators", "~ n", "--predict", "n=1;n=2"], "write each name once"),
        (["--moderators", "~ n", "--predict", "n="], "write each name once"),
        (["--moderators", "~ n", "--predict", "2000"], "the name of a CSV file"),
        (["--moderators", "~ n", "--predict", "n=1", "--residuals", "--format", "csv"], "one CSV holds"),
        (["x.csv", "--moderators", "~ x"], "name the columns"),
        (["x.csv", "--moderators", "~ x", *COLUMNS, "--modality", "cbt"], "--modality is for a review"),
        (["x.csv", "--moderators", "~ x", *COLUMNS, "--rho", "0"], "--rho is for a review"),
        (["x.csv", "--moderators", "~ x", *COLUMNS, "--prediction", "V"], "No such option"),
    ],
)
def test_wrong_usage_exits_2(review, monkeypatch, arguments, words):
    """Options of the other kind, and values that are none."""
    (review / "x.csv").write_text("yi,vi,x\n1,1,1\n2,1,2\n3,1,3\n")
    monkeypatch.chdir(review)
    done = run(*arguments)

    assert done.exit_code == 2
    assert words in done.output


def test_a_prediction_for_a_file_needs_all_its_cells(review, tmp_path):
    """An empty one is named by its line, a column that is not there by the nearest."""
    new = table(tmp_path / "new.csv", {"year": [2000, ""]})
    for formula, words in (("~ year", r"new\.csv:3: year is empty"), ("~ years", "did you mean 'year'")):
        with pytest.raises(InvalidArgument, match=words):
            run("--root", review, "--moderators", formula, "--predict", new)


def test_the_help_names_the_moderators_of_a_review():
    """Every attribute, and none of the options of a pool alone."""
    words = run("--help").stdout.split()

    assert {"bias_missing_data,", "attrition,", "setting,"} <= set(words)
    assert "--tau2-interval" not in words
