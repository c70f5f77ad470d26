"""Double counting undone: the pool with each group of suspected duplicates counted once."""

from dataclasses import replace

import numpy as np
import pytest

from synthesis.citations.edges import Edge
from synthesis.crosscheck.counted_twice import counted_once, known_as_one, suspicions_of, twins
from synthesis.errors import InvalidArgument
from synthesis.pooling import pool
from synthesis.records.study import Place, Source
from tests.evidence.values import counts, estimate, finding, pooled, study


def of(key, effect, cite=None, read_in="Own", **given):
    """A study with one effect, read in a document."""
    one = study(key, finding(effect=effect, source=Source(read_in, "p. 1")), **given)
    return replace(one, cite=cite or (key.title(), "Own" if read_in == "Own" else key.title()))


PLAIN = (of("ames2001", counts(10, 50, 20, 50), cite=("A",)), of("burt2003", counts(9, 60, 22, 61), cite=("B",)))
TWICE = of("cole2005", counts(10, 50, 18, 52), cite=("C",))


def kinds(*studies, citations=()):
    """The suspicions on the first pool, by studies."""
    return {(one.one, one.other): one.kind for one in suspicions_of(pooled(*studies).pools[0], citations)}


def reviewed(source, *targets):
    return [Edge(source, target, "reviews", "", Place("bibliography/citations.csv", 2, 1)) for target in targets]


def test_different_trials_are_not_suspected():
    """Different reports, different numbers: nothing to undo."""
    assert kinds(*PLAIN) == {}
    assert counted_once(pooled(*PLAIN)) == ()


def test_a_shared_report():
    """Two studies that cite one report."""
    other = of("dunn2007", counts(3, 30, 9, 31), cite=("D", "A"))

    assert kinds(*PLAIN, other) == {("ames2001", "dunn2007"): "shared report"}


def test_the_same_numbers_in_one_group_or_in_both():
    """A group of the same numbers is suspected; one too small, or without any event, is not."""
    assert kinds(*PLAIN, TWICE) == {("ames2001", "cole2005"): "same numbers"}
    both = suspicions_of(pooled(PLAIN[0], of("cole2005", counts(10, 50, 20, 50), cite=("C",))).pools[0])
    assert both[0].reason == "the treatment and control groups have the same numbers"
    assert kinds(of("a", counts(2, 9, 3, 40), cite=("A",)), of("b", counts(2, 9, 5, 40), cite=("B",))) == {}
    assert kinds(of("a", counts(0, 20, 3, 40), cite=("A",)), of("b", counts(0, 20, 5, 40), cite=("B",))) == {}


def test_the_same_numbers_turned_round():
    """Treatment of the one is control of the other, and the other way round: one trial entered twice."""
    turned = of("cole2005", counts(20, 50, 10, 50), cite=("C",))
    (found,) = suspicions_of(pooled(PLAIN[0], turned).pools[0])

    assert found.reason == "the groups have the same numbers, turned round"
    assert kinds(PLAIN[0], of("cole2005", counts(20, 50, 11, 50), cite=("C",))) == {}


def test_the_same_printed_effect():
    """Estimate and interval are the same to the last digit; another interval is another effect."""
    one, other = (of(key, estimate(0.7), cite=(key.title(),)) for key in ("ames2001", "burt2003"))
    (found,) = suspicions_of(pooled(one, other).pools[0])

    assert (found.kind, found.reason) == ("same numbers", "their effects are the same, with the same variance")
    assert kinds(one, of("cole2005", estimate(0.71), cite=("C",))) == {}


def test_two_reviews_bring_one_trial():
    """Effects of one author within a year, read in two reviews; not where one review lists both."""
    first = of("smith2001", estimate(0.7), cite=("Smith2001",), read_in="Review1")
    second = of("smith2002", estimate(0.75), cite=("Smith2002",), read_in="Review2")
    later = of("smith2006", estimate(0.75), cite=("Smith2006",), read_in="Review2")
    own = of("smith2002", estimate(0.75), cite=("Smith2002",), read_in="Smith2002")

    assert kinds(first, second) == {("smith2001", "smith2002"): "two reviews"}
    assert kinds(first, second, citations=reviewed("Review3", "Smith2001", "Smith2002")) == {}
    assert kinds(first, second, citations=reviewed("Review3", "Smith2001", "Other")) != {}
    assert kinds(first, later) == {}
    assert kinds(first, own) == {}


def test_before_and_after():
    """The pool of all, and the pool without the less precise of the two; both as `pool` has them."""
    (one,) = counted_once(pooled(*PLAIN, TWICE))
    entries = {entry.study.key: entry for entry in pooled(*PLAIN, TWICE).pools[0].entries}
    kept = min(("ames2001", "cole2005"), key=lambda key: entries[key].vi)
    after = pool(*np.array([(entries[key].yi, entries[key].vi) for key in (kept, "burt2003")]).T)

    assert one.groups[0].studies == ("ames2001", "cole2005")
    assert one.groups[0].kept == kept
    assert (one.before.k, one.after.k) == (3, 2)
    assert one.after.estimate == pytest.approx(after.estimate, rel=1e-12)
    assert one.lowest <= one.after.estimate <= one.highest
    assert one.lowest < one.highest


def test_suspicions_join_into_groups():
    """Three studies of which each neighbour is suspected are one group, and one study of it is kept."""
    third = of("dunn2007", counts(11, 50, 18, 52), cite=("D",))
    (one,) = counted_once(pooled(*PLAIN, TWICE, third))

    assert one.groups[0].studies == ("ames2001", "cole2005", "dunn2007")
    assert one.after.k == 2


def test_the_stronger_design_is_kept():
    """Level before precision."""
    weaker = of("cole2005", counts(10, 50, 200, 400), cite=("C",), level=4)
    (one,) = counted_once(pooled(*PLAIN, weaker))

    assert one.groups[0].kept == "ames2001"


def test_an_answer_that_rests_on_a_trial_counted_four_times():
    """Made to fool: one trial in four records makes the effect; counted once the interval holds 0."""
    copies = [of(f"s{i}", counts(12, 60, 25, 60), cite=(f"S{i}",)) for i in range(4)]
    others = [of("t1", counts(15, 40, 16, 41), cite=("T1",)), of("t2", counts(19, 50, 17, 52), cite=("T2",))]
    (one,) = counted_once(pooled(*copies, *others, method="EE", test="z"))

    assert one.changed
    assert "lies below 0 with them and holds 0 without" in one.verdict
    assert (one.lowest, one.highest) == pytest.approx((one.after.estimate, one.after.estimate))


def test_an_answer_that_turns_round():
    """A trial in two records, the weaker design reversed: a benefit becomes a harm, and not "as before"."""
    weak = [of(f"s{i}", counts(12, 600, 250, 600), cite=(f"S{i}",), level=4) for i in range(2)]
    strong = of("t1", counts(60, 80, 30, 80), cite=("T1",))
    (one,) = counted_once(
        pooled(*weak, strong, method="EE", test="z"), also=[known_as_one("s0", "t1"), known_as_one("s1", "t1")]
    )  # fmt: skip

    assert one.before.ci_high < 0 < one.after.ci_low
    assert one.changed
    assert "its interval lies below 0 with them and lies above 0 without; with other studies kept" in one.verdict
    assert one.always is False


def test_studies_given_as_one_trial():
    """What a reader knows is taken too, in either order; a pair that no pool has together changes nothing."""
    (one,) = counted_once(pooled(*PLAIN), also=[known_as_one("burt2003", "ames2001"), known_as_one("x", "ames2001")])

    assert one.groups[0].suspicions[0].kind == "given"
    assert (one.before.k, one.after.k) == (2, 1)
    with pytest.raises(InvalidArgument, match="ames2001 is named twice"):
        known_as_one("ames2001", "ames2001")


def test_reports_that_are_one_document():
    """Two entries of the library that are one document, or versions of one work, make their studies suspected."""
    ames, burt = (entry.study for entry in pooled(*PLAIN).pools[0].entries)
    (found,) = twins((ames, burt), [(burt.cite[0], ames.cite[0], "the same title"), (ames.cite[0], "Other", "")])
    (one,) = counted_once(pooled(*PLAIN), also=[found])

    assert (found.one, found.other, found.kind) == ("ames2001", "burt2003", "one document")
    assert found.reason == f"{burt.cite[0]} and {ames.cite[0]}: the same title"
    assert one.after.k == 1


def test_the_method_with_counts():
    """DLMH has its Mantel-Haenszel estimate of the studies that stay."""
    (one,) = counted_once(pooled(*PLAIN, TWICE, of("dunn2007", counts(4, 70, 9, 66), cite=("D",)), method="DLMH"))

    assert one.after.method == "DLMH"
    assert one.after.k == 3
