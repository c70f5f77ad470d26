"""Every measure against metafor's `escalc`."""

import numpy as np
import pytest

from synthesis.effects import MEASURES, escalc, from_estimate
from tests.pooling.reference import blocks

BLOCKS = {block["id"]: block for block in blocks("effect_sizes")}
CASES = [
    (name, number)
    for name, block in BLOCKS.items()
    if isinstance(block["outputs"], list)
    for number in range(len(block["outputs"]))
]
LOOSE = ("RTET", "ZTET")  # found in R by a search that stops at about 1e-4; ours are tested in test_tetrachoric.py
NO_TARGET = ("li2007_2x2", "RTET", "vi", 15)  # an empty cell: there is no variance, and R's Hessian gave 9e7 there
# R2F: metafor integrates from 0.0001 on, which takes 0.027 % from the fourth variance; ZR2F: another slope. Both
# are shown in test_correlations.py, by scipy's noncentral F.
CUT = (3, 1.0002692480871)
WITHOUT_REFERENCE = {"MPORM", "D2OR", "CLESCN", "AUCCN", "CLES", "AUC", "AUCN", "HR", "HD"}


def expected_values(name, case, column):
    """Numbers of the reference, NaN where it has none."""
    values = [np.nan if value is None or isinstance(value, str) else value for value in case["result"][column]]
    if (name, case["measure"], column) == NO_TARGET[:3]:
        values[NO_TARGET[3]] = np.nan
    if (case["measure"], column) == ("R2F", "vi"):
        values[CUT[0]] *= CUT[1]
    if (case["measure"], column) == ("ZR2F", "vi"):
        r2 = np.array(BLOCKS[name]["inputs"]["r2i"])
        values = np.array(values) * (1 - r2**2) ** 2 / (4 * r2 * (1 - r2) ** 2)
        values[CUT[0]] *= CUT[1]
    return np.array(values)


def assert_close(ours, expected, *, rtol, scale):
    """Equal to `rtol` of the number and 1e-12 of the scale; where the reference has none, neither have we."""
    assert (np.isnan(ours) == np.isnan(expected)).all()
    assert (np.abs(ours - expected) <= rtol * np.abs(expected) + 1e-12 * scale)[~np.isnan(expected)].all()


@pytest.mark.parametrize(("name", "number"), CASES)
def test_escalc(name, number):
    """Effects and variances of each measure with each option, and nothing where the reference has nothing."""
    block, case = BLOCKS[name], BLOCKS[name]["outputs"][number]
    given = {column: values for column, values in block["inputs"].items() if column != "source"}
    found = escalc(case["measure"], **given, **(case.get("options") or {}))
    expected, typical = expected_values(name, case, "yi"), float(np.nanmedian(found.vi))

    if case["measure"] in LOOSE:
        assert np.abs(found.yi - expected)[~np.isnan(expected)].max() < 3e-5
        assert_close(found.vi, expected_values(name, case, "vi"), rtol=1e-4, scale=typical)
    else:
        assert_close(found.yi, expected, rtol=1e-8, scale=np.sqrt(typical))
        assert_close(found.vi, expected_values(name, case, "vi"), rtol=1e-8, scale=typical)


@pytest.mark.parametrize(("name", "number"), CASES)
def test_several_sets_at_once(name, number):
    """Two sets of studies in one call, the second in the opposite order, shape (2, k): each as by itself."""
    block, case = BLOCKS[name], BLOCKS[name]["outputs"][number]
    given = {column: np.array(values) for column, values in block["inputs"].items() if column != "source"}
    alone = escalc(case["measure"], **given, **(case.get("options") or {}))
    both = {column: np.stack([values, values[::-1]]) for column, values in given.items()}
    found = escalc(case["measure"], **both, **(case.get("options") or {}))

    np.testing.assert_allclose(found.yi, [alone.yi, alone.yi[::-1]], rtol=1e-12)
    np.testing.assert_allclose(found.vi, [alone.vi, alone.vi[::-1]], rtol=1e-12)


def test_all_cases_are_compared():
    """213 cases in 21 blocks: 16 each of two sets of tables, 56 with zero cells, 6 of pairs; 26 of two groups' means
    and 9 from d, t or p; 5 of one group's means; 8 of correlations; 22 of proportions; 25 of rates; 12 of changes;
    12 others.
    """
    assert len({name for name, _ in CASES}) == 21
    assert len(CASES) == 2 * 16 + 56 + 6 + 26 + 3 * 3 + 5 + 8 + 2 * 11 + (9 + 7 + 9) + 12 + (3 + 4 + 4 + 1)


def test_all_numbers_are_compared():
    """3,832 entries: 3,702 numbers, 1 number that is no target, and 129 places where the reference has no effect."""
    results = [BLOCKS[name]["outputs"][number]["result"] for name, number in CASES]
    entries = [value for result in results for column in ("yi", "vi") for value in result[column]]

    assert len(entries) == 3702 + 1 + 129
    assert sum(isinstance(value, (int, float)) for value in entries) == 3702 + 1


def test_all_measures_are_there():
    """metafor's 86: 77 that the reference has, 9 that it has not; and GEN, for any other effect."""
    compared = {BLOCKS[name]["outputs"][number]["measure"] for name, number in CASES}

    assert len(compared) == 77
    assert set(MEASURES) == compared | WITHOUT_REFERENCE | {"GEN"}


def test_printed_intervals():
    """37 odds ratios with their 95 % intervals, as `conv.wald` takes them."""
    given, expected = BLOCKS["wald_a"]["inputs"], BLOCKS["wald_a"]["outputs"]
    bounds = {"ci_low": given["ci.lb"], "ci_high": given["ci.ub"]}
    found = from_estimate("OR", given["out"], ratio=True, **bounds)

    assert_close(found.yi, np.array(expected["yi"]), rtol=1e-8, scale=1.0)
    assert_close(found.vi, np.array(expected["vi"]), rtol=1e-8, scale=1.0)
    assert len(found) == 37
