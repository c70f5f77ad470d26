"""What enters a pool, and what is left out with which reason."""

import pytest

from synthesis.errors import InvalidArgument
from synthesis.evidence import condition, options_of, own_effects, select
from synthesis.evidence.robustness import robustness
from synthesis.pooling import pool
from synthesis.pooling.sparse import mantel_haenszel_estimate
from synthesis.records.study import Design, Estimate, Level
from tests.evidence.values import REVIEW, counts, estimate, finding, means, pooled, reasons, study

BARE_RATIO = "a ratio of abstinence without counts cannot be turned into use"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"comparator": "not stated"}, "comparator not stated"),
        ({"modality": "not stated"}, "modality not stated"),
        ({"level": Level(None)}, "Maryland level not stated"),
        ({"level": Level(3)}, "Maryland level 3"),
        ({"modality": "mmt"}, "sample not stated to be opioid users"),
        ({"effect": None}, "no effect in numbers"),
        ({"event": ""}, "the event is not stated"),
        ({"effect": estimate(0.8), "event": "abstinence"}, BARE_RATIO),
        ({"effect": estimate(0.8, "HR"), "event": "abstinence"}, BARE_RATIO),
        ({"effect": estimate(0.8, "OR")}, "a printed OR cannot be brought to RR: --measure OR pools it"),
        ({"effect": Estimate("RR", 0.8)}, "an estimate without standard error, interval or exact p"),
        ({"effect": counts(0, 50, 0, 50)}, "no events in either group"),
        ({"effect": counts(50, 50, 50, 50)}, "nothing but events in both groups"),
        ({"outcome": "other", "event": "x"}, "unlike outcomes are not pooled"),
        ({"outcome": "mood", "event": "use"}, "the outcome declares no event"),
    ],
)  # fmt: skip
def test_every_finding_left_out_has_its_reason(changes, reason):
    """One finding, one fault: it is in no pool and its reason is listed."""
    evidence = pooled(study("a", finding(**{"effect": counts(), **changes})))

    assert evidence.pools == ()
    assert reasons(evidence) == [reason]


def test_nothing_is_lost():
    """Every finding of the living set enters a pool or is left out; another set is not looked at."""
    findings = [
        finding(line, effect) for line, effect in enumerate([counts(), None, counts(1, 9, 3, 9), estimate(2)], 1)
    ]
    evidence = pooled(study("a", *findings, finding(evidence_set="old")), study("b", finding(effect=counts())))
    entered = [one for pool in evidence.pools for entry in pool.entries for one in entry.effects]

    assert len(entered) + len(evidence.left_out) == 5


def test_double_zero_studies_stay_in_the_risk_difference():
    """They leave RR and OR, and count in RD."""
    one = study("a", finding(effect=counts(0, 50, 0, 50)))

    assert [len(pool.entries) for pool in pooled(one, measure=["RD"]).pools] == [1]


def test_active_comparators_are_never_mixed_with_inactive_ones():
    """One pool for each, and the headline is the inactive one."""
    evidence = pooled(study("a", finding(effect=counts())), study("b", finding(effect=counts(), comparator="active")))

    assert [(pool.key.group, len(pool.entries), pool.headline) for pool in evidence.pools] == [
        ("inactive", 1, True),
        ("active", 1, False),
    ]


def test_families_are_pooled_apart():
    """Binary, continuous and time to event make three pools; of equals the binary one is the headline."""
    effects = [counts(), means(1, 2), estimate(0.5, "HR")]
    evidence = pooled(*(study(f"s{i}", finding(effect=effect)) for i, effect in enumerate(effects)))

    assert [(pool.key.family, pool.headline) for pool in evidence.pools] == [
        ("binary", True), ("continuous", False), ("time", False),
    ]  # fmt: skip


def test_clusters_need_a_correlation():
    """An effect that ignores clusters is left out without an ICC, and its variance grows with one."""
    without = Design("randomised", "cluster", clusters=10)
    with_icc = Design("randomised", "cluster", clusters=10, icc=0.05)
    plain = pooled(study("a", finding(effect=counts()))).pools[0].entries[0]
    widened = pooled(study("a", finding(effect=counts()), design=with_icc)).pools[0].entries[0]

    assert "clusters" in reasons(pooled(study("a", finding(effect=counts()), design=without)))[0]
    assert widened.vi == pytest.approx(plain.vi * (1 + (10 - 1) * 0.05))


def test_where_and_level():
    """Conditions choose findings, and what they do not choose is counted."""
    a, b = study("a", finding(effect=counts()), n=40), study("b", finding(effect=counts()), n=90, level=4)
    chosen = pooled(a, b, where=(condition("n>=50"),))

    assert [entry.study.key for entry in chosen.pools[0].entries] == ["b"]
    assert chosen.unasked == 1
    assert [pool.level5 is not None for pool in pooled(a, b).pools] == [True]
    assert pooled(a, b).pools[0].level5.k == 1


@pytest.mark.parametrize(
    "text", ["setting", "colour=red", "country>2", "year>=soon", "n>1,2", "level=high", "setting=prizon", "time=late"],
)  # fmt: skip
def test_a_condition_that_cannot_be_is_refused(text):
    """Another form, an unknown name, an order of words, a word for a number."""
    with pytest.raises(InvalidArgument):
        condition(text)


@pytest.mark.parametrize(
    "asked",
    [
        {"modalities": ("cbtt",)}, {"outcomes": ("us",)}, {"by": ("modality",)}, {"by": ("outcome", "colour")},
        {"measure": ("XX",)}, {"method": "XX"}, {"test": "q"}, {"follow_up": "soon"}, {"follow_up": "nearest:x"},
        {"rho": 2.0}, {"level": 95.0}, {"convert": "RR"}, {"measure": ["OR", "RR"]},
        {"where": (condition("modality=cbtt"),)}, {"where": (condition("population=man"),)},
    ],
)  # fmt: skip
def test_an_option_that_cannot_be_is_refused(asked):
    """A mistyped name or value is named."""
    with pytest.raises(InvalidArgument):
        pooled(study("a", finding(effect=counts())), review=REVIEW, **asked)


def test_a_finding_without_events_has_no_direction():
    """10 of 10 against 10 of 10 says nothing of benefit or harm."""
    selection = select([study("a", finding(effect=counts(10, 10, 10, 10)))], REVIEW, options_of(REVIEW))
    (one,), _ = own_effects(selection.contrasts, REVIEW, options_of(REVIEW))

    assert one.missing == "nothing but events in both groups"
    assert one.direction == ("not stated", "not stated")


def test_dlmh_without_counts_is_dl():
    """A pool of counts is fitted by DLMH, one with a printed estimate by DL, and each result says so."""
    counted = [study(key, finding(effect=counts(a))) for key, a in (("a", 8), ("b", 14), ("c", 11))]
    printed = [
        study(key, finding(effect=estimate(value), comparator="active")) for key, value in (("d", 0.5), ("e", 0.9))
    ]
    evidence = pooled(*counted, *printed, method="DLMH")
    inactive, active = evidence.pools
    by_hand = mantel_haenszel_estimate("RR", [8, 14, 11], [50] * 3, [20] * 3, [50] * 3, add=0.5)

    assert (inactive.fit.method, active.fit.method) == ("DLMH", "DL")
    assert inactive.fit == pool(
        [one.yi for one in inactive.entries],
        [one.vi for one in inactive.entries],
        method="DLMH",
        mantel_haenszel=by_hand,
    )
    assert [robustness(one, evidence.options).without.method for one in evidence.pools] == ["DLMH", "DL"]
