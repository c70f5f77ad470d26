"""Every number of the R package meta on intervals: of the mean, for a new study, and of tau2.

Its Paule-Mandel estimate and its Q-profile, Biggerstaff-Jackson and Jackson intervals come from R's `uniroot` at its
default, an absolute tolerance of 2^-13 = 1.2e-4 in tau2. So tau2 of PM and the ends are compared to that tolerance, and
what follows from PM is computed from the reference's own tau2; all else is compared within 1e-6. Digits beyond that
tolerance are tested in test_tau2_intervals, test_exact and test_pooling_reference.
"""

import pytest

from synthesis.pooling import pool
from tests.pooling.reference import Comparison, blocks

BLOCKS = {block["id"]: block for block in blocks("intervals")}
TESTS = {"classic": "z", "HK": "knha", "HK|se": "adhoc", "HK|ci": "adhoc-ci", "KR": "kr"}
MEAN = {"estimate": "estimate", "se": "se", "ci.lb": "ci_low", "ci.ub": "ci_high", "pval": "p_value", "df": "df"}
UNIROOT = 2.0**-13
CUT_OFF = ("normand1999_md", "DL", "QP")  # metafor's search ended at 2054.09; see test_q_profile_is_not_cut_off


def given(block, method):
    """The arguments of `pool` for a method, PM with the tau2 of the reference."""
    inputs, mean = block["inputs"], block["outputs"][method]["mean"]
    options = {"tau2": mean["classic"]["tau2"]} if method == "PM" else {"method": method}
    return {"yi": inputs["yi"], "vi": inputs["vi"]} | options


@pytest.mark.parametrize("name", BLOCKS)
def test_means(name):
    """Five tests for REML, four for DL and PM: 7 numbers each, but 6 where the interval is of z."""
    block = BLOCKS[name]
    found, normal = Comparison(block["inputs"], 1e-6), 0
    for method, expected in block["outputs"].items():
        for theirs, mean in expected["mean"].items():
            ours = pool(**given(block, method), test=TESTS[theirs])
            found.fields((method, theirs), ours, MEAN | {"tau2": "tau2"}, mean)
            assert (ours.df is None) == (mean["df"] is None)
            normal += mean["df"] is None

    assert found.differences == []
    assert found.count == 7 * (5 + 4 + 4) - normal
    assert normal in (3, 4)  # classic three times, and HK|ci for REML where it chose classic


@pytest.mark.parametrize("name", BLOCKS)
def test_predictions(name):
    """Six kinds for REML, four for DL and PM."""
    block = BLOCKS[name]
    found = Comparison(block["inputs"], 1e-6)
    for method, expected in block["outputs"].items():
        for kind, interval in expected["prediction"].items():
            ours = pool(**given(block, method), prediction=kind)
            found.value((method, kind), "pi_low", ours.pi_low, interval["pi.lb"])
            found.value((method, kind), "pi_high", ours.pi_high, interval["pi.ub"])

    assert found.differences == []
    assert found.count == 2 * (6 + 4 + 4)


@pytest.mark.parametrize("name", BLOCKS)
def test_intervals_of_tau2(name):
    """QP for each method, BJ and J for DL, to the tolerance of the search that gave them."""
    inputs, compared = BLOCKS[name]["inputs"], 0
    for method, expected in BLOCKS[name]["outputs"].items():
        for kind, ends in expected["tau2_ci"].items():
            ours = pool(inputs["yi"], inputs["vi"], method=method, tau2_interval=kind)
            assert ours.tau2_ci_low == pytest.approx(ends["tau2.lb"], rel=1e-6, abs=UNIROOT)
            if (name, method, kind) != CUT_OFF:
                assert ours.tau2_ci_high == pytest.approx(ends["tau2.ub"], rel=1e-6, abs=UNIROOT)
            compared += 1

    assert compared == 1 + 3 + 1


@pytest.mark.parametrize("name", BLOCKS)
def test_paule_mandel(name):
    """tau2 of PM to the tolerance of the search that gave it."""
    inputs, mean = BLOCKS[name]["inputs"], BLOCKS[name]["outputs"]["PM"]["mean"]

    assert pool(inputs["yi"], inputs["vi"], method="PM").tau2 == pytest.approx(mean["HK"]["tau2"], abs=UNIROOT)
    assert len({one["tau2"] for one in mean.values()}) == 1


def test_all_thirteen_data_sets():
    """No block drops out."""
    assert len(BLOCKS) == 13
    assert all(set(block["outputs"]) == {"REML", "DL", "PM"} for block in BLOCKS.values())
