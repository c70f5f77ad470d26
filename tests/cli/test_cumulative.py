"""`synth cumulative` on a small review and on plain tables."""

import numpy as np
import pytest

from synthesis.errors import InvalidArgument
from synthesis.sensitivity.deletion.cumulative import cumulative
from tests.cli.sensitivity_runs import BCG, COUNTS, SIX_DIGITS, asked, bcg, four_studies, rows, run, same


@pytest.fixture
def effects(pytestconfig):
    """Effects, variances and the table of the BCG trials."""
    return bcg(pytestconfig.rootpath)


@pytest.mark.parametrize("options", [{}, {"descending": True}, {"together": True}])
def test_steps_by_year_are_those_of_the_library(effects, options):
    """Every step and number, in each order."""
    y, v, table = effects
    years = [int(cell) for cell in table.text("year")]
    expected = cumulative(y, v, years, **options)
    (one,) = asked("cumulative", BCG, *COUNTS, "--by", "year", *(f"--{name}" for name in options))["results"]

    assert one["result"]["step"] == expected.step.tolist()
    for name in ("estimate", "ci_low", "ci_high", "tau2", "q"):
        assert same(one["result"][name], expected[name])
    assert one["result"]["verdict"] == expected.verdict


def test_steps_by_precision(effects):
    """The most precise trial first, by its row; ratios in CSV are ratios."""
    y, v, _ = effects
    expected = cumulative(y, v, "precision")
    found = rows("cumulative", BCG, *COUNTS, "--by", "precision")

    assert [int(row["step"]) for row in found] == expected.step.tolist()
    assert [float(row["estimate"]) for row in found] == pytest.approx(np.exp(expected["estimate"]), **SIX_DIGITS)


@pytest.mark.parametrize("method", ["DLMH", "PM"])
def test_other_estimators(effects, method):
    """DLMH has a Mantel-Haenszel estimate for each step; its last step is the pool of all."""
    (one,) = asked("cumulative", BCG, *COUNTS, "--by", "year", "--method", method)["results"]
    whole = asked("leave-one-out", BCG, *COUNTS, "--method", method)["results"][0]["result"]["all"]

    assert one["result"]["estimate"][-1] == pytest.approx(whole["estimate"], **SIX_DIGITS)
    assert one["result"]["tau2"][-1] == pytest.approx(whole["tau2"], **SIX_DIGITS)


def test_a_review_by_year(tmp_path):
    """Years of the first reports, from the library; the text says what the order cannot prove."""
    four_studies(tmp_path)
    (one,) = asked("cumulative", "cbt", "use", "--root", tmp_path, "--by", "year")["results"]

    assert one["result"]["step"] == [2001, 2003, 2005, 2007]
    assert "looking again" in run("cumulative", "--root", tmp_path, "--by", "year").stdout


def test_what_a_review_does_not_state_is_left_out(tmp_path):
    """A study without a setting, by name; together all prisons make one step."""
    (one,) = asked("cumulative", "--root", four_studies(tmp_path), "--by", "setting", "--together")["results"]

    assert one["result"]["step"] == ["community", "prison"]
    assert [left["study"] for left in one["left_out"]] == ["cole2005"]


def test_an_order_is_asked_for_by_its_name(tmp_path):
    """A mistyped attribute or column gets the nearest; without --by nothing is done."""
    with pytest.raises(InvalidArgument, match="year"):
        run("cumulative", "--root", four_studies(tmp_path), "--by", "yaer")
    with pytest.raises(InvalidArgument, match="ablat"):
        run("cumulative", BCG, *COUNTS, "--by", "ablatt")
    assert run("cumulative", BCG, *COUNTS).exit_code == 2


def test_groups_are_pools_of_their_own():
    """--groups stands in place of --by of other commands."""
    found = asked("cumulative", BCG, *COUNTS, "--by", "year", "--groups", "alloc")["results"]

    assert [one["group"] for one in found] == ["random", "alternate", "systematic"]


def test_a_figure_is_drawn(tmp_path):
    """A forest plot of the steps; of several groups one must be chosen."""
    run("cumulative", BCG, *COUNTS, "--by", "year", "--figure", tmp_path / "steps.svg")
    several = run("cumulative", BCG, *COUNTS, "--by", "year", "--groups", "alloc", "--figure", tmp_path / "no.svg")

    assert (tmp_path / "steps.svg").stat().st_size
    assert several.exit_code == 2
    assert "one pool" in several.stderr
