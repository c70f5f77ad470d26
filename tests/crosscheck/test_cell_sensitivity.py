"""Whether the status of a cell holds when its pool is varied."""

from dataclasses import replace

import pytest

from synthesis.crosscheck.ledger.sensitivity import with_sensitivity
from synthesis.crosscheck.statuses import STATUSES
from synthesis.evidence.sensitivity import PoolSensitivity, Variant
from synthesis.pipeline import crosscheck_of, pool_review, sensitivities_of
from synthesis.rendering.crosscheck import crosscheck_files
from synthesis.rendering.sensitivity_files import cell_lines
from tests.crosscheck.made import made


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    return made(tmp_path_factory.mktemp("varied"))


@pytest.fixture(scope="module")
def evidence(loaded):
    return pool_review(loaded)


@pytest.fixture(scope="module")
def checks(loaded, evidence):
    return crosscheck_of(loaded, evidence, sensitivities=sensitivities_of(evidence))


def variant(pool, low, high, *, pi_low=None, caution=""):
    """A variant of a pool with that interval of its log ratio."""
    middle = (low + high) / 2
    return Variant(
        "made", "selection", pool.fit.k, middle, (high - low) / 3.92, None, low, high, pi_low, None, "x", caution
    )


def judged(loaded, check, *variants, status=None):
    """A cell with these variants alone."""
    one = PoolSensitivity(check.pool, "", tuple(variants), ())
    (found,) = with_sensitivity([replace(check, status=status or check.status)], loaded.records.review, [one])
    return found.sensitivity


def test_every_cell_with_a_pool_has_its_sensitivity(checks):
    """One status for each variant that has an interval, each of STATUSES."""
    for check in checks:
        if check.pool is not None and check.pool.fit.k > 1:
            assert len(check.sensitivity.statuses) == len(check.sensitivity.of_pool.variants)
            assert set(check.sensitivity.statuses) <= {*STATUSES, ""}


def test_statuses_are_of_points_and_the_varied_pool(loaded, checks):
    """Low points: benefit, harm and nothing shown are three statuses, of an outcome of which less is better."""
    check = next(one for one in checks if one.modality.key == "programme")
    pool = check.pool
    found = judged(loaded, check, variant(pool, -0.9, -0.2), variant(pool, 0.2, 0.9), variant(pool, -0.3, 0.3))

    assert found.statuses == ("points_low_ci_benefit", "agree_harm", "agree_none")
    assert [status for _, status in found.changing] == [one for one in found.statuses if one != check.status]
    assert found.by_kind == {"selection": ("agree_harm", "agree_none", "points_low_ci_benefit")}


def test_no_status_changes_for_want_of_a_prediction_interval(loaded, checks):
    """A cell whose pool could show no benefit in a new study: a variant without that interval is no change."""
    check = next(one for one in checks if one.modality.key == "support")
    pool = check.pool
    same = judged(loaded, check, variant(pool, -1.5, -0.4), status="points_high_pi_null")

    assert check.standing >= 2
    assert same.statuses == ("points_high_pi_null",)
    assert judged(loaded, check, variant(pool, -0.5, 0.4), status="points_high_pi_null").changing


def test_the_lines_of_a_cell(loaded, checks):
    """The range of each kind with its statuses, where the status changes, and what is not usable."""
    check = next(one for one in checks if one.modality.key == "programme")
    pool = check.pool
    found = judged(loaded, check, variant(pool, -0.3, 0.3), variant(pool, 0.2, 0.9, caution="few studies"))
    first, second = cell_lines(found)

    assert first == "sensitivity, risk ratio: selection models 1.00 to 1.73 (usable in part) (agree_harm, agree_none)"
    assert second == (
        "sensitivity: the status changes in 1 of 2 variants: made agree_harm (not usable with these studies)"
    )


def test_the_files_of_the_cross_check_have_it(checks):
    """A line under what drives the status, columns, and an object in JSON."""
    files = crosscheck_files(checks, "Invented")

    assert b"sensitivity, risk ratio: leaving out one study" in files["crosscheck.md"]
    assert b"status_otherwise" in files["crosscheck.csv"].splitlines()[0]
    assert b'"sensitivity": {' in files["crosscheck.json"]
