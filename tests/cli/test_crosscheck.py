"""`synth crosscheck` as table, JSON and CSV."""

import csv
import io
import json

import pytest
from click.testing import CliRunner

from synthesis.cli.crosscheck import crosscheck
from tests.crosscheck.made import REVIEW, write_review


@pytest.fixture
def review(tmp_path):
    return write_review(tmp_path)


def run(*arguments):
    return CliRunner().invoke(crosscheck, list(map(str, arguments)), catch_exceptions=False)


def test_the_table_and_what_drives_it(review):
    """A line for each modality and outcome; under it the reasons, the published results and what the words mean."""
    text = run("--root", review).stdout

    for part in (
        "agree_none (few studies)",
        "points 1: 1(b); 2 without beta2002",
        "with equal effects, z: RR 0.51 [0.34, 0.76], points_low_ci_benefit",
        "pooled without beta2002: points_low_ci_benefit",
        "printed points 3: points_high_ci_null (the column of the printed points is inferred)",
        "published: Review2009: RR 0.7 [0.5, 0.98] (lower is better, k 5, rearrest, p. 3)",
        "agree_benefit: 2 or 3 points, and the pooled effect is a benefit",
        "second engine (statsmodels): ",
    ):
        assert part in text


def test_json_is_strict_and_whole(review):
    """Every check with pool, statuses and reasons; null for what there is not."""
    found = json.loads(run("--root", review, "--format", "json").stdout, parse_constant=pytest.fail)
    court = found["cross_checks"][-1]

    assert [check["status"] for check in found["cross_checks"]] == ["agree_none", "agree_benefit", "no_points"]
    assert (court["points"], court["row"], court["why_no_points"]) == (
        None,
        None,
        "the modality has no row in the matrix",
    )
    assert court["pool"]["benefit"]["estimate"] == pytest.approx(0.980829)
    assert found["statuses"]["agree_none"]["count"] == 1


def test_csv_has_benefit_above_zero(review):
    """A ratio below 1 of a bad event has a benefit above 0, bounds in their order."""
    row = list(csv.DictReader(io.StringIO(run("--root", review, "--format", "csv").stdout)))[1]

    assert row["modality"] == "support"
    assert float(row["estimate"]) < 1
    assert 0 < float(row["benefit_low"]) < float(row["benefit"]) < float(row["benefit_high"])
    assert row["benefit_pi_low"] == ""


def test_nothing_to_compare(tmp_path):
    """A review without records is no error."""
    (tmp_path / "review.toml").write_text(REVIEW, encoding="utf-8")

    assert run("--root", tmp_path).stdout.startswith("nothing to compare")
