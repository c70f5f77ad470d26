"""Moderators of a review: what studies state, and regressions and comparisons of its pools."""

from dataclasses import replace

import pytest

from synthesis.evidence import ATTRIBUTES
from synthesis.evidence.attributes import Subject, condition, text_of
from synthesis.evidence.moderators import compare_kinds, regress_pools
from synthesis.pooling.moderators.asked import Request, settled
from synthesis.pooling.moderators.regress import regress
from synthesis.pooling.moderators.subgroups import subgroups
from synthesis.records.study import Design, Sample, Time
from tests.evidence.values import counts, finding, means, pooled, study

EVENTS = (8, 14, 10, 20, 12, 9)
SETTINGS = ("prison", "community", "prison", "community", "prison", "not stated")


def trial(number, **sample):
    """A trial of that number, with its own events and setting."""
    made = study(f"t{number}", finding(effect=counts(EVENTS[number])))
    return replace(made, sample=Sample(100 + 10 * number, setting=SETTINGS[number], **sample))


TRIALS = tuple(map(trial, range(6)))


def regressed(formula, *studies, **asked):
    return regress_pools(pooled(*studies, **asked), settled(Request(formula), ATTRIBUTES))


def test_a_regression_of_a_pool_is_the_librarys():
    """The studies' own effects on what they state; the study that does not state it is left out with the reason."""
    (one,) = regressed("~ setting + n", *TRIALS)
    y, v = [entry.yi for entry in one.entries], [entry.vi for entry in one.entries]
    expected = regress(y, v, "~ setting + n", data={"setting": SETTINGS[:5], "n": [100, 110, 120, 130, 140]})

    assert one.answer.fit.coefficients == expected.coefficients
    assert [(left.study, left.reason) for left in one.left_out] == [("t5", "setting not stated")]
    assert one.data == {"n": [100, 110, 120, 130, 140], "setting": list(SETTINGS[:5])}


def test_a_moderator_that_is_not_used_leaves_nobody_out():
    """All six studies state how many took part."""
    (one,) = regressed("~ n", *TRIALS)

    assert (one.answer.k, one.left_out) == (6, ())


def test_each_pool_has_its_own_regression():
    """Comparators and families are never mixed; one that cannot be fitted does not stop the other."""
    scores = [study(f"m{i}", finding(effect=means(3.0 + i, 5.0), better="lower"), n=50 + i) for i in range(2)]
    active = [study(f"a{i}", finding(effect=counts(9 + i), comparator="active"), n=80 + i) for i in range(3)]
    found = regressed("~ n", *TRIALS, *scores, *active)

    assert [(one.pool.key.group, one.pool.key.family, one.answer.k) for one in found] == [
        ("inactive", "binary", 6), ("inactive", "continuous", 2), ("active", "binary", 3),
    ]  # fmt: skip
    assert [bool(one.answer.fit) for one in found] == [True, False, True]
    assert "2 studies cannot carry 2 coefficients" in found[1].answer.problem


def test_a_study_whose_contrasts_differ_is_left_out():
    """Two arms against two kinds of control state no one comparator; the level is the lowest, as in the pool."""
    two = study(
        "two", finding(10, counts(9), treatment="a", control="x", comparator="none"),
        finding(20, counts(12), treatment="b", control="y", comparator="usual care"),
    )  # fmt: skip
    (by_comparator,) = regressed("~ comparator", *TRIALS, two)
    (by_level,) = regressed("~ level", *TRIALS, two)

    assert [left.reason for left in by_comparator.left_out] == [
        "comparator differs between its contrasts: none, usual care"
    ]
    assert by_level.left_out == ()


def test_comparing_kinds_is_the_librarys():
    """By setting, with tau2 of each and of all; nobody is left out of a kind without a reason."""
    evidence = pooled(*TRIALS)
    for tau2 in ("separate", "common"):
        (one,) = compare_kinds(evidence, "setting", tau2=tau2)
        entries = evidence.pools[0].entries[:5]
        expected = subgroups([entry.yi for entry in entries], [entry.vi for entry in entries], SETTINGS[:5], tau2=tau2)
        assert (one.found.groups, one.found.between) == (expected.groups, expected.between)
        assert [left.reason for left in one.left_out] == ["setting not stated"]
        assert one.studies == {"community": ("t1", "t3"), "prison": ("t0", "t2", "t4")}


def test_not_stated_is_a_kind_only_when_asked_for():
    """Then it has that name, and its study is not left out."""
    (one,) = compare_kinds(pooled(*TRIALS), "setting", not_stated=True)

    assert [group.name for group in one.found.groups] == ["community", "not stated", "prison"]
    assert one.left_out == ()


def test_one_kind_cannot_be_compared():
    """All are randomised: a reason, no error."""
    (one,) = compare_kinds(pooled(*TRIALS), "allocation")

    assert (one.found, one.problem) == (None, "all 6 studies are of one group, randomised")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("female", 0.25), ("attrition", 0.1), ("unit", "cluster"), ("comparability", "claimed"),
        ("analysed_as_allocated", "yes"), ("bias_missing_data", "high"), ("bias_overall", None), ("detail", "urine"),
        ("months", 12.0),
    ],
)  # fmt: skip
def test_what_a_record_states(name, value):
    """Each attribute reads its own field."""
    design = Design("randomised", "cluster", None, None, 0.1, "claimed", analysed_as_allocated=True)
    one = finding(detail="urine")
    made = replace(
        study("a", one, design=design), sample=Sample(9, female=0.25), risk_of_bias=(("missing data", "high", None),)
    )

    assert ATTRIBUTES[name](Subject(made, one)) == value


@pytest.mark.parametrize(
    ("time", "months"),
    [
        (Time("end of treatment", 3.0), 0.0), (Time("end of treatment"), 0.0), (Time("after treatment", 3.0), None),
        (Time("short", 0.92), 0.92), (Time("long"), None),
    ],
)  # fmt: skip
def test_months_begin_at_the_end_of_treatment(time, months):
    """Months that come with the end of treatment are the treatment's length; those of a class alone are not known."""
    one = finding(time=time)

    assert ATTRIBUTES["months"](Subject(study("a", one), one)) == months


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("female>=0.2", True), ("female<0.25", False), ("female=0.25", True), ("female=0.250", True),
        ("months=12", True), ("months!=12.0", False), ("months>6,7", None), ("attrition=not stated", True),
        ("attrition!=not stated", False), ("female=half", None), ("unit=cluster", False), ("unit=house", None),
    ],
)  # fmt: skip
def test_conditions_on_them(text, holds):
    """Numbers are compared as numbers, names must be known; None stands for a condition that is refused."""
    one = finding()
    made = replace(study("a", one), sample=Sample(9, female=0.25))
    if holds is None:
        with pytest.raises(ValueError, match=r"half|house|one number"):
            condition(text)
    else:
        assert condition(text).holds(Subject(made, one)) == holds


def test_a_number_names_a_group_without_its_zeros():
    """12 months are 12, not 12.0."""
    assert [text_of(12.0), text_of(0.25), text_of(2001), text_of(None)] == ["12", "0.25", "2001", "not stated"]
