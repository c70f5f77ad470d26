"""`synth gosh` on a small review and on plain tables."""

import numpy as np
import pytest

from synthesis.errors import InvalidArgument
from synthesis.sensitivity.subsets.every_subset import gosh
from tests.cli.sensitivity_runs import BCG, COUNTS, SIX_DIGITS, asked, bcg, four_studies, rows, run, same


@pytest.fixture
def effects(pytestconfig):
    """Effects, variances and the table of the BCG trials."""
    return bcg(pytestconfig.rootpath)


@pytest.mark.parametrize("method", ["EE", "DL"])
def test_all_subsets_of_a_table_are_those_of_the_library(effects, method):
    """Quantiles over 8,191 subsets, and what each study does to them."""
    y, v, _ = effects
    expected = gosh(y, v, method=method)
    (one,) = asked("gosh", BCG, *COUNTS, "--method", method)["results"]

    assert one["result"]["subsets"] == 8191
    for name, values in expected.quantiles().items():
        assert one["result"]["quantiles"][name] == pytest.approx(values, **SIX_DIGITS)
    for name, column in expected.studies.columns().items():
        assert same(one["result"]["studies"][name], column)
    assert one["result"]["verdict"] == expected.verdict


def test_csv_has_ratios(effects):
    """Medians with and without each trial, as ratios; the trials by name."""
    y, v, table = effects
    expected = gosh(y, v, method="EE").studies
    found = rows("gosh", BCG, *COUNTS, "--method", "EE")

    assert [row["study"] for row in found] == [table.text("trial")[row - 1] for row in expected.row]
    assert [float(row["estimate_with"]) for row in found] == pytest.approx(np.exp(expected.estimate_with), **SIX_DIGITS)


def test_a_sample_beyond_twenty_studies(tmp_path):
    """The same seed gives the same subsets, another one others; the verdict says that it is a sample."""
    random = np.random.default_rng(3)
    lines = [f"{y:.4f},0.04" for y in random.normal(0.2, 0.3, 24)]
    path = tmp_path / "many.csv"
    path.write_text("yi,vi\n" + "\n".join(lines) + "\n")
    columns = ("gosh", path, "--yi", "yi", "--vi", "vi", "--method", "EE", "--subsets", "400")
    first, again, other = (asked(*columns, "--seed", seed)["results"][0]["result"] for seed in (5, 5, 6))

    assert first == again
    assert first["quantiles"] != other["quantiles"]
    assert "sample" in run(*columns).stdout


def test_a_review(tmp_path):
    """The pool of four studies has 15 subsets, too few to tell anything from chance."""
    (one,) = asked("gosh", "cbt", "use", "--root", four_studies(tmp_path))["results"]

    assert one["result"]["subsets"] == 15
    assert "too few subsets" in run("gosh", "--root", tmp_path).stdout


def test_a_method_that_has_no_subsets_is_refused():
    """DLMH needs an estimate for each subset."""
    with pytest.raises(InvalidArgument, match="Mantel-Haenszel"):
        run("gosh", BCG, *COUNTS, "--method", "DLMH")


def test_a_figure_is_drawn(tmp_path):
    """The GOSH plot."""
    run("gosh", BCG, *COUNTS, "--method", "EE", "--figure", tmp_path / "gosh.png")

    assert (tmp_path / "gosh.png").read_bytes().startswith(b"\x89PNG")
