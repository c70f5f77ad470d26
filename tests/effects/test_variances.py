"""Variances by another route: the first-order variance through numerical derivatives of the effect in the counts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis.effects import escalc

CELLS = ("ai", "bi", "ci", "di")
STEP = 1e-5  # of each count: central differences are then off by about 1e-10 of themselves
RTOL = 1e-6
cell = st.integers(2, 300)
BINOMIAL = ("OR", "RR", "RD", "PBIT", "OR2D", "OR2DL", "OR2DN", "PHI", "ZPHI", "AS")
MULTINOMIAL = ("OR", "PHI", "ZPHI", "YUQ", "YUY", "RTET", "ZTET", "MPRD", "MPRR", "MPOR", "MPORC")
POISSON = {"IRR": ("x1i", "x2i"), "IRD": ("x1i", "x2i"), "IRSD": ("x1i", "x2i"), "IR": ("xi",), "IRLN": ("xi",),
           "IRS": ("xi",)}  # fmt: skip


def slopes(measure, counts, **other):
    """Derivatives of the effect in each count, all of them in one call with an axis more: shape (counts, 1)."""
    x = np.array(list(counts.values()), dtype=float)
    near = [x[None, :] + sign * STEP * np.diag(x) for sign in (1, -1)]
    up, down = (escalc(measure, **{name: m[:, [i]] for i, name in enumerate(counts)}, **other).yi for m in near)
    return x, (up - down)[:, 0] / (2 * STEP * x)


@pytest.mark.parametrize("measure", BINOMIAL)
@given(counts=st.tuples(cell, cell, cell, cell))
def test_two_groups_of_fixed_size(measure, counts):
    """Each group's events are binomial: sum of a b / n (dy/da - dy/db)^2 over the groups."""
    given_ = dict(zip(CELLS, counts, strict=True))
    vtype = {"vtype": "ST"} if measure.endswith("PHI") else {}
    x, slope = slopes(measure, given_, **vtype)
    groups = [x[i] * x[i + 1] / (x[i] + x[i + 1]) * (slope[i] - slope[i + 1]) ** 2 for i in (0, 2)]

    assert escalc(measure, **given_, **vtype).vi[0] == pytest.approx(sum(groups), rel=RTOL)


@pytest.mark.parametrize("measure", MULTINOMIAL)
@given(counts=st.tuples(cell, cell, cell, cell))
def test_one_table_of_fixed_total(measure, counts):
    """The four cells are multinomial: sum of x (dy/dx)^2 less (sum of x dy/dx)^2 / n."""
    given_ = dict(zip(CELLS, counts, strict=True))
    x, slope = slopes(measure, given_)
    expected = np.sum(x * slope**2) - np.sum(x * slope) ** 2 / x.sum()

    assert escalc(measure, **given_).vi[0] == pytest.approx(expected, rel=RTOL, abs=1e-9 / x.sum())


@pytest.mark.parametrize("measure", ["PR", "PLN", "PLO", "PRZ", "PAS"])
@given(x=cell, m=cell)
def test_one_group_of_fixed_size(measure, x, m):
    """Binomial events of one group."""
    counts, slope = slopes(measure, {"xi": x, "mi": m})
    expected = counts.prod() / counts.sum() * (slope[0] - slope[1]) ** 2

    assert escalc(measure, xi=x, ni=x + m).vi[0] == pytest.approx(expected, rel=RTOL)


@pytest.mark.parametrize("measure", POISSON)
@given(counts=st.tuples(cell, cell), t1=st.floats(0.5, 99), t2=st.floats(0.5, 99))
def test_rates(measure, counts, t1, t2):
    """Events are Poisson: sum of x (dy/dx)^2."""
    given_ = dict(zip(POISSON[measure], counts, strict=False))
    time = {"t1i": t1, "t2i": t2} if len(given_) == 2 else {"ti": t1}
    x, slope = slopes(measure, given_, **time)

    assert escalc(measure, **given_, **time).vi[0] == pytest.approx(np.sum(x * slope**2), rel=RTOL)
