"""Laws that every measure of means, correlations and coefficients keeps, whatever the shape of its columns."""

import numpy as np
import pytest

from synthesis.effects import MEASURES, escalc

FAMILIES = {"continuous", "correlation", "mean", "change", "reliability"}
OURS = [name for name, measure in MEASURES.items() if measure.family in FAMILIES] + ["REH"]
RANGES = {  # of the numbers drawn for each column
    "m1i": (4, 9), "m2i": (4, 9), "mi": (2, 6), "sd1i": (1, 3), "sd2i": (1, 3), "sdi": (1, 3), "n1i": (15, 40),
    "n2i": (15, 40), "ni": (20, 60), "ri": (-0.4, 0.4), "ti": (-2, 2), "di": (-1, 1), "pi": (0.01, 0.9),
    "fi": (0.2, 9), "r2i": (0.3, 0.6), "ai": (0.2, 0.9), "bi": (2, 9), "ci": (2, 9),
}  # fmt: skip
WAYS = [(name, names) for name in OURS for names in MEASURES[name].inputs]


def drawn(measure, names, shape):
    """Columns of one shape, the same at each call."""
    random = np.random.default_rng(5)
    ranges = RANGES | ({"mi": (0, 0.3)} if measure in {"CLES", "AUC"} else {})  # there, the share of ties
    return {name: random.uniform(*ranges[name], size=shape) for name in names}


def test_all_of_them_are_here():
    """15 of two groups; 4 biserial, 3 of r, 4 partial and 4 of R^2; 5 of one group; 11 of change; 3 of alpha; REH."""
    assert len(OURS) == 15 + (4 + 3 + 4 + 4) + 5 + 11 + 3 + 1


@pytest.mark.parametrize(("measure", "names"), WAYS)
def test_a_table_is_its_rows(measure, names):
    """Columns of shape (2, 3) give row by row what single numbers give."""
    columns = drawn(measure, names, (2, 3))
    found = escalc(measure, **columns)

    assert np.isfinite(found.yi).all()
    assert (found.vi > 0).all()
    for place in np.ndindex(2, 3):
        one = escalc(measure, **{name: column[place] for name, column in columns.items()})
        np.testing.assert_allclose((found.yi[place], found.vi[place]), (one.yi[0], one.vi[0]), rtol=1e-14)


@pytest.mark.parametrize(("measure", "names"), WAYS)
def test_an_absent_number_drops_its_row_alone(measure, names):
    """Each column of which a row is absent leaves that row without an effect, with a reason, and no other."""
    columns = drawn(measure, names, 3)
    expected = escalc(measure, **columns)

    for name in names:
        found = escalc(measure, **{**columns, name: np.where([True, False, False], np.nan, columns[name])})
        unused = found.yi[0] == expected.yi[0]
        assert [note.row for note in found.dropped] == [] if unused else [0]
        np.testing.assert_array_equal(found.yi[1:], expected.yi[1:])
        np.testing.assert_array_equal(found.vi[1:], expected.vi[1:])


@pytest.mark.parametrize("measure", OURS)
def test_the_order_of_the_studies_changes_nothing(measure):
    """Rows in another order give the effects in that order, with every formula of the variance."""
    columns = drawn(measure, MEASURES[measure].inputs[0], 4)
    order = [2, 0, 3, 1]

    for vtype in MEASURES[measure].vtypes or [None]:
        found = escalc(measure, **columns, vtype=vtype)
        other = escalc(measure, **{name: column[order] for name, column in columns.items()}, vtype=vtype)
        np.testing.assert_allclose((other.yi, other.vi), (found.yi[order], found.vi[order]), rtol=1e-13)
