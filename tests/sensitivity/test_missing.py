"""Missing binary outcomes."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis.effects import escalc
from synthesis.errors import InvalidArgument
from synthesis.pooling import pool
from synthesis.sensitivity.missing_evidence.imputed_risks import MISSING_OUTCOMES
from synthesis.sensitivity.missing_evidence.outcomes import MEASURES, missing_outcome_bounds, missing_outcomes
from tests.sensitivity.fooling import HALOPERIDOL

A, B, M1, C, D, M2 = HALOPERIDOL.T
JOY = {"ai": A, "n1i": A + B, "m1i": M1, "ci": C, "n2i": C + D, "m2i": M2}
WITHOUT_ZERO = [0, 1, 2, 4, 5, 6, 7, 8, 11, 12, 15]  # trials that have all four kinds of people among those observed
PRINTED = """1.47 0.93 2.32, 0.93 0.77 1.12, 4.48 1.42 14.16, 3.49 1.11 10.95, 8.68 1.26 59.95, 1.60 0.60 4.25,
2.04 0.67 6.21, 1.31 0.75 2.28, 3.79 1.06 13.60, 1.12 0.95 1.32, 11.00 1.67 72.40"""
COMPLETED = {"ICA-0": (0, 0), "ICA-1": (1, 1), "ICA-b": (1, 0), "ICA-w": (0, 1)}  # share of the missing with the event
counts = st.tuples(st.integers(1, 9), st.integers(1, 9), st.integers(0, 9))  # with the event, without it, missing


def test_the_haloperidol_trials():
    """The risk ratios under ICA-1 as the R package metasens prints them for the trials without a zero.

    From a public rerun (metasens 0.5-0) of the commands of Balduzzi S, Rucker G, Schwarzer G (2019). How to perform a
    meta-analysis with R: a practical tutorial. Evidence-Based Mental Health 22(4), 153-160; the paper was not read.
    An odds ratio of 20,000 gives that upper bound of 14.16 for Bechelli; infinity gives 14.15.
    """
    found = missing_outcomes("RR", "IMOR", imor=(2e4, 2e4), **JOY)
    reach = 1.959964 * np.sqrt(found.vi)
    shown = np.exp(np.column_stack([found.yi, found.yi - reach, found.yi + reach]))[WITHOUT_ZERO]

    assert shown.round(2).ravel().tolist() == [float(one) for one in PRINTED.replace(",", " ").split()]
    whole = missing_outcomes("RR", "ICA-1", **JOY)
    assert whole.yi[WITHOUT_ZERO] == pytest.approx(found.yi[WITHOUT_ZERO], rel=1e-3, abs=1e-3)


@pytest.mark.parametrize("strategy", COMPLETED)
@pytest.mark.parametrize("measure", MEASURES)
def test_people_who_all_or_none_had_the_event_complete_the_table(measure, strategy):
    """Effects and variances of four strategies are those of the completed tables, zeros treated alike."""
    first, second = COMPLETED[strategy]
    whole = escalc(
        measure, ai=A + first * M1, n1i=A + B + M1, ci=C + second * M2, n2i=C + D + M2, drop00=measure != "RD"
    )  # fmt: skip
    found = missing_outcomes(measure, strategy, beneficial=True, **JOY)

    assert found.yi == pytest.approx(whole.yi, rel=1e-12, nan_ok=True)
    assert found.vi == pytest.approx(whole.vi, rel=1e-12, nan_ok=True)


@pytest.mark.parametrize("measure", MEASURES)
def test_own_risks_are_available_cases(measure):
    """ICA-p has effects and variances of the people observed: what is imputed from them adds nothing."""
    observed = escalc(measure, ai=A, n1i=A + B, ci=C, n2i=C + D)
    for strategy in ("ACA", "ICA-p"):
        found = missing_outcomes(measure, strategy, **JOY)
        assert (found.yi, found.vi) == (pytest.approx(observed.yi), pytest.approx(observed.vi))


def risk(p, share, imor):
    """The completed risk of a group."""
    return share * p + (1 - share) * imor * p / (1 - p + imor * p)


@pytest.mark.parametrize("imor", [0.2, 1.0, 3.0])
def test_the_variance_is_that_of_the_delta_method(imor):
    """By numerical derivatives of the completed log odds in the risk and in the share observed."""
    one = {"ai": 12, "n1i": 30, "m1i": 10, "ci": 9, "n2i": 28, "m2i": 0}
    found = missing_outcomes("OR", "IMOR", imor=(imor, 1.0), **one)
    p, share, h = 12 / 30, 0.75, 1e-6

    def log_odds(p_, share_):
        return np.log(risk(p_, share_, imor) / (1 - risk(p_, share_, imor)))

    by_p = (log_odds(p + h, share) - log_odds(p - h, share)) / (2 * h)
    by_share = (log_odds(p, share + h) - log_odds(p, share - h)) / (2 * h)
    first = by_p**2 * p * (1 - p) / 30 + by_share**2 * share * (1 - share) / 40

    assert found.vi[0] == pytest.approx(first + 1 / 9 + 1 / 19, rel=1e-7)
    assert found.yi[0] == pytest.approx(log_odds(p, share) - np.log(9 / 19), rel=1e-9)


def test_the_risk_of_the_other_group():
    """ICA-pc gives the missing of the first group the second one's risk, ICA-pe the other way round."""
    one = {"ai": 12, "n1i": 30, "m1i": 10, "ci": 9, "n2i": 28, "m2i": 8}
    pc, pe = (missing_outcomes("RD", name, **one).yi[0] for name in ("ICA-pc", "ICA-pe"))

    assert pc == pytest.approx((12 + 10 * 9 / 28) / 40 - 9 / 28)
    assert pe == pytest.approx(12 / 30 - (9 + 8 * 12 / 30) / 36)


@given(first=counts, second=counts)
def test_best_and_worst_case_bound_every_other(first, second):
    """No assumption gives an effect outside those two, which change places where the event is a harm."""
    (a, b, m1), (c, d, m2) = first, second
    one = {"ai": a, "n1i": a + b, "m1i": m1, "ci": c, "n2i": c + d, "m2i": m2}
    found = {name: missing_outcomes("RD", name, beneficial=True, **one).yi[0] for name in MISSING_OUTCOMES}
    turned = missing_outcomes("RD", "ICA-b", beneficial=False, **one).yi[0]

    assert turned == found["ICA-w"]
    assert found["ICA-w"] - 1e-12 <= min(found.values())
    assert max(found.values()) <= found["ICA-b"] + 1e-12


def test_gamble_and_hollis_hold_the_intervals_of_both_extremes():
    """The width is from the lowest to the highest bound; without missing people it is that of the available cases."""
    found = missing_outcomes("OR", "GH", **JOY)
    cases = [missing_outcomes("OR", name, **JOY) for name in ("ACA", "ICA-b", "ICA-w")]
    low, high = (
        np.nanmin([sign * one.yi - 1.959963984540054 * np.sqrt(one.vi) for one in cases], axis=0) * sign
        for sign in (1, -1)
    )
    full = (M1 + M2) == 0

    assert 2 * 1.959963984540054 * np.sqrt(found.vi) == pytest.approx(high - low)
    assert (found.yi[full], found.vi[full]) == (pytest.approx(cases[0].yi[full]), pytest.approx(cases[0].vi[full]))
    assert (found.vi >= cases[0].vi * (1 - 1e-12)).all()


def test_many_meta_analyses_at_once():
    """Arrays of more axes give what each row gives."""
    both = {name: np.stack([column, column[::-1]]) for name, column in JOY.items()}
    found = missing_outcomes("OR", "ICA-b", **both)

    assert found.yi.shape == (2, 17)
    assert found.yi[1] == pytest.approx(missing_outcomes("OR", "ICA-b", **JOY).yi[::-1])


def test_the_pools_side_by_side():
    """Each strategy's pool is `pool` of its effects; the bounds are the extremes; nothing changes the conclusion."""
    found = missing_outcome_bounds("RR", beneficial=True, method="PM", test="z", **JOY)
    effects = missing_outcomes("RR", "ICA-1", **JOY)
    own = dict(zip(found.strategies, found.pools, strict=True))

    assert own["ICA-1"] == pool(effects.yi, effects.vi, method="PM", test="z")
    assert found.bounds == (own["ICA-w"].estimate, own["ICA-b"].estimate)
    assert found.changes == ()
    assert found.missing_share == (
        pytest.approx(M1.sum() / (A + B + M1).sum()),
        pytest.approx(M2.sum() / (C + D + M2).sum()),
    )


def test_a_conclusion_that_hangs_on_the_missing():
    """Half of the people missing: the best and the worst case contradict each other, and the verdict names them."""
    found = missing_outcome_bounds(
        "OR", method="EE", test="z", beneficial=True, ai=[30, 25], n1i=[50, 45], m1i=[50, 45],
        ci=[10, 12], n2i=[50, 48], m2i=[50, 40],
    )  # fmt: skip

    assert found.pools[0].ci_low > 0
    assert set(found.changes) == {"ICA-w", "GH"}
    assert "hangs on the missing" in found.verdict.names
    assert "conclusion changes under: " in found.summary()
    assert json.loads(json.dumps(found.to_dict(), allow_nan=False))["changes"] == list(found.changes)


def test_studies_without_an_event_in_either_group():
    """Left out of OR and RR with the reason, kept in RD."""
    one = {"ai": [0, 3], "n1i": [9, 9], "m1i": [0, 1], "ci": [0, 5], "n2i": [8, 9], "m2i": [0, 2]}

    assert missing_outcomes("OR", "ACA", **one).notes[0].reason == "no events in either group"
    assert np.isnan(missing_outcomes("RR", "ACA", **one).yi[0])
    assert missing_outcomes("RD", "ACA", **one).usable.all()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"measure": "HR"}, "no measure with missing outcomes 'HR'"),
        ({"strategy": "ICA-x"}, "no strategy for missing outcomes 'ICA-x'"),
        ({"strategy": "IMOR"}, "strategy IMOR needs imor"),
        ({"strategy": "IMOR", "imor": (-1, 2)}, "two numbers not below 0"),
        ({"ai": [4]}, "ai must not exceed n1i: there are more events than people: row 1"),
        ({"m1i": [-1]}, "m1i must be a number not below 0: row 1"),
    ],
)
def test_what_is_refused(options, message):
    """One error that says what is wrong and what to do."""
    given_ = {"ai": [1], "n1i": [3], "m1i": [1], "ci": [1], "n2i": [3], "m2i": [0]} | options
    with pytest.raises(InvalidArgument, match=message):
        missing_outcomes(given_.pop("measure", "OR"), **given_)


def test_columns_that_are_absent():
    """The needed columns are named; and no strategy at all is refused."""
    with pytest.raises(InvalidArgument, match="need the columns ai, n1i, ci, n2i, m1i, m2i, not ai, ci"):
        missing_outcomes("OR", ai=[1], ci=[1])
    with pytest.raises(InvalidArgument, match="no strategy to compare"):
        missing_outcome_bounds("OR", strategies=(), **JOY)


@pytest.mark.parametrize("events", [0, 20])
def test_the_other_risk_is_lent_to_a_group_with_no_event_or_only_events(events):
    """ICA-pc gives ten people missing of the first group five of twenty, ICA-pe the other way round."""
    pc = missing_outcomes("RD", "ICA-pc", ai=[events], n1i=[20], m1i=[10], ci=[5], n2i=[20], m2i=[0])
    pe = missing_outcomes("RD", "ICA-pe", ai=[5], n1i=[20], m1i=[0], ci=[events], n2i=[20], m2i=[10])

    assert pc.yi[0] == pytest.approx((events + 2.5) / 30 - 0.25, rel=1e-12)
    assert pe.yi[0] == pytest.approx(0.25 - (events + 2.5) / 30, rel=1e-12)


@pytest.mark.parametrize("measure", MEASURES)
def test_the_variance_of_a_lent_risk(measure):
    """ICA-pc by numerical derivatives of the effect in both risks and in the share observed."""
    found = missing_outcomes(measure, "ICA-pc", ai=[12], n1i=[30], m1i=[10], ci=[9], n2i=[28], m2i=[8])
    at, h = np.array([12 / 30, 9 / 28, 30 / 40]), 1e-6
    variances = at * (1 - at) / [30, 28, 40]

    def effect(p1, p2, a):
        risks = np.array([a * p1 + (1 - a) * p2, p2])
        one, other = {"RD": risks, "RR": np.log(risks), "OR": np.log(risks / (1 - risks))}[measure]
        return one - other

    slopes = np.array([(effect(*(at + step)) - effect(*(at - step))) / (2 * h) for step in h * np.eye(3)])
    assert found.vi[0] == pytest.approx(np.sum(slopes**2 * variances), rel=1e-7)


def test_a_lent_risk_of_0_does_not_count_as_known():
    """Its variance is that of 1/2 in 21 people: RD under ICA-pc is a (p1 - p2), a = 2/3 the share observed."""
    found = missing_outcomes("RD", "ICA-pc", ai=[0], n1i=[20], ci=[5], n2i=[20], m1i=[10], m2i=[0])
    of_risks = (0.5 / 21) * (20.5 / 21) / 21 + 0.25 * 0.75 / 20

    assert found.vi[0] == pytest.approx((2 / 3) ** 2 * of_risks + 0.25**2 * (2 / 9) / 30, rel=1e-12)


@pytest.mark.parametrize("level", ["x", None, 2.0, -0.5, 10**400])
@pytest.mark.parametrize("strategy", ["GH", "ICA-p"])
def test_a_level_is_between_0_and_1(strategy, level):
    """Whatever the strategy, and for the bounds."""
    for call in (lambda: missing_outcomes("OR", strategy, level=level, **JOY),
                 lambda: missing_outcome_bounds("OR", strategies=(strategy,), level=level, **JOY)):  # fmt: skip
        with pytest.raises(InvalidArgument, match="level must be between 0 and 1"):
            call()


@pytest.mark.parametrize(
    ("strategies", "message"),
    [
        (-1, "strategies must be names in a tuple"),
        ("ACA", "strategies must be names in a tuple"),
        (None, "strategies must be names in a tuple"),
        (("ACA", "ICA-b", "ACA"), "strategies names ACA twice"),
        (("ACA", ["ICA-b"]), "no strategy for missing outcomes"),
        (("ACA", "ICA-bb"), "did you mean 'ICA-b'"),
    ],
)
def test_strategies_are_names_each_once(strategies, message):
    """Text is not read letter by letter, and no strategy vanishes."""
    with pytest.raises(InvalidArgument, match=message):
        missing_outcome_bounds("OR", strategies=strategies, **JOY)


def test_whole_numbers_beyond_all_floats_are_refused():
    """As odds ratios, and as counts."""
    for beyond in (10**400, -(10**400), 1e-320, float("nan")):
        with pytest.raises(InvalidArgument, match="two numbers not below 0"):
            missing_outcomes("OR", "IMOR", imor=(beyond, 1), **JOY)
    with pytest.raises(InvalidArgument, match="ai is too large"):
        missing_outcomes("OR", **{**JOY, "ai": [10**400]})
