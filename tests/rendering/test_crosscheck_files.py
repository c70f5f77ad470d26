"""The three files of the cross-check."""

import csv
import io
import json

import pytest

from synthesis.pipeline import crosscheck_of
from synthesis.pipeline.ledger import agreement_of
from synthesis.rendering.crosscheck import COLUMNS, crosscheck_files
from tests.crosscheck.made import made


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    return made(tmp_path_factory.mktemp("files"))


@pytest.fixture(scope="module")
def files(loaded):
    return crosscheck_files(crosscheck_of(loaded), "Invented", agreement_of(loaded, draws=20))


def test_twice_made_the_same_bytes(loaded, files):
    """Nothing depends on chance without its seed, or on the clock."""
    assert crosscheck_files(crosscheck_of(loaded), "Invented", agreement_of(loaded, draws=20)) == files


def test_the_page_has_every_part(files):
    """Statuses with what they come to, the cells together, the comparison, what drives it, the rules."""
    page = files["crosscheck.md"].decode()
    heads = [line for line in page.splitlines() if line.startswith("## ")]

    assert heads == ["## Across cells", "## The comparison", "## What drives it", "## Rules on the same cells"]
    assert "| equivalent | absence shown |" in page
    assert "evidence of absence: any benefit is smaller than is worthwhile" in page


def test_json_has_numbers_or_reasons(files):
    """Strict JSON; where the studies cannot say anything together, it says why not."""
    found = json.loads(files["crosscheck.json"], parse_constant=pytest.fail)
    programme, support, court = found["cross_checks"]

    assert programme["together"]["significant_observed"] == 1
    assert support["together"] == {"why_not": "a single study"}
    assert (court["of_pool"]["output"], court["printed"]) == ("2", None)
    assert programme["of_pool"]["pooled"]["p_or_more"] >= programme["of_pool"]["pooled"]["p"]
    assert [one["model"] for one in programme["models"]] == ["adhoc", "equal effects, z"]
    assert found["rules"]["points_with_lower_bound"]["tau-b"]["estimate"] == 1


def test_csv_has_a_cell_for_every_column(files):
    """Each row fills the header; models are side by side."""
    rows = list(csv.reader(io.StringIO(files["crosscheck.csv"].decode())))
    first = dict(zip(rows[0], rows[1], strict=True))

    assert tuple(rows[0]) == COLUMNS
    assert {len(row) for row in rows} == {len(COLUMNS)}
    assert (first["status_adhoc"], first["z_model"], first["status_z"]) == (
        "agree_none",
        "equal effects, z",
        "points_low_ci_benefit",
    )
