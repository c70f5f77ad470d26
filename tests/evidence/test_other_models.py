"""Models of counts on the pools of a review: which studies have counts, and what is said of the others."""

import pytest

from synthesis.errors import InvalidArgument
from synthesis.evidence.other_models import count_pools
from synthesis.pooling.sparse.mantel_haenszel import mantel_haenszel
from synthesis.records.study import Design
from tests.evidence.values import counts, estimate, finding, means, pooled, reasons, study


def by(model, *studies, method=None, test=None, **asked):
    """The pools of some studies by a model of counts."""
    return count_pools(pooled(*studies, **asked), model, method=method, test=test)


def two(*more):
    return [study("a", finding(1, counts(10))), study("b", finding(1, counts(14))), *more]


def test_the_counts_are_those_of_the_usual_pool():
    """Mantel and Haenszel's risk ratio of the studies' counts, two arms of one combined first."""
    arms = [finding(1, counts(10), treatment="a1"), finding(2, counts(12), treatment="a2")]
    (one,) = by("MH", *two(study("c", *arms))).pools
    again = mantel_haenszel("RR", ai=[10, 14, 22], n1i=[50, 50, 100], ci=[20] * 3, n2i=[50] * 3)

    assert (one.fit.estimate, one.fit.se) == (again.estimate, again.se)
    assert (one.fit.k, one.usual.fit.k) == (3, 3)


def test_studies_without_counts_leave_with_the_reason():
    """Printed ratios, averages of details, and counts whose clusters the model cannot see."""
    clustered = study("e", finding(1, counts()), design=Design("randomised", "cluster", clusters=10, icc=0.1))
    averaged = study("d", *(finding(i, counts(9 + i), detail=f"d{i}") for i in range(2)))
    found = by("MH", *two(study("c", finding(1, estimate(0.5))), averaged, clustered))

    assert [entry.study.key for entry in found.pools[0].entries] == ["a", "b"]
    assert [(one.study.key, one.reason.partition(",")[0]) for one in found.left_out] == [
        ("c", "its effect is printed without counts"),
        ("d", "its effect is averaged from several"),
        ("d", "its effect is averaged from several"),
        ("e", "clusters inflate its variance"),
    ]


def test_pools_of_other_families_are_named_not_dropped():
    """Means have no counts: each finding stands among those left out, with the measure."""
    found = by("MH", *two(study("c", finding(1, means(5, 4), outcome="mood"))))

    assert len(found.pools) == 1
    assert reasons(found) == ["the model MH pools counts, and this is a pool of SMD: without --model it is pooled"]


@pytest.mark.parametrize("model", ["PETO", "UM.FS", "CM.EL"])
def test_odds_ratio_models_need_the_odds_ratio(model):
    """The review's RR is refused with the remedy; with OR the pool is made."""
    with pytest.raises(InvalidArgument, match="add --measure OR"):
        by(model, *two())
    found = by(model, *two(), measure=["OR"])

    assert found.pools[0].fit.model == model
    assert found.pools[0].fit.estimate < 0


def test_double_zeros_are_left_out_of_ratios_and_stay_in_risk_differences():
    """As in the usual pool."""
    zero = study("z", finding(1, counts(0, 50, 0, 50)))

    assert by("MH", *two(zero)).pools[0].fit.k == 2
    assert by("MH", *two(zero), measure=["RD"]).pools[0].fit.k == 3
