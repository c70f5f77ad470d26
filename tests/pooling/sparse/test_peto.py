"""Peto's odds ratio: the reference whole, a formula by hand, and laws."""

import json
from fractions import Fraction

import pytest
from hypothesis import given, settings

from synthesis.effects import escalc
from synthesis.errors import InvalidArgument
from synthesis.pooling import pool
from synthesis.pooling.sparse.mantel_haenszel import mantel_haenszel
from synthesis.pooling.sparse.peto import peto
from tests.pooling.reference import blocks
from tests.pooling.sparse.tables import compared, counts, sparse_tables, swapped, tables

fewer = settings(max_examples=settings.default.max_examples // 3)  # there are many laws
BLOCKS = {block["id"]: block for block in blocks("two_by_two_models") if "peto" in block["outputs"]}


@pytest.mark.parametrize("name", BLOCKS)
def test_reference(name):
    """Every number of metafor's rma.peto to 1e-8: 14 of each block."""
    block = BLOCKS[name]

    assert compared(peto(**block["inputs"]), block["outputs"]["peto"]) == (14, [])


def test_the_reference_is_compared_whole():
    """All four blocks have a Peto fit."""
    assert set(BLOCKS) == {f"{name}_mh_peto" for name in ("bcg", "li2007", "egger2001", "zero_cells_a")}


@fewer
@given(drawn=tables)
def test_estimate_by_hand(drawn):
    """Sum of O - E over sum of V, in fractions."""
    excess = variance = Fraction(0)
    for a, b, c, d in drawn:
        n = Fraction(a + b + c + d)
        excess += a - (a + b) * (a + c) / n
        variance += (a + b) * (c + d) * (a + c) * (b + d) / (n * n * (n - 1))
    fit = peto(**counts(drawn))

    assert fit.estimate == pytest.approx(float(excess / variance), rel=1e-10, abs=1e-13)
    assert fit.se**-2 == pytest.approx(float(variance), rel=1e-12)


@fewer
@given(drawn=tables.filter(lambda drawn: len(drawn) > 1))
def test_peto_is_the_equal_effects_pool_of_petos_effects(drawn):
    """With no zeros, inverse variance pooling of the studies' own Peto effects gives estimate, error and Q."""
    own = escalc("PETO", **counts(drawn))
    pooled, fit = pool(own.yi, own.vi, method="EE", test="z"), peto(**counts(drawn))

    for name in ("estimate", "se", "p_value", "ci_low", "q", "q_p_value", "i2"):
        assert getattr(fit, name) == pytest.approx(getattr(pooled, name), rel=1e-8, abs=1e-11)


@fewer
@given(drawn=sparse_tables)
def test_swapping_the_groups_and_mantel_haenszels_test(drawn):
    """Exchanged groups change the sign; z^2 is Mantel and Haenszel's test without correction; nothing is NaN."""
    fit, other = peto(**counts(drawn)), peto(**swapped(counts(drawn)))
    test = mantel_haenszel("OR", **counts(drawn), correct=False).mantel_haenszel
    json.dumps(fit.to_dict(), allow_nan=False)

    if fit.estimate is None:
        assert (other.estimate, test) == (None, None)
    else:
        assert other.estimate == pytest.approx(-fit.estimate, abs=1e-12)
        assert fit.statistic**2 == pytest.approx(test, rel=1e-9, abs=1e-12)


def test_no_events_leave_no_estimate():
    """Without events in any table there is nothing to estimate, and the fields say so."""
    fit = peto(ai=[0, 0], n1i=[20, 30], ci=[0, 0], n2i=[20, 30])

    assert (fit.estimate, fit.se, fit.p_value, fit.q, fit.k, fit.k_informative) == (None, None, None, None, 2, 0)
    assert fit.reason("estimate") == "no table has both events and non-events, or both groups"
    assert fit.summary().startswith("k = 2: - -, p -, OR (Peto, z, 95 %)\n")


def test_refused():
    """Columns of rates are no counts."""
    with pytest.raises(InvalidArgument, match="OR takes no 't1i': did you mean 'n1i'"):
        peto(ai=[1], n1i=[3], ci=[1], n2i=[3], t1i=[2])
