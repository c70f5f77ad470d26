"""A review's pool over the correlations that could be assumed between averaged effects."""

import numpy as np
import pytest

from synthesis.evidence import options_of
from synthesis.evidence.dependence_assumed import correlation_assumed
from tests.evidence.values import REVIEW, counts, finding, pooled, study


def studies(*extra):
    """Three studies, each with two details that are averaged."""
    pairs = [(counts(10, 50, 20, 50), counts(12, 50, 19, 50)), (counts(8, 40, 15, 40), counts(9, 41, 17, 41)),
             (counts(20, 90, 31, 88), counts(18, 85, 33, 88))]  # fmt: skip
    made = [
        study(f"s{i}", finding(10, one, detail="hair"), finding(11, other, detail="nail"))
        for i, (one, other) in enumerate(pairs)
    ]
    return (*made, *extra)


def over_rho(*given, **asked):
    options = options_of(REVIEW, **asked)
    one = pooled(*given, **asked).pools[0]
    return one, correlation_assumed(one, REVIEW, options)


def test_it_passes_through_the_pools_that_are_shown():
    """At 0.3, 0.6 and 0.8 it has the numbers of the pool and of those beside it."""
    one, found = over_rho(*studies())
    at = {round(rho, 2): place for place, rho in enumerate(found.rho.tolist())}

    for rho, fit in {0.6: one.fit, **one.by_rho}.items():
        row = [found[name][at[rho]] for name in ("estimate", "se", "ci_low", "ci_high", "p_value", "tau2")]
        assert row == pytest.approx(
            [fit.estimate, fit.se, fit.ci_low, fit.ci_high, fit.p_value, fit.tau2], rel=1e-12, abs=1e-15
        )
    assert (found.k, found.effects, found.assumed) == (3, 6, 0.6)


def test_it_tips_where_an_interval_touches_0():
    """A large trial without an effect: the upper bound is 0 at the correlation found, and above 0 beyond it."""
    large = study("t", finding(effect=counts(105, 200, 100, 200)))
    one, found = over_rho(*studies(large), method="EE", test="z")
    (tipping,) = found.crossings
    below, above = (
        pooled(*studies(large), method="EE", test="z", rho=tipping + by).pools[0].fit for by in (-1e-6, 1e-6)
    )

    assert found.tipping_rho == tipping
    assert below.ci_high < 0 < above.ci_high
    assert one.fit.ci_high == pytest.approx(found.ci_high[12])  # 0.6


def test_a_pool_that_rests_on_no_correlation():
    """One effect a study: nothing is assumed."""
    assert over_rho(study("a", finding(effect=counts())), study("b", finding(effect=counts(9))))[1] is None


def test_single_effects_do_not_move():
    """A study with one effect is the same at every correlation; the others widen."""
    _, found = over_rho(*studies(study("t", finding(effect=counts(14, 40, 14, 40)))), method="EE", test="z")

    assert (np.diff(found.se) > 0).all()
    assert found.k == 4


def test_the_method_of_counts_has_none_here():
    """DLMH gives way to DL, as in the pool itself."""
    one, found = over_rho(*studies(), method="DLMH")

    assert found.method == one.fit.method == "DL"
