"""`synth influence` and `synth leave-one-out` on a small review and on plain tables."""

import numpy as np
import pytest

from synthesis.errors import InvalidArgument
from synthesis.pipeline import load, pool_review
from synthesis.pooling import pool
from synthesis.sensitivity.deletion.influence import baujat, influence
from synthesis.sensitivity.deletion.leave_out import leave_one_group_out, leave_one_out
from synthesis.sensitivity.deletion.shrinkage import shrunken_effects
from tests.cli.sensitivity_runs import BCG, COUNTS, SIX_DIGITS, asked, bcg, four_studies, rows, run, same
from tests.pooling.reference import blocks


@pytest.fixture
def review(tmp_path):
    return four_studies(tmp_path)


@pytest.fixture
def effects(pytestconfig):
    """Effects, variances and the table of the BCG trials."""
    return bcg(pytestconfig.rootpath)


@pytest.mark.parametrize("how", [("REML", "adhoc"), ("DL", "z"), ("EE", "z")])
def test_measures_of_a_table_are_those_of_the_library(effects, how):
    """Every column of JSON: measures, Baujat's coordinates and shrunken effects."""
    y, v, _ = effects
    (one,) = asked("influence", BCG, *COUNTS, "--method", how[0], "--test", how[1])["results"]
    whole = influence(y, v, method=how[0], test=how[1])

    result = one["result"]
    for name, column in whole.columns().items():
        assert same(result["influence"][name], column)
    for name, column in baujat(whole.fit).columns().items():
        assert same(result["baujat"][name], column)
    for name, column in shrunken_effects(whole.fit).columns().items():
        assert same(result["shrunken"][name], column)
    assert result["influence"]["verdict"] == whole.verdict


def test_the_reference_from_a_table():
    """rstudent, DFFITS, Cook's distance and the other measures of metafor, REML and knha."""
    block = next(block for block in blocks("diagnostics") if block["id"] == "bcg_rr")
    expected = block["outputs"]["REML|knha"]["influence"]
    (one,) = asked("influence", BCG, *COUNTS, "--test", "knha")["results"]
    named = {"rstudent": "rstudent", "dffits": "dffits", "cook_distance": "cook.d", "tau2_deleted": "tau2.del"}

    for ours, theirs in named.items():
        assert one["result"]["influence"][ours] == pytest.approx(expected[theirs], **SIX_DIGITS)


def test_a_regression_has_dfbetas_of_every_coefficient(effects):
    """With --mods the measures are those of the meta-regression, in CSV too."""
    y, v, table = effects
    data = {"ablat": table.numbers({"ablat": "ablat"})["ablat"], "alloc": table.text("alloc")}
    expected = influence(y, v, "~ ablat + alloc", data=data)
    found = rows("influence", BCG, *COUNTS, "--mods", "~ ablat + alloc")

    for name in ("rstudent", "dfbetas[ablat]", "dfbetas[alloc[T.random]]"):
        assert [float(row[name]) for row in found] == pytest.approx(expected[name].tolist(), **SIX_DIGITS)


def test_numbers_are_names_in_a_formula_that_says_so():
    """C(ablat) takes a column of numbers as names: a coefficient for each latitude but one."""
    (one,) = asked("influence", BCG, *COUNTS, "--mods", "~ C(ablat)")["results"]

    assert "dfbetas[C(ablat)[T.18.0]]" in one["result"]["influence"]


def test_the_pools_of_a_review(review):
    """MODALITY OUTCOME: the measures of that pool; a study that lacks the moderator is left out and named."""
    (one,) = asked("influence", "cbt", "use", "--root", review)["results"]
    (pooled,) = pool_review(load(review)).pools
    y, v = ([getattr(entry, name) for entry in pooled.entries] for name in ("yi", "vi"))
    (by_year,) = asked("influence", "--root", review, "--mods", "~ year")["results"]
    (by_setting,) = asked("influence", "--root", review, "--mods", "~ setting")["results"]

    assert one["studies"] == ["ames2001", "burt2003", "cole2005", "dunn2007"]
    assert same(one["result"]["influence"]["rstudent"], influence(y, v)["rstudent"])
    assert "dfbetas[year]" in by_year["result"]["influence"]
    assert [left["study"] for left in by_setting["left_out"]] == ["cole2005"]


def test_the_text_says_what_the_measures_cannot_tell(review):
    """Under the table stand the verdicts on the pool's own studies."""
    said = run("influence", "--root", review).stdout
    (pooled,) = pool_review(load(review)).pools
    whole = influence(*([getattr(entry, name) for entry in pooled.entries] for name in ("yi", "vi")))

    for verdict in (whole.verdict, baujat(whole.fit).verdict, shrunken_effects(whole.fit).verdict):
        assert verdict in said


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("influence", BCG, *COUNTS, "--mods", "~ yaer"), "year"),
        (("influence", BCG, *COUNTS, "--method", "REMl"), "REML"),
        (("leave-one-out", BCG, *COUNTS, "--by-group", "aloc"), "alloc"),
    ],
)
def test_a_mistyped_name_gets_the_nearest(arguments, words):
    """Columns and methods."""
    with pytest.raises(InvalidArgument, match=words):
        run(*arguments)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("influence", "a", "b", "c"), "FILE, or MODALITY OUTCOME"),
        (("influence", "absent.csv", "--yi", "yi", "--vi", "vi"), "no file 'absent.csv'"),
        (("influence", "tests"), "is a directory"),
        (("influence", "cbt", "use", "--modality", "cbt"), "in place of"),
        (("influence", BCG), "name the columns"),
        (("influence", BCG, *COUNTS, "--maryland", "5"), "for a review"),
        (("gosh", BCG, *COUNTS, "--test", "z"), "No such option"),
        (("leave-one-out", BCG, *COUNTS, "--mods", "~ ablat", "--by-group", "alloc"), "does not go with"),
    ],
)
def test_wrong_usage(arguments, words):
    """What does not go together exits 2 and says so."""
    found = run(*arguments)

    assert found.exit_code == 2
    assert words in found.stderr


@pytest.mark.parametrize("method", ["REML", "EE"])
def test_pools_without_each_study(effects, method):
    """The columns of the pools without each trial, and the pool of all."""
    y, v, _ = effects
    (one,) = asked("leave-one-out", BCG, *COUNTS, "--method", method)["results"]
    found, expected = one["result"]["without"], leave_one_out(y, v, method=method)

    assert same(found["estimate"], expected["estimate"])
    assert same(found["ci_low"], expected["ci_low"])
    assert one["result"]["all"]["estimate"] == pytest.approx(pool(y, v, method=method).estimate, **SIX_DIGITS)


def test_mantel_haenszel_without_each_study(effects):
    """DLMH has its Mantel-Haenszel estimate anew without each trial, as `pool` has it of the other twelve."""
    y, v, table = effects
    counts = np.array([*table.numbers({name: name for name in ("ai", "bi", "ci", "di")}).values()])
    (one,) = asked("leave-one-out", BCG, *COUNTS, "--method", "DLMH")["results"]
    fits = []
    for row in range(13):
        a, b, c, d = np.delete(counts, row, axis=1)
        centre = np.log(np.sum(a * (c + d) / (a + b + c + d)) / np.sum(c * (a + b) / (a + b + c + d)))
        fits.append(pool(np.delete(y, row), np.delete(v, row), method="DLMH", mantel_haenszel=centre))

    assert same(one["result"]["without"]["tau2"], [fit.tau2 for fit in fits])
    assert same(one["result"]["without"]["estimate"], [fit.estimate for fit in fits])


def test_pools_without_each_group(effects):
    """Without each way of allocation; ratios in CSV are ratios."""
    y, v, table = effects
    expected = leave_one_group_out(y, v, table.text("alloc"))
    found = rows("leave-one-out", BCG, *COUNTS, "--by-group", "alloc")

    assert [row["without"] for row in found] == expected.group.tolist()
    assert [float(row["estimate"]) for row in found] == pytest.approx(np.exp(expected["estimate"]), **SIX_DIGITS)
    assert [float(row["p"]) for row in found] == pytest.approx(expected["p_value"].tolist(), **SIX_DIGITS)


def test_regressions_without_each_study(effects):
    """Every coefficient without each trial; in CSV one row for each of them."""
    y, v, table = effects
    data = {"ablat": table.numbers({"ablat": "ablat"})["ablat"]}
    expected = leave_one_out(y, v, "~ ablat", data=data)
    asked_for = ("leave-one-out", BCG, *COUNTS, "--mods", "~ ablat")
    (one,) = asked(*asked_for)["results"]
    told = [row for row in rows(*asked_for) if row["term"] == "ablat"]

    for name in ("estimate[ablat]", "ci_low[ablat]", "tau2", "q"):
        assert same(one["result"]["without"][name], expected[name])
    assert [float(row["p"]) for row in told] == pytest.approx(expected["p_value[ablat]"].tolist(), **SIX_DIGITS)
    assert "No interval comes to hold 0" in run(*asked_for).stdout


def test_a_study_on_which_a_coefficient_rests_is_named(tmp_path):
    """One study makes the slope: without it the interval holds 0."""
    path = tmp_path / "slope.csv"
    points = [(0.0, 1), (0.1, 2), (-0.1, 3), (0.05, 2), (-0.05, 1), (0.02, 3), (4.0, 9)]
    path.write_text("name,yi,vi,x\n" + "".join(f"s{n},{y},0.04,{x}\n" for n, (y, x) in enumerate(points)))
    said = run("leave-one-out", path, "--yi", "yi", "--vi", "vi", "--study", "name", "--mods", "~ x").stdout

    assert "whether the interval of x holds 0 rests on s6." in said


def test_a_review_without_each_setting(review):
    """The study whose setting is not stated is left out, by name, on stderr beside CSV."""
    found = run("leave-one-out", "--root", review, "--by-group", "setting", "--format", "csv")

    assert "cole2005" in found.stderr
    assert [line.split(",")[5] for line in found.stdout.splitlines()[1:]] == ["community", "prison"]


def test_each_group_of_a_table_is_a_pool(effects):
    """--by makes one result for each group."""
    found = asked("leave-one-out", BCG, *COUNTS, "--by", "alloc")["results"]

    assert {one["group"]: len(one["studies"]) for one in found} == {"random": 7, "alternate": 2, "systematic": 4}


def test_a_single_study_has_its_reason(tmp_path):
    """Beside a pool of several, in every form of the output."""
    path = tmp_path / "one.csv"
    path.write_text("g,yi,vi\na,0.1,0.2\nb,0.3,0.1\nb,0.5,0.2\nb,0.2,0.3\n")
    columns = ("--yi", "yi", "--vi", "vi", "--by", "g")

    assert "nothing remains" in run("leave-one-out", path, *columns).stdout
    assert "nothing remains" in asked("leave-one-out", path, *columns)["results"][0]["reason"]
    assert "nothing remains" in rows("leave-one-out", path, *columns)[0]["reason"]


@pytest.mark.parametrize("command", ["influence", "leave-one-out"])
def test_a_figure_is_drawn_beside_the_text(tmp_path, command):
    """--figure FILE; another ending is refused before anything is computed."""
    file = tmp_path / "figure.svg"
    run(command, BCG, *COUNTS, "--figure", file)

    assert file.read_bytes().startswith(b"<?xml")
    with pytest.raises(InvalidArgument, match="no format"):
        run(command, BCG, *COUNTS, "--figure", tmp_path / "figure.txt")
