"""The tetrachoric correlation against its own definition, since R's is found to four digits only."""

import numpy as np
import pytest
from hypothesis import given
from scipy.integrate import quad
from scipy.special import ndtr, ndtri

from synthesis.effects import escalc
from synthesis.effects.tetrachoric import bivariate_normal
from tests.effects.strategies import tables
from tests.pooling.reference import blocks

CELLS = ("ai", "bi", "ci", "di")
SOLVED = {  # tables of the reference's bcg_2x2, solved with mpmath in 40 digits from the integral of the density
    (4, 119, 11, 128): -0.26312303718839188924,
    (505, 87886, 499, 87892): 0.0026267386418212171746,
    (5, 2493, 3, 2338): 0.085846279361022632516,
}


def of(measure, table):
    """A measure of one table."""
    return escalc(measure, **{name: [cell] for name, cell in zip(CELLS, table, strict=True)})


def by_density(h, k, r):
    """P(X < h, Y < k): Phi(h) Phi(k) and the integral of the density over the angles from 0 to asin r (Sheppard)."""

    def density(angle):
        return np.exp(-(h**2 - 2 * np.sin(angle) * h * k + k**2) / (2 * np.cos(angle) ** 2)) / (2 * np.pi)

    return ndtr(h) * ndtr(k) + quad(density, 0, np.arcsin(r), epsabs=1e-15, epsrel=1e-13)[0]


@pytest.mark.parametrize("h", [-2.5, -0.3, 0.0, 0.7])
@pytest.mark.parametrize("k", [-1.1, 0.0, 1e-9, 3.0])
def test_bivariate_normal_probabilities(h, k):
    """By Owen's T and by the integral of the density, also with cuts at 0, where T has a limit."""
    for r in (-0.999, -0.4, 0.0, 0.25, 0.95):
        ours = bivariate_normal(np.array([h]), np.array([k]), np.arcsin(np.array([r])))[0]

        assert ours == pytest.approx(by_density(h, k, r), rel=1e-12, abs=1e-14)


@pytest.mark.parametrize("table", SOLVED)
def test_correlations_by_other_means(table):
    """As solved in 40 digits."""
    assert of("RTET", table).yi[0] == pytest.approx(SOLVED[table], rel=1e-11)


@given(table=tables(zeros=False))
def test_the_correlation_reproduces_the_table(table):
    """A table without empty cells has as many free proportions as there are parameters: the fit is exact."""
    a, n1, c, n2 = (column.astype(float) for column in table)
    n = n1 + n2
    r = escalc("RTET", ai=a, n1i=n1, ci=c, n2i=n2).yi

    again = bivariate_normal(ndtri(n1 / n), ndtri((a + c) / n), np.arcsin(r))
    np.testing.assert_allclose(again, a / n, rtol=1e-10)


def test_reference_is_near_and_less_likely():
    """R's 33 estimates of tables without empty cells lie within 3e-5 of ours and reproduce the tables less well."""
    compared = 0
    for name in ("bcg_2x2", "li2007_2x2"):
        block = next(block for block in blocks("effect_sizes") if block["id"] == name)
        theirs = np.array(next(case for case in block["outputs"] if case["measure"] == "RTET")["result"]["yi"])
        given_ = {key: np.array(values, float) for key, values in block["inputs"].items() if key != "source"}
        ours = escalc("RTET", **given_).yi
        n1, n2 = (
            given_.get(size, given_[x] + given_.get(y, 0)) for size, x, y in (("n1i", "ai", "bi"), ("n2i", "ci", "di"))
        )
        h, k = ndtri(n1 / (n1 + n2)), ndtri((given_["ai"] + given_["ci"]) / (n1 + n2))
        inside = np.abs(theirs) < 1
        misfit = [
            np.abs(bivariate_normal(h, k, np.arcsin(r)) - given_["ai"] / (n1 + n2))[inside] for r in (ours, theirs)
        ]
        compared += int(inside.sum())

        assert (misfit[0] < misfit[1]).all()
        assert np.abs(ours - theirs).max() < 3e-5
    assert compared == 13 + 20


def test_empty_cells_lie_at_the_bound():
    """An empty cell makes the correlation 1 or -1, without a variance and with the reason; an empty column none."""
    found = escalc("RTET", ai=[3, 0, 0], bi=[0, 5, 9], ci=[4, 4, 0], di=[5, 5, 9])

    assert found.yi[:2].tolist() == [1.0, -1.0]
    assert np.isnan(found.vi).all()
    assert np.isnan(found.yi[2])
    assert not found.usable.any()
    assert {note.reason for note in found.dropped} == {
        "an estimate at its bound has no sampling variance", "the numbers given make no effect",
    }  # fmt: skip


@pytest.mark.parametrize("table", [(50, 50, 50, 50), (70, 30, 30, 70), (1, 10**6, 10**6, 1), (10**7, 1, 1, 10**7)])
def test_cuts_in_the_middle(table):
    """Both margins halved: r = sin(2 pi (a / n - 1/4)), also next to -1 and 1."""
    a, n = table[0], sum(table)

    assert of("RTET", table).yi[0] == pytest.approx(np.sin(2 * np.pi * (a / n - 0.25)), rel=1e-12, abs=1e-15)
    assert of("RTET", table).vi[0] > 0
