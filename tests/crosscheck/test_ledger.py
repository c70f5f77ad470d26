"""The ledger of many cells at once, against its parts taken one by one."""

import numpy as np
import pytest

from synthesis import pool
from synthesis.crosscheck.ledger import ledger
from synthesis.errors import InvalidArgument
from synthesis.pooling.replicability import replicability
from synthesis.sensitivity.missing_evidence.excess_significance import excess_significance

SIZES = (3, 0, 1, 2, 6, 9)
POINTS = (3, 0, None, 1, 2, 0)


@pytest.fixture(scope="module")
def studies():
    random = np.random.default_rng(11)
    cell = np.repeat(np.arange(len(SIZES)), SIZES)
    v = random.uniform(0.1, 0.4, len(cell)) ** 2
    return random.normal(0.2, np.sqrt(v + 0.01)), v, cell


@pytest.fixture(scope="module")
def whole(studies):
    return ledger(*studies, POINTS, worthwhile=[0.1] * 6)


def of(studies, cell):
    y, v, cells = studies
    return y[cells == cell], v[cells == cell]


@pytest.mark.parametrize("cell", [2, 3, 0, 4, 5])
def test_pools_are_those_of_single_cells(studies, whole, cell):
    """Adhoc and z side by side; of two studies equal effects in place of z, of one its own effect under both."""
    y, v = of(studies, cell)
    adhoc, z = pool(y, v, test="adhoc"), pool(y, v, method="EE" if len(y) == 2 else "REML", test="z")

    for name in ("estimate", "se", "ci_low", "ci_high"):
        assert whole[name][cell] == pytest.approx(getattr(adhoc, name), rel=1e-12)
        assert whole[f"z_{name}"][cell] == pytest.approx(getattr(z, name), rel=1e-12)
    assert np.isnan(whole["pi_low"][cell]) == (adhoc.pi_low is None)


@pytest.mark.parametrize("cell", [3, 0, 4, 5])
def test_replication_and_excess_are_those_of_single_cells(studies, whole, cell):
    """r-values by Fisher and Bonferroni, the lower bounds, observed and expected significant benefits."""
    y, v = of(studies, cell)
    fisher, bonferroni = replicability(y, v), replicability(y, v, combine="bonferroni")
    fit = pool(y, v)
    excess = excess_significance(y, v, theta=fit.estimate, tau2=fit.tau2, alternative="greater", alpha=0.025)

    assert whole["r_fisher"][cell] == pytest.approx(fisher.r_value, rel=1e-12)
    assert whole["r_bonferroni"][cell] == pytest.approx(bonferroni.r_value, rel=1e-12)
    assert (whole["least_benefit"][cell], whole["least_harm"][cell]) == (fisher.least_greater, fisher.least_less)
    assert whole["observed"][cell] == excess.observed == np.sum(y > 1.959963984540054 * np.sqrt(v))
    assert whole["expected"][cell] == pytest.approx(excess.expected, rel=1e-12)


def test_the_range_without_one_study(studies, whole):
    """The lowest and highest lower bound of six studies with each left out, one pool after another."""
    y, v = of(studies, 4)
    lows = [pool(np.delete(y, i), np.delete(v, i)).ci_low for i in range(6)]

    assert whole["low_least"][4] == pytest.approx(min(lows), rel=1e-12)
    assert whole["low_most"][4] == pytest.approx(max(lows), rel=1e-12)


def test_studies_that_turn_a_status(studies, whole):
    """How many studies there are without which the status of the same points is another."""
    y, v = of(studies, 5)
    keep = [np.arange(9) != i for i in range(9)]
    found = [ledger(y[k], v[k], np.zeros(8), [0], worthwhile=[0.1])["status"][0] for k in keep]

    assert whole["turning"][5] == sum(one != whole["status"][5] for one in found)


def test_a_cell_without_a_study(whole):
    """Nothing pooled is not estimable: its numbers are absent, and not 0."""
    assert whole["status"][1] == "not_estimable"
    assert np.isnan([whole[name][1] for name in ("estimate", "z_ci_low", "r_fisher", "expected", "low_least")]).all()
    assert whole.to_dict()["estimate"][1] is None
    assert whole["few"].tolist() == [True, False, True, True, False, False]


def test_order_and_units_change_nothing_else(studies, whole):
    """Studies in another order, and effects in a unit 1e9 times as small, give the same statuses."""
    y, v, cell = studies
    order = np.random.default_rng(3).permutation(len(y))
    other = ledger(1e9 * y[order], 1e18 * v[order], cell[order], POINTS, worthwhile=[1e8] * 6)

    assert other["status"].tolist() == whole["status"].tolist()
    assert other["r_fisher"] == pytest.approx(whole["r_fisher"], rel=1e-9, nan_ok=True)
    assert other["expected"] == pytest.approx(whole["expected"], rel=1e-6, nan_ok=True)


def test_no_studies_at_all():
    """Cells of points alone: all are not estimable."""
    assert ledger([], [], [], [3, None])["status"].tolist() == ["not_estimable", "not_estimable"]


def test_the_summary_names_how_it_was_made(whole):
    """Method, tests and level, and the first cells."""
    assert whole.summary().startswith("6 cells (REML, adhoc and z, 95 %)\n")


@pytest.mark.parametrize(
    ("cell", "worthwhile", "what"),
    [([0, 2], [0.1], "cell must be a whole number from 0 to 0"), ([0], [0.1], "cell has 1 rows"),
     ([0, 0], [0.1, 0.1], "worthwhile has 2 rows")],
)  # fmt: skip
def test_columns_that_do_not_fit(cell, worthwhile, what):
    """One refusal that says which column is wrong."""
    with pytest.raises(InvalidArgument, match=what):
        ledger([0.1, 0.2], [0.1, 0.1], cell, [1], worthwhile=worthwhile)
