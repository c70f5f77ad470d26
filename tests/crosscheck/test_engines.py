"""Our pools against those of statsmodels."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from synthesis.crosscheck.engines import TESTS, refitted, statsmodels_difference
from synthesis.pooling import TESTS as OUR_TESTS
from synthesis.pooling import pool
from tests.pooling.reference import blocks
from tests.pooling.strategies import studies

DATA = {block["id"]: (block["inputs"]["yi"], block["inputs"]["vi"]) for block in blocks("pooling")}


NEGATIVE = "hart1999_irr"  # Q 2.96 on 5 degrees of freedom
GRID = [(name, method) for name in DATA for method in ("EE", "DL", "PM") if (name, method) != (NEGATIVE, "DL")]


@pytest.mark.parametrize("test", TESTS)
@pytest.mark.parametrize(("name", "method"), GRID)
def test_both_engines_agree(name, test, method):
    """On the 13 data sets of metadat: to 1e-10 of a standard error, and to 1e-9 for PM, where statsmodels stops."""
    y, v = DATA[name]
    check = statsmodels_difference(y, v, pool(y, v, method=method, test=test))

    assert check.reason == ""
    assert check.difference <= (1e-9 if method == "PM" else 1e-10)
    assert check.what.startswith(f"{method} {test}: ")


@example(data=(np.array([0, 0.875]), np.array([0.01, 0.723])), test="t", level=0.95)  # its own stop is too far here
@given(data=studies(), test=st.sampled_from(list(OUR_TESTS)), level=st.sampled_from([0.8, 0.95]))
def test_both_engines_agree_on_any_studies(data, test, level):
    """Compared and the same, or not compared with a reason."""
    for check in refitted(*data, test=test, level=level):
        assert (check.difference is None) == bool(check.reason)
        assert check.difference is None or check.difference <= 1e-6


def test_a_difference_is_found():
    """A pool that is not of these effects is told from one that is, with both numbers."""
    y, v = DATA["bcg_rr"]
    right = pool(y, v, method="DL", test="z")
    check = statsmodels_difference(y, v, replace(right, ci_low=right.ci_low - right.se / 2))

    assert check.what == "DL z: ci_low"
    assert check.difference == pytest.approx(0.5)
    assert (check.ours, check.theirs) == (right.ci_low - right.se / 2, pytest.approx(right.ci_low))


def test_what_statsmodels_does_not_have():
    """REML and adhoc-ci are not compared, with the reason; a single study is no pool."""
    y, v = DATA["bcg_rr"]
    either = pool(y, v, method="PM", test="adhoc-ci")

    assert statsmodels_difference(y, v, pool(y, v)).reason == "statsmodels has no REML"
    assert statsmodels_difference(y, v, either).reason == "statsmodels has no test adhoc-ci"
    assert statsmodels_difference([0.1], [1.0], pool([0.1], [1.0], method="DL")) is None
    assert refitted([0.1], [1.0]) == ()


def test_a_negative_tau2_is_not_compared():
    """Where Q is below k - 1, statsmodels goes on with a tau^2 below 0 for DL; PM and EE are compared."""
    moments, root = refitted(*DATA[NEGATIVE])

    assert "negative tau^2" in moments.reason
    assert (root.reason, root.difference <= 1e-12) == ("", True)


def test_studies_that_agree_to_the_last_digit():
    """A standard error of 0 gives nothing to compare by."""
    same = np.full(3, 0.5), np.full(3, 0.25)

    assert "last digit" in statsmodels_difference(*same, pool(*same, method="PM", test="knha")).reason
