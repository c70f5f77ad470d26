"""`sensitivity.csv`, `.json` and `.md` of a review."""

import csv
import io
import json
import math

import pytest

from synthesis.pipeline import cell_sensitivities, crosscheck_of, load, pool_review, sensitivities_of
from synthesis.rendering.sensitivity_files import COLUMNS, sensitivity_files
from tests.cli.sensitivity_runs import SIX_DIGITS, four_studies


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    return load(four_studies(tmp_path_factory.mktemp("sensitivity")))


@pytest.fixture(scope="module")
def found(loaded):
    return sensitivities_of(pool_review(loaded))


@pytest.fixture(scope="module")
def files(loaded, found):
    checks = crosscheck_of(loaded, pool_review(loaded), sensitivities=found)
    return sensitivity_files(found, cell_sensitivities(checks), "Small")


def rows(files):
    return list(csv.DictReader(io.StringIO(files["sensitivity.csv"].decode())))


def test_one_row_for_each_variant(files, found):
    """Ratios as ratios, to six digits; the status of the cell beside each."""
    (one,) = found
    told = rows(files)

    assert tuple(told[0]) == COLUMNS
    assert [row["variant"] for row in told] == [variant.name for variant in one.variants]
    for row, variant in zip(told, one.variants, strict=True):
        assert float(row["variant_estimate"]) == pytest.approx(math.exp(variant.estimate), **SIX_DIGITS)
        assert row["variant_conclusion"] == variant.direction
        assert row["usable"] == ("no" if variant.caution else "yes")


def test_json_has_logs_and_null_for_what_is_not_known(files, found):
    """Every number of every variant."""
    (one,) = found
    (pool,) = json.loads(files["sensitivity.json"], parse_constant=pytest.fail)["pools"]

    for told, variant in zip(pool["variants"], one.variants, strict=True):
        assert told["estimate"] == pytest.approx(variant.estimate, **SIX_DIGITS)
        assert told["pi_low"] == (None if variant.pi_low is None else pytest.approx(variant.pi_low, **SIX_DIGITS))
    assert pool["ranges"]["level"] is None
    assert pool["verdict"] == one.verdict


def test_the_page_says_what_is_varied_and_where_it_matters(files, found):
    """A row for the pool, and a line for each variant that concludes otherwise, and for no other."""
    (one,) = found
    page = files["sensitivity.md"].decode()
    told = page[page.index("## Where the conclusion changes") :]

    assert "| cbt use |" in page
    assert [variant.name for variant in one.variants if f"- {variant.name}: " in told] == [
        variant.name for variant in one.changing
    ]


def test_the_same_review_gives_the_same_bytes(loaded, found, files):
    """Made anew from the records."""
    again = sensitivities_of(pool_review(loaded))
    checks = crosscheck_of(loaded, pool_review(loaded), sensitivities=again)

    assert sensitivity_files(again, cell_sensitivities(checks), "Small") == files


def test_no_pool_of_two_studies():
    """The page says so."""
    files = sensitivity_files((), {}, "Nothing")

    assert b"No pool has two studies." in files["sensitivity.md"]
    assert b"Nowhere." in files["sensitivity.md"]
