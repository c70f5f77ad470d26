"""2x2 tables from their margins."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.special import ndtr

from synthesis.effects.tables import tables_from_margins
from synthesis.errors import InvalidArgument

count = st.integers(1, 300)
four = st.tuples(count, count, count, count)


def statistics(a, b, c, d):
    """Every statistic that fixes a table, by the names of `tables_from_margins`."""
    n1, n2, m, n = a + b, c + d, a + c, a + b + c + d
    phi = (a * d - b * c) / np.sqrt(float(n1 * n2 * m * (n - m)))
    chi_squared = np.sign(phi) * n * phi**2
    p = np.copysign(2 * ndtr(-np.sqrt(abs(chi_squared))), phi)
    return {"ori": a * d / (b * c), "rri": a / n1 / (c / n2), "ri": phi, "x2i": chi_squared, "pi": p}


@pytest.mark.parametrize("name", ["ori", "rri", "ri", "x2i", "pi"])
@given(cells=four)
def test_each_statistic_gives_back_the_table(name, cells):
    """The four cells to 1e-9 of all people, and whole where whole ones are asked for."""
    a, b, c, d = cells
    value, margins = statistics(*cells)[name], (a + b + c + d, a + b, a + c)
    assume(name != "pi" or abs(value) > 1e-300)  # smaller p-values leave double precision

    found = tables_from_margins(*margins, **{name: value}, correct=False)
    whole = tables_from_margins(*margins, **{name: value}, correct=False, integer=True)
    assert [float(one[0]) for one in found.counts().values()] == pytest.approx(cells, abs=1e-9 * sum(cells))
    assert [float(one[0]) for one in whole.counts().values()] == list(cells)


@pytest.mark.parametrize("name", ["x2i", "pi"])
@given(cells=four)
def test_corrected_statistics(name, cells):
    """Yates's correction is undone, wherever it leaves anything of the difference."""
    a, b, c, d = cells
    n, n1, m, difference = a + b + c + d, a + b, a + c, a * d - b * c
    assume(abs(difference) > n / 2)
    corrected = n * (abs(difference) - n / 2) ** 2 / (float(n1 * (n - n1)) * float(m * (n - m)))
    size = corrected if name == "x2i" else float(2 * ndtr(-np.sqrt(corrected)))
    assume(size > 1e-300)

    found = tables_from_margins(n, n1, m, **{name: np.copysign(size, difference)})
    assert [float(one[0]) for one in found.counts().values()] == pytest.approx(cells, abs=1e-8 * n)


@given(n1=count, n2=count, share=st.floats(0, 1), log_ratio=st.floats(-30, 30))
def test_any_odds_ratio_has_a_table(n1, n2, share, log_ratio):
    """The margins are those given, no cell is below 0, and the odds ratio is the one given."""
    n, m, ratio = n1 + n2, share * (n1 + n2), np.exp(log_ratio)
    found = tables_from_margins(n, n1, m, ori=ratio)
    a, b, c, d = (float(one[0]) for one in found.counts().values())

    assert (a + b, a + c, a + b + c + d) == pytest.approx((n1, m, n))
    assert min(a, b, c, d) >= -1e-12 * n
    assert a * d == pytest.approx(ratio * b * c, rel=1e-6, abs=1e-12 * n**2 * max(ratio, 1))


@given(cells=four)
def test_swapped_groups(cells):
    """The reciprocal odds ratio of the second group against the first is the same table."""
    a, b, c, d = cells
    one = tables_from_margins(sum(cells), a + b, a + c, ori=a * d / (b * c))
    other = tables_from_margins(sum(cells), c + d, a + c, ori=b * c / (a * d))

    np.testing.assert_allclose([one.ai, one.bi], [other.ci, other.di], atol=1e-9 * sum(cells))


def test_rounded_statistics_of_an_example():
    """The help page of metafor's `conv.2x2`: 36, 86, 20, 98 from two decimals of OR, phi and chi-squared."""
    none = np.nan
    found = tables_from_margins(
        240, 122, 56, ori=[2.05, none, none], ri=[none, 0.15, none], x2i=[none, none, 4.61], integer=True
    )

    assert np.array(list(found.counts().values())).T.tolist() == [[36, 86, 20, 98]] * 3
    assert found.notes == ()


def test_a_corrected_p_of_an_example():
    """From the same page: 28, 14, 12, 18 from the two decimals of the p-value of a corrected chi-squared."""
    found = tables_from_margins(72, 42, 40, pi=0.04, integer=True)

    assert [float(one[0]) for one in found.counts().values()] == [28, 14, 12, 18]


def test_margins_that_do_not_allow_a_statistic():
    """A guessed margin of the same page leaves a cell below 0: no table, with the reason; its neighbour has one."""
    found = tables_from_margins(400, 200, [248, 50], ri=0.54)

    assert np.isnan(found.ai).tolist() == [False, True]
    assert [(note.row, note.reason) for note in found.dropped] == [
        (1, "the margins do not allow this statistic: a cell would be below 0")
    ]
    assert "row 2: the margins do not allow" in found.summary()
    assert found.to_dict()["ai"][1] is None
    assert found.to_dict()["notes"][0]["row"] == 2


def test_a_cell_just_below_0():
    """The table 10, 0, 5, 5 has a phi of 0.577; from 0.58 there is a table of whole people only."""
    whole = tables_from_margins(20, 10, 15, ri=0.58, integer=True)

    assert [float(one[0]) for one in whole.counts().values()] == [10, 0, 5, 5]
    assert len(tables_from_margins(20, 10, 15, ri=0.58).dropped) == 1


def test_what_does_not_fix_a_table():
    """A corrected chi-squared of 0, and a row without any statistic, with the reason."""
    found = tables_from_margins(100, 50, 30, x2i=[0.0, None, 4.0])

    assert [note.row for note in found.dropped] == [0, 1]
    assert len(found) == 3


def test_the_first_statistic_counts():
    """Row by row, in the order of the arguments."""
    found = tables_from_margins(240, 122, 56, ori=[2.05, None], ri=[-0.3, 0.15], integer=True)

    assert found.ai.tolist() == [36, 36]


def test_tables_of_any_shape():
    """Margins of shape (2, 1) and odds ratios of shape (3,) make tables of shape (2, 3)."""
    assert tables_from_margins([[240], [480]], 122, 56, ori=[1, 2, 3]).ai.shape == (2, 3)


REFUSED = {
    "n1i must lie between 0 and ni, both excluded: a group has nobody in it: row 2": (
        ([10, 10], [5, 10], 3), {"ori": 1},
    ),
    "ni must be finite: row 2": (([10, np.inf], 5, 3), {"ori": 1}),
    "events must lie between 0 and ni: row 1": ((10, 5, 11), {"ori": 1}),
    "margins must be whole numbers for whole cells: row 1": ((10, 5.5, 3), {"ori": 1, "integer": True}),
    "ori must be a finite number, not below 0: rows 1, 2": ((10, 5, 3), {"ori": [-1, np.inf]}),
    "rri must be a finite number, not below 0: row 1": ((10, 5, 3), {"rri": -1}),
    "ri, a phi coefficient, must lie between -1 and 1: row 1": ((10, 5, 3), {"ri": 1.1}),
    "x2i must be finite: row 1": ((10, 5, 3), {"x2i": np.inf}),
    "pi must lie between 0 and 1, 0 excluded, with the sign of the effect: row 2": ((10, 5, 3), {"pi": [0.5, 0]}),
    "margins need one statistic: ori, rri, ri (phi), x2i (chi-squared) or pi (p-value)": ((10, 5, 3), {}),
}  # fmt: skip


@pytest.mark.parametrize("message", REFUSED)
def test_numbers_that_cannot_be(message):
    """One message with the numbers of the rows."""
    margins, statistic = REFUSED[message]
    with pytest.raises(InvalidArgument) as refused:
        tables_from_margins(*margins, **statistic)

    assert str(refused.value) == message
