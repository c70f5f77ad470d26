"""What unpublished studies would have to find."""

import json

import numpy as np
import pytest

from synthesis.errors import InvalidArgument
from synthesis.pooling import pool
from synthesis.sensitivity.missing_evidence.excess_significance import excess_significance
from synthesis.sensitivity.missing_evidence.fail_safe import fail_safe
from synthesis.sensitivity.missing_evidence.unpublished import unpublished
from tests.sensitivity import fooling
from tests.sensitivity.fooling import columns

BCG = columns("bcg_rr")


def with_studies(y, v, found, **options):
    """The pool with studies such as `found` tells, their effects drawn and scaled to its mean and variance."""
    n, tau2 = found.number, pool(y, v, method=found.method).tau2
    random = np.random.default_rng(n).normal(size=n)
    spread = (random - random.mean()) / random.std(ddof=1) * np.sqrt(found.variance + tau2) if n > 1 else np.zeros(1)
    added = np.append(y, found.mean + spread), np.append(v, np.full(n, found.variance))
    return pool(*added, method=found.method, test=found.test, **options)


@pytest.mark.parametrize("number", [1, 2, 5, 30])
@pytest.mark.parametrize("test", ["z", "adhoc"])
def test_the_mean_that_brings_the_interval_to_0(number, test):
    """With that many studies of that mean effect the nearer bound of the pool is 0."""
    found = unpublished(*BCG, number=number, test=test)
    fit = with_studies(*BCG, found)

    assert min(abs(fit.ci_low), abs(fit.ci_high)) < 1e-8
    assert fit.estimate < 0 < found.mean or number > 5
    assert found.before.estimate == pytest.approx(pool(*BCG, test=test).estimate)


@pytest.mark.parametrize("target", [-0.3, 0.0, 0.2, -1.0])
def test_the_mean_that_brings_the_pool_to_a_target(target):
    """With it the pooled effect is the target, on whichever side that lies."""
    found = unpublished(*BCG, number=6, target=target)

    assert with_studies(*BCG, found).estimate == pytest.approx(target, abs=1e-8)
    assert (found.mean > found.before.estimate) == (target > found.before.estimate)


def test_the_number_is_the_smallest():
    """That many studies without an effect bring the interval to 0, and one fewer do not."""
    found = unpublished(*BCG, mean=0.0)
    enough, fewer = (unpublished(*BCG, number=count, target=None).mean for count in (found.number, found.number - 1))

    assert found.after.ci_low <= 0 <= found.after.ci_high
    assert enough <= 0 < fewer


def test_it_is_orwins_number_under_equal_effects():
    """Without heterogeneity between studies the number for a target is Orwin's, of studies of mean weight."""
    y, v = fooling.alike()
    target = pool(y, v, method="EE").estimate / 3
    found = unpublished(y, v, mean=0.0, target=target, method="EE")

    assert found.number == fail_safe(y, v, "orwin", target=target).n == 24


def test_what_needs_no_study_and_what_none_can_do():
    """An interval that holds 0 already; studies that find what the pool finds."""
    already = unpublished([0.1, -0.2, 0.3], [0.1, 0.2, 0.1], number=3)
    none = unpublished([0.1, -0.2, 0.3], [0.1, 0.2, 0.1], mean=0.0)
    never = unpublished(*BCG, mean=-0.7, target=-0.1)

    there = unpublished([0.5, 0.5], [0.1, 0.1], number=3, target=0.5)

    assert there.mean == there.target == 0.5
    assert unpublished([0.5, 0.5], [0.1, 0.1], mean=0.1, target=0.5).number == 0
    assert (already.mean, already.reason("mean")) == (None, "the interval holds 0 already")
    assert (none.number, none.after) == (0, none.before)
    assert (never.number, never.verdict.usable) == (None, False)
    assert never.reason("number") == "even 5000 of them are not enough"


@pytest.mark.parametrize(
    ("studies_", "cautions"),
    [
        (fooling.one_outlier, {"one study far away"}),
        (fooling.two_clusters, {"heterogeneity"}),
        (fooling.pure_selection, set()),
        (fooling.alike, {"tau2 is 0"}),
        (fooling.three, set()),
    ],
)
def test_on_studies_made_to_fool_it(studies_, cautions):
    """An answer for each, and the verdict that it does not know whether there are such studies."""
    found = unpublished(*studies_(), number=5, target=0.0)

    assert found.after.estimate == pytest.approx(0, abs=1e-8)
    assert set(found.verdict.names) >= cautions
    assert found.verdict.cannot_tell == "whether there are such studies"


@pytest.mark.parametrize("unit", [1e-9, 1e9])
def test_a_change_of_units_changes_nothing_but_units(unit):
    """The mean effect has the new unit; the number stays."""
    y, v = BCG
    one, other = (unpublished(scale * y, scale**2 * v, number=4) for scale in (1, unit))

    assert other.mean == pytest.approx(unit * one.mean, rel=1e-9)
    assert unpublished(unit * y, unit**2 * v, mean=0.0).number == unpublished(y, v, mean=0.0).number


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "give either number"),
        ({"number": 3, "mean": 0.0}, "give either number"),
        ({"number": 0}, "number must lie between 1 and 5000"),
        ({"number": 2.5}, "number must be a whole number"),
        ({"mean": float("inf")}, "mean must be a finite number"),
        ({"mean": 0.0, "variance": 0}, "variance must be a finite number above 0"),
    ],
)
def test_what_is_refused(options, message):
    """One error that says what is wrong and what to do."""
    with pytest.raises(InvalidArgument, match=message):
        unpublished(*BCG, **options)
    with pytest.raises(InvalidArgument, match="at least two published studies"):
        unpublished([0.1], [0.1], number=3)


def test_a_result_is_text_and_json():
    """The summary says it in a sentence; the dictionary is JSON."""
    found = unpublished(*BCG, number=5)

    assert "5 unpublished studies with a mean effect of" in found.summary()
    assert json.loads(json.dumps(found.to_dict(), allow_nan=False))["number"] == 5


@pytest.mark.parametrize("name", ["theta", "tau2"])
def test_excess_significance_refuses_what_is_beyond_all_floats(name):
    """Whole numbers of Python have no end; here too."""
    with pytest.raises(InvalidArgument, match=f"{name} is too large"):
        excess_significance([0.1, 0.4], [0.1, 0.1], **{name: 10**400})


@pytest.mark.parametrize("name", ["number", "mean", "target", "variance"])
def test_numbers_beyond_all_floats_are_refused(name):
    """One error that names the option."""
    options = {"number": 3} | {name: 10**400} if name != "mean" else {"mean": 10**400}
    with pytest.raises(InvalidArgument, match=f"{name} must"):
        unpublished([0.1, 0.4], [0.1, 0.1], **options)
