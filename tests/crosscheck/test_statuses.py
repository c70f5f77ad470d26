"""The statuses, every one at its borders."""

import numpy as np
import pytest

from synthesis.crosscheck.statuses import KINDS, MEANING, STATUSES, Bounds, statuses, upper_bound


def bounds(low, high, pi_low=None, upper=None):
    return (low, high, np.nan if pi_low is None else pi_low, high if upper is None else upper)


NOTHING = (np.nan,) * 4
CASES = [
    (3, NOTHING, None, "not_estimable"), (None, NOTHING, None, "not_estimable"),
    (None, bounds(0.1, 0.2), None, "no_points"), (None, bounds(-0.2, -0.1), 0.3, "no_points"),
    (2, bounds(-0.2, -0.01), None, "reversal"), (3, bounds(-0.2, -0.01), 0.1, "reversal"),
    (1, bounds(-0.2, -0.01), None, "agree_harm"), (0, bounds(-0.2, -0.01), 0.1, "agree_harm"),
    (2, bounds(0.01, 0.09), 0.1, "trivial"), (2, bounds(-0.01, 0.09), 0.1, "trivial"),
    (2, bounds(0.01, 0.1), 0.1, "agree_benefit"), (2, bounds(0.01, 0.09), None, "agree_benefit"),
    (2, bounds(0, 0.2), None, "points_high_ci_null"), (3, bounds(-0.1, 0), None, "points_high_ci_null"),
    (3, bounds(-0.1, 0.2, -0.5), 0.1, "points_high_ci_null"),
    (2, bounds(0.1, 0.2, 0), None, "points_high_pi_null"), (3, bounds(0.1, 0.2, -0.1), None, "points_high_pi_null"),
    (2, bounds(0.1, 0.2, 0.01), None, "agree_benefit"), (3, bounds(0.1, 0.2), None, "agree_benefit"),
    (1, bounds(0.01, 0.2), None, "points_low_ci_benefit"), (0, bounds(0.01, 0.02), 0.1, "points_low_ci_benefit"),
    (-1, bounds(0.01, 0.2), None, "points_low_ci_benefit"), (-1, bounds(-0.2, -0.1), None, "agree_harm"),
    (0, bounds(-0.1, 0.11, upper=0.09), 0.1, "equivalent"), (0, bounds(-0.1, 0.11, upper=0.1), 0.1, "agree_none"),
    (1, bounds(-0.1, 0.11, upper=0.09), 0.1, "agree_none"), (0, bounds(-0.1, 0.11), None, "agree_none"),
    (1, bounds(-0.1, 0), None, "agree_none"), (0, bounds(0, 0.1), None, "agree_none"),
]  # fmt: skip


def column(values):
    return np.array([np.nan if value is None else value for value in values], dtype=float)


def judged(cases):
    points, found, worthwhile, _ = zip(*cases, strict=True)
    return statuses(column(points), Bounds(*np.array(found, dtype=float).T), column(worthwhile)).tolist()


@pytest.mark.parametrize("case", CASES)
def test_the_first_status_that_holds(case):
    """Each status at its borders: bounds of exactly 0 hold no effect, bounds of exactly m are worthwhile."""
    assert judged([case]) == [case[3]]


def test_many_cells_are_judged_as_single_ones():
    """A cell's status does not depend on the cells beside it."""
    assert judged(CASES) == [expected for *_, expected in CASES]


@pytest.mark.parametrize("name", STATUSES)
def test_every_status_has_words(name):
    """A status is explained wherever it is shown, and so is what it comes to."""
    assert STATUSES[name]
    assert MEANING[KINDS[name]]


def test_absence_never_looks_like_evidence():
    """No evidence, no points, nothing shown and absence shown are four kinds, none of them agreement."""
    kinds = [KINDS[name] for name in ("not_estimable", "no_points", "agree_none", "equivalent", "agree_benefit")]

    assert len(set(kinds)) == 5


def test_the_upper_bound_is_of_the_90_percent_interval():
    """1.6449 standard errors of the normal, 2.9200 of t on 2 degrees of freedom (printed tables)."""
    found = upper_bound(np.zeros(2), np.ones(2), np.array([np.inf, 2.0]))

    assert found == pytest.approx([1.6449, 2.9200], abs=5e-5)


def as_listed(s, low, high, pi_low, upper, m):
    """The list of product.md, read from the top for one cell."""
    rules = {
        "not_estimable": np.isnan(low), "no_points": np.isnan(s), "reversal": s >= 2 and high < 0,
        "agree_harm": s <= 1 and high < 0, "trivial": s >= 2 and high < m,
        "points_high_ci_null": s >= 2 and low <= 0 <= high, "points_high_pi_null": s >= 2 and low > 0 and pi_low <= 0,
        "agree_benefit": s >= 2 and low > 0, "points_low_ci_benefit": s <= 1 and low > 0,
        "equivalent": s == 0 and upper < m,
    }  # fmt: skip
    return next((name for name, holds in rules.items() if holds), "agree_none")


def test_many_cells_as_the_list_says():
    """5,000 cells with bounds on and off the borders have the status that reading the list gives."""
    random = np.random.default_rng(1)
    low, high, upper = np.sort(random.choice([-0.2, -0.1, 0, 0.1, 0.2, 0.3], (5000, 3))).T[[0, 2, 1]]
    pi_low = np.where(random.random(5000) < 0.3, np.nan, low - random.choice([0, 0.1, 0.3], 5000))
    low = np.where(random.random(5000) < 0.1, np.nan, low)
    points, least = random.choice([np.nan, 0, 1, 2, 3], 5000), random.choice([np.nan, 0.1, 0.2], 5000)
    found = statuses(points, Bounds(low, high, pi_low, upper), least).tolist()

    rows = zip(points, low, high, pi_low, upper, least, strict=True)
    assert found == [as_listed(*map(float, row)) for row in rows]
    assert set(found) == set(STATUSES)
