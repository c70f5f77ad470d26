"""All effects of a study in one pool: what enters, how it covaries, and what k counts."""

import json
import math

import numpy as np
import pytest

from synthesis.effects import composite, shared_control_covariance
from synthesis.errors import InvalidArgument
from synthesis.evidence.dependence import covariances, dependent_pools
from synthesis.pooling import pool
from synthesis.pooling.dependent.dependence import DEPENDENCE
from synthesis.records.study import Time
from synthesis.rendering.other_models import csv_rows, other_json, other_table
from synthesis.rendering.tables import json_bytes
from tests.evidence.values import REVIEW, counts, estimate, finding, means, pooled, reasons, study

SHORT, LONG = Time("short", 3.0), Time("long", 24.0)


def dependent(kind, *studies, method=None, test=None, **asked):
    """The dependent pools of some studies."""
    return dependent_pools(pooled(*studies, **asked), REVIEW, kind, method=method, test=test)


def two_details(line=1, **changes):
    """Two details of one contrast at one time."""
    return (
        finding(line, counts(10 + line), detail="urine", **changes),
        finding(line + 1, counts(16 + line), detail="self-report", **changes),
    )


def others(count=4):
    """Studies of one effect."""
    return [study(f"z{number}", finding(number, counts(8 + 3 * number))) for number in range(count)]


def block(evidence, rho=0.6):
    """Covariances of the effects of the only study of the only pool."""
    (one,) = evidence.pools
    return covariances([effect for entry in one.entries for effect in entry.effects], rho).dense()


def test_all_details_and_times_enter_and_k_counts_studies():
    """Four effects of one study and four of others: n 8, k 5; select takes one of the four and lists three."""
    several = study("a", *two_details(time=SHORT), *two_details(11, time=LONG))
    usual = pooled(several, *others())
    for kind in ("multilevel", "robust"):
        (one,) = dependent(kind, several, *others()).pools
        assert (one.fit.k, one.fit.details["effects"], len(one.entries)) == (5, 8, 8)

    assert one.usual.fit.k == 5
    assert len(usual.left_out) == 3
    assert not dependent("multilevel", several, *others()).left_out


def test_aggregate_takes_one_follow_up():
    """The longest by default, the end if asked for; the others are listed, as in the usual pool."""
    several = study("a", *two_details(time=SHORT), *two_details(11, time=LONG))
    for follow_up, events in (("longest", {21, 27}), ("end", {11, 17})):
        found = dependent("aggregate", several, *others(), follow_up=follow_up)
        own = [entry for entry in found.pools[0].entries if entry.study.key == "a"]

        assert {entry.data.events for entry in own} == events
        assert [reason.partition(" of")[0] for reason in reasons(found)] == ["another follow-up"] * 2


def test_aggregated_details_are_averaged_as_ties_are():
    """The mean with correlation 0.6, as Borenstein's composite; then pooled as any effects, with the usual test."""
    found = dependent("aggregate", study("a", *two_details()), *others())
    (one,) = found.pools
    own = [entry for entry in one.entries if entry.study.key == "a"]
    yi, vi = composite([entry.yi for entry in own], [entry.vi for entry in own], 0.6)
    rest = [entry for entry in one.entries if entry.study.key != "a"]
    again = pool([yi, *(entry.yi for entry in rest)], [vi, *(entry.vi for entry in rest)])

    assert (one.fit.estimate, one.fit.se) == pytest.approx((again.estimate, again.se), rel=1e-12)
    assert (one.fit.method, one.fit.test) == ("REML", "adhoc")
    assert sorted(one.by_rho) == [0.3, 0.8]


def test_details_and_times_correlate_by_rho():
    """Of one pair of arms: rho between what differs in detail, in time, or in both."""
    evidence = dependent("multilevel", study("a", *two_details(time=SHORT), *two_details(11, time=LONG)))
    matrix = block(evidence, 0.4)
    sd = np.sqrt(np.diag(matrix))

    assert matrix / np.outer(sd, sd) == pytest.approx(0.4 + 0.6 * np.eye(4), rel=1e-12)


@pytest.mark.parametrize(
    ("measure", "expected"), [("RR", 1 / 20 - 1 / 50), ("OR", 1 / 20 + 1 / 30), ("RD", 20 * 30 / 50**3)]
)
def test_a_shared_control_has_its_known_covariance(measure, expected):
    """Two arms against one control of 20 events in 50: Gleser and Olkin's formulas, worked out by hand."""
    arms = [finding(1, counts(10), treatment="a1"), finding(2, counts(12), treatment="a2")]
    matrix = block(dependent("multilevel", study("a", *arms), measure=[measure]))

    assert matrix[0, 1] == pytest.approx(expected, rel=1e-12)


def test_a_shared_control_of_means():
    """SMD: 1 / n + y1 y2 / (2 N), N the people of all three arms."""
    arms = [
        finding(1, means(5.0, 4.0), treatment="a1", outcome="mood"),
        finding(2, means(6.0, 4.0), treatment="a2", outcome="mood"),
    ]
    evidence = dependent("multilevel", study("a", *arms))
    y = tuple(entry.yi for entry in evidence.pools[0].entries)

    assert block(evidence)[0, 1] == shared_control_covariance("SMD", control_n=30, yi=y, total_n=90)


def test_what_shares_an_arm_and_differs_in_detail():
    """The covariance through the arm times rho: here half of the people are shared by groups of one size."""
    first = finding(1, estimate(0.5), treatment="a1", detail="urine")
    second = finding(2, estimate(0.7), treatment="a2", detail="self-report")
    arms = (("a1", "", 50), ("a2", "", 50), ("tau", "", 50))
    matrix = block(dependent("multilevel", study("a", first, second, arms=arms)))

    assert matrix[0, 1] == pytest.approx(0.6 * 0.5 * 0.2**2, rel=1e-12)


def test_arms_that_share_nobody_are_independent():
    """Two pairs of arms of one study, as two sites have them, covary by nothing but the study's random effect."""
    findings = [
        finding(1, counts(10), treatment="a1", control="c1"), finding(2, counts(12), treatment="a2", control="c2"),
    ]  # fmt: skip

    assert block(dependent("multilevel", study("a", *findings)))[0, 1] == 0


def test_an_arm_between_two_others_makes_a_negative_covariance():
    """A against B and B against C: what helps B in one helps it not in the other."""
    findings = [
        finding(1, counts(10), treatment="a", control="b"), finding(2, counts(20, 50, 25), treatment="b", control="c"),
    ]  # fmt: skip

    assert block(dependent("multilevel", study("a", *findings)))[0, 1] < 0


def test_contrasts_that_make_a_circle():
    """A v B, B v C and A v C: the model is fitted with the nearest correlations, and says so."""
    pairs = (("a", "b"), ("b", "c"), ("a", "c"))
    circle = [finding(i, counts(10 + i), treatment=one, control=two) for i, (one, two) in enumerate(pairs)]
    (one,) = dependent("multilevel", study("a", *circle), *others()).pools

    assert one.fit.details["effects"] == 7
    assert "nearest positive definite correlations in cluster a" in one.fit.reason("model")


def test_arms_that_nobody_named_correlate_by_rho():
    """Where a source does not tell the arms apart, all effects of the study correlate by rho."""
    findings = [finding(i, counts(10 + i), treatment="", control="", detail=f"d{i}") for i in range(3)]
    matrix = block(dependent("multilevel", study("a", *findings)))
    sd = np.sqrt(np.diag(matrix))

    assert matrix / np.outer(sd, sd) == pytest.approx(0.6 + 0.4 * np.eye(3), rel=1e-12)


def test_nobody_is_counted_twice():
    """Other numbers for one contrast, and a part of an arm that is there whole, are left out with the reason."""
    same = study("a", finding(1, estimate(0.5)), finding(2, counts(10)))
    arms = (("whole", "", 50), ("part", "", 25, "whole"))
    part = study(
        "b", finding(1, counts(10), control="whole"), finding(2, counts(6, 25, 9, 25), control="part"), arms=arms
    )
    for kind in DEPENDENCE:
        found = dependent(kind, same, part, *others())
        assert [entry.data for entry in found.pools[0].entries][:2] == [counts(10), counts(10)]
        assert reasons(found) == ["other numbers for the same contrast", "a part of an arm that is there whole"]


def test_double_zeros_leave_with_the_reason():
    """As in the usual pool: one effect of the study stays, the other is listed."""
    found = dependent(
        "robust", study("a", finding(1, counts(0, 50, 0, 50), detail="x"), finding(2, counts())), *others()
    )

    assert reasons(found) == ["no events in either group"]
    assert len(found.pools[0].entries) == 5


@pytest.mark.parametrize("kind", DEPENDENCE)
def test_one_study_is_averaged_and_never_pooled(kind):
    """k 1: the mean of its effects with z; all about heterogeneity is None with the reason."""
    (one,) = dependent(kind, study("a", *two_details())).pools

    assert (one.fit.k, one.fit.method, one.fit.test, one.fit.details["effects"]) == (1, "none", "z", 2)
    assert one.fit.estimate == pytest.approx(sum(entry.yi for entry in one.entries) / 2, rel=1e-12)
    absent = {name for name in ("tau2", "i2", "q", "pi_low") if getattr(one.fit, name) is None}
    assert absent == {"tau2", "i2", "q", "pi_low"} <= {note.field for note in one.fit.notes}


def test_without_several_effects_it_is_the_usual_model():
    """One effect a study: the three levels are those of REML; the test is t, without Knapp and Hartung's factor."""
    (one,) = dependent("multilevel", *others(6)).pools
    again = pool([entry.yi for entry in one.entries], [entry.vi for entry in one.entries], test="t")

    assert (one.fit.estimate, one.fit.tau2) == pytest.approx((again.estimate, again.tau2), rel=1e-6, abs=1e-9)
    assert (one.fit.ci_low, one.fit.df) == (pytest.approx(again.ci_low, rel=1e-6), 5)
    assert one.by_rho == {}


def test_comparators_and_families_stay_apart():
    """Active comparators and other families are pools of their own, as always."""
    active = finding(2, counts(), comparator="active", control="other")
    found = dependent("multilevel", study("a", finding(1, counts()), active, finding(3, means(5, 4), outcome="mood")))

    assert {(one.key.group, one.key.family) for one in found.pools} == {
        ("inactive", "binary"),
        ("active", "binary"),
        ("inactive", "continuous"),
    }


def test_points_are_not_touched():
    """The evidence that is scored is the same before and after."""
    evidence = pooled(study("a", *two_details()), *others())
    before = [(one.key, one.fit.estimate, one.fit.k) for one in evidence.pools]
    dependent_pools(evidence, REVIEW, "robust", method=None, test=None)

    assert [(one.key, one.fit.estimate, one.fit.k) for one in evidence.pools] == before


def test_what_it_says_of_itself():
    """Table, CSV and JSON: studies and effects, variances by level, degrees of freedom, other correlations, no NaN."""
    found = dependent("robust", study("a", *two_details()), study("b", *two_details(5)), *others())
    text = other_table(found, details=True)
    values = json.loads(json_bytes(other_json(found)), parse_constant=pytest.fail)
    main = values["pools"][0]["models"][0]
    rows = list(csv_rows(found))

    assert "6 studies, 8 effects" in text
    assert all(words in text for words in ("sigma2 study", "correlation 0.3", "usual: inverse variance", " df;"))
    assert main["df"] == pytest.approx(found.pools[0].fit.df, rel=1e-5)
    assert {name for name, value in main.items() if value is None} <= {note["field"] for note in main["notes"]}
    assert [row[6] for row in rows][:3] == ["main", "correlation 0.3", "correlation 0.8"]
    assert rows[0][7:9] == [6, 8]
    assert math.isfinite(values["pools"][0]["effects"][0]["yi"])


@pytest.mark.parametrize(
    ("kind", "asked", "words"),
    [
        ("multilevl", {}, "did you mean 'multilevel'"),
        ("multilevel", {"method": "DL"}, "no method 'DL'"),
        ("robust", {"test": "adhoc"}, "no test 'adhoc'"),
        ("robust", {"rho": 1.0}, "rho must be below 1"),
    ],
)
def test_what_cannot_be_asked(kind, asked, words):
    """Unknown ways, methods and tests, and a correlation of 1."""
    with pytest.raises(InvalidArgument, match=words):
        dependent(kind, *others(), **asked)
