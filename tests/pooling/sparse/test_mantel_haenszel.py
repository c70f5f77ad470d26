"""Mantel and Haenszel's estimates: the reference whole, formulas by hand, and laws."""

import json
import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthesis.effects import escalc
from synthesis.effects.tables import from_odds_ratio
from synthesis.errors import InvalidArgument
from synthesis.pooling.sparse.mantel_haenszel import (
    PERSON_TIME,
    TWO_BY_TWO,
    mantel_haenszel,
    mantel_haenszel_estimate,
)
from tests.pooling.reference import blocks
from tests.pooling.sparse.tables import compared, counts, left_out, sparse_tables, swapped, table, tables

fewer = settings(max_examples=settings.default.max_examples // 3)  # there are many laws
BLOCKS = {block["id"]: block for block in blocks("two_by_two_models") if "_mh_" in block["id"]}
OPTIONS = {"mh_OR_no_correction": {"correct": False}, "mh_OR_add_to_pooled": {"add_pooled": 0.5}}
OPTIONS |= {"mh_IRR_no_correction": {"correct": False}}
CASES = [(name, key) for name, block in BLOCKS.items() for key in block["outputs"] if key != "peto"]
EVENTS, TIME = st.integers(1, 40), st.integers(1, 900)
RATES = st.lists(st.tuples(EVENTS, TIME, EVENTS, TIME), min_size=1)


def fitted(name, key):
    """Our fit of one reference call."""
    return mantel_haenszel(key.split("_")[1], **BLOCKS[name]["inputs"], **OPTIONS.get(key, {}))


@pytest.mark.parametrize(("name", "key"), CASES)
def test_reference(name, key):
    """Every number of metafor's rma.mh to 1e-8, and nothing where it has nothing."""
    assert compared(fitted(name, key), BLOCKS[name]["outputs"][key])[1] == []


def test_the_reference_is_compared_whole():
    """Four blocks of counts: three fits of OR with 22 numbers, RR and RD with 13; two of rates: 15, 15 and 13."""
    numbers = [compared(fitted(*case), BLOCKS[case[0]]["outputs"][case[1]])[0] for case in CASES]

    assert sum(numbers) == 4 * (3 * 22 + 2 * 13) + 2 * (2 * 15 + 13)
    assert set(BLOCKS) == {f"{name}_mh_peto" for name in ("bcg", "li2007", "egger2001", "zero_cells_a")} | {
        "hart1999_mh_rates", "rates_zero_a_mh_rates",
    }  # fmt: skip


@pytest.mark.parametrize(("name", "key"), CASES)
def test_what_metafor_warns_of_is_noted(name, key):
    """Where metafor warns that studies have no effect of their own, a note names them."""
    assert left_out(fitted(name, key), "q") == ("warnings" in BLOCKS[name]["outputs"][key])


def test_notes_name_the_rows():
    """Rows that were touched or left out, the first being 1."""
    fit = mantel_haenszel("OR", ai=[0, 0, 3, 2], n1i=[9, 9, 9, 9], ci=[2, 0, 4, None], n2i=[9, 9, 9, 9], add_pooled=0.5)

    assert fit.reason("estimate") == (
        "row 4: a count is missing; left out; rows 1, 2: 0.5 added to the counts that are pooled"
    )
    assert "row 2: no events in either group; left out" in fit.reason("q")
    assert (fit.k, fit.k_effects) == (3, 2)


def by_hand(measure, drawn):
    """The ratio or difference in fractions."""
    rows = [tuple(map(Fraction, one)) for one in drawn]
    n = [sum(one) for one in rows]
    if measure == "OR":
        return sum(a * d / m for (a, _, _, d), m in zip(rows, n, strict=True)) / sum(
            b * c / m for (_, b, c, _), m in zip(rows, n, strict=True)
        )
    if measure == "RR":
        return sum(a * (c + d) / m for (a, _, c, d), m in zip(rows, n, strict=True)) / sum(
            c * (a + b) / m for (a, b, c, _), m in zip(rows, n, strict=True)
        )
    return sum((a * (c + d) - c * (a + b)) / m for (a, b, c, d), m in zip(rows, n, strict=True)) / sum(
        (a + b) * (c + d) / m for (a, b, c, d), m in zip(rows, n, strict=True)
    )


@pytest.mark.parametrize("measure", TWO_BY_TWO)
@fewer
@given(drawn=tables)
def test_estimate_by_hand(measure, drawn):
    """The estimates are the ratios of sums, computed in fractions."""
    found = mantel_haenszel(measure, **counts(drawn)).estimate
    exact = by_hand(measure, drawn)

    assert found == pytest.approx(float(exact) if measure == "RD" else math.log(exact), rel=1e-12, abs=1e-14)


@pytest.mark.parametrize("measure", TWO_BY_TWO)
@fewer
@given(drawn=sparse_tables)
def test_swapping_the_groups_changes_the_sign(measure, drawn):
    """log OR, log RR and RD of exchanged groups have the other sign, and the same standard error."""
    one, other = (mantel_haenszel(measure, **given) for given in (counts(drawn), swapped(counts(drawn))))

    if one.estimate is None:
        assert other.estimate is None
    else:
        assert other.estimate == pytest.approx(-one.estimate, rel=1e-10, abs=1e-14)
        assert other.se == pytest.approx(one.se, rel=1e-7, abs=1e-9)


@pytest.mark.parametrize("measure", TWO_BY_TWO)
@fewer
@given(drawn=sparse_tables)
def test_nothing_is_nan(measure, drawn):
    """Whatever the zeros, each field is a number or None with a reason."""
    plain = mantel_haenszel(measure, **counts(drawn)).to_dict()

    assert json.loads(json.dumps(plain, allow_nan=False)) == plain
    reasons = {note["field"] for note in plain["notes"]}
    assert {name for name in ("estimate", "se", "p_value", "ci_low", "q", "i2") if plain[name] is None} <= reasons


@pytest.mark.parametrize("measure", TWO_BY_TWO)
@fewer
@given(drawn=table)
def test_one_table_is_its_own_effect(measure, drawn):
    """Of one table the estimate is the study's, and so is the standard error of a ratio."""
    fit, own = (call(measure, **counts([drawn])) for call in (mantel_haenszel, escalc))

    assert fit.estimate == pytest.approx(own.yi[0], rel=1e-10, abs=1e-14)
    assert measure == "RD" or fit.se == pytest.approx(math.sqrt(own.vi[0]), rel=1e-10)
    assert (fit.q, fit.reason("q")) == (None, "fewer than two studies have an effect of their own")


@pytest.mark.parametrize("measure", [*TWO_BY_TWO, *PERSON_TIME])
def test_the_order_of_studies_changes_nothing(measure):
    """Rows from last to first give the same fit."""
    inputs = BLOCKS["egger2001_mh_peto" if measure in TWO_BY_TWO else "hart1999_mh_rates"]["inputs"]
    one = mantel_haenszel(measure, **inputs)
    other = mantel_haenszel(measure, **{name: column[::-1] for name, column in inputs.items()})

    given = [name for name in ("estimate", "se", "q", "mantel_haenszel", "tarone") if getattr(one, name) is not None]
    assert len(given) == {"OR": 5, "IRR": 4}.get(measure, 3)
    for name in given:
        assert getattr(other, name) == pytest.approx(getattr(one, name), rel=1e-11)


@given(drawn=tables)
@fewer
def test_studies_without_events_say_nothing_about_ratios(drawn):
    """Double zeros change neither OR nor RR nor the tests, and pull RD to 0."""
    plain, more = counts(drawn), counts([*drawn, (0, 30, 0, 30)])
    for measure in ("OR", "RR"):
        one, other = mantel_haenszel(measure, **plain), mantel_haenszel(measure, **more)
        assert (other.estimate, other.se, other.tarone) == pytest.approx((one.estimate, one.se, one.tarone))
        assert other.k == one.k + 1

    assert abs(mantel_haenszel("RD", **more).estimate) <= abs(mantel_haenszel("RD", **plain).estimate)


@pytest.mark.parametrize("measure", PERSON_TIME)
@fewer
@given(drawn=RATES, power=st.integers(-9, 9))
def test_the_unit_of_time(measure, drawn, power):
    """Another unit of person-time changes the unit of a difference of rates, and nothing of a ratio."""
    x1, t1, x2, t2 = np.array(drawn, dtype=float).T
    scale = 10.0**power
    one = mantel_haenszel(measure, x1i=x1, t1i=t1, x2i=x2, t2i=t2)
    other = mantel_haenszel(measure, x1i=x1, t1i=t1 * scale, x2i=x2, t2i=t2 * scale)
    factor = scale if measure == "IRD" else 1.0

    assert other.se * factor == pytest.approx(one.se, rel=1e-10)
    assert other.estimate * factor == pytest.approx(one.estimate, rel=1e-9, abs=1e-12 * one.se)


@fewer
@given(drawn=RATES)
def test_rates_of_exchanged_groups(drawn):
    """log IRR and IRD of exchanged groups have the other sign."""
    x1, t1, x2, t2 = np.array(drawn, dtype=float).T
    for measure in PERSON_TIME:
        one = mantel_haenszel(measure, x1i=x1, t1i=t1, x2i=x2, t2i=t2)
        other = mantel_haenszel(measure, x1i=x2, t1i=t2, x2i=x1, t2i=t1)
        assert other.estimate == pytest.approx(-one.estimate, rel=1e-9, abs=1e-12 * one.se)
        assert other.se == pytest.approx(one.se, rel=1e-10)


@pytest.mark.parametrize("power", range(-12, 13, 3))
@fewer
@given(drawn=table)
def test_expected_tables_have_the_margins_and_the_odds_ratio(power, drawn):
    """A D = r B C, however far from 1 the odds ratio r is, to 1e-12 of the terms."""
    margins = tuple(np.array([x], dtype=float) for x in (sum(drawn), drawn[0] + drawn[1], drawn[0] + drawn[2]))
    cell = Fraction(float(from_odds_ratio(np.array([10.0**power]), margins)[0]))
    others = Fraction(drawn[0] + drawn[1]) - cell, Fraction(drawn[0] + drawn[2]) - cell

    assert 0 < cell < min(drawn[0] + drawn[1], drawn[0] + drawn[2]) + Fraction(1, 10**9)
    last = Fraction(drawn[3] - drawn[0]) + cell
    residual = cell * last - Fraction(10) ** power * others[0] * others[1]
    assert abs(float(residual)) <= 1e-12 * float(cell * abs(last) + 10 ** max(power, 0) * sum(drawn) ** 2)


def test_equal_odds_ratios_have_no_heterogeneity():
    """Tables that are multiples of one another: Breslow and Day's statistic is 0, and Tarone's too."""
    fit = mantel_haenszel("OR", ai=[4, 8, 40], bi=[6, 12, 60], ci=[3, 6, 30], di=[9, 18, 90])

    assert fit.estimate == pytest.approx(math.log(2))
    assert (fit.breslow_day, fit.tarone, fit.q) == pytest.approx((0, 0, 0), abs=1e-20)


def test_no_events_in_one_group():
    """There is no ratio, and the fields say why; the difference and the test of no association remain."""
    given = {"ai": [0, 0], "n1i": [20, 30], "ci": [2, 3], "n2i": [20, 30]}
    ratio, difference = mantel_haenszel("OR", **given), mantel_haenszel("RD", **given)

    assert (ratio.estimate, ratio.se, ratio.q, ratio.tarone) == (None,) * 4
    assert ratio.reason("estimate") == "one of the groups has no (or nothing but) events"
    assert ratio.reason("tarone") == ratio.reason("ci_low") == "there is no estimate"
    assert ratio.mantel_haenszel > 0
    assert difference.estimate == pytest.approx(-0.1)


def test_no_events_at_all():
    """The difference is 0 without a standard error; no ratio and no test."""
    given = {"ai": [0, 0], "n1i": [20, 30], "ci": [0, 0], "n2i": [20, 30]}
    ratio, difference = mantel_haenszel("OR", **given), mantel_haenszel("RD", **given)

    assert (difference.estimate, difference.se, difference.p_value) == (0, 0, None)
    assert difference.reason("p_value") == "the standard error is 0"
    assert (ratio.mantel_haenszel, ratio.k_informative) == (None, 0)
    assert ratio.reason("cochran") == "no table has both events and non-events, or both groups"


def test_no_events_in_any_person_time():
    """No ratio of rates and no test; the difference is 0 without a standard error."""
    given = {"x1i": [0, 0], "t1i": [10, 20], "x2i": [0, 0], "t2i": [10, 30]}
    ratio, difference = mantel_haenszel("IRR", **given), mantel_haenszel("IRD", **given)

    assert (ratio.estimate, ratio.mantel_haenszel, difference.estimate, difference.se) == (None, None, 0, 0)
    assert ratio.reason("mantel_haenszel") == "there are no events"


def test_nothing_left_to_pool():
    """Where double zeros are left out of the pooled tables too, a note says that none is left."""
    fit = mantel_haenszel("RD", ai=[0], n1i=[20], ci=[0], n2i=[20], drop00_pooled=True)

    assert (fit.k, fit.estimate, fit.reason("se")) == (0, None, "no table is left to pool")
    assert "row 1: no events, or nothing but events, in both groups; left out" in fit.reason("estimate")


def test_an_effect_without_variance_is_left_out_of_q():
    """A difference of 0 from no events at all has no weight of its own, and a note says so; it is pooled."""
    given = {"ai": [0, 2, 4], "n1i": [9, 9, 9], "ci": [0, 3, 1], "n2i": [9, 9, 9]}
    fit = mantel_haenszel("RD", **given, add=0, drop00=False)

    assert (fit.k, fit.k_effects, fit.q_df) == (3, 2, 1)
    assert fit.reason("q") == "row 1: an effect without variance; left out"


def test_a_correction_that_adds_is_noted():
    """As metafor, the continuity correction is taken off an excess below 1/4 too, and then a note says what it does."""
    given = {"ai": [5], "n1i": [10], "ci": [5], "n2i": [10]}
    corrected, plain = (mantel_haenszel("OR", **given, correct=correct) for correct in (True, False))

    assert corrected.mantel_haenszel > plain.mantel_haenszel == 0
    assert "makes the statistic larger" in corrected.reason("mantel_haenszel")
    assert plain.reason("mantel_haenszel") == ""


@pytest.mark.parametrize("add", [0.0, 0.5])
@pytest.mark.parametrize("measure", TWO_BY_TWO)
def test_the_estimate_alone(measure, add):
    """What DLMH takes is the estimate of the whole fit with the same correction of zeros."""
    inputs = BLOCKS["zero_cells_a_mh_peto"]["inputs"]
    columns = [inputs[name] for name in ("ai", "n1i", "ci", "n2i")]

    whole = mantel_haenszel(measure, **inputs, add_pooled=add).estimate
    assert mantel_haenszel_estimate(measure, *columns, add=add) == pytest.approx(whole, rel=1e-12)


def test_summary():
    """Estimate, heterogeneity and tests on a line each."""
    assert mantel_haenszel("OR", **BLOCKS["bcg_mh_peto"]["inputs"]).summary() == (
        "k = 13: -0.4734 [-0.5538, -0.3930], p <0.001, OR (MH, z, 95 %)\n"
        "Q 163.9426 on 12 df, p <0.001, I^2 92.7 %\n"
        "Cochran 135.7087, p <0.001; Mantel-Haenszel 135.6889, p <0.001; Tarone 171.7567, p <0.001\n"
    )


WRONG = {
    "no Mantel-Haenszel estimate of 'SMD'": ("SMD", {}),
    "OR takes no 'x1i'": ("OR", {"x1i": [1]}),
    "OR needs ai, ci, and bi, di or n1i, n2i; there is no di or n2i": ("OR", {"ai": [1], "n1i": [2], "ci": [1]}),
    "IRR needs x1i, t1i, x2i, t2i; there is no t2i": ("IRR", {"x1i": [1], "t1i": [2], "x2i": [1]}),
    "more events than people, or counts below 0, in the first group: row 2": (
        "RR",
        {"ai": [1, 3], "n1i": [2, 2], "ci": [1, 1], "n2i": [2, 2]},
    ),
    "ai must not exceed 1e.60: row 1": ("OR", {"ai": [1e70], "n1i": [2e70], "ci": [1], "n2i": [2]}),
    "person-time must be greater than 0: row 1": ("IRD", {"x1i": [1], "t1i": [0], "x2i": [1], "t2i": [1]}),
    "person-time must not be below 1e-60; change its unit: row 1": (
        "IRD",
        {"x1i": [1], "t1i": [1e-61], "x2i": [1], "t2i": [1]},
    ),
    "no study with all its counts": ("OR", {"ai": [None], "n1i": [2], "ci": [1], "n2i": [2]}),
    "level must be between 0 and 1": ("OR", {"level": 95}),
    "to must be one of": ("OR", {"ai": [1], "n1i": [2], "ci": [1], "n2i": [2], "to_pooled": "some"}),
}


@pytest.mark.parametrize("message", WRONG)
def test_refused(message):
    """Each bad input has one error that says what is wrong and where."""
    measure, given = WRONG[message]

    with pytest.raises(InvalidArgument, match=message):
        mantel_haenszel(measure, **given)
