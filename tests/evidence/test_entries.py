"""One effect for each study: follow-up, detail, arms, ties and events."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis.effects import composite, escalc
from synthesis.records.study import Time
from tests.evidence.values import counts, estimate, finding, means, pooled, reasons, study


def only(evidence):
    (pool,) = evidence.pools
    (entry,) = pool.entries
    return entry


def log_rr(a, n1, c, n2):
    found = escalc("RR", ai=[a], n1i=[n1], ci=[c], n2i=[n2])
    return float(found.yi[0]), float(found.vi[0])


@pytest.mark.parametrize(("follow_up", "events"), [("longest", 12), ("end", 10), ("nearest:5", 11)])
def test_the_wanted_follow_up_enters(follow_up, events):
    """Of three times of one study one enters, and the other two are listed."""
    times = [Time("end of treatment"), Time("short", 6.0), Time("long", 24.0)]
    findings = [finding(i, counts(10 + i), time=time) for i, time in enumerate(times)]
    evidence = pooled(study("a", *findings), follow_up=follow_up)

    assert only(evidence).data.events == events
    assert len([reason for reason in reasons(evidence) if reason.startswith("another follow-up")]) == 2


def test_a_follow_up_of_unknown_length_is_later_than_the_end():
    """`after treatment` comes after the end of treatment, and before any stated length."""
    end, after, short = (
        finding(i, counts(10 + i), time=Time(label))
        for i, label in enumerate(["end of treatment", "after treatment", "short"])
    )

    assert only(pooled(study("a", end, after))).data.events == 11
    assert only(pooled(study("a", after, short))).data.events == 12


def test_the_length_of_treatment_is_no_follow_up():
    """`end of treatment` with the months of the treatment comes before `after treatment`."""
    end, after = (
        finding(1, counts(10), time=Time("end of treatment", 4.0)),
        finding(2, counts(11), time=Time("after treatment")),
    )

    assert only(pooled(study("a", end, after))).data.events == 11


def test_what_is_chosen_is_chosen_before_it_is_estimated():
    """A first detail without events in both groups is not replaced by the next detail: the study leaves the pool."""
    first, second = finding(1, counts(0, 50, 0, 50), detail="urine"), finding(2, counts(10), detail="self-report")
    evidence = pooled(study("a", first, second))

    assert evidence.pools == ()
    assert sorted(reasons(evidence)) == [
        "another detail of the outcome comes first: urine",
        "no events in either group",
    ]
    assert [one.contrast.finding.detail for one in evidence.effects] == ["self-report"]


def test_an_arm_without_events_counts_as_people():
    """0/30 and 10/50 against one 0/40 is 10/80 against 0/40, 1/2 in each cell."""
    one, two = finding(1, counts(0, 30, 0, 40), treatment="x"), finding(2, counts(10, 50, 0, 40), treatment="y")

    assert only(pooled(study("a", one, two))).yi == pytest.approx(log_rr(10, 80, 0, 40)[0])


def test_a_follow_up_that_is_not_stated_comes_last():
    """A stated time is taken, and the reason of the other says that its own is not stated."""
    evidence = pooled(study("a", finding(1, counts(10), time=Time()), finding(2, counts(11), time=Time("short"))))

    assert only(evidence).data.events == 11
    assert reasons(evidence) == ["its follow-up is not stated, and one that is stated is taken: short"]


def test_the_first_declared_detail_enters():
    """Urine comes before self-report, and both before what review.toml does not list."""
    findings = [finding(i, counts(10 + i), detail=name) for i, name in enumerate(["hair", "self-report", "urine"])]

    assert only(pooled(study("a", *findings))).data.events == 12


def test_time_comes_before_detail():
    """The longest follow-up enters even in a detail of lower rank."""
    early, late = finding(1, counts(11), detail="urine"), finding(2, counts(12), time=Time("long", 36.0))

    assert only(pooled(study("a", early, late))).data.events == 12


def test_tied_details_are_averaged_with_rho():
    """Two unlisted details: the mean, with correlation 0.6, and 0.3 and 0.8 beside it."""
    evidence = pooled(study("a", finding(1, counts(10), detail="x"), finding(2, counts(15), detail="y")))
    (y1, v1), (y2, v2) = log_rr(10, 50, 20, 50), log_rr(15, 50, 20, 50)

    assert (only(evidence).yi, only(evidence).vi) == pytest.approx(composite([y1, y2], [v1, v2], 0.6))
    assert sorted(evidence.pools[0].by_rho) == [0.3, 0.8]
    assert evidence.pools[0].by_rho[0.3].se < evidence.pools[0].fit.se < evidence.pools[0].by_rho[0.8].se


def test_arms_that_share_a_control_are_one_arm():
    """Handbook 6.5.2.10: 10/50 and 15/40 against one 20/50 is 25/90 against 20/50; nothing is counted twice."""
    one, two = finding(1, counts(10), treatment="x"), finding(2, counts(15, 40), treatment="y")
    entry = only(pooled(study("a", one, two)))

    assert (entry.yi, entry.vi) == pytest.approx(log_rr(25, 90, 20, 50))
    assert not entry.uses_rho


def test_a_control_that_its_source_split_is_put_together():
    """Halves of one control, split by the source, count once each: 25/90 against 20/50."""
    arms = (("tau", "usual care", 50), ("tau1", "half", 25, "tau"), ("tau2", "half", 25, "tau"))
    one = finding(1, counts(10, 50, 8, 25), treatment="x", control="tau1")
    two = finding(2, counts(15, 40, 12, 25), treatment="y", control="tau2")

    assert only(pooled(study("a", one, two, arms=arms))).yi == pytest.approx(log_rr(25, 90, 20, 50)[0])


def test_a_whole_control_and_a_part_of_it_count_once():
    """Against a control of 50 and against a half of the same control: its 50 people stand in the table once."""
    arms = (("tau", "usual care", 50), ("tau1", "half", 25, "tau"))
    one = finding(1, counts(10, 50, 20, 50), treatment="x", control="tau")
    two = finding(2, counts(15, 40, 12, 25), treatment="y", control="tau1")
    entry = only(pooled(study("a", one, two, arms=arms)))

    assert (entry.data.events, entry.data.n, entry.data.control_events, entry.data.control_n) == (25, 90, 20, 50)


def test_means_of_two_arms_are_one_mean():
    """Two equal arms give the same mean difference with more people."""
    one, two = finding(1, means(3, 5), treatment="x"), finding(2, means(3, 5), treatment="y")
    entry = only(pooled(study("a", one, two), measure=["MD"]))

    assert entry.yi == pytest.approx(-2)
    assert (entry.data.n, entry.data.control_n) == (60, 30)


def test_the_shared_control_of_printed_smds_is_modelled():
    """Covariance 1/n + y1 y2 / (2 N) of Gleser and Olkin, from the sizes of the arms."""
    arms = (("x", "x", 40), ("y", "y", 60), ("tau", "tau", 50))
    one = finding(1, estimate(-0.4, "SMD"), treatment="x")
    two = finding(2, estimate(-0.2, "SMD"), treatment="y")
    entry = only(pooled(study("a", one, two, arms=arms)))
    covariance = 1 / 50 + 0.4 * 0.2 / (2 * 150)

    assert entry.yi == pytest.approx(-0.3)
    assert entry.vi == pytest.approx((0.04 + 0.04 + 2 * covariance) / 4)


def test_the_same_contrast_in_other_numbers_is_not_a_second_effect():
    """Counts come before an estimate of the same arms, time and detail."""
    evidence = pooled(study("a", finding(1, estimate(0.3)), finding(2, counts())))

    assert only(evidence).data == counts()
    assert reasons(evidence) == ["other numbers for the same contrast"]


def test_the_other_event_is_complemented_before_the_risk_ratio():
    """40 of 50 abstinent against 30 of 50 is use 10 of 50 against 20 of 50."""
    abstinent = finding(effect=counts(40, 50, 30, 50), event="abstinence")

    assert only(pooled(study("a", abstinent))).yi == pytest.approx(math.log(0.5))


def test_the_odds_ratio_of_the_other_event_is_inverted():
    """A printed OR of abstinence of 2 [1.25, 3.2] is an OR of use of 1/2 with the same variance."""
    one = finding(effect=estimate(2.0, "OR", ci=(1.25, 3.2)), event="abstinence")
    two = finding(effect=estimate(0.5, "OR", ci=(0.3125, 0.8)))
    turned, plain = (only(pooled(study("a", each), measure=["OR"])) for each in (one, two))

    assert (turned.yi, turned.vi) == pytest.approx((plain.yi, plain.vi))


def test_scales_point_the_same_way():
    """A scale on which less is good is turned round where the outcome says more is good."""
    up = finding(effect=means(5, 3), outcome="mood", event="")
    down = finding(effect=means(-5, -3), outcome="mood", event="", better="lower")

    assert only(pooled(study("a", up))).yi == pytest.approx(only(pooled(study("b", down))).yi)


def test_converted_effects_are_marked():
    """--convert joins an OR and an SMD in one pool, and only there."""
    evidence = pooled(study("a", finding(effect=counts())), study("b", finding(effect=means(3, 4))), convert="SMD")
    (pool,) = evidence.pools

    assert (pool.measure, pool.key.family) == ("SMD", "joined")
    assert [entry.notes for entry in pool.entries] == [("converted from OR",), ()]


@given(st.permutations(range(5)))
def test_the_order_of_findings_changes_nothing(order):
    """Findings in any order give the same entry."""
    made = [
        finding(1, counts(10), treatment="x"), finding(2, counts(15, 40), treatment="y"),
        finding(3, counts(9), detail="urine", time=Time("short", 3.0)), finding(4, None),
        finding(5, counts(11), treatment="x", time=Time("medium", 9.0)),
    ]  # fmt: skip
    entry = only(pooled(study("a", *(made[i] for i in order))))

    assert entry.yi == pytest.approx(log_rr(25, 90, 20, 50)[0])


@given(a=st.integers(1, 49), c=st.integers(1, 49))
def test_a_complemented_event_flips_or_and_rd(a, c):
    """Counts of the other event give the opposite log OR and RD, so the pool is the same once declared."""
    use, other = (
        finding(effect=counts(a, 50, c, 50)),
        finding(effect=counts(50 - a, 50, 50 - c, 50), event="abstinence"),
    )
    for measure in ("OR", "RD"):
        one, two = (only(pooled(study("a", each), measure=[measure])) for each in (use, replace(other)))
        assert (one.yi, one.vi) == pytest.approx((two.yi, two.vi))
